//! `export readonly unset local declare`.

use crate::shell::interpreter::state::Value;
use crate::shell::interpreter::trace::listed;
use crate::shell::interpreter::{Flow, Shell, Status};
use crate::shell::language::{Dialect, is_name};

/// `name=value` or `name`, if the name is one.
pub(super) fn taken_apart<'a>(
    shell: &mut Shell<'_, '_>,
    builtin: &str,
    word: &'a str,
) -> Result<Option<(&'a str, Option<&'a str>)>, Flow> {
    let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
    let plain = name.strip_suffix('+').unwrap_or(name);
    let plain = match plain.split_once('[') {
        Some((plain, _)) if shell.state.dialect == Dialect::Bash && name.contains(']') => plain,
        _ => plain,
    };
    if is_name(plain) {
        return Ok(Some((name, value)));
    }
    match shell.state.dialect {
        Dialect::Bash => {
            shell.error(Some(builtin), &format!("`{word}': not a valid identifier"))?;
            Ok(None)
        }
        _ => {
            shell.error(Some(builtin), &format!("{name}: bad variable name"))?;
            Err(Flow::Error(2))
        }
    }
}

pub(super) fn store(shell: &mut Shell<'_, '_>, name: &str, value: Option<&str>) -> Result<(), Flow> {
    if let (Some(value), true) = (value, shell.state.options.xtrace && shell.state.dialect == Dialect::Bash)
        && matches!(shell.state.context.as_deref(), Some("export" | "readonly"))
    {
        shell.trace(&[(name.to_owned(), value.to_owned())], &[])?;
    }
    match (value, name.strip_suffix('+')) {
        (Some(value), Some(name)) => shell.append(name, value),
        (Some(value), None) => shell.assign(name, value.to_owned()),
        (None, _) => Ok(()),
    }
}

/// `export`
pub(super) fn export(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let (mut status, mut on) = (0, true);
    let mut named = false;
    for word in &words[1..] {
        match word.as_str() {
            "-p" | "--" | "-f" => continue,
            "-n" if shell.state.dialect == Dialect::Dash => {
                shell.error(Some("export"), "Illegal option -n")?;
                return Err(Flow::Error(2));
            }
            "-n" => {
                on = false;
                continue;
            }
            _ => {}
        }
        named = true;
        let Some((name, value)) = taken_apart(shell, "export", word)? else {
            status = 1;
            continue;
        };
        store(shell, name, value)?;
        shell.state.variable(name.strip_suffix('+').unwrap_or(name)).exported = on;
    }
    if !named {
        let prefix = if shell.state.dialect == Dialect::Bash { "declare -x" } else { "export" };
        for (name, variable) in shell.state.variables.clone() {
            if let (true, Some(Value::Text(value))) = (variable.exported, variable.value) {
                let value = if prefix == "export" {
                    listed(&value, shell.state.dialect)
                } else {
                    format!("\"{value}\"")
                };
                shell.process.output(&format!("{prefix} {name}={value}\n"))?;
            }
        }
    }
    Ok(status)
}

/// `readonly`
pub(super) fn readonly(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let bash = shell.state.dialect == Dialect::Bash;
    if words[1..].iter().all(|word| word == "-p") {
        for (name, variable) in shell.state.variables.clone() {
            if let (true, Some(Value::Text(value))) = (variable.read_only, variable.value) {
                let line = match bash {
                    true => format!("declare -r {name}=\"{value}\"\n"),
                    false => format!("readonly {name}={}\n", listed(&value, shell.state.dialect)),
                };
                shell.process.output(&line)?;
            }
        }
    }
    for word in words[1..].iter().filter(|word| !matches!(word.as_str(), "-p" | "--")) {
        if let Some((name, value)) = taken_apart(shell, "readonly", word)? {
            store(shell, name, value)?;
            shell.state.variable(name).read_only = true;
        }
    }
    Ok(0)
}

/// `unset`
pub(super) fn unset(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let functions = words.iter().any(|word| word == "-f");
    let mut status = 0;
    for word in words[1..].iter().filter(|word| !matches!(word.as_str(), "-f" | "-v" | "--")) {
        if functions {
            shell.state.functions.remove(word);
            continue;
        }
        if let Some((name, index)) = word.strip_suffix(']').and_then(|word| word.split_once('[')) {
            match &mut shell.state.variable(name).value {
                Some(Value::Array(elements)) => {
                    index.parse::<i64>().ok().and_then(|index| elements.remove(&index));
                }
                Some(Value::Map(elements)) => {
                    elements.remove(index);
                }
                _ => {}
            }
            continue;
        }
        if !is_name(word.split('=').next().unwrap_or("")) {
            if shell.state.dialect == Dialect::Bash {
                // Without `-v` it may be the name of a function.
                if words.iter().any(|word| word == "-v") {
                    shell.error(Some("unset"), &format!("`{word}': not a valid identifier"))?;
                    status = 1;
                }
                continue;
            }
            shell.error(Some("unset"), &format!("{word}: bad variable name"))?;
            return Err(Flow::Error(2));
        }
        if shell.state.variables.get(word).is_some_and(|variable| variable.read_only) {
            let message = match shell.state.dialect {
                Dialect::Bash => format!("{word}: cannot unset: readonly variable"),
                _ => format!("{word}: is read only"),
            };
            shell.error(Some("unset"), &message)?;
            return if shell.state.dialect == Dialect::Bash { Ok(1) } else { Err(Flow::Error(2)) };
        }
        let removed = shell.state.variables.remove(word);
        if removed.is_none() && shell.state.dialect == Dialect::Bash {
            shell.state.functions.remove(word);
        }
    }
    Ok(status)
}

/// Remembers the value that a variable has outside of the function.
pub(super) fn save_local(shell: &mut Shell<'_, '_>, name: &str) {
    let old = shell.state.variables.get(name).cloned();
    if let Some(locals) = shell.state.locals.last_mut()
        && !locals.iter().any(|(saved, _)| saved == name)
    {
        locals.push((name.to_owned(), old));
    }
}

/// `local`
pub(super) fn local(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    if shell.state.locals.is_empty() {
        if shell.state.dialect != Dialect::Bash {
            shell.error(Some("local"), "not in a function")?;
            return Err(Flow::Error(2));
        }
        shell.error(Some("local"), "can only be used in a function")?;
        return Ok(1);
    }
    super::declare::declare(shell, words)
}

//! `export readonly unset local declare`.

use crate::shell::interpreter::state::Value;
use crate::shell::interpreter::trace::single_quoted;
use crate::shell::interpreter::{Flow, Shell, Status};
use crate::shell::language::{Dialect, is_name};
use std::collections::BTreeMap;

/// `name=value` or `name`, if the name is one.
fn taken_apart<'a>(
    shell: &mut Shell<'_, '_>,
    builtin: &str,
    word: &'a str,
) -> Result<Option<(&'a str, Option<&'a str>)>, Flow> {
    let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
    if is_name(name.strip_suffix('+').unwrap_or(name)) {
        return Ok(Some((name, value)));
    }
    match shell.state.dialect {
        Dialect::Bash => {
            shell.error(Some(builtin), &format!("`{word}': not a valid identifier"))?;
            Ok(None)
        }
        _ => {
            shell.error(Some(builtin), &format!("{name}: bad variable name"))?;
            Err(Flow::Exit(2))
        }
    }
}

fn store(shell: &mut Shell<'_, '_>, name: &str, value: Option<&str>) -> Result<(), Flow> {
    match (value, name.strip_suffix('+')) {
        (Some(value), Some(name)) => {
            let joined = shell.state.get(name).unwrap_or("").to_owned() + value;
            shell.assign(name, joined)
        }
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
                let value = if prefix == "export" { single_quoted(&value) } else { format!("\"{value}\"") };
                shell.process.output(&format!("{prefix} {name}={value}\n"))?;
            }
        }
    }
    Ok(status)
}

/// `readonly`
pub(super) fn readonly(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
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
        if !is_name(word) {
            if shell.state.dialect == Dialect::Bash {
                continue;
            }
            shell.error(Some("unset"), &format!("{word}: bad variable name"))?;
            return Err(Flow::Exit(2));
        }
        if shell.state.variables.get(word).is_some_and(|variable| variable.read_only) {
            let message = match shell.state.dialect {
                Dialect::Bash => format!("{word}: cannot unset: readonly variable"),
                _ => format!("{word}: is read only"),
            };
            shell.error(Some("unset"), &message)?;
            return if shell.state.dialect == Dialect::Bash { Ok(1) } else { Err(Flow::Exit(2)) };
        }
        let removed = shell.state.variables.remove(word);
        if removed.is_none() && shell.state.dialect == Dialect::Bash {
            shell.state.functions.remove(word);
        }
    }
    Ok(0)
}

/// Remembers the value that a variable has outside of the function.
fn save_local(shell: &mut Shell<'_, '_>, name: &str) {
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
        let message = match shell.state.dialect {
            Dialect::Bash => "can only be used in a function",
            _ => "not in a function",
        };
        shell.error(Some("local"), message)?;
        return if shell.state.dialect == Dialect::Bash { Ok(1) } else { Err(Flow::Exit(2)) };
    }
    declare(shell, words)
}

/// `declare`, `typeset`, and `local` within a function
pub(super) fn declare(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let mut flags = String::new();
    for word in &words[1..] {
        if word.len() > 1 && word.starts_with(['-', '+']) {
            flags.push_str(&word[1..]);
            continue;
        }
        let Some((name, value)) = taken_apart(shell, &words[0], word)? else { continue };
        let plain = name.strip_suffix('+').unwrap_or(name);
        if !shell.state.locals.is_empty() && !flags.contains('g') {
            save_local(shell, plain);
            // bash's are unset at first; ash's and dash's keep the value from outside.
            if shell.state.dialect == Dialect::Bash && value.is_none() {
                shell.state.variables.remove(plain);
            }
        }
        if flags.contains('A') {
            shell.state.variable(plain).value = Some(Value::Map(BTreeMap::new()));
        } else if flags.contains('a') {
            shell.state.variable(plain).value = Some(Value::Array(BTreeMap::new()));
        }
        match value {
            Some(text)
                if text.starts_with('(') && text.ends_with(')') && shell.state.dialect == Dialect::Bash =>
            {
                let script = format!("{name}={text}");
                shell.eval_text(&script)?;
            }
            _ => store(shell, name, value)?,
        }
        let variable = shell.state.variable(plain);
        variable.exported |= flags.contains('x');
        variable.read_only |= flags.contains('r');
    }
    Ok(0)
}

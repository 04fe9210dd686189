//! `env` and `printenv`: the environment, and a command in another one.

use super::options;
use super::support::fail;
use crate::shell::{Interrupt, Outcome, Process};

/// Prints the environment, or runs a command in a changed one.
pub(super) fn env(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("ignore-environment", 'i'),
        ("unset", 'u'),
        ("null", '0'),
        ("chdir", 'C'),
        ("split-string", 'S'),
        ("debug", 'v'),
    ];
    if !process.is_busybox() {
        split_string(process)?;
    }
    let options = options::take_as(process, ("+iu:0", &long), ("+iu:0C:v", &long))?;
    let mut operands = options.operands.clone();
    if operands.first().is_some_and(|word| word == "-") {
        operands.remove(0);
        process.environment.clear();
    }
    if options.has('i') {
        process.environment.clear();
    }
    for name in options.values('u') {
        if (name.is_empty() || name.contains('=')) && !process.is_busybox() {
            return fail(process, 125, &format!("cannot unset ‘{name}’: Invalid argument"));
        }
        process.unset_env(name);
    }
    while let Some((name, value)) = operands.first().and_then(|word| word.split_once('=')) {
        process.set_env(name, value);
        operands.remove(0);
    }
    if let Some(directory) = options.value('C') {
        if operands.is_empty() {
            return options::misused(process, "must specify command with --chdir (-C)");
        }
        match process.stat(directory) {
            Ok(node) if node.is_directory() => {
                process.cwd = crate::vfs::path::clean(&process.resolve(directory))
            }
            Ok(_) => {
                return fail(
                    process,
                    125,
                    &format!("cannot change directory to ‘{directory}’: Not a directory"),
                );
            }
            Err(error) => {
                let reason = error.kind.message();
                return fail(process, 125, &format!("cannot change directory to ‘{directory}’: {reason}"));
            }
        }
    }
    if operands.is_empty() {
        return print(process, options.has('0'));
    }
    if options.has('0') && !process.is_busybox() {
        return options::misused(process, "cannot specify --null (-0) with command");
    }
    if options.has('v') {
        let mut text = format!("executing: {}\n", operands[0]);
        for (at, word) in operands.iter().enumerate() {
            text.push_str(&format!("   arg[{at}]= ‘{word}’\n"));
        }
        let text = process.quoted(&text);
        process.error_output(&text)?;
    }
    process.spawn_or_tell(&operands)
}

fn print(process: &mut Process<'_, '_>, null: bool) -> Outcome {
    let end = if null { '\0' } else { '\n' };
    for (name, value) in process.environment.clone() {
        process.output(&format!("{name}={value}{end}"))?;
    }
    Ok(0)
}

/// Puts the words of `-S TEXT` in its place.
fn split_string(process: &mut Process<'_, '_>) -> Result<(), Interrupt> {
    let Some(at) =
        process.arguments.iter().skip(1).take_while(|word| word.starts_with('-')).position(|word| {
            word.starts_with("-S")
                || word.starts_with("--split-string")
                || word.starts_with("-vS")
                || word.starts_with("-iS")
        })
    else {
        return Ok(());
    };
    let at = at + 1;
    let word = process.arguments[at].clone();
    let (flags, attached) = match word.split_once("--split-string") {
        Some((_, rest)) => ("", rest.strip_prefix('=').unwrap_or(rest)),
        None => word.split_once('S').unwrap_or(("", "")),
    };
    let (text, taken) = if attached.is_empty() {
        match process.arguments.get(at + 1) {
            Some(next) => (next.clone(), 2),
            None => return Ok(()),
        }
    } else {
        (attached.to_owned(), 1)
    };
    let mut words: Vec<String> = if flags.len() > 1 { vec![flags.to_owned()] } else { Vec::new() };
    words.extend(split(process, &text)?);
    process.arguments.splice(at..at + taken, words);
    Ok(())
}

/// Words as `env -S` takes a text apart: quotes, backslashes and `${NAME}`.
fn split(process: &mut Process<'_, '_>, text: &str) -> Result<Vec<String>, Interrupt> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' | '"' if quote.is_none() => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            c if quote == Some(c) => quote = None,
            '\\' if quote != Some('\'') => {
                let next = chars.next();
                word.get_or_insert_default().push(match next {
                    Some('n') => '\n',
                    Some('t') => '\t',
                    Some('_') => ' ',
                    Some(next) => next,
                    None => return fail(process, 125, "invalid backslash at end of string in -S"),
                });
            }
            '$' if quote != Some('\'') => {
                let rest = chars.as_str();
                let name = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(name, _)| name);
                let Some(name) = name else {
                    return fail(
                        process,
                        125,
                        &format!("only ${{VARNAME}} expansion is supported, error at: ${rest}"),
                    );
                };
                let value = process.env(name).unwrap_or("").to_owned();
                word.get_or_insert_default().push_str(&value);
                chars = rest[name.len() + 2..].chars();
            }
            c if c.is_whitespace() && quote.is_none() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    if quote.is_some() {
        return fail(process, 125, "no terminating quote in -S string");
    }
    words.extend(word);
    Ok(words)
}

/// Prints variables.
pub(super) fn printenv(process: &mut Process<'_, '_>) -> Outcome {
    let options = options::take_as(process, ("", &[]), ("+0", &[("null", '0')]))?;
    if options.operands.is_empty() {
        return print(process, options.has('0'));
    }
    let end = if options.has('0') { '\0' } else { '\n' };
    let mut code = 0;
    for name in &options.operands {
        match process.env(name).map(str::to_owned) {
            Some(value) => process.output(&format!("{value}{end}"))?,
            None => code = 1,
        }
    }
    Ok(code)
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn environments() {
        assert_eq!(sh("env -i A=1 B=2 env; A=1 env -u A printenv A; echo $?"), "A=1\nB=2\n1\n");
        assert_eq!(
            shown("dash", "env -S 'A=1 sh -c \"echo \\$A x\"'; env -C /d pwd; env -u A=1 env"),
            "1 x\n/d\n! env: cannot unset 'A=1': Invalid argument\n= 125\n"
        );
    }
}

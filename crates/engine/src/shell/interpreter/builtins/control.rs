//! `break continue return exit eval exec .`

use crate::shell::interpreter::run::short_reason;
use crate::shell::interpreter::{Flow, Shell, Status};
use crate::shell::language::Dialect;

fn levels(shell: &mut Shell<'_, '_>, words: &[String]) -> Result<u32, Flow> {
    let count = match words.get(1) {
        None => 1,
        Some(word) => match word.parse::<u32>() {
            Ok(count) if count > 0 => count,
            Ok(_) if shell.state.dialect == Dialect::Bash => {
                shell.error(Some(&words[0]), &format!("{word}: loop count out of range"))?;
                return Err(Flow::Break(shell.state.loops.max(1)));
            }
            _ => {
                shell.error(Some(&words[0]), &format!("Illegal number: {word}"))?;
                return Err(Flow::Error(2));
            }
        },
    };
    Ok(count.min(shell.state.loops))
}

/// `break`
pub(super) fn break_loop(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    match levels(shell, words)? {
        0 => outside(shell, "break"),
        levels => Err(Flow::Break(levels)),
    }
}

/// `continue`
pub(super) fn continue_loop(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    match levels(shell, words)? {
        0 => outside(shell, "continue"),
        levels => Err(Flow::Continue(levels)),
    }
}

/// No loop around.
fn outside(shell: &mut Shell<'_, '_>, builtin: &str) -> Status {
    if shell.state.dialect == Dialect::Bash {
        shell.error(Some(builtin), "only meaningful in a `for', `while', or `until' loop")?;
    }
    Ok(0)
}

fn status_argument(shell: &mut Shell<'_, '_>, words: &[String]) -> Result<i32, Flow> {
    let Some(word) = words.get(1) else { return Ok(shell.state.status) };
    match word.parse::<i32>() {
        Ok(status) if status >= 0 || shell.state.dialect == Dialect::Bash => Ok(status & 0xff),
        _ => {
            let message = match shell.state.dialect {
                Dialect::Bash => format!("{word}: numeric argument required"),
                _ => format!("Illegal number: {word}"),
            };
            shell.error(Some(&words[0]), &message)?;
            Err(if shell.state.dialect == Dialect::Bash { Flow::Exit(2) } else { Flow::Error(2) })
        }
    }
}

/// `return`
pub(super) fn return_from(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let status = status_argument(shell, words)?;
    if shell.state.dialect == Dialect::Bash && shell.state.locals.is_empty() && shell.state.sourced == 0 {
        shell.error(Some("return"), "can only `return' from a function or sourced script")?;
        return Ok(2);
    }
    Err(Flow::Return(status))
}

/// `exit`
pub(super) fn exit(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let status = status_argument(shell, words)?;
    shell.state.exits = true;
    Err(Flow::Exit(status))
}

/// `eval`
pub(super) fn eval(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let text = words[1..].join(" ");
    shell.process.machine.enter()?;
    let status = shell.eval_text(&text);
    shell.process.machine.leave();
    status
}

/// `exec`
pub(super) fn exec(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let words: &[String] = if words.get(1).is_some_and(|word| word == "--") { &words[1..] } else { words };
    let mut words = words.to_vec();
    let mut name = None;
    loop {
        match words.get(1).map(String::as_str) {
            Some("-a") if words.len() > 2 && shell.state.dialect != Dialect::Dash => {
                name = Some(words.remove(2));
                words.remove(1);
            }
            Some("-c" | "-l") if shell.state.dialect == Dialect::Bash => {
                words.remove(1);
            }
            _ => break,
        }
    }
    if words.len() < 2 {
        return Ok(0);
    }
    let started = shell.start_program_as(name.as_deref(), &words[1..])?;
    match started {
        Ok(status) => {
            // The shell is gone, and its EXIT trap with it.
            shell.state.traps.clear();
            shell.state.exits = true;
            Err(Flow::Exit(status))
        }
        Err(error) => {
            let mut message = shell.not_started_message(&words[1], error);
            if shell.state.dialect == Dialect::Bash {
                message = message.replace("command not found", "not found");
            }
            shell.error(Some("exec"), &message)?;
            Err(Flow::Exit(error.exit_code()))
        }
    }
}

/// `.` and `source`
pub(super) fn source(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let Some(name) = words.get(1) else {
        shell.error(Some(&words[0]), "filename argument required")?;
        return Err(Flow::Error(2));
    };
    let path = if name.contains('/') {
        name.clone()
    } else {
        let paths = shell.state.get("PATH").unwrap_or("").to_owned();
        let in_path = paths
            .split(':')
            .map(|directory| crate::vfs::path::join(directory, name))
            .find(|path| shell.process.stat(path).is_ok_and(|node| node.as_file().is_some()));
        in_path.unwrap_or_else(|| name.clone())
    };
    let text = match shell.process.read_text(&path) {
        Ok(text) => text,
        Err(error) => {
            let (builtin, message) = match shell.state.dialect {
                Dialect::Ash | Dialect::Dash if !name.contains('/') => {
                    (Some(words[0].as_str()), format!("{name}: not found"))
                }
                Dialect::Ash => {
                    (Some(words[0].as_str()), format!("can't open '{name}': {}", error.kind.message()))
                }
                Dialect::Dash => (Some("."), format!("cannot open {name}: {}", short_reason(error.kind))),
                Dialect::Bash => (None, format!("{name}: {}", error.kind.message())),
            };
            shell.error(builtin, &message)?;
            return if shell.state.dialect == Dialect::Bash { Ok(1) } else { Err(Flow::Error(2)) };
        }
    };
    let positional = (words.len() > 2 && shell.state.dialect != Dialect::Dash)
        .then(|| std::mem::replace(&mut shell.state.positional, words[2..].to_vec()));
    shell.process.machine.enter()?;
    shell.state.sourced += 1;
    shell.enter_call("source", Some(name));
    let result = shell.source_text(&text, name);
    shell.state.calls.remove(0);
    shell.state.sourced -= 1;
    shell.process.machine.leave();
    if let Ok(status) | Err(Flow::Return(status)) = result {
        shell.state.status = status;
        shell.run_return_trap()?;
    }
    if let Some(positional) = positional {
        shell.state.positional = positional;
    }
    match result {
        Err(Flow::Return(status)) => Ok(status),
        other => other,
    }
}

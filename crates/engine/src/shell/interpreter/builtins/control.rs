//! `break continue return exit eval exec . trap wait kill`.

use crate::shell::interpreter::run::short_reason;
use crate::shell::interpreter::trace::single_quoted;
use crate::shell::interpreter::{Flow, Shell, Status};
use crate::shell::language::Dialect;

fn levels(shell: &mut Shell<'_, '_>, words: &[String]) -> Result<u32, Flow> {
    let count = match words.get(1) {
        None => 1,
        Some(word) => match word.parse::<u32>() {
            Ok(count) if count > 0 => count,
            _ => {
                shell.error(Some(&words[0]), &format!("Illegal number: {word}"))?;
                return Err(Flow::Exit(2));
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
            Err(Flow::Exit(2))
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
    if words.len() < 2 {
        return Ok(0);
    }
    match shell.start_program(&words[1..])? {
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
        return Err(Flow::Exit(2));
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
                Dialect::Ash => {
                    (Some(words[0].as_str()), format!("can't open '{name}': {}", error.kind.message()))
                }
                Dialect::Dash => (Some("."), format!("cannot open {name}: {}", short_reason(error.kind))),
                Dialect::Bash => (None, format!("{name}: {}", error.kind.message())),
            };
            shell.error(builtin, &message)?;
            return if shell.state.dialect == Dialect::Bash { Ok(1) } else { Err(Flow::Exit(2)) };
        }
    };
    let positional = (words.len() > 2 && shell.state.dialect != Dialect::Dash)
        .then(|| std::mem::replace(&mut shell.state.positional, words[2..].to_vec()));
    shell.process.machine.enter()?;
    shell.state.sourced += 1;
    let result = shell.eval_text(&text);
    shell.state.sourced -= 1;
    shell.process.machine.leave();
    if let Some(positional) = positional {
        shell.state.positional = positional;
    }
    match result {
        Err(Flow::Return(status)) => Ok(status),
        other => other,
    }
}

/// `trap`. Signals come from the shell itself alone: nobody else sends any.
pub(super) fn trap(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let words: Vec<&String> = words[1..].iter().filter(|word| *word != "--").collect();
    if words.is_empty() || words[0] == "-p" {
        let bash = shell.state.dialect == Dialect::Bash;
        for (signal, action) in shell.state.traps.clone() {
            let prefix = if bash && signal != "EXIT" && signal != "ERR" { "SIG" } else { "" };
            shell.process.output(&format!("trap -- {} {prefix}{signal}\n", single_quoted(&action)))?;
        }
        return Ok(0);
    }
    let (action, signals) = if words.len() == 1 { (None, &words[..]) } else { (Some(words[0]), &words[1..]) };
    let mut status = 0;
    for word in signals {
        let Some(signal) = signal_name(word) else {
            let text = match shell.state.dialect {
                Dialect::Bash => format!("{word}: invalid signal specification"),
                Dialect::Ash => format!("{word}: invalid signal specification"),
                Dialect::Dash => format!("{word}: bad trap"),
            };
            shell.error(Some("trap"), &text)?;
            status = 1;
            continue;
        };
        match action {
            Some(action) if action != "-" => shell.state.traps.insert(signal, action.clone()),
            _ => shell.state.traps.remove(&signal),
        };
    }
    Ok(status)
}

/// The names of the signals by their numbers.
pub(in crate::shell) const SIGNALS: [&str; 32] = [
    "EXIT", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
    "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ",
    "VTALRM", "PROF", "WINCH", "POLL", "PWR", "SYS",
];

/// The name of a signal that is given by name or number.
pub(in crate::shell) fn signal_name(word: &str) -> Option<String> {
    if let Ok(number) = word.parse::<usize>() {
        return SIGNALS.get(number).map(|name| (*name).to_owned());
    }
    let upper = word.to_uppercase();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    let pseudo = ["ERR", "DEBUG", "RETURN"];
    (SIGNALS.contains(&name) || pseudo.contains(&name)).then(|| name.to_owned())
}

/// `wait`
pub(super) fn wait(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let mut status = 0;
    for word in &words[1..] {
        let job = word.parse::<u32>().ok().and_then(|pid| shell.state.jobs.remove(&pid));
        status = job.unwrap_or(127);
        if job.is_none() && shell.state.dialect == Dialect::Bash {
            shell.error(Some("wait"), &format!("pid {word} is not a child of this shell"))?;
        }
    }
    if words.len() == 1 {
        shell.state.jobs.clear();
    }
    Ok(status)
}

/// `kill`: the shell may send itself signals that it has traps for; as the first process of its container it is deaf
/// to others. Whatever ran in the background has ended already.
pub(super) fn kill(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let mut signal = "TERM".to_owned();
    let mut targets = Vec::new();
    let mut rest = words[1..].iter().peekable();
    while let Some(word) = rest.next() {
        match word.as_str() {
            "-l" | "-L" => return list_signals(shell, rest.next()),
            "-s" | "-n" => signal = rest.next().and_then(|word| signal_name(word)).unwrap_or(signal),
            "--" => targets.extend(rest.by_ref().cloned()),
            _ => match word.strip_prefix('-').filter(|_| targets.is_empty()).and_then(signal_name) {
                Some(name) => signal = name,
                None => targets.push(word.clone()),
            },
        }
    }
    if targets.is_empty() {
        shell.error(None, "you need to specify whom to kill")?;
        return Ok(1);
    }
    let mut status = 0;
    for target in targets {
        let pid = target.parse::<u32>().ok();
        if pid == Some(shell.state.pid) || pid == Some(1) {
            if let Some(action) = shell.state.traps.get(&signal).cloned().filter(|_| signal != "EXIT") {
                let before = shell.state.status;
                shell.eval_text(&action)?;
                shell.state.status = before;
            }
        } else if !pid.is_some_and(|pid| shell.state.jobs.contains_key(&pid)) && !target.starts_with('%') {
            let text = match shell.state.dialect {
                Dialect::Ash => format!("can't kill pid {target}: No such process"),
                Dialect::Dash => "No such process\n".to_owned(),
                Dialect::Bash => format!("({target}) - No such process"),
            };
            match shell.state.dialect {
                Dialect::Ash => shell.process.error_output(&format!("sh: {text}\n"))?,
                _ => shell.error(Some("kill"), &text)?,
            }
            status = 1;
        }
    }
    Ok(status)
}

fn list_signals(shell: &mut Shell<'_, '_>, word: Option<&String>) -> Status {
    let text = match word {
        // Exit codes above 128 tell of signals, too.
        Some(word) => match word.parse::<usize>() {
            Ok(number) => SIGNALS.get(number & 0x7f).copied().unwrap_or("?").to_owned(),
            Err(_) => {
                let name = signal_name(word).unwrap_or_default();
                SIGNALS.iter().position(|signal| *signal == name).unwrap_or(0).to_string()
            }
        },
        None => SIGNALS[1..].join(" "),
    };
    shell.process.output(&format!("{text}\n"))?;
    Ok(0)
}

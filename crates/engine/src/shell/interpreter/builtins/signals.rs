//! `trap wait kill jobs times`: signals and what runs in the background.
//!
//! Processes run one after the other, so a signal that a shell is sent waits until that shell goes on. What runs in the
//! background has ended by then; a command that slept there counts as still asleep until somebody waits for it.

use crate::shell::interpreter::trace::listed;
use crate::shell::interpreter::{Flow, Shell, Status};
use crate::shell::language::Dialect;

/// The names of the signals by their numbers.
pub(in crate::shell) const SIGNALS: [&str; 32] = [
    "EXIT", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
    "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ",
    "VTALRM", "PROF", "WINCH", "POLL", "PWR", "SYS",
];

/// Those that do nothing to a process that has no trap for them.
const HARMLESS: [usize; 8] = [17, 18, 19, 20, 21, 22, 23, 28];

impl Shell<'_, '_> {
    /// Does what the signals say that this shell was sent.
    pub(in crate::shell::interpreter) fn take_signals(&mut self) -> Result<(), Flow> {
        if self.state.is_subshell || self.process.machine.signals.is_empty() {
            return Ok(());
        }
        let own = self.state.pid;
        let mut pending = std::mem::take(&mut self.process.machine.signals);
        let mine: Vec<usize> =
            pending.iter().filter(|(pid, _)| *pid == own).map(|(_, signal)| *signal).collect();
        pending.retain(|(pid, _)| *pid != own);
        self.process.machine.signals = pending;
        for signal in mine {
            let action = self.state.traps.get(SIGNALS[signal]).cloned();
            match action.filter(|_| !matches!(signal, 9 | 19)) {
                Some(action) => {
                    let before = self.state.status;
                    // The action may send the signal again, and is then run within itself.
                    self.process.machine.enter()?;
                    let ended = self.eval_text(&action);
                    self.process.machine.leave();
                    ended?;
                    self.state.status = before;
                }
                // The first process of a container is deaf to what it has no trap for.
                None if own != 1 && !HARMLESS.contains(&signal) => return Err(Flow::Killed(signal as u8)),
                None => {}
            }
        }
        Ok(())
    }

    /// Tells that a child was ended by a signal.
    pub(in crate::shell::interpreter) fn tell_killed(&mut self, words: &str) -> Result<(), Flow> {
        let Some(signal) = self.process.machine.killed.take() else { return Ok(()) };
        let Some(what) = description(signal) else { return Ok(()) };
        let text = match self.state.dialect {
            Dialect::Bash => {
                let pid = self.process.machine.next_pid - 1;
                format!("{}{pid} {what:<24}{words}\n", self.error_prefix(None))
            }
            _ => format!("{what}\n"),
        };
        Ok(self.process.error_output(&text)?)
    }
}

/// What is said of a process that a signal ended; of some nothing is.
fn description(signal: u8) -> Option<&'static str> {
    Some(match signal {
        1 => "Hangup",
        3 => "Quit",
        6 => "Aborted",
        9 => "Killed",
        10 => "User defined signal 1",
        12 => "User defined signal 2",
        14 => "Alarm clock",
        15 => "Terminated",
        _ => return None,
    })
}

/// `trap`
pub(super) fn trap(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let words: Vec<&String> = words[1..].iter().filter(|word| *word != "--").collect();
    let dialect = shell.state.dialect;
    if words.is_empty() || words[0] == "-p" && dialect == Dialect::Bash {
        return list_traps(shell);
    }
    let unsigned = words[0].parse::<usize>().is_ok();
    let (action, signals) =
        if words.len() == 1 || unsigned { (None, &words[..]) } else { (Some(words[0]), &words[1..]) };
    let mut status = 0;
    for word in signals {
        let Some(signal) = signal_name(word) else {
            let text = match dialect {
                Dialect::Bash | Dialect::Ash => format!("{word}: invalid signal specification"),
                Dialect::Dash => {
                    shell.process.error_output(&format!("trap: {word}: bad trap\n"))?;
                    status = 1;
                    continue;
                }
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

fn list_traps(shell: &mut Shell<'_, '_>) -> Status {
    let dialect = shell.state.dialect;
    let traps = shell.state.traps.clone();
    let known = SIGNALS.iter().chain(&["DEBUG", "ERR", "RETURN"]);
    for (name, action) in known.filter_map(|name| traps.get_key_value(*name)) {
        let is_signal = !matches!(name.as_str(), "EXIT" | "ERR" | "DEBUG" | "RETURN");
        let prefix = if dialect == Dialect::Bash && is_signal { "SIG" } else { "" };
        shell.process.output(&format!("trap -- {} {prefix}{name}\n", listed(action, dialect)))?;
    }
    Ok(0)
}

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

fn signal_number(word: &str) -> Option<usize> {
    let name = signal_name(word)?;
    SIGNALS.iter().position(|signal| *signal == name)
}

/// `wait`
pub(super) fn wait(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let dialect = shell.state.dialect;
    let mut status = 0;
    for word in &words[1..] {
        if word.starts_with('%') {
            let text = if dialect == Dialect::Dash { "No such job" } else { "no such job" };
            let text = match dialect {
                Dialect::Dash => format!("{text}: {word}"),
                _ => format!("{word}: {text}"),
            };
            shell.error(Some("wait"), &text)?;
            return if dialect == Dialect::Bash { Ok(127) } else { Err(Flow::Error(2)) };
        }
        let pid = word.parse::<u32>().ok();
        let job = pid.and_then(|pid| shell.state.jobs.get_mut(&pid));
        status = job.as_ref().map_or(127, |job| job.status);
        match job {
            Some(job) => {
                job.sleeps = false;
                if std::mem::take(&mut job.killed) && dialect != Dialect::Bash {
                    shell.process.machine.killed = Some((status - 128) as u8);
                    shell.tell_killed("")?;
                }
            }
            None if dialect == Dialect::Bash => {
                shell.error(Some("wait"), &format!("pid {word} is not a child of this shell"))?;
            }
            None => {}
        }
    }
    if words.len() == 1 {
        shell.state.jobs.clear();
    }
    Ok(status)
}

/// `jobs`: what runs in the background has ended.
pub(super) fn jobs(_: &mut Shell<'_, '_>, _: &[String]) -> Status {
    Ok(0)
}

/// `times`: no time passes.
pub(super) fn times(shell: &mut Shell<'_, '_>, _: &[String]) -> Status {
    let line = match shell.state.dialect {
        Dialect::Dash => "0m0.000000s 0m0.000000s\n",
        _ => "0m0.000s 0m0.000s\n",
    };
    shell.process.output(&line.repeat(2))?;
    Ok(0)
}

/// `kill`
pub(super) fn kill(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let mut signal = 15;
    let mut targets = Vec::new();
    let mut rest = words[1..].iter().peekable();
    while let Some(word) = rest.next() {
        let named = match word.as_str() {
            "-l" | "-L" => return list_signals(shell, rest.next()),
            "-s" | "-n" => rest.next().map_or("", |word| word.as_str()),
            "--" => {
                targets.extend(rest.by_ref().cloned());
                continue;
            }
            _ => match word.strip_prefix('-').filter(|_| targets.is_empty()) {
                Some(name) => name,
                None => {
                    targets.push(word.clone());
                    continue;
                }
            },
        };
        let Some(number) = signal_number(named) else {
            let text = match shell.state.dialect {
                Dialect::Ash => format!("bad signal name '{named}'"),
                Dialect::Dash => format!("invalid signal number or name: {named}"),
                Dialect::Bash => format!("{named}: invalid signal specification"),
            };
            return complain(shell, &text, if shell.state.dialect == Dialect::Dash { 2 } else { 1 });
        };
        signal = number;
    }
    if targets.is_empty() {
        return match shell.state.dialect {
            Dialect::Ash => complain(shell, "you need to specify whom to kill", 1),
            Dialect::Dash => complain(
                shell,
                "usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]",
                2,
            ),
            Dialect::Bash => {
                let usage = "kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n";
                shell.process.error_output(usage)?;
                Ok(2)
            }
        };
    }
    let mut status = 0;
    for target in targets {
        status = status.max(send(shell, &target, signal)?);
    }
    Ok(status)
}

fn complain(shell: &mut Shell<'_, '_>, text: &str, status: i32) -> Status {
    match shell.state.dialect {
        // In BusyBox the applet speaks, by the name of the shell.
        Dialect::Ash => shell.process.error_output(&format!("sh: {text}\n"))?,
        _ => shell.error(Some("kill"), text)?,
    }
    Ok(status)
}

fn send(shell: &mut Shell<'_, '_>, target: &str, signal: usize) -> Status {
    let dialect = shell.state.dialect;
    let own = shell.state.pid;
    let pid = match target.parse::<i64>() {
        // The whole group: that is this shell.
        Ok(pid) if pid <= 0 => own,
        Ok(pid) => u32::try_from(pid).unwrap_or(u32::MAX),
        Err(_) if target.starts_with('%') => shell.state.background.unwrap_or(0),
        Err(_) => {
            return match dialect {
                Dialect::Ash => complain(shell, &format!("invalid number '{target}'"), 1),
                Dialect::Dash => complain(shell, &format!("Illegal number: {target}"), 2),
                Dialect::Bash => {
                    complain(shell, &format!("{target}: arguments must be process or job IDs"), 1)
                }
            };
        }
    };
    if pid == 1 || shell.process.machine.shells.contains(&pid) {
        if signal > 0 {
            shell.process.machine.signals.push((pid, signal));
        }
        return Ok(0);
    }
    if let Some(job) = shell.state.jobs.get_mut(&pid) {
        if job.sleeps && signal > 0 && !HARMLESS.contains(&signal) {
            (job.status, job.sleeps, job.killed) = (128 + signal as i32, false, true);
        }
        return Ok(0);
    }
    let text = match dialect {
        Dialect::Ash => format!("can't kill pid {target}: No such process"),
        Dialect::Dash => "No such process\n".to_owned(),
        Dialect::Bash => format!("({target}) - No such process"),
    };
    complain(shell, &text, 1)
}

fn list_signals(shell: &mut Shell<'_, '_>, word: Option<&String>) -> Status {
    let text = match word {
        // Exit codes above 128 tell of signals, too.
        Some(word) => match word.parse::<usize>() {
            Ok(number) => SIGNALS.get(number & 0x7f).copied().unwrap_or("?").to_owned(),
            Err(_) => signal_number(word).unwrap_or(0).to_string(),
        },
        None => SIGNALS[1..].join(" "),
    };
    shell.process.output(&format!("{text}\n"))?;
    Ok(0)
}

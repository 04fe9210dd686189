//! `trap wait kill jobs times`: signals and what runs in the background.
//!
//! Processes run one after the other, so a signal that a shell is sent waits until that shell goes on.

use crate::shell::interpreter::trace::listed;
use crate::shell::interpreter::{Ended, Flow, Shell, Status};
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

/// The process ID that a word means: a number, or a job such as `%1`.
fn process_of(shell: &Shell<'_, '_>, word: &str) -> Option<u32> {
    let Some(job) = word.strip_prefix('%') else { return word.parse().ok() };
    let jobs = &shell.state.jobs;
    let found = match job {
        "" | "%" | "+" => jobs.last(),
        "-" => jobs.iter().rev().nth(1),
        number => jobs.iter().find(|(known, _)| known.to_string() == number),
    };
    found.map(|(_, pid)| *pid)
}

/// `wait`
pub(super) fn wait(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    if shell.state.dialect == Dialect::Bash && words.get(1).is_some_and(|word| word == "-n") {
        return wait_for_next(shell);
    }
    let mut status = 0;
    for word in words[1..].iter().filter(|word| *word != "-f") {
        match wait_for(shell, word)? {
            Some(code) => status = code,
            None => return if shell.state.dialect == Dialect::Bash { Ok(127) } else { Err(Flow::Error(2)) },
        }
    }
    if words.len() == 1 {
        for (_, pid) in std::mem::take(&mut shell.state.jobs) {
            shell.run_until_ended(pid)?;
        }
    }
    Ok(status)
}

/// How a command of the background ended; nothing for a job that there is not, which has been told.
fn wait_for(shell: &mut Shell<'_, '_>, word: &str) -> Result<Option<i32>, Flow> {
    let dialect = shell.state.dialect;
    let pid = process_of(shell, word);
    if word.starts_with('%') && pid.is_none() {
        let text = match dialect {
            Dialect::Dash => format!("No such job: {word}"),
            _ => format!("{word}: no such job"),
        };
        shell.error(Some("wait"), &text)?;
        return Ok(None);
    }
    if let Some(pid) = pid.filter(|pid| shell.state.jobs.iter().any(|(_, job)| job == pid)) {
        shell.run_until_ended(pid)?;
        if let Some(ended) = shell.process.machine.ended.get_mut(&pid) {
            let (status, killed) = (ended.status, std::mem::take(&mut ended.killed));
            (ended.lingers, ended.told) = (false, true);
            if killed && dialect != Dialect::Bash {
                shell.process.machine.killed = Some((status - 128) as u8);
                shell.tell_killed("")?;
            }
            return Ok(Some(status));
        }
    }
    if dialect == Dialect::Bash {
        shell.error(Some("wait"), &format!("pid {word} is not a child of this shell"))?;
    }
    Ok(Some(127))
}

/// `wait -n`: for the first that ends.
fn wait_for_next(shell: &mut Shell<'_, '_>) -> Status {
    let clock = |shell: &Shell<'_, '_>, pid: u32| {
        let background = &shell.process.machine.background;
        background.iter().find(|waiting| waiting.pid == pid).map(|waiting| waiting.clock)
    };
    loop {
        let ended = &shell.process.machine.ended;
        let mut jobs = shell.state.jobs.clone();
        jobs.retain(|(_, pid)| ended.get(pid).is_none_or(|ended| !ended.told));
        let ended = jobs.iter().find(|(_, pid)| clock(shell, *pid).is_none());
        if let Some((_, pid)) = ended {
            return Ok(shell.process.machine.ended.get_mut(pid).map_or(127, |ended| {
                ended.told = true;
                ended.status
            }));
        }
        let mut next: Option<(u32, f64)> = None;
        for (_, pid) in jobs {
            if let Some(clock) = clock(shell, pid)
                && next.is_none_or(|(_, least)| clock < least)
            {
                next = Some((pid, clock));
            }
        }
        let Some((_, clock)) = next else { return Ok(127) };
        shell.process.machine.step(1)?;
        let slept = shell.process.machine.slept;
        if clock > slept {
            shell.process.machine.sleep(clock - slept)?;
        }
        shell.let_others_run()?;
    }
}

/// `jobs`: with `-p`, the process IDs of what has not ended.
pub(super) fn jobs(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    if words.iter().any(|word| word == "-p") {
        for (_, pid) in shell.state.jobs.clone() {
            let machine = &shell.process.machine;
            let runs = machine.background.iter().any(|waiting| waiting.pid == pid)
                || machine.ended.get(&pid).is_some_and(|ended| ended.lingers);
            if runs {
                shell.process.output(&format!("{pid}\n"))?;
            }
        }
    }
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
        Err(_) if target.starts_with('%') => process_of(shell, target).unwrap_or(u32::MAX),
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
    if send_to_background(shell, pid, signal) {
        return Ok(0);
    }
    let text = match dialect {
        Dialect::Ash => format!("can't kill pid {target}: No such process"),
        Dialect::Dash => "No such process\n".to_owned(),
        Dialect::Bash => format!("({target}) - No such process"),
    };
    complain(shell, &text, 1)
}

/// Sends a signal to what is in the background; whether there is such a process.
fn send_to_background(shell: &mut Shell<'_, '_>, pid: u32, signal: usize) -> bool {
    let machine = &mut *shell.process.machine;
    let deadly = signal > 0 && !HARMLESS.contains(&signal);
    if let Some(ended) = machine.ended.get_mut(&pid) {
        if ended.lingers && deadly {
            *ended = Ended { status: 128 + signal as i32, killed: true, lingers: false, told: false };
        }
        return true;
    }
    let Some(at) = machine.background.iter().position(|waiting| waiting.pid == pid) else { return false };
    let now = machine.slept;
    let waiting = &mut machine.background[at];
    match waiting.state.traps.get(SIGNALS[signal]).filter(|_| !matches!(signal, 0 | 9 | 19)) {
        Some(action) if action.is_empty() => {}
        Some(_) => {
            waiting.signals.push(signal);
            // It wakes up.
            waiting.clock = waiting.clock.min(now);
        }
        None if deadly => {
            machine.background.remove(at);
            machine.ended.insert(
                pid,
                Ended { status: 128 + signal as i32, killed: true, lingers: false, told: false },
            );
        }
        None => {}
    }
    true
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

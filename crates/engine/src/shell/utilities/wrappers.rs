//! `timeout nohup nice ionice setsid stdbuf time`: commands that run another one.

use super::options;
use super::sleep::duration;
use super::support::fail;
use crate::shell::interpreter::{SIGNALS, signal_name};
use crate::shell::{Outcome, Process};

/// Runs a command for no longer than it may take: what it slept is what it took.
pub(super) fn timeout(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("signal", 's'),
        ("kill-after", 'k'),
        ("preserve-status", 'p'),
        ("foreground", 'f'),
        ("verbose", 'v'),
    ];
    let options = options::take_as(process, ("+s:k:", &[]), ("+s:k:pfv", &long))?;
    let busybox = process.is_busybox();
    let signal = options.value('s').unwrap_or("TERM").to_owned();
    let Some(signal) = signal_name(&signal) else {
        if busybox {
            return fail(process, 1, &format!("unknown signal '{signal}'"));
        }
        return options::misused(process, &format!("‘{signal}’: invalid signal"));
    };
    let Some((limit, command)) = options.operands.split_first().filter(|(_, command)| !command.is_empty())
    else {
        // GNU's says no more than where help is.
        return options::usage_error(process);
    };
    let Some(limit) = duration(limit) else {
        if busybox {
            return fail(process, 1, &format!("invalid number '{limit}'"));
        }
        return options::misused(process, &format!("invalid time interval ‘{limit}’"));
    };
    let start = process.machine.slept;
    let code = run(process, command, "failed to run command")?;
    if limit == 0.0 || process.machine.slept - start <= limit {
        return Ok(code);
    }
    process.machine.slept = start + limit;
    if options.has('v') {
        let name = command.first().map_or("", |name| name);
        process.complain(&format!("sending signal {signal} to command ‘{name}’"))?;
    }
    let number = SIGNALS.iter().position(|known| *known == signal).unwrap_or(15) as i32;
    Ok(if busybox || options.has('p') || signal == "KILL" { 128 + number } else { 124 })
}

/// Runs a command that a lost terminal does not end: there is none.
pub(super) fn nohup(process: &mut Process<'_, '_>) -> Outcome {
    plain(process, "+")
}

/// Runs a command with another priority, which changes nothing here.
pub(super) fn nice(process: &mut Process<'_, '_>) -> Outcome {
    if process.args().is_empty() {
        process.output("0\n")?;
        return Ok(0);
    }
    plain(process, "+n:")
}

/// As [`nice`], for the disk.
pub(super) fn ionice(process: &mut Process<'_, '_>) -> Outcome {
    plain(process, "+c:n:p:t")
}

/// Runs a command in a session of its own.
pub(super) fn setsid(process: &mut Process<'_, '_>) -> Outcome {
    plain(process, "+cfw")
}

/// Runs a command with other buffers.
pub(super) fn stdbuf(process: &mut Process<'_, '_>) -> Outcome {
    plain(process, "+i:o:e:")
}

/// Runs a command and says that it took no time.
pub(super) fn time(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "+vpaf:o:", &[])? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let code = run(process, &options.operands.clone(), "cannot run")?;
    let text = match (options.has('p'), process.is_busybox()) {
        (true, _) => "real 0.00\nuser 0.00\nsys 0.00\n",
        (_, true) => "real\t0m 0.00s\nuser\t0m 0.00s\nsys\t0m 0.00s\n",
        _ => "0.00user 0.00system 0:00.00elapsed 0%CPU (0avgtext+0avgdata 0maxresident)k\n",
    };
    process.error_output(text)?;
    Ok(code)
}

fn plain(process: &mut Process<'_, '_>, short: &str) -> Outcome {
    let options = match options::parse(process, short, &[("adjustment", 'n')])? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    if options.operands.is_empty() {
        process.complain("missing operand")?;
        return Ok(if process.is_busybox() { 1 } else { 125 });
    }
    run(process, &options.operands, "failed to run command")
}

fn run(process: &mut Process<'_, '_>, command: &[String], gnu: &str) -> Outcome {
    let error = match crate::shell::command::spawn(&mut process.fork(), command)? {
        Ok(code) => return Ok(code),
        Err(error) => error,
    };
    let name = command.first().map_or("", |name| name);
    let text = if process.is_busybox() {
        format!("can't execute '{name}': {}", error.message())
    } else {
        format!("{gnu} ‘{name}’: {}", error.message())
    };
    process.complain(&text)?;
    Ok(error.exit_code())
}

//! `kill` as a program of its own. The shell has one built in, which knows its jobs and traps.

use crate::shell::interpreter::{SIGNALS, signal_name};
use crate::shell::{Outcome, Process};

/// Lists signals, or sends one: to processes that are there, to which nothing happens, or to none.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let args = process.args().to_vec();
    let mut targets = &args[..];
    if let Some(word) = args.first().and_then(|word| word.strip_prefix('-')) {
        targets = &args[1..];
        if word == "l" || word == "L" || word == "-list" {
            return list(process, targets.first());
        }
        let name = match word {
            "s" | "n" | "-signal" => {
                targets = targets.get(1..).unwrap_or_default();
                args.get(1).map_or("", String::as_str)
            }
            "-" => "TERM",
            _ => word,
        };
        if name != "0" && signal_name(name).is_none() {
            let text = if process.is_busybox() {
                format!("bad signal name '{name}'")
            } else {
                format!("invalid argument {name}")
            };
            process.complain(&text)?;
            return Ok(1);
        }
    }
    if targets.is_empty() {
        let text =
            if process.is_busybox() { "you need to specify whom to kill" } else { "not enough arguments" };
        process.complain(text)?;
        return Ok(1);
    }
    let mut code = 0;
    for target in targets {
        let is_there = target.parse::<u32>().is_ok() && process.is_directory(&format!("/proc/{target}"));
        if is_there {
            continue;
        }
        code = 1;
        let text = match (process.is_busybox(), target.parse::<i64>()) {
            (true, Ok(_)) => format!("can't kill pid {target}: No such process"),
            (true, Err(_)) => format!("invalid number '{target}'"),
            (false, Ok(_)) => format!("sending signal to {target} failed: No such process"),
            (false, Err(_)) => format!("cannot find process \"{target}\""),
        };
        process.complain(&text)?;
    }
    Ok(code)
}

fn list(process: &mut Process<'_, '_>, word: Option<&String>) -> Outcome {
    let text = match word {
        Some(word) => match word.parse::<usize>() {
            // Exit codes above 128 tell of signals, too.
            Ok(number) => SIGNALS.get(number & 0x7f).copied().unwrap_or("?").to_owned(),
            Err(_) => {
                let name = signal_name(word).unwrap_or_default();
                SIGNALS.iter().position(|signal| *signal == name).unwrap_or(0).to_string()
            }
        },
        None if process.is_busybox() => {
            let rows: Vec<String> =
                SIGNALS.iter().enumerate().skip(1).map(|(at, name)| format!("{at:2}) {name}")).collect();
            rows.join("\n")
        }
        None => SIGNALS[1..].join(" "),
    };
    process.output(&format!("{text}\n"))?;
    Ok(0)
}

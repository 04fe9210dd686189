//! `apt-mark`: which packages were asked for, and which came along.

use super::database::Database;
use super::{FAILED, refuses};
use crate::shell::command::CommandKind;
use crate::shell::language::matches_glob;
use crate::shell::programs::support::split_options;
use crate::shell::programs::{Interrupt, Modelled, Process};
use crate::shell::regex::{Regex, Syntax};

/// Shows or sets the mark.
pub(in crate::shell::programs) fn run(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let (_, operands) = split_options(process.args(), &["-o", "-f"]);
    let Some((command, patterns)) = operands.split_first() else {
        process.output("apt 2.6.1 (amd64)\nUsage: apt-mark [options] {auto|manual} pkg1 [pkg2 ...]\n")?;
        return Ok(Modelled::new(0, 0.0));
    };
    let mut database = Database::read(process);
    match command.as_str() {
        "showmanual" | "showauto" => {
            let asks_auto = command == "showauto";
            let names: Vec<&String> = database
                .installed
                .keys()
                .filter(|name| database.automatic.contains(*name) == asks_auto)
                .filter(|name| patterns.is_empty() || patterns.iter().any(|pattern| pattern == *name))
                .collect();
            let text: String = names.iter().map(|name| format!("{name}\n")).collect();
            process.output(&text)?;
            Ok(Modelled::new(0, 0.05))
        }
        "auto" | "manual" => {
            if refuses(process)? {
                return Ok(Modelled::new(FAILED, 0.0));
            }
            set(process, &mut database, command == "auto", patterns)
        }
        "hold" | "unhold" => {
            for name in patterns {
                let text = if command == "hold" {
                    format!("{name} set on hold.\n")
                } else {
                    format!("Canceled hold on {name}.\n")
                };
                process.output(&text)?;
            }
            Ok(Modelled::new(0, 0.1))
        }
        "showhold" => Ok(Modelled::new(0, 0.05)),
        "minimize-manual" => Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown }),
        other => {
            process.error_output(&format!("E: Invalid operation {other}\n"))?;
            Ok(Modelled::new(FAILED, 0.0))
        }
    }
}

/// Sets the mark of all packages that a pattern means: a name, a glob, or an expression.
fn set(
    process: &mut Process<'_, '_>,
    database: &mut Database,
    auto: bool,
    patterns: &[String],
) -> Result<Modelled, Interrupt> {
    let word = if auto { "automatically" } else { "manually" };
    let names: Vec<String> = database.installed.keys().cloned().collect();
    for pattern in patterns {
        process.step(names.len() as u64)?;
        let pattern = pattern.split(':').next().unwrap_or(pattern);
        let mut meant: Vec<&String> = names.iter().filter(|name| *name == pattern).collect();
        if meant.is_empty() && pattern.contains(['*', '?', '[', '.', '+', '^']) {
            let regex = Regex::new(pattern, Syntax::Extended, false).ok();
            let matches = |name: &str| {
                matches_glob(pattern, name) || regex.as_ref().is_some_and(|regex| regex.is_match(name))
            };
            meant = names.iter().filter(|name| matches(name)).collect();
        }
        if meant.is_empty() {
            process
                .error_output(&format!("E: Unable to locate package {pattern}\nE: No packages found\n"))?;
            return Ok(Modelled::new(FAILED, 0.0));
        }
        for name in meant {
            let changed =
                if auto { database.automatic.insert(name.clone()) } else { database.automatic.remove(name) };
            let text = if changed {
                format!("{name} set to {word} installed.\n")
            } else {
                format!("{name} was already set to {word} installed.\n")
            };
            process.output(&text)?;
        }
    }
    if let Err(error) = database.write(process) {
        process.check_limits()?;
        process.error_output(&format!("E: {error}\n"))?;
        return Ok(Modelled::new(FAILED, 0.0));
    }
    Ok(Modelled::new(0, 0.1))
}

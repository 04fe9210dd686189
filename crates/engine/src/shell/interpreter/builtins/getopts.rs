//! `getopts`.

use crate::shell::interpreter::{Flow, Shell, Status};
use crate::shell::language::{Dialect, is_name};

/// Takes the next option.
pub(super) fn getopts(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let (Some(spec), Some(variable)) = (words.get(1).cloned(), words.get(2).cloned()) else {
        match shell.state.dialect {
            Dialect::Ash => shell.error(Some("getopts"), "usage: getopts optstring var [arg]")?,
            Dialect::Dash => shell.error(Some("getopts"), "Usage: getopts optstring var [arg...]")?,
            Dialect::Bash => {
                shell.process.error_output("getopts: usage: getopts optstring name [arg ...]\n")?;
            }
        }
        return Ok(2);
    };
    let arguments = if words.len() > 3 { words[3..].to_vec() } else { shell.state.positional.clone() };
    let almquist = shell.state.dialect != Dialect::Bash;
    // ash and dash have an index of their own, which `OPTIND` only shows, and takes when it is set.
    let mut index = match almquist {
        true => shell.state.getopts_index,
        false => shell.state.get("OPTIND").and_then(|text| text.parse().ok()).unwrap_or(1).max(1),
    };
    if !is_name(&variable) && shell.state.dialect != Dialect::Bash {
        shell.error(Some("getopts"), &format!("{variable}: bad variable name"))?;
        return Err(Flow::Error(2));
    }
    let quiet = spec.starts_with(':');
    let mut at = shell.state.getopts_at;
    let current = arguments.get(index - 1).cloned().unwrap_or_default();
    let mut letters = current.chars().skip(1 + at);
    let is_option = current.len() > 1 && current.starts_with('-') && current != "--";
    let letter = if is_option { letters.next() } else { None };
    let Some(letter) = letter else {
        if current == "--" {
            index += 1;
        }
        finish(shell, index, 0);
        // dash leaves it as it was.
        if shell.state.dialect != Dialect::Dash {
            shell.state.variables.remove("OPTARG");
        }
        shell.assign(&variable, "?".into())?;
        return Ok(1);
    };
    let attached: String = letters.collect();
    at += 1;
    let takes_value = spec.split_once(letter).is_some_and(|(_, after)| after.starts_with(':'));
    let known = letter != ':' && spec.contains(letter);
    let mut result = letter.to_string();
    let mut value = None;
    if !known {
        result = "?".into();
        if quiet {
            value = Some(letter.to_string());
        } else {
            complain(shell, &format!("Illegal option -{letter}"), &format!("illegal option -- {letter}"))?;
        }
    } else if takes_value {
        at = 0;
        index += 1;
        if !attached.is_empty() {
            value = Some(attached.clone());
        } else if let Some(next) = arguments.get(index - 1) {
            value = Some(next.clone());
            index += 1;
        } else if quiet {
            result = ":".into();
            value = Some(letter.to_string());
        } else {
            result = "?".into();
            let long = format!("option requires an argument -- {letter}");
            complain(shell, &format!("No arg for -{letter} option"), &long)?;
        }
    }
    if attached.is_empty() && at > 0 {
        index += 1;
        at = 0;
    }
    // ash and dash count the argument as soon as they are in it.
    let shown = if at > 0 && shell.state.dialect != Dialect::Bash { index + 1 } else { index };
    finish(shell, index, at);
    shell.state.set("OPTIND", shown.to_string());
    match value {
        Some(value) => shell.assign("OPTARG", value)?,
        None if known && shell.state.dialect != Dialect::Bash => shell.assign("OPTARG", String::new())?,
        None => {
            shell.state.variables.remove("OPTARG");
        }
    }
    shell.assign(&variable, result)?;
    Ok(0)
}

fn finish(shell: &mut Shell<'_, '_>, index: usize, at: usize) {
    shell.state.set("OPTIND", index.to_string());
    shell.state.getopts_index = index;
    shell.state.getopts_at = at;
}

fn complain(shell: &mut Shell<'_, '_>, short: &str, long: &str) -> Result<(), crate::shell::Interrupt> {
    let text = match shell.state.dialect {
        Dialect::Bash => format!("{}: {long}\n", shell.state.name),
        _ => format!("{short}\n"),
    };
    shell.process.error_output(&text)
}

//! `getent`: entries of the databases that are files.

use crate::shell::{Interrupt, Outcome, Process};

/// The file of a database, and the fields that a key may be in.
fn database(name: &str) -> Option<(&'static str, &'static [usize])> {
    Some(match name {
        "passwd" => ("/etc/passwd", &[0, 2]),
        "group" => ("/etc/group", &[0, 2]),
        "shadow" => ("/etc/shadow", &[0]),
        "gshadow" => ("/etc/gshadow", &[0]),
        "hosts" | "ahosts" | "ahostsv4" => ("/etc/hosts", &[]),
        "services" => ("/etc/services", &[]),
        "protocols" => ("/etc/protocols", &[]),
        _ => return None,
    })
}

/// Prints entries. 2 when a key is not there.
pub(in crate::shell::utilities) fn getent(process: &mut Process<'_, '_>) -> Outcome {
    let words: Vec<String> = process.args().iter().filter(|word| !word.starts_with('-')).cloned().collect();
    let Some((name, keys)) = words.split_first() else {
        process.complain("wrong number of arguments")?;
        return Ok(1);
    };
    let Some((path, fields)) = database(name) else {
        process.error_output(&format!(
            "Unknown database: {name}\nTry `getent --help' or `getent --usage' for more information.\n"
        ))?;
        return Ok(1);
    };
    let text = process.read_text(path).unwrap_or_default();
    if fields.is_empty() {
        return columns(process, name, &text, keys);
    }
    if keys.is_empty() {
        process.output(&text)?;
        return Ok(0);
    }
    let mut code = 0;
    for key in keys {
        let is_number = key.bytes().all(|byte| byte.is_ascii_digit());
        let field = if is_number { *fields.last().unwrap_or(&0) } else { 0 };
        match text.lines().find(|line| line.split(':').nth(field) == Some(key)) {
            Some(line) => process.output(&format!("{line}\n"))?,
            None => code = 2,
        }
    }
    Ok(code)
}

/// Databases with blanks between the words: a value, and the names of it.
fn columns(process: &mut Process<'_, '_>, name: &str, text: &str, keys: &[String]) -> Outcome {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or(""));
    let entries: Vec<Vec<&str>> = lines
        .map(|line| line.split_whitespace().collect())
        .filter(|words: &Vec<&str>| words.len() > 1)
        .collect();
    let mut code = 0;
    let all = [String::new()];
    for key in if keys.is_empty() { &all } else { keys } {
        let mut found = false;
        for words in entries.iter().filter(|words| key.is_empty() || words.contains(&key.as_str())) {
            found = true;
            print_columns(process, name, words)?;
            if !key.is_empty() {
                break;
            }
        }
        if !found {
            code = 2;
        }
    }
    Ok(code)
}

fn print_columns(process: &mut Process<'_, '_>, name: &str, words: &[&str]) -> Result<(), Interrupt> {
    if name.starts_with("ahosts") {
        for kind in ["STREAM", "DGRAM", "RAW"] {
            let canonical = if kind == "STREAM" { words[1] } else { "" };
            process.output(&format!("{:<15} {kind:<6} {canonical}\n", words[0]))?;
        }
        return Ok(());
    }
    let width = if name == "hosts" { 15 } else { 21 };
    process.output(&format!("{:<width$} {}\n", words[0], words[1..].join(" ")))
}

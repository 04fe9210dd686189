//! `ps`: the processes, of which `/proc` tells.

use super::options;
use super::support::user_name;
use crate::shell::{Outcome, Process};
use crate::vfs::path;

/// A process.
struct Running {
    pid: String,
    ppid: String,
    user: String,
    /// The name of its program, and its words.
    name: String,
    words: String,
}

/// Prints a table of what runs: what `/proc` has, and itself.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let running = running(process);
    if process.is_busybox() {
        let options = match options::parse(process, "o:TlwZ", &[])? {
            Ok(options) => options,
            Err(code) => return Ok(code),
        };
        let fields: Vec<&str> = options.values('o').flat_map(|list| list.split(',')).collect();
        let fields = if fields.is_empty() { vec!["pid", "user", "time", "args"] } else { fields };
        return print(process, &running, &fields);
    }
    // The words of procps may come without a hyphen, as in BSD.
    let words = process.args().to_vec();
    let mut fields: Vec<String> = Vec::new();
    let (mut full, mut users, mut chosen) = (false, false, None);
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        if let Some(list) = word.strip_prefix("-o").or_else(|| word.strip_prefix('o')) {
            let list = if list.is_empty() { rest.next().map_or("", String::as_str) } else { list };
            fields.extend(list.split(',').map(str::to_owned));
        } else if let Some(list) = word.strip_prefix("-p") {
            let list = if list.is_empty() { rest.next().map_or("", String::as_str) } else { list };
            chosen = Some(list.to_owned());
        } else {
            full |= word.starts_with('-') && word.contains('f');
            users |= !word.starts_with('-') && word.contains('u');
        }
    }
    let shown: Vec<Running> = running
        .into_iter()
        .filter(|one| chosen.as_ref().is_none_or(|list| list.split(',').any(|pid| pid == one.pid)))
        .collect();
    let known = match (full, users) {
        (true, _) => vec!["uid", "pid", "ppid", "c", "stime", "tty", "time", "cmd"],
        (_, true) => {
            vec!["user", "pid", "%cpu", "%mem", "vsz", "rss", "tt", "stat", "start", "bsdtime", "command"]
        }
        _ => vec!["pid", "tty", "time", "ucmd"],
    };
    let fields: Vec<&str> =
        if fields.is_empty() { known } else { fields.iter().map(String::as_str).collect() };
    let code = print(process, &shown, &fields)?;
    Ok(if shown.is_empty() { 1 } else { code })
}

fn running(process: &mut Process<'_, '_>) -> Vec<Running> {
    let mut all = Vec::new();
    for (pid, _) in process.list("/proc").unwrap_or_default() {
        if pid.parse::<u32>().is_err() {
            continue;
        }
        let status = process.read_text(&format!("/proc/{pid}/status")).unwrap_or_default();
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            line.and_then(|line| line.split_whitespace().next()).unwrap_or("0").to_owned()
        };
        let (ppid, uid, name) = (field("PPid"), field("Uid"), field("Name"));
        let words = process.read_text(&format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let words = words.trim_end_matches('\0').replace('\0', " ");
        let user = user_name(process, uid.parse().unwrap_or(0)).unwrap_or(uid);
        all.push(Running { pid: pid.to_string(), ppid, user, name, words });
    }
    let pid = process.machine.next_pid.max(2).to_string();
    let uid = process.credentials.uid;
    let user = user_name(process, uid).unwrap_or_else(|| uid.to_string());
    let words = process.arguments.join(" ");
    let name = path::name(process.name()).to_owned();
    all.push(Running { pid, ppid: "1".to_owned(), user, name, words });
    all
}

/// A column: its heading, its width (negative: set to the left), and what a process has there.
fn column(field: &str, busybox: bool) -> (&'static str, isize) {
    match field {
        "pid" if busybox => ("PID", -5),
        "user" if busybox => ("USER", -8),
        "time" if busybox => ("TIME", -5),
        "pid" => ("PID", 7),
        "ppid" if busybox => ("PPID", -5),
        "ppid" => ("PPID", 7),
        "uid" => ("UID", -8),
        "user" | "euser" | "ruser" => ("USER", -8),
        "c" => ("C", 2),
        "stime" => ("STIME", -5),
        "start" => ("START", -7),
        "tty" | "tt" | "tname" => ("TTY", -8),
        "time" => ("TIME", 8),
        "bsdtime" => ("TIME", 6),
        "%cpu" | "pcpu" => ("%CPU", 4),
        "%mem" | "pmem" => ("%MEM", 4),
        "vsz" => ("VSZ", 6),
        "rss" => ("RSS", 5),
        "stat" | "state" | "s" => ("STAT", -4),
        "ucmd" => ("CMD", -15),
        "cmd" => ("CMD", -27),
        "comm" => ("COMMAND", -15),
        _ => ("COMMAND", -27),
    }
}

fn cell(one: &Running, field: &str, busybox: bool) -> String {
    let text = match field {
        "pid" if busybox => return format!("{:>5}", one.pid),
        "pid" => &one.pid,
        "ppid" => &one.ppid,
        "uid" | "user" | "euser" | "ruser" => &one.user,
        "c" => "0",
        "stime" | "start" => "00:00",
        "tty" | "tt" | "tname" => "?",
        "time" if busybox => " 0:00",
        "time" => "00:00:00",
        "bsdtime" => "0:00",
        "%cpu" | "pcpu" | "%mem" | "pmem" => "0.0",
        "vsz" | "rss" => "0",
        "stat" | "state" | "s" if one.pid == "1" => "S",
        "stat" | "state" | "s" => "R",
        "ucmd" | "comm" => &one.name,
        _ => &one.words,
    };
    text.to_owned()
}

fn print(process: &mut Process<'_, '_>, running: &[Running], fields: &[&str]) -> Outcome {
    let busybox = process.is_busybox();
    // `-o pid=` prints without a heading.
    let columns: Vec<(&str, String, isize)> = fields
        .iter()
        .map(|field| {
            let (name, own) = field.split_once('=').map_or((*field, None), |(name, text)| (name, Some(text)));
            let (heading, width) = column(name, busybox);
            (name, own.unwrap_or(heading).to_owned(), width)
        })
        .collect();
    let line = |cells: Vec<String>| {
        let mut text = String::new();
        for (at, (cell, (.., width))) in cells.iter().zip(&columns).enumerate() {
            let size = width.unsigned_abs();
            text.push_str(&match () {
                () if *width > 0 => format!("{cell:>size$}"),
                () if at + 1 == columns.len() => cell.clone(),
                () => format!("{cell:<size$}"),
            });
            if at + 1 < columns.len() {
                text.push(' ');
            }
        }
        text + "\n"
    };
    let mut text = String::new();
    if columns.iter().any(|(_, heading, _)| !heading.is_empty()) {
        text.push_str(&line(columns.iter().map(|(_, heading, _)| heading.clone()).collect()));
    }
    for one in running {
        text.push_str(&line(columns.iter().map(|(field, ..)| cell(one, field, busybox)).collect()));
    }
    process.output(&text)?;
    Ok(0)
}

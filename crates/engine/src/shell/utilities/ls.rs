//! `ls` and `stat`.

use super::options::{self, Options};
use super::support::{group_name, user_name};
use super::time::{format_time, moment, month_name};
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{DeviceKind, Follow, Node, path};
use std::sync::Arc;

/// `drwxr-xr-x`
pub(super) fn mode_text(node: &Node) -> String {
    let mode = node.metadata().mode;
    let mut text = String::from(match node {
        Node::Directory(_) => 'd',
        Node::File(_) => '-',
        Node::Symlink { .. } => 'l',
        Node::Device { kind: DeviceKind::Character, .. } => 'c',
        Node::Device { kind: DeviceKind::Block, .. } => 'b',
        Node::Device { kind: DeviceKind::Fifo, .. } => 'p',
    });
    let mode = if node.as_symlink().is_some() { 0o777 } else { mode };
    text.push_str(&permissions_text(mode));
    text
}

/// Permissions as `rwxr-xr-x`.
pub(super) fn permissions_text(mode: u32) -> String {
    let mut text = String::new();
    for (shift, special, letter) in [(6, 0o4000, 's'), (3, 0o2000, 's'), (0, 0o1000, 't')] {
        let bits = mode >> shift;
        text.push(if bits & 4 != 0 { 'r' } else { '-' });
        text.push(if bits & 2 != 0 { 'w' } else { '-' });
        text.push(match (mode & special != 0, bits & 1 != 0) {
            (false, true) => 'x',
            (false, false) => '-',
            (true, true) => letter,
            (true, false) => letter.to_ascii_uppercase(),
        });
    }
    text
}

/// The size that `ls` shows: directories have a block.
pub(super) fn shown_size(node: &Node) -> u64 {
    if node.is_directory() { 4096 } else { node.size() }
}

/// The blocks of 512 bytes that something takes.
pub(super) fn blocks(node: &Node) -> u64 {
    match node {
        Node::Symlink { .. } | Node::Device { .. } => 0,
        _ => shown_size(node).div_ceil(4096) * 8,
    }
}

/// `4.0K`
pub(super) fn human(size: u64, busybox: bool) -> String {
    let mut value = size as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit < 5 {
        value /= 1024.0;
        unit += 1;
    }
    let suffix = ["", "K", "M", "G", "T", "P"][unit];
    if unit == 0 {
        return size.to_string();
    }
    // GNU rounds up, BusyBox to the nearest.
    let tenths = if busybox { (value * 10.0).round() } else { (value * 10.0).ceil() };
    if tenths < 100.0 {
        return format!("{:.1}{suffix}", tenths / 10.0);
    }
    format!("{}{suffix}", if busybox { value.round() } else { value.ceil() })
}

struct Entry {
    name: String,
    path: String,
    node: Arc<Node>,
}

/// Lists directories.
pub(super) fn ls(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("all", 'a'),
        ("almost-all", 'A'),
        ("directory", 'd'),
        ("recursive", 'R'),
        ("human-readable", 'h'),
        ("reverse", 'r'),
        ("inode", 'i'),
        ("size", 's'),
        ("classify", 'F'),
        ("color", 'Z'),
        ("numeric-uid-gid", 'n'),
        ("full-time", 'e'),
        ("group-directories-first", 'z'),
    ];
    let options = match options::parse(process, "1AaCxdLHRFpljmneiksSXtrwcuhTgoGQbqNvZ::z", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let standard = [".".to_owned()];
    let operands = if options.operands.is_empty() { &standard[..] } else { &options.operands };
    let (mut files, mut directories) = (Vec::new(), Vec::new());
    let mut code = 0;
    let long_format = is_long(&options);
    for path in operands {
        let follow = if long_format && !options.has('L') && !options.has('H') || options.has('d') {
            Follow::No
        } else {
            Follow::Yes
        };
        let found = process.look(path, follow).or_else(|_| process.look(path, Follow::No));
        match found {
            Ok((_, node)) => {
                let entry = Entry { name: path.clone(), path: path.clone(), node };
                if entry.node.is_directory() && !options.has('d') {
                    directories.push(entry)
                } else {
                    files.push(entry)
                }
            }
            Err(error) => {
                let text = if process.is_busybox() {
                    format!("{path}: {}", error.kind.message())
                } else {
                    format!("cannot access '{path}': {}", error.kind.message())
                };
                process.complain(&text)?;
                code = if process.is_busybox() { 1 } else { 2 };
            }
        }
    }
    sort(&mut files, &options);
    sort(&mut directories, &options);
    let headers = operands.len() > 1 || options.has('R');
    let mut first = files.is_empty();
    print_entries(process, &files, &options)?;
    for directory in directories {
        if !list_directory(process, &directory.path, headers, &mut first, &options)? {
            code = if process.is_busybox() { 1 } else { 2 };
        }
    }
    Ok(code)
}

fn is_long(options: &Options) -> bool {
    "lngoe".chars().any(|letter| options.has(letter))
}

fn list_directory(
    process: &mut Process<'_, '_>,
    path: &str,
    headers: bool,
    first: &mut bool,
    options: &Options,
) -> Result<bool, Interrupt> {
    let listed = match process.list(path) {
        Ok(listed) => listed,
        Err(error) => {
            if process.is_busybox() {
                super::support::cannot_open(process, path, &error)?;
            } else {
                process.complain(&format!("cannot open directory '{path}': {}", error.kind.message()))?;
            }
            return Ok(false);
        }
    };
    if headers {
        let blank = if *first { "" } else { "\n" };
        process.output(&format!("{blank}{path}:\n"))?;
    }
    *first = false;
    let mut entries = Vec::new();
    if options.has('a') {
        for name in [".", ".."] {
            let full = path::join(path, name);
            if let Ok(node) = process.stat(&full) {
                entries.push(Entry { name: name.to_owned(), path: full, node });
            }
        }
    }
    process.step(1 + listed.len() as u64 / 4)?;
    for (name, node) in listed {
        if !name.starts_with('.') || options.has('a') || options.has('A') {
            entries.push(Entry { path: path::join(path, &name), name: name.to_string(), node });
        }
    }
    sort(&mut entries, options);
    if is_long(options) || options.has('s') {
        let total: u64 = entries.iter().map(|entry| blocks(&entry.node) / 2).sum();
        let total =
            if options.has('h') { human(total * 1024, process.is_busybox()) } else { total.to_string() };
        process.output(&format!("total {total}\n"))?;
    }
    print_entries(process, &entries, options)?;
    let mut done = true;
    if options.has('R') {
        for entry in entries
            .iter()
            .filter(|entry| entry.node.is_directory() && entry.name != "." && entry.name != "..")
        {
            done &= list_directory(process, &entry.path, true, first, options)?;
        }
    }
    Ok(done)
}

fn sort(entries: &mut [Entry], options: &Options) {
    crate::order::sort_by(entries, |a, b| a.name.cmp(&b.name));
    match options.last_of("StXz") {
        Some('S') => crate::order::sort_by_key(entries, |entry| std::cmp::Reverse(shown_size(&entry.node))),
        Some('t') => {
            crate::order::sort_by_key(entries, |entry| std::cmp::Reverse(entry.node.metadata().mtime))
        }
        Some('X') => crate::order::sort_by_key(entries, |entry| {
            entry.name.rsplit_once('.').map(|(_, extension)| extension.to_owned())
        }),
        Some('z') => crate::order::sort_by_key(entries, |entry| !entry.node.is_directory()),
        _ => {}
    }
    if options.has('r') {
        entries.reverse();
    }
}

fn print_entries(
    process: &mut Process<'_, '_>,
    entries: &[Entry],
    options: &Options,
) -> Result<(), Interrupt> {
    if !is_long(options) {
        for entry in entries {
            let mut line = String::new();
            if options.has('i') {
                line.push_str(&format!("{:7} ", inode(process, &entry.path)));
            }
            if options.has('s') {
                line.push_str(&format!("{} ", blocks(&entry.node) / 2));
            }
            line.push_str(&entry.name);
            line.push_str(&mark(entry, options));
            super::support::print_line(process, &line)?;
        }
        return Ok(());
    }
    let mut rows = Vec::new();
    for entry in entries {
        rows.push(row(process, entry, options));
    }
    let busybox = process.is_busybox();
    let width = |at: usize| rows.iter().map(|row: &[String; 6]| row[at].chars().count()).max().unwrap_or(0);
    // BusyBox gives sizes for people less room.
    let size = if options.has('h') { 7 } else { 9 };
    let widths = if busybox { [0, 4, 8, 8, size, 0] } else { [0, width(1), width(2), width(3), width(4), 0] };
    // GNU's numbers stand on the right.
    let numeric = options.has('n') && !busybox;
    for cells in &rows {
        let [mode, links, user, group, size, rest] = cells;

        let mut line = format!("{mode} {links:>0$}", widths[1]);
        if !options.has('g') {
            line.push_str(&padded(user, widths[2], numeric));
        }
        if !options.has('o') && !options.has('G') {
            line.push_str(&padded(group, widths[3], numeric));
        }
        line.push_str(&format!(" {size:>0$} {rest}", widths[4]));
        super::support::print_line(process, &line)?;
    }
    Ok(())
}

fn mark(entry: &Entry, options: &Options) -> String {
    let directory = entry.node.is_directory() && (options.has('F') || options.has('p'));
    let text = match &*entry.node {
        _ if directory => "/",
        Node::Symlink { .. } if options.has('F') => "@",
        Node::Device { kind: DeviceKind::Fifo, .. } if options.has('F') => "|",
        Node::File(file) if options.has('F') && file.metadata.mode & 0o111 != 0 => "*",
        _ => "",
    };
    text.to_owned()
}

fn row(process: &mut Process<'_, '_>, entry: &Entry, options: &Options) -> [String; 6] {
    let metadata = *entry.node.metadata();
    let place = process.look(&entry.path, Follow::No).map(|(place, _)| place).unwrap_or_default();
    let links = process.link_count(&place).to_string();
    let numeric = options.has('n');
    let user = if numeric { None } else { user_name(process, metadata.uid) };
    let group = if numeric { None } else { group_name(process, metadata.gid) };
    let size = match &*entry.node {
        Node::Device { number: (major, minor), kind, .. } if *kind != DeviceKind::Fifo => {
            format!("{major}, {minor:3}")
        }
        node if options.has('h') => human(shown_size(node), process.is_busybox()),
        node => shown_size(node).to_string(),
    };
    let time = if options.has('e') {
        let fraction = if process.is_busybox() { "" } else { ".000000000" };
        format_time(&format!("%Y-%m-%d %H:%M:%S{fraction} +0000"), metadata.mtime)
    } else {
        short_time(metadata.mtime, process.now())
    };
    let mut name = entry.name.clone() + &mark(entry, options);
    if let Some(target) = entry.node.as_symlink() {
        name = format!("{} -> {target}", entry.name);
    }
    [
        mode_text(&entry.node),
        links,
        user.unwrap_or_else(|| metadata.uid.to_string()),
        group.unwrap_or_else(|| metadata.gid.to_string()),
        size,
        format!("{time} {name}"),
    ]
}

/// The clock for what is younger than half a year, else the year.
fn short_time(time: i64, now: i64) -> String {
    let at = moment(time);
    let recent = now - time < 15_778_476 && time <= now;
    let tail = if recent { format!("{:02}:{:02}", at.hour, at.minute) } else { format!(" {}", at.year) };
    format!("{} {:2} {tail}", month_name(at.month), at.day)
}

/// A number that is the same for all names of a file.
pub(super) fn inode(process: &mut Process<'_, '_>, path: &str) -> u64 {
    let place = process.look(path, Follow::No).map(|(place, _)| place).unwrap_or_default();
    let first = process.machine.tree().names_of(&place).first().cloned().unwrap_or(place);
    let hash = first.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash % 9_000_000 + 1000
}

/// A cell with a blank in front.
fn padded(text: &str, width: usize, right: bool) -> String {
    if right { format!(" {text:>width$}") } else { format!(" {text:<width$}") }
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn listings() {
        assert_eq!(
            sh("ls /d; ls -a /d/sub; ls -d /d; ls -1r /d"),
            "a.txt\nb.txt\nsub\n.\n..\nc.txt\n/d\nsub\nb.txt\na.txt\n"
        );
        assert_eq!(
            sh("ls -l /d/a.txt; ls -ln /d/sub"),
            "-rw-r--r--    1 root     root             6 Nov 14 21:56 /d/a.txt\n\
             total 4\n-rw-r--r--    1 0        0                8 Nov 14 21:56 c.txt\n"
        );
        assert_eq!(sh("ls /nope"), "! ls: /nope: No such file or directory\n= 1\n");
        assert_eq!(
            shown("dash", "ls /nope; ls -l /d"),
            "total 12\n-rw-r--r-- 1 root root    6 Nov 14 21:56 a.txt\n-rw-r--r-- 1 root root    6 Nov 14 21:56 b.txt\n\
             drwxr-xr-x 2 root root 4096 Nov 14 21:56 sub\n! ls: cannot access '/nope': No such file or directory\n"
        );
        assert_eq!(sh("ls -R /d"), "/d:\na.txt\nb.txt\nsub\n\n/d/sub:\nc.txt\n");
        assert_eq!(sh("cd /d; ls -F; ls -S"), "a.txt\nb.txt\nsub/\nsub\na.txt\nb.txt\n");
    }
}

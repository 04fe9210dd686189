//! `tree`: directories as a drawing.

use super::ls::{human, mode_text};
use super::options::{self, Options};
use super::support::{count_of, group_name, user_name};
use super::time::format_time;
use crate::shell::language::matches_glob;
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{Node, path};
use std::sync::Arc;

const LONG: &[(&str, char)] = &[
    ("dirsfirst", '1'),
    ("noreport", '2'),
    ("prune", '3'),
    ("du", '4'),
    ("filelimit", '5'),
    ("charset", '6'),
    ("inodes", '7'),
    ("device", '8'),
    ("sort", '9'),
];

/// Draws each directory that is named, or the one it is in.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let busybox = process.is_busybox();
    let options =
        match options::parse_as(process, ("", &[]), ("adfilL:P:I:psughDFQNrtUnCxv1234:5:6:789:", LONG))? {
            Ok(options) => options,
            Err(code) => return Ok(code),
        };
    let depth = options.value('L').map(|text| count_of(text).unwrap_or(0));
    if depth == Some(0) {
        process.complain("Invalid level, must be greater than 0.")?;
        return Ok(1);
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| process.env(name));
    let is_utf8 = locale.is_some_and(|locale| locale.to_lowercase().replace('-', "").ends_with("utf8"));
    let is_utf8 = options.value('6').map_or(is_utf8, |name| name.to_lowercase().starts_with("utf"));
    let mut drawing = Drawing {
        depth: depth.unwrap_or(usize::MAX),
        marks: if is_utf8 { UNICODE } else { ASCII },
        directories: 0,
        files: 0,
        busybox,
        options: &options,
    };
    let here = [".".to_owned()];
    let mut code = 0;
    for name in if options.operands.is_empty() { &here } else { &options.operands[..] } {
        let node = process.stat(name);
        match node {
            Ok(node) if node.is_directory() => {
                let details = drawing.details(process, &node);
                let shown = drawing.name(name, &node, true);
                process.output(&format!("{details}{shown}\n"))?;
                drawing.directories += usize::from(!busybox);
                drawing.entries(process, name, "", 1)?;
            }
            found => {
                drawing.files += usize::from(found.is_ok() && !busybox);
                process.output(&format!("{name}  [error opening dir]\n"))?;
                code = 2;
            }
        }
    }
    if !options.has('2') {
        let plural =
            |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
        let mut text = format!("\n{}", plural(drawing.directories, "directory", "directories"));
        if !options.has('d') {
            text.push_str(&format!(", {}", plural(drawing.files, "file", "files")));
        }
        process.output(&format!("{text}\n"))?;
    }
    Ok(if busybox { 0 } else { code })
}

/// A name in a directory, and what is there.
type Entry = (Arc<str>, Arc<Node>);

/// What is drawn before an entry, before the last one, and before what is below either.
type Marks = [&'static str; 4];
const UNICODE: Marks = ["├── ", "└── ", "│\u{a0}\u{a0} ", "    "];
const ASCII: Marks = ["|-- ", "`-- ", "|   ", "    "];

struct Drawing<'o> {
    options: &'o Options,
    depth: usize,
    marks: Marks,
    directories: usize,
    files: usize,
    busybox: bool,
}

impl Drawing<'_> {
    fn entries(
        &mut self,
        process: &mut Process<'_, '_>,
        directory: &str,
        before: &str,
        depth: usize,
    ) -> Result<(), Interrupt> {
        if depth > self.depth {
            return Ok(());
        }
        process.machine.enter()?;
        let entries = self.visible(process, directory)?;
        for (at, (name, node)) in entries.iter().enumerate() {
            process.step(1)?;
            let is_last = at + 1 == entries.len();
            let (mark, below) =
                if is_last { (self.marks[1], self.marks[3]) } else { (self.marks[0], self.marks[2]) };
            let full = path::join(directory, name);
            let shown = if self.options.has('f') { full.as_str() } else { name };
            let line = self.name(shown, node, false);
            let details = self.details(process, node);
            let target = match &**node {
                Node::Symlink { target, .. } => {
                    let reached = process.stat(&full).ok();
                    let kind = reached.filter(|_| self.options.has('F'));
                    format!(" -> {}", self.name(target, kind.as_ref().unwrap_or(node), false))
                }
                _ => String::new(),
            };
            let drawn = if self.options.has('i') { String::new() } else { format!("{before}{mark}") };
            process.output(&format!("{drawn}{details}{line}{target}\n"))?;
            // A link to a directory is counted as one, and not entered.
            let is_directory = node.is_directory() || (!self.busybox && process.is_directory(&full));
            if is_directory {
                self.directories += 1;
            } else {
                self.files += 1;
            }
            if node.is_directory() {
                self.entries(process, &full, &format!("{before}{below}"), depth + 1)?;
            }
        }
        process.machine.leave();
        Ok(())
    }

    /// The entries that the options let be seen, in their order.
    fn visible(&self, process: &mut Process<'_, '_>, directory: &str) -> Result<Vec<Entry>, Interrupt> {
        let mut entries = process.list(directory).unwrap_or_default();
        let options = self.options;
        let any = |globs: &str, name: &str| globs.split('|').any(|glob| matches_glob(glob, name));
        let mut kept = Vec::new();
        for (name, node) in entries.drain(..) {
            let is_directory = node.is_directory() || process.is_directory(&path::join(directory, &name));
            if (name.starts_with('.') && !options.has('a'))
                || (options.has('d') && !is_directory)
                || options.values('I').any(|globs| any(globs, &name))
                || (!is_directory && options.value('P').is_some_and(|globs| !any(globs, &name)))
            {
                continue;
            }
            if options.has('3') && node.is_directory() {
                let below = path::join(directory, &name);
                process.machine.enter()?;
                let is_empty = self.visible(process, &below)?.is_empty();
                process.machine.leave();
                if is_empty {
                    continue;
                }
            }
            kept.push((name, node));
        }
        if options.has('t') {
            crate::order::sort_by(&mut kept, |a, b| a.1.metadata().mtime.cmp(&b.1.metadata().mtime));
        }
        if options.has('r') {
            kept.reverse();
        }
        if options.has('1') {
            let mut is_directory = |name: &str| process.is_directory(&path::join(directory, name));
            let (directories, files): (Vec<_>, Vec<_>) =
                kept.into_iter().partition(|(name, _)| is_directory(name));
            kept = [directories, files].concat();
        }
        Ok(kept)
    }

    /// A name, quoted and with the mark of its kind where that is asked for.
    fn name(&self, name: &str, node: &Node, is_root: bool) -> String {
        let mut shown = match () {
            () if self.options.has('Q') => format!("\"{name}\""),
            () if self.options.has('N') || self.busybox || is_root => name.to_owned(),
            () => name.replace('\\', "\\\\").replace(' ', "\\ "),
        };
        if self.options.has('F') {
            match node {
                Node::Directory(_) if !shown.ends_with('/') => shown.push('/'),
                Node::File(file) if file.metadata.mode & 0o111 != 0 => shown.push('*'),
                _ => {}
            }
        }
        shown
    }

    /// `[drwxr-xr-x root     root      4096 Nov 14 22:13]  `
    fn details(&self, process: &mut Process<'_, '_>, node: &Node) -> String {
        let mut parts = Vec::new();
        let metadata = *node.metadata();
        if self.options.has('p') {
            parts.push(mode_text(node));
        }
        if self.options.has('u') {
            let name = user_name(process, metadata.uid).unwrap_or_else(|| metadata.uid.to_string());
            parts.push(format!("{name:<8}"));
        }
        if self.options.has('g') {
            let name = group_name(process, metadata.gid).unwrap_or_else(|| metadata.gid.to_string());
            parts.push(format!("{name:<8}"));
        }
        let size = if node.is_directory() { 4096 } else { node.size() };
        match () {
            () if self.options.has('h') => parts.push(format!("{:>4}", human(size, true))),
            () if self.options.has('s') => parts.push(format!("{size:>11}")),
            () => {}
        }
        if self.options.has('D') {
            parts.push(format_time("%b %e %H:%M", metadata.mtime));
        }
        if parts.is_empty() { String::new() } else { format!("[{}]  ", parts.join(" ")) }
    }
}

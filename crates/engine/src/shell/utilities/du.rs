//! `du`: how much files take, in blocks of 4 KiB as most filesystems have them.

use super::options::{self, Options};
use super::support::cannot_because;
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{Follow, Node, path};
use std::collections::BTreeSet;

struct Counter<'a> {
    options: &'a Options,
    depth: Option<usize>,
    /// Files with several names that were counted.
    seen: BTreeSet<String>,
    failed: bool,
}

/// Prints the sizes of directories and all below them.
pub(super) fn du(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("all", 'a'),
        ("bytes", 'b'),
        ("total", 'c'),
        ("max-depth", 'd'),
        ("human-readable", 'h'),
        ("summarize", 's'),
        ("one-file-system", 'x'),
        ("apparent-size", 'A'),
        ("dereference", 'L'),
        ("exclude", 'e'),
        ("null", '0'),
    ];
    let options = match options::parse(process, "abcd:hkmsxALHl0e:S", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let depth =
        if options.has('s') { Some(0) } else { options.value('d').and_then(|depth| depth.parse().ok()) };
    let here = [".".to_owned()];
    let paths = if options.operands.is_empty() { &here[..] } else { &options.operands };
    let mut counter = Counter { options: &options, depth, seen: BTreeSet::new(), failed: false };
    let mut total = 0;
    for path in paths {
        if process.lstat(path).is_err() {
            let kind =
                process.lstat(path).map_or_else(|error| error.kind, |_| crate::vfs::VfsErrorKind::NotFound);
            if process.is_busybox() {
                process.complain(&format!("{path}: {}", kind.message()))?;
            } else {
                cannot_because(process, "access", path, kind)?;
            }
            counter.failed = true;
            continue;
        }
        total += counter.count(process, path, 0)?;
    }
    if options.has('c') {
        counter.print(process, total, "total")?;
    }
    Ok(i32::from(counter.failed))
}

impl Counter<'_> {
    /// Counts what is at a path, prints it where that is asked for, and gives its bytes.
    fn count(&mut self, process: &mut Process<'_, '_>, place: &str, depth: usize) -> Result<u64, Interrupt> {
        process.step(1)?;
        let Ok((canonical, node)) = process.look(place, Follow::No) else { return Ok(0) };
        let apparent = self.options.has('b') || self.options.has('A');
        let blocks = |bytes: u64| if apparent { bytes } else { bytes.next_multiple_of(4096) };
        let mut size = match &*node {
            Node::Directory(_) => 4096,
            Node::File(file) => {
                let names = process.machine.tree().names_of(&canonical);
                let first = names.iter().min().map(|name| name.to_string());
                let again = names.len() > 1 && !first.is_none_or(|first| self.seen.insert(first));
                if again && !self.options.has('l') {
                    return Ok(0);
                }
                blocks(file.content.size())
            }
            Node::Symlink { target, .. } if apparent => target.len() as u64,
            _ => 0,
        };
        if node.is_directory() {
            match process.list(place) {
                Ok(entries) => {
                    for (name, _) in entries {
                        size += self.count(process, &path::join(place, &name), depth + 1)?;
                    }
                }
                Err(error) => {
                    self.failed = true;
                    let what = "read directory";
                    cannot_because(process, what, place, error.kind)?;
                }
            }
        }
        let shown = node.is_directory() || self.options.has('a') || depth == 0;
        if shown && self.depth.is_none_or(|most| depth <= most) {
            self.print(process, size, place)?;
        }
        Ok(size)
    }

    fn print(&self, process: &mut Process<'_, '_>, bytes: u64, name: &str) -> Result<(), Interrupt> {
        let size = match self.options.last_of("bhkm") {
            Some('b') => bytes.to_string(),
            Some('h') => human(bytes, process.is_busybox()),
            Some('m') => bytes.div_ceil(1 << 20).to_string(),
            _ => bytes.div_ceil(1024).to_string(),
        };
        process.output(&format!("{size}\t{name}\n"))
    }
}

/// `4.0K`, `1.2M`, `15M`
fn human(bytes: u64, busybox: bool) -> String {
    if bytes < 1024 && !busybox {
        return bytes.to_string();
    }
    let mut value = bytes as f64 / 1024.0;
    for unit in ["K", "M", "G"] {
        if value < 1023.5 || unit == "G" {
            let rounded = (value * 10.0).ceil() / 10.0;
            return if rounded < 10.0 || busybox {
                format!("{rounded:.1}{unit}")
            } else {
                format!("{:.0}{unit}", value.ceil())
            };
        }
        value /= 1024.0;
    }
    String::new()
}

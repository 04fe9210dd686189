//! What `cp`, `mv`, `install` and `ln` share: sources and their destinations, and what becomes of a file in the way.

use super::options::{self, Options};
use super::support::{confirmed, destination};
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{VfsError, path};

/// Calls `body` with each source and its destination.
pub(super) fn each_pair(
    process: &mut Process<'_, '_>,
    options: &Options,
    body: &mut dyn FnMut(&mut Process<'_, '_>, &str, &str) -> Result<bool, Interrupt>,
) -> Outcome {
    let mut sources = options.operands.clone();
    let target = match options.value('t') {
        Some(target) => target.to_owned(),
        None if sources.len() >= 2 => sources.pop().unwrap_or_default(),
        None => {
            let text = match sources.first() {
                Some(source) => format!("missing destination file operand after '{source}'"),
                None => "missing file operand".to_owned(),
            };
            return options::missing(process, &text);
        }
    };
    let is_directory = process.is_directory(&target) && !options.has('T');
    // BusyBox takes it for one, and finds out with each file.
    let several = sources.len() > 1;
    if several && !is_directory && !process.is_busybox() {
        let reason = if process.exists(&target) { "Not a directory" } else { "No such file or directory" };
        process.complain(&format!("target '{target}': {reason}"))?;
        return Ok(1);
    }
    if options.has('Q') && !is_directory {
        return super::support::fail(process, 1, "with --parents, the destination must be a directory");
    }
    let mut code = 0;
    for source in &sources {
        let to = if options.has('Q') {
            let whole = path::join(&target, source.trim_start_matches('/'));
            let _ = process.make_directories(path::parent(&whole));
            whole
        } else if several && !is_directory {
            path::join(&target, super::support::base_name(source))
        } else {
            destination(process, source, &target, options.has('T'))
        };
        if !body(process, source, &to)? {
            code = 1;
        }
    }
    Ok(code)
}

/// What becomes of a file that is already at the destination.
#[derive(Clone, Default)]
pub(super) struct InTheWay {
    /// It stays.
    keeps: bool,
    /// It stays if it is not older.
    updates: bool,
    asks: bool,
    backup: Option<Backup>,
}

/// How the file in the way is called from then on.
#[derive(Clone)]
enum Backup {
    Simple(String),
    Numbered,
    /// Numbered if there is one already.
    Existing(String),
}

impl InTheWay {
    /// As `-f`, `-i`, `-n`, `-u`, `-b` and `--backup` (`B`) say; of the first three the last one counts.
    pub(super) fn of(options: &Options) -> Self {
        let suffix = options.value('S').unwrap_or("~").to_owned();
        let backup = match (options.value('B'), options.has('b') || options.has('B')) {
            (Some("none" | "off"), _) | (_, false) => None,
            (Some("numbered" | "t"), _) => Some(Backup::Numbered),
            (Some("simple" | "never"), _) => Some(Backup::Simple(suffix)),
            _ => Some(Backup::Existing(suffix)),
        };
        let last = options.last_of("fin");
        Self { keeps: last == Some('n'), updates: options.has('u'), asks: last == Some('i'), backup }
    }

    /// Whether `to` may be made, with what was there out of the way if it is kept under another name.
    pub(super) fn give_way(
        &self,
        process: &mut Process<'_, '_>,
        to: &str,
        source_time: i64,
    ) -> Result<bool, Interrupt> {
        let Ok(old) = process.lstat(to) else { return Ok(true) };
        if old.is_directory() {
            return Ok(true);
        }
        if self.keeps || self.updates && old.metadata().mtime >= source_time {
            return Ok(false);
        }
        if self.asks && !confirmed(process, &format!("overwrite '{to}'? "))? {
            return Ok(false);
        }
        if let Some(backup) = &self.backup {
            let name = backup.name(process, to);
            let _ = process.rename(to, &name);
        }
        Ok(true)
    }
}

impl Backup {
    fn name(&self, process: &mut Process<'_, '_>, path: &str) -> String {
        let numbered = |number: u32| format!("{path}.~{number}~");
        match self {
            Self::Existing(suffix) if process.lstat(&numbered(1)).is_err() => format!("{path}{suffix}"),
            Self::Simple(suffix) => format!("{path}{suffix}"),
            _ => {
                let mut number = 1;
                while process.lstat(&numbered(number)).is_ok() {
                    number += 1;
                }
                numbered(number)
            }
        }
    }
}

/// Removes what is in the way and makes something anew.
pub(super) fn replace(
    process: &mut Process<'_, '_>,
    to: &str,
    make: impl FnOnce(&mut Process<'_, '_>) -> Result<(), VfsError>,
) -> Result<(), VfsError> {
    if process.lstat(to).is_ok() {
        process.remove(to)?;
    }
    make(process)
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn what_is_in_the_way() {
        assert_eq!(
            shown("dash", "cd /d; cp -b a.txt b.txt; ls; cat b.txt~"),
            "a.txt\nb.txt\nb.txt~\nsub\nbravo\n"
        );
        assert_eq!(
            shown("dash", "cd /d; cp --backup=numbered a.txt b.txt; mv -b a.txt b.txt; ls"),
            "b.txt\nb.txt.~1~\nb.txt.~2~\nsub\n"
        );
        assert_eq!(sh("cd /d; echo n | cp -i a.txt b.txt; cat b.txt"), "bravo\n! cp: overwrite 'b.txt'? \n");
        assert_eq!(sh("cd /d; echo y | mv -i a.txt b.txt; cat b.txt"), "alpha\n! mv: overwrite 'b.txt'? \n");
        assert_eq!(sh("cd /d; cp -n a.txt b.txt; cat b.txt"), "bravo\n");
        assert_eq!(
            sh("cd /d; touch -d @9 a.txt; mv -u a.txt b.txt; cat b.txt").lines().next(),
            Some("bravo")
        );
    }

    #[test]
    fn several_sources_want_a_directory() {
        assert_eq!(
            shown("dash", "cp /d/a.txt /d/b.txt /n"),
            "! cp: target '/n': No such file or directory\n= 1\n"
        );
        assert_eq!(
            sh("cp /d/a.txt /d/b.txt /n"),
            "! cp: can't create '/n/a.txt': No such file or directory\n! cp: can't create '/n/b.txt': No such file or directory\n= 1\n"
        );
    }
}

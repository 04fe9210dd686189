//! File names that match a pattern.

use super::Shell;
use crate::shell::interrupt::Interrupt;
use crate::shell::language::{Dialect, Pattern};
use crate::vfs::path;

impl Shell<'_, '_> {
    /// The paths that match a pattern, sorted by their bytes; none if nothing does.
    pub(super) fn glob(&mut self, pattern: &str) -> Result<Vec<String>, Interrupt> {
        let rooted = pattern.starts_with('/');
        let mut found = vec![if rooted { "/".to_owned() } else { String::new() }];
        let parts: Vec<&str> = pattern.split('/').collect();
        let last = parts.len() - 1;
        for (at, part) in parts.iter().enumerate() {
            if part.is_empty() {
                // A slash at the end: only directories.
                if at == last && at > 0 && !(rooted && last == 1) {
                    let mut directories = Vec::new();
                    for name in found {
                        if self.process.is_directory(&name) {
                            directories.push(name + "/");
                        }
                    }
                    found = directories;
                }
                continue;
            }
            let is_pattern = has_special(part);
            let compiled = Pattern::new(part);
            let literal = unescaped(part);
            let mut next = Vec::new();
            for base in found {
                if !is_pattern {
                    let candidate = joined(&base, &literal);
                    if self.process.lstat(&candidate).is_ok() {
                        next.push(candidate);
                    }
                    continue;
                }
                let directory = if base.is_empty() { "." } else { base.as_str() };
                let Ok(entries) = self.process.list(directory) else { continue };
                self.process.step(1 + entries.len() as u64 / 8)?;
                let dots = [".", ".."]
                    .into_iter()
                    .filter(|_| literal.starts_with('.') && self.state.dialect != Dialect::Bash);
                let names = dots.map(str::to_owned).chain(entries.iter().map(|(name, _)| name.to_string()));
                let hidden = literal.starts_with('.') || self.state.options.dotglob;
                next.extend(
                    names
                        .filter(|name| (hidden || !name.starts_with('.')) && compiled.matches(name))
                        .map(|name| joined(&base, &name)),
                );
            }
            found = next;
        }
        crate::order::sort(&mut found);
        Ok(found)
    }
}

fn joined(base: &str, name: &str) -> String {
    if base.is_empty() { name.to_owned() } else { path::join(base, name) }
}

fn has_special(part: &str) -> bool {
    let mut chars = part.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '*' | '?' | '[' => return true,
            _ => {}
        }
    }
    false
}

fn unescaped(part: &str) -> String {
    let mut text = String::new();
    let mut chars = part.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            _ => text.push(c),
        }
    }
    text
}

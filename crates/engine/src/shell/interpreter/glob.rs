//! File names that match a pattern.

use super::Shell;
use crate::shell::interrupt::Interrupt;
use crate::shell::language::Dialect;
use crate::vfs::path;

impl Shell<'_, '_> {
    /// The paths that match a pattern, sorted by their bytes; none if nothing does.
    pub(super) fn glob(&mut self, pattern: &str) -> Result<Vec<String>, Interrupt> {
        let rooted = pattern.starts_with('/');
        let parts = parts_of(pattern, self.state.options.extglob);
        let mut found = vec![if rooted { "/".to_owned() } else { String::new() }];
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
            if *part == "**" && self.state.options.globstar {
                found = self.all_below(found, at == last)?;
                continue;
            }
            let is_pattern = has_special(part, self.state.options.extglob);
            let fold = self.state.options.nocaseglob;
            let compiled = self.pattern(&if fold { part.to_lowercase() } else { (*part).to_owned() });
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
                        .filter(|name| hidden || !name.starts_with('.'))
                        .filter(|name| match fold {
                            true => compiled.matches(&name.to_lowercase()),
                            false => compiled.matches(name),
                        })
                        .map(|name| joined(&base, &name)),
                );
            }
            found = next;
        }
        crate::order::sort(&mut found);
        Ok(found)
    }

    /// `**`: everything below, and what it starts from; only directories if more of the pattern follows.
    fn all_below(&mut self, bases: Vec<String>, last: bool) -> Result<Vec<String>, Interrupt> {
        let mut all = Vec::new();
        let starts = bases.len();
        let mut next: Vec<(String, bool)> = bases.into_iter().map(|base| (base, true)).collect();
        self.process.step(starts as u64)?;
        while let Some((base, is_start)) = next.pop() {
            let directory = if base.is_empty() { "." } else { base.as_str() };
            let entries = self.process.list(directory).unwrap_or_default();
            self.process.step(1 + entries.len() as u64 / 8)?;
            for (name, node) in
                entries.iter().filter(|(name, _)| self.state.options.dotglob || !name.starts_with('.'))
            {
                let path = joined(&base, name);
                match node.is_directory() {
                    true => next.push((path, false)),
                    false if last => all.push(path),
                    false => {}
                }
            }
            // Where it starts from is named with a slash at the end, and not at all if that is here.
            if last && is_start && !base.is_empty() {
                all.push(base + "/");
            } else if !last || !base.is_empty() {
                all.push(base);
            }
        }
        Ok(all)
    }
}

/// The parts of a pattern between slashes, which in a group do not count.
fn parts_of(pattern: &str, groups: bool) -> Vec<&str> {
    let (mut parts, mut from, mut nesting) = (Vec::new(), 0, 0);
    for (at, c) in pattern.char_indices() {
        match c {
            '(' if groups => nesting += 1,
            ')' if nesting > 0 => nesting -= 1,
            '/' if nesting == 0 => {
                parts.push(&pattern[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&pattern[from..]);
    parts
}

fn joined(base: &str, name: &str) -> String {
    if base.is_empty() { name.to_owned() } else { path::join(base, name) }
}

fn has_special(part: &str, groups: bool) -> bool {
    let mut chars = part.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '*' | '?' | '[' => return true,
            '(' if groups => return true,
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

//! Which members are meant, and what they are called.

use super::settings::Settings;
use crate::shell::language::Pattern;
use crate::shell::regex::{Regex, Syntax};

/// Whether a member is left out. Patterns may begin at any part of a name; what is
/// below a directory that is left out is left out too.
pub(super) fn is_excluded(settings: &Settings, name: &str) -> bool {
    if settings.excluded.is_empty() {
        return false;
    }
    let name = name.trim_end_matches('/');
    let ends: Vec<usize> =
        name.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0).chain([name.len()]).collect();
    let starts = [0].into_iter().chain(name.match_indices('/').map(|(at, _)| at + 1));
    let starts: Vec<usize> = starts.collect();
    settings.excluded.iter().any(|pattern| {
        let pattern = Pattern::new(pattern.trim_end_matches('/'));
        starts.iter().any(|start| {
            ends.iter().filter(|end| *end > start).any(|end| pattern.matches(&name[*start..*end]))
        })
    })
}

/// Whether a member was asked for; gives the place of the word that asked. Without words all are meant.
pub(super) fn wanted_by(settings: &Settings, name: &str, busybox: bool) -> Option<usize> {
    let name = name.trim_end_matches('/');
    settings.members.iter().position(|member| {
        let member = member.trim_end_matches('/');
        let below = name.strip_prefix(member).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        if below || !(settings.wildcards || busybox) {
            return below;
        }
        let pattern = Pattern::new(member);
        let ends = name.match_indices('/').map(|(at, _)| at).chain([name.len()]);
        ends.into_iter().any(|end| pattern.matches(&name[..end]))
    })
}

/// The name without its first parts; `None` if nothing is left.
pub(super) fn stripped(name: &str, count: usize) -> Option<&str> {
    let mut rest = name.trim_start_matches('/');
    for _ in 0..count {
        rest = rest.split_once('/')?.1.trim_start_matches('/');
    }
    (!rest.is_empty()).then_some(rest)
}

/// The name after the `s` commands of `--transform`.
pub(super) fn transformed(settings: &Settings, name: &str) -> String {
    let mut name = name.to_owned();
    for command in settings.transform.iter().flat_map(|text| text.split(';')) {
        name = substituted(command, &name).unwrap_or(name);
    }
    name
}

/// `s/REGEX/REPLACEMENT/FLAGS` with any delimiter.
fn substituted(command: &str, name: &str) -> Option<String> {
    let delimiter = command.strip_prefix('s')?.chars().next()?;
    let mut parts = command[1 + delimiter.len_utf8()..].split(delimiter);
    let (pattern, replacement, flags) = (parts.next()?, parts.next()?, parts.next().unwrap_or(""));
    let syntax = if flags.contains('x') { Syntax::Extended } else { Syntax::Basic };
    let regex = Regex::new(pattern, syntax, flags.contains('i')).ok()?;
    let (mut result, mut at) = (String::new(), 0);
    while let Some(found) = regex.find(name, at) {
        result.push_str(&name[at..found.start()]);
        let mut chars = replacement.chars();
        while let Some(c) = chars.next() {
            match c {
                '&' => result.push_str(found.text(name, 0).unwrap_or("")),
                '\\' => match chars.next() {
                    Some(digit) if digit.is_ascii_digit() => {
                        result.push_str(found.text(name, digit as usize - '0' as usize).unwrap_or(""));
                    }
                    Some(c) => result.push(c),
                    None => {}
                },
                c => result.push(c),
            }
        }
        at = found.end();
        if !flags.contains('g') || found.end() == found.start() {
            break;
        }
    }
    result.push_str(&name[at..]);
    Some(result)
}

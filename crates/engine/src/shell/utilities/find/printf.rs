//! `-printf`.

use super::walk::Place;
use crate::shell::Process;
use crate::shell::escape::{Style, unescape};
use crate::shell::utilities::conversion::Conversion;
use crate::shell::utilities::ls::{inode, mode_text, shown_size};
use crate::shell::utilities::support::{base_name, group_name, user_name};
use crate::shell::utilities::time::format_time;
use crate::vfs::{DeviceKind, Follow, Node, path};

/// The letter of `-type`.
pub(super) fn kind_letter(node: &Node) -> &'static str {
    match node {
        Node::Directory(_) => "d",
        Node::File(_) => "f",
        Node::Symlink { .. } => "l",
        Node::Device { kind: DeviceKind::Character, .. } => "c",
        Node::Device { kind: DeviceKind::Block, .. } => "b",
        Node::Device { kind: DeviceKind::Fifo, .. } => "p",
    }
}

/// The text that a format gives.
pub(super) fn printf(process: &mut Process<'_, '_>, format: &str, place: Place<'_>) -> String {
    let (format, _) = unescape(format, Style::Format);
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut conversion = Conversion::parse(&mut chars, || 0);
        conversion.letter = chars.next().unwrap_or('%');
        let text = match conversion.letter {
            'T' | 'A' | 'C' => chars.next().map(|part| time(part, place.node.metadata().mtime)),
            '%' => Some("%".to_owned()),
            letter => directive(process, letter, place),
        };
        match text {
            Some(text) => conversion.pad(&mut out, &text, text.chars().count()),
            None => out.extend(['%', conversion.letter]),
        }
    }
    out
}

/// A time, or a part of it.
fn time(part: char, time: i64) -> String {
    match part {
        '@' => format!("{time}.0000000000"),
        '+' => format_time("%Y-%m-%d+%H:%M:%S.0000000000", time),
        'S' => format_time("%S.0000000000", time),
        'T' => format_time("%H:%M:%S.0000000000", time),
        part => format_time(&format!("%{part}"), time),
    }
}

fn directive(process: &mut Process<'_, '_>, letter: char, place: Place<'_>) -> Option<String> {
    let Place { name, node, depth } = place;
    let metadata = *node.metadata();
    let below: Vec<&str> = name.rsplitn(depth + 1, '/').collect();
    Some(match letter {
        'p' => name.to_owned(),
        'f' => base_name(name).to_owned(),
        'h' if name.contains('/') => path::parent(name).to_owned(),
        'h' => ".".to_owned(),
        'P' => below.iter().take(depth).rev().copied().collect::<Vec<_>>().join("/"),
        'H' => below.get(depth).map_or("", |root| root).to_owned(),
        's' => shown_size(node).to_string(),
        'b' => (shown_size(node).div_ceil(4096) * 8).to_string(),
        'k' => (shown_size(node).div_ceil(4096) * 4).to_string(),
        'm' => format!("{:o}", metadata.mode),
        'M' => mode_text(node),
        'y' | 'Y' => kind_letter(node).to_owned(),
        'u' => user_name(process, metadata.uid).unwrap_or_else(|| metadata.uid.to_string()),
        'g' => group_name(process, metadata.gid).unwrap_or_else(|| metadata.gid.to_string()),
        'U' => metadata.uid.to_string(),
        'G' => metadata.gid.to_string(),
        'd' => depth.to_string(),
        'l' => node.as_symlink().unwrap_or("").to_owned(),
        't' | 'a' | 'c' => format_time("%a %b %e %H:%M:%S.0000000000 %Y", metadata.mtime),
        'n' => {
            let place = process.look(name, Follow::No).map(|(place, _)| place).unwrap_or_default();
            process.link_count(&place).to_string()
        }
        'i' => {
            let place = process.look(name, Follow::No).map(|(place, _)| place).unwrap_or_default();
            inode(process, &place).to_string()
        }
        'F' => "overlay".to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::shown;

    #[test]
    fn formats() {
        assert_eq!(
            shown(
                "dash",
                "cd /; touch -d @1000000000 d/a.txt; find d -name a.txt -printf '%H|%P|%h|%-8f|%5s|%u|%n|%T@|%TY-%Tm\\n'"
            ),
            "d|a.txt|d|a.txt   |    6|root|1|1000000000.0000000000|2001-09\n"
        );
    }
}

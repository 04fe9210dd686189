//! `stat`: what an inode holds.

use super::ls::{blocks, inode, mode_text, shown_size};
use super::options::{self, Options};
use super::support::{cannot, group_name, user_name};
use super::time::format_time;
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{DeviceKind, Follow, Node};

const DEFAULT: &str = "  File: %N\n  Size: %s\tBlocks: %b\tIO Block: 4096   %F\nDevice: 0,30\tInode: %i\tLinks: %h\n\
    Access: (%04a/%A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\nAccess: %y\nModify: %y\nChange: %y\n";
const TERSE: &str = "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o\n";
const TERSE_BUSYBOX: &str = "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %o\n";
const FILESYSTEM: &str = "  File: \"%n\"\n    ID: 0        Namelen: 255     Type: overlayfs\nBlock size: 4096       Fundamental block size: 4096\n";

/// Shows what inodes hold.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("format", 'c'),
        ("printf", 'p'),
        ("dereference", 'L'),
        ("terse", 't'),
        ("file-system", 'f'),
        ("cached", 'k'),
    ];
    let options = options::take_as(process, ("c:ftL", &[]), ("c:ftLp:k:", &long))?;
    if options.operands.is_empty() {
        return options::missing(process, "missing operand");
    }
    let follow = if options.has('L') { Follow::Yes } else { Follow::No };
    let mut code = 0;
    for path in &options.operands {
        let (place, node) = match process.look(path, follow) {
            Ok(found) => found,
            Err(error) => {
                if process.is_busybox() {
                    cannot(process, "stat", path, &error)?;
                } else {
                    process.complain(&format!("cannot statx '{path}': {}", error.kind.message()))?;
                }
                code = 1;
                continue;
            }
        };
        let text = shown(process, &options, path, (&place, &node))?;
        process.output(&text)?;
    }
    Ok(code)
}

fn shown(
    process: &mut Process<'_, '_>,
    options: &Options,
    path: &str,
    (place, node): (&str, &Node),
) -> Result<String, Interrupt> {
    let file_system = options.has('f');
    let terse = if process.is_busybox() { TERSE_BUSYBOX } else { TERSE };
    let mut of = |format: &str| {
        if file_system {
            file_system_format(format, path)
        } else {
            formatted(process, format, path, place, node)
        }
    };
    Ok(match options.all().rev().find(|(letter, _)| matches!(letter, 'c' | 'p')) {
        Some(('c', Some(format))) => of(format) + "\n",
        Some((_, Some(format))) => {
            // What a value is made of is not looked at for sequences.
            let (format, _) = crate::shell::escape::unescape(format, crate::shell::escape::Style::Format);
            of(&format)
        }
        _ if file_system => of(FILESYSTEM),
        _ if options.has('t') => of(terse),
        _ => of(DEFAULT),
    })
}

/// What is known of the filesystem, which is one for all.
fn file_system_format(format: &str, path: &str) -> String {
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push_str(path),
            Some('T') => out.push_str("overlayfs"),
            Some('t') => out.push_str("794c7630"),
            Some('s' | 'S') => out.push_str("4096"),
            Some('l') => out.push_str("255"),
            Some('i' | 'a' | 'b' | 'c' | 'd' | 'f') => out.push('0'),
            Some('%') => out.push('%'),
            _ => out.push('?'),
        }
    }
    out
}

/// Flags, width and precision behind a `%`.
#[derive(Default)]
struct Form {
    left: bool,
    zero: bool,
    alternate: bool,
    width: usize,
    precision: Option<usize>,
}

fn formatted(process: &mut Process<'_, '_>, format: &str, path: &str, place: &str, node: &Node) -> String {
    let busybox = process.is_busybox();
    let mut out = String::new();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut form = Form::default();
        while let Some(flag) = chars.next_if(|c| "-0#+ '".contains(*c)) {
            form.left |= flag == '-';
            form.zero |= flag == '0';
            form.alternate |= flag == '#';
        }
        let number = |chars: &mut std::iter::Peekable<std::str::Chars<'_>>| {
            let mut digits = String::new();
            while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            digits
                .parse::<usize>()
                .map_or(if digits.is_empty() { 0 } else { 10_000 }, |size| size.min(10_000))
        };
        form.width = number(&mut chars);
        if chars.next_if_eq(&'.').is_some() {
            form.precision = Some(number(&mut chars));
        }
        let Some(letter) = chars.next() else {
            out.push('%');
            break;
        };
        let text = match directive(process, letter, path, place, node) {
            Some(text) => text,
            None if busybox => letter.to_string(),
            None => "?".to_owned(),
        };
        out.push_str(&form.apply(letter, text));
    }
    out
}

impl Form {
    fn apply(&self, letter: char, mut text: String) -> String {
        match (letter, self.precision) {
            ('X' | 'Y' | 'Z', Some(0)) => text.push_str(".000000000"),
            ('X' | 'Y' | 'Z', Some(decimals)) => text.push_str(&format!(".{}", "0".repeat(decimals))),
            (_, Some(most)) if most > 0 => text = text.chars().take(most).collect(),
            _ => {}
        }
        if self.alternate && letter == 'a' && text != "0" {
            text.insert(0, '0');
        }
        if self.alternate && matches!(letter, 'f' | 't' | 'T' | 'D') {
            text.insert_str(0, "0x");
        }
        let width = self.width;
        let is_number = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if self.left {
            format!("{text:<width$}")
        } else if self.zero && is_number {
            "0".repeat(width.saturating_sub(text.len())) + &text
        } else {
            format!("{text:>width$}")
        }
    }
}

fn directive(
    process: &mut Process<'_, '_>,
    letter: char,
    path: &str,
    place: &str,
    node: &Node,
) -> Option<String> {
    let metadata = *node.metadata();
    let device = match node {
        Node::Device { number, .. } => *number,
        _ => (0, 0),
    };
    Some(match letter {
        'a' => format!("{:o}", metadata.mode),
        'A' => mode_text(node),
        'b' => blocks(node).to_string(),
        'B' => "512".into(),
        'd' => "30".into(),
        'D' => "1e".into(),
        'f' => format!("{:x}", kind_bits(node) | metadata.mode),
        'F' => kind_name(node).to_owned(),
        'g' => metadata.gid.to_string(),
        'G' => group_name(process, metadata.gid).unwrap_or_else(|| "UNKNOWN".into()),
        'u' => metadata.uid.to_string(),
        'U' => user_name(process, metadata.uid).unwrap_or_else(|| "UNKNOWN".into()),
        'h' => process.link_count(place).to_string(),
        'i' => inode(process, place).to_string(),
        'm' if !process.is_busybox() => mount_point(process, place),
        'n' => path.to_owned(),
        'N' => match node.as_symlink() {
            Some(target) => format!("'{path}' -> '{target}'"),
            None if process.is_busybox() => path.to_owned(),
            None => format!("'{path}'"),
        },
        's' => shown_size(node).to_string(),
        't' => format!("{:x}", device.0),
        'T' => format!("{:x}", device.1),
        'o' => "4096".into(),
        'X' | 'Y' | 'Z' => metadata.mtime.to_string(),
        'x' | 'y' | 'z' => format_time("%Y-%m-%d %H:%M:%S.000000000 +0000", metadata.mtime),
        'W' if !process.is_busybox() => "0".into(),
        'w' if !process.is_busybox() => "-".into(),
        '%' => "%".into(),
        _ => return None,
    })
}

/// Where what a path is on is mounted.
fn mount_point(process: &Process<'_, '_>, place: &str) -> String {
    let mut at = place;
    while at != "/" && !process.machine.is_mount_point(at) {
        at = crate::vfs::path::parent(at);
    }
    at.to_owned()
}

fn kind_bits(node: &Node) -> u32 {
    match node {
        Node::Directory(_) => 0o040_000,
        Node::File(_) => 0o100_000,
        Node::Symlink { .. } => 0o120_000,
        Node::Device { kind: DeviceKind::Character, .. } => 0o020_000,
        Node::Device { kind: DeviceKind::Block, .. } => 0o060_000,
        Node::Device { kind: DeviceKind::Fifo, .. } => 0o010_000,
    }
}

fn kind_name(node: &Node) -> &'static str {
    match node {
        Node::Directory(_) => "directory",
        Node::File(file) if file.content.size() == 0 => "regular empty file",
        Node::File(_) => "regular file",
        Node::Symlink { .. } => "symbolic link",
        Node::Device { kind: DeviceKind::Character, .. } => "character special file",
        Node::Device { kind: DeviceKind::Block, .. } => "block special file",
        Node::Device { kind: DeviceKind::Fifo, .. } => "fifo",
    }
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn stats() {
        assert_eq!(
            sh("stat -c '%n %s %a %U:%G %F' /d/a.txt /d"),
            "/d/a.txt 6 644 root:root regular file\n/d 4096 755 root:root directory\n"
        );
        assert_eq!(sh("stat -c %999999999999s /d/a.txt | wc -c"), "10001\n");
        assert_eq!(sh("stat /nope"), "! stat: can't stat '/nope': No such file or directory\n= 1\n");
    }

    #[test]
    fn formats() {
        assert_eq!(
            shown(
                "dash",
                "cd /d; touch -d @5 a.txt; stat -c '%5s|%-3a|%#a|%.3Y|%.2n|%q|%m' a.txt; stat --printf '%n\\n' b.txt"
            ),
            "    6|644|0644|5.000|a.|?|/\nb.txt\n"
        );
        assert_eq!(
            shown("dash", "stat"),
            "! stat: missing operand\n! Try 'stat --help' for more information.\n= 1\n"
        );
    }
}

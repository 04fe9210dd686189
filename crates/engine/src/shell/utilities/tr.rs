//! `tr`: other characters, fewer of them, or none.

use super::options::{self, Options};
use super::support::fail;
use crate::shell::bytes::to_bytes;
use crate::shell::language::is_in_class;
use crate::shell::{Interrupt, Outcome, Process};

/// A part of a set as it is written.
enum Piece {
    Byte(u8),
    Range(u8, u8),
    Class(String),
    /// `[x*3]`, or `[x*]`, which fills up what is missing.
    Repeat(u8, Option<usize>),
}

/// Replaces, deletes and squeezes characters.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("delete", 'd'), ("squeeze-repeats", 's'), ("complement", 'c'), ("truncate-set1", 't')];
    let options = options::take_as(process, ("+cCds", &[]), ("+cCdst", &long))?;
    check_operands(process, &options)?;
    let busybox = process.is_busybox();
    let mut sets = Vec::new();
    for text in options.operands.iter().take(2) {
        let length = sets.first().map(|first: &Vec<u8>| first.len());
        let pieces = if busybox { applet_pieces(text) } else { gnu_pieces(process, text)? };
        let mut set = if sets.is_empty() { expanded(&pieces, None) } else { expanded(&pieces, length) };
        if sets.is_empty() && (options.has('c') || options.has('C')) {
            set = (0..=255).filter(|byte| !set.contains(byte)).collect();
        }
        sets.push(set);
    }
    let to = if sets.len() > 1 { sets.pop() } else { None };
    let mut from = sets.pop().unwrap_or_default();
    let translates = to.is_some() && !options.has('d');
    if translates && to.as_ref().is_some_and(Vec::is_empty) && !options.has('t') {
        let text = if busybox {
            "STRING2 cannot be empty"
        } else {
            "when not truncating set1, string2 must be non-empty"
        };
        if busybox || !from.is_empty() {
            return fail(process, 1, text);
        }
    }
    if let Some(to) = to.as_ref().filter(|_| options.has('t')) {
        from.truncate(to.len());
    }
    let bytes = process.read_input()?;
    let out = translated(&bytes, &options, &from, to.as_deref());
    process.output_bytes(&out)?;
    Ok(0)
}

fn translated(bytes: &[u8], options: &Options, from: &[u8], to: Option<&[u8]>) -> Vec<u8> {
    let mut map: Vec<Option<u8>> = (0..=255).map(Some).collect();
    if options.has('d') {
        from.iter().for_each(|byte| map[usize::from(*byte)] = None);
    } else if let Some(to) = to.filter(|to| !to.is_empty()) {
        for (at, byte) in from.iter().enumerate() {
            map[usize::from(*byte)] = Some(to[at.min(to.len() - 1)]);
        }
    }
    let mut squeezed = [false; 256];
    if options.has('s') {
        to.unwrap_or(from).iter().for_each(|byte| squeezed[usize::from(*byte)] = true);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut last = None;
    for byte in bytes.iter().filter_map(|byte| map[usize::from(*byte)]) {
        if !(squeezed[usize::from(byte)] && last == Some(byte)) {
            out.push(byte);
        }
        last = Some(byte);
    }
    out
}

/// Whether there are as many sets as the options need.
fn check_operands(process: &mut Process<'_, '_>, options: &Options) -> Result<(), Interrupt> {
    let Some(first) = options.operands.first() else {
        return options::misused(process, "missing operand");
    };
    if process.is_busybox() {
        return Ok(());
    }
    let (delete, squeeze) = (options.has('d'), options.has('s'));
    let most = if delete && !squeeze { 1 } else { 2 };
    let (what, why) = if options.operands.len() > most {
        let why = if most == 1 {
            "Only one string may be given when deleting without squeezing repeats.\n"
        } else {
            ""
        };
        (format!("extra operand ‘{}’", options.operands[most]), why)
    } else if delete == squeeze && options.operands.len() < 2 {
        let why = if delete {
            "Two strings must be given when both deleting and squeezing repeats.\n"
        } else {
            "Two strings must be given when translating.\n"
        };
        (format!("missing operand after ‘{first}’"), why)
    } else {
        return Ok(());
    };
    process.complain(&what)?;
    process.error_output(why)?;
    options::usage_error(process).and_then(|code| Err(Interrupt::Exit(code)))
}

/// The bytes of a set. `[x*]` makes it as long as the other.
fn expanded(pieces: &[Piece], other: Option<usize>) -> Vec<u8> {
    let size = |piece: &Piece| match piece {
        Piece::Byte(_) => 1,
        Piece::Range(from, to) => (*from..=*to).count(),
        Piece::Class(name) => class(name).count(),
        Piece::Repeat(_, count) => count.unwrap_or(0),
    };
    let fixed: usize = pieces.iter().map(size).sum();
    let mut set = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Byte(byte) => set.push(*byte),
            Piece::Range(from, to) => set.extend(*from..=*to),
            Piece::Class(name) => set.extend(class(name)),
            Piece::Repeat(byte, count) => {
                let count = count.unwrap_or_else(|| other.unwrap_or(0).saturating_sub(fixed)).min(1 << 16);
                set.extend(std::iter::repeat_n(*byte, count));
            }
        }
    }
    set
}

fn class(name: &str) -> impl Iterator<Item = u8> {
    (0..128_u8).filter(move |byte| is_in_class(char::from(*byte), name))
}

const CLASSES: [&str; 12] = [
    "alpha", "digit", "alnum", "upper", "lower", "space", "blank", "punct", "print", "graph", "cntrl",
    "xdigit",
];

/// A set as BusyBox reads it: sequences are replaced first, and what is no range or class stands for itself.
fn applet_pieces(text: &str) -> Vec<Piece> {
    let (text, _) = crate::shell::escape::unescape(text, crate::shell::escape::Style::Format);
    let bytes = to_bytes(&text);
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if let Some((name, length)) = named(rest, b':').filter(|(name, _)| CLASSES.contains(&name.as_str())) {
            pieces.push(Piece::Class(name));
            at += length;
        } else if rest.starts_with(b"[=") && rest.get(3..5) == Some(b"=]") {
            pieces.push(Piece::Byte(rest[2]));
            at += 5;
        } else if rest.len() > 2 && rest[1] == b'-' {
            // The wrong way round there is nothing in a range.
            pieces.push(Piece::Range(rest[0], rest[2]));
            at += 3;
        } else {
            pieces.push(Piece::Byte(rest[0]));
            at += 1;
        }
    }
    pieces
}

/// `[:name:]`, or `[=x=]`, and how long it is.
fn named(rest: &[u8], mark: u8) -> Option<(String, usize)> {
    let inner = rest.strip_prefix(&[b'[', mark])?;
    let end = inner.windows(2).position(|pair| pair == [mark, b']'])?;
    Some((String::from_utf8_lossy(&inner[..end]).into_owned(), end + 4))
}

/// A set as GNU reads it; a byte after a backslash has no other meaning.
fn gnu_pieces(process: &mut Process<'_, '_>, text: &str) -> Result<Vec<Piece>, Interrupt> {
    let bytes = unescaped(process, &to_bytes(text))?;
    let plain: Vec<u8> = bytes.iter().map(|(byte, escaped)| if *escaped { b'\\' } else { *byte }).collect();
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let (byte, escaped) = bytes[at];
        let rest = &plain[at..];
        if !escaped && let Some((name, length)) = named(rest, b':') {
            if !CLASSES.contains(&name.as_str()) {
                return fail(process, 1, &format!("invalid character class ‘{name}’"));
            }
            pieces.push(Piece::Class(name));
            at += length;
        } else if !escaped && rest.starts_with(b"[=") && rest.get(3..5) == Some(b"=]") {
            pieces.push(Piece::Byte(bytes[at + 2].0));
            at += 5;
        } else if !escaped && let Some((count, length)) = repeat(rest) {
            pieces.push(Piece::Repeat(bytes[at + 1].0, count));
            at += length;
        } else if rest.len() > 2 && rest[1] == b'-' {
            let last = bytes[at + 2].0;
            if last < byte {
                let range = format!("{}-{}", char::from(byte), char::from(last));
                let text = format!("range-endpoints of ‘{range}’ are in reverse collating sequence order");
                return fail(process, 1, &text);
            }
            pieces.push(Piece::Range(byte, last));
            at += 3;
        } else {
            pieces.push(Piece::Byte(byte));
            at += 1;
        }
    }
    Ok(pieces)
}

/// The count of a `[x*n]`, octal with a zero in front, and how long it is.
fn repeat(rest: &[u8]) -> Option<(Option<usize>, usize)> {
    if rest.first() != Some(&b'[') || rest.get(2) != Some(&b'*') {
        return None;
    }
    let end = rest.iter().position(|byte| *byte == b']').filter(|end| *end > 2)?;
    let digits = std::str::from_utf8(&rest[3..end]).ok()?;
    let count = match digits {
        "" => None,
        digits if digits.starts_with('0') => Some(usize::from_str_radix(digits, 8).ok()?),
        digits => Some(digits.parse().ok()?),
    };
    Some((count.filter(|count| *count > 0), end + 1))
}

/// Bytes, and whether a backslash was before them.
fn unescaped(process: &mut Process<'_, '_>, bytes: &[u8]) -> Result<Vec<(u8, bool)>, Interrupt> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            out.push((bytes[at], false));
            at += 1;
            continue;
        }
        let Some(next) = bytes.get(at + 1) else {
            process.complain("warning: an unescaped backslash at end of string is not portable")?;
            out.push((b'\\', true));
            break;
        };
        at += 2;
        let byte = match next {
            b'a' => 7,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 11,
            b'0'..=b'7' => {
                let mut value = u32::from(next - b'0');
                while let Some(digit @ b'0'..=b'7') = bytes.get(at)
                    && value < 32
                    && bytes[..at].iter().rev().take_while(|byte| **byte != b'\\').count() < 3
                {
                    value = value * 8 + u32::from(digit - b'0');
                    at += 1;
                }
                value as u8
            }
            other => *other,
        };
        out.push((byte, true));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn characters() {
        assert_eq!(
            sh(
                "echo hello | tr a-y b-z; echo 'a  b' | tr -s ' '; echo a1b2 | tr -d 0-9; echo aXb | tr -cd '[:upper:]'; echo 'x y' | tr ' ' '\\n'"
            ),
            "ifmmp\na b\nab\nXx\ny\n"
        );
    }

    #[test]
    fn what_gnu_has() {
        assert_eq!(
            shown(
                "dash",
                "echo abcde | tr a-e '[x*2]y'; echo abc | tr abc 'x[y*]z'; echo a-b | tr 'a\\-' 'xy'"
            ),
            "xxyyy\nxyz\nxyb\n"
        );
        assert_eq!(
            shown("dash", "tr -d a b"),
            "! tr: extra operand 'b'\n! Only one string may be given when deleting without squeezing repeats.\n! Try 'tr --help' for more information.\n= 1\n"
        );
        assert_eq!(shown("dash", "tr '[:foo:]' x"), "! tr: invalid character class 'foo'\n= 1\n");
    }
}

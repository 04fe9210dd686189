//! `od`: bytes shown as numbers and characters.

use super::options;
use super::support::{count_of, in_memory, parse_size};
use crate::shell::bytes::to_text;
use crate::shell::{Outcome, Process};

/// Shows bytes.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(
        process,
        "A:t:N:j:w::vcxbdoa",
        &[("address-radix", 'A'), ("format", 't'), ("read-bytes", 'N'), ("skip-bytes", 'j'), ("width", 'w')],
    )? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    if let Some(text) = options.value('t').and_then(flaw) {
        process.complain(&text)?;
        return Ok(1);
    }
    let (mut bytes, code) = super::support::read_inputs(process, &options.operands)?;
    if code != 0 && bytes.is_empty() && process.is_busybox() {
        return Ok(code);
    }
    let skip = in_memory(options.value('j').and_then(parse_size).unwrap_or(0)).min(bytes.len());
    bytes.drain(..skip);
    bytes.truncate(
        options.value('N').and_then(parse_size).unwrap_or(u64::MAX).min(bytes.len() as u64) as usize
    );
    let form = match (options.value('t'), options.last_of("cxbdoa")) {
        (Some(form), _) if !form.is_empty() => form.to_owned(),
        (_, Some('c')) => "c".into(),
        (_, Some('a')) => "a".into(),
        (_, Some('x')) => "x2".into(),
        (_, Some('b')) => "o1".into(),
        (_, Some('d')) => "u2".into(),
        _ => "o2".into(),
    };
    let radix = options.value('A').unwrap_or("o").to_owned();
    let address = |at: usize| match radix.as_str() {
        "x" => format!("{at:06x}"),
        "d" => format!("{at:07}"),
        "n" => String::new(),
        _ => format!("{at:07o}"),
    };
    let width = options.value('w').and_then(count_of).unwrap_or(16).max(1);
    let mut out = String::new();
    let mut last: Option<&[u8]> = None;
    let mut starred = false;
    for (row, chunk) in bytes.chunks(width).enumerate() {
        if last == Some(chunk) && chunk.len() == width && !options.has('v') {
            if !std::mem::replace(&mut starred, true) {
                out.push_str("*\n");
            }
            continue;
        }
        starred = false;
        last = Some(chunk);
        out.push_str(&address(skip + row * width));
        out.push_str(&od_row(chunk, &form));
        out.push('\n');
    }
    let end = address(skip + bytes.len());
    if !end.is_empty() {
        out.push_str(&end);
        out.push('\n');
    }
    process.output(&out)?;
    Ok(code)
}

/// What is wrong with the text of a `-t`.
fn flaw(form: &str) -> Option<String> {
    let mut rest = form.chars().peekable();
    while let Some(letter) = rest.next() {
        let sizes = match letter {
            'd' | 'o' | 'u' | 'x' => "CSIL",
            'f' => "FDL",
            'a' | 'c' => "",
            _ => {
                let mut byte = [0; 4];
                let first = to_text(&letter.encode_utf8(&mut byte).as_bytes()[..1]);
                return Some(format!("invalid character '{first}' in type string '{form}'"));
            }
        };
        let mut digits = String::new();
        while let Some(digit) = rest.next_if(|next| !sizes.is_empty() && next.is_ascii_digit()) {
            digits.push(digit);
        }
        let known: &[&str] = if letter == 'f' { &["", "4", "8", "16"] } else { &["", "1", "2", "4", "8"] };
        if !known.contains(&digits.as_str()) {
            let kind = if letter == 'f' { "floating point" } else { "integral" };
            return Some(format!(
                "invalid type string '{form}';\nthis system doesn't provide a {digits}-byte {kind} type"
            ));
        }
        if digits.is_empty() {
            rest.next_if(|next| sizes.contains(*next));
        }
        while rest.next_if_eq(&'z').is_some() {}
    }
    None
}

fn od_row(chunk: &[u8], form: &str) -> String {
    let kind = form.chars().next().unwrap_or('o');
    if kind == 'a' {
        return chunk.iter().map(|byte| format!("{:>4}", od_name(*byte))).collect();
    }
    if kind == 'c' {
        return chunk.iter().map(|byte| format!("{:>4}", od_char(*byte))).collect();
    }
    let size = match form[1..].trim_end_matches('z') {
        "1" | "C" => 1,
        "4" | "I" => 4,
        "8" | "L" => 8,
        "2" | "S" => 2,
        _ => 4,
    };
    let columns = chunk.chunks(size).map(|group| {
        let value = group.iter().rev().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        match kind {
            'x' => format!(" {value:0width$x}", width = size * 2),
            'o' => format!(" {value:0width$o}", width = [3, 6, 11, 22][size.trailing_zeros() as usize]),
            'd' => {
                let shift = 64 - 8 * size as u32;
                let signed = ((value << shift) as i64) >> shift;
                format!(" {signed:>width$}", width = [4, 6, 11, 20][size.trailing_zeros() as usize])
            }
            _ => format!(" {value:>width$}", width = [3, 5, 10, 20][size.trailing_zeros() as usize]),
        }
    });
    columns.collect()
}

/// The name of a character of ASCII; the highest bit does not count.
fn od_name(byte: u8) -> String {
    const NAMES: [&str; 33] = [
        "nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs", "ht", "nl", "vt", "ff", "cr", "so",
        "si", "dle", "dc1", "dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em", "sub", "esc", "fs", "gs",
        "rs", "us", "sp",
    ];
    match byte & 0x7f {
        127 => "del".to_owned(),
        low => {
            NAMES.get(usize::from(low)).map_or_else(|| char::from(low).to_string(), |name| (*name).to_owned())
        }
    }
}

fn od_char(byte: u8) -> String {
    match byte {
        0 => "\\0".into(),
        7 => "\\a".into(),
        8 => "\\b".into(),
        9 => "\\t".into(),
        10 => "\\n".into(),
        11 => "\\v".into(),
        12 => "\\f".into(),
        13 => "\\r".into(),
        32..=126 => char::from(byte).to_string(),
        _ => format!("{byte:03o}"),
    }
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::sh;

    #[test]
    fn an_offset_beyond_the_end() {
        assert_eq!(sh("printf AB | od -j 99999999999999 -An -tx1"), "");
    }

    #[test]
    fn type_strings() {
        assert_eq!(sh("printf AB | od -t ''"), "0000000 041101\n0000002\n");
        assert_eq!(sh("printf AB | od -t x"), "0000000 00004241\n0000002\n");
        assert_eq!(sh("printf AB | od -t q1"), "! od: invalid character 'q' in type string 'q1'\n= 1\n");
        assert!(sh("printf AB | od -t é").starts_with("! od: invalid character '"));
        assert!(sh("printf AB | od -t xé").starts_with("! od: invalid character '"));
        assert_eq!(
            sh("printf AB | od -t x3"),
            "! od: invalid type string 'x3';\n! this system doesn't provide a 3-byte integral type\n= 1\n"
        );
    }

    #[test]
    fn blocks() {
        assert_eq!(
            sh(
                "dd if=/dev/zero of=/z bs=1k count=4 2>/dev/null; wc -c < /z; echo hello | dd bs=1 count=2 skip=1 2>/dev/null"
            ),
            "4096\nel"
        );
        assert_eq!(
            sh("od -c /etc/motd; printf 'AB' | od -An -tx1"),
            "0000000   W   e   l   c   o   m   e   .  \\n\n0000011\n 41 42\n"
        );
    }
}

//! `hexdump` and `hd`: bytes shown in one of the usual forms, or in one of one's own.

mod format;

use self::format::Formats;
use super::options;
use super::support::{in_memory, parse_size, read_inputs};
use crate::shell::{Interrupt, Outcome, Process};

/// A byte as a character, or a point for one that cannot be printed.
pub(super) fn printable(byte: u8) -> char {
    if (32..127).contains(&byte) { char::from(byte) } else { '.' }
}

/// A number of bytes, perhaps in hexadecimal.
pub(super) fn length(text: &str) -> Option<usize> {
    match text.strip_prefix("0x") {
        Some(digits) => usize::from_str_radix(digits, 16).ok(),
        None => parse_size(text).map(in_memory),
    }
}

/// The forms of `hexdump`.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "bcCdovxn:s:e:f:", &[("canonical", 'C'), ("length", 'n')])? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let form = options.last_of("bcCdox").unwrap_or(if process.name() == "hd" { 'C' } else { ' ' });
    let (mut bytes, code) = read_inputs(process, &options.operands)?;
    if code != 0 && options.operands.len() == 1 && !process.is_busybox() {
        process.complain("all input file arguments failed")?;
        return Ok(code);
    }
    let skip = options.value('s').and_then(length).unwrap_or(0).min(bytes.len());
    bytes.drain(..skip);
    bytes.truncate(options.value('n').and_then(length).unwrap_or(usize::MAX));
    let mut out = String::new();
    let mut last: Option<&[u8]> = None;
    let mut starred = false;
    process.step(bytes.len() as u64 / 64)?;
    let own: Vec<&str> = options.values('e').collect();
    if !own.is_empty() {
        return match Formats::parse(&own) {
            Ok(formats) => {
                let out = formatted(process, &formats, &bytes, skip, options.has('v'))?;
                process.output(&out)?;
                Ok(code)
            }
            Err(text) => {
                process.complain(&text)?;
                Ok(1)
            }
        };
    }
    for (row, chunk) in bytes.chunks(16).enumerate() {
        if last == Some(chunk) && chunk.len() == 16 && !options.has('v') {
            if !std::mem::replace(&mut starred, true) {
                out.push_str("*\n");
            }
            continue;
        }
        (starred, last) = (false, Some(chunk));
        let at = skip + row * 16;
        if form == 'C' {
            out.push_str(&format!("{at:08x}  "));
            for place in 0..16 {
                match chunk.get(place) {
                    Some(byte) => out.push_str(&format!("{byte:02x} ")),
                    None => out.push_str("   "),
                }
                if place == 7 {
                    out.push(' ');
                }
            }
            out.push_str(&format!(" |{}|\n", chunk.iter().map(|byte| printable(*byte)).collect::<String>()));
            continue;
        }
        out.push_str(&format!("{at:07x}"));
        out.push_str(&row_of(chunk, form));
        out.push('\n');
    }
    if !bytes.is_empty() {
        let end = skip + bytes.len();
        out.push_str(&if form == 'C' { format!("{end:08x}\n") } else { format!("{end:07x}\n") });
    }
    process.output(&out)?;
    Ok(code)
}

/// The bytes in forms of one's own.
fn formatted(
    process: &mut Process<'_, '_>,
    formats: &Formats,
    bytes: &[u8],
    skip: usize,
    all: bool,
) -> Result<String, Interrupt> {
    let mut out = String::new();
    let mut last: Option<&[u8]> = None;
    let mut starred = false;
    for (row, chunk) in bytes.chunks(formats.block.max(1)).enumerate().filter(|_| formats.block > 0) {
        if last == Some(chunk) && !all {
            if !std::mem::replace(&mut starred, true) {
                out.push_str("*\n");
            }
            continue;
        }
        (starred, last) = (false, Some(chunk));
        let before = out.len();
        formats.print(&mut out, chunk, skip + row * formats.block);
        process.step(1 + (out.len() - before) as u64 / 64)?;
        process.machine.check_size(out.len())?;
    }
    if !bytes.is_empty() {
        formats.finish(&mut out, skip + bytes.len());
    }
    Ok(out)
}

/// A row of one of the forms with columns, filled up to its full width.
fn row_of(chunk: &[u8], form: char) -> String {
    let mut row = String::new();
    if form == 'b' || form == 'c' {
        for byte in chunk {
            row.push_str(&match (form, byte) {
                ('b', _) => format!(" {byte:03o}"),
                (_, b'\n') => "  \\n".to_owned(),
                (_, b'\t') => "  \\t".to_owned(),
                (_, b'\r') => "  \\r".to_owned(),
                (_, 0) => "  \\0".to_owned(),
                (_, 7) => "  \\a".to_owned(),
                (_, 8) => "  \\b".to_owned(),
                (_, 11) => "  \\v".to_owned(),
                (_, 12) => "  \\f".to_owned(),
                (_, 32..=126) => format!("   {}", char::from(*byte)),
                _ => format!(" {byte:03o}"),
            });
        }
        let missing = 16 - chunk.len();
        row.push_str(&"    ".repeat(missing));
        return row;
    }
    for pair in chunk.chunks(2) {
        let value = u16::from(pair[0]) | u16::from(*pair.get(1).unwrap_or(&0)) << 8;
        row.push_str(&match form {
            'd' => format!("   {value:05}"),
            'o' => format!("  {value:06o}"),
            'x' => format!("    {value:04x}"),
            _ => format!(" {value:04x}"),
        });
    }
    let width = if form == ' ' { 5 } else { 8 };
    row.push_str(&" ".repeat((8 - chunk.len().div_ceil(2)) * width));
    row
}

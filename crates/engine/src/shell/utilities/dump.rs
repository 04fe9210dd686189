//! `hexdump`, `xxd`, `strings`: bytes shown, and bytes read back.

use super::options;
use super::support::{count_of, each_input, in_memory, parse_size, read_inputs};
use crate::shell::bytes::{push_bytes, to_bytes};
use crate::shell::{Outcome, Process};

fn printable(byte: u8) -> char {
    if (32..127).contains(&byte) { char::from(byte) } else { '.' }
}

/// A number of bytes, perhaps in hexadecimal.
fn length(text: &str) -> Option<usize> {
    match text.strip_prefix("0x") {
        Some(digits) => usize::from_str_radix(digits, 16).ok(),
        None => parse_size(text).map(in_memory),
    }
}

/// The forms of `hexdump`.
pub(super) fn hexdump(process: &mut Process<'_, '_>) -> Outcome {
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

/// Makes a dump, or bytes of one.
pub(super) fn xxd(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("plain", 'p'), ("revert", 'r'), ("include", 'i'), ("bits", 'b')];
    let options = match options::parse(process, "pribus:l:c:g:", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let (mut bytes, code) = read_inputs(process, &options.operands[..options.operands.len().min(1)])?;
    if code != 0 {
        return Ok(if process.is_busybox() { 1 } else { 2 });
    }
    if options.has('r') {
        let bytes = revert(&bytes, options.has('p'));
        process.output_bytes(&bytes)?;
        return Ok(code);
    }
    let skip = options.value('s').and_then(length).unwrap_or(0).min(bytes.len());
    bytes.drain(..skip);
    bytes.truncate(options.value('l').and_then(length).unwrap_or(usize::MAX));
    process.step(bytes.len() as u64 / 64)?;
    let default = match (options.has('p'), options.has('i'), options.has('b')) {
        (true, ..) => 30,
        (_, true, _) => 12,
        (_, _, true) => 6,
        _ => 16,
    };
    let columns = options.value('c').and_then(length).filter(|columns| *columns > 0).unwrap_or(default);
    if columns > 256 && !options.has('p') && !options.has('i') && !process.is_busybox() {
        process.complain("invalid number of columns (max. 256).")?;
        return Ok(1);
    }
    // A row cannot be wider than there are bytes, but for the blanks that fill it up.
    if !options.has('p') && !options.has('i') {
        process.machine.check_size(columns.saturating_mul(10))?;
    }
    let mut out = String::new();
    if options.has('p') {
        for chunk in bytes.chunks(columns) {
            chunk.iter().for_each(|byte| out.push_str(&format!("{byte:02x}")));
            out.push('\n');
        }
    } else if options.has('i') {
        let name = options.operands.first().map(|path| path.replace(|c: char| !c.is_alphanumeric(), "_"));
        if let Some(name) = &name {
            out.push_str(&format!("unsigned char {name}[] = {{\n"));
        }
        let rows: Vec<String> = bytes
            .chunks(columns)
            .map(|chunk| {
                let cells: Vec<String> = chunk.iter().map(|byte| format!("0x{byte:02x}")).collect();
                format!("  {}", cells.join(", "))
            })
            .collect();
        out.push_str(&rows.join(",\n"));
        out.push('\n');
        if let Some(name) = &name {
            out.push_str(&format!("}};\nunsigned int {name}_len = {};\n", bytes.len()));
        }
    } else {
        let bits = options.has('b');
        let group = options.value('g').and_then(length).unwrap_or(if bits { 1 } else { 2 });
        let cell = if bits { 8 } else { 2 };
        let width = columns * cell + columns.checked_div(group).map_or(0, |_| columns.div_ceil(group));
        for (row, chunk) in bytes.chunks(columns).enumerate() {
            let mut cells = String::new();
            for (at, byte) in chunk.iter().enumerate() {
                cells.push_str(&if bits { format!("{byte:08b}") } else { format!("{byte:02x}") });
                if group > 0 && (at + 1) % group == 0 {
                    cells.push(' ');
                }
            }
            let shown: String = chunk.iter().map(|byte| printable(*byte)).collect();
            let fill = " ".repeat(width.saturating_sub(cells.len()));
            out.push_str(&format!("{:08x}: {cells}{fill} {shown}\n", skip + row * columns));
        }
    }
    process.output(&out)?;
    Ok(code)
}

/// The bytes of a dump.
fn revert(dump: &[u8], plain: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let text = String::from_utf8_lossy(dump);
    for line in text.lines() {
        let body = if plain {
            line
        } else {
            let body = line.split_once(": ").map_or("", |(_, body)| body);
            body.split_once("  ").map_or(body, |(body, _)| body)
        };
        let digits: Vec<u8> = body.chars().filter_map(|c| c.to_digit(16)).map(|digit| digit as u8).collect();
        bytes.extend(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]));
    }
    bytes
}

/// Runs of characters that can be printed.
pub(super) fn strings(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "afon:t:", &[("bytes", 'n'), ("radix", 't'), ("all", 'a')])? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let least = options.value('n').and_then(count_of).unwrap_or(4).max(1);
    let radix = if options.has('o') { Some("o") } else { options.value('t') };
    each_input(process, &options.operands, |process, input, name| {
        let bytes = process.read_all(input)?;
        let mut out = Vec::new();
        let mut start = 0;
        for at in 0..=bytes.len() {
            let printable = bytes.get(at).is_some_and(|byte| (32..127).contains(byte) || *byte == b'\t');
            if printable {
                continue;
            }
            if at - start >= least {
                if options.has('f') {
                    push_bytes(&format!("{name}: "), &mut out);
                }
                out.extend(to_bytes(&match radix {
                    Some("d") => format!("{start:7} "),
                    Some("x") => format!("{start:7x} "),
                    Some(_) => format!("{start:7o} "),
                    None => String::new(),
                }));
                out.extend(&bytes[start..at]);
                out.push(b'\n');
            }
            start = at + 1;
        }
        process.output_bytes(&out)
    })
}

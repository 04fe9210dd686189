//! `xxd`: a dump of bytes, and the bytes of a dump.

use super::hexdump::{length, printable};
use super::options;
use super::support::read_inputs;
use crate::shell::{Outcome, Process};

/// Makes a dump, or bytes of one.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("plain", 'p'), ("revert", 'r'), ("include", 'i'), ("bits", 'b')];
    let options = match options::parse_as(process, ("prias:l:c:g:o:", &[]), ("pribus:l:c:g:o:", &long))? {
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
    let hex = |byte: u8| if options.has('u') { format!("{byte:02X}") } else { format!("{byte:02x}") };
    let mut out = String::new();
    if options.has('p') {
        for chunk in bytes.chunks(columns) {
            chunk.iter().for_each(|byte| out.push_str(&hex(*byte)));
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
        out.push_str(if process.is_busybox() && !rows.is_empty() { ",\n" } else { "\n" });
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
                cells.push_str(&if bits { format!("{byte:08b}") } else { hex(*byte) });
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

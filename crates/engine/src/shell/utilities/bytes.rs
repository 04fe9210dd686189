//! `dd`, `od`: bytes.

use super::options;
use super::support::{count_of, in_memory, open_file, parse_size};
use crate::shell::files::OpenFile;
use crate::shell::process::OpenOptions;
use crate::shell::{Input, Interrupt, Outcome, Process};
use crate::vfs::{Node, VfsErrorKind};
use std::collections::BTreeMap;

/// The operands of `dd`, by their names.
type Operands = BTreeMap<String, String>;

/// The operands of `dd` whose values are numbers.
const NUMBERS: [&str; 6] = ["bs", "ibs", "obs", "count", "seek", "skip"];

/// Copies blocks.
pub(super) fn dd(process: &mut Process<'_, '_>) -> Outcome {
    let mut values = Operands::new();
    for word in process.args().to_vec() {
        let Some((name, value)) = word.split_once('=') else {
            process.complain(&format!("unrecognized operand '{word}'"))?;
            return Ok(1);
        };
        if NUMBERS.contains(&name) && parse_size(value).is_none() {
            let colon = if process.is_busybox() { "" } else { ":" };
            process.complain(&format!("invalid number{colon} '{value}'"))?;
            return Ok(1);
        }
        values.insert(name.to_owned(), value.to_owned());
    }
    let size = |name: &str| values.get(name).and_then(|text| parse_size(text));
    let block = size("bs").or_else(|| size("ibs")).unwrap_or(512).max(1);
    let out_block = size("bs").or_else(|| size("obs")).unwrap_or(512).max(1);
    let input = match values.get("if") {
        None => process.input(),
        Some(path) => match open_file(process, path) {
            Ok(input) => Some(input),
            Err(error) => {
                super::support::cannot_open(process, path, &error)?;
                return Ok(1);
            }
        },
    };
    let skip = size("skip").unwrap_or(0).saturating_mul(block);
    let most = size("count").map_or(u64::MAX, |count| count.saturating_mul(block));
    let bytes = match input {
        Some(input) => dd_read(process, &input, skip, most)?,
        None => Vec::new(),
    };
    match values.get("of") {
        None => process.output_bytes(&bytes)?,
        Some(path) => {
            let at = size("seek").unwrap_or(0).saturating_mul(out_block);
            if !dd_write(process, path, &values, at, &bytes)? {
                return Ok(1);
            }
        }
    }
    let total = bytes.len() as u64;
    let (full, part) = (total / block, u64::from(!total.is_multiple_of(block)));
    if values.get("status").map(String::as_str) != Some("none") {
        let mut text = format!("{full}+{part} records in\n{full}+{part} records out\n");
        if values.get("status").map(String::as_str) != Some("noxfer") {
            text.push_str(&format!("{total} bytes copied, 0.000000 s, 0 B/s\n"));
        }
        process.error_output(&text)?;
    }
    Ok(0)
}

/// What is left of an input behind `skip` bytes, at most `most` of it.
fn dd_read(
    process: &mut Process<'_, '_>,
    input: &Input,
    mut skip: u64,
    most: u64,
) -> Result<Vec<u8>, Interrupt> {
    let mut bytes = Vec::new();
    while skip > 0 {
        let part = process.read_some(input, in_memory(skip))?;
        if part.is_empty() {
            break;
        }
        skip -= part.len() as u64;
    }
    while (bytes.len() as u64) < most {
        let part = process.read_some(input, in_memory(most - bytes.len() as u64))?;
        if part.is_empty() {
            break;
        }
        bytes.extend(part);
        process.machine.check_size(bytes.len())?;
    }
    Ok(bytes)
}

/// Writes at an offset of the output file; `false` with a message where it cannot be.
fn dd_write(
    process: &mut Process<'_, '_>,
    path: &str,
    values: &Operands,
    at: u64,
    bytes: &[u8],
) -> Result<bool, Interrupt> {
    let keeps =
        values.get("conv").is_some_and(|text| text.contains("notrunc")) || values.contains_key("seek");
    let how = OpenOptions { read: false, write: true, append: false, truncate: !keeps };
    let handle = match process.open_file(path, how) {
        Ok(handle) => handle,
        Err(error) => {
            super::support::cannot_open(process, path, &error)?;
            return Ok(false);
        }
    };
    let room = process.machine.room();
    let fits = match &mut *handle.borrow_mut() {
        OpenFile::File { path: place, offset, .. } => {
            let length = process.machine.tree().entry(place).map_or(0, Node::size);
            *offset = in_memory(at);
            // The zeros up to the offset take room as the bytes do.
            at.saturating_sub(length).saturating_add(bytes.len() as u64) <= room
        }
        _ => true,
    };
    if !fits {
        process.complain(&format!("error writing '{path}': {}", VfsErrorKind::NoSpace.message()))?;
        return Ok(false);
    }
    process.write_handle(&handle, bytes)?;
    Ok(true)
}

/// Shows bytes.
pub(super) fn od(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(
        process,
        "A:t:N:j:w::vcxbdoa",
        &[("address-radix", 'A'), ("format", 't'), ("read-bytes", 'N'), ("skip-bytes", 'j'), ("width", 'w')],
    )? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
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
        (Some(form), _) => form.to_owned(),
        (None, Some('c')) => "c".into(),
        (None, Some('x')) => "x2".into(),
        (None, Some('b')) => "o1".into(),
        (None, Some('d')) => "u2".into(),
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

fn od_row(chunk: &[u8], form: &str) -> String {
    let kind = form.chars().next().unwrap_or('o');
    if kind == 'c' || kind == 'a' {
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
    fn offsets_beyond_every_size() {
        let full = |file: &str| format!("! dd: error writing '{file}': No space left on device\n= 1\n");
        assert_eq!(sh("printf x | dd of=/y bs=1 seek=99999999999999"), full("/y"));
        assert_eq!(sh("printf x | dd of=/y bs=4G seek=4G"), full("/y"));
        assert_eq!(sh("printf x | dd of=/y bs=400M seek=1; printf x | dd of=/z bs=400M seek=1 "), {
            let told = "! 0+1 records in\n! 0+1 records out\n! 1 bytes copied, 0.000000 s, 0 B/s\n";
            told.to_owned() + &full("/z")
        });
        assert_eq!(
            sh("printf xyz | dd bs=4G skip=4G status=none; printf xyz | dd bs=4G count=4G status=none"),
            "xyz"
        );
        assert_eq!(sh("dd if=/dev/null of=/n bs=4 seek=3 status=none; wc -c < /n"), "12\n");
        assert_eq!(sh("dd seek=99999999999999G"), "! dd: invalid number '99999999999999G'\n= 1\n");
        assert_eq!(sh("printf AB | od -j 99999999999999 -An -tx1"), "");
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

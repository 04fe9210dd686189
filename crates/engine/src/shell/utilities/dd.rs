//! `dd`: blocks of bytes.

use super::options;
use super::support::{in_memory, open_file, parse_size};
use crate::shell::files::OpenFile;
use crate::shell::process::OpenOptions;
use crate::shell::{Input, Interrupt, Outcome, Process};
use crate::vfs::{Node, VfsError, VfsErrorKind};
use std::collections::BTreeMap;

/// The operands of `dd`, by their names.
type Operands = BTreeMap<String, String>;

/// The operands of `dd` whose values are numbers.
const NUMBERS: [&str; 6] = ["bs", "ibs", "obs", "count", "seek", "skip"];

/// The operands whose values are words.
const WORDS: [&str; 6] = ["if", "of", "conv", "status", "iflag", "oflag"];

/// Copies blocks.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let mut values = Operands::new();
    for word in process.args().to_vec() {
        let Some((name, value)) = word.split_once('=') else {
            return unrecognized(process, &word);
        };
        if NUMBERS.contains(&name) && parse_size(value).is_none() {
            let colon = if process.is_busybox() { "" } else { ":" };
            process.complain(&format!("invalid number{colon} '{value}'"))?;
            return Ok(1);
        }
        if !NUMBERS.contains(&name) && !WORDS.contains(&name) {
            return unrecognized(process, &word);
        }
        if let Some(wrong) = value.split(',').find(|one| name == "conv" && !known(one, process.is_busybox()))
        {
            let text = if process.is_busybox() {
                format!("invalid argument '{wrong}' to 'conv'")
            } else {
                format!("invalid conversion: '{wrong}'")
            };
            process.complain(&text)?;
            return if process.is_busybox() { Ok(1) } else { options::usage_error(process) };
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
                cannot_open(process, path, &error)?;
                return Ok(1);
            }
        },
    };
    let unit = |list: &str, word: &str| if has(&values, list, word) { 1 } else { block };
    let skip = size("skip").unwrap_or(0).saturating_mul(unit("iflag", "skip_bytes"));
    let most = size("count").map_or(u64::MAX, |count| count.saturating_mul(unit("iflag", "count_bytes")));
    let mut bytes = match input {
        Some(input) => read(process, &input, skip, most)?,
        None => Vec::new(),
    };
    let total = bytes.len() as u64;
    convert(process, &values, &mut bytes, block)?;
    match values.get("of") {
        None => process.output_bytes(&bytes)?,
        Some(path) => {
            let out_block = if has(&values, "oflag", "seek_bytes") { 1 } else { out_block };
            let at = size("seek").unwrap_or(0).saturating_mul(out_block);
            if !write(process, path, &values, at, &bytes)? {
                return Ok(1);
            }
        }
    }
    let (full, part) = (total / block, u64::from(!total.is_multiple_of(block)));
    if values.get("status").map(String::as_str) != Some("none") {
        let mut text = format!("{full}+{part} records in\n{full}+{part} records out\n");
        if values.get("status").map(String::as_str) != Some("noxfer") {
            let (plural, rate) = match process.is_busybox() {
                true => ("bytes", "0.0 kB/s"),
                false => (if total == 1 { "byte" } else { "bytes" }, "0 B/s"),
            };
            text.push_str(&format!("{total} {plural} copied, 0.000000 s, {rate}\n"));
        }
        process.error_output(&text)?;
    }
    Ok(0)
}

/// What is left of an input behind `skip` bytes, at most `most` of it.
fn read(
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
fn write(
    process: &mut Process<'_, '_>,
    path: &str,
    values: &Operands,
    at: u64,
    bytes: &[u8],
) -> Result<bool, Interrupt> {
    let append = has(values, "oflag", "append");
    let keeps = has(values, "conv", "notrunc") || values.contains_key("seek");
    let how = OpenOptions { read: false, write: true, append, truncate: !keeps };
    let handle = match process.open_file(path, how) {
        Ok(handle) => handle,
        Err(error) => {
            cannot_open(process, path, &error)?;
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

/// Whether a list of words has one of them.
fn has(values: &Operands, list: &str, word: &str) -> bool {
    values.get(list).is_some_and(|text| text.split(',').any(|one| one == word))
}

/// Whether there is such a conversion.
fn known(name: &str, busybox: bool) -> bool {
    matches!(name, "notrunc" | "noerror" | "sync" | "fsync" | "swab")
        || !busybox && matches!(name, "lcase" | "ucase" | "fdatasync" | "excl" | "nocreat" | "sparse")
}

fn unrecognized(process: &mut Process<'_, '_>, word: &str) -> Outcome {
    if process.is_busybox() {
        return super::usage::print(process);
    }
    process.complain(&format!("unrecognized operand '{word}'"))?;
    options::usage_error(process)
}

fn cannot_open(process: &mut Process<'_, '_>, path: &str, error: &VfsError) -> Result<(), Interrupt> {
    if process.is_busybox() {
        return super::support::cannot_open(process, path, error);
    }
    process.complain(&format!("failed to open '{path}': {}", error.kind.message()))
}

/// Changes the bytes as `conv=` says.
fn convert(
    process: &mut Process<'_, '_>,
    values: &Operands,
    bytes: &mut Vec<u8>,
    block: u64,
) -> Result<(), Interrupt> {
    let has = |word| has(values, "conv", word);
    if has("lcase") {
        bytes.make_ascii_lowercase();
    }
    if has("ucase") {
        bytes.make_ascii_uppercase();
    }
    if has("swab") {
        bytes.chunks_exact_mut(2).for_each(|pair| pair.swap(0, 1));
    }
    if has("sync") {
        let full = in_memory((bytes.len() as u64).div_ceil(block).saturating_mul(block));
        process.machine.check_size(full)?;
        bytes.resize(full, 0);
    }
    Ok(())
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
            let told = "! 0+1 records in\n! 0+1 records out\n! 1 bytes copied, 0.000000 s, 0.0 kB/s\n";
            told.to_owned() + &full("/z")
        });
        assert_eq!(
            sh("printf xyz | dd bs=4G skip=4G status=none; printf xyz | dd bs=4G count=4G status=none"),
            "xyz"
        );
        assert_eq!(sh("dd if=/dev/null of=/n bs=4 seek=3 status=none; wc -c < /n"), "12\n");
        assert_eq!(sh("dd seek=99999999999999G"), "! dd: invalid number '99999999999999G'\n= 1\n");
    }
}

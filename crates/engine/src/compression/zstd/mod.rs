//! zstd: frames of blocks, each with literals and the sequences that say where they go.

mod bits;
mod fse;
mod huffman;
mod literals;
pub(super) mod pack;
mod sequences;

use super::Flaw;
use super::checksum::xxh64;
use super::stream::{Input, Output};
use fse::Table;
use huffman::Huffman;

/// The first bytes of a frame.
pub(super) const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
const MAX_BLOCK: usize = 128 << 10;

/// Whether data begins with a frame that is to be skipped.
pub(super) fn is_skippable(bytes: &[u8]) -> bool {
    matches!(bytes, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
}

/// What one block leaves to the next one.
struct Memory {
    /// Where the frame begins in the output.
    start: usize,
    window: usize,
    huffman: Option<Huffman>,
    /// The codes of literal lengths, offsets and match lengths.
    tables: [Option<Table>; 3],
    recent: [usize; 3],
}

pub(super) fn unpack(input: &mut Input<'_>, output: &mut Output) -> Result<(), Flaw> {
    while !input.is_empty() {
        if is_skippable(input.rest()) {
            input.take(4)?;
            let size = input.number(4)?;
            input.take(size as usize)?;
        } else if input.take(4)? == MAGIC {
            frame(input, output)?;
        } else {
            return Err(Flaw::NotThisFormat);
        }
    }
    Ok(())
}

fn frame(input: &mut Input<'_>, output: &mut Output) -> Result<(), Flaw> {
    let flags = input.byte()?;
    let is_single = flags & 0x20 != 0;
    let mut window = 0;
    if !is_single {
        let byte = u64::from(input.byte()?);
        let base = 1_u64 << (10 + (byte >> 3));
        window = base + base / 8 * (byte & 7);
    }
    // A dictionary would have to come from somewhere else; number 0 means none.
    if input.number([0, 1, 2, 4][usize::from(flags & 3)])? != 0 || flags & 8 != 0 {
        return Err(Flaw::Unsupported);
    }
    let size = match flags >> 6 {
        0 if is_single => Some(input.number(1)?),
        0 => None,
        1 => Some(input.number(2)? + 256),
        2 => Some(input.number(4)?),
        _ => Some(input.number(8)?),
    };
    if is_single {
        window = size.unwrap_or_default();
    }
    let start = output.bytes.len();
    let window = usize::try_from(window).unwrap_or(usize::MAX);
    let mut memory = Memory { start, window, huffman: None, tables: [None, None, None], recent: [1, 4, 8] };
    while !block(input, output, &mut memory)? {}
    let made = &output.bytes[start..];
    if size.is_some_and(|size| size != made.len() as u64) {
        return Err(Flaw::Corrupt);
    }
    if flags & 4 != 0 && input.number(4)? != xxh64(made) & 0xffff_ffff {
        return Err(Flaw::Checksum);
    }
    Ok(())
}

/// Reads a block; says whether it was the last one.
fn block(input: &mut Input<'_>, output: &mut Output, memory: &mut Memory) -> Result<bool, Flaw> {
    let header = input.number(3)? as usize;
    let size = header >> 3;
    if size > MAX_BLOCK {
        return Err(Flaw::Corrupt);
    }
    match header >> 1 & 3 {
        0 => output.extend(input.take(size)?)?,
        1 => output.repeat(input.byte()?, size)?,
        2 => compressed(&mut Input::new(input.take(size)?), output, memory)?,
        _ => return Err(Flaw::Corrupt),
    }
    Ok(header & 1 == 1)
}

fn compressed(block: &mut Input<'_>, output: &mut Output, memory: &mut Memory) -> Result<(), Flaw> {
    // The block's own length is known, so nothing in it ends too early unless it is damaged.
    let damaged = |flaw| if flaw == Flaw::UnexpectedEnd { Flaw::Corrupt } else { flaw };
    let literals = literals::read(block, &mut memory.huffman).map_err(damaged)?;
    sequences::apply(block, &literals, output, memory).map_err(damaged)
}

//! xz: streams of blocks with an index behind them, each block LZMA2 data, perhaps behind a delta filter.

mod lzma;
mod lzma2;
mod lzma_pack;
pub(super) mod pack;

use super::Flaw;
use super::checksum::Crc;
use super::stream::{Input, Output};
use crate::digest::Digest;

/// The first bytes of a stream.
pub(super) const MAGIC: [u8; 6] = [0xfd, b'7', b'z', b'X', b'Z', 0];
const FOOTER_MAGIC: [u8; 2] = *b"YZ";
const DELTA: u64 = 3;
const LZMA2: u64 = 0x21;

pub(super) fn unpack(input: &mut Input<'_>, output: &mut Output) -> Result<(), Flaw> {
    loop {
        stream(input, output)?;
        // Between streams and behind the last one there may be zeros, four at a time.
        while input.rest().starts_with(&[0]) {
            if input.take(4)? != [0; 4] {
                return Err(Flaw::Corrupt);
            }
        }
        if input.is_empty() {
            return Ok(());
        }
    }
}

fn stream(input: &mut Input<'_>, output: &mut Output) -> Result<(), Flaw> {
    if input.take(6)? != MAGIC {
        return Err(Flaw::NotThisFormat);
    }
    let flags = checked(input, 2)?;
    let &[0, check @ 0..16] = flags else { return Err(Flaw::Unsupported) };
    let mut records = Vec::new();
    while let Some(record) = block(input, output, check)? {
        records.push(record);
    }
    let size = index(input, &records)?;
    let crc = input.number(4)?;
    let footer = input.take(6)?;
    let backward = Input::new(footer).number(4)?;
    let is_good = Crc::crc32().of(footer) == crc && (backward + 1) * 4 == size && &footer[4..] == flags;
    if is_good && input.take(2)? == FOOTER_MAGIC { Ok(()) } else { Err(Flaw::Corrupt) }
}

/// Some bytes with their CRC32 behind them.
fn checked<'a>(input: &mut Input<'a>, count: usize) -> Result<&'a [u8], Flaw> {
    let bytes = input.take(count)?;
    if input.number(4)? == Crc::crc32().of(bytes) { Ok(bytes) } else { Err(Flaw::Corrupt) }
}

/// A number of seven bits per byte.
fn variable(input: &mut Input<'_>) -> Result<u64, Flaw> {
    let mut number = 0;
    for at in 0..9 {
        let byte = input.byte()?;
        number |= u64::from(byte & 0x7f) << (7 * at);
        if byte < 0x80 {
            return if byte == 0 && at > 0 { Err(Flaw::Corrupt) } else { Ok(number) };
        }
    }
    Err(Flaw::Corrupt)
}

/// What a block does with its data.
struct Filters {
    /// The distance of the delta filter, if there is one.
    delta: Option<usize>,
    dictionary: usize,
    packed: Option<u64>,
    unpacked: Option<u64>,
}

/// Reads a block; gives its sizes, or `None` where the index begins.
fn block(input: &mut Input<'_>, output: &mut Output, check: u8) -> Result<Option<(u64, u64)>, Flaw> {
    let start = input.position();
    let Some(size) = input.rest().first().map(|size| usize::from(*size) * 4) else {
        return Err(Flaw::UnexpectedEnd);
    };
    if size == 0 {
        return Ok(None);
    }
    let filters = filters(&mut Input::new(checked(input, size)?))?;
    let (data, first) = (input.position(), output.bytes.len());
    lzma2::unpack(input, output, filters.dictionary)?;
    let packed = (input.position() - data) as u64;
    if let Some(distance) = filters.delta {
        for at in first + distance..output.bytes.len() {
            output.bytes[at] = output.bytes[at].wrapping_add(output.bytes[at - distance]);
        }
    }
    let made = &output.bytes[first..];
    let unpacked = made.len() as u64;
    let fits = |recorded: Option<u64>, real| recorded.is_none_or(|recorded| recorded == real);
    if !fits(filters.packed, packed) || !fits(filters.unpacked, unpacked) {
        return Err(Flaw::Corrupt);
    }
    let padding = (4 - packed % 4) % 4;
    if input.number(padding as usize)? != 0 {
        return Err(Flaw::Corrupt);
    }
    verify(input, check, made)?;
    Ok(Some(((input.position() - start) as u64 - padding, unpacked)))
}

fn filters(header: &mut Input<'_>) -> Result<Filters, Flaw> {
    header.byte()?;
    let flags = header.byte()?;
    if flags & 0x3c != 0 {
        return Err(Flaw::Unsupported);
    }
    let mut size = |bit| if flags & bit == 0 { Ok(None) } else { variable(header).map(Some) };
    let (packed, unpacked) = (size(0x40)?, size(0x80)?);
    let mut filters = Filters { delta: None, dictionary: 0, packed, unpacked };
    let count = (flags & 3) + 1;
    for at in 1..=count {
        let id = variable(header)?;
        let size = usize::try_from(variable(header)?).map_err(|_| Flaw::Corrupt)?;
        match (id, header.take(size)?) {
            (DELTA, [distance]) if at < count && filters.delta.is_none() => {
                filters.delta = Some(usize::from(*distance) + 1);
            }
            (LZMA2, [size]) if at == count => filters.dictionary = dictionary_size(*size)?,
            _ => return Err(Flaw::Unsupported),
        }
    }
    if header.rest().iter().all(|byte| *byte == 0) { Ok(filters) } else { Err(Flaw::Unsupported) }
}

fn dictionary_size(bits: u8) -> Result<usize, Flaw> {
    match bits {
        0..40 => Ok((2 | usize::from(bits & 1)) << (bits / 2 + 11)),
        40 => Ok(u32::MAX as usize),
        _ => Err(Flaw::Unsupported),
    }
}

/// Compares a block with the check behind it. Checks that nobody knows have their length all the same.
fn verify(input: &mut Input<'_>, check: u8, made: &[u8]) -> Result<(), Flaw> {
    let lengths = [0, 4, 8, 16, 32, 64];
    let length = lengths[usize::from(check).div_ceil(3)];
    let recorded = input.take(length)?;
    let is_good = match check {
        1 => Crc::crc32().of(made).to_le_bytes().starts_with(recorded),
        4 => Crc::crc64().of(made).to_le_bytes() == recorded,
        10 => Digest::of(made).as_bytes() == recorded,
        _ => true,
    };
    if is_good { Ok(()) } else { Err(Flaw::Corrupt) }
}

/// Reads the index, which repeats the sizes of all blocks; gives its length.
fn index(input: &mut Input<'_>, records: &[(u64, u64)]) -> Result<u64, Flaw> {
    let (start, bytes) = (input.position(), input.rest());
    input.byte()?;
    if variable(input)? != records.len() as u64 {
        return Err(Flaw::Corrupt);
    }
    for (packed, unpacked) in records {
        if (variable(input)?, variable(input)?) != (*packed, *unpacked) {
            return Err(Flaw::Corrupt);
        }
    }
    while !(input.position() - start).is_multiple_of(4) {
        if input.byte()? != 0 {
            return Err(Flaw::Corrupt);
        }
    }
    let length = input.position() - start;
    if input.number(4)? != Crc::crc32().of(&bytes[..length]) {
        return Err(Flaw::Corrupt);
    }
    Ok(length as u64 + 4)
}

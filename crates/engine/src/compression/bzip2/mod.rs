//! bzip2: blocks that were run-length encoded, sorted (Burrows-Wheeler), moved to front, and Huffman coded.

pub(super) mod pack;

use super::Flaw;
use super::stream::{Input, Output};

const BLOCK_MAGIC: u64 = 0x3141_5926_5359;
const END_MAGIC: u64 = 0x1772_4538_5090;
/// The longest code of the format.
const MAX_LENGTH: usize = 20;
/// Symbols that one selected code is used for.
const GROUP: usize = 50;

/// Bits with the highest first.
struct Bits<'a, 'b> {
    input: &'b mut Input<'a>,
    held: u32,
    count: u32,
}

impl Bits<'_, '_> {
    fn bit(&mut self) -> Result<bool, Flaw> {
        Ok(self.bits(1)? == 1)
    }

    fn bits(&mut self, count: u32) -> Result<u32, Flaw> {
        let mut value = 0;
        for _ in 0..count {
            if self.count == 0 {
                self.held = u32::from(self.input.byte()?);
                self.count = 8;
            }
            self.count -= 1;
            value = (value << 1) | ((self.held >> self.count) & 1);
        }
        Ok(value)
    }

    fn magic(&mut self) -> Result<u64, Flaw> {
        Ok((u64::from(self.bits(24)?) << 24) | u64::from(self.bits(24)?))
    }
}

/// A code: for each length the first code and where its symbols begin.
struct Code {
    counts: [u32; MAX_LENGTH + 1],
    symbols: Vec<u16>,
}

impl Code {
    fn new(lengths: &[u8]) -> Self {
        let mut counts = [0; MAX_LENGTH + 1];
        let mut symbols = Vec::with_capacity(lengths.len());
        for (length, count) in counts.iter_mut().enumerate().skip(1) {
            for (symbol, _) in lengths.iter().enumerate().filter(|(_, at)| usize::from(**at) == length) {
                *count += 1;
                symbols.push(symbol as u16);
            }
        }
        Self { counts, symbols }
    }

    fn read(&self, bits: &mut Bits<'_, '_>) -> Result<u16, Flaw> {
        let (mut code, mut first, mut index) = (0, 0, 0);
        for count in &self.counts[1..] {
            code |= bits.bits(1)?;
            if code < first + count {
                return self.symbols.get((index + code - first) as usize).copied().ok_or(Flaw::Corrupt);
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        Err(Flaw::Corrupt)
    }
}

pub(super) fn unpack(input: &mut Input<'_>, output: &mut Output) -> Result<(), Flaw> {
    let table = crc_table();
    loop {
        if input.take(3)? != b"BZh" {
            return Err(Flaw::NotThisFormat);
        }
        let level = input.byte()?;
        if !(b'1'..=b'9').contains(&level) {
            return Err(Flaw::NotThisFormat);
        }
        stream(input, output, usize::from(level - b'0') * 100_000, &table)?;
        if input.is_empty() {
            return Ok(());
        }
    }
}

/// One stream behind its header. What is left of its last byte is padding.
fn stream(input: &mut Input<'_>, out: &mut Output, size: usize, table: &[u32; 256]) -> Result<(), Flaw> {
    let mut bits = Bits { input, held: 0, count: 0 };
    let mut combined = 0_u32;
    loop {
        match bits.magic()? {
            BLOCK_MAGIC => {
                let expected = (bits.bits(16)? << 16) | bits.bits(16)?;
                let start = out.bytes.len();
                block(&mut bits, out, size)?;
                let crc = !out.bytes[start..]
                    .iter()
                    .fold(u32::MAX, |crc, byte| (crc << 8) ^ table[usize::from((crc >> 24) as u8 ^ byte)]);
                if crc != expected {
                    return Err(Flaw::Checksum);
                }
                combined = combined.rotate_left(1) ^ crc;
            }
            END_MAGIC => {
                let expected = (bits.bits(16)? << 16) | bits.bits(16)?;
                return if expected == combined { Ok(()) } else { Err(Flaw::Checksum) };
            }
            _ => return Err(Flaw::Corrupt),
        }
    }
}

fn block(bits: &mut Bits<'_, '_>, out: &mut Output, size: usize) -> Result<(), Flaw> {
    // Blocks made random are of before 1999; nothing reads them any more.
    if bits.bit()? {
        return Err(Flaw::Unsupported);
    }
    let origin = bits.bits(24)? as usize;
    let mut front = used_bytes(bits)?;
    let codes = bits.bits(3)? as usize;
    if front.is_empty() || !(2..=6).contains(&codes) {
        return Err(Flaw::Corrupt);
    }
    let selectors = selectors(bits, codes)?;
    let codes = codes_of(bits, codes, front.len() + 2)?;
    let sorted = symbols(bits, &codes, &selectors, &mut front, size)?;
    unsort(sorted, origin, out)
}

/// The bytes that occur in the block.
fn used_bytes(bits: &mut Bits<'_, '_>) -> Result<Vec<u8>, Flaw> {
    let ranges = bits.bits(16)?;
    let mut used = Vec::new();
    for range in 0..16 {
        if ranges & (0x8000 >> range) != 0 {
            let map = bits.bits(16)?;
            used.extend((0..16).filter(|at| map & (0x8000 >> at) != 0).map(|at| (range * 16 + at) as u8));
        }
    }
    Ok(used)
}

fn selectors(bits: &mut Bits<'_, '_>, codes: usize) -> Result<Vec<u8>, Flaw> {
    let count = bits.bits(15)?;
    let mut front: Vec<u8> = (0..codes as u8).collect();
    let mut selectors = Vec::new();
    for _ in 0..count {
        let mut at = 0;
        while bits.bit()? {
            at += 1;
        }
        if at >= codes {
            return Err(Flaw::Corrupt);
        }
        front[..=at].rotate_right(1);
        selectors.push(front[0]);
    }
    Ok(selectors)
}

fn codes_of(bits: &mut Bits<'_, '_>, count: usize, symbols: usize) -> Result<Vec<Code>, Flaw> {
    let mut codes = Vec::new();
    for _ in 0..count {
        let mut length = bits.bits(5)?;
        let mut lengths = Vec::with_capacity(symbols);
        for _ in 0..symbols {
            while bits.bit()? {
                length = if bits.bit()? { length.wrapping_sub(1) } else { length + 1 };
                if length > MAX_LENGTH as u32 {
                    return Err(Flaw::Corrupt);
                }
            }
            if !(1..=MAX_LENGTH as u32).contains(&length) {
                return Err(Flaw::Corrupt);
            }
            lengths.push(length as u8);
        }
        codes.push(Code::new(&lengths));
    }
    Ok(codes)
}

/// The sorted bytes, as numbers with room for what [`unsort`] adds.
fn symbols(
    bits: &mut Bits<'_, '_>,
    codes: &[Code],
    selectors: &[u8],
    front: &mut [u8],
    size: usize,
) -> Result<Vec<u32>, Flaw> {
    let end = front.len() + 1;
    let mut sorted = Vec::new();
    let (mut run, mut weight) = (0_usize, 1_usize);
    for selector in selectors {
        let code = &codes[usize::from(*selector)];
        for _ in 0..GROUP {
            let symbol = usize::from(code.read(bits)?);
            // The two lowest symbols are the digits of a run's length.
            if symbol < 2 {
                run += weight << symbol;
                weight <<= 1;
                if run > size {
                    return Err(Flaw::Corrupt);
                }
                continue;
            }
            if sorted.len() + run > size {
                return Err(Flaw::Corrupt);
            }
            sorted.resize(sorted.len() + run, u32::from(front[0]));
            (run, weight) = (0, 1);
            if symbol == end {
                return Ok(sorted);
            }
            if sorted.len() == size {
                return Err(Flaw::Corrupt);
            }
            front[..symbol].rotate_right(1);
            sorted.push(u32::from(front[0]));
        }
    }
    Err(Flaw::Corrupt)
}

/// Undoes the sorting: each number gets, above its byte, the place of the next one. Then undoes the first run lengths.
fn unsort(mut sorted: Vec<u32>, origin: usize, out: &mut Output) -> Result<(), Flaw> {
    if sorted.is_empty() {
        return Ok(());
    }
    let mut places = [0_u32; 257];
    for byte in &sorted {
        places[(byte & 0xff) as usize + 1] += 1;
    }
    for byte in 0..256 {
        places[byte + 1] += places[byte];
    }
    for at in 0..sorted.len() {
        let byte = (sorted[at] & 0xff) as usize;
        sorted[places[byte] as usize] |= (at as u32) << 8;
        places[byte] += 1;
    }
    let mut next = *sorted.get(origin).ok_or(Flaw::Corrupt)? >> 8;
    let (mut last, mut equal) = (None, 0);
    for _ in 0..sorted.len() {
        let both = sorted[next as usize];
        next = both >> 8;
        let byte = both as u8;
        if equal == 4 {
            // Four equal bytes are followed by how often they come again.
            out.repeat(last.unwrap_or_default(), usize::from(byte))?;
            (last, equal) = (None, 0);
            continue;
        }
        equal = if last == Some(byte) { equal + 1 } else { 1 };
        last = Some(byte);
        out.push(byte)?;
    }
    Ok(())
}

/// A CRC with the highest bit first.
fn crc_table() -> [u32; 256] {
    let mut table = [0; 256];
    for (byte, value) in table.iter_mut().enumerate() {
        *value = (byte as u32) << 24;
        for _ in 0..8 {
            *value = (*value << 1) ^ if *value >> 31 == 1 { 0x04c1_1db7 } else { 0 };
        }
    }
    table
}

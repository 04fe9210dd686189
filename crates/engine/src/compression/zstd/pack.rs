//! Packing as zstd: one frame whose blocks have plain literals and sequences in the codes that every reader knows.

use super::fse::Table;
use super::sequences::{LITERAL_BITS, MATCH_BITS, known_table};
use super::{MAGIC, MAX_BLOCK};
use crate::compression::checksum::xxh64;
use crate::compression::matches::Matcher;

/// How far back repeats may reach.
const WINDOW: usize = 2 << 20;
const LONGEST: usize = 1 << 16;
/// Matches are counted from here.
const SHORTEST: usize = 3;

/// Packs data.
pub(crate) fn pack(data: &[u8]) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    // All of the data is the window, and a checksum follows.
    match u8::try_from(data.len()) {
        Ok(size) => out.extend([0x24, size]),
        Err(_) => {
            out.push(0xa4);
            out.extend((data.len() as u32).to_le_bytes());
        }
    }
    let mut matcher = Matcher::new(data, WINDOW, LONGEST);
    let mut start = 0;
    loop {
        let end = data.len().min(start + MAX_BLOCK);
        let is_last = end == data.len();
        let packed = block(data, start, end, &mut matcher);
        let (kind, bytes) = match &packed {
            Some(packed) if packed.len() < end - start => (2, &packed[..]),
            _ => (0, &data[start..end]),
        };
        let header = u32::from(is_last) | kind << 1 | (bytes.len() as u32) << 3;
        out.extend(&header.to_le_bytes()[..3]);
        out.extend(bytes);
        if is_last {
            break;
        }
        start = end;
    }
    out.extend((xxh64(data) as u32).to_le_bytes());
    out
}

/// So many literals, then a repeat.
struct Sequence {
    literals: usize,
    distance: usize,
    length: usize,
}

/// A block that is not plain; none where nothing repeats.
fn block(data: &[u8], start: usize, end: usize, matcher: &mut Matcher<'_>) -> Option<Vec<u8>> {
    let mut sequences = Vec::new();
    let mut literals = Vec::new();
    let mut run = 0;
    let mut at = start;
    while at < end {
        let found = matcher.find(at, end);
        let length = found.map_or(1, |(_, length)| length);
        match found {
            Some((distance, length)) => {
                sequences.push(Sequence { literals: run, distance, length });
                run = 0;
            }
            None => {
                literals.push(data[at]);
                run += 1;
            }
        }
        (at..at + length).for_each(|place| matcher.add(place));
        at += length;
    }
    if sequences.is_empty() {
        return None;
    }
    let size = literals.len() as u32;
    let mut out = match size {
        0..32 => vec![(size << 3) as u8],
        32..4096 => ((size << 4 | 4) as u16).to_le_bytes().to_vec(),
        _ => (size << 4 | 12).to_le_bytes()[..3].to_vec(),
    };
    out.extend(literals);
    match sequences.len() {
        count @ 0..128 => out.push(count as u8),
        count @ 128..0x7f00 => out.extend([(count >> 8) as u8 + 128, count as u8]),
        count => {
            out.push(255);
            out.extend(((count - 0x7f00) as u16).to_le_bytes());
        }
    }
    // The known tables for all three.
    out.push(0);
    out.extend(coded(&sequences));
    Some(out)
}

/// Bits with the lowest first.
#[derive(Default)]
struct Bits {
    out: Vec<u8>,
    held: u64,
    count: u32,
}

impl Bits {
    fn push(&mut self, value: usize, count: u32) {
        self.held |= (value as u64) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.out.push(self.held as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }
}

/// A number as a symbol and further bits.
struct Number {
    symbol: u8,
    rest: usize,
    bits: u32,
}

/// Numbers below `direct` are symbols; behind them the symbols stand for ranges.
fn number(value: usize, direct: usize, widths: &[u32]) -> Number {
    if value < direct {
        return Number { symbol: value as u8, rest: 0, bits: 0 };
    }
    let mut base = direct;
    for (at, bits) in widths.iter().enumerate() {
        if value < base + (1 << bits) || at + 1 == widths.len() {
            return Number { symbol: (direct + at) as u8, rest: value - base, bits: *bits };
        }
        base += 1 << bits;
    }
    unreachable!("there are widths")
}

/// The sequences as they are read from the end: so what is read last is written first.
fn coded(sequences: &[Sequence]) -> Vec<u8> {
    let tables: [Table; 3] = [0, 1, 2].map(known_table);
    let mut states = [None; 3];
    let mut bits = Bits::default();
    for sequence in sequences.iter().rev() {
        let value = sequence.distance + 3;
        let width = value.ilog2();
        let numbers = [
            number(sequence.literals, 16, &LITERAL_BITS),
            Number { symbol: width as u8, rest: value - (1 << width), bits: width },
            number(sequence.length - SHORTEST, 32, &MATCH_BITS),
        ];
        // The way on to the next states: offset, match, literals.
        for kind in [1, 2, 0] {
            let (state, rest, width) = tables[kind].before(numbers[kind].symbol, states[kind]);
            bits.push(rest, width);
            states[kind] = Some(state);
        }
        for kind in [0, 2, 1] {
            bits.push(numbers[kind].rest, numbers[kind].bits);
        }
    }
    for kind in [2, 1, 0] {
        bits.push(states[kind].unwrap_or(0), tables[kind].log());
    }
    bits.push(1, 1);
    bits.push(0, bits.count.wrapping_neg() % 8);
    bits.out
}

//! The code of literals.

use super::bits::{Backward, Forward};
use super::fse::Table;
use crate::compression::Flaw;
use crate::compression::stream::Input;

const MAX_BITS: u32 = 11;
const MAX_WEIGHTS: usize = 255;

/// A code, as a table over the longest code.
pub(super) struct Huffman {
    /// Symbol and length.
    entries: Vec<(u8, u8)>,
    log: u32,
}

impl Huffman {
    /// Reads the description of a code.
    pub(super) fn read(input: &mut Input<'_>) -> Result<Self, Flaw> {
        let header = usize::from(input.byte()?);
        let mut weights;
        if header >= 128 {
            let count = header - 127;
            let bytes = input.take(count.div_ceil(2))?;
            weights = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).collect();
            Vec::truncate(&mut weights, count);
        } else {
            weights = packed_weights(input.take(header)?)?;
        }
        Self::of(weights)
    }

    /// The code for the weights of all symbols but the last, whose weight fills up what the others leave.
    fn of(mut weights: Vec<u8>) -> Result<Self, Flaw> {
        if weights.iter().any(|weight| u32::from(*weight) > MAX_BITS) {
            return Err(Flaw::Corrupt);
        }
        let sum: u32 = weights.iter().map(|weight| (1 << weight) >> 1).sum();
        if sum == 0 {
            return Err(Flaw::Corrupt);
        }
        let log = sum.ilog2() + 1;
        let left = (1_u32 << log) - sum;
        if log > MAX_BITS || !left.is_power_of_two() {
            return Err(Flaw::Corrupt);
        }
        weights.push(left.ilog2() as u8 + 1);
        let mut entries = Vec::with_capacity(1 << log);
        for weight in 1..=log as u8 {
            for (symbol, _) in weights.iter().enumerate().filter(|(_, at)| **at == weight) {
                let entry = (symbol as u8, log as u8 + 1 - weight);
                entries.resize(entries.len() + (1 << (weight - 1)), entry);
            }
        }
        Ok(Self { entries, log })
    }

    /// Decodes a stream to so many bytes.
    pub(super) fn decode(&self, bytes: &[u8], count: usize, out: &mut Vec<u8>) -> Result<(), Flaw> {
        let mut bits = Backward::new(bytes)?;
        for _ in 0..count {
            let (symbol, length) = self.entries[bits.peek(self.log) as usize];
            bits.skip(length.into());
            out.push(symbol);
        }
        if bits.left() == 0 { Ok(()) } else { Err(Flaw::Corrupt) }
    }
}

/// Weights in two interleaved streams of a code of their own.
fn packed_weights(bytes: &[u8]) -> Result<Vec<u8>, Flaw> {
    let mut header = Forward::new(bytes);
    let table = Table::read(&mut header, 6, MAX_BITS as usize + 1)?;
    let mut bits = Backward::new(bytes.get(header.bytes_read()..).unwrap_or_default())?;
    let mut states = [table.begin(&mut bits), 0];
    states[1] = table.begin(&mut bits);
    let mut weights = Vec::new();
    for turn in 0.. {
        let state = states[turn % 2];
        weights.push(table.symbol(state));
        if i64::from(table.bits(state)) > bits.left() {
            weights.push(table.symbol(states[(turn + 1) % 2]));
            break;
        }
        states[turn % 2] = table.next(state, &mut bits);
        if weights.len() >= MAX_WEIGHTS {
            return Err(Flaw::Corrupt);
        }
    }
    if weights.len() > MAX_WEIGHTS { Err(Flaw::Corrupt) } else { Ok(weights) }
}

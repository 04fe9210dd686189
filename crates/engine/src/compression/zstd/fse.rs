//! Finite state entropy: a code whose states each stand for a symbol and say how many bits lead to the next state.

use super::bits::{Backward, Forward};
use crate::compression::Flaw;

/// The table of a code.
#[derive(Clone)]
pub(super) struct Table {
    states: Vec<State>,
    log: u32,
}

#[derive(Clone, Copy, Default)]
struct State {
    symbol: u8,
    bits: u8,
    base: u16,
}

impl Table {
    /// A table in which everything is one symbol.
    pub(super) fn of_one(symbol: u8) -> Self {
        Self { states: vec![State { symbol, bits: 0, base: 0 }], log: 0 }
    }

    /// The table for these counts, which add up to its size. -1 is a symbol rarer than one state.
    pub(super) fn new(counts: &[i16], log: u32) -> Self {
        let size = 1_usize << log;
        let mut states = vec![State::default(); size];
        let mut high = size;
        for (symbol, _) in counts.iter().enumerate().filter(|(_, count)| **count == -1) {
            high -= 1;
            states[high].symbol = symbol as u8;
        }
        let step = (size >> 1) + (size >> 3) + 3;
        let mut at = 0;
        for (symbol, count) in counts.iter().enumerate() {
            for _ in 0..*count {
                states[at].symbol = symbol as u8;
                at = (at + step) & (size - 1);
                while at >= high {
                    at = (at + step) & (size - 1);
                }
            }
        }
        let mut next: Vec<u32> = counts.iter().map(|count| count.unsigned_abs().into()).collect();
        for state in &mut states {
            let number = &mut next[usize::from(state.symbol)];
            let bits = log - number.ilog2();
            state.bits = bits as u8;
            state.base = ((*number << bits) - size as u32) as u16;
            *number += 1;
        }
        Self { states, log }
    }

    /// A state of a symbol from which `next` is reached, and the bits that lead there; any where nothing follows.
    pub(super) fn before(&self, symbol: u8, next: Option<usize>) -> (usize, usize, u32) {
        for (at, state) in self.states.iter().enumerate().filter(|(_, state)| state.symbol == symbol) {
            let base = usize::from(state.base);
            match next {
                None => return (at, 0, 0),
                Some(next) if (base..base + (1 << state.bits)).contains(&next) => {
                    return (at, next - base, state.bits.into());
                }
                Some(_) => {}
            }
        }
        unreachable!("the states of a symbol lead everywhere")
    }

    /// How many bits a state has.
    pub(super) fn log(&self) -> u32 {
        self.log
    }

    /// Reads the description of a table.
    pub(super) fn read(bits: &mut Forward<'_>, max_log: u32, max_symbol: usize) -> Result<Self, Flaw> {
        let log = bits.bits(4)? + 5;
        if log > max_log {
            return Err(Flaw::Corrupt);
        }
        let mut counts: Vec<i16> = Vec::new();
        let mut left = 1_i32 << log;
        while left > 0 {
            // The values up to what is left, in the fewest bits that hold them.
            let values = left as u32 + 2;
            let width = u32::BITS - (values - 1).leading_zeros();
            let short = (1 << width) - values;
            let low = bits.peek(width) & ((1 << (width - 1)) - 1);
            let value = if low < short {
                bits.skip(width - 1)?;
                low
            } else {
                let value = bits.bits(width)?;
                if value >= 1 << (width - 1) { value - short } else { value }
            };
            let count = value as i16 - 1;
            left -= i32::from(count.unsigned_abs());
            counts.push(count);
            if count == 0 {
                loop {
                    let repeat = bits.bits(2)?;
                    counts.resize(counts.len() + repeat as usize, 0);
                    if repeat < 3 || counts.len() > max_symbol {
                        break;
                    }
                }
            }
            if counts.len() > max_symbol + 1 {
                return Err(Flaw::Corrupt);
            }
        }
        if left == 0 { Ok(Self::new(&counts, log)) } else { Err(Flaw::Corrupt) }
    }

    pub(super) fn begin(&self, bits: &mut Backward<'_>) -> usize {
        bits.bits(self.log) as usize
    }

    pub(super) fn symbol(&self, state: usize) -> u8 {
        self.states[state].symbol
    }

    /// How many bits lead to the next state.
    pub(super) fn bits(&self, state: usize) -> u32 {
        self.states[state].bits.into()
    }

    pub(super) fn next(&self, state: usize, bits: &mut Backward<'_>) -> usize {
        let State { bits: count, base, .. } = self.states[state];
        usize::from(base) + bits.bits(count.into()) as usize
    }
}

//! The sequences of a block: how many literals, then how much from how far back.

use super::bits::{Backward, Forward};
use super::fse::Table;
use super::{MAX_BLOCK, Memory};
use crate::compression::Flaw;
use crate::compression::stream::{Input, Output};

/// A code: the longest table, the last symbol, and the counts where none are given, with the size of their table.
struct Kind {
    max_log: u32,
    max_symbol: usize,
    default: (&'static [i16], u32),
}

/// Literal lengths, offsets, match lengths.
const KINDS: [Kind; 3] = [
    Kind {
        max_log: 9,
        max_symbol: 35,
        default: (
            &[
                4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1,
                1, -1, -1, -1, -1,
            ],
            6,
        ),
    },
    Kind {
        max_log: 8,
        max_symbol: 31,
        default: (
            &[1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1],
            5,
        ),
    },
    Kind {
        max_log: 9,
        max_symbol: 52,
        default: (
            &[
                1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
            ],
            6,
        ),
    },
];

/// How many further bits the codes of long literal lengths have: from 16 on.
pub(super) const LITERAL_BITS: [u32; 20] =
    [1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
/// The same for match lengths, from 32 on.
pub(super) const MATCH_BITS: [u32; 21] =
    [1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

/// The table of a kind that needs no description.
pub(super) fn known_table(kind: usize) -> Table {
    let (counts, log) = KINDS[kind].default;
    Table::new(counts, log)
}

/// Reads the sequences and writes what they say.
pub(super) fn apply(
    block: &mut Input<'_>,
    mut literals: &[u8],
    output: &mut Output,
    memory: &mut Memory,
) -> Result<(), Flaw> {
    let end = output.bytes.len() + MAX_BLOCK;
    let count = count(block)?;
    if count > 0 {
        read_tables(block, memory)?;
        let [Some(lengths), Some(offsets), Some(matches)] = &memory.tables else {
            return Err(Flaw::Corrupt);
        };
        let mut bits = Backward::new(block.rest())?;
        let mut states = [lengths.begin(&mut bits), offsets.begin(&mut bits), matches.begin(&mut bits)];
        for turn in 1..=count {
            let code = u32::from(offsets.symbol(states[1]));
            // Further bits come in the order offset, match, literals.
            let offset = (1_usize << code) + bits.bits(code) as usize;
            let length = 3 + value(matches.symbol(states[2]), 32, &MATCH_BITS, &mut bits)?;
            let literal = value(lengths.symbol(states[0]), 16, &LITERAL_BITS, &mut bits)?;
            let distance = recent(&mut memory.recent, offset, literal)?;
            let (here, rest) = literals.split_at_checked(literal).ok_or(Flaw::Corrupt)?;
            literals = rest;
            output.extend(here)?;
            if distance > output.bytes.len() - memory.start
                || distance > memory.window.max(MAX_BLOCK)
                || output.bytes.len() + length > end
            {
                return Err(Flaw::Corrupt);
            }
            output.copy(distance, length)?;
            if turn < count {
                states[0] = lengths.next(states[0], &mut bits);
                states[2] = matches.next(states[2], &mut bits);
                states[1] = offsets.next(states[1], &mut bits);
            }
        }
        if bits.left() != 0 {
            return Err(Flaw::Corrupt);
        }
    } else if !block.is_empty() {
        return Err(Flaw::Corrupt);
    }
    if output.bytes.len() + literals.len() > end {
        return Err(Flaw::Corrupt);
    }
    output.extend(literals)
}

fn count(block: &mut Input<'_>) -> Result<usize, Flaw> {
    let first = usize::from(block.byte()?);
    Ok(match first {
        0..128 => first,
        128..255 => ((first - 128) << 8) + usize::from(block.byte()?),
        _ => block.number(2)? as usize + 0x7f00,
    })
}

fn read_tables(block: &mut Input<'_>, memory: &mut Memory) -> Result<(), Flaw> {
    let modes = block.byte()?;
    for ((kind, table), shift) in KINDS.iter().zip(&mut memory.tables).zip([6, 4, 2]) {
        match modes >> shift & 3 {
            0 => *table = Some(Table::new(kind.default.0, kind.default.1)),
            1 => {
                let symbol = block.byte()?;
                if usize::from(symbol) > kind.max_symbol {
                    return Err(Flaw::Corrupt);
                }
                *table = Some(Table::of_one(symbol));
            }
            2 => {
                let mut bits = Forward::new(block.rest());
                *table = Some(Table::read(&mut bits, kind.max_log, kind.max_symbol)?);
                block.take(bits.bytes_read())?;
            }
            // The one of the block before.
            _ => {}
        }
    }
    Ok(())
}

/// The length that a code stands for: itself up to `first`, then with further bits.
fn value(code: u8, first: usize, widths: &[u32], bits: &mut Backward<'_>) -> Result<usize, Flaw> {
    let code = usize::from(code);
    let Some(above) = code.checked_sub(first) else { return Ok(code) };
    let width = *widths.get(above).ok_or(Flaw::Corrupt)?;
    let base: usize = widths[..above].iter().map(|width| 1_usize << width).sum();
    Ok(first + base + bits.bits(width) as usize)
}

/// The distance for an offset. The three lowest mean distances that were used before; which, depends on the literals.
fn recent(recent: &mut [usize; 3], offset: usize, literals: usize) -> Result<usize, Flaw> {
    if offset > 3 {
        recent.rotate_right(1);
        recent[0] = offset - 3;
        return Ok(recent[0]);
    }
    let which = offset - 1 + usize::from(literals == 0);
    if which == 3 {
        let distance = recent[0] - 1;
        recent.rotate_right(1);
        recent[0] = distance;
    } else {
        recent[..=which].rotate_right(1);
    }
    if recent[0] == 0 { Err(Flaw::Corrupt) } else { Ok(recent[0]) }
}

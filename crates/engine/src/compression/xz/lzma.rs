//! LZMA: literals and matches in a range code whose probabilities learn.

use crate::compression::Flaw;
use crate::compression::stream::{Input, Output};

/// Even odds, of [`PROBABILITY_BITS`] bits.
const EVEN: u16 = 1 << (PROBABILITY_BITS - 1);
const PROBABILITY_BITS: u32 = 11;
const LEARNING: u32 = 5;
const STATES: usize = 12;
const POSITIONS: usize = 16;
/// Matches are at least this long.
const SHORTEST: usize = 2;

/// How many bits of position and of the byte before choose a probability.
#[derive(Clone, Copy)]
pub(super) struct Properties {
    literal_context: u32,
    literal_position: u32,
    position: u32,
}

impl Properties {
    pub(super) fn new(byte: u8) -> Result<Self, Flaw> {
        let byte = u32::from(byte);
        let (literal_context, literal_position, position) = (byte % 9, byte / 9 % 5, byte / 45);
        if position > 4 || literal_context + literal_position > 4 {
            return Err(Flaw::Corrupt);
        }
        Ok(Self { literal_context, literal_position, position })
    }
}

/// The probabilities of a length.
struct Lengths {
    choice: [u16; 2],
    low: [[u16; 8]; POSITIONS],
    middle: [[u16; 8]; POSITIONS],
    high: [u16; 256],
}

impl Lengths {
    const NEW: Self = Self {
        choice: [EVEN; 2],
        low: [[EVEN; 8]; POSITIONS],
        middle: [[EVEN; 8]; POSITIONS],
        high: [EVEN; 256],
    };

    fn read(&mut self, range: &mut Range<'_>, position: usize) -> Result<usize, Flaw> {
        let length = if !range.bit(&mut self.choice[0])? {
            range.tree(&mut self.low[position])?
        } else if !range.bit(&mut self.choice[1])? {
            range.tree(&mut self.middle[position])? + 8
        } else {
            range.tree(&mut self.high)? + 16
        };
        Ok(length + SHORTEST)
    }
}

/// The range decoder: a number that each bit takes its part of.
struct Range<'a> {
    input: Input<'a>,
    range: u32,
    code: u32,
}

impl<'a> Range<'a> {
    fn new(bytes: &'a [u8]) -> Result<Self, Flaw> {
        let mut input = Input::new(bytes);
        if input.byte()? != 0 {
            return Err(Flaw::Corrupt);
        }
        let code = input.take(4)?.iter().fold(0, |code, byte| (code << 8) | u32::from(*byte));
        Ok(Self { input, range: u32::MAX, code })
    }

    fn normalize(&mut self) -> Result<(), Flaw> {
        if self.range < 1 << 24 {
            self.range <<= 8;
            // The chunk said how long it is, so it ends within its own data only if it is damaged.
            self.code = (self.code << 8) | u32::from(self.input.byte().map_err(|_| Flaw::Corrupt)?);
        }
        Ok(())
    }

    fn bit(&mut self, odds: &mut u16) -> Result<bool, Flaw> {
        self.normalize()?;
        let bound = (self.range >> PROBABILITY_BITS) * u32::from(*odds);
        let is_one = self.code >= bound;
        if is_one {
            self.range -= bound;
            self.code -= bound;
            *odds -= *odds >> LEARNING;
        } else {
            self.range = bound;
            *odds += ((1 << PROBABILITY_BITS) - *odds) >> LEARNING;
        }
        Ok(is_one)
    }

    /// Bits of even odds, the highest first.
    fn direct(&mut self, count: u32) -> Result<u32, Flaw> {
        let mut value = 0;
        for _ in 0..count {
            self.normalize()?;
            self.range >>= 1;
            let is_one = self.code >= self.range;
            self.code -= if is_one { self.range } else { 0 };
            value = (value << 1) | u32::from(is_one);
        }
        Ok(value)
    }

    /// Bits down a tree as large as the table, the highest first.
    fn tree(&mut self, odds: &mut [u16]) -> Result<usize, Flaw> {
        let mut node = 1;
        while node < odds.len() {
            node = (node << 1) | usize::from(self.bit(&mut odds[node])?);
        }
        Ok(node - odds.len())
    }

    /// Bits down a tree, the lowest first.
    fn reverse_tree(&mut self, odds: &mut [u16], bits: u32) -> Result<usize, Flaw> {
        let (mut node, mut value) = (1, 0);
        for at in 0..bits {
            let bit = usize::from(self.bit(&mut odds[node])?);
            node = (node << 1) | bit;
            value |= bit << at;
        }
        Ok(value)
    }
}

/// What the decoder has learned.
pub(super) struct Decoder {
    properties: Properties,
    state: usize,
    /// The distances used last, less one.
    recent: [usize; 4],
    literals: Vec<[u16; 0x300]>,
    is_match: [[u16; POSITIONS]; STATES],
    is_recent: [u16; STATES],
    is_recent_0: [u16; STATES],
    is_recent_0_long: [[u16; POSITIONS]; STATES],
    is_recent_1: [u16; STATES],
    is_recent_2: [u16; STATES],
    slots: [[u16; 64]; 4],
    /// The lower bits of distances, by slot.
    special: [[u16; 32]; 14],
    aligned: [u16; 16],
    match_lengths: Lengths,
    recent_lengths: Lengths,
}

impl Decoder {
    pub(super) fn new(properties: Properties) -> Self {
        Self {
            properties,
            state: 0,
            recent: [0; 4],
            literals: vec![[EVEN; 0x300]; 1 << (properties.literal_context + properties.literal_position)],
            is_match: [[EVEN; POSITIONS]; STATES],
            is_recent: [EVEN; STATES],
            is_recent_0: [EVEN; STATES],
            is_recent_0_long: [[EVEN; POSITIONS]; STATES],
            is_recent_1: [EVEN; STATES],
            is_recent_2: [EVEN; STATES],
            slots: [[EVEN; 64]; 4],
            special: [[EVEN; 32]; 14],
            aligned: [EVEN; 16],
            match_lengths: Lengths::NEW,
            recent_lengths: Lengths::NEW,
        }
    }

    pub(super) fn reset(&mut self) {
        *self = Self::new(self.properties);
    }

    /// Unpacks a chunk to `size` bytes. The window says where the dictionary begins and how much of it counts.
    pub(super) fn chunk(
        &mut self,
        packed: &[u8],
        out: &mut Output,
        size: usize,
        (start, dictionary): (usize, usize),
    ) -> Result<(), Flaw> {
        let mut range = Range::new(packed)?;
        let end = out.bytes.len() + size;
        while out.bytes.len() < end {
            let position = out.bytes.len() - start;
            let low = position & ((1 << self.properties.position) - 1);
            if !range.bit(&mut self.is_match[self.state][low])? {
                self.literal(&mut range, out, start)?;
                continue;
            }
            let length = self.matched(&mut range, low)?;
            let distance = self.recent[0] + 1;
            if distance > position || distance > dictionary || length > end - out.bytes.len() {
                return Err(Flaw::Corrupt);
            }
            out.copy(distance, length)?;
        }
        range.normalize()?;
        if range.input.is_empty() && range.code == 0 { Ok(()) } else { Err(Flaw::Corrupt) }
    }

    fn literal(&mut self, range: &mut Range<'_>, out: &mut Output, start: usize) -> Result<(), Flaw> {
        let Properties { literal_context, literal_position, .. } = self.properties;
        let made = &out.bytes[start..];
        let before = u32::from(made.last().copied().unwrap_or(0));
        let place = made.len() as u32 & ((1 << literal_position) - 1);
        let table = (place << literal_context) | (before >> (8 - literal_context));
        let odds = &mut self.literals[table as usize];
        let mut symbol = 1;
        if self.state >= 7 {
            // Behind a match the byte that would have continued it is known not to come.
            let at = made.len().checked_sub(self.recent[0] + 1).ok_or(Flaw::Corrupt)?;
            let mut expected = usize::from(made[at]);
            while symbol < 0x100 {
                expected <<= 1;
                let other = expected & 0x100;
                let bit = range.bit(&mut odds[0x100 + other + symbol])?;
                symbol = (symbol << 1) | usize::from(bit);
                if bit != (other != 0) {
                    break;
                }
            }
        }
        while symbol < 0x100 {
            symbol = (symbol << 1) | usize::from(range.bit(&mut odds[symbol])?);
        }
        self.state = match self.state {
            0..4 => 0,
            4..10 => self.state - 3,
            _ => self.state - 6,
        };
        out.push(symbol as u8)
    }

    /// Reads a match: its length; its distance becomes the first of the recent ones.
    fn matched(&mut self, range: &mut Range<'_>, position: usize) -> Result<usize, Flaw> {
        let state = self.state;
        let after_literal = state < 7;
        if !range.bit(&mut self.is_recent[state])? {
            let length = self.match_lengths.read(range, position)?;
            self.recent.rotate_right(1);
            self.recent[0] = self.distance(range, length)?;
            self.state = if after_literal { 7 } else { 10 };
            return Ok(length);
        }
        if !range.bit(&mut self.is_recent_0[state])? {
            if !range.bit(&mut self.is_recent_0_long[state][position])? {
                self.state = if after_literal { 9 } else { 11 };
                return Ok(1);
            }
        } else {
            let which = if !range.bit(&mut self.is_recent_1[state])? {
                1
            } else {
                2 + usize::from(range.bit(&mut self.is_recent_2[state])?)
            };
            self.recent[..=which].rotate_right(1);
        }
        self.state = if after_literal { 8 } else { 11 };
        self.recent_lengths.read(range, position)
    }

    /// Reads a distance, less one.
    fn distance(&mut self, range: &mut Range<'_>, length: usize) -> Result<usize, Flaw> {
        let slot = range.tree(&mut self.slots[(length - SHORTEST).min(3)])?;
        if slot < 4 {
            return Ok(slot);
        }
        let bits = (slot / 2 - 1) as u32;
        let base = (2 | (slot & 1)) << bits;
        if slot < 14 {
            return Ok(base + range.reverse_tree(&mut self.special[slot], bits)?);
        }
        let high = range.direct(bits - 4)? as usize;
        let distance = base + (high << 4) + range.reverse_tree(&mut self.aligned, 4)?;
        // The last distance there is would mark an end, which LZMA2 does not have.
        if distance >= u32::MAX as usize { Err(Flaw::Corrupt) } else { Ok(distance) }
    }
}

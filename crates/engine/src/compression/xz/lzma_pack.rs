//! LZMA, as a packer writes it: literals and repeats through a range coder with adapting probabilities.

use crate::compression::matches::Matcher;

/// The longest repeat.
pub(super) const LONGEST: usize = 273;
/// Three bits of the byte before a literal count, two of the position of what is no literal.
pub(super) const PROPERTIES: u8 = (2 * 5) * 9 + 3;
const POSITIONS: usize = 4;
const HALF: u16 = 1 << 10;

/// The range coder.
struct Range {
    low: u64,
    range: u32,
    cache: u8,
    /// The cached byte and those of 0xff behind it, which a carry would change.
    pending: usize,
    out: Vec<u8>,
}

impl Range {
    fn new() -> Self {
        Self { low: 0, range: u32::MAX, cache: 0, pending: 1, out: Vec::new() }
    }

    fn shift(&mut self) {
        if self.low < 0xff00_0000 || self.low > u64::from(u32::MAX) {
            let carry = (self.low >> 32) as u8;
            let mut byte = self.cache;
            for _ in 0..self.pending {
                self.out.push(byte.wrapping_add(carry));
                byte = 0xff;
            }
            self.pending = 0;
            self.cache = (self.low >> 24) as u8;
        }
        self.pending += 1;
        self.low = (self.low & 0x00ff_ffff) << 8;
    }

    fn normalize(&mut self) {
        while self.range < 1 << 24 {
            self.range <<= 8;
            self.shift();
        }
    }

    fn bit(&mut self, probability: &mut u16, bit: bool) {
        let bound = (self.range >> 11) * u32::from(*probability);
        if bit {
            self.low += u64::from(bound);
            self.range -= bound;
            *probability -= *probability >> 5;
        } else {
            self.range = bound;
            *probability += ((1 << 11) - *probability) >> 5;
        }
        self.normalize();
    }

    /// Bits that are as likely as not, the highest first.
    fn direct(&mut self, value: usize, count: u32) {
        for at in (0..count).rev() {
            self.range >>= 1;
            if value >> at & 1 == 1 {
                self.low += u64::from(self.range);
            }
            self.normalize();
        }
    }

    /// A number through a tree of probabilities, the highest bit first.
    fn tree(&mut self, probabilities: &mut [u16], value: usize, count: u32) {
        let mut node = 1;
        for at in (0..count).rev() {
            let bit = value >> at & 1;
            self.bit(&mut probabilities[node], bit == 1);
            node = node << 1 | bit;
        }
    }

    /// As [`Range::tree`], the lowest bit first, in a table whose first entry is that of node 1.
    fn reverse(&mut self, probabilities: &mut [u16], value: usize, count: u32) {
        let mut node = 1;
        for at in 0..count {
            let bit = value >> at & 1;
            self.bit(&mut probabilities[node - 1], bit == 1);
            node = node << 1 | bit;
        }
    }

    fn finish(mut self) -> Vec<u8> {
        for _ in 0..5 {
            self.shift();
        }
        self.out
    }
}

/// The probabilities of lengths.
struct Lengths {
    choices: [u16; 2],
    low: [[u16; 8]; POSITIONS],
    middle: [[u16; 8]; POSITIONS],
    high: [u16; 256],
}

impl Lengths {
    fn new() -> Self {
        Self {
            choices: [HALF; 2],
            low: [[HALF; 8]; POSITIONS],
            middle: [[HALF; 8]; POSITIONS],
            high: [HALF; 256],
        }
    }

    fn write(&mut self, range: &mut Range, length: usize, position: usize) {
        let value = length - 2;
        range.bit(&mut self.choices[0], value >= 8);
        if value < 8 {
            return range.tree(&mut self.low[position], value, 3);
        }
        range.bit(&mut self.choices[1], value >= 16);
        if value < 16 {
            range.tree(&mut self.middle[position], value - 8, 3);
        } else {
            range.tree(&mut self.high, value - 16, 8);
        }
    }
}

/// What the packer has learnt so far.
pub(super) struct Encoder {
    /// Of what the last entries were.
    state: usize,
    /// The distance of the last repeat, less one.
    last: usize,
    is_match: [[u16; POSITIONS]; 12],
    is_repeat: [u16; 12],
    is_other: [u16; 12],
    is_long: [[u16; POSITIONS]; 12],
    literals: Vec<u16>,
    slots: [[u16; 64]; 4],
    special: [u16; 115],
    align: [u16; 15],
    lengths: Lengths,
    repeats: Lengths,
}

impl Encoder {
    pub(super) fn new() -> Self {
        Self {
            state: 0,
            last: 0,
            is_match: [[HALF; POSITIONS]; 12],
            is_repeat: [HALF; 12],
            is_other: [HALF; 12],
            is_long: [[HALF; POSITIONS]; 12],
            literals: vec![HALF; 8 * 0x300],
            slots: [[HALF; 64]; 4],
            special: [HALF; 115],
            align: [HALF; 15],
            lengths: Lengths::new(),
            repeats: Lengths::new(),
        }
    }

    /// Packs one chunk of the data.
    pub(super) fn chunk(
        &mut self,
        data: &[u8],
        start: usize,
        end: usize,
        matcher: &mut Matcher<'_>,
    ) -> Vec<u8> {
        let mut range = Range::new();
        let mut at = start;
        while at < end {
            let found = matcher.find(at, end);
            let length = found.map_or(1, |(_, length)| length);
            match found {
                Some((distance, length)) => self.repeat(&mut range, at, distance - 1, length),
                None => self.literal(&mut range, data, at),
            }
            (at..at + length).for_each(|place| matcher.add(place));
            at += length;
        }
        range.finish()
    }

    fn literal(&mut self, range: &mut Range, data: &[u8], at: usize) {
        range.bit(&mut self.is_match[self.state][at % POSITIONS], false);
        let before = at.checked_sub(1).map_or(0, |before| data[before]);
        let table = usize::from(before >> 5) * 0x300;
        let table = &mut self.literals[table..table + 0x300];
        let mut symbol = usize::from(data[at]) | 0x100;
        if self.state < 7 {
            range.tree(table, symbol & 0xff, 8);
        } else {
            // Behind a repeat the byte is another one than that which would have gone on with it.
            let mut matched = usize::from(data[at - self.last - 1]);
            let mut offset = 0x100;
            while symbol < 0x1_0000 {
                matched <<= 1;
                let place = offset + (matched & offset) + (symbol >> 8);
                range.bit(&mut table[place], symbol >> 7 & 1 == 1);
                symbol <<= 1;
                offset &= !(matched ^ symbol);
            }
        }
        self.state = match self.state {
            0..4 => 0,
            4..10 => self.state - 3,
            _ => self.state - 6,
        };
    }

    /// A repeat at a distance, which is less by one than it is.
    fn repeat(&mut self, range: &mut Range, at: usize, distance: usize, length: usize) {
        let position = at % POSITIONS;
        let is_last = distance == self.last;
        range.bit(&mut self.is_match[self.state][position], true);
        range.bit(&mut self.is_repeat[self.state], is_last);
        if is_last {
            range.bit(&mut self.is_other[self.state], false);
            range.bit(&mut self.is_long[self.state][position], true);
            self.repeats.write(range, length, position);
            self.state = if self.state < 7 { 8 } else { 11 };
            return;
        }
        self.lengths.write(range, length, position);
        self.distance(range, distance, length);
        self.last = distance;
        self.state = if self.state < 7 { 7 } else { 10 };
    }

    fn distance(&mut self, range: &mut Range, distance: usize, length: usize) {
        let slots = &mut self.slots[(length - 2).min(3)];
        if distance < 4 {
            return range.tree(slots, distance, 6);
        }
        let highest = distance.ilog2();
        let slot = (highest as usize) << 1 | distance >> (highest - 1) & 1;
        range.tree(slots, slot, 6);
        let bits = highest - 1;
        let base = (2 | slot & 1) << bits;
        let rest = distance - base;
        if slot < 14 {
            range.reverse(&mut self.special[base - slot..], rest, bits);
        } else {
            range.direct(rest >> 4, bits - 4);
            range.reverse(&mut self.align, rest & 15, 4);
        }
    }
}

//! Blocks: symbols are collected, and then written with the code that is shortest for them.

use super::bits::Bits;
use super::tree::{Kind, Symbol, Tree, assign_codes};

/// As many symbols as fit into the buffer of a block.
const ROOM: usize = 0x8000;
const END: usize = 256;
const LITERALS: usize = 286;
const DISTANCES: usize = 30;

const LENGTH_EXTRA: [u8; 29] =
    [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_EXTRA: [u8; 30] =
    [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const CODE_EXTRA: [u8; 19] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 7];
/// The order in which the lengths of the code of code lengths are written.
const CODE_ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

static LITERAL_KIND: Kind = Kind {
    extra: &LENGTH_EXTRA,
    extra_base: 257,
    symbols: LITERALS,
    longest: 15,
    fixed: |symbol| match symbol {
        0..=143 => 8,
        144..=255 => 9,
        256..=279 => 7,
        _ => 8,
    },
};
static DISTANCE_KIND: Kind =
    Kind { extra: &DISTANCE_EXTRA, extra_base: 0, symbols: DISTANCES, longest: 15, fixed: |_| 5 };
static CODE_KIND: Kind = Kind { extra: &CODE_EXTRA, extra_base: 0, symbols: 19, longest: 7, fixed: |_| 0 };

/// A literal, or a match.
#[derive(Clone, Copy)]
struct Item {
    /// The byte, or the length less 3.
    value: u8,
    /// 0 for a literal.
    distance: u16,
}

/// Collects items and writes blocks.
pub(super) struct Blocks {
    bits: Bits,
    items: Vec<Item>,
    matches: usize,
    literals: Tree,
    distances: Tree,
    /// Whether the end of a block is guessed from how well it goes.
    guesses: bool,
    /// The symbol of each length less 3.
    length_codes: [u8; 256],
}

impl Blocks {
    pub(super) fn new(guesses: bool) -> Self {
        let mut length_codes = [0; 256];
        let mut at = 0;
        for (code, extra) in LENGTH_EXTRA.iter().take(28).enumerate() {
            for _ in 0..1 << extra {
                if at < 256 {
                    length_codes[at] = code as u8;
                    at += 1;
                }
            }
        }
        // The longest has a symbol of its own.
        length_codes[255] = 28;
        let mut blocks = Self {
            bits: Bits::default(),
            items: Vec::with_capacity(ROOM),
            matches: 0,
            literals: Tree::new(&LITERAL_KIND),
            distances: Tree::new(&DISTANCE_KIND),
            guesses,
            length_codes,
        };
        blocks.begin();
        blocks
    }

    fn begin(&mut self) {
        for tree in [&mut self.literals, &mut self.distances] {
            tree.symbols.iter_mut().for_each(|symbol| symbol.frequency = 0);
        }
        self.literals.symbols[END].frequency = 1;
        self.items.clear();
        self.matches = 0;
    }

    /// Adds a literal; whether the block should end here. `length` is that of the data of the block.
    pub(super) fn literal(&mut self, byte: u8, length: usize) -> bool {
        self.items.push(Item { value: byte, distance: 0 });
        self.literals.symbols[usize::from(byte)].frequency += 1;
        self.is_full(length)
    }

    /// Adds a match; whether the block should end here.
    pub(super) fn repeat(&mut self, distance: usize, match_length: usize, length: usize) -> bool {
        let value = (match_length - 3) as u8;
        self.items.push(Item { value, distance: distance as u16 });
        self.matches += 1;
        let symbol = 257 + usize::from(self.length_codes[usize::from(value)]);
        self.literals.symbols[symbol].frequency += 1;
        self.distances.symbols[distance_symbol(distance)].frequency += 1;
        self.is_full(length)
    }

    fn is_full(&self, length: usize) -> bool {
        let count = self.items.len();
        if self.guesses && count & 0xfff == 0 {
            let symbols = self.distances.symbols.iter().zip(DISTANCE_EXTRA);
            let distances: usize =
                symbols.map(|(symbol, extra)| symbol.frequency as usize * (5 + usize::from(extra))).sum();
            let packed = (count * 8 + distances) >> 3;
            if self.matches < count / 2 && packed < length / 2 {
                return true;
            }
        }
        count == ROOM - 1 || self.matches == ROOM
    }

    /// Writes a block. `data` is what it is about, if that is still at hand.
    pub(super) fn end_block(&mut self, data: Option<&[u8]>, length: usize, is_last: bool) {
        let literals = self.literals.build();
        let distances = self.distances.build();
        let mut codes = Tree::new(&CODE_KIND);
        let runs = self.runs(&mut codes);
        let trees = codes.build();
        let count =
            (3..CODE_ORDER.len()).rev().find(|at| codes.symbols[CODE_ORDER[*at]].length > 0).unwrap_or(2);
        let own_bits = literals
            .own
            .wrapping_add(distances.own)
            .wrapping_add(trees.own)
            .wrapping_add(3 * (count + 1) + 14);
        let fixed_bits = literals.fixed.wrapping_add(distances.fixed);
        let fixed = (fixed_bits + 10) >> 3;
        let best = ((own_bits + 10) >> 3).min(fixed);
        let last = u32::from(is_last);
        match data {
            Some(data) if length + 4 <= best => self.stored(data, last),
            _ if fixed == best => {
                self.bits.push(1 << 1 | last, 3);
                let (literals, distances) = fixed_codes();
                self.items(&literals, &distances);
            }
            _ => {
                self.bits.push(2 << 1 | last, 3);
                self.trees(&codes, &runs, count);
                let (literals, distances) = (self.literals.symbols.clone(), self.distances.symbols.clone());
                self.items(&literals, &distances);
            }
        }
        self.begin();
    }

    fn stored(&mut self, data: &[u8], last: u32) {
        self.bits.push(last, 3);
        self.bits.align();
        let length = data.len() as u16;
        self.bits.bytes(&length.to_le_bytes());
        self.bits.bytes(&(!length).to_le_bytes());
        self.bits.bytes(data);
    }

    /// The lengths of both codes as runs (symbol, value of the extra bits), which are counted in `codes`.
    fn runs(&self, codes: &mut Tree) -> Vec<(usize, u32)> {
        let mut runs = Vec::new();
        for tree in [&self.literals, &self.distances] {
            let lengths: Vec<usize> =
                tree.symbols[..=tree.highest].iter().map(|symbol| usize::from(symbol.length)).collect();
            push_runs(&lengths, &mut runs);
        }
        for (symbol, _) in &runs {
            codes.symbols[*symbol].frequency += 1;
        }
        runs
    }

    fn trees(&mut self, codes: &Tree, runs: &[(usize, u32)], count: usize) {
        self.bits.push((self.literals.highest - 256) as u32, 5);
        self.bits.push(self.distances.highest as u32, 5);
        self.bits.push((count - 3) as u32, 4);
        for at in &CODE_ORDER[..=count] {
            self.bits.push(codes.symbols[*at].length.into(), 3);
        }
        for (symbol, value) in runs {
            codes.symbols[*symbol].write(&mut self.bits);
            self.bits.push(*value, CODE_EXTRA[*symbol].into());
        }
    }

    fn items(&mut self, literals: &[Symbol], distances: &[Symbol]) {
        for item in std::mem::take(&mut self.items) {
            if item.distance == 0 {
                literals[usize::from(item.value)].write(&mut self.bits);
                continue;
            }
            let code = usize::from(self.length_codes[usize::from(item.value)]);
            literals[257 + code].write(&mut self.bits);
            let base: usize =
                if code == 28 { 255 } else { LENGTH_EXTRA[..code].iter().map(|extra| 1 << extra).sum() };
            self.bits.push((usize::from(item.value) - base) as u32, LENGTH_EXTRA[code].into());
            let distance = usize::from(item.distance);
            let code = distance_symbol(distance);
            distances[code].write(&mut self.bits);
            let base: usize = DISTANCE_EXTRA[..code].iter().map(|extra| 1 << extra).sum();
            self.bits.push((distance - 1 - base) as u32, DISTANCE_EXTRA[code].into());
        }
        literals[END].write(&mut self.bits);
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.bits.finish()
    }
}

fn distance_symbol(distance: usize) -> usize {
    let value = distance - 1;
    if value < 4 {
        return value;
    }
    let bits = value.ilog2() as usize;
    2 * bits + (value >> (bits - 1) & 1)
}

/// Lengths as runs: 16 repeats the last one, 17 and 18 are zeros.
fn push_runs(lengths: &[usize], runs: &mut Vec<(usize, u32)>) {
    let mut last = usize::MAX;
    let (mut count, mut most, mut least) = (
        0,
        if lengths.first() == Some(&0) { 138 } else { 7 },
        if lengths.first() == Some(&0) { 3 } else { 4 },
    );
    for (at, length) in lengths.iter().enumerate() {
        let next = lengths.get(at + 1).copied();
        count += 1;
        if count < most && Some(*length) == next {
            continue;
        }
        if count < least {
            runs.extend(std::iter::repeat_n((*length, 0), count));
        } else if *length != 0 {
            if *length != last {
                runs.push((*length, 0));
                count -= 1;
            }
            runs.push((16, (count - 3) as u32));
        } else if count <= 10 {
            runs.push((17, (count - 3) as u32));
        } else {
            runs.push((18, (count - 11) as u32));
        }
        count = 0;
        last = *length;
        (most, least) = match next {
            Some(0) => (138, 3),
            next if next == Some(*length) => (6, 3),
            _ => (7, 4),
        };
    }
}

/// The code that both sides know without a tree.
fn fixed_codes() -> (Vec<Symbol>, Vec<Symbol>) {
    let of = |count: usize, length: fn(usize) -> u8| {
        let mut symbols = vec![Symbol::default(); count];
        let mut counts = [0_u16; 17];
        for (at, symbol) in symbols.iter_mut().enumerate() {
            symbol.length = length(at);
            counts[usize::from(symbol.length)] += 1;
        }
        assign_codes(&mut symbols, &counts);
        symbols
    };
    (of(288, LITERAL_KIND.fixed), of(DISTANCES, DISTANCE_KIND.fixed))
}

//! Huffman trees with codes of a bounded length, made in the order of gzip so that ties fall the same way.

use super::bits::Bits;

/// A symbol: how often it comes, and then its code.
#[derive(Clone, Copy, Default)]
pub(super) struct Symbol {
    pub frequency: u32,
    pub code: u16,
    pub length: u8,
}

/// What all trees of a kind have in common.
pub(super) struct Kind {
    /// Bits that follow the code of a symbol.
    pub extra: &'static [u8],
    /// The first symbol that `extra` is about.
    pub extra_base: usize,
    /// How many symbols there are.
    pub symbols: usize,
    pub longest: u8,
    /// The lengths of the fixed code, if there is one.
    pub fixed: fn(usize) -> u8,
}

/// A tree of one block.
pub(super) struct Tree {
    pub kind: &'static Kind,
    pub symbols: Vec<Symbol>,
    /// The highest symbol that comes at all.
    pub highest: usize,
}

/// The lengths of a block with this tree, in bits.
#[derive(Clone, Copy, Default)]
pub(super) struct Cost {
    pub own: usize,
    pub fixed: usize,
}

impl Tree {
    pub(super) fn new(kind: &'static Kind) -> Self {
        Self { kind, symbols: vec![Symbol::default(); kind.symbols], highest: 0 }
    }

    /// Makes the codes; gives what the symbols cost with them, and with the fixed code.
    pub(super) fn build(&mut self) -> Cost {
        let mut heap = Heap::new(self.kind.symbols);
        self.highest = 0;
        for at in 0..self.kind.symbols {
            self.symbols[at].length = 0;
            if self.symbols[at].frequency > 0 {
                self.highest = at;
                heap.nodes.push(at);
                heap.frequency[at] = self.symbols[at].frequency;
            }
        }
        let mut cost = Cost::default();
        // The format wants two codes, even where one symbol alone comes.
        while heap.nodes.len() < 3 {
            let new = if self.highest < 2 && heap.nodes.len() > 1 || heap.nodes.len() == 1 {
                self.forced(&heap)
            } else {
                0
            };
            heap.nodes.push(new);
            heap.frequency[new] = 1;
            self.symbols[new].frequency = 1;
            cost.own = cost.own.wrapping_sub(1);
            cost.fixed = cost.fixed.wrapping_sub((self.kind.fixed)(new).into());
        }
        let order = heap.merge();
        let lengths = self.lengths(&heap, &order);
        let total = self.assign(&lengths);
        Cost { own: cost.own.wrapping_add(total.own), fixed: cost.fixed.wrapping_add(total.fixed) }
    }

    /// A symbol that does not come but gets a code all the same.
    fn forced(&mut self, heap: &Heap) -> usize {
        if self.highest < 2 {
            let at = if heap.nodes.len() == 1 { 0 } else { self.highest + 1 };
            self.highest = at.max(self.highest);
            at
        } else {
            0
        }
    }

    /// The length of each node's code, brought below the longest that may be.
    fn lengths(&mut self, heap: &Heap, order: &[usize]) -> Vec<u8> {
        let longest = self.kind.longest;
        let mut lengths = vec![0_u8; heap.frequency.len()];
        let mut counts = [0_usize; 17];
        let mut overflow = 0_i32;
        // The root comes first and has length 0.
        for node in &order[1..] {
            let mut length = lengths[heap.parents[*node]] + 1;
            if length > longest {
                length = longest;
                overflow += 1;
            }
            lengths[*node] = length;
            if *node < self.kind.symbols {
                counts[usize::from(length)] += 1;
            }
        }
        if overflow == 0 {
            return lengths;
        }
        while overflow > 0 {
            let mut bits = usize::from(longest) - 1;
            while counts[bits] == 0 {
                bits -= 1;
            }
            counts[bits] -= 1;
            counts[bits + 1] += 2;
            counts[usize::from(longest)] -= 1;
            overflow -= 2;
        }
        let mut leaves = order.iter().rev().filter(|node| **node < self.kind.symbols);
        for bits in (1..=usize::from(longest)).rev() {
            for _ in 0..counts[bits] {
                if let Some(leaf) = leaves.next() {
                    lengths[*leaf] = bits as u8;
                }
            }
        }
        lengths
    }

    /// Gives the symbols their codes, the shorter ones first.
    fn assign(&mut self, lengths: &[u8]) -> Cost {
        let mut cost = Cost::default();
        let mut counts = [0_u16; 17];
        for (at, symbol) in self.symbols.iter_mut().enumerate() {
            symbol.length = lengths[at];
            counts[usize::from(symbol.length)] += 1;
            let extra = if at >= self.kind.extra_base {
                usize::from(self.kind.extra.get(at - self.kind.extra_base).copied().unwrap_or(0))
            } else {
                0
            };
            let frequency = symbol.frequency as usize;
            cost.own += frequency * (usize::from(symbol.length) + extra);
            cost.fixed += frequency * (usize::from((self.kind.fixed)(at)) + extra);
        }
        counts[0] = 0;
        assign_codes(&mut self.symbols, &counts);
        cost
    }
}

/// Canonical codes, with their bits in the order in which they are written.
pub(super) fn assign_codes(symbols: &mut [Symbol], counts: &[u16; 17]) {
    let mut next = [0_u16; 17];
    let mut code = 0_u16;
    for bits in 1..=15 {
        code = (code + counts[bits - 1]) << 1;
        next[bits] = code;
    }
    for symbol in symbols.iter_mut().filter(|symbol| symbol.length > 0) {
        let length = usize::from(symbol.length);
        symbol.code = next[length].reverse_bits() >> (16 - length);
        next[length] += 1;
    }
}

impl Symbol {
    pub(super) fn write(self, bits: &mut Bits) {
        bits.push(self.code.into(), self.length.into());
    }
}

/// Nodes with the rarest on top, in an array that begins at 1.
struct Heap {
    nodes: Vec<usize>,
    frequency: Vec<u32>,
    depth: Vec<u8>,
    parents: Vec<usize>,
}

impl Heap {
    fn new(symbols: usize) -> Self {
        let size = 2 * symbols + 1;
        Self {
            nodes: vec![usize::MAX],
            frequency: vec![0; size],
            depth: vec![0; size],
            parents: vec![0; size],
        }
    }

    fn is_smaller(&self, one: usize, other: usize) -> bool {
        let (left, right) = (self.frequency[one], self.frequency[other]);
        left < right || left == right && self.depth[one] <= self.depth[other]
    }

    /// Lets the node at a place sink to where it belongs.
    fn sink(&mut self, mut place: usize, length: usize) {
        let node = self.nodes[place];
        let mut child = place * 2;
        while child <= length {
            if child < length && self.is_smaller(self.nodes[child + 1], self.nodes[child]) {
                child += 1;
            }
            if self.is_smaller(node, self.nodes[child]) {
                break;
            }
            self.nodes[place] = self.nodes[child];
            place = child;
            child *= 2;
        }
        self.nodes[place] = node;
    }

    /// Joins the two rarest until one is left; gives all nodes with parents before children, the commonest first.
    fn merge(&mut self) -> Vec<usize> {
        let mut length = self.nodes.len() - 1;
        for place in (1..=length / 2).rev() {
            self.sink(place, length);
        }
        let mut order = Vec::new();
        let mut node = self.frequency.len() / 2;
        loop {
            let rarest = self.nodes[1];
            self.nodes[1] = self.nodes[length];
            length -= 1;
            self.sink(1, length);
            let next = self.nodes[1];
            order.extend([rarest, next]);
            self.frequency[node] = self.frequency[rarest] + self.frequency[next];
            self.depth[node] = self.depth[rarest].max(self.depth[next]) + 1;
            self.parents[rarest] = node;
            self.parents[next] = node;
            self.nodes[1] = node;
            node += 1;
            self.sink(1, length);
            if length < 2 {
                break;
            }
        }
        order.push(self.nodes[1]);
        order.reverse();
        order
    }
}

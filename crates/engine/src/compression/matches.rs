//! Repeats in data, found greedily: what the packers of xz and zstd share.

/// The shortest repeat that is worth a mention.
const SHORTEST: usize = 4;
const HASH_BITS: u32 = 16;
/// How many earlier places are looked at.
const CHAIN: usize = 32;
const NOWHERE: u32 = u32::MAX;

/// Finds repeats of what came before.
pub(super) struct Matcher<'a> {
    data: &'a [u8],
    heads: Vec<u32>,
    /// For each place the one before with the same hash.
    chain: Vec<u32>,
    /// How far back a repeat may reach.
    window: usize,
    longest: usize,
}

impl<'a> Matcher<'a> {
    pub(super) fn new(data: &'a [u8], window: usize, longest: usize) -> Self {
        Self { data, heads: vec![NOWHERE; 1 << HASH_BITS], chain: vec![NOWHERE; data.len()], window, longest }
    }

    fn hash(&self, at: usize) -> Option<usize> {
        let bytes: [u8; 4] = self.data.get(at..at + SHORTEST)?.try_into().ok()?;
        Some((u32::from_le_bytes(bytes).wrapping_mul(0x9E37_79B1) >> (32 - HASH_BITS)) as usize)
    }

    /// Makes a place known, so that what follows can repeat it. Every place has to be, in order.
    pub(super) fn add(&mut self, at: usize) {
        if let Some(hash) = self.hash(at) {
            self.chain[at] = std::mem::replace(&mut self.heads[hash], at as u32);
        }
    }

    /// The longest repeat at a place, as distance and length, that ends before `end`.
    pub(super) fn find(&self, at: usize, end: usize) -> Option<(usize, usize)> {
        let limit = self.longest.min(end - at);
        let mut best: Option<(usize, usize)> = None;
        let mut place = self.heads[self.hash(at)?];
        for _ in 0..CHAIN {
            let Some(start) = usize::try_from(place).ok().filter(|_| place != NOWHERE) else { break };
            if at - start > self.window {
                break;
            }
            let length =
                (0..limit).take_while(|step| self.data[start + step] == self.data[at + step]).count();
            if length >= SHORTEST && best.is_none_or(|(_, longest)| length > longest) {
                best = Some((at - start, length));
                if length == limit {
                    break;
                }
            }
            place = self.chain[start];
        }
        best
    }
}

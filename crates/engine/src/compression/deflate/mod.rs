//! Deflate as `gzip` does it, to the bit.
//!
//! Two packers of the same format give different bytes, and the digest of a layer knows the difference. This one makes
//! the choices of gzip 1.2.4 and its heirs, GNU gzip and BusyBox: its hash chains, its lazy matches, its block ends and
//! its trees. [`matcher`] finds repetitions, [`blocks`] collects them and writes blocks, [`tree`] makes the codes.

mod bits;
mod blocks;
mod matcher;
mod tree;

/// How hard to look for repetitions: a level of 1 to 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level(u8);

/// Which of gzip's heirs packs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packer {
    /// GNU gzip 1.12.
    Gnu,
    /// BusyBox 1.35 as Debian builds it: without levels, with the largest buffers.
    Busybox,
}

/// What a level means to the search.
#[derive(Clone, Copy)]
struct Effort {
    /// Matches of this length are good enough to look less for a better one.
    good: usize,
    /// Matches of this length are not compared with the one that begins a byte later; in the fast search, the longest
    /// match whose strings are all remembered.
    lazy: usize,
    /// Matches of this length end the search.
    nice: usize,
    /// How many candidates are looked at.
    chain: usize,
}

impl Level {
    /// A level, if the packer has them.
    pub fn new(level: u8, packer: Packer) -> Self {
        Self(if packer == Packer::Busybox { 6 } else { level.clamp(1, 9) })
    }

    /// The byte of gzip's header that tells of the extremes.
    pub fn flags(self) -> u8 {
        match self.0 {
            1 => 4,
            9 => 2,
            _ => 0,
        }
    }

    fn is_fast(self) -> bool {
        self.0 <= 3
    }

    fn effort(self) -> Effort {
        let (good, lazy, nice, chain) = match self.0 {
            1 => (4, 4, 8, 4),
            2 => (4, 5, 16, 8),
            3 => (4, 6, 32, 32),
            4 => (4, 4, 16, 16),
            5 => (8, 16, 32, 32),
            7 => (8, 32, 128, 256),
            8 => (32, 128, 258, 1024),
            9 => (32, 258, 258, 4096),
            _ => (8, 16, 128, 128),
        };
        Effort { good, lazy, nice, chain }
    }
}

/// Packs data.
pub fn pack(data: &[u8], level: Level, packer: Packer) -> Vec<u8> {
    matcher::Matcher::new(data, level, packer).run()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unpacked(packed: &[u8]) -> Vec<u8> {
        miniz_oxide::inflate::decompress_to_vec(packed).unwrap()
    }

    /// What `gzip -nN`, or `busybox gzip`,  | tail -c +11 | head -c -8 | sha256sum` says of [`sample`], with gzip 1.12 and BusyBox 1.35.
    #[test]
    fn the_bytes_of_gzip() {
        use crate::digest::Digest;
        for line in include_str!("samples.txt").lines() {
            let words: Vec<&str> = line.split(' ').collect();
            let [size, packer, level, digest] = words[..] else { panic!("{line}") };
            let packer = if packer == "gnu" { Packer::Gnu } else { Packer::Busybox };
            let data = sample(size.parse().unwrap());
            let packed = pack(&data, Level::new(level.parse().unwrap(), packer), packer);
            assert_eq!(unpacked(&packed), data, "{line}");
            assert_eq!(Digest::of(&packed).hex(), digest, "{line}");
        }
    }

    /// Words that repeat, then noise, then one byte again and again.
    fn sample(size: usize) -> Vec<u8> {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as usize
        };
        let mut data = Vec::with_capacity(size + 16);
        while data.len() < size {
            match data.len() * 4 / size {
                0 | 1 => {
                    let word = next() % 500;
                    data.extend_from_slice(format!("{word:x}{word} ").as_bytes());
                }
                2 => data.push(next() as u8),
                _ => data.push(if next() % 50 == 0 { b'b' } else { b'a' }),
            }
        }
        data.truncate(size);
        data
    }

    proptest! {
        #[test]
        fn everything_comes_back(
            parts in prop::collection::vec((any::<u8>(), 1..400_usize), 0..40),
            level in 1..10_u8,
        ) {
            let data: Vec<u8> = parts.iter().flat_map(|(byte, count)| std::iter::repeat_n(*byte, *count)).collect();
            let packed = pack(&data, Level::new(level, Packer::Gnu), Packer::Gnu);
            prop_assert_eq!(unpacked(&packed), data);
        }
    }
}

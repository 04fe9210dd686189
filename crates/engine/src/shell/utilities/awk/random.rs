//! `rand` and `srand`. Nothing here is random: the sequence starts at the same place each time.

use super::dialect::Dialect;

/// The state of the generator.
#[derive(Clone, Debug)]
pub(super) struct Random {
    seed: f64,
    state: u64,
}

const FACTOR: u64 = 6_364_136_223_846_793_005;

impl Random {
    /// As before the first `srand`; real programs begin at a seed of their own, mawk and gawk perhaps at the time.
    pub(super) fn new(dialect: Dialect) -> Self {
        let mut random = Self { seed: 0.0, state: 0 };
        random.seed(if dialect == Dialect::Busybox { 1.0 } else { 0.0 });
        random
    }

    /// Starts again somewhere else; gives the former seed.
    pub(super) fn seed(&mut self, seed: f64) -> f64 {
        // As the C library of Alpine does it.
        self.state = u64::from((seed as i64 as u32).wrapping_sub(1));
        std::mem::replace(&mut self.seed, seed)
    }

    fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_mul(FACTOR).wrapping_add(1);
        self.state >> 33
    }

    /// The next number, at least 0 and less than 1.
    pub(super) fn next(&mut self, dialect: Dialect) -> f64 {
        if dialect == Dialect::Busybox {
            // Two times two numbers of 31 bits make 63.
            let high = (self.bits() << 16 ^ self.bits()) & 0xffff_ffff;
            let low = (self.bits() << 16 ^ self.bits()) & 0xffff_ffff;
            return ((low << 32 | high) & (u64::MAX >> 1)) as f64 / (1_u64 << 63) as f64;
        }
        self.bits() as f64 / (1_u64 << 31) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_each_time() {
        for dialect in [Dialect::Busybox, Dialect::Mawk] {
            let mut one = Random::new(dialect);
            let first = one.next(dialect);
            assert!((0.0..1.0).contains(&first));
            assert_ne!(one.next(dialect), first);
            assert_eq!(Random::new(dialect).next(dialect), first);
        }
    }
}

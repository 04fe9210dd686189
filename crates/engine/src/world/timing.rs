//! How long steps take.

use crate::digest::Digest;

/// A fitted line: `base + per_megabyte * MB + per_megabyte_unpacked * MB + per_count * count` seconds (MB = 10⁶ bytes).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timing {
    /// Seconds in any case.
    pub base: f64,
    /// Seconds for each MB downloaded or copied.
    pub per_megabyte: f64,
    /// Seconds for each MB unpacked.
    pub per_megabyte_unpacked: f64,
    /// Seconds for each package, file or whatever the step counts.
    pub per_count: f64,
    /// A factor for all but the base: the machine that was measured was a slow one.
    pub scale: f64,
    /// Fixed seconds of special cases, by name.
    pub alternatives: Vec<(String, f64)>,
}

impl Timing {
    /// The seconds of a step that moves `bytes`, unpacks `unpacked` bytes and handles `count` things.
    ///
    /// `seed` is what the step is made of. Real steps never take the same time; a factor of 0.85 to 1.25 that is drawn
    /// from the seed makes different steps differ, and the same step take the same time again.
    pub fn seconds(&self, bytes: u64, unpacked: u64, count: u64, seed: &[u8]) -> f64 {
        const MEGABYTE: f64 = 1e6;
        let moved = self.per_megabyte * bytes as f64 / MEGABYTE;
        let unpacking = self.per_megabyte_unpacked * unpacked as f64 / MEGABYTE;
        let counted = self.per_count * count as f64;
        (self.base + (moved + unpacking + counted) * self.scale) * noise(seed)
    }

    /// The seconds of a special case, if it is one.
    pub fn alternative(&self, name: &str, seed: &[u8]) -> Option<f64> {
        self.alternatives.iter().find(|(key, _)| key == name).map(|(_, seconds)| seconds * noise(seed))
    }
}

fn noise(seed: &[u8]) -> f64 {
    let digest = Digest::of(seed);
    let bytes = digest.as_bytes();
    let drawn = f64::from(u16::from_le_bytes([bytes[0], bytes[1]])) / f64::from(u16::MAX);
    0.85 + 0.4 * drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_and_its_noise() {
        let timing = Timing {
            base: 1.0,
            per_megabyte: 0.1,
            per_megabyte_unpacked: 0.01,
            per_count: 0.5,
            scale: 1.0,
            alternatives: vec![("slow".into(), 50.0)],
        };
        let exact = 1.0 + 2.0 + 0.1 + 1.5;
        for seed in 0_u8..100 {
            let seconds = timing.seconds(20_000_000, 10_000_000, 3, &[seed]);
            assert!((exact * 0.85..=exact * 1.25).contains(&seconds), "{seconds}");
            assert_eq!(seconds, timing.seconds(20_000_000, 10_000_000, 3, &[seed]));
        }
        assert_ne!(timing.seconds(0, 0, 0, b"a"), timing.seconds(0, 0, 0, b"b"));
        assert!(timing.alternative("slow", b"a").is_some_and(|seconds| seconds > 42.0));
        assert_eq!(timing.alternative("other", b"a"), None);
    }
}

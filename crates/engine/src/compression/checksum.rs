//! The checksums of the formats. The tables are made when they are needed: that is shorter than having them.

/// A CRC with the lowest bit first, of 32 or 64 bits.
#[derive(Clone)]
pub(super) struct Crc {
    table: [u64; 256],
    ones: u64,
    state: u64,
}

impl Crc {
    /// That of gzip and xz.
    pub(super) fn crc32() -> Self {
        Self::new(0xedb8_8320, 0xffff_ffff)
    }

    /// That of xz, ECMA-182.
    pub(super) fn crc64() -> Self {
        Self::new(0xc96c_5795_d787_0f42, u64::MAX)
    }

    fn new(polynomial: u64, ones: u64) -> Self {
        let mut table = [0; 256];
        for (byte, value) in table.iter_mut().enumerate() {
            *value = byte as u64;
            for _ in 0..8 {
                *value = (*value >> 1) ^ if *value & 1 == 1 { polynomial } else { 0 };
            }
        }
        Self { table, ones, state: ones }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.state = (self.state >> 8) ^ self.table[usize::from(self.state as u8 ^ *byte)];
        }
    }

    /// The checksum of what was written; begins anew.
    pub(super) fn take(&mut self) -> u64 {
        std::mem::replace(&mut self.state, self.ones) ^ self.ones
    }

    /// The checksum of some bytes.
    pub(super) fn of(mut self, bytes: &[u8]) -> u64 {
        self.write(bytes);
        self.take()
    }
}

/// XXH64 with seed 0, of which zstd keeps the lower half.
pub(super) fn xxh64(bytes: &[u8]) -> u64 {
    const P1: u64 = 0x9e37_79b1_85eb_ca87;
    const P2: u64 = 0xc2b2_ae3d_27d4_eb4f;
    const P3: u64 = 0x1656_67b1_9e37_79f9;
    const P4: u64 = 0x85eb_ca77_c2b2_ae63;
    const P5: u64 = 0x27d4_eb2f_1656_67c5;
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0, |word, byte| (word << 8) | u64::from(*byte));
    let round =
        |lane: u64, word: u64| lane.wrapping_add(word.wrapping_mul(P2)).rotate_left(31).wrapping_mul(P1);
    let mut hash = P5;
    let mut stripes = bytes.chunks_exact(32);
    if bytes.len() >= 32 {
        let mut lanes = [P1.wrapping_add(P2), P2, 0, P1.wrapping_neg()];
        for stripe in &mut stripes {
            for (lane, bytes) in lanes.iter_mut().zip(stripe.chunks_exact(8)) {
                *lane = round(*lane, word(bytes));
            }
        }
        hash = 0;
        for (lane, turn) in lanes.iter().zip([1, 7, 12, 18]) {
            hash = hash.wrapping_add(lane.rotate_left(turn));
        }
        for lane in lanes {
            hash = (hash ^ round(0, lane)).wrapping_mul(P1).wrapping_add(P4);
        }
    }
    hash = hash.wrapping_add(bytes.len() as u64);
    let mut words = stripes.remainder().chunks_exact(8);
    for bytes in &mut words {
        hash = (hash ^ round(0, word(bytes))).rotate_left(27).wrapping_mul(P1).wrapping_add(P4);
    }
    let mut rest = words.remainder();
    if let Some((half, after)) = rest.split_first_chunk::<4>() {
        hash = (hash ^ word(half).wrapping_mul(P1)).rotate_left(23).wrapping_mul(P2).wrapping_add(P3);
        rest = after;
    }
    for byte in rest {
        hash = (hash ^ u64::from(*byte).wrapping_mul(P5)).rotate_left(11).wrapping_mul(P1);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(P2);
    hash = (hash ^ (hash >> 29)).wrapping_mul(P3);
    hash ^ (hash >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_values_of_their_specifications() {
        assert_eq!(Crc::crc32().of(b"123456789"), 0xcbf4_3926);
        assert_eq!(Crc::crc64().of(b"123456789"), 0x995d_c9bb_df19_39fa);
        assert_eq!(xxh64(b""), 0xef46_db37_51d8_e999);
        assert_eq!(xxh64(b"abc"), 0x44bc_2cf5_ad77_0999);
        assert_eq!(xxh64(b"The quick brown fox jumps over the lazy dog"), 0x0b24_2d36_1fda_71bc);
    }
}

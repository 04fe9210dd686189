//! What real programs packed, and what becomes of it when it is damaged. `tests/compression` has the files.

use super::*;
use proptest::prelude::*;

const LIMIT: usize = 1 << 20;

macro_rules! packed {
    ($($name:literal),*) => {
        [$(($name, include_bytes!(concat!("../../tests/compression/", $name)).as_slice())),*]
    };
}

const PACKED: [(&str, &[u8]); 13] = packed![
    "one.gz",
    "two.gz",
    "one.bz2",
    "blocks.bz2",
    "two.bz2",
    "crc64.xz",
    "crc32.xz",
    "sha256.xz",
    "delta.xz",
    "fast.zst",
    "middle.zst",
    "best.zst",
    "two.zst"
];

/// What all of the files hold: text, zeros, and bytes without order.
fn content() -> Vec<u8> {
    let mut content: Vec<u8> = Vec::new();
    for line in (0..9000_u64).map(|line| line % 1000) {
        content.extend(format!("line {line} {}\n", line * line % 977).bytes());
    }
    content.extend([0; 5000]);
    let mut number = 1_u32;
    for _ in 0..3000 {
        number = number.wrapping_mul(1_103_515_245).wrapping_add(12345) & 0x7fff_ffff;
        content.push((number >> 16) as u8);
    }
    content
}

fn unpack(bytes: &[u8]) -> Unpacked {
    Format::of(bytes).expect("it says what it is").unpack(bytes, LIMIT)
}

#[test]
fn what_other_programs_packed() {
    let content = content();
    for (name, bytes) in PACKED {
        let unpacked = unpack(bytes);
        assert_eq!(unpacked.damage, None, "{name}");
        assert!(unpacked.bytes == content, "{name}");
    }
}

#[test]
fn what_is_cut_off_gives_what_was_there() {
    let content = content();
    for (name, bytes) in PACKED {
        let half = unpack(&bytes[..bytes.len() - 9]);
        assert_eq!(half.damage.map(|damage| damage.flaw), Some(Flaw::UnexpectedEnd), "{name}");
        assert!(content.starts_with(&half.bytes), "{name}");
    }
}

#[test]
fn no_more_comes_out_than_is_allowed() {
    for (name, bytes) in PACKED {
        let some = Format::of(bytes).unwrap().unpack(bytes, 1000);
        assert_eq!(some.damage.map(|damage| damage.flaw), Some(Flaw::TooLarge), "{name}");
        assert!(some.bytes.len() <= 1000, "{name}");
    }
}

#[test]
fn every_flipped_bit_is_noticed_where_there_is_a_checksum() {
    let content = content();
    for (name, bytes) in PACKED.into_iter().filter(|(name, _)| !["delta.xz", "best.zst"].contains(name)) {
        for at in (12..bytes.len()).step_by(bytes.len() / 10) {
            let mut bytes = bytes.to_vec();
            bytes[at] ^= 1;
            let unpacked = unpack(&bytes);
            assert!(unpacked.damage.is_some() || unpacked.bytes == content, "{name} at {at}");
        }
    }
}

#[test]
fn empty_data() {
    let empty = [
        "1f8b080000000000000303000000000000000000",
        "425a683917724538509000000000",
        "fd377a585a000004e6d6b446000000001cdf44211fb6f37d010000000004595a",
        "28b52ffd2400010000 99e9d851",
    ];
    for hex in empty {
        let digits: Vec<u8> = hex.bytes().filter(|digit| *digit != b' ').collect();
        let bytes: Vec<u8> = digits
            .chunks(2)
            .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect();
        assert_eq!(unpack(&bytes), Unpacked::default(), "{hex}");
    }
}

#[test]
fn gzip_may_come_in_pieces() {
    let (_, bytes) = PACKED[1];
    for size in [1, 7, 1000] {
        let (mut decoder, mut made) = (gzip::Decoder::new(), Vec::new());
        for piece in bytes.chunks(size) {
            let mut sink = |bytes: &[u8]| {
                made.extend_from_slice(bytes);
                Ok(())
            };
            decoder.write(piece, &mut sink).unwrap();
        }
        decoder.finish().unwrap();
        assert!(made == content());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_a_decoder_panic(
        which in 0..PACKED.len(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20)
    ) {
        let mut bytes = PACKED[which].1.to_vec();
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(format) = Format::of(&bytes) {
            prop_assert!(format.unpack(&bytes, LIMIT).bytes.len() <= LIMIT);
        }
    }
}

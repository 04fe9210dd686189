//! What the engine packs, read by itself, and by the formats' own programs where they are installed.

use lab_engine::compression::Format;
use std::io::Write;
use std::process::{Command, Stdio};

/// Data of all kinds: nothing, a byte, noise, runs, text, and a mix in several chunks and blocks.
fn samples() -> Vec<Vec<u8>> {
    let mut state = 1_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let random: Vec<u8> = (0..70_000).map(|_| noise()).collect();
    let text: Vec<u8> =
        (0..30_000_u32).flat_map(|line| format!("line {} of it\n", line * line % 977).into_bytes()).collect();
    let mix = [&text[..100_000], &random, &text[..], &[7; 140_000]].concat();
    vec![Vec::new(), vec![b'a'], vec![0; 260], b"abcabcabcabc".to_vec(), random, text, mix]
}

#[test]
fn the_engine_reads_it() {
    for format in [Format::Gzip, Format::Bzip2, Format::Xz, Format::Zstd] {
        for data in samples() {
            let packed = format.pack(&data, 9);
            assert_eq!(Format::of(&packed), Some(format));
            let unpacked = format.unpack(&packed, 1 << 21);
            assert!(unpacked.damage.is_none(), "{format:?} {}: {:?}", data.len(), unpacked.damage);
            assert!(unpacked.bytes == data, "{format:?} {}", data.len());
            assert!(packed.len() <= data.len() + data.len() / 100 + 100, "{format:?} {}", data.len());
        }
        let text = samples().swap_remove(5);
        assert!(format.pack(&text, 9).len() * 3 < text.len(), "{format:?} packs");
    }
}

#[test]
fn the_real_programs_read_it() {
    for (format, program) in [(Format::Bzip2, "bzip2"), (Format::Xz, "xz"), (Format::Zstd, "zstd")] {
        for data in samples() {
            let Ok(mut child) =
                Command::new(program).arg("-dc").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()
            else {
                break;
            };
            let mut input = child.stdin.take().unwrap();
            let packed = format.pack(&data, 9);
            let writer = std::thread::spawn(move || drop(input.write_all(&packed)));
            let output = child.wait_with_output().unwrap();
            writer.join().unwrap();
            assert!(output.status.success() && output.stdout == data, "{program} {}", data.len());
        }
    }
}

//! `md5sum`, `sha1sum` and the sums of SHA-2: one program under several names.

use super::options;
use super::support::{each_input, open_file};
use crate::digest::Digest;
use crate::shell::{CommandKind, Outcome, Process, stand_in};
use sha2::Digest as _;

/// Prints or checks sums.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("check", 'c'),
        ("binary", 'b'),
        ("text", 't'),
        ("status", 's'),
        ("quiet", 'q'),
        ("warn", 'w'),
        ("strict", 'S'),
        ("tag", 'T'),
    ];
    let options = match options::parse(process, "cbtswqST", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let name = process.name().to_owned();
    if !options.has('c') {
        return each_input(process, &options.operands, |process, input, path| {
            let bytes = process.read_all(input)?;
            let sum = sum_of(process, &name, path, &bytes);
            process.output(&format!("{sum}  {path}\n"))
        });
    }
    let mut lists = options.operands.clone();
    if lists.is_empty() {
        lists.push("-".to_owned());
    }
    let (mut failed, mut missing) = (0, 0);
    let mut total = 0;
    for list in lists {
        let text = if list == "-" {
            crate::shell::bytes::to_text(&process.read_input()?)
        } else {
            match process.read_text(&list) {
                Ok(text) => text,
                Err(error) => {
                    process.complain(&format!("{list}: {}", error.kind.message()))?;
                    return Ok(1);
                }
            }
        };
        if !text.lines().any(|line| line.contains(' ')) {
            let list = if list == "-" { "'standard input'" } else { &list };
            let text = if process.is_busybox() {
                "WARNING: 1 of 1 computed checksums did NOT match".to_owned()
            } else {
                format!("{list}: no properly formatted checksum lines found")
            };
            process.complain(&text)?;
            return Ok(1);
        }
        for line in text.lines() {
            let Some((wanted, path)) = line.split_once(' ') else { continue };
            let path = path.strip_prefix([' ', '*']).unwrap_or(path);
            total += 1;
            let actual = if path == "-" {
                let bytes = process.read_input()?;
                Ok(sum_of(process, &name, path, &bytes))
            } else {
                match open_file(process, path) {
                    Ok(input) => {
                        let bytes = process.read_all(&input)?;
                        Ok(sum_of(process, &name, path, &bytes))
                    }
                    Err(error) => Err(error),
                }
            };
            let result = match actual {
                Ok(actual) if actual.eq_ignore_ascii_case(wanted) => "OK",
                // Nobody has the bytes that the sum is of: it is taken on trust, and said so.
                Ok(_) if stand_in::address_of(process, path).is_some() => {
                    process.machine.mark = Some(CommandKind::Modelled);
                    "OK"
                }
                Ok(_) => {
                    failed += 1;
                    "FAILED"
                }
                Err(error) => {
                    super::support::cannot_open(process, path, &error)?;
                    missing += 1;
                    if process.is_busybox() { "FAILED" } else { "FAILED open or read" }
                }
            };
            if !(options.has('s') || result == "OK" && options.has('q')) {
                process.output(&format!("{path}: {result}\n"))?;
            }
        }
    }
    if failed + missing > 0 && !options.has('s') {
        let text = if process.is_busybox() {
            format!("WARNING: {} of {total} computed checksums did NOT match", failed + missing)
        } else {
            format!("WARNING: {failed} computed checksum{} did NOT match", if failed == 1 { "" } else { "s" })
        };
        process.complain(&text)?;
    }
    Ok(i32::from(failed + missing > 0))
}

/// The sum of bytes, or that of an opaque file, whose SHA-256 is known.
fn sum_of(process: &mut Process<'_, '_>, name: &str, path: &str, bytes: &[u8]) -> String {
    if path != "-"
        && let Ok(content) = process.read(path)
        && content.is_opaque()
    {
        let known = content.digest();
        return if name == "sha256sum" { known.hex() } else { sum(name, known.as_bytes()) };
    }
    sum(name, bytes)
}

fn sum(name: &str, bytes: &[u8]) -> String {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    match name {
        "md5sum" => hex(&md5(bytes)),
        "sha1sum" => hex(&sha1(bytes)),
        "sha512sum" => hex(&sha2::Sha512::digest(bytes)),
        "sha384sum" => hex(&sha2::Sha384::digest(bytes)),
        "sha224sum" => hex(&sha2::Sha224::digest(bytes)),
        _ => Digest::of(bytes).hex(),
    }
}

/// The message, filled up to whole blocks of 64 bytes.
fn padded(bytes: &[u8], length: [u8; 8]) -> Vec<u8> {
    let mut message = bytes.to_vec();
    message.push(0x80);
    while message.len() % 64 != 56 {
        message.push(0);
    }
    message.extend(length);
    message
}

fn words(block: &[u8], from: fn([u8; 4]) -> u32) -> Vec<u32> {
    block.chunks_exact(4).map(|chunk| from([chunk[0], chunk[1], chunk[2], chunk[3]])).collect()
}

/// RFC 1321.
fn md5(bytes: &[u8]) -> Vec<u8> {
    const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut state = [0x6745_2301_u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    let constants: Vec<u32> =
        (0..64).map(|at| (libm::sin(f64::from(at + 1)).abs() * 4_294_967_296.0) as u32).collect();
    for block in padded(bytes, (bytes.len() as u64 * 8).to_le_bytes()).chunks_exact(64) {
        let message = words(block, u32::from_le_bytes);
        let [mut a, mut b, mut c, mut d] = state;
        for at in 0..64 {
            let (mixed, index) = match at / 16 {
                0 => (b & c | !b & d, at),
                1 => (d & b | !d & c, (5 * at + 1) % 16),
                2 => (b ^ c ^ d, (3 * at + 5) % 16),
                _ => (c ^ (b | !d), 7 * at % 16),
            };
            let sum = a.wrapping_add(mixed).wrapping_add(constants[at]).wrapping_add(message[index]);
            (a, d, c) = (d, c, b);
            b = b.wrapping_add(sum.rotate_left(SHIFTS[at / 16][at % 4]));
        }
        for (state, value) in state.iter_mut().zip([a, b, c, d]) {
            *state = state.wrapping_add(value);
        }
    }
    state.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// RFC 3174.
fn sha1(bytes: &[u8]) -> Vec<u8> {
    let mut state = [0x6745_2301_u32, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
    for block in padded(bytes, (bytes.len() as u64 * 8).to_be_bytes()).chunks_exact(64) {
        let mut message = words(block, u32::from_be_bytes);
        for at in 16..80 {
            message.push(
                (message[at - 3] ^ message[at - 8] ^ message[at - 14] ^ message[at - 16]).rotate_left(1),
            );
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (at, word) in message.iter().enumerate() {
            let (mixed, constant) = match at / 20 {
                0 => (b & c | !b & d, 0x5a82_7999_u32),
                1 => (b ^ c ^ d, 0x6ed9_eba1),
                2 => (b & c | b & d | c & d, 0x8f1b_bcdc),
                _ => (b ^ c ^ d, 0xca62_c1d6),
            };
            let sum = a
                .rotate_left(5)
                .wrapping_add(mixed)
                .wrapping_add(e)
                .wrapping_add(constant)
                .wrapping_add(*word);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, sum);
        }
        for (state, value) in state.iter_mut().zip([a, b, c, d, e]) {
            *state = state.wrapping_add(value);
        }
    }
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::sh;

    #[test]
    fn sums() {
        assert_eq!(
            sh("printf abc | md5sum; printf abc | sha1sum; printf '' | md5sum"),
            "900150983cd24fb0d6963f7d28e17f72  -\na9993e364706816aba3e25717850c26c9cd0d89d  -\nd41d8cd98f00b204e9800998ecf8427e  -\n"
        );
        assert_eq!(
            sh("sha256sum /d/a.txt > /s; sha256sum -c /s; echo x > /d/a.txt; sha256sum -c /s"),
            "/d/a.txt: OK\n/d/a.txt: FAILED\n! sha256sum: WARNING: 1 of 1 computed checksums did NOT match\n= 1\n"
        );
        assert_eq!(sh("printf abc | sha512sum | cut -c1-16"), "ddaf35a193617aba\n");
    }
}

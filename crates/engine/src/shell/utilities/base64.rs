//! `base64`: bytes as letters, and back.

use super::options::{self, Options};
use super::support::{busybox_number, count_of, fail, read_inputs};
use crate::shell::{Interrupt, Outcome, Process};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes and decodes base64.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("decode", 'd'), ("wrap", 'w'), ("ignore-garbage", 'i')];
    let options = options::take_as(process, ("diw:", &[]), ("diw:", &long))?;
    options::no_more_than(process, &options.operands, 1)?;
    let width = width(process, &options)?;
    let (bytes, code) = read_inputs(process, &options.operands)?;
    if code != 0 {
        return Ok(code);
    }
    if !options.has('d') {
        process.output_bytes(&wrapped(encoded(&bytes), width))?;
        return Ok(0);
    }
    // BusyBox passes over what is no digit, as others do when they are told to.
    let busybox = process.is_busybox();
    let lenient = busybox || options.has('i');
    let (out, whole) = decoded(&bytes, lenient, busybox);
    process.output_bytes(&out)?;
    if whole { Ok(0) } else { fail(process, 1, if busybox { "truncated input" } else { "invalid input" }) }
}

fn width(process: &mut Process<'_, '_>, options: &Options) -> Result<usize, Interrupt> {
    let Some(text) = options.value('w') else { return Ok(76) };
    if process.is_busybox() {
        return Ok(busybox_number(process, text, &[], (0, u64::from(u32::MAX)))? as usize);
    }
    match count_of(text) {
        Some(width) => Ok(width),
        None => fail(process, 1, &format!("invalid wrap size: ‘{text}’")),
    }
}

fn encoded(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().fold(0_u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let digit = ALPHABET[(group >> (18 - 6 * at) & 63) as usize];
            text.push(if at <= chunk.len() { digit } else { b'=' });
        }
    }
    text
}

/// Lines of a width; 0 is one without an end.
fn wrapped(text: Vec<u8>, width: usize) -> Vec<u8> {
    if width == 0 {
        return text;
    }
    let mut out = Vec::new();
    for line in text.chunks(width) {
        out.extend(line);
        out.push(b'\n');
    }
    out
}

/// The bytes of groups of four digits, as far as they are right, and whether all were.
fn decoded(bytes: &[u8], lenient: bool, stops_at_padding: bool) -> (Vec<u8>, bool) {
    let mut out = Vec::new();
    let (mut group, mut digits, mut padding) = (0_u32, 0, 0);
    let mut ended = false;
    for byte in bytes {
        let value = ALPHABET.iter().position(|letter| letter == byte);
        match (value, byte) {
            (None, b'\n') => continue,
            (Some(_) | None, _) if ended && (value.is_some() || *byte == b'=') && stops_at_padding => {
                return (out, value.is_none());
            }
            (Some(_), _) if padding > 0 => return (out, false),
            (Some(value), _) => group = group << 6 | value as u32,
            (None, b'=') if digits >= 2 => {
                group <<= 6;
                padding += 1;
            }
            (None, b'=') if stops_at_padding => continue,
            (None, b'=') => return (out, false),
            _ if lenient => continue,
            _ => {
                flush(&mut out, group, digits, padding, false);
                return (out, false);
            }
        }
        digits += 1;
        if digits == 4 {
            flush(&mut out, group, digits, padding, true);
            ended = padding > 0;
            (group, digits, padding) = (0, 0, 0);
        }
    }
    if digits > 0 && !stops_at_padding {
        flush(&mut out, group, digits, padding, false);
    }
    (out, digits == 0)
}

/// The bytes of a group, which may lack its end.
fn flush(out: &mut Vec<u8>, group: u32, digits: u32, padding: usize, whole: bool) {
    let group = group << (6 * (4 - digits));
    let count = if whole { 3 - padding } else { (digits as usize).saturating_sub(1).min(3 - padding) };
    out.extend(&group.to_be_bytes()[1..=count]);
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn codes() {
        assert_eq!(
            sh("printf abcd | base64; printf abcd | base64 | base64 -d; seq 40 | base64 -w0 | wc -c"),
            "YWJjZA==\nabcd148\n"
        );
    }

    #[test]
    fn bad_input() {
        assert_eq!(
            sh("echo 'YWJj!ZGVm' | base64 -d; echo YW | base64 -d"),
            "abcdef! base64: truncated input\n= 1\n"
        );
        assert_eq!(
            shown("dash", "echo 'YWJj!' | base64 -d; echo YW | base64 -d"),
            "abca! base64: invalid input\n! base64: invalid input\n= 1\n"
        );
        assert_eq!(shown("dash", "printf YWI=YWI= | base64 -d; echo 'YW!Jj' | base64 -di"), "abababc");
    }
}

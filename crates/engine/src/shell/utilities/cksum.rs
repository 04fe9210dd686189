//! `cksum`: the checksum of POSIX.

use super::options;
use super::support::each_input;
use crate::shell::{Outcome, Process};

/// Prints the checksum and the size of files.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let options = options::take(process, "", &[])?;
    each_input(process, &options.operands, |process, input, path| {
        let bytes = process.read_all(input)?;
        let mut length = bytes.len();
        let mut tail = Vec::new();
        while length > 0 {
            tail.push((length & 0xff) as u8);
            length >>= 8;
        }
        let crc = bytes.iter().chain(&tail).fold(0_u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte) << 24, |crc, _| {
                crc << 1 ^ if crc >> 31 == 1 { 0x04c1_1db7 } else { 0 }
            })
        });
        let name = if path == "-" { String::new() } else { format!(" {path}") };
        process.output(&format!("{} {}{name}\n", !crc, bytes.len()))
    })
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::shown;

    #[test]
    fn sums() {
        assert_eq!(
            shown("dash", "printf abc | cksum; cksum /dev/null"),
            "1219131554 3\n4294967295 0 /dev/null\n"
        );
    }
}

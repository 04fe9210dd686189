//! `sum`: the checksums of BSD and of System V.

use super::options;
use super::support::each_input;
use crate::shell::{Outcome, Process};

/// The checksums of BSD and of System V.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let options = options::take(process, "rs", &[("sysv", 's')])?;
    // BusyBox names a single file with the checksum of System V alone.
    let operands = options.operands.len();
    let several = operands > 1 || operands > 0 && (options.has('s') || !process.is_busybox());
    each_input(process, &options.operands, |process, input, name| {
        let bytes = process.read_all(input)?;
        let name = if several { format!(" {name}") } else { String::new() };
        if options.has('s') {
            let total = bytes.iter().fold(0_u32, |sum, byte| sum.wrapping_add(u32::from(*byte)));
            let folded = (total & 0xffff) + (total >> 16);
            let folded = (folded & 0xffff) + (folded >> 16);
            return process.output(&format!("{folded} {}{name}\n", bytes.len().div_ceil(512)));
        }
        let sum = bytes.iter().fold(0_u16, |sum, byte| sum.rotate_right(1).wrapping_add(u16::from(*byte)));
        process.output(&format!("{sum:05} {:5}{name}\n", bytes.len().div_ceil(1024)))
    })
}

//! `factor` and `sum`.

use super::options;
use super::support::each_input;
use crate::shell::{Interrupt, Outcome, Process};

/// Prints the prime factors of numbers.
pub(super) fn factor(process: &mut Process<'_, '_>) -> Outcome {
    let mut words = process.args().to_vec();
    if words.is_empty() {
        let text = crate::shell::bytes::to_text(&process.read_input()?);
        words = text.split_whitespace().map(str::to_owned).collect();
    }
    let mut code = 0;
    for word in words {
        match word.parse::<u64>() {
            Ok(number) => {
                let factors = factors(process, number)?;
                process.output(&format!("{number}:{factors}\n"))?;
            }
            Err(_) => {
                let text = if process.is_busybox() {
                    format!("invalid number '{word}'")
                } else {
                    format!("'{word}' is not a valid positive integer")
                };
                process.complain(&text)?;
                code = 1;
            }
        }
    }
    Ok(code)
}

fn factors(process: &mut Process<'_, '_>, number: u64) -> Result<String, Interrupt> {
    let mut text = String::new();
    let mut rest = number;
    let mut divisor = 2;
    while rest > 1 {
        if divisor * divisor > rest {
            divisor = rest;
        }
        while rest.is_multiple_of(divisor) {
            text.push_str(&format!(" {divisor}"));
            rest /= divisor;
        }
        divisor += 1 + u64::from(divisor > 2);
        if divisor % 4096 == 1 {
            process.step(1)?;
        }
    }
    Ok(text)
}

/// The checksums of BSD and of System V.
pub(super) fn sum(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "rs", &[("sysv", 's')])? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
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

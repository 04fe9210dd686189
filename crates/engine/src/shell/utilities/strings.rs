//! `strings`: what can be read in a file of any kind.

use super::options;
use super::support::{count_of, each_input};
use crate::shell::bytes::{push_bytes, to_bytes};
use crate::shell::{Outcome, Process};

/// Runs of characters that can be printed.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "afon:t:", &[("bytes", 'n'), ("radix", 't'), ("all", 'a')])? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let least = options.value('n').and_then(count_of).unwrap_or(4).max(1);
    let radix = if options.has('o') { Some("o") } else { options.value('t') };
    each_input(process, &options.operands, |process, input, name| {
        let bytes = process.read_all(input)?;
        let mut out = Vec::new();
        let mut start = 0;
        for at in 0..=bytes.len() {
            let printable = bytes.get(at).is_some_and(|byte| (32..127).contains(byte) || *byte == b'\t');
            if printable {
                continue;
            }
            if at - start >= least {
                if options.has('f') {
                    push_bytes(&format!("{name}: "), &mut out);
                }
                out.extend(to_bytes(&match radix {
                    Some("d") => format!("{start:7} "),
                    Some("x") => format!("{start:7x} "),
                    Some(_) => format!("{start:7o} "),
                    None => String::new(),
                }));
                out.extend(&bytes[start..at]);
                out.push(b'\n');
            }
            start = at + 1;
        }
        process.output_bytes(&out)
    })
}

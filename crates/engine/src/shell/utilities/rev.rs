//! `rev`: each line backwards.

use super::options;
use super::support::each_input;
use crate::shell::bytes::{to_bytes, to_text};
use crate::shell::{Outcome, Process};

/// Prints each line backwards.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let options = options::take(process, "", &[])?;
    each_input(process, &options.operands, |process, input, _| {
        while let Some(line) = process.read_line(input)? {
            let text = to_text(line.strip_suffix(b"\n").unwrap_or(&line));
            let mut out = to_bytes(&text.chars().rev().collect::<String>());
            if line.ends_with(b"\n") {
                out.push(b'\n');
            }
            process.output_bytes(&out)?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::sh;

    #[test]
    fn lines() {
        assert_eq!(sh("printf 'abc\\nd\u{e9}f' | rev"), "cba\nf\u{e9}d");
    }
}

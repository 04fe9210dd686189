//! `yes`: a line again and again.

use super::options;
use crate::shell::bytes::to_bytes;
use crate::shell::{Outcome, Process};

/// Prints a line until nobody reads it any more.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let words = if process.is_busybox() {
        process.args().to_vec()
    } else {
        options::take(process, "+", &[])?.operands
    };
    let text = if words.is_empty() { "y".to_owned() } else { words.join(" ") };
    let line = to_bytes(&(text + "\n"));
    let block = line.repeat((4096 / line.len()).max(1));
    loop {
        process.step(1)?;
        process.output_bytes(&block)?;
    }
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn lines() {
        assert_eq!(sh("yes | head -n 2; yes a b | head -n 1; yes -x | head -n 1"), "y\ny\na b\n-x\n");
        assert_eq!(shown("dash", "yes -- -x | head -n 1"), "-x\n");
    }
}

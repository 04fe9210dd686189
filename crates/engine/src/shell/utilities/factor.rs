//! `factor`: the prime factors of numbers.

use super::options;
use crate::shell::bytes::to_text;
use crate::shell::{Interrupt, Outcome, Process};

/// Prints the prime factors of numbers.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let busybox = process.is_busybox();
    let mut words = if busybox { process.args().to_vec() } else { options::take(process, "", &[])?.operands };
    if words.is_empty() {
        let text = to_text(&process.read_input()?);
        words = text.split_whitespace().map(str::to_owned).collect();
    }
    let mut code = 0;
    for word in words {
        match word.trim_start().strip_prefix('+').unwrap_or(word.trim_start()).parse::<u128>() {
            Ok(number) if number <= u128::from(u64::MAX) || !busybox => {
                let factors = factors(process, number)?;
                process.output(&format!("{number}:{factors}\n"))?;
            }
            _ if busybox => return super::usage::print(process),
            _ => {
                process.complain(&format!("‘{word}’ is not a valid positive integer"))?;
                code = 1;
            }
        }
    }
    Ok(code)
}

fn factors(process: &mut Process<'_, '_>, number: u128) -> Result<String, Interrupt> {
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
        divisor += 1 + u128::from(divisor > 2);
        if divisor % 4096 == 1 {
            process.step(1)?;
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn numbers() {
        assert_eq!(sh("factor 0 1 12; echo 97 15 | factor"), "0:\n1:\n12: 2 2 3\n97: 97\n15: 3 5\n");
        assert!(sh("factor x").starts_with("! BusyBox v"));
        assert_eq!(shown("dash", "factor x"), "! factor: 'x' is not a valid positive integer\n= 1\n");
    }
}

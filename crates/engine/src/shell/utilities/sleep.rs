//! `sleep`: no time passes, but how much would have is counted.

use super::options;
use crate::shell::{Outcome, Process};

/// Waits: no time passes, but how much would have is counted.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let busybox = process.is_busybox();
    let words = if busybox { process.args().to_vec() } else { options::take(process, "", &[])?.operands };
    if words.is_empty() {
        return options::missing(process, "missing operand");
    }
    let mut seconds = 0.0;
    for word in words {
        let Some(part) = duration(&word) else {
            if busybox {
                process.complain(&format!("invalid number '{word}'"))?;
                return Ok(1);
            }
            process.complain(&format!("invalid time interval ‘{word}’"))?;
            return options::usage_error(process);
        };
        seconds += part;
    }
    process.machine.sleep(seconds)?;
    Ok(0)
}

/// The seconds of `5`, `1.5m`, `2h`, `1d`.
pub(super) fn duration(text: &str) -> Option<f64> {
    if text == "infinity" {
        return Some(f64::INFINITY);
    }
    let digits = text.trim_end_matches(['s', 'm', 'h', 'd']);
    if !digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let factor = match &text[digits.len()..] {
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return None,
    };
    Some(digits.parse::<f64>().ok().filter(|value| *value >= 0.0)? * factor)
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn wrong() {
        assert_eq!(sh("sleep 1x"), "! sleep: invalid number '1x'\n= 1\n");
        assert_eq!(
            shown("dash", "sleep 0.1 1m; sleep x"),
            "! sleep: invalid time interval 'x'\n! Try 'sleep --help' for more information.\n= 1\n"
        );
    }
}

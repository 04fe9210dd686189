//! Names of signals, as `STOPSIGNAL` takes them.

use crate::case::Case;

const NAMES: [&str; 36] = [
    "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE",
    "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU",
    "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX",
];

/// Checks a signal: any number but 0, or a name with or without `SIG`. The error is BuildKit's text.
pub fn check_signal(signal: &str) -> Result<(), String> {
    match signal.parse::<i64>() {
        Ok(0) => return Err(format!("invalid signal: {signal}")),
        Ok(_) => return Ok(()),
        Err(_) => {}
    }
    let upper = signal.upper();
    let name = upper.strip_prefix("SIG").unwrap_or(&upper);
    let real_time = |prefix: &str, most: u32| {
        let offset = name.strip_prefix(prefix);
        offset.is_some_and(|offset| {
            !offset.starts_with(['0', '+']) && offset.parse().is_ok_and(|n: u32| n <= most)
        })
    };
    if NAMES.contains(&name) || real_time("RTMIN+", 15) || real_time("RTMAX-", 14) {
        return Ok(());
    }
    Err(format!("invalid signal: {signal}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals() {
        for signal in ["9", "999", "KILL", "sigterm", "SIGRTMIN+3", "RTMAX-14"] {
            assert_eq!(check_signal(signal), Ok(()));
        }
        for signal in ["", "0", "+0", "NOSUCH", "RTMIN+16", "RTMIN+", "RTMAX-0"] {
            assert_eq!(check_signal(signal), Err(format!("invalid signal: {signal}")));
        }
    }
}

//! The order of Debian's version numbers: `epoch:upstream-revision`, a tilde before everything.

use std::cmp::Ordering;

/// Which of two versions is the newer.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let ((a_epoch, a), (b_epoch, b)) = (epoch(a), epoch(b));
    let ((a, a_revision), (b, b_revision)) = (revision(a), revision(b));
    a_epoch.cmp(&b_epoch).then_with(|| part(a, b)).then_with(|| part(a_revision, b_revision))
}

fn epoch(text: &str) -> (u64, &str) {
    match text.split_once(':') {
        Some((number, rest)) => (number.parse().unwrap_or(0), rest),
        None => (0, text),
    }
}

fn revision(text: &str) -> (&str, &str) {
    text.rsplit_once('-').unwrap_or((text, ""))
}

/// Letters and numbers by turns; a tilde is before the end, and letters are before other characters.
fn part(mut a: &str, mut b: &str) -> Ordering {
    while !a.is_empty() || !b.is_empty() {
        let (a_text, a_rest) = cut(a, |c| !c.is_ascii_digit());
        let (b_text, b_rest) = cut(b, |c| !c.is_ascii_digit());
        let rank = |byte: Option<&u8>| match byte {
            Some(b'~') => -1,
            None => 0,
            Some(byte) if byte.is_ascii_alphabetic() => i32::from(*byte),
            Some(byte) => i32::from(*byte) + 256,
        };
        for at in 0..a_text.len().max(b_text.len()) {
            let order = rank(a_text.as_bytes().get(at)).cmp(&rank(b_text.as_bytes().get(at)));
            if order.is_ne() {
                return order;
            }
        }
        let (a_number, a_rest) = cut(a_rest, |c| c.is_ascii_digit());
        let (b_number, b_rest) = cut(b_rest, |c| c.is_ascii_digit());
        let (a_number, b_number) = (a_number.trim_start_matches('0'), b_number.trim_start_matches('0'));
        let order = a_number.len().cmp(&b_number.len()).then_with(|| a_number.cmp(b_number));
        if order.is_ne() {
            return order;
        }
        (a, b) = (a_rest, b_rest);
    }
    Ordering::Equal
}

fn cut(text: &str, is_in: fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.len() - text.trim_start_matches(is_in).len())
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn newer_versions() {
        for (older, newer) in [
            ("1.2", "1.10"),
            ("1.0~rc1", "1.0"),
            ("1.0", "1.0a"),
            ("1.0a", "1.0+b"),
            ("9.9", "1:0.1"),
            ("2.36-9", "2.36-9+deb12u1"),
            ("1.0-1", "1.0-2"),
        ] {
            assert!(compare(older, newer).is_lt(), "{older} {newer}");
            assert!(compare(newer, older).is_gt(), "{newer} {older}");
        }
        assert!(compare("1.02", "1.2").is_eq());
    }
}

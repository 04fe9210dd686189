//! Versions in order, as GNU compares file names and as the C library compares texts.

use std::cmp::Ordering;

/// GNU's order: first without what looks like the suffix of a file name, then with it.
pub(super) fn by_name(a: &[u8], b: &[u8]) -> Ordering {
    let special = |name: &[u8]| match name {
        b"" => 0,
        b"." => 1,
        b".." => 2,
        [b'.', ..] => 3,
        _ => 4,
    };
    let first = special(a).cmp(&special(b));
    if first != Ordering::Equal || special(a) < 3 {
        return first;
    }
    by_parts(&a[..without_suffix(a)], &b[..without_suffix(b)]).then_with(|| by_parts(a, b))
}

/// The length without suffixes: a point, a letter, and letters and digits.
fn without_suffix(name: &[u8]) -> usize {
    let (mut at, mut length) = (0, 0);
    while at < name.len() {
        at += 1;
        length = at;
        while at + 1 < name.len()
            && name[at] == b'.'
            && (name[at + 1].is_ascii_alphabetic() || name[at + 1] == b'~')
        {
            at += 2;
            while name.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'~') {
                at += 1;
            }
        }
    }
    length
}

/// Where a byte stands: a tilde before the end, letters before all others.
fn rank(byte: Option<&u8>) -> i32 {
    match byte {
        None => -1,
        Some(b'~') => -2,
        Some(byte) if byte.is_ascii_digit() => 0,
        Some(byte) if byte.is_ascii_alphabetic() => i32::from(*byte),
        Some(byte) => i32::from(*byte) + 256,
    }
}

/// Texts and numbers by turns.
fn by_parts(mut a: &[u8], mut b: &[u8]) -> Ordering {
    while !a.is_empty() || !b.is_empty() {
        let is_text = |part: &[u8]| part.first().is_some_and(|byte| !byte.is_ascii_digit());
        while is_text(a) || is_text(b) {
            let order = rank(a.first()).cmp(&rank(b.first()));
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (a.get(1..).unwrap_or_default(), b.get(1..).unwrap_or_default());
        }
        let (left, right) = (number(&mut a), number(&mut b));
        let order = left.len().cmp(&right.len()).then_with(|| left.cmp(right));
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

/// Takes the digits at the beginning, and gives them without zeros in front.
fn number<'t>(text: &mut &'t [u8]) -> &'t [u8] {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(length);
    *text = rest;
    let zeros = digits.iter().take_while(|byte| **byte == b'0').count();
    &digits[zeros..]
}

/// The order of `strverscmp`: runs of digits by their value.
pub(super) fn by_runs(mut a: &[u8], mut b: &[u8]) -> Ordering {
    loop {
        let starts = |text: &[u8]| text.first().is_some_and(u8::is_ascii_digit);
        if starts(a) && starts(b) {
            let (left, right) = (number(&mut a), number(&mut b));
            let order = left.len().cmp(&right.len()).then_with(|| left.cmp(right));
            if order != Ordering::Equal {
                return order;
            }
            continue;
        }
        match (a.split_first(), b.split_first()) {
            (None, None) => return Ordering::Equal,
            (Some((left, rest_a)), Some((right, rest_b))) if left == right => (a, b) = (rest_a, rest_b),
            (left, right) => return left.map(|(byte, _)| byte).cmp(&right.map(|(byte, _)| byte)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders() {
        for pair in ["1.0~rc1", "1.0", "1.0-1", "v1.2", "v1.10"].windows(2) {
            assert_eq!(by_name(pair[0].as_bytes(), pair[1].as_bytes()), Ordering::Less, "{pair:?}");
        }
        assert_eq!(by_name(b"a-1.2.tar.gz", b"a-1.tar.gz"), Ordering::Greater);
        assert_eq!(by_runs(b"a9", b"a10"), Ordering::Less);
        assert_eq!(by_runs(b"a9", b"a9b"), Ordering::Less);
    }
}

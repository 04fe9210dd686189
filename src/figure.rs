//! Figures as the page shows them: bytes, seconds, digests, permission bits.
//!
//! Sizes are decimal, as Docker prints them, with three digits. A modelled figure gets its tilde from the view.

use crate::locale::{Lang, t};
use crate::rich::{Piece, plain};
use lab_session::protocol::Figure;
use lab_session::text::decimal::fixed;

const UNITS: [&str; 6] = ["B", "kB", "MB", "GB", "TB", "PB"];

/// A number of bytes: `412 B`, `3.57 kB`, `1.12 GB`.
pub fn bytes(value: f64) -> String {
    if value < 999.5 {
        return format!("{} B", value.max(0.0) as u32);
    }
    large(value)
}

/// Apart from small numbers, which need nothing of what prints decimals.
#[inline(never)]
fn large(mut value: f64) -> String {
    let mut unit = 0;
    // 999.5 would be printed as 1000 in its unit.
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = match value {
        value if value < 9.995 => 2,
        value if value < 99.95 => 1,
        _ => 0,
    };
    format!("{} {}", fixed(value, digits), UNITS[unit])
}

/// The number of a time in seconds, without a unit: `0.02`, `6.5`, `25`.
pub fn seconds_number(value: f64) -> String {
    match value.max(0.0) {
        value if value < 0.005 => "0".to_owned(),
        value if value < 0.995 => fixed(value, 2),
        value if value < 9.95 => fixed(value, 1),
        value => fixed(value, 0),
    }
}

/// A time: `0 s`, `6.5 s`, `2 min 05 s`; in Korean `6.5초`, `2분 05초`.
pub fn seconds(lang: Lang, value: f64) -> String {
    if value < 119.5 {
        return plain(lang, "unit.seconds", &[("n", &seconds_number(value))]);
    }
    let whole = value.round();
    let (minutes, rest) = ((whole / 60.0).floor(), whole % 60.0);
    plain(lang, "unit.minutes", &[("m", &fixed(minutes, 0)), ("s", &format!("{:02}", rest as u32))])
}

/// A size as a piece of a sentence.
pub fn size_piece(figure: Figure) -> Piece {
    Piece::Figure(bytes(figure.value), figure.modelled && figure.value != 0.0)
}

/// A time as a piece of a sentence.
pub fn time_piece(lang: Lang, figure: Figure) -> Piece {
    Piece::Figure(seconds(lang, figure.value), figure.modelled && figure.value != 0.0)
}

/// What a figure says about its origin, for its title.
pub fn origin(lang: Lang, figure: Figure) -> &'static str {
    if figure.modelled { t(lang, "figure.modelled") } else { t(lang, "figure.computed") }
}

/// The first six digits of a digest, as the rows show it.
pub fn short(digest: &str) -> &str {
    let digits = digest.split_once(':').map_or(digest, |(_, digits)| digits);
    digits.get(..6).unwrap_or(digits)
}

/// The first twelve digits of a digest, as Docker prints an ID.
pub fn id(digest: &str) -> &str {
    let digits = digest.split_once(':').map_or(digest, |(_, digits)| digits);
    digits.get(..12).unwrap_or(digits)
}

/// Permission bits as `chmod` takes them: `0755`.
pub fn octal(mode: u32) -> String {
    format!("{:04o}", mode & 0o7777)
}

/// A change in bytes with its sign: `+5 B`, `−1.20 kB`.
pub fn delta(before: f64, after: f64) -> String {
    let sign = if after < before { "−" } else { "+" };
    format!("{sign}{}", bytes((after - before).abs()))
}

/// Where a size is on the logarithmic scale of the bars, in percent: 0 for no byte, 31.6 for a kilobyte, 94.7 for a
/// gigabyte.
pub fn on_scale(value: f64) -> f64 {
    const KILOBYTE_AT: f64 = 31.6;
    if value <= 0.0 { 0.6 } else { ((value + 1.0).log10() / 3.0 * KILOBYTE_AT).clamp(0.6, 100.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_three_digits() {
        let cases = [
            (0.0, "0 B"),
            (412.0, "412 B"),
            (999.0, "999 B"),
            (3_570.0, "3.57 kB"),
            (14_200_000.0, "14.2 MB"),
            (999_600.0, "1.00 MB"),
            (1_120_000_000.0, "1.12 GB"),
            (431e6, "431 MB"),
        ];
        for (value, text) in cases {
            assert_eq!(bytes(value), text);
        }
    }

    #[test]
    fn seconds_are_as_exact_as_they_are_long() {
        let say = |value| seconds(Lang::En, value);
        assert_eq!(say(0.0), "0 s");
        assert_eq!(say(0.021), "0.02 s");
        assert_eq!(say(6.48), "6.5 s");
        assert_eq!(say(24.6), "25 s");
        assert_eq!(say(125.0), "2 min 05 s");
        assert_eq!(seconds(Lang::Ko, 6.48), "6.5초");
        assert_eq!(seconds(Lang::Ko, 125.0), "2분 05초");
    }

    #[test]
    fn a_modelled_zero_is_firm() {
        assert_eq!(size_piece(Figure::modelled(0.0)), Piece::Figure("0 B".to_owned(), false));
        assert_eq!(size_piece(Figure::modelled(1.0)), Piece::Figure("1 B".to_owned(), true));
    }

    #[test]
    fn the_scale_puts_its_rules_where_the_head_says() {
        for (value, percent) in [(1e3, 31.6), (1e6, 63.2), (1e9, 94.8)] {
            assert!((on_scale(value) - percent).abs() < 0.2, "{value}");
        }
        assert!(on_scale(1e15) <= 100.0);
    }

    #[test]
    fn digests_are_cut() {
        assert_eq!(short("sha256:41be0c99aa"), "41be0c");
        assert_eq!(short("abc"), "abc");
        assert_eq!(id("sha256:0123456789abcdef"), "0123456789ab");
    }

    #[test]
    fn changes_have_a_sign() {
        assert_eq!(delta(100.0, 105.0), "+5 B");
        assert_eq!(delta(2_000.0, 500.0), "−1.50 kB");
    }
}

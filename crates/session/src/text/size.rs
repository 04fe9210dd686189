//! Sizes in the units of the Docker command line: powers of 1,000 and a fixed number of significant digits.

use super::decimal::fixed;

const UNITS: [&str; 9] = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];

/// A size with four significant digits, as `docker system df` and build logs print it: `29.71MB`.
pub fn human_size(bytes: f64) -> String {
    with_precision(bytes, 4)
}

/// A size with three significant digits, as `docker image ls` and `docker image history` print it: `29.7MB`.
pub fn short_size(bytes: f64) -> String {
    with_precision(bytes, 3)
}

fn with_precision(bytes: f64, digits: usize) -> String {
    let mut value = bytes;
    let mut unit = 0;
    while value >= 1000.0 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{}{}", general(value, digits), UNITS[unit])
}

/// A number as C's `%.{digits}g` writes it. Docker inherits its quirk: 999.9 with three digits is `1e+03`.
fn general(value: f64, digits: usize) -> String {
    let places = (0..digits).find(|places| value < POWERS[places + 1]);
    if value < 1.0 {
        return if value == 0.0 { "0".to_owned() } else { scientific(value, digits) };
    }
    let Some(places) = places else { return scientific(value, digits) };
    let decimals = digits - 1 - places;
    let written = fixed(value, decimals);
    let whole = written.len() - decimals - usize::from(decimals > 0);
    if whole > digits { scientific(value, digits) } else { without_zeros(&written).to_owned() }
}

const POWERS: [f64; 6] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5];

/// The same for a number with an exponent, or below one.
#[inline(never)]
fn scientific(value: f64, digits: usize) -> String {
    let scientific = format!("{value:.*e}", digits - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if exponent < -4 || exponent >= digits as i32 {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", without_zeros(mantissa), exponent.abs());
    }
    let decimals = usize::try_from(digits as i32 - 1 - exponent).unwrap_or(0);
    without_zeros(&format!("{value:.decimals$}")).to_owned()
}

fn without_zeros(number: &str) -> &str {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs of bytes and text as Docker printed them.
    #[test]
    fn sizes_are_written_as_docker_does() {
        for (bytes, short, long) in [
            (0.0, "0B", "0B"),
            (27.0, "27B", "27B"),
            (1331.0, "1.33kB", "1.331kB"),
            (4084.0, "4.08kB", "4.084kB"),
            (20480.0, "20.5kB", "20.48kB"),
            (500_000.0, "500kB", "500kB"),
            (2_011_000.0, "2.01MB", "2.011MB"),
            (15_590_000.0, "15.6MB", "15.59MB"),
            (58_660_000.0, "58.7MB", "58.66MB"),
            (1_100_000_000.0, "1.1GB", "1.1GB"),
        ] {
            assert_eq!(short_size(bytes), short);
            assert_eq!(human_size(bytes), long);
        }
    }

    /// The short way and the long one agree.
    #[test]
    fn numbers_have_so_many_digits() {
        for at in 1..400_000 {
            let value = f64::from(at) / 317.0;
            for digits in [3, 4] {
                assert_eq!(general(value, digits), scientific(value, digits), "{value}");
            }
        }
    }

    #[test]
    fn a_size_just_below_the_next_unit_keeps_dockers_quirk() {
        assert_eq!(short_size(999_900.0), "1e+03kB");
        assert_eq!(human_size(999_900.0), "999.9kB");
    }
}

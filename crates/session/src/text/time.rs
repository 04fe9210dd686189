//! Times between RFC 3339 and seconds since 1970 (UTC), in the proleptic Gregorian calendar.

use lab_engine::world::rfc3339;

/// The seconds of a time such as `2023-11-14T22:13:20.5Z` or with an offset; fractions are cut. `None` if it is none.
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    parse_rfc3339_nanos(text).map(|(seconds, _)| seconds)
}

/// The same with the nanoseconds.
pub fn parse_rfc3339_nanos(text: &str) -> Option<(i64, u32)> {
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let mut parts = date.split('-').map(str::parse::<i64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let zone_at = rest.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = rest.split_at(zone_at);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let nanos = format!("{fraction:0<9}")[..9].parse().ok()?;
    let mut parts = clock.split(':').map(str::parse::<i64>);
    let (hour, minute, second) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    // RFC 3339 has years of four digits.
    if !(0..=9999).contains(&year)
        || !(1..=12).contains(&month)
        || !(1..=31).contains(&day)
        || hour > 23
        || minute > 59
        || second > 60
    {
        return None;
    }
    let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    Some((seconds - offset(zone)?, nanos))
}

/// A time after so many seconds, to the nanosecond as Go writes it.
pub(crate) fn rfc3339_nanos(began: i64, after: f64) -> String {
    let nanos = (after * 1e9).round().max(0.0) as i64;
    with_fraction(began.saturating_add(nanos / SECOND), nanos % SECOND)
}

/// A time in nanoseconds since 1970, without zeros at the end, as Go writes it.
pub fn rfc3339_of_nanos(nanos: i64) -> String {
    with_fraction(nanos.div_euclid(SECOND), nanos.rem_euclid(SECOND))
}

/// Nanoseconds.
const SECOND: i64 = 1_000_000_000;

fn with_fraction(seconds: i64, nanos: i64) -> String {
    let text = rfc3339(seconds);
    let fraction = format!("{nanos:09}");
    match fraction.trim_end_matches('0') {
        "" => text,
        digits => format!("{}.{digits}Z", text.trim_end_matches('Z')),
    }
}

fn offset(zone: &str) -> Option<i64> {
    let sign = match zone.chars().next()? {
        'Z' | 'z' => return Some(0),
        '+' => 1,
        _ => -1,
    };
    let (hours, minutes) = zone[1..].split_once(':')?;
    Some(sign * (i64::from(hours.parse::<u8>().ok()?) * 3600 + i64::from(minutes.parse::<u8>().ok()?) * 60))
}

/// Days since 1970-01-01. Years begin in March here, so that the leap day is the last of the year.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_far_away_stay_what_they_are() {
        let (seconds, _) = parse_rfc3339_nanos("9999-12-31T23:59:59.5Z").unwrap();
        assert_eq!(rfc3339_nanos(seconds, 0.5), "9999-12-31T23:59:59.5Z");
        assert_eq!(parse_rfc3339("99999999999999999-01-01T00:00:00Z"), None);
        assert_eq!(parse_rfc3339("2023-11-14T22:13:20+9223372036854775807:00"), None);
    }

    #[test]
    fn times_are_read() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2023-11-14T22:13:20Z", 1_700_000_000),
            ("2023-11-14T22:13:20.123456789Z", 1_700_000_000),
            ("2023-11-15T00:13:20+02:00", 1_700_000_000),
            ("2024-02-29T00:00:00Z", 1_709_164_800),
            ("1969-12-31T23:59:59Z", -1),
        ] {
            assert_eq!(parse_rfc3339(text), Some(seconds), "{text}");
        }
        assert_eq!(parse_rfc3339_nanos("2023-11-14T22:13:20.0123Z"), Some((1_700_000_000, 12_300_000)));
        for seconds in [0.0, 0.5, 61.000_000_007] {
            let (whole, nanos) = parse_rfc3339_nanos(&rfc3339_nanos(1_700_000_000, seconds)).unwrap();
            assert_eq!((whole - 1_700_000_000) as f64 + f64::from(nanos) / 1e9, seconds);
        }
        for text in [
            "2023-11-14T22:13:20.Z",
            "2023-11-14T22:13:20.1x2Z",
            "",
            "yesterday",
            "2023-13-01T00:00:00Z",
            "2023-11-14T22:13Z",
            "2023-11-14",
        ] {
            assert_eq!(parse_rfc3339(text), None, "{text}");
        }
    }
}

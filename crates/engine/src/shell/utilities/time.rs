//! `date` and `sleep`, and the calendar.

use super::options;
use crate::shell::{Outcome, Process};

/// A moment taken apart, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub year: i64,
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
    /// From Sunday.
    pub weekday: u32,
    /// From 1.
    pub yearday: u32,
}

/// Days since 1970 of a date (Howard Hinnant's algorithm).
fn days_of(year: i64, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let shifted = i64::from((month + 9) % 12);
    let of_year = (153 * shifted + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The seconds since 1970 of a moment in UTC, whose parts may be beyond their ranges.
pub(super) fn seconds_of(year: i64, month: i64, day: i64, hour: i64, minute: i64, second: i64) -> i64 {
    let months = year * 12 + month - 1;
    let days = days_of(months.div_euclid(12), months.rem_euclid(12) as u32 + 1, 1) + day - 1;
    days * 86_400 + hour * 3600 + minute * 60 + second
}

/// A moment of a number of seconds since 1970.
pub(super) fn moment(time: i64) -> Moment {
    let days = time.div_euclid(86_400);
    let seconds = time.rem_euclid(86_400) as u32;
    let (year, month, day) = crate::world::civil(days);
    Moment {
        year,
        month: month as u32,
        day: day as u32,
        hour: seconds / 3600,
        minute: seconds / 60 % 60,
        second: seconds % 60,
        weekday: (days + 4).rem_euclid(7) as u32,
        yearday: (days - days_of(year, 1, 1) + 1) as u32,
    }
}

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The name of a month, from 1, in three letters.
pub(super) fn month_name(month: u32) -> &'static str {
    &MONTHS[(month as usize).clamp(1, 12) - 1][..3]
}

/// A time by a format of `strftime`.
pub(in crate::shell) fn format_time(format: &str, time: i64) -> String {
    let at = moment(time);
    let mut out = String::new();
    let mut chars = format.chars();
    let name = |list: &[&'static str], index: u32| list.get(index as usize).copied().unwrap_or("");
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut letter = chars.next().unwrap_or('%');
        let mut pad = true;
        if letter == '-' {
            pad = false;
            letter = chars.next().unwrap_or('%');
        }
        let two = |value: u32| if pad { format!("{value:02}") } else { value.to_string() };
        let twelve = (at.hour + 11) % 12 + 1;
        let text = match letter {
            'Y' => at.year.to_string(),
            'C' => format!("{:02}", at.year / 100),
            'y' => two((at.year.rem_euclid(100)) as u32),
            'm' => two(at.month),
            'd' => two(at.day),
            'e' => format!("{:2}", at.day),
            'H' => two(at.hour),
            'k' => format!("{:2}", at.hour),
            'I' => two(twelve),
            'M' => two(at.minute),
            'S' => two(at.second),
            'N' => "000000000".into(),
            'j' => format!("{:03}", at.yearday),
            's' => time.to_string(),
            'a' => name(&DAYS, at.weekday)[..3].into(),
            'A' => name(&DAYS, at.weekday).into(),
            'b' | 'h' => month_name(at.month).into(),
            'B' => name(&MONTHS, at.month - 1).into(),
            'p' => if at.hour < 12 { "AM" } else { "PM" }.into(),
            'u' => {
                if at.weekday == 0 {
                    "7".into()
                } else {
                    at.weekday.to_string()
                }
            }
            'w' => at.weekday.to_string(),
            'F' => format_time("%Y-%m-%d", time),
            'T' => format_time("%H:%M:%S", time),
            'R' => format_time("%H:%M", time),
            'D' | 'x' => format_time("%m/%d/%y", time),
            'X' => format_time("%H:%M:%S", time),
            'c' => format_time("%a %b %e %H:%M:%S %Y", time),
            'Z' => "UTC".into(),
            'z' => "+0000".into(),
            'n' => "\n".into(),
            't' => "\t".into(),
            '%' => "%".into(),
            other => format!("%{other}"),
        };
        out.push_str(&text);
    }
    out
}

/// A date as people write it to `date -d` and `touch -d`.
pub(super) fn parse_date(text: &str, now: i64) -> Option<i64> {
    let text = text.trim();
    if let Some(seconds) = text.strip_prefix('@') {
        return seconds.parse().ok();
    }
    match text {
        "now" | "" => return Some(now),
        "today" => return Some(now),
        "yesterday" => return Some(now - 86_400),
        "tomorrow" => return Some(now + 86_400),
        _ => {}
    }
    if text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return parse_digits(text, now);
    }
    let text = text.trim_end_matches(['Z', 'z']).trim_end_matches("UTC").trim_end_matches("+00:00").trim();
    let (date, clock) =
        text.split_once([' ', 'T']).unwrap_or(if text.contains(':') { ("", text) } else { (text, "") });
    let days = if date.is_empty() {
        now.div_euclid(86_400)
    } else {
        let mut parts = date.split('-').map(|part| part.parse::<u32>().ok());
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        days_of(year.into(), month, day)
    };
    let mut seconds = 0;
    if !clock.is_empty() {
        let clock = clock.split('.').next().unwrap_or(clock);
        let mut parts = clock.split(':').map(|part| part.parse::<i64>().ok());
        seconds = parts.next()?? * 3600 + parts.next()?? * 60;
        if let Some(part) = parts.next() {
            seconds += part?;
        }
    }
    Some(days * 86_400 + seconds)
}

/// `[[CC]YY]MMDDhhmm[.ss]`, and `YYYYMMDD`.
fn parse_digits(text: &str, now: i64) -> Option<i64> {
    let (digits, seconds) = text.split_once('.').unwrap_or((text, "0"));
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<u32>().ok();
    let (year, rest) = match digits.len() {
        12 => (i64::from(number(0, 4)?), 4),
        10 => (i64::from(number(0, 2)?) + if number(0, 2)? < 69 { 2000 } else { 1900 }, 2),
        8 if (1900..2200).contains(&number(0, 4)?) => {
            return Some(days_of(number(0, 4)?.into(), number(4, 6)?, number(6, 8)?) * 86_400);
        }
        8 => (moment(now).year, 0),
        _ => return None,
    };
    let (month, day) = (number(rest, rest + 2)?, number(rest + 2, rest + 4)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let clock = number(rest + 4, rest + 6)? * 3600
        + number(rest + 6, rest + 8)? * 60
        + seconds.parse::<u32>().ok()?;
    Some(days_of(year, month, day) * 86_400 + i64::from(clock))
}

/// Prints the time of the world.
pub(super) fn date(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("date", 'd'),
        ("utc", 'u'),
        ("reference", 'r'),
        ("iso-8601", 'I'),
        ("rfc-email", 'R'),
        ("rfc-822", 'R'),
        ("rfc-2822", 'R'),
        ("universal", 'u'),
    ];
    let options = match options::parse(process, "ud:r:I::RD:s:", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let now = process.now();
    let mut time = now;
    if let Some(text) = options.value('d') {
        match parse_date(text, now) {
            Some(parsed) => time = parsed,
            None => {
                process.complain(&format!("invalid date '{text}'"))?;
                return Ok(1);
            }
        }
    }
    if let Some(path) = options.value('r') {
        match process.stat(path) {
            Ok(node) => time = node.metadata().mtime,
            Err(error) => {
                process.complain(&format!("{path}: {}", error.kind.message()))?;
                return Ok(1);
            }
        }
    }
    let iso =
        options.all().find(|(option, _)| *option == 'I').map(|(_, value)| value.unwrap_or("date").to_owned());
    let format = match (&options.operands.first(), iso) {
        (Some(format), _) if format.starts_with('+') => format[1..].to_owned(),
        (Some(text), _) => {
            process.complain(&format!("invalid date '{text}'"))?;
            return Ok(1);
        }
        (None, Some(iso)) => match iso.as_str() {
            "seconds" => "%Y-%m-%dT%H:%M:%S+00:00".into(),
            "minutes" => "%Y-%m-%dT%H:%M+00:00".into(),
            "hours" => "%Y-%m-%dT%H+00:00".into(),
            _ => "%Y-%m-%d".into(),
        },
        (None, None) if options.has('R') => "%a, %d %b %Y %H:%M:%S +0000".into(),
        (None, None) => "%a %b %e %H:%M:%S UTC %Y".into(),
    };
    process.output(&format!("{}\n", format_time(&format, time)))?;
    Ok(0)
}

/// Waits: no time passes, but how much would have is counted.
pub(super) fn sleep(process: &mut Process<'_, '_>) -> Outcome {
    let mut seconds = 0.0;
    for word in process.args().to_vec() {
        let digits = word.trim_end_matches(['s', 'm', 'h', 'd']);
        if digits.parse::<f64>().is_err() && digits != "infinity" {
            let text = if process.is_busybox() {
                format!("invalid number '{word}'")
            } else {
                format!("invalid time interval '{word}'")
            };
            process.complain(&text)?;
            return Ok(1);
        }
        seconds += duration(&word).unwrap_or(f64::INFINITY);
    }
    process.machine.sleep(seconds)?;
    Ok(0)
}

/// The seconds of `5`, `1.5m`, `2h`, `1d`.
pub(super) fn duration(text: &str) -> Option<f64> {
    let digits = text.trim_end_matches(['s', 'm', 'h', 'd']);
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
    use super::*;
    use crate::shell::testing::sh;
    use proptest::prelude::*;

    #[test]
    fn dates() {
        assert_eq!(
            sh("date -u; date +%F_%T; date -d @0 +%s; date -d '2024-02-29 12:30' +%j; date -Iseconds"),
            "Tue Nov 14 22:13:20 UTC 2023\n2023-11-14_22:13:20\n0\n060\n2023-11-14T22:13:20+00:00\n"
        );
        assert_eq!(parse_date("202001020304.05", 0), parse_date("2020-01-02T03:04:05Z", 0));
        assert_eq!(parse_date("nonsense", 0), None);
    }

    proptest! {
        #[test]
        fn days_and_back(days in -100_000_i64..200_000) {
            let at = moment(days * 86_400);
            prop_assert_eq!(days_of(at.year, at.month, at.day), days);
        }

        #[test]
        fn no_date_panics(text in "[0-9:@. TZ+-]{0,20}") {
            let _ = parse_date(&text, 0);
        }
    }
}

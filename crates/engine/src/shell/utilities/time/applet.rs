//! Dates as BusyBox's applets take them: few forms, and those of `strptime`.

use super::parse::{Fields, month};

/// A date as BusyBox takes it; what is not said stays as it is now, or, at `midnight`, as the day begins.
pub(in crate::shell::utilities) fn parse_applet(text: &str, now: i64, midnight: bool) -> Option<i64> {
    if let Some(seconds) = text.strip_prefix('@') {
        return seconds.parse().ok();
    }
    let mut fields = Fields::of(now);
    if midnight {
        (fields.hour, fields.minute, fields.second) = (0, 0, 0);
    }
    if !text.contains([':', '-']) {
        return digits(text, fields);
    }
    let (date, clock) = if let Some((date, clock)) = text.split_once(' ') {
        (date, clock)
    } else if text.contains('.') && text.contains('-') {
        text.split_once('-')?
    } else if text.contains(':') {
        ("", text)
    } else {
        (text, "")
    };
    let mut parts: Vec<i64> = Vec::new();
    for part in date.split(['-', '.']).filter(|_| !date.is_empty()) {
        parts.push(part.parse().ok().filter(|_| !part.starts_with('+'))?);
    }
    match parts[..] {
        [] => {}
        [month, day] if date.contains('.') => (fields.month, fields.day) = (month, day),
        [year, month, day] => (fields.year, fields.month, fields.day) = (year, month, day),
        _ => return None,
    }
    let mut parts: Vec<i64> = Vec::new();
    for part in clock.split(':').filter(|_| !clock.is_empty()) {
        parts.push(part.parse().ok().filter(|_| !part.starts_with(['+', '-']))?);
    }
    match parts[..] {
        [] => {}
        [hour] => fields.hour = hour,
        [hour, minute] => (fields.hour, fields.minute) = (hour, minute),
        [hour, minute, second] => (fields.hour, fields.minute, fields.second) = (hour, minute, second),
        _ => return None,
    }
    // The C library counts on where a month has no such day.
    let counts_on = Fields { day: fields.day.min(28), ..fields };
    ((1..=31).contains(&fields.day) && counts_on.is_real()).then(|| fields.seconds())
}

/// `[[[[[YY]YY]MM]DD]hh]mm[.ss]`
fn digits(text: &str, mut fields: Fields) -> Option<i64> {
    let (text, seconds) = text.split_once('.').unwrap_or((text, ""));
    if text.len() < 2 || text.len() % 2 == 1 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    fields.second = if seconds.is_empty() { 0 } else { seconds.parse().ok()? };
    let pair = |from_end: usize| -> Option<i64> {
        let end = text.len().checked_sub(2 * from_end)?;
        text.get(end.checked_sub(2)?..end)?.parse().ok()
    };
    fields.minute = pair(0)?;
    for (at, field) in [(1, 'h'), (2, 'd'), (3, 'm'), (4, 'y'), (5, 'c')] {
        let Some(value) = pair(at) else { break };
        match field {
            'h' => fields.hour = value,
            'd' => fields.day = value,
            'm' => fields.month = value,
            'y' => fields.year = value + if value < 69 { 2000 } else { 1900 },
            _ => fields.year = value * 100 + fields.year % 100,
        }
    }
    fields.is_real().then(|| fields.seconds())
}

/// A date by the format of `strptime`, as BusyBox's `-D` and `touch -t` take it.
pub(in crate::shell::utilities) fn parse_by(format: &str, text: &str, now: i64) -> Option<i64> {
    let mut fields = Fields { hour: 0, minute: 0, second: 0, ..Fields::of(now) };
    let format = format.replace("%F", "%Y-%m-%d").replace("%T", "%H:%M:%S").replace("%R", "%H:%M");
    let (mut rest, mut chars) = (text, format.chars());
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            rest = rest.trim_start();
            continue;
        }
        if c != '%' {
            rest = rest.strip_prefix(c)?;
            continue;
        }
        let letter = chars.next()?;
        if matches!(letter, 'b' | 'B' | 'h') {
            let length = rest.chars().take_while(|c| c.is_alphabetic()).count();
            fields.month = month(&rest[..length].to_lowercase())?;
            rest = &rest[length..];
            continue;
        }
        let most = match letter {
            'Y' => 4,
            'j' => 3,
            's' => 19,
            _ => 2,
        };
        rest = rest.trim_start();
        let length = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let value: i64 = rest[..length].parse().ok()?;
        rest = &rest[length..];
        match letter {
            'Y' => fields.year = value,
            'y' => fields.year = value + if value < 69 { 2000 } else { 1900 },
            'm' => fields.month = value,
            'd' | 'e' => fields.day = value,
            'H' => fields.hour = value,
            'M' => fields.minute = value,
            'S' => fields.second = value,
            'j' => (fields.month, fields.day) = (1, value),
            's' => return rest.is_empty().then_some(value),
            _ => return None,
        }
    }
    (rest.is_empty() && (1..=12).contains(&fields.month)).then(|| fields.seconds())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::utilities::time::parse_date;

    #[test]
    fn as_busybox() {
        let of = |text: &str| {
            parse_applet(text, 1_000_000_000, false).map(|time| super::super::format_time("%F %T", time))
        };
        assert_eq!(of("2020-01-02").as_deref(), Some("2020-01-02 01:46:40"));
        assert_eq!(of("2020.01.02-03:04:05").as_deref(), Some("2020-01-02 03:04:05"));
        assert_eq!(of("202001020304.05").as_deref(), Some("2020-01-02 03:04:05"));
        assert!(of("2020-01-02T03:04:05Z").is_none() && of("1 day ago").is_none());
        assert_eq!(parse_by("%d.%m.%Y", "02.03.2020", 0), parse_date("2020-03-02", 0));
    }
}

//! Times by a format of `strftime`.

use super::{DAYS, MONTHS, days_of, moment, month_name};

/// Who writes a time: what the C library does not know, GNU's `date` may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::shell::utilities) enum Words {
    Gnu,
    Library,
}

/// A time by a format, as GNU's programs write it.
pub(in crate::shell) fn format_time(format: &str, time: i64) -> String {
    format_as(format, time, Words::Gnu)
}

/// A time by a format.
pub(in crate::shell::utilities) fn format_as(format: &str, time: i64, words: Words) -> String {
    let mut out = String::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let before = rest;
        let flags: String = rest.chars().take_while(|c| "-_0^#".contains(*c)).collect();
        rest = &rest[flags.len()..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let width: usize = rest[..digits].parse().unwrap_or(0).min(1000);
        rest = rest[digits..].trim_start_matches(['E', 'O']);
        let colons = rest.bytes().take_while(|byte| *byte == b':').count();
        rest = &rest[colons..];
        let letter = rest.chars().next();
        rest = &rest[letter.map_or(0, char::len_utf8)..];
        let text = letter.and_then(|letter| conversion(letter, colons, time, words));
        let Some((text, fill, least)) = text else {
            // What means nothing stays as it is.
            out.push('%');
            out.push_str(&before[..before.len() - rest.len()]);
            continue;
        };
        out.push_str(&shown(text, &flags, fill, if width > 0 { width } else { least }));
    }
    out.push_str(rest);
    out
}

/// A text with its flags applied.
fn shown(text: String, flags: &str, fill: char, width: usize) -> String {
    let mut text = if flags.contains('^') {
        text.to_uppercase()
    } else if flags.contains('#') {
        if text.chars().all(|c| !c.is_lowercase()) { text.to_lowercase() } else { text.to_uppercase() }
    } else {
        text
    };
    let fill = match flags.chars().rev().find(|c| "-_0".contains(*c)) {
        Some('-') => return text,
        Some('_') => ' ',
        Some(_) => '0',
        None => fill,
    };
    let missing = width.saturating_sub(text.chars().count());
    text.insert_str(0, &fill.to_string().repeat(missing));
    text
}

/// The text of a conversion, what it is filled with, and how wide it is at least.
fn conversion(letter: char, colons: usize, time: i64, words: Words) -> Option<(String, char, usize)> {
    let at = moment(time);
    let number = |value: i64, width| (value.to_string(), '0', width);
    let blank = |value: i64| (value.to_string(), ' ', 2);
    let text = |text: &str| (text.to_owned(), ' ', 0);
    let nested = |format: &str| (format_as(format, time, words), ' ', 0);
    let twelve = i64::from((at.hour + 11) % 12 + 1);
    let (weekday, yearday) = (i64::from(at.weekday), i64::from(at.yearday));
    let monday = (weekday + 6) % 7;
    let (week_year, week) = iso_week(at.year, yearday, monday);
    let gnu = words == Words::Gnu;
    if colons > 0 && !(letter == 'z' && gnu) {
        return None;
    }
    Some(match letter {
        'Y' => (at.year.to_string(), '0', 0),
        'C' => number(at.year.div_euclid(100), 2),
        'y' => number(at.year.rem_euclid(100), 2),
        'G' => (week_year.to_string(), '0', 0),
        'g' => number(week_year.rem_euclid(100), 2),
        'V' => number(week, 2),
        'U' => number((yearday - 1 + 7 - weekday) / 7, 2),
        'W' => number((yearday - 1 + 7 - monday) / 7, 2),
        'm' => number(at.month.into(), 2),
        'd' => number(at.day.into(), 2),
        'e' => blank(at.day.into()),
        'H' => number(at.hour.into(), 2),
        'k' => blank(at.hour.into()),
        'I' => number(twelve, 2),
        'l' => blank(twelve),
        'M' => number(at.minute.into(), 2),
        'S' => number(at.second.into(), 2),
        'N' if gnu => ("000000000".to_owned(), '0', 0),
        'q' if gnu => number(i64::from((at.month - 1) / 3 + 1), 0),
        'j' => number(yearday, 3),
        's' => text(&time.to_string()),
        'a' => text(&DAYS[at.weekday as usize][..3]),
        'A' => text(DAYS[at.weekday as usize]),
        'b' | 'h' => text(month_name(at.month)),
        'B' => text(MONTHS[at.month as usize - 1]),
        'p' => text(if at.hour < 12 { "AM" } else { "PM" }),
        'P' => text(if at.hour < 12 { "am" } else { "pm" }),
        'u' => number(monday + 1, 0),
        'w' => number(weekday, 0),
        'F' => nested("%Y-%m-%d"),
        'T' | 'X' => nested("%H:%M:%S"),
        'R' => nested("%H:%M"),
        'r' => nested("%I:%M:%S %p"),
        'D' | 'x' => nested("%m/%d/%y"),
        'c' => nested("%a %b %e %H:%M:%S %Y"),
        'Z' => text("UTC"),
        'z' => text(["+0000", "+00:00", "+00:00:00", "+00"][colons.min(3)]),
        'n' => text("\n"),
        't' => text("\t"),
        '%' => text("%"),
        _ => return None,
    })
}

/// The year and the week by ISO 8601: the first week has the first Thursday.
fn iso_week(year: i64, yearday: i64, monday: i64) -> (i64, i64) {
    let week = (yearday - 1 - monday + 10) / 7;
    let weeks = |year: i64| {
        let first = (days_of(year, 1, 1) + 3).rem_euclid(7);
        let leap = days_of(year + 1, 1, 1) - days_of(year, 1, 1) == 366;
        if first == 3 || leap && first == 2 { 53 } else { 52 }
    };
    if week < 1 {
        (year - 1, weeks(year - 1))
    } else if week > weeks(year) {
        (year + 1, 1)
    } else {
        (year, week)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        assert_eq!(format_time("%a %-d %_d %05d %^b %F %T%%", 0), "Thu 1  1 00001 JAN 1970-01-01 00:00:00%");
        assert_eq!(format_time("%G-%V %U %W %l %P %r %:z", 0), "1970-01 00 00 12 am 12:00:00 AM +00:00");
        assert_eq!(format_time("%G-%V", 1_609_459_200), "2020-53");
        assert_eq!(format_as("%N %q %E", 0, Words::Library), "%N %q %E");
    }
}

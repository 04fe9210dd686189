//! The calendar: moments, how they are written and how they are read. All is in UTC.

mod applet;
mod format;
mod parse;

pub(super) use applet::{parse_applet, parse_by};
pub(in crate::shell) use format::format_time;
pub(super) use format::{Words, format_as};
pub(super) use parse::parse_date;

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

/// The days of a month.
fn days_in(year: i64, month: u32) -> u32 {
    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    (days_of(next_year, next, 1) - days_of(year, month, 1)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn days_and_back(days in -100_000_i64..200_000) {
            let at = moment(days * 86_400);
            prop_assert_eq!(days_of(at.year, at.month, at.day), days);
        }

        #[test]
        fn no_date_panics(text in "[0-9:@. TZ+a-y-]{0,20}") {
            let _ = (parse_date(&text, 0), parse_applet(&text, 0, true));
        }
    }
}

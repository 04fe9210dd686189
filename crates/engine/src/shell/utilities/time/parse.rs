//! Dates as people write them for GNU's programs.

use super::{DAYS, MONTHS, days_in, moment, seconds_of};

/// The parts of a date, which may lie beyond their ranges.
#[derive(Clone, Copy, Default)]
pub(super) struct Fields {
    pub(super) year: i64,
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
}

impl Fields {
    pub(super) fn of(time: i64) -> Self {
        let at = moment(time);
        Self {
            year: at.year,
            month: at.month.into(),
            day: at.day.into(),
            hour: at.hour.into(),
            minute: at.minute.into(),
            second: at.second.into(),
        }
    }

    pub(super) fn seconds(&self) -> i64 {
        let Self { year, month, day, hour, minute, second } = *self;
        seconds_of(year, month, day, hour, minute, second)
    }

    /// Whether there are such a day and such a time.
    pub(super) fn is_real(&self) -> bool {
        (1..=12).contains(&self.month)
            && self.day >= 1
            && self.day <= days_in(self.year, self.month as u32).into()
            && (0..24).contains(&self.hour)
            && (0..60).contains(&self.minute)
            && (0..=60).contains(&self.second)
    }
}

/// A date as GNU's `date -d` and `touch -d` take it.
pub(in crate::shell::utilities) fn parse_date(text: &str, now: i64) -> Option<i64> {
    let text = text.trim().to_lowercase();
    if let Some(seconds) = text.strip_prefix('@') {
        let (whole, part) = seconds.split_once('.').unwrap_or((seconds, ""));
        return whole.parse().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()));
    }
    let mut reader = Reader { words: words(&text), at: 0, fields: Fields::of(now), ..Reader::default() };
    while reader.at < reader.words.len() {
        reader.item()?;
    }
    reader.time()
}

/// The words and the numbers of a text.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut kind = ' ';
    for c in text.chars() {
        let next = match c {
            c if c.is_whitespace() || c == ',' => ' ',
            c if c.is_ascii_digit() => '0',
            c if c.is_alphabetic() => 'a',
            _ => '.',
        };
        match words.last_mut() {
            Some(word) if next == kind && matches!(next, '0' | 'a') => word.push(c),
            _ if next == ' ' => {}
            _ => words.push(c.to_string()),
        }
        kind = next;
    }
    words
}

#[derive(Default)]
struct Reader {
    words: Vec<String>,
    at: usize,
    fields: Fields,
    has_date: bool,
    has_time: bool,
    /// Seconds east of Greenwich.
    zone: i64,
    /// Months, days and seconds to go on.
    months: i64,
    days: i64,
    seconds: i64,
    /// A day of the week, and which one of those to come.
    weekday: Option<(i64, i64)>,
}

impl Reader {
    fn word(&self, ahead: usize) -> &str {
        self.words.get(self.at + ahead).map_or("", |word| word)
    }

    fn number(&self, ahead: usize) -> Option<i64> {
        let word = self.word(ahead);
        word.starts_with(|c: char| c.is_ascii_digit()).then(|| word.parse().ok())?
    }

    /// Whether these words follow: `0` for a number, `a` for a name of a month.
    fn looks_like(&self, form: &[&str]) -> bool {
        form.iter().enumerate().all(|(ahead, part)| match *part {
            "0" => self.number(ahead).is_some(),
            "a" => month(self.word(ahead)).is_some(),
            part => self.word(ahead) == part,
        })
    }

    /// Takes one item.
    fn item(&mut self) -> Option<()> {
        if self.looks_like(&["0", "-", "0", "-", "0"]) {
            self.date(self.number(0)?, self.number(2)?, self.number(4)?, 5);
            if self.word(0) == "t" && self.number(1).is_some() {
                self.at += 1;
            }
        } else if self.looks_like(&["0", "/", "0", "/", "0"]) {
            self.date(self.number(4)?, self.number(0)?, self.number(2)?, 5);
        } else if self.looks_like(&["0", "/", "0"]) {
            self.date(self.fields.year, self.number(0)?, self.number(2)?, 3);
        } else if self.looks_like(&["0", ":", "0"]) {
            self.clock()?;
        } else if self.looks_like(&["0", "a"]) {
            let year = self.number(2).filter(|_| self.word(3) != ":");
            self.date(
                year.unwrap_or(self.fields.year),
                month(self.word(1))?,
                self.number(0)?,
                2 + usize::from(year.is_some()),
            );
        } else if self.looks_like(&["a", "0"]) {
            let year = self.number(2).filter(|_| self.word(3) != ":");
            self.date(
                year.unwrap_or(self.fields.year),
                month(self.word(0))?,
                self.number(1)?,
                2 + usize::from(year.is_some()),
            );
        } else if matches!(self.word(0), "+" | "-") && self.number(1).is_some() {
            self.signed()?;
        } else if self.number(0).is_some() {
            self.plain_number()?;
        } else {
            self.name()?;
        }
        Some(())
    }

    fn date(&mut self, year: i64, month: i64, day: i64, count: usize) {
        (self.fields.year, self.fields.month, self.fields.day) = (year, month, day);
        self.has_date = true;
        self.at += count;
    }

    /// `12:30:15.5`, with what may follow it.
    fn clock(&mut self) -> Option<()> {
        (self.fields.hour, self.fields.minute, self.fields.second) = (self.number(0)?, self.number(2)?, 0);
        self.has_time = true;
        self.at += 3;
        if self.looks_like(&[":", "0"]) {
            self.fields.second = self.number(1)?;
            self.at += 2;
            if self.looks_like(&[".", "0"]) {
                self.at += 2;
            }
        }
        self.half_of_day();
        // An hour behind a time is how far the place is from Greenwich.
        if matches!(self.word(0), "+" | "-") && self.number(1).is_some() {
            let sign = if self.word(0) == "-" { -1 } else { 1 };
            let (digits, number) = (self.word(1).len(), self.number(1)?);
            self.at += 2;
            let (hours, minutes) = if digits > 2 { (number / 100, number % 100) } else { (number, 0) };
            self.zone = sign * (hours * 3600 + minutes * 60);
            if self.looks_like(&[":", "0"]) {
                self.zone += sign * self.number(1)? * 60;
                self.at += 2;
            }
        }
        Some(())
    }

    fn half_of_day(&mut self) {
        let afternoon = match self.word(0) {
            "am" => 0,
            "pm" => 12,
            _ => return,
        };
        self.fields.hour = self.fields.hour % 12 + afternoon;
        self.at += 1;
    }

    /// `+2 days`
    fn signed(&mut self) -> Option<()> {
        let sign = if self.word(0) == "-" { -1 } else { 1 };
        let count = sign * self.number(1)?;
        self.at += 2;
        self.relative(count)
    }

    /// A number that stands alone: with a unit, with `am`, or digits of a date.
    fn plain_number(&mut self) -> Option<()> {
        let number = self.number(0)?;
        let digits = self.word(0).len();
        self.at += 1;
        if unit(self.word(0)).is_some() {
            return self.relative(number);
        }
        if matches!(self.word(0), "am" | "pm") && digits < 3 {
            (self.fields.hour, self.fields.minute, self.fields.second) = (number, 0, 0);
            self.has_time = true;
            self.half_of_day();
            return Some(());
        }
        match digits {
            8 => self.date(number / 10_000, number / 100 % 100, number % 100, 0),
            4 if !self.has_time => {
                (self.fields.hour, self.fields.minute, self.fields.second) = (number / 100, number % 100, 0);
                self.has_time = true;
            }
            _ => return None,
        }
        Some(())
    }

    /// A unit behind a number.
    fn relative(&mut self, count: i64) -> Option<()> {
        let (what, factor) = unit(self.word(0))?;
        self.at += 1;
        let count = if self.word(0) == "ago" {
            self.at += 1;
            -count
        } else {
            count
        };
        let total = count.checked_mul(factor)?;
        let sum = match what {
            'm' => &mut self.months,
            'd' => &mut self.days,
            _ => &mut self.seconds,
        };
        *sum = sum.checked_add(total)?;
        Some(())
    }

    fn name(&mut self) -> Option<()> {
        let word = self.word(0).to_owned();
        self.at += 1;
        match word.as_str() {
            "now" | "today" => {}
            "yesterday" => self.days -= 1,
            "tomorrow" => self.days += 1,
            "z" | "utc" | "gmt" | "ut" => {}
            "next" | "last" | "this" => {
                let count = ["last", "this", "next"].iter().position(|known| *known == word)? as i64 - 1;
                if let Some(day) = weekday(self.word(0)) {
                    self.at += 1;
                    self.weekday = Some((day, count));
                } else {
                    self.relative(count)?;
                }
            }
            _ if unit(&word).is_some() => {
                self.at -= 1;
                self.relative(1)?;
            }
            _ => self.weekday = Some((weekday(&word)?, 0)),
        }
        Some(())
    }

    fn time(mut self) -> Option<i64> {
        // A date alone is its midnight.
        if (self.has_date || self.weekday.is_some()) && !self.has_time {
            (self.fields.hour, self.fields.minute, self.fields.second) = (0, 0, 0);
        }
        if !self.fields.is_real() {
            return None;
        }
        if let Some((day, count)) = self.weekday.filter(|_| !self.has_date) {
            let today = i64::from(moment(self.fields.seconds()).weekday);
            let ahead = (day - today).rem_euclid(7);
            // The next one is never today, the last one never to come.
            let weeks = if count > 0 && ahead > 0 { count - 1 } else { count };
            self.days += ahead + 7 * weeks;
        }
        self.fields.month = self.fields.month.checked_add(self.months)?;
        self.fields.day = self.fields.day.checked_add(self.days)?;
        let reach = |value: i64| value.abs() < 1 << 40;
        if !reach(self.fields.month) || !reach(self.fields.day) || !reach(self.fields.year) {
            return None;
        }
        self.fields.seconds().checked_add(self.seconds)?.checked_sub(self.zone)
    }
}

/// The number of a month by its name.
pub(super) fn month(word: &str) -> Option<i64> {
    let known = |name: &str| word.len() >= 3 && name.to_lowercase().starts_with(word);
    let at = MONTHS.iter().position(|name| known(name)).or((word == "sept").then_some(8))?;
    Some(at as i64 + 1)
}

fn weekday(word: &str) -> Option<i64> {
    let at = DAYS.iter().position(|name| word.len() >= 3 && name.to_lowercase().starts_with(word))?;
    Some(at as i64)
}

/// What a unit counts (months, days, seconds), and how many of them.
fn unit(word: &str) -> Option<(char, i64)> {
    Some(match word.strip_suffix('s').unwrap_or(word) {
        "year" => ('m', 12),
        "month" => ('m', 1),
        "fortnight" => ('d', 14),
        "week" => ('d', 7),
        "day" => ('d', 1),
        "hour" => ('s', 3600),
        "minute" | "min" => ('s', 60),
        "second" | "sec" => ('s', 1),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_gnu() {
        let of =
            |text: &str| parse_date(text, 1_000_000_000).map(|time| super::super::format_time("%F %T", time));
        for (text, date) in [
            ("2020-01-02T03:04:05+02:00", "2020-01-02 01:04:05"),
            ("Jan 1 2020", "2020-01-01 00:00:00"),
            ("1 day ago", "2001-09-08 01:46:40"),
            ("2020-01-31 +1 month", "2020-03-02 00:00:00"),
            ("2020-01-02 03:04 + 2 hours", "2020-01-02 02:04:00"),
            ("3:04pm 2020-01-02", "2020-01-02 15:04:00"),
            ("2020-01-02 next day", "2020-01-03 00:00:00"),
            ("next monday", "2001-09-10 00:00:00"),
            ("20200102", "2020-01-02 00:00:00"),
            ("01/02/2020 12:30", "2020-01-02 12:30:00"),
        ] {
            assert_eq!(of(text).as_deref(), Some(date), "{text}");
        }
        assert!(
            of("2020-02-30").is_none() && of("noon").is_none() && of("bad").is_none() && of("@1e3").is_none()
        );
    }
}

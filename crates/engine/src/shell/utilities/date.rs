//! `date`: the time of the world, or another.

use super::options::{self, Options};
use super::support::fail;
use super::time::{Words, format_as, parse_applet, parse_by, parse_date};
use crate::shell::{Interrupt, Outcome, Process};

/// Prints a time.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("date", 'd'),
        ("utc", 'u'),
        ("reference", 'r'),
        ("iso-8601", 'I'),
        ("rfc-3339", '3'),
        ("rfc-email", 'R'),
        ("rfc-822", 'R'),
        ("rfc-2822", 'R'),
        ("universal", 'u'),
        ("set", 's'),
    ];
    let options = options::take_as(process, ("ud:r:I::RD:s:", &long), ("ud:r:I::R3:s:", &long))?;
    let busybox = process.is_busybox();
    options::no_more_than(process, &options.operands, 1)?;
    let time = time(process, &options)?;
    let format = format(process, &options)?;
    let words = if busybox { Words::Library } else { Words::Gnu };
    process.output(&format!("{}\n", format_as(&format, time, words)))?;
    Ok(0)
}

fn time(process: &mut Process<'_, '_>, options: &Options) -> Result<i64, Interrupt> {
    let now = process.now();
    let busybox = process.is_busybox();
    if let Some(path) = options.value('r') {
        return match process.stat(path) {
            Ok(node) => Ok(node.metadata().mtime),
            Err(error) => {
                let what = if busybox { format!("can't stat '{path}'") } else { path.to_owned() };
                fail(process, 1, &format!("{what}: {}", error.kind.message()))
            }
        };
    }
    let Some(text) = options.value('d') else { return Ok(now) };
    let time = match options.value('D') {
        Some(format) => parse_by(format, text, now),
        None if busybox => parse_applet(text, now, true),
        None => parse_date(text, now),
    };
    match time {
        Some(time) => Ok(time),
        None if busybox => fail(process, 1, &format!("invalid date '{text}'")),
        None => fail(process, 1, &format!("invalid date ‘{text}’")),
    }
}

fn format(process: &mut Process<'_, '_>, options: &Options) -> Result<String, Interrupt> {
    if let Some(word) = options.operands.first() {
        return match word.strip_prefix('+') {
            Some(format) => Ok(format.to_owned()),
            None if process.is_busybox() => fail(process, 1, &format!("invalid date '{word}'")),
            None => fail(process, 1, &format!("invalid date ‘{word}’")),
        };
    }
    let precision = options.all().rev().find(|(letter, _)| matches!(letter, 'I' | '3'));
    let (separator, comma) = match precision {
        Some(('3', _)) => (" ", "."),
        _ => ("T", ","),
    };
    let iso = |rest: &str| format!("%Y-%m-%d{separator}{rest}+00:00");
    Ok(match precision.map(|(_, value)| value.unwrap_or("date")) {
        Some("date") => "%Y-%m-%d".to_owned(),
        Some("hours") => iso("%H"),
        Some("minutes") => iso("%H:%M"),
        Some("seconds") => iso("%H:%M:%S"),
        Some("ns") => iso(&format!("%H:%M:%S{comma}000000000")),
        Some(other) if process.is_busybox() => return fail(process, 1, &format!("unknown format '{other}'")),
        Some(other) => {
            let option = if separator == "T" { "--iso-8601" } else { "--rfc-3339" };
            return options::misused(process, &format!("invalid argument ‘{other}’ for ‘{option}’"));
        }
        None if options.has('R') => "%a, %d %b %Y %H:%M:%S +0000".to_owned(),
        None => "%a %b %e %H:%M:%S UTC %Y".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn dates() {
        assert_eq!(
            sh("date -u; date +%F_%T; date -d @0 +%s; date -d '2024-02-29 12:30' +%j; date -Iseconds"),
            "Tue Nov 14 22:13:20 UTC 2023\n2023-11-14_22:13:20\n0\n060\n2023-11-14T22:13:20+00:00\n"
        );
        assert_eq!(
            shown(
                "dash",
                "date -d '2020-01-02 1 day ago' +%F; date -d @0 --rfc-3339=seconds; date -d @0 -Ins"
            ),
            "2020-01-01\n1970-01-01 00:00:00+00:00\n1970-01-01T00:00:00,000000000+00:00\n"
        );
        assert_eq!(sh("date -d '1 day ago'"), "! date: invalid date '1 day ago'\n= 1\n");
    }
}

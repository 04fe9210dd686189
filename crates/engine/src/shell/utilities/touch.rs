//! `touch`: sets times, and makes files.

use super::options;
use super::time::{parse_applet, parse_date};
use crate::shell::{Outcome, Process};
use crate::vfs::{Follow, VfsErrorKind};

/// Sets times, making files that are missing.
pub(super) fn touch(process: &mut Process<'_, '_>) -> Outcome {
    let long =
        [("no-create", 'c'), ("date", 'd'), ("reference", 'r'), ("no-dereference", 'h'), ("time", 'T')];
    let options = match options::parse(process, "acmhd:r:t:T:", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    if options.operands.is_empty() {
        return options::missing(process, "missing file operand");
    }
    let now = process.now();
    let time = if let Some(reference) = options.value('r') {
        match process.stat(reference) {
            Ok(node) => Some(node.metadata().mtime),
            Err(error) => {
                super::support::cannot_open(process, reference, &error)?;
                return Ok(1);
            }
        }
    } else if let Some((letter, Some(text))) =
        options.all().rev().find(|(letter, _)| matches!(letter, 'd' | 't'))
    {
        let time = match letter {
            't' => stamp(text, now),
            _ if process.is_busybox() => parse_applet(text, now, false),
            _ => parse_date(text, now),
        };
        let Some(time) = time else {
            let text = if process.is_busybox() {
                format!("invalid date '{text}'")
            } else {
                format!("invalid date format ‘{text}’")
            };
            return super::support::fail(process, 1, &text);
        };
        Some(time)
    } else {
        None
    };
    let follow = if options.has('h') { Follow::No } else { Follow::Yes };
    let mut code = 0;
    for path in &options.operands {
        let mut result = Ok(());
        if process.place(path, follow).is_ok_and(|(_, node)| node.is_none()) {
            if options.has('c') || options.has('h') {
                continue;
            }
            result = process.create(path, 0o666, false).map(|_| ());
        }
        // The time of the last access is none of those that are kept.
        let only_access = options.has('a') && !options.has('m');
        let result = result.and_then(|()| match only_access {
            true => process.look(path, follow).map(|_| ()),
            false => process.set_mtime(path, time.unwrap_or(now), follow),
        });
        if let Err(error) = result {
            if options.has('c') && error.kind == VfsErrorKind::NotFound {
                continue;
            }
            let text = if process.is_busybox() {
                format!("{path}: {}", error.kind.message())
            } else {
                format!("cannot touch '{path}': {}", error.kind.message())
            };
            process.complain(&text)?;
            code = 1;
        }
        process.check_limits()?;
    }
    Ok(code)
}

/// `[[CC]YY]MMDDhhmm[.ss]`
fn stamp(text: &str, now: i64) -> Option<i64> {
    let digits = text.split('.').next().unwrap_or(text);
    matches!(digits.len(), 8 | 10 | 12).then(|| parse_applet(text, now, true)).flatten()
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn times() {
        assert_eq!(
            sh("touch -d @1400000000 /d/a.txt; stat -c %Y /d/a.txt; touch /n; stat -c '%Y %a' /n"),
            "1400000000\n1700000000 644\n"
        );
        assert_eq!(sh("touch -d @9 /x; touch -a -d @5 /x; stat -c %Y /x"), "9\n");
        assert_eq!(shown("dash", "touch -d '1 day ago' /x; stat -c %Y /x"), "1699913600\n");
        assert_eq!(sh("touch -t 202001020304.05 /x; stat -c %Y /x"), "1577934245\n");
    }
}

//! What modelled programs have in common: making files, asking for times, formatting sizes.

use crate::shell::interrupt::Interrupt;
use crate::shell::process::Process;
use crate::vfs::{Content, VfsError, path};

/// Writes a file with its directories.
pub(super) fn put(
    process: &mut Process<'_, '_>,
    at: &str,
    content: impl Into<Content>,
    mode: u32,
) -> Result<(), VfsError> {
    let absolute = process.resolve(at);
    process.make_directories(path::parent(&absolute))?;
    process.write_with_mode(&absolute, content, mode)
}

/// Writes a program into a directory of `PATH`, unless there is one.
pub(super) fn put_program(
    process: &mut Process<'_, '_>,
    at: &str,
    content: Content,
) -> Result<bool, VfsError> {
    if process.exists(at) {
        return Ok(false);
    }
    put(process, at, content, 0o755).map(|()| true)
}

/// What a step amounts to, for its time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Work<'a> {
    pub(super) downloaded: u64,
    pub(super) unpacked: u64,
    pub(super) count: u64,
    /// What makes this step another than others of its kind.
    pub(super) seed: &'a str,
}

/// The seconds of a kind of step; none where the world knows no times.
pub(super) fn seconds(process: &Process<'_, '_>, step: &str, work: Work<'_>) -> Result<f64, Interrupt> {
    let timing = process.world().timing(step)?;
    Ok(timing.map_or(0.0, |timing| {
        timing.seconds(work.downloaded, work.unpacked, work.count, work.seed.as_bytes())
    }))
}

/// A size as apt prints it: `151 kB`, `8792 kB`, `12.0 MB`.
pub(super) fn apt_size(bytes: u64) -> String {
    match bytes {
        0..=9_999 => format!("{bytes} B"),
        10_000..=99_999 => format!("{:.1} kB", bytes as f64 / 1e3),
        100_000..=9_999_999 => format!("{} kB", bytes / 1_000),
        10_000_000..=99_999_999 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

/// The value of a field of `/etc/os-release`, without quotes.
pub(super) fn os_release(process: &mut Process<'_, '_>, field: &str) -> Option<String> {
    let text = process.read_text("/etc/os-release").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix('='))?;
    Some(line.trim_matches('"').to_owned())
}

/// The arguments that are options, and those that are not; after `--` nothing is an option.
///
/// `with_value` names the options that take the next argument.
pub(super) fn split_options(arguments: &[String], with_value: &[&str]) -> (Vec<String>, Vec<String>) {
    let (mut options, mut operands) = (Vec::new(), Vec::new());
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == "--" {
            operands.extend(rest.by_ref().cloned());
        } else if argument.len() > 1 && argument.starts_with('-') {
            options.push(argument.clone());
            if with_value.contains(&argument.as_str())
                && let Some(value) = rest.next()
            {
                options.push(value.clone());
            }
        } else {
            operands.push(argument.clone());
        }
    }
    (options, operands)
}

/// The value of `--name value` or `--name=value` among options.
pub(super) fn option_value<'a>(options: &'a [String], name: &str) -> Option<&'a str> {
    options.iter().enumerate().find_map(|(at, option)| match option.strip_prefix(name) {
        Some("") => options.get(at + 1).map(String::as_str),
        Some(rest) => rest.strip_prefix('='),
        None => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_as_apt_prints_them() {
        for (bytes, text) in [
            (512, "512 B"),
            (55_400, "55.4 kB"),
            (8_792_000, "8792 kB"),
            (12_000_000, "12.0 MB"),
            (124_000_000, "124 MB"),
        ] {
            assert_eq!(apt_size(bytes), text);
        }
    }

    #[test]
    fn options_and_operands() {
        let words: Vec<String> =
            ["-y", "install", "-o", "A=b", "--root=x", "curl", "--", "-v"].map(String::from).into();
        let (options, operands) = split_options(&words, &["-o"]);
        assert_eq!(options, ["-y", "-o", "A=b", "--root=x"]);
        assert_eq!(operands, ["install", "curl", "-v"]);
        assert_eq!(
            (option_value(&options, "--root"), option_value(&options, "-o")),
            (Some("x"), Some("A=b"))
        );
    }
}

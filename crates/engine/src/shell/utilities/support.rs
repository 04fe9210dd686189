//! What several utilities need.

pub(super) use super::giving_up::{BKM, busybox_number, fail, gnu_number};
use crate::shell::bytes::{to_bytes, to_text};
use crate::shell::{ExitCode, Input, Interrupt, Process};
use crate::vfs::{VfsError, VfsErrorKind};

/// BusyBox's utilities that read through a stream: their message about a file names it without "can't open".
const STREAMS: [&str; 20] = [
    "base64", "cmp", "cut", "diff", "expand", "fold", "head", "hexdump", "nl", "od", "paste", "rev", "shuf",
    "sort", "strings", "tac", "tee", "unexpand", "wc", "xxd",
];

/// Says that a file could not be opened: `cat: can't open 'x': No such file or directory`, or GNU's `cat: x: …`.
pub(super) fn cannot_open(
    process: &mut Process<'_, '_>,
    path: &str,
    error: &VfsError,
) -> Result<(), Interrupt> {
    let reason = error.kind.message();
    let text = match (process.is_busybox(), process.name()) {
        (true, name) if STREAMS.contains(&name) => format!("{path}: {reason}"),
        (true, _) => format!("can't open '{path}': {reason}"),
        (false, "head" | "tail" | "split") => format!("cannot open '{path}' for reading: {reason}"),
        (false, "sort") => format!("cannot read: {path}: {reason}"),
        (false, "tac") => format!("failed to open '{path}' for reading: {reason}"),
        (false, "rev") => format!("cannot open {path}: {reason}"),
        (false, "strings") => format!("'{path}': No such file"),
        (false, _) => format!("{path}: {reason}"),
    };
    process.complain(&text)
}

/// Says that something failed: `cp: can't stat 'x': …` or GNU's `cp: cannot stat 'x': …`.
pub(super) fn cannot(
    process: &mut Process<'_, '_>,
    what: &str,
    path: &str,
    error: &VfsError,
) -> Result<(), Interrupt> {
    cannot_because(process, what, path, error.kind)
}

/// As [`cannot`], with the kind of the error alone.
pub(super) fn cannot_because(
    process: &mut Process<'_, '_>,
    what: &str,
    path: &str,
    kind: VfsErrorKind,
) -> Result<(), Interrupt> {
    let cannot = if process.is_busybox() { "can't" } else { "cannot" };
    process.complain(&format!("{cannot} {what} '{path}': {}", kind.message()))
}

/// Calls `body` with each file, or with standard input where there is none or `-`. Gives 1 if one cannot be read.
pub(super) fn each_input(
    process: &mut Process<'_, '_>,
    paths: &[String],
    mut body: impl FnMut(&mut Process<'_, '_>, &Input, &str) -> Result<(), Interrupt>,
) -> Result<ExitCode, Interrupt> {
    let standard = ["-".to_owned()];
    let mut code = 0;
    for path in if paths.is_empty() { &standard } else { paths } {
        if path == "-" {
            match process.input() {
                Some(_) if process.input_node().is_some_and(|node| node.is_directory()) => {
                    let text = if process.is_busybox() { "read error" } else { "-" };
                    process.complain(&format!("{text}: Is a directory"))?;
                    code = 1;
                }
                Some(input) => body(process, &input, path)?,
                None => {
                    let text = if process.is_busybox() { "read error" } else { "-" };
                    process.complain(&format!("{text}: Bad file descriptor"))?;
                    code = 1;
                }
            }
            continue;
        }
        match open_file(process, path) {
            Ok(input) => body(process, &input, path)?,
            Err(error) if error.kind == VfsErrorKind::IsADirectory => {
                code = code.max(refuse_directory(process, path)?);
            }
            Err(error) => {
                cannot_open(process, path, &error)?;
                code = 1;
            }
        }
    }
    Ok(code)
}

/// Says that what should be read is a directory; some of BusyBox's applets find nothing in it, and that is that.
fn refuse_directory(process: &mut Process<'_, '_>, path: &str) -> Result<ExitCode, Interrupt> {
    let musl = process.has_musl();
    let text = match (process.is_busybox(), process.name()) {
        (true, "sort" | "cut" | "tac" | "rev" | "nl" | "fold" | "expand" | "unexpand") => return Ok(0),
        (true, "head") if musl => format!("{path}: I/O error"),
        (true, "head") => format!("{path}: Input/output error"),
        (true, "uniq" | "cmp") => format!("{path}: I/O error"),
        (true, "wc") => format!("{path}: Is a directory"),
        (true, _) => "read error: Is a directory".to_owned(),
        (false, "sort") => format!("read failed: {path}: Is a directory"),
        (false, "uniq") => format!("error reading '{path}'"),
        (false, "head" | "tail") => format!("error reading '{path}': Is a directory"),
        (false, _) => format!("{path}: Is a directory"),
    };
    process.complain(&text)?;
    Ok(1)
}

/// Opens something that is no directory.
pub(super) fn open_file(process: &mut Process<'_, '_>, path: &str) -> Result<Input, VfsError> {
    if process.is_directory(path) {
        return Err(VfsError::new(VfsErrorKind::IsADirectory, path));
    }
    process.open(path)
}

/// All bytes of all inputs, and the exit code.
pub(super) fn read_inputs(
    process: &mut Process<'_, '_>,
    paths: &[String],
) -> Result<(Vec<u8>, ExitCode), Interrupt> {
    let mut all = Vec::new();
    let code = each_input(process, paths, |process, input, _| {
        all.extend(process.read_all(input)?);
        Ok(())
    })?;
    Ok((all, code))
}

/// The lines of a text without their ends.
pub(super) fn lines(bytes: &[u8]) -> Vec<String> {
    let mut lines: Vec<String> = bytes.split(|byte| *byte == b'\n').map(to_text).collect();
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Prints a line.
pub(super) fn print_line(process: &mut Process<'_, '_>, line: &str) -> Result<(), Interrupt> {
    let mut bytes = to_bytes(line);
    bytes.push(b'\n');
    process.output_bytes(&bytes)
}

/// A number with a suffix: `2k`, `1M`, `4K`, `1b`.
pub(super) fn parse_size(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let factor: u64 = match &text[digits.len()..] {
        "" | "c" => 1,
        "w" => 2,
        "b" => 512,
        "k" | "K" | "KiB" => 1024,
        "kB" | "KB" => 1000,
        "m" | "M" | "MiB" => 1 << 20,
        "MB" => 1_000_000,
        "g" | "G" | "GiB" => 1 << 30,
        "GB" => 1_000_000_000,
        "T" | "TiB" => 1 << 40,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

/// A size as one of something in memory: `usize` is narrower than the sizes of files where the engine runs in a page.
pub(super) fn in_memory(size: u64) -> usize {
    usize::try_from(size).unwrap_or(usize::MAX)
}

/// A count that a person wrote: one that is more than memory has room for is as good as the most.
pub(super) fn count_of(text: &str) -> Option<usize> {
    text.parse::<u64>().ok().map(in_memory)
}

/// Asks a question, and reads a line for the answer: yes is what begins with `y`.
pub(super) fn confirmed(process: &mut Process<'_, '_>, question: &str) -> Result<bool, Interrupt> {
    let name = process.name().to_owned();
    process.error_output(&format!("{name}: {question}"))?;
    let Some(input) = process.input() else { return Ok(false) };
    let answer = process.read_line(&input)?.unwrap_or_default();
    Ok(matches!(answer.first(), Some(b'y' | b'Y')))
}

/// The parts of a directory and a file name, as `basename` sees it: without slashes at the end.
pub(super) fn base_name(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() {
        return if path.is_empty() { "" } else { "/" };
    }
    trimmed.rsplit('/').next().unwrap_or(trimmed)
}

/// The destination of a copy or move: inside of `target` if that is a directory.
pub(super) fn destination(
    process: &mut Process<'_, '_>,
    source: &str,
    target: &str,
    no_directory: bool,
) -> String {
    if !no_directory && process.is_directory(target) {
        crate::vfs::path::join(target, base_name(source))
    } else {
        target.to_owned()
    }
}

/// The user ID that a name or number means.
pub(super) fn user_id(process: &mut Process<'_, '_>, name: &str) -> Option<u32> {
    entry_id(process, "/etc/passwd", name).or_else(|| name.parse().ok())
}

/// The group ID that a name or number means.
pub(super) fn group_id(process: &mut Process<'_, '_>, name: &str) -> Option<u32> {
    entry_id(process, "/etc/group", name).or_else(|| name.parse().ok())
}

fn entry_id(process: &mut Process<'_, '_>, file: &str, name: &str) -> Option<u32> {
    let text = process.read_text(file).ok()?;
    let entry = text.lines().find(|line| line.split(':').next() == Some(name))?;
    entry.split(':').nth(2)?.parse().ok()
}

/// The name of a user, if the image knows it.
pub(super) fn user_name(process: &mut Process<'_, '_>, uid: u32) -> Option<String> {
    entry_name(process, "/etc/passwd", uid)
}

/// The name of a group, if the image knows it.
pub(super) fn group_name(process: &mut Process<'_, '_>, gid: u32) -> Option<String> {
    entry_name(process, "/etc/group", gid)
}

fn entry_name(process: &mut Process<'_, '_>, file: &str, id: u32) -> Option<String> {
    let text = process.read_text(file).ok()?;
    let id = id.to_string();
    let entry = text.lines().find(|line| line.split(':').nth(2) == Some(&id))?;
    entry.split(':').next().map(str::to_owned)
}

//! `patch`: applies what `diff` printed.

use super::options::{self, Options};
use super::support::count_of;
use crate::shell::{ExitCode, Interrupt, Outcome, Process};
use crate::vfs::path;

/// The changes of one file.
struct FilePatch {
    old: String,
    new: String,
    hunks: Vec<Hunk>,
}

/// A place that changes: what stood there and what shall, each with the context.
#[derive(Default)]
struct Hunk {
    header: String,
    /// The line where it began, from 0.
    start: usize,
    old: Vec<Vec<u8>>,
    new: Vec<Vec<u8>>,
    /// The lines as they are in the patch.
    body: Vec<Vec<u8>>,
}

/// Applies a patch from standard input or a file.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("strip", 'p'),
        ("input", 'i'),
        ("reverse", 'R'),
        ("forward", 'N'),
        ("directory", 'd'),
        ("dry-run", '1'),
        ("quiet", 's'),
        ("silent", 's'),
        ("force", 'f'),
        ("batch", 't'),
        ("backup", 'b'),
        ("remove-empty-files", 'E'),
        ("unified", 'u'),
        ("output", 'o'),
        ("fuzz", 'F'),
        ("verbose", 'v'),
        ("no-backup-if-mismatch", '2'),
        ("reject-file", 'r'),
    ];
    let options = match options::parse(process, "p:i:RNd:1sftbEuo:F:v2r:", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let bytes = match options.value('i').or(options.operands.get(1).map(String::as_str)) {
        Some(file) if file != "-" => match super::support::open_file(process, file) {
            Ok(input) => process.read_all(&input)?,
            Err(error) => {
                let reason = error.kind.message();
                let text = if process.is_busybox() {
                    format!("can't open '{file}': {reason}")
                } else {
                    format!("**** Can't open patch file {file} : {reason}")
                };
                process.complain(&text)?;
                return Ok(if process.is_busybox() { 1 } else { 2 });
            }
        },
        _ => process.read_input()?,
    };
    if let Some(directory) = options.value('d') {
        process.cwd = process.resolve(directory);
    }
    let patches = read(&bytes);
    if patches.is_empty() {
        if !bytes.is_empty() && !process.is_busybox() {
            process.complain("**** Only garbage was found in the patch input.")?;
            return Ok(2);
        }
        return Ok(0);
    }
    let mut code = 0;
    for mut patch in patches {
        if options.has('R') {
            std::mem::swap(&mut patch.old, &mut patch.new);
            for hunk in &mut patch.hunks {
                std::mem::swap(&mut hunk.old, &mut hunk.new);
            }
        }
        code = code.max(apply(process, &options, &patch)?);
    }
    Ok(code)
}

/// The patches of a text; what is none of them is skipped.
fn read(bytes: &[u8]) -> Vec<FilePatch> {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let text = |line: &[u8]| String::from_utf8_lossy(line).trim_end_matches('\n').to_owned();
    let name = |line: &[u8]| {
        let line = text(&line[4..]);
        line.split('\t').next().unwrap_or("").trim_end().to_owned()
    };
    let mut patches: Vec<FilePatch> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        if line.starts_with(b"--- ") && lines.get(at + 1).is_some_and(|next| next.starts_with(b"+++ ")) {
            patches.push(FilePatch { old: name(line), new: name(lines[at + 1]), hunks: Vec::new() });
            at += 2;
        } else if line.starts_with(b"@@ -")
            && let Some(patch) = patches.last_mut()
        {
            let (hunk, next) = read_hunk(&lines, at, text(line));
            patch.hunks.extend(hunk);
            at = next;
        } else {
            at += 1;
        }
    }
    patches
}

/// A hunk, and where the next thing begins.
fn read_hunk(lines: &[&[u8]], at: usize, header: String) -> (Option<Hunk>, usize) {
    let mut ranges = header.split(['-', '+', ' ', '@']).filter(|part| !part.is_empty());
    let mut range = || {
        let (start, count) = ranges.next().map(|text| text.split_once(',').unwrap_or((text, "1")))?;
        Some((count_of(start)?, count_of(count)?))
    };
    let (Some((start, mut old)), Some((_, mut new))) = (range(), range()) else { return (None, at + 1) };
    let mut hunk = Hunk { header, start: start.saturating_sub(usize::from(old > 0)), ..Hunk::default() };
    let mut here = at + 1;
    while (old > 0 || new > 0) && here < lines.len() {
        let line = lines[here];
        let body = line.get(1..).unwrap_or(b"\n").to_vec();
        let body = if line == b"\n" { b"\n".to_vec() } else { body };
        match line.first() {
            Some(b' ' | b'\n') => {
                hunk.old.push(body.clone());
                hunk.new.push(body);
                (old, new) = (old.saturating_sub(1), new.saturating_sub(1));
            }
            Some(b'-') => {
                hunk.old.push(body);
                old = old.saturating_sub(1);
            }
            Some(b'+') => {
                hunk.new.push(body);
                new = new.saturating_sub(1);
            }
            _ => break,
        }
        hunk.body.push(line.to_vec());
        here += 1;
        if lines.get(here).is_some_and(|next| next.starts_with(b"\\")) {
            // The line before has no end.
            let unfinished = |side: &mut Vec<Vec<u8>>| {
                if let Some(b'\n') = side.last().and_then(|line| line.last()) {
                    side.last_mut().map(Vec::pop);
                }
            };
            if line.first() != Some(&b'+') {
                unfinished(&mut hunk.old);
            }
            if line.first() != Some(&b'-') {
                unfinished(&mut hunk.new);
            }
            hunk.body.push(lines[here].to_vec());
            here += 1;
        }
    }
    (Some(hunk), here)
}

/// The name with `count` parts taken away at its front; without a count only its last part.
fn stripped(name: &str, count: Option<usize>) -> String {
    match count {
        Some(count) => name
            .splitn(count.saturating_add(1), '/')
            .nth(count)
            .unwrap_or(path::name(name))
            .trim_start_matches('/')
            .to_owned(),
        None if name.contains('/') => path::name(name).to_owned(),
        None => name.to_owned(),
    }
}

fn target(process: &mut Process<'_, '_>, options: &Options, patch: &FilePatch) -> String {
    if let Some(file) = options.operands.first() {
        return file.clone();
    }
    let count = options.value('p').and_then(|text| text.parse().ok());
    // BusyBox looks for the new name first.
    let names = if process.is_busybox() { [&patch.new, &patch.old] } else { [&patch.old, &patch.new] };
    let candidates: Vec<String> =
        names.into_iter().filter(|name| *name != "/dev/null").map(|name| stripped(name, count)).collect();
    let found = candidates.iter().find(|name| process.exists(name));
    found.or(candidates.last()).cloned().unwrap_or_default()
}

fn apply(process: &mut Process<'_, '_>, options: &Options, patch: &FilePatch) -> Result<ExitCode, Interrupt> {
    let name = target(process, options, patch);
    let creates = patch.old == "/dev/null" || patch.hunks.iter().all(|hunk| hunk.old.is_empty());
    let quiet = options.has('s');
    if !process.exists(&name) && !creates {
        if process.is_busybox() {
            process.complain(&format!("can't open '{name}': No such file or directory"))?;
        } else {
            process.output(
                "can't find file to patch at input line 3\nSkip this patch? [y]\nSkipping patch.\n",
            )?;
        }
        return Ok(1);
    }
    let dry = options.has('1');
    if !quiet {
        let verb = match process.is_busybox() {
            true if !process.exists(&name) => "creating",
            false if dry => "checking file",
            _ => "patching file",
        };
        process.output(&format!("{verb} {name}\n"))?;
    }
    let old = match process.read(&name) {
        Ok(content) => content.bytes().unwrap_or_default().to_vec(),
        Err(_) => Vec::new(),
    };
    let mut lines: Vec<Vec<u8>> = old.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let mut moved: i64 = 0;
    let mut rejected: Vec<&Hunk> = Vec::new();
    let mut ignored = false;
    for (number, hunk) in patch.hunks.iter().enumerate() {
        process.step(1 + lines.len() as u64 / 16)?;
        let wanted = i64::try_from(hunk.start).unwrap_or(i64::MAX).saturating_add(moved);
        match place(&lines, hunk, wanted) {
            Some((at, fuzz)) => {
                let offset = (at as i64).saturating_sub(wanted);
                if !quiet && (offset != 0 || fuzz > 0) && !process.is_busybox() {
                    process.output(&succeeded(number + 1, at + 1, fuzz, offset))?;
                }
                let new = hunk.new[fuzz.min(hunk.new.len())
                    ..hunk.new.len().saturating_sub(fuzz).max(fuzz.min(hunk.new.len()))]
                    .to_vec();
                let count = hunk.old.len() - 2 * fuzz;
                moved = moved
                    .saturating_add(offset)
                    .saturating_add(hunk.new.len() as i64 - hunk.old.len() as i64);
                lines.splice(at + fuzz..at + fuzz + count, new);
            }
            None if number == 0
                && options.has('N')
                && !process.is_busybox()
                && is_applied(&lines, hunk, wanted) =>
            {
                process.output("Reversed (or previously applied) patch detected!  Skipping patch.\n")?;
                (rejected, ignored) = (patch.hunks.iter().collect(), true);
                break;
            }
            None => {
                if process.is_busybox() {
                    let at = hunk.start.saturating_add(1);
                    let body = crate::shell::bytes::to_text(&hunk.body.concat());
                    process.error_output(&format!("Hunk {} FAILED {at}/{at}.\n{body}", number + 1))?;
                } else {
                    process.output(&format!(
                        "Hunk #{} FAILED at {}.\n",
                        number + 1,
                        hunk.start.saturating_add(1)
                    ))?;
                }
                rejected.push(hunk);
            }
        }
    }
    let code = i32::from(!rejected.is_empty());
    if !rejected.is_empty() && !process.is_busybox() {
        let (failed, total) = (rejected.len(), patch.hunks.len());
        let hunks = if total == 1 { "hunk" } else { "hunks" };
        process.output(&format!(
            "{failed} out of {total} {hunks} {} -- saving rejects to file {name}.rej\n",
            if ignored { "ignored" } else { "FAILED" }
        ))?;
        let mut rejects = format!("--- {}\n+++ {}\n", patch.old, patch.new).into_bytes();
        for hunk in &rejected {
            rejects.extend(hunk.header.bytes().chain([b'\n']));
            hunk.body.iter().for_each(|line| rejects.extend(line));
        }
        if !dry {
            let _ = process.write(&format!("{name}.rej"), rejects);
        }
    }
    if dry || rejected.len() == patch.hunks.len() {
        return Ok(code);
    }
    write(process, options, patch, &name, &old, &lines.concat())?;
    Ok(code)
}

fn succeeded(number: usize, line: usize, fuzz: usize, offset: i64) -> String {
    let with = if fuzz > 0 { format!(" with fuzz {fuzz}") } else { String::new() };
    let lines = if offset.unsigned_abs() == 1 { "line" } else { "lines" };
    let moved = if offset != 0 { format!(" (offset {offset} {lines})") } else { String::new() };
    format!("Hunk #{number} succeeded at {line}{with}{moved}.\n")
}

fn write(
    process: &mut Process<'_, '_>,
    options: &Options,
    patch: &FilePatch,
    name: &str,
    old: &[u8],
    new: &[u8],
) -> Result<(), Interrupt> {
    if options.has('b') && !process.is_busybox() {
        let _ = process.write(&format!("{name}.orig"), old.to_vec());
    }
    if new.is_empty() && (patch.new == "/dev/null" || options.has('E')) {
        let _ = process.remove(name);
        return Ok(());
    }
    let directory = path::parent(name);
    if !directory.is_empty() && !process.exists(directory) {
        let _ = process.make_directories(directory);
    }
    if let Err(error) = process.write(options.value('o').unwrap_or(name), new.to_vec()) {
        super::support::cannot_open(process, name, &error)?;
    }
    Ok(())
}

/// Whether a hunk has been applied before.
fn is_applied(lines: &[Vec<u8>], hunk: &Hunk, wanted: i64) -> bool {
    let back = Hunk {
        header: String::new(),
        start: hunk.start,
        old: hunk.new.clone(),
        new: hunk.old.clone(),
        body: Vec::new(),
    };
    place(lines, &back, wanted).is_some()
}

/// Where a hunk fits, nearest to where it is expected, and how many lines of its context do not count for that.
fn place(lines: &[Vec<u8>], hunk: &Hunk, wanted: i64) -> Option<(usize, usize)> {
    let fits = |at: i64, fuzz: usize| {
        let Ok(at) = usize::try_from(at) else { return false };
        let old = &hunk.old[fuzz..hunk.old.len() - fuzz];
        lines.get(at + fuzz..at + fuzz + old.len()).is_some_and(|here| here == old)
    };
    let context = hunk.old.iter().zip(&hunk.new).take_while(|(a, b)| a == b).count();
    let behind = hunk.old.iter().rev().zip(hunk.new.iter().rev()).take_while(|(a, b)| a == b).count();
    // The search goes from the near to the far, so a place outside of the file is as good as its nearest end.
    let wanted = wanted.clamp(0, lines.len() as i64);
    // A hunk of nothing but context may be shorter than what both of its ends could leave out.
    for fuzz in 0..=2.min(context).min(behind).min(hunk.old.len() / 2) {
        for distance in 0..=lines.len() as i64 {
            for at in [wanted - distance, wanted + distance] {
                if fits(at, fuzz) {
                    return Some((usize::try_from(at).unwrap_or(0), fuzz));
                }
            }
        }
    }
    None
}

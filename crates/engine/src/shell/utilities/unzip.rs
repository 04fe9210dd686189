//! `unzip`: unpacks, lists and tests zip archives.

use super::options::{self, Options};
use super::support::open_file;
use super::time::{moment, seconds_of};
use crate::shell::language::Pattern;
use crate::shell::stand_in;
use crate::shell::{Interrupt, Outcome, Process, bytes};
use crate::vfs::{Follow, path};

/// An entry of the directory at the end of a zip.
struct Entry<'a> {
    name: String,
    method: u16,
    packed: &'a [u8],
    size: usize,
    mtime: i64,
    /// The mode of Unix, where it was made there.
    mode: Option<u32>,
}

impl Entry<'_> {
    fn is_link(&self) -> bool {
        self.mode.is_some_and(|mode| mode & 0o170_000 == 0o120_000)
    }
}

/// Runs it.
pub(super) fn unzip(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "d:lopqnujxtvCXK:", &[])? {
        Ok(options) => options,
        Err(_) => return Ok(10),
    };
    let Some((file, members)) = options.operands.split_first() else {
        process.complain("missing operand")?;
        return Ok(10);
    };
    let (file, data) = match archive(process, file)? {
        Ok(found) => found,
        Err(code) => return Ok(code),
    };
    if let Some(address) = stand_in::address_of(process, &file) {
        let directory = options.value('d').unwrap_or(".").to_owned();
        let quiet = options.has('q');
        return match stand_in::unpack(process, &address, &directory, 0)? {
            Ok(names) => {
                for name in names.iter().filter(|_| !quiet) {
                    process.output(&format!("  inflating: {name}\n"))?;
                }
                Ok(0)
            }
            Err(error) => {
                process.complain(&error.to_string())?;
                Ok(1)
            }
        };
    }
    let Some(entries) = entries(&data) else {
        return damaged(process, &file);
    };
    let busybox = process.is_busybox();
    if !options.has('q') && !options.has('p') {
        process.output(&format!("Archive:  {file}\n"))?;
    }
    let patterns: Vec<Pattern> = members.iter().map(|member| Pattern::new(member)).collect();
    let mut found = vec![false; members.len()];
    let (mut shown, mut links) = (Vec::new(), Vec::new());
    let mut failed = false;
    for entry in &entries {
        let hits: Vec<usize> = (0..patterns.len()).filter(|at| patterns[*at].matches(&entry.name)).collect();
        hits.iter().for_each(|at| found[*at] = true);
        if hits.is_empty() && !members.is_empty() {
            continue;
        }
        if options.has('l') || options.has('v') {
            shown.push(entry);
        } else if !extract(process, &options, entry, busybox)? {
            failed = true;
        } else if entry.is_link() && !options.has('p') && !options.has('t') {
            links.push(entry);
        }
    }
    if options.has('l') || options.has('v') {
        list(process, &shown)?;
    }
    if !busybox && !options.has('q') && !options.has('l') {
        finish_links(process, &links)?;
    }
    let mut code = i32::from(failed);
    for (member, _) in members.iter().zip(&found).filter(|(_, found)| !**found) {
        process.error_output(&format!("caution: filename not matched:  {member}\n"))?;
        code = 11;
    }
    Ok(code)
}

/// The archive, by its name with or without `.zip`.
fn archive(process: &mut Process<'_, '_>, file: &str) -> Result<Result<(String, Vec<u8>), i32>, Interrupt> {
    for name in [file.to_owned(), format!("{file}.zip"), format!("{file}.ZIP")] {
        if let Ok(input) = open_file(process, &name) {
            return Ok(Ok((name, process.read_all(&input)?)));
        }
    }
    if process.is_busybox() {
        process.complain(&format!("can't open {file}[.zip]"))?;
        return Ok(Err(1));
    }
    process.complain(&format!(" cannot find or open {file}, {file}.zip or {file}.ZIP."))?;
    Ok(Err(9))
}

fn damaged(process: &mut Process<'_, '_>, file: &str) -> Outcome {
    if process.is_busybox() {
        process.complain("invalid zip magic")?;
        return Ok(1);
    }
    process.output(&format!("Archive:  {file}\n"))?;
    process.error_output(
        "  End-of-central-directory signature not found.  Either this file is not\n  \
         a zipfile, or it constitutes one disk of a multi-part archive.  In the\n  \
         latter case the central directory and zipfile comment will be found on\n  \
         the last disk(s) of this archive.\n",
    )?;
    process.error_output(&format!(
        "unzip:  cannot find zipfile directory in one of {file} or\n        \
         {file}.zip, and cannot find {file}.ZIP, period.\n"
    ))?;
    Ok(9)
}

fn number(data: &[u8], at: usize, length: usize) -> Option<usize> {
    let bytes = data.get(at..at.checked_add(length)?)?;
    Some(bytes.iter().rev().fold(0, |value, byte| value << 8 | usize::from(*byte)))
}

/// The entries of the central directory.
fn entries(data: &[u8]) -> Option<Vec<Entry<'_>>> {
    const END: &[u8] = b"PK\x05\x06";
    let end = (0..=data.len().checked_sub(22)?).rev().find(|at| data[*at..].starts_with(END))?;
    let count = number(data, end + 10, 2)?;
    let mut at = number(data, end + 16, 4)?;
    let mut entries = Vec::new();
    for _ in 0..count {
        if !data.get(at..)?.starts_with(b"PK\x01\x02") {
            return None;
        }
        let [name, extra, comment] = [28, 30, 32].map(|field| number(data, at + field, 2));
        let (name, extra, comment) = (name?, extra?, comment?);
        let (packed, size) = (number(data, at + 20, 4)?, number(data, at + 24, 4)?);
        let local = number(data, at + 42, 4)?;
        let body = local + 30 + number(data, local + 26, 2)? + number(data, local + 28, 2)?;
        let is_unix = number(data, at + 4, 2)? >> 8 == 3;
        let (time, date) = (number(data, at + 12, 2)? as i64, number(data, at + 14, 2)? as i64);
        entries.push(Entry {
            name: bytes::to_text(data.get(at + 46..at + 46 + name)?),
            method: number(data, at + 10, 2)? as u16,
            packed: data.get(body..body.checked_add(packed)?)?,
            size,
            mtime: seconds_of(
                1980 + (date >> 9),
                date >> 5 & 15,
                date & 31,
                time >> 11,
                time >> 5 & 63,
                (time & 31) * 2,
            ),
            mode: is_unix.then_some((number(data, at + 38, 4)? >> 16) as u32),
        });
        at += 46 + name + extra + comment;
    }
    Some(entries)
}

fn unpacked(entry: &Entry<'_>, room: usize) -> Option<Vec<u8>> {
    if entry.size > room {
        return None;
    }
    match entry.method {
        0 => Some(entry.packed.to_vec()),
        8 => miniz_oxide::inflate::decompress_to_vec_with_limit(entry.packed, entry.size).ok(),
        _ => None,
    }
}

/// Unpacks an entry; whether that went well.
fn extract(
    process: &mut Process<'_, '_>,
    options: &Options,
    entry: &Entry<'_>,
    busybox: bool,
) -> Result<bool, Interrupt> {
    process.step(1 + entry.size as u64 / 256)?;
    let is_directory = entry.name.ends_with('/');
    let relative = if options.has('j') { path::name(&entry.name) } else { entry.name.as_str() };
    let relative: Vec<&str> = relative.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect();
    let relative = relative.join("/");
    if relative.is_empty() || is_directory && options.has('j') {
        return Ok(true);
    }
    let target = match options.value('d') {
        Some(directory) => path::join(directory, &relative),
        None => relative.clone(),
    };
    let quiet = options.has('q') || options.has('p');
    if is_directory {
        if !process.is_directory(&target) {
            if !quiet {
                process.output(&format!("   creating: {target}/\n"))?;
            }
            if process.make_directories(&target).is_err() {
                process.complain(&format!("checkdir error:  cannot create {target}"))?;
                return Ok(false);
            }
        }
        return Ok(true);
    }
    let room = usize::try_from(process.machine.room()).unwrap_or(usize::MAX);
    let Some(data) = unpacked(entry, room) else {
        process.complain(&format!("{}: unsupported or damaged", entry.name))?;
        return Ok(false);
    };
    if options.has('p') {
        process.output_bytes(&data)?;
        return Ok(true);
    }
    if options.has('t') {
        process.output(&format!("    testing: {:<22}   OK\n", entry.name))?;
        return Ok(true);
    }
    if process.lstat(&target).is_ok() {
        if options.has('n') {
            return Ok(true);
        }
        if !options.has('o') {
            // It would ask, and the end of the input is no answer.
            let text = if busybox {
                "unzip: can't read standard input\n".to_owned()
            } else {
                format!(
                    "replace {target}? [y]es, [n]o, [A]ll, [N]one, [r]ename:  NULL\n\
                     (EOF or read error, treating as \"[N]one\" ...)\n"
                )
            };
            process.error_output(&text)?;
            return Ok(!busybox);
        }
    }
    let link = entry.is_link();
    if !quiet {
        // BusyBox goes into the directory that it unpacks to.
        let text = match (busybox, link, entry.method) {
            (true, ..) => format!("  inflating: {relative}\n"),
            (_, true, _) => format!("    linking: {target:<22}  -> {} \n", bytes::to_text(&data)),
            (_, _, 0) => format!(" extracting: {target:<22}  \n"),
            _ => format!("  inflating: {target:<22}  \n"),
        };
        process.output(&text)?;
    }
    let _ = process.make_directories(path::parent(&process.resolve(&target)));
    let written = if link {
        process.symlink(&bytes::to_text(&data), &target)
    } else {
        let mode = entry.mode.map_or(0o644, |mode| mode & 0o777);
        process.write(&target, data).and_then(|()| process.set_mode(&target, mode)).and_then(|()| {
            if busybox { Ok(()) } else { process.set_mtime(&target, entry.mtime, Follow::Yes) }
        })
    };
    if let Err(error) = written {
        process.check_limits()?;
        let text = if busybox {
            format!("can't open '{target}': {}", error.kind.message())
        } else {
            format!("error:  cannot create {target}\n        {}", error.kind.message())
        };
        process.complain(&text)?;
        return Ok(false);
    }
    Ok(true)
}

/// Links come last, so that nothing is written through them.
fn finish_links(process: &mut Process<'_, '_>, links: &[&Entry<'_>]) -> Result<(), Interrupt> {
    if links.is_empty() {
        return Ok(());
    }
    process.output("finishing deferred symbolic links:\n")?;
    for link in links {
        let target = unpacked(link, 4096).unwrap_or_default();
        process.output(&format!("  {:<22} -> {}\n", link.name, bytes::to_text(&target)))?;
    }
    Ok(())
}

fn list(process: &mut Process<'_, '_>, entries: &[&Entry<'_>]) -> Result<(), Interrupt> {
    process.output("  Length      Date    Time    Name\n---------  ---------- -----   ----\n")?;
    let mut total = 0;
    for entry in entries {
        let time = moment(entry.mtime);
        total += entry.size;
        process.output(&format!(
            "{:>9}  {:04}-{:02}-{:02} {:02}:{:02}   {}\n",
            entry.size, time.year, time.month, time.day, time.hour, time.minute, entry.name
        ))?;
    }
    let plural = if entries.len() == 1 { "" } else { "s" };
    process.output(&format!(
        "---------                     -------\n{total:>9}                     {} file{plural}\n",
        entries.len()
    ))
}

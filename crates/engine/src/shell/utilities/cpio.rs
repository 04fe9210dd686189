//! `cpio`: archives of the files that standard input names.

use super::ls::mode_text;
use super::options::{self, Options};
use super::support::{cannot, group_name, user_name};
use super::time::format_time;
use crate::shell::bytes::{to_bytes, to_text};
use crate::shell::language::matches_glob;
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{Follow, Metadata, Node, VfsError, path};

const LONG: &[(&str, char)] = &[
    ("create", 'o'),
    ("extract", 'i'),
    ("list", 't'),
    ("pass-through", 'p'),
    ("make-directories", 'd'),
    ("preserve-modification-time", 'm'),
    ("unconditional", 'u'),
    ("verbose", 'v'),
    ("null", '0'),
    ("format", 'H'),
    ("file", 'F'),
    ("quiet", '1'),
    ("dereference", 'L'),
    ("directory", 'D'),
    ("no-absolute-filenames", '2'),
    ("nonmatching", 'f'),
    ("link", 'l'),
    ("reset-access-time", 'a'),
    ("owner", 'R'),
];

const BLOCK: usize = 512;
const TRAILER: &str = "TRAILER!!!";
const KIND: u32 = 0o170_000;

/// An entry of an archive.
struct Entry {
    name: String,
    mode: u32,
    links: u32,
    metadata: Metadata,
    body: Vec<u8>,
}

/// Packs, unpacks or lists.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse_as(
        process,
        ("dmvuF:R:H:tioLp01", &[("quiet", '1')]),
        ("oitpdmuv0H:F:1LD:2flaR:cBE:I:O:", LONG),
    )? {
        Ok(options) => options,
        Err(code) => return Ok(if process.is_busybox() { code } else { 2 }),
    };
    match () {
        () if options.has('o') => create(process, &options),
        () if options.has('p') => pass(process, &options),
        () if options.has('i') || options.has('t') => extract(process, &options),
        () if process.is_busybox() => super::usage::print(process),
        () => {
            process.complain("You must specify one of -oipt options.")?;
            process.error_output("Try 'cpio --help' or 'cpio --usage' for more information.\n")?;
            Ok(2)
        }
    }
}

/// The names at standard input.
fn names(process: &mut Process<'_, '_>, options: &Options) -> Result<Vec<String>, Interrupt> {
    let end = if options.has('0') { b'\0' } else { b'\n' };
    let bytes = process.read_input()?;
    Ok(bytes.split(|byte| *byte == end).filter(|name| !name.is_empty()).map(to_text).collect())
}

fn create(process: &mut Process<'_, '_>, options: &Options) -> Outcome {
    let busybox = process.is_busybox();
    let format = options.value('H').unwrap_or(if options.has('c') { "odc" } else { "bin" });
    if busybox && format != "newc" {
        return super::usage::print(process);
    }
    if !busybox && !matches!(format, "newc" | "crc" | "odc" | "bin") {
        process.complain(&format!("invalid archive format '{format}'; valid formats are:\ncrc newc odc bin ustar tar (all-caps also recognized)"))?;
        return Ok(2);
    }
    let mut archive = Vec::new();
    let mut code = 0;
    for (number, name) in names(process, options)?.iter().enumerate() {
        let follow = if options.has('L') { Follow::Yes } else { Follow::No };
        let entry = match process.look(name, follow) {
            Ok((_, node)) => entry_of(process, name, &node),
            Err(error) => {
                cannot_stat(process, name, &error)?;
                code = if busybox { 1 } else { 2 };
                continue;
            }
        };
        if options.has('v') {
            process.error_output(&format!("{name}\n"))?;
        }
        process.step(1 + entry.body.len() as u64 / 256)?;
        let stored = name.strip_prefix("./").filter(|rest| !rest.is_empty()).unwrap_or(name);
        push(&mut archive, format, &Entry { name: stored.to_owned(), ..entry }, number as u32 + 1);
        process.machine.check_size(archive.len())?;
    }
    let metadata = Metadata::new(0, 0);
    push(
        &mut archive,
        format,
        &Entry { name: TRAILER.into(), mode: 0, links: 1, metadata, body: Vec::new() },
        0,
    );
    let blocks = archive.len().div_ceil(BLOCK);
    if !busybox {
        archive.resize(blocks * BLOCK, 0);
    }
    match options.value('F').or(options.value('O')) {
        Some(file) => {
            if let Err(error) = process.write(file, archive) {
                cannot(process, "open", file, &error)?;
                return Ok(2);
            }
        }
        None => process.output_bytes(&archive)?,
    }
    if !busybox {
        tell_blocks(process, options, blocks)?;
    }
    Ok(code)
}

fn cannot_stat(process: &mut Process<'_, '_>, name: &str, error: &VfsError) -> Result<(), Interrupt> {
    let what = if process.is_busybox() { "" } else { "Cannot stat: " };
    process.complain(&format!("{name}: {what}{}", error.kind.message()))
}

fn tell_blocks(process: &mut Process<'_, '_>, options: &Options, blocks: usize) -> Result<(), Interrupt> {
    if options.has('1') {
        return Ok(());
    }
    let is_one = blocks == 1 && !process.is_busybox();
    process.error_output(&format!("{blocks} block{}\n", if is_one { "" } else { "s" }))
}

fn entry_of(process: &mut Process<'_, '_>, name: &str, node: &Node) -> Entry {
    let metadata = *node.metadata();
    let (kind, body) = match node {
        Node::Directory(_) => (0o040_000, Vec::new()),
        Node::Symlink { target, .. } => (0o120_000, to_bytes(target)),
        Node::Device { .. } => (0o020_000, Vec::new()),
        Node::File(_) => {
            let content = process.read(name).ok();
            (0o100_000, content.and_then(|content| content.bytes().map(<[u8]>::to_vec)).unwrap_or_default())
        }
    };
    let links = match process.look(name, Follow::No) {
        Ok((place, _)) => process.link_count(&place),
        Err(_) => 1,
    };
    Entry { name: name.to_owned(), mode: kind | metadata.mode, links, metadata, body }
}

/// Adds an entry in one of the three formats.
fn push(archive: &mut Vec<u8>, format: &str, entry: &Entry, inode: u32) {
    let Entry { name, mode, metadata, body, .. } = entry;
    let links = entry.links;
    let name = to_bytes(name);
    let time = u32::try_from(metadata.mtime).unwrap_or(0);
    let (length, size) = (name.len() + 1, body.len());
    match format {
        "odc" => {
            archive.extend(
                format!(
                    "070707{:06o}{:06o}{mode:06o}{:06o}{:06o}{links:06o}{:06o}{time:011o}{length:06o}{size:011o}",
                    0,
                    inode & 0o777_777,
                    metadata.uid & 0o777_777,
                    metadata.gid & 0o777_777,
                    0
                )
                .bytes(),
            );
            archive.extend(name);
            archive.push(0);
            archive.extend(body);
        }
        "bin" => {
            let words = [
                0o070_707,
                0,
                inode,
                *mode,
                metadata.uid,
                metadata.gid,
                links,
                0,
                time >> 16,
                time,
                length as u32,
                (size >> 16) as u32,
                size as u32,
            ];
            words.iter().for_each(|word| archive.extend((*word as u16).to_le_bytes()));
            archive.extend(name);
            archive.push(0);
            archive.resize(archive.len().next_multiple_of(2), 0);
            archive.extend(body);
            archive.resize(archive.len().next_multiple_of(2), 0);
        }
        _ => {
            let is_crc = format == "crc" && mode & KIND == 0o100_000;
            let sum = if is_crc {
                body.iter().fold(0_u32, |sum, byte| sum.wrapping_add((*byte).into()))
            } else {
                0
            };
            archive.extend(if format == "crc" { b"070702" } else { b"070701" });
            let fields = [inode, *mode, metadata.uid, metadata.gid, links, time, size as u32, 0, 0, 0, 0];
            fields.iter().chain(&[length as u32, sum]).for_each(|field| {
                archive.extend(format!("{field:08X}").bytes());
            });
            archive.extend(name);
            archive.push(0);
            archive.resize(archive.len().next_multiple_of(4), 0);
            archive.extend(body);
            archive.resize(archive.len().next_multiple_of(4), 0);
        }
    }
}

/// The entries of an archive, or what is wrong with it.
fn parse(data: &[u8]) -> Result<Vec<Entry>, &'static str> {
    const SHORT: &str = "premature end of archive";
    let mut entries = Vec::new();
    let mut at = 0;
    loop {
        let rest = data.get(at..).unwrap_or_default();
        let binary = rest.starts_with(&0o070_707_u16.to_le_bytes());
        let Header { mode, links, uid, gid, time, length, size, start, align } =
            if binary { binary_header(rest) } else { text_header(rest) }.ok_or(SHORT)?;
        let name = rest.get(start..start + length).ok_or(SHORT)?;
        let name = to_text(name.strip_suffix(b"\0").unwrap_or(name));
        let body = (start + length).next_multiple_of(align);
        if name == TRAILER {
            return Ok(entries);
        }
        let end = body.checked_add(size).ok_or(SHORT)?;
        let bytes = rest.get(body..end).ok_or(SHORT)?.to_vec();
        let metadata = Metadata::new(mode & 0o7777, time.into()).owned_by(uid, gid);
        entries.push(Entry { name, mode, links, metadata, body: bytes });
        at += end.next_multiple_of(align);
    }
}

/// What stands before the name of an entry.
struct Header {
    mode: u32,
    links: u32,
    uid: u32,
    gid: u32,
    time: u32,
    length: usize,
    size: usize,
    start: usize,
    align: usize,
}

fn binary_header(data: &[u8]) -> Option<Header> {
    let word = |at: usize| {
        let bytes = data.get(at * 2..at * 2 + 2)?;
        Some(u32::from(bytes[0]) | u32::from(bytes[1]) << 8)
    };
    Some(Header {
        mode: word(3)?,
        links: word(6)?,
        uid: word(4)?,
        gid: word(5)?,
        time: word(8)? << 16 | word(9)?,
        length: word(10)? as usize,
        size: (word(11)? << 16 | word(12)?) as usize,
        start: 26,
        align: 2,
    })
}

fn text_header(data: &[u8]) -> Option<Header> {
    let number = |at: usize, length: usize, radix: u32| {
        let text = std::str::from_utf8(data.get(at..at + length)?).ok()?;
        u32::from_str_radix(text, radix).ok()
    };
    if data.starts_with(b"070707") {
        return Some(Header {
            mode: number(18, 6, 8)?,
            links: number(36, 6, 8)?,
            uid: number(24, 6, 8)?,
            gid: number(30, 6, 8)?,
            time: number(48, 11, 8)?,
            length: number(59, 6, 8)? as usize,
            size: number(65, 11, 8)? as usize,
            start: 76,
            align: 1,
        });
    }
    if !data.starts_with(b"07070") {
        return None;
    }
    let field = |at: usize| number(6 + at * 8, 8, 16);
    Some(Header {
        mode: field(1)?,
        links: field(4)?,
        uid: field(2)?,
        gid: field(3)?,
        time: field(5)?,
        length: field(11)? as usize,
        size: field(6)? as usize,
        start: 110,
        align: 4,
    })
}

fn extract(process: &mut Process<'_, '_>, options: &Options) -> Outcome {
    let busybox = process.is_busybox();
    let data = match options.value('F').or(options.value('I')) {
        Some(file) => match process.read(file) {
            Ok(content) => content.bytes().unwrap_or_default().to_vec(),
            Err(error) => {
                cannot(process, "open", file, &error)?;
                return Ok(if busybox { 1 } else { 2 });
            }
        },
        None => process.read_input()?,
    };
    let entries = match parse(&data) {
        Ok(entries) => entries,
        Err(_) if busybox => {
            let is_text = !data.starts_with(b"0707");
            let text = if data.len() < 110 {
                "short read"
            } else if is_text {
                "unsupported cpio format, use newc or crc"
            } else {
                "short read"
            };
            process.complain(text)?;
            return Ok(1);
        }
        Err(text) => {
            process.complain(text)?;
            return Ok(2);
        }
    };
    let mut code = 0;
    for entry in &entries {
        process.step(1 + entry.body.len() as u64 / 256)?;
        let matches = options.operands.iter().any(|glob| matches_glob(glob, &entry.name));
        if !options.operands.is_empty() && matches == options.has('f') {
            continue;
        }
        if options.has('t') {
            let line = if options.has('v') { details(process, entry) } else { entry.name.clone() };
            process.output(&format!("{line}\n"))?;
            continue;
        }
        if options.has('v') {
            process.error_output(&format!("{}\n", entry.name))?;
        }
        code = code.max(place(process, options, entry, &entry.name)?);
    }
    tell_blocks(process, options, data.len().div_ceil(BLOCK))?;
    Ok(code)
}

/// `-rw-r--r--   1 root     root            2 Nov 21 17:24 a/b/g`
fn details(process: &mut Process<'_, '_>, entry: &Entry) -> String {
    let Metadata { uid, gid, mtime, .. } = entry.metadata;
    let node = match entry.mode & KIND {
        0o040_000 => Node::Directory(crate::vfs::Directory::new(entry.metadata)),
        0o120_000 => Node::symlink(Metadata { mode: 0o777, ..entry.metadata }, &to_text(&entry.body)),
        _ => Node::file(entry.metadata, ""),
    };
    if process.is_busybox() {
        return format!(
            "{} {uid}/{gid} {:>9} {} {}",
            mode_text(&node),
            entry.body.len(),
            format_time("%Y-%m-%d %H:%M:%S", mtime),
            entry.name
        );
    }
    let user = user_name(process, uid).unwrap_or_else(|| uid.to_string());
    let group = group_name(process, gid).unwrap_or_else(|| gid.to_string());
    let target =
        if entry.mode & KIND == 0o120_000 { format!(" -> {}", to_text(&entry.body)) } else { String::new() };
    let links = entry.links;
    let day = 86_400;
    let recent = (process.now() - mtime).abs() < 182 * day;
    let time = format_time(if recent { "%b %e %H:%M" } else { "%b %e  %Y" }, mtime);
    let size = if node.is_directory() { 0 } else { entry.body.len() };
    format!("{} {links:>3} {user:<8} {group:<8} {size:>8} {time} {}{target}", mode_text(&node), entry.name)
}

/// Makes what an entry tells of at `target`.
fn place(process: &mut Process<'_, '_>, options: &Options, entry: &Entry, target: &str) -> Outcome {
    let busybox = process.is_busybox();
    let failed = if busybox { 1 } else { 2 };
    if options.has('d') {
        let _ = process.make_directories(path::parent(&process.resolve(target)).to_owned().as_str());
    }
    let existing = process.lstat(target).ok();
    let is_directory = entry.mode & KIND == 0o040_000;
    if let Some(node) = existing.filter(|node| !(node.is_directory() && is_directory)) {
        if !options.has('u') && node.metadata().mtime >= entry.metadata.mtime {
            let text = if busybox {
                format!("{target} not created: newer or same age file exists")
            } else {
                format!("{target} not created: newer or same age version exists")
            };
            process.complain(&text)?;
            return Ok(0);
        }
        let _ = process.remove(target);
    }
    let made = match entry.mode & KIND {
        0o040_000 if process.is_directory(target) => Ok(()),
        0o040_000 => process.make_directory(target, 0o777),
        0o120_000 => process.symlink(&to_text(&entry.body), target),
        _ => process.write(target, entry.body.clone()),
    };
    if let Err(error) = made {
        process.check_limits()?;
        let what = if is_directory { "make directory" } else { "open" };
        cannot(process, what, target, &error)?;
        return Ok(failed);
    }
    if process.credentials.uid == 0 {
        let Metadata { uid, gid, .. } = entry.metadata;
        let _ = process.set_owner(target, Some(uid), Some(gid), Follow::No);
    }
    if entry.mode & KIND != 0o120_000 {
        let _ = process.set_mode(target, entry.mode & 0o7777);
    }
    if options.has('m') || busybox {
        let _ = process.set_mtime(target, entry.metadata.mtime, Follow::No);
    }
    Ok(0)
}

/// Copies what is named into a directory.
fn pass(process: &mut Process<'_, '_>, options: &Options) -> Outcome {
    let [directory] = &options.operands[..] else {
        if process.is_busybox() {
            return super::usage::print(process);
        }
        process.complain("must specify destination directory")?;
        return Ok(2);
    };
    let (mut code, mut bytes) = (0, 0);
    for name in names(process, options)? {
        let entry = match process.lstat(&name) {
            Ok(node) => entry_of(process, &name, &node),
            Err(error) => {
                cannot_stat(process, &name, &error)?;
                code = 2;
                continue;
            }
        };
        process.step(1 + entry.body.len() as u64 / 256)?;
        bytes += entry.body.len();
        let relative = name.trim_start_matches('/');
        let relative = relative.strip_prefix("./").unwrap_or(relative);
        let target = path::join(directory, relative);
        if options.has('v') {
            process.error_output(&format!("{target}\n"))?;
        }
        code = code.max(place(process, options, &entry, &target)?);
    }
    tell_blocks(process, options, bytes.div_ceil(BLOCK))?;
    Ok(code)
}

//! `zip`: packs files into a zip archive, or takes some out of it.

mod archive;

use self::archive::{Archive, Member};
use crate::shell::bytes::to_bytes;
use crate::shell::language::matches_glob;
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{Node, path};

/// Info-ZIP's exit codes.
const NOTHING: i32 = 12;
const USAGE: i32 = 16;

/// What the command line asks for.
#[derive(Default)]
struct Call {
    recursive: bool,
    quiet: bool,
    bare: bool,
    links: bool,
    moves: bool,
    deletes: bool,
    updates: bool,
    plain: bool,
    no_directories: bool,
    from_input: bool,
    level: u8,
    file: String,
    names: Vec<String>,
    include: Vec<String>,
    exclude: Vec<String>,
}

impl Call {
    fn parse(args: &[String]) -> Result<Self, String> {
        let mut call = Self { level: 6, ..Self::default() };
        let mut rest = args.iter().peekable();
        let mut operands = Vec::new();
        while let Some(word) = rest.next() {
            let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
                operands.push(word.clone());
                continue;
            };
            if let Some(name) = letters.strip_prefix('-') {
                call.long(name)?;
                continue;
            }
            let mut letters = letters.chars();
            while let Some(letter) = letters.next() {
                if letter != 'x' && letter != 'i' {
                    call.letter(letter)?;
                    continue;
                }
                // A list ends at the next option, or at a lone `@`.
                let list = if letter == 'x' { &mut call.exclude } else { &mut call.include };
                let attached = letters.as_str().to_owned();
                list.extend(Some(attached).filter(|text| !text.is_empty()));
                while let Some(pattern) = rest.next_if(|word| !word.starts_with('-')) {
                    if pattern == "@" {
                        break;
                    }
                    list.push(pattern.clone());
                }
                break;
            }
        }
        call.from_input |= operands.iter().any(|word| word == "-@");
        let mut operands = operands.into_iter();
        call.file = operands.next().unwrap_or_default();
        call.names = operands.collect();
        Ok(call)
    }

    fn letter(&mut self, letter: char) -> Result<(), String> {
        match letter {
            'r' => self.recursive = true,
            'q' => self.quiet = true,
            'j' => self.bare = true,
            'y' => self.links = true,
            'm' => self.moves = true,
            'd' => self.deletes = true,
            'u' | 'f' => self.updates = true,
            'X' => self.plain = true,
            'D' => self.no_directories = true,
            '@' => self.from_input = true,
            '0'..='9' => self.level = letter as u8 - b'0',
            'v' | 'o' | 'g' | 'T' | 'A' | 'k' | 'l' | 'S' => {}
            _ => return Err(format!("short option '{letter}' not supported")),
        }
        Ok(())
    }

    fn long(&mut self, name: &str) -> Result<(), String> {
        let letter = match name {
            "recurse-paths" => 'r',
            "quiet" => 'q',
            "junk-paths" => 'j',
            "symlinks" => 'y',
            "move" => 'm',
            "delete" => 'd',
            "update" => 'u',
            "no-extra" => 'X',
            "no-dir-entries" => 'D',
            _ => return Err(format!("long option '{name}' not supported")),
        };
        self.letter(letter)
    }

    fn wants(&self, name: &str) -> bool {
        let any = |globs: &[String]| globs.iter().any(|glob| matches_glob(glob, name));
        !any(&self.exclude) && (self.include.is_empty() || any(&self.include))
    }
}

/// Runs it.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let mut call = match Call::parse(process.args()) {
        Ok(call) => call,
        Err(text) => return error(process, "Invalid command arguments", &text, USAGE),
    };
    if call.file.is_empty() {
        process.output(HELP)?;
        return Ok(0);
    }
    if !path::name(&call.file).contains('.') {
        call.file.push_str(".zip");
    }
    if call.from_input {
        let text = process.read_input()?;
        call.names.extend(super::support::lines(&text));
    }
    let mut archive = match process.read(&call.file) {
        Ok(content) => match Archive::read(content.bytes().unwrap_or_default()) {
            Some(archive) => archive,
            None => {
                let text = format!(
                    "missing end signature--probably not a zip file (did you\nzip warning:  remember to use binary mode when you transferred it?)\n\nzip error: Zip file structure invalid ({})\n",
                    call.file
                );
                process.output(&format!("\tzip warning: {text}"))?;
                return Ok(3);
            }
        },
        Err(_) => Archive::default(),
    };
    if call.deletes {
        return delete(process, &call, archive);
    }
    let mut missing = false;
    let mut changed = false;
    let mut gone = Vec::new();
    for name in call.names.clone() {
        if process.lstat(&name).is_err() {
            if !call.quiet {
                process.output(&format!("\tzip warning: name not matched: {name}\n"))?;
            }
            missing = true;
            continue;
        }
        changed |= add(process, &call, &mut archive, &name)?;
        gone.push(name);
    }
    if !changed && (missing || !call.updates) {
        return error(process, "Nothing to do!", &call.file, NOTHING);
    }
    let written = process.write(&call.file, archive.bytes());
    if let Err(failure) = written {
        process.check_limits()?;
        return error(process, "Could not create output file", failure.kind.message(), 15);
    }
    if call.moves {
        for name in gone {
            let _ = process.remove_all(&name);
        }
    }
    Ok(if missing { 18 } else { 0 })
}

fn error(process: &mut Process<'_, '_>, what: &str, detail: &str, code: i32) -> Outcome {
    process.output(&format!("\nzip error: {what} ({detail})\n"))?;
    Ok(code)
}

fn delete(process: &mut Process<'_, '_>, call: &Call, mut archive: Archive) -> Outcome {
    let before = archive.members.len();
    let mut deleted = Vec::new();
    archive.members.retain(|member| {
        let goes = call.names.iter().any(|glob| matches_glob(glob, &member.name));
        if goes {
            deleted.push(member.name.clone());
        }
        !goes
    });
    for name in deleted.iter().filter(|_| !call.quiet) {
        process.output(&format!("deleting: {name}\n"))?;
    }
    if archive.members.len() == before {
        return error(process, "Nothing to do!", &call.file, NOTHING);
    }
    let written = if archive.members.is_empty() {
        process.output("\tzip warning: zip file empty\n")?;
        process.remove(&call.file)
    } else {
        process.write(&call.file, archive.bytes())
    };
    if let Err(failure) = written {
        return error(process, "Could not create output file", failure.kind.message(), 15);
    }
    Ok(0)
}

/// Adds what a name leads to; whether anything was.
fn add(
    process: &mut Process<'_, '_>,
    call: &Call,
    archive: &mut Archive,
    name: &str,
) -> Result<bool, Interrupt> {
    process.step(1)?;
    let found = if call.links { process.lstat(name) } else { process.stat(name) };
    let Ok(node) = found else { return Ok(false) };
    // The archive does not pack itself.
    if process.resolve(name) == process.resolve(&call.file) {
        return Ok(false);
    }
    let is_directory = node.is_directory();
    let stored = stored_name(call, name, is_directory);
    let mut changed = false;
    if let Some(stored) = stored.filter(|stored| call.wants(stored)) {
        let link = node.as_symlink().map(to_bytes);
        let bytes = match (&link, is_directory) {
            (Some(target), _) => target.clone(),
            (_, true) => Vec::new(),
            _ => {
                process.read(name).ok().and_then(|file| file.bytes().map(<[u8]>::to_vec)).unwrap_or_default()
            }
        };
        process.step(bytes.len() as u64 / 256)?;
        process.machine.check_size(archive.size() + bytes.len())?;
        changed = put(process, call, archive, &node, stored, &bytes)?;
    }
    if is_directory && call.recursive {
        process.machine.enter()?;
        for (entry, _) in process.list(name).unwrap_or_default() {
            changed |= add(process, call, archive, &path::join(name, &entry))?;
        }
        process.machine.leave();
    }
    Ok(changed)
}

/// The name that an entry gets; none for what is not stored as one.
fn stored_name(call: &Call, name: &str, is_directory: bool) -> Option<String> {
    let clean: Vec<&str> = name.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let clean = if call.bare { path::name(name).to_owned() } else { clean.join("/") };
    if clean.is_empty() || is_directory && (call.bare || call.no_directories) {
        return None;
    }
    Some(if is_directory { format!("{clean}/") } else { clean })
}

fn put(
    process: &mut Process<'_, '_>,
    call: &Call,
    archive: &mut Archive,
    node: &Node,
    name: String,
    bytes: &[u8],
) -> Result<bool, Interrupt> {
    let place = archive.members.iter().position(|member| member.name == name);
    let metadata = *node.metadata();
    if let Some(place) = place
        && call.updates
        && archive.members[place].mtime >= metadata.mtime & !1
    {
        return Ok(false);
    }
    let kind = match node {
        Node::Directory(_) => 0o040_000,
        Node::Symlink { .. } => 0o120_000,
        _ => 0o100_000,
    };
    let mode = kind | metadata.mode;
    let owner = (!call.plain).then_some((metadata.uid, metadata.gid));
    let member = Member::pack(name, mode, metadata.mtime, owner, bytes, call.level);
    if !call.quiet {
        let verb = if place.is_some() { "updating" } else { "  adding" };
        process.output(&format!("{verb}: {} ({})\n", member.name, member.ratio()))?;
    }
    match place {
        Some(place) => archive.members[place] = member,
        None => archive.members.push(member),
    }
    Ok(true)
}

const HELP: &str = "Copyright (c) 1990-2008 Info-ZIP - Type 'zip \"-L\"' for software license.
Zip 3.0 (July 5th 2008). Usage:
zip [-options] [-b path] [-t mmddyyyy] [-n suffixes] [zipfile list] [-xi list]
";

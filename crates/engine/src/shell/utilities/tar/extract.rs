//! Unpacking and listing archives.

use super::list::Lines;
use super::names::{is_excluded, stripped, transformed, wanted_by};
use super::settings::{Mode, Settings};
use super::{fatal, finish};
use crate::compression::{Flaw, Format};
use crate::layer::tar::{Body, Entry, Head, Reader};
use crate::shell::stand_in;
use crate::shell::utilities::support::{group_id, open_file, user_id};
use crate::shell::{CommandKind, Interrupt, LimitExceeded, Outcome, Process};
use crate::vfs::{DeviceKind, Follow, VfsError, VfsErrorKind, path};

/// A member of an archive.
pub(super) struct Member {
    pub entry: Entry,
    /// The size of its content, which is there only if it is unpacked.
    pub size: u64,
    pub user: String,
    pub group: String,
    /// The name as it is printed.
    pub shown: String,
}

/// Unpacks or lists.
pub(super) fn extract(process: &mut Process<'_, '_>, settings: &Settings) -> Outcome {
    let bytes = match archive(process, settings)? {
        Ok(bytes) => bytes,
        Err(code) => return Ok(code),
    };
    let busybox = process.is_busybox();
    if let Some(directory) = &settings.directory {
        if !process.is_directory(directory) {
            let text = if busybox {
                format!("can't change directory to '{directory}': No such file or directory")
            } else {
                format!("{directory}: Cannot open: No such file or directory")
            };
            return fatal(process, &text);
        }
        process.cwd = path::clean(&process.resolve(directory));
    }
    if bytes.is_empty() && busybox {
        return fatal(process, "short read");
    }
    let mut reader = Reader::new(&bytes);
    let mut unpacker = Unpacker {
        settings,
        lines: Lines::new(),
        found: vec![false; settings.members.len()],
        directories: Vec::new(),
        failed: false,
        said_absolute: false,
    };
    let mut first = true;
    while let Some(head) = reader.next_head() {
        process.step(1)?;
        let size = head.as_ref().map_or(0, Head::size);
        let entry = match head {
            Ok(head) if unpacker.unpacks(&head.entry.path, process.is_busybox()) => {
                // A few bytes of a sparse file can stand for very many.
                process.machine.check_size(usize::try_from(size).unwrap_or(usize::MAX))?;
                process.step(size / 256)?;
                reader.content(head)
            }
            head => head.map(|head| head.entry),
        };
        match entry {
            Ok(entry) => {
                let (user, group) = reader.owner_names();
                let (user, group) = (user.to_owned(), group.to_owned());
                let shown = match entry.body {
                    Body::Directory => format!("{}/", entry.path),
                    _ => entry.path.clone(),
                };
                unpacker.member(process, Member { entry, size, user, group, shown })?;
            }
            Err(error) => {
                let ends = error == crate::layer::tar::TarError::UnexpectedEnd && !first;
                return damaged(process, ends);
            }
        }
        first = false;
    }
    if first && bytes.len() < 512 {
        return damaged(process, false);
    }
    unpacker.end(process)
}

fn damaged(process: &mut Process<'_, '_>, ends: bool) -> Outcome {
    if process.is_busybox() {
        return fatal(process, if ends { "short read" } else { "invalid tar magic" });
    }
    if ends {
        process.complain("Unexpected EOF in archive")?;
        process.complain("Error is not recoverable: exiting now")?;
        return Ok(2);
    }
    process.complain("This does not look like a tar archive")?;
    finish(process, true)
}

/// Unpacks or lists an archive whose bytes nobody has.
fn fetched(process: &mut Process<'_, '_>, settings: &Settings, address: &str) -> Outcome {
    let directory = settings.directory.clone().unwrap_or_else(|| ".".to_owned());
    if !process.is_directory(&directory) {
        return fatal(process, &format!("{directory}: Cannot open: No such file or directory"));
    }
    let lists = matches!(settings.mode, Mode::List);
    let names = if lists {
        let files = process.world().download(address)?.unwrap_or_default();
        process.machine.mark = Some(CommandKind::Modelled);
        files.files.iter().map(|file| file.path.clone()).collect()
    } else {
        match stand_in::unpack(process, address, &directory, settings.strip)? {
            Ok(names) => names,
            Err(error) => {
                process.check_limits()?;
                return fatal(process, &error.to_string());
            }
        }
    };
    if lists || settings.verbose > 0 {
        for name in names {
            process.output(&format!("{name}\n"))?;
        }
    }
    Ok(0)
}

/// The address of what bytes or a file stand for.
fn stand_in_address(process: &mut Process<'_, '_>, file: Option<&str>, bytes: &[u8]) -> Option<String> {
    match file {
        Some(file) => stand_in::address_of(process, file),
        None => stand_in::address(bytes),
    }
}

/// The archive, unpacked; or the exit code after a message.
fn archive(process: &mut Process<'_, '_>, settings: &Settings) -> Result<Result<Vec<u8>, i32>, Interrupt> {
    let busybox = process.is_busybox();
    let bytes = if settings.is_stream() {
        process.read_input()?
    } else {
        match open_file(process, &settings.file) {
            Ok(input) => process.read_all(&input)?,
            Err(error) => {
                let reason = error.kind.message();
                let text = if busybox {
                    format!("can't open '{}': {reason}", settings.file)
                } else {
                    format!("{}: Cannot open: {reason}", settings.file)
                };
                return fatal(process, &text).map(Err);
            }
        }
    };
    let file = (!settings.is_stream()).then_some(settings.file.as_str());
    if let Some(address) = stand_in_address(process, file, &bytes) {
        return fetched(process, settings, &address).map(Err);
    }
    let found = Format::of(&bytes);
    let format = match (settings.format, found) {
        (Some(said), found) if found == Some(said) => said,
        (Some(said), _) => return wrong_format(process, said).map(Err),
        (None, Some(format)) if !settings.is_stream() => format,
        (None, Some(format)) if !busybox => {
            let option = match format {
                Format::Gzip => "-z",
                Format::Bzip2 => "-j",
                Format::Xz => "-J",
                Format::Zstd => "--zstd",
            };
            return fatal(process, &format!("Archive is compressed. Use {option} option")).map(Err);
        }
        (None, _) => return Ok(Ok(bytes)),
    };
    let limit = usize::try_from(process.machine.room()).unwrap_or(usize::MAX);
    process.step(bytes.len() as u64 / 64)?;
    let unpacked = format.unpack(&bytes, limit);
    process.step(unpacked.bytes.len() as u64 / 256)?;
    match unpacked.damage {
        Some(damage) if damage.flaw == Flaw::TooLarge => {
            Err(Interrupt::Limit(LimitExceeded::TreeBytes(process.machine.room())))
        }
        Some(damage) if damage.flaw != Flaw::NotThisFormat => {
            if busybox {
                return fatal(process, "corrupted data").map(Err);
            }
            if format == Format::Gzip {
                let what = if damage.flaw == Flaw::UnexpectedEnd {
                    "unexpected end of file"
                } else {
                    "invalid compressed data--format violated"
                };
                process.error_output(&format!("\ngzip: stdin: {what}\n"))?;
            }
            process.complain("Child returned status 1")?;
            process.complain("Error is not recoverable: exiting now")?;
            Ok(Err(2))
        }
        _ => Ok(Ok(unpacked.bytes)),
    }
}

/// The words of the program that was asked to unpack something else.
fn wrong_format(process: &mut Process<'_, '_>, said: Format) -> Outcome {
    if process.is_busybox() {
        if said == Format::Gzip || said == Format::Bzip2 {
            process.complain("invalid magic")?;
        }
        return fatal(process, "short read");
    }
    let (text, status) = match said {
        Format::Gzip => ("\ngzip: stdin: not in gzip format\n", 1),
        Format::Bzip2 => ("bzip2: (stdin) is not a bzip2 file.\n", 2),
        Format::Xz => ("xz: (stdin): File format not recognized\n", 1),
        Format::Zstd => ("zstd: /*stdin*\\: unsupported format \n", 1),
    };
    process.error_output(text)?;
    process.complain(&format!("Child returned status {status}"))?;
    process.complain("Error is not recoverable: exiting now")?;
    Ok(2)
}

struct Unpacker<'a> {
    settings: &'a Settings,
    lines: Lines,
    /// Which of the words asked for something that is there.
    found: Vec<bool>,
    /// Directories, to be given their modes and times at the end.
    directories: Vec<(String, Entry)>,
    failed: bool,
    said_absolute: bool,
}

impl Unpacker<'_> {
    /// Whether the content of a member is asked for.
    fn unpacks(&self, path: &str, busybox: bool) -> bool {
        let settings = self.settings;
        let is_wanted = settings.members.is_empty() || wanted_by(settings, path, busybox).is_some();
        settings.mode != Mode::List && is_wanted && !is_excluded(settings, path)
    }

    fn member(&mut self, process: &mut Process<'_, '_>, member: Member) -> Result<(), Interrupt> {
        let settings = self.settings;
        let busybox = process.is_busybox();
        if !settings.members.is_empty() {
            match wanted_by(settings, &member.entry.path, busybox) {
                Some(word) => self.found[word] = true,
                None => return Ok(()),
            }
        }
        if is_excluded(settings, &member.entry.path) {
            return Ok(());
        }
        if settings.mode == Mode::List {
            return self.tell(process, &member, settings.verbose + 1);
        }
        let name = transformed(settings, &member.shown);
        if name.starts_with('/') && !settings.absolute && !self.said_absolute {
            self.said_absolute = true;
            let text = if busybox {
                "removing leading '/' from member names"
            } else {
                "Removing leading `/' from member names"
            };
            process.complain(text)?;
        }
        if name.split('/').any(|part| part == "..") {
            let shown = &member.entry.path;
            if busybox {
                process.complain(&format!("name with '..' encountered: '{shown}'"))?;
            } else {
                process.complain(&format!("{shown}: Member name contains '..'"))?;
            }
            self.failed = true;
            return Ok(());
        }
        let target = target(settings, &name);
        // BusyBox names what it reads, GNU's what it unpacks.
        if settings.verbose > 0 && (target.is_some() || busybox) {
            self.tell(process, &member, settings.verbose)?;
        }
        let Some(target) = target else { return Ok(()) };
        if settings.to_stdout {
            if let Body::File(content) = &member.entry.body {
                process.output_bytes(content.bytes().unwrap_or_default())?;
            }
            return Ok(());
        }
        let mut target = target.trim_end_matches('/').to_owned();
        if let Some(top) = &self.settings.top
            && !path::is_within(&target, top)
        {
            target = path::join(top, &target);
        }
        if let Err(error) = self.put(process, &member, &target) {
            process.check_limits()?;
            self.failed = true;
            return complain(process, &member, &target, &error, busybox);
        }
        Ok(())
    }

    fn tell(
        &mut self,
        process: &mut Process<'_, '_>,
        member: &Member,
        verbose: usize,
    ) -> Result<(), Interrupt> {
        let long = verbose > 1;
        let line = if long {
            self.lines.long(member, self.settings.numeric, process.is_busybox())
        } else {
            member.shown.clone()
        };
        if self.settings.to_stdout {
            process.error_output(&format!("{line}\n"))
        } else {
            process.output(&format!("{line}\n"))
        }
    }

    fn put(&mut self, process: &mut Process<'_, '_>, member: &Member, target: &str) -> Result<(), VfsError> {
        let entry = &member.entry;
        let parent = path::parent(&process.resolve(target)).to_owned();
        if !process.is_directory(&parent) {
            process.make_directories(&parent)?;
        }
        let existing = process.lstat(target).ok();
        if entry.body == Body::Directory {
            let there = process.is_directory(target);
            if !there {
                if existing.is_some() {
                    process.remove(target)?;
                }
                process.make_directory(target, entry.metadata.mode | 0o700)?;
            }
            // BusyBox leaves an old directory as it is; GNU's gives it the metadata of the archive at the end.
            if !there || !process.is_busybox() {
                self.own(process, member, target)?;
                if process.is_busybox() {
                    self.stamp(process, entry, target)?;
                } else {
                    self.directories.push((process.resolve(target), entry.clone()));
                }
            }
            return Ok(());
        }
        if existing.is_some() {
            if self.settings.skips_old {
                return Ok(());
            }
            // Another name of the same file is there already.
            if self.settings.keeps_old
                && let Body::HardLink(first) = &entry.body
            {
                let first = self.settings.first_name(first);
                let own = process
                    .look(target, Follow::No)
                    .map(|(place, _)| process.machine.tree().names_of(&place));
                let other = process
                    .look(&first, Follow::No)
                    .map(|(place, _)| process.machine.tree().names_of(&place));
                if own.is_ok_and(|own| other.is_ok_and(|other| own == other)) {
                    return Ok(());
                }
            }
            if self.settings.keeps_old {
                return Err(VfsError::new(VfsErrorKind::Exists, target));
            }
            process.remove(target)?;
        }
        match &entry.body {
            Body::HardLink(first) => {
                let first = self.settings.first_name(first);
                return process.hard_link(&first, target);
            }
            Body::Symlink(to) => process.symlink(to, target)?,
            Body::Device { kind, number } => {
                process.make_device(target, *kind, *number, entry.metadata.mode)?
            }
            Body::File(content) => process.write_with_mode(target, content.clone(), 0o600)?,
            Body::Directory => {}
        }
        self.own(process, member, target)?;
        self.stamp(process, entry, target)
    }

    /// Gives a new file its owner, if that may be.
    fn own(&self, process: &mut Process<'_, '_>, member: &Member, target: &str) -> Result<(), VfsError> {
        if !self.settings.same_owner && !process.is_busybox() {
            return Ok(());
        }
        let metadata = member.entry.metadata;
        let by_name = !self.settings.numeric;
        let uid = Some(&member.user).filter(|name| by_name && !name.is_empty());
        let uid = uid.and_then(|name| user_id(process, name)).unwrap_or(metadata.uid);
        let gid = Some(&member.group).filter(|name| by_name && !name.is_empty());
        let gid = gid.and_then(|name| group_id(process, name)).unwrap_or(metadata.gid);
        match process.set_owner(target, Some(uid), Some(gid), Follow::No) {
            Err(error) if error.kind != VfsErrorKind::NotPermitted || self.settings.same_owner => Err(error),
            _ => Ok(()),
        }
    }

    /// Gives mode and time.
    fn stamp(&self, process: &mut Process<'_, '_>, entry: &Entry, target: &str) -> Result<(), VfsError> {
        let metadata = entry.metadata;
        if !matches!(entry.body, Body::Symlink(_)) {
            let mode = if self.settings.exact_modes {
                metadata.mode
            } else {
                metadata.mode & 0o777 & !process.umask
            };
            process.set_mode(target, mode)?;
        }
        if self.settings.now || matches!(entry.body, Body::Symlink(_)) && process.is_busybox() {
            return Ok(());
        }
        process.set_mtime(target, metadata.mtime, Follow::No)
    }

    fn end(mut self, process: &mut Process<'_, '_>) -> Outcome {
        for (place, entry) in std::mem::take(&mut self.directories).into_iter().rev() {
            let _ = self.stamp(process, &entry, &place);
        }
        let missing: Vec<&String> = self
            .settings
            .members
            .iter()
            .zip(&self.found)
            .filter(|(_, found)| !**found)
            .map(|(word, _)| word)
            .collect();
        for word in missing {
            if process.is_busybox() {
                process.complain(&format!("{word}: not found in archive"))?;
                return Ok(1);
            }
            process.complain(&format!("{word}: Not found in archive"))?;
            self.failed = true;
        }
        if self.failed && process.is_busybox() {
            return Ok(1);
        }
        finish(process, self.failed)
    }
}

impl Settings {
    /// Where the first name of a hard link was unpacked to.
    fn first_name(&self, name: &str) -> String {
        let name = transformed(self, name);
        target(self, &name).unwrap_or(&name).to_owned()
    }
}

/// Where a member goes.
fn target<'n>(settings: &Settings, name: &'n str) -> Option<&'n str> {
    if settings.absolute && settings.strip == 0 {
        return Some(name);
    }
    stripped(name, settings.strip)
}

fn complain(
    process: &mut Process<'_, '_>,
    member: &Member,
    target: &str,
    error: &VfsError,
    busybox: bool,
) -> Result<(), Interrupt> {
    let reason = error.kind.message();
    let text = match (&member.entry.body, busybox) {
        (Body::Directory, false) => format!("{target}: Cannot mkdir: {reason}"),
        (Body::Symlink(to), false) => format!("{target}: Cannot create symlink to ‘{to}’: {reason}"),
        (Body::HardLink(to), false) => format!("{target}: Cannot hard link to ‘{to}’: {reason}"),
        (Body::Device { kind: DeviceKind::Fifo, .. }, false) => format!("{target}: Cannot mkfifo: {reason}"),
        (Body::Device { .. }, false) => format!("{target}: Cannot mknod: {reason}"),
        (Body::File(_), false) => format!("{target}: Cannot open: {reason}"),
        (Body::Directory, true) => format!("can't make dir {target}: {reason}"),
        (Body::HardLink(to), true) => format!("can't create hardlink '{target}' to '{to}': {reason}"),
        (Body::Symlink(to), true) => format!("can't create symlink '{target}' to '{to}': {reason}"),
        (Body::Device { .. }, true) => format!("can't create node {target}: {reason}"),
        (Body::File(_), true) => format!("can't open '{target}': {reason}"),
    };
    process.complain(&text)
}

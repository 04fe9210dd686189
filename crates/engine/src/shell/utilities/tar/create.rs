//! Writing archives.

use super::header::{Header, pad};
use super::names::{is_excluded, transformed};
use super::settings::Settings;
use super::{fatal, finish, packed};
use crate::layer::tar::{BLOCK, Reader};
use crate::shell::utilities::mode;
use crate::shell::utilities::support::{group_name, user_name};
use crate::shell::{Interrupt, Outcome, Process, bytes};
use crate::vfs::{DeviceKind, Follow, Node, path};
use std::collections::BTreeMap;
use std::sync::Arc;

struct Writer<'a> {
    settings: &'a Settings,
    out: Vec<u8>,
    /// Where the first name of a file with several names is in the archive.
    ties: BTreeMap<String, String>,
    /// The place of the archive itself, which is not put into itself.
    own: Option<String>,
    failed: bool,
    /// What was said about names once.
    said: Vec<String>,
    /// The times of members that are there already, where only newer ones are added.
    times: BTreeMap<String, i64>,
}

/// Makes an archive.
pub(super) fn create(process: &mut Process<'_, '_>, settings: &Settings) -> Outcome {
    write(process, settings, Vec::new())
}

/// Puts members behind those of an archive that is not packed.
pub(super) fn append(process: &mut Process<'_, '_>, settings: &Settings) -> Outcome {
    let mut old = Vec::new();
    if let Ok(content) = process.read(&settings.file) {
        old = content.bytes().unwrap_or_default().to_vec();
    }
    // The zeros at the end give way.
    let used =
        old.chunks(BLOCK).rposition(|block| block.iter().any(|byte| *byte != 0)).map_or(0, |at| at + 1);
    old.truncate(used * BLOCK);
    write(process, settings, old)
}

fn write(process: &mut Process<'_, '_>, settings: &Settings, start: Vec<u8>) -> Outcome {
    let busybox = process.is_busybox();
    if settings.members.is_empty() {
        if busybox {
            process.complain("empty archive")?;
            return Ok(1);
        }
        process.complain("Cowardly refusing to create an empty archive")?;
        process.error_output("Try 'tar --help' or 'tar --usage' for more information.\n")?;
        return Ok(2);
    }
    let mut writer = Writer {
        settings,
        out: start,
        ties: BTreeMap::new(),
        own: None,
        failed: false,
        said: Vec::new(),
        times: BTreeMap::new(),
    };
    if settings.updates {
        writer.times = times(&writer.out);
    }
    if !settings.is_stream() {
        // It is made first, so that it is there when its directory is read.
        match process.create(&settings.file, 0o666, true) {
            Ok(place) => writer.own = Some(place),
            Err(error) => {
                let reason = error.kind.message();
                let text = if busybox {
                    format!("can't open '{}': {reason}", settings.file)
                } else {
                    format!("{}: Cannot open: {reason}", settings.file)
                };
                return fatal(process, &text);
            }
        }
    }
    let archive = process.resolve(&settings.file);
    let outside = process.cwd.clone();
    let mut turns = settings.turns.iter().peekable();
    for (at, member) in settings.members.iter().enumerate() {
        while let Some((_, directory)) = turns.next_if(|(place, _)| *place <= at) {
            let whole = path::join(&outside, directory);
            if !process.is_directory(&whole) {
                let text = if busybox {
                    format!("can't change directory to '{directory}': No such file or directory")
                } else {
                    format!("{directory}: Cannot open: No such file or directory")
                };
                return fatal(process, &text);
            }
            process.cwd = path::clean(&whole);
        }
        let member = if member.len() > 1 { member.trim_end_matches('/') } else { member };
        writer.add(process, member)?;
        if settings.removes
            && let Err(error) = process.remove_all(member)
        {
            process.complain(&format!("{member}: Cannot unlink: {}", error.kind.message()))?;
            writer.failed = true;
        }
    }
    process.cwd = outside;
    writer.out.extend_from_slice(&[0; 2 * BLOCK]);
    // BusyBox ends without filling a record.
    if !busybox {
        pad(&mut writer.out, settings.record);
    }
    let failed = writer.failed;
    let bytes = match packed(process, settings, std::mem::take(&mut writer.out))? {
        Ok(bytes) => bytes,
        Err(code) => return Ok(code),
    };
    if settings.is_stream() {
        process.output_bytes(&bytes)?;
    } else if let Err(error) = process.write(&archive, bytes) {
        process.check_limits()?;
        return fatal(process, &format!("{}: {}", settings.file, error.kind.message()));
    }
    finish(process, failed)
}

/// The latest time of each name in an archive.
fn times(archive: &[u8]) -> BTreeMap<String, i64> {
    let mut times = BTreeMap::new();
    let mut reader = Reader::new(archive);
    while let Some(Ok(head)) = reader.next_head() {
        let time = head.entry.metadata.mtime;
        let name = head.entry.path.trim_start_matches("./").trim_end_matches('/').to_owned();
        let latest = times.entry(name).or_insert(time);
        *latest = time.max(*latest);
    }
    times
}

impl Writer<'_> {
    fn add(&mut self, process: &mut Process<'_, '_>, path: &str) -> Result<(), Interrupt> {
        process.step(1)?;
        let busybox = process.is_busybox();
        if is_excluded(self.settings, path) {
            return Ok(());
        }
        let follow = if self.settings.dereference { Follow::Yes } else { Follow::No };
        let (place, node) = match process.look(path, follow) {
            Ok(found) => found,
            Err(error) => {
                let reason = error.kind.message();
                let text = if busybox {
                    format!("{path}: {reason}")
                } else {
                    format!("{path}: Cannot stat: {reason}")
                };
                if self.settings.ignores_unreadable {
                    return process.complain(&format!("{path}: Warning: Cannot stat: {reason}"));
                }
                self.failed = true;
                return process.complain(&text);
            }
        };
        if self.own.as_deref() == Some(&place) {
            let what = if busybox { "skipping" } else { "not dumped" };
            return process.complain(&format!("{path}: file is the archive; {what}"));
        }
        let time = self.times.get(path.trim_start_matches("./")).copied();
        if !(self.settings.updates && time.is_some_and(|time| node.metadata().mtime <= time)) {
            self.member(process, path, &place, &node)?;
        }
        if node.is_directory() && self.settings.recursive {
            match process.list(&place) {
                Ok(entries) => {
                    for (name, _) in entries {
                        self.add(process, &path::join(path, &name))?;
                    }
                }
                Err(error) => {
                    self.failed = true;
                    process.complain(&format!("{path}: Cannot open: {}", error.kind.message()))?;
                }
            }
        }
        Ok(())
    }

    /// The name in the archive: without what leads out of it.
    fn name(&mut self, process: &mut Process<'_, '_>, path: &str) -> Result<String, Interrupt> {
        let mut name = path;
        if !self.settings.absolute {
            let mut removed = "";
            if let Some(at) = path.rfind("../").filter(|at| *at == 0 || path[..*at].ends_with('/')) {
                name = &path[at + 3..];
                removed = &path[..at + 3];
            }
            let relative = name.trim_start_matches('/');
            if relative.len() < name.len() && removed.is_empty() {
                removed = "/";
            }
            name = relative;
            if !removed.is_empty() && !self.said.iter().any(|said| said == removed) {
                self.said.push(removed.to_owned());
                let text = if process.is_busybox() {
                    format!("removing leading '{removed}' from member names")
                } else {
                    format!("Removing leading `{removed}' from member names")
                };
                process.complain(&text)?;
            }
        }
        Ok(if name.is_empty() { "./".to_owned() } else { name.to_owned() })
    }

    fn member(
        &mut self,
        process: &mut Process<'_, '_>,
        path: &str,
        place: &str,
        node: &Arc<Node>,
    ) -> Result<(), Interrupt> {
        let mut shown = self.name(process, path)?;
        if node.is_directory() && !shown.ends_with('/') {
            shown.push('/');
        }
        let name = transformed(self.settings, &shown);
        let mut metadata = *node.metadata();
        if let Some((uid, _)) = self.settings.owner {
            metadata.uid = uid;
        }
        if let Some((gid, _)) = self.settings.group {
            metadata.gid = gid;
        }
        if let Some(text) = &self.settings.mode_text {
            metadata.mode = mode::parse(text, metadata.mode, node.is_directory(), 0).unwrap_or(metadata.mode);
        }
        metadata.mtime = self.settings.mtime.unwrap_or(metadata.mtime);
        let (user, group) = self.owner_names(process, metadata.uid, metadata.gid);
        let (kind, link, content, device) = match &**node {
            Node::Directory(_) => (b'5', String::new(), None, None),
            Node::Symlink { target, .. } => (b'2', target.to_string(), None, None),
            Node::Device { kind: DeviceKind::Fifo, .. } => (b'6', String::new(), None, Some((0, 0))),
            Node::Device { kind: DeviceKind::Character, number, .. } => {
                (b'3', String::new(), None, Some(*number))
            }
            Node::Device { number, .. } => (b'4', String::new(), None, Some(*number)),
            Node::File(file) => match self.first_name(process, place, &name) {
                Some(first) => (b'1', first, None, None),
                None => (b'0', String::new(), Some(file.content.clone()), None),
            },
        };
        let unreadable = content.is_some() && !process.may_read(path);
        if unreadable {
            self.failed = true;
            let what = if process.is_busybox() { "" } else { "Cannot open: " };
            return process.complain(&format!("{path}: {what}Permission denied"));
        }
        let data = content.as_ref().and_then(|content| content.bytes()).unwrap_or_default();
        if content.as_ref().is_some_and(|content| content.size() != data.len() as u64) {
            self.failed = true;
            return process.complain(&format!("{path}: its content is not simulated"));
        }
        Header {
            name: &bytes::to_bytes(&name),
            link: &bytes::to_bytes(&link),
            kind,
            mode: metadata.mode,
            uid: metadata.uid,
            gid: metadata.gid,
            user: &user,
            group: &group,
            size: data.len() as u64,
            mtime: metadata.mtime,
            device,
        }
        .write(&mut self.out, process.is_busybox());
        process.step(data.len() as u64 / 4096)?;
        self.out.extend_from_slice(data);
        pad(&mut self.out, BLOCK);
        process.machine.check_size(self.out.len())?;
        self.tell(process, &shown)
    }

    fn owner_names(&self, process: &mut Process<'_, '_>, uid: u32, gid: u32) -> (String, String) {
        if self.settings.numeric {
            return Default::default();
        }
        let user = match &self.settings.owner {
            Some((_, name)) if !name.is_empty() => name.clone(),
            _ => user_name(process, uid).unwrap_or_default(),
        };
        let group = match &self.settings.group {
            Some((_, name)) if !name.is_empty() => name.clone(),
            _ => group_name(process, gid).unwrap_or_default(),
        };
        (user, group)
    }

    /// The first name of a file that has several, if that is in the archive.
    fn first_name(&mut self, process: &mut Process<'_, '_>, place: &str, name: &str) -> Option<String> {
        let names = process.machine.tree().names_of(place);
        if names.len() < 2 || self.settings.dereference {
            return None;
        }
        let key = names.into_iter().min().map(|name| name.to_string()).unwrap_or_default();
        let first = self.ties.get(&key).cloned();
        if first.is_none() {
            self.ties.insert(key, name.to_owned());
        }
        first
    }

    fn tell(&self, process: &mut Process<'_, '_>, name: &str) -> Result<(), Interrupt> {
        if self.settings.verbose == 0 {
            return Ok(());
        }
        if self.settings.is_stream() {
            process.error_output(&format!("{name}\n"))
        } else {
            process.output(&format!("{name}\n"))
        }
    }
}

//! `COPY` and `ADD`.

use super::commands::needs_buildkit;
use super::making::Work;
use super::sums::{combined, source_sum};
use super::{Classic, Progress, dockerfile_error};
use crate::cache::{SourceKey, StepKind};
use crate::dockerfile::{Add, Copy, SourcesAndDestination};
use crate::graph::{CopyAction, CopyFlags, FileCopy, Operation, Source, VertexId, VertexKind};
use crate::solver::options::Release;
use crate::solver::report::BuildErrorKind;
use crate::solver::select::{SelectError, select, source_key};
use crate::solver::step::{Inputs, StepError};
use crate::vfs::{Tree, path};
use std::sync::Arc;

/// What both instructions say.
struct Request<'a> {
    name: &'static str,
    files: &'a SourcesAndDestination,
    from: Option<&'a str>,
    chown: Option<&'a str>,
    chmod: Option<&'a str>,
}

/// What was found for a source: files, and the checksums that stand for them.
struct Found {
    action: CopyAction,
    key: SourceKey,
    sums: Vec<String>,
}

impl Classic<'_> {
    pub(super) fn copy(&mut self, copy: &Copy) -> Result<(), StepError> {
        self.transfer(&Request {
            name: "COPY",
            files: &copy.files,
            from: copy.from.as_deref(),
            chown: copy.chown.as_deref(),
            chmod: copy.chmod.as_deref(),
        })
    }

    pub(super) fn add(&mut self, add: &Add) -> Result<(), StepError> {
        self.transfer(&Request {
            name: "ADD",
            files: &add.files,
            from: None,
            chown: add.chown.as_deref(),
            chmod: add.chmod.as_deref(),
        })
    }

    fn transfer(&mut self, request: &Request<'_>) -> Result<(), StepError> {
        let chown = request.chown.map(|word| self.expand(word)).transpose()?.unwrap_or_default();
        let paths = self.expand_all(&request.files.paths)?;
        let destination = self.expand(&request.files.destination)?;
        if request.chmod.is_some() {
            return Err(dockerfile_error(needs_buildkit("chmod")));
        }
        let (source, inputs) = match request.from {
            Some(name) => self.source(name)?,
            None => (Source::Context, Vec::new()),
        };
        let is_add = request.name == "ADD";
        let mut found = Vec::new();
        for written in &paths {
            let one = self.find(&source, written, is_add);
            found.push(one.map_err(|error| failed(request.name, error))?);
        }
        let sums: Vec<String> = found.iter().flat_map(|found| found.sums.iter().cloned()).collect();
        let hash = match &sums[..] {
            [] => return Err(failed(request.name, StepError::step("no source files were specified"))),
            [only] => only.clone(),
            _ if !destination.ends_with('/') => {
                return Err(dockerfile_error(format!(
                    "When using {} with more than one source file, the destination must be a directory and end with a /",
                    request.name
                )));
            }
            many => combined("multi", many),
        };
        let owner = match (&*chown, self.settings.release) {
            ("", _) => String::new(),
            (chown, Release::Docker20) => format!("--chown={chown}"),
            (chown, Release::Docker29) => format!("--chown={chown} "),
        };
        let mut command = self.shell();
        command.push(format!("#(nop) {} {owner}{hash} in {destination} ", request.name));
        let (actions, sources): (Vec<_>, Vec<_>) =
            found.into_iter().map(|found| (found.action, found.key)).unzip();
        let copy = FileCopy {
            add: is_add,
            actions,
            destination: self.place_of(&destination),
            chown: self.owner(&chown)?,
            chmod: None,
            excludes: Vec::new(),
            parents: false,
        };
        let (kind, step) =
            if is_add { (VertexKind::Add, StepKind::Add) } else { (VertexKind::Copy, StepKind::Copy) };
        let work = Work {
            in_container: false,
            sources,
            destination,
            options: Some(("chown".to_owned(), chown))
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .collect(),
            inputs,
            ..Work::new(kind, step, Operation::Copy(copy), command)
        };
        self.make(work).map_err(|error| match error.kind {
            BuildErrorKind::Step => {
                StepError { message: format!("failed to copy files: {}", error.message), ..error }
            }
            _ => error,
        })
    }

    /// A destination as seen from the working directory. A slash at its end stays.
    fn place_of(&self, written: &str) -> String {
        let working_dir = &self.stage.config.working_dir;
        let base = if working_dir.is_empty() { "/" } else { working_dir };
        let absolute = path::absolute(base, written);
        let is_directory = written.ends_with('/') && absolute != "/";
        if is_directory { format!("{absolute}/") } else { absolute }
    }

    /// What `--from` names: a stage that is done, or an image.
    fn source(&mut self, name: &str) -> Result<(Source, Vec<VertexId>), StepError> {
        let invalid = |error: StepError| StepError {
            message: format!("invalid from flag value {name}: {}", error.message),
            ..error
        };
        if let Some(stage) = self.stage_named(name).map_err(invalid)? {
            let shown = stage.shown.clone();
            return Ok(match stage.vertex {
                Some(vertex) => (Source::Vertex { vertex, name: shown, image: false }, vec![vertex]),
                None => (Source::Empty, Vec::new()),
            });
        }
        let (_, vertex) = self.take_image(name, None, false).map_err(invalid)?;
        Ok((Source::Vertex { vertex, name: name.to_owned(), image: true }, vec![vertex]))
    }

    /// Finds the files of one source.
    fn find(&mut self, source: &Source, written: &str, is_add: bool) -> Result<Found, StepError> {
        if written.starts_with("http://") || written.starts_with("https://") {
            return self.fetch(written, is_add);
        }
        let relative = path::clean(written.trim_start_matches('/').trim_start_matches("./"));
        if relative == ".." || relative.starts_with("../") {
            return Err(StepError::step(format!("forbidden path outside the build context: {written} ()")));
        }
        let action = CopyAction {
            source: source.clone(),
            path: path::absolute("/", written),
            include: Vec::new(),
            wildcard: true,
            unpack: is_add,
        };
        let tree = self.files_of(source)?;
        let matches = match select(&tree, &action, &[], &mut self.cache) {
            Ok(matches) => matches,
            Err(SelectError::MissingDirectory(_)) => Vec::new(),
            Err(SelectError::NoChecksum(reason)) => return Err(StepError::step(reason)),
            Err(SelectError::Missing(place)) => return Err(missing(source, &place)),
        };
        let release = self.settings.release;
        let sums =
            matches.iter().map(|(place, node)| source_sum(&tree, place, node, release, &mut self.cache));
        let sums = sums.collect();
        let key = source_key(source, action.path.clone(), matches);
        Ok(Found { action, key, sums })
    }

    /// A download. It is never unpacked.
    fn fetch(&mut self, address: &str, is_add: bool) -> Result<Found, StepError> {
        let flags = CopyFlags { add: true, ..CopyFlags::default() };
        let remote = flags.remote(address).filter(|_| is_add);
        let Some((remote, place)) = remote else {
            return Err(StepError::step("source can't be a URL for COPY"));
        };
        let source = Source::Remote(Arc::new(remote));
        let tree = self.files_of(&source)?;
        self.progress.push(Progress::Note(String::new()));
        let action = CopyAction {
            source: source.clone(),
            path: place.clone(),
            include: Vec::new(),
            wildcard: false,
            unpack: false,
        };
        let node = tree.entry_shared(&place).cloned();
        let node = node.ok_or_else(|| missing(&source, &place))?;
        // Nothing is in front of the checksum of a download.
        let sum = super::sums::sum(place.trim_start_matches('/'), &node, self.settings.release);
        let key = source_key(&source, place.clone(), vec![(place, node)]);
        Ok(Found { action, key, sums: vec![sum] })
    }

    fn files_of(&self, source: &Source) -> Result<Tree, StepError> {
        let inputs = Inputs {
            world: self.world,
            context: &self.context,
            snapshots: &self.snapshots,
            epoch: None,
            secrets: &[],
        };
        inputs.source_tree(source)
    }

    /// The numbers of `--chown`. A name without a group stands for the group of that name, and all must be there.
    fn owner(&self, chown: &str) -> Result<Option<String>, StepError> {
        if chown.is_empty() {
            return Ok(None);
        }
        let (user, group) = chown.split_once(':').unwrap_or((chown, chown));
        let snapshot = self.stage.vertex.and_then(|vertex| self.snapshots[vertex.0 as usize].as_ref());
        let number =
            |file: &str, name: &str| {
                let text = snapshot.and_then(|snapshot| snapshot.tree.read_text(file)).unwrap_or_default();
                let mut lines = text.lines().map(|line| line.split(':'));
                let known = lines.find_map(|mut line| {
                    if line.next() == Some(name) { line.nth(1).map(str::to_owned) } else { None }
                });
                known.or_else(|| name.parse::<u32>().ok().map(|number| number.to_string()))
            };
        let unable = |what: &str, list: &str, name: &str| {
            dockerfile_error(format!(
                "unable to convert uid/gid chown string to host mapping: can't find {what} for {list} {name}: no such {list}: {name}"
            ))
        };
        let uid = number("/etc/passwd", user).ok_or_else(|| unable("uid", "user", user))?;
        let gid = number("/etc/group", group).ok_or_else(|| unable("gid", "group", group))?;
        Ok(Some(format!("{uid}:{gid}")))
    }
}

fn failed(instruction: &str, error: StepError) -> StepError {
    StepError { message: format!("{instruction} failed: {}", error.message), prefix: "", ..error }
}

fn missing(source: &Source, place: &str) -> StepError {
    let name = place.trim_start_matches('/');
    let reason = format!("stat {name}: file does not exist");
    let message = match source {
        Source::Context => format!("file not found in build context or excluded by .dockerignore: {reason}"),
        _ => reason,
    };
    let kind = BuildErrorKind::CopySourceMissing { path: place.to_owned(), nearest: Vec::new() };
    StepError::new(kind, message)
}

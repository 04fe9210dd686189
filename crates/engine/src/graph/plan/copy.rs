//! `COPY` and `ADD`.

use super::Planner;
use super::state::{Command, RawVertex};
use crate::dockerfile::expand::Expander;
use crate::dockerfile::{Add, Copy, SourcesAndDestination};
use crate::graph::VertexKind;
use crate::graph::error::{Place, PlanError};
use crate::graph::operation::{CopyAction, FileCopy, Operation, Source};
use crate::graph::remote::Remote;
use crate::graph::sources::CopyFlags;
use crate::vfs::path;
use std::sync::Arc;

/// What both instructions say, as far as they are alike.
struct Request<'a> {
    add: bool,
    files: &'a SourcesAndDestination,
    from: Option<&'a str>,
    chown: Option<&'a str>,
    chmod: Option<&'a str>,
    checksum: Option<&'a str>,
    keep_git_dir: Option<bool>,
    link: bool,
    parents: bool,
    excludes: &'a [String],
    unpack: bool,
    /// Whether `--unpack` was said, and not `--unpack=false`.
    unpack_said: bool,
}

impl Planner<'_> {
    pub(super) fn dispatch_copy(
        &mut self,
        index: usize,
        command: &Command,
        copy: &Copy,
    ) -> Result<(), PlanError> {
        let request = Request {
            add: false,
            files: &copy.files,
            from: copy.from.as_deref(),
            chown: copy.chown.as_deref(),
            chmod: copy.chmod.as_deref(),
            checksum: None,
            keep_git_dir: None,
            link: copy.link,
            parents: copy.parents,
            excludes: &copy.excludes,
            unpack: false,
            unpack_said: false,
        };
        self.dispatch_files(index, command, &request)
    }

    #[inline(never)]
    pub(super) fn dispatch_add(
        &mut self,
        index: usize,
        command: &Command,
        add: &Add,
    ) -> Result<(), PlanError> {
        let request = Request {
            add: true,
            files: &add.files,
            from: None,
            chown: add.chown.as_deref(),
            chmod: add.chmod.as_deref(),
            checksum: add.checksum.as_deref(),
            keep_git_dir: add.keep_git_dir,
            link: add.link,
            parents: false,
            excludes: &add.excludes,
            unpack: add.unpack.unwrap_or(true),
            unpack_said: add.unpack == Some(true),
        };
        self.dispatch_files(index, command, &request)
    }

    fn dispatch_files(
        &mut self,
        index: usize,
        command: &Command,
        request: &Request<'_>,
    ) -> Result<(), PlanError> {
        let expand = |word: Option<&str>| word.map(|word| self.expand(index, word)).transpose();
        let chown = expand(request.chown)?.filter(|text| !text.is_empty());
        let chmod = expand(request.chmod)?.filter(|text| !text.is_empty());
        let checksum = expand(request.checksum)?.filter(|text| !text.is_empty());
        let excludes = self.expand_all(index, request.excludes)?;
        let paths = self.expand_all(index, &request.files.paths)?;
        let written = self.expand(index, &request.files.destination)?;
        let inline = self.inline_files(index, request.files)?;
        let source = self.copy_source(index, command, request)?;
        let flags = CopyFlags {
            add: request.add,
            chmod: chmod.as_deref(),
            checksum: checksum.as_deref(),
            keep_git_dir: request.keep_git_dir,
        };
        flags.check(&paths).map_err(PlanError::new)?;
        let mut actions: Vec<CopyAction> = Vec::new();
        for path in &paths {
            flags.check_source(path).map_err(PlanError::new)?;
            actions.push(path_action(source.clone(), path, flags.remote(path), request));
        }
        actions.extend(inline.into_iter().map(inline_action));
        let row = history(request, chown.as_deref(), chmod.as_deref(), &paths, &written);
        let copy = FileCopy {
            add: request.add,
            actions,
            destination: self.destination(index, &written),
            chown,
            chmod,
            excludes,
            parents: request.parents,
        };
        self.push_copy(index, command, copy, request.link);
        self.record(index, row, true);
        Ok(())
    }

    /// The vertex, or for `--link` the two vertices.
    fn push_copy(&mut self, index: usize, command: &Command, copy: FileCopy, link: bool) {
        let text = self.step_text(index, command);
        let (name, number) = self.states[index].step_name(&text);
        // BuildKit cannot merge what --chmod made, so the flag is without effect then.
        let link = link && copy.chmod.is_none();
        let below = self.states[index].result;
        let vertex = RawVertex {
            name,
            kind: if copy.add { VertexKind::Add } else { VertexKind::Copy },
            state: index,
            number,
            place: Some(Place::from(&command.instruction)),
            operation: Operation::Copy(copy),
            base: below.filter(|_| !link),
            ignore_cache: self.states[index].ignore_cache,
        };
        let mut result = self.push(vertex.clone());
        if link && below.is_some() {
            result = self.push(RawVertex {
                name: self.states[index].named(&format!("LINK {text}")),
                kind: VertexKind::Link,
                operation: Operation::Merge { layer: result },
                base: below,
                ..vertex
            });
        }
        self.states[index].result = Some(result);
    }

    #[inline(never)]
    fn inline_files(&self, index: usize, files: &SourcesAndDestination) -> Result<Vec<Source>, PlanError> {
        let mut sources = Vec::new();
        for file in &files.inline {
            let data = if file.expand {
                let expansion = Expander::for_files().expand(&file.data, &self.states[index].scope.env);
                expansion.map_err(|error| PlanError::new(error.message))?.text
            } else {
                file.data.clone()
            };
            sources.push(Source::Inline { name: file.name.clone(), data: data.into(), mode: 0o644 });
        }
        Ok(sources)
    }

    fn copy_source(
        &self,
        index: usize,
        command: &Command,
        request: &Request<'_>,
    ) -> Result<Source, PlanError> {
        let (Some(from), Some(Some(source))) = (request.from, command.sources.first()) else {
            return Ok(Source::Context);
        };
        self.stage_source(*source, from).ok_or_else(|| {
            PlanError::new(format!(
                "cannot copy from stage {from:?}, it needs to be defined before current stage {:?}",
                self.states[index].shown
            ))
        })
    }

    /// The files of another stage, if it comes before in the text.
    pub(super) fn stage_source(&self, source: usize, name: &str) -> Option<Source> {
        let state = &self.states[source];
        if state.stage.is_some() && !state.dispatched {
            return None;
        }
        let image = state.stage.is_none();
        let name = name.to_owned();
        Some(state.result.map_or(Source::Empty, |vertex| Source::Vertex { vertex, name, image }))
    }
}

fn path_action(
    source: Source,
    written: &str,
    remote: Option<(Remote, String)>,
    request: &Request<'_>,
) -> CopyAction {
    if let Some((remote, path)) = remote {
        // What was fetched is unpacked only where that was asked for.
        let unpack = request.unpack_said && !remote.repository;
        let source = Source::Remote(Arc::new(remote));
        return CopyAction { source, path, include: Vec::new(), wildcard: false, unpack };
    }
    let (path, include) = if request.parents {
        // What stands before `/./` is not repeated at the destination.
        let (parent, pattern) = written.split_once("/./").unwrap_or(("/", written));
        (parent, vec![path::absolute("/", pattern)[1..].to_owned()])
    } else {
        (written, Vec::new())
    };
    let path = path::absolute("/", path);
    CopyAction { source, path, include, wildcard: true, unpack: request.unpack }
}

#[inline(never)]
fn inline_action(source: Source) -> CopyAction {
    let name = match &source {
        Source::Inline { name, .. } => path::absolute("/", name),
        _ => "/".to_owned(),
    };
    CopyAction { source, path: name, include: Vec::new(), wildcard: false, unpack: false }
}

fn history(
    request: &Request<'_>,
    chown: Option<&str>,
    chmod: Option<&str>,
    paths: &[String],
    destination: &str,
) -> String {
    let mut text = if request.add { "ADD" } else { "COPY" }.to_owned();
    if request.parents {
        text.push_str(" --parents");
    }
    for (flag, value) in [("chown", chown), ("chmod", chmod)] {
        if let Some(value) = value {
            text.push_str(&format!(" --{flag}={value}"));
        }
    }
    for path in paths {
        text.push_str(&format!(" {path}"));
    }
    for file in &request.files.inline {
        text.push_str(&format!(" <<{}", file.name));
    }
    format!("{text} {destination} # buildkit")
}

//! The parts of a vertex' cache key.
//!
//! `RUN` and `WORKDIR` are keyed on the step above and on what the text says; `COPY`, `ADD` and bind mounts also on what
//! their sources select, and not on where these come from.

use super::names::reference;
use super::report::BuildErrorKind;
use super::select::{Matches, SelectError, follow, missing, select, source_key};
use super::step::{Inputs, StepError};
use crate::cache::{BaseKey, Cache, KeyParts, MountKey, SourceKey, StepKind};
use crate::case::Case;
use crate::digest::CacheKey;
use crate::dockerfile::suggest;
use crate::graph::{
    CacheOwner, CopyAction, Exec, ExecMount, FileCopy, MountSource, Operation, Source, Vertex,
};
use crate::vfs::{Node, Tree, path};
use std::sync::Arc;

/// The parts of the key of `vertex`; `keys` are those of the vertices before it.
pub(super) fn key_parts(
    vertex: &Vertex,
    keys: &[Option<CacheKey>],
    inputs: &Inputs<'_>,
    cache: &mut Cache,
) -> Result<KeyParts, StepError> {
    let parent = vertex.base.and_then(|base| keys[base.0 as usize]);
    let mut parts = match &vertex.operation {
        Operation::Image(source) => KeyParts {
            base: Some(BaseKey {
                reference: source.reference.clone(),
                manifest: source.image.manifest_digest,
            }),
            ..KeyParts::new(StepKind::From, None)
        },
        Operation::Exec(exec) => exec_parts(exec, parent, inputs)?,
        Operation::Copy(copy) => copy_parts(copy, parent, inputs, cache)?,
        Operation::MakeDirectory { path, user } => {
            KeyParts { workdir: path.clone(), user: user.clone(), ..KeyParts::new(StepKind::Workdir, parent) }
        }
        Operation::Configure => KeyParts::new(StepKind::Configure, parent),
        Operation::Merge { layer } => {
            KeyParts { linked: keys[layer.0 as usize], ..KeyParts::new(StepKind::Link, parent) }
        }
    };
    parts.instruction = vertex.name.split_once("] ").map_or(&*vertex.name, |(_, text)| text).to_owned();
    Ok(parts)
}

fn exec_parts(exec: &Exec, parent: Option<CacheKey>, inputs: &Inputs<'_>) -> Result<KeyParts, StepError> {
    let mut parts = KeyParts {
        command: exec.args.clone(),
        env: exec.env.clone(),
        workdir: exec.workdir.clone(),
        user: exec.user.clone(),
        ..KeyParts::new(StepKind::Run, parent)
    };
    if exec.network != "default" {
        parts.options.push(("network".to_owned(), exec.network.clone()));
    }
    if !exec.hostname.is_empty() {
        parts.options.push(("hostname".to_owned(), exec.hostname.clone()));
    }
    for mount in &exec.mounts {
        parts.mounts.push(mount_key(mount, inputs)?);
    }
    Ok(parts)
}

fn mount_key(mount: &ExecMount, inputs: &Inputs<'_>) -> Result<MountKey, StepError> {
    let mut key =
        MountKey { kind: String::new(), target: mount.target.clone(), options: Vec::new(), source: None };
    let mut option = |name: &str, value: &dyn std::fmt::Display| key.options.push(format!("{name}={value}"));
    option("readonly", &mount.read_only);
    key.kind = match &mount.source {
        MountSource::Bind { from, path } => {
            key.source = Some(bind_source(from, path, inputs)?);
            "bind"
        }
        MountSource::Cache { id, from, path, sharing, owner } => {
            option("id", id);
            option("source", path);
            option("sharing", &format!("{sharing:?}").lower());
            match owner {
                Some(CacheOwner { mode, uid, gid }) => option("owner", &format!("{mode:o} {uid}:{gid}")),
                None if matches!(from, Source::Empty) => {}
                None => key.source = Some(bind_source(from, path, inputs)?),
            }
            "cache"
        }
        MountSource::Tmpfs { size } => {
            option("size", size);
            "tmpfs"
        }
        MountSource::Secret { id, required, mode, uid, gid } => {
            option("id", id);
            option("required", required);
            option("owner", &format!("{mode:o} {uid}:{gid}"));
            "secret"
        }
        MountSource::SecretEnv { id, required, variable } => {
            option("id", id);
            option("required", required);
            option("env", variable);
            "secret"
        }
        MountSource::Ssh { id, required } => {
            option("id", id);
            option("required", required);
            "ssh"
        }
    }
    .to_owned();
    Ok(key)
}

/// What a bind mount shows.
pub(super) fn bind_node(from: &Source, place: &str, inputs: &Inputs<'_>) -> Result<Arc<Node>, StepError> {
    let tree = inputs.source_tree(from)?;
    follow(&tree, place).map_err(|error| select_error(error, &tree))
}

fn bind_source(from: &Source, place: &str, inputs: &Inputs<'_>) -> Result<SourceKey, StepError> {
    let matches = vec![(place.to_owned(), bind_node(from, place, inputs)?)];
    Ok(source_key(from, place.to_owned(), matches))
}

fn copy_parts(
    copy: &FileCopy,
    parent: Option<CacheKey>,
    inputs: &Inputs<'_>,
    cache: &mut Cache,
) -> Result<KeyParts, StepError> {
    let kind = if copy.add { StepKind::Add } else { StepKind::Copy };
    let mut parts = KeyParts { destination: copy.destination.clone(), ..KeyParts::new(kind, parent) };
    for action in &copy.actions {
        let matches = matches_of(action, copy, inputs, cache)?;
        let place = if action.include.is_empty() {
            action.path.clone()
        } else {
            path::join(&action.path, &format!("./{}", action.include.join(",")))
        };
        parts.sources.push(source_key(&action.source, place, matches));
    }
    // Of a mode in digits its value counts, and not how it is written.
    let chmod = copy.chmod.as_ref().map(|mode| match u32::from_str_radix(mode, 8) {
        Ok(bits) => format!("{bits:o}"),
        Err(_) => mode.clone(),
    });
    let flags = [("chown", copy.chown.clone()), ("chmod", chmod)];
    parts.options.extend(flags.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    parts.options.extend(copy.excludes.iter().map(|pattern| ("exclude".to_owned(), pattern.clone())));
    if copy.parents {
        parts.options.push(("parents".to_owned(), "true".to_owned()));
    }
    if copy.add
        && copy.actions.iter().any(|action| !action.unpack && matches!(action.source, Source::Context))
    {
        parts.options.push(("unpack".to_owned(), "false".to_owned()));
    }
    if copy.actions.iter().any(|action| action.unpack && matches!(action.source, Source::Remote(_))) {
        parts.options.push(("unpack".to_owned(), "true".to_owned()));
    }
    Ok(parts)
}

/// What an action of a copy selects.
fn matches_of(
    action: &CopyAction,
    copy: &FileCopy,
    inputs: &Inputs<'_>,
    cache: &mut Cache,
) -> Result<Matches, StepError> {
    let tree = inputs.source_tree(&action.source)?;
    select(&tree, action, &copy.excludes, cache).map_err(|error| match (error, &action.source) {
        // Of nothing there is no checksum, so that only the copy itself finds nothing there.
        (SelectError::Missing(place), Source::Empty) => {
            select_error(SelectError::MissingDirectory(place), &tree)
        }
        (error, _) => select_error(error, &tree),
    })
}

/// The error of a step that names a file which the build context does not have.
pub(super) fn missing_in_context(operation: &Operation, context: &Tree) -> Option<StepError> {
    let missing = match operation {
        Operation::Copy(copy) => {
            let mut actions = copy.actions.iter().filter(|action| matches!(action.source, Source::Context));
            actions.find_map(|action| missing(context, action, &copy.excludes))
        }
        Operation::Exec(exec) => {
            let mut named = exec.mounts.iter().filter_map(|mount| match &mount.source {
                MountSource::Bind { from: Source::Context, path } => Some(path),
                _ => None,
            });
            named.find(|place| !context.exists(place)).cloned()
        }
        _ => None,
    };
    Some(select_error(SelectError::Missing(missing?), context))
}

fn select_error(error: SelectError, tree: &Tree) -> StepError {
    match error {
        SelectError::Missing(place) => {
            let reference = reference(place.as_bytes());
            let message = format!("failed to calculate checksum of ref {reference}: {place:?}: not found");
            let nearest = nearest_names(tree, &place);
            let kind = BuildErrorKind::CopySourceMissing { path: place, nearest };
            StepError { prefix: "failed to compute cache key: ", ..StepError::new(kind, message) }
        }
        SelectError::MissingDirectory(place) => {
            StepError::step(format!("lstat {place}: no such file or directory"))
        }
        SelectError::NoChecksum(reason) => {
            let reference = reference(reason.as_bytes());
            let message = format!("failed to calculate checksum of ref {reference}: {reason}");
            StepError { prefix: "failed to compute cache key: ", ..StepError::step(message) }
        }
    }
}

/// What may have been meant with a path that is not there: the entry of the nearest directory whose name is most like
/// it, then files of the same name elsewhere.
fn nearest_names(tree: &Tree, missing: &str) -> Vec<String> {
    const MOST: usize = 4;
    let mut place = missing;
    let mut found: Vec<String> = Vec::new();
    while place.len() > 1 {
        let parent = path::parent(place);
        if let Ok(directory) = tree.directory(parent) {
            let names = directory.entries().map(|(name, _)| &**name);
            found.extend(suggest::nearest(path::name(place), names).map(|name| path::join(parent, name)));
            break;
        }
        place = parent;
    }
    let same_name = tree.walk("/").filter(|entry| path::name(&entry.path) == path::name(missing));
    for entry in same_name.take(MOST) {
        if !found.contains(&entry.path) {
            found.push(entry.path);
        }
    }
    found.truncate(MOST);
    found
}

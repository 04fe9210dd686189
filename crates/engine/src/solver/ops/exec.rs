//! `RUN`: a command in the shell, with its mounts.

use crate::cache::{Cache, CommandNote, LogLine, SimulationKind, Stream};
use crate::dockerfile::quote::quote;
use crate::graph::{CacheOwner, Exec, ExecMount, MountSource, Source};
use crate::shell::{self, CommandKind, Credentials, Machine, Mount, RunOutcome, RunSpec, Scene};
use crate::solver::keys::bind_node;
use crate::solver::report::BuildErrorKind;
use crate::solver::step::{Attempt, FailedRun, Inputs, Made, StepError};
use crate::vfs::{Content, Directory, Metadata, Node, Tree};
use std::sync::Arc;

#[inline(never)]
pub(super) fn run(
    exec: &Exec,
    below: &Tree,
    layers: usize,
    inputs: &Inputs<'_>,
    cache: &mut Cache,
) -> Result<Made, StepError> {
    let (scene, caches) = scene(exec, below, layers, inputs, cache)?;
    let (mut machine, mounted) = scene.machine_and_mounts(inputs.world);
    let outcome = shell::run(&mut machine, scene.spec.clone());
    let caches = caches.into_iter().filter_map(|(at, directory)| Some((mounted[at]?, directory))).collect();
    keep_caches(caches, &mut machine, cache);
    let commands = notes(&machine.notes);
    let made = Made {
        log: log_of(&outcome),
        seconds: commands.iter().fold(0.0, |sum, note| sum + note.seconds),
        commands,
        tree: machine.finish(),
    };
    judge(exec, &outcome, made, &scene)
}

/// Everything that the command is given, and which of its mounts outlive the build.
fn scene(
    exec: &Exec,
    below: &Tree,
    layers: usize,
    inputs: &Inputs<'_>,
    cache: &Cache,
) -> Result<(Scene, Vec<(usize, CacheDirectory)>), StepError> {
    let credentials = Credentials::of_user(&exec.user, below).map_err(|error| {
        StepError::step(format!("{} did not complete successfully: {error}", process(exec)))
    })?;
    let mut environment: Vec<(String, String)> =
        exec.env.iter().map(|variable| (variable.name.clone(), variable.value.clone())).collect();
    environment.extend(exec.proxy_env.iter().cloned());
    let (mut mounts, mut caches) = (Vec::new(), Vec::new());
    for mount in &exec.mounts {
        if let MountSource::SecretEnv { id, required, variable } = &mount.source {
            if let Some(value) = secret(inputs, id, *required)? {
                environment.push((variable.clone(), String::from_utf8_lossy(value).into_owned()));
            }
            continue;
        }
        let directory = CacheDirectory::of(&mount.source, inputs)?;
        let node = match &directory {
            Some(directory) => Some(directory.node(cache, inputs)),
            None => mount_node(mount, inputs)?,
        };
        if let Some(node) = node {
            caches.extend(directory.map(|directory| (mounts.len(), directory)));
            mounts.push(Mount { target: mount.target.clone(), node, read_only: mount.read_only });
        }
    }
    let spec = RunSpec {
        arguments: exec.args.clone(),
        environment,
        cwd: exec.workdir.clone(),
        credentials,
        stdin: Vec::new(),
    };
    let scene = Scene {
        tree: below.clone(),
        mounts,
        spec,
        // Later steps run later: what one touches that an earlier one made gets another time, and so is in its layer.
        now: inputs.world.now() + layers as i64,
        network: exec.network != "none",
        hostname: exec.hostname.clone(),
    };
    Ok((scene, caches))
}

fn process(exec: &Exec) -> String {
    format!("process {}", quote(&exec.args.join(" ")))
}

/// Whether the command succeeded; else the error that BuildKit gives.
fn judge(exec: &Exec, outcome: &RunOutcome, made: Made, scene: &Scene) -> Result<Made, StepError> {
    let fail = |kind, exit_code, reason: String| StepError {
        attempt: Some(Box::new(Attempt {
            exit_code,
            log: made.log.clone(),
            commands: made.commands.clone(),
            seconds: made.seconds,
            failed: Some(Arc::new(FailedRun { scene: scene.clone(), command: outcome.commands })),
        })),
        ..StepError::new(kind, format!("{} {reason}", process(exec)))
    };
    if let Some(asset) = &outcome.not_loaded {
        return Err(crate::world::NotLoaded::new(asset).into());
    }
    if let Some(limit) = outcome.limit {
        // Not a word of BuildKit's, and no exit code: a real process would have gone on.
        let reason = format!("was ended by a limit of the lab: {limit}");
        return Err(fail(BuildErrorKind::LimitReached, None, reason));
    }
    if outcome.exit_code != 0 {
        let reason = format!("did not complete successfully: exit code: {}", outcome.exit_code);
        let exit_code = u32::try_from(outcome.exit_code).ok();
        return Err(fail(BuildErrorKind::CommandFailed, exit_code, reason));
    }
    Ok(made)
}

fn log_of(outcome: &RunOutcome) -> Vec<LogLine> {
    let line = |entry: &shell::LogEntry| LogLine {
        stream: match entry.stream {
            shell::Stream::Stdout => Stream::Stdout,
            shell::Stream::Stderr => Stream::Stderr,
        },
        text: String::from_utf8_lossy(&entry.bytes).into_owned(),
    };
    outcome.log.iter().map(line).collect()
}

/// One note per command and kind, in the order of their first appearance.
pub fn notes(ran: &[shell::CommandNote]) -> Vec<CommandNote> {
    let mut notes: Vec<CommandNote> = Vec::new();
    for note in ran {
        let name = note.arguments.first().cloned().unwrap_or_default();
        let kind = match note.kind {
            CommandKind::Executed => SimulationKind::Executed,
            CommandKind::Modelled => SimulationKind::Modelled,
            CommandKind::Unknown => SimulationKind::Unknown,
        };
        match notes.iter_mut().find(|known| known.name == name && known.kind == kind) {
            Some(known) => {
                known.count += 1;
                known.seconds += note.seconds;
            }
            None => notes.push(CommandNote { name, kind, count: 1, seconds: note.seconds }),
        }
    }
    notes
}

/// A directory that outlives the build.
///
/// Beside its name it is told by what it starts with: BuildKit keeps one for each base, and mode and owner are a base of
/// their own.
struct CacheDirectory {
    name: String,
    base: Option<Arc<Node>>,
    owner: CacheOwner,
}

impl CacheDirectory {
    /// The directory of a mount; nothing for one of another type.
    fn of(source: &MountSource, inputs: &Inputs<'_>) -> Result<Option<Self>, StepError> {
        let MountSource::Cache { id, from, path, owner, .. } = source else { return Ok(None) };
        let base = match owner {
            Some(_) => None,
            None => Some(bind_node(from, path, inputs)?),
        };
        let origin = base.as_ref().map(|base| (path, base.content_digest().to_string()));
        let usual = CacheOwner { mode: 0o755, uid: 0, gid: 0 };
        let name = match (from, owner) {
            (Source::Empty, None) => id.clone(),
            _ => format!("{id} {owner:?} {origin:?}"),
        };
        Ok(Some(Self { name, base, owner: owner.unwrap_or(usual) }))
    }

    /// What it holds.
    fn node(&self, cache: &Cache, inputs: &Inputs<'_>) -> Arc<Node> {
        let empty = |node: &&Arc<Node>| node.as_directory().is_none_or(Directory::is_empty);
        match (cache.mount(&self.name), &self.base) {
            (Some(kept), _) => kept.clone(),
            (None, Some(base)) if !empty(&base) => base.clone(),
            (None, _) => {
                empty_directory(self.owner.mode, inputs.world.now(), (self.owner.uid, self.owner.gid))
            }
        }
    }
}

fn empty_directory(mode: u32, now: i64, (uid, gid): (u32, u32)) -> Arc<Node> {
    Arc::new(Node::Directory(Directory::new(Metadata::new(mode, now).owned_by(uid, gid))))
}

/// What is to be mounted; nothing for an optional secret that is not given.
fn mount_node(mount: &ExecMount, inputs: &Inputs<'_>) -> Result<Option<Arc<Node>>, StepError> {
    let now = inputs.world.now();
    Ok(Some(match &mount.source {
        MountSource::Bind { from, path } => bind_node(from, path, inputs)?,
        MountSource::Tmpfs { .. } => empty_directory(0o1777, now, (0, 0)),
        MountSource::Secret { id, required, mode, uid, gid } => {
            let Some(value) = secret(inputs, id, *required)? else { return Ok(None) };
            let metadata = Metadata::new(*mode, now).owned_by(*uid, *gid);
            Arc::new(Node::file(metadata, Content::from(value.to_vec())))
        }
        MountSource::Ssh { id, required: true } => {
            return Err(StepError::step(format!("no SSH key {id:?} forwarded from the client")));
        }
        MountSource::Ssh { .. } | MountSource::SecretEnv { .. } | MountSource::Cache { .. } => {
            return Ok(None);
        }
    }))
}

fn secret<'a>(inputs: &Inputs<'a>, id: &str, required: bool) -> Result<Option<&'a [u8]>, StepError> {
    match inputs.secrets.iter().find(|(name, _)| name == id) {
        Some((_, value)) => Ok(Some(value)),
        None if required => Err(StepError::step(format!("secret {id}: not found"))),
        None => Ok(None),
    }
}

/// Cache mounts keep what the command left in them, even if it failed.
fn keep_caches(caches: Vec<(usize, CacheDirectory)>, machine: &mut Machine<'_>, cache: &mut Cache) {
    let held = machine.unmount_all();
    for (mounted, directory) in caches {
        if let Some(Some(node)) = held.get(mounted) {
            cache.keep_mount(&directory.name, node.clone());
        }
    }
}

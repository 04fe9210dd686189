//! Runs the command of a `RUN` in a machine.

use super::command::{self, SpawnError};
use super::credentials::Credentials;
use super::files::{OpenFile, handle};
use super::interrupt::{ExitCode, Interrupt, LimitExceeded};
use super::machine::Machine;
use super::output::{LogEntry, Stream};
use super::process::Process;
use crate::vfs::{Metadata, VfsErrorKind, path};

/// What a `RUN` runs.
#[derive(Clone, Debug)]
pub struct RunSpec {
    /// The command line: `["/bin/sh", "-c", "…"]` for the shell form, the words of the exec form.
    pub arguments: Vec<String>,
    /// The environment in its order. `PATH` is given its default and `HOME` the user's where they are missing.
    pub environment: Vec<(String, String)>,
    /// The working directory; it is made if it is missing.
    pub cwd: String,
    /// Who runs it.
    pub credentials: Credentials,
    /// Bytes at standard input, unless a console gives it.
    pub stdin: Vec<u8>,
}

/// How a `RUN` ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunOutcome {
    /// The exit code; it means nothing when a limit ended it.
    pub exit_code: ExitCode,
    /// All of standard output that no console took.
    pub stdout: Vec<u8>,
    /// All of standard error.
    pub stderr: Vec<u8>,
    /// Both, in the order of time.
    pub log: Vec<LogEntry>,
    /// The limit that ended it.
    pub limit: Option<LimitExceeded>,
    /// How many commands the first shell began: the last of them is the one that failed, if it did.
    pub commands: u64,
    /// The part of the catalogue without which a modelled program could not go on; the rest means nothing then.
    pub not_loaded: Option<String>,
}

/// Runs a command to its end. The machine keeps the tree and the notes of all commands.
///
/// `/proc`, `/dev`, `/sys`, `/etc/hosts` and `/etc/resolv.conf` are mounted unless they are already;
/// [`Machine::finish`] takes them away.
pub fn run(machine: &mut Machine<'_>, spec: RunSpec) -> RunOutcome {
    if !machine.is_mount_point("/proc") {
        machine.mount_system();
    }
    machine.describe(&spec.arguments, spec.credentials.uid, spec.credentials.gid);
    let from = machine.output.log().len();
    let result = run_process(machine, spec);
    machine.flush();
    machine.depth = 0;
    let (exit_code, limit, not_loaded) = match result {
        Ok(code) => (code, None, None),
        Err(Interrupt::Limit(limit)) => (137, Some(limit), None),
        Err(Interrupt::BrokenPipe | Interrupt::Starved) => (141, None, None),
        Err(Interrupt::NotLoaded(asset)) => (137, None, Some(asset)),
        Err(Interrupt::Moment) => (0, None, None),
        Err(Interrupt::Exit(code)) => (code, None, None),
    };
    let log = machine.output.log();
    let log: Vec<LogEntry> = log[from.min(log.len())..].to_vec();
    let of = |stream| {
        log.iter()
            .filter(|entry| entry.stream == stream)
            .flat_map(|entry| entry.bytes.iter().copied())
            .collect()
    };
    RunOutcome {
        exit_code,
        stdout: of(Stream::Stdout),
        stderr: of(Stream::Stderr),
        limit,
        commands: machine.moments.count(),
        not_loaded,
        log,
    }
}

fn run_process(machine: &mut Machine<'_>, spec: RunSpec) -> Result<ExitCode, Interrupt> {
    let arguments = spec.arguments.clone();
    let mut process = first_process(machine, spec);
    match command::spawn(&mut process, &arguments)? {
        Ok(code) => Ok(code),
        Err(error) => {
            let name = arguments.first().map_or("", |name| name);
            let (text, code) = start_error(&mut process, name, error);
            process.error_output(&text)?;
            Ok(code)
        }
    }
}

/// The first process of a container, as runc sets it up.
pub(super) fn first_process<'m, 'w>(machine: &'m mut Machine<'w>, spec: RunSpec) -> Process<'m, 'w> {
    let RunSpec { arguments, mut environment, cwd, credentials, stdin } = spec;
    if !environment.iter().any(|(name, _)| name == "PATH") {
        environment.insert(0, ("PATH".into(), command::DEFAULT_PATH.into()));
    }
    if !environment.iter().any(|(name, _)| name == "HOME") {
        let home = home_of(machine, credentials.uid);
        environment.push(("HOME".into(), home));
    }
    let cwd = if cwd.is_empty() { "/".to_owned() } else { path::clean(&cwd) };
    let now = machine.now;
    // As runc does, whoever the user is. Where it cannot be made, the command finds out by itself.
    let _ = machine.tree_mut().make_directories(&cwd, Metadata::new(0o755, now));
    let mut files = Process::standard_files();
    if machine.console.is_some() {
        files.set(0, Some(handle(OpenFile::Console)));
    } else if !stdin.is_empty() {
        files.set(0, Some(handle(OpenFile::Bytes { bytes: stdin.into(), offset: 0 })));
    }
    let pid = machine.first_pid;
    machine.next_pid = machine.next_pid.max(pid + 1);
    Process {
        machine,
        pid,
        arguments,
        environment,
        cwd,
        credentials,
        umask: 0o022,
        flavour: command::Flavour::Gnu,
        files,
    }
}

/// What runc says when the first process cannot be started.
fn start_error(process: &mut Process<'_, '_>, name: &str, error: SpawnError) -> (String, ExitCode) {
    const CREATE: &str = "runc run failed: unable to start container process:";
    match error {
        SpawnError::NotFound if !name.contains('/') => {
            (format!("{CREATE} exec: \"{name}\": executable file not found in $PATH\n"), 1)
        }
        SpawnError::NotFound => {
            let missing = process.stat(name).err().map_or(VfsErrorKind::NotFound, |error| error.kind);
            let reason = if process.exists(name) { "no such file or directory" } else { missing.message() };
            let reason = reason.to_lowercase();
            let text = if process.exists(name) {
                format!("exec {name}: {reason}\n")
            } else {
                format!("{CREATE} exec: \"{name}\": stat {name}: {reason}\n")
            };
            let code = if process.exists(name) { 255 } else { 1 };
            (text, code)
        }
        SpawnError::NotExecutableFormat => (format!("exec {name}: exec format error\n"), 255),
        SpawnError::NoApplet => (format!("{}: applet not found\n", path::name(name)), 127),
        SpawnError::PermissionDenied | SpawnError::IsADirectory => {
            let reason = error.message().to_lowercase();
            (format!("{CREATE} exec: \"{name}\": {reason}\n"), 1)
        }
    }
}

fn home_of(machine: &mut Machine<'_>, uid: u32) -> String {
    let passwd = machine.tree().read_text("/etc/passwd").unwrap_or("");
    let home = passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let number: u32 = fields.nth(2)?.parse().ok()?;
        if number == uid { fields.nth(2).map(str::to_owned) } else { None }
    });
    home.filter(|home| !home.is_empty()).unwrap_or_else(|| "/".to_owned())
}

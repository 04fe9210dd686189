//! A shell that a person types into: it keeps what it knows from one line to the next.
//!
//! Input: a tree with what is mounted in it, or a command that failed, to be run again up to the moment before it did.
//! Output: for each line what it printed (told to the world, too), its status, and the tree as it is then. A live shell is a
//! value: a clone of it goes its own way, and to throw it away is to drop it. Each line has all that the limits allow.

mod completion;
#[cfg(test)]
mod tests;

pub use completion::Completion;

use super::command::{self, CommandNote};
use super::files::FileTable;
use super::interpreter::{self, Shell, State};
use super::interrupt::{ExitCode, Interrupt, LimitExceeded};
use super::language::Dialect;
use super::machine::{Machine, Parked};
use super::output::LogEntry;
use super::process::Process;
use super::run::first_process;
use super::{Credentials, Flavour, Scene, run};
use crate::vfs::{Follow, Node, Tree, path};
use crate::world::World;
use std::fmt;

/// `$?` after a line that was interrupted.
const INTERRUPTED: ExitCode = interpreter::INTERRUPTED;

/// A shell between two lines.
#[derive(Clone)]
pub struct LiveShell {
    parked: Parked,
    state: State,
    files: FileTable,
    program: String,
    cwd: String,
    credentials: Credentials,
    umask: u32,
    flavour: Flavour,
    /// Lines that were run, for shells that count them.
    lines: u32,
    /// The tree as it was at first.
    opened: Tree,
    /// The command that comes next in the script, where it is one that failed.
    before: Option<String>,
}

/// There is no shell in the filesystem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoShell;

impl fmt::Display for NoShell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exec: \"/bin/sh\": stat /bin/sh: no such file or directory")
    }
}

impl std::error::Error for NoShell {}

/// What came of some lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LiveOutcome {
    /// `$?`
    pub status: ExitCode,
    /// What was printed.
    pub log: Vec<LogEntry>,
    /// Whether the shell has ended.
    pub closed: bool,
    /// The limit that interrupted it, as Ctrl+C would have: what was done until then stays done.
    pub limit: Option<LimitExceeded>,
    /// The part of the catalogue that is missing; nothing was done, and the lines are to be run again.
    pub not_loaded: Option<String>,
    /// The commands that ran.
    pub notes: Vec<CommandNote>,
}

impl LiveShell {
    /// A shell on a scene. Of its command only surroundings and user count; `shell` are the words of `SHELL`.
    pub fn open(scene: &Scene, shell: &[String], world: &dyn World) -> Result<Self, NoShell> {
        Self::in_machine(scene.machine(world), scene, shell)
    }

    /// A shell in the state just before a command of a run, by its number from 1; 0 is the beginning. The run is done
    /// again up to there, and what it prints is told to the world again.
    pub fn open_before(
        scene: &Scene,
        number: u64,
        shell: &[String],
        world: &dyn World,
    ) -> Result<Self, NoShell> {
        let mut machine = scene.machine(world);
        machine.moments.look_for(number);
        if number > 0 {
            run(&mut machine, scene.spec.clone());
        }
        let Some(moment) = machine.moments.take() else { return Self::open(scene, shell, world) };
        let machine = Machine::resume(machine.park(), world);
        let mut live = Self::in_machine(machine, scene, shell)?;
        let mut machine = Machine::resume(live.parked.clone(), world);
        let mut opened = Shell { process: live.process(&mut machine), state: live.state.clone() };
        // Another shell has another syntax, and its functions mean nothing there.
        if opened.state.dialect == moment.state.dialect {
            opened.take_over(moment.state);
        }
        let (state, _) = taken(opened);
        live.state = state;
        (live.cwd, live.credentials, live.umask) = (moment.cwd, moment.credentials, moment.umask);
        live.before = Some(moment.command);
        Ok(live)
    }

    fn in_machine(mut machine: Machine<'_>, scene: &Scene, words: &[String]) -> Result<Self, NoShell> {
        let mut process = first_process(&mut machine, scene.spec.clone());
        let program = shell_of(&mut process, words).ok_or(NoShell)?;
        process.arguments = vec![program.clone()];
        if path::name(&program_place(&mut process, &program)) == "busybox" {
            process.flavour = Flavour::Busybox;
        }
        let mut shell = Shell::for_person(process);
        let pipefail = words.iter().any(|word| word == "pipefail");
        shell.state.options.pipefail = pipefail && shell.state.dialect != Dialect::Dash;
        let (cwd, credentials) = (shell.process.cwd.clone(), shell.process.credentials.clone());
        let (umask, flavour) = (shell.process.umask, shell.process.flavour);
        let (state, files) = taken(shell);
        let parked = machine.park();
        let opened = parked.tree.clone();
        Ok(Self {
            parked,
            state,
            files,
            program,
            cwd,
            credentials,
            umask,
            flavour,
            lines: 0,
            opened,
            before: None,
        })
    }

    /// Whether a text needs more lines before it can be run.
    pub fn is_incomplete(&self, text: &str) -> bool {
        interpreter::is_incomplete(text, self.state.dialect)
    }

    /// Runs whole lines. A live that has ended runs nothing more.
    pub fn run(&mut self, text: &str, world: &dyn World) -> LiveOutcome {
        let mut machine = Machine::resume(self.parked.clone(), world);
        let process = self.process(&mut machine);
        let mut shell = Shell { process, state: self.state.clone() };
        let result = shell.run_lines(text, self.lines + 1);
        let mut outcome = LiveOutcome::default();
        match result {
            Ok(goes_on) => outcome.closed = !goes_on,
            Err(Interrupt::NotLoaded(asset)) => {
                outcome.not_loaded = Some(asset);
                return outcome;
            }
            Err(Interrupt::Limit(limit)) => {
                outcome.limit = Some(limit);
                shell.state.status = INTERRUPTED;
            }
            Err(Interrupt::BrokenPipe | Interrupt::Starved | Interrupt::Moment) => shell.state.status = 141,
            Err(Interrupt::Exit(code)) => shell.state.status = code,
        }
        shell.settle();
        self.cwd.clone_from(&shell.process.cwd);
        self.credentials = shell.process.credentials.clone();
        self.umask = shell.process.umask;
        (self.state, self.files) = taken(shell);
        self.lines += text.lines().count() as u32;
        outcome.status = self.state.status;
        machine.output.tell(world, true);
        outcome.log = machine.output.log().to_vec();
        outcome.notes = std::mem::take(&mut machine.notes);
        machine.depth = 0;
        self.parked = machine.park();
        outcome
    }

    /// Takes note that a line was stopped from outside, after which nothing of it is left but this.
    pub fn interrupt(&mut self) {
        self.state.status = INTERRUPTED;
    }

    fn process<'m, 'w>(&self, machine: &'m mut Machine<'w>) -> Process<'m, 'w> {
        Process {
            machine,
            pid: 1,
            arguments: vec![self.program.clone()],
            environment: self.state.environment(),
            cwd: self.cwd.clone(),
            credentials: self.credentials.clone(),
            umask: self.umask,
            flavour: self.flavour,
            files: self.files.clone(),
        }
    }

    /// The path of the shell.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// The working directory.
    pub fn cwd(&self) -> &str {
        &self.cwd
    }

    /// `$?`
    pub fn status(&self) -> ExitCode {
        self.state.status
    }

    /// The name of the user, or the number of one without a name.
    pub fn user(&self) -> String {
        let uid = self.credentials.uid.to_string();
        let passwd = self.parked.tree.read_text("/etc/passwd").unwrap_or("");
        let named = passwd.lines().find(|line| line.split(':').nth(2) == Some(&*uid));
        named.and_then(|line| line.split(':').next()).map_or(uid, str::to_owned)
    }

    /// Whether the user is root.
    pub fn is_root(&self) -> bool {
        self.credentials.uid == 0
    }

    /// The command that failed, and would come next in the script.
    pub fn before(&self) -> Option<&str> {
        self.before.as_deref()
    }

    /// The filesystem, with what is mounted.
    pub fn tree(&self) -> &Tree {
        &self.parked.tree
    }

    /// The filesystem as it was when the shell was opened.
    pub fn opened(&self) -> &Tree {
        &self.opened
    }

    /// What a key for completion gives for a line, with the caret behind `at` bytes of it.
    pub fn complete(&self, text: &str, at: usize, world: &dyn World) -> Completion {
        let mut machine = Machine::resume(self.parked.clone(), world);
        completion::complete(&mut self.process(&mut machine), &self.state, text, at)
    }
}

/// What is left of a shell when nothing runs in it.
fn taken(shell: Shell<'_, '_>) -> (State, FileTable) {
    let Shell { process, state } = shell;
    (state, process.files)
}

/// The shell to open: that of `SHELL`, if it is one, else the usual ones.
fn shell_of(process: &mut Process<'_, '_>, words: &[String]) -> Option<String> {
    let wanted = words.first().map(String::as_str);
    let usual = ["/bin/sh", "/bin/bash", "sh", "bash"];
    let mut names = wanted.into_iter().chain(usual);
    names.find_map(|name| command::search(process, name).ok().filter(|path| is_shell(process, path)))
}

fn is_shell(process: &mut Process<'_, '_>, program: &str) -> bool {
    let Ok((place, node)) = process.look(program, Follow::Yes) else { return false };
    let is_program = matches!(&*node, Node::File(file)
        if file.content.bytes().is_none_or(|bytes| bytes.starts_with(b"\x7fELF")) || path::name(&place) == "busybox");
    let is_shell = |name: &str| matches!(name, "sh" | "ash" | "dash" | "bash");
    let is_named = is_shell(path::name(program)) || is_shell(path::name(&place));
    is_program && is_named && process.may_execute(&place)
}

fn program_place(process: &mut Process<'_, '_>, program: &str) -> String {
    process.look(program, Follow::Yes).map_or_else(|_| program.to_owned(), |(place, _)| place)
}

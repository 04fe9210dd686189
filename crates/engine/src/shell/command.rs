//! How a command is found and what it is: executed, modelled or unknown.

use super::interrupt::{ExitCode, Interrupt, Outcome};
use super::process::Process;
use super::{given, programs, utilities};
use crate::vfs::{Follow, Node, VfsErrorKind, path};
use std::sync::Arc;

/// What a command is to the simulation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CommandKind {
    /// Really done, on real bytes.
    Executed,
    /// Worked out by a model of the program.
    Modelled,
    /// In the image, but not simulated: it succeeded without any effect.
    Unknown,
}

/// A command that ran.
#[derive(Clone, Debug, PartialEq)]
pub struct CommandNote {
    /// Its words.
    pub arguments: Vec<String>,
    /// What it is.
    pub kind: CommandKind,
    /// Modelled seconds; 0 for what is executed.
    pub seconds: f64,
    /// How it ended.
    pub exit_code: ExitCode,
}

/// Whose behaviour and words a utility has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// An applet of BusyBox.
    Busybox,
    /// coreutils, findutils, grep, sed, mawk and so on, as Debian has them.
    Gnu,
}

/// Why a command could not be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SpawnError {
    NotFound,
    PermissionDenied,
    IsADirectory,
    /// A file that is neither a program nor a script.
    NotExecutableFormat,
    /// BusyBox was called by a name that it does not have.
    NoApplet,
}

impl SpawnError {
    pub(crate) fn exit_code(self) -> ExitCode {
        match self {
            Self::NotFound | Self::NoApplet => 127,
            _ => 126,
        }
    }

    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::NotFound => "No such file or directory",
            Self::PermissionDenied => "Permission denied",
            Self::IsADirectory => "Is a directory",
            Self::NotExecutableFormat => "Exec format error",
            Self::NoApplet => "applet not found",
        }
    }
}

/// What a path turned out to be.
enum Program {
    Utility(utilities::Main, Flavour),
    Modelled(programs::Program),
    /// `#!`: the words to be put before the path.
    Script(Vec<String>),
    /// Text without `#!`.
    Text,
    Unknown,
}

/// The path of a command: in `PATH`, or as it is if there is a slash in it.
pub(crate) fn search(process: &mut Process<'_, '_>, name: &str) -> Result<String, SpawnError> {
    if given::is_given(process, name) {
        return Ok(name.to_owned());
    }
    if name.contains('/') {
        return match process.look(name, Follow::Yes) {
            Ok(_) => Ok(name.to_owned()),
            Err(error) if error.kind == VfsErrorKind::PermissionDenied => Err(SpawnError::PermissionDenied),
            Err(_) => Err(SpawnError::NotFound),
        };
    }
    let mut refused = SpawnError::NotFound;
    let paths = process.env("PATH").unwrap_or(DEFAULT_PATH).to_owned();
    for directory in paths.split(':').filter(|_| !name.is_empty()) {
        let candidate = if directory.is_empty() { name.to_owned() } else { path::join(directory, name) };
        let Ok(node) = process.stat(&candidate) else { continue };
        if node.is_directory() {
            continue;
        }
        if process.may_execute(&candidate) {
            return Ok(candidate);
        }
        refused = SpawnError::PermissionDenied;
    }
    Err(refused)
}

/// Where commands are looked for without `PATH`.
pub(crate) const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Runs `arguments` in `process`, which takes them over. The outer error ends more than the command.
pub(crate) fn spawn(
    process: &mut Process<'_, '_>,
    arguments: &[String],
) -> Result<Result<ExitCode, SpawnError>, Interrupt> {
    let name = arguments.first().map_or("", |name| name);
    match search(process, name) {
        Ok(path) => execute(process, &path, arguments),
        Err(error) => Ok(Err(error)),
    }
}

/// Runs the file at `path` with `arguments` (`execve`).
pub(crate) fn execute(
    process: &mut Process<'_, '_>,
    path: &str,
    arguments: &[String],
) -> Result<Result<ExitCode, SpawnError>, Interrupt> {
    if given::is_given(process, path) {
        return given::run(process, arguments).map(Ok);
    }
    process.machine.step(1)?;
    let (place, node) = match process.look(path, Follow::Yes) {
        Ok(found) => found,
        Err(error) if error.kind == VfsErrorKind::PermissionDenied => {
            return Ok(Err(SpawnError::PermissionDenied));
        }
        Err(_) => return Ok(Err(SpawnError::NotFound)),
    };
    if node.is_directory() {
        return Ok(Err(SpawnError::IsADirectory));
    }
    if !process.may_execute(&place) {
        return Ok(Err(SpawnError::PermissionDenied));
    }
    arguments.clone_into(&mut process.arguments);
    let program = match classify(path, &place, &node, arguments) {
        Ok(program) => program,
        Err(error) => return Ok(Err(error)),
    };
    process.machine.enter()?;
    let result = start(process, program, path, arguments);
    process.machine.leave();
    result
}

fn start(
    process: &mut Process<'_, '_>,
    program: Program,
    path: &str,
    arguments: &[String],
) -> Result<Result<ExitCode, SpawnError>, Interrupt> {
    match program {
        Program::Utility(main, flavour) => run_utility(process, main, flavour).map(Ok),
        Program::Modelled(program) => {
            let at = note(process, CommandKind::Modelled);
            process.flavour = Flavour::Gnu;
            let modelled = program(process)?;
            if let Some(note) = process.machine.notes.get_mut(at) {
                note.kind = modelled.kind;
                note.seconds = modelled.seconds;
                note.exit_code = modelled.exit_code;
            }
            Ok(Ok(modelled.exit_code))
        }
        Program::Unknown => {
            note(process, CommandKind::Unknown);
            Ok(Ok(0))
        }
        Program::Script(mut words) => {
            words.push(path.to_owned());
            words.extend(arguments.iter().skip(1).cloned());
            let interpreter = words[0].clone();
            match process.stat(&interpreter) {
                Ok(_) => execute(process, &interpreter, &words),
                Err(_) => Ok(Err(SpawnError::NotFound)),
            }
        }
        Program::Text => Ok(Err(SpawnError::NotExecutableFormat)),
    }
}

/// Runs a utility that was found other than by its file, and notes it.
pub(crate) fn run_utility(process: &mut Process<'_, '_>, main: utilities::Main, flavour: Flavour) -> Outcome {
    let at = note(process, CommandKind::Executed);
    process.flavour = flavour;
    let asks = flavour == Flavour::Busybox && process.args() == ["--help"];
    let code = if asks && utilities::answers_help(process) {
        utilities::print_usage(process)?;
        0
    } else {
        Interrupt::caught(main(process))? & 0xff
    };
    process.machine.check_limits()?;
    let mark = process.machine.mark.take();
    if let Some(note) = process.machine.notes.get_mut(at) {
        note.exit_code = code;
        note.kind = mark.unwrap_or(note.kind);
    }
    Ok(code)
}

fn note(process: &mut Process<'_, '_>, kind: CommandKind) -> usize {
    let arguments = process.arguments.clone();
    process.machine.notes.push(CommandNote { arguments, kind, seconds: 0.0, exit_code: 0 });
    process.machine.notes.len() - 1
}

fn classify(path: &str, place: &str, node: &Arc<Node>, arguments: &[String]) -> Result<Program, SpawnError> {
    let Node::File(file) = &**node else { return Err(SpawnError::PermissionDenied) };
    if path::name(place) == "busybox" {
        let called = arguments.first().map_or("", |name| path::name(name));
        let applet = if path::name(path) == "busybox" { called } else { path::name(path) };
        return applet_program(applet).ok_or(SpawnError::NoApplet);
    }
    if let Some(bytes) = file.content.bytes()
        && !bytes.starts_with(b"\x7fELF")
    {
        return Ok(script_words(bytes).map_or(Program::Text, Program::Script));
    }
    // Alternatives and versions: `awk` may lead to `mawk`, `python` to `python3.12`.
    for name in [path::name(path), path::name(place)] {
        if let Some(main) = utilities::find(name) {
            return Ok(Program::Utility(main, Flavour::Gnu));
        }
        if let Some(program) = programs::find(name) {
            return Ok(Program::Modelled(program));
        }
    }
    Ok(Program::Unknown)
}

fn applet_program(name: &str) -> Option<Program> {
    if let Some(main) = utilities::find(name) {
        return Some(Program::Utility(main, Flavour::Busybox));
    }
    if let Some(program) = programs::find(name) {
        return Some(Program::Modelled(program));
    }
    utilities::busybox::is_applet(name).then_some(Program::Unknown)
}

/// The interpreter of a script and its one argument.
fn script_words(bytes: &[u8]) -> Option<Vec<String>> {
    let line = bytes.strip_prefix(b"#!")?.split(|byte| *byte == b'\n').next()?;
    let line = super::bytes::to_text(line);
    let line = line.trim_matches([' ', '\t']);
    let (interpreter, argument) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    let argument = argument.trim_matches([' ', '\t']);
    if interpreter.is_empty() {
        return None;
    }
    let mut words = vec![interpreter.to_owned()];
    if !argument.is_empty() {
        words.push(argument.to_owned());
    }
    Some(words)
}

//! A process: what one command sees and may do.

mod files;
mod streams;

use super::command;
use super::credentials::Credentials;
use super::files::FileTable;
use super::interrupt::{Interrupt, Outcome};
use super::machine::Machine;
use crate::vfs::path;
use crate::world::World;

pub use streams::Input;
pub(crate) use streams::OpenOptions;

/// A running command.
///
/// Paths that its methods take may be relative to its directory. File methods check permissions and fail with the
/// error that the kernel would give; printing the message is the command's own business, for every command words it
/// in its own way.
pub struct Process<'m, 'w> {
    /// What it shares with all others.
    pub machine: &'m mut Machine<'w>,
    /// The words of the command line; the first is the name it was called by.
    pub arguments: Vec<String>,
    /// The environment, in the order of first appearance.
    pub environment: Vec<(String, String)>,
    /// The working directory, absolute and clean.
    pub cwd: String,
    /// Its process ID.
    pub pid: u32,
    /// Who runs it.
    pub credentials: Credentials,
    /// Mode bits that new files do not get.
    pub umask: u32,
    /// Whose words it prints.
    pub flavour: command::Flavour,
    pub(super) files: FileTable,
}

impl<'w> Process<'_, 'w> {
    /// The last part of the name it was called by.
    pub fn name(&self) -> &str {
        self.arguments.first().map_or("", |name| path::name(name))
    }

    /// The arguments after the name.
    pub fn args(&self) -> &[String] {
        self.arguments.get(1..).unwrap_or_default()
    }

    /// The value of an environment variable.
    pub fn env(&self, name: &str) -> Option<&str> {
        self.environment.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Sets an environment variable.
    pub fn set_env(&mut self, name: &str, value: &str) {
        match self.environment.iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.environment.push((name.to_owned(), value.to_owned())),
        }
    }

    /// Removes an environment variable.
    pub fn unset_env(&mut self, name: &str) {
        self.environment.retain(|(key, _)| key != name);
    }

    /// Whether it behaves as BusyBox does.
    pub fn is_busybox(&self) -> bool {
        self.flavour == command::Flavour::Busybox
    }

    /// Whether the C library of the image is musl, whose words for errors are its own.
    pub(crate) fn has_musl(&mut self) -> bool {
        self.exists("/lib/ld-musl-x86_64.so.1")
    }

    /// The time, in seconds since 1970.
    pub fn now(&self) -> i64 {
        self.machine.now
    }

    /// The world.
    pub fn world(&self) -> &'w dyn World {
        self.machine.world
    }

    /// Whether it can reach the network.
    pub fn has_network(&self) -> bool {
        self.machine.network
    }

    /// Counts work; see [`Machine::step`].
    pub fn step(&mut self, count: u64) -> Result<(), Interrupt> {
        self.machine.step(count)
    }

    /// `path` as an absolute path. Its `..` parts stay, as they go to the real parent of a linked directory.
    pub fn resolve(&self, path: &str) -> String {
        if path.starts_with('/') { path.to_owned() } else { path::join(&self.cwd, path) }
    }

    /// A copy that shares the machine and all open files, and whose changes of itself stay its own.
    pub fn fork(&mut self) -> Process<'_, 'w> {
        Process {
            machine: &mut *self.machine,
            arguments: self.arguments.clone(),
            environment: self.environment.clone(),
            cwd: self.cwd.clone(),
            pid: self.pid,
            credentials: self.credentials.clone(),
            umask: self.umask,
            flavour: self.flavour,
            files: self.files.clone(),
        }
    }

    /// Runs a command with this process's environment, directory, user and streams, as `exec` would find it in `PATH`.
    ///
    /// What is not found gives 127, what may not be run 126, without a message: see [`Process::spawn_or_tell`].
    pub fn spawn(&mut self, arguments: &[String]) -> Outcome {
        command::spawn(&mut self.fork(), arguments)
            .map(|result| result.unwrap_or_else(|error| error.exit_code()))
    }

    /// As [`Process::spawn`], printing `NAME: can't execute 'COMMAND': No such file or directory` or the like.
    pub fn spawn_or_tell(&mut self, arguments: &[String]) -> Outcome {
        match command::spawn(&mut self.fork(), arguments)? {
            Ok(code) => Ok(code),
            Err(error) => {
                let command = arguments.first().map_or("", |name| name);
                let text = if self.is_busybox() {
                    format!("{}: can't execute '{command}': {}\n", self.name(), error.message())
                } else {
                    self.quoted(&format!("{}: ‘{command}’: {}\n", self.name(), error.message()))
                };
                self.error_output(&text)?;
                Ok(error.exit_code())
            }
        }
    }

    /// As [`Process::spawn`], with nothing at standard input, and the reason where it cannot be started.
    pub(crate) fn spawn_without_input(
        &mut self,
        arguments: &[String],
    ) -> Result<Result<super::ExitCode, command::SpawnError>, Interrupt> {
        let mut child = self.fork();
        child.files.set(0, Some(super::files::handle(super::files::OpenFile::Null)));
        command::spawn(&mut child, arguments)
    }

    /// Closes standard input.
    pub(crate) fn close_input(&mut self) {
        self.files.set(0, None);
    }

    /// Runs text as `sh -c` does, with this process's environment, directory, user and streams.
    pub fn shell(&mut self, text: &str) -> Outcome {
        self.spawn(&["/bin/sh".to_owned(), "-c".to_owned(), text.to_owned()])
    }

    /// As [`Process::shell`], with what it prints given back instead.
    pub(crate) fn shell_output(&mut self, text: &str) -> Result<(Vec<u8>, super::ExitCode), Interrupt> {
        use super::files::{OpenFile, Pipe, handle};
        let bound = self.machine.pipe_limit();
        let pipe = std::rc::Rc::new(std::cell::RefCell::new(Pipe { bound, ..Pipe::default() }));
        let mut child = self.fork();
        child.files.set(1, Some(handle(OpenFile::Pipe(pipe.clone()))));
        let code = child.shell(text)?;
        let bytes = std::mem::take(&mut pipe.borrow_mut().bytes);
        Ok((bytes, code))
    }

    /// The path of a command as `PATH` leads to it; a name with a slash is a path itself.
    pub fn find_command(&mut self, name: &str) -> Option<String> {
        command::search(self, name).ok()
    }
}

//! One call of the command: its words, surroundings and streams.

use crate::daemon::{SECOND, nanoseconds};
use lab_engine::shell::{GivenAnswer, GivenCall, Stream};
use lab_engine::vfs::{Content, Metadata, Node, Tree, path};
use lab_engine::world::World;

/// A call.
pub struct Call<'a> {
    given: GivenCall<'a>,
    terminal: Option<(u32, u32)>,
    offset: i64,
    output: Vec<(Stream, Vec<u8>)>,
    /// Seconds that passed since it began.
    pub seconds: f64,
}

impl<'a> Call<'a> {
    /// A call as a machine gives it; `terminal` is the size of the terminal that it is on, `offset` nanoseconds by
    /// which it is later.
    pub fn new(given: GivenCall<'a>, terminal: Option<(u32, u32)>, offset: i64) -> Self {
        Self { given, terminal, offset, output: Vec::new(), seconds: 0.0 }
    }

    /// What came of it.
    pub fn answer(self, exit_code: i32) -> GivenAnswer {
        GivenAnswer { output: self.output, exit_code, seconds: self.seconds }
    }

    /// The words behind `docker`.
    pub fn words(&self) -> &[String] {
        self.given.arguments.get(1..).unwrap_or_default()
    }

    /// Nanoseconds since 1970.
    pub fn now(&self) -> i64 {
        let (start, slept) = self.given.clock;
        let started = start.saturating_mul(SECOND).saturating_add(self.offset);
        started.saturating_add(nanoseconds(slept + self.seconds))
    }

    /// The world around.
    pub fn world(&self) -> &'a dyn World {
        self.given.world
    }

    /// A variable of the environment.
    pub fn env(&self, name: &str) -> Option<&str> {
        self.given.environment.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The terminal's width and height.
    pub fn terminal(&self) -> Option<(u32, u32)> {
        self.terminal
    }

    /// Prints to standard output.
    pub fn out(&mut self, text: &str) {
        self.print(Stream::Stdout, text.as_bytes());
    }

    /// Prints to standard error.
    pub fn err(&mut self, text: &str) {
        self.print(Stream::Stderr, text.as_bytes());
    }

    /// Prints bytes.
    pub fn print(&mut self, stream: Stream, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        match self.output.last_mut() {
            Some((last, text)) if *last == stream => text.extend_from_slice(bytes),
            _ => self.output.push((stream, bytes.to_vec())),
        }
    }

    /// All of standard input.
    pub fn stdin(&mut self) -> Vec<u8> {
        (self.given.stdin)(self.given.tree)
    }

    /// A path of the host, absolute.
    pub fn path(&self, name: &str) -> String {
        path::clean(&path::absolute(&self.given.cwd, name))
    }

    /// The host's files.
    pub fn tree(&mut self) -> &mut Tree {
        self.given.tree
    }

    /// A file of the host, or why it cannot be read.
    pub fn read(&mut self, name: &str) -> Result<Vec<u8>, String> {
        let place = self.path(name);
        match self.given.tree.stat(&place) {
            Ok(Node::File(file)) => Ok(file.content.bytes().unwrap_or_default().to_vec()),
            Ok(_) => Err(format!("read {name}: is a directory")),
            Err(error) => Err(format!("open {name}: {}", error.kind.message().to_lowercase())),
        }
    }

    /// Writes a file of the host.
    pub fn write(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), String> {
        let place = self.path(name);
        let now = self.now() / SECOND;
        let metadata = Metadata::new(0o644, now);
        self.given
            .tree
            .write(&place, Content::new(bytes), metadata)
            .map_err(|error| format!("open {name}: {}", error.kind.message().to_lowercase()))
    }
}

//! A container's process: a run of the engine's shell that is as far as the clock is.
//!
//! What it does is a function of the tree that it starts with and of what happens to it from outside: signals, and files
//! that others change. When time has passed, it is run again from its start and a little further; so nothing of a running
//! process has to be kept.

use lab_engine::layer::{Changeset, apply, diff};
use lab_engine::shell::{
    Console, Credentials, LimitExceeded, Machine, Meanwhile, Mount, RunSpec, Stream, run,
};
use lab_engine::vfs::{Content, Metadata, Node, Tree};
use lab_engine::world::World;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// A part of the tree that is not of the container's layer.
#[derive(Clone, Debug)]
pub struct Mounted {
    /// Where it is.
    pub target: String,
    /// What it is.
    pub node: Arc<Node>,
    /// Whether it may only be read.
    pub read_only: bool,
}

/// How a process starts.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// Its words.
    pub arguments: Vec<String>,
    /// Its environment.
    pub environment: Vec<(String, String)>,
    /// Its directory.
    pub cwd: String,
    /// Its user, empty for root.
    pub user: String,
    /// What it reads.
    pub stdin: Vec<u8>,
    /// The name of its machine.
    pub hostname: String,
    /// Its process ID.
    pub pid: u32,
    /// Whether it may reach others.
    pub network: bool,
    /// Whether the layer may not be written.
    pub read_only: bool,
    /// Volumes, and files that the daemon makes.
    pub mounts: Vec<Mounted>,
}

/// Something that happens to a process from outside.
#[derive(Clone, Debug)]
enum Event {
    Signal(u8),
    Changes(Changeset),
}

/// What was printed, and when, in seconds since the start.
pub type Printed = (f64, Stream, Vec<u8>);

/// A process from its start to now.
#[derive(Clone, Debug)]
pub struct Execution {
    start: Start,
    began_with: Tree,
    now: i64,
    events: Vec<(f64, Event)>,
    /// What it printed.
    pub output: Vec<Printed>,
    /// When it ended, and how.
    pub ended: Option<(f64, i32)>,
    /// The container's files.
    pub tree: Tree,
    /// What is mounted, as it is now.
    pub mounts: Vec<Option<Arc<Node>>>,
    /// When the process does something again.
    wakes: f64,
}

/// Why a process could not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartFailure {
    /// What the runtime says.
    pub message: String,
    /// The exit code of the client.
    pub code: i32,
}

/// How runc's messages begin that the engine prints where a process cannot be started.
const RUNC: &str = "runc run failed: unable to start container process: ";

impl Execution {
    /// Starts a process at a time, in seconds since 1970.
    pub fn start(start: Start, tree: Tree, now: i64, world: &dyn World) -> Result<Self, StartFailure> {
        let mut execution = Self {
            start,
            began_with: tree.clone(),
            now,
            events: Vec::new(),
            output: Vec::new(),
            ended: None,
            tree,
            mounts: Vec::new(),
            wakes: 0.0,
        };
        if let Err(error) = Credentials::of_user(&execution.start.user, &execution.tree) {
            return Err(StartFailure { message: error.to_string(), code: 126 });
        }
        execution.advance(0.0, world);
        let first = execution.output.first().map(|(_, _, bytes)| String::from_utf8_lossy(bytes).into_owned());
        let message = first.as_deref().and_then(|text| text.strip_prefix(RUNC));
        match message {
            Some(message) => {
                let message = message.trim_end().to_owned();
                let is_missing = message.contains("not found") || message.contains("no such file");
                Err(StartFailure { message, code: if is_missing { 127 } else { 126 } })
            }
            None => Ok(execution),
        }
    }

    /// Lets it run up to a moment, in seconds since its start.
    pub fn advance(&mut self, until: f64, world: &dyn World) {
        if self.ended.is_some() || until < self.wakes {
            return;
        }
        let recorder = Rc::new(RefCell::new(Recorder::new(until, self.events.clone())));
        let mut machine = Machine::new(self.began_with.clone(), world);
        machine.now = self.now;
        machine.hostname.clone_from(&self.start.hostname);
        machine.first_pid = self.start.pid;
        machine.network = self.start.network;
        machine.mount_system();
        let mounts = self.start.mounts.clone();
        for Mounted { target, node, read_only } in mounts {
            machine.mount(Mount { target, node, read_only });
        }
        let console = Recording { recorder: recorder.clone(), stdin: self.start.stdin.clone() };
        machine.console = Some(Box::new(console));
        let credentials = Credentials::of_user(&self.start.user, &self.began_with);
        let outcome = run(
            &mut machine,
            RunSpec {
                arguments: self.start.arguments.clone(),
                environment: self.start.environment.clone(),
                cwd: self.start.cwd.clone(),
                credentials: credentials.unwrap_or_else(|_| Credentials::root()),
                stdin: Vec::new(),
            },
        );
        let slept = machine.slept();
        let held = machine.unmount_all();
        self.mounts = held.into_iter().skip(SYSTEM_MOUNTS).collect();
        let after = machine.finish();
        if !self.start.read_only {
            self.tree = after;
        }
        let mut recorder = recorder.borrow_mut();
        self.output = std::mem::take(&mut recorder.output);
        if matches!(outcome.limit, Some(LimitExceeded::Until(_))) {
            self.wakes = recorder.wakes;
        } else {
            self.ended = Some((slept, outcome.exit_code));
        }
    }

    /// Sends it a signal at a moment.
    pub fn signal(&mut self, at: f64, signal: u8) {
        if signal == 9 {
            self.ended = Some((at, 137));
        } else {
            self.events.push((at, Event::Signal(signal)));
        }
    }

    /// Changes its files at a moment.
    pub fn change(&mut self, at: f64, tree: Tree) {
        let changes = diff(&self.tree, &tree);
        if !changes.is_empty() {
            self.events.push((at, Event::Changes(changes)));
        }
        self.tree = tree;
    }

    /// When it does something again, in seconds since its start.
    pub fn wakes(&self) -> f64 {
        self.wakes
    }
}

/// `/proc`, `/dev`, `/sys`, `/etc/resolv.conf` and `/etc/hosts`, which every machine has.
const SYSTEM_MOUNTS: usize = 5;

/// Notes what is printed and when, and stops the machine where time has not come yet.
struct Recorder {
    clock: f64,
    until: f64,
    wakes: f64,
    events: Vec<(f64, Event)>,
    output: Vec<Printed>,
}

impl Recorder {
    fn new(until: f64, events: Vec<(f64, Event)>) -> Self {
        Self { clock: 0.0, until, wakes: 0.0, events, output: Vec::new() }
    }
}

struct Recording {
    recorder: Rc<RefCell<Recorder>>,
    stdin: Vec<u8>,
}

impl Console for Recording {
    fn read(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.stdin)
    }

    fn write(&mut self, stream: Stream, bytes: &[u8]) {
        let mut recorder = self.recorder.borrow_mut();
        let clock = recorder.clock;
        match recorder.output.last_mut() {
            Some((at, last, text)) if *at == clock && *last == stream => text.extend_from_slice(bytes),
            _ => recorder.output.push((clock, stream, bytes.to_vec())),
        }
    }

    fn sleeps(&mut self, from: f64, to: f64, tree: &mut Tree) -> Meanwhile {
        let mut recorder = self.recorder.borrow_mut();
        recorder.clock = to;
        recorder.wakes = to;
        let mut signals = Vec::new();
        for (at, event) in &recorder.events {
            if *at < from || *at >= to {
                continue;
            }
            match event {
                Event::Signal(signal) => signals.push(*signal),
                Event::Changes(changes) => {
                    if let Ok(changed) = apply(tree, changes) {
                        *tree = changed;
                    }
                }
            }
        }
        Meanwhile { signals, stops: to > recorder.until }
    }
}

/// A small file that the daemon makes for a container.
pub fn text_file(target: &str, text: &str, now: i64) -> Mounted {
    let node = Arc::new(Node::file(Metadata::new(0o644, now), Content::from(text)));
    Mounted { target: target.to_owned(), node, read_only: false }
}

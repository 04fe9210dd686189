//! What all processes of one `RUN` share.

use super::command::{CommandKind, CommandNote};
use super::given::GivenCommand;
use super::interpreter::{Ended, Waiting};
use super::interrupt::{Interrupt, LimitExceeded};
use super::moment::Moments;
use super::mount::Mounted;
use super::output::{Output, Stream};
use crate::vfs::{Content, Metadata, Tree};
use crate::world::{Limits, World};
use std::collections::BTreeMap;

/// Where standard input of a `RUN` comes from and its output goes to while it runs.
pub trait Console {
    /// All of standard input; asked for once, when something reads it.
    fn read(&mut self) -> Vec<u8>;

    /// Takes what was printed. It stays printed: what a pipeline may still take back is not shown before.
    fn write(&mut self, stream: Stream, bytes: &[u8]);

    /// Something sleeps in the foreground, from one moment to another, in seconds since the machine started. Says what
    /// happens meanwhile; the tree may be changed.
    fn sleeps(&mut self, from: f64, to: f64, tree: &mut Tree) -> Meanwhile {
        let _ = (from, to, tree);
        Meanwhile::default()
    }
}

/// What happens while something sleeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meanwhile {
    /// Signals that the first process is sent.
    pub signals: Vec<u8>,
    /// Whether the machine goes no further.
    pub stops: bool,
}

/// The state of one `RUN`.
pub struct Machine<'w> {
    tree: Tree,
    /// The file that was written to last, kept apart so that appending to it line by line stays cheap.
    pending: Option<Pending>,
    /// The world around.
    pub world: &'w dyn World,
    /// The time of every change, in seconds since 1970.
    pub now: i64,
    /// Whether there is a network (`--network=none` takes it away).
    pub network: bool,
    /// `hostname`.
    pub hostname: String,
    /// Every external command that ran, in order.
    pub notes: Vec<CommandNote>,
    pub(super) mounts: Vec<Mounted>,
    /// What was printed.
    pub(super) output: Output,
    /// Takes the output as it grows, and gives standard input; without one, both wait until the end.
    pub console: Option<Box<dyn Console + 'w>>,
    /// A command from outside.
    pub given: Option<Box<dyn GivenCommand>>,
    /// Pipelines around that may start again, so that the output may still shrink.
    held: u32,
    /// The commands of the first shell, counted: to come back to one of them.
    pub(super) moments: Moments,
    pub(super) limits: Limits,
    pub(super) steps: u64,
    pub(super) written: u64,
    pub(super) made: u64,
    pub(super) depth: u32,
    pub(super) next_pid: u32,
    pub(super) random: u64,
    /// The directories into which it was unpacked.
    pub(super) unpacked: Vec<Unpacked>,
    /// What a utility that ends says of itself, where it did not do its work on real bytes.
    pub(super) mark: Option<CommandKind>,
    /// The shells that run, by their process IDs.
    pub(super) shells: Vec<u32>,
    /// Signals on their way: to whom, and which.
    pub(super) signals: Vec<(u32, usize)>,
    /// The signal that ended the last process, until somebody tells of it.
    pub(super) killed: Option<u8>,
    /// The process ID of the first process: 1 in a container, whose first process hardly listens to signals.
    pub first_pid: u32,
    /// Seconds that were slept: time does not pass, but `timeout` and what is in the background have to know.
    pub(super) slept: f64,
    /// What is in the background and has not come to its end.
    pub(super) background: Vec<Waiting>,
    /// How the others of the background ended.
    pub(super) ended: BTreeMap<u32, Ended>,
    /// Whether what runs is in the background.
    pub(super) in_background: bool,
}

/// A directory that holds what was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unpacked {
    pub directory: String,
    pub address: String,
    /// Where it will be installed.
    pub prefix: String,
}

/// Bytes that the tree does not have yet.
struct Pending {
    path: String,
    bytes: Vec<u8>,
    metadata: Metadata,
}

/// How much [`Machine`] remembers to start a pipeline again.
pub(super) struct Checkpoint {
    tree: Tree,
    notes: usize,
    output: super::output::Mark,
    written: u64,
    made: u64,
    next_pid: u32,
    random: u64,
    signals: Vec<(u32, usize)>,
    slept: f64,
    background: Vec<Waiting>,
    ended: BTreeMap<u32, Ended>,
    given: Option<Box<dyn GivenCommand>>,
}

/// What is not running, and may go on in another machine: the tree with its mounts, and what counts up.
#[derive(Clone, Debug)]
pub(super) struct Parked {
    pub tree: Tree,
    pub mounts: Vec<Mounted>,
    pub now: i64,
    pub network: bool,
    pub hostname: String,
    next_pid: u32,
    random: u64,
}

/// A pipe may carry more than is kept of what is printed: archives go through pipes.
const PIPE_FACTOR: u64 = 32;
/// Bytes that nobody sees and that count as one step, so that what prints for ever comes to an end.
const CLIPPED_PER_STEP: u64 = 64;
/// Bytes of a file that are taken out of the tree and count as one step.
const COPIED_PER_STEP: u64 = 4096;
/// Deep enough for real scripts, shallow enough for the stack of a worker.
pub(super) const MAX_DEPTH: u32 = 160;

impl<'w> Machine<'w> {
    /// A machine that starts with `tree`, with network, and nothing mounted.
    pub fn new(tree: Tree, world: &'w dyn World) -> Self {
        Self {
            tree,
            pending: None,
            world,
            now: world.now(),
            network: true,
            hostname: "buildkitsandbox".into(),
            notes: Vec::new(),
            mounts: Vec::new(),
            output: Output::new(world.limits().output_bytes),
            console: None,
            given: None,
            held: 0,
            moments: Moments::default(),
            limits: world.limits(),
            steps: 0,
            written: 0,
            made: 0,
            depth: 0,
            next_pid: 2,
            random: 0x9E37_79B9_7F4A_7C15,
            unpacked: Vec::new(),
            mark: None,
            shells: Vec::new(),
            signals: Vec::new(),
            killed: None,
            first_pid: 1,
            slept: 0.0,
            background: Vec::new(),
            ended: BTreeMap::new(),
            in_background: false,
        }
    }

    /// A machine that goes on where another one was left, with all that its limits allow.
    pub(super) fn resume(parked: Parked, world: &'w dyn World) -> Self {
        let Parked { tree, mounts, now, network, hostname, next_pid, random } = parked;
        Self { mounts, now, network, hostname, next_pid, random, ..Self::new(tree, world) }
    }

    /// Leaves everything as it is, mounts included.
    pub(super) fn park(mut self) -> Parked {
        self.flush();
        let Self { tree, mounts, now, network, hostname, next_pid, random, .. } = self;
        Parked { tree, mounts, now, network, hostname, next_pid, random }
    }

    /// The tree, with everything that was written so far.
    pub fn tree(&mut self) -> &Tree {
        self.flush();
        &self.tree
    }

    /// The tree, to be changed without any permission check.
    pub fn tree_mut(&mut self) -> &mut Tree {
        self.flush();
        &mut self.tree
    }

    /// Takes the mounts away and gives the tree that the `RUN` leaves.
    pub fn finish(mut self) -> Tree {
        self.unmount_all();
        self.flush();
        self.tree
    }

    /// Counts work. Utilities call it with a number in proportion to what they do in long loops.
    pub fn step(&mut self, count: u64) -> Result<(), Interrupt> {
        self.steps = self.steps.saturating_add(count);
        if self.console.is_none() && self.output.is_due(self.steps) {
            self.output.tell(self.world, false);
        }
        if self.steps > self.limits.shell_steps {
            return Err(Interrupt::Limit(LimitExceeded::Steps(self.limits.shell_steps)));
        }
        Ok(())
    }

    /// Counts a directory entry that is made.
    pub(super) fn count_made(&mut self) -> Result<(), Interrupt> {
        self.made += 1;
        if self.made > self.limits.files {
            return Err(Interrupt::Limit(LimitExceeded::Files(self.limits.files)));
        }
        Ok(())
    }

    pub(super) fn count_written(&mut self, bytes: usize) -> Result<(), Interrupt> {
        self.written = self.written.saturating_add(bytes as u64);
        if self.written > self.limits.tree_bytes {
            return Err(Interrupt::Limit(LimitExceeded::TreeBytes(self.limits.tree_bytes)));
        }
        Ok(())
    }

    /// How many bytes may still be written before the limit of the filesystem is met.
    pub(super) fn room(&self) -> u64 {
        self.limits.tree_bytes.saturating_sub(self.written)
    }

    /// Fails if a limit of the filesystem was met by a file method, which can only answer with an error of its own.
    pub(super) fn check_limits(&mut self) -> Result<(), Interrupt> {
        self.count_written(0)?;
        if self.made > self.limits.files {
            return Err(Interrupt::Limit(LimitExceeded::Files(self.limits.files)));
        }
        Ok(())
    }

    /// Enters a call, subshell or command; [`Machine::leave`] undoes it.
    pub(super) fn enter(&mut self) -> Result<(), Interrupt> {
        self.enter_by(1)
    }

    /// As [`Machine::enter`], for what takes as much of the stack as so many calls.
    pub(super) fn enter_by(&mut self, levels: u32) -> Result<(), Interrupt> {
        if self.depth + levels > MAX_DEPTH {
            return Err(Interrupt::Limit(LimitExceeded::Depth(MAX_DEPTH.into())));
        }
        self.depth += levels;
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.leave_by(1);
    }

    pub(super) fn leave_by(&mut self, levels: u32) {
        self.depth -= levels;
    }

    /// The most that a pipe may carry.
    pub(super) fn pipe_limit(&self) -> usize {
        self.limits.output_bytes.saturating_mul(PIPE_FACTOR).min(self.limits.tree_bytes) as usize
    }

    /// Fails if something in memory grows beyond what a pipe may carry.
    pub(super) fn check_size(&self, size: usize) -> Result<(), Interrupt> {
        let limit = self.pipe_limit();
        if size > limit { Err(Interrupt::Limit(LimitExceeded::Pipe(limit as u64))) } else { Ok(()) }
    }

    /// Prints to the output of the `RUN`. What is beyond the limit is clipped, and only costs work.
    pub(super) fn print(&mut self, stream: Stream, bytes: &[u8]) -> Result<(), Interrupt> {
        let clipped = self.output.print(stream, bytes);
        self.show();
        if clipped > 0 { self.step(1 + clipped as u64 / CLIPPED_PER_STEP) } else { Ok(()) }
    }

    /// Hands to the console what can no longer be taken back.
    fn show(&mut self) {
        if self.held > 0 {
            return;
        }
        let Some(console) = &mut self.console else { return };
        for entry in self.output.drain() {
            console.write(entry.stream, &entry.bytes);
        }
    }

    /// Writes into a file that is there, by its canonical path; `None` for the offset appends. Gives the new offset.
    ///
    /// A hole before the offset counts as much as bytes do: the tree holds its zeros.
    pub(super) fn write_at(
        &mut self,
        path: &str,
        offset: Option<usize>,
        data: &[u8],
    ) -> Result<usize, Interrupt> {
        self.count_written(data.len())?;
        if self.pending.as_ref().is_none_or(|pending| pending.path != path) {
            self.flush();
            let Some(file) = self.tree.entry(path).and_then(|node| node.as_file()) else {
                // It was removed while open: what is written to it is gone.
                return Ok(offset.unwrap_or(0).saturating_add(data.len()));
            };
            let bytes = file.content.bytes().unwrap_or_default().to_vec();
            // Who reads and writes a file by turns pays for all of it each time.
            let metadata = file.metadata;
            self.step(bytes.len() as u64 / COPIED_PER_STEP)?;
            self.pending = Some(Pending { path: path.to_owned(), bytes, metadata });
        }
        let now = self.now;
        let length = self.pending.as_ref().map_or(0, |pending| pending.bytes.len());
        let at = offset.unwrap_or(length);
        self.count_written(at.saturating_sub(length))?;
        let Some(end) = at.checked_add(data.len()) else {
            return Err(Interrupt::Limit(LimitExceeded::TreeBytes(self.limits.tree_bytes)));
        };
        let Some(pending) = &mut self.pending else { return Ok(0) };
        if pending.bytes.len() < end {
            pending.bytes.resize(end, 0);
        }
        pending.bytes[at..end].copy_from_slice(data);
        pending.metadata.mtime = now;
        Ok(end)
    }

    /// Puts what is pending into the tree.
    pub(super) fn flush(&mut self) {
        if let Some(Pending { path, bytes, metadata }) = self.pending.take() {
            // The file may have been removed since; then there is nothing to be written to.
            if self.tree.entry(&path).is_some_and(|node| node.as_file().is_some()) {
                let _ = self.tree.write(&path, Content::new(bytes), metadata);
            }
        }
    }

    /// Remembers the state. What is printed is held back until [`Machine::release`].
    pub(super) fn checkpoint(&mut self) -> Checkpoint {
        self.flush();
        self.held += 1;
        Checkpoint {
            tree: self.tree.clone(),
            notes: self.notes.len(),
            output: self.output.mark(),
            written: self.written,
            made: self.made,
            next_pid: self.next_pid,
            random: self.random,
            signals: self.signals.clone(),
            slept: self.slept,
            background: self.background.clone(),
            ended: self.ended.clone(),
            given: self.given.as_ref().map(|given| given.fork()),
        }
    }

    /// Ends what [`Machine::checkpoint`] began.
    pub(super) fn release(&mut self) {
        self.held -= 1;
        self.show();
    }

    /// Goes back; only the steps that were made still count.
    pub(super) fn rewind(&mut self, checkpoint: &Checkpoint) {
        self.pending = None;
        self.tree = checkpoint.tree.clone();
        self.notes.truncate(checkpoint.notes);
        self.output.rewind(&checkpoint.output);
        self.written = checkpoint.written;
        self.made = checkpoint.made;
        self.next_pid = checkpoint.next_pid;
        self.random = checkpoint.random;
        self.signals.clone_from(&checkpoint.signals);
        self.slept = checkpoint.slept;
        self.background.clone_from(&checkpoint.background);
        self.ended.clone_from(&checkpoint.ended);
        self.in_background = false;
        self.killed = None;
        self.given = checkpoint.given.as_ref().map(|given| given.fork());
    }

    /// Lets time pass for what runs in the foreground.
    pub(super) fn sleep(&mut self, seconds: f64) -> Result<(), Interrupt> {
        let from = self.slept;
        self.slept += seconds;
        if self.in_background || self.console.is_none() {
            return Ok(());
        }
        self.flush();
        let Some(console) = &mut self.console else { return Ok(()) };
        let meanwhile = console.sleeps(from, self.slept, &mut self.tree);
        let first = self.first_pid;
        self.signals.extend(meanwhile.signals.iter().map(|signal| (first, usize::from(*signal))));
        if meanwhile.stops { Err(Interrupt::Limit(LimitExceeded::Until(from as u64))) } else { Ok(()) }
    }

    /// Seconds that were slept so far.
    pub fn slept(&self) -> f64 {
        self.slept
    }

    /// The next number of a fixed sequence, for `$RANDOM` and `mktemp`.
    pub(super) fn next_random(&mut self) -> u64 {
        // SplitMix64.
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

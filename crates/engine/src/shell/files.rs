//! Open files: what the file descriptors of a process refer to.
//!
//! Processes run one after the other. A pipe therefore holds what its producer wrote, up to a bound; a consumer that
//! wants more than a stopped producer wrote is [`Interrupt::Starved`], and the pipeline starts again with a larger bound.

use super::interrupt::Interrupt;
use super::output::Stream;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// An open file, shared by all descriptors that were duplicated from one another.
pub(crate) type Handle = Rc<RefCell<OpenFile>>;

/// What `open` gave.
#[derive(Clone, Debug)]
pub(crate) enum OpenFile {
    /// `/dev/null` and all that gives nothing and takes everything.
    Null,
    /// `/dev/zero`.
    Zero,
    /// `/dev/full`.
    Full,
    /// `/dev/random`, `/dev/urandom`: a fixed sequence, because nothing here is random.
    Random {
        /// The state of the generator.
        state: u64,
    },
    /// The output of the `RUN`.
    Output(Stream),
    /// Standard input that the console has not been asked for yet; then it is [`OpenFile::Bytes`].
    Console,
    /// A file of the tree, by its canonical path.
    File {
        /// Where it is.
        path: String,
        /// The next byte to be read or written.
        offset: usize,
        /// Whether every write goes to the end.
        append: bool,
        /// Whether it may be read.
        readable: bool,
        /// Whether it may be written.
        writable: bool,
    },
    /// Text that was given in the script: a here-document.
    Bytes {
        /// All of it.
        bytes: Rc<[u8]>,
        /// The next byte to be read.
        offset: usize,
    },
    /// Either end of a pipe.
    Pipe(Rc<RefCell<Pipe>>),
}

/// What went into a pipe.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pipe {
    /// Everything written so far.
    pub bytes: Vec<u8>,
    /// The next byte to be read.
    pub offset: usize,
    /// How much may be written.
    pub bound: usize,
    /// Whether the producer was stopped at the bound.
    pub stopped: bool,
    /// Whether somebody asked for more than a stopped producer wrote.
    pub starved: bool,
}

impl Pipe {
    /// Takes bytes, as many as the bound lets.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Interrupt> {
        let room = self.bound.saturating_sub(self.bytes.len());
        self.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if bytes.len() > room {
            self.stopped = true;
            return Err(Interrupt::BrokenPipe);
        }
        Ok(())
    }

    /// What is there to be read, at most `limit` bytes; nothing at the end.
    pub(crate) fn read(&mut self, limit: usize) -> Result<Vec<u8>, Interrupt> {
        let rest = &self.bytes[self.offset..];
        if rest.is_empty() && self.stopped {
            self.starved = true;
            return Err(Interrupt::Starved);
        }
        let taken = rest[..rest.len().min(limit)].to_vec();
        self.offset += taken.len();
        Ok(taken)
    }
}

/// The descriptors of a process.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileTable(BTreeMap<u32, Handle>);

impl FileTable {
    /// The open file behind a descriptor.
    pub(crate) fn get(&self, fd: u32) -> Option<&Handle> {
        self.0.get(&fd)
    }

    /// Makes a descriptor refer to an open file; `None` closes it. Gives what it referred to.
    pub(crate) fn set(&mut self, fd: u32, handle: Option<Handle>) -> Option<Handle> {
        match handle {
            Some(handle) => self.0.insert(fd, handle),
            None => self.0.remove(&fd),
        }
    }

    /// The state of everything that is open, so that a pipeline can start again.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let state = |handle: &Handle| {
            let file = handle.borrow().clone();
            let pipe = match &file {
                OpenFile::Pipe(pipe) => Some((pipe.borrow().offset, pipe.borrow().bytes.len())),
                _ => None,
            };
            Saved { handle: handle.clone(), file, pipe }
        };
        Snapshot(self.0.values().map(state).collect())
    }
}

/// The state of open files at some time. What was written to a pipe stays in it until it is rewound.
pub(crate) struct Snapshot(Vec<Saved>);

struct Saved {
    handle: Handle,
    file: OpenFile,
    /// How far a pipe was read, and how much had been written to it.
    pipe: Option<(usize, usize)>,
}

impl Snapshot {
    /// Goes back.
    pub(crate) fn restore(&self) {
        for Saved { handle, file, pipe } in &self.0 {
            if let (OpenFile::Pipe(shared), Some((offset, length))) = (file, pipe) {
                let mut shared = shared.borrow_mut();
                shared.offset = *offset;
                shared.bytes.truncate(*length);
            }
            handle.borrow_mut().clone_from(file);
        }
    }
}

/// A handle of its own.
pub(crate) fn handle(file: OpenFile) -> Handle {
    Rc::new(RefCell::new(file))
}

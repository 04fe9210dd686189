//! Standard streams and other open files of a process.

use super::Process;
use crate::shell::bytes;
use crate::shell::files::{FileTable, Handle, OpenFile, handle};
use crate::shell::interrupt::Interrupt;
use crate::shell::output::Stream;
use crate::vfs::{Follow, Node, VfsError, VfsErrorKind as Kind};

/// Something to read from: standard input or a file.
#[derive(Clone, Debug)]
pub struct Input(Handle);

/// How a file is opened.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OpenOptions {
    pub read: bool,
    pub write: bool,
    pub append: bool,
    pub truncate: bool,
}

const BLOCK: usize = 64 << 10;

impl Input {
    /// What is already open.
    pub(crate) fn from_handle(handle: Handle) -> Self {
        Self(handle)
    }
}

impl Process<'_, '_> {
    /// Prints text to standard output.
    pub fn output(&mut self, text: &str) -> Result<(), Interrupt> {
        self.write_fd(1, &bytes::to_bytes(text)).map(|_| ())
    }

    /// Prints bytes to standard output.
    pub fn output_bytes(&mut self, data: &[u8]) -> Result<(), Interrupt> {
        self.write_fd(1, data).map(|_| ())
    }

    /// Prints text to standard error.
    pub fn error_output(&mut self, text: &str) -> Result<(), Interrupt> {
        self.write_fd(2, &bytes::to_bytes(text)).map(|_| ())
    }

    /// Prints `NAME: message` and a newline to standard error.
    pub fn complain(&mut self, message: &str) -> Result<(), Interrupt> {
        let text = format!("{}: {}\n", self.name(), self.quoted(message));
        self.error_output(&text)
    }

    /// A message of GNU's with the quotation marks of the locale: curved ones where it has them.
    pub(crate) fn quoted(&self, message: &str) -> String {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .find_map(|name| self.env(name).filter(|text| !text.is_empty()));
        let is_utf8 = locale.is_some_and(|locale| locale.to_lowercase().replace('-', "").ends_with("utf8"));
        if is_utf8 { message.to_owned() } else { message.replace(['‘', '’'], "'") }
    }

    /// All that is left of standard input.
    pub fn read_input(&mut self) -> Result<Vec<u8>, Interrupt> {
        match self.input() {
            Some(input) => self.read_all(&input),
            None => Ok(Vec::new()),
        }
    }

    /// Standard input, unless it is closed.
    pub fn input(&mut self) -> Option<Input> {
        self.files.get(0).cloned().map(Input)
    }

    /// The file of the tree that standard input is, if it is one.
    pub(crate) fn input_node(&mut self) -> Option<std::sync::Arc<Node>> {
        let handle = self.files.get(0)?.clone();
        let OpenFile::File { path, .. } = &*handle.borrow() else { return None };
        self.machine.tree().entry_shared(path).cloned()
    }

    /// Opens a file for reading; devices work too.
    pub fn open(&mut self, path: &str) -> Result<Input, VfsError> {
        self.open_file(path, OpenOptions { read: true, ..OpenOptions::default() }).map(Input)
    }

    /// All that is left of an input.
    pub fn read_all(&mut self, input: &Input) -> Result<Vec<u8>, Interrupt> {
        let mut all = Vec::new();
        loop {
            let block = self.read_handle(&input.0, usize::MAX)?;
            if block.is_empty() {
                return Ok(all);
            }
            all.extend_from_slice(&block);
            if all.len() > self.machine.pipe_limit() {
                let limit = self.machine.pipe_limit() as u64;
                return Err(Interrupt::Limit(crate::shell::interrupt::LimitExceeded::Pipe(limit)));
            }
        }
    }

    /// The next bytes of an input, at most `limit`; none at its end.
    pub fn read_some(&mut self, input: &Input, limit: usize) -> Result<Vec<u8>, Interrupt> {
        self.read_handle(&input.0, limit)
    }

    /// The next line of an input with its newline, which the last may lack; `None` at the end.
    pub fn read_line(&mut self, input: &Input) -> Result<Option<Vec<u8>>, Interrupt> {
        self.read_until(input, b'\n')
    }

    /// As [`Process::read_line`], with another end of line.
    pub fn read_until(&mut self, input: &Input, end: u8) -> Result<Option<Vec<u8>>, Interrupt> {
        let mut line = Vec::new();
        loop {
            // A block is looked at and only as much taken as belongs to the line.
            let block = self.peek(&input.0, 512)?;
            if block.is_empty() {
                return Ok((!line.is_empty()).then_some(line));
            }
            let taken = block.iter().position(|byte| *byte == end).map_or(block.len(), |at| at + 1);
            line.extend_from_slice(&block[..taken]);
            self.advance(&input.0, taken);
            if line.last() == Some(&end) {
                return Ok(Some(line));
            }
        }
    }

    /// Opens what is at a path.
    pub(crate) fn open_file(&mut self, path: &str, options: OpenOptions) -> Result<Handle, VfsError> {
        if let Some(opened) = self.open_descriptor(path) {
            return opened;
        }
        if !options.write {
            let (place, node) = self.look(path, Follow::Yes)?;
            let allowed = self.credentials.may(
                crate::shell::credentials::Access::Read,
                node.metadata(),
                node.is_directory(),
            );
            if !allowed {
                return Err(VfsError::new(Kind::PermissionDenied, path));
            }
            return self.opened(place, &node, options);
        }
        let place = self.create(path, 0o666, options.truncate)?;
        let node = self.machine.tree().entry_shared(&place).cloned();
        let node = node.ok_or_else(|| VfsError::new(Kind::NotFound, path))?;
        self.opened(place, &node, options)
    }

    /// `/dev/stdin`, `/dev/fd/3` and the like give what the descriptor refers to.
    fn open_descriptor(&mut self, path: &str) -> Option<Result<Handle, VfsError>> {
        let fd = match path {
            "/dev/stdin" => 0,
            "/dev/stdout" => 1,
            "/dev/stderr" => 2,
            _ => {
                path.strip_prefix("/dev/fd/").or_else(|| path.strip_prefix("/proc/self/fd/"))?.parse().ok()?
            }
        };
        let handle = self.files.get(fd).cloned();
        Some(handle.ok_or_else(|| VfsError::new(Kind::NotFound, path)))
    }

    fn opened(&mut self, path: String, node: &Node, options: OpenOptions) -> Result<Handle, VfsError> {
        let file = match node {
            Node::Device { number: (1, 5), .. } => OpenFile::Zero,
            Node::Device { number: (1, 7), .. } => OpenFile::Full,
            Node::Device { number: (1, 8 | 9), .. } => OpenFile::Random { state: self.machine.next_random() },
            Node::Device { .. } => OpenFile::Null,
            _ => OpenFile::File {
                path,
                offset: 0,
                append: options.append,
                readable: options.read,
                writable: options.write,
            },
        };
        Ok(handle(file))
    }

    /// Writes to a descriptor; `false` where it is closed or not open for writing.
    pub(crate) fn write_fd(&mut self, fd: u32, data: &[u8]) -> Result<bool, Interrupt> {
        match self.files.get(fd).cloned() {
            Some(handle) => self.write_handle(&handle, data),
            None => Ok(false),
        }
    }

    pub(crate) fn write_handle(&mut self, handle: &Handle, data: &[u8]) -> Result<bool, Interrupt> {
        match &mut *handle.borrow_mut() {
            OpenFile::Null | OpenFile::Zero | OpenFile::Random { .. } => Ok(true),
            OpenFile::Full | OpenFile::Bytes { .. } | OpenFile::Console => Ok(false),
            OpenFile::Output(stream) => self.machine.print(*stream, data).map(|()| true),
            OpenFile::Pipe(pipe) => {
                let limit = self.machine.pipe_limit();
                let written = pipe.borrow_mut().write(data);
                if written.is_err() && pipe.borrow().bound >= limit {
                    let limit = crate::shell::interrupt::LimitExceeded::Pipe(limit as u64);
                    return Err(Interrupt::Limit(limit));
                }
                written.map(|()| true)
            }
            OpenFile::File { writable: false, .. } => Ok(false),
            OpenFile::File { path, offset, append, .. } => {
                let at = (!*append).then_some(*offset);
                *offset = self.machine.write_at(path, at, data)?;
                Ok(true)
            }
        }
    }

    /// The next bytes, which stay to be read again.
    fn peek(&mut self, handle: &Handle, limit: usize) -> Result<Vec<u8>, Interrupt> {
        self.ask_console(handle);
        let before = handle.borrow().clone();
        let pipe_offset = match &before {
            OpenFile::Pipe(pipe) => pipe.borrow().offset,
            _ => 0,
        };
        let block = self.read_handle(handle, limit)?;
        if let OpenFile::Pipe(pipe) = &before {
            pipe.borrow_mut().offset = pipe_offset;
        }
        *handle.borrow_mut() = before;
        Ok(block)
    }

    fn advance(&mut self, handle: &Handle, count: usize) {
        match &mut *handle.borrow_mut() {
            OpenFile::File { offset, .. } | OpenFile::Bytes { offset, .. } => *offset += count,
            OpenFile::Pipe(pipe) => pipe.borrow_mut().offset += count,
            _ => {}
        }
    }

    /// Standard input is read from outside when somebody wants it, not before.
    fn ask_console(&mut self, handle: &Handle) {
        let mut file = handle.borrow_mut();
        if matches!(*file, OpenFile::Console) {
            let bytes = self.machine.console.as_mut().map(|console| console.read()).unwrap_or_default();
            *file = OpenFile::Bytes { bytes: bytes.into(), offset: 0 };
        }
    }

    /// The next bytes of an open file; none at its end.
    pub(crate) fn read_handle(&mut self, handle: &Handle, limit: usize) -> Result<Vec<u8>, Interrupt> {
        self.ask_console(handle);
        match &mut *handle.borrow_mut() {
            OpenFile::Null | OpenFile::Output(_) | OpenFile::Console => Ok(Vec::new()),
            OpenFile::Zero | OpenFile::Full => {
                let count = limit.min(BLOCK);
                self.machine.step(1 + count as u64 / 4096)?;
                Ok(vec![0; count])
            }
            OpenFile::Random { state } => {
                let count = limit.min(BLOCK);
                self.machine.step(1 + count as u64 / 4096)?;
                Ok(random_bytes(state, count))
            }
            OpenFile::Bytes { bytes, offset } => {
                let rest = &bytes[(*offset).min(bytes.len())..];
                let taken = rest[..rest.len().min(limit)].to_vec();
                *offset += taken.len();
                Ok(taken)
            }
            OpenFile::Pipe(pipe) => pipe.borrow_mut().read(limit),
            OpenFile::File { readable: false, .. } => Ok(Vec::new()),
            OpenFile::File { path, offset, .. } => {
                let tree = self.machine.tree();
                let content = tree.entry(path).and_then(Node::as_file).and_then(|file| file.content.bytes());
                let bytes = content.unwrap_or_default();
                let rest = &bytes[(*offset).min(bytes.len())..];
                let taken = rest[..rest.len().min(limit)].to_vec();
                *offset += taken.len();
                Ok(taken)
            }
        }
    }

    /// The descriptors, for redirections.
    pub(crate) fn files_mut(&mut self) -> &mut FileTable {
        &mut self.files
    }

    /// Descriptors 0, 1 and 2 of the first process of a `RUN`: nothing to read, output to the log.
    pub(crate) fn standard_files() -> FileTable {
        let mut files = FileTable::default();
        files.set(0, Some(handle(OpenFile::Null)));
        files.set(1, Some(handle(OpenFile::Output(Stream::Stdout))));
        files.set(2, Some(handle(OpenFile::Output(Stream::Stderr))));
        files
    }
}

fn random_bytes(state: &mut u64, count: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(count + 8);
    while bytes.len() < count {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        bytes.push((*state >> 56) as u8);
    }
    bytes
}

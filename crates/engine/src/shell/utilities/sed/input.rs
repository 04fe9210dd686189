//! The lines that are edited, read as they are needed: `yes | sed 3q` ends.

use crate::shell::bytes::to_text;
use crate::shell::utilities::support::open_file;
use crate::shell::{ExitCode, Input, Interrupt, Process};
use std::collections::VecDeque;

/// How much is read at once.
const BLOCK: usize = 64 << 10;

/// A line without its end.
pub(super) struct Line {
    pub(super) text: String,
    /// Whether its end was there; the last line of a file may lack it.
    pub(super) complete: bool,
}

/// The lines of one file after the other.
pub(super) struct Lines {
    paths: VecDeque<String>,
    end: u8,
    current: Option<Reader>,
    ahead: Option<Line>,
    /// The file that the last line came from.
    pub(super) name: String,
    next_name: String,
    /// What files that could not be read make of the exit code.
    pub(super) code: ExitCode,
}

/// An input and what was read of it.
pub(super) struct Reader {
    input: Option<Input>,
    bytes: Vec<u8>,
    at: usize,
}

impl Reader {
    pub(super) fn new(input: Input) -> Self {
        Self { input: Some(input), bytes: Vec::new(), at: 0 }
    }

    pub(super) fn next(&mut self, process: &mut Process<'_, '_>, end: u8) -> Result<Option<Line>, Interrupt> {
        let mut searched = self.at;
        loop {
            if let Some(length) = self.bytes[searched..].iter().position(|byte| *byte == end) {
                let text = to_text(&self.bytes[self.at..searched + length]);
                self.at = searched + length + 1;
                return Ok(Some(Line { text, complete: true }));
            }
            searched = self.bytes.len();
            let block = match &self.input {
                Some(input) => process.read_some(input, BLOCK)?,
                None => Vec::new(),
            };
            if block.is_empty() {
                self.input = None;
                let text = to_text(&self.bytes[self.at..]);
                self.at = self.bytes.len();
                return Ok((!text.is_empty()).then_some(Line { text, complete: false }));
            }
            self.bytes.drain(..self.at);
            searched -= self.at;
            self.at = 0;
            self.bytes.extend(block);
            process.machine.check_size(self.bytes.len())?;
        }
    }
}

impl Lines {
    /// The lines of files; of standard input where there are none, or for `-`.
    pub(super) fn new(paths: &[String], end: u8) -> Self {
        let mut paths: VecDeque<String> = paths.iter().cloned().collect();
        if paths.is_empty() {
            paths.push_back("-".to_owned());
        }
        let name = "-".to_owned();
        Self { paths, end, current: None, ahead: None, next_name: name.clone(), name, code: 0 }
    }

    /// The next line.
    pub(super) fn next(&mut self, process: &mut Process<'_, '_>) -> Result<Option<Line>, Interrupt> {
        self.look_ahead(process)?;
        self.name.clone_from(&self.next_name);
        Ok(self.ahead.take())
    }

    /// Whether there is no next line.
    pub(super) fn at_end(&mut self, process: &mut Process<'_, '_>) -> Result<bool, Interrupt> {
        self.look_ahead(process)?;
        Ok(self.ahead.is_none())
    }

    fn look_ahead(&mut self, process: &mut Process<'_, '_>) -> Result<(), Interrupt> {
        while self.ahead.is_none() {
            if let Some(reader) = &mut self.current {
                self.ahead = reader.next(process, self.end)?;
                if self.ahead.is_none() {
                    self.current = None;
                }
                continue;
            }
            let Some(path) = self.paths.pop_front() else { return Ok(()) };
            if path == "-" {
                self.current = process.input().map(Reader::new);
                self.next_name = path;
                continue;
            }
            match open_file(process, &path) {
                Ok(input) => {
                    self.current = Some(Reader::new(input));
                    self.next_name = path;
                }
                Err(error) => self.code = super::cannot_read(process, &path, &error)?,
            }
        }
        Ok(())
    }
}

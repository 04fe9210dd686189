//! What is read: the files of the command line, and the sources of `getline`.

use super::ast::{Expr, Source, special};
use super::dialect::Dialect;
use super::failure::Stop;
use super::interpreter::{Cell, Evaluated, Interpreter};
use super::value::{Text, Value};
use crate::shell::bytes::{bytewise, to_bytes, to_text};
use crate::shell::files::{OpenFile, handle};
use crate::shell::regex::Regex;
use crate::shell::utilities::support::open_file;
use crate::shell::{Input, Interrupt, Process};
use crate::vfs::VfsErrorKind;
use std::rc::Rc;

/// How much is read at once.
const BLOCK: usize = 64 << 10;

/// A source that is read record by record.
#[derive(Debug, Default)]
pub(super) struct Reader {
    input: Option<Input>,
    /// What was read and not yet used, from `at`.
    text: String,
    at: usize,
}

/// What ends a record.
enum End {
    Char(char),
    /// Empty lines.
    Paragraph,
    Regex(Rc<Regex>),
}

/// All sources that are open.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    /// The file of the command line that is being read.
    current: Option<Reader>,
    /// The next word of the command line.
    next_word: usize,
    /// Whether a file was named.
    had_file: bool,
    /// Those of `getline`, by the name of the file or the text of the command.
    pub(super) others: Vec<(Text, Reader)>,
    /// How a command ended.
    pub(super) statuses: Vec<(Text, i32)>,
}

impl Reader {
    fn new(input: Option<Input>) -> Self {
        Self { input, text: String::new(), at: 0 }
    }

    /// Reads more; whether there was any.
    fn fill(&mut self, process: &mut Process<'_, '_>) -> Result<bool, Interrupt> {
        let Some(input) = &self.input else { return Ok(false) };
        let block = process.read_some(input, BLOCK)?;
        if block.is_empty() {
            self.input = None;
            return Ok(false);
        }
        self.text.drain(..self.at);
        self.at = 0;
        process.machine.check_size(self.text.len() + block.len())?;
        self.text.push_str(&bytewise(&block));
        Ok(true)
    }

    /// The next record, without what ended it.
    fn next(&mut self, process: &mut Process<'_, '_>, end: &End) -> Result<Option<Text>, Interrupt> {
        let mut searched = 0;
        loop {
            if let End::Paragraph = end {
                let rest = &self.text[self.at..];
                self.at += rest.len() - rest.trim_start_matches('\n').len();
            }
            let rest = &self.text[self.at..];
            let found = match end {
                End::Char(end) => {
                    rest[searched..].find(*end).map(|at| (searched + at, searched + at + end.len_utf8()))
                }
                End::Paragraph => rest.find("\n\n").map(|at| {
                    let newlines = rest[at..].len() - rest[at..].trim_start_matches('\n').len();
                    (at, at + newlines)
                }),
                End::Regex(regex) => first_match(regex, rest),
            };
            match found {
                // Where more may come, a match at the very end may be longer than it looks.
                Some((from, to))
                    if to < rest.len() || self.input.is_none() || matches!(end, End::Char(_)) =>
                {
                    let record = rest[..from].into();
                    self.at += to;
                    return Ok(Some(record));
                }
                _ => {}
            }
            searched = rest.len();
            if self.fill(process)? {
                continue;
            }
            let rest = &self.text[self.at..];
            if rest.is_empty() {
                return Ok(None);
            }
            if found.is_some() {
                continue;
            }
            let record = match end {
                End::Paragraph => rest.trim_end_matches('\n'),
                // A newline at the end of a file ends the last record as well.
                End::Regex(_) => rest.strip_suffix('\n').unwrap_or(rest),
                End::Char(_) => rest,
            };
            let record = (!record.is_empty()).then(|| record.into());
            self.at = self.text.len();
            return Ok(record);
        }
    }
}

/// The first match that is not empty.
fn first_match(regex: &Regex, text: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    loop {
        let found = regex.find(text, from)?;
        if found.end() > found.start() {
            return Some((found.start(), found.end()));
        }
        from = found.end() + text[found.end()..].chars().next()?.len_utf8();
    }
}

impl Interpreter<'_, '_, '_> {
    fn record_end(&mut self) -> Result<End, Stop> {
        let text = self.global_text(special::RS);
        let mut chars = text.chars();
        Ok(match (chars.next(), chars.next()) {
            (None, _) => End::Paragraph,
            (Some(only), None) => End::Char(only),
            _ => End::Regex(self.regex_of(&text)?),
        })
    }

    /// Reads the next record of the command line's files; whether there is one.
    pub(super) fn read_record(&mut self) -> Result<bool, Stop> {
        match self.next_of_files()? {
            Some(text) => {
                self.set_record(Value::Input(text));
                Ok(true)
            }
            None => Ok(false),
        }
    }

    fn next_of_files(&mut self) -> Result<Option<Text>, Stop> {
        let end = self.record_end()?;
        loop {
            if self.inputs.current.is_none() && !self.open_next()? {
                return Ok(None);
            }
            let Some(reader) = &mut self.inputs.current else { return Ok(None) };
            if let Some(text) = reader.next(self.process, &end)? {
                for place in [special::NR, special::FNR] {
                    let number = self.global_number(place) + 1.0;
                    self.set_global(place, Value::Number(number))?;
                }
                return Ok(Some(text));
            }
            self.inputs.current = None;
        }
    }

    /// Goes on with the next file.
    pub(super) fn leave_file(&mut self) {
        self.inputs.current = None;
    }

    /// Opens the next file of the command line; where there is none at all, standard input.
    fn open_next(&mut self) -> Result<bool, Stop> {
        loop {
            let count = self.global_number(special::ARGC);
            self.inputs.next_word += 1;
            if self.inputs.next_word as f64 >= count {
                self.inputs.next_word -= 1;
                if std::mem::replace(&mut self.inputs.had_file, true) {
                    return Ok(false);
                }
                self.inputs.current = Some(Reader::new(self.process.input()));
                return Ok(true);
            }
            let key = self.inputs.next_word.to_string();
            let Cell::Array(words) = &self.globals[special::ARGV] else { return Ok(false) };
            let Some(word) = words.borrow().get(&key).map(|value| self.text_of(value)) else { continue };
            if word.is_empty() {
                continue;
            }
            if let Some((name, value)) = assignment(&word) {
                self.assign(name, value)?;
                continue;
            }
            self.inputs.had_file = true;
            self.set_global(special::FILENAME, Value::Text(word.clone()))?;
            self.set_global(special::FNR, Value::Number(0.0))?;
            if &*word == "-" {
                self.inputs.current = Some(Reader::new(self.process.input()));
                return Ok(true);
            }
            let path = to_text(&to_bytes(&word));
            match open_file(self.process, &path) {
                Ok(input) => {
                    self.inputs.current = Some(Reader::new(Some(input)));
                    return Ok(true);
                }
                Err(error) => self.cannot_read(&path, error.kind)?,
            }
        }
    }

    /// A file of the command line that cannot be read: fatal, but for gawk.
    fn cannot_read(&mut self, path: &str, kind: VfsErrorKind) -> Result<(), Stop> {
        let reason = kind.message();
        if self.dialect == Dialect::Gawk {
            self.exit_code = if kind == VfsErrorKind::IsADirectory { self.exit_code } else { 2 };
            let text = match kind {
                VfsErrorKind::IsADirectory => {
                    format!("warning: command line argument `{path}' is a directory: skipped")
                }
                _ => format!("warning: command line argument `{path}': {reason}"),
            };
            self.process.complain(&format!("cmd. line:1: {text}"))?;
            return Ok(());
        }
        if kind == VfsErrorKind::IsADirectory {
            return Err(Stop::Failed(match self.dialect {
                Dialect::Busybox => super::failure::Failure::Running(reason.to_owned()),
                _ => super::failure::Failure::Plain(format!("read error ({reason})")),
            }));
        }
        Err(Stop::Failed(self.dialect.cannot_read(path, reason)))
    }

    /// `getline` in all its forms: 1 for a record, 0 at the end, -1 where nothing can be read.
    pub(super) fn getline(&mut self, source: &Source, target: Option<&Expr>) -> Evaluated {
        // POSIX wants commands to count as well; only gawk does it.
        let counts = matches!(source, Source::Command(_)) && self.dialect == Dialect::Gawk;
        let text = match source {
            Source::Input => self.next_of_files()?,
            Source::File(name) | Source::Command(name) => {
                let name = self.text(name)?;
                let is_command = matches!(source, Source::Command(_));
                if !self.open_source(&name, is_command)? {
                    return Ok(Value::Number(-1.0));
                }
                let end = self.record_end()?;
                let reader = self.inputs.others.iter_mut().find(|(found, _)| *found == name);
                let Some((_, reader)) = reader else { return Ok(Value::Number(-1.0)) };
                let text = reader.next(self.process, &end)?;
                if text.is_some() && counts {
                    for place in [special::NR, special::FNR] {
                        let number = self.global_number(place) + 1.0;
                        self.set_global(place, Value::Number(number))?;
                    }
                }
                text
            }
        };
        self.process.step(1)?;
        let Some(text) = text else { return Ok(Value::Number(0.0)) };
        match target {
            Some(target) => self.store(target, Value::Input(text))?,
            None => self.set_record(Value::Input(text)),
        }
        Ok(Value::Number(1.0))
    }

    /// Opens a source of `getline` unless it is open; whether it can be read.
    fn open_source(&mut self, name: &Text, is_command: bool) -> Result<bool, Stop> {
        if self.inputs.others.iter().any(|(found, _)| found == name) {
            return Ok(true);
        }
        let text = to_text(&to_bytes(name));
        let input = if is_command {
            Some(self.run_and_read(name, &text)?)
        } else if text == "-" || text == "/dev/stdin" {
            self.process.input()
        } else {
            match open_file(self.process, &text) {
                Ok(input) => Some(input),
                Err(error) if error.kind == VfsErrorKind::IsADirectory && self.dialect == Dialect::Mawk => {
                    self.cannot_read(&text, error.kind)?;
                    return Ok(false);
                }
                Err(_) => return Ok(false),
            }
        };
        self.inputs.others.push((name.clone(), Reader::new(input)));
        Ok(true)
    }

    /// Runs a command to its end, and gives what it printed as an input.
    fn run_and_read(&mut self, name: &Text, command: &str) -> Result<Input, Stop> {
        self.flush_all()?;
        let (bytes, status) = self.process.shell_output(command)?;
        self.inputs.statuses.push((name.clone(), status));
        Ok(Input::from_handle(handle(OpenFile::Bytes { bytes: bytes.into(), offset: 0 })))
    }
}

/// `name=value`, if a word is that.
pub(super) fn assignment(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let mut bytes = name.bytes();
    let is_name = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some((name, value))
}

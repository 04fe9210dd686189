//! Runs the commands of a script over lines: cycles, addresses, and what is printed when.

use super::Script;
use super::input::{Line, Lines, Reader};
use super::output::Output;
use super::script::{Action, Address, Command};
use crate::shell::regex::Regex;
use crate::shell::utilities::support::cannot_open;
use crate::shell::{Interrupt, Process};
use std::collections::BTreeMap;

/// How much more than itself a byte weighs where expressions are searched in it: they remember where they have been.
pub(super) const SPACE_WEIGHT: usize = 8;

/// Runs the commands over the lines.
pub(super) struct Editor<'c> {
    pub(super) script: &'c Script,
    pub(super) lines: Lines,
    pub(super) pattern: String,
    /// Whether the pattern space is printed with an end of line.
    pub(super) complete: bool,
    pub(super) hold: String,
    pub(super) line: usize,
    /// For each command: the line where its range ends, while in it.
    pub(super) ranges: Vec<Option<RangeEnd>>,
    pub(super) appended: Vec<Queued>,
    /// How long what is queued is.
    pub(super) queued: usize,
    pub(super) substituted: bool,
    pub(super) last_regex: Option<Regex>,
    pub(super) out: Output,
    pub(super) in_place: bool,
    /// What goes to standard output although the file is edited in place.
    pub(super) printed: Output,
    pub(super) files: BTreeMap<String, Output>,
    /// The files of `R`, each at its next line.
    pub(super) readers: BTreeMap<String, Option<Reader>>,
}

#[derive(Clone, Copy)]
pub(super) enum RangeEnd {
    Line(usize),
    Matching,
}

pub(super) enum Queued {
    Text(String),
    File(String),
    Line(Line),
}

pub(super) enum Step {
    Next,
    Jump(usize),
    /// Ends the cycle; whether the pattern space is printed.
    End(bool),
    /// Ends the cycle without reading a line.
    Restart,
    Quit(bool, i32),
}

impl<'c> Editor<'c> {
    /// An editor before the first line.
    pub(super) fn new(script: &'c Script, lines: Lines) -> Self {
        let files = script.files().map(|path| (path.to_owned(), Output::default()));
        Self {
            script,
            lines,
            pattern: String::new(),
            complete: true,
            hold: String::new(),
            line: 0,
            ranges: vec![None; script.commands.len()],
            appended: Vec::new(),
            queued: 0,
            substituted: false,
            last_regex: None,
            out: Output::default(),
            in_place: false,
            printed: Output::default(),
            files: crate::order::map(files),
            readers: BTreeMap::new(),
        }
    }

    /// Goes on with other lines, which are counted anew.
    pub(super) fn start(&mut self, lines: Lines) {
        self.lines = lines;
        self.line = 0;
        self.ranges = vec![None; self.script.commands.len()];
    }

    pub(super) fn is_last(&mut self, process: &mut Process<'_, '_>) -> Result<bool, Interrupt> {
        self.lines.at_end(process)
    }

    /// Reads the next line, if there is one.
    pub(super) fn next_line(&mut self, process: &mut Process<'_, '_>) -> Result<Option<String>, Interrupt> {
        let Some(line) = self.lines.next(process)? else { return Ok(None) };
        self.line += 1;
        self.complete = line.complete;
        Ok(Some(line.text))
    }

    /// Prints the pattern space.
    pub(super) fn emit(&mut self) {
        self.out.line(&self.pattern, self.script.end, self.complete);
    }

    /// Goes over all lines; gives the exit code of `q`, if that ended it.
    pub(super) fn run(&mut self, process: &mut Process<'_, '_>) -> Result<Option<i32>, Interrupt> {
        let mut restart = false;
        loop {
            if !restart {
                let Some(line) = self.next_line(process)? else { return Ok(None) };
                self.pattern = line;
                self.substituted = false;
            }
            restart = false;
            let (print, quit) = match self.cycle(process)? {
                Step::Quit(print, code) => (print, Some(code)),
                Step::Restart => {
                    restart = true;
                    (false, None)
                }
                Step::End(print) => (print, None),
                _ => (true, None),
            };
            if print && !self.script.quiet {
                self.emit();
            }
            self.flush_appended(process)?;
            if let Some(code) = quit {
                self.keep_the_rest(process)?;
                return Ok(Some(code));
            }
            self.grown(process)?;
        }
    }

    /// Fails if what is kept has grown too large; writes what is collected when it is much.
    fn grown(&mut self, process: &mut Process<'_, '_>) -> Result<(), Interrupt> {
        let spaces = self.pattern.len() + self.hold.len();
        let files: usize = self.files.values().map(|output| output.bytes.len()).sum();
        let kept = SPACE_WEIGHT.saturating_mul(spaces)
            + self.queued
            + self.out.bytes.len()
            + self.printed.bytes.len()
            + files;
        process.machine.check_size(kept)?;
        process.step(spaces as u64 >> 12)?;
        let waiting = if self.in_place { &self.printed } else { &self.out };
        if waiting.bytes.len() > 1 << 14 {
            self.flush(process)?;
        }
        Ok(())
    }

    /// Writes to standard output what is collected for it.
    pub(super) fn flush(&mut self, process: &mut Process<'_, '_>) -> Result<(), Interrupt> {
        let out = if self.in_place { &mut self.printed } else { &mut self.out };
        process.output_bytes(&std::mem::take(&mut out.bytes))
    }

    /// A file that is edited in place keeps the lines behind `q`.
    fn keep_the_rest(&mut self, process: &mut Process<'_, '_>) -> Result<(), Interrupt> {
        while self.in_place {
            let Some(line) = self.next_line(process)? else { break };
            self.out.line(&line, self.script.end, self.complete);
        }
        Ok(())
    }

    /// Writes what `w` collected; whether a file could not be written.
    pub(super) fn write_files(&mut self, process: &mut Process<'_, '_>) -> Result<bool, Interrupt> {
        let mut failed = false;
        for (path, output) in std::mem::take(&mut self.files) {
            match path.as_str() {
                "/dev/stdout" => {}
                "/dev/stderr" => {
                    process.write_fd(2, &output.bytes)?;
                }
                _ => {
                    if let Err(error) = process.write(&path, output.bytes) {
                        cannot_open(process, &path, &error)?;
                        failed = true;
                    }
                }
            }
        }
        Ok(failed)
    }

    /// What `a`, `r` and `R` queued comes behind the line.
    pub(super) fn flush_appended(&mut self, process: &mut Process<'_, '_>) -> Result<(), Interrupt> {
        let end = self.script.end;
        self.queued = 0;
        for queued in std::mem::take(&mut self.appended) {
            process.machine.check_size(self.out.bytes.len())?;
            match queued {
                Queued::Text(text) => self.out.text(&text, end),
                Queued::Line(line) => self.out.line(&line.text, end, true),
                Queued::File(path) if path == "/dev/stdin" => {
                    let bytes = process.read_input()?;
                    self.out.raw(&bytes, end);
                }
                Queued::File(path) => {
                    if let Ok(content) = process.read(&path) {
                        self.out.raw(content.bytes().unwrap_or_default(), end);
                    }
                }
            }
        }
        Ok(())
    }

    fn cycle(&mut self, process: &mut Process<'_, '_>) -> Result<Step, Interrupt> {
        let commands = &self.script.commands;
        let mut at = 0;
        while let Some(command) = commands.get(at) {
            process.step(1)?;
            if self.selects(process, at, command)? == command.negated {
                at = match command.action {
                    Action::BlockStart(end) => end + 1,
                    _ => at + 1,
                };
                continue;
            }
            let step = self.execute(process, at, command)?;
            self.grown(process)?;
            match step {
                Step::Next => at += 1,
                Step::Jump(to) => at = to,
                other => return Ok(other),
            }
        }
        Ok(Step::End(true))
    }

    fn matches(&mut self, regex: Option<&Regex>) -> bool {
        match regex.cloned().or_else(|| self.last_regex.clone()) {
            Some(regex) => {
                let found = regex.is_match(&self.pattern);
                self.last_regex = Some(regex);
                found
            }
            None => false,
        }
    }

    fn holds(&mut self, process: &mut Process<'_, '_>, address: &Address) -> Result<bool, Interrupt> {
        Ok(match address {
            Address::Line(line) => self.line == *line,
            Address::Last => self.is_last(process)?,
            Address::Step(first, 0) => self.line == *first,
            Address::Step(first, step) => self.line >= *first && (self.line - first).is_multiple_of(*step),
            Address::Regex(regex) => self.matches(regex.as_ref()),
            Address::Offset(_) | Address::Multiple(_) => false,
        })
    }

    fn selects(
        &mut self,
        process: &mut Process<'_, '_>,
        at: usize,
        command: &Command,
    ) -> Result<bool, Interrupt> {
        let Some(from) = &command.from else { return Ok(true) };
        let Some(to) = &command.to else { return self.holds(process, from) };
        if let Some(end) = self.ranges[at] {
            let ended = match end {
                RangeEnd::Line(line) => self.line >= line,
                RangeEnd::Matching => self.holds(process, to)?,
            };
            if ended {
                self.ranges[at] = None;
            }
            // A range whose last line has gone by already does not go on.
            return Ok(!matches!(end, RangeEnd::Line(line) if self.line > line) || self.holds(process, from)?);
        }
        let from_the_start = matches!(from, Address::Line(0)) && !process.is_busybox();
        let starts = from_the_start && self.line == 1 || self.holds(process, from)?;
        if starts {
            self.ranges[at] = match to {
                Address::Line(line) if *line <= self.line => None,
                Address::Line(line) => Some(RangeEnd::Line(*line)),
                Address::Offset(0) => None,
                Address::Offset(count) => Some(RangeEnd::Line(self.line + count)),
                Address::Multiple(step) if *step == 0 || self.line.is_multiple_of(*step) => None,
                Address::Multiple(step) => Some(RangeEnd::Line(self.line.next_multiple_of(*step))),
                Address::Regex(_) if from_the_start && self.holds(process, to)? => None,
                Address::Last if self.is_last(process)? => None,
                _ => Some(RangeEnd::Matching),
            };
        }
        Ok(starts)
    }

    pub(super) fn label(&self, name: &str) -> Step {
        let commands = &self.script.commands;
        if name.is_empty() {
            return Step::Jump(commands.len());
        }
        let found = commands
            .iter()
            .position(|command| matches!(&command.action, Action::Label(label) if label == name));
        Step::Jump(found.unwrap_or(commands.len()))
    }
}

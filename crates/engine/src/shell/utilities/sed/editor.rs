//! Runs the commands of a script over lines: cycles, addresses, and what is printed when.

use super::Script;
use super::script::{Action, Address, Command};
use crate::shell::bytes::push_bytes;
use crate::shell::regex::Regex;
use crate::shell::utilities::support::cannot_open;
use crate::shell::{Interrupt, Process};
use std::collections::BTreeMap;

/// Runs the commands over the lines.
pub(super) struct Editor<'c> {
    pub(super) commands: &'c [Command],
    pub(super) quiet: bool,
    pub(super) lines: std::vec::IntoIter<String>,
    /// Whether the last line of the input has its end.
    pub(super) complete: bool,
    pub(super) end: u8,
    pub(super) pattern: String,
    pub(super) hold: String,
    pub(super) line: usize,
    /// For each command: the line where its range ends, while in it.
    pub(super) ranges: Vec<Option<RangeEnd>>,
    pub(super) appended: Vec<Queued>,
    pub(super) substituted: bool,
    pub(super) last_regex: Option<Regex>,
    pub(super) out: Vec<u8>,
    pub(super) in_place: bool,
    /// What goes to standard output although the file is edited in place.
    pub(super) printed: Vec<u8>,
    pub(super) files: BTreeMap<String, Vec<u8>>,
}

#[derive(Clone, Copy)]
pub(super) enum RangeEnd {
    Line(usize),
    Matching,
}

pub(super) enum Queued {
    Text(String),
    File(String),
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
    /// An editor before the first line. `complete`: whether the last line has its end.
    pub(super) fn new(script: &'c Script, lines: Vec<String>, complete: bool) -> Self {
        Self {
            commands: &script.commands,
            quiet: script.quiet,
            lines: lines.into_iter(),
            complete,
            end: script.end,
            pattern: String::new(),
            hold: String::new(),
            line: 0,
            ranges: vec![None; script.commands.len()],
            appended: Vec::new(),
            substituted: false,
            last_regex: None,
            out: Vec::new(),
            in_place: false,
            printed: Vec::new(),
            files: BTreeMap::new(),
        }
    }

    pub(super) fn is_last(&self) -> bool {
        self.lines.len() == 0
    }

    pub(super) fn emit(&mut self, text: &str) {
        push_bytes(text, &mut self.out);
        // The last line is printed as it came: perhaps without its end.
        if !self.is_last() || self.complete {
            self.out.push(self.end);
        }
    }

    /// Goes over all lines; gives the exit code.
    pub(super) fn run(&mut self, process: &mut Process<'_, '_>) -> Result<i32, Interrupt> {
        let mut status = 0;
        let mut restart = false;
        loop {
            if !restart {
                let Some(line) = self.lines.next() else { break };
                self.pattern = line;
                self.line += 1;
                self.substituted = false;
            }
            restart = false;
            let (print, quit) = match self.cycle(process)? {
                Step::Quit(print, code) => {
                    status = code;
                    (print, true)
                }
                Step::Restart => {
                    restart = true;
                    (false, false)
                }
                Step::End(print) => (print, false),
                _ => (true, false),
            };
            if print && !self.quiet {
                let text = std::mem::take(&mut self.pattern);
                self.emit(&text);
            }
            self.flush_appended(process);
            if quit {
                self.keep_the_rest();
                break;
            }
            if self.out.len() > 1 << 16 && !self.in_place {
                process.output_bytes(&std::mem::take(&mut self.out))?;
            }
        }
        let failed = self.write_files(process)?;
        Ok(if failed { 4 } else { status })
    }

    /// A file that is edited in place keeps the lines behind `q`.
    fn keep_the_rest(&mut self) {
        if self.in_place {
            for line in std::mem::take(&mut self.lines) {
                push_bytes(&line, &mut self.out);
                self.out.push(self.end);
            }
        }
    }

    /// Writes what `w` collected; whether a file could not be written.
    fn write_files(&mut self, process: &mut Process<'_, '_>) -> Result<bool, Interrupt> {
        let mut failed = false;
        for (path, bytes) in std::mem::take(&mut self.files) {
            match path.as_str() {
                "/dev/stdout" => process.output_bytes(&bytes)?,
                "/dev/stderr" => {
                    process.write_fd(2, &bytes)?;
                }
                _ => {
                    if let Err(error) = process.write(&path, bytes) {
                        cannot_open(process, &path, &error)?;
                        failed = true;
                    }
                }
            }
        }
        Ok(failed)
    }

    /// What `a` and `r` queued comes behind the line.
    pub(super) fn flush_appended(&mut self, process: &mut Process<'_, '_>) {
        for queued in std::mem::take(&mut self.appended) {
            if !self.out.is_empty() && self.out.last() != Some(&self.end) {
                self.out.push(self.end);
            }
            match queued {
                Queued::Text(text) => push_bytes(&text, &mut self.out),
                Queued::File(path) => {
                    if let Ok(content) = process.read(&path) {
                        self.out.extend_from_slice(content.bytes().unwrap_or_default());
                    }
                }
            }
        }
    }

    fn cycle(&mut self, process: &mut Process<'_, '_>) -> Result<Step, Interrupt> {
        let commands = self.commands;
        let mut at = 0;
        while let Some(command) = commands.get(at) {
            process.step(1)?;
            if self.selects(at, command) == command.negated {
                at = match command.action {
                    Action::BlockStart(end) => end + 1,
                    _ => at + 1,
                };
                continue;
            }
            match self.execute(process, at, command)? {
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

    fn holds(&mut self, address: &Address) -> bool {
        match address {
            Address::Line(line) => self.line == *line,
            Address::Last => self.is_last(),
            Address::Step(first, 0) => self.line == *first,
            Address::Step(first, step) => self.line >= *first && (self.line - first).is_multiple_of(*step),
            Address::Regex(regex) => self.matches(regex.as_ref()),
            Address::Offset(_) => false,
        }
    }

    fn selects(&mut self, at: usize, command: &Command) -> bool {
        let Some(from) = &command.from else { return true };
        let Some(to) = &command.to else { return self.holds(from) };
        if let Some(end) = self.ranges[at] {
            let ended = match end {
                RangeEnd::Line(line) => self.line >= line,
                RangeEnd::Matching => self.holds(to),
            };
            if ended {
                self.ranges[at] = None;
            }
            // A range whose last line has gone by already does not go on.
            return !matches!(end, RangeEnd::Line(line) if self.line > line) || self.holds(from);
        }
        let starts = matches!(from, Address::Line(0)) && self.line == 1 || self.holds(from);
        if starts {
            self.ranges[at] = match to {
                Address::Line(line) if *line <= self.line => None,
                Address::Line(line) => Some(RangeEnd::Line(*line)),
                Address::Offset(0) => None,
                Address::Offset(count) => Some(RangeEnd::Line(self.line + count)),
                Address::Regex(_) if matches!(from, Address::Line(0)) && self.holds(to) => None,
                Address::Last if self.is_last() => None,
                _ => Some(RangeEnd::Matching),
            };
        }
        starts
    }

    pub(super) fn label(&self, name: &str) -> Step {
        if name.is_empty() {
            return Step::Jump(self.commands.len());
        }
        let found = self
            .commands
            .iter()
            .position(|command| matches!(&command.action, Action::Label(label) if label == name));
        Step::Jump(found.unwrap_or(self.commands.len()))
    }
}

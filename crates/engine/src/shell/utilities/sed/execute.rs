//! The commands of a script, one by one.

use super::editor::{Editor, Queued, SPACE_WEIGHT, Step};
use super::input::Reader;
use super::replacement::{replace_into, replaced_length};
use super::script::{Action, Command, Substitution};
use crate::shell::bytes::{to_bytes, to_text};
use crate::shell::utilities::support::open_file;
use crate::shell::{Interrupt, Process};

impl Editor<'_> {
    /// Does what a command says that was selected.
    pub(super) fn execute(
        &mut self,
        process: &mut Process<'_, '_>,
        at: usize,
        command: &Command,
    ) -> Result<Step, Interrupt> {
        let end = self.script.end;
        match &command.action {
            Action::BlockStart(_) | Action::BlockEnd | Action::Label(_) => {}
            Action::Substitute(substitution) => self.substitute(process, substitution)?,
            Action::Translate(map) => {
                self.pattern = self.pattern.chars().map(|c| map.get(&c).copied().unwrap_or(c)).collect();
            }
            Action::Append(text) => {
                self.queued += text.len();
                self.appended.push(Queued::Text(text.clone()));
            }
            Action::Read(path) => {
                self.queued += path.len();
                self.appended.push(Queued::File(path.clone()));
            }
            Action::ReadLine(path) => self.queue_line(process, path)?,
            Action::Insert(text) => self.out.text(text, end),
            Action::Change(text) => {
                if command.negated || command.to.is_none() || self.ranges[at].is_none() {
                    self.out.text(text, end);
                }
                return Ok(Step::End(false));
            }
            Action::Branch(name) => return Ok(self.label(name)),
            Action::BranchIf(name) => {
                if std::mem::take(&mut self.substituted) {
                    return Ok(self.label(name));
                }
            }
            Action::BranchUnless(name) => {
                if !std::mem::take(&mut self.substituted) {
                    return Ok(self.label(name));
                }
            }
            Action::Write(path) => {
                let text = self.pattern.clone();
                self.write_line(path, &text);
            }
            Action::WriteFirst(path) => {
                let text = first_line(&self.pattern).to_owned();
                self.write_line(path, &text);
            }
            Action::Run(text) => self.run_command(process, text)?,
            Action::List(width) => {
                let shown = visible(&self.pattern, *width);
                self.out.text(&shown, end);
            }
            Action::Quit(letter, code) => return Ok(Step::Quit(*letter == 'q', *code)),
            Action::Simple(letter) => return self.simple(*letter, process),
        }
        Ok(Step::Next)
    }

    /// `R`: the next line of a file comes behind this one.
    fn queue_line(&mut self, process: &mut Process<'_, '_>, path: &str) -> Result<(), Interrupt> {
        if !self.readers.contains_key(path) {
            let reader = open_file(process, path).ok().map(Reader::new);
            self.readers.insert(path.to_owned(), reader);
        }
        if let Some(Some(reader)) = self.readers.get_mut(path)
            && let Some(line) = reader.next(process, self.script.end)?
        {
            self.queued += line.text.len();
            self.appended.push(Queued::Line(line));
        }
        Ok(())
    }

    fn write_line(&mut self, path: &str, text: &str) {
        let output = match path {
            "/dev/stdout" if self.in_place => &mut self.printed,
            "/dev/stdout" => &mut self.out,
            _ => self.files.entry(path.to_owned()).or_default(),
        };
        output.line(text, self.script.end, self.complete);
    }

    /// `e`: runs a command and prints what it prints; without one, runs the pattern space and takes that in its place.
    fn run_command(&mut self, process: &mut Process<'_, '_>, text: &str) -> Result<(), Interrupt> {
        self.flush(process)?;
        if text.is_empty() {
            return self.run_pattern(process);
        }
        let (bytes, _) = process.shell_output(text)?;
        self.out.raw(&bytes, self.script.end);
        Ok(())
    }

    fn run_pattern(&mut self, process: &mut Process<'_, '_>) -> Result<(), Interrupt> {
        let (bytes, _) = process.shell_output(&self.pattern)?;
        self.pattern = to_text(bytes.strip_suffix(&[self.script.end]).unwrap_or(&bytes));
        Ok(())
    }

    fn simple(&mut self, letter: char, process: &mut Process<'_, '_>) -> Result<Step, Interrupt> {
        let end = self.script.end;
        match letter {
            'd' => return Ok(Step::End(false)),
            'D' => match self.pattern.split_once('\n') {
                Some((_, rest)) => {
                    self.pattern = rest.to_owned();
                    return Ok(Step::Restart);
                }
                None => return Ok(Step::End(false)),
            },
            'p' => self.emit(),
            'P' => {
                let first = first_line(&self.pattern).to_owned();
                self.out.line(&first, end, true);
            }
            'n' => {
                if self.is_last(process)? {
                    // GNU prints the pattern space before it ends.
                    return Ok(Step::Quit(true, 0));
                }
                if !self.script.quiet {
                    self.emit();
                }
                self.flush_appended(process)?;
                self.pattern = self.next_line(process)?.unwrap_or_default();
            }
            'N' => {
                if self.is_last(process)? {
                    return Ok(Step::Quit(true, 0));
                }
                self.flush_appended(process)?;
                let next = self.next_line(process)?.unwrap_or_default();
                self.pattern.push(char::from(end));
                self.pattern.push_str(&next);
            }
            'g' => self.pattern.clone_from(&self.hold),
            'G' => {
                self.pattern.push(char::from(end));
                self.pattern.push_str(&self.hold);
            }
            'h' => self.hold.clone_from(&self.pattern),
            'H' => {
                self.hold.push(char::from(end));
                self.hold.push_str(&self.pattern);
            }
            'x' => std::mem::swap(&mut self.pattern, &mut self.hold),
            '=' => self.out.text(&format!("{}\n", self.line), end),
            'z' => self.pattern.clear(),
            _ => {
                let name = self.lines.name.clone();
                self.out.line(&name, b'\n', true);
            }
        }
        Ok(Step::Next)
    }

    fn substitute(
        &mut self,
        process: &mut Process<'_, '_>,
        substitution: &Substitution,
    ) -> Result<(), Interrupt> {
        let Some(regex) = substitution.regex.clone().or_else(|| self.last_regex.clone()) else {
            return Ok(());
        };
        let text = std::mem::take(&mut self.pattern);
        let mut out = String::new();
        let (mut from, mut copied, mut count, mut changed) = (0, 0, 0, false);
        let mut last_end = None;
        while from <= text.len() {
            let Some(found) = regex.find(&text, from) else { break };
            process.step(1)?;
            let (start, end) = (found.start(), found.end());
            let empty_after_match = start == end && last_end == Some(start);
            if !empty_after_match {
                count += 1;
                if count >= substitution.nth {
                    let longer = start - copied + replaced_length(&substitution.replacement, &text, &found);
                    process
                        .machine
                        .check_size(out.len().saturating_add(longer).saturating_mul(SPACE_WEIGHT))?;
                    process.step(longer as u64 >> 12)?;
                    out.push_str(&text[copied..start]);
                    replace_into(&mut out, &substitution.replacement, &text, &found);
                    copied = end;
                    changed = true;
                    if !substitution.global {
                        break;
                    }
                }
                last_end = Some(end);
            }
            from = if end > start { end } else { end + text[end..].chars().next().map_or(1, char::len_utf8) };
        }
        out.push_str(&text[copied..]);
        self.pattern = out;
        self.last_regex = Some(regex);
        if changed {
            self.substituted = true;
            if substitution.evaluate {
                self.run_pattern(process)?;
            }
            if substitution.print {
                self.emit();
            }
            if let Some(path) = &substitution.file {
                let text = self.pattern.clone();
                self.write_line(path, &text);
            }
        }
        Ok(())
    }
}

fn first_line(text: &str) -> &str {
    text.split('\n').next().unwrap_or("")
}

/// A line as `l` shows it, broken so that no line is longer than `width`; 0 and 1 do not break it.
fn visible(text: &str, width: usize) -> String {
    let mut shown = String::new();
    let mut column = 0;
    for byte in to_bytes(text) {
        let part = match byte {
            b'\\' => "\\\\".to_owned(),
            b'\x07' => "\\a".to_owned(),
            b'\x08' => "\\b".to_owned(),
            b'\x0c' => "\\f".to_owned(),
            b'\x0b' => "\\v".to_owned(),
            b'\t' => "\\t".to_owned(),
            b'\n' => "\\n".to_owned(),
            b'\r' => "\\r".to_owned(),
            32..=126 => char::from(byte).to_string(),
            _ => format!("\\{byte:03o}"),
        };
        if width > 1 && column + part.len() > width - 1 {
            shown.push_str("\\\n");
            column = 0;
        }
        column += part.len();
        shown.push_str(&part);
    }
    shown.push_str("$\n");
    shown
}

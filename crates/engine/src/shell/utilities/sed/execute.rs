//! The commands of a script, one by one.

use super::editor::{Editor, Queued, Step};
use super::replacement::replace_into;
use super::script::{Action, Command, Substitution};
use crate::shell::bytes::{push_bytes, to_bytes};
use crate::shell::{Interrupt, Process};

impl Editor<'_> {
    /// Does what a command says that was selected.
    pub(super) fn execute(
        &mut self,
        process: &mut Process<'_, '_>,
        at: usize,
        command: &Command,
    ) -> Result<Step, Interrupt> {
        match &command.action {
            Action::BlockStart(_) | Action::BlockEnd | Action::Label(_) => {}
            Action::Substitute(substitution) => self.substitute(process, substitution)?,
            Action::Translate(map) => {
                self.pattern = self.pattern.chars().map(|c| map.get(&c).copied().unwrap_or(c)).collect();
            }
            Action::Append(text) => self.appended.push(Queued::Text(text.clone())),
            Action::Read(path) => self.appended.push(Queued::File(path.clone())),
            Action::Insert(text) => push_bytes(text, &mut self.out),
            Action::Change(text) => {
                if command.negated || command.to.is_none() || self.ranges[at].is_none() {
                    push_bytes(text, &mut self.out);
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
            Action::Write(path) => self.write_line(path),
            Action::Quit(letter, code) => return Ok(Step::Quit(*letter == 'q', *code)),
            Action::Simple(letter) => return self.simple(*letter, process),
        }
        Ok(Step::Next)
    }

    fn write_line(&mut self, path: &str) {
        let text = self.pattern.clone();
        if path == "/dev/stdout" {
            let out = if self.in_place { &mut self.printed } else { &mut self.out };
            push_bytes(&text, out);
            out.push(b'\n');
            return;
        }
        let file = self.files.entry(path.to_owned()).or_default();
        push_bytes(&text, file);
        file.push(b'\n');
    }

    fn simple(&mut self, letter: char, process: &mut Process<'_, '_>) -> Result<Step, Interrupt> {
        match letter {
            'd' => return Ok(Step::End(false)),
            'D' => match self.pattern.split_once('\n') {
                Some((_, rest)) => {
                    self.pattern = rest.to_owned();
                    return Ok(Step::Restart);
                }
                None => return Ok(Step::End(false)),
            },
            'p' => {
                let text = self.pattern.clone();
                self.emit(&text);
                // Only the last print of an incomplete line lacks the end.
                if self.is_last() && !self.complete && !self.quiet {
                    self.out.push(self.end);
                }
            }
            'P' => {
                let first = self.pattern.split('\n').next().unwrap_or("").to_owned();
                push_bytes(&first, &mut self.out);
                self.out.push(b'\n');
            }
            'n' => {
                if self.is_last() {
                    // GNU prints the pattern space before it ends.
                    return Ok(Step::Quit(true, 0));
                }
                if !self.quiet {
                    let text = std::mem::take(&mut self.pattern);
                    self.emit(&text);
                }
                self.flush_appended(process);
                self.pattern = self.lines.next().unwrap_or_default();
                self.line += 1;
            }
            'N' => {
                if self.is_last() {
                    return Ok(Step::Quit(true, 0));
                }
                self.flush_appended(process);
                let next = self.lines.next().unwrap_or_default();
                self.pattern.push('\n');
                self.pattern.push_str(&next);
                self.line += 1;
            }
            'g' => self.pattern.clone_from(&self.hold),
            'G' => {
                self.pattern.push('\n');
                self.pattern.push_str(&self.hold);
            }
            'h' => self.hold.clone_from(&self.pattern),
            'H' => {
                self.hold.push('\n');
                self.hold.push_str(&self.pattern);
            }
            'x' => std::mem::swap(&mut self.pattern, &mut self.hold),
            '=' => push_bytes(&format!("{}\n", self.line), &mut self.out),
            'z' => self.pattern.clear(),
            'l' => {
                let shown = visible(&self.pattern);
                push_bytes(&shown, &mut self.out);
            }
            _ => push_bytes("-\n", &mut self.out),
        }
        process.step((self.pattern.len() as u64 + self.hold.len() as u64) >> 12)?;
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
            if substitution.print {
                let text = self.pattern.clone();
                self.emit(&text);
                if self.is_last() && !self.complete && !self.quiet {
                    self.out.push(self.end);
                }
            }
            if let Some(path) = &substitution.file {
                self.write_line(path);
            }
        }
        Ok(())
    }
}

/// A line as `l` shows it.
fn visible(text: &str) -> String {
    let mut shown = String::new();
    for byte in to_bytes(text) {
        match byte {
            b'\\' => shown.push_str("\\\\"),
            b'\t' => shown.push_str("\\t"),
            b'\n' => shown.push_str("\\n"),
            b'\r' => shown.push_str("\\r"),
            32..=126 => shown.push(char::from(byte)),
            _ => shown.push_str(&format!("\\{byte:03o}")),
        }
    }
    shown.push_str("$\n");
    shown
}

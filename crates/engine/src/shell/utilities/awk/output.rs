//! What is printed: standard output, files, commands.
//!
//! As the real programs do, output is collected and written in blocks; what goes to a command is given to it when it
//! is closed, or at the end.

use super::ast::{Expr, Redirection, RedirectionKind, special};
use super::dialect::Dialect;
use super::failure::Stop;
use super::interpreter::{Evaluated, Interpreter};
use super::value::{Text, Value};
use crate::shell::bytes::{push_bytes, to_bytes, to_text};
use crate::shell::files::{Handle, OpenFile, handle};
use crate::shell::process::OpenOptions;
use crate::shell::{Interrupt, Process};

/// So much is collected before it is written.
const BLOCK: usize = 16 << 10;

/// Where something goes.
enum Target {
    Standard,
    Error,
    File(Handle),
    Command,
}

/// Something that is printed to.
struct Output {
    name: Text,
    target: Target,
    bytes: Vec<u8>,
}

/// Everything that is printed to.
#[derive(Default)]
pub(super) struct Outputs {
    /// What goes to standard output.
    standard: Vec<u8>,
    others: Vec<Output>,
}

impl Output {
    fn flush(&mut self, process: &mut Process<'_, '_>) -> Result<(), Interrupt> {
        if self.bytes.is_empty() {
            return Ok(());
        }
        let bytes = match &self.target {
            Target::Command => return Ok(()),
            _ => std::mem::take(&mut self.bytes),
        };
        match &self.target {
            Target::Error => process.write_fd(2, &bytes).map(|_| ()),
            Target::File(file) => process.write_handle(file, &bytes).map(|_| ()),
            Target::Standard | Target::Command => process.output_bytes(&bytes),
        }
    }
}

impl Interpreter<'_, '_, '_> {
    pub(super) fn print(&mut self, list: &[Expr], redirection: Option<&Redirection>) -> Result<(), Stop> {
        let mut line = String::new();
        if list.is_empty() {
            line.push_str(&self.record_text()?);
        }
        for (at, expr) in list.iter().enumerate() {
            if at > 0 {
                line.push_str(&self.global_text(special::OFS));
            }
            match self.evaluate(expr)? {
                Value::Number(number) => {
                    let format = self.global_text(special::OFMT);
                    line.push_str(&super::value::number_text(number, self.dialect, &format));
                }
                other => line.push_str(&other.text(self.dialect, "")),
            }
        }
        line.push_str(&self.global_text(special::ORS));
        self.write(&line, redirection)
    }

    pub(super) fn printf(&mut self, list: &[Expr], redirection: Option<&Redirection>) -> Result<(), Stop> {
        let values = self.values(list)?;
        let Some((format, values)) = values.split_first() else { return Ok(()) };
        let format = self.text_of(format);
        let text = super::format::sprintf(&format, values, self.dialect, "printf")?;
        self.write(&text, redirection)
    }

    fn write(&mut self, text: &str, redirection: Option<&Redirection>) -> Result<(), Stop> {
        let Some(redirection) = redirection else {
            push_bytes(text, &mut self.outputs.standard);
            if self.outputs.standard.len() > BLOCK {
                self.flush_standard()?;
            }
            return Ok(());
        };
        let name = self.text(&redirection.target)?;
        let at = self.output_named(&name, redirection.kind)?;
        let output = &mut self.outputs.others[at];
        if let Target::Standard = output.target {
            push_bytes(text, &mut self.outputs.standard);
            return Ok(());
        }
        push_bytes(text, &mut output.bytes);
        self.process.machine.check_size(output.bytes.len())?;
        if output.bytes.len() > BLOCK || matches!(output.target, Target::Error) {
            output.flush(self.process)?;
        }
        Ok(())
    }

    /// The output of a name, which is opened unless it is.
    fn output_named(&mut self, name: &Text, kind: RedirectionKind) -> Result<usize, Stop> {
        if let Some(at) = self.outputs.others.iter().position(|output| output.name == *name) {
            return Ok(at);
        }
        let target = match (&**name, kind) {
            (_, RedirectionKind::Pipe) => Target::Command,
            ("/dev/stdout" | "-", _) => Target::Standard,
            ("/dev/stderr", _) => Target::Error,
            _ => {
                let append = kind == RedirectionKind::Append;
                let options =
                    OpenOptions { write: true, append, truncate: !append, ..OpenOptions::default() };
                let path = to_text(&to_bytes(name));
                let opened = self.process.open_file(&path, options);
                Target::File(opened.map_err(|error| self.dialect.cannot_write(&path, error.kind.message()))?)
            }
        };
        self.outputs.others.push(Output { name: name.clone(), target, bytes: Vec::new() });
        Ok(self.outputs.others.len() - 1)
    }

    fn flush_standard(&mut self) -> Result<(), Interrupt> {
        let bytes = std::mem::take(&mut self.outputs.standard);
        if bytes.is_empty() { Ok(()) } else { self.process.output_bytes(&bytes) }
    }

    /// Writes out everything that is collected, except what waits for a command.
    pub(super) fn flush_all(&mut self) -> Result<(), Interrupt> {
        self.flush_standard()?;
        for output in &mut self.outputs.others {
            output.flush(self.process)?;
        }
        Ok(())
    }

    /// `fflush`: whether there is something of that name.
    pub(super) fn flush_named(&mut self, name: Option<&str>) -> Result<bool, Interrupt> {
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            self.flush_all()?;
            return Ok(true);
        };
        match self.outputs.others.iter_mut().find(|output| &*output.name == name) {
            Some(output) => output.flush(self.process).map(|()| true),
            None if name == "/dev/stdout" => self.flush_standard().map(|()| true),
            None => Ok(false),
        }
    }

    /// Writes everything and runs the commands that wait for their input.
    pub(super) fn finish(&mut self) -> Result<(), Interrupt> {
        self.flush_all()?;
        for output in std::mem::take(&mut self.outputs.others) {
            if let Target::Command = output.target {
                self.feed(&output.name, output.bytes)?;
            }
        }
        Ok(())
    }

    /// Runs a command with bytes at its standard input.
    fn feed(&mut self, command: &str, bytes: Vec<u8>) -> Result<i32, Interrupt> {
        let mut child = self.process.fork();
        child.files.set(0, Some(handle(OpenFile::Bytes { bytes: bytes.into(), offset: 0 })));
        child.shell(&to_text(&to_bytes(command)))
    }

    /// How a command ended, as `close` says it: BusyBox gives it as the kernel does.
    fn close_status(&self, code: i32) -> i32 {
        if self.dialect == Dialect::Busybox { code << 8 } else { code }
    }

    /// `close`: what a command gave, 0 for a file, -1 for what is not open.
    pub(super) fn close(&mut self, name: &Text) -> Evaluated {
        let mut status = None;
        if let Some(at) = self.outputs.others.iter().position(|output| output.name == *name) {
            let mut output = self.outputs.others.remove(at);
            status = Some(if let Target::Command = output.target {
                self.flush_all()?;
                let code = self.feed(&output.name, output.bytes)?;
                self.close_status(code)
            } else {
                output.flush(self.process)?;
                0
            });
        }
        if let Some(at) = self.inputs.others.iter().position(|(found, _)| found == name) {
            self.inputs.others.remove(at);
            let ended = self.inputs.statuses.iter().position(|(found, _)| found == name);
            let code = ended.map_or(0, |at| self.inputs.statuses.remove(at).1);
            status = Some(self.close_status(code));
        }
        let unknown = if self.dialect == Dialect::Busybox { 0 } else { -1 };
        Ok(Value::Number(f64::from(status.unwrap_or(unknown))))
    }

    /// `system`.
    pub(super) fn system(&mut self, arguments: &[Expr]) -> Evaluated {
        let command = self.text(&arguments[0])?;
        self.flush_all()?;
        let status = self.process.fork().shell(&to_text(&to_bytes(&command)))?;
        Ok(Value::Number(f64::from(status)))
    }
}

//! `sh` as a command: its options, `-c`, scripts, standard input.

use super::state::{State, Value};
use super::{Flow, Shell, Status};
use crate::shell::command::Flavour;
use crate::shell::interrupt::{Interrupt, Outcome};
use crate::shell::language::{Dialect, Parser, SyntaxError};
use crate::shell::process::Process;
use crate::vfs::path;
use std::collections::VecDeque;

/// Runs a shell.
pub(in crate::shell) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let pid = process.pid;
    process.machine.enter_by(DEPTH_OF_SHELL)?;
    process.machine.shells.push(pid);
    let status = run(process);
    process.machine.shells.pop();
    process.machine.leave_by(DEPTH_OF_SHELL);
    status
}

/// A shell within a shell takes as much of the stack as so many calls.
const DEPTH_OF_SHELL: u32 = 4;

fn run(process: &mut Process<'_, '_>) -> Outcome {
    let dialect = dialect_of(process);
    let own_name = process.arguments.first().cloned().unwrap_or_default();
    let mut shell = Shell { process: process.fork(), state: State::new(dialect, &own_name) };
    shell.state.counted = shell.process.machine.moments.is_first_shell();
    shell.process.flavour = if dialect == Dialect::Ash { Flavour::Busybox } else { Flavour::Gnu };
    shell.state.pid = shell.process.pid;
    shell.import_environment();
    match start(&mut shell)? {
        Ok(result) => shell.finish(result),
        Err(code) => Ok(code),
    }
}

/// How a shell is started.
#[derive(Default)]
struct Start {
    command: bool,
    login: bool,
    from_input: bool,
    /// The words behind the options.
    words: VecDeque<String>,
}

/// Runs what the words of the command line say; an exit code where they are wrong.
fn start(shell: &mut Shell<'_, '_>) -> Result<Result<Status, i32>, Interrupt> {
    let Some(Start { command, login, from_input, mut words }) = read_options(shell)? else {
        return Ok(Err(2));
    };
    if login {
        shell.run_profile()?;
    }
    if command {
        let Some(text) = words.pop_front() else {
            shell.state.line = 0;
            shell.error(None, "-c requires an argument")?;
            return Ok(Err(2));
        };
        if let Some(name) = words.pop_front() {
            shell.state.name = name;
        }
        shell.state.positional = words.into();
        return Ok(Ok(shell.run_text(&text)));
    }
    if !from_input && let Some(script) = words.pop_front() {
        shell.state.positional = words.into();
        return Ok(Ok(shell.run_script(&script)));
    }
    shell.state.positional = words.into();
    let bytes = shell.process.read_input()?;
    Ok(Ok(shell.run_text(&crate::shell::bytes::to_text(&bytes))))
}

/// The options in front; nothing after one that there is not, which has been told.
fn read_options(shell: &mut Shell<'_, '_>) -> Result<Option<Start>, Interrupt> {
    let mut start = Start { words: shell.process.args().to_vec().into(), ..Start::default() };
    while let Some(word) = start.words.front().cloned() {
        if word.len() < 2 || !word.starts_with(['-', '+']) {
            break;
        }
        start.words.pop_front();
        if word == "--" {
            break;
        }
        if word.starts_with("--") {
            start.login |= word == "--login";
            continue;
        }
        let on = word.starts_with('-');
        for letter in word[1..].chars() {
            match letter {
                'c' => start.command = true,
                'o' => {
                    let name = start.words.pop_front().unwrap_or_default();
                    if !shell.set_long_option(&name, on) {
                        shell.unknown_start_option(&name)?;
                        return Ok(None);
                    }
                }
                'i' => {}
                's' => start.from_input = true,
                'l' => start.login = true,
                _ if shell.set_short_option(letter, on) => {}
                _ => {
                    let first = if shell.state.dialect == Dialect::Ash { 'i' } else { 'I' };
                    shell.state.line = 0;
                    shell.error(None, &format!("{first}llegal option -{letter}"))?;
                    return Ok(None);
                }
            }
        }
    }
    // As `--` does, a lone hyphen ends the options: `curl … | bash -`.
    if start.words.front().is_some_and(|word| word == "-") {
        start.words.pop_front();
    }
    Ok(Some(start))
}

/// BusyBox's shell is ash under each of its names; elsewhere the file decides.
pub(super) fn dialect_of(process: &mut Process<'_, '_>) -> Dialect {
    if process.is_busybox() {
        return Dialect::Ash;
    }
    let name = process.name().to_owned();
    if name == "bash" {
        return Dialect::Bash;
    }
    let called = process.arguments.first().cloned().unwrap_or_default();
    let found = process.find_command(&called).unwrap_or(called);
    let absolute = process.resolve(&found);
    match process.machine.tree().canonical(&absolute) {
        Ok(place) if path::name(&place) == "bash" => Dialect::Bash,
        _ => Dialect::Dash,
    }
}

impl Shell<'_, '_> {
    pub(super) fn import_environment(&mut self) {
        for (name, value) in std::mem::take(&mut self.process.environment) {
            let variable = self.state.variable(&name);
            variable.value = Some(Value::Text(value));
            variable.exported = true;
        }
        let level = self.state.get("SHLVL").and_then(|level| level.parse::<i64>().ok()).unwrap_or(0);
        let cwd = self.process.cwd.clone();
        if self.state.dialect != Dialect::Dash {
            self.state.variable("SHLVL").exported = true;
            self.state.set("SHLVL", (level + 1).to_string());
        }
        self.state.set("PWD", cwd);
        self.state.variable("PWD").exported = true;
        self.state.set("IFS", " \t\n".into());
        self.state.set("OPTIND", "1".into());
        self.state.set("PS4", "+ ".into());
        if self.state.dialect != Dialect::Bash {
            let prompt = match (self.state.dialect, self.process.credentials.uid) {
                (Dialect::Ash, _) => "\\w \\$ ",
                (_, 0) => "# ",
                _ => "$ ",
            };
            self.state.set("PS1", prompt.into());
            self.state.set("PS2", "> ".into());
        }
        if self.state.dialect == Dialect::Bash {
            self.state.set("BASH_VERSION", "5.2.15(1)-release".into());
            let name = self.state.name.clone();
            self.state.set("BASH", name);
            let version = ["5", "2", "15", "1", "release", "x86_64-pc-linux-gnu"].map(str::to_owned);
            let versions = self.state.variable("BASH_VERSINFO");
            versions.value = Some(Value::Array(crate::order::map((0..).zip(version))));
            versions.read_only = true;
        }
        self.publish();
    }

    /// Gives the process the exported variables as its environment.
    pub(super) fn publish(&mut self) {
        self.process.environment = self.state.environment();
    }

    fn run_profile(&mut self) -> Result<(), Interrupt> {
        if let Ok(text) = self.process.read_text("/etc/profile")
            && let Err(Flow::Interrupt(interrupt)) = self.run_text(&text)
        {
            return Err(interrupt);
        }
        Ok(())
    }

    fn run_script(&mut self, script: &str) -> Status {
        let text = match self.process.read_text(script) {
            Ok(text) => text,
            Err(error) => {
                let message = match self.state.dialect {
                    Dialect::Ash => format!("can't open '{script}': {}", error.kind.message()),
                    Dialect::Dash => format!("0: cannot open {script}: {}", short_reason(error.kind)),
                    Dialect::Bash => format!("{script}: {}", error.kind.message()),
                };
                let name = self.state.name.clone();
                self.process.error_output(&format!("{name}: {message}\n"))?;
                return Ok(if self.state.dialect == Dialect::Bash { 127 } else { 2 });
            }
        };
        self.state.name = script.to_owned();
        self.state.is_script = true;
        self.run_text(&text)
    }

    /// Runs a whole text; a syntax error ends the shell.
    pub(super) fn run_text(&mut self, text: &str) -> Status {
        match self.eval_lines(text, None) {
            Err(Flow::Return(status)) => Ok(status),
            other => other,
        }
    }

    /// Runs text within the shell (`eval`, traps).
    pub(super) fn eval_text(&mut self, text: &str) -> Status {
        self.state.substitutions += 1;
        let status = self.eval_here(text);
        self.state.substitutions -= 1;
        status
    }

    /// As [`Shell::eval_text`], no deeper in the trace: the trap at the end.
    pub(super) fn eval_here(&mut self, text: &str) -> Status {
        self.eval_lines(text, Some("eval"))
    }

    /// Runs the text of a file within the shell (`.`).
    pub(super) fn source_text(&mut self, text: &str, name: &str) -> Status {
        let outer = self.state.context.replace(name.to_owned());
        self.state.substitutions += 1;
        let status = self.eval_lines(text, Some(name));
        self.state.substitutions -= 1;
        self.state.context = outer;
        status
    }

    fn eval_lines(&mut self, text: &str, builtin: Option<&str>) -> Status {
        let script = text;
        let mut parser = Parser::new(text, self.state.dialect);
        let bash = self.state.dialect == Dialect::Bash;
        if builtin == Some("eval") && self.state.dialect != Dialect::Dash {
            parser.set_line(self.state.line);
        }
        let mut status = 0;
        self.process.machine.step(1 + text.len() as u64 / 256)?;
        loop {
            let aliases = match self.state.dialect {
                Dialect::Bash if !self.state.options.expand_aliases => Default::default(),
                _ => self.state.aliases.clone(),
            };
            parser.set_extglob(self.state.options.extglob);
            let place = parser.place();
            let next = parser.next_line_with(&aliases);
            if self.state.options.verbose && self.state.is_script && builtin != Some("eval") {
                self.process.error_output(&parser.read_since(place))?;
            }
            match next {
                Ok(Some(list)) => match self.list(&list) {
                    Ok(code) => status = code,
                    Err(Flow::Error(code)) if bash && !self.state.is_subshell => {
                        self.state.status = code;
                        status = code;
                    }
                    Err(flow) => return Err(flow),
                },
                Ok(None) => return Ok(status),
                Err(error) => return self.syntax_error(&error, script, builtin),
            }
        }
    }

    /// Tells of a syntax error, which ends all shells but bash where it is in `eval` or a file that is read in.
    fn syntax_error(&mut self, error: &SyntaxError, script: &str, builtin: Option<&str>) -> Status {
        let message = error.message(self.state.dialect);
        let name = self.state.name.clone();
        let text = match (self.state.dialect, builtin) {
            (Dialect::Ash, Some("eval")) => format!("{name}: eval: line {}: {message}\n", self.ash_line()),
            (Dialect::Ash, Some(file)) => format!("{name}: {file}: line {}: {message}\n", error.line),
            (Dialect::Ash, None) if self.state.is_script => {
                format!("{name}: line {}: {message}\n", error.line)
            }
            (Dialect::Dash, Some(builtin)) => {
                let (line, message) = message.split_once(": ").unwrap_or(("1", &message));
                format!("{name}: {line}: {builtin}: {message}\n")
            }
            (Dialect::Bash, Some("eval")) => format!("{name}: eval: {message}\n"),
            (Dialect::Bash, Some(file)) => format!("{file}: {message}\n"),
            (Dialect::Bash, None) if !self.state.is_script => format!("{name}: -c: {message}\n"),
            _ => format!("{name}: {message}\n"),
        };
        self.process.error_output(&text)?;
        if self.state.dialect == Dialect::Bash {
            if message.contains("near unexpected token") {
                let line = script_line(error.line, script);
                let (start, _) = text.rsplit_once(": syntax error").unwrap_or((&text, ""));
                self.process.error_output(&format!("{start}: `{line}'\n"))?;
            }
            if builtin.is_some() {
                self.state.status = 2;
                return Ok(2);
            }
        }
        Err(if self.state.dialect == Dialect::Bash { Flow::Exit(2) } else { Flow::Error(2) })
    }

    /// ash counts no lines in the text of `-c`.
    pub(super) fn ash_line(&self) -> u32 {
        if self.state.is_script { self.state.line } else { self.state.line.saturating_sub(1) }
    }

    /// What stands in front of a message of the shell.
    pub(super) fn error_prefix(&self, builtin: Option<&str>) -> String {
        let name = &self.state.name;
        let builtin = match self.state.dialect {
            Dialect::Bash => builtin,
            _ => builtin.or(self.state.context.as_deref()),
        };
        let builtin_part = builtin.map_or_else(String::new, |builtin| format!("{builtin}: "));
        match self.state.dialect {
            Dialect::Ash | Dialect::Bash if self.state.interactive => format!("{name}: {builtin_part}"),
            Dialect::Ash if self.state.is_script => {
                format!("{name}: {builtin_part}line {}: ", self.ash_line())
            }
            Dialect::Ash if builtin.is_some() => format!("{name}: {builtin_part}line {}: ", self.ash_line()),
            Dialect::Ash => format!("{name}: "),
            Dialect::Dash => format!("{name}: {}: {builtin_part}", self.state.line),
            Dialect::Bash => {
                // bash names the file that a function or command is in.
                let name = self.state.calls.first().map_or(name.as_str(), |call| &call.file);
                format!("{name}: line {}: {builtin_part}", self.state.line)
            }
        }
    }
}

/// A line of a script, counted from 1.
fn script_line(line: u32, script: &str) -> &str {
    script.lines().nth(line.saturating_sub(1) as usize).unwrap_or("")
}

/// How dash words why a file cannot be opened.
pub(super) fn short_reason(kind: crate::vfs::VfsErrorKind) -> &'static str {
    match kind {
        crate::vfs::VfsErrorKind::NotFound => "No such file",
        other => other.message(),
    }
}

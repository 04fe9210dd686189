//! A shell that a person types into, and the moments of a script that one can come back to.

use super::run::dialect_of;
use super::state::State;
use super::trace::source;
use super::{Flow, Shell};
use crate::shell::command::Flavour;
use crate::shell::interrupt::Interrupt;
use crate::shell::language::{Command, Compound, Dialect, Parser, Simple, SyntaxErrorKind};
use crate::shell::moment::Moment;
use crate::shell::process::Process;

/// `$?` after what was interrupted, as after Ctrl+C.
pub(in crate::shell) const INTERRUPTED: i32 = 130;

/// Whether a text needs more lines: a quote, a compound command or a here-document has no end yet.
pub(in crate::shell) fn is_incomplete(text: &str, dialect: Dialect) -> bool {
    let mut parser = Parser::new(text, dialect);
    loop {
        match parser.next_line() {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(error) => {
                return match error.kind {
                    SyntaxErrorKind::Unterminated(_) => true,
                    SyntaxErrorKind::Unexpected(token, _) => token == "end of file",
                    _ => false,
                };
            }
        }
    }
    parser.is_in_document() || goes_on(text, dialect)
}

/// Whether a backslash at the end continues the line, which it does not in a comment.
fn goes_on(text: &str, dialect: Dialect) -> bool {
    let Some(without) = text.strip_suffix('\\') else { return false };
    let escapes = without.len() - without.trim_end_matches('\\').len();
    if escapes % 2 == 1 {
        return false;
    }
    let words = |text: &str| {
        let mut parser = Parser::new(text, dialect);
        let mut lists = Vec::new();
        while let Ok(Some(list)) = parser.next_line() {
            lists.push(list);
        }
        lists
    };
    // A letter in its place is part of a word, or of a comment, which is nothing.
    words(&format!("{without}x")) != words(&format!("{without}y"))
}

impl<'m, 'w> Shell<'m, 'w> {
    /// A new shell for a person, with the environment of the process.
    pub(in crate::shell) fn for_person(process: Process<'m, 'w>) -> Self {
        let mut process = process;
        let dialect = dialect_of(&mut process);
        process.flavour = if dialect == Dialect::Ash { Flavour::Busybox } else { Flavour::Gnu };
        let path = process.arguments.first().cloned().unwrap_or_default();
        // bash calls itself by the last part of its name when somebody types into it.
        let name = if dialect == Dialect::Bash { "bash".to_owned() } else { path };
        let mut shell = Shell { process, state: State::new(dialect, &name) };
        shell.state.interactive = true;
        shell.import_environment();
        shell
    }

    /// Runs whole lines; whether the shell goes on. An error ends the line and not the shell.
    pub(in crate::shell) fn run_lines(&mut self, text: &str, line: u32) -> Result<bool, Interrupt> {
        self.process.machine.step(1 + text.len() as u64 / 256)?;
        let mut parser = Parser::at_line(text, self.state.dialect, line);
        loop {
            let list = match parser.next_line_with(&self.state.aliases.clone()) {
                Ok(Some(list)) => list,
                Ok(None) => return Ok(true),
                Err(error) => {
                    let (name, message) = (self.state.name.clone(), error.message(self.state.dialect));
                    // bash names no lines to somebody who types.
                    let message = match self.state.dialect {
                        Dialect::Bash => message.split_once(": ").map_or(&*message, |(_, rest)| rest),
                        _ => &message,
                    };
                    self.process.error_output(&format!("{name}: {message}\n"))?;
                    self.state.status = 2;
                    return Ok(true);
                }
            };
            match self.list(&list) {
                Ok(status) => self.state.status = status,
                Err(Flow::Interrupt(interrupt)) => return Err(interrupt),
                Err(Flow::Exit(status)) if self.state.exits => {
                    self.state.status = self.finish(Ok(status))?;
                    return Ok(false);
                }
                Err(Flow::Killed(signal)) => {
                    self.state.status = 128 + i32::from(signal);
                    return Ok(false);
                }
                Err(Flow::Exit(status) | Flow::Error(status) | Flow::Return(status)) => {
                    self.state.status = status;
                    self.settle();
                    return Ok(true);
                }
                Err(Flow::Break(_) | Flow::Continue(_)) => self.settle(),
            }
        }
    }

    /// Leaves all loops and functions: back at the prompt.
    pub(in crate::shell) fn settle(&mut self) {
        let state = &mut self.state;
        (state.loops, state.tested, state.sourced, state.substitutions) = (0, 0, 0, 0);
        state.locals.clear();
        state.exits = false;
    }

    /// Takes over what a script knew, as far as somebody who types wants it: its variables and functions, and not that
    /// it ends at the first error.
    pub(in crate::shell) fn take_over(&mut self, state: State) {
        let fresh = std::mem::replace(&mut self.state, state);
        self.settle();
        let state = &mut self.state;
        (state.name, state.interactive, state.counted) = (fresh.name, true, false);
        (state.is_script, state.is_subshell) = (false, false);
        let options = state.options;
        state.options = fresh.options;
        (state.options.pipefail, state.options.noglob) = (options.pipefail, options.noglob);
        (state.options.nullglob, state.options.dotglob) = (options.nullglob, options.dotglob);
        state.traps.clear();
        self.publish();
    }

    /// Counts a command, or the commands of a pipeline; ends the run before the one that is looked for.
    ///
    /// What only groups others does not count, nor do `exit` and `return`: what made the script leave comes before them.
    pub(super) fn pass_moment(&mut self, commands: &[Command]) -> Result<(), Interrupt> {
        let counts = match commands {
            [Command::Simple(simple)] => !is_leaving(simple),
            [Command::Compound(Compound::Test { .. } | Compound::Arithmetic { .. }, _)] => true,
            commands => commands.len() > 1,
        };
        if !counts || !self.process.machine.moments.is_wanted() {
            return Ok(());
        }
        self.publish();
        let moment = Moment {
            state: self.state.clone(),
            cwd: self.process.cwd.clone(),
            credentials: self.process.credentials.clone(),
            umask: self.process.umask,
            command: commands.iter().map(in_words).collect::<Vec<_>>().join(" | "),
        };
        self.process.machine.moments.keep(moment);
        Err(Interrupt::Moment)
    }
}

fn is_leaving(simple: &Simple) -> bool {
    let name = simple.words.first().and_then(|word| word.as_literal());
    matches!(name, Some("exit" | "return"))
}

/// A command roughly as it was written.
fn in_words(command: &Command) -> String {
    match command {
        Command::Simple(simple) => {
            let set = simple.assignments.iter().map(|set| format!("{}={}", set.name, source(&set.value)));
            set.chain(simple.words.iter().map(source)).collect::<Vec<_>>().join(" ")
        }
        Command::Compound(Compound::Test { .. }, _) => "[[ … ]]".to_owned(),
        Command::Compound(Compound::Arithmetic { expression, .. }, _) => {
            format!("(( {} ))", source(expression))
        }
        _ => "…".to_owned(),
    }
}

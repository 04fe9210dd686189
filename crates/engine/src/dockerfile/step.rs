//! How an instruction shows up in a build: the text of its step, and the command line of a `RUN`.

use super::arguments::{CommandForm, InlineFile, Mount, MountKind, Run};
use super::ast::{Instruction, InstructionKind};
use super::expand::{Expander, Variables};
use super::heredoc;
use crate::case::Case;

/// The shell that runs commands in shell form where `SHELL` said nothing else.
pub const DEFAULT_SHELL: [&str; 2] = ["/bin/sh", "-c"];

/// Where the file of a heredoc that begins with `#!` is put.
pub const SCRIPT_DIRECTORY: &str = "/dev/pipes";

/// The text of a step, without the numbers in front: the keyword in upper case, variables expanded.
pub fn step_text<V: Variables + ?Sized>(instruction: &Instruction, escape: char, variables: &V) -> String {
    let mut text = instruction.text.clone();
    let expanded = if let InstructionKind::Run(run) = &instruction.kind {
        if let Some(summary) = heredoc_summary(run) {
            text.push_str(&format!(" ({summary})"));
        }
        let masked = Masked { variables, secrets: secret_variables(run) };
        Expander::for_step_name(escape).expand(&text, &masked)
    } else {
        Expander::new(escape).expand(&text, variables)
    };
    let text = expanded.map_or(text, |expansion| expansion.text);
    match text.split_once(' ') {
        Some((keyword, rest)) => format!("{} {rest}", keyword.upper()),
        None => text.upper(),
    }
}

/// What a `RUN` executes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunCommand {
    /// The words, the shell in front where there is one.
    pub words: Vec<String>,
    /// A script to be placed in [`SCRIPT_DIRECTORY`], where the `RUN` is a single heredoc that begins with `#!`.
    pub script: Option<InlineFile>,
}

/// The words that a `RUN` executes with `shell` as its shell.
pub fn run_command(run: &Run, shell: &[String]) -> RunCommand {
    let line = match &run.command.form {
        CommandForm::Exec(words) => return RunCommand { words: words.clone(), script: None },
        CommandForm::Shell(line) => line,
    };
    let mut script = None;
    let line = match (single_heredoc(run), run.command.heredocs.as_slice()) {
        (_, []) => line.clone(),
        (true, [heredoc, ..]) => {
            let data = heredoc.text();
            if data.starts_with("#!") {
                let name = heredoc.name.clone();
                script = Some(InlineFile { name: name.clone(), data, expand: false });
                format!("{SCRIPT_DIRECTORY}/{name}")
            } else {
                data
            }
        }
        // The shell itself reads these.
        (false, heredocs) => {
            let mut text = line.clone();
            for heredoc in heredocs {
                text.push('\n');
                text.push_str(&heredoc.content);
                text.push_str(&heredoc.name);
            }
            text
        }
    };
    RunCommand { words: shell.iter().cloned().chain([line]).collect(), script }
}

/// Whether the command is nothing but a heredoc.
fn single_heredoc(run: &Run) -> bool {
    match &run.command.form {
        CommandForm::Shell(line) => heredoc::in_word(line).ok().flatten().is_some(),
        CommandForm::Exec(_) => false,
    }
}

/// The first line of a heredoc that is the whole command.
fn heredoc_summary(run: &Run) -> Option<String> {
    let heredoc = run.command.heredocs.first().filter(|_| single_heredoc(run))?;
    let text = heredoc.content.trim().replace("\r\n", "\n");
    Some(match text.split_once('\n') {
        Some((first, _)) => format!("{first}..."),
        None => text,
    })
}

/// The variables that hold secrets.
fn secret_variables(run: &Run) -> Vec<String> {
    let mounts =
        run.mounts.iter().filter_map(|flag| Mount::parse(&flag.text, |value| Ok(value.to_owned())).ok());
    mounts.filter(|mount| mount.kind == MountKind::Secret).filter_map(|mount| mount.env).collect()
}

/// Variables of which some must not be shown.
struct Masked<'a, V: ?Sized> {
    variables: &'a V,
    secrets: Vec<String>,
}

impl<V: Variables + ?Sized> Variables for Masked<'_, V> {
    fn get(&self, name: &str) -> Option<&str> {
        if self.secrets.iter().any(|secret| secret == name) { Some("****") } else { self.variables.get(name) }
    }

    fn names(&self) -> Vec<&str> {
        self.variables.names()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dockerfile::parse;

    fn first(line: &str) -> Instruction {
        let dockerfile = parse(&format!("FROM a\n{line}")).value;
        dockerfile.stages[0].instructions[0].clone()
    }

    fn shown(line: &str) -> String {
        step_text(&first(line), '\\', &vec![("A".to_owned(), "x y".to_owned())])
    }

    #[test]
    fn texts_of_steps() {
        assert_eq!(shown("run echo \"$A\" $B \\\n  c"), "RUN echo \"x y\" $B   c");
        assert_eq!(shown("COPY \"$A\" ${B}b /c"), "COPY x y b /c");
        assert_eq!(shown("RUN <<E\n\n one\ntwo\nE"), "RUN <<E (one...)");
        assert_eq!(shown("RUN <<E\none\nE"), "RUN <<E (one)");
        assert_eq!(shown("RUN cat <<E\none\nE"), "RUN cat <<E");
        assert_eq!(
            shown("RUN --mount=type=secret,id=A,env=A echo $A"),
            "RUN --mount=type=secret,id=A,env=A echo ****"
        );
    }

    #[test]
    fn command_lines() {
        let words = |line: &str| match first(line).kind {
            InstructionKind::Run(run) => run_command(&run, &DEFAULT_SHELL.map(str::to_owned)),
            _ => panic!("no RUN"),
        };
        assert_eq!(words("RUN echo  a").words, ["/bin/sh", "-c", "echo  a"]);
        assert_eq!(words("RUN [\"echo\", \"a\"]").words, ["echo", "a"]);
        assert_eq!(words("RUN <<-E\n\ta\n\tb\n\tE").words, ["/bin/sh", "-c", "a\nb\n"]);
        assert_eq!(words("RUN cat <<A <<B\n1\nA\n2\nB").words[2], "cat <<A <<B\n1\nA\n2\nB");
        let script = words("RUN <<E\n#!/bin/x\na\nE");
        assert_eq!(script.words, ["/bin/sh", "-c", "/dev/pipes/E"]);
        assert_eq!(script.script.unwrap().data, "#!/bin/x\na\n");
    }
}

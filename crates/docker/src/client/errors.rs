//! How commands fail, in the words of each version.

use super::spec::{Arguments, Command};
use crate::daemon::Failure;
use crate::dialect::Dialect;

/// A failed command: what goes to standard error, and the exit code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fail {
    /// Without a newline at its end; empty for none.
    pub(crate) message: String,
    /// The exit code.
    pub(crate) code: i32,
}

impl Fail {
    /// A message, and exit code 1.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 1 }
    }

    /// Another exit code.
    pub(crate) fn with_code(self, code: i32) -> Self {
        Self { code, ..self }
    }

    /// What is printed.
    pub(super) fn text(&self, _dialect: Dialect) -> String {
        if self.message.is_empty() { String::new() } else { format!("{}\n", self.message) }
    }
}

impl From<Failure> for Fail {
    fn from(failure: Failure) -> Self {
        Self::new(format!("Error response from daemon: {}", failure.message))
    }
}

/// An option that is not there, or has a wrong value.
pub(super) fn bad_flag(command: &Command, message: &str, dialect: Dialect) -> Fail {
    let path = &command.path;
    let text = if dialect.is_old_client() {
        format!("{message}\nSee 'docker {path} --help'.")
    } else {
        format!("{message}\n\nUsage:  {}\n\nRun 'docker {path} --help' for more information", usage(command))
    };
    // The letter of an option that is on its way out is not shown.
    let text = match command.options.iter().find(|flag| flag.hidden && text.contains(&flag.shown())) {
        Some(flag) => text.replace(&flag.shown(), &format!("--{}", flag.name)),
        None => text,
    };
    Fail::new(text).with_code(125)
}

/// The usage line, without the word.
pub(super) fn usage(command: &Command) -> String {
    format!("docker {} {}", command.path, command.usage).trim_end().to_owned()
}

/// Too many arguments, or too few.
pub(super) fn check_arguments(command: &Command, given: usize, dialect: Dialect) -> Result<(), Fail> {
    let Arguments::Between(least, most) = command.arguments else { return Ok(()) };
    if given >= least && most.is_none_or(|most| given <= most) {
        return Ok(());
    }
    let plural = |count: usize| if count == 1 { "argument" } else { "arguments" };
    let path = &command.path;
    let usage = usage(command);
    let old = dialect.is_old_client();
    let exactly = dialect.client_text("exactly ", "");
    let (wanted, hint) = match (least, most) {
        (0, Some(0)) => ("accepts no arguments".to_owned(), "Run"),
        (least, Some(most)) if least == most => {
            (format!("requires {exactly}{least} {}", plural(least)), "Run")
        }
        (0, Some(most)) => {
            // A slip of that version.
            let hint = if dialect.client == 28 { "SRun" } else { "Run" };
            (format!("requires at most {most} {}", plural(most)), hint)
        }
        (least, Some(most)) => {
            (format!("requires at least {least} and at most {most} {}", plural(most)), "Run")
        }
        (least, None) => (format!("requires at least {least} {}", plural(least)), "See"),
    };
    Err(Fail::new(if old {
        format!(
            "\"docker {path}\" {wanted}.\nSee 'docker {path} --help'.\n\nUsage:  {usage}\n\n{}",
            command.recorded.0.as_ref().unwrap_or(&command.about)
        )
    } else {
        format!(
            "docker: 'docker {path}' {wanted}\n\nUsage:  {usage}\n\n{hint} 'docker {path} --help' for more information"
        )
    }))
}

/// What `docker run` and its like put around a message that came before the container ran.
pub(super) fn before_run(message: &str, dialect: Dialect, code: i32, hints: bool) -> Fail {
    let text = match (dialect.is_old_client(), hints) {
        (true, true) => format!("docker: {message}.\nSee 'docker run --help'."),
        (true, false) => format!("docker: {message}."),
        (false, _) => format!("docker: {message}\n\nRun 'docker run --help' for more information"),
    };
    Fail::new(text).with_code(code)
}

//! The docker client: words in, requests to the daemon, texts out.
//!
//! * [`spec`]: the commands with their options; `flags` reads words by them.
//! * `commands`: one file per command.
//! * `table`, `format`, `filter`: what commands share.

mod call;
mod commands;
mod errors;
mod filter;
mod flags;
mod format;
mod global;
mod help;
mod objects;
mod progress;
pub mod spec;
mod table;
mod unsimulated;
mod values;

pub use call::Call;
pub use commands::KERNEL;
pub use values::{bytes, duration};

use crate::Docker;
use crate::dialect::Dialect;
use errors::Fail;
use flags::Misuse;
use spec::{Arguments, Command};
use std::collections::BTreeMap;

/// How a command ends that did not fail in a way of its own: its exit code.
type Done = Result<i32, Fail>;

/// What the client remembers from call to call.
#[derive(Clone)]
pub struct Client {
    /// Which client it is.
    pub dialect: Dialect,
    /// Who is logged in at which registry.
    pub accounts: BTreeMap<String, String>,
    /// Further contexts with their descriptions.
    pub contexts: BTreeMap<String, String>,
    /// The context in use; none for `default`.
    pub context: Option<String>,
}

impl Client {
    /// A client that nobody has used yet.
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, accounts: BTreeMap::new(), contexts: BTreeMap::new(), context: None }
    }
}

/// Everything that a command works with.
pub(crate) struct Context<'a, 'c> {
    pub(crate) docker: &'a mut Docker,
    pub(crate) call: &'a mut Call<'c>,
    pub(crate) command: &'static Command,
    pub(crate) options: flags::Options,
}

impl Context<'_, '_> {
    /// Which client and daemon they are.
    pub(crate) fn dialect(&self) -> Dialect {
        self.docker.client.dialect
    }

    /// The first argument.
    pub(crate) fn argument(&self, at: usize) -> &str {
        self.options.arguments.get(at).map_or("", String::as_str)
    }

    /// Prints a line.
    pub(crate) fn line(&mut self, text: impl AsRef<str>) {
        self.call.out(text.as_ref());
        self.call.out("\n");
    }
}

/// Runs a command line; gives its exit code.
pub fn run(docker: &mut Docker, call: &mut Call<'_>) -> i32 {
    let dialect = docker.client.dialect;
    match dispatch(docker, call) {
        Ok(code) => code,
        Err(fail) => {
            call.err(&fail.text(dialect));
            fail.code
        }
    }
}

fn dispatch(docker: &mut Docker, call: &mut Call<'_>) -> Done {
    let words: Vec<String> = call.words().to_vec();
    let rest = match global::read(docker, call, &words)? {
        global::Next::Command(rest) => rest,
        global::Next::Done(code) => return Ok(code),
    };
    let dialect = docker.client.dialect;
    let Some((command, taken)) = find(&rest, dialect) else {
        return help::root(docker, call, &rest);
    };
    if command.arguments == Arguments::Group {
        return help::group(docker, call, command, &rest[taken..]);
    }
    let builds = command.means == "build";
    let classic = builds && commands::is_classic(dialect, call.env("DOCKER_BUILDKIT"));
    // Each builder has options of its own.
    let version = if !builds {
        dialect.client
    } else if classic {
        20
    } else {
        dialect.client.max(28)
    };
    let options = match flags::parse(command, &rest[taken..], version) {
        Ok(options) => options,
        Err(Misuse::Help) => {
            help::command(call, command, dialect);
            return Ok(0);
        }
        Err(Misuse::Message(message)) => return Err(errors::bad_flag(command, &message, dialect)),
    };
    errors::check_arguments(command, options.arguments.len(), dialect)?;
    global::check_daemon(docker, call, command)?;
    let mut context = Context { docker, call, command, options };
    unsimulated::tell(&mut context);
    commands::run(&mut context)
}

/// The command that words begin with, and how many of them are its name.
fn find(words: &[String], dialect: Dialect) -> Option<(&'static Command, usize)> {
    let commands = spec::commands();
    let mut name = String::new();
    let mut found = None;
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            name.push(' ');
        }
        name.push_str(&alias(&name, word));
        let Some(command) = commands.get(&name).filter(|command| is_in(command, dialect)) else { break };
        found = Some((command, at + 1));
    }
    found
}

/// Other words for some commands.
fn alias(group: &str, word: &str) -> String {
    let meant = match (group.trim_end(), word) {
        ("image", "list") | ("container", "list" | "ps") | ("network" | "volume" | "context", "list") => "ls",
        ("image" | "container" | "network" | "volume", "remove") => "rm",
        ("builder", "build") => "build",
        _ => word,
    };
    meant.to_owned()
}

/// Commands that only newer versions have.
fn is_in(command: &Command, dialect: Dialect) -> bool {
    let is_new = command.path.starts_with("buildx") || command.path == "context show";
    !(is_new && dialect.is_old_client())
}

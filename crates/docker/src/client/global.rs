//! The options before the command, and whether the daemon can be spoken with.

use super::errors::Fail;
use super::flags::{self, Misuse};
use super::spec::{Command, Flag};
use super::{Call, help};
use crate::Docker;
use crate::dialect::Dialect;
use lab_engine::digest::Digest;
use lab_engine::vfs::path;

/// What comes after the options.
pub(super) enum Next {
    /// A command with its words.
    Command(Vec<String>),
    /// Nothing: that was all.
    Done(i32),
}

/// Reads the options before the command.
pub(super) fn read(docker: &mut Docker, call: &mut Call<'_>, words: &[String]) -> Result<Next, Fail> {
    let dialect = docker.client.dialect;
    let options = match flags::parse_with(&options(), words, dialect.client, true) {
        Ok(options) => options,
        Err(Misuse::Help) => {
            call.out(&help::list("", dialect));
            return Ok(Next::Done(0));
        }
        Err(Misuse::Message(message)) => {
            let text = if dialect.is_old_client() {
                format!("{message}\nSee 'docker --help'.\n{}", help::list("", dialect).trim_end())
            } else {
                format!(
                    "{message}\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]\n\nRun 'docker --help' for more information"
                )
            };
            return Err(Fail::new(text).with_code(125));
        }
    };
    if options.is_on("version") {
        let build = if dialect.is_old_client() { "297e128" } else { "6a43e3d" };
        call.out(&format!("Docker version {}, build {build}\n", dialect.client_version()));
        return Ok(Next::Done(0));
    }
    if let Some(level) = options.value("log-level")
        && !matches!(level, "debug" | "info" | "warn" | "warning" | "error" | "fatal" | "panic" | "trace")
    {
        return Err(Fail::new(format!("Unable to parse logging level: {level}")));
    }
    let failed = |message: String| {
        let head = if dialect.is_old_client() { "" } else { "Failed to initialize: " };
        Fail::new(format!("{head}unable to resolve docker endpoint: {message}"))
    };
    if let Some(name) = options.value("context")
        && name != "default"
        && !docker.client.contexts.contains_key(name)
    {
        return Err(failed(missing_context(name, call, dialect)));
    }
    if let Some(host) = options.value("host")
        && !["unix://", "tcp://", "ssh://", "npipe://", "fd://", "http://", "https://"]
            .iter()
            .any(|scheme| host.starts_with(scheme))
        && host.contains("://")
    {
        let word = dialect.client_text("Invalid", "invalid");
        return Err(failed(format!("{word} bind address format: {host}")));
    }
    Ok(Next::Command(options.arguments))
}

/// What is said of a context that does not exist.
pub(super) fn missing_context(name: &str, call: &Call<'_>, dialect: Dialect) -> String {
    if dialect.is_old_client() {
        return format!("context \"{name}\" does not exist");
    }
    let id = Digest::of(name.as_bytes()).hex();
    let folder = settings_folder(call);
    format!(
        "context \"{name}\": context not found: open {folder}/contexts/meta/{id}/meta.json: no such file or directory"
    )
}

/// Where the client of the caller keeps its settings.
fn settings_folder(call: &Call<'_>) -> String {
    match call.env("DOCKER_CONFIG").filter(|folder| !folder.is_empty()) {
        Some(folder) => folder.to_owned(),
        None => path::join(call.env("HOME").unwrap_or_default(), ".docker"),
    }
}

fn options() -> Vec<Flag> {
    let flag = |name: &str, letter: Option<char>, kind: Option<&str>| Flag {
        name: name.to_owned(),
        letter,
        kind: kind.map(str::to_owned),
        only: None,
        hidden: false,
    };
    vec![
        flag("config", None, Some("string")),
        flag("context", Some('c'), Some("string")),
        flag("debug", Some('D'), None),
        flag("host", Some('H'), Some("string")),
        flag("log-level", Some('l'), Some("string")),
        flag("tls", None, None),
        flag("tlscacert", None, Some("string")),
        flag("tlscert", None, Some("string")),
        flag("tlskey", None, Some("string")),
        flag("tlsverify", None, None),
        flag("version", Some('v'), None),
    ]
}

/// Commands that need no daemon.
const ALONE: [&str; 8] =
    ["context", "login", "logout", "version", "manifest", "help", "buildx version", "buildx imagetools"];

/// Whether client and daemon speak a common version of the API; a new client lowers what was asked for too high.
pub(super) fn check_daemon(docker: &Docker, call: &Call<'_>, command: &Command) -> Result<(), Fail> {
    let Some(asked) = call.env("DOCKER_API_VERSION").filter(|asked| !asked.is_empty()) else { return Ok(()) };
    if ALONE.iter().any(|name| command.path.starts_with(name)) {
        return Ok(());
    }
    let number = |text: &str| {
        let (major, minor) = text.split_once('.').unwrap_or((text, "0"));
        (major.parse::<u32>().unwrap_or(0), minor.parse::<u32>().unwrap_or(0))
    };
    let (newest, oldest) = docker.client.dialect.server_api();
    let from_daemon = |text: String| Err(Fail::new(format!("Error response from daemon: {text}")));
    if number(asked) > number(newest) && docker.client.dialect.client < 29 {
        return from_daemon(format!(
            "client version {asked} is too new. Maximum supported API version is {newest}"
        ));
    }
    if number(asked) < number(oldest) {
        return from_daemon(format!(
            "client version {asked} is too old. Minimum supported API version is {oldest}, please upgrade your client to a newer version"
        ));
    }
    Ok(())
}

//! Options that are read and then do nothing here: whoever gives one is told so.

use super::Context;
use super::flags::Options;

/// Those of `build` that would change its result.
const BUILD: [&str; 17] = [
    "attest",
    "build-context",
    "cache-from",
    "cache-to",
    "call",
    "check",
    "metadata-file",
    "network",
    "no-cache-filter",
    "output",
    "platform",
    "policy",
    "push",
    "secret",
    "security-opt",
    "ssh",
    "ulimit",
];
/// Those of `run` and `create` that would change what the process may do or where its output goes.
const RUN: [&str; 15] = [
    "cap-add",
    "cap-drop",
    "device",
    "gpus",
    "group-add",
    "ipc",
    "log-driver",
    "log-opt",
    "pid",
    "security-opt",
    "sysctl",
    "ulimit",
    "userns",
    "uts",
    "volumes-from",
];
/// Those of `build` without which it would not do what it was asked for: it must not claim that it did.
const REFUSED: [&str; 4] = ["check", "call", "push", "output"];

/// Tells which of the options that were given do nothing. A classic build says nothing of its network: where its steps
/// come from the cache, as in the recordings, the option changes nothing.
pub(super) fn tell(context: &mut Context<'_, '_>) {
    let classic = super::commands::is_classic(context.dialect(), context.call.env("DOCKER_BUILDKIT"));
    let names: &[&str] = match context.command.means.as_str() {
        "build" | "buildx build" => &BUILD,
        "run" | "create" => &RUN,
        _ => return,
    };
    let path = &context.command.path;
    let mut text = String::new();
    for name in names.iter().filter(|name| changes(&context.options, name) && !is_refused(name, names)) {
        if classic && *name == "network" {
            continue;
        }
        text.push_str(&format!("docker {path}: --{name} is not simulated and does nothing\n"));
    }
    context.call.err(&text);
}

/// The first option of a build without which nothing of what it was asked for would be done.
pub(super) fn refused(options: &Options) -> Option<&'static str> {
    REFUSED.into_iter().find(|name| changes(options, name))
}

fn is_refused(name: &str, names: &[&str]) -> bool {
    names.len() == BUILD.len() && REFUSED.contains(&name)
}

/// Whether an option was given with a value that differs from what happens without it.
fn changes(options: &Options, name: &str) -> bool {
    let usual: &[&str] = match name {
        "check" | "push" => &["false"],
        "call" => &["build"],
        "output" => &["type=docker", "type=image"],
        "network" => &["default"],
        "platform" => &["linux/amd64"],
        _ => &[],
    };
    options.all(name).iter().any(|value| !usual.contains(&value.as_str()))
}

//! `docker inspect`, and that of each kind of objects.

use super::{network, volume};
use crate::client::errors::Fail;
use crate::client::format;
use crate::client::objects::image;
use crate::client::{Context, Done};
use crate::daemon::{Failure, FailureKind};
use crate::template::Value;

/// What can be asked for with `--type`.
const TYPES: [&str; 10] =
    ["config", "container", "image", "network", "node", "plugin", "secret", "service", "task", "volume"];

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let kind = match context.command.means.as_str() {
        "inspect" => context.options.value("type").unwrap_or_default().to_owned(),
        name => name.split(' ').next().unwrap_or_default().to_owned(),
    };
    if !kind.is_empty() && !TYPES.contains(&kind.as_str()) {
        return Err(Fail::new(if context.dialect().is_old_client() {
            format!("\"{kind}\" is not a valid value for --type")
        } else {
            let known: Vec<String> = TYPES.iter().map(|name| format!("\"{name}\"")).collect();
            format!("unknown type: \"{kind}\": must be one of {}", known.join(", "))
        }));
    }
    let mut found = Vec::new();
    let mut failures = Vec::new();
    for name in context.options.arguments.clone() {
        match look(context, &kind, &name) {
            Ok(value) => found.push(value),
            Err(message) => failures.push(message),
        }
    }
    print(context, found, failures)
}

/// Prints what was found, and what was not.
pub(super) fn print(context: &mut Context<'_, '_>, found: Vec<Value>, failures: Vec<String>) -> Done {
    let format = context.options.value("format").unwrap_or_default().to_owned();
    let is_json = format == "json" && !context.dialect().is_old_client();
    let (text, failure) = if format.is_empty() || is_json {
        (listed(found, !is_json), None)
    } else {
        format::each(&format, &found)
    };
    let is_empty = text.is_empty() && format::is_sound(&format);
    context.call.out(if is_empty { "\n" } else { &text });
    if let Some(failure) = failure {
        return Err(failure);
    }
    if failures.is_empty() { Ok(0) } else { Err(Fail::new(failures.join("\n"))) }
}

fn listed(found: Vec<Value>, indented: bool) -> String {
    let is_empty = found.is_empty();
    let list = Value::List(found);
    if indented && !is_empty { list.to_json_indented("    ") + "\n" } else { list.to_json() + "\n" }
}

/// An object by its name; the message where there is none.
fn look(context: &Context<'_, '_>, kind: &str, name: &str) -> Result<Value, String> {
    let daemon = &context.docker.daemon;
    let old = context.dialect().is_old_client();
    let mut last = None;
    let kinds: &[&str] = if kind.is_empty() { &["container", "image", "network", "volume"] } else { &[kind] };
    for kind in kinds {
        let result = match *kind {
            "image" => daemon.find_image(name).map(|found| {
                if context.options.is_given("format") {
                    image::for_template(daemon, found.id)
                } else {
                    image::value(daemon, found.id)
                }
            }),
            "network" => daemon.find_network(name).map(|name| network::value(daemon, &name)),
            "volume" => match daemon.volumes.get(name) {
                Some(found) => Ok(volume::value(name, found, context.dialect().is_old_server())),
                None => Err(Failure::not_found(format!("get {name}: no such volume"))),
            },
            other => Err(Failure::not_found(format!("No such {other}: {name}"))),
        };
        match result {
            Ok(value) => return Ok(value),
            Err(failure) => last = Some(failure),
        }
    }
    let failure = last.unwrap_or_else(|| Failure::not_found(""));
    let is_missing = failure.kind == FailureKind::NotFound;
    Err(match kind {
        "" if context.dialect().client < 29 => format!("Error: No such object: {name}"),
        "" => format!("error: no such object: {name}"),
        "image" | "container" | "network" | "volume" if old && (is_missing || name.is_empty()) => {
            format!("Error: No such {kind}: {name}")
        }
        "image" if name.is_empty() => "Error: No such image: ".to_owned(),
        _ => format!("Error response from daemon: {failure}"),
    })
}

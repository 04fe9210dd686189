//! `docker volume`.

use super::{prune, run};
use crate::client::errors::Fail;
use crate::client::filter::Filters;
use crate::client::format::List;
use crate::client::{Context, Done};
use crate::daemon::prune::has_label;
use crate::daemon::volumes::Volume;
use crate::template::Value;
use lab_session::text::size::human_size;
use std::collections::BTreeMap;

const HEADERS: [(&str, &str); 7] = [
    ("Driver", "DRIVER"),
    ("Name", "VOLUME NAME"),
    ("Labels", "LABELS"),
    ("Links", "LINKS"),
    ("Mountpoint", "MOUNTPOINT"),
    ("Scope", "SCOPE"),
    ("Size", "SIZE"),
];

/// `name=value` pairs.
pub(super) fn pairs(words: &[String]) -> BTreeMap<String, String> {
    let pair = |word: &String| {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        (name.to_owned(), value.to_owned())
    };
    words.iter().map(pair).collect()
}

pub(super) fn create(context: &mut Context<'_, '_>) -> Done {
    let options = &context.options;
    let name = options.value("name").map(str::to_owned).or_else(|| options.arguments.first().cloned());
    let driver = options.value("driver").unwrap_or("local").to_owned();
    let (labels, opts) = (pairs(options.all("label")), pairs(options.all("opt")));
    let name = context.docker.daemon.create_volume(name.as_deref(), &driver, labels, opts)?;
    context.line(name);
    Ok(0)
}

pub(super) fn ls(context: &mut Context<'_, '_>) -> Done {
    let filters = Filters::of(&context.options);
    if let Some(name) = filters.unknown(&["dangling", "driver", "label", "name"]) {
        let word = context.dialect().server_text("Invalid", "invalid");
        return Err(Fail::new(format!("Error response from daemon: {word} filter '{name}'")));
    }
    let daemon = &context.docker.daemon;
    let mut rows = Vec::new();
    for (name, volume) in &daemon.volumes {
        let is_free = daemon.users_of_volume(name).is_empty();
        let meets = filters.any("name", |part| name.contains(part))
            && filters.any("driver", |driver| driver == "local")
            && filters.every("label", |label| has_label(&volume.labels, label))
            && filters.switch("dangling").is_none_or(|wanted| wanted == is_free);
        if meets {
            rows.push(row(name, volume, context.dialect().is_old_client()));
        }
    }
    let list = List {
        format: context.options.value("format"),
        table: "{{.Driver}}\t{{.Name}}",
        quiet: context.options.is_on("quiet").then_some("{{.Name}}"),
        headers: &HEADERS,
        rows,
    };
    let text = list.print(context.dialect())?;
    context.call.out(&text);
    Ok(0)
}

fn mountpoint(name: &str) -> String {
    format!("/var/lib/docker/volumes/{name}/_data")
}

fn row(name: &str, volume: &Volume, is_old: bool) -> Value {
    let labels: Vec<String> = volume.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut fields = Vec::new();
    // What volumes of a cluster have besides.
    if !is_old {
        fields.extend(["Availability", "Group", "Status"].map(|name| (name, Value::text("N/A"))));
    }
    fields.extend([
        ("Driver", Value::text("local")),
        ("Labels", Value::text(labels.join(","))),
        ("Links", Value::text("N/A")),
        ("Mountpoint", Value::text(mountpoint(name))),
        ("Name", Value::text(name)),
        ("Scope", Value::text("local")),
        ("Size", Value::text("N/A")),
        ("Label", Value::Method(volume.labels.clone())),
    ]);
    fields.sort_by_key(|(name, _)| *name);
    Value::object("*formatter.volumeContext", fields)
}

/// A volume as `inspect` shows it.
pub(super) fn value(name: &str, volume: &Volume, is_old: bool) -> Value {
    let map =
        |map: &BTreeMap<String, String>| if map.is_empty() { Value::Null } else { Value::text_map(map) };
    let created = lab_engine::world::rfc3339(volume.created / crate::daemon::SECOND);
    let is_bare = volume.anonymous || (!is_old && volume.options.is_empty());
    let options = if is_bare { Value::Null } else { Value::text_map(&volume.options) };
    Value::object(
        "",
        [
            ("CreatedAt", Value::text(created)),
            ("Driver", Value::text("local")),
            ("Labels", map(&volume.labels)),
            ("Mountpoint", Value::text(mountpoint(name))),
            ("Name", Value::text(name)),
            ("Options", options),
            ("Scope", Value::text("local")),
        ],
    )
}

pub(super) fn rm(context: &mut Context<'_, '_>) -> Done {
    let force = context.options.is_on("force");
    let mut lines = Vec::new();
    for name in context.options.arguments.clone() {
        match context.docker.daemon.remove_volume(&name, force) {
            Ok(()) => context.line(&name),
            Err(_)
                if !context.docker.daemon.volumes.contains_key(&name)
                    && context.dialect().is_old_client() =>
            {
                lines.push(format!("Error: No such volume: {name}"));
            }
            Err(failure) => lines.push(format!("Error response from daemon: {failure}")),
        }
    }
    if lines.is_empty() { Ok(0) } else { Err(Fail::new(lines.join("\n"))) }
}

pub(super) fn prune(context: &mut Context<'_, '_>) -> Done {
    let old = context.dialect().is_old_client();
    let warning = if old {
        "WARNING! This will remove all local volumes not used by at least one container."
    } else {
        "WARNING! This will remove anonymous local volumes not used by at least one container."
    };
    if !prune::is_sure(context, warning) {
        return prune::unsure(context);
    }
    let all = context.options.is_on("all") || old;
    let daemon = &mut context.docker.daemon;
    let free = daemon
        .volumes
        .iter()
        .filter(|(name, volume)| (all || volume.anonymous) && daemon.users_of_volume(name).is_empty());
    let names: Vec<String> = free.map(|(name, _)| name.clone()).collect();
    let mut bytes = 0;
    for name in &names {
        if let Some(volume) = daemon.volumes.remove(name) {
            bytes += run::bytes_of(&volume.node);
        }
    }
    if !names.is_empty() {
        context.line("Deleted Volumes:");
        for name in &names {
            context.line(name);
        }
        context.line("");
    }
    context.line(format!("Total reclaimed space: {}", human_size(bytes as f64)));
    Ok(0)
}

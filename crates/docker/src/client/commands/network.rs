//! `docker network`.

use super::prune;
use super::volume::pairs;
use crate::client::errors::Fail;
use crate::client::filter::Filters;
use crate::client::format::List;
use crate::client::{Context, Done};
use crate::daemon::networks::Network;
use crate::daemon::prune::has_label;
use crate::daemon::{Daemon, FailureKind, SECOND};
use crate::template::Value;

const HEADERS: [(&str, &str); 8] = [
    ("ID", "NETWORK ID"),
    ("Name", "NAME"),
    ("Driver", "DRIVER"),
    ("Scope", "SCOPE"),
    ("IPv6", "IPV6"),
    ("Internal", "INTERNAL"),
    ("Labels", "LABELS"),
    ("CreatedAt", "CREATED AT"),
];

pub(super) fn create(context: &mut Context<'_, '_>) -> Done {
    let name = context.argument(0).to_owned();
    let driver = context.options.value("driver").unwrap_or("bridge").to_owned();
    let labels = pairs(context.options.all("label"));
    let internal = context.options.is_on("internal");
    let id = context.docker.daemon.create_network(&name, &driver, labels, internal)?;
    context.line(id.hex());
    Ok(0)
}

pub(super) fn ls(context: &mut Context<'_, '_>) -> Done {
    let filters = Filters::of(&context.options);
    if let Some(name) = filters.unknown(&["dangling", "driver", "id", "label", "name", "scope", "type"]) {
        let word = context.dialect().server_text("Invalid", "invalid");
        return Err(Fail::new(format!("Error response from daemon: {word} filter '{name}'")));
    }
    let daemon = &context.docker.daemon;
    let is_own = |name: &str| matches!(name, "bridge" | "host" | "none");
    let meets = |name: &str, network: &Network| {
        filters.any("name", |part| name.contains(part))
            && filters.any("id", |id| network.id.hex().starts_with(id))
            && filters.any("driver", |driver| network.driver == driver)
            && filters.any("scope", |scope| scope == "local")
            && filters.any("type", |kind| (kind == "builtin") == is_own(name))
            && filters.every("label", |label| has_label(&network.labels, label))
            && filters
                .switch("dangling")
                .is_none_or(|wanted| wanted == (!is_own(name) && daemon.network_users(name).is_empty()))
    };
    let whole = context.options.is_on("no-trunc");
    let found = daemon.networks.iter().filter(|(name, network)| meets(name, network));
    let list = List {
        format: context.options.value("format"),
        table: "{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}",
        quiet: context.options.is_on("quiet").then_some("{{.ID}}"),
        headers: &HEADERS,
        rows: found.map(|(name, network)| row(name, network, whole)).collect(),
    };
    let text = list.print(context.dialect())?;
    context.call.out(&text);
    Ok(0)
}

fn row(name: &str, network: &Network, whole: bool) -> Value {
    let labels: Vec<String> = network.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
    Value::object(
        "*network.networkContext",
        [
            ("CreatedAt", Value::text(super::created_at(network.created / SECOND))),
            ("Driver", Value::text(&network.driver)),
            ("ID", Value::text(if whole { network.id.hex() } else { network.id.short(12) })),
            ("IPv6", Value::text("false")),
            ("Internal", Value::text(network.internal.to_string())),
            ("Labels", Value::text(labels.join(","))),
            ("Name", Value::text(name)),
            ("Scope", Value::text("local")),
            ("Label", Value::Method(network.labels.clone())),
        ],
    )
}

/// A network as `inspect` shows it.
pub(super) fn value(daemon: &Daemon, name: &str) -> Value {
    let Some(network) = daemon.networks.get(name) else { return Value::Null };
    let (first, second) = network.prefix;
    let config = if first == 0 {
        Value::List(Vec::new())
    } else {
        let subnet = Value::text(format!("{first}.{second}.0.0/16"));
        let gateway = Value::text(format!("{first}.{second}.0.1"));
        Value::List(vec![Value::object("", [("Subnet", subnet), ("Gateway", gateway)])])
    };
    let containers = daemon.network_users(name).into_iter().map(|user| {
        let endpoint = user.networks.get(name).cloned().unwrap_or_default();
        let address = if endpoint.ip.is_empty() { String::new() } else { format!("{}/16", endpoint.ip) };
        let value = Value::object(
            "",
            [
                ("Name", Value::text(&user.name)),
                ("EndpointID", Value::text(lab_engine::digest::Digest::of(user.id.as_bytes()).hex())),
                ("MacAddress", Value::text(endpoint.mac)),
                ("IPv4Address", Value::text(address)),
                ("IPv6Address", Value::text("")),
            ],
        );
        (user.id.hex(), value)
    });
    Value::object(
        "",
        [
            ("Name", Value::text(name)),
            ("Id", Value::text(network.id.hex())),
            ("Created", Value::text(lab_engine::world::rfc3339(network.created / SECOND))),
            ("Scope", Value::text("local")),
            ("Driver", Value::text(&network.driver)),
            ("EnableIPv6", false.into()),
            (
                "IPAM",
                Value::object(
                    "",
                    [("Driver", Value::text("default")), ("Options", Value::Null), ("Config", config)],
                ),
            ),
            ("Internal", network.internal.into()),
            ("Attachable", false.into()),
            ("Ingress", false.into()),
            ("Containers", Value::Map(containers.collect())),
            ("Options", Value::Map(Default::default())),
            ("Labels", Value::text_map(&network.labels)),
        ],
    )
}

pub(super) fn rm(context: &mut Context<'_, '_>) -> Done {
    let mut lines = Vec::new();
    for name in context.options.arguments.clone() {
        match context.docker.daemon.remove_network(&name) {
            Ok(()) => context.line(&name),
            Err(failure) if failure.kind == FailureKind::NotFound && context.dialect().is_old_client() => {
                lines.push(format!("Error: No such network: {name}"));
            }
            Err(failure) => lines.push(format!("Error response from daemon: {failure}")),
        }
    }
    if lines.is_empty() { Ok(0) } else { Err(Fail::new(lines.join("\n"))) }
}

pub(super) fn connect(context: &mut Context<'_, '_>) -> Done {
    let (network, name) = (context.argument(0).to_owned(), context.argument(1).to_owned());
    let daemon = &mut context.docker.daemon;
    let at = daemon.find_container(&name)?;
    daemon.join_network(at, &network, false)?;
    Ok(0)
}

pub(super) fn disconnect(context: &mut Context<'_, '_>) -> Done {
    let (network, name) = (context.argument(0).to_owned(), context.argument(1).to_owned());
    let daemon = &mut context.docker.daemon;
    let at = daemon.find_container(&name)?;
    daemon.leave_network(at, &network)?;
    Ok(0)
}

pub(super) fn prune(context: &mut Context<'_, '_>) -> Done {
    let warning = "WARNING! This will remove all custom networks not used by at least one container.";
    if !prune::is_sure(context, warning) {
        return Ok(0);
    }
    let daemon = &mut context.docker.daemon;
    let is_own = |name: &str| matches!(name, "bridge" | "host" | "none");
    let is_used = |name: &str| daemon.containers.iter().any(|one| one.networks.contains_key(name));
    let free = daemon.networks.keys().filter(|name| !is_own(name) && !is_used(name));
    let names: Vec<String> = free.cloned().collect();
    for name in &names {
        daemon.networks.remove(name);
    }
    if !names.is_empty() {
        context.line("Deleted Networks:");
        for name in &names {
            context.line(name);
        }
        context.line("");
    }
    Ok(0)
}

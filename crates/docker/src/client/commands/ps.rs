//! `docker ps`.

use crate::client::errors::Fail;
use crate::client::filter::Filters;
use crate::client::format::List;
use crate::client::{Context, Done};
use crate::daemon::containers::{Port, VolumeKind};
use crate::daemon::prune::has_label;
use crate::daemon::{Container, Daemon, SECOND, Status};
use crate::template::Value;
use lab_session::text::age::{ago, duration};
use lab_session::text::size::short_size;
use lab_session::text::table::ellipsis;

const KNOWN: [&str; 17] = [
    "ancestor",
    "before",
    "exited",
    "expose",
    "health",
    "id",
    "is-task",
    "isolation",
    "label",
    "name",
    "network",
    "publish",
    "since",
    "status",
    "volume",
    "task",
    "node",
];
pub(super) const HEADERS: [(&str, &str); 13] = [
    ("ID", "CONTAINER ID"),
    ("Image", "IMAGE"),
    ("Command", "COMMAND"),
    ("RunningFor", "CREATED"),
    ("CreatedAt", "CREATED AT"),
    ("Status", "STATUS"),
    ("State", "STATE"),
    ("Ports", "PORTS"),
    ("Names", "NAMES"),
    ("Size", "SIZE"),
    ("Labels", "LABELS"),
    ("Mounts", "MOUNTS"),
    ("Networks", "NETWORKS"),
];
/// The width of the column COMMAND, between quotes.
const COMMAND: usize = 20;

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let filters = Filters::of(&context.options);
    if let Some(name) = filters.unknown(&KNOWN) {
        let word = context.dialect().server_text("Invalid", "invalid");
        return Err(Fail::new(format!("Error response from daemon: {word} filter '{name}'")));
    }
    let options = &context.options;
    let daemon = &context.docker.daemon;
    let last =
        if options.is_on("latest") { Some(1) } else { options.number("last").filter(|last| *last > 0) };
    let all = options.is_on("all")
        || last.is_some()
        || filters.value("status").is_some()
        || filters.value("exited").is_some();
    let mut found: Vec<&Container> = daemon.containers.iter().rev().collect();
    if let Some(last) = last {
        found.truncate(last as usize);
    }
    let bounds = |name: &str| -> Result<Option<i64>, Fail> {
        let Some(value) = filters.value(name) else { return Ok(None) };
        let at = daemon.find_container(value)?;
        Ok(Some(daemon.containers[at].created))
    };
    let (before, since) = (bounds("before")?, bounds("since")?);
    found.retain(|container| {
        (all || container.is_running())
            && before.is_none_or(|bound| container.created < bound)
            && since.is_none_or(|bound| container.created > bound)
            && meets(daemon, container, &filters)
    });
    let whole = options.is_on("no-trunc");
    let format = options.value("format");
    let sizes = options.is_on("size") || format.is_some_and(|format| format.contains(".Size"));
    let table = if options.is_on("size") {
        "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}\t{{.Size}}"
    } else {
        "{{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}"
    };
    let list = List {
        format,
        table,
        quiet: options.is_on("quiet").then_some("{{.ID}}"),
        headers: &HEADERS,
        rows: found.iter().map(|container| row(daemon, container, whole, sizes)).collect(),
    };
    let text = list.print(context.dialect())?;
    context.call.out(&text);
    Ok(0)
}

fn meets(daemon: &Daemon, container: &Container, filters: &Filters) -> bool {
    let matches = |pattern: &str| {
        let inner = pattern.trim_start_matches('^').trim_start_matches('/').trim_end_matches('$');
        match (pattern.starts_with('^'), pattern.ends_with('$')) {
            (true, true) => container.name == inner,
            (true, false) => container.name.starts_with(inner),
            (false, true) => container.name.ends_with(inner),
            (false, false) => container.name.contains(inner),
        }
    };
    let is_of = |name: &str| {
        let found = daemon.find_image(name).map(|found| found.id);
        found.is_ok_and(|id| {
            container.image == id || {
                let (own, base) = (daemon.images.get(container.image), daemon.images.get(id));
                own.zip(base).is_some_and(|(own, base)| own.chains().starts_with(&base.chains()))
            }
        })
    };
    let uses = |name: &str| {
        container.volumes.iter().any(|volume| {
            volume.target == name
                || matches!(&volume.kind, VolumeKind::Volume { name: used, .. } if used == name)
        })
    };
    filters.any("name", matches)
        && filters.any("id", |id| container.id.hex().starts_with(id))
        && filters.any("status", |status| container.status.word() == status)
        && filters.any("exited", |code| {
            container.status == Status::Exited && code == container.exit_code.to_string()
        })
        && filters.every("label", |label| has_label(&container.config.labels, label))
        && filters.any("ancestor", is_of)
        && filters.any("volume", uses)
        && filters.any("network", |name| container.networks.contains_key(name))
        && filters.any("health", |health| daemon.health(container).unwrap_or("none") == health)
        && filters.any("publish", |port| has_port(container, port, true))
        && filters.any("expose", |port| has_port(container, port, false))
}

fn has_port(container: &Container, spec: &str, public: bool) -> bool {
    let number = spec.split('/').next().unwrap_or_default();
    container.ports.iter().any(|port| {
        let own = if public { port.public } else { Some(port.private) };
        own.is_some_and(|own| own.to_string() == number)
    })
}

fn row(daemon: &Daemon, container: &Container, whole: bool, sizes: bool) -> Value {
    let id = container.id.hex();
    let words = command(container);
    let words = if whole { words } else { ellipsis(&words, COMMAND) };
    let created = container.created / SECOND;
    let labels: Vec<String> =
        container.config.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let networks: Vec<&str> = container.networks.keys().map(String::as_str).collect();
    let size = if sizes { size(daemon, container) } else { "0B".to_owned() };
    Value::object(
        "*formatter.ContainerContext",
        [
            ("Command", Value::text(format!("\"{words}\""))),
            ("CreatedAt", Value::text(super::created_at(created))),
            ("ID", Value::text(if whole { id } else { container.id.short(12) })),
            ("Image", Value::text(image_name(daemon, container))),
            ("Labels", Value::text(labels.join(","))),
            ("LocalVolumes", Value::text(local_volumes(container).to_string())),
            ("Mounts", Value::text(mounts(container, whole))),
            ("Names", Value::text(&container.name)),
            ("Networks", Value::text(networks.join(","))),
            ("Ports", Value::text(ports(daemon, container))),
            ("RunningFor", Value::text(ago(Some(created), daemon.seconds()))),
            ("Size", Value::text(size)),
            ("State", Value::text(container.status.word())),
            ("Status", Value::text(status(daemon, container))),
            ("Label", Value::Method(container.config.labels.clone())),
        ],
    )
}

pub(super) fn local_volumes(container: &Container) -> usize {
    container.volumes.iter().filter(|volume| matches!(volume.kind, VolumeKind::Volume { .. })).count()
}

/// The name that an image still has, or its ID.
pub(super) fn image_name(daemon: &Daemon, container: &Container) -> String {
    let now = daemon.find_image(&container.image_name).map(|found| found.id);
    if now.is_ok_and(|id| id == container.image) {
        container.image_name.clone()
    } else {
        container.image.short(12)
    }
}

/// The words of the first process, quoted as in JSON where they have blanks.
pub(super) fn command(container: &Container) -> String {
    let quoted = |word: &String| {
        let plain = !word.is_empty()
            && !word.contains([' ', '\t', '\n', '"', '\'', '$', '&', ';', '|', '<', '>', '(', ')']);
        if plain { word.clone() } else { format!("'{}'", word.replace('\'', "'\\''")) }
    };
    container.words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

/// Own bytes and those with the image.
pub(super) fn size(daemon: &Daemon, container: &Container) -> String {
    let (own, all) = daemon.container_size(container);
    format!("{} (virtual {})", short_size(own as f64), short_size(all as f64))
}

fn mounts(container: &Container, whole: bool) -> String {
    let name = |volume: &crate::daemon::containers::Volume| match &volume.kind {
        VolumeKind::Volume { name, .. } => name.clone(),
        VolumeKind::Bind(source) => source.clone(),
        VolumeKind::Tmpfs => String::new(),
    };
    let names = container.volumes.iter().map(name).filter(|name| !name.is_empty());
    names.map(|name| if whole { name } else { ellipsis(&name, 15) }).collect::<Vec<_>>().join(",")
}

/// `Up 3 seconds (healthy)`, `Exited (0) 2 minutes ago`.
pub(super) fn status(daemon: &Daemon, container: &Container) -> String {
    let since = |time: i64| duration(daemon.now.saturating_sub(time).div_euclid(SECOND));
    match container.status {
        Status::Created => "Created".to_owned(),
        Status::Exited => format!("Exited ({}) {} ago", container.exit_code, since(container.finished)),
        Status::Restarting => {
            format!("Restarting ({}) {} ago", container.exit_code, since(container.finished))
        }
        Status::Paused => format!("Up {} (Paused)", since(container.started)),
        Status::Running => match daemon.health(container) {
            Some("starting") => format!("Up {} (health: starting)", since(container.started)),
            Some(health) => format!("Up {} ({health})", since(container.started)),
            None => format!("Up {}", since(container.started)),
        },
    }
}

/// Ports that are only exposed, in ranges, then those that are published.
fn ports(daemon: &Daemon, container: &Container) -> String {
    if !container.is_running() {
        return String::new();
    }
    let mut exposed: Vec<(&str, u16)> = Vec::new();
    let mut published: Vec<(u16, String, u16, &str)> = Vec::new();
    let any = if daemon.dialect.is_old_client() { "::" } else { "[::]" };
    for Port { ip, public, private, protocol } in &container.ports {
        match public {
            None => exposed.push((protocol, *private)),
            Some(public) if ip.is_empty() => {
                published.push((*private, "0.0.0.0".to_owned(), *public, protocol));
                published.push((*private, any.to_owned(), *public, protocol));
            }
            Some(public) => published.push((*private, ip.clone(), *public, protocol)),
        }
    }
    exposed.sort_by_key(|(protocol, port)| (*port, *protocol));
    // An address with brackets comes behind one without, as it does without them.
    published.sort_by_key(|(private, ip, public, protocol)| {
        (*private, ip.trim_start_matches('[').to_owned(), *public, *protocol)
    });
    let mut parts = Vec::new();
    let mut at = 0;
    while at < exposed.len() {
        let (protocol, first) = exposed[at];
        let mut last = first;
        while at + 1 < exposed.len() && exposed[at + 1] == (protocol, last + 1) {
            at += 1;
            last += 1;
        }
        let range = if last > first { format!("{first}-{last}") } else { first.to_string() };
        parts.push(format!("{range}/{protocol}"));
        at += 1;
    }
    parts.extend(
        published
            .iter()
            .map(|(private, ip, public, protocol)| format!("{ip}:{public}->{private}/{protocol}")),
    );
    parts.join(", ")
}

//! `docker system df`.

use crate::client::format::List;
use crate::client::{Context, Done};
use crate::daemon::Daemon;
use crate::template::Value;
use lab_session::text::size::human_size;

const HEADERS: [(&str, &str); 5] = [
    ("Type", "TYPE"),
    ("TotalCount", "TOTAL"),
    ("Active", "ACTIVE"),
    ("Size", "SIZE"),
    ("Reclaimable", "RECLAIMABLE"),
];

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let daemon = &context.docker.daemon;
    let rows = vec![images(daemon), containers(daemon), volumes(daemon), build_cache(0, 0, 0)];
    let list = List {
        format: context.options.value("format"),
        table: "{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}",
        quiet: None,
        headers: &HEADERS,
        rows,
    };
    let text = list.print(context.dialect())?;
    context.call.out(&text);
    Ok(0)
}

fn images(daemon: &Daemon) -> Value {
    let total = daemon.images.iter().count();
    let active = daemon.images.iter().filter(|(id, _)| !daemon.users_of(*id).is_empty()).count();
    let size = daemon.image_bytes();
    row("Images", total, active, size, Some(daemon.reclaimable_image_bytes()))
}

fn containers(daemon: &Daemon) -> Value {
    let size = |container: &crate::daemon::Container| daemon.container_size(container).0;
    let total = daemon.containers.iter().map(size).sum();
    let idle = daemon.containers.iter().filter(|container| !container.is_running()).map(size).sum();
    let active = daemon.containers.iter().filter(|container| container.is_running()).count();
    row("Containers", daemon.containers.len(), active, total, Some(idle))
}

fn volumes(daemon: &Daemon) -> Value {
    let is_used = |name: &String| !daemon.users_of_volume(name).is_empty();
    let size = |(_, volume): (&String, &crate::daemon::volumes::Volume)| super::run::bytes_of(&volume.node);
    let total: u64 = daemon.volumes.iter().map(size).sum();
    let idle = daemon.volumes.iter().filter(|(name, _)| !is_used(name)).map(size).sum();
    let active = daemon.volumes.keys().filter(|name| is_used(name)).count();
    row("Local Volumes", daemon.volumes.len(), active, total, Some(idle))
}

/// A row; of what can be reclaimed the share is shown, unless nothing is there.
fn row(kind: &str, total: usize, active: usize, size: u64, reclaimable: Option<u64>) -> Value {
    let reclaimable = reclaimable.unwrap_or(0);
    let share = (reclaimable * 100).checked_div(size).map_or(String::new(), |share| format!(" ({share}%)"));
    value(kind, total, active, size, format!("{}{share}", human_size(reclaimable as f64)))
}

fn build_cache(total: usize, size: u64, reclaimable: u64) -> Value {
    value("Build Cache", total, 0, size, human_size(reclaimable as f64))
}

fn value(kind: &str, total: usize, active: usize, size: u64, reclaimable: String) -> Value {
    Value::object(
        "*formatter.diskUsageImagesContext",
        [
            ("Active", Value::text(active.to_string())),
            ("Reclaimable", Value::text(reclaimable)),
            ("Size", Value::text(human_size(size as f64))),
            ("TotalCount", Value::text(total.to_string())),
            ("Type", Value::text(kind)),
        ],
    )
}

//! `docker history`.

use crate::client::format::List;
use crate::client::{Context, Done};
use crate::daemon::Stored;
use crate::template::Value;
use lab_engine::oci::HistoryEntry;
use lab_session::text::age::ago;
use lab_session::text::size::short_size;
use lab_session::text::table::ellipsis;
use lab_session::text::time::parse_rfc3339;

/// The width of the column CREATED BY.
const CREATED_BY: usize = 45;
const HEADERS: [(&str, &str); 6] = [
    ("ID", "IMAGE"),
    ("CreatedSince", "CREATED"),
    ("CreatedAt", "CREATED AT"),
    ("CreatedBy", "CREATED BY"),
    ("Size", "SIZE"),
    ("Comment", "COMMENT"),
];

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let daemon = &context.docker.daemon;
    let found = daemon.find_image(context.argument(0))?;
    let rows = rows(context, found.id);
    let human = context.options.value("human").is_none_or(|value| value == "true");
    let table = if human {
        "{{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}"
    } else {
        "{{.ID}}\t{{.CreatedAt}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}"
    };
    let list = List {
        format: context.options.value("format"),
        table,
        quiet: context.options.is_on("quiet").then_some("{{.ID}}"),
        headers: &HEADERS,
        rows,
    };
    let text = list.print(context.dialect())?;
    context.call.out(&text);
    Ok(0)
}

fn rows(context: &Context<'_, '_>, id: lab_engine::digest::Digest) -> Vec<Value> {
    let daemon = &context.docker.daemon;
    let Some(image) = daemon.images.get(id) else { return Vec::new() };
    let whole = context.options.is_on("no-trunc");
    let human = context.options.value("human").is_none_or(|value| value == "true");
    let sizes = sizes(image, daemon.dialect.is_containerd());
    let history = &image.image.config.history;
    let ids = step_ids(context, id, history.len());
    let mut rows = Vec::new();
    for ((entry, size), id) in history.iter().zip(sizes).zip(ids).rev() {
        let id = match id {
            Some(id) if whole => id.to_string(),
            Some(id) => id.short(12),
            None => "<missing>".to_owned(),
        };
        let since = ago(entry.created.as_deref().and_then(parse_rfc3339), daemon.seconds());
        let by = created_by(entry);
        let by = if whole { by } else { ellipsis(&by, CREATED_BY) };
        let size = if human { short_size(size as f64) } else { size.to_string() };
        rows.push(Value::object(
            "*image.historyContext",
            [
                ("Comment", Value::text(&entry.comment)),
                ("CreatedAt", Value::text(seconds_only(entry.created.as_deref().unwrap_or_default()))),
                ("CreatedBy", Value::text(by)),
                ("CreatedSince", Value::text(if human { since } else { created_plain(entry) })),
                ("ID", Value::text(id)),
                ("Size", Value::text(size)),
            ],
        ));
    }
    rows
}

fn created_by(entry: &HistoryEntry) -> String {
    entry.created_by.replace('\t', " ")
}

/// Without `--human`, the column that says how long ago says when.
fn created_plain(entry: &HistoryEntry) -> String {
    seconds_only(entry.created.as_deref().unwrap_or_default())
}

/// A time without its fraction.
fn seconds_only(time: &str) -> String {
    match time.split_once('.') {
        Some((whole, _)) => format!("{whole}Z"),
        None => time.to_owned(),
    }
}

/// The sizes of the rows; those without a layer are empty.
fn sizes(image: &Stored, unpacked: bool) -> Vec<u64> {
    let mut layers = image.image.layers.iter().zip(&image.blobs.unpacked);
    let mut size = |entry: &HistoryEntry| {
        if entry.empty_layer {
            return 0;
        }
        layers.next().map_or(0, |(layer, blocks)| if unpacked { *blocks } else { layer.size })
    };
    image.image.config.history.iter().map(&mut size).collect()
}

/// The images that rows are of: the image itself, and those that it was made on one by one.
fn step_ids(
    context: &Context<'_, '_>,
    id: lab_engine::digest::Digest,
    rows: usize,
) -> Vec<Option<lab_engine::digest::Digest>> {
    let images = &context.docker.daemon.images;
    let mut ids = vec![None; rows];
    let mut next = Some(id);
    while let Some(id) = next {
        let Some(image) = images.get(id) else { break };
        let length = image.image.config.history.len();
        if let Some(place) = length.checked_sub(1).and_then(|at| ids.get_mut(at)) {
            *place = Some(id);
        }
        next = image.parent;
    }
    ids
}

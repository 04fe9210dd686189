//! The list of images that version 29 prints by itself, and `--tree`.

use super::Listed;
use crate::client::Context;
use crate::reference::familiar;
use lab_session::text::size::short_size;

/// Blanks between columns.
const GAP: usize = 3;

struct Row {
    name: String,
    id: String,
    usage: String,
    content: String,
    in_use: bool,
}

/// The list, sorted by name; images without one come last, the newest of them first.
pub(super) fn print(context: &Context<'_, '_>, images: &[Listed]) -> String {
    let daemon = &context.docker.daemon;
    let mut rows = Vec::new();
    let mut nameless = Vec::new();
    for listed in images {
        let Some(image) = daemon.images.get(listed.id) else { continue };
        let content = if daemon.dialect.is_containerd() { image.blobs.content_size() } else { 0 };
        let row = |name: String| Row {
            name,
            id: listed.id.short(12),
            usage: short_size(daemon.image_size(image) as f64),
            content: short_size(content as f64),
            in_use: !daemon.users_of(listed.id).is_empty(),
        };
        match &listed.names[..] {
            [] => nameless.push(row("<untagged>".to_owned())),
            names => rows.extend(names.iter().map(|name| row(familiar(name)))),
        }
    }
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    rows.extend(nameless);
    layout(&rows)
}

fn layout(rows: &[Row]) -> String {
    let width = |header: &str, cell: &dyn Fn(&Row) -> usize| {
        rows.iter().map(cell).max().unwrap_or(0).max(header.len())
    };
    let name = width("IMAGE", &|row| row.name.chars().count());
    let usage = width("DISK USAGE", &|row| row.usage.len());
    let content = width("CONTENT SIZE", &|row| row.content.len());
    let gap = " ".repeat(GAP);
    let mut text = format!(
        "{:<name$}{gap}{:<12}{gap}{:>usage$}{gap}{:>content$}{gap}EXTRA\n",
        "IMAGE", "ID", "DISK USAGE", "CONTENT SIZE"
    );
    for row in rows {
        let mark = if row.in_use { "U" } else { "" };
        text.push_str(&format!(
            "{:<name$}{gap}{:<12}{gap}{:>usage$}{gap}{:>content$}{gap}{mark:<5}\n",
            row.name, row.id, row.usage, row.content
        ));
    }
    text
}

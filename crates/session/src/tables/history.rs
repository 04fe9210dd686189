//! `docker image history`.

use super::{base_of, resolve};
use crate::build::{Finished, layer_figure};
use crate::protocol::{Figure, HistoryRow, HistoryView};
use crate::text::age::ago;
use crate::text::size::short_size;
use crate::text::table::{ellipsis, table};
use crate::text::time::parse_rfc3339;
use lab_engine::cache::{SnapshotLayer, StepImage};
use lab_engine::oci::HistoryEntry;
use lab_engine::world::World;
use std::sync::Arc;

/// The width of the column CREATED BY.
const CREATED_BY: usize = 45;

/// The history of the image of a build, newest first; empty after a failure.
pub(crate) fn history(build: &Finished, number: Option<u32>, world: &dyn World) -> HistoryView {
    let Ok(image) = &build.report.result else {
        return HistoryView { build: number, rows: Vec::new(), text: String::new() };
    };
    let base = base_of(&build.report).and_then(|reference| resolve(world, reference));
    let base_rows = base.map_or(0, |base| base.config.history.len());
    let id = image.image().config_digest.short(12);
    let mut rows = rows(&image.config.history, &image.layers, &id, base_rows, world.now());
    name_steps(&mut rows, image.step());
    HistoryView { build: number, text: text(&rows), rows }
}

/// The rows of a history, newest first, of which the first `base_rows` are of a base image.
pub(super) fn rows(
    history: &[HistoryEntry],
    layers: &[Arc<SnapshotLayer>],
    id: &str,
    base_rows: usize,
    now: i64,
) -> Vec<HistoryRow> {
    let mut layers = layers.iter();
    let mut rows: Vec<HistoryRow> = Vec::new();
    for (at, entry) in history.iter().enumerate() {
        let layer = if entry.empty_layer { None } else { layers.next() };
        let created = entry.created.as_deref().and_then(parse_rfc3339);
        rows.push(HistoryRow {
            image: "<missing>".to_owned(),
            created: entry.created.clone().unwrap_or_default(),
            created_since: ago(created, now),
            created_by: entry.created_by.clone(),
            size: layer.map_or(Figure::computed(0.0), |layer| layer_figure(layer)),
            comment: entry.comment.clone(),
            base: at < base_rows,
            empty_layer: entry.empty_layer,
        });
    }
    rows.reverse();
    if let Some(newest) = rows.first_mut() {
        newest.image = id.to_owned();
    }
    rows
}

/// Each step of the classic builder made an image of its own, so that every row down to the base's last one has a name.
fn name_steps(rows: &mut [HistoryRow], step: Option<&Arc<StepImage>>) {
    let mut image = step;
    for row in rows {
        let Some(made) = image else { return };
        row.image = made.id().short(12);
        image = made.parent();
    }
}

/// What Docker prints.
pub(super) fn text(rows: &[HistoryRow]) -> String {
    let line = |row: &HistoryRow| {
        vec![
            row.image.clone(),
            row.created_since.clone(),
            ellipsis(&row.created_by.replace('\t', " "), CREATED_BY),
            short_size(row.size.value),
            row.comment.clone(),
        ]
    };
    let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
    table(&["IMAGE", "CREATED", "CREATED BY", "SIZE", "COMMENT"], &lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table that Docker printed.
    #[test]
    fn the_text_is_dockers() {
        let row = |image: &str, since: &str, by: &str, size: f64, comment: &str| HistoryRow {
            image: image.into(),
            created: String::new(),
            created_since: since.into(),
            created_by: by.into(),
            size: Figure::computed(size),
            comment: comment.into(),
            base: false,
            empty_layer: false,
        };
        let rows = [
            row(
                "f5e9e9f1bf84",
                "Less than a second ago",
                "CMD [\"node\" \"server.js\"]",
                0.0,
                "buildkit.dockerfile.v0",
            ),
            row(
                "<missing>",
                "Less than a second ago",
                "RUN /bin/sh -c npm install # buildkit",
                300_000.0,
                "buildkit.dockerfile.v0",
            ),
            row(
                "<missing>",
                "10 days ago",
                "COPY docker-entrypoint.sh /usr/local/bin/ # buildkit",
                27.0,
                "buildkit.dockerfile.v0",
            ),
            row("<missing>", "5 weeks ago", "/bin/sh -c #(nop)  CMD [\"/bin/sh\"]", 0.0, ""),
        ];
        let expected = [
            "IMAGE          CREATED                  CREATED BY                                      SIZE      COMMENT",
            "f5e9e9f1bf84   Less than a second ago   CMD [\"node\" \"server.js\"]                        0B        buildkit.dockerfile.v0",
            "<missing>      Less than a second ago   RUN /bin/sh -c npm install # buildkit           300kB     buildkit.dockerfile.v0",
            "<missing>      10 days ago              COPY docker-entrypoint.sh /usr/local/bin/ # …   27B       buildkit.dockerfile.v0",
            "<missing>      5 weeks ago              /bin/sh -c #(nop)  CMD [\"/bin/sh\"]              0B        ",
            "",
        ];
        assert_eq!(text(&rows), expected.join("\n"));
    }
}

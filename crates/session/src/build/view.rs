//! A build as the page reads it.

use super::Finished;
use super::figures::{layer_figure, saved, seconds};
use super::log::{Export, log};
use super::near::{Edited, changed_env, near_misses};
use super::rows::{RowState, main_of, rows, score};
use super::{classic, diagnostics};
use crate::catalogue::Catalogue;
use crate::protocol::{
    BuildView, Builder, Cause, CommandKind, CommandView, Figure, StandIn, State, StepView, Totals, Why,
};
use crate::why::{Reason, key_parts};
use lab_engine::cache::{CommandNote, SimulationKind, SnapshotLayer};
use lab_engine::graph::{Operation, VertexId, VertexKind};
use lab_engine::solver::VertexReport;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The part of a layer's bytes that is left when it is compressed for the way: about what gzip makes of the layers of
/// the official images.
const COMPRESSED: f64 = 0.4;

/// What a view needs to know besides the build.
pub(crate) struct Context<'a> {
    /// The build's number; none for the preview.
    pub(crate) number: Option<u32>,
    /// Whether digests are worth their time: they need the bytes of all new layers.
    pub(crate) digests: bool,
    /// What differs from the build before.
    pub(crate) edited: &'a [Edited],
    /// The build before on the timeline.
    pub(crate) parent: Option<&'a Finished>,
    /// The names of the image, in full.
    pub(crate) names: &'a [String],
    /// Where the images come from.
    pub(crate) catalogue: &'a dyn Catalogue,
}

/// The whole view of a build.
#[inline(never)]
pub(crate) fn view(build: &Finished, context: &Context<'_>) -> BuildView {
    let rows = rows(build);
    let drawing = Drawing::new(build, &rows, context);
    let row_of = |id| drawing.row_of(id);
    let image = build.report.result.as_ref().ok();
    let made = image.filter(|_| context.digests).map(|image| image.image());
    let image_id = made.as_ref().map(|image| image.config_digest.to_string());
    let export = image_id.as_deref().map(|image_id| Export { image_id, names: context.names });
    BuildView {
        number: context.number,
        builder: build.workspace.settings.builder,
        empty: build.workspace.is_blank(),
        steps: rows.iter().enumerate().map(|(id, row)| drawing.step(id as u32, row)).collect(),
        totals: drawing.totals(),
        diagnostics: diagnostics::diagnostics(build),
        error: build.report.result.as_ref().err().map(|error| diagnostics::error(build, error, row_of)),
        log: match build.workspace.settings.builder {
            Builder::Buildkit => log(build, export.as_ref(), row_of),
            Builder::Classic => classic::log(build, context.names, context.digests, row_of),
        },
        manifest_digest: made.map(|image| image.manifest_digest.to_string()),
        image_id,
        waiting: false,
        recorded: None,
    }
}

/// Why one row is what it is, with the row that it follows and why that is what it is; `None` for a row that says all by
/// its state.
pub(crate) fn why_of(
    build: &Finished,
    context: &Context<'_>,
    step: u32,
) -> Option<(Why, Option<(u32, Why)>)> {
    let rows = rows(build);
    let row = rows.get(step as usize)?;
    let drawing = Drawing::new(build, &rows, context);
    let root = main_of(build, row).and_then(|(_, verdict)| drawing.row_of(verdict.root?));
    let root = root.filter(|_| row.state == State::Follows);
    let followed = root.and_then(|root| Some((root, drawing.why(rows.get(root as usize)?)?)));
    Some((drawing.why(row)?, followed))
}

struct Drawing<'a> {
    build: &'a Finished,
    rows: &'a [RowState],
    context: &'a Context<'a>,
    rows_of: BTreeMap<VertexId, u32>,
    env: Vec<(u32, String)>,
}

impl<'a> Drawing<'a> {
    fn new(build: &'a Finished, rows: &'a [RowState], context: &'a Context<'a>) -> Self {
        let mut rows_of = BTreeMap::new();
        for (at, row) in rows.iter().enumerate() {
            rows_of.extend(row.vertices.iter().map(|id| (*id, at as u32)));
        }
        let env = context.parent.map_or_else(Vec::new, |parent| changed_env(parent, build));
        Self { build, rows, context, rows_of, env }
    }

    /// A vertex that several stages share belongs to the last of their rows.
    fn row_of(&self, id: VertexId) -> Option<u32> {
        self.rows_of.get(&id).copied()
    }

    fn step(&self, id: u32, row: &RowState) -> StepView {
        let main = main_of(self.build, row);
        let ran = matches!(row.state, State::Miss | State::Follows | State::Failed);
        let layer = self.layer(row);
        let graph = &self.build.report.graph;
        let root = main.and_then(|(_, verdict)| verdict.root).and_then(|root| self.row_of(root));
        StepView {
            id,
            line: row.line,
            end_line: row.end_line,
            text: row.text.clone(),
            keyword: row.keyword.clone(),
            name: main.map_or(String::new(), |(vertex, _)| vertex.name.clone()),
            stage: row.stage.clone(),
            number: row.main.map_or(0, |id| graph.vertex(id).number),
            state: row.state,
            root: root.filter(|_| row.state == State::Follows),
            held: row.held,
            size: layer.as_deref().map(layer_figure).or_else(|| self.base_size(row)),
            seconds: main
                .map(|(vertex, _)| if ran { seconds(vertex.seconds) } else { Figure::computed(0.0) }),
            saved: main.filter(|_| row.state == State::Hit).map(|(vertex, _)| saved(vertex)),
            diff_id: layer
                .filter(|layer| self.context.digests || layer.is_cheap())
                .map(|l| l.layer().diff_id.to_string()),
            stand_in: self.stand_in(row),
            cache_key: main.and_then(|(vertex, _)| vertex.key).map(|key| key.to_string()),
            commands: main.map_or(Vec::new(), |(vertex, _)| vertex.commands.iter().map(command).collect()),
            why: self.why(row),
        }
    }

    fn vertices(&self, row: &RowState) -> impl Iterator<Item = &'a VertexReport> {
        let vertices = &self.build.report.vertices;
        row.vertices.clone().into_iter().filter_map(|id| vertices.get(id.0 as usize))
    }

    fn layer(&self, row: &RowState) -> Option<Arc<SnapshotLayer>> {
        self.vertices(row).filter_map(|vertex| vertex.layer.clone()).last()
    }

    /// The size of the image behind a `FROM`.
    fn base_size(&self, row: &RowState) -> Option<Figure> {
        let (vertex, _) = main_of(self.build, row)?;
        if self.build.report.graph.vertex(vertex.id).kind != VertexKind::From {
            return None;
        }
        let record = vertex.record.as_ref()?;
        Some(record.snapshot.layers.iter().fold(Figure::default(), |sum, layer| sum + layer_figure(layer)))
    }

    /// What stands in for the image of a `FROM`.
    fn stand_in(&self, row: &RowState) -> Option<StandIn> {
        let vertex = self.build.report.graph.vertex(row.main?);
        let Operation::Image(source) = &vertex.operation else { return None };
        self.context.catalogue.stand_in(source.reference.split('@').next()?)
    }

    fn totals(&self) -> Totals {
        let (hits, steps) = score(self.rows);
        let mut totals =
            Totals { hits, steps, seconds: seconds(self.build.report.seconds), ..Totals::default() };
        for row in self.rows {
            let Some((vertex, _)) = main_of(self.build, row) else { continue };
            let is_from = self.build.report.graph.vertex(vertex.id).kind == VertexKind::From;
            if row.state == State::Hit && !is_from {
                totals.saved = totals.saved + saved(vertex);
            }
            if matches!(row.state, State::Miss | State::Follows)
                && let Some(layer) = self.layer(row)
            {
                totals.rebuilt = totals.rebuilt + layer_figure(&layer);
            }
        }
        totals.push = Figure::modelled((totals.rebuilt.value * COMPRESSED).round());
        if let Ok(image) = &self.build.report.result {
            totals.image_size =
                image.layers.iter().fold(Figure::default(), |sum, layer| sum + layer_figure(layer));
        }
        totals
    }

    fn why(&self, row: &RowState) -> Option<Why> {
        if matches!(row.state, State::Meta | State::Skipped | State::NotRun) {
            return None;
        }
        let (vertex, verdict) = main_of(self.build, row)?;
        let is_hit = row.state == State::Hit;
        let record_build = verdict.record.as_ref().map(|record| record.build.0);
        let causes: Vec<Cause> = verdict.reasons.iter().filter_map(|reason| self.cause(reason)).collect();
        let is_of_file = |cause: &&Cause| {
            matches!(
                cause,
                Cause::FileChanged { .. }
                    | Cause::FileAdded { .. }
                    | Cause::FileRemoved { .. }
                    | Cause::FileMode { .. }
            )
        };
        Some(Why {
            against: record_build.filter(|_| !is_hit),
            hit_build: record_build.filter(|_| is_hit),
            changed: causes.iter().filter(is_of_file).count() as u32,
            causes,
            matched: verdict.matched,
            rule: self.build.workspace.settings.builder,
            parts: key_parts(vertex, verdict),
            near_misses: near_misses(self.build, row, vertex, verdict, self.context.edited, &self.env),
            remedies: Vec::new(),
        })
    }

    fn cause(&self, reason: &Reason) -> Option<Cause> {
        match reason {
            Reason::Cause(cause) => Some(cause.clone()),
            Reason::Parent(id) => Some(Cause::Parent { root: self.row_of(*id)? }),
        }
    }
}

/// A command as a person reads it.
pub(crate) fn command(note: &CommandNote) -> CommandView {
    CommandView {
        name: note.name.clone(),
        kind: match note.kind {
            SimulationKind::Executed => CommandKind::Executed,
            SimulationKind::Modelled => CommandKind::Modelled,
            SimulationKind::Unknown => CommandKind::Unknown,
        },
        count: note.count,
        seconds: seconds(note.seconds),
    }
}

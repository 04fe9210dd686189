//! A recorded build as the page reads it.

use super::log::{log, output};
use super::place::{Place, StepName, places};
use super::{Record, Vertex};
use crate::protocol::{BuildErrorView, BuildView, Builder, Figure, RecordView, State, StepView, Totals};
use crate::workspace::Workspace;
use lab_engine::dockerfile::{Dockerfile, parse};
use std::collections::BTreeMap;

/// The last lines of a step that failed.
const TAIL: usize = 10;

/// The rows of a record, each with the vertex that is about it.
struct Rows {
    steps: Vec<StepView>,
    /// The row of a vertex, by its place in the record.
    of_vertex: BTreeMap<usize, u32>,
    /// How many steps there are in the log, and how many of them in the Dockerfile.
    count: (u32, u32),
}

/// The whole view, with the rows of the Dockerfile of a workspace if they are the same.
#[inline(never)]
pub(crate) fn view(record: &Record, number: u32, workspace: &Workspace) -> BuildView {
    let Rows { steps, of_vertex, count } = rows(record, workspace);
    let counted = steps.iter().filter(|step| !matches!(step.state, State::Meta | State::Skipped));
    let totals = Totals {
        hits: steps.iter().filter(|step| step.state == State::Hit).count() as u32,
        steps: counted.count() as u32,
        seconds: Figure::computed(record.seconds()),
        ..Totals::default()
    };
    let row_of = |at: usize| of_vertex.get(&at).copied();
    BuildView {
        builder: Builder::Buildkit,
        number: Some(number),
        empty: false,
        totals,
        diagnostics: Vec::new(),
        error: failure(record, &steps, &row_of),
        log: log(record, &row_of),
        steps,
        image_id: None,
        manifest_digest: None,
        waiting: false,
        recorded: Some(RecordView {
            name: record.name.clone(),
            began: record.began as f64,
            steps: count.0,
            matched: count.1,
            damaged: record.damaged.clone(),
        }),
    }
}

fn rows(record: &Record, workspace: &Workspace) -> Rows {
    let steps: Vec<(usize, &Vertex, StepName<'_>)> = (0..)
        .zip(&record.vertices)
        .filter_map(|(at, vertex)| Some((at, vertex, StepName::parse(&vertex.name)?)))
        .collect();
    let dockerfile: Dockerfile = parse(workspace.dockerfile_text().unwrap_or_default()).value;
    let places = places(&dockerfile);
    let mut found: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, (_, _, name)) in steps.iter().enumerate() {
        let place = (0..places.len()).find(|place| !found.contains_key(place) && places[*place].is(name));
        if let Some(place) = place {
            found.insert(place, at);
        }
    }
    let count = (steps.len() as u32, found.len() as u32);
    let mut of_vertex = BTreeMap::new();
    let drawn = if !steps.is_empty() && found.len() == steps.len() {
        let draw = |(row, place): (usize, &Place<'_>)| {
            let step = found.get(&row).map(|at| &steps[*at]);
            if let Some((at, ..)) = step {
                of_vertex.insert(*at, row as u32);
            }
            let is_reached =
                place.stage.is_empty() || found.keys().any(|other| places[*other].stage == place.stage);
            of_place(row as u32, place, step.map(|(_, vertex, _)| *vertex), is_reached)
        };
        places.iter().enumerate().map(draw).collect()
    } else {
        let draw = |(row, (at, vertex, name)): (usize, &(usize, &Vertex, StepName<'_>))| {
            of_vertex.insert(*at, row as u32);
            of_name(row as u32, vertex, name)
        };
        in_order(&steps).iter().enumerate().map(draw).collect()
    };
    Rows { steps: drawn, of_vertex, count }
}

/// The steps stage by stage, each in the order of its numbers.
fn in_order<'a>(steps: &[(usize, &'a Vertex, StepName<'a>)]) -> Vec<(usize, &'a Vertex, StepName<'a>)> {
    let mut stages: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, _, name) in steps {
        let next = stages.len();
        stages.entry(name.stage).or_insert(next);
    }
    let mut ordered = steps.to_vec();
    lab_engine::order::sort_by_key(&mut ordered, |(_, _, name)| (stages.get(name.stage), name.number));
    ordered
}

fn state(vertex: &Vertex) -> State {
    match vertex {
        _ if vertex.is_failed() => State::Failed,
        _ if !vertex.is_started() || vertex.is_canceled() => State::NotRun,
        _ if vertex.cached => State::Hit,
        _ => State::Miss,
    }
}

/// The row of an instruction of the Dockerfile.
fn of_place(id: u32, place: &Place<'_>, vertex: Option<&Vertex>, is_reached: bool) -> StepView {
    let line = place.line;
    let without = match (place.number, is_reached) {
        (0, true) => State::Meta,
        // A stage that nothing needed, or a step that was shared with one above.
        _ => State::Skipped,
    };
    StepView {
        line: line.start_line.saturating_sub(1),
        end_line: line.end_line.saturating_sub(1),
        text: place.text(),
        keyword: line.keyword.to_ascii_uppercase(),
        stage: place.stage.clone(),
        number: place.number,
        state: vertex.map_or(without, state),
        ..bare(id, vertex)
    }
}

/// The row of a step that is in no Dockerfile here.
fn of_name(id: u32, vertex: &Vertex, name: &StepName<'_>) -> StepView {
    StepView {
        line: id,
        end_line: id,
        text: name.text.to_owned(),
        keyword: name.keyword().to_ascii_uppercase(),
        stage: name.stage.to_owned(),
        number: name.number,
        state: state(vertex),
        ..bare(id, Some(vertex))
    }
}

/// A row of which nothing but its vertex is known.
fn bare(id: u32, vertex: Option<&Vertex>) -> StepView {
    StepView {
        id,
        name: vertex.map_or(String::new(), |vertex| vertex.name.clone()),
        seconds: vertex.filter(|vertex| vertex.is_ended()).map(|vertex| Figure::computed(vertex.seconds())),
        ..StepView::default()
    }
}

/// What stopped the build.
fn failure(
    record: &Record,
    steps: &[StepView],
    row_of: &dyn Fn(usize) -> Option<u32>,
) -> Option<BuildErrorView> {
    let (at, vertex) = record.vertices.iter().enumerate().find(|(_, vertex)| vertex.is_failed())?;
    let step = row_of(at);
    let lines = output(vertex);
    Some(BuildErrorView {
        message: format!("failed to solve: {}", vertex.error),
        source: String::new(),
        step,
        line: step.and_then(|step| steps.get(step as usize)).map(|step| step.line),
        exit_code: vertex.error.rsplit_once("exit code: ").and_then(|(_, code)| code.trim().parse().ok()),
        output: lines[lines.len().saturating_sub(TAIL)..].to_vec(),
        code: "build/recorded".to_owned(),
        subject: None,
        nearest: Vec::new(),
    })
}

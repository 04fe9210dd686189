//! The heat map: a column per build, a row per instruction.
//!
//! An instruction is known by its text. The rows of all builds are merged so that each build's own order is kept; an
//! instruction that moved past another one has a second row. The live preview adds none, so that a keystroke costs the
//! steps of one build, however many there are.

use crate::build::{Finished, row_text, rows, saved, seconds};
use crate::protocol::{BuildView, Cell, Figure, LiveCell, State, StepView, TimelineBuild};
use crate::timeline::Entry;
use crate::why::is_pull;

/// The rows of one build: texts, states.
pub(crate) type Column = Vec<(String, State)>;

/// The rows and columns of the builds that are finished.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heat {
    rows: Vec<String>,
    /// With their cells as the rows are now.
    builds: Vec<TimelineBuild>,
}

/// What makes a row of a build.
pub(crate) fn column(build: &Finished) -> Column {
    rows(build).into_iter().map(|row| (row_text(&row.text), row.state)).collect()
}

impl Heat {
    /// Adds a build. `edited` are the paths that differ from its parent's workspace.
    pub(crate) fn push(&mut self, number: u32, entry: &Entry, build: &Finished, edited: &[String]) {
        let (hits, steps) = build.score();
        let hit = |state: &State| *state == State::Hit;
        let states = build.verdicts.iter().map(|verdict| verdict.state);
        let saved = build
            .report
            .vertices
            .iter()
            .zip(states)
            .filter(|(vertex, state)| hit(state) && !is_pull(vertex))
            .fold(Figure::default(), |sum, (vertex, _)| sum + saved(vertex));
        let column = column(build);
        self.add(&column, |cells| TimelineBuild {
            number,
            parent: entry.parent,
            at: entry.at as f64,
            cells,
            hits,
            steps,
            seconds: seconds(build.report.seconds),
            saved,
            failed: build.report.result.is_err(),
            edited: edited.iter().take(5).cloned().collect(),
            edited_count: edited.len() as u32,
            recorded: false,
        });
    }

    /// Adds a build that was made elsewhere.
    pub(crate) fn push_record(&mut self, entry: &Entry, build: &BuildView) {
        let text = |step: &StepView| (row_text(&step.text), step.state);
        let column: Column = build.steps.iter().map(text).collect();
        self.add(&column, |cells| TimelineBuild {
            number: build.number.unwrap_or_default(),
            parent: entry.parent,
            at: entry.at as f64,
            cells,
            hits: build.totals.hits,
            steps: build.totals.steps,
            seconds: build.totals.seconds,
            saved: Figure::default(),
            failed: build.error.is_some(),
            edited: Vec::new(),
            edited_count: 0,
            recorded: true,
        });
    }

    fn add(&mut self, column: &Column, build: impl FnOnce(Vec<Cell>) -> TimelineBuild) {
        let merged = merge(&mut self.rows, column);
        for cell in self.builds.iter_mut().flat_map(|build| &mut build.cells) {
            cell.row = merged.moved[cell.row as usize];
        }
        let cell = |(step, (row, (_, state))): (usize, (u32, &(String, State)))| Cell {
            row,
            state: *state,
            step: step as u32,
        };
        let cells = merged.places.into_iter().zip(column).enumerate().map(cell).collect();
        self.builds.push(build(cells));
    }

    /// The instructions of all builds.
    pub(crate) fn rows(&self) -> &[String] {
        &self.rows
    }

    /// The builds with their cells.
    pub(crate) fn builds(&self) -> &[TimelineBuild] {
        &self.builds
    }

    /// Where the steps of the live preview stand among the rows.
    pub(crate) fn live(&self, now: &Column) -> Vec<LiveCell> {
        let mut next = 0;
        let cell = |(step, ((text, state), row)): (usize, (&(String, State), Option<usize>))| {
            let new = row.is_none().then(|| text.clone());
            let row = row.map_or(next, |row| row as u32);
            next = row + u32::from(new.is_none());
            LiveCell { row, new, state: *state, step: step as u32 }
        };
        now.iter().zip(common(&self.rows, now)).enumerate().map(cell).collect()
    }

    /// Seconds saved in all builds.
    pub(crate) fn saved(&self) -> Figure {
        self.builds.iter().fold(Figure::default(), |sum, build| sum + build.saved)
    }
}

/// What a merge did.
struct Merged {
    /// The row of each step of the column.
    places: Vec<u32>,
    /// Where each row is that was there before.
    moved: Vec<u32>,
}

/// Inserts the rows of a column that are not there, each behind the one that it follows.
fn merge(rows: &mut Vec<String>, column: &Column) -> Merged {
    let common = common(rows, column);
    let mut old = std::mem::take(rows).into_iter();
    let (mut places, mut moved) = (Vec::new(), Vec::new());
    for ((text, _), place) in column.iter().zip(common) {
        match place {
            Some(row) => {
                while moved.len() <= row {
                    moved.push(rows.len() as u32);
                    rows.extend(old.next());
                }
            }
            None => rows.push(text.clone()),
        }
        places.push(rows.len() as u32 - 1);
    }
    for text in old {
        moved.push(rows.len() as u32);
        rows.push(text);
    }
    Merged { places, moved }
}

/// For each step of a column its row in a longest common subsequence.
fn common(rows: &[String], column: &Column) -> Vec<Option<usize>> {
    let (n, m) = (column.len(), rows.len());
    let mut lengths = vec![vec![0_u32; m + 1]; n + 1];
    for i in (0..n).rev() {
        for j in (0..m).rev() {
            lengths[i][j] = if column[i].0 == rows[j] {
                lengths[i + 1][j + 1] + 1
            } else {
                lengths[i + 1][j].max(lengths[i][j + 1])
            };
        }
    }
    let mut found = vec![None; n];
    let (mut i, mut j) = (0, 0);
    while i < n && j < m {
        if column[i].0 == rows[j] {
            found[i] = Some(j);
            (i, j) = (i + 1, j + 1);
        } else if lengths[i + 1][j] > lengths[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(texts: &[&str]) -> Column {
        texts.iter().map(|text| ((*text).to_owned(), State::Hit)).collect()
    }

    /// The rows of some columns, after a look at where each column's steps are in the end.
    fn merged(columns: &[&[&str]]) -> Vec<String> {
        let mut rows = Vec::new();
        let mut known: Vec<Vec<u32>> = Vec::new();
        for texts in columns {
            let Merged { places, moved } = merge(&mut rows, &column(texts));
            for row in known.iter_mut().flatten() {
                *row = moved[*row as usize];
            }
            known.push(places);
        }
        for (texts, places) in columns.iter().zip(known) {
            assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{places:?}");
            assert_eq!(places.iter().map(|at| rows[*at as usize].as_str()).collect::<Vec<_>>(), *texts);
        }
        rows
    }

    #[test]
    fn equal_instructions_share_a_row() {
        assert_eq!(merged(&[&["FROM", "RUN a", "RUN b"], &["FROM", "RUN a", "RUN b"]]).len(), 3);
    }

    #[test]
    fn new_instructions_stand_behind_what_they_follow() {
        assert_eq!(merged(&[&["FROM", "RUN b"], &["FROM", "RUN a", "RUN b"]]), ["FROM", "RUN a", "RUN b"]);
    }

    #[test]
    fn an_instruction_that_moved_has_two_rows() {
        let rows = merged(&[&["FROM", "COPY", "RUN"], &["FROM", "RUN", "COPY"]]);
        assert_eq!(rows.len(), 4);
    }

    #[test]
    fn an_instruction_may_stand_twice_in_one_build() {
        assert_eq!(merged(&[&["FROM", "RUN", "RUN"], &["FROM", "RUN"]]).len(), 3);
    }

    #[test]
    fn a_new_instruction_of_the_preview_is_no_row_of_the_builds() {
        let heat = Heat { rows: ["FROM", "RUN a", "CMD"].map(str::to_owned).into(), builds: Vec::new() };
        let live = |texts: &[&str]| -> Vec<(u32, Option<String>)> {
            heat.live(&column(texts)).into_iter().map(|cell| (cell.row, cell.new)).collect()
        };
        let new = |text: &str| Some(text.to_owned());
        assert_eq!(live(&["FROM", "RUN b", "CMD"]), [(0, None), (1, new("RUN b")), (2, None)]);
        assert_eq!(live(&["ARG", "FROM"]), [(0, new("ARG")), (0, None)]);
        assert_eq!(live(&["FROM", "CMD", "USER"]), [(0, None), (2, None), (3, new("USER"))]);
    }
}

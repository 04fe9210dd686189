//! The heat map: a column per build, a row per instruction.
//!
//! An instruction is known by its text. The rows of all builds are merged so that each build's own order is kept; an
//! instruction that moved past another one has a second row.

use crate::build::{Finished, row_text, rows, saved, seconds};
use crate::protocol::{Cell, Figure, State, TimelineBuild};
use crate::timeline::Entry;
use crate::why::is_pull;

/// The rows of one build: texts, states.
pub(crate) type Column = Vec<(String, State)>;

/// The rows and columns of the builds that are finished.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heat {
    rows: Vec<String>,
    columns: Vec<Column>,
    builds: Vec<TimelineBuild>,
}

/// What makes a row of a build.
pub(crate) fn column(build: &Finished) -> Column {
    rows(build).into_iter().map(|row| (row_text(&row.text), row.state)).collect()
}

impl Heat {
    /// Adds a build. `edited` are the paths that differ from its parent's workspace.
    pub(crate) fn push(&mut self, number: u32, entry: &Entry, build: &Finished, edited: &[String]) {
        let column = column(build);
        merge(&mut self.rows, &column);
        self.columns.push(column);
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
        self.builds.push(TimelineBuild {
            number,
            parent: entry.parent,
            at: entry.at as f64,
            cells: Vec::new(),
            hits,
            steps,
            seconds: seconds(build.report.seconds),
            saved,
            failed: build.report.result.is_err(),
            edited: edited.iter().take(5).cloned().collect(),
            edited_count: edited.len() as u32,
        });
    }

    /// Rows, builds with their cells, and the cells of the live preview.
    pub(crate) fn draw(&self, now: &Column) -> (Vec<String>, Vec<TimelineBuild>, Vec<Cell>) {
        let mut rows = self.rows.clone();
        merge(&mut rows, now);
        let cells = |column: &Column| -> Vec<Cell> {
            let places = places(&rows, column);
            let states = column.iter().map(|(_, state)| *state);
            let cell = |(step, (row, state)): (usize, (usize, State))| Cell {
                row: row as u32,
                state,
                step: step as u32,
            };
            places.into_iter().zip(states).enumerate().map(cell).collect()
        };
        let mut builds = self.builds.clone();
        for (build, column) in builds.iter_mut().zip(&self.columns) {
            build.cells = cells(column);
        }
        let live = cells(now);
        (rows, builds, live)
    }

    /// Seconds saved in all builds.
    pub(crate) fn saved(&self) -> Figure {
        self.builds.iter().fold(Figure::default(), |sum, build| sum + build.saved)
    }
}

/// Inserts the rows of a column that are not there, each behind the one that it follows.
fn merge(rows: &mut Vec<String>, column: &Column) {
    let common = common(rows, column);
    let mut merged = Vec::with_capacity(rows.len() + column.len());
    let mut at = 0;
    for (step, (text, _)) in column.iter().enumerate() {
        match common[step] {
            Some(row) => {
                merged.extend(rows[at..=row].iter().cloned());
                at = row + 1;
            }
            None => merged.push(text.clone()),
        }
    }
    merged.extend(rows[at..].iter().cloned());
    *rows = merged;
}

/// The row of each step of a column that has been merged.
fn places(rows: &[String], column: &Column) -> Vec<usize> {
    common(rows, column).into_iter().map(|row| row.unwrap_or(0)).collect()
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

    fn merged(columns: &[&[&str]]) -> Vec<String> {
        let mut rows = Vec::new();
        for texts in columns {
            merge(&mut rows, &column(texts));
        }
        for texts in columns {
            let places = places(&rows, &column(texts));
            assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{places:?}");
            assert_eq!(places.iter().map(|at| rows[*at].as_str()).collect::<Vec<_>>(), *texts);
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
}

//! The rows of the heat map as they are drawn: those of the builds, and between them what only the live preview has.

use lab_session::protocol::{LiveCell, State};

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatRow {
    /// Its place among the rows of the builds; none for an instruction that no build has.
    pub known: Option<usize>,
    /// The text of an instruction that no build has.
    pub new: Option<String>,
    /// The step of the preview that is in it, and its state.
    pub now: Option<(u32, State)>,
}

impl HeatRow {
    /// The instruction.
    pub fn text<'a>(&'a self, rows: &'a [String]) -> &'a str {
        let known = || self.known.and_then(|row| rows.get(row));
        self.new.as_ref().or_else(known).map_or("", String::as_str)
    }
}

/// All rows from the top, of so many rows of the builds.
pub fn rows(known: usize, live: &[LiveCell]) -> Vec<HeatRow> {
    let mut rows = Vec::with_capacity(known + live.len());
    let mut live = live.iter().peekable();
    for row in 0..=known {
        while let Some(cell) = live.next_if(|cell| cell.new.is_some() && cell.row as usize <= row) {
            rows.push(HeatRow { known: None, new: cell.new.clone(), now: Some((cell.step, cell.state)) });
        }
        if row < known {
            let here = live.next_if(|cell| cell.new.is_none() && cell.row as usize == row);
            let now = here.map(|cell| (cell.step, cell.state));
            rows.push(HeatRow { known: Some(row), new: None, now });
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_instructions_stand_between_those_of_the_builds() {
        let cell = |row: u32, new: Option<&str>, step: u32| LiveCell {
            row,
            new: new.map(str::to_owned),
            state: State::Hit,
            step,
        };
        let live = [cell(0, Some("ARG"), 0), cell(0, None, 1), cell(2, None, 2), cell(3, Some("USER"), 3)];
        let texts = ["FROM", "RUN", "CMD"].map(str::to_owned);
        let drawn = rows(texts.len(), &live);
        let shown: Vec<_> =
            drawn.iter().map(|row| (row.text(&texts), row.known, row.now.map(|(step, _)| step))).collect();
        let expected = [
            ("ARG", None, Some(0)),
            ("FROM", Some(0), Some(1)),
            ("RUN", Some(1), None),
            ("CMD", Some(2), Some(2)),
            ("USER", None, Some(3)),
        ];
        assert_eq!(shown, expected);
    }
}

//! `select` of bash: a menu on standard error, and an answer from standard input.

use super::{Flow, Shell, Status};
use crate::shell::language::ForLoop;
use std::fmt::Write as _;

/// What a terminal has where nobody says otherwise.
const COLUMNS: usize = 80;
const TAB: usize = 8;

impl Shell<'_, '_> {
    pub(super) fn select_loop(&mut self, parts: &ForLoop) -> Status {
        self.trace_loop("select", parts)?;
        let values = self.loop_values(parts)?;
        if values.is_empty() {
            return Ok(0);
        }
        let (mut status, mut shows) = (0, true);
        loop {
            self.process.machine.step(1)?;
            let Some(reply) = self.ask(&values, shows)? else {
                self.process.output("\n")?;
                return Ok(1);
            };
            shows = reply.is_empty();
            self.assign("REPLY", reply.clone())?;
            if shows {
                continue;
            }
            let chosen =
                reply.trim().parse::<usize>().ok().and_then(|number| values.get(number.wrapping_sub(1)));
            self.assign(&parts.name, chosen.cloned().unwrap_or_default())?;
            if !self.round(&parts.body, &mut status)? {
                return Ok(status);
            }
            shows = self.state.get("REPLY").is_none_or(str::is_empty);
        }
    }

    /// Shows the menu, if that is due, and the prompt; a line of standard input, or nothing at its end.
    fn ask(&mut self, values: &[String], shows: bool) -> Result<Option<String>, Flow> {
        let prompt = self.state.get("PS3").unwrap_or("#? ").to_owned();
        let menu = if shows { menu(values) } else { String::new() };
        self.process.error_output(&(menu + &prompt))?;
        let Some(input) = self.process.input() else { return Ok(None) };
        let line = self.process.read_line(&input)?;
        Ok(line.map(|line| {
            let text = crate::shell::bytes::to_text(&line);
            text.strip_suffix('\n').unwrap_or(&text).to_owned()
        }))
    }
}

/// The values with their numbers, in columns as wide as the widest.
fn menu(values: &[String]) -> String {
    let digits = values.len().to_string().len();
    let widest = values.iter().map(|value| value.chars().count()).max().unwrap_or(0);
    let width = widest + digits + 4;
    let columns = (COLUMNS / width).max(1);
    let mut rows = values.len().div_ceil(columns);
    if rows == 1 {
        rows = values.len();
    }
    let first_digits = rows.to_string().len();
    let mut text = String::new();
    for row in 0..rows {
        let mut place = 0;
        for (at, value) in values.iter().enumerate().skip(row).step_by(rows) {
            let digits = if at == row { first_digits } else { digits };
            if at > row {
                place += width;
            }
            let _ = write!(text, "{:digits$}) {value}", at + 1);
            if at + rows < values.len() {
                indent(&mut text, place + value.chars().count() + digits + 2, place + width);
            }
        }
        text.push('\n');
    }
    text
}

/// Blanks from one column to another, tabs where they reach.
fn indent(text: &mut String, from: usize, to: usize) {
    let mut at = from;
    while at < to {
        if to / TAB > at / TAB {
            text.push('\t');
            at += TAB - at % TAB;
        } else {
            text.push(' ');
            at += 1;
        }
    }
}

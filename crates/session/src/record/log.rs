//! The log of a recorded build as BuildKit prints it with `--progress=plain`.

use super::{Piece, Record, Vertex};
use crate::protocol::LogLine;
use crate::text::decimal::fixed;
use crate::text::size::human_size;
use std::collections::BTreeMap;

/// The lines; `row_of` gives the row of a vertex by its place in the record.
pub(super) fn log(record: &Record, row_of: &dyn Fn(usize) -> Option<u32>) -> Vec<LogLine> {
    let mut order: Vec<(usize, &Vertex)> =
        record.vertices.iter().enumerate().filter(|(_, vertex)| vertex.is_started()).collect();
    lab_engine::order::sort_by(&mut order, |a, b| {
        a.1.started().unwrap_or_default().total_cmp(&b.1.started().unwrap_or_default())
    });
    let mut warnings: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for warning in &record.warnings {
        warnings.entry(&warning.vertex).or_default().push(&warning.short);
    }
    let mut lines = Vec::new();
    for (number, (at, vertex)) in (1..).zip(order) {
        let step = row_of(at);
        let mut line = |kind: &str, text: String| {
            lines.push(LogLine { vertex: number, text, kind: kind.to_owned(), step });
        };
        line("name", vertex.name.clone());
        for status in &vertex.statuses {
            line("plain", progress(status));
        }
        for short in warnings.get(vertex.digest.as_str()).into_iter().flatten() {
            line("warning", format!("WARN: {short}"));
        }
        for text in output(vertex) {
            line("output", text);
        }
        match vertex {
            _ if vertex.is_failed() => line("error", format!("ERROR: {}", vertex.error)),
            _ if vertex.is_canceled() => line("error", "CANCELED".to_owned()),
            _ if vertex.cached => line("cached", "CACHED".to_owned()),
            _ => line("done", format!("DONE {}s", fixed(vertex.seconds(), 1))),
        }
    }
    let plain = |kind: &str, text: String| LogLine { vertex: 0, text, kind: kind.to_owned(), step: None };
    for vertex in record.vertices.iter().filter(|vertex| vertex.is_failed()) {
        lines.push(plain("error", format!("ERROR: failed to build: failed to solve: {}", vertex.error)));
    }
    lines
}

/// `transferring context: 1.2kB 0.1s done`
fn progress(status: &super::Status) -> String {
    let mut text = status.id.clone();
    match (status.current, status.total) {
        (0, 0) => {}
        (current, 0) => text += &format!(" {}", human_size(current as f64)),
        (current, total) => {
            text += &format!(" {} / {}", human_size(current as f64), human_size(total as f64))
        }
    }
    if let (Some(started), Some(completed)) = (status.started, status.completed) {
        let seconds = completed - started;
        if seconds >= 0.05 {
            text += &format!(" {}s", fixed(seconds, 1));
        }
        text += " done";
    }
    text
}

/// What a vertex printed, each line with the time at which it began, as the terminal would have shown it.
pub(super) fn output(vertex: &Vertex) -> Vec<String> {
    let start = vertex.started().unwrap_or_default();
    let mut lines: Vec<String> = Vec::new();
    let mut open: Option<(f64, Vec<u8>)> = None;
    let finish = |(at, bytes): (f64, Vec<u8>)| format!("{} {}", fixed(at, 3), shown(&bytes));
    for Piece { at, bytes, .. } in &vertex.output {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (_, text) = open.get_or_insert_with(|| (at - start, Vec::new()));
            text.extend_from_slice(part);
            if part.ends_with(b"\n") {
                lines.extend(open.take().map(finish));
            }
        }
    }
    lines.extend(open.map(finish));
    lines
}

/// A line as it stands on the screen at last: without what was written over, and without colours.
fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_end_matches(['\n', '\r']);
    let last = text.rsplit('\r').find(|part| !part.is_empty()).unwrap_or_default();
    let mut plain = String::new();
    let mut chars = last.chars();
    while let Some(c) = chars.next() {
        if c != '\u{1b}' {
            plain.push(c);
        } else if chars.next() == Some('[') {
            // A control sequence ends with a letter.
            let _ = chars.by_ref().find(|c| ('@'..='~').contains(c));
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_in_pieces_and_are_written_over() {
        let piece = |at: f64, text: &str| Piece { at, stream: 1, bytes: text.as_bytes().to_vec() };
        let vertex = Vertex {
            spans: vec![(1.0, Some(9.0))],
            output: vec![
                piece(1.5, "one\ntw"),
                piece(2.0, "o\n 10%\r 50%\r100%\r\n"),
                piece(3.0, "\u{1b}[32mgreen\u{1b}[0m"),
            ],
            ..Vertex::default()
        };
        assert_eq!(output(&vertex), ["0.500 one", "0.500 two", "1.000 100%", "2.000 green"]);
    }
}

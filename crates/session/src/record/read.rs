//! From the lines of a progress stream to a record.

use super::{MOST_BYTES, Piece, Record, Status, Vertex, Warning};
use crate::protocol::{DamagedLine, SolveLog, SolveProgress, SolveStatus, SolveVertex, SolveWarning};
use crate::text::base64;
use crate::text::time::parse_rfc3339_nanos;
use std::collections::BTreeMap;

/// The most damaged lines that are told of: a file of another kind would be told line by line.
const MOST_DAMAGED: usize = 100;

/// Seconds: no build takes a week. Times up to there are exact to the nanosecond.
const LONGEST: f64 = 7.0 * 86_400.0;

/// More parts than this are no build that anybody would look at step by step.
const MOST_VERTICES: usize = 10_000;

/// A part begins again when it is asked for again, but not so often.
const MOST_SPANS: usize = 100;

/// A time in seconds since 1970, and nanoseconds.
type Instant = (i64, u32);

pub(super) fn read(name: &str, text: &str) -> Result<Record, String> {
    if text.len() > MOST_BYTES {
        return Err(format!("it has more than {} MB", MOST_BYTES >> 20));
    }
    let mut damaged = Vec::new();
    let mut statuses = Vec::new();
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        match status(line) {
            Ok(status) => statuses.push((number, status)),
            Err(message) => note(&mut damaged, number, message),
        }
    }
    let started = |vertex: &SolveVertex| vertex.started.as_deref().and_then(instant);
    let began = statuses.iter().flat_map(|(_, status)| &status.vertexes).filter_map(started).min();
    let Some(began) = began else { return Err(nothing_begins(&damaged)) };
    let mut reader = Reader {
        began,
        vertices: Vec::new(),
        places: BTreeMap::new(),
        counts: BTreeMap::new(),
        warnings: Vec::new(),
    };
    for (number, status) in statuses {
        if let Err(message) = reader.take(status) {
            note(&mut damaged, number, message);
        }
    }
    lab_engine::order::sort_by_key(&mut damaged, |damaged| damaged.line);
    let Reader { vertices, warnings, .. } = reader;
    let mut record = Record { name: name.to_owned(), began: began.0, vertices, warnings, damaged };
    match begin(&mut record) {
        true => Ok(record),
        false => Err(nothing_begins(&record.damaged)),
    }
}

fn nothing_begins(damaged: &[DamagedLine]) -> String {
    match damaged.first() {
        Some(DamagedLine { line, message }) => format!("no step begins in it; line {line}: {message}"),
        None => "no step begins in it".to_owned(),
    }
}

/// Counts the times from the first step that was kept: what a damaged line said does not begin a build. Says whether
/// there is such a step.
fn begin(record: &mut Record) -> bool {
    let starts = record.vertices.iter().flat_map(|vertex| &vertex.spans).map(|(start, _)| *start);
    let Some(first) = starts.reduce(f64::min) else { return false };
    let earlier = first.floor();
    if earlier == 0.0 {
        return true;
    }
    record.began += earlier as i64;
    for vertex in &mut record.vertices {
        let spans = vertex.spans.iter_mut().flat_map(|(start, end)| [Some(start), end.as_mut()]);
        let counts = vertex.statuses.iter_mut();
        let counts = counts.flat_map(|status| [status.started.as_mut(), status.completed.as_mut()]);
        let printed = vertex.output.iter_mut().map(|piece| Some(&mut piece.at));
        spans.chain(counts).chain(printed).flatten().for_each(|time| *time -= earlier);
    }
    true
}

fn note(damaged: &mut Vec<DamagedLine>, line: u32, message: String) {
    if damaged.len() < MOST_DAMAGED {
        damaged.push(DamagedLine { line, message });
    }
}

/// A line as news of a build.
fn status(line: &str) -> Result<SolveStatus, String> {
    if !line.starts_with('{') {
        return Err("it is no JSON object".to_owned());
    }
    // The number of the line is told beside it; within the line there is one line alone.
    let in_line = |error: serde_json::Error| error.to_string().replace(" at line 1 column ", ", column ");
    let status: SolveStatus = serde_json::from_str(line).map_err(in_line)?;
    if status == SolveStatus::default() {
        return Err("it has no vertexes, statuses, logs or warnings".to_owned());
    }
    Ok(status)
}

fn instant(text: &str) -> Option<Instant> {
    // The zero of Go's times means that there is none.
    parse_rfc3339_nanos(text).filter(|(seconds, _)| *seconds > 0)
}

struct Reader {
    began: Instant,
    vertices: Vec<Vertex>,
    /// Where each is, by its digest.
    places: BTreeMap<String, usize>,
    /// Where a count is within its vertex, by the vertex and the name of the count.
    counts: BTreeMap<(usize, String), usize>,
    warnings: Vec<Warning>,
}

impl Reader {
    /// Takes a line. What is wrong with a part of it does not keep the other parts out.
    fn take(&mut self, status: SolveStatus) -> Result<(), String> {
        let mut result = Ok(());
        let mut keep = |done: Result<(), String>| {
            if result.is_ok() {
                result = done;
            }
        };
        for vertex in status.vertexes {
            keep(self.vertex(vertex));
        }
        for progress in status.statuses {
            keep(self.progress(progress));
        }
        for log in status.logs {
            keep(self.log(log));
        }
        for warning in status.warnings {
            keep(self.warning(warning));
        }
        result
    }

    /// A time as seconds since the build began; what is left out is none.
    fn time(&self, text: Option<&str>) -> Result<Option<f64>, String> {
        let Some(text) = text else { return Ok(None) };
        let (seconds, nanos) = parse_rfc3339_nanos(text).ok_or_else(|| format!("{text:?} is no time"))?;
        if seconds <= 0 {
            return Ok(None);
        }
        let after = (seconds - self.began.0) as f64 + f64::from(nanos) / 1e9;
        if after.abs() > LONGEST {
            return Err(format!("{text:?} is more than a week away from the begin of the build"));
        }
        Ok(Some(after))
    }

    fn find(&self, digest: &str) -> Result<usize, String> {
        let unknown = || format!("it is about {digest:?}, of which nothing was said before");
        self.places.get(digest).copied().ok_or_else(unknown)
    }

    fn vertex(&mut self, news: SolveVertex) -> Result<(), String> {
        if news.digest.is_empty() {
            return Err("a vertex has no digest".to_owned());
        }
        let (started, completed) =
            (self.time(news.started.as_deref())?, self.time(news.completed.as_deref())?);
        let at = match self.places.get(&news.digest) {
            Some(at) => *at,
            None if self.vertices.len() == MOST_VERTICES => {
                return Err(format!("there are more than {MOST_VERTICES} vertexes"));
            }
            None => {
                self.vertices.push(Vertex { digest: news.digest.clone(), ..Vertex::default() });
                self.places.insert(news.digest, self.vertices.len() - 1);
                self.vertices.len() - 1
            }
        };
        let vertex = &mut self.vertices[at];
        if !news.name.is_empty() {
            vertex.name = news.name;
        }
        if !news.inputs.is_empty() {
            vertex.inputs = news.inputs;
        }
        if let Some(started) = started {
            let is_full = vertex.spans.len() >= MOST_SPANS;
            match vertex.spans.iter_mut().find(|(start, _)| *start == started) {
                Some((_, end)) => *end = completed.or(*end),
                None if !is_full => vertex.spans.push((started, completed)),
                None => return Err(format!("a vertex begins more than {MOST_SPANS} times")),
            }
        }
        vertex.cached |= news.cached;
        if !news.error.is_empty() {
            vertex.error = news.error;
        }
        Ok(())
    }

    fn progress(&mut self, news: SolveProgress) -> Result<(), String> {
        let (started, completed) =
            (self.time(news.started.as_deref())?, self.time(news.completed.as_deref())?);
        let vertex = self.find(&news.vertex)?;
        let statuses = &mut self.vertices[vertex].statuses;
        let at = *self.counts.entry((vertex, news.id.clone())).or_insert_with(|| {
            statuses.push(Status { id: news.id, ..Status::default() });
            statuses.len() - 1
        });
        let status = &mut statuses[at];
        (status.current, status.total) = (news.current, news.total.max(status.total));
        status.started = started.or(status.started);
        status.completed = completed.or(status.completed);
        Ok(())
    }

    fn log(&mut self, news: SolveLog) -> Result<(), String> {
        let bytes = base64::decode(&news.data).ok_or("the data of a log are no base64")?;
        let at = self.time(Some(&news.timestamp))?.unwrap_or_default();
        let vertex = self.find(&news.vertex)?;
        self.vertices[vertex].output.push(Piece { at, stream: news.stream, bytes });
        Ok(())
    }

    fn warning(&mut self, news: SolveWarning) -> Result<(), String> {
        let short = base64::decode(&news.short).ok_or("the text of a warning is no base64")?;
        let range = news.range.first();
        self.warnings.push(Warning {
            vertex: news.vertex,
            short: String::from_utf8_lossy(&short).into_owned(),
            lines: range.map_or((0, 0), |range| (range.start.line, range.end.line)),
            url: news.url,
        });
        Ok(())
    }
}

//! Builds that another builder made, read from the progress stream that it wrote.
//!
//! Takes the text of `docker buildx build --progress=rawjson`; gives the same rows, totals and log as for a build of the
//! lab. It knows what happened and not why: which steps were cached, how long the others took, what they printed.

mod log;
mod place;
mod read;
mod stream;
mod view;

pub(crate) use view::view;

use crate::protocol::{DamagedLine, RecordInput};

/// More bytes than this are no log of a build that anybody would look at step by step.
pub(crate) const MOST_BYTES: usize = 64 << 20;

/// A build as its log tells it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Record {
    pub(crate) name: String,
    /// When it began, in seconds since 1970.
    pub(crate) began: i64,
    /// In the order in which they are first told of.
    vertices: Vec<Vertex>,
    warnings: Vec<Warning>,
    pub(crate) damaged: Vec<DamagedLine>,
}

/// A part of the build. Times are seconds since the build began.
#[derive(Clone, Debug, Default, PartialEq)]
struct Vertex {
    digest: String,
    inputs: Vec<String>,
    name: String,
    /// When it ran: a part that is asked for twice begins twice.
    spans: Vec<(f64, Option<f64>)>,
    cached: bool,
    error: String,
    statuses: Vec<Status>,
    output: Vec<Piece>,
}

/// A count within a vertex, as it was at last.
#[derive(Clone, Debug, Default, PartialEq)]
struct Status {
    id: String,
    current: i64,
    total: i64,
    started: Option<f64>,
    completed: Option<f64>,
}

/// Something printed.
#[derive(Clone, Debug, PartialEq)]
struct Piece {
    at: f64,
    stream: u32,
    bytes: Vec<u8>,
}

/// A finding of a build check.
#[derive(Clone, Debug, PartialEq)]
struct Warning {
    vertex: String,
    short: String,
    /// The first and the last line, from 1.
    lines: (u32, u32),
    url: String,
}

impl Vertex {
    fn is_started(&self) -> bool {
        !self.spans.is_empty()
    }

    fn started(&self) -> Option<f64> {
        self.spans.first().map(|(start, _)| *start)
    }

    /// Whether it came to an end, a good or a bad one.
    fn is_ended(&self) -> bool {
        self.is_started() && self.spans.iter().all(|(_, end)| end.is_some())
    }

    /// Whether it was given up because another one failed, or because the log ends.
    fn is_canceled(&self) -> bool {
        self.error.ends_with("context canceled") || (self.is_started() && !self.is_ended())
    }

    fn is_failed(&self) -> bool {
        !self.error.is_empty() && !self.is_canceled()
    }

    /// Seconds that it ran.
    fn seconds(&self) -> f64 {
        let mut spans: Vec<(f64, f64)> =
            self.spans.iter().filter_map(|(start, end)| Some((*start, (*end)?))).collect();
        lab_engine::order::sort_by(&mut spans, |a, b| a.0.total_cmp(&b.0));
        let (mut sum, mut until) = (0.0, f64::NEG_INFINITY);
        for (start, end) in spans {
            sum += (end - start.max(until)).max(0.0);
            until = until.max(end);
        }
        sum
    }
}

impl Record {
    /// Reads a log. What is wrong with single lines is in the record; without one good line there is none.
    #[inline(never)]
    pub(crate) fn read(name: &str, text: &str) -> Result<Self, String> {
        read::read(name, text)
    }

    /// Reads what a project has kept.
    #[inline(never)]
    pub(crate) fn open(input: &RecordInput) -> Result<Self, String> {
        let record = read::read(&input.name, &input.text)?;
        Ok(Self { damaged: input.damaged.clone(), ..record })
    }

    /// As a project keeps it.
    #[inline(never)]
    pub(crate) fn stored(&self) -> RecordInput {
        RecordInput { name: self.name.clone(), text: self.stream(), damaged: self.damaged.clone() }
    }

    /// A progress stream that says the same, without the steps in between.
    #[inline(never)]
    pub(crate) fn stream(&self) -> String {
        stream::stream(self)
    }

    /// Seconds from the first beginning to the last end.
    fn seconds(&self) -> f64 {
        let spans = self.vertices.iter().flat_map(|vertex| &vertex.spans);
        spans.map(|(start, end)| end.unwrap_or(*start)).fold(0.0, f64::max)
    }
}

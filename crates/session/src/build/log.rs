//! The log of a build as BuildKit prints it with `--progress=plain`.

use super::Finished;
use crate::protocol::LogLine;
use crate::text::decimal::fixed;
use crate::text::size::human_size;
use lab_engine::check::Warning;
use lab_engine::graph::{VertexId, VertexKind};
use lab_engine::solver::{BuildError, VertexReport, VertexStatus};

pub(super) const DEFINITION: &str = "[internal] load build definition from ";
const IGNORE: &str = "[internal] load .dockerignore";
const CONTEXT: &str = "[internal] load build context";

/// Writes lines under numbers that count up.
struct Writer<F> {
    lines: Vec<LogLine>,
    number: u32,
    step: Option<u32>,
    row_of: F,
}

/// What the log says at the end of a build that was kept.
pub(super) struct Export<'a> {
    /// The image ID.
    pub(super) image_id: &'a str,
    /// The names, in full.
    pub(super) names: &'a [String],
}

/// All lines. Without `export` the log ends before the image is written.
pub(super) fn log(
    build: &Finished,
    export: Option<&Export<'_>>,
    row_of: impl Fn(VertexId) -> Option<u32>,
) -> Vec<LogLine> {
    let mut writer = Writer { lines: Vec::new(), number: 0, step: None, row_of };
    writer.line("name", "building with \"default\" instance using docker driver".to_owned());
    for name in build.report.internal.iter().filter(|name| *name != CONTEXT && !name.starts_with("exporting"))
    {
        writer.internal(build, name);
    }
    let (bases, mut steps): (Vec<&VertexReport>, Vec<&VertexReport>) =
        build.report.vertices.iter().partition(|v| build.report.graph.vertex(v.id).kind == VertexKind::From);
    lab_engine::order::sort_by(&mut steps, |a, b| a.started.total_cmp(&b.started));
    for vertex in bases {
        writer.vertex(vertex);
    }
    if build.report.internal.iter().any(|name| name == CONTEXT) {
        writer.internal(build, CONTEXT);
    }
    for vertex in steps {
        writer.vertex(vertex);
    }
    match &build.report.result {
        Ok(_) => {
            if let Some(export) = export {
                writer.export(export);
            }
            writer.warnings(build);
        }
        Err(error) => {
            writer.failed_step(build, error);
            writer.warnings(build);
            writer.failure(error);
        }
    }
    writer.lines
}

impl<F: Fn(VertexId) -> Option<u32>> Writer<F> {
    fn line(&mut self, kind: &str, text: String) {
        self.lines.push(LogLine { vertex: self.number, text, kind: kind.to_owned(), step: self.step });
    }

    fn begin(&mut self, name: &str, step: Option<u32>) {
        self.number = self.lines.iter().map(|line| line.vertex).max().unwrap_or(0) + 1;
        self.step = step;
        self.line("name", name.to_owned());
    }

    fn internal(&mut self, build: &Finished, name: &str) {
        self.begin(name, None);
        if let Some((what, size)) = internal_transfer(build, name) {
            self.line("plain", format!("{what} {} done", human_size(size as f64)));
        }
        if name.starts_with(DEFINITION) {
            for warning in &build.report.warnings {
                self.line("warning", format!("WARN: {}", warning_text(warning)));
            }
        }
        self.line("done", "DONE 0.0s".to_owned());
    }

    fn vertex(&mut self, vertex: &VertexReport) {
        if matches!(vertex.status, VertexStatus::NotRun) {
            return;
        }
        let step = (self.row_of)(vertex.id);
        self.begin(&vertex.name, step);
        self.output(vertex);
        match vertex.status {
            VertexStatus::Cached => self.line("cached", "CACHED".to_owned()),
            VertexStatus::Done => self.line("done", format!("DONE {}s", fixed(vertex.seconds, 1))),
            VertexStatus::Error => {
                let error = vertex.error.as_deref().unwrap_or_default();
                self.line("error", format!("ERROR: {error}"));
            }
            VertexStatus::Canceled => self.line("error", "CANCELED".to_owned()),
            VertexStatus::NotRun => {}
        }
    }

    /// What a command printed. When each line came is not known; they are spread over its modelled time.
    fn output(&mut self, vertex: &VertexReport) {
        let text: String = vertex.log.iter().map(|piece| piece.text.as_str()).collect();
        let count = text.lines().count();
        for (at, line) in text.lines().enumerate() {
            let time = vertex.seconds * (at + 1) as f64 / (count + 1) as f64;
            self.line("output", format!("{} {}", fixed(time, 3), line.trim_end_matches('\r')));
        }
    }

    fn export(&mut self, export: &Export<'_>) {
        self.begin("exporting to image", None);
        self.line("plain", "exporting layers done".to_owned());
        self.line("plain", format!("writing image {} done", export.image_id));
        for name in export.names {
            self.line("plain", format!("naming to {name} done"));
        }
        self.line("done", "DONE 0.0s".to_owned());
    }

    /// What the step that failed printed last.
    fn failed_step(&mut self, build: &Finished, error: &BuildError) {
        self.number = 0;
        self.step = error.vertex.and_then(&self.row_of);
        let failed = error.vertex.and_then(|id| build.report.vertices.get(id.0 as usize));
        if let Some(vertex) = failed {
            self.line("plain", "------".to_owned());
            self.line("plain", format!(" > {}:", vertex.name));
            for line in &error.log_tail {
                self.line("plain", line.clone());
            }
            self.line("plain", "------".to_owned());
        }
    }

    fn failure(&mut self, error: &BuildError) {
        self.number = 0;
        self.step = error.vertex.and_then(&self.row_of);
        for line in error.source.lines() {
            self.line("plain", line.to_owned());
        }
        self.line("error", format!("ERROR: failed to build: {}", error.message));
    }

    fn warnings(&mut self, build: &Finished) {
        let warnings = &build.report.warnings;
        if warnings.is_empty() {
            return;
        }
        (self.number, self.step) = (0, None);
        let noun = if warnings.len() == 1 { "warning" } else { "warnings" };
        self.line("warning", format!(" {} {noun} found (use docker --debug to expand):", warnings.len()));
        for warning in warnings {
            self.line("warning", format!(" - {}", warning_text(warning)));
        }
    }
}

/// What a part of the build outside of its steps transfers, and how many bytes.
pub(super) fn internal_transfer(build: &Finished, name: &str) -> Option<(&'static str, u64)> {
    if name.starts_with(DEFINITION) {
        let size = build.workspace.dockerfile_text().map_or(0, str::len);
        Some(("transferring dockerfile:", size as u64))
    } else if name == IGNORE {
        let rules = build.workspace.tree.read_text(&format!("/{}", build.workspace.ignore_file()));
        // The empty archive of a folder without the file has two bytes.
        Some(("transferring context:", rules.map_or(2, str::len) as u64))
    } else if name == CONTEXT {
        Some(("transferring context:", build.report.context_bytes))
    } else {
        None
    }
}

pub(super) fn warning_text(warning: &Warning) -> String {
    format!("{}: {} (line {})", warning.rule.name, warning.message, warning.lines.0)
}

//! Diagnostics and errors as the page reads them: offsets in UTF-16 units.

use super::Finished;
use crate::protocol::{BuildErrorView, DiagnosticView, FixView, TextEditView};
use lab_engine::diagnostic::{Diagnostic, Severity};
use lab_engine::graph::VertexId;
use lab_engine::solver::{BuildError, BuildErrorKind};
use lab_engine::text::{LineIndex, TextRange};

/// Turns byte offsets of one text into UTF-16 offsets.
struct Offsets<'a> {
    text: &'a str,
    lines: LineIndex,
}

impl<'a> Offsets<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, lines: LineIndex::new(text) }
    }

    fn utf16(&self, offset: u32) -> u32 {
        let mut end = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        if self.text.is_ascii() { end as u32 } else { self.text[..end].encode_utf16().count() as u32 }
    }

    fn diagnostic(&self, diagnostic: &Diagnostic) -> DiagnosticView {
        let fix = diagnostic.fix.as_ref().map(|fix| FixView {
            title: fix.title.clone(),
            edits: fix.edits.iter().map(|edit| self.edit(edit.range, &edit.replacement)).collect(),
        });
        let severity = match diagnostic.severity {
            Severity::Hint => "hint",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        DiagnosticView {
            code: diagnostic.code.to_string(),
            severity: severity.to_owned(),
            from: self.utf16(diagnostic.range.start),
            to: self.utf16(diagnostic.range.end),
            line: self.lines.line(diagnostic.range.start),
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            url: diagnostic.url.as_ref().map(ToString::to_string),
            fix,
        }
    }

    fn edit(&self, range: TextRange, text: &str) -> TextEditView {
        TextEditView { from: self.utf16(range.start), to: self.utf16(range.end), text: text.to_owned() }
    }
}

/// All that is to be said about the text: errors of parsing, build checks, and where the build failed.
pub(super) fn diagnostics(build: &Finished) -> Vec<DiagnosticView> {
    let text = build.workspace.dockerfile_text().unwrap_or_default();
    let offsets = Offsets::new(text);
    let parsed = lab_engine::dockerfile::parse(text);
    let mut views: Vec<DiagnosticView> = Vec::new();
    let warnings = build.report.warnings.iter().map(|warning| &warning.diagnostic);
    for diagnostic in parsed.diagnostics.iter().chain(warnings) {
        let view = offsets.diagnostic(diagnostic);
        if !views.contains(&view) {
            views.push(view);
        }
    }
    if let Err(error) = &build.report.result {
        let is_told = views.iter().any(|view| view.severity == "error");
        if let Some(range) = error.range.filter(|_| !is_told) {
            views.push(offsets.diagnostic(&Diagnostic::error(
                code(&error.kind),
                range,
                plain(&error.message),
            )));
        }
    }
    lab_engine::order::sort_by_key(&mut views, |view| (view.from, view.to));
    views
}

/// BuildKit's message without the words that are in front of every one.
fn plain(message: &str) -> String {
    message.strip_prefix("failed to solve: ").unwrap_or(message).to_owned()
}

fn code(kind: &BuildErrorKind) -> &'static str {
    match kind {
        BuildErrorKind::Dockerfile => "build/dockerfile",
        BuildErrorKind::UnknownTarget => "build/unknown-target",
        BuildErrorKind::UnknownImage { .. } => "build/unknown-image",
        BuildErrorKind::CopySourceMissing { .. } => "build/copy-source-missing",
        BuildErrorKind::CommandFailed => "build/command-failed",
        BuildErrorKind::LimitReached => "build/limit-reached",
        BuildErrorKind::NotLoaded { .. } => "build/not-loaded",
        BuildErrorKind::NotSimulated => "sim/not-simulated",
        BuildErrorKind::Step => "build/step",
    }
}

/// Why a build failed.
pub(super) fn error(
    build: &Finished,
    error: &BuildError,
    row_of: impl Fn(VertexId) -> Option<u32>,
) -> BuildErrorView {
    let text = build.workspace.dockerfile_text().unwrap_or_default();
    let nearest = match &error.kind {
        BuildErrorKind::UnknownImage { nearest } | BuildErrorKind::CopySourceMissing { nearest, .. } => {
            nearest.clone()
        }
        _ => Vec::new(),
    };
    BuildErrorView {
        message: error.message.clone(),
        source: error.source.clone(),
        step: error.vertex.and_then(row_of),
        line: error.range.map(|range| LineIndex::new(text).line(range.start)),
        exit_code: error.exit_code,
        output: error.log_tail.clone(),
        code: code(&error.kind).to_owned(),
        subject: match &error.kind {
            BuildErrorKind::CopySourceMissing { path, .. } => Some(path.trim_start_matches('/').to_owned()),
            _ => None,
        },
        nearest,
    }
}

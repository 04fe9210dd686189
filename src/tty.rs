//! The build log as a terminal shows it: `[+] Building 6.9s (10/10) FINISHED`, `=> CACHED [2/5] WORKDIR /app`.
//!
//! Input: the log as the session gives it, in the form of `--progress=plain`. Output: lines and a text to copy.

use lab_session::protocol::{BuildView, Builder, LogLine, State};
use lab_session::text::decimal::fixed;

/// The width that BuildKit's terminal output is laid out for when it is copied.
const COLUMNS: usize = 80;

/// How a line is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// The first line.
    Head,
    /// A vertex that ran.
    Ran,
    /// A vertex from the cache.
    Cached,
    /// A vertex that failed.
    Failed,
    /// A part of a vertex.
    Part,
    /// A finding of the build checks.
    Warning,
    /// Printed after the steps: an excerpt of the Dockerfile, the end of an output.
    Plain,
    /// The last line of a build that failed.
    Error,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TtyLine {
    /// How to show it.
    pub tone: Tone,
    /// The text, without the arrow.
    pub text: String,
    /// The time at the right end: `6.5s`; empty for none.
    pub time: String,
    /// The row that it belongs to.
    pub step: Option<u32>,
}

/// The lines of a build.
///
/// The classic builder draws nothing anew: a terminal shows its lines as they come.
pub fn lines(build: &BuildView) -> Vec<TtyLine> {
    if build.builder == Builder::Classic {
        return build.log.iter().map(after).collect();
    }
    let mut order: Vec<u32> = Vec::new();
    for line in build.log.iter().filter(|line| line.vertex > 0) {
        if !order.contains(&line.vertex) {
            order.push(line.vertex);
        }
    }
    let mut body = Vec::new();
    let mut done = 0;
    for vertex in &order {
        let its: Vec<&LogLine> = build.log.iter().filter(|line| line.vertex == *vertex).collect();
        done += u32::from(push_vertex(&mut body, &its));
    }
    let total = order.len();
    let time = fixed(build.totals.seconds.value, 1);
    let end = if build.error.is_some() { "ERROR" } else { "FINISHED" };
    let mut lines = vec![TtyLine {
        tone: Tone::Head,
        text: format!("[+] Building {time}s ({done}/{total}) {end}"),
        time: String::new(),
        step: None,
    }];
    lines.extend(body);
    lines.extend(build.log.iter().filter(|line| line.vertex == 0 && line.kind != "name").map(after));
    lines
}

/// A line that is printed once the steps are done.
fn after(line: &LogLine) -> TtyLine {
    let tone = match line.kind.as_str() {
        "warning" => Tone::Warning,
        "error" => Tone::Error,
        _ => Tone::Plain,
    };
    TtyLine { tone, text: line.text.clone(), time: String::new(), step: line.step }
}

/// Adds the lines of a vertex; says whether it came to its end.
fn push_vertex(body: &mut Vec<TtyLine>, its: &[&LogLine]) -> bool {
    let kind = |kind: &str| its.iter().find(|line| line.kind == kind);
    let Some(name) = kind("name").or(its.first()) else { return false };
    let cached = kind("cached").is_some();
    let failed = kind("error").is_some();
    let ended = kind("done");
    let time = ended.and_then(|line| line.text.strip_prefix("DONE ")).unwrap_or("0.0s").to_owned();
    let (tone, mark) = match (failed, cached) {
        (true, _) => (Tone::Failed, "ERROR "),
        (_, true) => (Tone::Cached, "CACHED "),
        _ => (Tone::Ran, ""),
    };
    body.push(TtyLine { tone, text: format!("{mark}{}", name.text), time, step: name.step });
    // A terminal shows transfers and exports below their vertex; the output of a RUN goes once it is done.
    for line in its.iter().filter(|line| line.kind == "plain") {
        let text = line.text.strip_suffix(" done").unwrap_or(&line.text).to_owned();
        body.push(TtyLine {
            tone: Tone::Part,
            text: format!("=> {text}"),
            time: "0.0s".to_owned(),
            step: line.step,
        });
    }
    for line in its.iter().filter(|line| line.kind == "warning") {
        let text = line.text.clone();
        body.push(TtyLine { tone: Tone::Warning, text, time: "0.0s".to_owned(), step: line.step });
    }
    cached || ended.is_some()
}

/// The text of the lines, as a terminal of 80 columns shows them.
pub fn text(lines: &[TtyLine]) -> String {
    let mut text = String::new();
    let mut steps_are_done = false;
    for line in lines {
        // What comes after the steps has no time.
        let is_after = line.tone != Tone::Head && line.time.is_empty();
        if is_after && !steps_are_done && line.tone == Tone::Warning {
            text.push('\n');
        }
        steps_are_done = is_after;
        let left = match line.tone {
            Tone::Head => line.text.clone(),
            _ if is_after => line.text.clone(),
            _ => format!(" => {}", line.text),
        };
        text.push_str(&left);
        if !line.time.is_empty() {
            let used = left.chars().count() + line.time.len();
            text.push_str(&" ".repeat(COLUMNS.saturating_sub(used).max(1)));
            text.push_str(&line.time);
        }
        text.push('\n');
    }
    text
}

/// The state in whose colour a line of the plain log stands.
pub fn line_state(line: &LogLine) -> Option<State> {
    match line.kind.as_str() {
        "cached" => Some(State::Hit),
        "error" => Some(State::Failed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab_session::protocol::{Figure, Totals};

    fn line(vertex: u32, kind: &str, text: &str) -> LogLine {
        LogLine { vertex, text: text.to_owned(), kind: kind.to_owned(), step: None }
    }

    #[test]
    fn lines_of_the_classic_builder_stay_as_they_are() {
        let mut build = build();
        build.builder = Builder::Classic;
        build.log = vec![line(0, "plain", "Step 1/1 : FROM a"), line(0, "error", "no")];
        assert_eq!(text(&lines(&build)), "Step 1/1 : FROM a\nno\n");
    }

    fn build() -> BuildView {
        BuildView {
            builder: Builder::Buildkit,
            number: Some(1),
            empty: false,
            steps: Vec::new(),
            totals: Totals { seconds: Figure::modelled(6.93), ..Totals::default() },
            diagnostics: Vec::new(),
            error: None,
            log: vec![
                line(1, "name", "[internal] load build definition from Dockerfile"),
                line(1, "plain", "transferring dockerfile: 120B done"),
                line(1, "done", "DONE 0.0s"),
                line(2, "name", "[2/3] WORKDIR /app"),
                line(2, "cached", "CACHED"),
                line(3, "name", "[3/3] RUN npm install"),
                line(3, "output", "6.48 added 68 packages in 6s"),
                line(3, "done", "DONE 6.5s"),
            ],
            image_id: None,
            manifest_digest: None,
            waiting: false,
            recorded: None,
        }
    }

    #[test]
    fn the_terminal_form_counts_and_marks() {
        let text = text(&lines(&build()));
        let expected = "[+] Building 6.9s (3/3) FINISHED\n \
                        => [internal] load build definition from Dockerfile                        0.0s\n \
                        => => transferring dockerfile: 120B                                        0.0s\n \
                        => CACHED [2/3] WORKDIR /app                                               0.0s\n \
                        => [3/3] RUN npm install                                                   6.5s\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn warnings_stand_below_their_step_and_at_the_end() {
        let mut build = build();
        build.log.insert(2, line(1, "warning", "WARN: JSONArgsRecommended: use JSON (line 3)"));
        build.log.push(line(0, "warning", " 1 warning found (use docker --debug to expand):"));
        build.log.push(line(0, "warning", " - JSONArgsRecommended: use JSON (line 3)"));
        build.log.push(line(0, "plain", "Dockerfile:3"));
        build.log.push(line(0, "error", "ERROR: failed to build: no"));
        let text = text(&lines(&build));
        assert!(text.contains(" => WARN: JSONArgsRecommended: use JSON (line 3) "), "{text}");
        let end = "6.5s\n\n 1 warning found (use docker --debug to expand):\n - JSONArgsRecommended: use JSON (line 3)\n\
                   Dockerfile:3\nERROR: failed to build: no\n";
        assert!(text.ends_with(end), "{text}");
    }
}

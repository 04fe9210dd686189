//! What a page that embeds the lab is told of a build.
//!
//! Input: the build as the session describes it. Output: plain data for a message, documented in `docs/embedding.md`.

use crate::locale::Lang;
use crate::rich::letters;
use crate::wording;
use lab_session::protocol::{BuildView, State, StepView};
use serde::Serialize;

/// A build in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Its number on the timeline; none for what a build would do now.
    pub build: Option<u32>,
    /// Steps that hit.
    pub hits: u32,
    /// Steps in all.
    pub steps: u32,
    /// Seconds of the build.
    pub seconds: f64,
    /// Whether a part of these is modelled.
    pub modelled: bool,
    /// Why it failed, in BuildKit's words; none for a success.
    pub error: Option<String>,
    /// The instructions in their order.
    pub rows: Vec<Row>,
}

/// An instruction in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Its first line, from 1.
    pub line: u32,
    /// The instruction on one line.
    pub instruction: String,
    /// `hit`, `miss`, `follows`, `meta`, `failed`, `notRun` or `skipped`.
    pub state: &'static str,
    /// Why it is not a hit, in the language of the lab; none where there is nothing to say.
    pub why: Option<String>,
}

/// The summary; none while there is nothing to say.
pub fn summary(lang: Lang, build: &BuildView) -> Option<Summary> {
    if build.empty || build.waiting {
        return None;
    }
    let row = |step: &StepView| Row {
        line: step.line + 1,
        instruction: step.text.clone(),
        state: state(step.state),
        why: matches!(step.state, State::Miss | State::Follows | State::Failed)
            .then(|| letters(&wording::sentence(lang, build, step, step.why.as_ref()))),
    };
    Some(Summary {
        build: build.number,
        hits: build.totals.hits,
        steps: build.totals.steps,
        seconds: build.totals.seconds.value,
        modelled: build.totals.seconds.modelled,
        error: build.error.as_ref().map(|error| error.message.clone()),
        rows: build.steps.iter().map(row).collect(),
    })
}

fn state(state: State) -> &'static str {
    match state {
        State::Hit => "hit",
        State::Miss => "miss",
        State::Follows => "follows",
        State::Meta => "meta",
        State::Failed => "failed",
        State::NotRun => "notRun",
        State::Skipped => "skipped",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{build, step};
    use lab_session::protocol::Why;

    #[test]
    fn rows_that_ran_say_why() {
        let mut copy = step(1, "COPY . .", State::Miss);
        copy.why = Some(Why { causes: vec![lab_session::protocol::Cause::NoRecord], ..Why::default() });
        let told = summary(Lang::En, &build(vec![step(0, "FROM a", State::Hit), copy])).unwrap();
        assert_eq!((told.build, told.hits, told.steps, told.error), (None, 1, 3, None));
        let why = "COPY . . missed because nothing like it was built before.";
        let rows: Vec<_> = told.rows.iter().map(|row| (row.line, row.state, row.why.as_deref())).collect();
        assert_eq!(rows, [(1, "hit", None), (2, "miss", Some(why))]);
    }

    #[test]
    fn while_the_catalogue_loads_nothing_is_told() {
        let waiting = BuildView { waiting: true, ..build(Vec::new()) };
        assert_eq!(summary(Lang::En, &waiting), None);
    }
}

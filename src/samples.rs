//! Builds for the tests of the view models.

use lab_session::protocol::{BuildErrorView, BuildView, Builder, State, StepView, Totals};

/// A row on a line of its own, with nothing known of it but its state.
pub(crate) fn step(id: u32, text: &str, state: State) -> StepView {
    StepView {
        id,
        line: id,
        end_line: id,
        text: text.to_owned(),
        keyword: text.split(' ').next().unwrap_or_default().to_owned(),
        stage: "0".to_owned(),
        number: if state == State::Meta { 0 } else { id + 1 },
        state,
        ..StepView::default()
    }
}

/// A build of these rows.
pub(crate) fn build(steps: Vec<StepView>) -> BuildView {
    BuildView {
        builder: Builder::Buildkit,
        number: None,
        empty: false,
        steps,
        totals: Totals { hits: 1, steps: 3, ..Totals::default() },
        diagnostics: Vec::new(),
        error: None,
        log: Vec::new(),
        image_id: None,
        manifest_digest: None,
        waiting: false,
        recorded: None,
    }
}

/// An error without a row.
pub(crate) fn error(message: &str, line: Option<u32>) -> BuildErrorView {
    BuildErrorView {
        message: message.to_owned(),
        source: String::new(),
        step: None,
        line,
        exit_code: None,
        output: Vec::new(),
        code: String::new(),
        subject: None,
        nearest: Vec::new(),
    }
}

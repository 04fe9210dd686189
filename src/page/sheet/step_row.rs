//! A row: rail, state, bar, size, time, digest.

use crate::page::hub::{Words, use_hub, use_words};
use crate::page::parts::{icon, size, state_class, state_word, time};
use dockerfile_lab_app::figure;
use dockerfile_lab_app::model::{Action, Dialog};
use dockerfile_lab_app::rail::Rail;
use dockerfile_lab_app::rich::letters;
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::wording;
use lab_session::protocol::{BuildView, CommandKind, Figure, State, StepView};
use lab_session::text::decimal::fixed;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// Less than this many seconds saved is not worth a word.
const WORTH_SAYING: f64 = 0.095;

#[derive(Properties)]
pub(super) struct StepRowProps {
    pub(super) build: Shared<BuildView>,
    /// Which of its rows.
    pub(super) index: usize,
    /// Top, height of its lines, height down to the next row, in pixels; none where rows stand in the flow.
    pub(super) place: Option<(f64, f64, f64)>,
    pub(super) rail: Rail,
    /// How many followers are above, which delays the drawing of the rail.
    pub(super) order: u32,
    pub(super) fresh: bool,
    pub(super) selected: bool,
    /// Whether it is the step that runs at this moment.
    pub(super) running: bool,
}

impl PartialEq for StepRowProps {
    /// A new preview draws only the rows that it changes.
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
            && self.place == other.place
            && self.rail == other.rail
            && self.order == other.order
            && self.fresh == other.fresh
            && self.selected == other.selected
            && self.running == other.running
            && (self.build == other.build || looks_the_same(self.step(), other.step()))
    }
}

impl StepRowProps {
    fn step(&self) -> Option<&StepView> {
        self.build.steps.get(self.index)
    }
}

fn looks_the_same(a: Option<&StepView>, b: Option<&StepView>) -> bool {
    let look =
        |step: &StepView| (step.id, step.line, step.state, step.held, step.size, step.seconds, step.saved);
    match (a, b) {
        (Some(a), Some(b)) => {
            look(a) == look(b)
                && is_unknown(a) == is_unknown(b)
                && a.text == b.text
                && a.diff_id == b.diff_id
                && a.stand_in == b.stand_in
        }
        _ => false,
    }
}

/// The row.
#[component]
pub(super) fn StepRow(props: &StepRowProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let Some(step) = props.step() else { return Html::default() };
    let id = step.id;
    let onclick = Callback::from(move |event: MouseEvent| {
        hub.act(Action::Select(id));
        if is_modelled(&event) {
            hub.open(Dialog::Facts(id));
        }
    });
    let style =
        props.place.map(|(top, height, full)| format!("top:{top}px;height:{full}px;--lines:{height}px"));
    let rail = classes!(props.rail.class(), (props.fresh && props.rail != Rail::None).then_some("fresh"));
    html! {
        <li ~style={style.unwrap_or_default()}>
            <span class={rail} aria-hidden="true" ~style={format!("--step:{}", props.order)}></span>
            <button type="button" class={classes!("s", props.selected.then_some("sel"), props.running.then_some("runs"))} aria-current={props.selected.then_some("true")}
                aria-label={label(words, step, props.running)} title={step.text.clone()} data-state={state_class(step.state)} {onclick}>
                <code class="src">{ wording::short_code(&step.text) }</code>
                <span class="state">
                    if props.running { <span class="word runs">{ icon("play") }{ words.t("state.running") }</span> } else { { state_word(words, step.state) } }
                    if is_unknown(step) { <em class="unsim">{ words.t("row.notSimulated") }</em><span class="unsim-i" title={words.t("row.notSimulated")}>{ icon("off") }</span> }
                    if step.held { <span class="held" title={words.t("row.heldHint")}>{ icon("shield") }</span> }
                </span>
                { bar(words, &props.build, step) }
                <span class="num size">{ step.size.map_or_else(dash, |figure| size(words, figure)) }</span>
                <span class="num time">{ time_cell(words, step, props.build.recorded.is_some()) }</span>
                <span class="dig">{ step.diff_id.as_deref().map(figure::short).unwrap_or_default() }</span>
            </button>
        </li>
    }
}

/// Whether a click was on a modelled figure, which leads to its source.
fn is_modelled(event: &MouseEvent) -> bool {
    let target: Option<web_sys::Element> = event.target().and_then(|target| target.dyn_into().ok());
    target.is_some_and(|target| target.class_name() == "mod")
}

/// Whether a command of the step was not simulated, so that it had no effect.
pub(super) fn is_unknown(step: &StepView) -> bool {
    step.commands.iter().any(|command| command.kind == CommandKind::Unknown)
}

fn dash() -> Html {
    html! { <span class="quiet">{ "–" }</span> }
}

fn time_cell(words: Words, step: &StepView, recorded: bool) -> Html {
    if let (true, Some(seconds)) = (recorded, step.seconds) {
        let text = figure::seconds(words.0, seconds.value);
        return html! { <span class="fig rec" title={words.t("recorded.figure")}>{ text }</span> };
    }
    match (step.saved.filter(|saved| saved.value >= WORTH_SAYING), step.seconds) {
        (Some(saved), _) if step.state == State::Hit => {
            html! { <><small>{ words.t("row.saved") }</small>{ time(words, saved) }</> }
        }
        (_, Some(seconds)) if !matches!(step.state, State::NotRun | State::Skipped) => time(words, seconds),
        _ => dash(),
    }
}

fn bar(words: Words, build: &BuildView, step: &StepView) -> Html {
    let width = match (step.state, step.size) {
        (State::Failed, _) => 18.0,
        (_, Some(Figure { value, .. })) => figure::on_scale(value),
        _ => 0.0,
    };
    let drawn = !matches!(step.state, State::NotRun | State::Skipped)
        && (step.size.is_some() || !matches!(step.state, State::Hit));
    let note = match step.state {
        State::Failed => build.error.as_ref().and_then(|error| match error.exit_code {
            Some(exit) => Some(words.with("row.exit", &[("exit", &exit.to_string())])),
            None => (error.code == "build/limit-reached").then(|| words.t("row.limit").to_owned()),
        }),
        _ if is_unknown(step) => Some(words.t("row.notSimulated").to_owned()),
        _ if step.held => Some(words.t("row.held").to_owned()),
        _ if step.stand_in.is_some() => Some(words.t("row.standIn").to_owned()),
        _ => None,
    }
    .map(AttrValue::from);
    let hint = wording::stand_in(words.0, step).map(|said| letters(&said));
    html! {
        <span class={classes!("track", note.is_some().then_some("noted"))} ~style={format!("--v:{}%", fixed(width, 1))}>
            if drawn { <span class={format!("bar p-{}", state_class(step.state))}></span> }
            if let Some(note) = note { <em title={hint}>{ note }</em> }
        </span>
    }
}

/// The row in words.
fn label(words: Words, step: &StepView, running: bool) -> String {
    let mut said = vec![
        words.with("row.line", &[("line", &(step.line + 1).to_string())]),
        wording::short_code(&step.text),
        wording::spoken_state(words.0, step.state).to_owned(),
    ];
    if running {
        said.push(words.t("log.running").to_owned());
    }
    if is_unknown(step) {
        said.push(words.t("row.notSimulated").to_owned());
    }
    if step.held {
        said.push(words.t("row.heldHint").to_owned());
    }
    said.extend(wording::stand_in(words.0, step).map(|pieces| letters(&pieces)));
    let mut figure = |value: Option<Figure>, text: fn(Words, f64) -> String| {
        if let Some(figure) = value {
            let text = text(words, figure.value);
            said.push(if figure.modelled { words.with("row.modelled", &[("figure", &text)]) } else { text });
        }
    };
    figure(step.size, |_, value| figure::bytes(value));
    figure(step.seconds, |words, value| figure::seconds(words.0, value));
    said.join(", ")
}

//! The small parts that everything is made of: icons, figures, words of a state, texts in pieces, a copy button.

use super::dom;
use super::hub::{Hub, Words, use_hub, use_words};
use dockerfile_lab_app::figure;
use dockerfile_lab_app::rich::Piece;
use dockerfile_lab_app::wording;
use lab_session::protocol::{Figure, State};
use yew::prelude::*;

/// The shapes of all icons, once on the page.
#[component]
pub(super) fn Sprite() -> Html {
    html! {
        <svg class="sprite" aria-hidden="true"><defs>
            <symbol id="i-hit" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6"/><path d="m5.3 8.2 1.9 1.9 3.6-4"/></symbol>
            <symbol id="i-miss" viewBox="0 0 16 16"><path class="solid" d="M8 1.6 14.4 8 8 14.4 1.6 8Z"/><path class="cut" d="m6.2 6.2 3.6 3.6m0-3.6L6.2 9.8"/></symbol>
            <symbol id="i-follows" viewBox="0 0 16 16"><path d="M3.5 2.5v5a2.5 2.5 0 0 0 2.5 2.5h6"/><path d="m9.5 7 3 3-3 3"/></symbol>
            <symbol id="i-meta" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.5" stroke-dasharray="2.2 2.1"/><path d="M6 8h4"/></symbol>
            <symbol id="i-fail" viewBox="0 0 16 16"><path class="solid" d="M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3Z"/><path class="cut" d="M8 4.8v4m0 2.3v.1"/></symbol>
            <symbol id="i-shield" viewBox="0 0 16 16"><path d="M8 1.8 13.2 3.6v4c0 3.2-2.1 5.3-5.2 6.6-3.1-1.3-5.2-3.4-5.2-6.6v-4Z"/><path d="M5.5 8h5"/></symbol>
            <symbol id="i-layer" viewBox="0 0 16 16"><path d="m8 2 6 3-6 3-6-3Z"/><path d="m2 8 6 3 6-3M2 11l6 3 6-3"/></symbol>
            <symbol id="i-file" viewBox="0 0 16 16"><path d="M4 1.8h5L12.5 5.3v8.9H4Z"/><path d="M9 1.8v3.5h3.5"/></symbol>
            <symbol id="i-folder" viewBox="0 0 16 16"><path d="M1.8 4V12.8h12.4V5.2H8L6.5 3.2H1.8Z"/></symbol>
            <symbol id="i-link" viewBox="0 0 16 16"><path d="M6.5 9.5 9.5 6.5M7 4.5l1.3-1.3a3.2 3.2 0 0 1 4.5 4.5L11.5 9M9 11.5l-1.3 1.3a3.2 3.2 0 0 1-4.5-4.5L4.5 7"/></symbol>
            <symbol id="i-commit" viewBox="0 0 16 16"><circle cx="8" cy="8" r="2.8"/><path d="M1.5 8h3.7m5.6 0h3.7"/></symbol>
            <symbol id="i-play" viewBox="0 0 16 16"><path class="solid" d="M4.5 2.8v10.4L13 8Z"/></symbol>
            <symbol id="i-pause" viewBox="0 0 16 16"><path d="M5.5 3v10M10.5 3v10"/></symbol>
            <symbol id="i-stop" viewBox="0 0 16 16"><path class="solid" d="M4 4h8v8H4Z"/></symbol>
            <symbol id="i-share" viewBox="0 0 16 16"><path d="M8 10V2m0 0L5 5m3-3 3 3M3 9v4.5h10V9"/></symbol>
            <symbol id="i-save" viewBox="0 0 16 16"><path d="M8 2v8m0 0L5 7m3 3 3-3M3 9v4.5h10V9"/></symbol>
            <symbol id="i-embed" viewBox="0 0 16 16"><path d="M5 4.5 1.5 8 5 11.5M11 4.5 14.5 8 11 11.5M9 3 7 13"/></symbol>
            <symbol id="i-search" viewBox="0 0 16 16"><circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5"/></symbol>
            <symbol id="i-undo" viewBox="0 0 16 16"><path d="M5.5 3 2.5 6l3 3"/><path d="M2.5 6H10a3.5 3.5 0 0 1 0 7H6"/></symbol>
            <symbol id="i-redo" viewBox="0 0 16 16"><path d="m10.5 3 3 3-3 3"/><path d="M13.5 6H6a3.5 3.5 0 0 0 0 7h4"/></symbol>
            <symbol id="i-down" viewBox="0 0 16 16"><path d="m4.5 6.5 3.5 3.5 3.5-3.5"/></symbol>
            <symbol id="i-right" viewBox="0 0 16 16"><path d="m6.5 4.5 3.5 3.5-3.5 3.5"/></symbol>
            <symbol id="i-theme" viewBox="0 0 16 16"><circle cx="8" cy="8" r="5.5"/><path class="solid" d="M8 2.5v11a5.5 5.5 0 0 0 0-11Z"/></symbol>
            <symbol id="i-swap" viewBox="0 0 16 16"><path d="M5 2.5v11m0-11-2.5 2.5M5 2.5 7.5 5M11 13.5v-11m0 11 2.5-2.5M11 13.5 8.5 11"/></symbol>
            <symbol id="i-plus" viewBox="0 0 16 16"><path d="M8 3v10M3 8h10"/></symbol>
            <symbol id="i-more" viewBox="0 0 16 16"><path class="dots" d="M3.5 8h.01M8 8h.01M12.5 8h.01"/></symbol>
            <symbol id="i-close" viewBox="0 0 16 16"><path d="m4 4 8 8m0-8-8 8"/></symbol>
            <symbol id="i-copy" viewBox="0 0 16 16"><path d="M5.5 5.5h8v8h-8Z"/><path d="M10.5 5.5v-3h-8v8h3"/></symbol>
            <symbol id="i-sliders" viewBox="0 0 16 16"><path d="M2 5h7m4 0h1M2 11h1m4 0h7"/><circle cx="11" cy="5" r="1.8"/><circle cx="5" cy="11" r="1.8"/></symbol>
            <symbol id="i-rows" viewBox="0 0 16 16"><path d="M2.5 3.5h11M2.5 6.5h11M2.5 9.5h11M2.5 12.5h11"/></symbol>
            <symbol id="i-back" viewBox="0 0 16 16"><path d="M7 3.5 2.5 8 7 12.5M2.5 8h11"/></symbol>
        </defs></svg>
    }
}

/// An icon beside words that say the same.
pub(super) fn icon(name: &'static str) -> Html {
    html! { <svg class="i" aria-hidden="true"><use href={format!("#i-{name}")}/></svg> }
}

/// A small icon.
pub(super) fn small_icon(name: &'static str) -> Html {
    html! { <svg class="i sm" aria-hidden="true"><use href={format!("#i-{name}")}/></svg> }
}

/// The sign of the lab.
pub(super) fn brand_sign() -> Html {
    html! {
        <svg class="sign" viewBox="0 0 18 18" aria-hidden="true">
            <path d="M2 3h14M2 7h14"/><path class="now" d="M2 11h14"/><path class="dash" d="M2 15h14"/>
        </svg>
    }
}

/// The class of a state's colour, pattern and icon.
pub(super) fn state_class(state: State) -> &'static str {
    match state {
        State::Hit => "hit",
        State::Miss => "miss",
        State::Follows => "follows",
        State::Meta => "meta",
        State::Failed => "fail",
        State::NotRun | State::Skipped => "skip",
    }
}

fn state_icon(state: State) -> &'static str {
    match state {
        State::Hit => "hit",
        State::Miss => "miss",
        State::Follows => "follows",
        State::Failed => "fail",
        State::Meta | State::NotRun | State::Skipped => "meta",
    }
}

/// A state with its icon and word.
pub(super) fn state_word(words: Words, state: State) -> Html {
    html! {
        <span class={classes!("word", state_class(state))}>{ icon(state_icon(state)) }{ wording::state(words.0, state) }</span>
    }
}

/// A figure: firm when computed, light and dotted when modelled, faint when zero.
fn figure_html(words: Words, text: String, figure: Figure) -> Html {
    let class = match (figure.value == 0.0, figure.modelled) {
        (true, _) => "fig zero",
        (_, true) => "mod",
        _ => "fig",
    };
    html! { <span {class} title={figure::origin(words.0, figure)}>{ text }</span> }
}

/// A size.
pub(super) fn size(words: Words, figure: Figure) -> Html {
    figure_html(words, figure::bytes(figure.value), figure)
}

/// A time.
pub(super) fn time(words: Words, figure: Figure) -> Html {
    // What rounds to zero is a zero to the eye.
    let value = if figure.value < 0.005 { 0.0 } else { figure.value };
    figure_html(words, figure::seconds(words.0, value), Figure { value, ..figure })
}

/// A text in pieces.
pub(super) fn pieces(words: Words, pieces: &[Piece]) -> Html {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => html! { { text } },
            Piece::Code(text) => html! { <code>{ text }</code> },
            Piece::Cause(text) => html! { <mark>{ text }</mark> },
            Piece::Strong(text) => html! { <b>{ text }</b> },
            Piece::Figure(text, modelled) => {
                let title = if *modelled { words.t("figure.modelled") } else { words.t("figure.computed") };
                html! { <span class={if *modelled { "mod" } else { "fig" }} {title}>{ text }</span> }
            }
        })
        .collect()
}

#[derive(Properties, PartialEq)]
pub(super) struct CopyProps {
    /// What is copied.
    pub(super) text: AttrValue,
    /// What the button says.
    pub(super) label: AttrValue,
    /// Whether it is the main thing to do.
    #[prop_or_default]
    pub(super) main: bool,
}

/// What a button does that copies a text, and says so.
pub(super) fn copying(hub: &Hub, words: Words, text: &AttrValue) -> Callback<MouseEvent> {
    let (hub, text) = (hub.clone(), text.clone());
    Callback::from(move |_: MouseEvent| {
        let (hub, text) = (hub.clone(), text.clone());
        wasm_bindgen_futures::spawn_local(async move {
            match dom::copy(&text).await {
                Ok(()) => hub.say(words.t("toast.copied")),
                Err(_) => hub.warn(words.t("toast.notCopied")),
            }
        });
    })
}

/// A button that copies a text, and says so.
#[component]
pub(super) fn CopyButton(props: &CopyProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let onclick = copying(&hub, words, &props.text);
    let class = if props.main { "btn main" } else { "btn tight" };
    html! { <button type="button" {class} {onclick}>{ small_icon("copy") }{ " " }{ props.label.clone() }</button> }
}

#[derive(Properties, PartialEq)]
pub(super) struct TabsProps {
    /// What the list of tabs is about.
    pub(super) label: AttrValue,
    /// The names, in order.
    pub(super) names: Vec<AttrValue>,
    /// The tab that is shown.
    pub(super) at: usize,
    /// The id of what the tabs show.
    pub(super) panel: AttrValue,
    /// How many of them a key chooses: Alt and its number.
    #[prop_or_default]
    pub(super) keyed: usize,
    pub(super) on_pick: Callback<usize>,
}

/// A row of tabs: one stop for Tab, arrows between them.
#[component]
pub(super) fn Tabs(props: &TabsProps) -> Html {
    let list = use_node_ref();
    let count = props.names.len();
    let at = props.at;
    let onkeydown = {
        let (on_pick, list) = (props.on_pick.clone(), list.clone());
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                _ if event.alt_key() || event.ctrl_key() || event.meta_key() => return,
                "ArrowRight" => (at + 1) % count,
                "ArrowLeft" => (at + count - 1) % count,
                "Home" => 0,
                "End" => count - 1,
                _ => return,
            };
            event.prevent_default();
            on_pick.emit(next);
            focus_child(&list, next);
        })
    };
    html! {
        <div class="tabs" role="tablist" aria-label={props.label.clone()} ref={list} {onkeydown}>
            { for props.names.iter().enumerate().map(|(index, name)| {
                let pick = props.on_pick.reform(move |_: MouseEvent| index);
                let title = (index < props.keyed).then(|| dom::with_keys(name, &format!("Alt+{}", index + 1)));
                html! {
                    <button type="button" role="tab" aria-selected={(index == at).to_string()} aria-controls={props.panel.clone()}
                        tabindex={if index == at { "0" } else { "-1" }} {title} onclick={pick}>{ name.clone() }</button>
                }
            }) }
        </div>
    }
}

/// Gives the focus to a child of an element, by its place.
pub(super) fn focus_child(parent: &NodeRef, index: usize) {
    use wasm_bindgen::JsCast;
    let child = parent.cast::<web_sys::Element>().and_then(|element| element.children().item(index as u32));
    if let Some(child) = child.and_then(|child| child.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = child.focus();
    }
}

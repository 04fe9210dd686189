//! The small parts that everything is made of: icons, figures, words of a state, texts in pieces, a copy button.

use super::dom;
use super::hub::{Hub, Words, use_hub, use_words};
use dockerfile_lab_app::figure;
use dockerfile_lab_app::rich::Piece;
use dockerfile_lab_app::wording;
use lab_session::protocol::{Figure, State};
use yew::prelude::*;

/// The shapes of all icons, once on the page: as text, which is smaller than the code that would make them. A component,
/// so that the text is not compared with itself at every key.
#[component]
pub(super) fn Sprite() -> Html {
    Html::from_html_unchecked(AttrValue::Static(include_str!("sprite.svg")))
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

//! The build log, as a terminal shows it and as `--progress=plain` prints it.

use super::hub::use_words;
use super::parts::{CopyButton, Tabs};
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::tty::{self, Tone};
use lab_session::protocol::{BuildView, LogLine, State};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct LogProps {
    pub(super) build: Option<Shared<BuildView>>,
}

/// The panel.
#[component]
pub(super) fn LogPanel(props: &LogProps) -> Html {
    let words = use_words();
    let at = use_state(|| 0usize);
    let on_pick = {
        let at = at.clone();
        use_callback((), move |index: usize, ()| at.set(index))
    };
    let build = props.build.as_ref().filter(|build| !build.log.is_empty() && !build.empty);
    let lines = build.map(|build| tty::lines(build)).unwrap_or_default();
    let text = match build {
        Some(build) if *at == 1 => tty::plain_text(&build.log),
        _ => tty::text(&lines),
    };
    let names = vec![AttrValue::from(words.t("log.title")), AttrValue::from(words.t("log.plain"))];
    let which = build.map(|build| match build.number {
        Some(number) => words.with("log.ofBuild", &[("n", &format!("#{number}"))]),
        None => words.t("log.ofPreview").to_owned(),
    });
    html! {
        <section class="dock" aria-label={words.t("log.title")} data-region="" tabindex="-1">
            <div class="dock-h">
                <Tabs label={words.t("log.title")} {names} at={*at} panel="log-panel" {on_pick} />
                if let Some(which) = which { <span class="quiet">{ which }</span> }
                if build.is_some() { <CopyButton {text} label={words.t("copy.label")} /> }
            </div>
            <div class="log" id="log-panel" role="tabpanel" tabindex="0" aria-label={words.t("log.title")}>
                if build.is_none() { <p class="quiet">{ words.t("log.none") }</p> }
                if *at == 0 {
                    { for lines.iter().map(tty_line) }
                    if let Some(error) = build.and_then(|build| build.error.as_ref()) {
                        <div class="ll wrap"><strong>{ format!("ERROR: {}", error.message) }</strong></div>
                    }
                } else {
                    { for build.into_iter().flat_map(|build| build.log.iter()).map(plain_line) }
                }
            </div>
        </section>
    }
}

fn tty_line(line: &tty::TtyLine) -> Html {
    match line.tone {
        Tone::Head => html! { <div class="ll"><strong>{ line.text.clone() }</strong></div> },
        Tone::Part => {
            html! { <div class="ll tt part"><i>{ "=>" }</i><span>{ line.text.clone() }</span><em>{ line.time.clone() }</em></div> }
        }
        tone => {
            let (mark, rest) = match tone {
                Tone::Cached => ("CACHED ", line.text.strip_prefix("CACHED ")),
                Tone::Failed => ("ERROR ", line.text.strip_prefix("ERROR ")),
                _ => ("", None),
            };
            let class = match tone {
                Tone::Cached => "hit",
                _ => "fail",
            };
            html! {
                <div class="ll tt"><i>{ "=>" }</i>
                    <span>if !mark.is_empty() { <b class={class}>{ mark }</b> }{ rest.unwrap_or(&line.text).to_owned() }</span>
                    <em>{ line.time.clone() }</em>
                </div>
            }
        }
    }
}

fn plain_line(line: &LogLine) -> Html {
    let class = match tty::line_state(line) {
        Some(State::Hit) => "hit",
        Some(State::Failed) => "fail",
        _ if line.kind == "name" => "name",
        _ => "",
    };
    html! {
        <div class="ll">
            if line.vertex > 0 { <i>{ format!("#{} ", line.vertex) }</i> }<span {class}>{ line.text.clone() }</span>
        </div>
    }
}

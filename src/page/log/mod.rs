//! The build log, as a terminal shows it and as `--progress=plain` prints it.

use super::dom;
use super::hub::{Words, use_words};
use super::parts::{CopyButton, Tabs};
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::tty::{self, Tone};
use lab_session::protocol::{BuildView, LogLine, State};
use lab_session::text::log;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct LogProps {
    pub(super) build: Option<Shared<BuildView>>,
}

/// The panel.
#[component]
pub(super) fn LogPanel(props: &LogProps) -> Html {
    let words = use_words();
    let at = use_state(|| usize::from(dom::setting("log").as_deref() == Some("plain")));
    let on_pick = {
        let at = at.clone();
        use_callback((), move |index: usize, ()| {
            dom::remember("log", if index == 1 { "plain" } else { "" });
            at.set(index);
        })
    };
    let build = props.build.as_ref().filter(|build| !build.log.is_empty() && !build.empty);
    let names = vec![AttrValue::from(words.t("log.title")), AttrValue::from(words.t("log.plain"))];
    let (about, lines) = match build {
        Some(build) => told(words, build, *at == 1),
        None => (Html::default(), html! { <p class="quiet">{ words.t("log.none") }</p> }),
    };
    html! {
        <section class="dock" aria-label={words.t("log.title")} data-region="" tabindex="-1">
            <div class="dock-h">
                <Tabs label={words.t("log.title")} {names} at={*at} panel="log-panel" {on_pick} />
                { about }
            </div>
            <div class="log" id="log-panel" role="tabpanel" tabindex="0" aria-label={words.t("log.title")}>{ lines }</div>
        </section>
    }
}

/// What stands beside the tabs, and the lines of a log.
#[inline(never)]
fn told(words: Words, build: &BuildView, plain: bool) -> (Html, Html) {
    let lines = tty::lines(build);
    let text = if plain { log::plain(&build.log) } else { tty::text(&lines) };
    let modelled = build.totals.seconds.modelled;
    let which = match build.number {
        Some(number) => words.with("log.ofBuild", &[("n", &format!("#{number}"))]),
        None => words.t("log.ofPreview").to_owned(),
    };
    let about = html! {
        <>
            <span class="quiet">{ which }</span>
            if modelled { <span class="quiet modelled" title={words.t("log.modelledHint")}><i class="mod">{ words.t("log.modelled") }</i></span> }
            <CopyButton {text} label={words.t("copy.label")} />
        </>
    };
    let shown = if plain {
        plain_lines(&build.log)
    } else {
        lines.iter().map(|line| tty_line(line, modelled)).collect()
    };
    (about, shown.into_iter().collect())
}

fn tty_line(line: &tty::TtyLine, modelled: bool) -> Html {
    let text = line.text.clone();
    match line.tone {
        Tone::Head => head(&text, modelled),
        Tone::Error => html! { <div class="ll after"><strong>{ text }</strong></div> },
        Tone::Warning if line.time.is_empty() => html! { <div class="ll after warn">{ text }</div> },
        Tone::Plain => html! { <div class="ll after">{ text }</div> },
        tone => {
            let (mark, class) = match tone {
                Tone::Cached => ("CACHED ", "hit"),
                Tone::Failed => ("ERROR ", "fail"),
                Tone::Warning => ("WARN: ", "follows"),
                _ => ("", ""),
            };
            let rest = line.text.strip_prefix(mark).unwrap_or(&line.text).to_owned();
            // A time that rounds to nothing needs no mark of its origin.
            let time_class = (modelled && line.time != "0.0s").then_some("mod");
            html! {
                <div class={classes!("ll", "tt", (tone == Tone::Part).then_some("part"))}><i>{ "=>" }</i>
                    <span>if !mark.is_empty() { <b {class}>{ mark }</b> }{ rest }</span>
                    <em class={time_class}>{ line.time.clone() }</em>
                </div>
            }
        }
    }
}

/// `[+] Building 6.9s (10/10) FINISHED`, with the mark of a modelled time.
fn head(text: &str, modelled: bool) -> Html {
    let parts = text.split_once("Building ").and_then(|(before, rest)| {
        let (time, after) = rest.split_once(' ')?;
        Some((before, time, after))
    });
    match parts.filter(|_| modelled) {
        Some((before, time, after)) => html! {
            <div class="ll"><strong>{ format!("{before}Building ") }<span class="mod">{ time.to_owned() }</span>{ format!(" {after}") }</strong></div>
        },
        None => html! { <div class="ll"><strong>{ text.to_owned() }</strong></div> },
    }
}

/// The plain log; steps stand apart.
fn plain_lines(log: &[LogLine]) -> Vec<Html> {
    let begins = |at: usize| at > 0 && log[at].kind == "name" && log[at].vertex != log[at - 1].vertex;
    log.iter().enumerate().map(|(at, line)| plain_line(line, begins(at))).collect()
}

fn plain_line(line: &LogLine, begins: bool) -> Html {
    let class = match tty::line_state(line) {
        Some(State::Hit) => "hit",
        Some(State::Failed) => "fail",
        _ if line.kind == "warning" => "follows",
        _ if line.kind == "name" => "name",
        _ => "",
    };
    let numbered = line.vertex > 0 || line.kind == "name";
    html! {
        <div class={classes!("ll", begins.then_some("begins"))}>
            if numbered { <i>{ format!("#{} ", line.vertex) }</i> }<span {class}>{ line.text.clone() }</span>
        </div>
    }
}

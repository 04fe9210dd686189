//! The build log, as a terminal shows it and as `--progress=plain` prints it.

use super::dom;
use super::hub::{Words, use_words};
use super::parts::{CopyButton, Tabs};
use super::shell::in_shell;
use dockerfile_lab_app::model::{Model, Running, Shell};
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::tty::{self, Tone};
use lab_session::protocol::{BuildView, LogLine, State};
use lab_session::text::log;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct LogProps {
    pub(super) build: Option<Shared<BuildView>>,
    /// A step that has run for a while.
    pub(super) running: Option<Shared<Running>>,
    /// The shell that is open.
    pub(super) shell: Option<Shared<Shell>>,
}

impl LogProps {
    /// What the panel shows of the page's state.
    pub(super) fn of(model: &Model) -> Self {
        Self {
            build: model.logged().cloned(),
            running: model.running.clone().filter(|_| model.busy),
            shell: model.shell.clone(),
        }
    }
}

/// The place of the shell among the tabs.
const SHELL: usize = 2;
/// So many lines of output stand apart; more are drawn in blocks, which a browser draws when they come into sight.
const MOST_LINES: usize = 400;
/// Lines of a block.
const BLOCK: usize = 100;

/// The panel.
#[component]
pub(super) fn LogPanel(props: &LogProps) -> Html {
    let words = use_words();
    let at = use_state(|| usize::from(dom::setting("log").as_deref() == Some("plain")));
    let on_pick = {
        let at = at.clone();
        use_callback((), move |index: usize, ()| {
            if index < SHELL {
                dom::remember("log", if index == 1 { "plain" } else { "" });
            }
            at.set(index);
        })
    };
    {
        // A shell that opens comes to the front, and one that goes leaves the log.
        let at = at.clone();
        use_effect_with(props.shell.as_ref().map(|shell| shell.number), move |number| match number {
            Some(_) => at.set(SHELL),
            None if *at == SHELL => at.set(0),
            None => {}
        });
    }
    let shell = props.shell.as_ref().filter(|_| *at == SHELL);
    let at = (*at).min(if props.shell.is_some() { SHELL } else { SHELL - 1 });
    let build = props.build.as_ref().filter(|build| !build.log.is_empty() && !build.empty);
    let mut names = vec![AttrValue::from(words.t("log.title")), AttrValue::from(words.t("log.plain"))];
    if props.shell.is_some() {
        names.push(AttrValue::from(words.t("shell.title")));
    }
    let (about, panel) = match (shell, &props.running, build) {
        (Some(shell), ..) => in_shell(shell),
        (None, Some(running), _) => (Html::default(), panel(words, running_step(words, running))),
        (None, None, Some(build)) => {
            let (about, lines) = told(words, build, at == 1);
            (about, panel(words, lines))
        }
        (None, None, None) => {
            (Html::default(), panel(words, html! { <p class="quiet">{ words.t("log.none") }</p> }))
        }
    };
    html! {
        <section class="dock" aria-label={words.t("log.title")} data-region="" tabindex="-1">
            <div class="dock-h">
                <Tabs label={words.t("log.title")} {names} {at} panel="log-panel" {on_pick} />
                { about }
            </div>
            { panel }
        </section>
    }
}

/// What the tabs of the log show.
fn panel(words: Words, lines: Html) -> Html {
    html! { <div class="log" id="log-panel" role="tabpanel" tabindex="0" aria-label={words.t("log.title")}>{ lines }</div> }
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

/// What a step prints that still runs: its end, which is where it goes on.
#[inline(never)]
fn running_step(words: Words, running: &Running) -> Html {
    let text: String = running.pieces.iter().map(|piece| piece.text.as_str()).collect();
    let tail = shown_end(&text);
    html! {
        <>
            <div class="ll"><strong>{ running.name.clone() }</strong><span class="quiet">{ format!(" {}", words.t("log.running")) }</span></div>
            if tail.len() < text.len() { <div class="ll quiet">{ words.t("log.earlier") }</div> }
            <div class="ll">{ tail.to_owned() }</div>
        </>
    }
}

/// The last lines of a text.
fn shown_end(text: &str) -> &str {
    let at = text.trim_end_matches('\n').rmatch_indices('\n').nth(MOST_LINES).map_or(0, |(at, _)| at + 1);
    &text[at..]
}

/// The plain log; steps stand apart.
fn plain_lines(log: &[LogLine]) -> Vec<Html> {
    let begins = |at: usize| at > 0 && log[at].kind == "name" && log[at].vertex != log[at - 1].vertex;
    let is_long = log.iter().filter(|line| line.kind == "output").count() > MOST_LINES;
    let mut lines = Vec::new();
    let mut at = 0;
    while at < log.len() {
        let rest = &log[at..];
        let same = rest.iter().take(BLOCK).take_while(|line| is_long && line.kind == "output").count();
        if same > 1 {
            let text: String =
                rest[..same].iter().map(|line| format!("#{} {}\n", line.vertex, line.text)).collect();
            lines.push(html! { <div class="ll block" ~style={format!("--lines:{same}")}>{ text }</div> });
        } else {
            lines.push(plain_line(&log[at], begins(at)));
        }
        at += same.max(1);
    }
    lines
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

//! Why a build failed, in BuildKit's words, and the names that may have been meant.

use crate::page::hub::{Hub, Words};
use crate::page::parts::icon;
use dockerfile_lab_app::shared::Shared;
use lab_session::protocol::{BuildErrorView, BuildView};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct FailedProps {
    pub(super) build: Shared<BuildView>,
}

/// The panel.
pub(super) fn failed_panel(hub: &Hub, words: Words, props: &FailedProps) -> Html {
    let Some(error) = &props.build.error else { return Html::default() };
    html! {
        <>
            <section>
                <h2 class="h">{ words.t("failed.where") }<span>{ words.t("failed.asPrinted") }</span></h2>
                <pre class="xc" tabindex="0">
                    { for error.output.iter().map(|line| html! { <>{ line }{ "\n" }</> }) }
                    { for error.source.lines().map(|line| {
                        if line.contains(">>>") { html! { <><b>{ line.to_owned() }</b>{ "\n" }</> } } else { html! { <>{ line.to_owned() }{ "\n" }</> } }
                    }) }
                    <b>{ "ERROR" }</b>{ format!(": {}", error.message) }
                </pre>
            </section>
            if !error.nearest.is_empty() {
                <section class="fixes">
                    { for error.nearest.iter().enumerate().map(|(index, name)| {
                        let class = if index == 0 { "fix best" } else { "fix" };
                        match replacement(hub, error, name) {
                            Some(onclick) => html! { <button type="button" {class} {onclick}>{ icon("swap") }{ words.with("failed.use", &[("name", name)]) }</button> },
                            None => html! { <p class="against">{ words.with("failed.meant", &[("name", name)]) }</p> },
                        }
                    }) }
                </section>
            }
        </>
    }
}

/// Puts a name in the place of the one that was not found, if that can be told from BuildKit's message and the line.
fn replacement(hub: &Hub, error: &BuildErrorView, name: &str) -> Option<Callback<MouseEvent>> {
    let line_at = error.line? as usize;
    let model = hub.model();
    let text = model.0.workspace.dockerfile_text.clone()?;
    let line = text.split('\n').nth(line_at)?;
    // The wrong name is the word of the line that the message quotes and that is likest to the right one.
    let wrong = line
        .split_whitespace()
        .skip(1)
        .map(|word| word.trim_matches(['"', '[', ']', ',']).rsplit('=').next().unwrap_or(word))
        .filter(|word| {
            !word.is_empty() && error.message.contains(word.trim_start_matches("./").trim_start_matches('/'))
        })
        .max_by_key(|word| word.len())?
        .to_owned();
    // A path that was written without a slash stays without one.
    let name = if wrong.starts_with('/') { name } else { name.trim_start_matches('/') };
    let fixed_line = line.replacen(&wrong, name, 1);
    let fixed: Vec<&str> = text
        .split('\n')
        .enumerate()
        .map(|(at, old)| if at == line_at { fixed_line.as_str() } else { old })
        .collect();
    let fixed = fixed.join("\n");
    let hub = hub.clone();
    Some(Callback::from(move |_| hub.write_dockerfile(fixed.clone())))
}

//! The options of the builds, and how the page looks.

use super::dialog::Modal;
use crate::page::dom;
use crate::page::hub::{use_hub, use_words};
use dockerfile_lab_app::model::Action;
use dockerfile_lab_app::shared::Shared;
use lab_session::protocol::{Request, Settings, WorkspaceView};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct SettingsProps {
    pub(super) workspace: Shared<WorkspaceView>,
    pub(super) dense: bool,
}

/// The lines of a text that say something.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// The dialog.
#[component]
pub(super) fn SettingsDialog(props: &SettingsProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let (file, target, arguments, labels) = (use_node_ref(), use_node_ref(), use_node_ref(), use_node_ref());
    let settings = &props.workspace.settings;
    let apply = {
        let (hub, old) = (hub.clone(), settings.clone());
        let (file, target, arguments, labels) =
            (file.clone(), target.clone(), arguments.clone(), labels.clone());
        Callback::from(move |_: MouseEvent| {
            let input = |node: &NodeRef| {
                node.cast::<web_sys::HtmlInputElement>().map(|input| input.value()).unwrap_or_default()
            };
            let area = |node: &NodeRef| {
                node.cast::<web_sys::HtmlTextAreaElement>().map(|area| area.value()).unwrap_or_default()
            };
            let settings = Settings {
                dockerfile: input(&file).trim().to_owned(),
                target: input(&target).trim().to_owned(),
                build_args: lines(&area(&arguments)),
                labels: lines(&area(&labels)),
                ..old.clone()
            };
            if settings != old {
                hub.send(Request::SetSettings { settings });
            }
            hub.act(Action::Dialog(None));
        })
    };
    let no_cache = {
        let hub = hub.clone();
        Callback::from(move |_: MouseEvent| {
            hub.act(Action::Dialog(None));
            hub.build(true);
        })
    };
    let density = {
        let (hub, dense) = (hub.clone(), props.dense);
        Callback::from(move |_: Event| {
            dom::remember("density", if dense { "" } else { "dense" });
            hub.act(Action::Dense(!dense));
        })
    };
    html! {
        <Modal title={words.t("settings.title")}>
            <div class="fields">
                <label class="field"><span>{ words.t("settings.file") }{ " " }<code>{ "-f" }</code></span><input type="text" ref={file} value={settings.dockerfile.clone()} placeholder="Dockerfile" spellcheck="false" /></label>
                <label class="field"><span>{ words.t("settings.target") }{ " " }<code>{ "--target" }</code></span><input type="text" ref={target} value={settings.target.clone()} placeholder={words.t("settings.lastStage")} spellcheck="false" /></label>
            </div>
            <label class="field"><span>{ words.t("settings.arguments") }{ " " }<code>{ "--build-arg" }</code></span><textarea rows="3" ref={arguments} value={settings.build_args.join("\n")} placeholder="VERSION=2" spellcheck="false" /></label>
            <label class="field"><span>{ words.t("settings.labels") }{ " " }<code>{ "--label" }</code></span><textarea rows="2" ref={labels} value={settings.labels.join("\n")} placeholder="org.example.name=value" spellcheck="false" /></label>
            <label class="check"><input type="checkbox" checked={props.dense} onchange={density} />{ words.t("settings.dense") }</label>
            <footer><button type="button" class="btn line" onclick={no_cache}>{ words.t("settings.noCache") }</button><button type="button" class="btn main" onclick={apply}>{ words.t("dialog.apply") }</button></footer>
        </Modal>
    }
}

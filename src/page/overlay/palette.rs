//! The commands: everything that can be done, found by typing.

use super::dialog::Modal;
use crate::lab::assets::ExampleEntry;
use crate::page::boot;
use crate::page::bring::{self, Kind};
use crate::page::dom;
use crate::page::hub::{Hub, Words, use_hub, use_words};
use crate::page::keys;
use crate::page::parts::icon;
use crate::page::top::{
    next_theme, set_language, set_theme, switch_builder, switch_label, toggle_density, use_examples,
};
use dockerfile_lab_app::locale::Lang;
use dockerfile_lab_app::matching;
use dockerfile_lab_app::model::{Action, Dialog, Model, Tab};
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::wording;
use lab_session::protocol::{FileKind, Request, State};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct PaletteProps {
    pub(super) model: Shared<Model>,
}

/// A command.
struct Command {
    group: &'static str,
    sign: &'static str,
    label: String,
    hint: String,
    run: Callback<Hub>,
}

/// More than this are not looked through by eye.
const MOST: usize = 60;

/// The dialog.
#[component]
pub(super) fn Palette(props: &PaletteProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let examples = use_examples();
    let query = use_state(String::new);
    let at = use_state(|| 0usize);
    let list = use_node_ref();
    let known: &[ExampleEntry] = match examples.as_deref() {
        Some(Ok(list)) => list,
        _ => &[],
    };
    let found: Vec<(Command, Vec<(usize, usize)>)> = commands(&props.model, words, known)
        .into_iter()
        .filter_map(|command| matching::find(&command.label, &query).map(|marks| (command, marks)))
        .take(MOST)
        .collect();
    let current = (*at).min(found.len().saturating_sub(1));
    {
        let list = list.clone();
        use_effect_with((current, query.len()), move |_| {
            let item = list
                .cast::<web_sys::Element>()
                .and_then(|list| list.query_selector("[aria-selected=true]").ok().flatten());
            if let Some(item) = item {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                item.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }
    let runs: Vec<Callback<Hub>> = found.iter().map(|(command, _)| command.run.clone()).collect();
    let run = {
        let (hub, runs) = (hub.clone(), runs.clone());
        Callback::from(move |index: usize| {
            hub.act(Action::Dialog(None));
            if let Some(run) = runs.get(index) {
                run.emit(hub.clone());
            }
        })
    };
    let oninput = {
        let (query, at) = (query.clone(), at.clone());
        Callback::from(move |event: InputEvent| {
            query.set(event.target_unchecked_into::<web_sys::HtmlInputElement>().value());
            at.set(0);
        })
    };
    let count = found.len();
    let onkeydown = {
        let (at, run) = (at.clone(), run.clone());
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" if count > 0 => at.set((current + 1) % count),
                "ArrowUp" if count > 0 => at.set((current + count - 1) % count),
                "Enter" if !event.is_composing() => run.emit(current),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let mut group = "";
    html! {
        <Modal title={words.t("palette.title")} class="pal" bare=true>
            <label>{ icon("search") }
                <input type="text" role="combobox" aria-expanded={(count > 0).to_string()} aria-controls="commands" aria-autocomplete="list" autofocus=true
                    aria-activedescendant={(count > 0).then(|| format!("command-{current}"))} aria-label={words.t("palette.title")} placeholder={words.t("palette.hint")}
                    autocomplete="off" spellcheck="false" value={(*query).clone()} {oninput} {onkeydown} /><kbd>{ "esc" }</kbd>
            </label>
            <ul id="commands" role={(count > 0).then_some("listbox")} aria-label={(count > 0).then(|| words.t("palette.title"))} ref={list}>
                { for found.iter().enumerate().map(|(index, (command, marks))| {
                    let head = (command.group != group).then_some(command.group);
                    group = command.group;
                    let onclick = run.reform(move |_: MouseEvent| index);
                    html! {
                        <>
                            if let Some(head) = head { <li class="h3" role="presentation">{ head }</li> }
                            <li role="option" id={format!("command-{index}")} aria-selected={(index == current).to_string()} {onclick}>
                                { icon(command.sign) }<div>{ marked(&command.label, marks) }</div><span>{ command.hint.clone() }</span>
                            </li>
                        </>
                    }
                }) }
                if found.is_empty() { <li class="h3"><span role="status">{ words.t("palette.none") }</span></li> }
            </ul>
        </Modal>
    }
}

fn marked(label: &str, marks: &[(usize, usize)]) -> Html {
    let mut parts = Vec::new();
    let mut done = 0;
    for (from, to) in marks
        .iter()
        .copied()
        .filter(|(from, to)| label.is_char_boundary(*from) && label.is_char_boundary(*to))
    {
        if from >= done {
            parts.push(html! { { label[done..from].to_owned() } });
            parts.push(html! { <b>{ label[from..to].to_owned() }</b> });
            done = to;
        }
    }
    parts.push(html! { { label[done..].to_owned() } });
    parts.into_iter().collect()
}

fn commands(model: &Model, words: Words, examples: &[ExampleEntry]) -> Vec<Command> {
    let mut commands = change_commands(model, words);
    commands.extend(go_commands(model, words));
    commands.extend(take_commands(model, words));
    let group = words.t("palette.examples");
    for entry in examples {
        let id = entry.id.clone();
        let text = |text: &crate::lab::assets::Localized| match words.0 {
            Lang::En => text.en.clone(),
            Lang::Ko => text.ko.clone(),
        };
        commands.push(Command {
            group,
            sign: "layer",
            label: text(&entry.title),
            hint: String::new(),
            run: Callback::from(move |hub: Hub| {
                let id = id.clone();
                wasm_bindgen_futures::spawn_local(async move { boot::open_example(&hub, &id).await });
            }),
        });
    }
    commands
}

fn change_commands(model: &Model, words: Words) -> Vec<Command> {
    let group = words.t("palette.change");
    let (command, option) = if dom::is_mac() { ("⌘", "⌥") } else { ("Ctrl+", "Alt+") };
    let mut commands = vec![Command {
        group,
        sign: "commit",
        label: words.t("keys.build").to_owned(),
        hint: format!("{command}↵"),
        run: Callback::from(|hub: Hub| hub.build(false)),
    }];
    if let Some(step) = model.selected().filter(|_| model.in_dockerfile() && model.past.is_none()) {
        let code = wording::short_code(&step.text);
        for (key, direction, arrow) in [("palette.up", -1, "↑"), ("palette.down", 1, "↓")] {
            let line = step.line + 1;
            commands.push(Command {
                group,
                sign: "swap",
                label: words.with(key, &[("step", &code)]),
                hint: format!("{option}{arrow}"),
                run: Callback::from(move |hub: Hub| {
                    if let Some(editor) = hub.editor() {
                        editor.select_line(line);
                        editor.move_instruction(direction);
                    }
                }),
            });
        }
    }
    let simple = [
        ("undo", words.t("top.undo"), Hub::undo as fn(&Hub), model.can_undo()),
        ("redo", words.t("top.redo"), Hub::redo, model.can_redo()),
        (
            "layer",
            words.t("disk.prune"),
            |hub| {
                hub.send(Request::Prune);
            },
            !model.timeline.builds.is_empty(),
        ),
    ];
    for (sign, label, act, _) in simple.into_iter().filter(|(_, _, _, possible)| *possible) {
        let run = Callback::from(move |hub: Hub| act(&hub));
        commands.push(Command { group, sign, label: label.to_owned(), hint: String::new(), run });
    }
    commands.push(Command {
        group,
        sign: "commit",
        label: words.t("keys.buildNoCache").to_owned(),
        hint: String::new(),
        run: Callback::from(|hub: Hub| hub.build(true)),
    });
    commands.push(dialog(group, "sliders", words.t("options.title"), Dialog::Options));
    commands
}

fn go_commands(model: &Model, words: Words) -> Vec<Command> {
    let group = words.t("palette.go");
    let mut commands = Vec::new();
    let steps = model.build().map(|build| build.steps.as_slice()).unwrap_or_default();
    for step in steps.iter().filter(|step| matches!(step.state, State::Miss | State::Follows | State::Failed))
    {
        let id = step.id;
        commands.push(Command {
            group,
            sign: "search",
            label: words.with("palette.why", &[("step", &wording::short_code(&step.text))]),
            hint: words.with("row.line", &[("line", &(step.line + 1).to_string())]),
            run: Callback::from(move |hub: Hub| {
                hub.act(Action::Select(id));
                hub.act(Action::Tab(Tab::Why));
            }),
        });
    }
    if let Some(step) = model.selected().filter(|step| crate::page::shell::opens_on(step)) {
        let id = step.id;
        commands.push(Command {
            group,
            sign: "shell",
            label: words.with("shell.openOn", &[("step", &wording::short_code(&step.text))]),
            hint: "Ctrl+`".to_owned(),
            run: Callback::from(move |hub: Hub| crate::page::shell::open(&hub, id)),
        });
    }
    commands.push(Command {
        group,
        sign: "miss",
        label: words.t("keys.miss").to_owned(),
        hint: "F8".to_owned(),
        run: Callback::from(|hub: Hub| keys::next_miss(&hub, &hub.model().0, false)),
    });
    let tabs = [
        (Tab::Files, words.t("tab.files")),
        (Tab::History, words.t("tab.history")),
        (Tab::Images, words.t("tab.images")),
        (Tab::Disk, words.t("tab.disk")),
    ];
    for (tab, name) in tabs {
        let run = Callback::from(move |hub: Hub| hub.act(Action::Tab(tab)));
        commands.push(Command { group, sign: "layer", label: name.to_owned(), hint: String::new(), run });
    }
    for build in model.timeline.builds.iter().rev().take(10) {
        let number = build.number;
        commands.push(Command {
            group,
            sign: "commit",
            label: words.with("past.return", &[("build", &format!("#{number}"))]),
            hint: format!("{}/{}", build.hits, build.steps),
            run: Callback::from(move |hub: Hub| {
                hub.act(Action::Inspect(None));
                hub.send(Request::Checkout { build: number });
            }),
        });
    }
    let files = model.entries.iter().filter(|entry| entry.kind == FileKind::File && !entry.ignored).take(200);
    for entry in files {
        let path = entry.path.clone();
        commands.push(Command {
            group,
            sign: "file",
            label: words.with("palette.open", &[("path", &path)]),
            hint: String::new(),
            run: Callback::from(move |hub: Hub| keys::open_in_editor(&hub, &path)),
        });
    }
    commands
}

fn take_commands(model: &Model, words: Words) -> Vec<Command> {
    let group = words.t("palette.take");
    let bring = |kind: Kind| Callback::from(move |hub: Hub| bring::choose(&hub, kind));
    let simple = |sign: &'static str, label: &'static str, run: Callback<Hub>| Command {
        group,
        sign,
        label: label.to_owned(),
        hint: String::new(),
        run,
    };
    vec![
        dialog(group, "save", words.t("palette.export"), Dialog::Export(model.looking_at())),
        simple("layer", words.t("palette.load"), bring(Kind::Image)),
        simple("commit", words.t("palette.record"), bring(Kind::Record)),
        dialog(group, "share", words.t("share.title"), Dialog::Share),
        dialog(group, "embed", words.t("embed.title"), Dialog::Embed),
        dialog(group, "search", words.t("keys.title"), Dialog::Keys),
        dialog(group, "undo", words.t("top.reset"), Dialog::Reset),
        dialog(group, "folder", words.t("projects.title"), Dialog::Projects),
        Command {
            group,
            sign: "layer",
            label: words.t(switch_label(model.workspace.settings.builder)).to_owned(),
            hint: String::new(),
            run: Callback::from(|hub: Hub| switch_builder(&hub)),
        },
        Command {
            group,
            sign: "theme",
            label: words.t("palette.theme").to_owned(),
            hint: String::new(),
            run: Callback::from(|hub: Hub| set_theme(&hub, next_theme(&hub.model().0.theme))),
        },
        Command {
            group,
            sign: "rows",
            label: words.t(if model.dense { "view.roomy" } else { "view.dense" }).to_owned(),
            hint: String::new(),
            run: Callback::from(|hub: Hub| toggle_density(&hub)),
        },
        Command {
            group,
            sign: "swap",
            label: words.t("palette.language").to_owned(),
            hint: String::new(),
            run: Callback::from(|hub: Hub| {
                let next = if hub.model().0.lang == Lang::En { Lang::Ko } else { Lang::En };
                set_language(&hub, next);
            }),
        },
    ]
}

fn dialog(group: &'static str, sign: &'static str, label: &str, dialog: Dialog) -> Command {
    // Opened after this one has closed, as only one is open at a time.
    let run = Callback::from(move |hub: Hub| {
        let dialog = dialog.clone();
        gloo::timers::callback::Timeout::new(0, move || hub.open(dialog)).forget();
    });
    Command { group, sign, label: label.to_owned(), hint: String::new(), run }
}

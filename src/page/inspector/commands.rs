//! What the commands of a `RUN` were: executed, modelled, or not simulated.

use crate::page::hub::Words;
use crate::page::parts::time;
use dockerfile_lab_app::shared::Shared;
use lab_session::protocol::{BuildView, CommandKind, StepView};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct CommandsProps {
    pub(super) build: Shared<BuildView>,
    pub(super) step: u32,
}

/// The table.
#[inline(never)]
pub(super) fn commands(words: Words, props: &CommandsProps) -> Html {
    let Some(step) = props.build.steps.iter().find(|step| step.id == props.step) else {
        return Html::default();
    };
    let unknown = step.commands.iter().any(|command| command.kind == CommandKind::Unknown);
    html! {
        <section>
            <h2 class="h">{ words.t("commands.title") }<span>{ counts(words, step) }</span></h2>
            <table class="cmds">
                <thead><tr>
                    <th scope="col">{ words.t("commands.name") }</th><th scope="col">{ words.t("commands.kind") }</th>
                    <th scope="col" class="num">{ words.t("axis.time") }</th>
                </tr></thead>
                <tbody>{ for step.commands.iter().map(|command| {
                    let (class, kind, hint) = match command.kind {
                        CommandKind::Executed => ("", words.t("commands.executed"), words.t("commands.executedHint")),
                        CommandKind::Modelled => ("", words.t("commands.modelled"), words.t("commands.modelledHint")),
                        CommandKind::Unknown => ("unknown", words.t("commands.unknown"), words.t("commands.unknownHint")),
                    };
                    html! {
                        <tr {class}>
                            <th scope="row"><code>{ command.name.clone() }</code>if command.count > 1 { <span class="quiet">{ format!(" ×{}", command.count) }</span> }</th>
                            <td title={hint}>{ kind }</td>
                            <td class="num">{ time(words, command.seconds) }</td>
                        </tr>
                    }
                }) }</tbody>
            </table>
            if unknown { <p class="against">{ words.t("commands.unknownNote") }</p> }
        </section>
    }
}

/// How many commands ran in each of the ways: `12 executed · 2 modelled`.
fn counts(words: Words, step: &StepView) -> String {
    let ways = [
        (CommandKind::Executed, "commands.executed"),
        (CommandKind::Modelled, "commands.modelled"),
        (CommandKind::Unknown, "commands.unknown"),
    ];
    let told = ways.into_iter().filter_map(|(kind, word)| {
        let count: u32 = step.commands.iter().filter(|command| command.kind == kind).map(|c| c.count).sum();
        (count > 0).then(|| format!("{count} {}", words.t(word)))
    });
    told.collect::<Vec<_>>().join(" · ")
}

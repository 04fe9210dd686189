//! The parts of the cache key, in the nearest record and now.

use crate::page::hub::Words;
use crate::page::value::Value;
use dockerfile_lab_app::figure;
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::wording;
use lab_session::protocol::{KeyPart, Why};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct KeyTableProps {
    pub(super) why: Shared<Why>,
    /// The build that is looked at; none for the present.
    pub(super) build: Option<u32>,
}

/// The table.
pub(super) fn key_table(words: Words, props: &KeyTableProps) -> Html {
    let why = &props.why;
    let known = why.parts.iter().any(|part| part.before.is_some());
    let named = |build: Option<u32>, otherwise: &'static str| {
        build.map_or_else(|| words.t(otherwise).to_owned(), |number| format!("#{number}"))
    };
    let of = named(why.against.or(why.hit_build), "key.before");
    let this = named(props.build, "key.now");
    html! {
        <section>
            <h2 class="h">{ words.t("key.title") }</h2>
            <table class="keys-t">
                <thead><tr>
                    <th scope="col">{ words.t("key.part") }</th>
                    if known { <th scope="col">{ of }</th> }
                    <th scope="col">{ this }</th>
                </tr></thead>
                <tbody>{ for why.parts.iter().map(|part| row(words, part, known)) }</tbody>
            </table>
        </section>
    }
}

fn row(words: Words, part: &KeyPart, known: bool) -> Html {
    let name = match (part.name.as_str(), part.count) {
        ("files", 1) => words.t("part.fileOne").to_owned(),
        ("files", count) if count > 0 => words.with("part.filesCount", &[("n", &count.to_string())]),
        (name, _) => wording::part(words.0, name).to_owned(),
    };
    let changed = known && !part.same;
    let now = if known && part.same {
        html! { <span class="quiet">{ words.t("key.same") }</span> }
    } else {
        value(part, &part.now)
    };
    html! {
        <tr class={changed.then_some("chg")}>
            <th scope="row">{ name }</th>
            if known { <td>{ part.before.as_ref().map_or_else(|| html! { <span class="quiet">{ "–" }</span> }, |before| value(part, before)) }</td> }
            <td>{ now }</td>
        </tr>
    }
}

fn value(part: &KeyPart, text: &str) -> Html {
    let short = part.digest.then(|| AttrValue::from(figure::short(text).to_owned()));
    html! { <Value full={text.to_owned()} {short} /> }
}

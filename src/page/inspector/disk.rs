//! `docker system df`: what images say they weigh, and what the disk holds.

use super::images::StoreProps;
use crate::page::hub::{Hub, Words};
use crate::page::parts::{CopyButton, pieces, size};
use dockerfile_lab_app::figure;
use dockerfile_lab_app::model::TakeBack;
use dockerfile_lab_app::rich::{Piece, rich};
use dockerfile_lab_app::wording;
use lab_session::protocol::{DiskRow, DiskView, Figure, Request};
use lab_session::text::decimal::fixed;
use yew::prelude::*;

/// The tab.
#[inline(never)]
pub(super) fn disk_tab(hub: &Hub, words: Words, props: &StoreProps) -> Html {
    let Some(store) = &props.store else {
        return html! { <p class="none" role="status">{ words.t("files.loading") }</p> };
    };
    let (images, disk) = &**store;
    if images.is_empty() {
        return html! { <p class="none">{ words.t("images.none") }</p> };
    }
    let title = rich(
        words.0,
        if images.len() == 1 { "disk.titleOne" } else { "disk.title" },
        &[
            ("n", vec![Piece::number(images.len() as u32)]),
            ("logical", vec![figure::size_piece(disk.logical)]),
            ("real", vec![figure::size_piece(disk.real)]),
        ],
    );
    html! {
        <div class="why">
            <div><p class="say">{ pieces(words, &title) }</p><p class="against">{ words.t("disk.text") }</p></div>
            { bars(words, disk) }
            <dl class="facts">
                <div><dt>{ words.t("disk.reclaimable") }</dt><dd>{ size(words, disk.reclaimable) }</dd></div>
                <div><dt>{ words.t("disk.cache") }</dt><dd>{ size(words, disk.build_cache) }</dd></div>
                <div><dt>{ words.t("disk.records") }</dt><dd class="fig">{ disk.cache_records }</dd></div>
            </dl>
            <div class="bar-t">
                <code>{ "docker system df" }</code><span class="grow"></span>
                <CopyButton text={disk.text.clone()} label={words.t("copy.label")} />
            </div>
            <section>
                <h2 class="h">{ words.t("disk.layers") }<span>{ words.t("disk.layersHint") }</span></h2>
                <table class="lys"><tbody>{ for disk.layers.iter().map(|layer| row(words, layer)) }</tbody></table>
            </section>
            <div class="bar-t prune">
                <code>{ "docker builder prune --all" }</code><span class="grow"></span>
                <button type="button" class="btn tight line" onclick={prune(hub, words)}>{ words.t("disk.prune") }</button>
            </div>
        </div>
    }
}

fn prune(hub: &Hub, words: Words) -> Callback<MouseEvent> {
    let hub = hub.clone();
    Callback::from(move |_| {
        hub.send(Request::Prune);
        hub.act(dockerfile_lab_app::model::Action::Toast {
            text: words.t("toast.pruned").to_owned(),
            alarm: false,
            undo: Some(TakeBack::Edit),
        });
    })
}

fn bars(words: Words, disk: &DiskView) -> Html {
    let share = if disk.logical.value > 0.0 {
        (disk.real.value / disk.logical.value * 100.0).min(100.0)
    } else {
        0.0
    };
    let line = |name: &'static str, class: &'static str, width: f64, figure: Figure| {
        html! {
            <div><span>{ name }</span><i {class} ~style={format!("--v:{}%", fixed(width, 1))}></i><b>{ size(words, figure) }</b></div>
        }
    };
    html! {
        <div class="lr">
            { line(words.t("disk.logical"), "logical", 100.0, disk.logical) }
            { line(words.t("disk.real"), "real", share, disk.real) }
        </div>
    }
}

fn row(words: Words, layer: &DiskRow) -> Html {
    html! {
        <tr>
            <th scope="row" title={format!("{}\n{}", layer.created_by, layer.diff_id)}><code>{ wording::made_by(&layer.created_by) }</code></th>
            <td class="lb"><i ~style={format!("--v:{}%", fixed(figure::on_scale(layer.size.value), 1))}></i></td>
            <td class="num">{ size(words, layer.size) }</td>
            <td class="num quiet" title={words.with("disk.references", &[("n", &layer.images.len().to_string())])}>{ format!("×{}", layer.images.len()) }</td>
        </tr>
    }
}

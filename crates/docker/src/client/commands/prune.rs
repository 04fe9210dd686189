//! `docker image prune` and its like.

use crate::client::errors::Fail;
use crate::client::filter::Filters;
use crate::client::{Context, Done};
use crate::daemon::prune::{PruneImages, until};
use crate::daemon::remove::Removed;
use lab_session::text::size::human_size;

/// Asks, unless `--force` was given; whether the answer was yes.
pub(super) fn is_sure(context: &mut Context<'_, '_>, warning: &str) -> bool {
    if context.options.is_on("force") {
        return true;
    }
    context.call.out(&format!("{warning}\nAre you sure you want to continue? [y/N] "));
    let answer = context.call.stdin();
    let answer = String::from_utf8_lossy(&answer);
    answer.lines().next().is_some_and(|line| line.trim().eq_ignore_ascii_case("y"))
}

/// What comes of a no.
pub(super) fn unsure(context: &mut Context<'_, '_>) -> Done {
    if context.dialect().is_old_client() {
        context.line("Total reclaimed space: 0B");
    }
    Ok(0)
}

pub(super) fn images(context: &mut Context<'_, '_>) -> Done {
    let all = context.options.is_on("all");
    let filters = Filters::of(&context.options);
    if let Some(name) = filters.unknown(&["dangling", "label", "label!", "until"]) {
        let word = context.dialect().server_text("Invalid", "invalid");
        return Err(Fail::new(format!("Error response from daemon: {word} filter '{name}'")));
    }
    let warning = if all {
        "WARNING! This will remove all images without at least one container associated to them."
    } else {
        "WARNING! This will remove all dangling images."
    };
    if !is_sure(context, warning) {
        return unsure(context);
    }
    let now = context.docker.daemon.now;
    let with = filters.all("label").into_iter().map(|label| (true, label.to_owned()));
    let without = filters.all("label!").into_iter().map(|label| (false, label.to_owned()));
    let options = PruneImages {
        all: all || filters.switch("dangling") == Some(false),
        until: filters.value("until").and_then(|text| until(text, now)),
        labels: with.chain(without).collect(),
    };
    let (removed, bytes) = context.docker.daemon.prune_images(&options);
    let text = removed_images(&removed);
    context.call.out(&text);
    context.line(format!("Total reclaimed space: {}", human_size(bytes as f64)));
    Ok(0)
}

/// The list of what is gone, with a blank line behind it.
fn removed_images(removed: &[Removed]) -> String {
    if removed.is_empty() {
        return String::new();
    }
    let mut text = String::from("Deleted Images:\n");
    for line in removed {
        text.push_str(&match line {
            Removed::Untagged(name) => format!("untagged: {name}\n"),
            Removed::Deleted(id) => format!("deleted: {id}\n"),
        });
    }
    text.push('\n');
    text
}

/// `docker container prune`
pub(super) fn containers(context: &mut Context<'_, '_>) -> Done {
    if !is_sure(context, "WARNING! This will remove all stopped containers.") {
        return unsure(context);
    }
    let daemon = &mut context.docker.daemon;
    let mut ids = Vec::new();
    let mut bytes = 0;
    while let Some(at) = daemon.containers.iter().rposition(|container| !container.is_running()) {
        let container = &daemon.containers[at];
        let id = container.id.hex();
        bytes += daemon.container_size(container).0;
        daemon.remove_container(at, &id, true, false)?;
        ids.push(id);
    }
    if !ids.is_empty() {
        context.line("Deleted Containers:");
        for id in &ids {
            context.line(id);
        }
        context.line("");
    }
    context.line(format!("Total reclaimed space: {}", human_size(bytes as f64)));
    Ok(0)
}

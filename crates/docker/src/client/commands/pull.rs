//! `docker pull`.

use crate::Docker;
use crate::client::errors::Fail;
use crate::client::progress::{self, Target};
use crate::client::{Call, Context, Done};
use crate::daemon::Failure;
use crate::daemon::transfer::PullOptions;
use crate::reference::Reference;

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let dialect = context.dialect();
    let reference = Reference::parse(context.argument(0))
        .map_err(|error| Fail::new(error.message(!dialect.is_old_client())))?;
    let all_tags = context.options.is_on("all-tags");
    let quiet = context.options.is_on("quiet");
    if all_tags && (reference.tag.is_some() || reference.digest.is_some()) {
        return Err(Fail::new("tag can't be used with --all-tags/-a"));
    }
    let is_untagged = reference.tag.is_none() && reference.digest.is_none();
    let reference = if all_tags { reference } else { reference.with_tag() };
    if is_untagged && !all_tags && !quiet {
        context.line("Using default tag: latest");
    }
    let platform = context.options.value("platform").map(str::to_owned);
    let target = if quiet { None } else { Some(Target::Out) };
    pull(context.docker, context.call, &reference, all_tags, platform, target)?;
    context.line(reference.to_string());
    Ok(0)
}

/// Pulls an image, and shows its progress unless it is to be quiet.
pub(crate) fn pull(
    docker: &mut Docker,
    call: &mut Call<'_>,
    reference: &Reference,
    all_tags: bool,
    platform: Option<String>,
    target: Option<Target>,
) -> Result<(), Failure> {
    let user = docker.client.accounts.get(&reference.domain).cloned();
    let options = PullOptions { reference: reference.clone(), all_tags, platform, user };
    let (told, seconds, result) = docker.daemon.pull(&options, call.world());
    call.seconds += seconds;
    docker.daemon.set_clock(call.now());
    if let Some(target) = target {
        progress::show(call, &told, target);
    }
    result
}

//! `docker push`.

use crate::client::errors::Fail;
use crate::client::progress::{self, Target};
use crate::client::{Context, Done};
use crate::daemon::transfer::PushOptions;
use crate::reference::Reference;

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let dialect = context.dialect();
    if dialect.is_old_client() && context.argument(0).split('/').next().is_some_and(is_upper) {
        return Err(Fail::new(crate::reference::BadReference::Uppercase(String::new()).message(false)));
    }
    let reference = Reference::parse(context.argument(0))
        .map_err(|error| Fail::new(error.message(!dialect.is_old_client())))?;
    let all_tags = context.options.is_on("all-tags");
    let quiet = context.options.is_on("quiet");
    if all_tags && reference.tag.is_some() {
        return Err(Fail::new("tag can't be used with --all-tags/-a"));
    }
    let is_untagged = reference.tag.is_none();
    let reference = if all_tags { reference } else { reference.with_tag() };
    if is_untagged && !all_tags && !quiet {
        context.line("Using default tag: latest");
    }
    let user = context.docker.client.accounts.get(&reference.domain).cloned();
    let options = PushOptions { reference: reference.clone(), user };
    let (told, seconds, result) = context.docker.daemon.push(&options);
    context.call.seconds += seconds;
    if !quiet {
        progress::show(context.call, &told, Target::Out);
    }
    // What comes with the stream of progress has no head.
    result.map_err(|failure| Fail::new(failure.message))?;
    if quiet {
        context.line(reference.to_string());
    }
    Ok(0)
}

/// Whether a word could only be a host to newer versions: they take upper case for one.
fn is_upper(word: &str) -> bool {
    word.bytes().any(|b| b.is_ascii_uppercase()) && !word.contains(['.', ':'])
}

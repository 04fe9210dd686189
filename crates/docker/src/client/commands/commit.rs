//! `docker commit`.

use crate::client::errors::Fail;
use crate::client::{Context, Done};
use crate::daemon::commit::CommitOptions;
use crate::reference::Reference;

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let dialect = context.dialect();
    let name = context.argument(0).to_owned();
    let reference = match context.argument(1) {
        "" => None,
        text => Some(
            Reference::parse(text)
                .map_err(|error| Fail::new(error.message(!dialect.is_old_client())))?
                .with_tag(),
        ),
    };
    let options = CommitOptions {
        reference,
        message: context.options.value("message").unwrap_or_default().to_owned(),
        author: context.options.value("author").unwrap_or_default().to_owned(),
        changes: context.options.all("change").to_vec(),
    };
    let at = context.docker.daemon.find_container(&name)?;
    let id = context.docker.daemon.commit(at, options)?;
    context.line(id.to_string());
    Ok(0)
}

//! `docker tag`.

use crate::client::errors::Fail;
use crate::client::{Context, Done};
use crate::dialect::Dialect;
use crate::reference::Reference;

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let target = new_name(context.argument(1), context.dialect())?;
    let found = context.docker.daemon.find_image(context.argument(0))?;
    context.docker.daemon.tag_image(found.id, &target);
    Ok(0)
}

/// A name that is given to an image.
pub(crate) fn new_name(text: &str, dialect: Dialect) -> Result<Reference, Fail> {
    let word = if dialect.client < 29 { "Error" } else { "error" };
    Reference::parse(text).map(Reference::with_tag).map_err(|error| {
        let message = error.message(!dialect.is_old_client());
        Fail::new(format!("{word} parsing reference: {text:?} is not a valid repository/tag: {message}"))
    })
}

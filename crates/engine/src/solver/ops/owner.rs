//! Users and groups by name, as `--chown` and `USER` give them.

use crate::solver::step::StepError;
use crate::vfs::Tree;

/// The numbers of `user` or `user:group`, looked up in the image.
///
/// A user without a group gets the group of the user's entry; a number without an entry gets itself.
pub(super) fn user_of(text: &str, tree: &Tree) -> Result<(u32, u32), StepError> {
    let (user, group) = match text.split_once(':') {
        Some((user, group)) => (user, Some(group).filter(|group| !group.is_empty())),
        None => (text, None),
    };
    let entry = |file: &str, name: &str| -> Option<Vec<String>> {
        let line = tree.read_text(file)?.lines().find(|line| line.split(':').next() == Some(name))?;
        Some(line.split(':').map(str::to_owned).collect())
    };
    let number = |fields: &[String], at: usize| fields.get(at).and_then(|text| text.parse::<u32>().ok());
    let (uid, primary) = match (user.parse::<u32>(), entry("/etc/passwd", user)) {
        // A number stands for itself, and for the group of the same number.
        (Ok(uid), _) => (uid, uid),
        (Err(_), Some(fields)) => (number(&fields, 2).unwrap_or(0), number(&fields, 3).unwrap_or(0)),
        (Err(_), None) => return Err(unknown(user)),
    };
    let gid = match group {
        None => primary,
        Some(group) => match (group.parse::<u32>(), entry("/etc/group", group)) {
            (Ok(gid), _) => gid,
            (Err(_), Some(fields)) => number(&fields, 2).unwrap_or(0),
            (Err(_), None) => return Err(unknown(group)),
        },
    };
    Ok((uid, gid))
}

fn unknown(name: &str) -> StepError {
    let message = format!(
        "unable to convert uid/gid chown string to host mapping: can't find uid for user {name}: no such user: {name}"
    );
    StepError::step(message)
}

//! Users and groups by name, as `--chown` and, for `WORKDIR`, `USER` give them.

use crate::solver::step::StepError;
use crate::vfs::Tree;

/// The numbers of `user` or `user:group`, looked up in the files of the step above.
///
/// BuildKit does not mind names that it cannot find: an unknown user is 0, and an unknown group is the user's. A number
/// stands for itself and for the group of the same number, `root` and an empty name for 0. Where there is no step above
/// (on `scratch`, and for the copy of a `--link`) a name is an error.
pub(super) fn user_of(text: &str, below: Option<&Tree>) -> Result<(u32, u32), StepError> {
    let (user, group) = match text.split_once(':') {
        Some((user, group)) => (user, Some(group)),
        None => (text, None),
    };
    let (uid, mut gid) = match number(user) {
        Some(uid) => (uid, uid),
        None => {
            entry(below, "/etc/passwd", user)?.map_or((0, 0), |entry| (field(&entry, 2), field(&entry, 3)))
        }
    };
    if let Some(group) = group {
        gid = match number(group) {
            Some(gid) => gid,
            None => entry(below, "/etc/group", group)?.map_or(gid, |entry| field(&entry, 2)),
        };
    }
    Ok((uid, gid))
}

/// Who owns what somebody gives to `owner`. The system takes -1 for no change.
pub(super) fn given(owner: (u32, u32), before: (u32, u32)) -> (u32, u32) {
    let one = |owner: u32, before: u32| if owner == u32::MAX { before } else { owner };
    (one(owner.0, before.0), one(owner.1, before.1))
}

/// What needs no file.
fn number(name: &str) -> Option<u32> {
    if matches!(name, "" | "root") { Some(0) } else { name.parse::<i32>().ok().map(|number| number as u32) }
}

fn entry(below: Option<&Tree>, file: &str, name: &str) -> Result<Option<Vec<String>>, StepError> {
    let below = below.ok_or_else(|| StepError::step("invalid user index: -1"))?;
    let lines = below.read_text(file).unwrap_or("").lines();
    let line = lines.map(str::trim).find(|line| line.split(':').next() == Some(name));
    Ok(line.map(|line| line.split(':').map(str::to_owned).collect()))
}

fn field(entry: &[String], at: usize) -> u32 {
    entry.get(at).and_then(|text| text.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vfs::Metadata;

    #[test]
    fn users_and_groups() {
        let mut tree = Tree::new();
        tree.make_directories("/etc", Metadata::new(0o755, 0)).unwrap();
        let mut write = |name: &str, text: &str| {
            tree.write(name, text.to_owned().into(), Metadata::new(0o644, 0)).unwrap();
        };
        write("/etc/passwd", "root:x:0:0::/:/bin/sh\napp:x:7:8::/:/bin/sh\n");
        write("/etc/group", "root:x:0:\nstaff:x:9:\n");
        for (text, numbers) in [
            ("app", (7, 8)),
            ("app:staff", (7, 9)),
            ("app:5", (7, 5)),
            ("app:", (7, 0)),
            ("app:nosuch", (7, 8)),
            ("nosuch", (0, 0)),
            ("nosuch:staff", (0, 9)),
            (":staff", (0, 9)),
            ("5", (5, 5)),
            ("5:staff", (5, 9)),
            ("root", (0, 0)),
        ] {
            assert_eq!(user_of(text, Some(&tree)).unwrap(), numbers, "{text}");
        }
    }

    #[test]
    fn names_need_files() {
        assert_eq!(user_of("root:5", None).unwrap(), (0, 5));
        assert_eq!(user_of("app", None).unwrap_err().message, "invalid user index: -1");
        assert_eq!(user_of("5:app", None).unwrap_err().message, "invalid user index: -1");
    }
}

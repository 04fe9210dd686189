//! Who runs a process, and what that allows.

use crate::vfs::{Metadata, Tree};
use std::fmt;

/// User and groups of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The effective user.
    pub uid: u32,
    /// The effective group.
    pub gid: u32,
    /// Supplementary groups, without `gid`, in the order of `/etc/group`.
    pub groups: Vec<u32>,
}

/// `USER` names somebody whom the image does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnknownUser {
    /// No such name in `/etc/passwd`.
    User(String),
    /// No such name in `/etc/group`.
    Group(String),
}

impl fmt::Display for UnknownUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(name) => write!(f, "unable to find user {name}: no matching entries in passwd file"),
            Self::Group(name) => write!(f, "unable to find group {name}: no matching entries in group file"),
        }
    }
}

impl std::error::Error for UnknownUser {}

/// What a process wants to do with an inode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Read a file, list a directory.
    Read = 4,
    /// Write a file, change the entries of a directory.
    Write = 2,
    /// Execute a file, go through a directory.
    Execute = 1,
}

impl Credentials {
    /// User and group 0.
    pub fn root() -> Self {
        Self { uid: 0, gid: 0, groups: Vec::new() }
    }

    /// Whoever `USER` names, with the groups that the image gives them: `name`, `uid`, `name:group`, `uid:gid`.
    ///
    /// A name must be in the files of the image, a number need not be.
    pub fn of_user(user: &str, tree: &Tree) -> Result<Self, UnknownUser> {
        if user.is_empty() {
            return Self::of_user("0", tree);
        }
        let (name, group) = user.split_once(':').map_or((user, None), |(name, group)| (name, Some(group)));
        let passwd = tree.read_text("/etc/passwd").unwrap_or("");
        let groups = tree.read_text("/etc/group").unwrap_or("");
        let number = name.parse::<u32>().ok();
        let entry = passwd.lines().map(fields).find(|entry| {
            entry[0] == name || number.is_some() && entry.get(2).and_then(|uid| uid.parse().ok()) == number
        });
        let field = |at: usize| entry.as_ref().and_then(|entry| entry.get(at)?.parse::<u32>().ok());
        let uid = field(2).or(number).ok_or_else(|| UnknownUser::User(name.to_owned()))?;
        let gid = match group.filter(|group| !group.is_empty()) {
            None => field(3).unwrap_or(0),
            Some(group) => group_id(groups, group).ok_or_else(|| UnknownUser::Group(group.to_owned()))?,
        };
        // A group that is named replaces all others.
        let login = entry.as_ref().filter(|_| group.is_none()).map(|entry| entry[0]);
        Ok(Self { uid, gid, groups: login.map_or_else(Vec::new, |login| supplementary(groups, login, gid)) })
    }

    /// Whether the groups include `gid`.
    pub fn is_in_group(&self, gid: u32) -> bool {
        self.gid == gid || self.groups.contains(&gid)
    }

    /// Whether the mode bits of an inode let these credentials do what they want.
    pub fn may(&self, access: Access, metadata: &Metadata, is_directory: bool) -> bool {
        if self.uid == 0 {
            return access != Access::Execute || is_directory || metadata.mode & 0o111 != 0;
        }
        let shift = if self.uid == metadata.uid {
            6
        } else if self.is_in_group(metadata.gid) {
            3
        } else {
            0
        };
        metadata.mode >> shift & access as u32 != 0
    }
}

fn fields(line: &str) -> Vec<&str> {
    line.split(':').collect()
}

fn group_id(groups: &str, name: &str) -> Option<u32> {
    let by_name = groups.lines().map(fields).find(|entry| entry[0] == name);
    by_name.and_then(|entry| entry.get(2)?.parse().ok()).or_else(|| name.parse().ok())
}

/// The groups whose member lists name the user, but for the primary one.
pub(crate) fn supplementary(groups: &str, login: &str, primary: u32) -> Vec<u32> {
    let mut found = Vec::new();
    for entry in groups.lines().map(fields) {
        let Some(gid) = entry.get(2).and_then(|gid| gid.parse().ok()) else { continue };
        let is_member = entry.get(3).is_some_and(|members| members.split(',').any(|member| member == login));
        if is_member && gid != primary && !found.contains(&gid) {
            found.push(gid);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vfs::Content;

    fn tree() -> Tree {
        let mut tree = Tree::new();
        let meta = Metadata::new(0o755, 0);
        tree.make_directories("/etc", meta).unwrap();
        tree.write("/etc/passwd", Content::from("root:x:0:0::/root:\napp:x:1000:1000::/:\n"), meta).unwrap();
        tree.write("/etc/group", Content::from("staff:x:50:app\napp:x:1000:\n"), meta).unwrap();
        tree
    }

    #[test]
    fn users_of_the_image() {
        let of = |user| Credentials::of_user(user, &tree());
        let app = Credentials { uid: 1000, gid: 1000, groups: vec![50] };
        assert_eq!(of("app"), Ok(app.clone()));
        assert_eq!(of("1000"), Ok(app));
        assert_eq!(of("app:staff"), Ok(Credentials { uid: 1000, gid: 50, groups: vec![] }));
        assert_eq!(of("4242:4343"), Ok(Credentials { uid: 4242, gid: 4343, groups: vec![] }));
        assert_eq!(of("7"), Ok(Credentials { uid: 7, gid: 0, groups: vec![] }));
        assert_eq!(of(""), Ok(Credentials::root()));
        let words = "unable to find user nosuch: no matching entries in passwd file";
        assert_eq!(of("nosuch").unwrap_err().to_string(), words);
        assert_eq!(of("app:nosuch"), Err(UnknownUser::Group("nosuch".into())));
    }

    #[test]
    fn mode_bits() {
        let app = Credentials::of_user("app", &tree()).unwrap();
        let file = Metadata::new(0o640, 0).owned_by(1, 50);
        assert!(app.may(Access::Read, &file, false) && !app.may(Access::Write, &file, false));
        // The owner's bits go for the owner even where the group may do more.
        assert!(!app.may(Access::Read, &Metadata::new(0o077, 0).owned_by(1000, 50), false));
        assert!(Credentials::root().may(Access::Write, &Metadata::new(0, 0), false));
        assert!(!Credentials::root().may(Access::Execute, &Metadata::new(0o644, 0), false));
    }
}

//! What `ADD` says of something that is fetched from elsewhere.

use crate::digest::{Digest, Hasher};
use crate::vfs::path;

/// A download or a Git repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remote {
    /// The address as it is fetched: of a repository without reference and folder.
    pub address: String,
    /// Whether it is a Git repository.
    pub repository: bool,
    /// `--keep-git-dir`.
    pub keep_git_dir: bool,
    /// `--checksum` of a download. Nobody can say here whether it is right, and so it is believed.
    pub digest: Option<Digest>,
    /// Everything else that tells it from others: branch, tag or commit of a repository, another kind of checksum.
    pub version: String,
}

impl Remote {
    /// The name of the file that a download is: the last part of the path of its address.
    pub fn file_name(&self) -> &str {
        let behind = self.address.split_once("://").map_or("", |(_, rest)| rest);
        let place = behind.split(['?', '#']).next().unwrap_or_default();
        let place = place.split_once('/').map_or("", |(_, place)| place);
        match path::name(place.trim_end_matches('/')) {
            "" | "." | ".." => "__unnamed__",
            name => name,
        }
    }

    /// The host that is asked.
    pub fn host(&self) -> &str {
        let behind = self.address.split_once("://").map_or(&*self.address, |(_, rest)| rest);
        let host = behind.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        host.split(':').next().unwrap_or_default()
    }

    pub(super) fn hash(&self, hasher: &mut Hasher) {
        hasher.field(self.address.as_bytes());
        hasher.field(self.version.as_bytes());
        hasher.field(self.digest.map_or(String::new(), |digest| digest.to_string()).as_bytes());
        hasher.number(u64::from(self.repository) << 1 | u64::from(self.keep_git_dir));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_hosts() {
        for (address, name, host) in [
            ("https://x.example/a/b.tar.gz?c=/d", "b.tar.gz", "x.example"),
            ("http://u@x.example:80/a/", "a", "x.example"),
            ("https://x.example", "__unnamed__", "x.example"),
            ("https://x.example/?q", "__unnamed__", "x.example"),
            ("git@x.example:a/b", "__unnamed__", "x.example"),
        ] {
            let remote = Remote { address: address.to_owned(), ..Remote::default() };
            assert_eq!((remote.file_name(), remote.host()), (name, host), "{address}");
        }
    }
}

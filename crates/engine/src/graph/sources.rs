//! What `COPY` and `ADD` say, as far as BuildKit refuses it before it looks at any file: modes, checksums, addresses.

use super::mode::check_mode;
use super::remote::Remote;
use super::repository::{Repository, split_scheme};
use crate::dockerfile::quote::quote;
use crate::dockerfile::reference::check_digest;
use crate::vfs::path;

/// What a source of `COPY` or `ADD` names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Named {
    /// A path in the build context, a stage or an image.
    Path,
    /// Something to download.
    Download,
    /// A Git repository.
    Repository(Repository),
}

/// The flags that are looked at before any file is, with variables filled in.
#[derive(Clone, Copy, Debug, Default)]
pub struct CopyFlags<'a> {
    /// Whether it is `ADD`.
    pub add: bool,
    /// `--chmod`.
    pub chmod: Option<&'a str>,
    /// `--checksum`.
    pub checksum: Option<&'a str>,
    /// `--keep-git-dir`.
    pub keep_git_dir: Option<bool>,
}

impl CopyFlags<'_> {
    /// Says in BuildKit's words what is wrong with the flags of an instruction with these sources.
    pub fn check(&self, sources: &[String]) -> Result<(), String> {
        self.chmod.map_or(Ok(()), check_mode)?;
        if self.checksum.is_none() || !self.add {
            return Ok(());
        }
        match sources {
            [source] if self.is_remote(source) => Ok(()),
            [_] => Err("checksum requires HTTP(S) or Git sources".to_owned()),
            _ => Err("checksum can't be specified for multiple sources".to_owned()),
        }
    }

    /// Says in BuildKit's words why a source cannot be taken.
    pub fn check_source(&self, source: &str) -> Result<(), String> {
        match self.named(source)? {
            Named::Path => Ok(()),
            Named::Repository(_) if !self.add => Err("source can't be a git ref for COPY".to_owned()),
            Named::Download if !self.add => Err("source can't be a URL for COPY".to_owned()),
            Named::Repository(repository) => self.check_repository(&repository),
            Named::Download => self.checksum.map_or(Ok(()), check_digest),
        }
    }

    fn check_repository(&self, repository: &Repository) -> Result<(), String> {
        if let (Some(flag), Some(said)) = (self.keep_git_dir, repository.keep_git_dir)
            && flag != said
        {
            return Err("inconsistent keep-git-dir configuration".to_owned());
        }
        match self.checksum {
            Some(flag) if !repository.checksum.is_empty() && flag != repository.checksum => {
                Err(format!("checksum mismatch {} != {}", quote(flag), quote(&repository.checksum)))
            }
            _ => Ok(()),
        }
    }

    /// Whether a source is fetched from elsewhere.
    pub fn is_remote(&self, source: &str) -> bool {
        !matches!(self.named(source), Ok(Named::Path))
    }

    /// What is fetched for a source, with the folder of it that is taken; none for a path.
    pub fn remote(&self, source: &str) -> Option<(Remote, String)> {
        let named = self.named(source).ok()?;
        if named == Named::Path { None } else { Some(self.fetched(named, source)) }
    }

    #[inline(never)]
    fn fetched(&self, named: Named, source: &str) -> (Remote, String) {
        let keep_git_dir = self.keep_git_dir.unwrap_or(false);
        let checksum = self.checksum.unwrap_or_default();
        match named {
            Named::Repository(repository) => {
                let address = source.split(['?', '#']).next().unwrap_or_default().to_owned();
                let keep_git_dir = repository.keep_git_dir.unwrap_or(keep_git_dir);
                let version = format!("{} {}{checksum}", repository.reference, repository.checksum);
                let remote = Remote { address, repository: true, keep_git_dir, digest: None, version };
                (remote, path::absolute("/", &repository.folder))
            }
            Named::Download | Named::Path => {
                let digest = checksum.parse().ok();
                let version = if digest.is_some() { String::new() } else { checksum.to_owned() };
                let remote = Remote { address: source.to_owned(), digest, version, ..Remote::default() };
                let name = format!("/{}", remote.file_name());
                (remote, name)
            }
        }
    }

    /// An address of a repository may be wrong in itself. `--keep-git-dir` says that every address names one.
    fn named(&self, source: &str) -> Result<Named, String> {
        match Repository::parse(source, self.keep_git_dir.is_some()) {
            Some(Err(error)) => Err(error),
            Some(Ok(repository)) if !repository.is_like_a_path => Ok(Named::Repository(repository)),
            _ if matches!(split_scheme(source), Some(("http" | "https", _))) => Ok(Named::Download),
            _ => Ok(Named::Path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COPY: CopyFlags<'_> = CopyFlags { add: false, chmod: None, checksum: None, keep_git_dir: None };
    const ADD: CopyFlags<'_> = CopyFlags { add: true, ..COPY };

    #[test]
    fn kinds_of_sources() {
        for (source, remote) in [
            ("a.txt", false),
            ("a:b", false),
            ("ftp://x/y", false),
            ("github.com/a/b", false),
            ("./git@x:y", false),
            ("https://x/y.tar.gz", true),
            ("http://x/", true),
            ("https://x/y.git#v1:d", true),
            ("git://x/y", true),
            ("ssh://git@x/y", true),
            ("git@x.com:a/b", true),
        ] {
            assert_eq!(ADD.is_remote(source), remote, "{source}");
        }
    }

    #[test]
    fn only_add_fetches() {
        let copy = |source: &str| COPY.check_source(source).unwrap_err();
        assert_eq!(copy("https://x/y"), "source can't be a URL for COPY");
        assert_eq!(copy("git@x:y.git"), "source can't be a git ref for COPY");
        assert_eq!(ADD.check_source("https://x/y"), Ok(()));
    }

    #[test]
    fn checksums_are_for_one_download() {
        let flags = |sources: &[&str]| {
            let sources: Vec<String> = sources.iter().map(|source| (*source).to_owned()).collect();
            CopyFlags { checksum: Some("sha256:x"), ..ADD }.check(&sources)
        };
        assert_eq!(flags(&["a"]).unwrap_err(), "checksum requires HTTP(S) or Git sources");
        assert_eq!(flags(&["a", "b"]).unwrap_err(), "checksum can't be specified for multiple sources");
        assert_eq!(flags(&["https://x/y"]), Ok(()));
        let source = |checksum, source| CopyFlags { checksum: Some(checksum), ..ADD }.check_source(source);
        assert_eq!(source("xyz", "https://x/y").unwrap_err(), "invalid checksum digest format");
        assert_eq!(source("md5:00", "https://x/y").unwrap_err(), "unsupported digest algorithm");
        assert_eq!(source("sha256:00", "https://x/y").unwrap_err(), "invalid checksum digest length");
        assert_eq!(source("xyz", "https://x/y.git"), Ok(()));
        let kept = CopyFlags { keep_git_dir: Some(false), checksum: Some("xyz"), ..ADD };
        assert_eq!(kept.check_source("https://x/y"), Ok(()));
    }
}

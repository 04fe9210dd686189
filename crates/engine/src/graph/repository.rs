//! Addresses of Git repositories, as `ADD` takes them: `https://host/a.git?ref=v1&subdir=docs`, `git@host:a.git#v1:docs`.

use crate::dockerfile::go_bool;
use crate::dockerfile::quote::quote;

/// What an address says about a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Repository {
    /// Branch, tag or commit.
    pub(super) reference: String,
    /// The folder to take.
    pub(super) folder: String,
    /// The commit that the reference has to be.
    pub(super) checksum: String,
    /// Whether `.git` is kept.
    pub(super) keep_git_dir: Option<bool>,
    /// Whether it could as well be a path: BuildKit takes `github.com/a/b` for a repository only as a build context.
    pub(super) is_like_a_path: bool,
}

impl Repository {
    /// Reads an address; `None` for one that names no repository. `known` says that it is one whatever its name ends
    /// with. The error is BuildKit's text.
    pub(super) fn parse(address: &str, known: bool) -> Option<Result<Self, String>> {
        if address.starts_with("./") || address.starts_with("../") {
            return None;
        }
        let mut repository = Self::default();
        let rest = if let Some(rest) = address.strip_prefix("github.com/") {
            repository.is_like_a_path = true;
            rest
        } else if let Some((scheme, rest)) = split_scheme(address) {
            let (_, path) = rest.split(['?', '#']).next()?.split_once('/').unwrap_or_default();
            match scheme.to_ascii_lowercase().as_str() {
                "git" | "ssh" => {}
                "http" | "https" if known || path.ends_with(".git") => {}
                _ => return None,
            }
            rest
        } else {
            behind_host(address)?
        };
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (reference, folder) = fragment.split_once(':').unwrap_or((fragment, ""));
        repository.reference = unescaped(reference, false);
        repository.folder = unescaped(folder, false);
        let query = rest.split_once('?').map_or("", |(_, query)| query);
        Some(repository.read_query(query).map(|()| repository))
    }

    fn read_query(&mut self, query: &str) -> Result<(), String> {
        let (mut tag, mut branch) = (String::new(), String::new());
        for (key, values) in grouped(query) {
            let key = key.as_str();
            let [value] = values.as_slice() else {
                return Err(format!("query {} has multiple values", quote(key)));
            };
            let is_flag = matches!(key, "submodules" | "keep-git-dir");
            if value.is_empty() && !is_flag {
                return Err(format!("query {} has no value", quote(key)));
            }
            match key {
                "ref" => agree("ref", &mut self.reference, value)?,
                "subdir" => agree("subdir", &mut self.folder, value)?,
                "tag" => tag.clone_from(value),
                "branch" => branch.clone_from(value),
                "checksum" | "commit" => self.checksum.clone_from(value),
                "keep-git-dir" | "submodules" => {
                    let flag = if value.is_empty() { Some(true) } else { go_bool(value) };
                    let flag = flag.ok_or_else(|| format!("invalid {key} value: {}", quote(value)))?;
                    if key == "keep-git-dir" {
                        self.keep_git_dir = Some(flag);
                    }
                }
                _ => return Err(format!("unexpected query {}", quote(key))),
            }
        }
        if !tag.is_empty() {
            agree("ref", &mut self.reference, &with_prefix("refs/tags/", &tag))?;
        }
        if !branch.is_empty() {
            if !tag.is_empty() {
                return Err("branch conflicts with tag".to_owned());
            }
            agree("ref", &mut self.reference, &with_prefix("refs/heads/", &branch))?;
        }
        Ok(())
    }
}

/// Takes a value in, if nothing else was said before.
fn agree(what: &str, known: &mut String, value: &str) -> Result<(), String> {
    if !known.is_empty() && known != value {
        return Err(format!("{what} conflicts: {} vs {}", quote(known), quote(value)));
    }
    value.clone_into(known);
    Ok(())
}

fn with_prefix(prefix: &str, name: &str) -> String {
    if name.starts_with(prefix) { name.to_owned() } else { format!("{prefix}{name}") }
}

/// The scheme of an address and what stands behind `://`.
pub(super) fn split_scheme(address: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = address.split_once("://")?;
    let is_scheme = !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_scheme.then_some((scheme, rest))
}

/// What stands behind `user@host:`, as ssh has it.
fn behind_host(address: &str) -> Option<&str> {
    let word = |text: &str, also: &[u8]| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || also.contains(&byte))
    };
    let (user, rest) = address.split_once('@')?;
    let (host, path) = rest.split_once(':')?;
    (word(user, b"-_") && word(host, b"-.")).then_some(path)
}

/// The keys of a query in the order in which they come up, each with all its values.
fn grouped(query: &str) -> Vec<(String, Vec<String>)> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty() && !pair.contains(';')) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (key, value) = (unescaped(key, true), unescaped(value, true));
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, values)) => values.push(value),
            None => groups.push((key, vec![value])),
        }
    }
    groups
}

/// The text without its escapes (`%2F`), and in a query without the plus signs that stand for blanks.
fn unescaped(text: &str, in_query: bool) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        let digit = |at: usize| behind.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        rest = behind;
        match (byte, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &behind[2..];
            }
            (b'+', ..) if in_query => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(address: &str) -> Repository {
        Repository::parse(address, false).expect("it is a repository").expect("it says nothing wrong")
    }

    #[test]
    fn references_and_folders() {
        for (address, reference, folder) in [
            ("https://x.com/a.git", "", ""),
            ("https://x.com/a.git#v1:docs", "v1", "docs"),
            ("https://x.com/a.git#:docs", "", "docs"),
            ("https://x.com/a.git?ref=v%2F1&subdir=/a+b", "v/1", "/a b"),
            ("git@x.com:a?tag=v1#refs/tags/v1", "refs/tags/v1", ""),
            ("ssh://git@x.com/a?branch=main&submodules", "refs/heads/main", ""),
        ] {
            let repository = parse(address);
            assert_eq!((&*repository.reference, &*repository.folder), (reference, folder), "{address}");
        }
        assert_eq!(parse("git://x/y?keep-git-dir&commit=abc").keep_git_dir, Some(true));
        assert_eq!(parse("git://x/y?keep-git-dir&commit=abc").checksum, "abc");
        assert!(parse("github.com/a/b").is_like_a_path);
    }

    #[test]
    fn other_addresses() {
        for address in ["a.txt", "./git@x:y", "ftp://x/y.git", "https://x.git", "https://x/y.git.tar", "a:b"]
        {
            assert_eq!(Repository::parse(address, false), None, "{address}");
        }
        assert!(Repository::parse("https://x/y", true).is_some());
    }
}

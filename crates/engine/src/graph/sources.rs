//! What `COPY` and `ADD` say, as far as BuildKit refuses it before it looks at any file: modes, checksums, addresses.

use super::mode::check_mode;
use crate::dockerfile::reference::check_digest;

/// What a source of `COPY` or `ADD` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    /// A path in the build context, a stage or an image.
    Path,
    /// Something to download.
    Download,
    /// A Git repository.
    Repository,
}

/// Says in BuildKit's words what is wrong with the flags of an instruction with these sources.
pub fn check_copy_flags(
    add: bool,
    chmod: Option<&str>,
    checksum: Option<&str>,
    sources: &[String],
) -> Result<(), String> {
    chmod.map_or(Ok(()), check_mode)?;
    if checksum.is_none() || !add {
        return Ok(());
    }
    match sources {
        [source] if is_remote(source) => Ok(()),
        [_] => Err("checksum requires HTTP(S) or Git sources".to_owned()),
        _ => Err("checksum can't be specified for multiple sources".to_owned()),
    }
}

/// Says in BuildKit's words why a source cannot be taken.
pub fn check_copy_source(add: bool, checksum: Option<&str>, source: &str) -> Result<(), String> {
    match named(source) {
        Named::Path => Ok(()),
        Named::Repository if !add => Err("source can't be a git ref for COPY".to_owned()),
        Named::Download if !add => Err("source can't be a URL for COPY".to_owned()),
        Named::Repository => Ok(()),
        Named::Download => checksum.map_or(Ok(()), check_digest),
    }
}

/// Whether a source is fetched from elsewhere.
pub fn is_remote(source: &str) -> bool {
    named(source) != Named::Path
}

fn named(source: &str) -> Named {
    if let Some((scheme, rest)) = source.split_once("://")
        && !scheme.is_empty()
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    {
        let place = rest.split(['?', '#']).next().unwrap_or("");
        let is_repository = place.contains('/') && place.ends_with(".git");
        return match scheme.to_lowercase().as_str() {
            "git" | "ssh" => Named::Repository,
            "http" | "https" if is_repository => Named::Repository,
            _ if matches!(scheme, "http" | "https") => Named::Download,
            _ => Named::Path,
        };
    }
    if is_ssh_place(source) { Named::Repository } else { Named::Path }
}

/// `user@host:path`, as ssh has it.
fn is_ssh_place(source: &str) -> bool {
    let word = |text: &str, also: &[u8]| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || also.contains(&byte))
    };
    source.split_once('@').is_some_and(|(user, rest)| {
        word(user, b"-_") && rest.split_once(':').is_some_and(|(host, _)| word(host, b"-."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_sources() {
        for (source, kind) in [
            ("a.txt", Named::Path),
            ("a:b", Named::Path),
            ("ftp://x/y", Named::Path),
            ("github.com/a/b", Named::Path),
            ("./git@x:y", Named::Path),
            ("https://x/y.tar.gz", Named::Download),
            ("http://x/", Named::Download),
            ("https://x/y.git#v1:d", Named::Repository),
            ("git://x/y", Named::Repository),
            ("ssh://git@x/y", Named::Repository),
            ("git@x.com:a/b", Named::Repository),
        ] {
            assert_eq!(named(source), kind, "{source}");
        }
    }

    #[test]
    fn only_add_fetches() {
        let copy = |source: &str| check_copy_source(false, None, source).unwrap_err();
        assert_eq!(copy("https://x/y"), "source can't be a URL for COPY");
        assert_eq!(copy("git@x:y.git"), "source can't be a git ref for COPY");
        assert_eq!(check_copy_source(true, None, "https://x/y"), Ok(()));
    }

    #[test]
    fn checksums_are_for_one_download() {
        let flags = |sources: &[&str]| {
            let sources: Vec<String> = sources.iter().map(|source| (*source).to_owned()).collect();
            check_copy_flags(true, None, Some("sha256:x"), &sources)
        };
        assert_eq!(flags(&["a"]).unwrap_err(), "checksum requires HTTP(S) or Git sources");
        assert_eq!(flags(&["a", "b"]).unwrap_err(), "checksum can't be specified for multiple sources");
        assert_eq!(flags(&["https://x/y"]), Ok(()));
        let source = |checksum| check_copy_source(true, Some(checksum), "https://x/y").unwrap_err();
        assert_eq!(source("xyz"), "invalid checksum digest format");
        assert_eq!(source("md5:00"), "unsupported digest algorithm");
        assert_eq!(source("sha256:00"), "invalid checksum digest length");
    }
}

//! Names of images: Docker's reference grammar and its defaults.

use std::fmt;

/// A name of an image in full: registry, repository, tag, digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Registry and repository, for instance `docker.io/library/node`.
    pub name: String,
    /// The tag.
    pub tag: Option<String>,
    /// `sha256:…`
    pub digest: Option<String>,
}

impl Reference {
    /// Reads a name as people write it: `node` is `docker.io/library/node`. The error is BuildKit's text.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f')) {
            return Err(format!(
                "invalid repository name ({text}), cannot specify 64-byte hexadecimal strings"
            ));
        }
        let (domain, rest) = split_domain(text);
        let repository = rest.split(':').next().unwrap_or("");
        if repository.to_lowercase() != repository {
            return Err(format!(
                "invalid reference format: repository name ({repository}) must be lowercase"
            ));
        }
        Self::parse_full(domain, &rest).ok_or_else(|| "invalid reference format".to_owned())
    }

    fn parse_full(domain: &str, rest: &str) -> Option<Self> {
        let (rest, digest) = match rest.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (rest, None),
        };
        let (repository, tag) = match rest.split_once(':') {
            Some((repository, tag)) => (repository, Some(tag)),
            None => (rest, None),
        };
        let valid = is_domain(domain)
            && repository.split('/').all(is_component)
            && tag.is_none_or(is_tag)
            && digest.is_none_or(is_digest);
        valid.then(|| Self {
            name: format!("{domain}/{repository}"),
            tag: tag.map(str::to_owned),
            digest: digest.map(str::to_owned),
        })
    }

    /// The same with `:latest`, if there is neither tag nor digest.
    #[must_use]
    pub fn with_default_tag(mut self) -> Self {
        if self.tag.is_none() && self.digest.is_none() {
            self.tag = Some("latest".to_owned());
        }
        self
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

/// The part before the first slash is a registry only if it looks like a host.
fn split_domain(text: &str) -> (&str, String) {
    let (domain, rest) = match text.split_once('/') {
        Some((first, rest))
            if first.contains(['.', ':']) || first == "localhost" || first.to_lowercase() != first =>
        {
            (if first == "index.docker.io" { "docker.io" } else { first }, rest)
        }
        _ => ("docker.io", text),
    };
    if domain == "docker.io" && !rest.contains('/') {
        return (domain, format!("library/{rest}"));
    }
    (domain, rest.to_owned())
}

fn is_domain(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    };
    let part = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    host.split('.').all(part)
        && port.is_none_or(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()))
}

/// Letters and digits in runs, between them one `.`, one or two `_`, or any number of `-`.
fn is_component(text: &str) -> bool {
    let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let separators = text.split(alphanumeric).filter(|run| !run.is_empty());
    text.starts_with(alphanumeric)
        && text.ends_with(alphanumeric)
        && separators
            .into_iter()
            .all(|run| matches!(run, "." | "_" | "__") || run.bytes().all(|byte| byte == b'-'))
}

fn is_tag(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.len() <= 128 && text.starts_with(word) && text.chars().all(|c| word(c) || c == '.' || c == '-')
}

fn is_digest(text: &str) -> bool {
    let Some((algorithm, hex)) = text.split_once(':') else { return false };
    algorithm.starts_with(|c: char| c.is_ascii_alphabetic())
        && hex.len() >= 32
        && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full(text: &str) -> String {
        match Reference::parse(text) {
            Ok(reference) => reference.with_default_tag().to_string(),
            Err(error) => error,
        }
    }

    #[test]
    fn names_in_full() {
        let digest = format!("sha256:{}", "a".repeat(64));
        assert_eq!(full("node"), "docker.io/library/node:latest");
        assert_eq!(full("diamol/node:1"), "docker.io/diamol/node:1");
        assert_eq!(full("ghcr.io/a/b__c-d"), "ghcr.io/a/b__c-d:latest");
        assert_eq!(full("localhost:5000/x"), "localhost:5000/x:latest");
        assert_eq!(full(&format!("node@{digest}")), format!("docker.io/library/node@{digest}"));
    }

    #[test]
    fn what_is_no_name() {
        let wrong = "invalid reference format";
        for text in ["testbase:", ":latest", "testbase@sha256:abc", "http://x", "a..b", "-a", "a/", ""] {
            assert_eq!(full(text), wrong, "{text:?}");
        }
        assert_eq!(
            full("Testbase"),
            format!("{wrong}: repository name (library/Testbase) must be lowercase")
        );
    }
}

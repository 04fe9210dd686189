//! Names of images, as `distribution/reference` reads and shortens them.

use std::fmt;

/// A name that was completed: registry, path, and a tag or digest or both.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// `docker.io`, `registry.local:5000`.
    pub domain: String,
    /// `library/redis`.
    pub path: String,
    /// `latest`.
    pub tag: Option<String>,
    /// `sha256:…`.
    pub digest: Option<String>,
}

/// Why a text is no name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadReference {
    /// It cannot be read at all.
    Format,
    /// The repository has upper case; the path of it is kept.
    Uppercase(String),
}

impl BadReference {
    /// The message; newer versions say which name they mean.
    pub fn message(&self, names_path: bool) -> String {
        match self {
            Self::Format => "invalid reference format".to_owned(),
            Self::Uppercase(path) if names_path => {
                format!("invalid reference format: repository name ({path}) must be lowercase")
            }
            Self::Uppercase(_) => "invalid reference format: repository name must be lowercase".to_owned(),
        }
    }
}

impl Reference {
    /// Reads a name as a person writes it.
    pub fn parse(text: &str) -> Result<Self, BadReference> {
        if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()) {
            return Err(BadReference::Format);
        }
        let (domain, rest) = split_domain(text);
        let (name, digest) = match rest.split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None => (rest.as_str(), None),
        };
        let (path, tag) = match name.rsplit_once(':') {
            Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
            _ => (name, None),
        };
        if path.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(BadReference::Uppercase(path.to_owned()));
        }
        let is_good = is_domain(&domain)
            && path.split('/').all(is_path_part)
            && tag.is_none_or(is_tag)
            && digest.is_none_or(is_digest);
        if !is_good {
            return Err(BadReference::Format);
        }
        Ok(Self {
            domain,
            path: path.to_owned(),
            tag: tag.map(str::to_owned),
            digest: digest.map(str::to_owned),
        })
    }

    /// The same with `latest` where it has neither tag nor digest.
    pub fn with_tag(mut self) -> Self {
        if self.tag.is_none() && self.digest.is_none() {
            self.tag = Some("latest".to_owned());
        }
        self
    }

    /// The repository in full: `docker.io/library/redis`.
    pub fn repository(&self) -> String {
        format!("{}/{}", self.domain, self.path)
    }

    /// The repository as tables show it: `redis`.
    pub fn familiar_repository(&self) -> String {
        familiar(&self.repository())
    }

    /// As a person writes it.
    pub fn familiar(&self) -> String {
        let mut text = self.familiar_repository();
        if let Some(tag) = &self.tag {
            text.push(':');
            text.push_str(tag);
        }
        if let Some(digest) = &self.digest {
            text.push('@');
            text.push_str(digest);
        }
        text
    }
}

/// In full.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.domain, self.path)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

/// A repository as people write it.
pub fn familiar(repository: &str) -> String {
    let short = repository.strip_prefix("docker.io/").unwrap_or(repository);
    match short.strip_prefix("library/") {
        Some(name) if short.len() < repository.len() && !name.contains('/') => name.to_owned(),
        _ => short.to_owned(),
    }
}

fn split_domain(text: &str) -> (String, String) {
    let (domain, rest) = match text.split_once('/') {
        Some((first, rest))
            if first.contains(['.', ':'])
                || first == "localhost"
                || first.bytes().any(|b| b.is_ascii_uppercase()) =>
        {
            (first, rest.to_owned())
        }
        _ => ("docker.io", text.to_owned()),
    };
    let domain = if domain == "index.docker.io" { "docker.io" } else { domain };
    let rest = if domain == "docker.io" && !rest.contains('/') { format!("library/{rest}") } else { rest };
    (domain.to_owned(), rest)
}

fn is_domain(domain: &str) -> bool {
    let (host, port) = domain.split_once(':').unwrap_or((domain, "0"));
    let part = |part: &str| {
        let inner = part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        inner && !part.is_empty() && !part.starts_with('-') && !part.ends_with('-')
    };
    host.split('.').all(part) && !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit())
}

/// Letters and digits with separators between them: `.`, one or two `_`, any number of `-`.
fn is_path_part(part: &str) -> bool {
    let is_word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = part.as_bytes();
    let ends = bytes.first().copied().is_some_and(is_word) && bytes.last().copied().is_some_and(is_word);
    let separators = part.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    let separator = |text: &str| matches!(text, "" | "." | "_" | "__") || text.bytes().all(|b| b == b'-');
    ends && separators.into_iter().all(separator)
}

fn is_tag(tag: &str) -> bool {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    !tag.is_empty()
        && tag.len() <= 128
        && is_word(tag.as_bytes()[0])
        && tag.bytes().all(|b| is_word(b) || matches!(b, b'.' | b'-'))
}

fn is_digest(digest: &str) -> bool {
    digest
        .strip_prefix("sha256:")
        .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_completed_and_shortened() {
        for (text, full, short) in [
            ("redis", "docker.io/library/redis", "redis"),
            ("redis:7", "docker.io/library/redis:7", "redis:7"),
            ("me/shop:v1", "docker.io/me/shop:v1", "me/shop:v1"),
            ("docker.io/library/redis", "docker.io/library/redis", "redis"),
            ("registry.local:5000/alp:1", "registry.local:5000/alp:1", "registry.local:5000/alp:1"),
            ("localhost/a", "localhost/a", "localhost/a"),
        ] {
            let reference = Reference::parse(text).unwrap();
            assert_eq!(reference.to_string(), full);
            assert_eq!(reference.familiar(), short);
        }
        assert_eq!(Reference::parse("redis").unwrap().with_tag().familiar(), "redis:latest");
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in
            ["", "?", "a:b:c", "a/b/c:d:e", "alpine@3.19", "a b", "a//b", "a:", "-a", "a..b", "alpine:3.19:x"]
        {
            assert_eq!(Reference::parse(text), Err(BadReference::Format), "{text:?}");
        }
        let error = Reference::parse("Alpine").unwrap_err();
        assert_eq!(
            error.message(true),
            "invalid reference format: repository name (library/Alpine) must be lowercase"
        );
        assert_eq!(error.message(false), "invalid reference format: repository name must be lowercase");
    }
}

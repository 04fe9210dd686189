//! Names of images: `nginx`, `ghcr.io/a/b:1`, `x@sha256:…`.

use crate::case::Case;
use std::fmt;

/// An image name in full.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ImageReference {
    /// The registry; `docker.io` where none was given.
    pub domain: String,
    /// The repository; with `library/` in front where Docker Hub's own images are meant.
    pub path: String,
    /// The tag.
    pub tag: Option<String>,
    /// The digest.
    pub digest: Option<String>,
}

impl ImageReference {
    /// Reads a name as people write it. The error is the text of BuildKit's parser.
    pub fn parse(name: &str) -> Result<Self, String> {
        if name.len() == 64 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(format!(
                "invalid repository name ({name}), cannot specify 64-byte hexadecimal strings"
            ));
        }
        let (domain, rest) = split_domain(name);
        let remote = rest.split(':').next().unwrap_or_default();
        if remote.lower() != remote {
            return Err(format!("invalid reference format: repository name ({remote}) must be lowercase"));
        }
        let invalid = || String::from("invalid reference format");
        let (named, digest) = match rest.split_once('@') {
            Some((named, digest)) => (named, Some(digest)),
            None => (rest.as_str(), None),
        };
        let last = named.rfind('/').map_or(0, |slash| slash + 1);
        let (path, tag) = match named[last..].split_once(':') {
            Some((_, tag)) => (&named[..named.len() - tag.len() - 1], Some(tag)),
            None => (named, None),
        };
        let valid = (is_domain(domain) || is_path_component(domain))
            && path.split('/').all(is_path_component)
            && tag.is_none_or(is_tag)
            && digest.is_none_or(looks_like_digest);
        if !valid {
            return Err(invalid());
        }
        if domain.len() + 1 + path.len() > 255 {
            return Err("repository name must not be more than 255 characters".into());
        }
        if let Some(digest) = digest {
            check_digest(digest)?;
        }
        Ok(Self {
            domain: domain.to_owned(),
            path: path.to_owned(),
            tag: tag.map(str::to_owned),
            digest: digest.map(str::to_owned),
        })
    }

    /// The name with the tag `latest` where it has neither tag nor digest.
    #[must_use]
    pub fn with_default_tag(mut self) -> Self {
        if self.tag.is_none() && self.digest.is_none() {
            self.tag = Some("latest".into());
        }
        self
    }
}

impl fmt::Display for ImageReference {
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

/// The registry and what follows it. A first part is a registry only if it looks like a host.
fn split_domain(name: &str) -> (&str, String) {
    const HUB: &str = "docker.io";
    let (domain, path) = match name.split_once('/') {
        Some(("index.docker.io", path)) => (HUB, path),
        Some((host, path)) if host == "localhost" || host.contains(['.', ':']) || host.lower() != host => {
            (host, path)
        }
        _ => (HUB, name),
    };
    if domain == HUB && !path.contains('/') {
        return (domain, format!("library/{path}"));
    }
    (domain, path.to_owned())
}

fn is_domain(domain: &str) -> bool {
    let digits = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(rest) = domain.strip_prefix('[') {
        return rest.split_once(']').is_some_and(|(address, port)| {
            !address.is_empty()
                && address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':')
                && (port.is_empty() || port.strip_prefix(':').is_some_and(digits))
        });
    }
    let (host, port) = domain.split_once(':').map_or((domain, None), |(host, port)| (host, Some(port)));
    let component = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    host.split('.').all(component) && port.is_none_or(digits)
}

/// Lower-case letters and digits, in between one dot, one or two underscores, or any number of dashes.
fn is_path_component(part: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut separators = part.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    part.bytes().next().is_some_and(is_word)
        && part.bytes().next_back().is_some_and(is_word)
        && separators.all(|between| {
            matches!(between, "" | "." | "_" | "__") || between.bytes().all(|byte| byte == b'-')
        })
}

fn is_tag(tag: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    tag.len() <= 128
        && tag.bytes().next().is_some_and(word)
        && tag.bytes().all(|byte| word(byte) || matches!(byte, b'.' | b'-'))
}

fn looks_like_digest(digest: &str) -> bool {
    let Some((algorithm, hex)) = digest.split_once(':') else { return false };
    let word = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    algorithm.split(['-', '_', '+', '.']).all(word)
        && hex.len() >= 32
        && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Checks a digest as BuildKit does where one is expected. The error is its text.
pub(crate) fn check_digest(digest: &str) -> Result<(), String> {
    let (algorithm, hex) = match digest.split_once(':') {
        Some((algorithm, hex)) if !algorithm.is_empty() && !hex.is_empty() => (algorithm, hex),
        _ => return Err("invalid checksum digest format".into()),
    };
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return Err("unsupported digest algorithm".into()),
    };
    if hex.len() != length {
        return Err("invalid checksum digest length".into());
    }
    if hex.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Err("invalid checksum digest format".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_full() {
        for (name, full) in [
            ("nginx", "docker.io/library/nginx:latest"),
            ("a/b:1.0_x", "docker.io/a/b:1.0_x"),
            ("localhost/x", "localhost/x:latest"),
            ("r.io:5000/a/b__c-d", "r.io:5000/a/b__c-d:latest"),
            ("index.docker.io/x", "docker.io/library/x:latest"),
            ("[::1]:5000/x", "[::1]:5000/x:latest"),
            ("docker.io/x", "docker.io/library/x:latest"),
        ] {
            assert_eq!(ImageReference::parse(name).unwrap().with_default_tag().to_string(), full);
        }
        let digest = format!("x@sha256:{}", "0a".repeat(32));
        assert_eq!(
            ImageReference::parse(&digest).unwrap().with_default_tag().to_string(),
            format!("docker.io/library/{digest}")
        );
    }

    #[test]
    fn what_is_no_name() {
        let invalid = "invalid reference format";
        for (name, message) in [
            ("Nginx", "invalid reference format: repository name (library/Nginx) must be lowercase"),
            ("nginx:", invalid),
            (":latest", invalid),
            ("", invalid),
            ("http://x", invalid),
            ("a//b", invalid),
            ("a___b", invalid),
            ("a..b", invalid),
            ("x@sha256:abc", invalid),
            ("x:-", invalid),
        ] {
            assert_eq!(ImageReference::parse(name).unwrap_err(), message, "{name}");
        }
    }
}

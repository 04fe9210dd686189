//! `downloads.json`: what addresses give, and sizes of what tools build.

use super::drawn;
use super::json::{Fields, FromJson};
use lab_engine::world::{Download, DownloadedFile};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The whole file.
#[derive(Debug)]
pub(crate) struct Downloads {
    sites: Vec<Site>,
    /// By the ending of an address: the least and the most bytes of an estimate. The empty ending is for all others.
    endings: BTreeMap<String, Vec<u64>>,
    /// The same for what tools build.
    artefacts: BTreeMap<String, Vec<u64>>,
}

impl FromJson for Downloads {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            sites: fields.take("sites")?,
            endings: fields.take("endings")?,
            artefacts: fields.take("artefacts")?,
        })
    }
}

/// Addresses of one kind.
#[derive(Debug)]
struct Site {
    /// An address; each `*` stands for any characters but a slash.
    address: String,
    size: u64,
    files: Vec<String>,
    installs: Vec<String>,
}

impl FromJson for Site {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            address: fields.take("address")?,
            size: fields.take("size")?,
            files: fields.or_default("files")?,
            installs: fields.or_default("installs")?,
        })
    }
}

impl Downloads {
    /// What an address gives.
    pub(crate) fn find(&self, address: &str) -> Arc<Download> {
        let plain = address.split(['?', '#']).next().unwrap_or(address);
        for site in &self.sites {
            let Some(parts) = matched(&site.address, plain) else { continue };
            let list = |lines: &[String]| lines.iter().map(|line| file(line, &parts)).collect();
            return Arc::new(Download {
                size: site.size,
                is_estimate: false,
                files: list(&site.files),
                installs: list(&site.installs),
            });
        }
        let ending = self.endings.keys().filter(|ending| plain.ends_with(*ending)).max_by_key(|e| e.len());
        let size = ending.map_or(0, |ending| between(&self.endings[ending], plain));
        Arc::new(Download { size, is_estimate: true, ..Download::default() })
    }

    /// The size of something that a tool builds.
    pub(crate) fn artefact(&self, kind: &str, name: &str) -> u64 {
        self.artefacts.get(kind).map_or(0, |range| between(range, name))
    }
}

/// An estimate within a range.
fn between(range: &[u64], name: &str) -> u64 {
    match range {
        [least, most] => drawn(name, "download", *least, *most),
        _ => range.first().copied().unwrap_or(0),
    }
}

/// What the stars of a pattern stand for, if it matches.
fn matched<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let Some((before, after)) = pattern.split_once('*') else {
        return (pattern == text).then(Vec::new);
    };
    let rest = text.strip_prefix(before)?;
    let most = rest.find('/').unwrap_or(rest.len());
    // The longest first, so that a version keeps its points and hyphens.
    (0..=most).rev().filter(|end| rest.is_char_boundary(*end)).find_map(|end| {
        let mut parts = matched(after, &rest[end..])?;
        parts.insert(0, &rest[..end]);
        Some(parts)
    })
}

/// `bin/node 120000000 x`, `bin/npm -> ../lib/npm.js`, `share/`; `{1}` is what the first star stood for.
fn file(line: &str, parts: &[&str]) -> DownloadedFile {
    let mut line = line.to_owned();
    for (at, part) in parts.iter().enumerate() {
        line = line.replace(&format!("{{{}}}", at + 1), part);
    }
    if let Some((path, target)) = line.split_once(" -> ") {
        return DownloadedFile {
            path: path.to_owned(),
            target: Some(target.to_owned()),
            ..Default::default()
        };
    }
    let mut words = line.split(' ');
    let path = words.next().unwrap_or_default().to_owned();
    let size = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
    DownloadedFile { path, size, is_program: words.next() == Some("x"), target: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let pattern = "https://h/v*/n-v*-x64.tar.gz";
        assert_eq!(matched(pattern, "https://h/v1.2/n-v1.2-x64.tar.gz"), Some(vec!["1.2", "1.2"]));
        assert_eq!(matched(pattern, "https://h/v1/2/n-v1.2-x64.tar.gz"), None);
        assert_eq!(matched("a*", "abc"), Some(vec!["bc"]));
        assert_eq!(matched("a", "b"), None);
    }

    #[test]
    fn files() {
        let link = file("d-{1}/bin/npm -> ../x", &["2"]);
        assert_eq!((link.path.as_str(), link.target.as_deref()), ("d-2/bin/npm", Some("../x")));
        let program = file("bin/a 7 x", &[]);
        assert_eq!((program.size, program.is_program), (7, true));
    }

    #[test]
    fn estimates_depend_on_the_name_alone() {
        assert_eq!(between(&[10, 20], "a"), between(&[10, 20], "a"));
        assert!((10..=20).contains(&between(&[10, 20], "b")));
        assert_eq!(between(&[5], "b"), 5);
    }
}

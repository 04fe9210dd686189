//! `curl` and `wget`: what an address gives is opaque, of the size that the world knows or estimates.
//!
//! What would have been in it is nobody's to invent: a pipe carries a stand-in that says so. Without network they fail
//! as they do in a container.

mod curl;
mod wget;

pub(super) use curl::curl;
pub(super) use wget::wget;

use super::support::{Work, put, seconds};
use super::{Interrupt, Process};
use crate::shell::stand_in;
use crate::vfs::VfsError;
use crate::world::Download;
use std::sync::Arc;

/// What an address gives; none where it cannot be reached.
fn reach(process: &mut Process<'_, '_>, address: &str) -> Result<Option<Arc<Download>>, Interrupt> {
    let full = if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
    let host = host(&full);
    // Nothing serves in a container that is being built.
    if matches!(host, "" | "localhost" | "127.0.0.1" | "0.0.0.0") || full.starts_with("file:") {
        return Ok(None);
    }
    stand_in::look_up(process, &full)
}

/// The seconds of a transfer.
fn duration(process: &Process<'_, '_>, size: u64, address: &str) -> Result<f64, Interrupt> {
    let work = Work { downloaded: size, count: 1, seed: address, ..Work::default() };
    seconds(process, "curl/wget download", work)
}

/// Writes what was fetched into a file.
fn save(process: &mut Process<'_, '_>, address: &str, size: u64, place: &str) -> Result<(), VfsError> {
    let content = stand_in::content(address, size);
    if process.stat(place).is_ok_and(|node| node.as_file().is_none()) {
        // A device takes everything.
        return Ok(());
    }
    put(process, place, content, 0o644)
}

/// The last part of an address.
fn file_name(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = rest.split(['?', '#']).next().unwrap_or(rest);
    path.split_once('/').map_or("", |(_, path)| path.rsplit('/').next().unwrap_or(""))
}

/// The host of an address.
pub(super) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let authority = authority.rsplit('@').next().unwrap_or(authority);
    authority.split(':').next().unwrap_or(authority)
}

/// What `-o`, `--name value` and their like ask for.
struct Words {
    /// Letters of short options and names of long ones, with their values.
    options: Vec<(String, String)>,
    operands: Vec<String>,
}

impl Words {
    /// `letters` and `names` are those that take a value.
    fn of(arguments: &[String], letters: &str, names: &[&str]) -> Self {
        let mut words = Self { options: Vec::new(), operands: Vec::new() };
        let mut rest = arguments.iter();
        while let Some(word) = rest.next() {
            if let Some(name) = word.strip_prefix("--").filter(|name| !name.is_empty()) {
                let (name, value) = match name.split_once('=') {
                    Some((name, value)) => (name, value.to_owned()),
                    None if names.contains(&name) => (name, rest.next().cloned().unwrap_or_default()),
                    None => (name, String::new()),
                };
                words.options.push((name.to_owned(), value));
            } else if word.len() > 1 && word.starts_with('-') && word != "--" {
                let mut cluster = word[1..].chars();
                while let Some(letter) = cluster.next() {
                    let mut value = String::new();
                    if letters.contains(letter) {
                        value = match cluster.as_str() {
                            "" => rest.next().cloned().unwrap_or_default(),
                            attached => attached.to_owned(),
                        };
                        cluster = "".chars();
                    }
                    words.options.push((letter.to_string(), value));
                }
            } else if word != "--" {
                words.operands.push(word.clone());
            }
        }
        words
    }

    fn has(&self, names: &[&str]) -> bool {
        self.options.iter().any(|(name, _)| names.contains(&name.as_str()))
    }

    fn value(&self, names: &[&str]) -> Option<&str> {
        let found = self.options.iter().rev().find(|(name, _)| names.contains(&name.as_str()));
        found.map(|(_, value)| value.as_str())
    }

    fn values(&self, names: &[&str]) -> impl Iterator<Item = &str> {
        self.options
            .iter()
            .filter(|(name, _)| names.contains(&name.as_str()))
            .map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_addresses() {
        for (url, expected, file) in [
            ("https://example.com/a?b", "example.com", "a"),
            ("example.com:8080", "example.com", ""),
            ("http://me:x@h.org/x/y.tar.gz#f", "h.org", "y.tar.gz"),
            ("http://h.org/x/", "h.org", ""),
        ] {
            assert_eq!((host(url), file_name(url)), (expected, file));
        }
    }

    #[test]
    fn words() {
        let line: Vec<String> =
            "-fsSLo /x --retry 3 --proto =https -- a".split(' ').map(str::to_owned).collect();
        let words = Words::of(&line, "o", &["retry", "proto"]);
        assert!(words.has(&["L"]) && words.has(&["f", "fail"]) && !words.has(&["O"]));
        assert_eq!((words.value(&["o", "output"]), words.value(&["proto"])), (Some("/x"), Some("=https")));
        assert_eq!(words.operands, ["a"]);
    }
}

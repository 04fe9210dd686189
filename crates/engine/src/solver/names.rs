//! Names that BuildKit draws at random: of references, and of the places where it mounts files.
//!
//! Here they are made from what they stand for, so that the same build prints the same text.

use crate::digest::Digest;

/// As long as BuildKit's.
const LENGTH: usize = 25;

/// Where the files of a step are mounted while something is copied into them.
pub(super) fn mount_point(seed: &[u8]) -> String {
    format!("/var/lib/docker/overlay2/{}/merged", identifier(&[b"mount", seed]))
}

/// A reference to the files that a source is looked for in.
pub(super) fn reference(seed: &[u8]) -> String {
    format!("{}::{}", identifier(&[b"reference", seed]), identifier(&[b"files", seed]))
}

/// Lower-case letters and digits.
fn identifier(seeds: &[&[u8]]) -> String {
    const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let digest = Digest::of(&seeds.concat());
    digest.as_bytes()[..LENGTH]
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_look_like_those_of_buildkit() {
        let name = reference(b"/x");
        let (session, files) = name.split_once("::").unwrap();
        assert_eq!((session.len(), files.len()), (LENGTH, LENGTH));
        assert_ne!(session, files);
        assert_eq!(name, reference(b"/x"));
        assert_ne!(name, reference(b"/y"));
        assert!(mount_point(b"/x").ends_with("/merged"));
    }
}

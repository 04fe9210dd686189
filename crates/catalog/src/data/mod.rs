//! The files of the catalogue as they are written, one module for each.
//!
//! Each takes the text of its file and answers the questions that the world is asked, in the engine's own types.

pub(crate) mod apk;
pub(crate) mod apt;
pub(crate) mod downloads;
pub(crate) mod durations;
pub(crate) mod images;
pub(crate) mod json;
pub(crate) mod npm;
pub(crate) mod pypi;

use lab_engine::digest::Digest;

/// A number from `low` to `high` that depends on a name alone, most often near `low`: sizes of packages are so spread.
pub(crate) fn drawn(name: &str, what: &str, low: u64, high: u64) -> u64 {
    let digest = Digest::of(format!("{what}\n{name}").as_bytes());
    let bytes = digest.as_bytes();
    let part = f64::from(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])) / f64::from(u32::MAX);
    low + ((high - low) as f64 * part * part * part) as u64
}

/// The elements of a list that indices point to; `None` if one points outside.
pub(crate) fn at<T: Clone>(list: &[T], indices: &[usize]) -> Option<Vec<T>> {
    indices.iter().map(|index| list.get(*index).cloned()).collect()
}

//! Layers: the difference between two snapshots, and its form as a tar.
//!
//! [`diff`] takes two trees and gives a [`Changeset`]: what was added, modified and removed, in the order of the tar.
//! [`Changeset::entries`] turns that into tar entries, with whiteouts, hard links and times that are not after the
//! epoch; [`tar`] writes and reads them. [`apply`] and [`apply_entries`] go the other way: from a tree and a layer to
//! the next tree.
//!
//! The rules are those of BuildKit with the overlayfs snapshotter, down to the byte. The module knows nothing of images
//! or of how a snapshot came about.

mod apply;
mod changeset;
mod diff;
pub mod tar;

pub use apply::{ApplyError, apply, apply_entries};
pub use changeset::{Change, ChangeKind, Changeset};
pub use diff::diff;

/// What the name of a whiteout begins with.
pub const WHITEOUT_PREFIX: &str = ".wh.";

/// An entry of this name hides all that lower layers have in its directory. BuildKit reads it but does not write it.
pub const OPAQUE_WHITEOUT: &str = ".wh..wh..opq";

#[cfg(test)]
mod tests;

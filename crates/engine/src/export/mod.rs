//! Archives for other tools.
//!
//! Takes an image and gives a tar that `docker load`, `skopeo` and the like read; takes a build context and gives the
//! tar that a builder takes on standard input. It only writes what there is: an image with opaque content, whose bytes
//! exist nowhere, is an error that names the files.

mod image;

pub use image::{ExportFormat, export};

use crate::layer::diff;
use crate::layer::tar::{BytesSink, Entry, OpaqueContent, Writer};
use crate::vfs::Tree;
use std::fmt;

/// Why something cannot be exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportError {
    /// The bytes of these files are not there: they belong to a simulated base image, or a simulated program made them.
    Opaque {
        /// Their absolute paths, in the order of the layers.
        paths: Vec<String>,
    },
    /// A layer was made by another program, and its tar cannot be made again with the same digest.
    ForeignLayer {
        /// Its diff ID.
        diff_id: String,
    },
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 3;
        match self {
            Self::Opaque { paths } => {
                let more = paths.len().saturating_sub(SHOWN);
                write!(
                    f,
                    "cannot export: the bytes of {} are simulated",
                    paths[..paths.len() - more].join(", ")
                )?;
                if more > 0 {
                    write!(f, " (and of {more} more)")?;
                }
                Ok(())
            }
            Self::ForeignLayer { diff_id } => {
                write!(f, "cannot export: layer {diff_id} cannot be written again as it was")
            }
        }
    }
}

impl std::error::Error for ExportError {}

/// A build context as a tar, as `docker build -` takes it.
pub fn context_archive(context: &Tree) -> Result<Vec<u8>, ExportError> {
    tar_of(diff(&Tree::new(), context).entries(None))
}

/// The files of an image as a tar, without its layers (`--output type=tar`).
pub fn filesystem_archive(tree: &Tree) -> Result<Vec<u8>, ExportError> {
    tar_of(diff(&Tree::new(), tree).entries(None))
}

fn tar_of(entries: impl Iterator<Item = Entry>) -> Result<Vec<u8>, ExportError> {
    let opaque = |error: OpaqueContent| ExportError::Opaque { paths: vec![format!("/{}", error.path)] };
    let mut writer = Writer::new(BytesSink::default());
    for entry in entries {
        writer.append(&entry).map_err(opaque)?;
    }
    Ok(writer.finish().map_err(opaque)?.0)
}

#[cfg(test)]
mod tests;

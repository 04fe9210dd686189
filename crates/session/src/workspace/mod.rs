//! The workspace: the build context and the options of the builds to come.
//!
//! A [`Workspace`] is a value; undo, checkout and the builds of the timeline keep clones of it. This module edits it,
//! finds differences and draws it for the page; it knows nothing of builds.

mod diff;
mod edit;
mod error;
mod file;
mod ignore;
mod path;
mod undo;
mod view;

pub(crate) use diff::{change_of, edited_paths, edits};
pub(crate) use edit::{apply, check_context, write_text};
pub(crate) use error::{error, of_vfs};
pub(crate) use file::{check_size, node_of, seconds};
pub(crate) use path::absolute;
pub(crate) use undo::{Point, Undo};
pub(crate) use view::Drawing;

use crate::protocol::Settings;
use lab_engine::vfs::{Metadata, Tree};

/// The context and the options.
#[derive(Clone, Debug, Default)]
pub(crate) struct Workspace {
    /// The build context, the Dockerfile and the .dockerignore among it.
    pub(crate) tree: Tree,
    /// The options.
    pub(crate) settings: Settings,
}

impl Workspace {
    /// An empty context that was made at this time.
    pub(crate) fn new(now: i64, settings: Settings) -> Self {
        Self { tree: Tree::with_root(Metadata::new(0o755, now)), settings }
    }

    /// The path of the Dockerfile in the context.
    pub(crate) fn dockerfile(&self) -> &str {
        if self.settings.dockerfile.is_empty() { "Dockerfile" } else { &self.settings.dockerfile }
    }

    /// The text of the Dockerfile; `None` where there is none or no text.
    pub(crate) fn dockerfile_text(&self) -> Option<&str> {
        self.tree.read_text(&format!("/{}", self.dockerfile()))
    }

    /// Whether there is nothing to build: the Dockerfile is missing or empty.
    pub(crate) fn is_blank(&self) -> bool {
        self.dockerfile_text().is_none_or(|text| text.trim().is_empty())
    }

    /// The path of the file that hides files from the builder: BuildKit prefers one that belongs to the Dockerfile.
    pub(crate) fn ignore_file(&self) -> String {
        let own = format!("{}.dockerignore", self.dockerfile());
        if self.tree.read_text(&format!("/{own}")).is_some() { own } else { ".dockerignore".to_owned() }
    }

    /// Whether both are one value, found out in time that does not grow with them.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.tree.is_same(&other.tree) && self.settings == other.settings
    }
}

//! What travels between daemon and registries.

mod pull;
mod push;
mod schedule;

pub use pull::PullOptions;
pub(super) use pull::modelled_blobs;
pub use push::PushOptions;

/// A line of progress: about a layer or tag, or about the whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it is about: the beginning of a digest, or a tag.
    pub id: Option<String>,
    /// What happens.
    pub status: String,
    /// How many bytes of how many, while they travel or are unpacked.
    pub bytes: Option<(u64, u64)>,
}

impl Progress {
    /// About a layer or tag.
    pub fn of(id: impl Into<String>, status: impl Into<String>) -> Self {
        Self { id: Some(id.into()), status: status.into(), bytes: None }
    }

    /// About the whole.
    pub fn text(status: impl Into<String>) -> Self {
        Self { id: None, status: status.into(), bytes: None }
    }
}

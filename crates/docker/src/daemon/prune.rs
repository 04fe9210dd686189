//! `image prune`.

use super::remove::{RemoveOptions, Removed};
use super::{Daemon, SECOND};
use lab_engine::digest::Digest;
use std::collections::BTreeSet;

/// Which images go.
#[derive(Clone, Debug, Default)]
pub struct PruneImages {
    /// Also those with a name that no container uses.
    pub all: bool,
    /// Only those made before this time, in nanoseconds since 1970.
    pub until: Option<i64>,
    /// Labels that an image must have (`true`) or must not have.
    pub labels: Vec<(bool, String)>,
}

/// Whether labels meet a filter `name` or `name=value`.
pub fn has_label(labels: &std::collections::BTreeMap<String, String>, filter: &str) -> bool {
    match filter.split_once('=') {
        Some((name, value)) => labels.get(name).is_some_and(|known| known == value),
        None => labels.contains_key(filter),
    }
}

/// The moment that a filter `until` means: so long ago, or a date.
pub fn until(text: &str, now: i64) -> Option<i64> {
    if let Ok(duration) = crate::client::duration(text) {
        return Some(now.saturating_sub(duration));
    }
    if let Ok(seconds) = text.parse::<i64>() {
        return Some(seconds.saturating_mul(SECOND));
    }
    lab_session::text::time::parse_rfc3339(text).map(|seconds| seconds.saturating_mul(SECOND))
}

impl Daemon {
    /// Removes images that nothing needs, and gives the bytes that are free again.
    pub fn prune_images(&mut self, options: &PruneImages) -> (Vec<Removed>, u64) {
        let before = self.image_bytes();
        let mut removed = Vec::new();
        for id in self.images_to_prune(options) {
            if self.images.get(id).is_none() {
                continue;
            }
            let mut gone = Vec::new();
            let names = self.images.names_of(id);
            let digests = self.images.digests_of(id);
            for name in names.iter().chain(&digests) {
                self.images.unname(name);
                if names.contains(name) || !self.dialect.is_containerd() {
                    gone.push(Removed::Untagged(crate::reference::familiar(name)));
                }
            }
            if names.is_empty() && self.dialect.is_containerd() {
                gone.push(Removed::Untagged(id.to_string()));
            }
            if self.delete(id, RemoveOptions::default(), &mut gone).is_ok() {
                removed.extend(gone);
            }
        }
        (removed, before.saturating_sub(self.image_bytes()))
    }

    fn images_to_prune(&self, options: &PruneImages) -> Vec<Digest> {
        let used: BTreeSet<Digest> = self.containers.iter().map(|container| container.image).collect();
        let mut found: Vec<(i64, Digest)> = Vec::new();
        for (id, image) in self.images.iter() {
            let is_named = !self.images.names_of(id).is_empty();
            let is_child = !self.images.children(id).is_empty();
            let labels = &image.image.config.config.labels;
            let meets = options.labels.iter().all(|(wanted, filter)| has_label(labels, filter) == *wanted);
            let is_old = options.until.is_none_or(|until| image.created() < until);
            if !used.contains(&id) && meets && is_old && !is_child && (options.all || !is_named) {
                found.push((image.created(), id));
            }
        }
        found.sort();
        found.reverse();
        found.into_iter().map(|(_, id)| id).collect()
    }
}

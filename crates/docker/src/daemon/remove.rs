//! `rmi`: names and images are taken away, with what nothing else needs.

use super::{Daemon, Failure};
use crate::reference::familiar;
use lab_engine::digest::{ChainId, Digest};
use std::collections::BTreeSet;

/// What was done, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Removed {
    /// A name is gone.
    Untagged(String),
    /// An image or a layer is gone.
    Deleted(Digest),
}

/// How to remove.
#[derive(Clone, Copy, Debug, Default)]
pub struct RemoveOptions {
    /// Also what containers use, as far as that is possible.
    pub force: bool,
    /// Leave parents without a name.
    pub keep_parents: bool,
}

impl Daemon {
    /// Removes what a name or ID stands for.
    pub fn remove_image(&mut self, text: &str, options: RemoveOptions) -> Result<Vec<Removed>, Failure> {
        let found = self.find_image(text)?;
        let id = found.id;
        let Some(reference) = &found.name else { return self.remove_by_id(id, text, options) };
        let names = self.images.names_of(id);
        let name = reference.to_string();
        let is_last = names.len() <= 1;
        if is_last
            && !options.force
            && let Some(user) = self.users_of(id).first()
        {
            return Err(Failure::conflict(if self.dialect.is_containerd() {
                format!(
                    "conflict: unable to delete {} (must be forced) - container {} is using its referenced image {}",
                    reference.familiar(),
                    user.id.short(12),
                    id.short(12)
                )
            } else {
                format!(
                    "conflict: unable to remove repository reference \"{text}\" (must force) - container {} is using its referenced image {}",
                    user.id.short(12),
                    id.short(12)
                )
            }));
        }
        let mut removed = vec![Removed::Untagged(reference.familiar())];
        self.images.unname(&name);
        self.drop_digests(id, &reference.repository(), &mut removed);
        if !self.images.names_of(id).is_empty() {
            return Ok(removed);
        }
        // Names of other repositories by digest keep an image with a graph driver.
        if !self.dialect.is_containerd() && !self.images.digests_of(id).is_empty() {
            return Ok(removed);
        }
        let quiet = self.delete(id, options, &mut removed);
        // The name is gone, and that is what was asked for.
        drop(quiet);
        Ok(removed)
    }

    /// Digests of a repository go with its last tag.
    fn drop_digests(&mut self, id: Digest, repository: &str, removed: &mut Vec<Removed>) {
        let prefix = format!("{repository}:");
        if self.images.names_of(id).iter().any(|name| name.starts_with(&prefix)) {
            return;
        }
        let prefix = format!("{repository}@");
        for name in self.images.digests_of(id).into_iter().filter(|name| name.starts_with(&prefix)) {
            self.images.unname(&name);
            if !self.dialect.is_containerd() {
                removed.push(Removed::Untagged(familiar(&name)));
            }
        }
    }

    fn remove_by_id(
        &mut self,
        id: Digest,
        text: &str,
        options: RemoveOptions,
    ) -> Result<Vec<Removed>, Failure> {
        let names = self.images.names_of(id);
        let repositories: BTreeSet<&str> = names
            .iter()
            .map(|name| name.rsplit_once(':').map_or(name.as_str(), |(repository, _)| repository))
            .collect();
        let shown = text.strip_prefix("sha256:").unwrap_or(text);
        let shown = &shown[..shown.len().min(12)];
        if repositories.len() > 1 && !options.force {
            return Err(Failure::conflict(format!(
                "conflict: unable to delete {shown} (must be forced) - image is referenced in multiple repositories"
            )));
        }
        self.check_conflicts(id, options)?;
        let mut removed = Vec::new();
        for name in names.iter().chain(&self.images.digests_of(id)) {
            self.images.unname(name);
            if !self.dialect.is_containerd() || names.contains(name) {
                removed.push(Removed::Untagged(familiar(name)));
            }
        }
        self.delete(id, options, &mut removed)?;
        Ok(removed)
    }

    /// Whether something needs the image.
    fn check_conflicts(&self, id: Digest, options: RemoveOptions) -> Result<(), Failure> {
        let short = id.short(12);
        let refuse = |how: &str, why: String| {
            Err(Failure::conflict(format!("conflict: unable to delete {short} ({how}) - {why}")))
        };
        if !self.dialect.is_containerd() && !self.images.children(id).is_empty() {
            return refuse("cannot be forced", "image has dependent child images".into());
        }
        let users = self.users_of(id);
        if let Some(user) = users.iter().find(|user| user.is_running()) {
            let why = format!("image is being used by running container {}", user.id.short(12));
            return refuse("cannot be forced", why);
        }
        if let Some(user) = users.first().filter(|_| !options.force) {
            let why = format!("image is being used by stopped container {}", user.id.short(12));
            return refuse("must be forced", why);
        }
        Ok(())
    }

    /// Deletes an image without names, and its parents that nothing else needs.
    pub(super) fn delete(
        &mut self,
        id: Digest,
        options: RemoveOptions,
        removed: &mut Vec<Removed>,
    ) -> Result<(), Failure> {
        self.check_conflicts(id, options)?;
        if self.dialect.is_containerd() && !self.users_of(id).is_empty() {
            return Ok(());
        }
        let Some(image) = self.images.remove(id) else { return Ok(()) };
        removed.push(Removed::Deleted(id));
        if !self.dialect.is_containerd() {
            let kept = self.chains_in_use();
            let gone = image.chains().into_iter().rev().filter(|chain| !kept.contains(chain));
            removed.extend(gone.map(|chain| Removed::Deleted(chain.0)));
        }
        let Some(parent) = image.parent.filter(|_| !options.keep_parents) else { return Ok(()) };
        let is_named = !self.images.names_of(parent).is_empty() || !self.images.digests_of(parent).is_empty();
        if !is_named && self.images.get(parent).is_some() && self.images.children(parent).is_empty() {
            // A parent that is in use stays.
            let _ = self.delete(parent, RemoveOptions { force: false, ..options }, removed);
        }
        Ok(())
    }

    /// The layers that images and containers lie on.
    pub fn chains_in_use(&self) -> BTreeSet<ChainId> {
        let images = self.images.iter().flat_map(|(_, image)| image.chains());
        images.chain(self.containers.iter().flat_map(|container| container.chains.iter().copied())).collect()
    }
}

//! Registries: what can be pulled, what was pushed, and who may.

use super::error::Failure;
use super::images::Blobs;
use crate::reference::Reference;
use lab_engine::digest::Digest;
use lab_engine::oci::Image;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// An image in a registry.
#[derive(Clone, Debug)]
pub struct RemoteImage {
    /// Configuration and layers.
    pub image: Arc<Image>,
    /// Its packed parts; the digest of the target is its digest.
    pub blobs: Arc<Blobs>,
}

/// A repository of a registry.
#[derive(Clone, Debug, Default)]
pub struct Repository {
    /// Tags with digests.
    pub tags: BTreeMap<String, Digest>,
    /// Images by their digests.
    pub images: BTreeMap<Digest, RemoteImage>,
    /// Packed layers that it has.
    pub layers: BTreeSet<Digest>,
}

/// A registry.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    /// By path, for instance `library/redis`.
    pub repositories: BTreeMap<String, Repository>,
    /// Users with their passwords.
    pub accounts: BTreeMap<String, String>,
    /// Whether anybody may push anything.
    pub is_open: bool,
    /// Whether it speaks without TLS, so that only daemons reach it that were told so.
    pub is_plain: bool,
}

impl Registry {
    /// The image of a tag or digest.
    pub fn image(&self, reference: &Reference) -> Option<&RemoteImage> {
        let repository = self.repositories.get(&reference.path)?;
        let digest = match (&reference.digest, &reference.tag) {
            (Some(digest), _) => digest.parse().ok()?,
            (None, tag) => *repository.tags.get(tag.as_deref().unwrap_or("latest"))?,
        };
        repository.images.get(&digest)
    }

    /// Puts an image under a tag.
    pub fn put(&mut self, path: &str, tag: &str, image: RemoteImage) {
        let repository = self.repositories.entry(path.to_owned()).or_default();
        let digest = image.blobs.target.digest;
        repository.layers.extend(image.blobs.layers.iter().map(|layer| layer.digest));
        repository.tags.insert(tag.to_owned(), digest);
        repository.images.insert(digest, image);
    }

    /// A repository other than this one that has a layer.
    pub fn holder_of(&self, layer: Digest, path: &str) -> Option<&str> {
        let holds = |(other, repository): &(&String, &Repository)| {
            *other != path && repository.layers.contains(&layer)
        };
        self.repositories.iter().find(holds).map(|(other, _)| other.as_str())
    }

    /// Whether a repository has a layer.
    pub fn has_layer(&self, path: &str, layer: Digest) -> bool {
        self.repositories.get(path).is_some_and(|repository| repository.layers.contains(&layer))
    }
}

/// All registries that can be reached.
#[derive(Clone, Debug, Default)]
pub struct Registries {
    /// By domain.
    pub by_domain: BTreeMap<String, Registry>,
}

impl Registries {
    /// A registry.
    pub fn get(&self, domain: &str) -> Option<&Registry> {
        self.by_domain.get(domain)
    }

    /// A registry to be changed.
    pub fn get_mut(&mut self, domain: &str) -> &mut Registry {
        self.by_domain.entry(domain.to_owned()).or_default()
    }

    /// Lets a user in, or says why not.
    pub fn login(&self, domain: &str, user: &str, password: &str) -> Result<(), Failure> {
        let unauthorized = || Failure::other(unauthorized(domain));
        let registry = self.get(domain).ok_or_else(|| Failure::other(unreachable(domain)))?;
        match registry.accounts.get(user) {
            Some(known) if known == password => Ok(()),
            _ if registry.is_open => Ok(()),
            _ => Err(unauthorized()),
        }
    }
}

fn unauthorized(domain: &str) -> String {
    let host = if domain == "docker.io" { "registry-1.docker.io" } else { domain };
    format!("Get \"https://{host}/v2/\": unauthorized: incorrect username or password")
}

/// What Docker says of a host that it cannot find.
pub fn unreachable(domain: &str) -> String {
    let host = domain.split(':').next().unwrap_or(domain);
    format!("Get \"https://{domain}/v2/\": dial tcp: lookup {host}: no such host")
}

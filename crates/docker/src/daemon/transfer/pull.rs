//! `pull`: from a registry into the store.

use super::{Progress, schedule};
use crate::daemon::images::{Blob, Blobs, Origin, Stored, chains, unpacked_size};
use crate::daemon::registry::{RemoteImage, unreachable};
use crate::daemon::{Daemon, Failure, FailureKind};
use crate::reference::Reference;
use lab_engine::digest::Digest;
use lab_engine::oci::Image;
use lab_engine::world::World;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What packing leaves of an empty layer, in bytes; of files it leaves about three fifths.
const PACKED_HEAD: u64 = 130;

/// What to pull.
#[derive(Clone, Debug)]
pub struct PullOptions {
    /// A name with a tag or digest.
    pub reference: Reference,
    /// All tags of the repository.
    pub all_tags: bool,
    /// For instance `linux/amd64`.
    pub platform: Option<String>,
    /// Who is logged in at the registry.
    pub user: Option<String>,
}

impl Daemon {
    /// Pulls, and gives the lines of progress and the seconds that it took.
    pub fn pull(
        &mut self,
        options: &PullOptions,
        world: &dyn World,
    ) -> (Vec<Progress>, f64, Result<(), Failure>) {
        let mut told = Vec::new();
        let mut seconds = 0.0;
        let references = match self.tags_to_pull(options, world) {
            Ok(references) => references,
            Err(failure) => return (told, seconds, Err(failure)),
        };
        let mut is_new = false;
        for reference in &references {
            let remote = match self.remote(reference, options.platform.as_deref(), world) {
                Ok(remote) => remote,
                Err(failure) => return (told, seconds, Err(failure)),
            };
            let (lines, took, new) = self.take(reference, &remote);
            told.extend(lines);
            seconds += took;
            is_new |= new;
            if !options.all_tags || self.dialect.is_containerd() {
                told.push(status(new, &reference.familiar()));
            }
        }
        if options.all_tags && !self.dialect.is_containerd() {
            told.push(status(is_new, &options.reference.familiar_repository()));
        }
        (told, seconds, Ok(()))
    }

    fn tags_to_pull(&self, options: &PullOptions, world: &dyn World) -> Result<Vec<Reference>, Failure> {
        if !options.all_tags {
            return Ok(vec![options.reference.clone()]);
        }
        let reference = &options.reference;
        let repository = self
            .registries
            .get(&reference.domain)
            .and_then(|registry| registry.repositories.get(&reference.path));
        match repository {
            Some(repository) => {
                let tagged = |tag: &String| Reference { tag: Some(tag.clone()), ..reference.clone() };
                Ok(repository.tags.keys().map(tagged).collect())
            }
            // The catalogue names images one by one.
            None => {
                self.remote(&reference.clone().with_tag(), None, world)?;
                Ok(vec![reference.clone().with_tag()])
            }
        }
    }

    /// What a name leads to in its registry.
    pub fn remote(
        &self,
        reference: &Reference,
        platform: Option<&str>,
        world: &dyn World,
    ) -> Result<RemoteImage, Failure> {
        let registry = self.registries.get(&reference.domain);
        if let Some(found) = registry.and_then(|registry| registry.image(reference)) {
            return Ok(found.clone());
        }
        let platform = platform.unwrap_or("linux/amd64");
        if reference.digest.is_none()
            && let Ok(image) = world.resolve_image(&reference.to_string(), platform)
        {
            return Ok(RemoteImage { blobs: Arc::new(modelled_blobs(&image)), image });
        }
        let has_repository =
            registry.is_some_and(|registry| registry.repositories.contains_key(&reference.path));
        Err(self.no_remote(reference, registry.is_some(), has_repository))
    }

    fn no_remote(&self, reference: &Reference, is_reachable: bool, has_repository: bool) -> Failure {
        if !is_reachable && reference.domain != "docker.io" {
            let host = reference.domain.split(':').next().unwrap_or_default();
            return Failure::other(if self.dialect.is_containerd() {
                format!(
                    "failed to resolve reference \"{reference}\": failed to do request: Head \"https://{}/v2/{}/manifests/{}\": dial tcp: lookup {host}: no such host",
                    reference.domain,
                    reference.path,
                    reference.tag.as_deref().unwrap_or("latest")
                )
            } else {
                unreachable(&reference.domain)
            });
        }
        let short = reference.familiar();
        if has_repository {
            return Failure::not_found(if self.dialect.is_containerd() {
                format!("failed to resolve reference \"{reference}\": {reference}: not found")
            } else {
                format!("manifest for {short} not found: manifest unknown: manifest unknown")
            });
        }
        let repository = reference.familiar_repository();
        let mut message = format!(
            "pull access denied for {repository}, repository does not exist or may require 'docker login'"
        );
        if !self.dialect.is_containerd() {
            message.push_str(": denied: requested access to the resource is denied");
        }
        Failure::new(FailureKind::Denied, message)
    }

    /// Puts an image of a registry into the store: what is told of it, how long it takes, and whether anything is new.
    fn take(&mut self, reference: &Reference, remote: &RemoteImage) -> (Vec<Progress>, f64, bool) {
        let head = reference.tag.clone().or_else(|| reference.digest.clone()).unwrap_or_default();
        let head = if reference.tag.is_none() { format!("{}@{head}", reference.repository()) } else { head };
        let mut told = vec![Progress::of(head, format!("Pulling from {}", reference.path))];
        let id = self.id_of(&remote.image, &remote.blobs);
        let name = reference.to_string();
        let is_new = self.images.named(&name) != Some(id);
        let mut seconds = 0.1;
        if self.images.get(id).is_none() {
            let (lines, took) = self.layers_to_take(remote);
            told.extend(lines);
            seconds += took;
        }
        let digest = remote.blobs.target.digest.to_string();
        told.push(Progress::text(format!("Digest: {digest}")));
        self.keep(id, remote, reference);
        if self.dialect.is_containerd() && reference.tag.is_some() {
            let now = self.now;
            if let Some(image) = self.images.get_mut(id) {
                image.tagged = Some(now);
            }
        }
        (told, seconds, is_new)
    }

    fn keep(&mut self, id: Digest, remote: &RemoteImage, reference: &Reference) {
        let stored = Stored {
            image: remote.image.clone(),
            blobs: remote.blobs.clone(),
            parent: None,
            origin: Origin::default(),
            tagged: None,
            pulled_from: BTreeSet::new(),
        };
        self.images.insert(id, stored);
        if let Some(image) = self.images.get_mut(id) {
            image.pulled_from.insert(reference.repository());
        }
        let by_digest = format!("{}@{}", reference.repository(), remote.blobs.target.digest);
        if reference.tag.is_some() {
            self.images.name(&reference.to_string(), id);
        } else if self.dialect.is_containerd() {
            self.images.name(&by_digest, id);
        }
        self.images.note_digest(&by_digest, id);
    }

    /// The layers that are not there yet, on their way.
    fn layers_to_take(&self, remote: &RemoteImage) -> (Vec<Progress>, f64) {
        let known: BTreeSet<_> = self.images.iter().flat_map(|(_, image)| image.chains()).collect();
        let mut told = Vec::new();
        let mut missing = Vec::new();
        for (chain, blob) in chains(&remote.image).iter().zip(&remote.blobs.layers) {
            let id = blob.digest.short(12);
            if !known.contains(chain) {
                missing.push((id, blob.size));
            } else if !self.dialect.is_containerd() {
                told.push(Progress::of(id, "Already exists"));
            }
        }
        let (lines, seconds) = schedule::layers(&missing, !self.dialect.is_containerd());
        told.extend(lines);
        (told, seconds)
    }
}

fn status(is_new: bool, name: &str) -> Progress {
    let what = if is_new { "Downloaded newer image for" } else { "Image is up to date for" };
    Progress::text(format!("Status: {what} {name}"))
}

/// The packed parts of an image of the catalogue, of which only sizes are known.
pub(crate) fn modelled_blobs(image: &Image) -> Blobs {
    let config = Blob { digest: image.config_digest, size: image.config.to_json().len() as u64 };
    let layers: Vec<Blob> = image
        .layers
        .iter()
        .map(|layer| Blob {
            digest: Digest::of(format!("packed {}", layer.diff_id).as_bytes()),
            size: layer.compressed_size.unwrap_or(PACKED_HEAD + layer.size * 6 / 10),
        })
        .collect();
    let media_type = "application/vnd.docker.distribution.manifest.v2+json";
    let manifest = crate::daemon::images::manifest_json(media_type, &config, &layers);
    Blobs {
        target: Blob { digest: image.manifest_digest, size: manifest.len() as u64 },
        media_type: media_type.to_owned(),
        manifest: None,
        attestation: Vec::new(),
        config,
        unpacked: image.layers.iter().map(|layer| unpacked_size(layer)).collect(),
        layers,
    }
}

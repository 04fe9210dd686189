//! `push`: from the store into a registry.

use super::Progress;
use crate::daemon::registry::{RemoteImage, unreachable};
use crate::daemon::{Daemon, Failure, FailureKind};
use crate::reference::Reference;
use lab_engine::digest::Digest;

/// What to push.
#[derive(Clone, Debug)]
pub struct PushOptions {
    /// A name; without a tag, all tags of the repository go.
    pub reference: Reference,
    /// Who is logged in at the registry.
    pub user: Option<String>,
}

/// How many layers a graph driver's push handles at once.
const AT_ONCE: usize = 5;
/// Bytes that leave in a second.
const BANDWIDTH: f64 = 6e6;

impl Daemon {
    /// Pushes, and gives the lines of progress and the seconds that it took.
    pub fn push(&mut self, options: &PushOptions) -> (Vec<Progress>, f64, Result<(), Failure>) {
        let reference = &options.reference;
        let mut told =
            vec![Progress::text(format!("The push refers to repository [{}]", reference.repository()))];
        let mut seconds = 0.2;
        let result = self.images_to_push(reference).and_then(|images| {
            for (tag, id) in images {
                let (lines, took, result) = self.push_one(&tag, id, options);
                told.extend(lines);
                seconds += took;
                result?;
            }
            Ok(())
        });
        (told, seconds, result)
    }

    /// The tags to be pushed with their images.
    fn images_to_push(&self, reference: &Reference) -> Result<Vec<(String, Digest)>, Failure> {
        let repository = reference.repository();
        let prefix = format!("{repository}:");
        let all = self
            .images
            .all_names()
            .filter_map(|(name, id)| Some((name.strip_prefix(&prefix)?.to_owned(), id)));
        let found: Vec<(String, Digest)> = match &reference.tag {
            Some(tag) => all.filter(|(known, _)| known == tag).collect(),
            None => all.collect(),
        };
        if !found.is_empty() {
            return Ok(found);
        }
        let short = reference.familiar_repository();
        Err(Failure::not_found(match &reference.tag {
            Some(tag) if self.dialect.is_containerd() => format!("tag does not exist: {short}:{tag}"),
            Some(_) => format!("An image does not exist locally with the tag: {short}"),
            None => format!("An image does not exist locally with the tag: {short}"),
        }))
    }

    fn push_one(
        &mut self,
        tag: &str,
        id: Digest,
        options: &PushOptions,
    ) -> (Vec<Progress>, f64, Result<(), Failure>) {
        let Some(stored) = self.images.get(id).cloned() else { return (Vec::new(), 0.0, Ok(())) };
        let Reference { domain, path, .. } = &options.reference;
        let Some(registry) = self.registries.get(domain) else {
            return (Vec::new(), 0.0, Err(Failure::other(unreachable(domain))));
        };
        let remote = RemoteImage { image: stored.image.clone(), blobs: stored.blobs.clone() };
        let may_push = registry.is_open
            || options.user.as_deref().is_some_and(|user| path.split('/').next() == Some(user));
        let parts = self.parts_to_push(&remote);
        let has_all = remote.blobs.layers.iter().all(|layer| registry.has_layer(path, layer.digest));
        let is_there = registry
            .repositories
            .get(path)
            .is_some_and(|repository| repository.tags.get(tag) == Some(&remote.blobs.target.digest));
        let mut told = preparations(&parts, self.dialect.is_containerd());
        if !may_push && !has_all {
            return (told, 0.0, Err(denied(self.dialect.is_containerd())));
        }
        let mut seconds = 0.0;
        for part in &parts {
            let status = if registry.has_layer(path, part.digest) {
                if part.is_layer { "Layer already exists".to_owned() } else { "Already exists".to_owned() }
            } else if let Some(holder) = registry.holder_of(part.digest, path) {
                format!("Mounted from {holder}")
            } else {
                seconds += part.size as f64 / BANDWIDTH;
                "Pushed".to_owned()
            };
            told.push(Progress::of(&part.shown, status));
        }
        let is_done = self.dialect.is_containerd() && is_there;
        if !may_push && !is_done {
            return (told, seconds, Err(refused()));
        }
        let target = &remote.blobs.target;
        told.push(Progress::text(format!("{tag}: digest: {} size: {}", target.digest, target.size)));
        let by_digest = format!("{}@{}", options.reference.repository(), target.digest);
        let registry = self.registries.get_mut(domain);
        registry.put(path, tag, remote.clone());
        if let Some(repository) = registry.repositories.get_mut(path) {
            repository.layers.extend(parts.iter().map(|part| part.digest));
        }
        self.images.note_digest(&by_digest, id);
        (told, seconds, Ok(()))
    }

    /// What travels: the layers, the highest first with a graph driver; with containerd also manifests below an index.
    fn parts_to_push(&self, remote: &RemoteImage) -> Vec<Part> {
        let blobs = &remote.blobs;
        if self.dialect.is_containerd() {
            let layers = blobs.layers.iter().map(|blob| (blob, true));
            let others = blobs.manifest.iter().chain(blobs.attestation.first()).map(|blob| (blob, false));
            let part = |(blob, is_layer): (&crate::daemon::Blob, bool)| Part {
                shown: blob.digest.short(12),
                digest: blob.digest,
                size: blob.size,
                is_layer,
            };
            return layers.chain(others).map(part).collect();
        }
        let part = |(blob, diff_id): (&crate::daemon::Blob, &lab_engine::digest::DiffId)| Part {
            shown: diff_id.0.short(12),
            digest: blob.digest,
            size: blob.size,
            is_layer: true,
        };
        blobs.layers.iter().zip(&remote.image.config.diff_ids).rev().map(part).collect()
    }
}

/// Something that a registry has to have.
struct Part {
    /// What lines call it.
    shown: String,
    digest: Digest,
    size: u64,
    is_layer: bool,
}

fn preparations(parts: &[Part], is_containerd: bool) -> Vec<Progress> {
    if is_containerd {
        return parts.iter().map(|part| Progress::of(&part.shown, "Waiting")).collect();
    }
    let preparing = parts.iter().map(|part| Progress::of(&part.shown, "Preparing"));
    let waiting = parts.iter().skip(AT_ONCE).map(|part| Progress::of(&part.shown, "Waiting"));
    preparing.chain(waiting).collect()
}

fn denied(is_containerd: bool) -> Failure {
    let message = if is_containerd {
        "push access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed"
    } else {
        "denied: requested access to the resource is denied"
    };
    Failure::new(FailureKind::Denied, message)
}

/// What a registry says of a manifest, when all layers are there already.
fn refused() -> Failure {
    let message = "errors:\ndenied: requested access to the resource is denied\nunauthorized: authentication required\n";
    Failure::new(FailureKind::Denied, message)
}

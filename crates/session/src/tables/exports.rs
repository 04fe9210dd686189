//! What of an image could be written, and what could not.

use crate::build::Finished;
use crate::protocol::Refusal;
use crate::text::reference::familiar;
use lab_engine::layer::Changeset;
use lab_engine::oci::Layer;
use lab_engine::vfs::Node;
use std::collections::BTreeSet;

/// The most paths that are named.
const MOST: usize = 5;

/// How many files of a layer have no bytes, and their sizes added up.
pub(crate) fn opaque_of(layer: &Layer) -> (u32, u64) {
    if !layer.upper.summary().has_opaque {
        return (0, 0);
    }
    let changes = layer.changes();
    opaque(&changes).fold((0, 0), |(count, size), (_, bytes)| (count + 1, size + bytes))
}

fn opaque(changes: &Changeset) -> impl Iterator<Item = (&str, u64)> {
    changes.changes().filter_map(|change| match change.new.as_deref()? {
        Node::File(file) if file.content.is_opaque() => Some((change.path.as_str(), file.content.size())),
        _ => None,
    })
}

/// Why the image of a build cannot be written: what of it has no bytes. None where everything has.
pub(crate) fn refusal(build: &Finished) -> Option<Refusal> {
    let image = match &build.report.result {
        Ok(image) => image,
        Err(_) => return Some(Refusal { code: "export/failed-build".to_owned(), ..Refusal::default() }),
    };
    let mut refusal = Refusal { code: "export/simulated".to_owned(), ..Refusal::default() };
    let mut in_base = false;
    for layer in &image.layers {
        if !layer.upper().summary().has_opaque {
            continue;
        }
        let changes = lab_engine::layer::diff(layer.lower(), layer.upper());
        for (path, size) in opaque(&changes) {
            refusal.files += 1;
            refusal.size += size as f64;
            in_base |= layer.is_base();
            if !layer.is_base() && refusal.paths.len() < MOST {
                refusal.paths.push(path.to_owned());
            }
        }
    }
    if in_base {
        refusal.bases = bases(build);
    }
    (refusal.files > 0).then_some(refusal)
}

/// The base image that the target stands on, as a person writes it.
fn bases(build: &Finished) -> Vec<String> {
    let names: BTreeSet<String> = super::base_of(&build.report)
        .into_iter()
        .map(|name| {
            let (repository, tag) = familiar(name);
            format!("{repository}:{tag}")
        })
        .collect();
    names.into_iter().collect()
}

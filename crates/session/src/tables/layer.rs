//! The changes that one layer makes.

use crate::build::{Finished, layer_figure, rows};
use crate::protocol::{Figure, LayerChange, LayerChangeKind, LayerView};
use lab_engine::cache::SnapshotLayer;
use lab_engine::digest::{DiffId, chain_id};
use lab_engine::layer::{Change, ChangeKind, diff};
use lab_engine::vfs::{DeviceKind, Node};
use std::sync::Arc;

/// The most changes that are listed.
const MOST: usize = 2000;

/// The layer of a row; `None` where it has none.
pub(crate) fn layer(build: &Finished, number: Option<u32>, step: u32) -> Option<LayerView> {
    let row = rows(build).into_iter().nth(step as usize)?;
    let vertices = row.vertices.iter().filter_map(|id| build.report.vertices.get(id.0 as usize));
    let vertex = vertices.filter(|vertex| vertex.layer.is_some()).last()?;
    let layer = vertex.layer.as_ref()?;
    let chain = match &vertex.record {
        Some(record) => chain(record.snapshot.layers.iter()),
        None => chain([layer].into_iter()),
    };
    Some(LayerView { build: number, step, ..view(layer, chain) })
}

/// A layer of an image, by its place.
pub(crate) fn layer_of(layers: &[Arc<SnapshotLayer>], at: u32) -> Option<LayerView> {
    let layer = layers.get(at as usize)?;
    let below = &layers[..=at as usize];
    Some(LayerView { build: None, step: at, ..view(layer, chain(below.iter())) })
}

fn view(layer: &Arc<SnapshotLayer>, chain_id: String) -> LayerView {
    let made = layer.layer();
    let changes = diff(layer.lower(), layer.upper());
    let listed: Vec<LayerChange> = changes.changes().take(MOST).filter_map(change).collect();
    LayerView {
        build: None,
        step: 0,
        size: layer_figure(layer),
        tar_size: Figure { value: made.tar_size as f64, modelled: made.modelled },
        diff_id: made.diff_id.to_string(),
        chain_id,
        changes: listed,
        count: changes.changes().count() as u32,
    }
}

fn chain<'a>(layers: impl Iterator<Item = &'a Arc<SnapshotLayer>>) -> String {
    let ids: Vec<DiffId> = layers.map(|layer| layer.layer().diff_id).collect();
    chain_id(&ids).map_or(String::new(), |id| id.to_string())
}

/// A change as a person reads it; nothing for a directory that is only on the way.
pub(crate) fn change(change: &Change) -> Option<LayerChange> {
    let kind = match change.kind {
        ChangeKind::Added => LayerChangeKind::Added,
        ChangeKind::Modified => LayerChangeKind::Modified,
        ChangeKind::Removed => LayerChangeKind::Deleted,
        ChangeKind::Parent => return None,
    };
    let node = change.new.as_deref().or(change.old.as_deref())?;
    let is_opaque = matches!(node, Node::File(file) if file.content.is_opaque());
    let size = if change.new.is_some() { change.new_size() } else { change.old_size() };
    let metadata = node.metadata();
    Some(LayerChange {
        path: if node.is_directory() { format!("{}/", change.path) } else { change.path.clone() },
        kind,
        size: Figure { value: size as f64, modelled: is_opaque },
        mode: mode(node),
        owner: format!("{}:{}", metadata.uid, metadata.gid),
        target: node.as_symlink().map(str::to_owned),
    })
}

/// Type and mode as `ls -l` writes them.
fn mode(node: &Node) -> String {
    let letter = match node {
        Node::Directory(_) => 'd',
        Node::File(_) => '-',
        Node::Symlink { .. } => 'l',
        Node::Device { kind: DeviceKind::Character, .. } => 'c',
        Node::Device { kind: DeviceKind::Block, .. } => 'b',
        Node::Device { kind: DeviceKind::Fifo, .. } => 'p',
    };
    let bits = node.metadata().mode;
    let mut text = String::from(letter);
    // A special bit takes the place of the `x` of its group: small where the `x` is there too.
    for (shift, special, mark) in [(6, 0o4000, 's'), (3, 0o2000, 's'), (0, 0o1000, 't')] {
        let group = bits >> shift;
        text.push(if group & 4 != 0 { 'r' } else { '-' });
        text.push(if group & 2 != 0 { 'w' } else { '-' });
        text.push(match (bits & special != 0, group & 1 != 0) {
            (true, true) => mark,
            (true, false) => mark.to_ascii_uppercase(),
            (false, true) => 'x',
            (false, false) => '-',
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab_engine::vfs::Metadata;

    #[test]
    fn modes_are_written_as_ls_does() {
        for (bits, text) in [
            (0o644, "-rw-r--r--"),
            (0o4755, "-rwsr-xr-x"),
            (0o2644, "-rw-r-Sr--"),
            (0o1777, "-rwxrwxrwt"),
            (0, "----------"),
        ] {
            assert_eq!(mode(&Node::file(Metadata::new(bits, 0), "")), text);
        }
        assert_eq!(mode(&Node::symlink(Metadata::new(0o777, 0), "a")), "lrwxrwxrwx");
    }
}

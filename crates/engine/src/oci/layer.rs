//! A layer made from two snapshots.

use super::image::Layer;
use crate::digest::DiffId;
use crate::layer::tar::{DigestSink, Writer};
use crate::layer::{Changeset, diff};
use crate::vfs::Tree;

impl Layer {
    /// The layer that leads from `lower` to `upper`.
    ///
    /// Its tar is written through a hash and nowhere kept. Times after `epoch` are set to it, as BuildKit does with
    /// `rewrite-timestamp` and `SOURCE_DATE_EPOCH`. With opaque content the diff ID is derived as
    /// [`DigestSink`] says, and `modelled` is set; the length of the tar is exact all the same.
    pub fn between(lower: &Tree, upper: &Tree, epoch: Option<i64>) -> Self {
        Self::with_changes(lower, upper, &diff(lower, upper), epoch)
    }

    /// As [`Layer::between`], where the difference is known already.
    pub fn with_changes(lower: &Tree, upper: &Tree, changes: &Changeset, epoch: Option<i64>) -> Self {
        let mut writer = Writer::new(DigestSink::new());
        let mut size = 0;
        for entry in changes.entries(epoch) {
            size += entry.size();
            let Ok(()) = writer.append(&entry);
        }
        let Ok(sink) = writer.finish();
        Self {
            tar_size: sink.length(),
            size,
            compressed_size: None,
            modelled: sink.is_modelled(),
            diff_id: DiffId(sink.digest()),
            epoch,
            lower: lower.clone(),
            upper: upper.clone(),
        }
    }

    /// What the layer changes. Costs what [`diff`] costs.
    pub fn changes(&self) -> Changeset {
        diff(&self.lower, &self.upper)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vfs::{Content, Metadata};

    #[test]
    fn sizes_and_the_mark_of_opaque_content() {
        let lower = Tree::new();
        let mut upper = lower.clone();
        upper.write("/a", "text".into(), Metadata::new(0o644, 5)).unwrap();
        upper.hard_link("/a", "/b", 5).unwrap();
        let layer = Layer::between(&lower, &upper, None);
        assert_eq!((layer.tar_size, layer.size, layer.modelled), (5 * 512, 4, false));
        upper.write("/c", Content::modelled(1000, "test", &[]), Metadata::new(0o644, 5)).unwrap();
        let layer = Layer::between(&lower, &upper, None);
        assert_eq!((layer.tar_size, layer.size, layer.modelled), (8 * 512, 1004, true));
    }

    #[test]
    fn an_empty_layer_is_a_layer() {
        let layer = Layer::between(&Tree::new(), &Tree::new(), Some(0));
        assert_eq!(layer.tar_size, 1024);
        assert!(layer.diff_id.to_string().starts_with("sha256:5f70bf18a086007016e948b04aed3b82103a36be"));
    }
}

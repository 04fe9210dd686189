//! The image that a build made, with digests that are computed when first asked for.

use crate::cache::{SnapshotLayer, StepImage};
use crate::oci::{HistoryEntry, Image, ImageConfig};
use crate::vfs::Tree;
use crate::world::rfc3339;
use std::sync::{Arc, OnceLock};

/// The image that a build made.
///
/// Configuration, history and files are there at once. Digests need the bytes of all new layers, which a live preview can
/// seldom wait for: [`BuiltImage::image`] makes them when first asked.
#[derive(Clone, Debug)]
pub struct BuiltImage {
    /// The configuration, but without `diff_ids`.
    pub config: ImageConfig,
    /// The layers, the lowest first.
    pub layers: Vec<Arc<SnapshotLayer>>,
    /// The filesystem of a new container.
    pub tree: Tree,
    /// The image of the step that made it, if it is one of the classic builder: then it is that.
    step: Option<Arc<StepImage>>,
    /// The time that was written down for the new layers, if times were rewritten.
    epoch: Option<i64>,
    made: OnceLock<Arc<Image>>,
}

impl BuiltImage {
    pub(super) fn new(
        mut config: ImageConfig,
        layers: Vec<Arc<SnapshotLayer>>,
        tree: Tree,
        epoch: Option<i64>,
    ) -> Self {
        fill_times(&mut config.history, &layers);
        config.created = config.history.last().and_then(|row| row.created.clone());
        Self { config, layers, tree, step: None, epoch, made: OnceLock::new() }
    }

    /// The image of a step of the classic builder.
    pub(super) fn of_step(step: Arc<StepImage>) -> Self {
        Self {
            config: step.config().clone(),
            layers: step.layers(),
            tree: step.tree().clone(),
            step: Some(step),
            epoch: None,
            made: OnceLock::new(),
        }
    }

    /// The image of the last step, of the classic builder.
    pub fn step(&self) -> Option<&Arc<StepImage>> {
        self.step.as_ref()
    }

    /// The image with all its digests. The first call writes the tars of all new layers through a hash.
    pub fn image(&self) -> &Arc<Image> {
        if let Some(step) = &self.step {
            return step.image();
        }
        self.made.get_or_init(|| {
            let base = self.layers.iter().take_while(|layer| layer.is_base()).count();
            let layers = self.layers.iter().map(|layer| layer.layer().clone()).collect();
            let image = Image::assemble(self.config.clone(), layers, base, self.epoch);
            Arc::new(Image { tree: self.tree.clone(), ..image })
        })
    }
}

/// Gives rows without a time the one of their layer; a row without a layer gets that of the layer before it, or of the
/// first new one where only the base is before it.
fn fill_times(history: &mut [HistoryEntry], layers: &[Arc<SnapshotLayer>]) {
    let mut of_layers = layers.iter();
    for row in history.iter_mut().filter(|row| !row.empty_layer) {
        let made = of_layers.next().and_then(|layer| layer.created());
        if row.created.is_none() {
            row.created = made.map(rfc3339);
        }
    }
    let open = history.iter().position(|row| row.created.is_none());
    let Some(open) = open else { return };
    let later = history[open..].iter().find_map(|row| row.created.clone());
    let before = history[..open].iter().rev().find_map(|row| row.created.clone());
    let mut time = later.or(before);
    let mut passed = false;
    for row in history {
        match &row.created {
            Some(created) if passed => time = Some(created.clone()),
            Some(_) => {}
            None => {
                passed = true;
                row.created.clone_from(&time);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(created: Option<&str>, empty_layer: bool) -> HistoryEntry {
        HistoryEntry {
            created: created.map(str::to_owned),
            created_by: String::new(),
            comment: String::new(),
            empty_layer,
            author: String::new(),
        }
    }

    fn filled(mut rows: Vec<HistoryEntry>, layers: &[i64]) -> Vec<String> {
        let layer = |at: &i64| SnapshotLayer::between(Tree::new(), Tree::new()).with_created(*at);
        let layers: Vec<_> = layers.iter().map(|at| Arc::new(layer(at))).collect();
        fill_times(&mut rows, &layers);
        rows.into_iter().map(|row| row.created.unwrap_or_default()[..4].to_owned()).collect()
    }

    #[test]
    fn rows_get_the_times_of_layers() {
        let year = |years: i64| years * 31_557_600;
        let rows = vec![row(Some("1999"), false), row(None, true), row(None, false), row(None, true)];
        assert_eq!(filled(rows, &[0, year(31)]), ["1999", "2000", "2000", "2000"]);
        let rows = vec![row(Some("1999"), false), row(None, true)];
        assert_eq!(filled(rows, &[0]), ["1999", "1999"]);
    }
}

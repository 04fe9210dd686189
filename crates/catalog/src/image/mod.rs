//! Base images as real images: records of the catalogue made into trees, layers and configurations.
//!
//! An image is made when it is first asked for. Its parent is made first, and its layers are shared.

mod accounts;
mod family;
mod layer;
mod software;
mod system;

use crate::data::images::{Images, Record};
use lab_engine::oci::{HistoryEntry, Image, ImageConfig, Layer, RuntimeConfig};
use lab_engine::vfs::Tree;
use layer::LayerBuilder;
use software::Additions;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Images that were made already, by name and architecture.
pub(crate) type Made = BTreeMap<(String, String), Arc<Image>>;

/// Makes the image of a record, and of all that it comes from.
pub(crate) fn make(images: &Images, record: &Record, architecture: &str, made: &mut Made) -> Arc<Image> {
    let key = (record.name.clone(), architecture.to_owned());
    if let Some(image) = made.get(&key) {
        return image.clone();
    }
    let parent_record =
        record.from.as_ref().and_then(|name| images.images.iter().find(|one| one.name == *name));
    let parent = parent_record.map(|parent| make(images, parent, architecture, made));
    let image = Arc::new(build(images, record, parent.as_deref(), architecture));
    made.insert(key, image.clone());
    image
}

fn build(images: &Images, record: &Record, parent: Option<&Image>, architecture: &str) -> Image {
    let created = timestamp(&record.date);
    let (mut layers, mut history) = match parent {
        Some(parent) => (parent.layers.clone(), parent.config.history.clone()),
        None => Default::default(),
    };
    let additions = Additions::of(record);
    for (at, row) in record.history.iter().enumerate() {
        if let Some(size) = row.size {
            layers.push(build_layer(images, &additions, at, size, &layers));
        }
        history.push(HistoryEntry {
            created: Some(created.text.clone()),
            created_by: row.created_by.clone(),
            comment: comment(&row.created_by).to_owned(),
            empty_layer: row.size.is_none(),
            author: String::new(),
        });
    }
    let config = ImageConfig {
        architecture: architecture.to_owned(),
        os: "linux".to_owned(),
        created: Some(created.text),
        config: runtime_config(record),
        history,
        ..ImageConfig::default()
    };
    // The content is simulated, so image ID and digests cannot be those of the registry.
    let base_layers = layers.len();
    Image::assemble(config, layers, base_layers, None)
}

fn build_layer(
    images: &Images,
    additions: &Additions,
    at: usize,
    size: u64,
    below: &[Arc<Layer>],
) -> Arc<Layer> {
    let record = additions.record;
    let row = &record.history[at];
    let lower = below.last().map_or_else(Tree::new, |layer| layer.upper.clone());
    let seed = format!("{}\n{at}\n{}", record.name, row.created_by);
    let mut layer = LayerBuilder::new(lower, size, timestamp(&record.date).seconds, &seed);
    let system = images.systems.get(&record.system).map(|system| system.resolved(&images.systems));
    match system {
        Some(system) if below.is_empty() && !system.directories.is_empty() => {
            let slim = system.package_manager.as_deref() == Some("apt") && record.name.ends_with("-slim");
            system::install(&mut layer, &system, &record.system, slim);
        }
        _ => additions.apply(at, &mut layer),
    }
    layer.finish(row.compressed_size)
}

fn runtime_config(record: &Record) -> RuntimeConfig {
    let config = record.config.clone();
    RuntimeConfig {
        user: config.user,
        exposed_ports: config.exposed_ports.into_iter().collect(),
        env: config.env,
        entrypoint: config.entrypoint,
        cmd: config.cmd,
        volumes: config.volumes.into_iter().collect(),
        working_dir: config.working_dir,
        labels: config.labels,
        stop_signal: config.stop_signal,
        ..RuntimeConfig::default()
    }
}

/// The image with nothing in it.
pub(crate) fn scratch() -> Image {
    let config =
        ImageConfig { architecture: "amd64".to_owned(), os: "linux".to_owned(), ..ImageConfig::default() };
    Image::assemble(config, Vec::new(), 0, None)
}

/// What wrote a row, to judge by its words.
fn comment(created_by: &str) -> &'static str {
    let foreign = ["/bin/sh -c", "# debian.sh", "bazel", "BusyBox"];
    if foreign.iter().any(|start| created_by.starts_with(start)) { "" } else { "buildkit.dockerfile.v0" }
}

struct Timestamp {
    text: String,
    seconds: i64,
}

/// A date of the catalogue, of which month and day may be unknown (then the first), at midnight UTC.
fn timestamp(date: &str) -> Timestamp {
    let mut parts = date.split('-').map(|part| part.parse::<i64>().unwrap_or(1));
    let (year, month, day) =
        (parts.next().unwrap_or(1970), parts.next().unwrap_or(1), parts.next().unwrap_or(1));
    // Days since 1970 in the proleptic Gregorian calendar, with years that begin in March.
    let shifted = if month <= 2 { year - 1 } else { year };
    let era_year = shifted.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = era_year * 365 + era_year / 4 - era_year / 100 + day_of_year;
    let days = shifted.div_euclid(400) * 146_097 + day_of_era - 719_468;
    Timestamp { text: format!("{year:04}-{month:02}-{day:02}T00:00:00Z"), seconds: days * 86_400 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        for (date, text, seconds) in [
            ("1970-01-01", "1970-01-01T00:00:00Z", 0),
            ("2024-02-29", "2024-02-29T00:00:00Z", 1_709_164_800),
            ("2026-09", "2026-09-01T00:00:00Z", 1_788_220_800),
            ("2024", "2024-01-01T00:00:00Z", 1_704_067_200),
        ] {
            let made = timestamp(date);
            assert_eq!((made.text.as_str(), made.seconds), (text, seconds), "{date}");
        }
    }
}

//! `docker image ls` and `docker system df`.
//!
//! The rows hold the images of the builds and the base images, which share layers with them. The texts are Docker's: it
//! lists no image that only a build has fetched.

use super::{base_of, resolve};
use crate::build::{Finished, layer_figure};
use crate::images::Archived;
use crate::protocol::{DiskRow, DiskView, Figure, ImageRow};
use crate::text::age::ago;
use crate::text::reference::{familiar, without_digest};
use crate::text::size::{human_size, short_size};
use crate::text::table::table;
use crate::text::time::parse_rfc3339;
use lab_engine::cache::{Cache, SnapshotLayer};
use lab_engine::digest::{ChainId, DiffId, Digest, chain_id};
use lab_engine::oci::{HistoryEntry, Image};
use lab_engine::world::World;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A build with the full names that its image was given.
pub(crate) struct Built<'a> {
    pub(crate) number: u32,
    pub(crate) names: Vec<String>,
    pub(crate) build: &'a Finished,
}

/// A loaded image with the number of builds that there were before it.
type Loaded = (u32, Arc<Archived>);

/// An image that was asked for by its ID.
pub(crate) struct Found {
    pub(crate) image: Arc<Image>,
    /// Full names.
    pub(crate) names: Vec<String>,
    pub(crate) layers: Vec<Arc<SnapshotLayer>>,
    /// The text of its configuration, if that is not made from its parts.
    pub(crate) config: Option<String>,
    pub(crate) build: Option<u32>,
    pub(crate) loaded: bool,
}

/// Finds an image by its ID: among the loaded ones, then those that builds made, then the base images.
pub(crate) fn find(id: &str, builds: &[Built<'_>], loaded: &[Loaded], world: &dyn World) -> Option<Found> {
    let row = own(builds, loaded).into_iter().find(|image| image.id == id);
    let (names, build) = row.map(|image| (image.names, image.build)).unwrap_or_default();
    if let Some((_, archived)) = loaded.iter().rev().find(|(_, image)| image.id() == id) {
        return Some(Found {
            names,
            layers: snapshots(&archived.image),
            config: Some(archived.config().to_owned()),
            image: archived.image.clone(),
            build,
            loaded: true,
        });
    }
    for built in builds.iter().rev() {
        let Ok(result) = &built.build.report.result else { continue };
        let image = result.image();
        if image.config_digest.to_string() == id {
            let (image, layers) = (image.clone(), result.layers.clone());
            return Some(Found { image, names, layers, config: None, build, loaded: false });
        }
    }
    let base =
        base_images(builds, world).into_iter().find(|(_, image)| image.config_digest.to_string() == id);
    let (names, image) = base?;
    let layers = snapshots(&image);
    Some(Found { image, names, layers, config: None, build: None, loaded: false })
}

fn snapshots(image: &Image) -> Vec<Arc<SnapshotLayer>> {
    image.layers.iter().map(|layer| Arc::new(SnapshotLayer::of_base(layer.clone()))).collect()
}

/// An image on the disk.
struct Stored {
    id: String,
    names: Vec<String>,
    created: Option<i64>,
    layers: Vec<LayerOf>,
    build: Option<u32>,
    loaded: bool,
}

/// A layer at its place in an image: the same bytes above others are another layer on the disk.
#[derive(Clone)]
struct LayerOf {
    chain: ChainId,
    diff_id: DiffId,
    size: Figure,
    created_by: String,
}

/// All images, newest first, and what they take on the disk.
pub(crate) fn images(
    builds: &[Built<'_>],
    loaded: &[Loaded],
    cache: &Cache,
    world: &dyn World,
) -> (Vec<ImageRow>, DiskView) {
    let mut stored = own(builds, loaded);
    let known: BTreeSet<String> = stored.iter().map(|image| image.id.clone()).collect();
    stored.extend(bases(builds, world).into_iter().filter(|base| !known.contains(&base.id)));
    // The sort is stable: of images made in one second the one listed first stays first.
    lab_engine::order::sort_by_key(&mut stored, |image| std::cmp::Reverse(image.created));
    let mut rows = Vec::new();
    let mut image_of_row = Vec::new();
    for (at, image) in stored.iter().enumerate() {
        for row in image_rows(image, world.now()) {
            rows.push(row);
            image_of_row.push(at);
        }
    }
    let disk = disk(&stored, &image_of_row, &rows, cache, builds);
    (rows, disk)
}

/// The images that were built or loaded, the newest first. A name belongs to the last of them that was given it, as in
/// Docker; one that was both built and loaded is one image.
fn own(builds: &[Built<'_>], loaded: &[Loaded]) -> Vec<Stored> {
    let mut found: Vec<Stored> = Vec::new();
    let mut loaded = loaded.iter().peekable();
    for built in builds {
        while let Some((_, archived)) = loaded.next_if(|(after, _)| *after < built.number) {
            put(&mut found, of_archive(archived), archived.names());
        }
        if let Some(image) = of_build(built) {
            put(&mut found, image, &built.names);
        }
    }
    for (_, archived) in loaded {
        put(&mut found, of_archive(archived), archived.names());
    }
    found.reverse();
    found
}

/// Puts an image behind the others, and gives it names that it takes from them.
fn put(found: &mut Vec<Stored>, image: Stored, names: &[String]) {
    for earlier in found.iter_mut() {
        earlier.names.retain(|name| !names.contains(name));
    }
    let at = found.iter().position(|earlier| earlier.id == image.id).unwrap_or(found.len());
    let (build, loaded) = (image.build, image.loaded);
    if at == found.len() {
        found.push(image);
    }
    let same = &mut found[at];
    same.names.extend_from_slice(names);
    lab_engine::order::sort(&mut same.names);
    same.build = same.build.or(build);
    same.loaded |= loaded;
}

fn of_build(built: &Built<'_>) -> Option<Stored> {
    let result = built.build.report.result.as_ref().ok()?;
    let image = result.image();
    Some(Stored {
        id: image.config_digest.to_string(),
        names: Vec::new(),
        created: image.config.created.as_deref().and_then(parse_rfc3339),
        layers: layers(&result.layers, &result.config.history),
        build: Some(built.number),
        loaded: false,
    })
}

fn of_archive(archived: &Archived) -> Stored {
    Stored { loaded: true, ..of_image(&archived.image) }
}

fn of_image(image: &Image) -> Stored {
    let snapshots = snapshots(image);
    Stored {
        id: image.config_digest.to_string(),
        names: Vec::new(),
        created: image.config.created.as_deref().and_then(parse_rfc3339),
        layers: layers(&snapshots, &image.config.history),
        build: None,
        loaded: false,
    }
}

fn bases(builds: &[Built<'_>], world: &dyn World) -> Vec<Stored> {
    let of_base = |(names, image): (Vec<String>, Arc<Image>)| Stored { names, ..of_image(&image) };
    base_images(builds, world).into_iter().map(of_base).collect()
}

/// The images that builds stand on, with their full names, each once.
fn base_images(builds: &[Built<'_>], world: &dyn World) -> Vec<(Vec<String>, Arc<Image>)> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for built in builds {
        for vertex in &built.build.report.vertices {
            let base = vertex.parts.as_ref().and_then(|parts| parts.base.as_ref());
            names.extend(base.map(|base| base.reference.as_str()));
        }
        names.extend(base_of(&built.build.report));
    }
    let mut found: BTreeMap<Digest, (Vec<String>, Arc<Image>)> = BTreeMap::new();
    for name in names {
        let Some(image) = resolve(world, name) else { continue };
        let (known, _) = found.entry(image.config_digest).or_insert_with(|| (Vec::new(), image.clone()));
        known.push(without_digest(name).to_owned());
    }
    found.into_values().collect()
}

fn layers(layers: &[Arc<SnapshotLayer>], history: &[HistoryEntry]) -> Vec<LayerOf> {
    let mut made_by = history.iter().filter(|entry| !entry.empty_layer).map(|entry| entry.created_by.clone());
    let mut ids: Vec<DiffId> = Vec::new();
    let mut found = Vec::new();
    for layer in layers {
        let diff_id = layer.layer().diff_id;
        ids.push(diff_id);
        let Some(chain) = chain_id(&ids) else { continue };
        let created_by = made_by.next().unwrap_or_default();
        found.push(LayerOf { chain, diff_id, size: layer_figure(layer), created_by });
    }
    found
}

fn image_rows(image: &Stored, now: i64) -> Vec<ImageRow> {
    let size = image.layers.iter().fold(Figure::default(), |sum, layer| sum + layer.size);
    let row = |repository: String, tag: String| ImageRow {
        repository,
        tag,
        id: image.id.clone(),
        created_since: ago(image.created, now),
        size,
        build: image.build,
        loaded: image.loaded,
    };
    if image.names.is_empty() {
        return vec![row("<none>".to_owned(), "<none>".to_owned())];
    }
    let names = image.names.iter().map(|name| familiar(name));
    names.map(|(repository, tag)| row(repository, tag)).collect()
}

fn disk(
    stored: &[Stored],
    image_of_row: &[usize],
    rows: &[ImageRow],
    cache: &Cache,
    builds: &[Built<'_>],
) -> DiskView {
    let mut users: BTreeMap<ChainId, Vec<usize>> = BTreeMap::new();
    let mut order: Vec<&LayerOf> = Vec::new();
    for (at, image) in stored.iter().enumerate() {
        for layer in &image.layers {
            let list = users.entry(layer.chain).or_insert_with(|| {
                order.push(layer);
                Vec::new()
            });
            list.push(at);
        }
    }
    let sum =
        |figures: &mut dyn Iterator<Item = Figure>| figures.fold(Figure::default(), |sum, size| sum + size);
    let is_dangling = |at: &usize| stored[*at].names.is_empty();
    let first_row = |at: usize| image_of_row.iter().position(|image| *image == at).unwrap_or(0) as u32;
    let mut disk_rows: Vec<DiskRow> = order
        .iter()
        .map(|layer| DiskRow {
            diff_id: layer.diff_id.to_string(),
            created_by: layer.created_by.clone(),
            size: layer.size,
            images: users[&layer.chain].iter().map(|at| first_row(*at)).collect(),
        })
        .collect();
    lab_engine::order::sort_by_key(&mut disk_rows, |row| std::cmp::Reverse(row.images.len()));
    let (build_cache, records) = cache_figures(cache, builds);
    let mut view = DiskView {
        logical: sum(&mut stored.iter().flat_map(|image| image.layers.iter().map(|layer| layer.size))),
        real: sum(&mut order.iter().map(|layer| layer.size)),
        reclaimable: sum(&mut order
            .iter()
            .filter(|l| users[&l.chain].iter().all(is_dangling))
            .map(|l| l.size)),
        build_cache,
        cache_records: records,
        layers: disk_rows,
        text: String::new(),
        images_text: images_text(rows),
    };
    let is_own = |image: &Stored| image.build.is_some() || image.loaded;
    let is_built = |at: &usize| is_own(&stored[*at]);
    let count = stored.iter().filter(|image| is_own(image)).count();
    let used = sum(&mut order.iter().filter(|l| users[&l.chain].iter().any(is_built)).map(|l| l.size));
    view.text = df_text(count, used.value, records, build_cache.value);
    view
}

/// Bytes of layers that are in no image of a build, and the number of records.
fn cache_figures(cache: &Cache, builds: &[Built<'_>]) -> (Figure, u32) {
    let images = builds.iter().filter_map(|built| built.build.report.result.as_ref().ok());
    let in_images: BTreeSet<*const SnapshotLayer> =
        lab_engine::order::set(images.flat_map(|image| image.layers.iter().map(Arc::as_ptr)));
    let mut seen = BTreeSet::new();
    let mut size = Figure::default();
    for layer in cache.records().filter_map(|record| record.layer()) {
        if !in_images.contains(&Arc::as_ptr(layer)) && seen.insert(Arc::as_ptr(layer)) {
            size = size + layer_figure(layer);
        }
    }
    (size, cache.len() as u32)
}

fn images_text(rows: &[ImageRow]) -> String {
    let line = |row: &ImageRow| {
        let id = row.id.trim_start_matches("sha256:").chars().take(12).collect();
        vec![
            row.repository.clone(),
            row.tag.clone(),
            id,
            row.created_since.clone(),
            short_size(row.size.value),
        ]
    };
    let lines: Vec<Vec<String>> =
        rows.iter().filter(|row| row.build.is_some() || row.loaded).map(line).collect();
    table(&["REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE"], &lines)
}

/// What `docker system df` prints where no container runs: everything could be reclaimed.
fn df_text(images: usize, size: f64, records: u32, cache: f64) -> String {
    let percent = if size > 0.0 { " (100%)" } else { "" };
    let line = |cells: [&str; 5]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    let size = human_size(size);
    let cache = human_size(cache);
    table(
        &["TYPE", "TOTAL", "ACTIVE", "SIZE", "RECLAIMABLE"],
        &[
            line(["Images", &images.to_string(), "0", &size, &format!("{size}{percent}")]),
            line(["Containers", "0", "0", "0B", "0B"]),
            line(["Local Volumes", "0", "0", "0B", "0B"]),
            line(["Build Cache", &records.to_string(), "0", &cache, &cache]),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables that Docker printed.
    #[test]
    fn the_texts_are_dockers() {
        let expected = [
            "TYPE            TOTAL     ACTIVE    SIZE      RECLAIMABLE",
            "Images          3         0         29.7MB    29.7MB (100%)",
            "Containers      0         0         0B        0B",
            "Local Volumes   0         0         0B        0B",
            "Build Cache     0         0         0B        0B",
            "",
        ];
        assert_eq!(df_text(3, 29_700_000.0, 0, 0.0), expected.join("\n"));
        let row = |repository: &str, tag: &str, id: &str, since: &str, size: f64| ImageRow {
            repository: repository.into(),
            tag: tag.into(),
            id: format!("sha256:{id}{}", "0".repeat(52)),
            created_since: since.into(),
            size: Figure::computed(size),
            build: Some(1),
            loaded: false,
        };
        let rows = [
            row("<none>", "<none>", "2c0248e0af2d", "1 second ago", 3_090_000.0),
            row("front", "latest", "2e6fdf9643ae", "1 second ago", 3_090_000.0),
            row("redis", "7", "c4b2eb9d348b", "2 weeks ago", 16_700_000.0),
        ];
        let expected = [
            "REPOSITORY   TAG       IMAGE ID       CREATED        SIZE",
            "<none>       <none>    2c0248e0af2d   1 second ago   3.09MB",
            "front        latest    2e6fdf9643ae   1 second ago   3.09MB",
            "redis        7         c4b2eb9d348b   2 weeks ago    16.7MB",
            "",
        ];
        assert_eq!(images_text(&rows), expected.join("\n"));
    }
}

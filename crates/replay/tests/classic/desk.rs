//! A daemon's images and a folder, as the commands of a recording leave them.

use super::command::Command;
use super::text::Names;
use lab_catalog::CatalogWorld;
use lab_engine::cache::{BuildId, Cache, SimulationKind, StepImage};
use lab_engine::digest::CacheKey;
use lab_engine::oci::Image;
use lab_engine::solver::{
    Build, BuildErrorKind, BuildOptions, BuildReport, BuilderKind, ClassicOptions, NoCache, Progress,
    Release, Removal, VertexStatus, progress_lines,
};
use lab_engine::vfs::{Metadata, Tree, path};
use lab_engine::world::{World, WorldError};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

const NOW: i64 = 1_790_000_000;

/// The catalogue, and what was built under a name.
struct Shop {
    catalogue: CatalogWorld,
    built: BTreeMap<String, Arc<Image>>,
}

impl World for Shop {
    fn now(&self) -> i64 {
        NOW
    }

    fn resolve_image(&self, name: &str, platform: &str) -> Result<Arc<Image>, WorldError> {
        if let Some(built) = self.built.get(name) {
            return Ok(built.clone());
        }
        let WorldError::UnknownImage { nearest, .. } = (match self.catalogue.resolve_image(name, platform) {
            Err(error @ WorldError::UnknownImage { .. }) => error,
            answer => return answer,
        }) else {
            unreachable!("it was matched")
        };
        // The recordings name older releases of the same images; each is an image of its own.
        let repository =
            |name: &str| name.rsplit_once(':').map_or(name, |(repository, _)| repository).to_owned();
        let short = repository(name.trim_start_matches("docker.io/library/"));
        let other = nearest.iter().find(|other| repository(other) == short);
        let other = other.map_or(short, Clone::clone);
        let image = self.catalogue.resolve_image(&format!("docker.io/library/{other}"), platform)?;
        let mut config = image.config.clone();
        config.author = name.to_owned();
        let layers = image.layers.clone();
        let count = layers.len();
        Ok(Arc::new(Image { tree: image.tree.clone(), ..Image::assemble(config, layers, count, None) }))
    }
}

/// What came of a build.
pub(crate) struct Built {
    pub(crate) found: Vec<(String, bool)>,
    pub(crate) said: String,
    /// Whether more came of the images' programs than the builder can be judged by: they are others than those of the
    /// recordings. One failed, or what one made is copied on.
    pub(crate) foreign: bool,
}

pub(crate) struct Desk {
    settings: ClassicOptions,
    shop: Shop,
    cache: Cache,
    folder: Tree,
    tags: BTreeMap<String, Arc<StepImage>>,
    builds: u32,
    pub(crate) said: Names,
    pub(crate) wanted: Names,
}

impl Desk {
    pub(crate) fn new(release: Release, recording: &Value) -> Self {
        let catalogue = CatalogWorld::new(NOW);
        for name in CatalogWorld::ASSETS {
            let path = format!("{}/../../catalog/{name}.json", env!("CARGO_MANIFEST_DIR"));
            let text = fs::read_to_string(&path).expect("the catalogue is there");
            catalogue.provide(name, &text).expect("it can be read");
        }
        let mut desk = Self {
            settings: ClassicOptions { release, ..ClassicOptions::default() },
            shop: Shop { catalogue, built: BTreeMap::new() },
            cache: Cache::new(),
            folder: Tree::new(),
            tags: BTreeMap::new(),
            builds: 0,
            said: Names::default(),
            wanted: Names::default(),
        };
        for (name, text) in recording["files"].as_object().into_iter().flatten() {
            desk.write(name, text.as_str().unwrap_or_default());
        }
        for command in recording["setup"].as_array().into_iter().flatten() {
            desk.other(command.as_str().unwrap_or_default());
        }
        desk
    }

    fn write(&mut self, name: &str, text: &str) {
        if name.starts_with("../") {
            return;
        }
        let place = path::absolute("/", name);
        self.folder
            .make_directories(path::parent(&place), Metadata::new(0o755, NOW))
            .expect("a folder can be made");
        self.folder
            .write(&place, text.to_owned().into(), Metadata::new(0o644, NOW))
            .expect("a file can be written");
    }

    pub(crate) fn edit(&mut self, edit: &Value) {
        self.write(
            edit["edit"].as_str().expect("it names a file"),
            edit["content"].as_str().unwrap_or_default(),
        );
    }

    /// A command that builds nothing: what it does to the folder and to the names of images.
    pub(crate) fn other(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["docker", "tag", from, to] => {
                let image = self.tags.get(&full(from)).expect("it was built").clone();
                self.tags.insert(full(to), image);
            }
            ["docker", "rmi", name] => self.remove(&full(name)),
            ["docker", ..] => {}
            _ if line.contains("docker") => {}
            _ => self.shell(line),
        }
    }

    /// Runs a line in the folder.
    fn shell(&mut self, line: &str) {
        let text = format!("FROM debian:12-slim\nWORKDIR /folder\nCOPY . .\nRUN {line}\n");
        let report =
            Build::new(BuildOptions::new(text, self.folder.clone()), &Cache::new(), &self.shop).finish();
        let image = report.result.unwrap_or_else(|error| panic!("{line}: {}", error.message));
        let folder = image.tree.entry_shared("/folder").expect("the folder is there").clone();
        let mut tree = Tree::new();
        for (name, node) in folder.as_directory().expect("it is a folder").entries() {
            tree.put_shared(&format!("/{name}"), node.clone(), NOW).expect("it can be put");
        }
        self.folder = tree;
    }

    /// Forgets a name, and the images that nothing stands on any longer.
    fn remove(&mut self, name: &str) {
        let mut image = self.tags.remove(name);
        while let Some(gone) = image {
            let is_held =
                |by: &Arc<StepImage>| by.parent().is_some_and(|parent| parent.identity() == gone.identity());
            let children = self.cache.records().filter_map(|record| record.image.as_ref()).any(is_held);
            if children || self.tags.values().any(|tagged| tagged.identity() == gone.identity()) {
                return;
            }
            let made = self.record_of(gone.identity());
            let Some(made) = made else { return };
            self.cache.forget(made);
            image = gone.parent().cloned();
        }
    }

    fn record_of(&self, identity: CacheKey) -> Option<lab_engine::cache::RecordId> {
        let is_it = |image: &Arc<StepImage>| image.identity() == identity;
        self.cache.records().find(|record| record.image.as_ref().is_some_and(is_it)).map(|record| record.id)
    }

    /// Builds as a command line says; none for one that is not replayed.
    pub(crate) fn build(&mut self, line: &str, stdin: Option<&str>) -> Option<Built> {
        let command = Command::parse(line)?;
        let file = command.file.clone().unwrap_or_else(|| "Dockerfile".to_owned());
        let mut context = match &*command.path {
            "-" => Tree::new(),
            "." => self.folder.clone(),
            path => self.subfolder(path)?,
        };
        let name = match (&*command.path, &*file) {
            ("-", _) => {
                context.write("/Dockerfile", stdin?.to_owned().into(), Metadata::new(0o644, NOW)).ok()?;
                "Dockerfile".to_owned()
            }
            (_, "-") => return None,
            (".", file) => file.to_owned(),
            (path, file) => {
                file.strip_prefix(path).map_or(file, |rest| rest.trim_start_matches('/')).to_owned()
            }
        };
        let mut options = BuildOptions::new(context.read_text(&format!("/{name}"))?.to_owned(), context);
        self.builds += 1;
        options.build = BuildId(self.builds);
        (options.dockerfile_name, options.target) = (name, command.target);
        (options.build_args, options.labels) = (command.build_args, command.labels);
        options.no_cache = if command.no_cache { NoCache::All } else { NoCache::None };
        let remove = if command.keep { Removal::Never } else { Removal::OnSuccess };
        options.builder = BuilderKind::Classic(ClassicOptions { remove, ..self.settings });
        let report = Build::new(options, &self.cache, &self.shop).finish();
        self.cache = report.cache.clone();
        if let Ok(image) = &report.result {
            let step = image.step().expect("it was built by steps").clone();
            for tag in &command.tags {
                self.shop.built.insert(full(tag), step.image().clone());
                self.tags.insert(full(tag), step.clone());
            }
        }
        let said = self.text(&report, &command.tags);
        let program_failed =
            report.result.as_ref().is_err_and(|error| error.kind == BuildErrorKind::CommandFailed);
        if let (Some(file), Ok(image)) = (&command.id_file, &report.result) {
            self.write(file, &image.image().config_digest.to_string());
        }
        let made = report.vertices.iter().filter(|vertex| vertex.status == VertexStatus::Done);
        let is_model =
            made.flat_map(|vertex| &vertex.commands).any(|note| note.kind == SimulationKind::Modelled);
        let foreign =
            program_failed || is_model && report.graph.rows.iter().any(|row| row.text.contains("--from="));
        Some(Built { found: found(&report), said, foreign })
    }

    fn subfolder(&self, path: &str) -> Option<Tree> {
        let node = self.folder.entry_shared(&path::absolute("/", path))?;
        let mut tree = Tree::new();
        for (name, node) in node.as_directory()?.entries() {
            tree.put_shared(&format!("/{name}"), node.clone(), NOW).ok()?;
        }
        Some(tree)
    }

    fn text(&self, report: &BuildReport, tags: &[String]) -> String {
        let size = human_size(report.context_bytes);
        let mut text = format!("Sending build context to Docker daemon  {size:>7}\n");
        for line in progress_lines(&report.progress, self.settings.release) {
            text.push_str(&line.text);
        }
        if report.result.is_ok() {
            for tag in tags {
                let tag = if tag.contains(':') { tag.clone() } else { format!("{tag}:latest") };
                text.push_str(&format!("Successfully tagged {tag}\n"));
            }
        }
        text
    }
}

/// Of each instruction that was said whether it was found.
fn found(report: &BuildReport) -> Vec<(String, bool)> {
    let mut found: Vec<(String, bool)> = Vec::new();
    for said in &report.progress {
        match said {
            Progress::Step { text, .. } => found.push((text.clone(), false)),
            Progress::Cached => found.last_mut().expect("a step was said").1 = true,
            _ => {}
        }
    }
    found
}

fn full(name: &str) -> String {
    let tag = if name.contains(':') { name.to_owned() } else { format!("{name}:latest") };
    format!("docker.io/library/{tag}")
}

/// Four digits, in units of a thousand.
fn human_size(bytes: u64) -> String {
    let (mut value, mut unit) = (bytes as f64, 0);
    while value >= 1000.0 {
        (value, unit) = (value / 1000.0, unit + 1);
    }
    let digits = format!("{value:.*}", 3_usize.saturating_sub(value.log10().max(0.0) as usize));
    let digits =
        if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { &digits };
    format!("{digits}{}", ["B", "kB", "MB", "GB"][unit])
}

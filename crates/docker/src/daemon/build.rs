//! `build`: the engine's builders over the image store.

use super::images::{Blob, Blobs, Origin, Stored, chains, unpacked_size};
use super::transfer::{Progress as Transferred, PullOptions};
use super::{Daemon, SECOND};
use crate::reference::Reference;
use lab_engine::cache::{BuildId, StepImage, Stream};
use lab_engine::digest::Digest;
use lab_engine::oci::Image;
use lab_engine::solver::{
    Build, BuildOptions, BuildReport, BuilderKind, ClassicOptions, NoCache, Progress, Release, Removal,
};
use lab_engine::vfs::Tree;
use lab_engine::world::{
    Closure, Download, Index, Limits, NotLoaded, PackageSource, Timing, World, WorldError,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Seconds of the caller's clock that a build takes at most.
const LONGEST: f64 = 1.0;

/// What to build.
pub struct BuildRequest {
    /// The context.
    pub tree: Tree,
    /// The text of the Dockerfile.
    pub dockerfile: String,
    /// Whether by the classic builder.
    pub classic: bool,
    /// When the containers of its steps go.
    pub removal: Removal,
    /// The names that the image is given.
    pub names: Vec<Reference>,
    /// `--target`
    pub target: Option<String>,
    /// `--build-arg`
    pub build_args: Vec<(String, String)>,
    /// `--label`
    pub labels: Vec<(String, String)>,
    /// `--no-cache`
    pub no_cache: NoCache,
    /// Look for newer base images.
    pub pull: bool,
}

/// What is told of a build.
pub enum Told {
    /// A line of the builder.
    Line(Stream, String),
    /// A base image was pulled.
    Pulled(Vec<Transferred>),
}

/// What came of it.
pub struct BuildAnswer {
    /// The bytes of the context.
    pub context_bytes: u64,
    /// What the classic builder said.
    pub told: Vec<Told>,
    /// The image, or a message with an exit code.
    pub result: Result<Digest, (String, i32)>,
    /// The names that it was given.
    pub names: Vec<Reference>,
    /// Seconds by which the clock goes on: those of the engine's model, but one at most.
    pub seconds: f64,
}

impl Daemon {
    /// Builds an image.
    pub fn build(&mut self, request: BuildRequest, world: &dyn World) -> BuildAnswer {
        let release = if self.dialect.is_old_server() { Release::Docker20 } else { Release::Docker29 };
        let mut options = BuildOptions::new(request.dockerfile, request.tree);
        options.build = BuildId(self.builds);
        options.target = request.target;
        options.build_args = request.build_args;
        options.labels = request.labels;
        options.no_cache = request.no_cache;
        options.trust_times = false;
        if request.classic {
            options.builder = BuilderKind::Classic(ClassicOptions { release, remove: request.removal });
        }
        self.builds += 1;
        let images = Local::new(self, world);
        let report = Build::new(options, &self.cache, &images).finish();
        self.cache = report.cache.clone();
        let mut told = Vec::new();
        for said in &report.progress {
            if let Progress::Base { reference } = said {
                told.extend(self.pull_base(reference, request.pull, world));
            }
            // An image is called by the ID that it has in this store.
            let named = match said {
                Progress::Image(Some(step)) => Some((" --->", self.keep_step(step))),
                Progress::Built(step) => Some(("Successfully built", self.keep_step(step))),
                _ => None,
            };
            match (named, said.line(release)) {
                (Some((head, id)), _) => {
                    told.push(Told::Line(Stream::Stdout, format!("{head} {}\n", id.short(12))));
                }
                (None, Some(line)) => told.push(Told::Line(line.stream, line.text)),
                (None, None) => {}
            }
        }
        let result = self.keep_result(&report);
        if let Ok(id) = &result {
            for name in &request.names {
                self.tag_image(*id, name);
            }
        }
        let context_bytes = report.context_bytes;
        let seconds = report.seconds.min(LONGEST);
        BuildAnswer { context_bytes, told, result, names: request.names, seconds }
    }

    fn pull_base(&mut self, reference: &str, always: bool, world: &dyn World) -> Option<Told> {
        if self.images.named(reference).is_some() && !always {
            return None;
        }
        let reference = Reference::parse(reference).ok()?.with_tag();
        let options = PullOptions { reference, all_tags: false, platform: None, user: None };
        let (lines, _, result) = self.pull(&options, world);
        result.ok().map(|()| Told::Pulled(lines))
    }

    fn keep_result(&mut self, report: &BuildReport) -> Result<Digest, (String, i32)> {
        match &report.result {
            Ok(built) => Ok(match built.step() {
                Some(step) => self.keep_step(step),
                None => self.keep_image(built.image(), None),
            }),
            Err(error) => Err((error.message.clone(), error.exit_code.map_or(1, |code| code as i32))),
        }
    }

    /// Keeps the image of a step, and those that it was made on.
    fn keep_step(&mut self, step: &Arc<StepImage>) -> Digest {
        let parent = step.parent().map(|parent| self.keep_step(parent));
        self.keep_image(step.image(), parent)
    }

    fn keep_image(&mut self, image: &Arc<Image>, parent: Option<Digest>) -> Digest {
        let known = self.images.iter().find(|(_, stored)| stored.image.config_digest == image.config_digest);
        if let Some((id, _)) = known {
            return id;
        }
        let blobs = self.packed(image);
        let id = self.id_of(image, &blobs);
        let stored = Stored {
            image: image.clone(),
            blobs: Arc::new(blobs),
            parent,
            origin: Origin::default(),
            tagged: None,
            pulled_from: Default::default(),
        };
        self.images.insert(id, stored);
        id
    }

    /// The packed parts of an image; layers that other images have are theirs.
    pub(super) fn packed(&self, image: &Image) -> Blobs {
        let mut known: BTreeMap<_, (Blob, u64)> = BTreeMap::new();
        for (_, stored) in self.images.iter() {
            let parts = stored.blobs.layers.iter().cloned().zip(stored.blobs.unpacked.iter().copied());
            known.extend(stored.chains().into_iter().zip(parts));
        }
        let mut blobs = super::transfer::modelled_blobs(image);
        for (at, chain) in chains(image).iter().enumerate() {
            match known.get(chain) {
                Some((blob, unpacked)) => {
                    blobs.layers[at] = blob.clone();
                    blobs.unpacked[at] = *unpacked;
                }
                None => blobs.unpacked[at] = unpacked_size(&image.layers[at]),
            }
        }
        blobs
    }
}

/// The world of a build: the images of the store come first, then those of registries.
struct Local<'a> {
    images: BTreeMap<String, Arc<Image>>,
    world: &'a dyn World,
    now: i64,
}

impl<'a> Local<'a> {
    fn new(daemon: &Daemon, world: &'a dyn World) -> Self {
        let image = |id: Digest| daemon.images.get(id).map(|stored| stored.image.clone());
        let named = daemon.images.all_names().filter_map(|(name, id)| Some((name.to_owned(), image(id)?)));
        let mut images: BTreeMap<String, Arc<Image>> = named.collect();
        for (domain, registry) in &daemon.registries.by_domain {
            for (path, repository) in &registry.repositories {
                for (tag, digest) in &repository.tags {
                    let name = format!("{domain}/{path}:{tag}");
                    if let Some(remote) = repository.images.get(digest) {
                        images.entry(name).or_insert_with(|| remote.image.clone());
                    }
                }
            }
        }
        Self { images, world, now: daemon.now / SECOND }
    }
}

impl World for Local<'_> {
    fn now(&self) -> i64 {
        self.now
    }

    fn resolve_image(&self, reference: &str, platform: &str) -> Result<Arc<Image>, WorldError> {
        match self.images.get(reference) {
            Some(image) => Ok(image.clone()),
            None => self.world.resolve_image(reference, platform),
        }
    }

    fn package_index(&self, source: PackageSource<'_>) -> Result<Option<Arc<Index>>, NotLoaded> {
        self.world.package_index(source)
    }

    fn packages(&self, source: PackageSource<'_>, name: &str) -> Result<Option<Arc<Closure>>, NotLoaded> {
        self.world.packages(source, name)
    }

    fn download(&self, address: &str) -> Result<Option<Arc<Download>>, NotLoaded> {
        self.world.download(address)
    }

    fn artefact_size(&self, kind: &str, name: &str) -> Result<u64, NotLoaded> {
        self.world.artefact_size(kind, name)
    }

    fn timing(&self, step: &str) -> Result<Option<Timing>, NotLoaded> {
        self.world.timing(step)
    }

    fn limits(&self) -> Limits {
        self.world.limits()
    }
}

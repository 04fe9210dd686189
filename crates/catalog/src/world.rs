//! The catalogue as the engine's world.

use crate::data::apk::Apk;
use crate::data::apt::{self, Apt};
use crate::data::downloads::Downloads;
use crate::data::durations::Durations;
use crate::data::images::{Images, Record};
use crate::data::json::parse;
use crate::data::npm::Npm;
use crate::data::pypi::PyPi;
use crate::image::{self, Made};
use crate::reference::{Reference, familiar, nearest};
use lab_engine::oci::Image;
use lab_engine::world::{Closure, Download, Index, NotLoaded, PackageSource, Timing, World, WorldError};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The catalogue's answers at one moment of simulated time. Clones share what has been loaded and made.
#[derive(Clone)]
pub struct CatalogWorld {
    shared: Arc<Mutex<State>>,
    now: i64,
}

#[derive(Default)]
struct State {
    images: Option<Arc<Images>>,
    /// Every name an image can be asked for by, to its place in `images`.
    names: BTreeMap<String, usize>,
    made: Made,
    apt: BTreeMap<String, Arc<Apt>>,
    apk: Option<Arc<Apk>>,
    npm: Option<Arc<Npm>>,
    pypi: Option<Arc<PyPi>>,
    durations: Option<Arc<Durations>>,
    downloads: Option<Arc<Downloads>>,
}

impl State {
    fn has(&self, asset: &str) -> bool {
        match asset {
            "images" => self.images.is_some(),
            "apk" => self.apk.is_some(),
            "npm" => self.npm.is_some(),
            "pypi" => self.pypi.is_some(),
            "durations" => self.durations.is_some(),
            "downloads" => self.downloads.is_some(),
            _ => self.apt.contains_key(asset),
        }
    }

    fn take(&mut self, asset: &str, json: &str) -> Result<(), String> {
        match asset {
            "images" => {
                let images: Images = parse(json)?;
                images.contradiction().map_or(Ok(()), Err)?;
                self.names = names(&images);
                self.images = Some(Arc::new(images));
            }
            "apk" => self.apk = Some(Arc::new(Apk::parse(json)?)),
            "npm" => self.npm = Some(Arc::new(Npm::read(json)?)),
            "pypi" => self.pypi = Some(Arc::new(PyPi::read(json)?)),
            "durations" => self.durations = Some(Arc::new(parse(json)?)),
            "downloads" => self.downloads = Some(Arc::new(parse(json)?)),
            _ => {
                self.apt.insert(asset.to_owned(), Arc::new(Apt::read(json)?));
            }
        }
        Ok(())
    }

    fn apt(&self, suite: &str) -> Result<Option<Arc<Apt>>, NotLoaded> {
        let Some((part, _)) = apt::part_of(suite) else { return Ok(None) };
        self.apt.get(part).cloned().map(Some).ok_or_else(|| NotLoaded::new(part))
    }
}

fn loaded<T>(part: &Option<Arc<T>>, name: &str) -> Result<Arc<T>, NotLoaded> {
    part.clone().ok_or_else(|| NotLoaded::new(name))
}

/// A part of the catalogue cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CatalogError {
    /// There is no part of that name.
    UnknownAsset(String),
    /// The text is not what the part should be.
    Malformed {
        /// The part.
        asset: String,
        /// What the parser says.
        reason: String,
    },
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownAsset(asset) => write!(f, "the catalogue has no part named {asset}"),
            Self::Malformed { asset, reason } => {
                write!(f, "the part {asset} of the catalogue is malformed: {reason}")
            }
        }
    }
}

impl std::error::Error for CatalogError {}

/// What the registry published about an image. Its content is simulated here, so the built identities differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// The digest of the index, which `docker pull` prints: 64 hexadecimal digits.
    pub index: Option<String>,
    /// The digest of the manifest.
    pub manifest: Option<String>,
    /// The image ID, perhaps shortened.
    pub image_id: Option<String>,
}

/// What people should know about a base image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageNotes {
    /// The catalogue's own name of the image.
    pub name: String,
    /// Set where the image is only a stand-in for the name that was asked for: another version or distribution.
    pub stand_in_for: Option<String>,
    /// `published` or `estimated`.
    pub quality: String,
    /// How much of the size is published or exact, in percent.
    pub published_percent: u32,
    /// Identities in the registry.
    pub published: Published,
    /// A remark about sources.
    pub note: Option<String>,
}

impl CatalogWorld {
    /// A world in which nothing has been loaded and it is `now` (seconds since 1970, UTC).
    pub fn new(now: i64) -> Self {
        Self { shared: Arc::default(), now }
    }

    /// The same world at another time.
    #[must_use]
    pub fn at(&self, now: i64) -> Self {
        Self { now, ..self.clone() }
    }

    /// The names of all parts, as [`CatalogWorld::provide`] takes them.
    pub const ASSETS: [&str; 8] =
        ["images", "apt-bookworm", "apt-trixie", "apk", "npm", "pypi", "durations", "downloads"];

    /// Takes a part of the catalogue as the text of its file. A second time changes nothing.
    pub fn provide(&self, asset: &str, json: &str) -> Result<(), CatalogError> {
        if !Self::ASSETS.contains(&asset) {
            return Err(CatalogError::UnknownAsset(asset.to_owned()));
        }
        let mut state = self.state();
        if state.has(asset) {
            return Ok(());
        }
        let malformed = |reason| CatalogError::Malformed { asset: asset.to_owned(), reason };
        state.take(asset, json).map_err(malformed)
    }

    /// What is known about the image that a reference names, once `images` has been loaded.
    pub fn image_notes(&self, reference: &str) -> Option<ImageNotes> {
        let state = self.state();
        let images = state.images.clone()?;
        let reference = Reference::parse(reference);
        let record = find(&images, &state.names, &reference)?;
        let asked = reference.name();
        let stand_in = asked.filter(|name| record.stands_for.contains(name));
        Some(ImageNotes {
            name: record.name.clone(),
            stand_in_for: stand_in,
            quality: record.quality.clone(),
            published_percent: record.published_percent,
            published: Published {
                index: record.index_digest.clone(),
                manifest: record.manifest_digest.clone(),
                image_id: record.image_id.clone(),
            },
            note: record.note.clone(),
        })
    }

    /// All names that `FROM` understands, sorted, once `images` has been loaded.
    pub fn image_names(&self) -> Vec<String> {
        self.state().names.keys().cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves the state whole: it is only ever added to.
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl World for CatalogWorld {
    fn now(&self) -> i64 {
        self.now
    }

    fn resolve_image(&self, reference: &str, platform: &str) -> Result<Arc<Image>, WorldError> {
        let mut state = self.state();
        let Some(images) = state.images.clone() else {
            return Err(WorldError::NotLoaded { asset: "images".to_owned() });
        };
        let wanted = Reference::parse(reference);
        if wanted.repository == "scratch" {
            return Ok(Arc::new(image::scratch()));
        }
        let architecture = platform.split('/').nth(1).filter(|part| !part.is_empty()).unwrap_or("amd64");
        let of_architecture = || {
            let name = format!("{}@{architecture}", wanted.name()?);
            images.images.iter().find(|record| record.name == name)
        };
        if let Some(record) = of_architecture().or_else(|| find(&images, &state.names, &wanted)) {
            return Ok(image::make(&images, record, architecture, &mut state.made));
        }
        // A digest may also be that of the simulated image, as the lab shows it.
        let unpinned = Reference { digest: None, ..wanted.clone() };
        if let (Some(digest), Some(record)) = (&wanted.digest, find(&images, &state.names, &unpinned)) {
            let image = image::make(&images, record, architecture, &mut state.made);
            if image.manifest_digest.to_string() == *digest {
                return Ok(image);
            }
        }
        let nearest = nearest(&wanted, state.names.keys().map(String::as_str));
        Err(WorldError::UnknownImage { name: reference.to_owned(), nearest })
    }

    fn package_index(&self, source: PackageSource<'_>) -> Result<Option<Arc<Index>>, NotLoaded> {
        let state = self.state();
        Ok(match source {
            PackageSource::Apt { suite } => state.apt(suite)?.map(|apt| Arc::new(apt.index(suite))),
            PackageSource::Apk => Some(Arc::new(loaded(&state.apk, "apk")?.index())),
            PackageSource::Npm | PackageSource::PyPi => None,
        })
    }

    fn packages(&self, source: PackageSource<'_>, name: &str) -> Result<Option<Arc<Closure>>, NotLoaded> {
        let state = self.state();
        Ok(match source {
            PackageSource::Apt { suite } => state.apt(suite)?.and_then(|apt| apt.closure(name)),
            PackageSource::Apk => loaded(&state.apk, "apk")?.closure(name),
            PackageSource::Npm => Some(loaded(&state.npm, "npm")?.closure(name)),
            PackageSource::PyPi => Some(loaded(&state.pypi, "pypi")?.closure(name)),
        })
    }

    fn download(&self, address: &str) -> Result<Option<Arc<Download>>, NotLoaded> {
        Ok(Some(loaded(&self.state().downloads, "downloads")?.find(address)))
    }

    fn artefact_size(&self, kind: &str, name: &str) -> Result<u64, NotLoaded> {
        Ok(loaded(&self.state().downloads, "downloads")?.artefact(kind, name))
    }

    fn timing(&self, step: &str) -> Result<Option<Timing>, NotLoaded> {
        Ok(loaded(&self.state().durations, "durations")?.timing(step))
    }
}

fn names(images: &Images) -> BTreeMap<String, usize> {
    let mut names = BTreeMap::new();
    for (at, record) in images.images.iter().enumerate() {
        // Records for one architecture alone are found by it and have no name of their own.
        if record.architecture.is_some() {
            continue;
        }
        for name in std::iter::once(&record.name).chain(&record.tags).chain(&record.stands_for) {
            names.entry(familiar(name)).or_insert(at);
        }
    }
    names
}

/// The record of a reference: by its digest where it has one, else by its name.
fn find<'a>(images: &'a Images, names: &BTreeMap<String, usize>, wanted: &Reference) -> Option<&'a Record> {
    let named = wanted.name().and_then(|name| images.images.get(*names.get(&name)?));
    let Some(digest) = &wanted.digest else { return named };
    let hex = digest.strip_prefix("sha256:")?;
    let has = |record: &Record| {
        [&record.index_digest, &record.manifest_digest].into_iter().flatten().any(|d| d == hex)
    };
    named.filter(|record| has(record)).or_else(|| {
        let of_repository = |record: &Record| Reference::parse(&record.name).repository == wanted.repository;
        images.images.iter().find(|record| of_repository(record) && has(record))
    })
}

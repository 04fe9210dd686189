//! The files of an archive: documents, which are kept, and layers, which are read as they come.

use super::content::{Entries, Room};
use super::{ARCHIVE, ImportError, ImportLimits, damaged};
use crate::compression::{Flaw, Format, gzip};
use crate::digest::{DiffId, Digest, Hasher};
use crate::layer::tar::{BLOCK, Body, Entry, Stream, TarError, Visitor};
use crate::vfs::path;
use std::collections::BTreeMap;

/// A document of more bytes than this is none.
const MAX_DOCUMENT: usize = 8 << 20;

/// A layer as its tar had it.
pub(super) struct LayerBlob {
    pub(super) entries: Vec<Entry>,
    pub(super) diff_id: DiffId,
    pub(super) tar_size: u64,
    pub(super) is_packed: bool,
}

/// What a file of the archive is.
pub(super) enum Kind {
    Document(Vec<u8>),
    Layer(LayerBlob),
    /// A layer that cannot be read; an error only if an image needs it.
    Damaged(ImportError),
    Other,
}

/// A file of the archive.
pub(super) struct Blob {
    pub(super) digest: Digest,
    pub(super) size: u64,
    pub(super) kind: Kind,
}

/// All files of the archive.
pub(super) struct Blobs {
    limits: ImportLimits,
    /// What may still come of layers, and how many files of the archive itself.
    room: Room,
    files: Room,
    /// How many bytes of documents are kept.
    documents: usize,
    found: BTreeMap<String, Blob>,
    links: BTreeMap<String, String>,
    open: Option<Open>,
    /// What went wrong and ends the reading.
    pub(super) failure: Option<ImportError>,
}

/// A file that is coming.
struct Open {
    path: String,
    hasher: Hasher,
    size: u64,
    reading: Reading,
}

enum Reading {
    /// The first bytes, which say what it is.
    Begin(Vec<u8>),
    Document(Vec<u8>),
    Tar(Box<LayerReader>),
    Gzip(Box<gzip::Decoder>, Box<LayerReader>),
    Whole(Format, Vec<u8>),
    Damaged(ImportError),
    Other,
}

struct LayerReader {
    stream: Stream,
    hasher: Hasher,
    size: u64,
    entries: Entries,
}

/// Why a layer is not read on.
enum Stop {
    Damaged(TarError),
    /// A limit is reached.
    Full(String),
}

impl LayerReader {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        self.hasher.write(bytes);
        self.size += bytes.len() as u64;
        self.stream.write(bytes, &mut self.entries).map_err(Stop::Damaged)?;
        self.entries.full.take().map_or(Ok(()), |full| Err(Stop::Full(full)))
    }
}

impl Blobs {
    pub(super) fn new(limits: ImportLimits) -> Self {
        Self {
            limits,
            room: Room::new(limits),
            files: Room::new(limits),
            documents: 0,
            found: BTreeMap::new(),
            links: BTreeMap::new(),
            open: None,
            failure: None,
        }
    }

    /// The file at a path, where links lead too: `docker save` wrote a layer that several images have once.
    pub(super) fn get(&self, wanted: &str) -> Option<(&str, &Blob)> {
        let mut place = path::clean(wanted);
        for _ in 0..8 {
            match self.links.get(&place) {
                Some(target) => {
                    let above = place.rsplit_once('/').map_or("", |(above, _)| above);
                    place = path::clean(&format!("{above}/{target}"));
                }
                None => break,
            }
        }
        self.found.get_key_value(place.trim_start_matches('/')).map(|(place, blob)| (place.as_str(), blob))
    }

    fn reader(&self) -> Box<LayerReader> {
        Box::new(LayerReader {
            stream: Stream::new(),
            hasher: Hasher::new(),
            size: 0,
            entries: Entries::new(self.room),
        })
    }

    /// What begins so.
    fn reading(&self, begin: &[u8]) -> Reading {
        match Format::of(begin) {
            Some(Format::Gzip) => Reading::Gzip(Box::default(), self.reader()),
            Some(format) => Reading::Whole(format, Vec::new()),
            None if matches!(begin.first(), Some(b'{' | b'[')) => Reading::Document(Vec::new()),
            None if begin.len() >= BLOCK && (is_tar(begin) || begin.iter().all(|byte| *byte == 0)) => {
                Reading::Tar(self.reader())
            }
            None => Reading::Other,
        }
    }

    fn take(&mut self, open: &mut Open, bytes: &[u8]) {
        let place = open.path.clone();
        let failed = |error: String| Reading::Damaged(ImportError::new(place.clone(), error));
        let broken = match &mut open.reading {
            Reading::Begin(begin) => {
                begin.extend_from_slice(bytes);
                if begin.len() >= BLOCK {
                    let begin = std::mem::take(begin);
                    open.reading = self.reading(&begin);
                    self.take(open, &begin);
                }
                return;
            }
            Reading::Document(text) => {
                text.extend_from_slice(bytes);
                self.documents += bytes.len();
                let is_large = text.len() > MAX_DOCUMENT || self.documents > self.limits.whole_bytes;
                is_large.then_some(Reading::Other)
            }
            Reading::Tar(layer) => {
                let stop = layer.write(bytes).err();
                stop.map(|stop| Reading::Damaged(self.stopped(&place, stop)))
            }
            Reading::Gzip(decoder, layer) => {
                let mut stop = None;
                let done = decoder.write(bytes, &mut |made| {
                    stop = layer.write(made).err();
                    // What is damaged is not unpacked any further.
                    if stop.is_some() { Err(Flaw::Corrupt) } else { Ok(()) }
                });
                match (stop, done) {
                    (Some(stop), _) => Some(Reading::Damaged(self.stopped(&place, stop))),
                    (None, Err(damage)) => Some(Reading::Damaged(damaged(&place, Format::Gzip, damage))),
                    (None, Ok(())) => None,
                }
            }
            Reading::Whole(_, held) => {
                held.extend_from_slice(bytes);
                let is_large = held.len() > self.limits.whole_bytes;
                is_large.then(|| failed("it is too large to be unpacked".to_owned()))
            }
            Reading::Damaged(_) | Reading::Other => None,
        };
        if let Some(broken) = broken {
            open.reading = broken;
        }
    }

    /// The error for a layer. A limit ends the reading of the archive; damage matters only where the layer is needed.
    fn stopped(&mut self, place: &str, stop: Stop) -> ImportError {
        match stop {
            Stop::Damaged(error) => ImportError::new(place, error.to_string()),
            Stop::Full(full) => {
                let error = ImportError::new(place, full);
                self.failure.get_or_insert(error).clone()
            }
        }
    }

    fn close(&mut self, mut open: Open) {
        if let Reading::Begin(begin) = &mut open.reading {
            let begin = std::mem::take(begin);
            open.reading = self.reading(&begin);
            self.take(&mut open, &begin);
        }
        let kind = match open.reading {
            Reading::Document(text) => Kind::Document(text),
            Reading::Tar(layer) => self.layer(&open.path, *layer, false),
            Reading::Gzip(decoder, layer) => match decoder.finish() {
                Ok(()) => self.layer(&open.path, *layer, true),
                Err(damage) => Kind::Damaged(damaged(&open.path, Format::Gzip, damage)),
            },
            Reading::Whole(format, bytes) => self.whole(&open.path, format, &bytes),
            Reading::Damaged(error) => Kind::Damaged(error),
            Reading::Begin(_) | Reading::Other => Kind::Other,
        };
        self.found.insert(open.path, Blob { digest: open.hasher.finish(), size: open.size, kind });
    }

    fn whole(&mut self, place: &str, format: Format, bytes: &[u8]) -> Kind {
        let made = format.unpack(bytes, self.limits.whole_bytes);
        if let Some(damage) = made.damage {
            return Kind::Damaged(damaged(place, format, damage));
        }
        let mut layer = self.reader();
        match layer.write(&made.bytes) {
            Ok(()) => self.layer(place, *layer, true),
            Err(stop) => Kind::Damaged(self.stopped(place, stop)),
        }
    }

    fn layer(&mut self, place: &str, layer: LayerReader, is_packed: bool) -> Kind {
        if let Err(error) = layer.stream.finish() {
            return Kind::Damaged(ImportError::new(place, error.to_string()));
        }
        self.room = layer.entries.room;
        let diff_id = DiffId(layer.hasher.finish());
        Kind::Layer(LayerBlob { entries: layer.entries.list, diff_id, tar_size: layer.size, is_packed })
    }
}

impl Visitor for Blobs {
    fn entry(&mut self, entry: Entry, size: u64) {
        if let Err(full) = self.files.take_entry() {
            self.failure.get_or_insert(ImportError::new(ARCHIVE, full));
        }
        if self.failure.is_some() {
            return;
        }
        let path = path::clean(&entry.path).trim_start_matches('/').to_owned();
        match entry.body {
            Body::File(_) => {
                self.open =
                    Some(Open { path, hasher: Hasher::new(), size, reading: Reading::Begin(Vec::new()) });
            }
            Body::Symlink(target) => {
                self.links.insert(path, target);
            }
            Body::HardLink(target) => {
                self.links.insert(path, format!("/{target}"));
            }
            Body::Directory | Body::Device { .. } => {}
        }
    }

    fn data(&mut self, bytes: &[u8]) {
        if let Some(mut open) = self.open.take() {
            open.hasher.write(bytes);
            self.take(&mut open, bytes);
            self.open = Some(open);
        }
    }

    fn end(&mut self) {
        if let Some(open) = self.open.take() {
            self.close(open);
        }
    }
}

/// Whether a first block is the header of a tar.
fn is_tar(begin: &[u8]) -> bool {
    matches!(crate::layer::tar::Reader::new(begin).next(), Some(Ok(_) | Err(TarError::UnexpectedEnd)))
        || begin.get(257..262) == Some(b"ustar")
}

//! The files of an archive: documents, which are kept, and layers, which are read as they come.

use super::content::Entries;
use super::{ImportError, ImportLimits, damaged};
use crate::compression::{Format, gzip};
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
    room: u64,
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

impl LayerReader {
    fn write(&mut self, bytes: &[u8]) -> Result<(), TarError> {
        self.hasher.write(bytes);
        self.size += bytes.len() as u64;
        self.stream.write(bytes, &mut self.entries)
    }
}

impl Blobs {
    pub(super) fn new(limits: ImportLimits) -> Self {
        Self {
            limits,
            room: limits.kept_bytes,
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
            entries: Entries::new(self.limits, self.room),
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
        let failed = |error: String| Reading::Damaged(ImportError::new(open.path.clone(), error));
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
                (text.len() > MAX_DOCUMENT).then_some(Reading::Other)
            }
            Reading::Tar(layer) => layer.write(bytes).err().map(|error| failed(error.to_string())),
            Reading::Gzip(decoder, layer) => {
                let mut error = None;
                let done = decoder.write(bytes, &mut |made| {
                    if error.is_none() {
                        error = layer.write(made).err();
                    }
                    Ok(())
                });
                let tar = error.map(|error| failed(error.to_string()));
                let packed =
                    done.err().map(|damage| Reading::Damaged(damaged(&open.path, Format::Gzip, damage)));
                tar.or(packed)
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
            Err(error) => Kind::Damaged(ImportError::new(place, error.to_string())),
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

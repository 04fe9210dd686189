//! The content of a file: bytes, or only their size and digest.

use crate::digest::{Digest, Hasher};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// The content of a file. Cloning shares the bytes.
///
/// *Opaque* content stands for bytes that nobody needs to see: a compiled program of a base image, a package that a
/// modelled package manager put there. It has a size and a digest, which is all that cache keys and sizes need.
#[derive(Clone)]
pub struct Content(Arc<Inner>);

struct Inner {
    repr: Repr,
    digest: OnceLock<Digest>,
}

enum Repr {
    Bytes(Box<[u8]>),
    /// `origin` is the address that it would come from, for a download.
    Opaque {
        size: u64,
        origin: Option<Arc<str>>,
    },
}

impl Content {
    /// Content with all its bytes.
    pub fn new(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(Arc::new(Inner { repr: Repr::Bytes(bytes.into()), digest: OnceLock::new() }))
    }

    /// Content of which only the size in bytes and the digest are known.
    pub fn opaque(size: u64, digest: Digest) -> Self {
        Self(Arc::new(Inner { repr: Repr::Opaque { size, origin: None }, digest: OnceLock::from(digest) }))
    }

    /// Opaque content that stands for what an address gives. Its digest is derived from the address, where nobody has
    /// said what it is.
    pub fn download(size: u64, address: &str, digest: Option<Digest>) -> Self {
        let digest =
            digest.unwrap_or_else(|| Self::modelled(size, "download", &[address.as_bytes()]).digest());
        let repr = Repr::Opaque { size, origin: Some(address.into()) };
        Self(Arc::new(Inner { repr, digest: OnceLock::from(digest) }))
    }

    /// The address of the download that it stands for.
    pub fn origin(&self) -> Option<&str> {
        match &self.0.repr {
            Repr::Opaque { origin, .. } => origin.as_deref(),
            Repr::Bytes(_) => None,
        }
    }

    /// Content made by a modelled program: opaque, with a digest derived from what it was made of.
    ///
    /// `kind` keeps artefacts of different programs apart; equal `inputs` give equal content.
    pub fn modelled(size: u64, kind: &str, inputs: &[&[u8]]) -> Self {
        let mut hasher = Hasher::new();
        hasher.field(b"modelled");
        hasher.field(kind.as_bytes());
        hasher.number(size);
        for input in inputs {
            hasher.field(input);
        }
        Self::opaque(size, hasher.finish())
    }

    /// The bytes, or `None` for opaque content.
    pub fn bytes(&self) -> Option<&[u8]> {
        match &self.0.repr {
            Repr::Bytes(bytes) => Some(bytes),
            Repr::Opaque { .. } => None,
        }
    }

    /// Whether the bytes are not there.
    pub fn is_opaque(&self) -> bool {
        matches!(self.0.repr, Repr::Opaque { .. })
    }

    /// The size in bytes.
    pub fn size(&self) -> u64 {
        match &self.0.repr {
            Repr::Bytes(bytes) => bytes.len() as u64,
            Repr::Opaque { size, .. } => *size,
        }
    }

    /// The SHA-256 of the bytes, computed when first asked for and kept.
    pub fn digest(&self) -> Digest {
        *self.0.digest.get_or_init(|| match &self.0.repr {
            Repr::Bytes(bytes) => Digest::of(bytes),
            Repr::Opaque { .. } => unreachable!("opaque content is made with its digest"),
        })
    }

    /// Whether both share their bytes, which costs nothing to find out.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        if self.is_same(other) {
            return true;
        }
        match (self.bytes(), other.bytes()) {
            (Some(a), Some(b)) => a == b,
            _ => self.size() == other.size() && self.digest() == other.digest(),
        }
    }
}

impl Eq for Content {}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.bytes() {
            Some(bytes) => write!(f, "{:?}", String::from_utf8_lossy(bytes)),
            None => write!(f, "opaque({} bytes, {:?})", self.size(), self.digest()),
        }
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::new(text.as_bytes())
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::new(text.into_bytes())
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

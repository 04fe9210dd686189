//! Compressed data: what it is packed with, and packing and unpacking it.
//!
//! Takes bytes, gives bytes. Whoever asks says what damage means in its own words: `ADD` speaks as Go's readers do,
//! the utilities of the shell as their originals. Knows no archives, no files and no trees.
//!
//! The decoders are written here and not taken from crates: docs/decisions/0009 has the sizes.

pub mod bzip2;
mod checksum;
pub mod deflate;
pub mod gzip;
mod matches;
mod stream;
pub mod xz;
pub mod zstd;

#[cfg(test)]
mod tests;

use stream::{Input, Output};

/// What data is packed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// RFC 1952.
    Gzip,
    /// `bzip2`.
    Bzip2,
    /// The `.xz` format with LZMA2.
    Xz,
    /// RFC 8878.
    Zstd,
}

/// What is wrong with compressed data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It ends too early.
    UnexpectedEnd,
    /// Here something else begins: no header of the format.
    NotThisFormat,
    /// It contradicts itself.
    Corrupt,
    /// What came out is not what went in.
    Checksum,
    /// It needs a part of the format that this decoder does not have.
    Unsupported,
    /// More would come out than was allowed.
    TooLarge,
}

/// A flaw and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage {
    /// What is wrong.
    pub flaw: Flaw,
    /// How many bytes of the compressed data were read when it showed.
    pub offset: u64,
}

/// What came out. With damage there is what came out before it, as a reader of a stream would have seen it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unpacked {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Why there are no more.
    pub damage: Option<Damage>,
}

/// The CRC-32 of gzip, zip and xz.
pub fn crc32(bytes: &[u8]) -> u32 {
    checksum::Crc::crc32().of(bytes) as u32
}

impl Format {
    /// The format that data claims with its first bytes.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let begins = |magic: &[u8]| bytes.starts_with(magic);
        if begins(&[0x1f, 0x8b, 8]) {
            Some(Self::Gzip)
        } else if begins(b"BZh") {
            Some(Self::Bzip2)
        } else if begins(&xz::MAGIC) {
            Some(Self::Xz)
        } else if begins(&zstd::MAGIC) || zstd::is_skippable(bytes) {
            Some(Self::Zstd)
        } else {
            None
        }
    }

    /// Packs data at a level from 1 to 9, so that every reader of the format can unpack it: what comes out are other
    /// bytes than those of the format's own program. gzip, which is packed to the bit, has a packer of its own.
    pub fn pack(self, data: &[u8], level: u8) -> Vec<u8> {
        match self {
            Self::Gzip => {
                let level = deflate::Level::new(level, deflate::Packer::Gnu);
                gzip::pack(data, level, deflate::Packer::Gnu, None, 0)
            }
            Self::Bzip2 => bzip2::pack::pack(data, level),
            Self::Xz => xz::pack::pack(data),
            Self::Zstd => zstd::pack::pack(data),
        }
    }

    /// Unpacks all of the data, but never more than `limit` bytes.
    pub fn unpack(self, bytes: &[u8], limit: usize) -> Unpacked {
        let decoder = match self {
            Self::Gzip => gzip::unpack,
            Self::Bzip2 => bzip2::unpack,
            Self::Xz => xz::unpack,
            Self::Zstd => zstd::unpack,
        };
        let mut input = Input::new(bytes);
        let mut output = Output::new(limit);
        let done = decoder(&mut input, &mut output);
        let damage = done.err().map(|flaw| Damage { flaw, offset: input.position() as u64 });
        Unpacked { bytes: output.bytes, damage }
    }
}

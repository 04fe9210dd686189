//! Tar archives (POSIX ustar with pax headers), bit for bit as BuildKit writes them.
//!
//! The writer streams into a [`Sink`], so that a layer can be hashed without being built in memory. The reader takes
//! what other tools write, too: long names of GNU tar, its sparse files, and numbers in base 256.

mod entry;
mod header;
mod pax;
mod read;
mod sink;
mod sparse;
mod stream;
mod write;

pub use entry::{Body, Entry};
pub use read::{Head, Reader, TarError};
pub use sink::{BytesSink, DigestSink, OpaqueContent, Sink};
pub use stream::{Stream, Visitor};
pub use write::Writer;

/// Everything in a tar comes in blocks of this size.
pub const BLOCK: usize = 512;

#[cfg(test)]
mod tests;

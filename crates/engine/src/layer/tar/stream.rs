//! Reads a tar that comes in pieces, so that nobody has to hold all of it.

use super::BLOCK;
use super::entry::{Body, Entry};
use super::header::{field, kind};
use super::read::{Head, MAX_EXTENSION, Reader, TarError, is_zero, numeric};
use super::sparse::Unsparse;

/// Takes what is in a tar, in its order.
pub trait Visitor {
    /// An entry begins. A file has no content yet; so many bytes of it follow.
    fn entry(&mut self, entry: Entry, size: u64);

    /// A piece of the content of the file.
    fn data(&mut self, bytes: &[u8]);

    /// The content of the file is complete.
    fn end(&mut self);
}

/// The state of a tar between two pieces.
pub struct Stream {
    /// The header of the next entry with what stands in front of it, as far as it has come.
    head: Vec<u8>,
    /// Where in `head` the block stands that says how it goes on.
    next: usize,
    /// Whether that block goes on with the map of a sparse file.
    in_map: bool,
    /// Puts the content of a sparse file together.
    sparse: Option<(Unsparse, String)>,
    /// Bytes of content that have not come yet, and of padding behind it.
    left: u64,
    padding: u64,
    read: u64,
    zeros: u32,
    in_file: bool,
}

impl Default for Stream {
    fn default() -> Self {
        Self::new()
    }
}

impl Stream {
    /// A stream at the begin of a tar.
    pub fn new() -> Self {
        Self {
            head: Vec::new(),
            next: 0,
            in_map: false,
            sparse: None,
            left: 0,
            padding: 0,
            read: 0,
            zeros: 0,
            in_file: false,
        }
    }

    /// Reads a piece. What comes behind the two blocks of zeros is skipped.
    pub fn write(&mut self, mut piece: &[u8], visitor: &mut dyn Visitor) -> Result<(), TarError> {
        while !piece.is_empty() && self.zeros < 2 {
            let taken = if self.left > 0 {
                let count = shorter(piece, self.left);
                self.data(&piece[..count], visitor)?;
                self.left -= count as u64;
                count
            } else if self.padding > 0 {
                let count = shorter(piece, self.padding);
                self.padding -= count as u64;
                count
            } else {
                let count = shorter(piece, (self.next + BLOCK - self.head.len()) as u64);
                self.head.extend_from_slice(&piece[..count]);
                count
            };
            piece = &piece[taken..];
            self.read += taken as u64;
            self.end_of_file(visitor)?;
            if self.left == 0 && self.padding == 0 && self.head.len() == self.next + BLOCK {
                self.block(visitor)?;
                self.end_of_file(visitor)?;
            }
        }
        Ok(())
    }

    /// Says whether the tar may end here: between two entries.
    pub fn finish(&self) -> Result<(), TarError> {
        let is_between = self.head.is_empty() && self.left == 0 && self.padding == 0;
        if self.zeros > 1 || is_between { Ok(()) } else { Err(TarError::UnexpectedEnd) }
    }

    fn data(&mut self, bytes: &[u8], visitor: &mut dyn Visitor) -> Result<(), TarError> {
        let Some((sparse, path)) = &mut self.sparse else {
            visitor.data(bytes);
            return Ok(());
        };
        let done = sparse.write(bytes, &mut |bytes| visitor.data(bytes));
        done.map_err(|()| TarError::Sparse { path: path.clone() })
    }

    fn end_of_file(&mut self, visitor: &mut dyn Visitor) -> Result<(), TarError> {
        if self.in_file && self.left == 0 {
            self.in_file = false;
            if let Some((mut sparse, path)) = self.sparse.take() {
                let done = sparse.finish(&mut |bytes| visitor.data(bytes));
                done.map_err(|()| TarError::Sparse { path })?;
            }
            visitor.end();
        }
        Ok(())
    }

    /// Looks at a block that is complete: more of the head is needed, or the entry begins.
    fn block(&mut self, visitor: &mut dyn Visitor) -> Result<(), TarError> {
        let offset = self.read - BLOCK as u64;
        let invalid = TarError::InvalidHeader { offset };
        let Some(block) = self.head[self.next..].first_chunk::<BLOCK>() else { return Ok(()) };
        if self.in_map {
            self.in_map = block[field::SPARSE_MORE_GOES_ON] != 0;
            return if self.in_map { self.await_block(BLOCK) } else { self.complete(visitor) };
        }
        if is_zero(block) {
            self.zeros += 1;
            self.head.truncate(self.next);
            return if self.next == 0 { Ok(()) } else { Err(invalid) };
        }
        if self.zeros > 0 {
            return Err(invalid);
        }
        let letter = block[field::TYPE];
        if [kind::PAX, kind::PAX_GLOBAL, kind::GNU_LONG_NAME, kind::GNU_LONG_LINK].contains(&letter) {
            let size = u64::try_from(numeric(block, field::SIZE)).ok().filter(|size| *size <= MAX_EXTENSION);
            let size = size.ok_or(invalid)? as usize;
            return self.await_block(BLOCK + size.next_multiple_of(BLOCK));
        }
        if letter == kind::GNU_SPARSE && block[field::SPARSE_GOES_ON] != 0 {
            self.in_map = true;
            return self.await_block(BLOCK);
        }
        self.complete(visitor)
    }

    /// Says that the next block to be looked at comes so many bytes behind this one.
    fn await_block(&mut self, distance: usize) -> Result<(), TarError> {
        self.next += distance;
        let is_believed = self.next as u64 <= 4 * MAX_EXTENSION;
        if is_believed { Ok(()) } else { Err(TarError::InvalidHeader { offset: self.read - BLOCK as u64 }) }
    }

    /// The head is complete: its entry begins.
    fn complete(&mut self, visitor: &mut dyn Visitor) -> Result<(), TarError> {
        let start = self.read - self.head.len() as u64;
        let head = Reader::new(&self.head).head().map_err(|error| moved(error, start))?;
        self.head.clear();
        self.next = 0;
        let Some(Head { entry, stored, sparse }) = head else { return Ok(()) };
        let mut size = stored;
        if matches!(entry.body, Body::File(_)) {
            self.in_file = true;
            self.left = stored;
            self.padding = stored.next_multiple_of(BLOCK as u64) - stored;
            if let Some(sparse) = sparse {
                size = sparse.size;
                self.sparse = Some((Unsparse::new(sparse, &entry.path)?, entry.path.clone()));
            }
        }
        visitor.entry(entry, size);
        Ok(())
    }
}

fn shorter(piece: &[u8], count: u64) -> usize {
    usize::try_from(count).map_or(piece.len(), |count| count.min(piece.len()))
}

/// An error with its place counted from the begin of the tar.
fn moved(error: TarError, start: u64) -> TarError {
    match error {
        TarError::InvalidHeader { offset } => TarError::InvalidHeader { offset: start + offset },
        error => error,
    }
}

//! Where a decoder reads from and writes to.

use super::Flaw;

/// Compressed bytes, read from the front.
pub(super) struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    pub(super) fn is_empty(&self) -> bool {
        self.at == self.bytes.len()
    }

    pub(super) fn byte(&mut self) -> Result<u8, Flaw> {
        let byte = *self.bytes.get(self.at).ok_or(Flaw::UnexpectedEnd)?;
        self.at += 1;
        Ok(byte)
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Flaw> {
        let Some(taken) = self.rest().get(..count) else {
            self.at = self.bytes.len();
            return Err(Flaw::UnexpectedEnd);
        };
        self.at += count;
        Ok(taken)
    }

    /// So many bytes, or those that are left; says whether they are too few.
    pub(super) fn take_up_to(&mut self, count: usize) -> (&'a [u8], bool) {
        let rest = self.rest();
        let taken = &rest[..count.min(rest.len())];
        self.at += taken.len();
        (taken, taken.len() < count)
    }

    /// A number of up to eight bytes, the lowest first.
    pub(super) fn number(&mut self, bytes: usize) -> Result<u64, Flaw> {
        Ok(self.take(bytes)?.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
    }
}

/// What came out so far, which is also what later data refers to.
pub(super) struct Output {
    pub(super) bytes: Vec<u8>,
    limit: usize,
}

impl Output {
    pub(super) fn new(limit: usize) -> Self {
        Self { bytes: Vec::new(), limit }
    }

    /// Fails if so many more bytes were too many.
    pub(super) fn expect(&self, count: usize) -> Result<(), Flaw> {
        if count > self.limit - self.bytes.len() { Err(Flaw::TooLarge) } else { Ok(()) }
    }

    pub(super) fn push(&mut self, byte: u8) -> Result<(), Flaw> {
        self.expect(1)?;
        self.bytes.push(byte);
        Ok(())
    }

    pub(super) fn extend(&mut self, bytes: &[u8]) -> Result<(), Flaw> {
        self.expect(bytes.len())?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    pub(super) fn repeat(&mut self, byte: u8, count: usize) -> Result<(), Flaw> {
        self.expect(count)?;
        self.bytes.resize(self.bytes.len() + count, byte);
        Ok(())
    }

    /// Copies from `distance` bytes ago, which may overlap with what is written.
    pub(super) fn copy(&mut self, distance: usize, count: usize) -> Result<(), Flaw> {
        self.expect(count)?;
        let start = self.bytes.len().checked_sub(distance).ok_or(Flaw::Corrupt)?;
        if distance >= count {
            self.bytes.extend_from_within(start..start + count);
        } else {
            for at in start..start + count {
                self.bytes.push(self.bytes[at]);
            }
        }
        Ok(())
    }
}

//! Bits of zstd: forwards for the descriptions of codes, backwards for what is coded.

use crate::compression::Flaw;

/// Bits from the front, the lowest of each byte first.
pub(super) struct Forward<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Forward<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Looks at the next bits; behind the end there are zeros.
    pub(super) fn peek(&self, count: u32) -> u32 {
        window(self.bytes, self.at as i64, count)
    }

    pub(super) fn skip(&mut self, count: u32) -> Result<(), Flaw> {
        self.at += count as usize;
        if self.at > self.bytes.len() * 8 { Err(Flaw::Corrupt) } else { Ok(()) }
    }

    pub(super) fn bits(&mut self, count: u32) -> Result<u32, Flaw> {
        let value = self.peek(count);
        self.skip(count)?;
        Ok(value)
    }

    /// How many bytes were begun.
    pub(super) fn bytes_read(&self) -> usize {
        self.at.div_ceil(8)
    }
}

/// Bits from the back: the highest bit that is set in the last byte marks where they begin.
pub(super) struct Backward<'a> {
    bytes: &'a [u8],
    /// How many bits are left; negative when more were read than there are, which then were zeros.
    left: i64,
}

impl<'a> Backward<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Flaw> {
        let last = *bytes.last().ok_or(Flaw::Corrupt)?;
        if last == 0 {
            return Err(Flaw::Corrupt);
        }
        Ok(Self { bytes, left: bytes.len() as i64 * 8 - i64::from(last.leading_zeros()) - 1 })
    }

    pub(super) fn left(&self) -> i64 {
        self.left
    }

    pub(super) fn peek(&self, count: u32) -> u32 {
        window(self.bytes, self.left - i64::from(count), count)
    }

    pub(super) fn skip(&mut self, count: u32) {
        self.left -= i64::from(count);
    }

    pub(super) fn bits(&mut self, count: u32) -> u32 {
        let value = self.peek(count);
        self.skip(count);
        value
    }
}

/// Up to 32 bits from a place on. What lies outside is zero.
fn window(bytes: &[u8], from: i64, count: u32) -> u32 {
    let first = from.div_euclid(8);
    let mut value = 0_u64;
    for at in 0..5 {
        let byte = usize::try_from(first + at).ok().and_then(|at| bytes.get(at));
        value |= u64::from(byte.copied().unwrap_or(0)) << (8 * at);
    }
    ((value >> from.rem_euclid(8)) & ((1 << count) - 1)) as u32
}

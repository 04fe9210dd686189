//! The header block.

use super::BLOCK;

/// Byte ranges of the fields of a ustar header.
pub(super) mod field {
    use std::ops::Range;
    pub(in super::super) const NAME: Range<usize> = 0..100;
    pub(in super::super) const MODE: Range<usize> = 100..108;
    pub(in super::super) const UID: Range<usize> = 108..116;
    pub(in super::super) const GID: Range<usize> = 116..124;
    pub(in super::super) const SIZE: Range<usize> = 124..136;
    pub(in super::super) const MTIME: Range<usize> = 136..148;
    pub(in super::super) const CHECKSUM: Range<usize> = 148..156;
    pub(in super::super) const TYPE: usize = 156;
    pub(in super::super) const LINK: Range<usize> = 157..257;
    pub(in super::super) const MAGIC: Range<usize> = 257..265;
    pub(in super::super) const USER: Range<usize> = 265..297;
    pub(in super::super) const GROUP: Range<usize> = 297..329;
    pub(in super::super) const MAJOR: Range<usize> = 329..337;
    pub(in super::super) const MINOR: Range<usize> = 337..345;
    pub(in super::super) const PREFIX: Range<usize> = 345..500;
    /// The map of a sparse file: pairs of numbers, in the header and in blocks behind it.
    pub(in super::super) const SPARSE: Range<usize> = 386..482;
    pub(in super::super) const SPARSE_GOES_ON: usize = 482;
    pub(in super::super) const SPARSE_SIZE: Range<usize> = 483..495;
    pub(in super::super) const SPARSE_MORE: Range<usize> = 0..504;
    pub(in super::super) const SPARSE_MORE_GOES_ON: usize = 504;
    pub(in super::super) const SPARSE_NUMBER: usize = 12;
}

/// The letters of the type field.
pub(super) mod kind {
    pub(in super::super) const FILE: u8 = b'0';
    pub(in super::super) const HARD_LINK: u8 = b'1';
    pub(in super::super) const SYMLINK: u8 = b'2';
    pub(in super::super) const CHARACTER: u8 = b'3';
    pub(in super::super) const BLOCK: u8 = b'4';
    pub(in super::super) const DIRECTORY: u8 = b'5';
    pub(in super::super) const FIFO: u8 = b'6';
    /// Contiguous files, which are read as files.
    pub(in super::super) const CONTIGUOUS: u8 = b'7';
    pub(in super::super) const PAX: u8 = b'x';
    pub(in super::super) const PAX_GLOBAL: u8 = b'g';
    pub(in super::super) const GNU_LONG_NAME: u8 = b'L';
    pub(in super::super) const GNU_LONG_LINK: u8 = b'K';
    pub(in super::super) const GNU_SPARSE: u8 = b'S';
}

/// A header block that is being made.
pub(super) struct Header(pub(super) [u8; BLOCK]);

impl Header {
    pub(super) fn new(kind: u8) -> Self {
        let mut header = Self([0; BLOCK]);
        header.0[field::TYPE] = kind;
        header.0[field::MAGIC].copy_from_slice(b"ustar\x0000");
        header
    }

    /// Sets a text field, cut to its length. If the cut falls behind a slash, that slash becomes a NUL, so that no
    /// reader takes a file for a directory.
    pub(super) fn text(&mut self, field: std::ops::Range<usize>, text: &str) {
        let (bytes, out) = (text.as_bytes(), &mut self.0[field]);
        let length = bytes.len().min(out.len());
        out[..length].copy_from_slice(&bytes[..length]);
        if bytes.len() > out.len() && out.last() == Some(&b'/') {
            let kept = out.iter().rposition(|byte| *byte != b'/').map_or(0, |at| at + 1);
            out[kept] = 0;
        }
    }

    /// Sets a number field: octal digits with leading zeros and a NUL. A number that does not fit is left at zero; it
    /// stands in the pax header.
    pub(super) fn number(&mut self, field: std::ops::Range<usize>, number: i64) {
        let out = &mut self.0[field];
        let digits = out.len() - 1;
        let mut rest = if fits_octal(number, digits) { number } else { 0 };
        for digit in out[..digits].iter_mut().rev() {
            *digit = b'0' + (rest & 7) as u8;
            rest >>= 3;
        }
        out[digits] = 0;
    }

    /// The block with its checksum.
    pub(super) fn finish(mut self) -> [u8; BLOCK] {
        let sum = i64::from(checksum(&self.0));
        self.number(field::CHECKSUM.start..field::CHECKSUM.end - 1, sum);
        self.0[field::CHECKSUM.end - 1] = b' ';
        self.0
    }
}

/// Whether a number can be written with so many octal digits.
pub(super) fn fits_octal(number: i64, digits: usize) -> bool {
    number >= 0 && number < 1 << (3 * digits)
}

/// The sum of all bytes, those of the checksum itself taken as blanks.
pub(super) fn checksum(block: &[u8; BLOCK]) -> u32 {
    let all: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    let own: u32 = block[field::CHECKSUM].iter().map(|byte| u32::from(*byte)).sum();
    all - own + 8 * u32::from(b' ')
}

/// The same sum with bytes as numbers with a sign, as some old programs had it.
pub(super) fn signed_checksum(block: &[u8; BLOCK]) -> i64 {
    let high = |bytes: &[u8]| bytes.iter().filter(|byte| **byte >= 128).count() as i64;
    i64::from(checksum(block)) - 256 * (high(block) - high(&block[field::CHECKSUM]))
}

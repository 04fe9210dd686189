//! Places in a text: byte ranges, and the lines they lie on.
//!
//! Everything inside the engine counts in UTF-8 bytes.
//! The columns that an editor counts in (UTF-16 units) are made once, at the border, by [`LineIndex::utf16_column`].

use std::ops::Range;

/// A half-open range of byte offsets into one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextRange {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte; never less than `start`.
    pub end: u32,
}

impl TextRange {
    /// The range from `start` to `end`, in bytes.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Self { start: start as u32, end: end as u32 }
    }

    /// The number of bytes covered.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the range covers nothing; such a range still has a place.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The part of `text` that the range covers, or the empty string where the range does not fit the text.
    pub fn of(self, text: &str) -> &str {
        text.get(Range::from(self)).unwrap_or("")
    }

    /// The smallest range that covers both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl From<TextRange> for Range<usize> {
    fn from(range: TextRange) -> Self {
        range.start as usize..range.end as usize
    }
}

/// Finds lines and columns of byte offsets in one text.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    length: u32,
}

impl LineIndex {
    /// Reads `text` once. A line ends with `\n`; what follows the last one is a line as well, even if empty.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts
            .extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at as u32 + 1));
        Self { starts, length: text.len() as u32 }
    }

    /// The number of lines, at least one.
    pub fn line_count(&self) -> usize {
        self.starts.len()
    }

    /// The line of an offset, counted from 0. An offset behind the end lies on the last line.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|start| *start <= offset) as u32 - 1
    }

    /// The bytes of line `line` (counted from 0) without its line break.
    pub fn line_range(&self, line: u32) -> TextRange {
        let start = self.starts.get(line as usize).copied().unwrap_or(self.length);
        let end = self.starts.get(line as usize + 1).map_or(self.length, |next| next - 1);
        TextRange { start, end: end.max(start) }
    }

    /// The column of `offset` on its line in UTF-16 units, counted from 0, as editors count.
    pub fn utf16_column(&self, text: &str, offset: u32) -> u32 {
        let start = self.line_range(self.line(offset)).start as usize;
        let mut end = (offset as usize).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.get(start..end).map_or(0, |part| part.encode_utf16().count() as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns() {
        let text = "FROM a\nRUN echo 🐳 x\n";
        let index = LineIndex::new(text);
        assert_eq!(index.line_count(), 3);
        assert_eq!(index.line(0), 0);
        assert_eq!(index.line(6), 0);
        assert_eq!(index.line(7), 1);
        assert_eq!(index.line_range(1).of(text), "RUN echo 🐳 x");
        let x = text.find('x').unwrap() as u32;
        assert_eq!(index.utf16_column(text, x), 12);
        assert_eq!(index.line_range(2).of(text), "");
        assert_eq!(index.line(900), 2);
    }
}

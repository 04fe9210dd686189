//! Sparse files: content of which a tar has only the parts that are not zeros, with a map of where they belong.
//!
//! GNU tar has written them in four ways: with the map in the header, in pax records (0.0 and 0.1), and in front of the
//! content (1.0).

use super::BLOCK;
use super::read::TarError;
use std::collections::BTreeMap;

/// A sparse file that would be larger than this is not believed: a few bytes can claim any size.
const MAX_SIZE: u64 = 256 << 20;
/// Parts of a map beyond this are not believed.
const MAX_PARTS: usize = 1 << 16;
/// The longest line of a map in front of the content: the digits of a number of 64 bits, and the line break.
const MAX_LINE: usize = 21;

/// The offset and length of a part.
pub(super) type Part = (u64, u64);

/// What the records or the header say of a sparse file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sparse {
    /// The size of the whole.
    pub(super) size: u64,
    /// Where the parts belong; `None` if the map stands in front of the content.
    pub(super) parts: Option<Vec<Part>>,
}

/// The numbers of a map in pax records, collected where they stand one by one (0.0).
pub(super) const MAP: &str = "GNU.sparse.map";

/// Reads the records of a sparse file; `None` if they are of none. The error is about the records.
pub(super) fn of_records(records: &BTreeMap<String, String>, stored: u64) -> Result<Option<Sparse>, ()> {
    let get = |key: &str| records.get(key).map(String::as_str).filter(|value| !value.is_empty());
    let has_map_inside = match (get("GNU.sparse.major"), get("GNU.sparse.minor")) {
        (Some("0"), Some("0" | "1")) => false,
        (Some("1"), Some("0")) => true,
        (None, None) if records.contains_key(MAP) => false,
        _ => return Ok(None),
    };
    let size = match get("GNU.sparse.size").or(get("GNU.sparse.realsize")) {
        Some(size) => size.parse().map_err(drop)?,
        None => stored,
    };
    if has_map_inside {
        return Ok(Some(Sparse { size, parts: None }));
    }
    let numbers: Vec<&str> = get(MAP).map(|map| map.split(',').collect()).unwrap_or_default();
    let count: usize = get("GNU.sparse.numblocks").and_then(|count| count.parse().ok()).ok_or(())?;
    if count > MAX_PARTS || numbers.len() != 2 * count {
        return Err(());
    }
    let numbers: Vec<u64> =
        numbers.iter().map(|text| text.parse()).collect::<Result<_, _>>().map_err(drop)?;
    Ok(Some(Sparse { size, parts: Some(pairs(&numbers)) }))
}

pub(super) fn pairs(numbers: &[u64]) -> Vec<Part> {
    numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
}

/// Puts the whole content together while the parts come.
#[derive(Clone, Debug)]
pub(super) struct Unsparse {
    size: u64,
    parts: Vec<Part>,
    /// The text of the map, while it is not complete.
    map: Option<MapText>,
    /// How much of the whole is there.
    at: u64,
    part: usize,
}

impl Unsparse {
    /// The state in front of the content; an error if the map cannot be.
    pub(super) fn new(sparse: Sparse, path: &str) -> Result<Self, TarError> {
        let is_inside = sparse.parts.is_none();
        let unsparse = Self {
            size: sparse.size,
            parts: sparse.parts.unwrap_or_default(),
            map: is_inside.then(MapText::default),
            at: 0,
            part: 0,
        };
        if unsparse.is_sound() { Ok(unsparse) } else { Err(TarError::Sparse { path: path.to_owned() }) }
    }

    /// Whether the parts follow one another within the whole.
    fn is_sound(&self) -> bool {
        let mut end = 0;
        let fits = |&(offset, length): &Part| {
            let is_behind = offset >= end;
            end = offset.saturating_add(length);
            is_behind && end <= self.size
        };
        self.size <= MAX_SIZE && self.parts.len() <= MAX_PARTS && self.parts.iter().all(fits)
    }

    /// Takes stored bytes, and gives the content to `sink` with zeros where there is nothing.
    pub(super) fn write(&mut self, mut bytes: &[u8], sink: &mut dyn FnMut(&[u8])) -> Result<(), ()> {
        // The map is padded to whole blocks, so the content begins with a block.
        while let Some(map) = self.map.as_mut().filter(|_| !bytes.is_empty()) {
            bytes = map.take(bytes);
            if let Some(parts) = map.parts()? {
                (self.parts, self.map) = (parts, None);
                if !self.is_sound() {
                    return Err(());
                }
            }
        }
        if self.map.is_some() {
            return Ok(());
        }
        while let Some(&(offset, length)) = self.parts.get(self.part) {
            self.zeros(offset, sink);
            let left = offset + length - self.at;
            let (now, rest) =
                bytes.split_at(usize::try_from(left).map_or(bytes.len(), |left| left.min(bytes.len())));
            if !now.is_empty() {
                sink(now);
            }
            self.at += now.len() as u64;
            bytes = rest;
            if self.at < offset + length {
                break;
            }
            self.part += 1;
        }
        Ok(())
    }

    /// What is behind the last part; an error if parts are missing.
    pub(super) fn finish(&mut self, sink: &mut dyn FnMut(&[u8])) -> Result<(), ()> {
        self.write(&[], sink)?;
        if self.map.is_some() || self.part < self.parts.len() {
            return Err(());
        }
        self.zeros(self.size, sink);
        Ok(())
    }

    /// Zeros up to an offset.
    fn zeros(&mut self, until: u64, sink: &mut dyn FnMut(&[u8])) {
        const ZEROS: [u8; 4096] = [0; 4096];
        while self.at < until {
            let count = (until - self.at).min(ZEROS.len() as u64);
            sink(&ZEROS[..count as usize]);
            self.at += count;
        }
    }
}

/// A map that stands in front of the content: the count of the parts, then offset and length of each, a line each.
#[derive(Clone, Debug, Default)]
struct MapText {
    bytes: Vec<u8>,
    /// The line breaks so far, so that the text is gone through but once.
    lines: usize,
    /// The lines that there will be, as soon as the first one has said it.
    wanted: Option<usize>,
}

impl MapText {
    /// Takes bytes up to the end of a block, and gives the others back.
    fn take<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let (block, rest) = bytes.split_at(bytes.len().min(BLOCK - self.bytes.len() % BLOCK));
        self.lines += block.iter().filter(|byte| **byte == b'\n').count();
        self.bytes.extend_from_slice(block);
        rest
    }

    /// The parts, if the text is complete; an error as soon as it is longer than its lines can be.
    fn parts(&mut self) -> Result<Option<Vec<Part>>, ()> {
        if !self.bytes.len().is_multiple_of(BLOCK) {
            return Ok(None);
        }
        let wanted = match self.wanted {
            Some(wanted) => wanted,
            None => 1 + 2 * self.count()?,
        };
        self.wanted = Some(wanted);
        if self.lines < wanted {
            return if self.bytes.len() < wanted * MAX_LINE { Ok(None) } else { Err(()) };
        }
        let lines = self.bytes.split(|byte| *byte == b'\n').take(wanted).skip(1);
        let numbers = lines.map(|line| number(line).ok_or(())).collect::<Result<Vec<u64>, ()>>()?;
        Ok(Some(pairs(&numbers)))
    }

    /// What the first line says, which ends within the first block.
    fn count(&self) -> Result<usize, ()> {
        let end = self.bytes.iter().position(|byte| *byte == b'\n').ok_or(())?;
        let count = number(&self.bytes[..end]).and_then(|count| usize::try_from(count).ok());
        count.filter(|count| *count <= MAX_PARTS).ok_or(())
    }
}

fn number(line: &[u8]) -> Option<u64> {
    std::str::from_utf8(line).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The content that comes out of stored bytes, which come in pieces of a size.
    fn content(sparse: Sparse, stored: &[u8], piece: usize) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let mut unsparse = Unsparse::new(sparse, "f").ok()?;
        for bytes in stored.chunks(piece) {
            unsparse.write(bytes, &mut |bytes| out.extend_from_slice(bytes)).ok()?;
        }
        unsparse.finish(&mut |bytes| out.extend_from_slice(bytes)).ok()?;
        Some(out)
    }

    #[test]
    fn parts_find_their_places() {
        let sparse = |parts: &[Part]| Sparse { size: 10, parts: Some(parts.to_vec()) };
        for piece in 1..5 {
            let whole = content(sparse(&[(2, 3), (8, 1)]), b"abcd", piece);
            assert_eq!(whole.as_deref(), Some(&b"\0\0abc\0\0\0d\0"[..]));
            assert_eq!(content(sparse(&[]), b"", piece).as_deref(), Some(&[0; 10][..]));
            assert_eq!(content(sparse(&[(2, 3), (10, 0)]), b"abc", piece).map(|whole| whole.len()), Some(10));
        }
        assert_eq!(content(sparse(&[(2, 3)]), b"ab", 1), None, "bytes are missing");
        for parts in [&[(8, 3)][..], &[(4, 2), (5, 1)], &[(u64::MAX, 2)]] {
            assert_eq!(content(sparse(parts), b"abcdef", 1), None, "{parts:?}");
        }
        assert_eq!(content(Sparse { size: u64::MAX, parts: Some(Vec::new()) }, b"", 1), None);
    }

    #[test]
    fn maps_in_front_of_the_content() {
        let stored = |map: &str| {
            let mut stored = map.as_bytes().to_vec();
            stored.resize(stored.len().next_multiple_of(BLOCK), 0);
            stored.extend_from_slice(b"xy");
            stored
        };
        for piece in [1, 7, 512, 2000] {
            let sparse = Sparse { size: 6, parts: None };
            let whole = content(sparse.clone(), &stored("2\n1\n1\n4\n1\n"), piece);
            assert_eq!(whole.as_deref(), Some(&b"\0x\0\0y\0"[..]), "{piece}");
            assert_eq!(content(sparse.clone(), &stored("2\n1\nx\n4\n1\n"), piece), None);
            assert_eq!(content(sparse, &stored("9999999\n"), piece), None);
        }
    }

    #[test]
    fn a_map_cannot_be_longer_than_its_lines() {
        let taken = |map: &str| {
            let mut unsparse = Unsparse::new(Sparse { size: 6, parts: None }, "f").unwrap();
            let mut stored = map.as_bytes().to_vec();
            stored.resize(1 << 20, b'0');
            stored.chunks(BLOCK).take_while(|block| unsparse.write(block, &mut |_| {}).is_ok()).count()
        };
        assert_eq!(taken(""), 0, "no line ends in the first block");
        assert_eq!(taken("1\n0"), 0);
        assert_eq!(taken("100\n0"), 201 * MAX_LINE / BLOCK);
    }

    #[test]
    fn records() {
        let of = |records: &[(&str, &str)]| {
            let records = records.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
            of_records(&records.collect(), 7)
        };
        let parts = Some(vec![(0, 2), (5, 1)]);
        let map = [("GNU.sparse.map", "0,2,5,1"), ("GNU.sparse.numblocks", "2"), ("GNU.sparse.size", "9")];
        assert_eq!(of(&map), Ok(Some(Sparse { size: 9, parts })));
        assert_eq!(of(&map[..1]), Err(()));
        assert_eq!(of(&[]), Ok(None));
        let inside = [("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "3")];
        assert_eq!(of(&inside), Ok(Some(Sparse { size: 3, parts: None })));
    }
}

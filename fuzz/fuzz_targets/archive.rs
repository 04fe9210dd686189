//! Any bytes as an archive: unpacked where they are compressed, read as a tar, and put into a tree.

#![no_main]

use lab_engine::compression::Format;
use lab_engine::layer::apply_entries;
use lab_engine::layer::tar::{BytesSink, Entry, Reader, Writer};
use lab_engine::vfs::Tree;
use libfuzzer_sys::fuzz_target;

const LIMIT: usize = 1 << 18;

fuzz_target!(|bytes: &[u8]| {
    let unpacked = Format::of(bytes).map(|format| format.unpack(bytes, LIMIT).bytes);
    let tar = unpacked.as_deref().unwrap_or(bytes);
    assert!(unpacked.is_none() || tar.len() <= LIMIT);
    let entries: Vec<Entry> = Reader::new(tar).map_while(Result::ok).collect();
    let mut writer = Writer::new(BytesSink::default());
    for entry in &entries {
        writer.append(entry).expect("nothing is opaque");
    }
    let written = writer.finish().expect("nothing is opaque").0;
    let again: Vec<Entry> = Reader::new(&written).map_while(Result::ok).collect();
    if entries.iter().all(is_plain) {
        assert_eq!(entries, again, "what is written is read");
    }
    let _ = apply_entries(&Tree::new(), entries);
});

/// Whether an entry can be told from others by what a tar says: a path that is one, and a time that it can hold.
fn is_plain(entry: &Entry) -> bool {
    !entry.path.is_empty() && !entry.path.contains('\0') && (0..1 << 33).contains(&entry.metadata.mtime)
}

//! Writing and reading tars.

use super::*;
use crate::digest::Digest;
use crate::vfs::{Content, DeviceKind, Metadata};
use proptest::prelude::*;

fn entry(path: &str, body: Body) -> Entry {
    Entry { path: path.to_owned(), metadata: Metadata::new(0o644, 1_500_000_000), body }
}

fn write(entries: &[Entry]) -> Vec<u8> {
    let mut writer = Writer::new(BytesSink::default());
    for entry in entries {
        writer.append(entry).unwrap();
    }
    writer.finish().unwrap().0
}

fn read(bytes: &[u8]) -> Result<Vec<Entry>, TarError> {
    Reader::new(bytes).collect()
}

#[test]
fn an_empty_tar_is_two_blocks_of_zeros() {
    let tar = write(&[]);
    assert_eq!(
        Digest::of(&tar).to_string(),
        "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
    );
    assert_eq!(read(&tar), Ok(vec![]));
}

#[test]
fn long_names_are_split_at_a_slash_or_go_into_a_pax_header() {
    let fits = format!("{}/{}", "p".repeat(155), "n".repeat(100));
    assert_eq!(write(&[entry(&fits, Body::File("".into()))]).len(), 3 * BLOCK);
    for too_long in [
        format!("{}/{}", "p".repeat(156), "n".repeat(99)),
        format!("{}/{}", "p".repeat(10), "n".repeat(101)),
        "n".repeat(101),
        "ü".to_owned(),
    ] {
        let tar = write(&[entry(&too_long, Body::File("".into()))]);
        assert_eq!(tar.len(), 5 * BLOCK, "{too_long}");
        assert_eq!(read(&tar).unwrap()[0].path, too_long);
    }
}

#[test]
fn a_cut_behind_a_slash_leaves_no_slash() {
    let path = format!("{}/é", "n".repeat(99));
    let tar = write(&[entry(&path, Body::File("".into()))]);
    let header = &tar[2 * BLOCK..];
    assert_eq!(&header[..100], [&b"n".repeat(99)[..], b"/"].concat());
    let path = format!("{}/éa", "n".repeat(99));
    let tar = write(&[entry(&path, Body::File("".into()))]);
    assert_eq!(tar[2 * BLOCK + 99], 0);
}

#[test]
fn opaque_content_counts_with_its_size() {
    let file = |content| entry("a", Body::File(content));
    let hash = |content| {
        let mut writer = Writer::new(DigestSink::new());
        writer.append(&file(content)).unwrap();
        let sink = writer.finish().unwrap();
        (sink.length(), sink.is_modelled(), sink.digest())
    };
    let real = hash(Content::from("text"));
    let opaque = hash(Content::opaque(4, Digest::of(b"text")));
    assert_eq!((real.0, real.1), (opaque.0, false));
    assert!(opaque.1 && opaque.2 != real.2);
    assert_ne!(opaque.2, hash(Content::opaque(4, Digest::of(b"else"))).2);
    let error = Writer::new(BytesSink::default()).append(&file(Content::opaque(4, Digest::of(b"text"))));
    assert_eq!(error, Err(OpaqueContent { path: "a".into() }));
}

#[test]
fn names_of_gnu_tar_and_numbers_in_base_256_are_read() {
    let long = "d/".repeat(80) + "x";
    let mut header = header::Header::new(header::kind::GNU_LONG_NAME);
    header.text(header::field::NAME, "././@LongLink");
    header.number(header::field::SIZE, long.len() as i64 + 1);
    let mut tar = header.finish().to_vec();
    tar.extend(long.bytes());
    tar.resize(2 * BLOCK, 0);
    let mut header = header::Header::new(header::kind::FILE);
    header.0[header::field::MAGIC].copy_from_slice(b"ustar  \0");
    // Where ustar has its prefix, GNU tar has times.
    header.text(header::field::PREFIX, "14524770000");
    header.0[header::field::UID].copy_from_slice(&[0x80, 0, 0, 0, 0, 0x40, 0, 1]);
    header.0[header::field::MTIME].copy_from_slice(&[0xff; 12]);
    tar.extend(header.finish());
    let entries = read(&tar).unwrap();
    assert_eq!(entries[0].path, long);
    assert_eq!((entries[0].metadata.uid, entries[0].metadata.mtime), (0x40_0001, -1));
}

#[test]
fn damage_is_an_error() {
    let tar = write(&[entry("a", Body::File("text".into()))]);
    assert_eq!(read(&tar[..700]).map(|entries| entries.len()), Ok(1));
    assert_eq!(read(&tar[..514]), Err(TarError::UnexpectedEnd));
    let mut flipped = tar.clone();
    flipped[0] ^= 1;
    assert_eq!(read(&flipped), Err(TarError::InvalidHeader { offset: 0 }));
    let sparse = header::Header::new(header::kind::GNU_SPARSE).finish();
    assert!(matches!(read(&sparse), Err(TarError::Sparse { .. })));
    let unknown = header::Header::new(b'Z').finish();
    assert_eq!(read(&unknown), Err(TarError::UnknownType { path: String::new(), letter: b'Z' }));
}

#[test]
fn two_blocks_of_zeros_are_the_end() {
    let tar = write(&[entry("a", Body::Directory)]);
    let one = [&tar[..1024], &tar[..512]].concat();
    assert_eq!(read(&one), Err(TarError::InvalidHeader { offset: 512 }));
    let ends = [(&tar[..], false), (&tar[..1024], true), (&tar[..512], true), (&tar[..700], true)];
    for (bytes, wants_more) in ends {
        let mut reader = Reader::new(bytes);
        while let Some(Ok(_)) = reader.next() {}
        assert_eq!(reader.wants_more(), wants_more, "{}", bytes.len());
    }
}

/// The entries of a stream whose content is complete.
#[derive(Default)]
struct Taken {
    complete: Vec<Entry>,
    open: Option<(Entry, Vec<u8>)>,
}

impl Visitor for Taken {
    fn entry(&mut self, entry: Entry, _size: u64) {
        match entry.body {
            Body::File(_) => self.open = Some((entry, Vec::new())),
            _ => self.complete.push(entry),
        }
    }

    fn data(&mut self, bytes: &[u8]) {
        self.open.as_mut().unwrap().1.extend_from_slice(bytes);
    }

    fn end(&mut self) {
        let (entry, bytes) = self.open.take().unwrap();
        self.complete.push(Entry { body: Body::File(bytes.into()), ..entry });
    }
}

fn any_entry() -> impl Strategy<Value = Entry> {
    let path = "[a-cü./]{0,60}[a-zö]{1,80}".prop_map(|path| path.trim_start_matches('/').to_owned());
    let body = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..1100).prop_map(|bytes| Body::File(Content::from(bytes))),
        Just(Body::Directory),
        "[a-z/é]{1,120}".prop_map(Body::Symlink),
        "[a-z/é]{1,120}".prop_map(Body::HardLink),
        (any::<bool>(), 0..0o777_7777u32, 0..256u32).prop_map(|(is_block, major, minor)| Body::Device {
            kind: if is_block { DeviceKind::Block } else { DeviceKind::Character },
            number: (major, minor),
        }),
        Just(Body::Device { kind: DeviceKind::Fifo, number: (0, 0) }),
    ];
    (path, body, 0..0o10000u32, any::<u32>(), any::<u32>(), -10i64..20_000_000_000).prop_map(
        |(path, body, mode, uid, gid, mtime)| Entry {
            path,
            body,
            metadata: Metadata { mode, uid, gid, mtime },
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read(entries in prop::collection::vec(any_entry(), 0..6)) {
        let tar = write(&entries);
        prop_assert_eq!(tar.len() % BLOCK, 0);
        prop_assert_eq!(read(&tar).unwrap(), entries);
    }

    #[test]
    fn pieces_give_what_the_whole_gives(
        entries in prop::collection::vec(any_entry(), 0..5),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
        cut in any::<prop::sample::Index>(),
        size in 1..2000_usize,
    ) {
        let written = write(&entries);
        let mut tar = written.clone();
        for (at, byte) in edits {
            let at = at.index(tar.len());
            tar[at] = byte;
        }
        tar.truncate(cut.index(tar.len()) + 1);
        let whole: Vec<Entry> = Reader::new(&tar).map_while(Result::ok).collect();
        let (mut stream, mut taken) = (Stream::new(), Taken::default());
        let done = tar.chunks(size).try_for_each(|piece| stream.write(piece, &mut taken));
        let done = done.and_then(|()| stream.finish());
        prop_assert_eq!(taken.complete, whole);
        // A stream also minds an end within padding or behind a pax header, which a reader takes as Go does.
        prop_assert!(done.is_err() || Reader::new(&tar).all(|entry| entry.is_ok()));
        prop_assert!(done.is_ok() || tar != written);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(
        entries in prop::collection::vec(any_entry(), 0..3),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut tar = write(&entries);
        for (at, byte) in edits {
            let at = at.index(tar.len());
            tar[at] = byte;
            // A right checksum lets the damage through to what reads the fields.
            let start = at - at % BLOCK;
            let block: &mut [u8; BLOCK] = tar[start..].first_chunk_mut().unwrap();
            let sum = format!("{:06o}\0 ", header::checksum(block));
            block[header::field::CHECKSUM].copy_from_slice(sum.as_bytes());
        }
        let end = cut.index(tar.len() + 1);
        let _ = read(&tar[..end]);
    }
}

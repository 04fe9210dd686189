//! Writing and reading tars.

use super::*;
use crate::digest::Digest;
use crate::vfs::{Content, DeviceKind, Metadata, Xattrs};
use proptest::prelude::*;

fn entry(path: &str, body: Body) -> Entry {
    Entry::new(path, Metadata::new(0o644, 1_500_000_000), body)
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

/// Who only wants to know what is there pays nothing for what it would be.
#[test]
fn heads_come_without_content() {
    let huge = [
        ("GNU.sparse.major", "1"),
        ("GNU.sparse.minor", "0"),
        ("GNU.sparse.name", "f"),
        ("GNU.sparse.realsize", "99999999999"),
    ];
    let tar = with_records(header::kind::PAX, "x", &huge, b"0\n");
    let mut reader = Reader::new(&tar);
    let head = reader.next_head().unwrap().unwrap();
    assert_eq!((head.entry.path.as_str(), head.size()), ("f", 99_999_999_999));
    assert!(reader.next_head().is_none());
    let mut reader = Reader::new(&tar);
    let head = reader.next_head().unwrap().unwrap();
    assert_eq!(reader.content(head), Err(TarError::Sparse { path: "f".to_owned() }));
    assert!(reader.next_head().is_none());
}

/// The records sort before all others, and the values may be any bytes.
#[test]
fn attributes_are_records() {
    let xattrs = Xattrs::new([("security.capability".to_owned(), vec![1, 0, 0, 2, 255])].into());
    let metadata = Metadata { uid: 1 << 21, ..Metadata::new(0o755, 5) };
    let tar = write(&[Entry { xattrs, ..Entry::new("f", metadata, Body::File("x".into())) }]);
    assert_eq!(
        &tar[512..569],
        b"42 SCHILY.xattr.security.capability=\x01\0\0\x02\xff\n15 uid=2097152\n".as_slice()
    );
}

/// One file with these pax records and this content, as it is stored.
fn with_records(kind: u8, name: &str, records: &[(&str, &str)], stored: &[u8]) -> Vec<u8> {
    let records: Vec<(String, Vec<u8>)> =
        records.iter().map(|(key, value)| ((*key).to_owned(), value.as_bytes().to_vec())).collect();
    let text = pax::encode(&records);
    let mut tar = Vec::new();
    let mut put = |letter, name: &str, content: &[u8]| {
        let mut header = header::Header::new(letter);
        header.text(header::field::NAME, name);
        header.number(header::field::SIZE, content.len() as i64);
        tar.extend(header.finish());
        tar.extend(content);
        tar.resize(tar.len().next_multiple_of(BLOCK), 0);
    };
    put(kind, "pax", &text);
    put(header::kind::FILE, name, stored);
    tar
}

/// What is read at once, and in pieces of any size.
fn read_in_all_ways(tar: &[u8]) -> Vec<(String, Vec<u8>)> {
    let known = |entries: Vec<Entry>| -> Vec<(String, Vec<u8>)> {
        let content = |body: &Body| match body {
            Body::File(content) => content.bytes().expect("it is kept").to_vec(),
            _ => Vec::new(),
        };
        entries.iter().map(|entry| (entry.path.clone(), content(&entry.body))).collect()
    };
    let whole = known(read(tar).expect("it can be read"));
    for size in [1, 100, 512, 5000] {
        let (mut stream, mut taken) = (Stream::new(), Taken::default());
        tar.chunks(size).try_for_each(|piece| stream.write(piece, &mut taken)).expect("it can be read");
        stream.finish().expect("it is complete");
        assert_eq!(known(taken.complete), whole, "{size}");
    }
    whole
}

/// Go's reader knows all four ways in which GNU tar wrote sparse files.
#[test]
fn sparse_files_are_made_whole() {
    let whole = |content: &[u8]| vec![("f".to_owned(), content.to_vec())];
    let expected = b"\0\0ab\0\0\0c\0";
    let size = ("GNU.sparse.size", "9");
    let zero = [
        size,
        ("GNU.sparse.numblocks", "2"),
        ("GNU.sparse.offset", "2"),
        ("GNU.sparse.numbytes", "2"),
        ("GNU.sparse.offset", "7"),
        ("GNU.sparse.numbytes", "1"),
    ];
    let tar = with_records(
        header::kind::PAX,
        "f",
        &[&[("GNU.sparse.major", "0"), ("GNU.sparse.minor", "0")], &zero[..]].concat(),
        b"abc",
    );
    assert_eq!(read_in_all_ways(&tar), whole(expected));
    let one = [size, ("GNU.sparse.numblocks", "2"), ("GNU.sparse.map", "2,2,7,1"), ("GNU.sparse.name", "f")];
    assert_eq!(
        read_in_all_ways(&with_records(header::kind::PAX, "GNUSparseFile.0/f", &one, b"abc")),
        whole(expected)
    );
    let inside = [
        ("GNU.sparse.major", "1"),
        ("GNU.sparse.minor", "0"),
        ("GNU.sparse.name", "f"),
        ("GNU.sparse.realsize", "9"),
    ];
    let mut stored = b"2\n2\n2\n7\n1\n".to_vec();
    stored.resize(BLOCK, 0);
    stored.extend(b"abc");
    assert_eq!(read_in_all_ways(&with_records(header::kind::PAX, "x", &inside, &stored)), whole(expected));
}

/// The old way has its map in the header, and goes on in blocks behind it.
#[test]
fn sparse_files_of_the_old_kind() {
    let number = |block: &mut [u8], at: usize, value: u64| {
        block[at..at + 12].copy_from_slice(format!("{value:011o}\0").as_bytes())
    };
    let mut header = header::Header::new(header::kind::GNU_SPARSE);
    header.0[header::field::MAGIC].copy_from_slice(b"ustar  \0");
    header.text(header::field::NAME, "f");
    header.number(header::field::SIZE, 6);
    let mut more = [0; BLOCK];
    for part in 0..6_u64 {
        let (block, at) = if part < 4 {
            (&mut header.0, 386 + 24 * part as usize)
        } else {
            (&mut more, 24 * (part as usize - 4))
        };
        number(block, at, 10 * part);
        number(block, at + 12, 1);
    }
    header.0[header::field::SPARSE_GOES_ON] = 1;
    number(&mut header.0, header::field::SPARSE_SIZE.start, 60);
    let mut tar = header.finish().to_vec();
    tar.extend(more);
    tar.extend(b"abcdef");
    tar.resize(4 * BLOCK, 0);
    let found = read_in_all_ways(&tar);
    let mut expected = vec![0; 60];
    (0..6).for_each(|part| expected[10 * part] = b'a' + part as u8);
    assert_eq!(found, [("f".to_owned(), expected)]);
}

/// What Go's reader does not believe.
#[test]
fn records_that_change_nothing() {
    let names =
        |tar: &[u8]| -> Vec<String> { read_in_all_ways(tar).into_iter().map(|(name, _)| name).collect() };
    let global = with_records(header::kind::PAX_GLOBAL, "f", &[("path", "other"), ("comment", "x")], b"a");
    assert_eq!(names(&global), ["f"]);
    assert_eq!(names(&with_records(header::kind::PAX, "f", &[("path", "")], b"a")), ["f"]);
    let xattr = [("SCHILY.xattr.user.a", "b"), ("path", "long")];
    assert_eq!(names(&with_records(header::kind::PAX, "f", &xattr, b"a")), ["long"]);
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
    let xattrs = prop::collection::btree_map("[a-z.]{1,9}", prop::collection::vec(any::<u8>(), 0..30), 0..2);
    (path, body, 0..0o10000u32, any::<u32>(), any::<u32>(), -10i64..20_000_000_000, xattrs).prop_map(
        |(path, body, mode, uid, gid, mtime, xattrs)| Entry {
            path,
            body,
            metadata: Metadata { mode, uid, gid, mtime },
            xattrs: Xattrs::new(xattrs),
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

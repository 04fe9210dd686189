//! What a file is that a person brings, by its first bytes: a name says little, and a tar can be an image or a file.
//!
//! Input: bytes. Output: what they can be. Nothing here reads files.

/// The length of a header in a tar.
pub const BLOCK: usize = 512;

/// What the first bytes of a file say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// A tar, whose headers say more.
    Tar,
    /// Compressed with gzip, which a browser can unpack.
    Gzip,
    /// Compressed in another way: bzip2, xz, zstd.
    Packed,
    /// The progress stream of a build.
    Progress,
    /// The same, but none of its first lines is whole.
    BrokenProgress,
    /// A tar whose first header is damaged.
    BrokenTar,
    /// Anything else.
    Other,
}

/// Looks at the first bytes.
pub fn head(bytes: &[u8]) -> Head {
    match bytes {
        [0x1f, 0x8b, ..] => Head::Gzip,
        [b'B', b'Z', b'h', ..] | [0xfd, b'7', b'z', b'X', b'Z', 0, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            Head::Packed
        }
        _ if header(bytes).is_some() => Head::Tar,
        _ if bytes.get(257..262) == Some(b"ustar") => Head::BrokenTar,
        _ => of_text(&text(bytes)),
    }
}

/// The text of bytes, which some shells write in UTF-16 where a command's output is put into a file.
pub fn text(bytes: &[u8]) -> String {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The path and the size of the entry whose header this is; none where the checksum is wrong.
pub fn header(block: &[u8]) -> Option<(String, u64)> {
    let block = block.get(..BLOCK)?;
    let octal = |field: &[u8]| -> Option<u64> {
        let text = std::str::from_utf8(field).ok()?.trim_matches([' ', '\0']);
        if text.is_empty() { Some(0) } else { u64::from_str_radix(text, 8).ok() }
    };
    let is_checksum = |at: usize| (148..156).contains(&at);
    let sum: u64 = (0..BLOCK).map(|at| if is_checksum(at) { 32 } else { u64::from(block[at]) }).sum();
    if octal(&block[148..156])? != sum || block[0] == 0 {
        return None;
    }
    let until = block[..100].iter().position(|byte| *byte == 0).unwrap_or(100);
    let path = String::from_utf8_lossy(&block[..until]).into_owned();
    // A size beyond what octal digits can say is written in binary.
    let size = if block[124] & 0x80 != 0 {
        block[128..136].iter().fold(0, |sum: u64, byte| sum << 8 | u64::from(*byte))
    } else {
        octal(&block[124..136])?
    };
    Some((path, size))
}

/// What the path of an entry says about its archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Only archives of images have it.
    Image,
    /// Archives of images have it, others too.
    Maybe,
    /// No archive of an image has it.
    Not,
}

/// Looks at the path of an entry.
pub fn sign(path: &str) -> Sign {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    let is_hex = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    match first {
        "oci-layout" => Sign::Image,
        "manifest.json" | "index.json" | "repositories" | "" => Sign::Maybe,
        "blobs" if rest.is_empty() || rest == "sha256" => Sign::Maybe,
        "blobs" if rest.strip_prefix("sha256/").is_some_and(is_hex) => Sign::Image,
        _ if is_hex(first) && (rest.is_empty() || matches!(rest, "layer.tar" | "json" | "VERSION")) => {
            Sign::Image
        }
        _ if is_hex(first.split('.').next().unwrap_or_default()) => Sign::Image,
        _ => Sign::Not,
    }
}

/// Whether a text begins as a progress stream does. Other lines may stand in front: programs print what they like. What has
/// the words of one, and no line that begins as one, is broken.
fn of_text(text: &str) -> Head {
    const KEYS: [&str; 4] = ["{\"vertexes\":", "{\"statuses\":", "{\"logs\":", "{\"warnings\":"];
    const DIGEST: [&str; 2] = ["\"digest\":\"sha256:", "\"vertex\":\"sha256:"];
    if text.lines().take(50).any(|line| KEYS.iter().any(|key| line.starts_with(key))) {
        return Head::Progress;
    }
    let packed: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    let has_words = KEYS.iter().any(|key| packed.contains(&key[1..]));
    if has_words && DIGEST.iter().any(|key| packed.contains(key)) {
        Head::BrokenProgress
    } else {
        Head::Other
    }
}

/// What is wrong with an archive or a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Where an entry of a tar has to begin there is none.
    NoHeader {
        /// At which byte.
        at: u64,
    },
    /// A tar ends within an entry.
    Cut {
        /// How many bytes there are.
        at: u64,
        /// The path of the entry.
        path: String,
    },
    /// It cannot be unpacked.
    NotPacked {
        /// The browser's words.
        detail: String,
    },
    /// No line of a log begins as BuildKit writes it.
    NoLine,
}

/// What the block says that stands where an entry of a tar can begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// This entry, and where the one after it begins.
    Entry {
        /// Its path.
        path: String,
        /// The byte behind it.
        end: u64,
    },
    /// The archive is at its end.
    End,
    /// Something is wrong.
    Fault(Fault),
}

/// Looks at the block at a byte of a tar of `size` bytes.
pub fn next(block: &[u8], at: u64, size: u64) -> Next {
    if block.is_empty() || block.iter().all(|byte| *byte == 0) {
        return Next::End;
    }
    let Some((path, length)) = header(block) else { return Next::Fault(Fault::NoHeader { at }) };
    let unit = BLOCK as u64;
    // What an archive says of itself may be more than any file has, so that this must not come out short.
    let end = length.div_ceil(unit).saturating_add(1).saturating_mul(unit).saturating_add(at);
    if at.saturating_add(unit).saturating_add(length) > size {
        return Next::Fault(Fault::Cut { at: size, path });
    }
    Next::Entry { path, end }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(path: &str, size: &str) -> Vec<u8> {
        let mut block = vec![0; BLOCK];
        block[..path.len()].copy_from_slice(path.as_bytes());
        block[124..124 + size.len()].copy_from_slice(size.as_bytes());
        block[148..156].copy_from_slice(b"        ");
        let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        block
    }

    fn broken_tar() -> Vec<u8> {
        let mut broken = block("a", "1");
        broken[257..262].copy_from_slice(b"ustar");
        broken
    }

    #[test]
    fn a_damaged_tar_is_told_with_its_place() {
        let entry = block("dir/file", "0001000");
        assert_eq!(next(&entry, 512, 1536), Next::Entry { path: "dir/file".to_owned(), end: 1536 });
        assert_eq!(
            next(&entry, 512, 1535),
            Next::Fault(Fault::Cut { at: 1535, path: "dir/file".to_owned() })
        );
        assert_eq!(next(&[7; BLOCK], 512, 4096), Next::Fault(Fault::NoHeader { at: 512 }));
        assert_eq!(next(&entry[..100], 512, 612), Next::Fault(Fault::NoHeader { at: 512 }));
        assert_eq!(next(&[0; BLOCK], 512, 4096), Next::End);
        assert_eq!(next(&[], 512, 512), Next::End);
        // A size beyond every file.
        let mut endless = entry;
        endless[124..136].copy_from_slice(&[0x80, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255]);
        endless[148..156].copy_from_slice(b"        ");
        let sum: u64 = endless.iter().map(|byte| u64::from(*byte)).sum();
        endless[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        assert!(matches!(next(&endless, 0, 4096), Next::Fault(Fault::Cut { .. })));
    }

    #[test]
    fn first_bytes_tell_what_a_file_is() {
        for (bytes, expected) in [
            (&b"\x1f\x8b\x08"[..], Head::Gzip),
            (b"BZh9", Head::Packed),
            (b"\x28\xb5\x2f\xfd", Head::Packed),
            (&block("a", "0000001"), Head::Tar),
            (b"{\"vertexes\":[]}\n", Head::Progress),
            (b"#0 building\n{\"logs\":[{\"vertex", Head::Progress),
            (b"{\"name\":\"shop\",\"logs\":[]}", Head::Other),
            (b"FROM alpine\n", Head::Other),
            (b"\xff\xfe{\0\"\0l\0o\0g\0s\0\"\0:\0[\0", Head::Progress),
            (b"{ \"vertexes\": [\n { \"digest\": \"sha256:ab\" } ] }", Head::BrokenProgress),
            (b"texes\":[{\"digest\":\"sha256:ab\"}],\"logs\":[]}", Head::BrokenProgress),
            (&broken_tar(), Head::BrokenTar),
            (b"", Head::Other),
        ] {
            assert_eq!(head(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn headers_tell_path_and_size() {
        assert_eq!(header(&block("blobs/sha256/", "0000017")), Some(("blobs/sha256/".to_owned(), 15)));
        let mut damaged = block("a", "1");
        damaged[0] = b'b';
        assert_eq!(header(&damaged), None);
        assert_eq!(header(&[0; BLOCK]), None);
        assert_eq!(header(b"short"), None);
    }

    #[test]
    fn paths_tell_images_from_other_archives() {
        let hex = "0123456789abcdef".repeat(4);
        for (path, expected) in [
            ("oci-layout", Sign::Image),
            ("./oci-layout", Sign::Image),
            ("blobs/", Sign::Maybe),
            (&format!("blobs/sha256/{hex}"), Sign::Image),
            (&format!("{hex}/layer.tar"), Sign::Image),
            (&format!("{hex}.json"), Sign::Image),
            (&format!("{hex}/"), Sign::Image),
            ("manifest.json", Sign::Maybe),
            ("package.json", Sign::Not),
            ("src/manifest.json", Sign::Not),
        ] {
            assert_eq!(sign(path), expected, "{path}");
        }
    }
}

//! Header blocks as GNU tar and BusyBox write them (`ustar` with two blanks), and what the reader leaves out of them.

use crate::layer::tar::BLOCK;

/// What goes into a header.
pub(super) struct Header<'a> {
    pub name: &'a [u8],
    pub link: &'a [u8],
    pub kind: u8,
    pub mode: u32,
    pub uid: u32,
    pub gid: u32,
    pub user: &'a str,
    pub group: &'a str,
    pub size: u64,
    pub mtime: i64,
    pub device: Option<(u32, u32)>,
}

impl Header<'_> {
    /// Appends the block, and blocks in front of it for names that are too long.
    pub(super) fn write(&self, out: &mut Vec<u8>, busybox: bool) {
        for (kind, text) in [(b'K', self.link), (b'L', self.name)] {
            if text.len() > 99 + usize::from(!busybox) {
                long(out, kind, text, busybox);
            }
        }
        self.block(out);
    }

    fn block(&self, out: &mut Vec<u8>) {
        let mut block = [0; BLOCK];
        let mut put = |at: usize, room: usize, text: &[u8]| {
            let length = text.len().min(room);
            block[at..at + length].copy_from_slice(&text[..length]);
        };
        put(0, 100, self.name);
        put(100, 8, &octal(self.mode.into(), 8));
        put(108, 8, &octal(self.uid.into(), 8));
        put(116, 8, &octal(self.gid.into(), 8));
        put(124, 12, &octal(self.size, 12));
        put(136, 12, &octal(self.mtime.max(0) as u64, 12));
        put(148, 8, b"        ");
        put(156, 1, &[self.kind]);
        put(157, 100, self.link);
        put(257, 8, b"ustar  \0");
        put(265, 31, self.user.as_bytes());
        put(297, 31, self.group.as_bytes());
        if let Some((major, minor)) = self.device {
            put(329, 8, &octal(major.into(), 8));
            put(337, 8, &octal(minor.into(), 8));
        }
        let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.extend_from_slice(&block);
    }
}

/// Octal digits and a NUL; numbers that do not fit in base 256.
fn octal(value: u64, room: usize) -> Vec<u8> {
    let digits = room - 1;
    if value < 1 << (3 * digits) {
        return format!("{value:0digits$o}\0").into_bytes();
    }
    let mut bytes = vec![0; room];
    for (at, byte) in value.to_be_bytes().iter().rev().enumerate().take(room - 1) {
        bytes[room - 1 - at] = *byte;
    }
    bytes[0] = 0x80;
    bytes
}

/// A name of its own in front of the header.
fn long(out: &mut Vec<u8>, kind: u8, text: &[u8], busybox: bool) {
    let header = Header {
        name: b"././@LongLink",
        link: b"",
        kind,
        mode: if busybox { 0 } else { 0o644 },
        uid: 0,
        gid: 0,
        user: if busybox { "" } else { "root" },
        group: if busybox { "" } else { "root" },
        size: text.len() as u64 + 1,
        mtime: 0,
        device: None,
    };
    header.block(out);
    out.extend_from_slice(text);
    out.push(0);
    pad(out, BLOCK);
}

/// Fills the last block with zeros.
pub(super) fn pad(out: &mut Vec<u8>, block: usize) {
    out.resize(out.len().next_multiple_of(block), 0);
}

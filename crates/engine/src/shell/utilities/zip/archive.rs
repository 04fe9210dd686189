//! The bytes of a zip archive, as Info-ZIP writes them on Unix.

use crate::compression::crc32;
use crate::compression::deflate::{Level, Packer, pack};
use crate::shell::bytes::{to_bytes, to_text};
use crate::shell::utilities::time::{moment, seconds_of};

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const DEFLATED: u16 = 8;

/// A packed file.
pub(super) struct Member {
    pub(super) name: String,
    pub(super) mtime: i64,
    mode: u32,
    method: u16,
    flags: u16,
    is_text: bool,
    crc: u32,
    size: u32,
    packed: Vec<u8>,
    owner: Option<(u32, u32)>,
}

impl Member {
    /// Packs bytes, or stores them where that is shorter.
    pub(super) fn pack(
        name: String,
        mode: u32,
        mtime: i64,
        owner: Option<(u32, u32)>,
        bytes: &[u8],
        level: u8,
    ) -> Self {
        let is_file = mode & 0o170_000 == 0o100_000;
        let deflated = (level > 0 && is_file && !bytes.is_empty())
            .then(|| pack(bytes, Level::new(level, Packer::Gnu), Packer::Gnu))
            .filter(|packed| packed.len() < bytes.len());
        let (method, packed) = match deflated {
            Some(packed) => (DEFLATED, packed),
            None => (0, bytes.to_vec()),
        };
        let flags = match level {
            _ if method == 0 => 0,
            9 => 2,
            2 => 4,
            1 => 6,
            _ => 0,
        };
        // Few control characters, and something at all.
        let is_text =
            is_file && !bytes.is_empty() && bytes.iter().all(|byte| *byte > 31 || (7..=13).contains(byte));
        let crc = if bytes.is_empty() { 0 } else { crc32(bytes) };
        Self { name, mtime, mode, method, flags, is_text, crc, size: bytes.len() as u32, packed, owner }
    }

    /// `deflated 53%`
    pub(super) fn ratio(&self) -> String {
        let (size, packed) = (u64::from(self.size), self.packed.len() as u64);
        let percent = (200 * (size - packed.min(size))).checked_div(size).map_or(0, |half| half.div_ceil(2));
        format!("{} {percent}%", if self.method == 0 { "stored" } else { "deflated" })
    }

    /// Day and time as DOS has them, in steps of two seconds.
    fn stamp(&self) -> u32 {
        let time = moment(self.mtime);
        let year = u32::try_from(time.year - 1980).unwrap_or(0) & 127;
        let date = year << 9 | time.month << 5 | time.day;
        date << 16 | time.hour << 11 | time.minute << 5 | (time.second / 2)
    }

    /// Times and owner, with all of them or only the head.
    fn extra(&self, local: bool) -> Vec<u8> {
        let Some((uid, gid)) = self.owner else { return Vec::new() };
        let seconds = (self.mtime as u32).to_le_bytes();
        let mut extra = Vec::new();
        extra.extend(b"UT");
        extra.extend(if local { [9, 0, 3] } else { [5, 0, 3] });
        extra.extend(seconds);
        if local {
            extra.extend(seconds);
        }
        extra.extend(b"ux\x0b\x00\x01\x04");
        extra.extend(uid.to_le_bytes());
        extra.push(4);
        extra.extend(gid.to_le_bytes());
        extra
    }

    /// What both headers have: from the needed version up to the length of the name.
    fn common(&self, out: &mut Vec<u8>) {
        let needed: u16 = if self.method == DEFLATED { 20 } else { 10 };
        [needed, self.flags, self.method].iter().for_each(|word| out.extend(word.to_le_bytes()));
        for number in [self.stamp(), self.crc, self.packed.len() as u32, self.size] {
            out.extend(number.to_le_bytes());
        }
        out.extend((to_bytes(&self.name).len() as u16).to_le_bytes());
    }
}

/// An archive.
#[derive(Default)]
pub(super) struct Archive {
    pub(super) members: Vec<Member>,
}

impl Archive {
    /// About how large it is.
    pub(super) fn size(&self) -> usize {
        self.members.iter().map(|member| member.packed.len() + 128).sum()
    }

    /// The archive that bytes are, without comments and fields of other systems.
    pub(super) fn read(data: &[u8]) -> Option<Self> {
        let end = (0..=data.len().checked_sub(22)?).rev().find(|at| u32_at(data, *at) == Some(END))?;
        let mut at = u32_at(data, end + 16)? as usize;
        let mut members = Vec::new();
        for _ in 0..u16_at(data, end + 10)? {
            if u32_at(data, at)? != CENTRAL {
                return None;
            }
            let [name, extra, comment] = [28, 30, 32].map(|field| u16_at(data, at + field));
            let [name, extra, comment] = [name?, extra?, comment?].map(usize::from);
            let packed = u32_at(data, at + 20)? as usize;
            let local = u32_at(data, at + 42)? as usize;
            let body =
                local + 30 + usize::from(u16_at(data, local + 26)?) + usize::from(u16_at(data, local + 28)?);
            let stamp = u32_at(data, at + 12)?;
            let fields = data.get(at + 46 + name..at + 46 + name + extra)?;
            let unix = fields.get(9..24).filter(|field| field.starts_with(b"ux\x0b\x00\x01\x04"));
            members.push(Member {
                name: to_text(data.get(at + 46..at + 46 + name)?),
                mtime: if fields.starts_with(b"UT") { u32_at(fields, 5)?.into() } else { from_stamp(stamp) },
                mode: u32_at(data, at + 38)? >> 16,
                method: u16_at(data, at + 10)?,
                flags: u16_at(data, at + 8)?,
                is_text: u16_at(data, at + 36)? & 1 == 1,
                crc: u32_at(data, at + 16)?,
                size: u32_at(data, at + 24)?,
                packed: data.get(body..body.checked_add(packed)?)?.to_vec(),
                owner: unix.and_then(|field| Some((u32_at(field, 6)?, u32_at(field, 11)?))),
            });
            at += 46 + name + extra + comment;
        }
        Some(Self { members })
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let (mut out, mut directory) = (Vec::new(), Vec::new());
        for member in &self.members {
            let start = out.len() as u32;
            let name = to_bytes(&member.name);
            let extra = member.extra(true);
            out.extend(LOCAL.to_le_bytes());
            member.common(&mut out);
            out.extend((extra.len() as u16).to_le_bytes());
            out.extend(&name);
            out.extend(extra);
            out.extend(&member.packed);

            let extra = member.extra(false);
            directory.extend(CENTRAL.to_le_bytes());
            directory.extend([0x1e, 3]);
            member.common(&mut directory);
            directory.extend((extra.len() as u16).to_le_bytes());
            directory.extend([0; 4]);
            directory.extend(u16::from(member.is_text).to_le_bytes());
            // In the lower half is what DOS knows: that it is a directory, or that it may not be written.
            let dos = match member.mode {
                mode if mode & 0o170_000 == 0o040_000 => 16,
                mode if mode & 0o200 == 0 => 1,
                _ => 0,
            };
            directory.extend((member.mode << 16 | dos).to_le_bytes());
            directory.extend(start.to_le_bytes());
            directory.extend(&name);
            directory.extend(extra);
        }
        let count = self.members.len() as u16;
        let (start, length) = (out.len() as u32, directory.len() as u32);
        out.extend(directory);
        out.extend(END.to_le_bytes());
        [0, 0, count, count].iter().for_each(|word: &u16| out.extend(word.to_le_bytes()));
        [length, start].iter().for_each(|number| out.extend(number.to_le_bytes()));
        out.extend([0; 2]);
        out
    }
}

fn from_stamp(stamp: u32) -> i64 {
    let field = |shift: u32, mask: u32| i64::from(stamp >> shift & mask);
    seconds_of(
        1980 + field(25, 127),
        field(21, 15),
        field(16, 31),
        field(11, 31),
        field(5, 63),
        field(0, 31) * 2,
    )
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_back() {
        let owner = Some((7, 8));
        let text = "line\n".repeat(50);
        let members = vec![
            Member::pack("d/".into(), 0o040_755, 1_700_000_000, owner, b"", 6),
            Member::pack("d/t".into(), 0o100_644, 1_700_000_000, owner, text.as_bytes(), 6),
            Member::pack("n".into(), 0o100_600, 1_700_000_000, None, b"\x00\x01", 6),
        ];
        assert_eq!(members[1].ratio(), "deflated 96%");
        let bytes = Archive { members }.bytes();
        let again = Archive::read(&bytes).unwrap();
        assert_eq!(again.bytes(), bytes);
        assert_eq!(again.members[1].owner, owner);
        assert!(Archive::read(b"PK").is_none());
    }
}

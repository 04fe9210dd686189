//! gzip: members one after the other, each deflated. Data may come in pieces, so that nobody has to hold all of it.

use super::checksum::Crc;
use super::deflate::{self, Level, Packer};
use super::stream::{Input, Output};
use super::{Damage, Flaw};
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};

/// A header with longer names is not believed.
const MAX_HEADER: usize = 1 << 16;
/// Checksum and length behind the data of a member.
const TRAILER: usize = 8;

enum Part {
    Header,
    Data,
    Trailer,
}

/// Unpacks a stream that comes in pieces.
pub struct Decoder {
    part: Part,
    /// The begin of a header or trailer, of which the rest has not come yet.
    held: Vec<u8>,
    inflate: Box<InflateState>,
    crc: Crc,
    length: u32,
    members: u32,
    read: u64,
    room: Vec<u8>,
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Decoder {
    /// A decoder in front of the first member.
    pub fn new() -> Self {
        Self {
            part: Part::Header,
            held: Vec::new(),
            inflate: InflateState::new_boxed(DataFormat::Raw),
            crc: Crc::crc32(),
            length: 0,
            members: 0,
            read: 0,
            room: vec![0; 1 << 16],
        }
    }

    /// Unpacks a piece into `sink`. After damage nothing more comes.
    pub fn write(
        &mut self,
        mut piece: &[u8],
        sink: &mut dyn FnMut(&[u8]) -> Result<(), Flaw>,
    ) -> Result<(), Damage> {
        while !piece.is_empty() {
            let before = piece.len();
            let done = match self.part {
                Part::Header => self.header(&mut piece),
                Part::Data => self.data(&mut piece, sink),
                Part::Trailer => self.trailer(&mut piece),
            };
            self.read += (before - piece.len()) as u64;
            done.map_err(|flaw| self.damage(flaw))?;
        }
        Ok(())
    }

    /// Says whether the stream may end here.
    pub fn finish(&self) -> Result<(), Damage> {
        let is_between = matches!(self.part, Part::Header) && self.held.is_empty();
        if is_between && self.members > 0 { Ok(()) } else { Err(self.damage(Flaw::UnexpectedEnd)) }
    }

    fn damage(&self, flaw: Flaw) -> Damage {
        Damage { flaw, offset: self.read }
    }

    fn header(&mut self, piece: &mut &[u8]) -> Result<(), Flaw> {
        let held = self.held.len();
        self.held.extend_from_slice(piece);
        if let Some(length) = header_length(&self.held)? {
            *piece = &piece[length - held..];
            self.held.clear();
            self.part = Part::Data;
            return Ok(());
        }
        *piece = &[];
        if self.held.len() > MAX_HEADER { Err(Flaw::NotThisFormat) } else { Ok(()) }
    }

    fn data(
        &mut self,
        piece: &mut &[u8],
        sink: &mut dyn FnMut(&[u8]) -> Result<(), Flaw>,
    ) -> Result<(), Flaw> {
        let result = inflate(&mut self.inflate, piece, &mut self.room, MZFlush::None);
        *piece = &piece[result.bytes_consumed..];
        let made = &self.room[..result.bytes_written];
        self.crc.write(made);
        self.length = self.length.wrapping_add(made.len() as u32);
        sink(made)?;
        match result.status {
            Ok(MZStatus::StreamEnd) => {
                self.inflate.reset(DataFormat::Raw);
                self.part = Part::Trailer;
                Ok(())
            }
            Ok(_) | Err(MZError::Buf) if result.bytes_consumed + result.bytes_written > 0 => Ok(()),
            _ => Err(Flaw::Corrupt),
        }
    }

    fn trailer(&mut self, piece: &mut &[u8]) -> Result<(), Flaw> {
        let count = piece.len().min(TRAILER - self.held.len());
        let (taken, rest) = piece.split_at(count);
        self.held.extend_from_slice(taken);
        *piece = rest;
        if self.held.len() < TRAILER {
            return Ok(());
        }
        let mut trailer = Input::new(&self.held);
        let crc = trailer.number(4)? == self.crc.take();
        let length = trailer.number(4)? == u64::from(std::mem::take(&mut self.length));
        self.held.clear();
        self.members += 1;
        self.part = Part::Header;
        if crc && length { Ok(()) } else { Err(Flaw::Checksum) }
    }
}

/// The length of the header of a member, when all of it is there.
fn header_length(bytes: &[u8]) -> Result<Option<usize>, Flaw> {
    let magic = [0x1f, 0x8b, 8];
    let known = bytes.len().min(magic.len());
    if bytes[..known] != magic[..known] {
        return Err(Flaw::NotThisFormat);
    }
    Ok(length_of_fields(bytes))
}

fn length_of_fields(bytes: &[u8]) -> Option<usize> {
    let flags = *bytes.get(3)?;
    let mut at = 10;
    if flags & 4 != 0 {
        at += 2 + usize::from(u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            at += bytes.get(at..)?.iter().position(|byte| *byte == 0)? + 1;
        }
    }
    at += if flags & 2 != 0 { 2 } else { 0 };
    (at <= bytes.len()).then_some(at)
}

/// Packs data into one member, with the name and the time of the file where it has them.
pub fn pack(data: &[u8], level: Level, packer: Packer, name: Option<&[u8]>, mtime: u32) -> Vec<u8> {
    const UNIX: u8 = 3;
    let flags = if name.is_some() { 8 } else { 0 };
    let mut packed = vec![0x1f, 0x8b, 8, flags];
    packed.extend_from_slice(&mtime.to_le_bytes());
    packed.extend([level.flags(), UNIX]);
    if let Some(name) = name {
        packed.extend_from_slice(name);
        packed.push(0);
    }
    packed.extend(deflate::pack(data, level, packer));
    let mut crc = Crc::crc32();
    crc.write(data);
    packed.extend_from_slice(&(crc.take() as u32).to_le_bytes());
    packed.extend_from_slice(&(data.len() as u32).to_le_bytes());
    packed
}

pub(super) fn unpack(input: &mut Input<'_>, output: &mut Output) -> Result<(), Flaw> {
    let mut decoder = Decoder::new();
    let done = decoder.write(input.rest(), &mut |bytes| output.extend(bytes));
    let done = done.and_then(|()| decoder.finish());
    done.map_err(|damage| {
        let _ = input.take(damage.offset as usize);
        damage.flaw
    })
}

//! Packing as `.xz`: one block of LZMA2 whose chunks are LZMA, or plain where that is shorter.

use super::lzma_pack::Encoder;
use crate::compression::checksum::Crc;
use crate::compression::matches::Matcher;

/// How far back repeats may reach: 8 MiB, as `xz -6` has it.
const WINDOW: usize = 8 << 20;
/// The byte that says so.
const WINDOW_CODE: u8 = 22;
/// Bytes of a chunk; packed, whatever they are, they stay below the 64 KiB that a chunk can have.
const CHUNK: usize = 60_000;
/// CRC-64, which `xz` takes unless told otherwise.
const FLAGS: [u8; 2] = [0, 4];

/// Packs data.
pub(crate) fn pack(data: &[u8]) -> Vec<u8> {
    let mut out = super::MAGIC.to_vec();
    out.extend(FLAGS);
    out.extend(crc32(&FLAGS));
    let mut index = vec![0, u8::from(!data.is_empty())];
    if !data.is_empty() {
        let start = out.len();
        let header = [2, 0, 0x21, 1, WINDOW_CODE, 0, 0, 0];
        out.extend(header);
        out.extend(crc32(&header));
        chunks(data, &mut out);
        let unpadded = out.len() - start + 8;
        out.resize(start + (unpadded - 8).next_multiple_of(4), 0);
        out.extend(Crc::crc64().of(data).to_le_bytes());
        number(&mut index, unpadded);
        number(&mut index, data.len());
    }
    index.resize(index.len().next_multiple_of(4), 0);
    let check = crc32(&index);
    index.extend(check);
    out.extend(&index);
    let mut footer = ((index.len() / 4 - 1) as u32).to_le_bytes().to_vec();
    footer.extend(FLAGS);
    out.extend(crc32(&footer));
    out.extend(&footer);
    out.extend(b"YZ");
    out
}

fn crc32(bytes: &[u8]) -> [u8; 4] {
    (Crc::crc32().of(bytes) as u32).to_le_bytes()
}

/// Seven bits to a byte, the lowest first.
fn number(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// What a chunk has to begin anew: its probabilities, the properties too, or the dictionary with them.
const STATE: u8 = 1;
const PROPERTIES: u8 = 2;
const DICTIONARY: u8 = 3;

fn chunks(data: &[u8], out: &mut Vec<u8>) {
    let mut encoder = Encoder::new();
    let mut matcher = Matcher::new(data, WINDOW, super::lzma_pack::LONGEST);
    let mut reset = DICTIONARY;
    let mut start = 0;
    while start < data.len() {
        let end = data.len().min(start + CHUNK);
        if reset > 0 {
            encoder = Encoder::new();
        }
        let packed = encoder.chunk(data, start, end, &mut matcher);
        let size = end - start - 1;
        if packed.len() < end - start {
            out.push(0x80 | reset << 5 | (size >> 16) as u8);
            out.extend((size as u16).to_be_bytes());
            out.extend(((packed.len() - 1) as u16).to_be_bytes());
            if reset >= PROPERTIES {
                out.push(super::lzma_pack::PROPERTIES);
            }
            out.extend(packed);
            reset = 0;
        } else {
            out.push(if reset == DICTIONARY { 1 } else { 2 });
            out.extend((size as u16).to_be_bytes());
            out.extend(&data[start..end]);
            // What was learnt from the chunk is not known to who reads it plain.
            reset = if reset >= PROPERTIES { PROPERTIES } else { STATE };
        }
        start = end;
    }
    out.push(0);
}

//! The literals of a block.

use super::MAX_BLOCK;
use super::huffman::Huffman;
use crate::compression::Flaw;
use crate::compression::stream::Input;

/// Reads the literals. A code that comes with them replaces the one that was there.
pub(super) fn read(block: &mut Input<'_>, huffman: &mut Option<Huffman>) -> Result<Vec<u8>, Flaw> {
    let first = *block.rest().first().ok_or(Flaw::Corrupt)?;
    let (kind, format) = (first & 3, first >> 2 & 3);
    if kind < 2 {
        let size = match format {
            0 | 2 => block.number(1)? >> 3,
            1 => block.number(2)? >> 4,
            _ => block.number(3)? >> 4,
        } as usize;
        if size > MAX_BLOCK {
            return Err(Flaw::Corrupt);
        }
        return if kind == 0 { Ok(block.take(size)?.to_vec()) } else { Ok(vec![block.byte()?; size]) };
    }
    let (bytes, width) = [(3, 10), (3, 10), (4, 14), (5, 18)][usize::from(format)];
    let header = block.number(bytes)? >> 4;
    let mask = (1 << width) - 1;
    let (size, packed) = ((header & mask) as usize, (header >> width & mask) as usize);
    if size > MAX_BLOCK {
        return Err(Flaw::Corrupt);
    }
    let mut data = Input::new(block.take(packed)?);
    if kind == 2 {
        *huffman = Some(Huffman::read(&mut data)?);
    }
    let huffman = huffman.as_ref().ok_or(Flaw::Corrupt)?;
    let mut literals = Vec::with_capacity(size);
    if format == 0 {
        huffman.decode(data.rest(), size, &mut literals)?;
        return Ok(literals);
    }
    let lengths = [data.number(2)?, data.number(2)?, data.number(2)?];
    let each = size.div_ceil(4);
    for length in lengths {
        huffman.decode(data.take(length as usize)?, each, &mut literals)?;
    }
    let last = size.checked_sub(3 * each).ok_or(Flaw::Corrupt)?;
    huffman.decode(data.rest(), last, &mut literals)?;
    Ok(literals)
}

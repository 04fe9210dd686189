//! LZMA2: chunks of LZMA data, or of bytes as they are.

use super::lzma::{Decoder, Properties};
use crate::compression::Flaw;
use crate::compression::stream::{Input, Output};

/// Unpacks chunks up to the one that ends them.
pub(super) fn unpack(input: &mut Input<'_>, output: &mut Output, dictionary: usize) -> Result<(), Flaw> {
    let mut decoder: Option<Decoder> = None;
    // What came before is not there for this data.
    let mut start = None;
    loop {
        let control = input.byte()?;
        if control == 0 {
            return Ok(());
        }
        if control == 1 || control >= 0xe0 {
            start = Some(output.bytes.len());
            decoder = None;
        }
        let start = start.ok_or(Flaw::Corrupt)?;
        if control < 0x80 {
            if control > 2 {
                return Err(Flaw::Corrupt);
            }
            let size = size(input)?;
            let (bytes, is_short) = input.take_up_to(size);
            output.extend(bytes)?;
            if is_short {
                return Err(Flaw::UnexpectedEnd);
            }
            continue;
        }
        let unpacked = (usize::from(control & 0x1f) << 16) + size(input)?;
        let packed = size(input)?;
        if control >= 0xc0 {
            decoder = Some(Decoder::new(Properties::new(input.byte()?)?));
        }
        let decoder = decoder.as_mut().ok_or(Flaw::Corrupt)?;
        if (0xa0..0xc0).contains(&control) {
            decoder.reset();
        }
        let (packed, is_short) = input.take_up_to(packed);
        let done = decoder.chunk(packed, output, unpacked, (start, dictionary));
        // Where the data is cut off, what is there comes out all the same.
        done.map_err(|flaw| if is_short { Flaw::UnexpectedEnd } else { flaw })?;
    }
}

/// A size less one in two bytes, the highest first.
fn size(input: &mut Input<'_>) -> Result<usize, Flaw> {
    Ok(((usize::from(input.byte()?) << 8) | usize::from(input.byte()?)) + 1)
}

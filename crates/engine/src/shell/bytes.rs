//! Words are text and data are bytes; this maps the one to the other without loss.
//!
//! A byte that is not part of valid UTF-8 becomes a character of a private plane, and becomes the byte again when the
//! text is written out.

/// U+10FF00 to U+10FFFF stand for the bytes 0 to 255.
const BASE: u32 = 0x10_FF00;

/// Bytes as text.
pub(crate) fn to_text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            let mut text = String::with_capacity(bytes.len());
            for chunk in bytes.utf8_chunks() {
                text.push_str(chunk.valid());
                text.extend(
                    chunk.invalid().iter().filter_map(|byte| char::from_u32(BASE + u32::from(*byte))),
                );
            }
            text
        }
    }
}

/// Text as bytes, the inverse of [`to_text`].
pub(crate) fn to_bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    push_bytes(text, &mut bytes);
    bytes
}

/// Appends the bytes of a text.
pub(crate) fn push_bytes(text: &str, bytes: &mut Vec<u8>) {
    // Only characters of the last plane begin with this byte.
    if !text.as_bytes().contains(&0xf4) {
        bytes.extend_from_slice(text.as_bytes());
        return;
    }
    for c in text.chars() {
        match u32::from(c).checked_sub(BASE) {
            Some(byte @ 0..=255) => bytes.push(byte as u8),
            _ => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// A character that stands for a single byte, as `printf '\200'` makes it.
pub(crate) fn byte_char(byte: u8) -> char {
    if byte.is_ascii() { byte.into() } else { char::from_u32(BASE + u32::from(byte)).unwrap_or('\u{fffd}') }
}

/// Bytes as text in which every byte is one character, for programs that count bytes; [`to_bytes`] takes it back.
pub(crate) fn bytewise(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => text.to_owned(),
        _ => bytes.iter().map(|byte| byte_char(*byte)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_is_lost(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            prop_assert_eq!(&to_bytes(&to_text(&bytes)), &bytes);
            prop_assert_eq!(bytewise(&bytes).chars().count(), bytes.len());
            prop_assert_eq!(to_bytes(&bytewise(&bytes)), bytes);
        }
    }

    #[test]
    fn single_bytes() {
        assert_eq!(to_bytes(&byte_char(0xff).to_string()), [0xff]);
        assert_eq!(to_text("é".as_bytes()), "é");
    }
}

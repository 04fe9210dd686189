//! Pax extended headers: when an entry needs one, and what it says.

use super::entry::Entry;
use super::header::{field, fits_octal};

/// Where a name is split into prefix and name.
///
/// A name of more than 100 bytes that is ASCII is split at the last slash that leaves a prefix of at most 155 bytes and
/// a name of 1 to 100. A slash at the very end of the name is no place to split.
pub(super) fn split(name: &str) -> Option<(&str, &str)> {
    if name.len() <= field::NAME.len() || !name.is_ascii() {
        return None;
    }
    let mut limit = name.len().min(field::PREFIX.len() + 1);
    if limit == name.len() && name.ends_with('/') {
        limit -= 1;
    }
    let at = name[..limit].rfind('/')?;
    let (prefix, rest) = (&name[..at], &name[at + 1..]);
    let fits = !prefix.is_empty() && !rest.is_empty() && rest.len() <= field::NAME.len();
    fits.then_some((prefix, rest))
}

/// The records that the entry with this full name and link target needs, sorted by key; none for most.
pub(super) fn records(name: &str, link: &str, entry: &Entry) -> Vec<(&'static str, String)> {
    let mut records = Vec::new();
    let mut is_needed = false;
    let digits = |field: std::ops::Range<usize>| field.len() - 1;
    let mut number = |key, value: i64, digits| {
        if !fits_octal(value, digits) {
            records.push((key, value.to_string()));
            is_needed = true;
        }
    };
    number("gid", entry.metadata.gid.into(), digits(field::GID));
    number("mtime", entry.metadata.mtime, digits(field::MTIME));
    number("size", entry.size() as i64, digits(field::SIZE));
    number("uid", entry.metadata.uid.into(), digits(field::UID));
    if !link.is_ascii() || link.len() > field::LINK.len() {
        records.push(("linkpath", link.to_owned()));
        is_needed = true;
    }
    if !name.is_ascii() || name.len() > field::NAME.len() {
        records.push(("path", name.to_owned()));
        is_needed |= split(name).is_none();
    }
    if !is_needed {
        return Vec::new();
    }
    crate::order::sort_by_key(&mut records, |record| record.0);
    records
}

/// The text of the records: `LENGTH KEY=VALUE` and a newline, the length counting itself.
pub(super) fn encode(records: &[(&str, String)]) -> String {
    let mut text = String::new();
    for (key, value) in records {
        let rest = key.len() + value.len() + " =\n".len();
        let mut length = rest + digits(rest);
        if digits(length) != digits(rest) {
            length = rest + digits(length);
        }
        text.push_str(&format!("{length} {key}={value}\n"));
    }
    text
}

fn digits(number: usize) -> usize {
    number.to_string().len()
}

/// The records of an extended header; `None` if it is damaged.
pub(super) fn decode(mut bytes: &[u8]) -> Option<Vec<(String, String)>> {
    let mut records = Vec::new();
    while !bytes.is_empty() {
        let blank = bytes.iter().position(|byte| *byte == b' ')?;
        let length: usize = std::str::from_utf8(&bytes[..blank]).ok()?.parse().ok()?;
        let record = bytes.get(blank + 1..length)?.strip_suffix(b"\n")?;
        let equals = record.iter().position(|byte| *byte == b'=')?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        records.push((text(&record[..equals]), text(&record[equals + 1..])));
        bytes = &bytes[length..];
    }
    Some(records)
}

/// The name of the extended header itself.
pub(super) fn header_name(name: &str) -> String {
    let (directory, base) = name.rsplit_once('/').map_or(("", name), |(directory, base)| (directory, base));
    let joined = crate::vfs::path::clean(&format!("{directory}/PaxHeaders.0/{base}"));
    // Only a name that was absolute keeps its slash in front.
    let joined = if name.starts_with('/') { &joined[..] } else { joined.trim_start_matches('/') };
    let mut ascii = ascii_only(joined);
    ascii.truncate(field::NAME.len());
    ascii.trim_end_matches('/').to_owned()
}

/// The text without its non-ASCII characters.
pub(super) fn ascii_only(text: &str) -> String {
    text.chars().filter(char::is_ascii).collect()
}

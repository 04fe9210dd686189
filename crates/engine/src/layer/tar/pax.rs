//! Pax extended headers: when an entry needs one, and what it says.

use super::entry::Entry;
use super::header::{field, fits_octal};

/// What the key of a record with an extended attribute begins with.
pub(super) const XATTR: &str = "SCHILY.xattr.";

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
pub(super) fn records(name: &str, link: &str, entry: &Entry) -> Vec<(String, Vec<u8>)> {
    let mut records: Vec<(String, Vec<u8>)> = Vec::new();
    let mut is_needed = false;
    let digits = |field: std::ops::Range<usize>| field.len() - 1;
    let mut number = |key, value: i64, digits| {
        if !fits_octal(value, digits) {
            records.push((String::from(key), value.to_string().into()));
            is_needed = true;
        }
    };
    number("gid", entry.metadata.gid.into(), digits(field::GID));
    number("mtime", entry.metadata.mtime, digits(field::MTIME));
    number("size", entry.size() as i64, digits(field::SIZE));
    number("uid", entry.metadata.uid.into(), digits(field::UID));
    if !link.is_ascii() || link.len() > field::LINK.len() {
        records.push(("linkpath".into(), link.into()));
        is_needed = true;
    }
    if !name.is_ascii() || name.len() > field::NAME.len() {
        records.push(("path".into(), name.into()));
        is_needed |= split(name).is_none();
    }
    for (name, value) in entry.xattrs.iter() {
        records.push((format!("{XATTR}{name}"), value.to_vec()));
        is_needed = true;
    }
    if !is_needed {
        return Vec::new();
    }
    crate::order::sort_by(&mut records, |a, b| a.0.cmp(&b.0));
    records
}

/// The text of the records: `LENGTH KEY=VALUE` and a newline, the length counting itself.
pub(super) fn encode(records: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut text = Vec::new();
    for (key, value) in records {
        let rest = key.len() + value.len() + " =\n".len();
        let mut length = rest + digits(rest);
        if digits(length) != digits(rest) {
            length = rest + digits(length);
        }
        text.extend_from_slice(format!("{length} {key}=").as_bytes());
        text.extend_from_slice(value);
        text.push(b'\n');
    }
    text
}

fn digits(number: usize) -> usize {
    number.to_string().len()
}

/// The records of an extended header; `None` if it is damaged.
pub(super) fn decode(mut bytes: &[u8]) -> Option<Vec<(String, &[u8])>> {
    let mut records = Vec::new();
    while !bytes.is_empty() {
        let blank = bytes.iter().position(|byte| *byte == b' ')?;
        let length: usize = std::str::from_utf8(&bytes[..blank]).ok()?.parse().ok()?;
        let record = bytes.get(blank + 1..length)?.strip_suffix(b"\n")?;
        let equals = record.iter().position(|byte| *byte == b'=')?;
        records.push((String::from_utf8_lossy(&record[..equals]).into_owned(), &record[equals + 1..]));
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

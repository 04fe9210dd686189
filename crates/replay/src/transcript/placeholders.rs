//! Puts placeholders for what differs from run to run, as the recordings have them.

use std::collections::BTreeMap;

/// The numbers that were given so far.
#[derive(Default)]
pub(super) struct Placeholders {
    ids: BTreeMap<String, usize>,
    hashes: BTreeMap<String, usize>,
    names: BTreeMap<String, usize>,
    macs: BTreeMap<String, usize>,
}

/// Lengths of time that a moment ago is told in.
const AGO: [&str; 6] = [" seconds", " second", " minutes", " hours", "About a minute", "About an hour"];

impl Placeholders {
    /// The text with placeholders. `names` are those that the daemon chose.
    pub(super) fn put(&mut self, text: &str, names: &[String]) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let before = out.chars().next_back();
            let starts = !before.is_some_and(|c| c.is_ascii_alphanumeric());
            let taken = if starts { self.token(rest, names, &out) } else { None };
            match taken {
                Some((placeholder, length)) => {
                    out.push_str(&placeholder);
                    rest = &rest[length..];
                }
                None => {
                    out.push(c);
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
        out
    }

    /// What stands at the beginning of a text, with its length.
    fn token(&mut self, text: &str, names: &[String], before: &str) -> Option<(String, usize)> {
        if let Some(found) = hash(text) {
            let (kind, digits) = found;
            let number = number(&mut self.hashes, &digits[..digits.len().min(12)]);
            return Some((format!("{kind}<hash:{number}>"), kind.len() + digits.len()));
        }
        if let Some(digits) = text.strip_prefix("sha256:").map(hex)
            && digits.len() >= 12
        {
            let number = number(&mut self.ids, &digits[..12]);
            return Some((format!("<sha256:{number}>"), 7 + digits.len()));
        }
        let digits = hex(text);
        if ends(text, digits.len()) && (digits.len() == 64 || digits.len() == 12) {
            let number = number(&mut self.ids, &digits[..12]);
            let kind = if digits.len() == 64 { "id64" } else { "id" };
            return Some((format!("<{kind}:{number}>"), digits.len()));
        }
        if text.starts_with(lab_docker::client::KERNEL) {
            return Some(("<kernel>".to_owned(), lab_docker::client::KERNEL.len()));
        }
        if let Some(length) = time(text) {
            return Some(("<time>".to_owned(), length));
        }
        if let Some(length) = ago(text, before.ends_with("Up ")) {
            return Some(("<ago>".to_owned(), length));
        }
        if let Some(length) = mac(text) {
            let number = number(&mut self.macs, &text[..length]);
            return Some((format!("<mac:{number}>"), length));
        }
        if let Some(length) = duration(text) {
            return Some(("<dur>".to_owned(), length));
        }
        let name = names.iter().find(|name| text.starts_with(name.as_str()) && ends(text, name.len()))?;
        let number = number(&mut self.names, name);
        Some((format!("<name:{number}>"), name.len()))
    }
}

fn number(known: &mut BTreeMap<String, usize>, key: &str) -> usize {
    let next = known.len() + 1;
    *known.entry(key.to_owned()).or_insert(next)
}

fn hex(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_digit() && !('a'..='f').contains(&c)).unwrap_or(text.len());
    &text[..end]
}

fn ends(text: &str, at: usize) -> bool {
    at > 0 && !text[at..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
}

/// `file:…`, `dir:…`, `multi:…` of a classic history row, whole or cut.
fn hash(text: &str) -> Option<(&'static str, &str)> {
    ["file:", "dir:", "multi:"].into_iter().find_map(|kind| {
        let digits = hex(text.strip_prefix(kind)?);
        (digits.len() >= 8).then_some((kind, digits))
    })
}

/// `2026-11-03T19:59:59.5Z`, `2026-11-03 19:59:59 +0000 UTC`; the zero time is none.
fn time(text: &str) -> Option<usize> {
    let pattern = b"dddd-dd-dd?dd:dd:dd";
    let bytes = text.as_bytes();
    let fits = bytes.len() >= pattern.len()
        && bytes.iter().zip(pattern).all(|(byte, wanted)| match wanted {
            b'd' => byte.is_ascii_digit(),
            b'?' => matches!(byte, b'T' | b' '),
            other => byte == other,
        });
    if !fits || text.starts_with("0001-01-01") {
        return None;
    }
    let mut length = pattern.len();
    let rest = &text[length..];
    if let Some(fraction) = rest.strip_prefix('.') {
        length += 1 + fraction.len() - fraction.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    }
    for zone in ["Z", " +0000 UTC", "+00:00"] {
        if text[length..].starts_with(zone) {
            return Some(length + zone.len());
        }
    }
    Some(length)
}

/// `3 seconds ago`, `Less than a second ago`; behind `Up` without the last word.
fn ago(text: &str, is_up: bool) -> Option<usize> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = &text[digits..];
    let length = if digits > 0 {
        let unit = AGO.iter().find(|unit| unit.starts_with(' ') && rest.starts_with(**unit))?;
        digits + unit.len()
    } else if rest.starts_with("Less than a second") {
        "Less than a second".len()
    } else {
        AGO.iter().find(|words| words.starts_with('A') && rest.starts_with(**words))?.len()
    };
    if text[length..].starts_with(" ago") {
        return Some(length + 4);
    }
    is_up.then_some(length)
}

fn mac(text: &str) -> Option<usize> {
    let bytes = text.as_bytes().get(..17)?;
    let fits = bytes
        .iter()
        .enumerate()
        .all(|(at, byte)| if at % 3 == 2 { *byte == b':' } else { byte.is_ascii_hexdigit() });
    (fits && ends(text, 17)).then_some(17)
}

/// `0.3s`
fn duration(text: &str) -> Option<usize> {
    let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let whole = digits(text);
    let rest = text[whole..].strip_prefix('.').filter(|_| whole > 0)?;
    let fraction = digits(rest);
    let end = whole + 1 + fraction;
    (fraction > 0 && text[end..].starts_with('s') && ends(text, end + 1)).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_has_a_number() {
        let mut placeholders = Placeholders::default();
        let id = "0123456789abcdef".repeat(4);
        let text = format!("{} sha256:{id} {id} 3 seconds ago Up 5 minutes x_y\n", &id[..12]);
        let names = vec!["x_y".to_owned()];
        assert_eq!(placeholders.put(&text, &names), "<id:1> <sha256:1> <id64:1> <ago> Up <ago> <name:1>\n");
        assert_eq!(placeholders.put("aaaaaaaaaaaa 2 weeks ago 0.35s", &names), "<id:2> 2 weeks ago <dur>");
        assert_eq!(
            placeholders
                .put("2026-11-03T19:59:59.25Z 0001-01-01T00:00:00Z COPY file:0011223344556677…", &names),
            "<time> 0001-01-01T00:00:00Z COPY file:<hash:1>…"
        );
    }
}

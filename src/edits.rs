//! Replacements in a text, as quick fixes ask for them.

use lab_session::protocol::TextEditView;

/// Applies replacements given in UTF-16 offsets, from the last to the first.
pub fn edited(text: &str, edits: &[TextEditView]) -> Option<String> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut sorted: Vec<&TextEditView> = edits.iter().collect();
    sorted.sort_by_key(|edit| std::cmp::Reverse(edit.from));
    let mut result = units;
    for edit in sorted {
        let (from, to) = (edit.from as usize, edit.to as usize);
        if from > to || to > result.len() {
            return None;
        }
        result.splice(from..to, edit.text.encode_utf16());
    }
    String::from_utf16(&result).ok()
}

/// A Dockerfile that stands on another image: in the place of the image of its first `FROM`, or in front of everything
/// where there is none.
pub fn rebased(text: &str, image: &str) -> String {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let words = line.trim_start();
        let keyword = words.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("FROM"));
        if keyword && words[4..].starts_with([' ', '\t']) {
            let name = words[4..].split_whitespace().find(|word| !word.starts_with("--"));
            if let Some(name) = name {
                // The words are parts of the text, so their places can be told.
                let from = at + (name.as_ptr() as usize - line.as_ptr() as usize);
                return format!("{}{image}{}", &text[..from], &text[from + name.len()..]);
            }
        }
        at += line.len();
    }
    format!("FROM {image}\n{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_from_takes_another_image() {
        for (text, expected) in [
            ("", "FROM a:1\n"),
            ("RUN x\n", "FROM a:1\nRUN x\n"),
            ("FROM node\n", "FROM a:1\n"),
            (
                "# FROM x\nARG V\n  from --platform=linux/arm64 node:$V AS b\nFROM b",
                "# FROM x\nARG V\n  from --platform=linux/arm64 a:1 AS b\nFROM b",
            ),
        ] {
            assert_eq!(rebased(text, "a:1"), expected);
        }
    }

    #[test]
    fn edits_count_in_utf16() {
        let edit = |from, to, text: &str| TextEditView { from, to, text: text.to_owned() };
        assert_eq!(edited("😀 as", &[edit(3, 5, "AS")]).as_deref(), Some("😀 AS"));
        assert_eq!(edited("a b", &[edit(0, 1, "x"), edit(2, 3, "yy")]).as_deref(), Some("x yy"));
        assert_eq!(edited("a", &[edit(2, 3, "")]), None);
    }
}

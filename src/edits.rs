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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_count_in_utf16() {
        let edit = |from, to, text: &str| TextEditView { from, to, text: text.to_owned() };
        assert_eq!(edited("😀 as", &[edit(3, 5, "AS")]).as_deref(), Some("😀 AS"));
        assert_eq!(edited("a b", &[edit(0, 1, "x"), edit(2, 3, "yy")]).as_deref(), Some("x yy"));
        assert_eq!(edited("a", &[edit(2, 3, "")]), None);
    }
}

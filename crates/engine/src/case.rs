//! Upper and lower case, letter by letter, as the Go library that BuildKit is made with changes it.
//!
//! Rust's own functions know that some letters become several and that a final sigma has a form of its own; Go's do not.
//! Almost every text is ASCII, so that the tables of Unicode are not needed before a text with other letters comes.

/// A text in one case.
pub trait Case {
    /// In lower case, as `strings.ToLower` gives it.
    fn lower(&self) -> String;
    /// In upper case, as `strings.ToUpper` gives it.
    fn upper(&self) -> String;
}

impl Case for str {
    fn lower(&self) -> String {
        if self.is_ascii() { self.to_ascii_lowercase() } else { unicode(self, lower_letter) }
    }

    fn upper(&self) -> String {
        if self.is_ascii() { self.to_ascii_uppercase() } else { unicode(self, upper_letter) }
    }
}

#[inline(never)]
fn unicode(text: &str, letter: fn(char) -> char) -> String {
    text.chars().map(letter).collect()
}

fn lower_letter(letter: char) -> char {
    // The one letter whose lower case is several has a simple one beside it, its first.
    letter.to_lowercase().next().unwrap_or(letter)
}

fn upper_letter(letter: char) -> char {
    let mut upper = letter.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) => one,
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_change_one_by_one() {
        assert_eq!(("Copy".lower(), "Copy".upper()), ("copy".into(), "COPY".into()));
        assert_eq!(("ÄÖΣ".lower(), "äöς".upper()), ("äöσ".into(), "ÄÖΣ".into()));
        assert_eq!(("ODOΣ".lower(), "İ".lower()), ("odoσ".into(), "i".into()));
        assert_eq!(("straße".upper(), "ﬁn".upper()), ("STRAßE".into(), "ﬁN".into()));
    }
}

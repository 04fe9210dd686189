//! “Did you mean”: the nearest of some options.

use crate::case::Case;

/// The option nearest to `word`, if it is near enough: at most two edits away, and not the word itself.
///
/// Of several equally near ones the first wins.
pub fn nearest<'a>(word: &str, options: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best = None;
    let mut least = 3;
    for option in options {
        if option == word {
            return None;
        }
        let distance = distance(word, option);
        if distance < least {
            least = distance;
            best = Some(option);
        }
    }
    best
}

/// Like [`nearest`] without regard to case; the answer takes the case of `word` where that is of one case.
pub fn nearest_ignoring_case(word: &str, options: &[&str]) -> Option<String> {
    let lower: Vec<String> = options.iter().map(|option| option.lower()).collect();
    let found = nearest(&word.lower(), lower.iter().map(String::as_str))?;
    Some(if word == word.upper() && word != word.lower() { found.upper() } else { found.to_owned() })
}

/// The message with the suggestion behind it, as BuildKit words it.
pub fn with_suggestion(message: String, suggestion: Option<&str>) -> String {
    match suggestion {
        Some(suggestion) => format!("{message} (did you mean {suggestion}?)"),
        None => message,
    }
}

/// Levenshtein distance in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_nearest() {
        assert_eq!(nearest("form", ["chown", "from", "link"]), Some("from"));
        assert_eq!(nearest("zzz", ["chown", "from"]), None);
        assert_eq!(nearest("from", ["form", "from"]), None);
        assert_eq!(nearest_ignoring_case("FORM", &["FROM", "RUN"]).as_deref(), Some("FROM"));
        assert_eq!(nearest_ignoring_case("runn", &["FROM", "RUN"]).as_deref(), Some("run"));
        assert_eq!(nearest_ignoring_case("echo", &["FROM", "ENV"]), None);
    }
}

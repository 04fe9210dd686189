//! Finding commands by what a person types.

/// Where the words of a query are in a label, as byte ranges in order; none where a word is missing.
///
/// Each word must begin a word of the label, so that `co` finds *Copy a link* and not *Second*.
pub fn find(label: &str, query: &str) -> Option<Vec<(usize, usize)>> {
    let lower = label.to_lowercase();
    // Lower case may change the length of a text; then nothing is marked, but it is still found.
    let marks = lower.len() == label.len();
    let mut ranges = Vec::new();
    for word in query.to_lowercase().split_whitespace() {
        let at = starts(&lower).find(|at| lower[*at..].starts_with(word)).or_else(|| {
            // Hangul has no spaces before particles: anywhere will do.
            (!word.is_ascii()).then(|| lower.find(word)).flatten()
        })?;
        if marks {
            ranges.push((at, at + word.len()));
        }
    }
    ranges.sort_unstable();
    ranges.dedup();
    Some(ranges)
}

fn starts(label: &str) -> impl Iterator<Item = usize> + '_ {
    let mut inside = false;
    label.char_indices().filter_map(move |(at, letter)| {
        let start = letter.is_alphanumeric() && !inside;
        inside = letter.is_alphanumeric();
        // A sign such as the dot of `.dockerignore` can be typed too.
        (start || !letter.is_whitespace() && !letter.is_alphanumeric()).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_at_their_start() {
        assert_eq!(find("Copy a link to this state", "co li"), Some(vec![(0, 2), (7, 9)]));
        assert_eq!(find("Second", "co"), None);
        assert_eq!(find("Open .dockerignore", ".dock"), Some(vec![(5, 10)]));
        assert_eq!(find("Anything", ""), Some(vec![]));
    }

    #[test]
    fn hangul_is_found_anywhere() {
        assert!(find("빌드로 돌아가기", "돌아").is_some());
        assert!(find("다시빌드", "빌드").is_some());
    }
}

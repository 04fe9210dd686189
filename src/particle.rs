//! Korean particles, which depend on the sound that the word before them ends with.
//!
//! Input: a word as it is shown, in Hangul, digits or Latin letters, and a pair such as `이/가`. Output: the fitting one.

/// How a word ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Vowel,
    /// `ㄹ`, which goes with 로 as a vowel does, and with 이, 은, 을 as a consonant does.
    Rieul,
    Consonant,
}

/// Picks a particle out of `with a final consonant/without`: `이/가`, `은/는`, `을/를`, `과/와`, `으로/로`.
pub(crate) fn pick<'a>(word: &str, pair: &'a str) -> &'a str {
    let Some((closed, open)) = pair.split_once('/') else { return pair };
    match ending(word) {
        Ending::Vowel => open,
        Ending::Rieul if closed == "으로" => open,
        Ending::Rieul | Ending::Consonant => closed,
    }
}

fn ending(word: &str) -> Ending {
    let word = word.trim_end_matches(|letter: char| !letter.is_alphanumeric());
    let Some(last) = word.chars().last() else { return Ending::Vowel };
    match last {
        '가'..='힣' => match (last as u32 - '가' as u32) % 28 {
            0 => Ending::Vowel,
            8 => Ending::Rieul,
            _ => Ending::Consonant,
        },
        '1' | '7' | '8' => Ending::Rieul,
        '0' | '3' | '6' => Ending::Consonant,
        _ => latin(word),
    }
}

/// The last word as Koreans read it: a name of letters by the names of the letters, a word by its sound.
fn latin(word: &str) -> Ending {
    let lower = word.to_lowercase();
    let last_word = lower.rsplit(|letter: char| !letter.is_alphabetic()).next().unwrap_or_default();
    for (end, ending) in WORDS {
        if last_word.ends_with(end) {
            return *ending;
        }
    }
    match last_word.chars().last() {
        Some('l') => Ending::Rieul,
        Some('m' | 'n') => Ending::Consonant,
        // 알 as a letter, but 서버, 빌더 in a word.
        Some('r') if last_word.len() < 3 => Ending::Rieul,
        _ => Ending::Vowel,
    }
}

/// Words whose last letter does not tell.
const WORDS: &[(&str, Ending)] = &[
    ("file", Ending::Rieul),
    ("module", Ending::Rieul),
    ("example", Ending::Rieul),
    ("lock", Ending::Consonant),
    ("ing", Ending::Consonant),
    ("app", Ending::Consonant),
    ("setup", Ending::Consonant),
    ("script", Ending::Vowel),
    ("home", Ending::Consonant),
    ("name", Ending::Consonant),
    ("line", Ending::Consonant),
    ("pipeline", Ending::Consonant),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hangul_goes_by_its_last_syllable() {
        assert_eq!(pick("단계", "이/가"), "가");
        assert_eq!(pick("레이어", "은/는"), "는");
        assert_eq!(pick("기록", "은/는"), "은");
        assert_eq!(pick("파일", "이/가"), "이");
    }

    #[test]
    fn rieul_takes_ro() {
        assert_eq!(pick("파일", "으로/로"), "로");
        assert_eq!(pick("기록", "으로/로"), "으로");
        assert_eq!(pick("단계", "으로/로"), "로");
    }

    #[test]
    fn names_of_files_go_by_how_they_are_read() {
        assert_eq!(pick("server.js", "이/가"), "가");
        assert_eq!(pick("index.html", "이/가"), "이");
        assert_eq!(pick("package.json", "이/가"), "이");
        assert_eq!(pick("Dockerfile", "이/가"), "이");
        assert_eq!(pick("yarn.lock", "은/는"), "은");
        assert_eq!(pick("server", "은/는"), "는");
        assert_eq!(pick("style.css", "은/는"), "는");
    }

    #[test]
    fn digits_go_by_their_names() {
        assert_eq!(pick("#9", "과/와"), "와");
        assert_eq!(pick("#3", "과/와"), "과");
        assert_eq!(pick("2", "으로/로"), "로");
        assert_eq!(pick("10", "으로/로"), "으로");
        assert_eq!(pick("7", "으로/로"), "로");
    }

    #[test]
    fn signs_at_the_end_are_not_read() {
        assert_eq!(pick("COPY . .", "이/가"), "가");
        assert_eq!(pick("(파일)", "이/가"), "이");
        assert_eq!(pick("", "이/가"), "가");
    }
}

//! The texts of the page, in each of its languages.
//!
//! A text is looked up by a key that names its place (`timeline.replay`). English is part of the page; another language
//! is fetched when it is chosen, and given to [`provide`]. [`crate::rich`] fills in placeholders.

use std::collections::BTreeMap;
use std::str::Chars;
use std::sync::OnceLock;

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Korean.
    Ko,
}

type Table = BTreeMap<String, String>;

const ENGLISH: &str = include_str!("../www/locales/en.json");
/// In a browser it is fetched.
#[cfg(not(target_arch = "wasm32"))]
const KOREAN: &str = include_str!("../www/locales/ko.json");
static TABLES: [OnceLock<Table>; 2] = [OnceLock::new(), OnceLock::new()];

impl Lang {
    /// All languages, in the order of the switch.
    pub const ALL: [Self; 2] = [Self::Ko, Self::En];

    /// The language's tag, as in `lang=`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
        }
    }

    /// The language of a tag such as `ko-KR`; none for one that the page does not speak.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "ko" => Some(Self::Ko),
            _ => None,
        }
    }

    /// The file with its texts, below the page's address; none for what is part of the page.
    pub fn file(self) -> Option<&'static str> {
        (self == Self::Ko).then_some("locales/ko.json")
    }

    /// Whether its texts are there.
    pub fn is_there(self) -> bool {
        self == Self::En || self.table().is_some()
    }

    #[cfg(target_arch = "wasm32")]
    fn table(self) -> Option<&'static Table> {
        TABLES[self as usize].get()
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn table(self) -> Option<&'static Table> {
        provide(self, if self == Self::Ko { KOREAN } else { ENGLISH });
        TABLES[self as usize].get()
    }
}

/// Takes the texts of a language, as its file has them.
pub fn provide(lang: Lang, file: &str) {
    TABLES[lang as usize].get_or_init(|| read(file));
}

/// Reads an object of strings, which is all that the files are: nothing else of the page needs to read JSON at first.
fn read(file: &str) -> Table {
    let mut table = Table::new();
    let mut letters = file.chars();
    while let Some(key) = string(&mut letters) {
        table.insert(key, string(&mut letters).unwrap_or_default());
    }
    table
}

/// The next string.
fn string(letters: &mut Chars<'_>) -> Option<String> {
    letters.find(|letter| *letter == '"')?;
    let mut text = String::new();
    loop {
        text.push(match letters.next()? {
            '"' => return Some(text),
            '\\' => match letters.next()? {
                'n' => '\n',
                't' => '\t',
                'u' => {
                    let digit = |letters: &mut Chars<'_>| letters.next()?.to_digit(16);
                    let code = (0..4).try_fold(0, |code, _| Some(code << 4 | digit(letters)?))?;
                    char::from_u32(code)?
                }
                other => other,
            },
            letter => letter,
        });
    }
}

/// The text of a key; the English one when the language is not there. A key that is in no file shows itself, which the
/// tests forbid.
pub fn t(lang: Lang, key: &'static str) -> &'static str {
    let table = lang.table().unwrap_or_else(|| TABLES[Lang::En as usize].get_or_init(|| read(ENGLISH)));
    table.get(key).map_or(key, String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    fn texts(lang: Lang) -> &'static Table {
        lang.table().unwrap()
    }

    fn keys(lang: Lang) -> BTreeSet<&'static str> {
        texts(lang).keys().map(String::as_str).collect()
    }

    fn sources(folder: &Path, into: &mut String) {
        let mut entries: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                sources(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                into.push_str(&std::fs::read_to_string(&path).unwrap());
            }
        }
    }

    /// Every literal that looks like a key, with its place: `"word.word"`.
    fn literals(source: &str) -> BTreeSet<&str> {
        source
            .split('"')
            .filter(|text| {
                text.split_once('.').is_some_and(|(group, name)| {
                    let word = |text: &str| {
                        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
                    };
                    word(group) && word(name)
                })
            })
            .collect()
    }

    fn placeholders(text: &str) -> BTreeSet<&str> {
        let names = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
        names.filter(|name| !name.contains('/')).collect()
    }

    #[test]
    fn the_files_are_readable_and_have_the_same_keys() {
        for file in [ENGLISH, KOREAN] {
            assert_eq!(read(file), serde_json::from_str::<Table>(file).unwrap());
        }
        assert_eq!(keys(Lang::En), keys(Lang::Ko));
        assert!(keys(Lang::En).len() > 100);
    }

    #[test]
    fn every_key_is_used_and_every_key_that_is_used_exists() {
        let mut source = String::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut source);
        let used = literals(&source);
        let groups: BTreeSet<&str> = keys(Lang::En).iter().filter_map(|key| key.split('.').next()).collect();
        let unused: Vec<_> = keys(Lang::En).into_iter().filter(|key| !used.contains(key)).collect();
        assert!(unused.is_empty(), "keys that nothing uses: {unused:?}");
        let known = keys(Lang::En);
        let missing: Vec<_> = used
            .into_iter()
            .filter(|key| groups.contains(key.split('.').next().unwrap_or_default()) && !known.contains(key))
            // Names of files in tests look like keys too.
            .filter(|key| !key.ends_with(".js") && !key.ends_with(".json"))
            .collect();
        assert!(missing.is_empty(), "keys that are in no file: {missing:?}");
    }

    /// The words of the column "not" in docs/glossary.md that no text needs for anything else.
    #[test]
    fn korean_has_one_word_for_one_thing() {
        const GIVEN_UP: [&str; 7] = ["이력", "기반 이미지", "모형", "검사기", "재현", "히트", "빌드 기록"];
        for (key, text) in texts(Lang::Ko) {
            for word in GIVEN_UP {
                assert!(!text.contains(word), "{key}: {text} has {word}; see docs/glossary.md");
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_placeholders() {
        for key in keys(Lang::En) {
            let (english, korean) = (placeholders(t(Lang::En, key)), placeholders(t(Lang::Ko, key)));
            let known: BTreeSet<_> = english.union(&korean).copied().collect();
            // Korean may leave out what its sentence does not need, never the other way round.
            assert_eq!(known, english, "{key}: {korean:?} has what English does not");
        }
    }

    #[test]
    fn korean_is_translated() {
        let hangul = |text: &str| text.chars().any(|letter| ('\u{ac00}'..='\u{d7a3}').contains(&letter));
        let same: Vec<_> = keys(Lang::Ko)
            .into_iter()
            .filter(|key| !hangul(t(Lang::Ko, key)) && t(Lang::Ko, key).chars().any(char::is_lowercase))
            .filter(|key| t(Lang::Ko, key) == t(Lang::En, key))
            .filter(|key| !key.starts_with("name."))
            .collect();
        assert!(same.is_empty(), "not translated: {same:?}");
    }

    #[test]
    fn strings_are_read_as_json_has_them() {
        let file = r#"{ "a.b": "one \"two\" \\ \n\t\u00e9 {n}", "c.d": "" }"#;
        assert_eq!(read(file), serde_json::from_str::<Table>(file).unwrap());
        assert!(read("no object").is_empty());
    }

    #[test]
    fn tags_lead_to_languages() {
        assert_eq!(Lang::from_tag("ko-KR"), Some(Lang::Ko));
        assert_eq!(Lang::from_tag("EN_us"), Some(Lang::En));
        assert_eq!(Lang::from_tag("fr"), None);
    }
}

//! Searches, and what they find.

use super::*;
use proptest::prelude::*;

fn find(pattern: &str, syntax: Syntax, text: &str) -> Option<Vec<String>> {
    let regex = Regex::new(pattern, syntax, false).unwrap();
    let found = regex.find(text, 0)?;
    Some((0..found.len()).map(|group| found.text(text, group).unwrap_or("-").to_owned()).collect())
}

#[test]
fn extended() {
    for (pattern, text, groups) in [
        ("a|ab|abc", "xabcd", &["abc"][..]),
        ("^(a+)(b?)$", "aab", &["aab", "aa", "b"]),
        ("(a*)*", "aab", &["aa", "aa"]),
        ("[[:digit:]]+\\.[0-9]{2,3}", "x1.234", &["1.234"]),
        ("(foo|bar)+", "xfoobarfoo", &["foobarfoo", "foo"]),
        ("\\bcat\\b", "a cat", &["cat"]),
        ("(.)\\1", "hello", &["ll", "l"]),
        ("x{0}y", "xy", &["y"]),
        ("a{2}", "aaa", &["aa"]),
        ("[]a]+", "x]a", &["]a"]),
        ("", "x", &[""]),
        ("é.", "caféx", &["éx"]),
    ] {
        let expected: Vec<String> = groups.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(find(pattern, Syntax::Extended, text), Some(expected), "{pattern}");
    }
    assert_eq!(find("^b", Syntax::Extended, "ab"), None);
    assert_eq!(find("a+$", Syntax::Extended, "aab"), None);
}

#[test]
fn basic() {
    for (pattern, text, whole) in [
        ("a\\(b*\\)c\\1d", "abbcbbd", "abbcbbd"),
        ("a+", "aa+", "a+"),
        ("a\\+", "aa+", "aa"),
        ("*x", "*x", "*x"),
        ("^*x", "*x", "*x"),
        ("a\\{2\\}", "aaa", "aa"),
        ("x$y", "x$y", "x$y"),
        ("a\\|b", "cb", "b"),
        ("a(b)", "a(b)", "a(b)"),
        ("[^:]*", "ab:c", "ab"),
    ] {
        assert_eq!(find(pattern, Syntax::Basic, text).unwrap()[0], whole, "{pattern}");
    }
}

#[test]
fn perl() {
    for (pattern, text, whole) in [
        ("\\d+", "ab123", "123"),
        ("v\\K[\\d.]+", "v1.2", "1.2"),
        ("(?<=key=\")[^\"]+", "key=\"val\"", "val"),
        ("a.*?b", "axbxb", "axb"),
        ("(?:a|ab)(c|bcd)", "abcd", "abcd"),
        ("a|ab", "ab", "a"),
        ("x(?!y)", "xyxz", "x"),
        ("(?i)FOO", "foo", "foo"),
        ("(?<!a)b", "abb", "b"),
        ("[\\w.-]+", " a-b.c ", "a-b.c"),
    ] {
        assert_eq!(find(pattern, Syntax::Perl, text).unwrap()[0], whole, "{pattern}");
    }
    assert_eq!(find("x(?=y)", Syntax::Perl, "xz"), None);
}

#[test]
fn what_is_no_interval_is_text() {
    assert_eq!(find("a{1", Syntax::Extended, "a{1").unwrap()[0], "a{1");
    assert_eq!(find("a{,2}b", Syntax::Extended, "aaab").unwrap()[0], "aab");
}

#[test]
fn lines() {
    let regex = Regex::new("^b$", Syntax::Basic, false).unwrap();
    assert!(!regex.is_match("a\nb\nc"));
    assert!(regex.by_lines().is_match("a\nb\nc"));
}

#[test]
fn errors() {
    let error = |pattern, syntax| Regex::new(pattern, syntax, false).unwrap_err();
    assert_eq!(error("\\(", Syntax::Basic), "Unmatched ( or \\(");
    assert_eq!(error("[a", Syntax::Basic), "Unmatched [, [^, [:, [., or [=");
    assert_eq!(error("a\\", Syntax::Basic), "Trailing backslash");
    assert_eq!(error("\\1", Syntax::Extended), "Invalid back reference");
}

#[test]
fn case_does_not_count() {
    assert!(Regex::new("[a-c]X", Syntax::Basic, true).unwrap().is_match("Bx"));
}

#[test]
fn no_exponential_time() {
    let regex = Regex::new("(a|a)*(a|a)*(a|a)*b", Syntax::Extended, false).unwrap();
    assert!(!regex.is_match(&"a".repeat(300)));
}

#[test]
fn looks_around_are_bounded() {
    // Every place looks ahead to the end of the text, and behind to its beginning.
    let text = "a".repeat(100_000);
    assert!(!Regex::new("a(?=.*b)", Syntax::Perl, false).unwrap().is_match(&text));
    assert!(!Regex::new("(?<=b.*)c|(?<!.*a)a$", Syntax::Perl, false).unwrap().is_match(&text));
    assert_eq!(find("(?<=key=)[a-z]+(?=;)", Syntax::Perl, "key=a key=val;").unwrap()[0], "val");
}

proptest! {
    #[test]
    fn nothing_panics(pattern in "[ab()\\[\\]^$*+?{}0-9,|.\\\\:-]{0,16}", text in "[ab\\n:é]{0,12}") {
        for syntax in [Syntax::Basic, Syntax::Extended, Syntax::Perl] {
            if let Ok(regex) = Regex::new(&pattern, syntax, false) {
                let _ = regex.find(&text, 0);
            }
        }
    }
}

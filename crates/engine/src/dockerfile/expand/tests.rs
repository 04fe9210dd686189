use super::*;
use proptest::prelude::*;

fn variables() -> Vec<(String, String)> {
    [("SET", "s"), ("EMPTY", ""), ("V", "v1.2.3"), ("X", "."), ("P", "a b"), ("Q", "a*b*c")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
}

fn expand(word: &str) -> String {
    match Expander::new('\\').expand(word, &variables()) {
        Ok(expansion) => expansion.text,
        Err(error) => format!("error: {}", error.message),
    }
}

#[test]
fn quotes_and_escapes() {
    assert_eq!(expand(r#"a"b c"'d $SET'"#), "ab cd $SET");
    assert_eq!(expand(r#"\$SET "\$SET \x \"" '\'"#), r#"$SET $SET \x " \"#);
    assert_eq!(expand(r"end\"), "end");
    assert_eq!(
        expand("\"open"),
        "error: failed to process \"\\\"open\": unexpected end of statement while looking for matching double-quote"
    );
}

#[test]
fn another_escape_character() {
    let expander = Expander::new('`');
    assert_eq!(expander.expand(r"C:\dir`$SET", &variables()).unwrap().text, r"C:\dir$SET");
}

#[test]
fn references() {
    assert_eq!(expand("$SET-${SET}x$NOPE"), "s-sx");
    assert_eq!(expand("$ $. ${SET:-x} ${EMPTY:-x} ${EMPTY-x} ${NOPE-x}"), "$ $. s x  x");
    assert_eq!(expand("[${SET:+x}${EMPTY:+x}${EMPTY+y}${NOPE+z}]"), "[xy]");
    assert_eq!(expand("${NOPE:-${SET:+\"q ${V}\"}}"), "q v1.2.3");
    assert_eq!(expand("${NOPE?gone}"), "error: failed to process \"${NOPE?gone}\": NOPE: gone");
    assert_eq!(
        expand("${EMPTY:?}"),
        "error: failed to process \"${EMPTY:?}\": EMPTY: is not allowed to be empty"
    );
}

#[test]
fn patterns() {
    assert_eq!(expand("${V#v} ${V#*.} ${V##*.} ${V%.*} ${V%%.*}"), "1.2.3 2.3 3 v1.2 v1");
    assert_eq!(expand("${V/$X/_} ${V//$X/_} ${V//?/x} ${V//*/x}"), "v1_2.3 v1_2_3 xxxxxx x");
    assert_eq!(expand(r"${Q#a\*} ${Q//\*/-} ${Q%\*c}"), "b*c a-b-c a*b");
    assert_eq!(expand("${V//[0-9]/x}"), "v1.2.3", "there are no character classes");
    assert_eq!(expand(r"${V//./<\$0>}"), r"v1<\.>2<\.>3");
}

#[test]
fn errors() {
    for (word, reason) in [
        ("${", "syntax error: missing '}'"),
        ("${}", "syntax error: bad substitution"),
        ("${SET", "unsupported modifier (\u{fffd}) in substitution"),
        ("${SET:=x}", "unsupported modifier (:=) in substitution"),
        ("${SET:-x", "syntax error: missing '}'"),
        ("${SET/x", "syntax error: missing '/' in ${}"),
        (r"${SET#\a}", r"invalid pattern (\a) in substitution: invalid escape '\a'"),
    ] {
        assert_eq!(expand(word), format!("error: failed to process {}: {reason}", quote(word)));
    }
}

#[test]
fn words_are_split_behind_the_expansion() {
    let split = |word: &str| Expander::new('\\').expand(word, &variables()).unwrap().words;
    assert_eq!(split("$P \"$P\" c\\ d"), ["a", "b", "a b", "c d"]);
    assert_eq!(split("  $EMPTY  "), Vec::<String>::new());
}

#[test]
fn reports_names() {
    let expansion = Expander::new('\\').expand("$SET ${NOPE:-$OTHER}", &variables()).unwrap();
    assert_eq!(expansion.matched, BTreeSet::from(["SET".to_owned()]));
    assert_eq!(expansion.unmatched, BTreeSet::from(["NOPE".to_owned(), "OTHER".to_owned()]));
}

#[test]
fn step_names_keep_what_is_unknown() {
    let expander = Expander::for_step_name('\\');
    let text = expander.expand("RUN echo \"$SET\" $NOPE ${NOPE:-$SET}", &variables()).unwrap().text;
    assert_eq!(text, "RUN echo \"s\" $NOPE ${NOPE:-s}");
}

proptest! {
    #[test]
    fn never_panics(word in "[ -~\u{a0}ü\n]{0,60}", syntax in "[${}:/#%?*+a\\\\'\"-]{0,40}") {
        let _ = Expander::new('\\').expand(&word, &variables());
        let _ = Expander::new('`').expand(&syntax, &variables());
        let _ = Expander::for_step_name('\\').expand(&syntax, &());
    }

    #[test]
    fn operators_choose_as_the_documentation_says(
        value in prop::option::of("[a-z]{0,3}"),
        word in "[A-Z]{0,4}",
        operator in prop::sample::select(vec![":-", "-", ":+", "+"]),
    ) {
        let variables: Vec<(String, String)> = value.iter().map(|value| ("V".to_owned(), value.clone())).collect();
        let counts = match operator {
            ":-" | ":+" => value.as_deref().is_some_and(|value| !value.is_empty()),
            _ => value.is_some(),
        };
        let chosen = match (operator.ends_with('-'), counts) {
            (true, true) => value.clone().unwrap_or_default(),
            (true, false) | (false, true) => word.clone(),
            (false, false) => String::new(),
        };
        let expanded = Expander::new('\\').expand(&format!("<${{V{operator}{word}}}>"), &variables).unwrap();
        prop_assert_eq!(expanded.text, format!("<{chosen}>"));
    }

    #[test]
    fn plain_words_stay(word in "[a-zA-Z0-9./_-]{1,30}") {
        prop_assert_eq!(expand(&word), word);
    }
}

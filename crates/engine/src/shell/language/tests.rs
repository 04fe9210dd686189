//! The language as a whole.

use super::*;
use proptest::prelude::*;

fn parse(text: &str, dialect: Dialect) -> Result<List, SyntaxError> {
    let mut parser = Parser::new(text, dialect);
    let mut all = List::default();
    while let Some(list) = parser.next_line()? {
        all.items.extend(list.items);
    }
    Ok(all)
}

#[test]
fn messages_of_three_shells() {
    let of = |text, dialect| parse(text, dialect).unwrap_err().message(dialect);
    assert_eq!(of("fi", Dialect::Ash), "syntax error: unexpected \"fi\"");
    assert_eq!(of("fi", Dialect::Dash), "1: Syntax error: \"fi\" unexpected");
    assert_eq!(of("fi", Dialect::Bash), "line 1: syntax error near unexpected token `fi'");
    assert_eq!(of("echo 'a", Dialect::Ash), "syntax error: unterminated quoted string");
    assert_eq!(of("if true", Dialect::Dash), "1: Syntax error: end of file unexpected (expecting \"then\")");
    assert_eq!(of("for 1 in a", Dialect::Dash), "1: Syntax error: Bad for loop variable");
    assert_eq!(of("echo $((1", Dialect::Ash), "syntax error: missing '))'");
    assert!(parse("echo ${a!}", Dialect::Ash).is_ok(), "only who comes to it complains");
}

#[test]
fn scripts_that_are_right() {
    for text in [
        "a=1 b='x' cmd \"$a\" >f 2>&1 </dev/null &",
        "if a; then b; elif c; then d; else e; fi",
        "for i in 1 2 3; do echo $i; done; for x; do :; done; for y do :; done",
        "case $x in a|b) echo;; (c) ;; *) echo $(case y in y) echo;; esac) ; esac",
        "f() { local x=$1; }\nf a\n",
        "cat <<EOF <<-'X'\na $b\nEOF\n\tc\n\tX\necho",
        "echo $((1+(2*3))) $( (echo a) ) `echo \\`echo b\\`` ${x:-${y%%/*}} ${#x} ${#} ${x#\\#}",
        "{ a; } | b || (c; d) && while x; do y; done >f",
        "a &&\n b |\n c\n# comment\n",
        "echo a\\\nb \"c\\\nd\"",
        "x=\"a b\"'c'$d",
    ] {
        for dialect in [Dialect::Ash, Dialect::Dash, Dialect::Bash] {
            assert!(parse(text, dialect).is_ok(), "{text:?} {:?}", parse(text, dialect));
        }
    }
    for text in [
        "[[ $a == b* && ( -f x || $c =~ ^(a|b)$ ) ]]",
        "a=(1 2 3) b[1]=x",
        "((x++)); for ((i=0;i<3;i++)); do :; done",
        "diff <(a) <(b) |& c &>f <<<\"$x\" $'a\\n'",
        "function f { a; }",
    ] {
        assert!(parse(text, Dialect::Bash).is_ok(), "{text:?} {:?}", parse(text, Dialect::Bash));
    }
}

#[test]
fn deep_nesting_is_refused() {
    for open in ["(", "$(", "${x:-", "\"$(", "if ", "{ ", "$((", "! "] {
        let text = open.repeat(5000);
        assert!(parse(&text, Dialect::Bash).is_err(), "{open}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "[a-z(){}$'\"`\\\\<>&|;# \n=!*?\\[\\]:/%@^,0-9-]{0,60}", which in 0..3) {
        let dialect = [Dialect::Ash, Dialect::Dash, Dialect::Bash][which as usize];
        let _ = parse(&text, dialect);
    }

    #[test]
    fn no_unicode_panics(text in "\\PC{0,40}") {
        let _ = parse(&text, Dialect::Bash);
    }

    #[test]
    fn no_pattern_panics(pattern in "[a\\[\\]!:^*?\\\\-]{0,12}", text in "[a\\[\\]:-]{0,8}") {
        let _ = Pattern::new(&pattern).matches(&text);
    }

    #[test]
    fn no_arithmetic_panics(text in "[a0-9()+*/%<>=!&|?:,~^ -]{0,30}") {
        for dialect in [Dialect::Ash, Dialect::Dash, Dialect::Bash] {
            let _ = evaluate(&text, &mut std::collections::BTreeMap::new(), dialect);
        }
    }
}

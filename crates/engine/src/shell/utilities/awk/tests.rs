//! What only shows in a machine of its own: limits, order of outputs, the other dialects.

use crate::shell::testing::{run_in, sh, shown};
use crate::shell::{Credentials, LimitExceeded};

#[test]
fn endless_loops_end() {
    for script in [
        "awk 'BEGIN { while (1) x++ }'",
        "awk 'BEGIN { for (;;); }'",
        "awk 'function f() { return f() } BEGIN { f() }'",
        "awk 'BEGIN { s = \"x\"; while (1) s = s s }'",
        "awk 'BEGIN { while ((\"yes\" | getline) > 0) n++ }'",
    ] {
        let (outcome, _) =
            run_in(crate::shell::testing::root("busybox"), &["/bin/sh", "-c", script], Credentials::root());
        assert!(outcome.limit.is_some(), "{script}");
    }
    let (outcome, _) = run_in(
        crate::shell::testing::root("busybox"),
        &["/bin/sh", "-c", "awk 'BEGIN { while (1) x++ }'"],
        Credentials::root(),
    );
    assert!(matches!(outcome.limit, Some(LimitExceeded::Steps(_))));
}

#[test]
fn ends_with_its_reader() {
    assert_eq!(sh("awk 'BEGIN { while (1) print \"y\" }' | head -n 2"), "y\ny\n");
    assert_eq!(sh("yes | awk 'NR == 3 { exit } { print NR }'"), "1\n2\n");
}

#[test]
fn programs_that_cannot_be() {
    // However deep or long a program is, reading and running it is safe.
    for text in ["(".repeat(5000), "!".repeat(5000), format!("1{}", "+1".repeat(5000)), "{".repeat(5000)] {
        let answer = sh(&format!("awk 'BEGIN {{ x = {text} }}'"));
        assert!(answer.starts_with("! awk:"), "{answer}");
    }
    let nested = format!("awk 'BEGIN {{ print {}1{} }}'", "(".repeat(50), ")".repeat(50));
    assert_eq!(sh(&nested), "1\n");
    let chain = format!("awk 'BEGIN {{ print {}0 }}'", "1+".repeat(190));
    assert_eq!(sh(&chain), "190\n");
    assert_eq!(sh("awk 'function f(n) { return n ? f(n - 1) + 1 : 0 } BEGIN { print f(100) }'"), "100\n");
}

#[test]
fn without_mathematics_no_more() {
    assert_eq!(
        sh("awk 'BEGIN { print 2 ^ 10, sqrt(16), exp(0), 2 ** 3; print 1 / 0 }'"),
        "1024 4 1 8\n! awk: cmd. line:1: Division by zero\n= 1\n"
    );
}

#[test]
fn words_of_mawk() {
    assert_eq!(
        shown(
            "dash",
            "ln -s mawk /bin/awk; cp /bin/unsimulated /bin/mawk; /bin/awk 'BEGIN { print 1; foo( }'"
        ),
        "! awk: line 1: missing ) near }\n= 2\n"
    );
}

#[test]
fn gawk_has_more() {
    let script = "cp /bin/unsimulated /bin/gawk; gawk 'BEGIN { n = split(\"c a b\", x); asort(x); print n, x[1], \
        strtonum(\"0x1f\"), gensub(/b/, \"<&>\", \"g\", \"abab\"), substr(\"hello\", 0, 2); \
        if (match(\"a12\", /([a-z])([0-9]+)/, m)) print m[1], m[2]; print 2 ^ 53 }'";
    assert_eq!(shown("dash", script), "3 a 31 a<b>a<b> h\na 12\n9007199254740992\n");
}

#[test]
fn reads_and_writes_bytes() {
    assert_eq!(
        sh("printf 'a\\377b\\n' | awk '{ print length($0); print > \"/o\" }'; od -An -tx1 /o"),
        "3\n 61 ff 62 0a\n"
    );
}

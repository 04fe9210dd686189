//! What no utility may do, whatever is asked of it: panic, take memory without end, or go on for ever.

use crate::shell::testing::{root, run_in, sh, shown};
use crate::shell::{Credentials, LimitExceeded};

fn limit_of(script: &str) -> Option<LimitExceeded> {
    run_in(root("dash"), &["/bin/sh", "-c", script], Credentials::root()).0.limit
}

#[test]
fn memory_and_output_end() {
    for script in [
        "echo x | sed ':a;s/.*/&&/;ta'",
        "echo x | sed ':a;s/./&&/g;ta'",
        "echo x | sed ':a;p;ba'",
        "echo x | sed -n ':a;w /tmp/out\n;ba'",
        "echo x >/tmp/f; sed -i ':a;p;ba' /tmp/f",
        "awk 'BEGIN { for (i = 0; i < 20; i++) s = s \"xxxxxxxxxxxxxxxx\" s; OFS = s; $1000000 = 1; print }'",
        "awk 'BEGIN { s = \"x\"; while (1) gsub(/x/, \"&&&&&&&&\", s) }'",
        "awk 'BEGIN { r = \"&\"; for (i = 0; i < 16; i++) r = r r; s = r; gsub(/.*/, r, s) }'",
        "printf '\\t\\t' | expand -t 4000000000",
        "printf '\\t\\t' | expand -t 18446744073709551615",
        "echo x | split -n 18446744073709551615",
        "echo x | shuf -r",
        "shuf -i 1-18446744073709551615 -n 1",
        "head -c 2000000 /dev/zero | hexdump -v -e '1/1 \"%4096x\"'",
        "cp /bin/unsimulated /bin/column; seq 1 100000 | sed 's/$/ x/' >/tmp/f; printf '%09999d x' 0 >>/tmp/f; column -t /tmp/f",
    ] {
        assert!(limit_of(script).is_some(), "{script}");
    }
}

#[test]
fn wide_tables() {
    assert_eq!(
        shown("dash", "cp /bin/unsimulated /bin/column; printf 'a b\\nccc d\\n' | column -t"),
        "a    b\nccc  d\n"
    );
    assert_eq!(shown("dash", "shuf -i 2-1"), "! shuf: invalid input range: '2-1'\n= 1\n");
}

#[test]
fn output_is_written_within_a_cycle() {
    assert_eq!(sh("echo x | sed ':a;p;ba' | head -n 2"), "x\nx\n");
}

#[test]
fn widths_beyond_those_of_formats() {
    let zeros = "0".repeat(70_000);
    assert_eq!(sh("echo ab | xxd -c 70000 | wc -c"), format!("{}\n", 10 + 175_000 + 1 + 3 + 1));
    assert_eq!(shown("dash", "echo ab | xxd -c 257"), "! xxd: invalid number of columns (max. 256).\n= 1\n");
    assert_eq!(sh(&format!("seq -w {zeros}9 {zeros}9 | wc -c")), "70002\n");
    assert_eq!(sh(&format!("seq 1.{zeros} 1 | wc -c")), "70003\n");
    assert_eq!(shown("dash", "seq -w -1 1; seq 0.5 1"), "-1\n00\n01\n0.5\n");
    assert_eq!(shown("bash", &format!("for i in {{1..{zeros}2}}; do echo ${{#i}}; done")), "70001\n70001\n");
    assert_eq!(shown("bash", "echo {-1..01}"), "-1 00 01\n");
    let script = format!("cp /bin/unsimulated /bin/gawk; gawk 'BEGIN {{ printf \"%s{zeros}\" }}'");
    assert!(shown("dash", &script).contains("^ ran out for this one"));
}

#[test]
fn counts_beyond_memory() {
    let most = "18446744073709551615";
    let script = format!("echo abc | fold -w {most}; echo abc | uniq -w {most}");
    assert_eq!(shown("dash", &script), "abc\nabc\n");
    assert_eq!(sh("printf 'a\\tb\\n' | expand -t 4"), "a   b\n");
}

#[test]
fn hunks_of_nothing_but_context() {
    for count in 1..5 {
        let context = " x\n".repeat(count);
        let script = format!(
            "printf 'a\\nb\\n' >/tmp/f; printf '%s' '--- f\n+++ f\n@@ -1,{count} +1,{count} @@\n{context}' | patch /tmp/f"
        );
        for shell in ["busybox", "dash"] {
            shown(shell, &script);
        }
    }
    let far = "printf 'a\\nb\\n' >/tmp/f; \
        printf '%s\\n' '--- f' '+++ f' '@@ -18446744073709551615 +18446744073709551615 @@' '-b' '+c' | patch /tmp/f; cat /tmp/f";
    assert_eq!(sh(far), "patching file /tmp/f\na\nc\n");
}

#[test]
fn csplit_repeats() {
    for (patterns, printed) in [
        ("5 '{2}'", "8\n10\n15\n18\n"),
        ("/5/-2 '{*}'", "4\n23\n24\n"),
        ("/3/+1 '{*}'", "6\n24\n21\n"),
        ("5 /5/ '{*}'", "8\n0\n25\n18\n"),
        ("/9/ 3", "16\n0\n35\n"),
        ("/2/-1 /2/", "0\n24\n27\n"),
        ("/5/ '{3}'", "8\n25\n18\n! csplit: '/5/': match not found on repetition 2\n= 1\n"),
        ("5 '{*}'", "8\n10\n15\n15\n3\n! csplit: '5': line number out of range on repetition 4\n= 1\n"),
    ] {
        assert_eq!(shown("dash", &format!("cd /tmp; seq 20 >f; csplit f {patterns}")), printed, "{patterns}");
    }
}

#[test]
fn shuffled_again_and_again() {
    assert_eq!(shown("dash", "printf 'a\\n' | shuf -r -n 3; shuf -re -n 5 x y | sort -u"), "a\na\na\nx\ny\n");
    assert_eq!(shown("dash", "shuf -r /dev/null"), "! shuf: no lines to repeat\n= 1\n");
}

//! The interpreter as a whole.

use crate::shell::testing::{NOW, Nowhere, root, run_in, sh, shown};
use crate::shell::{CommandKind, Credentials, LimitExceeded, Machine, RunSpec, run};
use proptest::prelude::*;

/// What a real BusyBox 1.35, dash 0.5.12 or bash 5.2 prints.
fn check(cases: &[(&str, &str)]) {
    for (script, printed) in cases {
        assert_eq!(sh(script), *printed, "{script}");
    }
}

#[test]
fn lists_and_status() {
    check(&[
        ("false && echo no || echo yes", "yes\n"),
        ("! false; echo $?; (exit 7); echo $?", "0\n7\n"),
        ("false; echo still", "still\n"),
        ("echo before && exit 3", "before\n= 3\n"),
        ("set -e; echo one; false; echo two", "one\n= 1\n"),
        ("set -e; f() { false; echo no; }; f; echo x", "= 1\n"),
        ("set -e; if false; then :; fi; false || true; ! true; echo end", "end\n"),
        ("set -e; x=$(false); echo no", "= 1\n"),
        ("set -o pipefail; false | true; echo $?; set +o pipefail; false | true; echo $?", "1\n0\n"),
        ("if false | true; then echo t; fi", "t\n"),
        ("trap 'echo bye' EXIT; exit 3", "bye\n= 3\n"),
        ("(echo bg) & wait; echo $?", "bg\n0\n"),
    ]);
}

#[test]
fn loops_and_functions() {
    check(&[
        ("for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done", "1\n3\n"),
        ("i=0; while [ $i -lt 3 ]; do i=$((i+1)); [ $i = 2 ] && break; done; echo $i", "2\n"),
        ("for a in 1 2; do for b in x y; do break 2; done; done; echo $a$b", "1x\n"),
        (
            "f() { local a=$1; echo \"$a $# $@\"; return 4; }; a=out; f x \"y z\"; echo $? $a",
            "x 2 x y z\n4 out\n",
        ),
        ("set -- p q r; echo $1 $# \"$*\"; shift; for x; do echo $x; done", "p 3 p q r\nq\nr\n"),
        ("case abc in a*) echo 1;; *) echo 2;; esac; case x in y|x) echo yx;; esac", "1\nyx\n"),
        ("until true; do :; done; echo $?", "0\n"),
        ("while getopts ab: o -a -b v x; do echo $o $OPTARG; done; echo $OPTIND", "a\nb v\n4\n"),
    ]);
}

#[test]
fn expansions() {
    check(&[
        (
            "x=hello.tar.gz; echo ${x} ${#x} ${x%.*} ${x%%.*} ${x#*.} ${x##*.} ${y:-def} ${x:+alt} ${x/tar/zip} ${x:0:5}",
            "hello.tar.gz 12 hello.tar hello tar.gz gz def alt hello.zip.gz hello\n",
        ),
        ("y=${z:=set}; echo $y $z", "set set\n"),
        ("echo $((1+2*3)) $((2**10)) $((1?10:20)); x=5; echo $((x++)) $x", "7 1024 10\n5 6\n"),
        (
            "echo 'single $HOME' \"double $HOME\" un\\$q \"a\\\"b\" 'it'\\''s'",
            "single $HOME double /root un$q a\"b it's\n",
        ),
        ("cd /d; echo *.txt '*.txt' nomatch* [!a].txt .* */", "a.txt b.txt *.txt nomatch* b.txt . .. sub/\n"),
        ("x='a  b'; for w in $x \"$x\"; do echo \"[$w]\"; done", "[a]\n[b]\n[a  b]\n"),
        (
            "set -- 'a b' c; for w in \"$@\"; do echo \"[$w]\"; done; for w in \"x$@y\"; do echo \"<$w>\"; done",
            "[a b]\n[c]\n<xa b>\n<cy>\n",
        ),
        ("set --; for w in \"$@\"; do echo no; done; echo $#", "0\n"),
        ("IFS=:; x=a:b::c; set -- $x; echo $# \"$*\"", "4 a:b::c\n"),
        ("echo $(echo a; echo b) \"$(printf 'x\\n\\n')\" `echo \\`echo n\\``", "a b x n\n"),
        ("echo ~ ~app {a,b} ${x:-~}", "/root /home/app {a,b} /root\n"),
        ("cat <<EOF\na $((1+1)) \\$x `echo y`\nEOF\ncat <<'EOF'\n$x\nEOF", "a 2 $x y\n$x\n"),
        ("a=1 sh -c 'echo $a'; echo [$a]", "1\n[]\n"),
        ("echo \"${x:-\"a b\"}\" ${x:-'c  d'}", "a b c  d\n"),
    ]);
}

#[test]
fn redirections() {
    check(&[
        ("echo a > /f; echo b >> /f; cat /f; cat < /f | wc -l", "a\nb\n2\n"),
        ("{ echo out; echo err >&2; } 2>&1 | cat", "out\nerr\n"),
        ("echo x 2>/dev/null >&2; echo y >&2", "! y\n"),
        ("exec 3>/f; echo a >&3; echo b >&3; exec 3>&-; cat /f", "a\nb\n"),
        (
            "while read a b; do echo \"$b-$a\"; done < /d/a.txt; printf 'x y z\\n' | { read a b; echo $b; }",
            "-alpha\ny z\n",
        ),
        ("read x < /nope; echo $?", "1\n! /bin/sh: can't open /nope: no such file\n"),
        ("echo x > /nope/x", "! /bin/sh: can't create /nope/x: nonexistent directory\n= 1\n"),
        ("x=1; echo a | x=2; echo $x", "1\n"),
        ("(cd /etc; pwd; X=in); pwd; echo \"[$X]\"", "/etc\n/\n[]\n"),
    ]);
}

#[test]
fn messages_of_busybox() {
    check(&[
        ("cd /nope", "! /bin/sh: cd: line 0: can't cd to /nope: No such file or directory\n= 2\n"),
        ("nosuch", "! /bin/sh: nosuch: not found\n= 127\n"),
        ("/etc/motd", "! /bin/sh: /etc/motd: Permission denied\n= 126\n"),
        ("set -u; echo $zz", "! /bin/sh: zz: parameter not set\n= 2\n"),
        ("echo ${x:?bad}", "! /bin/sh: x: bad\n= 2\n"),
        ("readonly a=1; a=2", "! /bin/sh: a: is read only\n= 2\n"),
        ("test $(true) -gt 80", "! sh: 80: unknown operand\n= 2\n"),
        ("if", "! /bin/sh: syntax error: unexpected end of file (expecting \"then\")\n= 2\n"),
        ("echo $((1/0))", "! /bin/sh: divide by zero\n= 2\n"),
        (
            "set -x; a=1 b='x y' true; echo '' a=b; [ -f /x ]",
            " a=b\n! + a=1 b='x y' true\n! + echo  'a=b'\n! + '[' -f /x ]\n= 1\n",
        ),
    ]);
}

#[test]
fn messages_of_dash_and_bash() {
    for (shell, script, printed) in [
        ("dash", "nosuch", "! /bin/sh: 1: nosuch: not found\n= 127\n"),
        (
            "dash",
            "echo x > /nope/x; echo $?",
            "2\n! /bin/sh: 1: cannot create /nope/x: Directory nonexistent\n",
        ),
        ("bash", "echo x > /nope/x; echo $?", "1\n! /bin/sh: line 1: /nope/x: No such file or directory\n"),
        ("dash", "cd /nope", "! /bin/sh: 1: cd: can't cd to /nope\n= 2\n"),
        ("dash", "set -o pipefail", "! /bin/sh: 1: set: Illegal option -o pipefail\n= 2\n"),
        ("dash", "echo 'a\\tb'; set -x; [ a ]", "a\tb\n! + [ a ]\n"),
        ("dash", "echo -e x", "-e x\n"),
        ("bash", "nosuch", "! /bin/sh: line 1: nosuch: command not found\n= 127\n"),
        ("bash", "cd /nope", "! /bin/sh: line 1: cd: /nope: No such file or directory\n= 1\n"),
        ("bash", "[[ abc == a* && abc =~ ^a(b)c$ ]] && echo ${BASH_REMATCH[1]}", "b\n"),
        (
            "bash",
            "a=(x y z); a+=(w); echo ${a[1]} ${#a[@]} \"${a[@]:1:2}\" {1..3}{a,b}",
            "y 4 y z 1a 1b 2a 2b 3a 3b\n",
        ),
        (
            "bash",
            "cat <<<hi; for ((i=0;i<2;i++)); do echo $i; done; ((i==2)) && echo $'a\\tb'",
            "hi\n0\n1\na\tb\n",
        ),
        ("bash", "declare -A m; m[k]=v; echo ${m[k]} ${!m[@]}; cat <(echo p)", "v k\np\n"),
        ("bash", "set -x; a=1; echo 'x y' $(echo z)", "x y z\n! + a=1\n! ++ echo z\n! + echo 'x y' z\n"),
    ] {
        assert_eq!(shown(shell, script), printed, "{shell}: {script}");
    }
}

#[test]
fn pipelines_end_when_nobody_reads() {
    check(&[
        ("yes | head -n 1", "y\n"),
        ("while true; do echo x; done | head -n 2", "x\nx\n"),
        ("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done | tail -n 1", "line 19999\n"),
        (
            "i=0; while [ $i -lt 9000 ]; do echo 0123456789; i=$((i+1)); done | while read l; do n=$((n+1)); echo $n | cat; done | tail -n 1",
            "9000\n",
        ),
    ]);
    // What the producer does is done once, however often it starts.
    check(&[(
        "{ echo a >> /f; i=0; while [ $i -lt 9000 ]; do echo 0123456789; i=$((i+1)); done; } | wc -l; cat /f",
        "9000\na\n",
    )]);
}

#[test]
fn expansion_counts_by_its_bytes() {
    for script in [
        "x=ab; while :; do x=$x$x; done",
        "x=ab; while :; do x+=\"$x\"; done",
        "x=ab; while :; do set -- $x$x; x=$1; done",
    ] {
        let (outcome, _) = run_in(root("bash"), &["/bin/sh", "-c", script], Credentials::root());
        assert_eq!(outcome.limit, Some(LimitExceeded::Steps(2_000_000)), "{script}");
    }
    assert_eq!(sh("x=ab; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do x=$x$x; done; echo ${#x}"), "8192\n");
}

#[test]
fn limits_name_themselves() {
    let (outcome, _) =
        run_in(root("busybox"), &["/bin/sh", "-c", "while :; do :; done"], Credentials::root());
    assert_eq!(outcome.limit, Some(LimitExceeded::Steps(2_000_000)));
    let (outcome, _) = run_in(root("busybox"), &["/bin/sh", "-c", "yes"], Credentials::root());
    assert!(matches!(outcome.limit, Some(LimitExceeded::Steps(_))), "{:?}", outcome.limit);
    assert!(outcome.stdout.ends_with(b"\n[output clipped, log limit 2MiB reached]\n"));
    let (outcome, _) = run_in(root("busybox"), &["/bin/sh", "-c", "f() { f; }; f"], Credentials::root());
    assert!(matches!(outcome.limit, Some(LimitExceeded::Depth(_))), "{outcome:?}");
}

#[test]
fn commands_are_noted() {
    let mut machine = Machine::new(root("busybox"), &Nowhere);
    let spec = RunSpec {
        arguments: ["/bin/sh", "-c", "/bin/true; unsimulated --x"].map(str::to_owned).to_vec(),
        environment: Vec::new(),
        cwd: "/new".into(),
        credentials: Credentials::root(),
        stdin: Vec::new(),
    };
    assert_eq!(run(&mut machine, spec).exit_code, 0);
    let kinds: Vec<CommandKind> = machine.notes.iter().map(|note| note.kind).collect();
    assert!(kinds.contains(&CommandKind::Unknown) && kinds[0] == CommandKind::Executed);
    let tree = machine.finish();
    assert!(tree.exists("/new") && !tree.exists("/dev/null") && !tree.exists("/proc/1"));
    assert_eq!(tree.stat("/dev").unwrap().metadata().mtime, NOW - 1000);
}

#[test]
fn other_users() {
    let app = || Credentials { uid: 1000, gid: 1000, groups: vec![50] };
    let run = |script| run_in(root("busybox"), &["/bin/sh", "-c", script], app());
    let (outcome, _) = run("echo x > /etc/f");
    assert_eq!(outcome.stderr, b"/bin/sh: can't create /etc/f: Permission denied\n");
    let (outcome, tree) = run("echo x > /tmp/f; echo $HOME");
    assert_eq!(outcome.stdout, b"/home/app\n");
    assert_eq!(tree.stat("/tmp/f").unwrap().metadata().uid, 1000);
}

#[test]
fn exec_form() {
    let (outcome, _) = run_in(root("busybox"), &["nosuchprogram", "a"], Credentials::root());
    let words = "runc run failed: unable to start container process: exec: \"nosuchprogram\": \
                 executable file not found in $PATH\n";
    assert_eq!((outcome.exit_code, String::from_utf8(outcome.stderr).unwrap()), (1, words.to_owned()));
    let (outcome, _) = run_in(root("busybox"), &["echo", "a  b"], Credentials::root());
    assert_eq!(outcome.stdout, b"a  b\n");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn quoted_words_come_back(word in "\\PC{0,20}") {
        let quoted = super::trace::single_quoted(&word);
        prop_assert_eq!(sh(&format!("printf %s {quoted}")), word);
    }

    #[test]
    fn no_script_panics(script in "[a-c(){}$'\"`\\\\<>&|;# \n=!*?\\[\\]:/%@~0-9+-]{0,40}") {
        sh(&script);
        shown("bash", &script);
    }
}

#[test]
fn options_that_are_no_ascii() {
    assert_eq!(sh("read -é x </dev/null; echo $?"), "2\n! /bin/sh: read: line 0: illegal option -é\n");
    assert!(shown("dash", "read -é x </dev/null").contains("Illegal option"));
}

#[test]
fn a_trap_that_sends_its_own_signal() {
    let script = "n=0; trap 'n=$((n+1)); echo in $n; [ $n -lt 3 ] && kill -TERM $$; echo out $n' TERM; kill -TERM $$; echo end";
    // As the real ones: each begins within the one before.
    assert_eq!(sh(script), "in 1\nin 2\nin 3\nout 3\nout 3\nout 3\nend\n");
    let endless = "trap 'kill -TERM $$; :' TERM; kill -TERM $$; :";
    for shell in ["busybox", "dash", "bash"] {
        let (outcome, _) = run_in(root(shell), &["/bin/sh", "-c", endless], Credentials::root());
        assert!(matches!(outcome.limit, Some(LimitExceeded::Depth(_))), "{outcome:?}");
    }
}

#[test]
fn patterns_are_counted() {
    let long = "x=0123456789; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13; do x=$x$x; done";
    assert_eq!(shown("bash", &format!("{long}; y=${{x//1/ab}}; echo ${{#x}} ${{#y}}")), "81920 90112\n");
    assert_eq!(
        shown("bash", &format!("{long}; y=${{x%%?}}; y=${{y#?[!x]}}; z=${{x##*9}}; echo ${{#y}} ${{#z}}")),
        "81917 0\n"
    );
    for cut in ["${x//*b*c*z}", "${x//1*z}", "${x##*b*c*}${x//*0*z*0}"] {
        let mut machine = Machine::new(root("bash"), &Nowhere);
        machine.limits.shell_steps = 20_000;
        let spec = RunSpec {
            arguments: vec!["/bin/bash".into(), "-c".into(), format!("{long}; y={cut}")],
            environment: Vec::new(),
            cwd: "/".into(),
            credentials: Credentials::root(),
            stdin: Vec::new(),
        };
        assert_eq!(run(&mut machine, spec).limit, Some(LimitExceeded::Steps(20_000)), "{cut}");
    }
}

#[test]
fn the_background_goes_on_while_the_shell_takes_time() {
    for (script, printed) in [
        ("echo a & echo b; wait", "b\na\n"),
        ("(sleep 1; echo done) & echo first; wait; echo end", "first\ndone\nend\n"),
        ("(sleep 3; echo three) & (sleep 1; echo one) & sleep 2; echo two; wait", "one\ntwo\nthree\n"),
        ("sleep 2 && echo ready & sleep 1; echo waiting; wait $!; echo $?", "waiting\nready\n0\n"),
        (
            "while :; do echo tick; sleep 10; done & p=$!; sleep 25; kill $p; wait $p; echo $?",
            "tick\ntick\ntick\n143\n! Terminated\n",
        ),
        (
            "(trap 'echo got; exit 3' TERM; while :; do sleep 1; done) & sleep 1; kill $!; wait $!; echo $?",
            "got\n3\n",
        ),
        ("sleep 100 & kill %1; wait %1; echo $?", "143\n! Terminated\n"),
        ("(sleep 5; touch /late) & sleep 1; ls /late", "! ls: /late: No such file or directory\n= 1\n"),
        ("x=$(sleep 1; echo a & echo b); echo $x", "b a\n"),
        ("{ sleep 1; echo late; } & echo now | cat", "now\n"),
        ("unsimulated & sleep 1; kill $!; wait $!; echo $?", "143\n! Terminated\n"),
        (
            "sleep 1 & a=$!; sleep 2 & b=$!; [ \"$(jobs -p | wc -l)\" = 2 ] && kill $(jobs -p) && echo killed",
            "killed\n",
        ),
        (
            "(for i in 1 2 3; do echo $i; sleep 1; [ $i = 2 ] && break; done; echo out) & sleep 9; echo end",
            "1\n2\nout\nend\n",
        ),
        ("(exit 4) & wait $!; echo $?; true & wait; echo $?", "4\n0\n"),
    ] {
        assert_eq!(sh(script), printed, "{script}");
    }
    assert_eq!(
        shown(
            "bash",
            "(sleep 2; exit 2) & (sleep 1; exit 1) & wait -n; echo $?; wait -n; echo $?; wait -n; echo $?"
        ),
        "1\n2\n127\n"
    );
    // One that never ends is waited for in vain.
    let (outcome, _) =
        run_in(root("busybox"), &["/bin/sh", "-c", "while :; do sleep 1; done & wait"], Credentials::root());
    assert!(matches!(outcome.limit, Some(LimitExceeded::Steps(_))), "{outcome:?}");
}

#[test]
fn characters_count_where_the_locale_has_them() {
    let script = "x=aéb; echo ${#x}; case é in ?) echo one;; ??) echo two;; esac; y=${x#a?}; echo ${#y}";
    for (shell, locale, printed) in [
        ("busybox", "", "4\ntwo\n2\n"),
        ("busybox", "C.UTF-8", "3\ntwo\n2\n"),
        ("dash", "C.UTF-8", "4\ntwo\n2\n"),
        ("bash", "", "4\ntwo\n2\n"),
        ("bash", "C.UTF-8", "3\none\n1\n"),
    ] {
        assert_eq!(shown(shell, &format!("LANG={locale}; {script}")), printed, "{shell} {locale}");
    }
}

#[test]
fn a_directory_is_no_input() {
    assert_eq!(sh("cat </etc"), "! cat: read error: Is a directory\n= 1\n");
    assert_eq!(shown("dash", "cat </etc"), "! cat: -: Is a directory\n= 1\n");
}

#[test]
fn what_reads_its_own_output_comes_to_an_end() {
    let (outcome, _) =
        run_in(root("busybox"), &["/bin/sh", "-c", "{ echo x; cat /o; } >/o"], Credentials::root());
    assert!(matches!(outcome.limit, Some(LimitExceeded::Steps(_))), "{:?}", outcome.limit);
}

#[test]
fn nesting_has_an_end() {
    let many = |text: &str, count: usize| text.repeat(count);
    let scripts = [
        format!("echo $(({}1))", many("1**", 20_000)),
        format!("echo $(({}1{}))", many("(", 5000), many(")", 5000)),
        format!("echo $(({}1))", many("!", 5000)),
        format!("echo $(({}1))", many("1?1:", 5000)),
        format!("x=x; echo $((x{}))", many("+x", 10)),
        format!("{}echo{}", many("$(", 500), many(")", 500)),
        format!("echo {}x{}", many("${x:-", 500), many("}", 500)),
        format!("{}:{}", many("{ ", 500), many("; }", 500)),
        format!("{}:{}", many("(", 500), many(")", 500)),
        format!("[[ {}a{} ]]", many("( ", 500), many(" )", 500)),
        format!("[[ {} a ]]", many("! ", 5000)),
        format!("[[ a == {}a{} ]]", many("@(", 500), many(")", 500)),
        format!("echo {}a{}", many("{a,", 500), many("}", 500)),
        format!("echo {}", many("{a,b}", 40)),
        "echo {1..1000}{1..1000}{1..1000} | wc -c".to_owned(),
        "alias a='b;a' b='a'; eval a".to_owned(),
        "f() { f; }; f".to_owned(),
        "f() { eval 'f'; }; f".to_owned(),
        "f() { x=$(f); }; f".to_owned(),
        "f() { f | f; }; f".to_owned(),
        "echo '. /s' >/s; . /s".to_owned(),
        "echo 'sh /s' >/s; sh /s".to_owned(),
        "trap 'f' ERR; f() { false; f; }; set -E; f".to_owned(),
        "trap 'g' DEBUG; g() { g; }; set -T; g".to_owned(),
        format!("a=b b=a; echo $((a)); declare -n r=r; echo $r; x='x[x]'; echo {}", "${x[x[x]]}"),
    ];
    for shell in ["busybox", "dash", "bash"] {
        for script in &scripts {
            let start: String = script.chars().take(60).collect();
            let (outcome, _) = run_in(root(shell), &["/bin/sh", "-c", script], Credentials::root());
            assert!((0..=255).contains(&outcome.exit_code), "{shell}: {start}: {outcome:?}");
        }
    }
}

#[test]
fn what_patterns_cut() {
    let script = "x=a.b.c.a; echo ${x#*.} ${x##*.} ${x%.*} ${x%%.*} ${x//a/} ${x/#a/z} ${x/%a/z} ${x//.*c/-} ${x/?.?/_} ${x/*.b.*.?/w} ${x##*.*.} ${x%%.*.*} ${x#aaaaaaaaaa} ${x%%???????????}";
    assert_eq!(
        shown("bash", script),
        "b.c.a a a.b.c a .b.c. z.b.c.a a.b.c.z a-.a _.c.a w a a a.b.c.a a.b.c.a\n"
    );
}

#[test]
fn so_many_can_be_in_the_background_and_no_more() {
    let script = "i=0; while [ $i -lt 1001 ]; do sleep 3600 & i=$((i+1)); done; echo all";
    for (shell, printed) in [
        ("ash", "can't fork: Resource temporarily unavailable\n= 2\n"),
        ("dash", "Cannot fork\n= 2\n"),
        ("bash", "fork: Resource temporarily unavailable\n= 126\n"),
    ] {
        let shown = if shell == "ash" { sh(script) } else { shown(shell, script) };
        assert!(shown.ends_with(printed), "{shell}: {shown}");
        let count = if shell == "bash" { 5 } else { 1 };
        assert_eq!(shown.matches("fork").count(), count, "{shell}: {shown}");
    }
    // What does not sleep has ended by then, and for what ends soon bash waits.
    assert_eq!(sh("i=0; while [ $i -lt 1500 ]; do : & i=$((i+1)); done; echo all"), "all\n");
    let shown = shown("bash", "for ((i = 0; i < 1001; i++)); do sleep 3 & done; echo all");
    assert!(shown.ends_with("all\n") || shown.starts_with("all\n"), "{shown}");
    assert_eq!(shown.matches("fork: retry:").count(), 2, "{shown}");
    let (outcome, _) =
        run_in(root("busybox"), &["/bin/sh", "-c", "while :; do : & done"], Credentials::root());
    assert!(matches!(outcome.limit, Some(LimitExceeded::Steps(_))), "{outcome:?}");
}

use super::*;
use crate::shell::testing::{NOW, Nowhere, root};
use crate::shell::{RunSpec, run};
use crate::vfs::{Content, Metadata};

fn scene(shell: &str, script: &str) -> Scene {
    let mut tree = root(shell);
    tree.write("/app/data/it's.txt", Content::from("x\n"), Metadata::new(0o644, NOW)).unwrap_or_else(|_| {
        tree.make_directories("/app/data", Metadata::new(0o755, NOW)).unwrap();
        tree.write("/app/data/it's.txt", Content::from("x\n"), Metadata::new(0o644, NOW)).unwrap();
    });
    let spec = RunSpec {
        arguments: ["/bin/sh", "-c", script].map(str::to_owned).to_vec(),
        environment: vec![("PATH".into(), "/usr/bin:/bin".into()), ("WHO".into(), "me".into())],
        cwd: "/app".into(),
        credentials: Credentials::root(),
        stdin: Vec::new(),
    };
    Scene { tree, mounts: Vec::new(), spec, now: NOW, network: true, hostname: String::new() }
}

fn live(shell: &str) -> LiveShell {
    LiveShell::open(&scene(shell, ""), &[], &Nowhere).unwrap()
}

/// Runs the script, which has to fail, and opens a shell before the command that did.
fn before_failure(shell: &str, script: &str) -> LiveShell {
    let scene = scene(shell, script);
    let outcome = run(&mut scene.machine(&Nowhere), scene.spec.clone());
    assert!(outcome.exit_code != 0 || outcome.limit.is_some(), "{script}: {outcome:?}");
    LiveShell::open_before(&scene, outcome.commands, &[], &Nowhere).unwrap()
}

/// What lines print, with `! ` before what went to the standard error, and the status where it is not 0.
fn said(live: &mut LiveShell, text: &str) -> String {
    let outcome = live.run(text, &Nowhere);
    let mut said = String::new();
    for entry in &outcome.log {
        for line in String::from_utf8_lossy(&entry.bytes).lines() {
            let mark = if entry.stream == crate::shell::Stream::Stderr { "! " } else { "" };
            said.push_str(&format!("{mark}{line}\n"));
        }
    }
    if outcome.status != 0 {
        said.push_str(&format!("= {}\n", outcome.status));
    }
    said
}

#[test]
fn what_a_line_sets_is_there_in_the_next() {
    let mut live = live("busybox");
    assert_eq!(said(&mut live, "x=1; f() { echo $x$1; }; cd data; umask 077"), "");
    assert_eq!(said(&mut live, "f 2; pwd; umask; echo $WHO"), "12\n/app/data\n0077\nme\n");
    assert_eq!(live.cwd(), "/app/data");
    assert_eq!(said(&mut live, "false"), "= 1\n");
    assert_eq!(said(&mut live, "echo $?"), "1\n");
    assert_eq!(said(&mut live, "echo a > new; cat new"), "a\n");
    assert_eq!(said(&mut live, "exec 3>log"), "");
    assert_eq!(said(&mut live, "echo kept >&3; exec 3>&-; cat log"), "kept\n");
}

#[test]
fn errors_end_the_line_and_not_the_shell() {
    let mut live = live("busybox");
    assert_eq!(said(&mut live, "nothing"), "! /bin/sh: nothing: not found\n= 127\n");
    assert_eq!(said(&mut live, "echo a; )"), "! /bin/sh: syntax error: unexpected \")\"\n= 2\n");
    assert_eq!(said(&mut live, "echo ${x?no} b"), "! /bin/sh: x: no\n= 2\n");
    assert_eq!(
        said(&mut live, "cd /none"),
        "! /bin/sh: cd: can't cd to /none: No such file or directory\n= 2\n"
    );
    assert_eq!(said(&mut live, "break; echo on"), "on\n");
    let mut dash = self::live("dash");
    assert_eq!(said(&mut dash, "nothing"), "! /bin/sh: 1: nothing: not found\n= 127\n");
    assert_eq!(said(&mut dash, "nothing"), "! /bin/sh: 2: nothing: not found\n= 127\n");
    let scene = scene("dash", "");
    let bash = LiveShell::open(&scene, &["/bin/bash".into(), "-c".into()], &Nowhere);
    let mut bash = bash.unwrap();
    assert_eq!(bash.program(), "/bin/bash");
    assert_eq!(said(&mut bash, "nothing"), "! bash: nothing: command not found\n= 127\n");
    assert_eq!(said(&mut bash, "a=(1 2)"), "");
    assert_eq!(said(&mut bash, "echo ${a[1]}"), "2\n");
}

#[test]
fn exit_ends_it() {
    let mut live = live("busybox");
    assert!(!live.run("(exit 3)", &Nowhere).closed);
    assert_eq!(live.status(), 3);
    assert_eq!(said(&mut live, "trap 'echo bye' EXIT"), "");
    let outcome = live.run("exit 4", &Nowhere);
    assert!(outcome.closed);
    assert_eq!((outcome.status, &outcome.log[0].bytes[..]), (4, &b"bye\n"[..]));
}

#[test]
fn a_line_has_limits_and_the_shell_outlives_them() {
    let mut live = live("busybox");
    let outcome = live.run("n=0; echo a > f; while :; do n=1; done", &Nowhere);
    assert_eq!((outcome.limit, outcome.status), (Some(LimitExceeded::Steps(2_000_000)), 130));
    assert_eq!(said(&mut live, "echo $? $n; cat f"), "130 1\na\n");
    let outcome = live.run("yes", &Nowhere);
    assert!(matches!(outcome.limit, Some(LimitExceeded::Steps(_))));
    let printed: usize = outcome.log.iter().map(|entry| entry.bytes.len()).sum();
    assert!(printed < (2 << 20) + 100);
    assert!(outcome.log.last().unwrap().bytes.ends_with(b"\n[output clipped, log limit 2MiB reached]\n"));
}

#[test]
fn incomplete_lines_are_known() {
    let live = live("busybox");
    for text in [
        "if true",
        "if true; then",
        "for i in 1 2; do\necho",
        "echo 'a",
        "echo \"a",
        "echo $(ls",
        "cat <<EOF\na",
        "cat <<EOF",
        "a &&",
        "a |",
        "f() {",
        "case x in",
        "echo a \\",
        "while :\ndo",
        "( cd /",
    ] {
        assert!(live.is_incomplete(text), "{text:?}");
    }
    for text in [
        "",
        "true",
        "if true; then echo; fi",
        "echo 'a'",
        "cat <<EOF\na\nEOF",
        "a && b",
        ")",
        "fi",
        "echo a \\\\",
        "# it's",
        "# a \\",
        "echo a # b \\",
        "echo a; )",
    ] {
        assert!(!live.is_incomplete(text), "{text:?}");
    }
}

#[test]
fn a_failed_command_finds_what_came_before_it() {
    for (script, command, sees) in [
        ("echo a > /f && cat /none && echo b > /f", "cat /none", "a\n"),
        ("set -e; echo a > /f; rm /none; echo b > /f", "rm /none", "a\n"),
        ("echo a > /f; (cd /none && echo b > /f)", "cd /none", "a\n"),
        ("echo a > /f; f() { echo b > /f; false; }; f", "false", "b\n"),
        ("echo a > /f; echo b > /f | cat /none", "echo b | cat /none", "a\n"),
        ("echo a > /f; test -e /none || exit 3", "test -e /none", "a\n"),
        ("trap 'echo b > /f' EXIT; echo a > /f; false", "false", "a\n"),
        ("echo a > /f; x=$(echo b > /f; false)", "x=$(...)", "a\n"),
        ("echo a > /f; while :; do :; done", ":", "a\n"),
        ("for i in 1 2 3; do echo $i > /f; [ $i != 2 ] || exit 1; done", "[ $i != 2 ]", "2\n"),
    ] {
        let mut live = before_failure("busybox", script);
        assert_eq!(live.before(), Some(command), "{script}");
        assert_eq!(said(&mut live, "cat /f"), sees, "{script}");
        // Those who look around are not thrown out at the first error.
        assert_eq!(said(&mut live, "false; echo on"), "on\n", "{script}");
    }
}

#[test]
fn a_shell_before_a_failure_knows_what_the_script_knew() {
    let script = "set -eux; x=1; export Y=2; f() { echo $x$Y; }; cd /app/data; umask 027; false";
    let mut live = before_failure("busybox", script);
    assert_eq!(said(&mut live, "f; pwd; umask; env | grep Y; echo $none."), "12\n/app/data\n0027\nY=2\n.\n");
}

#[test]
fn what_is_changed_is_told_from_what_was_there() {
    let mut live = before_failure("busybox", "echo a > /f; false");
    assert!(crate::layer::diff(live.opened(), live.tree()).is_empty());
    assert_eq!(said(&mut live, "echo b > /f; rm /app/data/it*"), "");
    let changes = crate::layer::diff(live.opened(), live.tree());
    let names: Vec<&str> = changes
        .changes()
        .map(|change| &*change.path)
        .filter(|path| !path.ends_with("data") && *path != "app")
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn there_may_be_no_shell() {
    let mut scene = scene("busybox", "");
    scene.tree = Tree::new();
    assert_eq!(LiveShell::open(&scene, &[], &Nowhere).err(), Some(NoShell));
}

#[test]
fn tab_offers_commands_paths_and_variables() {
    let mut live = live("busybox");
    said(&mut live, "echo_twice() { :; }; echo > data/run.sh; chmod +x data/run.sh");
    let words = |text: &str| {
        let Completion { from, words } = live.complete(text, text.len(), &Nowhere);
        (from, words.join(" "))
    };
    assert_eq!(words("ech"), (0, "echo echo_twice".into()));
    assert_eq!(words("x=1 exp"), (4, "expand export expr".into()));
    assert_eq!(words("cat da"), (4, "data/".into()));
    assert_eq!(words("cat data/"), (4, "data/it\\'s.txt data/run.sh".into()));
    assert_eq!(words("cat \"data/it's"), (4, "data/it\\'s.txt".into()));
    assert_eq!(words("cat data/it\\'"), (4, "data/it\\'s.txt".into()));
    assert_eq!(words("ls; data/"), (4, "data/run.sh".into()));
    assert_eq!(words("if data/"), (3, "data/run.sh".into()));
    assert_eq!(words("cat < /ap"), (6, "/app/".into()));
    assert_eq!(words("echo $WH"), (5, "$WHO".into()));
    assert_eq!(words("cat /none/"), (4, String::new()));
}

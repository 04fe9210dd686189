//! `dockerfile-lab sh`: scripts from everywhere they can come from, and what comes back.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn run(directory: &Path, words: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dockerfile-lab"));
    command.arg("sh").args(words).current_dir(directory);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn shown(output: &Output) -> (String, String, Option<i32>) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

#[test]
fn a_script_in_a_word() {
    let folder = tempfile::tempdir().unwrap();
    let words = ["-c", "cat; echo \"$0 $1\"; echo bad >&2; exit 7", "zero", "one"];
    let got = shown(&run(folder.path(), &words, "input\n"));
    assert_eq!(got, ("input\nzero one\n".into(), "bad\n".into(), Some(7)));
}

#[test]
fn a_script_at_standard_input_and_options_of_the_shell() {
    let folder = tempfile::tempdir().unwrap();
    let got = shown(&run(folder.path(), &["-eu", "-o", "pipefail"], "false | true\necho no\n"));
    assert_eq!(got, (String::new(), String::new(), Some(1)));
}

#[test]
fn a_script_in_a_file_with_a_directory_that_is_written_back() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("lib"), "greeting=hello\n").unwrap();
    fs::write(at("old"), "old\n").unwrap();
    fs::write(at("same"), "same\n").unwrap();
    let before = fs::metadata(at("same")).unwrap().modified().unwrap();
    let script = ". ./lib; rm old; mkdir -p d/e; echo $greeting $1 > d/e/new; chmod 700 d; pwd\n";
    fs::write(at("script"), script).unwrap();
    let got = shown(&run(folder.path(), &["--dir", ".", "script", "world"], ""));
    let place = folder.path().canonicalize().unwrap();
    assert_eq!(got, (format!("{}\n", place.display()), String::new(), Some(0)));
    assert!(!at("old").exists());
    assert_eq!(fs::read_to_string(at("d/e/new")).unwrap(), "hello world\n");
    assert_eq!(fs::metadata(at("same")).unwrap().modified().unwrap(), before);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(at("d")).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

#[test]
fn files_without_bytes_leave_the_disk_alone() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("data"), "real\n").unwrap();
    fs::create_dir(at("d")).unwrap();
    let script = "cp /bin/busybox data; chmod 700 data; cp /bin/busybox new; rmdir d; cp /bin/busybox d";
    let (_, errors, code) = shown(&run(folder.path(), &["--dir", ".", "-c", script], ""));
    assert_eq!(code, Some(0), "{errors}");
    assert_eq!(fs::read_to_string(at("data")).unwrap(), "real\n");
    assert!(!at("new").exists() && at("d").is_dir());
    let warning = format!("{} is modelled, left as it was", at("data").canonicalize().unwrap().display());
    assert!(errors.contains(&warning), "{errors}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_ne!(fs::metadata(at("data")).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

#[test]
fn nothing_is_removed_before_all_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("old"), "old\n").unwrap();
    // No disk has room for such a name.
    let script = "mv old $(printf %0300d 0)";
    let (_, errors, code) = shown(&run(folder.path(), &["--dir", ".", "-c", script], ""));
    assert!(code != Some(0), "{errors}");
    assert_eq!(fs::read_to_string(at("old")).unwrap(), "old\n", "{errors}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn kinds_and_contents_change() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("d/e")).unwrap();
    for name in ["d/e/f", "file", "text"] {
        fs::write(at(name), "old\n").unwrap();
    }
    let script = "rm -r d file; echo new >d; mkdir file; echo in >file/x; echo more >>text; chmod 640 text";
    let got = shown(&run(folder.path(), &["--dir", ".", "-c", script], ""));
    assert_eq!(got, (String::new(), String::new(), Some(0)));
    let text = |name: &str| fs::read_to_string(at(name)).unwrap();
    assert_eq!(
        (text("d"), text("file/x"), text("text")),
        ("new\n".into(), "in\n".into(), "old\nmore\n".into())
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn another_image_shell_user_and_variable() {
    let folder = tempfile::tempdir().unwrap();
    let words = ["--image", "debian", "--shell", "bash", "--env", "X=1"];
    let script = ["--user", "nobody", "-c", "a=(x y); echo ${#a[@]} $X $(id -un)"];
    let got = shown(&run(folder.path(), &[&words[..], &script[..]].concat(), ""));
    assert_eq!(got, ("2 1 nobody\n".into(), String::new(), Some(0)));
}

#[test]
fn what_was_not_executed_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let script = "perl -e 1 >/dev/null; perl -e 2 >/dev/null; dpkg --version >/dev/null; true";
    let words = ["--image", "debian", "-c", script];
    let (_, errors, code) = shown(&run(folder.path(), &words, ""));
    assert_eq!(code, Some(0), "{errors}");
    assert!(errors.contains("dockerfile-lab: modelled: dpkg\n"), "{errors}");
    assert!(
        errors.contains("dockerfile-lab: not simulated, they succeeded without any effect: perl\n"),
        "{errors}"
    );
    let quiet = [&["--quiet"][..], &words].concat();
    assert_eq!(shown(&run(folder.path(), &quiet, "")).1, "");
}

#[test]
fn what_is_wrong_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (_, errors, code) = shown(&run(folder.path(), &["--image", "busyboxx", "-c", "true"], ""));
    assert!(errors.contains("no image busyboxx") && code == Some(1), "{errors}");
    let (_, errors, code) = shown(&run(folder.path(), &["--steps", "1000", "-c", "while :; do :; done"], ""));
    assert!(errors.contains("1000 steps") && code == Some(125), "{errors}");
}

#[test]
fn output_comes_in_its_order_while_the_script_runs() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_dockerfile-lab"));
    let script = "echo one; (echo two | cat) >&2; echo three; cat";
    let mut child = command
        .args(["sh", "-c", script])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The script waits for input that comes only once its first lines were seen.
    let mut seen = [0; 10];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut seen).unwrap();
    assert_eq!(&seen, b"one\nthree\n");
    child.stdin.take().unwrap().write_all(b"rest").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.stdout, b"rest");
}

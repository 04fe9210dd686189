//! A small machine for tests: an image with BusyBox, like those that the recorded builds start with.

use super::{Credentials, Machine, RunOutcome, RunSpec, run};
use crate::oci::Image;
use crate::vfs::{Content, Metadata, Node, Tree};
use crate::world::{World, WorldError};
use std::sync::Arc;

/// The time of all tests.
pub(super) const NOW: i64 = 1_700_000_000;

/// A world without images.
pub(super) struct Nowhere;

impl World for Nowhere {
    fn now(&self) -> i64 {
        NOW
    }

    fn resolve_image(&self, reference: &str, _: &str) -> Result<Arc<Image>, WorldError> {
        Err(WorldError::UnknownImage { name: reference.to_owned(), nearest: Vec::new() })
    }
}

/// A root filesystem; `shell` is what `/bin/sh` leads to.
pub(super) fn root(shell: &str) -> Tree {
    let mut tree = Tree::new();
    let meta = |mode| Metadata::new(mode, NOW - 1000);
    for directory in ["/bin", "/dev", "/proc", "/sys", "/etc", "/home/app", "/root", "/usr/bin", "/d/sub"] {
        tree.make_directories(directory, meta(0o755)).unwrap();
    }
    tree.make_directory("/tmp", meta(0o1777)).unwrap();
    let files = [
        ("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app user:/home/app:/bin/sh\n"),
        ("/etc/group", "root:x:0:\nstaff:x:50:app\napp:x:1000:\n"),
        ("/etc/motd", "Welcome.\n"),
        ("/d/a.txt", "alpha\n"),
        ("/d/b.txt", "bravo\n"),
        ("/d/sub/c.txt", "charlie\n"),
    ];
    for (path, text) in files {
        tree.write(path, Content::from(text), meta(0o644)).unwrap();
    }
    for program in ["busybox", "bash", "dash", "unsimulated"] {
        let content = Content::modelled(1000, program, &[]);
        tree.write(&format!("/bin/{program}"), content, meta(0o755)).unwrap();
    }
    tree.put("/bin/sh", Node::symlink(meta(0o777), shell), NOW - 1000).unwrap();
    let others =
        ["cksum", "csplit", "gpasswd", "install", "useradd"].into_iter().filter(|_| shell != "busybox");
    for applet in
        super::utilities::busybox::names().chain(others).filter(|name| !["busybox", "sh"].contains(name))
    {
        let target = if shell == "busybox" { "/bin/busybox".to_owned() } else { format!("/bin/.{applet}") };
        if shell != "busybox" {
            tree.write(&target, Content::modelled(10, applet, &[]), meta(0o755)).unwrap();
        }
        tree.put(&format!("/usr/bin/{applet}"), Node::symlink(meta(0o777), &target), NOW - 1000).unwrap();
    }
    tree
}

/// Runs a script as root and gives the outcome and the tree.
pub(super) fn run_in(tree: Tree, arguments: &[&str], user: Credentials) -> (RunOutcome, Tree) {
    let mut machine = Machine::new(tree, &Nowhere);
    let spec = RunSpec {
        arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
        environment: vec![("PATH".into(), "/usr/bin:/bin".into())],
        cwd: "/".into(),
        credentials: user,
        stdin: Vec::new(),
    };
    let outcome = run(&mut machine, spec);
    (outcome, machine.finish())
}

/// What a script prints and its exit code: `stdout`, then `stderr` with `! ` before each line, then the code if not 0.
pub(super) fn sh(script: &str) -> String {
    shown("busybox", script)
}

/// As [`sh`], with another shell as `/bin/sh`.
pub(super) fn shown(shell: &str, script: &str) -> String {
    let (outcome, _) = run_in(root(shell), &["/bin/sh", "-c", script], Credentials::root());
    let mut text = String::from_utf8_lossy(&outcome.stdout).into_owned();
    for line in String::from_utf8_lossy(&outcome.stderr).lines() {
        text.push_str(&format!("! {line}\n"));
    }
    if outcome.exit_code != 0 {
        text.push_str(&format!("= {}\n", outcome.exit_code));
    }
    text
}

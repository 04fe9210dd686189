//! Any text as a script. Its first character says in which shell: `a`sh, `d`ash or `b`ash.

#![no_main]

use lab_engine::oci::Image;
use lab_engine::shell::{Credentials, Machine, RunSpec, run};
use lab_engine::vfs::{Content, Metadata, Node, Tree};
use lab_engine::world::{Limits, World, WorldError};
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

struct Nowhere;

impl World for Nowhere {
    fn now(&self) -> i64 {
        1_700_000_000
    }

    fn resolve_image(&self, name: &str, _: &str) -> Result<Arc<Image>, WorldError> {
        Err(WorldError::UnknownImage { name: name.to_owned(), nearest: Vec::new() })
    }

    fn limits(&self) -> Limits {
        Limits { shell_steps: 20_000, output_bytes: 1 << 16, tree_bytes: 1 << 22, files: 1000 }
    }
}

fn root(shell: &str) -> Tree {
    let mut tree = Tree::new();
    let meta = |mode| Metadata::new(mode, 1);
    for directory in ["/bin", "/tmp", "/etc", "/dev", "/proc", "/sys", "/d"] {
        tree.make_directories(directory, meta(0o755)).unwrap();
    }
    tree.write("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n".into(), meta(0o644)).unwrap();
    tree.write("/d/file", "one\ntwo\n".into(), meta(0o644)).unwrap();
    for program in ["busybox", "bash", "dash"] {
        tree.write(&format!("/bin/{program}"), Content::modelled(1000, program, &[]), meta(0o755)).unwrap();
    }
    tree.put("/bin/sh", Node::symlink(meta(0o777), shell), 1).unwrap();
    for applet in ["cat", "sed", "awk", "sort", "grep", "head", "tr", "wc", "seq", "yes", "env", "xargs", "ls"] {
        tree.put(&format!("/bin/{applet}"), Node::symlink(meta(0o777), "busybox"), 1).unwrap();
    }
    tree
}

fuzz_target!(|text: &str| {
    let (shell, script) = match text.chars().next() {
        Some('d') => ("dash", &text[1..]),
        Some('b') => ("bash", &text[1..]),
        Some('a') => ("busybox", &text[1..]),
        _ => ("busybox", text),
    };
    let once = || {
        let mut machine = Machine::new(root(shell), &Nowhere);
        let spec = RunSpec {
            arguments: ["/bin/sh", "-c", script, "name", "one", "two"].map(str::to_owned).to_vec(),
            environment: vec![("PATH".into(), "/bin".into())],
            cwd: "/d".into(),
            credentials: Credentials::root(),
            stdin: Vec::new(),
        };
        run(&mut machine, spec)
    };
    let outcome = once();
    assert!((0..=255).contains(&outcome.exit_code), "{}", outcome.exit_code);
    assert_eq!(outcome, once(), "the same script does the same again");
});

//! The filesystem that scripts start in.

use lab_engine::vfs::{Content, Metadata, Node, Tree};
use serde_json::Value;
use std::fs;
use std::path::Path;

const NOW: i64 = 1_699_999_000;

/// A root filesystem.
#[derive(Clone)]
pub(crate) struct Root {
    /// Its files.
    pub(crate) tree: Tree,
}

impl Root {
    /// Reads `root-FLAVOUR.json`.
    pub(crate) fn load(flavour: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/shell/root-{flavour}.json"));
        let spec: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let mut tree = Tree::new();
        for directory in ["/proc", "/dev", "/sys"] {
            tree.make_directories(directory, Metadata::new(0o755, NOW)).unwrap();
        }
        match &spec["programs"] {
            Value::Array(applets) => busybox(&mut tree, applets),
            programs => debian(&mut tree, programs),
        }
        for entry in spec["entries"].as_array().unwrap() {
            put(&mut tree, entry);
        }
        Self { tree }
    }
}

fn program(tree: &mut Tree, path: &str, name: &str) {
    let content = Content::modelled(1000, name, &[]);
    tree.write(path, content, Metadata::new(0o755, NOW)).unwrap();
}

fn link(tree: &mut Tree, path: &str, target: &str) {
    tree.put(path, Node::symlink(Metadata::new(0o777, NOW), target), NOW).unwrap();
}

fn busybox(tree: &mut Tree, applets: &[Value]) {
    tree.make_directory("/bin", Metadata::new(0o755, NOW)).unwrap();
    program(tree, "/bin/busybox", "busybox");
    for applet in applets.iter().map(|applet| applet.as_str().unwrap()).filter(|name| *name != "busybox") {
        link(tree, &format!("/bin/{applet}"), "/bin/busybox");
    }
}

/// Each program at its path; one that has another's name is a link to it.
fn debian(tree: &mut Tree, programs: &Value) {
    for directory in ["/usr/bin", "/usr/sbin"] {
        tree.make_directories(directory, Metadata::new(0o755, NOW)).unwrap();
    }
    link(tree, "/bin", "usr/bin");
    link(tree, "/sbin", "usr/sbin");
    for (path, name) in programs.as_object().unwrap() {
        let name = name.as_str().unwrap();
        if path.rsplit('/').next() == Some(name) {
            program(tree, path, name);
        } else {
            link(tree, path, name);
        }
    }
}

fn put(tree: &mut Tree, entry: &Value) {
    let text = |at: usize| entry[at].as_str().unwrap();
    let number = |at: usize| entry[at].as_u64().unwrap() as u32;
    let mode = u32::from_str_radix(text(2), 8).unwrap();
    let metadata = Metadata::new(mode, NOW).owned_by(number(3), number(4));
    let path = text(1);
    match text(0) {
        "dir" => drop(tree.make_directories(path, metadata).unwrap()),
        _ => {
            let parent = path.rsplit_once('/').unwrap().0;
            if !parent.is_empty() {
                tree.make_directories(parent, Metadata::new(0o755, NOW)).unwrap();
            }
            tree.write(path, Content::from(text(5)), metadata).unwrap();
        }
    }
}

//! The host that commands run on: a Debian with the usual tools, as the lab's shell knows them.

use lab_engine::digest::Digest;
use lab_engine::shell::utilities;
use lab_engine::vfs::{Content, Metadata, Node, Tree};

/// The tree of a fresh host with a working directory.
pub(super) fn tree(directory: &str, now: i64) -> Tree {
    let mut tree = Tree::new();
    let metadata = Metadata::new(0o755, now);
    for place in ["/bin", "/usr/bin", "/tmp", "/etc", "/var", directory] {
        let _ = tree.make_directories(place, metadata);
    }
    let names = utilities::busybox::names().filter(|name| utilities::find(name).is_some());
    for name in names.chain(["bash"]) {
        let program = Node::file(metadata, Content::opaque(100_000, Digest::of(name.as_bytes())));
        let _ = tree.put(&format!("/usr/bin/{name}"), program.clone(), now);
        if matches!(name, "sh" | "bash") {
            let _ = tree.put(&format!("/bin/{name}"), program, now);
        }
    }
    let passwd = "root:x:0:0:root:/root:/bin/bash\ndev:x:1000:1000::/home/dev:/bin/bash\n";
    let _ = tree.write("/etc/passwd", Content::from(passwd), Metadata::new(0o644, now));
    tree
}

//! A machine of the engine with the commands of an image.

use crate::case::{Flavour, shown};
use lab_engine::oci::Image;
use lab_engine::shell::{Credentials, Machine, RunSpec, run as run_spec};
use lab_engine::vfs::{Content, Metadata, Node, Tree};
use lab_engine::world::{World, WorldError};
use std::sync::Arc;

const NOW: i64 = 1_700_000_000;

struct Nowhere;

impl World for Nowhere {
    fn now(&self) -> i64 {
        NOW
    }

    fn resolve_image(&self, reference: &str, _: &str) -> Result<Arc<Image>, WorldError> {
        Err(WorldError::UnknownImage { name: reference.to_owned(), nearest: Vec::new() })
    }
}

/// The commands that scripts use.
const COMMANDS: &str = "awk base64 basename cat cksum cmp comm column csplit cut date diff dirname echo egrep env \
    expand expr factor false fgrep fold grep head hexdump join ls md5sum mkdir mv nl od paste patch printf rev rm sed \
    seq sha1sum sha256sum sha512sum shuf sort split strings tac tail tee test touch tr true unexpand uniq wc xargs xxd tree cpio zip unzip truncate dd readlink \
    yes [ sum tsort sha384sum sha224sum chmod ln cp find stat install mktemp mkfifo mknod rmdir realpath du df chown chgrp \
    tar gzip gunzip zcat bzip2 bunzip2 bzcat xz unxz xzcat sleep timeout kill printenv nproc uname which id whoami \
    groups hostname tty arch sync logname unlink";

fn root(flavour: Flavour) -> Tree {
    let mut tree = Tree::new();
    let metadata = |mode| Metadata::new(mode, NOW - 1000);
    for directory in ["/bin", "/dev", "/proc", "/etc", "/usr/bin", "/w"] {
        tree.make_directories(directory, metadata(0o755)).unwrap();
    }
    tree.make_directory("/tmp", metadata(0o1777)).unwrap();
    for program in ["busybox", "dash"] {
        tree.write(&format!("/bin/{program}"), Content::modelled(1000, program, &[]), metadata(0o755))
            .unwrap();
    }
    // Those that every Debian has.
    let passwd = "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n\
        bin:x:2:2:bin:/bin:/usr/sbin/nologin\nsys:x:3:3:sys:/dev:/usr/sbin/nologin\n\
        games:x:5:60:games:/usr/games:/usr/sbin/nologin\nnews:x:9:9:news:/var/spool/news:/usr/sbin/nologin\n\
        uucp:x:10:10:uucp:/var/spool/uucp:/usr/sbin/nologin\n";
    let group = "root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\nadm:x:4:\ntty:x:5:\ndisk:x:6:\nlp:x:7:\nmail:x:8:\n\
        news:x:9:\nuucp:x:10:\nman:x:12:\nproxy:x:13:\nkmem:x:15:\ngames:x:60:\n";
    for (path, text) in [("/etc/passwd", passwd), ("/etc/group", group), ("/etc/hostname", "host\n")] {
        tree.write(path, Content::from(text), metadata(0o644)).unwrap();
    }
    let shell = if flavour == Flavour::Busybox { "busybox" } else { "dash" };
    tree.put("/bin/sh", Node::symlink(metadata(0o777), shell), NOW).unwrap();
    for name in COMMANDS.split_whitespace() {
        let path = format!("/usr/bin/{name}");
        match flavour {
            Flavour::Busybox => tree.put(&path, Node::symlink(metadata(0o777), "/bin/busybox"), NOW).unwrap(),
            Flavour::Debian => {
                tree.write(&path, Content::modelled(10, name, &[]), metadata(0o755)).unwrap();
            }
        }
    }
    tree
}

/// What a script prints.
pub(crate) fn run(script: &str, flavour: Flavour) -> String {
    // As the real ones were called, for their messages.
    let shell = if flavour == Flavour::Busybox { "sh" } else { "/bin/dash" };
    let mut machine = Machine::new(root(flavour), &Nowhere);
    let outcome = run_spec(
        &mut machine,
        RunSpec {
            arguments: vec![shell.into(), "-c".into(), script.into()],
            environment: vec![("PATH".into(), "/usr/bin:/bin".into()), ("HOME".into(), "/".into())],
            cwd: "/w".into(),
            credentials: Credentials::root(),
            stdin: Vec::new(),
        },
    );
    shown(&outcome.stdout, &outcome.stderr, outcome.exit_code)
}

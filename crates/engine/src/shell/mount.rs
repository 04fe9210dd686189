//! Mounts: parts of the tree that are there during a `RUN` and not in its layer.

use super::machine::Machine;
use crate::vfs::{DeviceKind, Directory, Follow, Metadata, Node, path};
use std::sync::Arc;

/// Something that is put over a place of the tree while a `RUN` runs.
#[derive(Clone, Debug)]
pub struct Mount {
    /// The place; directories that are missing above it are made for the time of the `RUN`.
    pub target: String,
    /// What is there.
    pub node: Arc<Node>,
    /// Whether writing to it fails with “Read-only file system”.
    pub read_only: bool,
}

/// A mount that is in place.
#[derive(Clone, Debug)]
pub(super) struct Mounted {
    pub target: String,
    pub read_only: bool,
    /// What the mount covers.
    covered: Option<Arc<Node>>,
    /// Directories that were made for it, the highest first.
    made: Vec<String>,
}

impl Machine<'_> {
    /// Mounts something. Nothing of it will be in [`Machine::finish`]'s tree.
    ///
    /// Gives its place in what [`Machine::unmount_all`] gives; `None` if nothing can be mounted there.
    pub fn mount(&mut self, mount: Mount) -> Option<usize> {
        let target = path::clean(&mount.target);
        let tree = self.tree_mut();
        let mut made = Vec::new();
        let mut above = String::new();
        for part in path::parts(path::parent(&target)) {
            above = format!("{above}/{part}");
            if !tree.exists(&above) {
                let mtime = parent_mtime(tree, &above);
                let node = Node::Directory(Directory::new(Metadata::new(0o755, mtime)));
                tree.put(&above, node, mtime).ok()?;
                made.push(above.clone());
            }
        }
        let target = tree.locate(&target, Follow::Yes).map_or(target, |located| located.path);
        let covered = tree.entry_shared(&target).cloned();
        let mtime = parent_mtime(tree, &target);
        tree.put_shared(&target, mount.node, mtime).ok()?;
        self.mounts.push(Mounted { target, read_only: mount.read_only, covered, made });
        Some(self.mounts.len() - 1)
    }

    /// Takes all mounts away, the last one first, and gives what each then held.
    pub fn unmount_all(&mut self) -> Vec<Option<Arc<Node>>> {
        let mut held = Vec::new();
        for mounted in std::mem::take(&mut self.mounts).into_iter().rev() {
            let tree = self.tree_mut();
            let mtime = parent_mtime(tree, &mounted.target);
            held.push(tree.entry_shared(&mounted.target).cloned());
            // Neither can fail but where the command removed what is above, and then nothing is left to be undone.
            let _ = match mounted.covered {
                Some(node) => tree.put_shared(&mounted.target, node, mtime),
                None => tree.remove(&mounted.target, mtime).map(|_| ()),
            };
            for directory in mounted.made.iter().rev() {
                if tree.directory(directory).is_ok_and(Directory::is_empty) {
                    let mtime = parent_mtime(tree, directory);
                    let _ = tree.remove(directory, mtime);
                }
            }
        }
        held.reverse();
        held
    }

    /// Mounts what a container always has: `/proc`, `/dev`, `/sys`, and the network's files in `/etc`.
    pub fn mount_system(&mut self) {
        let now = self.now;
        let standard = [
            ("/proc", proc(now), true),
            ("/dev", dev(now), false),
            ("/sys", Node::Directory(Directory::new(Metadata::new(0o555, now))), true),
            ("/etc/resolv.conf", file("nameserver 10.0.2.3\n", now), true),
            ("/etc/hosts", file(&hosts(&self.hostname), now), true),
        ];
        for (target, node, read_only) in standard {
            self.mount(Mount { target: target.into(), node: Arc::new(node), read_only });
        }
    }

    /// Whether a canonical path is in a mount that may not be written.
    pub(super) fn is_read_only(&self, canonical: &str) -> bool {
        let within = |mount: &&Mounted| path::is_within(canonical, &mount.target);
        self.mounts.iter().rev().find(within).is_some_and(|mount| mount.read_only)
    }

    /// Whether something is mounted exactly there, so that it cannot be removed.
    pub(super) fn is_mount_point(&self, canonical: &str) -> bool {
        self.mounts.iter().any(|mount| mount.target == canonical)
    }
}

fn hosts(hostname: &str) -> String {
    format!("127.0.0.1\tlocalhost {hostname}\n::1\tlocalhost ip6-localhost ip6-loopback\n")
}

fn parent_mtime(tree: &crate::vfs::Tree, target: &str) -> i64 {
    tree.entry(path::parent(target)).map_or(0, |node| node.metadata().mtime)
}

fn file(text: &str, now: i64) -> Node {
    Node::file(Metadata::new(0o644, now), text)
}

fn proc(now: i64) -> Node {
    let mut proc = Directory::new(Metadata::new(0o555, now));
    let mut process = Directory::new(Metadata::new(0o555, now));
    process.insert("status", file("Name:\tsh\nState:\tR (running)\nPid:\t1\nPPid:\t0\n", now));
    process.insert("cmdline", file("/bin/sh\0", now));
    process.insert("mounts", file("overlay / overlay rw,relatime 0 0\n", now));
    process.insert("exe", Node::symlink(Metadata::new(0o777, now), "/bin/sh"));
    proc.insert("1", Node::Directory(process));
    proc.insert("self", Node::symlink(Metadata::new(0o777, now), "1"));
    proc.insert("mounts", Node::symlink(Metadata::new(0o777, now), "self/mounts"));
    proc.insert("cpuinfo", file("processor\t: 0\nvendor_id\t: lab\n", now));
    proc.insert("meminfo", file("MemTotal:        2097152 kB\nMemFree:         1048576 kB\n", now));
    proc.insert("version", file("Linux version 6.1.0\n", now));
    proc.insert("uptime", file("0.00 0.00\n", now));
    proc.insert("loadavg", file("0.00 0.00 0.00 1/1 1\n", now));
    proc.insert("filesystems", file("nodev\ttmpfs\nnodev\toverlay\n", now));
    Node::Directory(proc)
}

fn dev(now: i64) -> Node {
    let mut dev = Directory::new(Metadata::new(0o755, now));
    let characters =
        [("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0)];
    for (name, major, minor) in characters {
        let metadata = Metadata::new(0o666, now);
        dev.insert(name, Node::Device { metadata, kind: DeviceKind::Character, number: (major, minor) });
    }
    let link = |target| Node::symlink(Metadata::new(0o777, now), target);
    dev.insert("fd", link("/proc/self/fd"));
    dev.insert("stdin", link("/proc/self/fd/0"));
    dev.insert("stdout", link("/proc/self/fd/1"));
    dev.insert("stderr", link("/proc/self/fd/2"));
    dev.insert("shm", Node::Directory(Directory::new(Metadata::new(0o1777, now))));
    dev.insert("pts", Node::Directory(Directory::new(Metadata::new(0o755, now))));
    dev.insert("mqueue", Node::Directory(Directory::new(Metadata::new(0o1777, now))));
    dev.insert("core", link("/proc/kcore"));
    dev.insert("ptmx", link("pts/ptmx"));
    Node::Directory(dev)
}

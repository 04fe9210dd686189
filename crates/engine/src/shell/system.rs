//! What a container always has: `/proc`, `/dev`, `/sys`, and the files of the network in `/etc`, as far as scripts look
//! at them. All of it is mounted, so nothing of it is in a layer.

use super::machine::Machine;
use super::mount::Mount;
use crate::vfs::{Content, DeviceKind, Directory, Metadata, Node, path};
use std::sync::Arc;

/// As many as `nproc` says.
const PROCESSORS: u32 = 2;
/// As `uname -r` says.
const RELEASE: &str = "6.1.0";
/// Of a machine with 2 GiB.
const MEMORY: &str = "\
MemTotal:        2097152 kB
MemFree:         1048576 kB
MemAvailable:    1572864 kB
Buffers:               0 kB
Cached:           524288 kB
SwapCached:            0 kB
SwapTotal:             0 kB
SwapFree:              0 kB
HugePages_Total:       0
Hugepagesize:       2048 kB
";

impl Machine<'_> {
    /// Mounts what a container always has.
    pub fn mount_system(&mut self) {
        let now = self.now;
        let hosts =
            format!("127.0.0.1\tlocalhost {}\n::1\tlocalhost ip6-localhost ip6-loopback\n", self.hostname);
        let standard = [
            ("/proc", proc(now, &self.hostname), true),
            ("/dev", dev(now), false),
            ("/sys", sys(now), true),
            ("/etc/resolv.conf", file("nameserver 10.0.2.3\n", now), true),
            ("/etc/hosts", file(&hosts, now), true),
        ];
        for (target, node, read_only) in standard {
            self.mount(Mount { target: target.into(), node: Arc::new(node), read_only });
        }
    }

    /// Lets `/proc` tell of the first process, and of what is mounted.
    pub(super) fn describe(&mut self, words: &[String], uid: u32, gid: u32) {
        let now = self.now;
        let name: String = words.first().map_or("", |word| path::name(word)).chars().take(15).collect();
        let command: String = words.iter().map(|word| format!("{word}\0")).collect();
        let status = format!(
            "Name:\t{name}\nUmask:\t0022\nState:\tR (running)\nTgid:\t1\nPid:\t1\nPPid:\t0\n\
             Uid:\t{uid}\t{uid}\t{uid}\t{uid}\nGid:\t{gid}\t{gid}\t{gid}\t{gid}\nThreads:\t1\n"
        );
        let mounts = self.mount_table();
        let files =
            [("cmdline", command), ("comm", format!("{name}\n")), ("status", status), ("mounts", mounts)];
        for (name, text) in files {
            let place = format!("/proc/1/{name}");
            // Somebody may have mounted another `/proc`.
            let _ = self.tree_mut().write(&place, Content::from(text.as_str()), Metadata::new(0o444, now));
        }
    }

    /// The lines of `/proc/mounts`.
    fn mount_table(&self) -> String {
        let mut text = "overlay / overlay rw,relatime 0 0\n".to_owned();
        for mounted in &self.mounts {
            let (name, kind) = match mounted.target.as_str() {
                "/proc" => ("proc", "proc"),
                "/sys" => ("sysfs", "sysfs"),
                "/dev" => ("tmpfs", "tmpfs"),
                _ => ("overlay", "overlay"),
            };
            let access = if mounted.read_only { "ro" } else { "rw" };
            text +=
                &format!("{name} {} {kind} {access},relatime 0 0\n", mounted.target.replace(' ', "\\040"));
        }
        text
    }
}

fn file(text: &str, now: i64) -> Node {
    Node::file(Metadata::new(0o644, now), text)
}

/// A directory with the texts of its files; a name with a slash is one below.
fn directory(files: &[(&str, &str)], now: i64) -> Directory {
    let mut directory = Directory::new(Metadata::new(0o555, now));
    let mut at = 0;
    while let Some((name, text)) = files.get(at) {
        let Some((first, _)) = name.split_once('/') else {
            directory.insert(name, Node::file(Metadata::new(0o444, now), *text));
            at += 1;
            continue;
        };
        // Those of one directory stand together.
        let below: Vec<(&str, &str)> = files[at..]
            .iter()
            .map_while(|(name, text)| {
                let (parent, rest) = name.split_once('/')?;
                (parent == first).then_some((rest, *text))
            })
            .collect();
        at += below.len();
        directory.insert(first, Node::Directory(self::directory(&below, now)));
    }
    directory
}

fn proc(now: i64, hostname: &str) -> Node {
    let processors: String = (0..PROCESSORS)
        .map(|number| {
            format!(
                "processor\t: {number}\nvendor_id\t: lab\nmodel name\t: Simulated CPU\ncpu MHz\t\t: 2000.000\n\
                 siblings\t: {PROCESSORS}\ncore id\t\t: {number}\ncpu cores\t: {PROCESSORS}\nflags\t\t: fpu sse sse2\n\n"
            )
        })
        .collect();
    let version = format!("Linux version {RELEASE} (lab) #1 SMP\n");
    let (host, release) = (format!("{hostname}\n"), format!("{RELEASE}\n"));
    let mut proc = directory(
        &[
            ("cmdline", "quiet\n"),
            ("cpuinfo", &processors),
            ("filesystems", "nodev\ttmpfs\nnodev\tproc\nnodev\tsysfs\nnodev\toverlay\n"),
            ("loadavg", "0.00 0.00 0.00 1/1 1\n"),
            ("meminfo", MEMORY),
            ("stat", "cpu  0 0 0 0 0 0 0 0 0 0\nprocesses 1\nprocs_running 1\n"),
            ("swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"),
            ("sys/fs/file-max", "1048576\n"),
            ("sys/kernel/hostname", &host),
            ("sys/kernel/osrelease", &release),
            ("sys/kernel/ostype", "Linux\n"),
            ("sys/kernel/pid_max", "4194304\n"),
            ("sys/kernel/random/boot_id", "6c616200-0000-4000-8000-000000000001\n"),
            ("sys/kernel/random/uuid", "6c616200-0000-4000-8000-000000000002\n"),
            ("sys/net/core/somaxconn", "4096\n"),
            ("sys/net/ipv4/ip_forward", "1\n"),
            ("sys/vm/max_map_count", "65530\n"),
            ("sys/vm/overcommit_memory", "0\n"),
            ("sys/vm/swappiness", "60\n"),
            ("uptime", "0.00 0.00\n"),
            ("version", &version),
        ],
        now,
    );
    let mut process = directory(&[("cgroup", "0::/\n"), ("limits", LIMITS), ("oom_score_adj", "0\n")], now);
    let link = |target| Node::symlink(Metadata::new(0o777, now), target);
    process.insert("cwd", link("/"));
    process.insert("exe", link("/bin/sh"));
    process.insert("root", link("/"));
    proc.insert("1", Node::Directory(process));
    proc.insert("self", link("1"));
    proc.insert("mounts", link("self/mounts"));
    Node::Directory(proc)
}

const LIMITS: &str = "\
Limit                     Soft Limit           Hard Limit           Units     
Max open files            1048576              1048576              files     
";

fn sys(now: i64) -> Node {
    let range = format!("0-{}\n", PROCESSORS - 1);
    Node::Directory(directory(
        &[
            ("devices/system/cpu/online", &range),
            ("devices/system/cpu/present", &range),
            ("fs/cgroup/cgroup.controllers", "cpu memory pids\n"),
            ("fs/cgroup/cpu.max", "max 100000\n"),
            ("fs/cgroup/memory.max", "max\n"),
            ("kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n"),
        ],
        now,
    ))
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

#[cfg(test)]
mod tests {
    use super::super::testing::{sh, shown};

    #[test]
    fn what_scripts_look_at() {
        assert_eq!(
            sh("grep -c ^processor /proc/cpuinfo; nproc; awk '/^MemTotal/ {print $2}' /proc/meminfo; \
                cut -d' ' -f1-3 /proc/mounts | head -2; cat /proc/sys/kernel/hostname; hostname; uname -r; \
                cat /proc/sys/kernel/osrelease; tr '\\0' ' ' < /proc/self/cmdline | cut -c1-10; cat /proc/1/comm; \
                cat /sys/fs/cgroup/memory.max; head -c 4 /dev/zero | od -An -tx1; readlink /dev/fd; \
                grep -c localhost /etc/hosts"),
            "2\n2\n2097152\noverlay / overlay\nproc /proc proc\nbuildkitsandbox\nbuildkitsandbox\n6.1.0\n6.1.0\n\
             /bin/sh -c\nsh\nmax\n 00 00 00 00\n/proc/self/fd\n2\n"
        );
    }

    #[test]
    fn it_cannot_be_written() {
        assert_eq!(
            shown(
                "dash",
                "echo x > /proc/version; mkdir /sys/x; rm -f /proc/version; echo y > /dev/null && echo ok"
            ),
            "ok\n! /bin/sh: 1: cannot create /proc/version: Read-only file system\n\
             ! mkdir: cannot create directory '/sys/x': Read-only file system\n\
             ! rm: cannot remove '/proc/version': Read-only file system\n"
        );
    }

    #[test]
    fn names_and_paths_have_a_length() {
        let script = "n=$(printf '%0255d' 0); touch /tmp/$n && echo ok; touch /tmp/${n}0; \
                      p=$(printf '%02040d' 0 | sed 's|0|./|g'); cat ${p}etc/motd; cat ././././${p}etc/motd";
        let name = "0".repeat(256);
        let path = format!("{}etc/motd", "./".repeat(2044));
        assert_eq!(
            shown("dash", script),
            format!(
                "ok\nWelcome.\n! touch: cannot touch '/tmp/{name}': File name too long\n\
                 ! cat: {path}: File name too long\n= 1\n"
            )
        );
    }
}

//! The first layer of an image: the skeleton of its operating system.

use super::accounts;
use super::layer::LayerBuilder;
use crate::data::images::System;

/// Puts everything that the system has, and fills the rest with its usual libraries.
pub(crate) fn install(layer: &mut LayerBuilder, system: &System, key: &str, slim: bool) {
    for (link, target) in &system.links {
        if system.directories.contains(link) {
            layer.directory(&absolute(target), 0o755);
            layer.link(link, target);
        }
    }
    for directory in &system.directories {
        if !system.links.contains_key(directory) {
            layer.directory(directory, mode_of(directory));
        }
    }
    if !system.users.is_empty() {
        accounts::write_all(layer, &system.users, &system.groups);
    }
    identity(layer, system);
    package_database(layer, system);
    if slim {
        layer.text(
            SLIM_MARK,
            0o644,
            "path-exclude /usr/share/doc/*\npath-exclude /usr/share/locale/*\npath-exclude /usr/share/man/*\n".to_owned(),
        );
    }
    commands(layer, system);
    for (link, target) in &system.links {
        if !system.directories.contains(link) {
            layer.link(link, target);
        }
    }
    match system.package_manager.as_deref() {
        Some("apt") => layer.fill(DEBIAN),
        Some("apk") => layer.fill(ALPINE),
        Some(_) => layer.fill(ORACLE),
        None if key == "busybox" => layer.fill(BUSYBOX),
        None => layer.fill(MINIMAL),
    }
}

/// Tells dpkg to leave out documentation; the slim images of Debian have it.
const SLIM_MARK: &str = "/etc/dpkg/dpkg.cfg.d/docker";

fn absolute(target: &str) -> String {
    if target.starts_with('/') { target.to_owned() } else { format!("/{target}") }
}

fn mode_of(directory: &str) -> u32 {
    match directory {
        "/tmp" | "/var/tmp" => 0o1777,
        "/root" => 0o700,
        "/proc" | "/sys" => 0o555,
        _ => 0o755,
    }
}

/// `/etc/os-release` and the version files beside it.
fn identity(layer: &mut LayerBuilder, system: &System) {
    if system.os_release.is_empty() {
        return;
    }
    let mut text = String::new();
    for key in ["PRETTY_NAME", "NAME", "VERSION_ID", "VERSION_CODENAME", "ID", "ID_LIKE"] {
        if let Some(value) = system.os_release.get(key) {
            let quote = if matches!(key, "ID" | "ID_LIKE" | "VERSION_CODENAME") { "" } else { "\"" };
            text += &format!("{key}={quote}{value}{quote}\n");
        }
    }
    layer.text("/usr/lib/os-release", 0o644, text);
    layer.link("/etc/os-release", "../usr/lib/os-release");
    let version = system.os_release.get("VERSION_ID").cloned().unwrap_or_default();
    match system.os_release.get("ID").map(String::as_str) {
        Some("alpine") => {
            layer.text("/etc/alpine-release", 0o644, format!("{version}\n"))
                && layer.text("/etc/apk/arch", 0o644, "x86_64\n".to_owned())
        }
        Some("debian") => layer.text("/etc/debian_version", 0o644, format!("{version}\n")),
        _ => false,
    };
}

/// What the programs of the package `passwd` go by.
const LOGIN_DEFINITIONS: &str = "\
MAIL_DIR /var/mail
UMASK 022
UID_MIN 1000
UID_MAX 60000
SYS_UID_MIN 101
SYS_UID_MAX 999
GID_MIN 1000
GID_MAX 60000
SYS_GID_MIN 101
SYS_GID_MAX 999
USERGROUPS_ENAB yes
ENCRYPT_METHOD SHA512
";

/// What the package manager believes to be installed.
fn package_database(layer: &mut LayerBuilder, system: &System) {
    match system.package_manager.as_deref() {
        Some("apt") => {
            layer.text("/var/lib/dpkg/status", 0o644, dpkg_status(&system.base_packages));
            layer.text("/etc/login.defs", 0o644, LOGIN_DEFINITIONS.to_owned());
            for (name, size) in [(".bash_logout", 220), (".bashrc", 3526), (".profile", 807)] {
                layer.opaque(&format!("/etc/skel/{name}"), 0o644, size);
            }
            layer.text(
                "/etc/apt/apt.conf.d/docker-clean",
                0o644,
                "APT::Keep-Downloaded-Packages \"false\";\nDir::Cache::pkgcache \"\";\nDir::Cache::srcpkgcache \"\";\n"
                    .to_owned(),
            );
        }
        Some("apk") => {
            let sizes = system.base_package_sizes.iter().copied().chain(std::iter::repeat(0));
            let packages = system.base_packages.iter().zip(sizes);
            let database: String = packages.map(|(name, size)| format!("P:{name}\nI:{size}\n\n")).collect();
            layer.text("/lib/apk/db/installed", 0o644, database);
            let world =
                ["alpine-baselayout", "alpine-keys", "alpine-release", "apk-tools", "busybox", "musl-utils"];
            layer.text("/etc/apk/world", 0o644, world.join("\n") + "\n");
        }
        _ => {}
    }
}

/// The stanzas of `/var/lib/dpkg/status` for packages that are installed.
pub(crate) fn dpkg_status(packages: &[String]) -> String {
    packages.iter().map(|name| format!("Package: {name}\nStatus: install ok installed\n\n")).collect()
}

/// Commands: one small program each, or links to the one program that is all of them.
fn commands(layer: &mut LayerBuilder, system: &System) {
    const BUSYBOX_SIZE: u64 = 808_712;
    let many_in_one = system.package_manager.as_deref() != Some("apt")
        && system.commands.iter().any(|name| name == "ash" || name == "busybox");
    if many_in_one {
        layer.opaque("/bin/busybox", 0o755, BUSYBOX_SIZE);
    }
    for name in &system.commands {
        let directory =
            if many_in_one && IN_BIN.contains(&name.as_str()) { "/bin" } else { directory_of(name) };
        let path = format!("{directory}/{name}");
        if system.links.contains_key(&path) {
            continue;
        }
        if many_in_one && !OWN_PROGRAMS.contains(&name.as_str()) {
            layer.link(&path, "/bin/busybox");
        } else if !layer.tree().exists(&path) {
            layer.opaque(&path, 0o755, size_of(name));
        }
    }
}

/// Commands of Alpine that are programs of their own.
const OWN_PROGRAMS: &[&str] = &["apk", "scanelf", "ssl_client", "ldd", "getconf", "getent", "iconv"];

/// Applets that BusyBox is installed with in `/bin`, and coreutils elsewhere.
const IN_BIN: &[&str] = &[
    "arch",
    "base64",
    "chattr",
    "dd",
    "dmesg",
    "dnsdomainname",
    "fsync",
    "getopt",
    "ionice",
    "ipcalc",
    "link",
    "lsattr",
    "mknod",
    "mktemp",
    "more",
    "mountpoint",
    "nice",
    "pidof",
    "printenv",
    "rev",
    "run-parts",
    "setpriv",
    "stat",
    "stty",
    "sync",
    "usleep",
    "watch",
];

/// Where a command of the base system is found.
fn directory_of(name: &str) -> &'static str {
    const SYSTEM: &[&str] = &[
        "apk", "adduser", "addgroup", "chpasswd", "groupadd", "groupdel", "useradd", "userdel", "usermod",
        "ldconfig", "deluser", "delgroup", "crond", "ifconfig", "route", "ip", "chroot",
    ];
    const CORE: &[&str] = &[
        "ash", "bash", "cat", "chgrp", "chmod", "chown", "cp", "date", "df", "echo", "egrep", "false",
        "fgrep", "grep", "gunzip", "gzip", "hostname", "kill", "ln", "login", "ls", "mkdir", "mount", "mv",
        "netstat", "ping", "ps", "pwd", "rm", "rmdir", "sed", "sh", "sleep", "su", "tar", "touch", "true",
        "umount", "uname", "zcat",
    ];
    if SYSTEM.contains(&name) {
        "/sbin"
    } else if CORE.contains(&name) {
        "/bin"
    } else {
        "/usr/bin"
    }
}

/// About the bytes of well-known programs.
fn size_of(name: &str) -> u64 {
    match name {
        "bash" => 1_265_648,
        "perl" => 3_786_000,
        "dash" => 125_640,
        "dpkg" => 318_176,
        "apk" => 69_632,
        "tar" => 531_984,
        "sed" => 126_424,
        "grep" => 203_152,
        "find" => 224_848,
        "awk" | "mawk" => 158_048,
        _ => 44_000,
    }
}

const DEBIAN: &[(&str, u32)] = &[
    ("/usr/lib/x86_64-linux-gnu/libc.so.6", 19),
    ("/usr/lib/x86_64-linux-gnu/libcrypto.so.3", 47),
    ("/usr/lib/x86_64-linux-gnu/libstdc++.so.6", 23),
    ("/usr/lib/x86_64-linux-gnu/libapt-pkg.so", 20),
    ("/usr/lib/x86_64-linux-gnu/libgnutls.so.30", 21),
    ("/usr/lib/x86_64-linux-gnu/libunistring.so.2", 18),
    ("/usr/lib/x86_64-linux-gnu/libsystemd.so.0", 9),
    ("/usr/lib/x86_64-linux-gnu/libm.so.6", 9),
    ("/usr/lib/x86_64-linux-gnu/gconv/gconv-modules.cache", 80),
    ("/usr/lib/x86_64-linux-gnu/perl-base/perl-modules", 50),
    ("/usr/lib/x86_64-linux-gnu/security/pam-modules", 12),
    ("/usr/lib/x86_64-linux-gnu/coreutils/coreutils-programs", 70),
    ("/usr/lib/x86_64-linux-gnu/util-linux/util-linux-programs", 60),
    ("/usr/share/i18n/locales-data", 35),
    ("/usr/share/zoneinfo/tzdata.zi", 30),
    ("/usr/share/doc/copyright-files", 40),
    ("/usr/share/perl5/Debconf-modules", 10),
    ("/var/lib/dpkg/info/file-lists", 20),
    ("/var/cache/debconf/templates.dat", 10),
    ("/usr/share/base-files/miscellaneous", 30),
];

const ALPINE: &[(&str, u32)] = &[
    ("/usr/lib/libcrypto.so.3", 52),
    ("/usr/lib/libssl.so.3", 8),
    ("/lib/ld-musl-x86_64.so.1", 6),
    ("/usr/lib/libapk.so.2", 2),
    ("/usr/lib/libz.so.1", 1),
    ("/etc/ssl/certs/ca-certificates.crt", 2),
    ("/usr/share/apk/keys/alpine-keys", 1),
];

const BUSYBOX: &[(&str, u32)] = &[
    ("/lib/libc.so.6", 5),
    ("/lib/libm.so.6", 2),
    ("/lib/libresolv.so.2", 1),
    ("/lib/ld-linux-x86-64.so.2", 1),
];

const ORACLE: &[(&str, u32)] = &[
    ("/usr/lib64/libc.so.6", 2),
    ("/usr/lib64/libcrypto.so.3", 5),
    ("/usr/lib64/libdnf.so.2", 4),
    ("/usr/lib/locale/locale-archive", 20),
    ("/var/lib/rpm/rpmdb.sqlite", 15),
    ("/usr/share/licenses/licence-files", 4),
    ("/usr/lib64/other-libraries", 70),
];

const MINIMAL: &[(&str, u32)] =
    &[("/etc/ssl/certs/ca-certificates.crt", 1), ("/usr/share/zoneinfo/tzdata.zi", 2)];

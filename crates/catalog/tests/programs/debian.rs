//! Debian's own programs: `apt-mark`, `dpkg` and what is beside them.

use crate::Container;
use lab_engine::shell::CommandKind;

fn container() -> Container {
    let mut container = Container::of("debian:bookworm-slim");
    container.ok("apt-get update");
    container.ok("apt-get install -y --no-install-recommends wget");
    container
}

#[test]
fn marks_decide_what_goes_with_what() {
    let mut container = container();
    let done = container.shell("apt-mark showmanual | grep -x wget; apt-mark showauto | grep -c libpsl5; apt-mark auto wget; apt-mark auto wget; apt-mark manual nosuch");
    assert_eq!(
        done.out,
        "wget\n1\nwget set to automatically installed.\nwget was already set to automatically installed.\n"
    );
    assert_eq!(
        (done.code, done.err.as_str()),
        (100, "E: Unable to locate package nosuch\nE: No packages found\n")
    );
    let done = container.ok("apt-get purge -y --auto-remove");
    assert!(!done.tree.exists("/usr/bin/wget"), "{}", done.out);
}

#[test]
fn everything_may_be_marked_at_once() {
    let script = "saved=\"$(apt-mark showmanual)\"; apt-mark auto '.*' > /dev/null; apt-mark manual $saved > /dev/null; [ \"$(apt-mark showmanual)\" = \"$saved\" ] && echo same";
    assert_eq!(container().shell(script).out, "same\n");
}

#[test]
fn questions_to_the_database() {
    let mut container = container();
    let done = container.shell("dpkg-query -W -f='${Package} ${Status}\\n' wget; dpkg -S /usr/bin/wget; dpkg -L wget | head -1; dpkg -l wget | tail -1 | cut -c1-8; dpkg-query -W nosuch; dpkg -s nosuch");
    assert_eq!(done.out, "wget install ok installed\nwget: /usr/bin/wget\n/usr/bin/wget\nii  wget\n");
    assert_eq!(
        done.err,
        "dpkg-query: no packages found matching nosuch\ndpkg-query: package 'nosuch' is not installed and no information is available\n"
    );
    assert_eq!(done.code, 1);
    assert_eq!(container.run("dpkg --compare-versions 1.2 lt 1.10").code, 0);
    assert_eq!(container.run("dpkg --compare-versions 1.2 gt 1.10").code, 1);
}

#[test]
fn own_certificates() {
    let script = "cd /usr/local/share/ca-certificates; printf 'a\\n' > one.crt; printf 'b\\n' > two.pem; update-ca-certificates; readlink /etc/ssl/certs/one.pem; rm one.crt; update-ca-certificates | head -2 | tail -1; ls /etc/ssl/certs/one.pem";
    let mut container = container();
    container.ok("apt-get install -y ca-certificates");
    let done = container.shell(script);
    assert_eq!(
        done.out,
        "Updating certificates in /etc/ssl/certs...\n1 added, 0 removed; done.\n\
         Running hooks in /etc/ca-certificates/update.d...\ndone.\n\
         /usr/local/share/ca-certificates/one.crt\n0 added, 1 removed; done.\n"
    );
    assert_eq!(done.code, 2);
}

#[test]
fn linked_libraries() {
    let done = container().shell("ldd /usr/bin/wget | grep -c libc.so.6; echo '#!/bin/sh' > /s; ldd /s; ldconfig; ldconfig -p | head -1 | cut -d' ' -f2-");
    assert_eq!(done.out, "1\nlibs found in cache `/etc/ld.so.cache'\n");
    assert_eq!(done.err, "\tnot a dynamic executable\n");
    assert!(done.kinds.contains(&("ldd".to_owned(), CommandKind::Modelled)));
}

#[test]
fn alternatives_are_links() {
    let done = container().shell("update-alternatives --install /usr/local/bin/get get /usr/bin/wget 10; readlink /usr/local/bin/get; readlink /etc/alternatives/get; update-alternatives --set get /nope");
    assert_eq!(
        done.out,
        "update-alternatives: using /usr/bin/wget to provide /usr/local/bin/get (get) in auto mode\n/etc/alternatives/get\n/usr/bin/wget\n"
    );
    assert_eq!(
        (done.code, done.err.as_str()),
        (2, "update-alternatives: error: alternative path /nope doesn't exist\n")
    );
}

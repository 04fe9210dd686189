//! `curl`, `wget`, and what is done with what they fetch.

use crate::Container;
use lab_engine::shell::CommandKind;

const NODE: &str = "https://nodejs.org/dist/v22.11.0/node-v22.11.0-linux-x64.tar.xz";

#[test]
fn without_network_nothing_can_be_reached() {
    let mut container = Container::of("node:22");
    container.network = false;
    let done = container.run("curl -fsSL https://example.com/setup");
    assert_eq!((done.code, done.err.as_str()), (6, "curl: (6) Could not resolve host: example.com\n"));
    assert_eq!(container.run("wget -q https://example.com/").code, 4);
    let done = container.run("wget https://example.com/x");
    let (first, rest) = done.err.split_once('\n').unwrap();
    assert!(first.starts_with("--20") && first.ends_with("--  https://example.com/x"), "{first}");
    assert_eq!(
        rest,
        "Resolving example.com (example.com)... failed: Temporary failure in name resolution.\n\
         wget: unable to resolve host address 'example.com'\n"
    );
    let done = container.run("git clone https://example.com/x.git");
    assert_eq!(
        (done.code, done.err.as_str()),
        (
            128,
            "Cloning into 'x'...\n\
             fatal: unable to access 'https://example.com/x.git/': Could not resolve host: example.com\n"
        )
    );
    assert_eq!(container.run("gpg --batch --recv-keys 0123456789ABCDEF").code, 2);
    let mut alpine = Container::of("alpine");
    alpine.network = false;
    let done = alpine.run("wget https://example.com/x");
    assert_eq!((done.code, done.err.as_str()), (1, "wget: bad address 'example.com'\n"));
}

#[test]
fn nothing_serves_in_the_container() {
    let done = Container::of("node:22").run("curl -sS http://localhost:8080/health");
    assert_eq!(done.code, 7);
}

#[test]
fn a_known_address_has_its_size_and_another_an_estimate() {
    let mut container = Container::of("node:22");
    let done = container.ok(&format!("curl -fsSLo /tmp/known {NODE}"));
    assert_eq!(done.kind, CommandKind::Modelled);
    assert!(done.seconds > 0.0);
    assert_eq!(done.tree.entry("/tmp/known").unwrap().size(), 30_000_000);
    let size = |container: &mut Container, name: &str| {
        let done = container.ok(&format!("curl -fsSLo /tmp/a https://example.com/{name}"));
        done.tree.entry("/tmp/a").unwrap().size()
    };
    let first = size(&mut container, "a.deb");
    assert_eq!(first, size(&mut container, "a.deb"));
    assert_ne!(first, size(&mut container, "b.deb"));
}

#[test]
fn archives_are_unpacked_as_the_catalogue_has_them() {
    let script = format!(
        "curl -fsSL {NODE} | tar -xJ -C /opt --strip-components=1 && ls /opt/bin && tar --version | wc -l"
    );
    let mut container = Container::of("node:22");
    let done = container.shell(&script);
    assert_eq!(done.out, "corepack\nnode\nnpm\nnpx\n1\n", "{}", done.err);
    assert!(done.tree.entry("/opt/bin/node").unwrap().metadata().mode & 0o111 != 0);
    // Nobody knows what is in another one: nothing comes of it, and it is said so.
    let done = container
        .shell("mkdir /x && curl -fsSLo /x.tgz https://example.com/x.tgz && tar -xzf /x.tgz -C /x && ls /x");
    assert_eq!((done.code, done.out.as_str()), (0, ""));
    assert!(done.kinds.contains(&("tar".to_owned(), CommandKind::Unknown)));
}

#[test]
fn sums_are_taken_on_trust_and_marked_so() {
    let mut container = Container::of("node:22");
    let sum = "0".repeat(64);
    let done = container.shell(&format!(
        "cd /tmp && curl -fsSLO {NODE} && echo '{sum} *node-v22.11.0-linux-x64.tar.xz' | sha256sum -c -"
    ));
    assert_eq!(done.out, "node-v22.11.0-linux-x64.tar.xz: OK\n");
    assert!(done.kinds.contains(&("sha256sum".to_owned(), CommandKind::Modelled)));
    // What is there is really summed up.
    let done = container.shell(&format!("echo x > /tmp/y && echo '{sum}  /tmp/y' | sha256sum -c -"));
    assert_eq!((done.code, done.out.as_str()), (1, "/tmp/y: FAILED\n"));
    assert!(done.kinds.contains(&("sha256sum".to_owned(), CommandKind::Executed)));
}

#[test]
fn a_script_from_somewhere_does_nothing() {
    let done = Container::of("node:22").shell("curl -fsSL https://example.com/install.sh | bash -s -- -y; curl -s https://example.com/a > /f; head -c 15 /f");
    assert_eq!((done.code, done.out.as_str()), (0, "# Stand-in for "));
}

#[test]
fn sources_are_built_and_installed() {
    let address = "https://download.redis.io/releases/redis-7.4.1.tar.gz";
    let script = format!(
        "set -e; cd /usr/src; wget -qO- {address} | tar xz; cd redis-7.4.1; make -j4; make PREFIX=/opt/redis install; ls /opt/redis/bin | wc -l; /opt/redis/bin/redis-server --version >/dev/null"
    );
    let done = Container::of("buildpack-deps:bookworm").shell(&script);
    assert_eq!((done.code, done.out.as_str()), (0, "6\n"), "{}", done.err);
    assert!(done.kinds.contains(&("make".to_owned(), CommandKind::Modelled)));
    let done = Container::of("buildpack-deps:bookworm").shell("mkdir /e; cd /e; make");
    assert_eq!(
        (done.code, done.err.as_str()),
        (2, "make: *** No targets specified and no makefile found.  Stop.\n")
    );
}

#[test]
fn what_was_fetched_is_still_known_in_a_later_run() {
    let mut container = Container::of("node:22");
    container.ok(&format!("curl -fsSLo /tmp/fetched {NODE}"));
    let sum = container.ok("sha256sum /tmp/fetched").out.replace("fetched", "moved");
    container.ok("cp /tmp/fetched /tmp/copy");
    container.ok("mv /tmp/copy /tmp/moved");
    assert_eq!(container.ok("sha256sum /tmp/moved").out, sum);
    container.ok("mkdir /x");
    let done = container.ok("tar -xJf /tmp/moved -C /x --strip-components=1");
    assert!(done.tree.exists("/x/bin/node"));
    assert_eq!(done.kind, CommandKind::Modelled);
}

#[test]
fn versions_are_those_of_the_packages() {
    let mut installed = Container::of("debian:12");
    installed.ok("apt-get update");
    installed.ok("apt-get install -y curl");
    let package = installed.ok("dpkg-query -W -f ${Version} curl").out;
    let version = package.split('-').next().unwrap();
    let expected = format!("curl {version} (x86_64-pc-linux-gnu) libcurl/{version}\n");
    assert_eq!(installed.ok("curl --version").out, expected);
    assert_eq!(installed.ok("curl -V").out, expected);
    // This image is of the same Debian, and has no record of the package.
    assert_eq!(Container::of("node:22").ok("curl --version").out, expected);
}

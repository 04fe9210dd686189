use super::{Container, assert_near, assert_reproducible, layer_bytes};

#[test]
fn add_installs_and_leaves_no_cache_if_told_so() {
    let mut container = Container::of("alpine");
    let before = container.tree.clone();
    let done = container.ok("apk add --no-cache curl");
    assert_near(layer_bytes(&before, &done.tree), 5_200_000 + 120_000, 1);
    assert!(done.out.contains("(1/9) Installing brotli-libs"), "{}", done.out);
    assert!(done.out.ends_with("in 25 packages\n"), "{}", done.out);
    assert!(done.tree.exists("/usr/bin/curl"));
    let mut cached = Container::of("alpine");
    let with_cache = cached.ok("apk add curl");
    let index = with_cache.tree.summary().bytes - done.tree.summary().bytes;
    assert_eq!(index, 2_700_000);
}

#[test]
fn unknown_packages_are_named() {
    let done = Container::of("alpine").run("apk add --no-cache curl nosuch");
    assert_eq!(done.code, 1);
    let words =
        "ERROR: unable to select packages:\n  nosuch (no such package):\n    required by: world[nosuch]\n";
    assert_eq!(done.err, words);
    assert!(!done.tree.exists("/usr/bin/curl"));
}

#[test]
fn virtual_packages_go_with_what_they_brought() {
    let mut container = Container::of("alpine");
    container.ok("apk add --no-cache make");
    let before = container.tree.clone();
    let done = container.ok("apk add --no-cache --virtual .build-deps gcc make musl-dev");
    assert!(done.out.contains("Installing .build-deps ("), "{}", done.out);
    assert!(done.tree.exists("/usr/bin/gcc"));
    let done = container.ok("apk del .build-deps");
    assert!(done.out.contains("Purging gcc (") && !done.out.contains("Purging make ("), "{}", done.out);
    assert!(!done.tree.exists("/usr/bin/gcc") && done.tree.exists("/usr/bin/make"));
    assert_near(done.tree.summary().bytes, before.summary().bytes, 1);
}

#[test]
fn without_network() {
    let mut container = Container::of("alpine");
    container.network = false;
    let done = container.run("apk add --no-cache curl");
    assert_eq!(done.code, 1);
    assert!(done.err.contains("temporary error (try again later)"), "{}", done.err);
}

#[test]
fn same_commands_same_tree() {
    assert_reproducible("alpine", &["apk update", "apk add --virtual .x git", "apk del .x"]);
}

use super::{Container, assert_near, assert_reproducible, layer_bytes};
use lab_engine::shell::{CommandKind, Credentials};

#[test]
fn nothing_is_found_before_an_update() {
    let done = Container::of("debian:bookworm-slim").run("apt-get install -y curl");
    assert_eq!((done.code, done.err.as_str()), (100, "E: Unable to locate package curl\n"));
    assert_eq!(done.kind, CommandKind::Modelled);
}

#[test]
fn update_writes_lists_of_the_measured_size() {
    for (image, size) in
        [("debian:bookworm-slim", 19_861_000), ("debian", 21_705_000), ("ubuntu", 47_000_000)]
    {
        let mut container = Container::of(image);
        let before = container.tree.clone();
        let done = container.ok("apt-get update");
        assert_eq!(layer_bytes(&before, &done.tree), size, "{image}");
        assert!(done.out.contains("Fetched ") && done.out.ends_with("Reading package lists...\n"));
        assert!((2.0..40.0).contains(&done.seconds), "{}", done.seconds);
        assert!(container.ok("apt-get update").out.starts_with("Hit:1 "));
    }
}

#[test]
fn install_adds_packages_commands_and_the_right_number_of_bytes() {
    let mut container = Container::of("debian:bookworm-slim");
    container.ok("apt-get update");
    let before = container.tree.clone();
    let done = container.ok("apt-get install -y --no-install-recommends curl");
    assert_near(layer_bytes(&before, &done.tree), 11_983_872 * 92 / 100 + 1_000_000, 1);
    assert!(done.tree.entry("/usr/bin/curl").is_some_and(|node| node.metadata().mode & 0o111 != 0));
    for part in [
        "The following NEW packages will be installed:\n  ",
        "0 upgraded, 16 newly installed, 0 to remove and 0 not upgraded.\n",
        "Need to get 4243 kB of archives.\n",
        "Setting up curl (7.88.",
    ] {
        assert!(done.out.contains(part), "{part:?} is not in\n{}", done.out);
    }
    assert!(done.out.lines().all(|line| line.len() <= 100));
    assert!(
        container.ok("apt-get install -y curl").out.contains("curl is already the newest version (7.88.")
    );
}

#[test]
fn recommendations_come_along_unless_forbidden() {
    let mut plain = Container::of("debian:bookworm-slim");
    plain.ok("apt-get update");
    let done = plain.ok("apt-get install -y curl");
    assert!(done.out.contains("0 upgraded, 22 newly installed"), "{}", done.out);
    // The full image keeps documentation.
    let mut full = Container::of("debian:bookworm");
    full.ok("apt-get update");
    let before = full.tree.clone();
    let done = full.ok("apt-get install -qq --no-install-recommends curl");
    assert_near(layer_bytes(&before, &done.tree), 11_983_872 + 1_000_000, 1);
    assert_eq!(done.out, "");
}

#[test]
fn without_yes_it_asks_and_nobody_answers() {
    let mut container = Container::of("debian:bookworm-slim");
    container.ok("apt-get update");
    let done = container.run("apt-get install curl");
    assert_eq!(done.code, 1);
    assert!(done.out.ends_with("Do you want to continue? [Y/n] Abort.\n"), "{}", done.out);
    assert!(!done.tree.exists("/usr/bin/curl"));
}

#[test]
fn purge_takes_away_what_came_along() {
    let mut container = Container::of("debian:bookworm-slim");
    container.ok("apt-get update");
    container.ok("apt-get install -y make");
    let kept = container.tree.clone();
    container.ok("apt-get install -y --no-install-recommends gcc");
    let done = container.ok("apt-get purge -y --auto-remove gcc");
    assert!(done.out.contains("Removing gcc (") && done.out.contains("Removing cpp-12 ("), "{}", done.out);
    assert!(!done.tree.exists("/usr/bin/gcc") && done.tree.exists("/usr/bin/make"));
    assert_near(done.tree.summary().bytes, kept.summary().bytes, 1);
}

#[test]
fn packages_of_the_base_image_are_not_installed_again() {
    let mut container = Container::of("node:22");
    container.ok("apt-get update");
    assert!(container.ok("apt-get install -y git").out.contains("0 newly installed"));
}

#[test]
fn others_than_root_are_refused() {
    let mut container = Container::of("debian:bookworm-slim");
    container.credentials = Credentials::of_user("nobody", &container.tree).unwrap();
    let done = container.run("apt-get install -y curl");
    assert!(done.code == 100 && done.err.contains("are you root?"));
}

#[test]
fn without_network() {
    let mut container = Container::of("debian:bookworm-slim");
    container.network = false;
    assert!(container.ok("apt-get update").err.starts_with("W: "));
    assert_eq!(container.run("apt-get install -y curl").code, 100);
}

#[test]
fn same_commands_same_tree() {
    let commands =
        ["apt-get update", "apt-get install -y nginx", "apt-get purge -y nginx", "apt-get autoremove -y"];
    assert_reproducible("debian", &commands);
}

#[test]
fn dpkg_answers() {
    let mut container = Container::of("debian");
    assert_eq!(container.ok("dpkg --print-architecture").out, "amd64\n");
    assert!(container.ok("dpkg -s bash").out.starts_with("Package: bash\nStatus: install ok installed\n"));
    assert_eq!(container.run("dpkg -s curl").code, 1);
}

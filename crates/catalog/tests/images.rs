//! Every base image of the catalogue, made and measured.

use lab_catalog::{CatalogError, CatalogWorld};
use lab_engine::digest::DiffId;
use lab_engine::oci::Image;
use lab_engine::vfs::{Content, Node, Tree};
use lab_engine::world::{World, WorldError};
use std::collections::BTreeSet;
use std::sync::Arc;

const IMAGES: &str = include_str!("../../../catalog/images.json");

fn world() -> CatalogWorld {
    let world = CatalogWorld::new(0);
    world.provide("images", IMAGES).unwrap();
    world
}

fn image(world: &CatalogWorld, name: &str) -> Arc<Image> {
    world.resolve_image(name, "linux/amd64").unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

fn bytes(node: &Node) -> u64 {
    if node.is_directory() { 0 } else { node.size() }
}

/// The bytes of what differs between two trees, counted as `docker image history` does.
fn changed_bytes(lower: &Tree, upper: &Tree) -> u64 {
    let same = |path: &str, node: &Node| match (lower.entry(path), node) {
        (Some(Node::File(old)), Node::File(new)) => old.content == new.content,
        (Some(Node::Symlink { target: old, .. }), Node::Symlink { target: new, .. }) => old == new,
        _ => false,
    };
    upper.walk("/").filter(|entry| !same(&entry.path, entry.node)).map(|entry| bytes(entry.node)).sum()
}

#[test]
fn every_layer_has_exactly_the_files_of_its_size() {
    let world = world();
    for name in world.image_names() {
        let image = image(&world, &name);
        let mut below = Tree::new();
        for (at, layer) in image.layers.iter().enumerate() {
            assert!(
                layer.lower.root().summary().digest == below.root().summary().digest,
                "{name}, layer {at}"
            );
            assert_eq!(changed_bytes(&layer.lower, &layer.upper), layer.size, "{name}, layer {at}");
            below = layer.upper.clone();
        }
        let rows = image.config.history.iter().filter(|row| !row.empty_layer).count();
        assert_eq!((image.layers.len(), image.config.diff_ids.len()), (rows, rows), "{name}");
        let filled = image.layers.iter().filter(|layer| layer.size > 0);
        let ids: Vec<DiffId> = filled.map(|layer| layer.diff_id).collect();
        let different: BTreeSet<DiffId> = ids.iter().copied().collect();
        assert_eq!(ids.len(), different.len(), "{name} has one layer twice");
        assert_eq!(image.tree.summary().digest, below.summary().digest, "{name}");
    }
}

/// The commands of Debian's package coreutils in `/usr/bin`.
const COREUTILS: &str = "[ arch b2sum base32 base64 basename basenc cat chcon chgrp chmod chown cksum comm cp csplit \
    cut date dd df dir dircolors dirname du echo env expand expr factor false fmt fold groups head hostid id install \
    join link ln logname ls md5sum mkdir mkfifo mknod mktemp mv nice nl nohup nproc numfmt od paste pathchk pinky pr \
    printenv printf ptx pwd readlink realpath rm rmdir runcon seq sha1sum sha224sum sha256sum sha384sum sha512sum \
    shred shuf sleep sort split stat stdbuf stty sum sync tac tail tee test timeout touch tr true truncate tsort tty \
    uname unexpand uniq unlink users vdir wc who whoami yes";

#[test]
fn debian_and_ubuntu_have_all_coreutils() {
    let world = world();
    for name in ["debian:bookworm-slim", "debian:trixie-slim", "ubuntu:24.04", "python:3.12-slim"] {
        let image = image(&world, name);
        let programs = COREUTILS.split_whitespace().map(|command| format!("/usr/bin/{command}"));
        for path in programs.chain(["/usr/sbin/chroot".to_owned()]) {
            let node = image.tree.entry(&path).unwrap_or_else(|| panic!("{name} has no {path}"));
            assert_eq!((node.metadata().mode, node.as_file().is_some()), (0o755, true), "{name}: {path}");
        }
    }
}

#[test]
fn commands_can_be_found_and_are_programs() {
    let world = world();
    let path = |image: &Image| -> Vec<String> {
        let path = image.config.config.env.iter().find_map(|entry| entry.strip_prefix("PATH="));
        path.unwrap_or("/usr/bin:/bin").split(':').map(str::to_owned).collect()
    };
    let commands = |json: &serde_json::Value, key: &str| -> Vec<String> {
        json[key]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|name| Some(name.as_str()?.to_owned()))
            .collect()
    };
    let data: serde_json::Value = serde_json::from_str(IMAGES).unwrap();
    for record in data["images"].as_array().unwrap() {
        let name = record["name"].as_str().unwrap();
        if name.contains('@') || name.contains("distroless") {
            continue;
        }
        let image = image(&world, name);
        let find = |command: &str| {
            let places = path(&image);
            places
                .into_iter()
                .map(|place| format!("{place}/{command}"))
                .find(|place| image.tree.exists(place))
        };
        for command in commands(record, "commands") {
            let place = find(&command).unwrap_or_else(|| panic!("{name}: {command} is not in PATH"));
            let node = image.tree.stat(&place).unwrap();
            assert!(node.metadata().mode & 0o111 != 0, "{name}: {place} is not executable");
        }
        for command in commands(record, "missingCommands") {
            assert_eq!(find(&command), None, "{name}: {command} should be missing");
        }
    }
}

#[test]
fn parents_are_shared_not_made_twice() {
    let world = world();
    let (node, python) = (image(&world, "node:22"), image(&world, "python:3.12-bookworm"));
    let shared = node.layers.iter().zip(&python.layers).take_while(|(a, b)| Arc::ptr_eq(a, b)).count();
    assert_eq!(shared, 4, "the layers of buildpack-deps");
    assert!(Arc::ptr_eq(&node, &image(&world.at(99), "docker.io/library/node:22")));
}

#[test]
fn the_same_in_any_order() {
    let (one, two) = (world(), world());
    let names: Vec<String> = one.image_names();
    let forward: Vec<_> = names.iter().map(|name| image(&one, name).manifest_digest).collect();
    let mut backward: Vec<_> = names.iter().rev().map(|name| image(&two, name).manifest_digest).collect();
    backward.reverse();
    assert_eq!(forward, backward);
}

#[test]
fn redis_has_the_seventeen_rows_of_its_time() {
    let world = world();
    for platform in ["linux/amd64", "linux/arm64"] {
        let redis = world.resolve_image("redis:7.4.1", platform).unwrap();
        assert_eq!((redis.config.history.len(), redis.layers.len()), (17, 8), "{platform}");
        let total: u64 = redis.layers.iter().map(|layer| layer.size).sum();
        assert_eq!(total, if platform.ends_with("arm64") { 139_480_041 } else { 117_210_041 });
        assert_eq!(redis.config.config.cmd.as_deref(), Some(&["redis-server".to_owned()][..]));
    }
}

#[test]
fn the_names_that_people_ask_for() {
    let world = world();
    for name in [
        "diamol/node",
        "node",
        "docker.io/diamol/node:latest",
        "library/node",
        "python",
        "python:3.8",
        "alpine",
        "debian",
        "debian:bookworm-slim",
        "golang",
        "golang:alpine",
        "nginx",
        "nginx:alpine",
        "redis",
        "redis:7.4.1",
        "busybox",
        "ubuntu",
        "scratch",
        "gcr.io/distroless/static-debian12",
        "mcr.microsoft.com/dotnet/sdk:8.0",
    ] {
        image(&world, name);
    }
    assert_eq!(image(&world, "scratch").layers.len(), 0);
    let index = world.image_notes("node:22").unwrap().published.index.unwrap();
    let pinned = image(&world, &format!("docker.io/library/node:22@sha256:{index}"));
    assert!(Arc::ptr_eq(&pinned, &image(&world, "node:22")));
}

#[test]
fn digests_of_the_registry_and_of_the_simulation_are_understood() {
    let world = world();
    let own = image(&world, "node:22").manifest_digest;
    for name in ["node:22", "docker.io/library/node:22"] {
        assert!(Arc::ptr_eq(&image(&world, &format!("{name}@{own}")), &image(&world, "node:22")));
    }
    let other = format!("node:22@sha256:{}", "0".repeat(64));
    assert!(matches!(world.resolve_image(&other, ""), Err(WorldError::UnknownImage { .. })));
}

#[test]
fn files_that_people_look_into() {
    let world = world();
    let text = |image_name: &str, path: &str| {
        let image = image(&world, image_name);
        image.tree.read_text(path).unwrap_or_else(|| panic!("{image_name} has no text at {path}")).to_owned()
    };
    assert!(text("debian:bookworm-slim", "/etc/os-release").contains("VERSION_CODENAME=bookworm\n"));
    assert!(text("alpine", "/etc/alpine-release").starts_with("3.24"));
    assert!(text("node:22", "/etc/passwd").contains("node:x:1000:1000::/home/node:/bin/bash\n"));
    assert!(text("nginx", "/usr/share/nginx/html/index.html").contains("nginx"));
    assert!(text("golang", "/usr/local/go/VERSION").starts_with("go1."));
    let alpine = image(&world, "alpine");
    assert_eq!(alpine.tree.canonical("/bin/ls").as_deref(), Ok("/bin/busybox"));
    assert!(alpine.tree.read("/bin/busybox").is_ok_and(Content::is_opaque));
    assert_eq!(alpine.tree.entry("/tmp").unwrap().metadata().mode, 0o1777);
}

#[test]
fn stand_ins_say_so() {
    let world = world();
    let notes = world.image_notes("redis").unwrap();
    assert_eq!((notes.name.as_str(), notes.stand_in_for.as_deref()), ("redis:7.4.1", Some("redis:latest")));
    assert_eq!(world.image_notes("alpine").unwrap().stand_in_for, None);
    assert_eq!(world.image_notes("nonsense"), None);
}

#[test]
fn missing_parts_and_names_are_told_apart() {
    let empty = CatalogWorld::new(0);
    let asked = empty.resolve_image("docker.io/library/node:latest", "linux/amd64");
    assert_eq!(asked.unwrap_err(), WorldError::NotLoaded { asset: "images".to_owned() });
    let Err(WorldError::UnknownImage { name, nearest }) =
        world().resolve_image("docker.io/library/nod:22", "linux/amd64")
    else {
        panic!("nod:22 does not exist")
    };
    assert_eq!((name.as_str(), nearest[0].as_str()), ("docker.io/library/nod:22", "node:22"));
    assert_eq!(empty.provide("imagse", "{}"), Err(CatalogError::UnknownAsset("imagse".to_owned())));
    assert!(matches!(empty.provide("images", "{}"), Err(CatalogError::Malformed { .. })));
    let wrong = IMAGES.replacen("\"size\":8440000", "\"size\":8440001", 1);
    assert!(matches!(empty.provide("images", &wrong), Err(CatalogError::Malformed { .. })));
}

#[test]
fn every_name_is_unique() {
    let data: serde_json::Value = serde_json::from_str(IMAGES).unwrap();
    let mut seen = BTreeSet::new();
    for record in data["images"].as_array().unwrap() {
        let lists =
            ["tags", "standsFor"].iter().flat_map(|key| record[*key].as_array().into_iter().flatten());
        for name in std::iter::once(&record["name"]).chain(lists) {
            let name = lab_catalog::familiar(name.as_str().unwrap());
            assert!(seen.insert(name.clone()), "{name} is listed twice");
        }
    }
    assert!(seen.len() > 200);
}

//! Packages and durations of the catalogue.

use lab_catalog::CatalogWorld;
use lab_engine::world::{Closure, NotLoaded, PackageSource, World};
use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

const BOOKWORM: PackageSource<'static> = PackageSource::Apt { suite: "bookworm" };

fn part(name: &str) -> String {
    let path = format!("{}/../../catalog/{name}.json", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn world() -> CatalogWorld {
    let world = CatalogWorld::new(0);
    for name in CatalogWorld::ASSETS {
        world.provide(name, &part(name)).unwrap();
    }
    world
}

fn closure(world: &CatalogWorld, source: PackageSource<'_>, name: &str) -> Arc<Closure> {
    world.packages(source, name).unwrap().unwrap_or_else(|| panic!("{source:?} has no {name}"))
}

fn json(name: &str) -> serde_json::Value {
    serde_json::from_str(&part(name)).unwrap()
}

fn roots(value: &serde_json::Value) -> Vec<(&String, &serde_json::Value)> {
    value["roots"].as_object().unwrap().iter().collect()
}

#[test]
fn trees_of_packages_add_up() {
    let world = world();
    for suite in ["bookworm", "trixie"] {
        let data = json(&format!("apt-{suite}"));
        for (name, root) in roots(&data) {
            let closure = closure(&world, PackageSource::Apt { suite }, name);
            let sum: u64 = closure.packages.iter().map(|package| package.size).sum();
            assert_eq!(Some(sum), root["installed"].as_u64(), "{suite} {name}");
        }
    }
    for (name, root) in roots(&json("apk")) {
        let sum: u64 =
            closure(&world, PackageSource::Apk, name).packages.iter().map(|package| package.size).sum();
        let known = root["installed"].as_u64().unwrap();
        // Sums that were estimated one by one need not fit into one another.
        assert!(sum.abs_diff(known) <= known / 5, "{name}: {sum} is not {known}");
    }
    for (name, root) in roots(&json("npm")) {
        let sum: u64 =
            closure(&world, PackageSource::Npm, name).packages.iter().map(|package| package.size).sum();
        let known = root["size"].as_u64().unwrap();
        assert!(sum.abs_diff(known) <= known / 10, "{name}: {sum} is not {known}");
    }
    for (name, root) in roots(&json("pypi")) {
        let closure = closure(&world, PackageSource::PyPi, name);
        let sum: u64 = closure.packages.iter().map(|package| package.size).sum();
        let known = root["size"].as_u64().unwrap();
        assert!(sum.abs_diff(known) <= known / 20, "{name}: {sum} is not {known}");
    }
}

#[test]
fn no_package_twice() {
    let world = world();
    for (name, _) in roots(&json("apk")) {
        let closure = closure(&world, PackageSource::Apk, name);
        let names: BTreeSet<&str> = closure.packages.iter().map(|package| package.name.as_str()).collect();
        assert_eq!(names.len(), closure.packages.len(), "{name}");
        assert!(names.contains(name.as_str()));
    }
}

#[test]
fn unknown_packages() {
    let world = world();
    assert_eq!(world.packages(BOOKWORM, "no-such-package"), Ok(None));
    assert_eq!(world.packages(PackageSource::Apk, "no-such-package"), Ok(None));
    assert_eq!(world.packages(PackageSource::Apt { suite: "hardy" }, "curl"), Ok(None));
    for source in [PackageSource::Npm, PackageSource::PyPi] {
        let (one, two) = (closure(&world, source, "left-pad"), closure(&world, source, "right-pad"));
        assert!(one.estimated && one.packages.len() == 1 && one.packages[0].size > 0);
        assert_eq!(one, closure(&world, source, "left-pad"));
        assert_ne!(one.packages[0].size, two.packages[0].size);
    }
    assert!(!closure(&world, PackageSource::PyPi, "Flask").estimated);
    assert_eq!(
        closure(&world, PackageSource::PyPi, "python_dotenv"),
        closure(&world, PackageSource::PyPi, "python-dotenv")
    );
}

#[test]
fn suites_stand_in_for_others_and_say_so() {
    let world = world();
    let index = |suite| world.package_index(PackageSource::Apt { suite }).unwrap().unwrap();
    assert_eq!(index("bookworm").size, 19_861_000);
    assert!(!index("trixie").estimated && index("noble").estimated);
    assert!(index("noble").download > index("trixie").download);
}

#[test]
fn every_step_that_the_engine_times_is_known() {
    let world = world();
    for step in [
        "apt-get update",
        "apt-get install",
        "apk add",
        "npm install",
        "npm ci",
        "npm run build",
        "yarn install",
        "pip install",
        "go mod download",
        "go build",
        "curl/wget download",
        "git clone",
        "gcc/make",
        "COPY",
        "WORKDIR",
        "FROM pull",
        "exporting layers",
        "load metadata",
        "mkdir/chmod/echo/rm/useradd",
    ] {
        let timing = world.timing(step).unwrap().unwrap_or_else(|| panic!("{step}"));
        assert!(timing.seconds(1_000_000, 0, 1, b"x") > 0.0);
    }
    assert_eq!(world.timing("knitting"), Ok(None));
}

#[test]
fn parts_are_asked_for_by_name() {
    let empty = CatalogWorld::new(0);
    assert_eq!(empty.packages(BOOKWORM, "curl"), Err(NotLoaded::new("apt-bookworm")));
    assert_eq!(empty.packages(PackageSource::Npm, "express"), Err(NotLoaded::new("npm")));
    assert_eq!(empty.timing("COPY"), Err(NotLoaded::new("durations")));
    assert_eq!(empty.package_index(PackageSource::Apk), Err(NotLoaded::new("apk")));
    empty.provide("npm", &part("npm")).unwrap();
    assert!(empty.packages(PackageSource::Npm, "express").is_ok());
}

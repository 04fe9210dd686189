//! Scripts that were run with real programs, against what they print here.
//!
//! A file of `cases` has scripts and, for each of the two kinds of image, what the real programs printed: BusyBox's
//! applets, and Debian's own (`coreutils`, `mawk`, `sed`, `grep`, `diffutils` and so on). A heading `#### name` begins a
//! case, `=== busybox` and `=== debian` what was recorded: standard output, then standard error with `! ` before each
//! line, then the exit code if it is not 0. `=== both` stands for the two of them. Under `~~~ busybox` or `~~~ debian`
//! stands why a difference is wanted; such a case is not compared. `listing.txt` has how many cases each file has, so that
//! none can get lost.
//!
//! With `LAB_CASES=FOLDER` the cases of another folder are taken, to look into something.
//! `cargo test -p lab-engine --test utilities -- --ignored` records what is missing, from the programs of the machine.

mod case;
mod machine;
mod packed;
mod real;

use case::{Case, Flavour};
use std::path::{Path, PathBuf};

fn files() -> Vec<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/utilities/cases");
    let folder = std::env::var_os("LAB_CASES").map_or(own, PathBuf::from);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn as_the_real_programs() {
    let mut differences = Vec::new();
    let mut compared = 0;
    let mut listing = String::new();
    for file in files() {
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        let cases = Case::read_all(&std::fs::read_to_string(&file).unwrap());
        listing.push_str(&format!("{stem} {}\n", cases.len()));
        for case in cases {
            for flavour in [Flavour::Busybox, Flavour::Debian] {
                assert!(!case.is_missing(flavour), "{stem}: {} has no answer of {flavour:?}", case.name);
                let Some(expected) = case.expected(flavour) else { continue };
                compared += 1;
                let actual = machine::run(&case.script, flavour);
                if actual != expected {
                    differences.push(format!(
                        "#### {stem}: {} ({flavour:?})\n{}\n=== expected\n{expected}=== actual\n{actual}",
                        case.name, case.script
                    ));
                }
            }
        }
    }
    let count = differences.len();
    assert!(differences.is_empty(), "{}\n{count} of {compared} differ", differences.join("\n"));
    assert!(compared > 80);
    assert_eq!(
        listing,
        include_str!("listing.txt"),
        "files and their cases; after a change write it so in listing.txt"
    );
}

/// Records the answers that are missing in the files, from `busybox` and the other programs in `PATH`.
#[test]
#[ignore = "writes into the sources, and needs the real programs"]
fn record() {
    for file in files() {
        let mut cases = Case::read_all(&std::fs::read_to_string(&file).unwrap());
        for case in &mut cases {
            for flavour in [Flavour::Busybox, Flavour::Debian] {
                if case.is_missing(flavour) {
                    case.record(flavour, real::run(&case.script, flavour));
                }
            }
        }
        std::fs::write(&file, Case::write_all(&cases)).unwrap();
    }
}

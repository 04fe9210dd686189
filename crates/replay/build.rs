//! Lists the recorded cases for the tests: in a browser they cannot read files, so the texts are part of the program.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let folder = Path::new(&variable("CARGO_MANIFEST_DIR")).join("../../tests/conformance/cases");
    println!("cargo::rerun-if-changed={}", folder.display());
    let entries = fs::read_dir(&folder).expect("there are recorded cases");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a case can be listed").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let mut list = String::from("&[\n");
    for path in paths {
        let name = path.file_stem().unwrap_or_default();
        writeln!(list, "({name:?}, include_str!({path:?})),").expect("a text can grow");
    }
    list.push_str("]\n");
    fs::write(Path::new(&variable("OUT_DIR")).join("cases.rs"), list).expect("the list can be written");
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("cargo sets {name}"))
}

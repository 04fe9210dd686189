//! Scripts and what real shells and utilities printed for them: `cases/*.txt`, recorded by `record.py`.
//!
//! A file says at its top which machine and which shell it was recorded with. Every script starts in the same small
//! root filesystem, which the recorder and this test make from the same description. `listing.txt` has how many cases each
//! file has, so that none can get lost.

mod case;
mod root;

use case::Case;
use std::fs;
use std::path::Path;

#[test]
fn scripts_do_what_they_did_in_real_shells() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shell/cases");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let wanted = std::env::var("CASES").unwrap_or_default();
    let (mut count, mut differences, mut listing) = (0, Vec::new(), String::new());
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = case::text_of(&fs::read(&file).unwrap());
        let cases = Case::all(&text);
        listing.push_str(&format!("{name} {}\n", cases.len()));
        for case in cases {
            if !format!("{name}: {}", case.name).contains(&wanted) {
                continue;
            }
            count += 1;
            let got = case.run();
            if got != case.recorded {
                differences.push(format!(
                    "{name}: {}\n{}\nrecorded:\n{}\nbut here:\n{got}",
                    case.name, case.script, case.recorded
                ));
            }
        }
    }
    assert!(count > 0, "no case was found");
    assert_eq!(
        listing,
        include_str!("listing.txt"),
        "files and their cases; after a change write it so in listing.txt"
    );
    let shown = differences.join("\n------------------------------\n");
    assert!(differences.is_empty(), "{} of {count} differ\n{shown}", differences.len());
}

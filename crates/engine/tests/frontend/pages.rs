//! The pages of the checks in `docs/checks`: they say what the sources say, and what they say is true.
//!
//! `UPDATE_PAGES=1 cargo test -p lab-engine pages` writes them anew.

use lab_engine::check::{CheckInput, RULES, Rule, check};
use lab_engine::dockerfile::parse;
use lab_engine::dockerfile::stages::StageOptions;
use lab_engine::oci::ImageConfig;
use lab_engine::vfs::ignore::IgnoreMatcher;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The name of a rule with a separator between its words. A word begins at a capital letter that a small one is beside.
fn separated(rule: &Rule, separator: char) -> String {
    let letters: Vec<char> = rule.name.chars().collect();
    let mut name = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let beside = |at: usize| letters.get(at).is_some_and(|letter| letter.is_lowercase());
        if at > 0 && letter.is_uppercase() && (beside(at - 1) || beside(at + 1)) {
            name.push(separator);
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// The documentation of a rule's file.
fn page(rule: &Rule) -> String {
    let file = root().join(format!("crates/engine/src/check/rules/{}.rs", separated(rule, '_')));
    let source = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    lines.map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect()
}

/// The code below a heading.
fn block(page: &str, heading: &str) -> String {
    let (_, behind) = page.split_once(&format!("## {heading}\n")).unwrap();
    let (_, code) = behind.split_once("```").unwrap();
    let (code, _) = code.split_once("```").unwrap();
    code.split_once('\n').unwrap().1.to_owned()
}

#[test]
fn pages_are_those_of_the_sources() {
    let folder = root().join("docs/checks");
    let mut index = String::from(
        "# Build checks\n\nWhat the lab warns of, as BuildKit does.\nEach page is the documentation of the check's \
         source file in `crates/engine/src/check/rules`.\n\n",
    );
    for rule in RULES {
        index.push_str(&format!("- [{}]({}.md): {}\n", rule.name, separated(rule, '-'), rule.description));
    }
    let pages = RULES.iter().map(|rule| (format!("{}.md", separated(rule, '-')), page(rule)));
    for (name, page) in pages.chain([("README.md".to_owned(), index)]) {
        let file = folder.join(name);
        if std::env::var_os("UPDATE_PAGES").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&file, &page).unwrap();
        }
        let written = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(written == page, "{} is out of date; see the top of this test", file.display());
    }
}

/// The names and texts of the warnings for a Dockerfile.
fn warnings(text: &str) -> Vec<(&'static str, String)> {
    let ignore = IgnoreMatcher::parse("*/tmp/*").unwrap();
    let report = check(&CheckInput {
        dockerfile: &parse(text).value,
        text,
        options: &StageOptions::default(),
        all_stages: true,
        images: &|_, _| {
            Some(ImageConfig { os: "linux".into(), architecture: "amd64".into(), ..Default::default() })
        },
        ignore: Ok(Some(&ignore)),
    });
    report.warnings.into_iter().map(|warning| (warning.rule.name, warning.message)).collect()
}

#[test]
fn examples_are_true() {
    for rule in RULES {
        let page = page(rule);
        let output = block(&page, "Output");
        let found = warnings(&block(&page, "Bad"));
        let expected = (rule.name, output.trim_end().to_owned());
        assert!(found.contains(&expected), "{}: {found:?}", rule.name);
        assert!(found.iter().all(|(name, _)| *name == rule.name), "{}: {found:?}", rule.name);
        for good in block(&page, "Good").split("# or\n") {
            assert_eq!(warnings(good), [], "{}", rule.name);
        }
    }
}

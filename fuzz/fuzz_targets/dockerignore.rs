//! Any text as a `.dockerignore`. Its first line is a path to be matched; the rest are patterns.

#![no_main]

use lab_engine::vfs::ignore::{FilterMemo, IgnoreMatcher, filter};
use lab_engine::vfs::{Metadata, Tree, path};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (place, patterns) = text.split_once('\n').unwrap_or(("", text));
    let Ok(matcher) = IgnoreMatcher::parse(patterns) else { return };
    let mut tree = Tree::new();
    for file in ["/a", "/a.md", "/docs/a.md", "/docs/deep/b.txt", "/.hidden/c", &path::absolute("/", place)] {
        if file.len() > 1 && file.split('/').count() < 40 {
            let _ = tree.make_directories(path::parent(file), Metadata::new(0o755, 1));
            let _ = tree.write(file, "text".into(), Metadata::new(0o644, 1));
        }
    }
    matcher.matches(place);
    let filtered = filter(&tree, &matcher);
    assert!(filtered.summary().bytes <= tree.summary().bytes);
    let remembered = FilterMemo::default().filter(&tree, &matcher);
    assert_eq!(remembered.summary(), filtered.summary(), "a memo changes nothing but the cost");
});

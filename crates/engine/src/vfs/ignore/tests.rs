//! Ignore patterns and filtered trees.

use super::*;
use crate::vfs::{Metadata, Node, Tree, glob::BadPattern, path};
use proptest::prelude::*;

fn matcher(text: &str) -> IgnoreMatcher {
    IgnoreMatcher::parse(text).unwrap()
}

fn tree(files: &[&str]) -> Tree {
    let mut tree = Tree::new();
    for file in files {
        let place = format!("/{file}");
        tree.make_directories(path::parent(&place), Metadata::new(0o755, 1)).unwrap();
        tree.write(&place, (*file).into(), Metadata::new(0o644, 1)).unwrap();
    }
    tree
}

fn paths(tree: &Tree) -> Vec<String> {
    tree.walk("/").skip(1).map(|entry| entry.path[1..].to_owned()).collect()
}

#[test]
fn one_pattern() {
    for (pattern, path, expected) in [
        ("a", "a", true),
        ("a", "a/b", true),
        ("a", "b/a", false),
        ("/a/", "a", true),
        ("./a/../b", "b", true),
        ("*", "a/b", true),
        ("*.log", "a.log", true),
        ("*.log", "d/a.log", false),
        ("*/a", "d/a", true),
        ("*/a", "d/e/a", false),
        ("**", "a/b", true),
        ("**/a", "a", true),
        ("**/a", "d/e/a", true),
        ("**/a", "d/ba", false),
        ("**a", "d/ba", true),
        ("**/*.log", "a.log", true),
        ("**/*.log", "d/e/a.log", true),
        ("d/**", "d/e/f", true),
        ("d/**", "d", false),
        ("d/**/f", "d/f", true),
        ("d/**/f", "d/e/e/f", true),
        ("d/**/f", "d/ef", false),
        ("a**b", "ab", true),
        ("a**b", "ax/b", true),
        ("a**b", "axb", false),
        ("a?", "ab", true),
        ("a?", "a/", false),
        ("f[a-c]", "fb", true),
        ("f[^a-c]", "fd", true),
        ("f[^a-c]", "fb", false),
        ("a\\*", "a*", true),
        ("a\\*", "ab", false),
        ("a.b", "axb", false),
        ("(a|b)*", "(a|b)c", true),
        ("**/a/**", "x/a/y", true),
        (".", "a", false),
        ("..", "a", false),
        ("é?", "éé", true),
    ] {
        assert_eq!(matcher(pattern).matches(path), expected, "{pattern} on {path}");
    }
}

#[test]
fn the_last_pattern_that_matches_decides() {
    let matcher = matcher("\u{feff}# comment\n*.md\n!README.md\r\n  ! docs/ \n\n#x\n");
    assert!(matcher.matches("a.md") && !matcher.matches("README.md") && !matcher.matches("docs/a.md"));
    assert_eq!(matcher.patterns.len(), 3);
    assert!(IgnoreMatcher::parse("*.md\n!README.md\nREADME*").unwrap().matches("README.md"));
    assert!(IgnoreMatcher::parse(" # not a comment").unwrap().matches("# not a comment"));
}

#[test]
fn bad_patterns() {
    assert_eq!(IgnoreMatcher::parse("a\n!\n").unwrap_err().to_string(), "illegal exclusion pattern: \"!\"");
    assert_eq!(IgnoreMatcher::parse("[a\n"), Err(IgnoreError::Syntax(BadPattern)));
    assert_eq!(IgnoreMatcher::parse("a\\").unwrap_err().to_string(), "syntax error in pattern");
}

#[test]
fn filtering() {
    let all = tree(&[
        "Dockerfile",
        "README.md",
        "a.md",
        "d/f",
        "d/sub/drop",
        "d/sub/keep",
        "docs/keep.md",
        "docs/x.md",
    ]);
    let left = filter(&all, &matcher("*.md\n!README.md\ndocs\n!docs/keep.md\nd\n!d/sub/keep\n"));
    assert_eq!(paths(&left), ["Dockerfile", "README.md", "d", "d/sub", "d/sub/keep", "docs", "docs/keep.md"]);
    assert!(paths(&filter(&all, &matcher("**"))).is_empty());
    let left = filter(&all, &matcher("**/keep*"));
    assert!(left.exists("/docs") && left.exists("/d/sub/drop") && !left.exists("/d/sub/keep"));
    assert!(filter(&all, &matcher(".")).is_same(&all) || paths(&filter(&all, &matcher("."))) == paths(&all));
}

/// BuildKit's walk looks at an exception only where something is ignored so far: one that names a directory which is
/// not ignored itself is forgotten below it. A single path, as a build check asks for it, is matched with its parents.
#[test]
fn an_exception_counts_below_a_directory_only_if_it_was_needed_there() {
    let matcher = matcher("*/b\n!a");
    assert!(!matcher.matches("a/b"));
    assert_eq!(paths(&filter(&tree(&["a/b", "a/c"]), &matcher)), ["a", "a/c"]);
}

#[test]
fn an_empty_directory_stays_unless_it_is_ignored() {
    let mut all = tree(&["a"]);
    all.make_directory("/d", Metadata::new(0o755, 1)).unwrap();
    assert_eq!(paths(&filter(&all, &matcher("a"))), ["d"]);
    assert_eq!(paths(&filter(&all, &matcher("d\n!d/x"))), ["a"]);
}

#[test]
fn what_is_not_ignored_is_shared() {
    let all = tree(&["d/a", "d/b", "e/c", "x"]);
    let left = filter(&all, &matcher("x\ne/d"));
    let same =
        |path| std::sync::Arc::ptr_eq(all.entry_shared(path).unwrap(), left.entry_shared(path).unwrap());
    assert!(same("/d") && same("/e"));
}

#[test]
fn names_of_one_file_are_kept_where_both_are() {
    let mut all = tree(&["a"]);
    for name in ["/b", "/c"] {
        all.hard_link("/a", name, 1).unwrap();
    }
    assert_eq!(filter(&all, &matcher("c")).names_of("/a"), ["/a", "/b"]);
    let left = filter(&all, &matcher("[bc]"));
    assert!(left.names_of("/a").is_empty() && left.entry("/a").unwrap().as_file().unwrap().link().is_none());
}

fn any_pattern() -> impl Strategy<Value = String> {
    let part = prop_oneof!["[ab]{1,2}", Just("*".to_owned()), Just("**".to_owned()), Just("a*".to_owned())];
    (any::<bool>(), prop::collection::vec(part, 1..4)).prop_map(|(is_exception, parts)| {
        format!("{}{}", if is_exception { "!" } else { "" }, parts.join("/"))
    })
}

/// What the rules say, path by path and without any state: the last pattern that matches a path or one above decides.
fn expected(all: &Tree, matcher: &IgnoreMatcher) -> Vec<String> {
    let kept: Vec<String> = paths(all).into_iter().filter(|path| !matcher.matches(path)).collect();
    let with_parents = |path: &String| kept.iter().any(|kept| path::is_within(kept, path));
    paths(all).into_iter().filter(with_parents).collect()
}

/// The documented rules, the slow way: a pattern hides what it matches and all that is below.
fn documented(pattern: &[String], path: &[String]) -> bool {
    (1..=path.len()).any(|depth| whole(pattern, &path[..depth]))
}

/// `**` stands for any number of directories; at the end for at least one thing.
fn whole(pattern: &[String], path: &[String]) -> bool {
    match pattern.split_first() {
        None => path.is_empty(),
        Some((part, [])) if part == "**" => !path.is_empty(),
        Some((part, rest)) if part == "**" => (0..=path.len()).any(|skip| whole(rest, &path[skip..])),
        Some((part, rest)) => path
            .split_first()
            .is_some_and(|(name, below)| one_part(part.as_bytes(), name.as_bytes()) && whole(rest, below)),
    }
}

/// `?` stands for one character, `*` for any number of them.
fn one_part(pattern: &[u8], name: &[u8]) -> bool {
    match pattern.split_first() {
        None => name.is_empty(),
        Some((b'*', rest)) => (0..=name.len()).any(|skip| one_part(rest, &name[skip..])),
        Some((wanted, rest)) => name
            .split_first()
            .is_some_and(|(byte, below)| (*wanted == b'?' || wanted == byte) && one_part(rest, below)),
    }
}

proptest! {
    #[test]
    fn no_pattern_makes_a_panic(text in "[!*?/\\\\a^\\[\\]. #\\-\n]{0,30}", path in "[a/.*-]{0,12}") {
        if let Ok(matcher) = IgnoreMatcher::parse(&text) {
            let _ = matcher.matches(&path);
        }
    }

    #[test]
    fn patterns_match_as_the_documentation_says(
        pattern in prop::collection::vec(prop_oneof!["[ab?*]{1,3}", Just("**".to_owned())], 1..5),
        path in prop::collection::vec("[ab]{1,3}", 1..5),
    ) {
        // Two stars within a part are a rule of their own, which the table above has.
        prop_assume!(pattern.iter().all(|part| part == "**" || !part.contains("**")));
        let (text, place) = (pattern.join("/"), path.join("/"));
        prop_assert_eq!(matcher(&text).matches(&place), documented(&pattern, &path), "{} on {}", text, place);
    }

    #[test]
    fn a_filtered_tree_has_what_the_rules_leave(
        patterns in prop::collection::vec(any_pattern(), 0..4),
        files in prop::collection::btree_set("[ab]{1,2}(/[ab]{1,2}){0,2}", 0..8),
    ) {
        let mut all = Tree::new();
        for file in &files {
            let place = format!("/{file}");
            if all.make_directories(path::parent(&place), Metadata::new(0o755, 1)).is_ok() {
                let _ = all.write(&place, "".into(), Metadata::new(0o644, 1));
            }
        }
        // With exceptions the walk differs from the rule, see the test above.
        let patterns: Vec<_> = patterns.iter().map(|pattern| pattern.trim_start_matches('!')).collect();
        let matcher = IgnoreMatcher::new(&patterns).unwrap();
        prop_assert_eq!(paths(&filter(&all, &matcher)), expected(&all, &matcher));
    }

    #[test]
    fn a_memo_changes_nothing_but_the_cost(
        texts in prop::collection::vec(prop::collection::vec(any_pattern(), 0..3), 1..3),
        edits in prop::collection::vec(("[ab]{1,2}(/[ab]{1,2}){0,2}", 0..4u8, any::<prop::sample::Index>()), 1..25),
    ) {
        let matchers: Vec<_> = texts.iter().map(|text| IgnoreMatcher::new(text).unwrap()).collect();
        let mut tree = Tree::new();
        let mut memo = FilterMemo::default();
        for (time, (file, edit, which)) in edits.into_iter().enumerate() {
            let place = format!("/{file}");
            let meta = Metadata::new(0o644, time as i64);
            match edit {
                0 => drop(tree.remove(&place, meta.mtime)),
                1 => drop(tree.put(&place, Node::file(meta, file.as_str()), meta.mtime)),
                2 => drop(tree.set_metadata(&place, crate::vfs::Follow::No, |metadata| metadata.mode ^= 1)),
                _ => {
                    let _ = tree.make_directories(path::parent(&place), meta);
                    drop(tree.write(&place, file.as_str().into(), meta));
                }
            }
            let matcher = which.get(&matchers);
            let (fast, slow) = (memo.filter(&tree, matcher), filter(&tree, matcher));
            prop_assert_eq!(paths(&fast), paths(&slow));
            prop_assert_eq!(fast.summary(), slow.summary());
            let times = |tree: &Tree| -> Vec<i64> { tree.walk("/").map(|e| e.node.metadata().mtime).collect() };
            prop_assert_eq!(times(&fast), times(&slow));
        }
    }
}

//! What a failed build offers to mend: a name in the place of one that does not exist, a file that is missing.
//!
//! Input: the build as the session describes it, and the text of the Dockerfile. Output: replacements and paths.

use crate::locale::Lang;
use crate::rich::plain;
use lab_session::protocol::{BuildErrorView, BuildView, FixView, TextEditView};

/// A word of an instruction, with its place in the text in bytes.
struct Word<'a> {
    text: &'a str,
    from: usize,
}

/// A fix for each name that may have been meant, the likeliest first.
pub fn fixes(lang: Lang, text: &str, build: &BuildView) -> Vec<FixView> {
    let Some(error) = &build.error else { return Vec::new() };
    let Some(wrong) = wrong_word(text, build, error) else { return Vec::new() };
    let from = text[..wrong.from].encode_utf16().count() as u32;
    let to = from + wrong.text.encode_utf16().count() as u32;
    let fix = |name: &String| {
        // A path that was written without a slash stays without one.
        let name = if wrong.text.starts_with('/') { name.as_str() } else { name.trim_start_matches('/') };
        let edit = TextEditView { from, to, text: name.to_owned() };
        FixView { title: plain(lang, "failed.use", &[("name", name)]), edits: vec![edit] }
    };
    error.nearest.iter().map(fix).collect()
}

/// The path that a `COPY` or `ADD` misses in the context, and whether it was written as a directory. None where it
/// cannot be made: in another stage, or for a pattern.
pub fn missing_path(text: &str, build: &BuildView) -> Option<(String, bool)> {
    let error = build.error.as_ref().filter(|error| error.code == "build/copy-source-missing")?;
    let path = error.subject.as_deref()?;
    let step = build.steps.get(error.step? as usize)?;
    let elsewhere = step.text.split_whitespace().any(|word| word.starts_with("--from"));
    if elsewhere || path.is_empty() || path.contains(['*', '?', '[', '\\']) || path.starts_with("..") {
        return None;
    }
    let is_directory = wrong_word(text, build, error).is_some_and(|word| word.text.ends_with('/'));
    Some((path.to_owned(), is_directory))
}

/// The word that names what does not exist.
fn wrong_word<'a>(text: &'a str, build: &BuildView, error: &BuildErrorView) -> Option<Word<'a>> {
    let first = error.line? as usize;
    let step = error.step.and_then(|step| build.steps.get(step as usize));
    let last = step.map_or(first, |step| step.end_line as usize).max(first);
    let matches = |word: &Word<'_>| {
        let path = word.text.trim_start_matches("./").trim_matches('/');
        match &error.subject {
            Some(subject) => path == subject,
            None => !path.is_empty() && error.message.contains(path),
        }
    };
    // The keyword is no candidate; of several the longest says most.
    words(text, first, last).into_iter().skip(1).filter(matches).max_by_key(|word| word.text.len())
}

/// The words of some lines, without quotes, brackets and the names of flags.
fn words(text: &str, first: usize, last: usize) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    for line in text.split('\n').take(last + 1).skip(first) {
        for word in line.split(char::is_whitespace) {
            let bare = word.trim_matches(['"', '\'', '[', ']', ',']);
            let bare = match bare.strip_prefix("--") {
                Some(flag) => flag.split_once('=').map_or("", |(_, value)| value),
                None => bare,
            };
            if !bare.is_empty() {
                // Both are slices of the text, so their distance is the place in it.
                words.push(Word { text: bare, from: bare.as_ptr() as usize - text.as_ptr() as usize });
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits::edited;
    use crate::samples::{build, error, step};
    use lab_session::protocol::{State, StepView};

    fn failed(text: &str, lines: (u32, u32), error: BuildErrorView) -> BuildView {
        let step = StepView { line: lines.0, end_line: lines.1, ..step(0, text, State::Failed) };
        let error = BuildErrorView { step: Some(0), line: Some(lines.0), ..error };
        BuildView { error: Some(error), ..build(vec![step]) }
    }

    fn unknown(message: &str, nearest: &[&str]) -> BuildErrorView {
        let nearest = nearest.iter().map(|name| (*name).to_owned()).collect();
        BuildErrorView { code: "build/unknown-image".to_owned(), nearest, ..error(message, None) }
    }

    fn missing(subject: &str, nearest: &[&str]) -> BuildErrorView {
        let code = "build/copy-source-missing".to_owned();
        BuildErrorView { code, subject: Some(subject.to_owned()), ..unknown("not found", nearest) }
    }

    fn mended(text: &str, build: &BuildView) -> Vec<(String, String)> {
        let one = |fix: FixView| (fix.title, edited(text, &fix.edits).unwrap_or_default());
        fixes(Lang::En, text, build).into_iter().map(one).collect()
    }

    #[test]
    fn an_image_is_replaced_where_it_is_named() {
        let text = "# 😀\nFROM --platform=linux/amd64 nodee AS nodee-build\n";
        let message =
            "nodee: failed to resolve source metadata for docker.io/library/nodee:latest: not found";
        let build = failed("FROM nodee AS nodee-build", (1, 1), unknown(message, &["node", "node:22"]));
        let expected = "# 😀\nFROM --platform=linux/amd64 node AS nodee-build\n";
        assert_eq!(mended(text, &build)[0], ("Use node".to_owned(), expected.to_owned()));
        assert_eq!(missing_path(text, &build), None);
    }

    #[test]
    fn a_path_keeps_the_way_it_was_written_also_on_a_later_line() {
        let text = "FROM a\nCOPY package.json \\\n  ./src/servr.js /srv/\n";
        let error = missing("src/servr.js", &["/src/server.js"]);
        let build = failed("COPY package.json ./src/servr.js /srv/", (1, 2), error);
        let expected = "FROM a\nCOPY package.json \\\n  src/server.js /srv/\n";
        assert_eq!(mended(text, &build), [("Use src/server.js".to_owned(), expected.to_owned())]);
        assert_eq!(missing_path(text, &build), Some(("src/servr.js".to_owned(), false)));
    }

    #[test]
    fn what_is_missing_can_be_made_in_the_context_alone() {
        let of = |text: &str, subject: &str| missing_path(text, &failed(text, (0, 0), missing(subject, &[])));
        assert_eq!(of("COPY public/ /srv", "public"), Some(("public".to_owned(), true)));
        assert_eq!(of("COPY [\"a b\", \"/x\"]", "a b"), Some(("a b".to_owned(), false)));
        assert_eq!(of("COPY --from=build /out /x", "out"), None);
        assert_eq!(of("COPY *.conf /x", "*.conf"), None);
    }
}

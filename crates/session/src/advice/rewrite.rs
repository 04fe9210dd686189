//! The new text: a `COPY` of some files in the place of the whole, and the whole further down, in the words of the person
//! who wrote it.

use super::Brought;
use lab_engine::dockerfile::{Instruction, SourcesAndDestination};
use lab_engine::graph::FileCopy;

/// The lines that copy these files: one for each folder, with keyword, flags, form and destination as they were written.
/// `None` where a name would need quoting.
pub(super) fn narrow(
    instruction: &Instruction,
    files: &SourcesAndDestination,
    copy: &FileCopy,
    brought: &[Brought],
) -> Option<Vec<String>> {
    let mut words = instruction.text.split_whitespace();
    words.next()?;
    let flags: Vec<&str> = words.clone().take_while(|word| word.starts_with("--")).collect();
    let is_json = words.find(|word| !word.starts_with("--"))?.starts_with('[');
    let is_odd = |word: &str| word.contains(|c: char| c.is_whitespace() || "\"'\\[]*?".contains(c));
    if is_odd(&files.destination) || brought.iter().any(|one| is_odd(&one.source) || one.source.contains('$'))
    {
        return None;
    }
    let mut folders: Vec<&str> = Vec::new();
    for one in brought {
        if !folders.contains(&one.folder.as_str()) {
            folders.push(&one.folder);
        }
    }
    let line = |folder: &&str| {
        let sources = brought.iter().filter(|one| one.folder == *folder).map(|one| one.source.as_str());
        let target = destination(&files.destination, &copy.destination, folder);
        let words: Vec<&str> = sources.chain([target.as_str()]).collect();
        let words = if is_json {
            format!("[{}]", words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", "))
        } else {
            words.join(" ")
        };
        let mut line = instruction.keyword.clone();
        for part in flags.iter().copied().chain([words.as_str()]) {
            line.push(' ');
            line.push_str(part);
        }
        line
    };
    Some(folders.iter().map(line).collect())
}

/// Where files go: the destination as written, as a directory.
fn destination(written: &str, absolute: &str, folder: &str) -> String {
    let start = match written.trim_end_matches('/') {
        "" if absolute.trim_end_matches('/').is_empty() => "",
        start => start,
    };
    if folder.is_empty() { format!("{start}/") } else { format!("{start}/{folder}/") }
}

/// The text with the instructions of `order` (first and last lines, from 0) in that order from the `COPY` on, and the new
/// lines in front of them. Comments above an instruction go with it; what is between two instructions stays at its place.
/// `moved` is the destination that the `COPY` needs.
pub(super) fn reordered(
    text: &str,
    copy: &Instruction,
    order: &[(u32, u32)],
    narrow: &[String],
    moved: Option<&str>,
) -> Option<String> {
    let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let lines: Vec<&str> = text.lines().collect();
    let copy_line = copy.start_line as usize - 1;
    let line = lines.get(copy_line)?;
    let indent = &line[..line.len() - line.trim_start().len()];
    let mut blocks: Vec<Vec<String>> = Vec::new();
    if !narrow.is_empty() {
        blocks.push(narrow.iter().map(|line| format!("{indent}{line}")).collect());
    }
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (from, to) in order {
        let (from, to) = (*from as usize, *to as usize);
        let place = (with_comments(&lines, from), to + 1);
        let mut block: Vec<String> =
            lines.get(place.0..place.1)?.iter().map(|line| (*line).to_owned()).collect();
        if let (true, Some(moved)) = (from == copy_line, moved) {
            redirect(block.last_mut()?, moved);
        }
        places.push(place);
        blocks.push(block);
    }
    lab_engine::order::sort(&mut places);
    let (first, last) = (places.first()?.0, places.last()?.1);
    let mut gaps = places.windows(2).map(|pair| &lines[pair[0].1..pair[1].0]);
    let mut result: Vec<String> = lines[..first].iter().map(|line| (*line).to_owned()).collect();
    for block in blocks {
        result.extend(block);
        result.extend(gaps.next().into_iter().flatten().map(|line| (*line).to_owned()));
    }
    result.extend(lines[last..].iter().map(|line| (*line).to_owned()));
    let end = if text.ends_with('\n') { ending } else { "" };
    Some(result.join(ending) + end)
}

/// The first of the comment lines right above a line.
fn with_comments(lines: &[&str], line: usize) -> usize {
    let is_comment = |at: usize| lines[at].trim_start().starts_with('#');
    let mut first = line;
    while first > 0 && is_comment(first - 1) {
        first -= 1;
    }
    // The lines at the top of a file may be directives, which have to stay there.
    if first == 0 { line } else { first }
}

/// Puts another destination in the place of the last word.
fn redirect(line: &mut String, to: &str) {
    let end = line.trim_end_matches([' ', '\t', ']', '"']).len();
    let start = line[..end].rfind([' ', '\t', '"']).map_or(0, |at| at + 1);
    line.replace_range(start..end, to);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_is_the_destination() {
        for (line, expected) in
            [("COPY . .", "COPY . ./"), ("COPY [\".\", \"app\"]", "COPY [\".\", \"./\"]"), ("  app", "  ./")]
        {
            let mut text = line.to_owned();
            redirect(&mut text, "./");
            assert_eq!(text, expected);
        }
    }

    #[test]
    fn comments_belong_to_what_stands_below() {
        let lines = ["# syntax=x", "FROM a", "# one", "# two", "RUN x"];
        assert_eq!((with_comments(&lines, 4), with_comments(&lines, 1)), (2, 1));
    }
}

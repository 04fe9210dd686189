//! From the text to logical lines: directives, comments, continuation lines, heredocs.

use super::ast::{Directive, Heredoc};
use crate::text::TextRange;

/// BuildKit reads lines through a buffer of this many bytes.
const LONGEST_LINE: usize = 64 << 10;

/// One physical line.
#[derive(Clone, Copy)]
struct PhysicalLine<'a> {
    /// Offset of the first byte.
    start: usize,
    /// With its line break.
    text: &'a str,
}

/// An instruction as one line, with the way back to the text.
#[derive(Clone, Debug, Default)]
pub(super) struct LogicalLine {
    /// The lines joined, without continuation characters.
    pub(super) text: String,
    /// For each part of `text`: its offset there and in the source.
    pieces: Vec<(usize, usize)>,
    /// Offset of the end of the last line, without its line break.
    pub(super) end: usize,
    /// Counted from 1.
    pub(super) start_line: u32,
    /// Counted from 1.
    pub(super) end_line: u32,
    /// The line on which an instruction with an empty continuation line ends, counted from 1.
    pub(super) empty_continuation: Option<u32>,
    /// The comments directly above.
    pub(super) comments: Vec<String>,
}

impl LogicalLine {
    /// Where a part of the joined text came from.
    pub(super) fn source_range(&self, start: usize, end: usize) -> TextRange {
        let start = self.source_offset(start);
        let end = if end == 0 { start } else { self.source_offset(end - 1) + 1 };
        TextRange::new(start, end.max(start))
    }

    /// The whole, heredocs included.
    pub(super) fn range(&self) -> TextRange {
        let start = self.source_offset(0);
        TextRange::new(start, self.end.max(start))
    }

    fn source_offset(&self, offset: usize) -> usize {
        let piece = self.pieces.partition_point(|(joined, _)| *joined <= offset).saturating_sub(1);
        self.pieces.get(piece).map_or(0, |(joined, source)| source + (offset - joined))
    }
}

/// An error of reading, with the line that BuildKit marks (0 for none).
#[derive(Debug)]
pub(super) struct LineError {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) lines: (u32, u32),
    pub(super) range: TextRange,
}

/// Who still looks for directives.
///
/// BuildKit does so twice: the frontend for `syntax` and `check`, and the parser for `escape`. Only the frontend passes
/// over a first line that begins with `#!`, and only the parser takes an indented line for one.
struct DirectiveSearch {
    frontend: bool,
    parser: bool,
    /// The names that the parser has come across.
    seen: Vec<String>,
}

/// Reads logical lines one after another.
pub(super) struct LineReader<'a> {
    lines: Vec<PhysicalLine<'a>>,
    at: usize,
    search: DirectiveSearch,
    too_long: Option<LineError>,
    pub(super) escape: char,
    pub(super) directives: Vec<Directive>,
    pub(super) errors: Vec<LineError>,
}

impl<'a> LineReader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut lines = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            lines.push(PhysicalLine { start, text: line });
            start += line.len();
        }
        if let Some(first) = lines.first_mut()
            && let Some(rest) = first.text.strip_prefix('\u{feff}')
        {
            *first = PhysicalLine { start: first.start + '\u{feff}'.len_utf8(), text: rest };
        }
        let mut reader = Self {
            lines,
            at: 0,
            search: DirectiveSearch { frontend: true, parser: true, seen: Vec::new() },
            too_long: None,
            escape: '\\',
            directives: Vec::new(),
            errors: Vec::new(),
        };
        reader.drop_what_is_too_long();
        reader
    }

    /// The number of lines that were read.
    pub(super) fn line_count(&self) -> u32 {
        self.lines.len() as u32
    }

    /// The next instruction, without its heredocs.
    pub(super) fn next_line(&mut self) -> Option<LogicalLine> {
        let mut comments = Vec::new();
        while let Some(line) = self.take() {
            let (start, text) = trimmed(line);
            let is_directive = self.read_directive(line, start, text);
            if text.starts_with('#') {
                let comment = line.text.get(1..).unwrap_or("").trim();
                if is_directive || comment.is_empty() {
                    comments.clear();
                } else {
                    comments.push(comment.to_owned());
                }
                continue;
            }
            let (part, goes_on) = self.strip_continuation(text);
            if part.is_empty() && !goes_on {
                comments.clear();
                continue;
            }
            let mut logical = LogicalLine { start_line: self.at as u32, comments, ..LogicalLine::default() };
            logical.push(part, start);
            self.read_continuations(&mut logical, goes_on);
            logical.finish(self.at, self.end_of_previous());
            return Some(logical);
        }
        self.errors.extend(self.too_long.take());
        None
    }

    /// Reads the content of heredocs that the line announced. The first that does not end stops the reading.
    pub(super) fn read_heredocs(
        &mut self,
        line: &mut LogicalLine,
        heredocs: &mut [Heredoc],
    ) -> Result<(), String> {
        for heredoc in heredocs {
            let ended = self.read_heredoc(heredoc);
            line.finish(self.at, self.end_of_previous());
            if !ended {
                return Err("unterminated heredoc".into());
            }
        }
        Ok(())
    }

    fn read_heredoc(&mut self, heredoc: &mut Heredoc) -> bool {
        while let Some(line) = self.take() {
            let mut candidate = line.text.trim_end_matches(['\r', '\n']);
            if heredoc.chomp {
                candidate = candidate.trim_start_matches('\t');
            }
            if candidate == heredoc.name {
                return true;
            }
            heredoc.content.push_str(line.text);
        }
        false
    }

    fn read_continuations(&mut self, logical: &mut LogicalLine, mut goes_on: bool) {
        let mut empty = false;
        while goes_on {
            let Some(line) = self.take() else { break };
            let text = line.text.trim_end_matches(['\r', '\n']);
            match text.trim_start() {
                comment if comment.starts_with('#') => {}
                "" => empty = true,
                _ => {
                    let (part, more) = self.strip_continuation(text);
                    logical.push(part, line.start);
                    goes_on = more;
                }
            }
        }
        logical.empty_continuation = empty.then_some(self.at as u32);
    }

    fn take(&mut self) -> Option<PhysicalLine<'a>> {
        let line = self.lines.get(self.at).copied();
        self.at += usize::from(line.is_some());
        line
    }

    fn end_of_previous(&self) -> usize {
        self.at
            .checked_sub(1)
            .and_then(|at| self.lines.get(at))
            .map_or(0, |line| line.start + line.text.trim_end_matches(['\r', '\n']).len())
    }

    /// The line without an escape character at its end, and whether there was one.
    fn strip_continuation<'t>(&self, line: &'t str) -> (&'t str, bool) {
        match line.trim_end_matches([' ', '\t']).strip_suffix(self.escape) {
            Some(part) if !part.ends_with(self.escape) => (part, true),
            _ => (line, false),
        }
    }

    /// Takes a directive if the line is one, and says whether the parser does. The first line that is not ends the search.
    fn read_directive(&mut self, line: PhysicalLine<'_>, start: usize, text: &str) -> bool {
        if !(self.search.parser || self.search.frontend) {
            return false;
        }
        if self.at == 1 && line.text.starts_with("#!") {
            self.search.parser = false;
            return false;
        }
        let found = split_directive(text);
        self.search.frontend &= found.is_some() && line.text.starts_with('#');
        self.search.parser &= found.is_some();
        found.is_some_and(|(name, value)| {
            let range = TextRange::new(start, start + text.len());
            self.take_directive(Directive { name, value: value.to_owned(), range, line: self.at as u32 })
        })
    }

    #[inline(never)]
    fn take_directive(&mut self, directive: Directive) -> bool {
        let Directive { name, value, range, line } = &directive;
        // BuildKit counts the lines behind it here, so it marks the line above.
        let error = |code, message| LineError { code, message, lines: (line - 1, line - 1), range: *range };
        let is_first = !self.search.seen.contains(name);
        let is_taken = if name == "escape" { self.search.parser } else { self.search.frontend };
        if self.search.parser && !is_first {
            let message = format!("only one {name} parser directive can be used");
            self.errors.push(error("parse/repeated-directive", message));
            return true;
        }
        self.search.seen.push(name.clone());
        if name == "escape" && self.search.parser {
            match value.as_str() {
                "\\" => self.escape = '\\',
                "`" => self.escape = '`',
                _ => {
                    let message = format!("invalid escape token '{value}' does not match ` or \\");
                    self.errors.push(error("parse/escape-directive", message));
                }
            }
        }
        if is_first && is_taken {
            self.directives.push(directive);
        }
        self.search.parser
    }

    /// Behind a line that does not fit its buffer BuildKit reads nothing.
    fn drop_what_is_too_long(&mut self) {
        let too_long = |line: &PhysicalLine<'_>| {
            line.text.len() > LONGEST_LINE || line.text.len() == LONGEST_LINE && !line.text.ends_with('\n')
        };
        if let Some(at) = self.lines.iter().position(too_long) {
            let range =
                TextRange::new(self.lines[at].start, self.lines[at].start + self.lines[at].text.len());
            self.lines.truncate(at);
            self.too_long = Some(LineError {
                code: "parse/line-too-long",
                message: format!("dockerfile line greater than max allowed size of {}", LONGEST_LINE - 1),
                lines: (at as u32, at as u32),
                range,
            });
        }
    }
}

impl LogicalLine {
    fn push(&mut self, part: &str, source: usize) {
        self.pieces.push((self.text.len(), source));
        self.text.push_str(part);
    }

    fn finish(&mut self, last_line: usize, end: usize) {
        self.end_line = last_line as u32;
        self.end = end;
    }
}

/// The line without the blanks in front and the line break behind, and where that begins.
fn trimmed(line: PhysicalLine<'_>) -> (usize, &str) {
    let text = line.text.trim_end_matches(['\r', '\n']);
    let trimmed = text.trim_start();
    (line.start + text.len() - trimmed.len(), trimmed)
}

/// The lower-case name and the value of a line like `# name = value`, for the names that are directives.
pub(super) fn split_directive(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.strip_prefix('#')?.trim_start().split_once('=')?;
    let name = name.trim_end_matches(|c: char| c.is_ascii_whitespace()).to_ascii_lowercase();
    let trimmed = value.trim_matches(|c: char| c.is_ascii_whitespace());
    // Something must stand behind the sign, and be it a blank.
    let last = value.char_indices().next_back().map_or("", |(at, _)| &value[at..]);
    let value = if trimmed.is_empty() { last } else { trimmed };
    let known = matches!(name.as_str(), "syntax" | "escape" | "check");
    (known && !value.is_empty()).then_some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<LogicalLine> {
        let mut reader = LineReader::new(text);
        std::iter::from_fn(|| reader.next_line()).collect()
    }

    #[test]
    fn joins_continuation_lines() {
        let text = "\u{feff}# c\n\n RUN a \\  \r\n # inner\n\n  b\\\\\nENV x \\\n";
        let lines = read(text);
        assert_eq!(lines[0].text, "RUN a   b\\\\");
        assert_eq!((lines[0].start_line, lines[0].end_line, lines[0].empty_continuation), (3, 6, Some(6)));
        assert_eq!(lines[0].source_range(8, 9).of(text), "b");
        assert_eq!(lines[0].range().of(text), "RUN a \\  \r\n # inner\n\n  b\\\\");
        assert_eq!(lines[1].text, "ENV x ");
        assert_eq!(lines.len(), 2);
    }

    #[test]
    fn directives_are_only_at_the_top() {
        let mut reader = LineReader::new("# Escape = ` \n#check=skip=all\n# x\n# syntax=y\nRUN a`\nb");
        let line = reader.next_line().unwrap();
        assert_eq!(line.text, "RUN ab");
        let names: Vec<&str> = reader.directives.iter().map(|directive| directive.name.as_str()).collect();
        assert_eq!(names, ["escape", "check"]);
        assert_eq!(line.comments, ["x", "syntax=y"]);
    }

    #[test]
    fn empty_lines_and_comments_detach_comments() {
        assert_eq!(read("# a\n# b\nARG x")[0].comments, ["a", "b"]);
        assert!(read("# a\n\nARG x")[0].comments.is_empty());
        assert!(read("# a\n#\nARG x")[0].comments.is_empty());
    }
}

//! `grep`, `egrep`, `fgrep`.

use super::options::{self, Options};
use super::support::{count_of, lines, open_file};
use crate::shell::bytes::{push_bytes, to_text};
use crate::shell::language::matches_glob;
use crate::shell::regex::{Match, Regex, Syntax};
use crate::shell::{ExitCode, Input, Interrupt, Outcome, Process};
use crate::vfs::path;

/// What is looked for and what is printed.
struct Grep {
    patterns: Vec<Regex>,
    options: Options,
    names: bool,
    label: String,
    most: Option<usize>,
    before: usize,
    after: usize,
    include: Vec<String>,
    exclude: Vec<String>,
    end: u8,
    colour: bool,
    found: bool,
    failed: bool,
}

const GNU: &[(&str, char)] = &[
    ("extended-regexp", 'E'),
    ("fixed-strings", 'F'),
    ("basic-regexp", 'G'),
    ("perl-regexp", 'P'),
    ("ignore-case", 'i'),
    ("no-ignore-case", '5'),
    ("invert-match", 'v'),
    ("count", 'c'),
    ("line-number", 'n'),
    ("recursive", 'r'),
    ("dereference-recursive", 'R'),
    ("quiet", 'q'),
    ("silent", 'q'),
    ("only-matching", 'o'),
    ("word-regexp", 'w'),
    ("line-regexp", 'x'),
    ("files-with-matches", 'l'),
    ("files-without-match", 'L'),
    ("no-filename", 'h'),
    ("with-filename", 'H'),
    ("regexp", 'e'),
    ("file", 'f'),
    ("max-count", 'm'),
    ("no-messages", 's'),
    ("include", '1'),
    ("exclude", '2'),
    ("exclude-dir", '3'),
    ("text", 'a'),
    ("binary", 'U'),
    ("binary-files", '7'),
    ("line-buffered", '8'),
    ("directories", 'd'),
    ("devices", 'D'),
    ("color", '4'),
    ("colour", '4'),
    ("label", '6'),
    ("null", 'Z'),
    ("null-data", 'z'),
    ("byte-offset", 'b'),
    ("initial-tab", 'T'),
    ("after-context", 'A'),
    ("before-context", 'B'),
    ("context", 'C'),
];

/// `-3` for `-C 3`, which only GNU knows.
fn spell_out_context(process: &mut Process<'_, '_>) {
    for word in process.arguments.iter_mut().skip(1) {
        if word == "--" {
            break;
        }
        if let Some(digits) = word.strip_prefix('-')
            && !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            *word = format!("-C{digits}");
        }
    }
}

/// Prints the lines that match.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    if !process.is_busybox() {
        spell_out_context(process);
    }
    let busybox = ("EFivcnrRqowxlLhHsaze:f:m:A:B:C:4::", &[("color", '4')][..]);
    let gnu = ("EFGPivcnrRqowxlLhHsazZUbTyIe:f:m:A:B:C:d:D:1:2:3:4::56:7:8", GNU);
    let options = match options::parse_as(process, busybox, gnu)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let mut operands = options.operands.clone();
    let texts = match texts(process, &options, &mut operands)? {
        Ok(texts) => texts,
        Err(code) => return Ok(code),
    };
    let patterns = match patterns(process, &options, &texts)? {
        Ok(patterns) => patterns,
        Err(code) => return Ok(code),
    };
    for letter in ['m', 'A', 'B', 'C'] {
        if let Some(text) = options.value(letter)
            && text.parse::<i64>().is_err()
        {
            let text = match letter {
                _ if process.is_busybox() => format!("invalid number '{text}'"),
                'm' => "invalid max count".to_owned(),
                _ => format!("{text}: invalid context length argument"),
            };
            process.complain(&text)?;
            return Ok(2);
        }
    }
    let recursive = options.has('r') || options.has('R') || options.value('d') == Some("recurse");
    let number = |letter| options.value(letter).and_then(count_of);
    let around = number('C').unwrap_or(0);
    let mut grep = Grep {
        names: !options.has('h')
            && (options.has('H')
                || operands.len() > 1
                || recursive && operands.first().is_none_or(|path| process.is_directory(path))),
        label: options.value('6').unwrap_or("(standard input)").to_owned(),
        most: number('m'),
        before: number('B').unwrap_or(around),
        after: number('A').unwrap_or(around),
        include: options.values('1').map(str::to_owned).collect(),
        exclude: options.values('2').map(str::to_owned).collect(),
        end: if options.has('z') { b'\0' } else { b'\n' },
        colour: options.value('4') == Some("always") && !process.is_busybox(),
        patterns,
        options,
        found: false,
        failed: false,
    };
    if operands.is_empty() && recursive && !process.is_busybox() {
        grep.visit(process, ".", true, true)?;
    } else if operands.is_empty() {
        operands.push("-".to_owned());
    }
    for operand in operands {
        if operand == "-" {
            if let Some(input) = process.input() {
                let label = grep.label.clone();
                grep.search(process, &input, &label)?;
            }
        } else {
            grep.visit(process, &operand, recursive, false)?;
        }
        if grep.found && grep.options.has('q') {
            return Ok(0);
        }
    }
    Ok(if grep.failed { 2 } else { i32::from(!grep.found) })
}

/// The texts of all patterns, or the exit code where there are none.
fn texts(
    process: &mut Process<'_, '_>,
    options: &Options,
    operands: &mut Vec<String>,
) -> Result<Result<Vec<String>, ExitCode>, Interrupt> {
    let mut texts: Vec<String> =
        options.values('e').flat_map(|text| text.split('\n')).map(str::to_owned).collect();
    for file in options.values('f') {
        let bytes = match file {
            "-" => process.read_input()?,
            _ => match open_file(process, file) {
                Ok(input) => process.read_all(&input)?,
                Err(error) => {
                    process.complain(&format!("{file}: {}", error.kind.message()))?;
                    return Ok(Err(2));
                }
            },
        };
        texts.extend(lines(&bytes));
    }
    if !options.has('e') && !options.has('f') {
        if operands.is_empty() {
            if process.is_busybox() {
                super::usage::print(process)?;
                return Ok(Err(2));
            }
            process.error_output(
                "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n",
            )?;
            return Ok(Err(2));
        }
        texts = operands.remove(0).split('\n').map(str::to_owned).collect();
    }
    Ok(Ok(texts))
}

/// The patterns, or the exit code where one is none.
fn patterns(
    process: &mut Process<'_, '_>,
    options: &Options,
    texts: &[String],
) -> Result<Result<Vec<Regex>, ExitCode>, Interrupt> {
    let name = process.name().to_owned();
    let syntax = match options.last_of("EFGP") {
        Some('F') => None,
        Some('E') => Some(Syntax::Extended),
        Some('P') => Some(Syntax::Perl),
        Some(_) => Some(Syntax::Basic),
        None if name == "fgrep" => None,
        None if name == "egrep" => Some(Syntax::Extended),
        None => Some(Syntax::Basic),
    };
    let ignore_case = matches!(options.last_of("iy5"), Some('i' | 'y'));
    let mut patterns = Vec::new();
    for text in texts {
        let source = if syntax.is_none() { escaped(text) } else { text.clone() };
        match Regex::new(&source, syntax.unwrap_or(Syntax::Extended), ignore_case) {
            Ok(regex) => patterns.push(regex),
            Err(message) => {
                let text = if process.is_busybox() {
                    format!("bad regex '{text}': {message}")
                } else {
                    message.to_owned()
                };
                process.complain(&text)?;
                return Ok(Err(2));
            }
        }
    }
    Ok(Ok(patterns))
}

fn escaped(text: &str) -> String {
    let mut source = String::new();
    for c in text.chars() {
        if "\\^$.|?*+()[]{}".contains(c) {
            source.push('\\');
        }
        source.push(c);
    }
    source
}

impl Grep {
    /// Searches a file, or what is below a directory; `bare` names are those below `.` that nobody asked for.
    fn visit(
        &mut self,
        process: &mut Process<'_, '_>,
        name: &str,
        recursive: bool,
        bare: bool,
    ) -> Result<(), Interrupt> {
        process.step(1)?;
        if process.is_directory(name) {
            if !recursive {
                if !process.is_busybox() && self.options.value('d') != Some("skip") {
                    process.complain(&format!("{name}: Is a directory"))?;
                    self.failed = true;
                }
                return Ok(());
            }
            for (child, node) in process.list(name).unwrap_or_default() {
                let skipped =
                    node.is_directory() && self.options.values('3').any(|glob| matches_glob(glob, &child));
                // Links that a walk meets are followed by `-R` alone.
                if (node.as_symlink().is_none() || self.options.has('R')) && !skipped {
                    let child = if bare { child.to_string() } else { path::join(name, &child) };
                    process.machine.enter()?;
                    self.visit(process, &child, true, false)?;
                    process.machine.leave();
                }
            }
            return Ok(());
        }
        let base = path::name(name);
        if !self.include.is_empty() && !self.include.iter().any(|glob| matches_glob(glob, base))
            || self.exclude.iter().any(|glob| matches_glob(glob, base))
        {
            return Ok(());
        }
        match open_file(process, name) {
            Ok(input) => self.search(process, &input, name),
            Err(error) => {
                self.failed = true;
                if self.options.has('s') {
                    return Ok(());
                }
                process.complain(&format!("{name}: {}", error.kind.message()))
            }
        }
    }

    fn find(&self, line: &str, from: usize) -> Option<Match> {
        let found = self.patterns.iter().filter_map(|regex| self.find_one(regex, line, from));
        found.min_by_key(|found| (found.start(), std::cmp::Reverse(found.end())))
    }

    fn find_one(&self, regex: &Regex, line: &str, from: usize) -> Option<Match> {
        let mut start = from;
        loop {
            let found = regex.find(line, start)?;
            let (begin, end) = (found.start(), found.end());
            let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            let edges = !is_word(line[..begin].chars().next_back()) && !is_word(line[end..].chars().next());
            let fits = if self.options.has('x') {
                begin == 0 && end == line.len()
            } else {
                !self.options.has('w') || edges
            };
            if fits {
                return Some(found);
            }
            start = begin + line[begin..].chars().next()?.len_utf8();
        }
    }

    fn search(&mut self, process: &mut Process<'_, '_>, input: &Input, name: &str) -> Result<(), Interrupt> {
        let invert = self.options.has('v');
        let list = self.options.has('l') || self.options.has('L');
        let quiet = self.options.has('q') || list || self.options.has('c');
        let (mut count, mut number, mut offset) = (0_usize, 0_usize, 0_usize);
        let mut out = Vec::new();
        let mut earlier: Vec<Place<'_>> = Vec::new();
        let mut trailing = 0;
        let mut last_printed = 0;
        while self.most.is_none_or(|most| count < most) || trailing > 0 {
            let Some(mut line) = process.read_until(input, self.end)? else { break };
            number += 1;
            process.step(u64::from(number % 16 == 0))?;
            let here = offset;
            offset += line.len();
            if line.last() == Some(&self.end) {
                line.pop();
            }
            let place = Place { name, number, offset: here, line: to_text(&line) };
            let matches =
                self.most.is_none_or(|most| count < most) && self.find(&place.line, 0).is_some() != invert;
            if matches {
                count += 1;
                self.found = true;
                if quiet {
                    if !self.options.has('c') {
                        break;
                    }
                    continue;
                }
                if self.before + self.after > 0
                    && last_printed > 0
                    && number - earlier.len() > last_printed + 1
                {
                    out.extend(b"--\n");
                }
                for place in earlier.drain(..) {
                    self.print(&mut out, &place, '-', None);
                }
                if self.options.has('o') {
                    if !invert {
                        self.print_parts(&mut out, &place);
                    }
                } else {
                    self.print(&mut out, &place, ':', None);
                }
                trailing = self.after;
                last_printed = number;
            } else if trailing > 0 && !quiet {
                trailing -= 1;
                last_printed = number;
                self.print(&mut out, &place, '-', None);
            } else if self.before > 0 {
                earlier.push(place);
                if earlier.len() > self.before {
                    earlier.remove(0);
                }
            }
            if out.len() > 1 << 14 {
                process.output_bytes(&std::mem::take(&mut out))?;
            }
        }
        process.output_bytes(&out)?;
        self.summarize(process, name, count)
    }

    /// What is said of a file as a whole.
    fn summarize(&self, process: &mut Process<'_, '_>, name: &str, count: usize) -> Result<(), Interrupt> {
        let behind = if self.options.has('Z') { '\0' } else { '\n' };
        if self.options.has('q') {
            return Ok(());
        }
        if self.options.has('l') || self.options.has('L') {
            if self.options.has('l') == (count > 0) {
                return process.output(&format!("{name}{behind}"));
            }
        } else if self.options.has('c') {
            let prefix = if self.names { format!("{name}:") } else { String::new() };
            return process.output(&format!("{prefix}{count}\n"));
        }
        Ok(())
    }

    fn print_parts(&self, out: &mut Vec<u8>, place: &Place<'_>) {
        let line = &place.line;
        let mut from = 0;
        while let Some(found) = self.find(line, from) {
            if found.end() > found.start() {
                self.print(out, place, ':', Some((found.start(), found.end())));
            }
            from = found
                .end()
                .max(found.start() + line[found.start()..].chars().next().map_or(1, char::len_utf8));
            if from > line.len() {
                break;
            }
        }
    }

    /// Prints a line, or a part of it, with what is wanted before it.
    fn print(&self, out: &mut Vec<u8>, place: &Place<'_>, mark: char, part: Option<(usize, usize)>) {
        let mut prefix = |text: &str, colour: &str| {
            if self.colour {
                push_bytes(
                    &format!("\x1b[{colour}m\x1b[K{text}\x1b[m\x1b[K\x1b[36m\x1b[K{mark}\x1b[m\x1b[K"),
                    out,
                );
            } else {
                push_bytes(&format!("{text}{mark}"), out);
            }
        };
        if self.names {
            prefix(place.name, "35");
        }
        if self.options.has('n') {
            let width = if self.options.has('T') { 4 } else { 0 };
            prefix(&format!("{:width$}", place.number), "32");
        }
        if self.options.has('b') {
            prefix(&(place.offset + part.map_or(0, |(from, _)| from)).to_string(), "32");
        }
        if self.options.has('T') {
            out.push(b'\t');
        }
        match part {
            Some((from, to)) => self.push_matches(out, &place.line[from..to]),
            None if mark == ':' && !self.options.has('v') => self.push_matches(out, &place.line),
            None => push_bytes(&place.line, out),
        }
        out.push(self.end);
    }

    /// A line whose matches are coloured, if that is wanted.
    fn push_matches(&self, out: &mut Vec<u8>, line: &str) {
        let mut copied = 0;
        let mut from = 0;
        while self.colour
            && let Some(found) = self.find(line, from)
        {
            let (start, end) = (found.start(), found.end());
            if end > start {
                push_bytes(
                    &format!("{}\x1b[01;31m\x1b[K{}\x1b[m\x1b[K", &line[copied..start], &line[start..end]),
                    out,
                );
                copied = end;
            }
            from = end.max(start + line[start..].chars().next().map_or(1, char::len_utf8));
            if from > line.len() {
                break;
            }
        }
        push_bytes(&line[copied..], out);
    }
}

/// A line and where it is.
struct Place<'n> {
    name: &'n str,
    number: usize,
    offset: usize,
    line: String,
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::sh;

    #[test]
    fn matching() {
        assert_eq!(
            sh(
                "grep -n app /etc/passwd; grep -c : /etc/passwd; grep -v root /etc/group; grep -i WELCOME /etc/motd"
            ),
            "2:app:x:1000:1000:app user:/home/app:/bin/sh\n2\nstaff:x:50:app\napp:x:1000:\nWelcome.\n"
        );
        assert_eq!(
            sh(
                "grep -o 'ap[a-z]*' /etc/passwd; grep -E '^(app|nobody)' /etc/group; grep -q nothere /etc/passwd; echo $?; grep -w app /etc/group"
            ),
            "app\napp\napp\napp:x:1000:\n1\nstaff:x:50:app\napp:x:1000:\n"
        );
        assert_eq!(
            sh(
                "grep -rl alpha /d; grep alpha /d/a.txt /d/b.txt; grep -F 'a.' /d/a.txt; echo a.b | grep -F a."
            ),
            "/d/a.txt\n/d/a.txt:alpha\na.b\n"
        );
        assert_eq!(sh("grep x /nope"), "! grep: /nope: No such file or directory\n= 2\n");
        assert_eq!(
            sh("seq 9 | grep -A1 -B1 5; seq 3 | grep -m1 .; seq 3 | grep -vx 2"),
            "4\n5\n6\n1\n1\n3\n"
        );
    }
}

//! `grep`, `egrep`, `fgrep`.

use super::options::{self, Options};
use super::support::{cannot_open, open_file};
use crate::shell::bytes::{push_bytes, to_text};
use crate::shell::language::matches_glob;
use crate::shell::regex::{Match, Regex, Syntax};
use crate::shell::{Input, Interrupt, Outcome, Process};
use crate::vfs::path;

/// What is looked for and what is printed.
struct Grep {
    patterns: Vec<Regex>,
    options: Options,
    names: bool,
    most: Option<usize>,
    before: usize,
    after: usize,
    include: Vec<String>,
    exclude: Vec<String>,
    found: bool,
    failed: bool,
}

/// Prints the lines that match.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("extended-regexp", 'E'),
        ("fixed-strings", 'F'),
        ("ignore-case", 'i'),
        ("invert-match", 'v'),
        ("count", 'c'),
        ("line-number", 'n'),
        ("recursive", 'r'),
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
        ("perl-regexp", 'P'),
        ("color", '4'),
        ("after-context", 'A'),
        ("before-context", 'B'),
        ("context", 'C'),
    ];
    let options = match options::parse(process, "EFGPivcnrRqowxlLhHsazZUe:f:m:A:B:C:1:2:3:4::", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let mut operands = options.operands.clone();
    let mut texts: Vec<String> =
        options.values('e').flat_map(|text| text.split('\n')).map(str::to_owned).collect();
    for file in options.values('f').map(str::to_owned).collect::<Vec<_>>() {
        match process.read_text(&file) {
            Ok(text) => texts.extend(text.lines().map(str::to_owned)),
            Err(error) => {
                cannot_open(process, &file, &error)?;
                return Ok(2);
            }
        }
    }
    if !options.has('e') && !options.has('f') {
        if operands.is_empty() {
            process.error_output("Usage: grep [OPTION]... PATTERNS [FILE]...\n")?;
            return Ok(if process.is_busybox() { 1 } else { 2 });
        }
        texts = operands.remove(0).split('\n').map(str::to_owned).collect();
    }
    let name = process.name().to_owned();
    let fixed = options.has('F') || name == "fgrep";
    let extended = options.has('E') || options.has('P') || name == "egrep";
    let mut patterns = Vec::new();
    for text in &texts {
        let (source, syntax) = if fixed {
            (escaped(text), Syntax::Extended)
        } else if extended {
            (text.clone(), Syntax::Extended)
        } else {
            (text.clone(), Syntax::Basic)
        };
        match Regex::new(&source, syntax, options.has('i')) {
            Ok(regex) => patterns.push(regex),
            Err(message) => {
                let text = if process.is_busybox() {
                    format!("bad regex '{text}': {message}")
                } else {
                    message.to_owned()
                };
                process.complain(&text)?;
                return Ok(2);
            }
        }
    }
    let recursive = options.has('r') || options.has('R');
    let number = |letter| options.value(letter).and_then(|text| text.parse::<usize>().ok());
    let around = number('C').unwrap_or(0);
    let mut grep = Grep {
        names: !options.has('h') && (options.has('H') || operands.len() > 1 || recursive),
        most: number('m'),
        before: number('B').unwrap_or(around),
        after: number('A').unwrap_or(around),
        include: options.values('1').map(str::to_owned).collect(),
        exclude: options.values('2').map(str::to_owned).collect(),
        patterns,
        options,
        found: false,
        failed: false,
    };
    if operands.is_empty() {
        operands.push(if recursive { "." } else { "-" }.to_owned());
    }
    for operand in operands {
        if operand == "-" {
            if let Some(input) = process.input() {
                grep.search(process, &input, "(standard input)")?;
            }
        } else {
            grep.visit(process, &operand, recursive)?;
        }
        if grep.found && grep.options.has('q') {
            return Ok(0);
        }
    }
    Ok(if grep.failed && !(grep.found && grep.options.has('q')) { 2 } else { i32::from(!grep.found) })
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
    fn visit(&mut self, process: &mut Process<'_, '_>, name: &str, recursive: bool) -> Result<(), Interrupt> {
        process.step(1)?;
        if process.is_directory(name) {
            if !recursive {
                process.complain(&format!("{name}: Is a directory"))?;
                self.failed = true;
                return Ok(());
            }
            for (child, node) in process.list(name).unwrap_or_default() {
                let skipped =
                    node.is_directory() && self.options.values('3').any(|glob| matches_glob(glob, &child));
                // Links that a walk meets are not followed.
                if node.as_symlink().is_none() && !skipped {
                    let child = if name == "." && !process.is_busybox() {
                        child.to_string()
                    } else {
                        path::join(name, &child)
                    };
                    self.visit(process, &child, true)?;
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
        let (mut count, mut number) = (0_usize, 0_usize);
        let mut out = Vec::new();
        let mut earlier: Vec<(usize, String)> = Vec::new();
        let mut trailing = 0;
        let mut last_printed = 0;
        while self.most.is_none_or(|most| count < most) || trailing > 0 {
            let Some(mut line) = process.read_line(input)? else { break };
            number += 1;
            process.step(u64::from(number % 16 == 0))?;
            if line.last() == Some(&b'\n') {
                line.pop();
            }
            let line = to_text(&line);
            let matches =
                self.most.is_none_or(|most| count < most) && self.find(&line, 0).is_some() != invert;
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
                for (at, line) in earlier.drain(..) {
                    self.print(&mut out, name, at, '-', &line);
                }
                if self.options.has('o') && !invert {
                    self.print_parts(&mut out, name, number, &line);
                } else {
                    self.print(&mut out, name, number, ':', &line);
                }
                trailing = self.after;
                last_printed = number;
            } else if trailing > 0 && !quiet {
                trailing -= 1;
                last_printed = number;
                self.print(&mut out, name, number, '-', &line);
            } else if self.before > 0 {
                earlier.push((number, line));
                if earlier.len() > self.before {
                    earlier.remove(0);
                }
            }
            if out.len() > 1 << 14 {
                process.output_bytes(&std::mem::take(&mut out))?;
            }
        }
        process.output_bytes(&out)?;
        if self.options.has('l') && count > 0 || self.options.has('L') && count == 0 {
            process.output(&format!("{name}\n"))?;
        } else if self.options.has('c') && !self.options.has('q') && !list {
            let prefix = if self.names { format!("{name}:") } else { String::new() };
            process.output(&format!("{prefix}{count}\n"))?;
        }
        Ok(())
    }

    fn print_parts(&self, out: &mut Vec<u8>, name: &str, number: usize, line: &str) {
        let mut from = 0;
        while let Some(found) = self.find(line, from) {
            if found.end() > found.start() {
                self.print(out, name, number, ':', &line[found.start()..found.end()]);
            }
            from = found
                .end()
                .max(found.start() + line[found.start()..].chars().next().map_or(1, char::len_utf8));
            if from > line.len() {
                break;
            }
        }
    }

    fn print(&self, out: &mut Vec<u8>, name: &str, number: usize, mark: char, line: &str) {
        if self.names {
            push_bytes(&format!("{name}{mark}"), out);
        }
        if self.options.has('n') {
            push_bytes(&format!("{number}{mark}"), out);
        }
        push_bytes(line, out);
        out.push(b'\n');
    }
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

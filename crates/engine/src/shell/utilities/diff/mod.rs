//! `diff`: files and trees compared line by line.

mod columns;
mod print;
mod script;

use self::print::Side;
use super::options::{self, Options};
use super::support::{base_name, open_file};
use super::time::format_time;
use crate::shell::language::matches_glob;
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{Content, VfsErrorKind, path};
use std::collections::BTreeSet;

const LONG: &[(&str, char)] = &[
    ("unified", 'U'),
    ("context", 'C'),
    ("normal", '1'),
    ("brief", 'q'),
    ("report-identical-files", 's'),
    ("recursive", 'r'),
    ("new-file", 'N'),
    ("ignore-case", 'i'),
    ("ignore-all-space", 'w'),
    ("ignore-space-change", 'b'),
    ("ignore-blank-lines", 'B'),
    ("ignore-trailing-space", 'Z'),
    ("strip-trailing-cr", '2'),
    ("text", 'a'),
    ("label", 'L'),
    ("exclude", 'x'),
    ("expand-tabs", 't'),
    ("minimal", 'd'),
    ("color", '3'),
    ("no-dereference", '4'),
    ("side-by-side", 'y'),
    ("width", 'W'),
    ("left-column", '5'),
    ("suppress-common-lines", '6'),
];

/// What is to be done with each pair of files.
struct Comparison {
    options: Options,
    form: Form,
    /// The options as they were given, for the headings of trees.
    words: String,
    differs: bool,
    failed: bool,
}

#[derive(Clone, Copy)]
enum Form {
    Normal,
    Unified(usize),
    Context(usize),
    /// Side by side.
    Columns,
}

/// Compares two files or two trees: 0 if they are equal, 1 if not, 2 if that cannot be said.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let busybox = ("abBdiL:NqrsS:tTU:uw", LONG);
    let gnu = ("abBcdeiL:NpqrsS:tTU::uwyZx:C::1234::nEW:56", LONG);
    let options = match options::parse_as(process, busybox, gnu)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let [first, second] = &options.operands[..] else {
        return wrong_operands(process, &options);
    };
    let lines = |letter| options.value(letter).and_then(|text| text.parse().ok()).unwrap_or(3);
    let form = match options.last_of("uUcC1y") {
        Some('y') => Form::Columns,
        Some('U') => Form::Unified(lines('U')),
        Some('u') => Form::Unified(3),
        Some('c') => Form::Context(3),
        Some('C') => Form::Context(lines('C')),
        None if process.is_busybox() => Form::Unified(3),
        _ => Form::Normal,
    };
    let words: Vec<&str> = process
        .args()
        .iter()
        .map(String::as_str)
        .filter(|word| word.len() > 1 && word.starts_with('-'))
        .collect();
    let words = words.iter().map(|word| format!(" {word}")).collect();
    let (mut first, mut second) = (first.clone(), second.clone());
    let directories = (process.is_directory(&first), process.is_directory(&second));
    // A file against a directory is compared with the file of its name there.
    match directories {
        (true, false) if second != "-" => first = path::join(&first, base_name(&second)),
        (false, true) if first != "-" => second = path::join(&second, base_name(&first)),
        _ => {}
    }
    let mut comparison = Comparison { options, form, words, differs: false, failed: false };
    if directories == (true, true) {
        comparison.directories(process, &first, &second)?;
    } else {
        comparison.files(process, &first, &second, None)?;
    }
    Ok(if comparison.failed { 2 } else { i32::from(comparison.differs) })
}

fn wrong_operands(process: &mut Process<'_, '_>, options: &Options) -> Outcome {
    if process.is_busybox() {
        super::usage::print(process)?;
        return Ok(2);
    }
    let last = process.arguments.last().cloned().unwrap_or_default();
    let text = match options.operands.get(2) {
        Some(extra) => format!("extra operand '{extra}'"),
        None => format!("missing operand after '{last}'"),
    };
    process.complain(&text)?;
    options::usage_error(process)
}

impl Comparison {
    /// Compares two directories.
    fn directories(&mut self, process: &mut Process<'_, '_>, a: &str, b: &str) -> Result<(), Interrupt> {
        let mut names = BTreeSet::new();
        for side in [a, b] {
            for (name, _) in process.list(side).unwrap_or_default() {
                if !self.options.values('x').any(|glob| matches_glob(glob, &name)) {
                    names.insert(name.to_string());
                }
            }
        }
        for name in names {
            process.step(1)?;
            let (left, right) = (path::join(a, &name), path::join(b, &name));
            let there = (process.exists(&left), process.exists(&right));
            if there != (true, true) && !self.options.has('N') {
                let only = if there.0 { a } else { b };
                self.differs = true;
                process.output(&format!("Only in {only}: {name}\n"))?;
                continue;
            }
            let directories = (process.is_directory(&left), process.is_directory(&right));
            if directories.0 && directories.1 || self.options.has('N') && (directories.0 || directories.1) {
                if self.options.has('r') {
                    process.machine.enter()?;
                    self.directories(process, &left, &right)?;
                    process.machine.leave();
                } else {
                    process.output(&format!("Common subdirectories: {left} and {right}\n"))?;
                }
            } else if directories.0 != directories.1 {
                let kind = |is_directory| if is_directory { "directory" } else { "regular file" };
                self.differs = true;
                process.output(&format!(
                    "File {left} is a {} while file {right} is a {}\n",
                    kind(directories.0),
                    kind(directories.1)
                ))?;
            } else {
                let heading = format!("diff{} {left} {right}\n", self.words);
                self.files(process, &left, &right, Some(heading))?;
            }
        }
        Ok(())
    }

    /// Reads one side; nothing, and the time 0, for a file that need not be there.
    fn read(
        &mut self,
        process: &mut Process<'_, '_>,
        path: &str,
        may_lack: bool,
    ) -> Result<Option<(Vec<u8>, i64)>, Interrupt> {
        if path == "-" {
            return Ok(Some((process.read_input()?, process.now())));
        }
        match open_file(process, path) {
            Ok(input) => {
                let time = process.stat(path).map_or(0, |node| node.metadata().mtime);
                Ok(Some((process.read_all(&input)?, time)))
            }
            Err(error) if may_lack && error.kind == VfsErrorKind::NotFound => Ok(Some((Vec::new(), 0))),
            Err(error) => {
                let reason = error.kind.message();
                let text = if process.is_busybox() && error.kind == VfsErrorKind::NotFound {
                    format!("can't stat '{path}': {reason}")
                } else {
                    format!("{path}: {reason}")
                };
                process.complain(&text)?;
                self.failed = true;
                Ok(None)
            }
        }
    }

    /// Compares two files. In a tree a heading comes before what is printed.
    fn files(
        &mut self,
        process: &mut Process<'_, '_>,
        a: &str,
        b: &str,
        heading: Option<String>,
    ) -> Result<(), Interrupt> {
        let may_lack = self.options.has('N');
        let left = self.read(process, a, may_lack)?;
        let right = self.read(process, b, may_lack)?;
        let (Some((left, left_time)), Some((right, right_time))) = (left, right) else { return Ok(()) };
        let opaque = opaque_difference(process, a, b);
        let binary = !self.options.has('a') && (is_binary(&left) || is_binary(&right));
        let mut changes = Vec::new();
        let keys = (self.keys(&left), self.keys(&right));
        let differs = match opaque {
            Some(differs) => differs,
            None if binary => left != right,
            None => {
                let left_slices: Vec<&[u8]> = keys.0.iter().map(Vec::as_slice).collect();
                let right_slices: Vec<&[u8]> = keys.1.iter().map(Vec::as_slice).collect();
                changes = script::changes(process, &left_slices, &right_slices)?;
                if self.options.has('B') {
                    changes.retain(|change| {
                        let blank = |lines: &[Vec<u8>], (from, to): (usize, usize)| {
                            lines[from..to].iter().all(|line| line.iter().all(u8::is_ascii_whitespace))
                        };
                        !(blank(&keys.0, change.from) && blank(&keys.1, change.to))
                    });
                }
                !changes.is_empty()
            }
        };
        let columns = matches!(self.form, Form::Columns) && opaque.is_none() && !binary;
        if !differs && !columns {
            if self.options.has('s') && !(process.is_busybox() && a == b) {
                process.output(&format!("Files {a} and {b} are identical\n"))?;
            }
            return Ok(());
        }
        self.differs |= differs;
        if self.options.has('q') {
            return process.output(&format!("Files {a} and {b} differ\n"));
        }
        if opaque.is_some() || binary {
            let prefix = if process.is_busybox() { "Files" } else { "Binary files" };
            return process.output(&format!("{prefix} {a} and {b} differ\n"));
        }
        let mut out = Vec::new();
        if !process.is_busybox() {
            out.extend(heading.unwrap_or_default().bytes());
        }
        let labels: Vec<String> = self.options.values('L').map(str::to_owned).collect();
        let stamped = !process.is_busybox();
        let label = |at: usize, path: &str, time: i64| match labels.get(at) {
            Some(label) => label.clone(),
            None if !stamped => path.to_owned(),
            None => {
                let format = if matches!(self.form, Form::Context(_)) {
                    "%a %b %e %H:%M:%S %Y"
                } else {
                    "%Y-%m-%d %H:%M:%S.000000000 +0000"
                };
                format!("{path}\t{}", format_time(format, time))
            }
        };
        let (left, right) =
            (Side::new(label(0, a, left_time), &left), Side::new(label(1, b, right_time), &right));
        match self.form {
            Form::Normal => print::normal(&mut out, &left, &right, &changes),
            Form::Unified(context) => print::unified(&mut out, &left, &right, &changes, context),
            Form::Context(context) => print::context(&mut out, &left, &right, &changes, context),
            Form::Columns => self.columns().print(&mut out, &left, &right, &changes),
        }
        process.output_bytes(&out)
    }

    /// How two texts are set side by side.
    fn columns(&self) -> columns::Columns {
        let width = self.options.value('W').and_then(super::support::count_of).unwrap_or(130);
        columns::Columns::new(width, self.options.has('t'), self.options.has('5'), self.options.has('6'))
    }

    /// What is compared of each line. A last line without its end differs from one that has it.
    fn keys(&self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let has = |letter| self.options.has(letter);
        bytes
            .split_inclusive(|byte| *byte == b'\n')
            .map(|line| {
                let body = line.strip_suffix(b"\n").unwrap_or(line);
                let mut key: Vec<u8> = body.to_vec();
                if has('2') && key.last() == Some(&b'\r') {
                    key.pop();
                }
                if has('i') {
                    key.make_ascii_lowercase();
                }
                if has('w') {
                    key.retain(|byte| !byte.is_ascii_whitespace());
                } else if has('b') || has('Z') {
                    while key.last().is_some_and(u8::is_ascii_whitespace) {
                        key.pop();
                    }
                }
                if has('b') {
                    let words: Vec<&[u8]> =
                        key.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
                    let begins = key.first().is_some_and(u8::is_ascii_whitespace);
                    let joined = words.join(&b' ');
                    key = if begins { [b" ".as_slice(), &joined].concat() } else { joined };
                }
                if !(line.ends_with(b"\n") || has('w') || has('b') || has('Z')) {
                    key.push(b'\n');
                }
                key
            })
            .collect()
    }
}

fn is_binary(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(4096)].contains(&0)
}

/// Whether two files differ that have no bytes to look at, but digests.
fn opaque_difference(process: &mut Process<'_, '_>, a: &str, b: &str) -> Option<bool> {
    let (a, b): (Content, Content) = (process.read(a).ok()?, process.read(b).ok()?);
    (a.is_opaque() || b.is_opaque()).then(|| a.digest() != b.digest())
}

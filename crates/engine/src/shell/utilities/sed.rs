//! `sed`: the whole language.

use super::options;
use super::support::{cannot_open, each_input, open_file};
use crate::shell::bytes::{push_bytes, to_text};
use crate::shell::regex::{Regex, Syntax};
use crate::shell::{Interrupt, Outcome, Process};
use std::collections::BTreeMap;

/// An address.
#[derive(Clone)]
enum Address {
    Line(usize),
    Last,
    /// `first~step`
    Step(usize, usize),
    /// `None` for the last expression that was used.
    Regex(Option<Regex>),
    /// `+n`, as a second address.
    Offset(usize),
}

/// A command with its addresses.
struct Command {
    from: Option<Address>,
    to: Option<Address>,
    negated: bool,
    action: Action,
}

enum Action {
    BlockStart(usize),
    BlockEnd,
    Substitute(Box<Substitution>),
    Translate(BTreeMap<char, char>),
    Append(String),
    Insert(String),
    Change(String),
    Branch(String),
    BranchIf(String),
    BranchUnless(String),
    Label(String),
    Read(String),
    Write(String),
    /// `d D p P n N g G h H x = l F z`
    Simple(char),
    Quit(char, i32),
}

struct Substitution {
    regex: Option<Regex>,
    replacement: Vec<Piece>,
    global: bool,
    nth: usize,
    print: bool,
    file: Option<String>,
}

/// A part of a replacement.
enum Piece {
    Text(String),
    Group(usize),
    /// `\U`, `\L`, `\u`, `\l`, `\E`
    Case(char),
}

/// Edits streams.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("quiet", 'n'),
        ("silent", 'n'),
        ("expression", 'e'),
        ("file", 'f'),
        ("regexp-extended", 'E'),
        ("in-place", 'i'),
        ("separate", 's'),
        ("null-data", 'z'),
        ("unbuffered", 'u'),
    ];
    let options = match options::parse(process, "nrEszue:f:i::", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let mut operands = options.operands.clone();
    let mut script = String::new();
    for (letter, value) in options.all() {
        let text = match (letter, value) {
            ('e', Some(text)) => text.to_owned(),
            ('f', Some(path)) => match process.read_text(path) {
                Ok(text) => text.strip_suffix('\n').unwrap_or(&text).to_owned(),
                Err(error) => {
                    cannot_open(process, path, &error)?;
                    return Ok(1);
                }
            },
            _ => continue,
        };
        script.push_str(&text);
        script.push('\n');
    }
    if script.is_empty() && !options.has('e') && !options.has('f') {
        if operands.is_empty() {
            process.complain("no script specified")?;
            return Ok(1);
        }
        script = operands.remove(0);
    }
    let quiet = options.has('n') || script.starts_with("#n\n");
    let syntax = if options.has('E') || options.has('r') { Syntax::Extended } else { Syntax::Basic };
    let mut parser = Parser { chars: script.chars().collect(), at: 0, syntax };
    let commands = match parser.parse() {
        Ok(commands) => commands,
        Err(message) => {
            let text = if process.is_busybox() {
                message
            } else {
                format!("-e expression #1, char {}: {message}", parser.at)
            };
            process.complain(&text)?;
            return Ok(1);
        }
    };
    let in_place = options.has('i');
    let suffix = options.value('i').unwrap_or("").to_owned();
    let end = if options.has('z') { b'\0' } else { b'\n' };
    if !in_place {
        let mut lines = Vec::new();
        let mut complete = true;
        let code = each_input(process, &operands, |process, input, _| {
            let bytes = process.read_all(input)?;
            complete = split_lines(&bytes, end, &mut lines);
            Ok(())
        })?;
        let mut editor = Editor::new(&commands, quiet, lines, complete, end);
        let status = editor.run(process)?;
        let out = std::mem::take(&mut editor.out);
        process.output_bytes(&out)?;
        return Ok(if status != 0 { status } else { code });
    }
    let mut code = 0;
    for path in &operands {
        let input = match open_file(process, path) {
            Ok(input) => input,
            Err(error) => {
                let text = if process.is_busybox() {
                    format!("{path}: {}", error.kind.message())
                } else {
                    format!("can't read {path}: {}", error.kind.message())
                };
                process.complain(&text)?;
                code = if process.is_busybox() { 1 } else { 2 };
                continue;
            }
        };
        let bytes = process.read_all(&input)?;
        let mut lines = Vec::new();
        let complete = split_lines(&bytes, end, &mut lines);
        let mut editor = Editor::new(&commands, quiet, lines, complete, end);
        editor.in_place = true;
        let status = editor.run(process)?;
        let out = std::mem::take(&mut editor.out);
        let printed = std::mem::take(&mut editor.printed);
        process.output_bytes(&printed)?;
        if let Err(error) = put_in_place(process, path, &suffix, bytes, out) {
            cannot_open(process, path, &error)?;
            code = 1;
        }
        if status != 0 {
            return Ok(status);
        }
    }
    Ok(code)
}

/// Puts a new file in the place of an old one, keeping mode and owner.
fn put_in_place(
    process: &mut Process<'_, '_>,
    path: &str,
    suffix: &str,
    old: Vec<u8>,
    new: Vec<u8>,
) -> Result<(), crate::vfs::VfsError> {
    if !suffix.is_empty() {
        process.write(&format!("{path}{suffix}"), old)?;
    }
    let node = process.stat(path)?;
    let metadata = *node.metadata();
    let directory = crate::vfs::path::parent(path);
    let temporary =
        crate::vfs::path::join(directory, &format!(".sed{:x}", process.machine.next_random() >> 40));
    process.write_with_mode(&temporary, new, metadata.mode)?;
    let _ = process.set_owner(&temporary, Some(metadata.uid), Some(metadata.gid), crate::vfs::Follow::No);
    let _ = process.set_mode(&temporary, metadata.mode);
    process.rename(&temporary, path)
}

/// Adds lines; whether the last one has its end.
fn split_lines(bytes: &[u8], end: u8, lines: &mut Vec<String>) -> bool {
    let complete = bytes.last() == Some(&end);
    let body = if complete { &bytes[..bytes.len() - 1] } else { bytes };
    if !bytes.is_empty() {
        lines.extend(body.split(|byte| *byte == end).map(to_text));
    }
    complete || bytes.is_empty()
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    syntax: Syntax,
}

type Parsed<T> = Result<T, String>;

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn skip(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
    }

    fn number(&mut self) -> Option<usize> {
        let start = self.at;
        self.skip(|c| c.is_ascii_digit());
        self.chars[start..self.at].iter().collect::<String>().parse().ok()
    }

    fn parse(&mut self) -> Parsed<Vec<Command>> {
        let mut commands: Vec<Command> = Vec::new();
        let mut open = Vec::new();
        loop {
            self.skip(|c| c.is_whitespace() || c == ';');
            let Some(c) = self.peek() else { break };
            if c == '#' {
                self.skip(|c| c != '\n');
                continue;
            }
            let from = self.address(false)?;
            self.skip(|c| c == ' ' || c == '\t');
            let to = if from.is_some() && self.peek() == Some(',') {
                self.at += 1;
                self.skip(|c| c == ' ' || c == '\t');
                Some(self.address(true)?.ok_or("no address after comma")?)
            } else {
                None
            };
            self.skip(|c| c == ' ' || c == '\t');
            let mut negated = false;
            while self.peek() == Some('!') {
                self.at += 1;
                negated = true;
                self.skip(|c| c == ' ' || c == '\t');
            }
            let letter = self.next().ok_or("missing command")?;
            let action = match letter {
                '{' => {
                    open.push(commands.len());
                    Action::BlockStart(0)
                }
                '}' => {
                    let start = open.pop().ok_or("unexpected '}'")?;
                    commands[start].action = Action::BlockStart(commands.len());
                    Action::BlockEnd
                }
                _ => self.action(letter)?,
            };
            commands.push(Command { from, to, negated, action });
            if !matches!(letter, '{' | '}' | 'a' | 'i' | 'c' | ':' | 'b' | 't' | 'T' | 'r' | 'w') {
                self.skip(|c| c == ' ' || c == '\t');
                if !matches!(self.peek(), None | Some('\n' | ';' | '}' | '#')) {
                    return Err(if letter == 's' {
                        "unknown option to 's'"
                    } else {
                        "extra characters after command"
                    }
                    .into());
                }
            }
        }
        if open.is_empty() { Ok(commands) } else { Err("unmatched '{'".into()) }
    }

    fn address(&mut self, second: bool) -> Parsed<Option<Address>> {
        Ok(Some(match self.peek() {
            Some('$') => {
                self.at += 1;
                Address::Last
            }
            Some('+') if second => {
                self.at += 1;
                Address::Offset(self.number().unwrap_or(0))
            }
            Some(c) if c.is_ascii_digit() => {
                let line = self.number().ok_or("invalid number")?;
                if self.peek() == Some('~') {
                    self.at += 1;
                    Address::Step(line, self.number().unwrap_or(0))
                } else {
                    Address::Line(line)
                }
            }
            Some(c @ ('/' | '\\')) => {
                self.at += 1;
                let delimiter = if c == '\\' { self.next().ok_or("missing delimiter")? } else { '/' };
                let text = self.delimited(delimiter, true)?;
                let ignore_case = self.peek() == Some('I');
                self.at += usize::from(ignore_case);
                Address::Regex(self.regex(&text, ignore_case)?)
            }
            _ => return Ok(None),
        }))
    }

    fn regex(&self, text: &str, ignore_case: bool) -> Parsed<Option<Regex>> {
        if text.is_empty() {
            return Ok(None);
        }
        Regex::new(text, self.syntax, ignore_case).map(Some).map_err(str::to_owned)
    }

    /// Text up to a delimiter; `\n` in an expression is a newline, an escaped delimiter is itself.
    fn delimited(&mut self, delimiter: char, is_regex: bool) -> Parsed<String> {
        let mut text = String::new();
        let mut in_class = false;
        loop {
            let c = self.next().ok_or_else(|| "unterminated address or 's' command".to_owned())?;
            match c {
                '\\' => match self.next() {
                    Some(next) if next == delimiter => {
                        // An escaped delimiter that has a meaning of its own loses it.
                        if is_regex && ".*[]^$+?|(){}".contains(next) && self.syntax == Syntax::Extended {
                            text.push('\\');
                        }
                        text.push(next);
                    }
                    Some('n') if is_regex => text.push('\n'),
                    Some(next) => {
                        text.push('\\');
                        text.push(next);
                    }
                    None => return Err("unterminated command".into()),
                },
                '[' if is_regex && !in_class => {
                    in_class = true;
                    text.push(c);
                    for special in ['^', ']'] {
                        if self.peek() == Some(special) {
                            self.at += 1;
                            text.push(special);
                        }
                    }
                }
                '[' if is_regex && in_class && self.peek() == Some(':') => {
                    text.push(c);
                    while let Some(inner) = self.next() {
                        text.push(inner);
                        if text.ends_with(":]") && !text.ends_with("[:]") {
                            break;
                        }
                    }
                }
                ']' if in_class => {
                    in_class = false;
                    text.push(c);
                }
                c if c == delimiter && !in_class => return Ok(text),
                c => text.push(c),
            }
        }
    }

    fn action(&mut self, letter: char) -> Parsed<Action> {
        Ok(match letter {
            's' => Action::Substitute(Box::new(self.substitution()?)),
            'y' => {
                let delimiter = self.next().ok_or("missing delimiter")?;
                let from = self.translated(delimiter)?;
                let to = self.translated(delimiter)?;
                if from.len() != to.len() {
                    return Err("strings for 'y' command are different lengths".into());
                }
                Action::Translate(from.into_iter().zip(to).collect())
            }
            'a' => Action::Append(self.text()),
            'i' => Action::Insert(self.text()),
            'c' => Action::Change(self.text()),
            ':' => Action::Label(self.label()),
            'b' => Action::Branch(self.label()),
            't' => Action::BranchIf(self.label()),
            'T' => Action::BranchUnless(self.label()),
            'r' => Action::Read(self.file_name()),
            'w' => Action::Write(self.file_name()),
            'q' | 'Q' => {
                self.skip(|c| c == ' ');
                Action::Quit(letter, self.number().unwrap_or(0) as i32)
            }
            'd' | 'D' | 'p' | 'P' | 'n' | 'N' | 'g' | 'G' | 'h' | 'H' | 'x' | '=' | 'l' | 'z' | 'F' => {
                Action::Simple(letter)
            }
            other => return Err(format!("unknown command: '{other}'")),
        })
    }

    fn translated(&mut self, delimiter: char) -> Parsed<Vec<char>> {
        let text = self.delimited(delimiter, false)?;
        let (text, _) = crate::shell::escape::unescape(&text, crate::shell::escape::Style::Format);
        Ok(text.chars().collect())
    }

    fn substitution(&mut self) -> Parsed<Substitution> {
        let delimiter = self.next().ok_or("missing delimiter")?;
        let pattern = self.delimited(delimiter, true)?;
        let replacement = self.delimited(delimiter, false)?;
        let mut substitution = Substitution {
            regex: None,
            replacement: pieces(&replacement),
            global: false,
            nth: 1,
            print: false,
            file: None,
        };
        let mut ignore_case = false;
        loop {
            match self.peek() {
                Some('g') => substitution.global = true,
                Some('p') => substitution.print = true,
                Some('i' | 'I') => ignore_case = true,
                Some('m' | 'M' | 'e') => {}
                Some('w') => {
                    self.at += 1;
                    substitution.file = Some(self.file_name());
                    break;
                }
                Some(c) if c.is_ascii_digit() => {
                    substitution.nth =
                        self.number().filter(|nth| *nth > 0).ok_or("number option to 's' may not be zero")?;
                    continue;
                }
                _ => break,
            }
            self.at += 1;
        }
        substitution.regex = self.regex(&pattern, ignore_case)?;
        let highest = substitution.replacement.iter().filter_map(|piece| match piece {
            Piece::Group(group) => Some(*group),
            _ => None,
        });
        let groups = substitution.regex.as_ref().map_or(9, Regex::groups);
        match highest.max() {
            Some(group) if group > groups => Err(format!("invalid reference \\{group} on 's' command's RHS")),
            _ => Ok(substitution),
        }
    }

    /// The text of `a`, `i`, `c`: in one line, or after a backslash and a newline.
    fn text(&mut self) -> String {
        self.skip(|c| c == ' ' || c == '\t');
        if self.peek() == Some('\\') {
            self.at += 1;
            self.skip(|c| c == ' ' || c == '\t');
            if self.peek() == Some('\n') {
                self.at += 1;
            }
        }
        let mut text = String::new();
        while let Some(c) = self.next() {
            match c {
                '\n' => break,
                '\\' => match self.next() {
                    Some('t') => text.push('\t'),
                    Some(next) => text.push(next),
                    None => {}
                },
                c => text.push(c),
            }
        }
        text.push('\n');
        text
    }

    fn label(&mut self) -> String {
        self.skip(|c| c == ' ' || c == '\t');
        let start = self.at;
        self.skip(|c| c != '\n' && c != ';' && c != '}');
        self.chars[start..self.at].iter().collect::<String>().trim_end().to_owned()
    }

    fn file_name(&mut self) -> String {
        self.skip(|c| c == ' ' || c == '\t');
        let start = self.at;
        self.skip(|c| c != '\n');
        self.chars[start..self.at].iter().collect()
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let piece = match c {
            '&' => Piece::Group(0),
            '\\' => match chars.next() {
                Some(digit @ '0'..='9') => Piece::Group(digit as usize - '0' as usize),
                Some(case @ ('U' | 'L' | 'u' | 'l' | 'E')) => Piece::Case(case),
                Some('n') => {
                    literal.push('\n');
                    continue;
                }
                Some('t') => {
                    literal.push('\t');
                    continue;
                }
                Some(other) => {
                    literal.push(other);
                    continue;
                }
                None => continue,
            },
            c => {
                literal.push(c);
                continue;
            }
        };
        if !literal.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut literal)));
        }
        pieces.push(piece);
    }
    if !literal.is_empty() {
        pieces.push(Piece::Text(literal));
    }
    pieces
}

/// Runs the commands over the lines.
struct Editor<'c> {
    commands: &'c [Command],
    quiet: bool,
    lines: std::vec::IntoIter<String>,
    /// Whether the last line of the input has its end.
    complete: bool,
    end: u8,
    pattern: String,
    hold: String,
    line: usize,
    /// For each command: the line where its range ends, while in it.
    ranges: Vec<Option<RangeEnd>>,
    appended: Vec<Queued>,
    substituted: bool,
    last_regex: Option<Regex>,
    out: Vec<u8>,
    in_place: bool,
    /// What goes to standard output although the file is edited in place.
    printed: Vec<u8>,
    files: BTreeMap<String, Vec<u8>>,
}

#[derive(Clone, Copy)]
enum RangeEnd {
    Line(usize),
    Matching,
}

enum Queued {
    Text(String),
    File(String),
}

enum Step {
    Next,
    Jump(usize),
    /// Ends the cycle; whether the pattern space is printed.
    End(bool),
    /// Ends the cycle without reading a line.
    Restart,
    Quit(bool, i32),
}

impl<'c> Editor<'c> {
    fn new(commands: &'c [Command], quiet: bool, lines: Vec<String>, complete: bool, end: u8) -> Self {
        Self {
            commands,
            quiet,
            lines: lines.into_iter(),
            complete,
            end,
            pattern: String::new(),
            hold: String::new(),
            line: 0,
            ranges: vec![None; commands.len()],
            appended: Vec::new(),
            substituted: false,
            last_regex: None,
            out: Vec::new(),
            in_place: false,
            printed: Vec::new(),
            files: BTreeMap::new(),
        }
    }

    fn is_last(&self) -> bool {
        self.lines.len() == 0
    }

    fn emit(&mut self, text: &str) {
        push_bytes(text, &mut self.out);
        // The last line is printed as it came: perhaps without its end.
        if !self.is_last() || self.complete {
            self.out.push(self.end);
        }
    }

    fn run(&mut self, process: &mut Process<'_, '_>) -> Result<i32, Interrupt> {
        let mut status = 0;
        let mut restart = false;
        loop {
            if !restart {
                let Some(line) = self.lines.next() else { break };
                self.pattern = line;
                self.line += 1;
                self.substituted = false;
            }
            restart = false;
            let (print, quit) = match self.cycle(process)? {
                Step::Quit(print, code) => {
                    status = code;
                    (print, true)
                }
                Step::Restart => {
                    restart = true;
                    (false, false)
                }
                Step::End(print) => (print, false),
                _ => (true, false),
            };
            if print && !self.quiet {
                let text = std::mem::take(&mut self.pattern);
                self.emit(&text);
            }
            self.flush_appended(process);
            if quit {
                if self.in_place {
                    for line in std::mem::take(&mut self.lines) {
                        push_bytes(&line, &mut self.out);
                        self.out.push(self.end);
                    }
                }
                break;
            }
            if self.out.len() > 1 << 16 && !self.in_place {
                process.output_bytes(&std::mem::take(&mut self.out))?;
            }
        }
        for (path, bytes) in std::mem::take(&mut self.files) {
            match path.as_str() {
                "/dev/stdout" => process.output_bytes(&bytes)?,
                "/dev/stderr" => {
                    process.write_fd(2, &bytes)?;
                }
                _ => {
                    if let Err(error) = process.write(&path, bytes) {
                        cannot_open(process, &path, &error)?;
                        status = 4;
                    }
                }
            }
        }
        Ok(status)
    }

    fn flush_appended(&mut self, process: &mut Process<'_, '_>) {
        for queued in std::mem::take(&mut self.appended) {
            if !self.out.is_empty() && self.out.last() != Some(&self.end) {
                self.out.push(self.end);
            }
            match queued {
                Queued::Text(text) => push_bytes(&text, &mut self.out),
                Queued::File(path) => {
                    if let Ok(content) = process.read(&path) {
                        self.out.extend_from_slice(content.bytes().unwrap_or_default());
                    }
                }
            }
        }
    }

    fn cycle(&mut self, process: &mut Process<'_, '_>) -> Result<Step, Interrupt> {
        let commands = self.commands;
        let mut at = 0;
        while let Some(command) = commands.get(at) {
            process.step(1)?;
            if self.selects(at, command) == command.negated {
                at = match command.action {
                    Action::BlockStart(end) => end + 1,
                    _ => at + 1,
                };
                continue;
            }
            match self.execute(process, at, command)? {
                Step::Next => at += 1,
                Step::Jump(to) => at = to,
                other => return Ok(other),
            }
        }
        Ok(Step::End(true))
    }

    fn matches(&mut self, regex: Option<&Regex>) -> bool {
        match regex.cloned().or_else(|| self.last_regex.clone()) {
            Some(regex) => {
                let found = regex.is_match(&self.pattern);
                self.last_regex = Some(regex);
                found
            }
            None => false,
        }
    }

    fn holds(&mut self, address: &Address) -> bool {
        match address {
            Address::Line(line) => self.line == *line,
            Address::Last => self.is_last(),
            Address::Step(first, 0) => self.line == *first,
            Address::Step(first, step) => self.line >= *first && (self.line - first).is_multiple_of(*step),
            Address::Regex(regex) => self.matches(regex.as_ref()),
            Address::Offset(_) => false,
        }
    }

    fn selects(&mut self, at: usize, command: &Command) -> bool {
        let Some(from) = &command.from else { return true };
        let Some(to) = &command.to else { return self.holds(from) };
        if let Some(end) = self.ranges[at] {
            let ended = match end {
                RangeEnd::Line(line) => self.line >= line,
                RangeEnd::Matching => self.holds(to),
            };
            if ended {
                self.ranges[at] = None;
            }
            // A range whose last line has gone by already does not go on.
            return !matches!(end, RangeEnd::Line(line) if self.line > line) || self.holds(from);
        }
        let starts = matches!(from, Address::Line(0)) && self.line == 1 || self.holds(from);
        if starts {
            self.ranges[at] = match to {
                Address::Line(line) if *line <= self.line => None,
                Address::Line(line) => Some(RangeEnd::Line(*line)),
                Address::Offset(0) => None,
                Address::Offset(count) => Some(RangeEnd::Line(self.line + count)),
                Address::Regex(_) if matches!(from, Address::Line(0)) && self.holds(to) => None,
                Address::Last if self.is_last() => None,
                _ => Some(RangeEnd::Matching),
            };
        }
        starts
    }

    fn label(&self, name: &str) -> Step {
        if name.is_empty() {
            return Step::Jump(self.commands.len());
        }
        let found = self
            .commands
            .iter()
            .position(|command| matches!(&command.action, Action::Label(label) if label == name));
        Step::Jump(found.unwrap_or(self.commands.len()))
    }

    fn execute(
        &mut self,
        process: &mut Process<'_, '_>,
        at: usize,
        command: &Command,
    ) -> Result<Step, Interrupt> {
        match &command.action {
            Action::BlockStart(_) | Action::BlockEnd | Action::Label(_) => {}
            Action::Substitute(substitution) => self.substitute(process, substitution)?,
            Action::Translate(map) => {
                self.pattern = self.pattern.chars().map(|c| map.get(&c).copied().unwrap_or(c)).collect();
            }
            Action::Append(text) => self.appended.push(Queued::Text(text.clone())),
            Action::Read(path) => self.appended.push(Queued::File(path.clone())),
            Action::Insert(text) => push_bytes(text, &mut self.out),
            Action::Change(text) => {
                if command.negated || command.to.is_none() || self.ranges[at].is_none() {
                    push_bytes(text, &mut self.out);
                }
                return Ok(Step::End(false));
            }
            Action::Branch(name) => return Ok(self.label(name)),
            Action::BranchIf(name) => {
                if std::mem::take(&mut self.substituted) {
                    return Ok(self.label(name));
                }
            }
            Action::BranchUnless(name) => {
                if !std::mem::take(&mut self.substituted) {
                    return Ok(self.label(name));
                }
            }
            Action::Write(path) => self.write_line(path),
            Action::Quit(letter, code) => return Ok(Step::Quit(*letter == 'q', *code)),
            Action::Simple(letter) => return self.simple(*letter, process),
        }
        Ok(Step::Next)
    }

    fn write_line(&mut self, path: &str) {
        let text = self.pattern.clone();
        if path == "/dev/stdout" {
            let out = if self.in_place { &mut self.printed } else { &mut self.out };
            push_bytes(&text, out);
            out.push(b'\n');
            return;
        }
        let file = self.files.entry(path.to_owned()).or_default();
        push_bytes(&text, file);
        file.push(b'\n');
    }

    fn simple(&mut self, letter: char, process: &mut Process<'_, '_>) -> Result<Step, Interrupt> {
        match letter {
            'd' => return Ok(Step::End(false)),
            'D' => match self.pattern.split_once('\n') {
                Some((_, rest)) => {
                    self.pattern = rest.to_owned();
                    return Ok(Step::Restart);
                }
                None => return Ok(Step::End(false)),
            },
            'p' => {
                let text = self.pattern.clone();
                self.emit(&text);
                // Only the last print of an incomplete line lacks the end.
                if self.is_last() && !self.complete && !self.quiet {
                    self.out.push(self.end);
                }
            }
            'P' => {
                let first = self.pattern.split('\n').next().unwrap_or("").to_owned();
                push_bytes(&first, &mut self.out);
                self.out.push(b'\n');
            }
            'n' => {
                if self.is_last() {
                    // GNU prints the pattern space before it ends.
                    return Ok(Step::Quit(true, 0));
                }
                if !self.quiet {
                    let text = std::mem::take(&mut self.pattern);
                    self.emit(&text);
                }
                self.flush_appended(process);
                self.pattern = self.lines.next().unwrap_or_default();
                self.line += 1;
            }
            'N' => {
                if self.is_last() {
                    return Ok(Step::Quit(true, 0));
                }
                self.flush_appended(process);
                let next = self.lines.next().unwrap_or_default();
                self.pattern.push('\n');
                self.pattern.push_str(&next);
                self.line += 1;
            }
            'g' => self.pattern.clone_from(&self.hold),
            'G' => {
                self.pattern.push('\n');
                self.pattern.push_str(&self.hold);
            }
            'h' => self.hold.clone_from(&self.pattern),
            'H' => {
                self.hold.push('\n');
                self.hold.push_str(&self.pattern);
            }
            'x' => std::mem::swap(&mut self.pattern, &mut self.hold),
            '=' => push_bytes(&format!("{}\n", self.line), &mut self.out),
            'z' => self.pattern.clear(),
            'l' => {
                let shown = visible(&self.pattern);
                push_bytes(&shown, &mut self.out);
            }
            _ => push_bytes("-\n", &mut self.out),
        }
        process.step((self.pattern.len() as u64 + self.hold.len() as u64) >> 12)?;
        Ok(Step::Next)
    }

    fn substitute(
        &mut self,
        process: &mut Process<'_, '_>,
        substitution: &Substitution,
    ) -> Result<(), Interrupt> {
        let Some(regex) = substitution.regex.clone().or_else(|| self.last_regex.clone()) else {
            return Ok(());
        };
        let text = std::mem::take(&mut self.pattern);
        let mut out = String::new();
        let (mut from, mut copied, mut count, mut changed) = (0, 0, 0, false);
        let mut last_end = None;
        while from <= text.len() {
            let Some(found) = regex.find(&text, from) else { break };
            process.step(1)?;
            let (start, end) = (found.start(), found.end());
            let empty_after_match = start == end && last_end == Some(start);
            if !empty_after_match {
                count += 1;
                if count >= substitution.nth {
                    out.push_str(&text[copied..start]);
                    replace_into(&mut out, &substitution.replacement, &text, &found);
                    copied = end;
                    changed = true;
                    if !substitution.global {
                        break;
                    }
                }
                last_end = Some(end);
            }
            from = if end > start { end } else { end + text[end..].chars().next().map_or(1, char::len_utf8) };
        }
        out.push_str(&text[copied..]);
        self.pattern = out;
        self.last_regex = Some(regex);
        if changed {
            self.substituted = true;
            if substitution.print {
                let text = self.pattern.clone();
                self.emit(&text);
                if self.is_last() && !self.complete && !self.quiet {
                    self.out.push(self.end);
                }
            }
            if let Some(path) = &substitution.file {
                self.write_line(path);
            }
        }
        Ok(())
    }
}

fn replace_into(out: &mut String, replacement: &[Piece], text: &str, found: &crate::shell::regex::Match) {
    let (mut mode, mut once) = ('E', None);
    for piece in replacement {
        let part = match piece {
            Piece::Text(part) => part.as_str(),
            Piece::Group(group) => found.text(text, *group).unwrap_or(""),
            Piece::Case(case @ ('u' | 'l')) => {
                once = Some(*case);
                continue;
            }
            Piece::Case(case) => {
                mode = *case;
                continue;
            }
        };
        let mut part = match mode {
            'U' => part.to_uppercase(),
            'L' => part.to_lowercase(),
            _ => part.to_owned(),
        };
        if let Some((case, first)) = once.zip(part.chars().next()) {
            let changed =
                if case == 'u' { first.to_uppercase().to_string() } else { first.to_lowercase().to_string() };
            part.replace_range(..first.len_utf8(), &changed);
            once = None;
        }
        out.push_str(&part);
    }
}

/// A line as `l` shows it.
fn visible(text: &str) -> String {
    let mut shown = String::new();
    for byte in crate::shell::bytes::to_bytes(text) {
        match byte {
            b'\\' => shown.push_str("\\\\"),
            b'\t' => shown.push_str("\\t"),
            b'\n' => shown.push_str("\\n"),
            b'\r' => shown.push_str("\\r"),
            32..=126 => shown.push(char::from(byte)),
            _ => shown.push_str(&format!("\\{byte:03o}")),
        }
    }
    shown.push_str("$\n");
    shown
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::sh;

    #[test]
    fn substitutions() {
        assert_eq!(
            sh(
                "echo hello | sed 's/l/L/2; s/h\\(.\\)/\\1h/'; echo aaa | sed 's/a/b/g'; echo a.b | sed 's|\\.|/|'"
            ),
            "ehlLo\nbbb\na/b\n"
        );
        assert_eq!(
            sh(
                "echo abc | sed -E 's/(a)(b)/\\2\\1/; s/c$/[&]/'; echo 'foo bar' | sed 's/\\b./\\u&/g'; echo x | sed 's/y*/-/g'"
            ),
            "ba[c]\nFoo Bar\n-x-\n"
        );
        assert_eq!(
            sh("echo '<dep>x</dep>' | sed -n 's:.*<dep>\\(.*\\)</dep>.*:\\1:p'; echo abc | sed 'y/abc/xyz/'"),
            "x\nxyz\n"
        );
    }

    #[test]
    fn addresses_and_commands() {
        assert_eq!(
            sh(
                "seq 5 | sed -n '2,4p'; seq 5 | sed '2,4d'; seq 3 | sed '$!d'; seq 6 | sed -n '0~3p'; seq 5 | sed -n '/2/,/4/{//!p}'"
            ),
            "2\n3\n4\n1\n5\n3\n3\n6\n3\n"
        );
        assert_eq!(
            sh(
                "seq 2 | sed '1a\\\nx'; seq 2 | sed '2i y'; seq 2 | sed '1c z'; seq 3 | sed 2q; seq 2 | sed -n '$='"
            ),
            "1\nx\n2\n1\ny\n2\nz\n2\n1\n2\n2\n"
        );
        assert_eq!(
            sh(
                "seq 3 | sed 'N;s/\\n/,/'; seq 3 | sed -n '1!G;h;$p'; printf 'a\\\\\\nb\\n' | sed ':x; /\\\\$/{N;s/\\\\\\n//;bx}'"
            ),
            "1,2\n3\n3\n2\n1\nab\n"
        );
        assert_eq!(sh("seq 3 | sed '1d;n;s/3/x/'; seq 4 | sed '2,+1d'"), "2\nx\n1\n4\n");
    }

    #[test]
    fn in_place() {
        assert_eq!(
            sh(
                "sed -i s/alpha/x/ /d/a.txt; cat /d/a.txt; sed -i.bak 's/b/c/' /d/b.txt; cat /d/b.txt /d/b.txt.bak; printf a | sed s/a/b/"
            ),
            "x\ncravo\nbravo\nb"
        );
        assert_eq!(sh("sed s/x"), "! sed: unterminated address or 's' command\n= 1\n");
    }
}

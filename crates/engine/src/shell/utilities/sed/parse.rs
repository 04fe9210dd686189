//! From the text of a script to commands.

use super::replacement::pieces;
use super::script::{Action, Address, Command, Piece, Substitution};
use crate::shell::ExitCode;
use crate::shell::bytes::byte_char;
use crate::shell::escape::{Style, unescape};
use crate::shell::regex::{Regex, Syntax};

/// How a script is to be read.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    pub(super) syntax: Syntax,
    /// Whether it is BusyBox that reads it: it has fewer commands, and lets more pass.
    pub(super) busybox: bool,
    /// The length of the lines of `l`.
    pub(super) width: usize,
}

/// A text that is no script: what the program says, and its exit code.
pub(super) struct ScriptError {
    pub(super) message: String,
    pub(super) code: ExitCode,
}

/// Reads a whole script; or says why it is none, as the program says it.
pub(super) fn parse(script: &str, reading: Reading) -> Result<Vec<Command>, ScriptError> {
    let mut parser = Parser { chars: script.chars().collect(), at: 0, reading };
    let commands = parser.commands().map_err(|message| {
        // What is found out at the very end belongs to no place in the script.
        let at = if message.starts_with("unmatched `{") { 0 } else { parser.at };
        let place = if reading.busybox { String::new() } else { format!("-e expression #1, char {at}: ") };
        ScriptError { message: format!("{place}{message}"), code: 1 }
    })?;
    for command in &commands {
        if let Action::Branch(name) | Action::BranchIf(name) | Action::BranchUnless(name) = &command.action
            && !name.is_empty()
            && !commands
                .iter()
                .any(|command| matches!(&command.action, Action::Label(label) if label == name))
        {
            let quote = if reading.busybox { '\'' } else { '`' };
            let message = format!("can't find label for jump to {quote}{name}'");
            return Err(ScriptError { message, code: if reading.busybox { 1 } else { 4 } });
        }
    }
    Ok(commands)
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    reading: Reading,
}

type Parsed<T> = Result<T, String>;

impl Parser {
    /// An error in the words of the one or the other.
    fn fail<T>(&self, busybox: &str, gnu: &str) -> Parsed<T> {
        Err(if self.reading.busybox { busybox } else { gnu }.to_owned())
    }

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

    fn skip_blanks(&mut self) {
        self.skip(|c| c == ' ' || c == '\t');
    }

    fn commands(&mut self) -> Parsed<Vec<Command>> {
        let mut commands: Vec<Command> = Vec::new();
        let mut open = Vec::new();
        loop {
            self.skip(|c| c.is_whitespace() || c == ';');
            let Some(c) = self.peek() else { break };
            if c == '#' {
                self.skip(|c| c != '\n');
                continue;
            }
            let (from, to) = self.addresses()?;
            let negated = self.negation()?;
            let Some(letter) = self.next() else { return self.fail("missing command", "missing command") };
            let action = match letter {
                '{' => {
                    open.push(commands.len());
                    Action::BlockStart(0)
                }
                '}' => {
                    match open.pop() {
                        Some(start) => {
                            let at: usize = start;
                            commands[at].action = Action::BlockStart(commands.len());
                        }
                        None if self.reading.busybox => {}
                        None => return self.fail("", "unexpected `}'"),
                    }
                    Action::BlockEnd
                }
                _ => self.action(letter)?,
            };
            commands.push(Command { from, to, negated, action });
            self.expect_end(letter)?;
        }
        if !open.is_empty() && !self.reading.busybox {
            return self.fail("", "unmatched `{'");
        }
        for start in open {
            // BusyBox closes what is open.
            commands[start].action = Action::BlockStart(commands.len());
        }
        Ok(commands)
    }

    fn addresses(&mut self) -> Parsed<(Option<Address>, Option<Address>)> {
        let from = self.address(false)?;
        self.skip_blanks();
        if from.is_none() || self.peek() != Some(',') {
            return Ok((from, None));
        }
        self.at += 1;
        self.skip_blanks();
        let Some(to) = self.address(true)? else {
            self.at += usize::from(!self.reading.busybox && self.peek().is_some());
            return self.fail("no address after comma", "unexpected `,'");
        };
        self.skip_blanks();
        Ok((from, Some(to)))
    }

    fn negation(&mut self) -> Parsed<bool> {
        if self.peek() != Some('!') {
            return Ok(false);
        }
        self.at += 1;
        self.skip_blanks();
        if self.peek() == Some('!') {
            self.at += 1;
            return self.fail("unsupported command !", "multiple `!'s");
        }
        Ok(true)
    }

    /// Behind most commands there must be a separator.
    fn expect_end(&mut self, letter: char) -> Parsed<()> {
        if matches!(letter, '{' | '}' | 'a' | 'i' | 'c' | ':' | 'b' | 't' | 'T' | 'r' | 'R' | 'w' | 'W' | 'e')
        {
            return Ok(());
        }
        self.skip_blanks();
        match (self.peek(), letter) {
            (None | Some('\n' | ';' | '}' | '#'), _) => Ok(()),
            (_, 's') => {
                self.at += 1;
                self.fail("bad option in substitution expression", "unknown option to `s'")
            }
            // BusyBox reads on as if there were a separator.
            _ if self.reading.busybox => Ok(()),
            _ => {
                self.at += 1;
                self.fail("", "extra characters after command")
            }
        }
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
            Some('~') if second && !self.reading.busybox => {
                self.at += 1;
                Address::Multiple(self.number().unwrap_or(0))
            }
            Some(c) if c.is_ascii_digit() => {
                let line = self.number().ok_or("invalid number")?;
                if self.peek() == Some('~') && !self.reading.busybox {
                    self.at += 1;
                    Address::Step(line, self.number().unwrap_or(0))
                } else {
                    Address::Line(line)
                }
            }
            Some(c @ ('/' | '\\')) => {
                self.at += 1;
                let delimiter = if c == '\\' { self.next().ok_or("missing delimiter")? } else { '/' };
                let text = self.delimited(delimiter, true, "address regex")?;
                let (mut ignore_case, mut by_lines) = (false, false);
                while let Some(flag @ ('I' | 'M')) = self.peek().filter(|_| !self.reading.busybox) {
                    ignore_case |= flag == 'I';
                    by_lines |= flag == 'M';
                    self.at += 1;
                }
                Address::Regex(self.regex(&text, ignore_case, by_lines)?)
            }
            _ => return Ok(None),
        }))
    }

    fn regex(&self, text: &str, ignore_case: bool, by_lines: bool) -> Parsed<Option<Regex>> {
        if text.is_empty() {
            return Ok(None);
        }
        match Regex::new(text, self.reading.syntax, ignore_case) {
            Ok(regex) => Ok(Some(if by_lines { regex.by_lines() } else { regex })),
            Err(error) => self.fail(&format!("bad regex '{text}': {error}"), error),
        }
    }

    /// Text up to a delimiter; `\n` in an expression is a newline, an escaped delimiter is itself.
    fn delimited(&mut self, delimiter: char, is_regex: bool, what: &str) -> Parsed<String> {
        let unterminated =
            |parser: &Self| parser.fail(&format!("unmatched '{delimiter}'"), &format!("unterminated {what}"));
        let mut text = String::new();
        let mut in_class = false;
        loop {
            let Some(c) = self.next() else { return unterminated(self) };
            match c {
                '\\' => match self.next() {
                    Some(next) if next == delimiter => {
                        // An escaped delimiter that has a meaning of its own loses it.
                        if is_regex
                            && ".*[]^$+?|(){}".contains(next)
                            && self.reading.syntax == Syntax::Extended
                        {
                            text.push('\\');
                        }
                        text.push(next);
                    }
                    Some('n') if is_regex => text.push('\n'),
                    Some(kind @ ('x' | 'o' | 'd' | 'c')) if !self.reading.busybox => {
                        self.numbered(kind, is_regex, &mut text);
                    }
                    Some(next) => {
                        text.push('\\');
                        text.push(next);
                    }
                    None => return unterminated(self),
                },
                // BusyBox ends an expression at the delimiter wherever it stands.
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

    /// `\x41`, `\o101`, `\d065`, `\cA`: a character by its number. In an expression it stands for itself.
    fn numbered(&mut self, kind: char, is_regex: bool, text: &mut String) {
        let (radix, most) = match kind {
            'x' => (16, 2),
            'o' => (8, 3),
            _ => (10, 3),
        };
        let digits: String =
            self.chars[self.at..].iter().take(most).take_while(|c| c.is_digit(radix)).collect();
        let value = match u32::from_str_radix(&digits, radix) {
            _ if kind == 'c' => self.next().map(|c| c.to_ascii_uppercase() as u32 ^ 0x40),
            Ok(value) => {
                self.at += digits.len();
                Some(value)
            }
            Err(_) => None,
        };
        let Some(value) = value else {
            text.push('\\');
            text.push(kind);
            return;
        };
        let c = byte_char(value as u8);
        let is_special = if is_regex { "^$.*[]\\+?(){}|".contains(c) } else { "&\\".contains(c) };
        if is_special {
            text.push('\\');
        }
        text.push(c);
    }

    fn action(&mut self, letter: char) -> Parsed<Action> {
        Ok(match letter {
            'R' | 'W' | 'e' | 'v' | 'Q' | 'z' | 'F' if self.reading.busybox => {
                return Err(format!("unsupported command {letter}"));
            }
            's' => Action::Substitute(Box::new(self.substitution()?)),
            'y' => {
                let Some(delimiter) = self.next() else {
                    return self.fail("bad format in substitution expression", "unterminated `y' command");
                };
                let from = self.translated(delimiter)?;
                let to = self.translated(delimiter)?;
                if from.len() != to.len() && !self.reading.busybox {
                    return self.fail("", "strings for `y' command are different lengths");
                }
                Action::Translate(from.into_iter().zip(to).collect())
            }
            'a' => Action::Append(self.text()?),
            'i' => Action::Insert(self.text()?),
            'c' => Action::Change(self.text()?),
            ':' => {
                let label = self.label();
                if label.is_empty() && !self.reading.busybox {
                    return self.fail("", "\":\" lacks a label");
                }
                Action::Label(label)
            }
            'b' => Action::Branch(self.label()),
            't' => Action::BranchIf(self.label()),
            'T' => Action::BranchUnless(self.label()),
            'r' => Action::Read(self.file_name()?),
            'R' => Action::ReadLine(self.file_name()?),
            'w' => Action::Write(self.file_name()?),
            'W' => Action::WriteFirst(self.file_name()?),
            'e' => Action::Run(self.rest_of_line()),
            'v' => {
                self.label();
                Action::BlockEnd
            }
            // The applet reads it and does nothing.
            'l' if self.reading.busybox => Action::BlockEnd,
            'l' => {
                self.skip_blanks();
                Action::List(self.number().unwrap_or(self.reading.width))
            }
            'q' | 'Q' => {
                self.skip(|c| c == ' ');
                let code = self.number();
                if code.is_some() && self.reading.busybox {
                    return self.fail("missing command", "");
                }
                Action::Quit(letter, code.unwrap_or(0) as i32)
            }
            'd' | 'D' | 'p' | 'P' | 'n' | 'N' | 'g' | 'G' | 'h' | 'H' | 'x' | '=' | 'z' | 'F' => {
                Action::Simple(letter)
            }
            other => {
                return self
                    .fail(&format!("unsupported command {other}"), &format!("unknown command: `{other}'"));
            }
        })
    }

    fn translated(&mut self, delimiter: char) -> Parsed<Vec<char>> {
        let text = self.delimited(delimiter, false, "`y' command")?;
        let (text, _) = unescape(&text, Style::Format);
        Ok(text.chars().collect())
    }

    fn substitution(&mut self) -> Parsed<Substitution> {
        const UNTERMINATED: &str = "`s' command";
        let Some(delimiter) = self.next() else {
            return self.fail("bad format in substitution expression", "unterminated `s' command");
        };
        let pattern = self.delimited(delimiter, true, UNTERMINATED)?;
        let replacement = pieces(&self.delimited(delimiter, false, UNTERMINATED)?, self.reading.busybox);
        let mut substitution = Substitution {
            regex: None,
            replacement,
            global: false,
            nth: 1,
            print: false,
            evaluate: false,
            file: None,
        };
        let (ignore_case, by_lines) = self.flags(&mut substitution)?;
        if self.reading.busybox && substitution.global {
            // The number says nothing there.
            substitution.nth = 1;
        }
        substitution.regex = self.regex(&pattern, ignore_case, by_lines)?;
        let highest = substitution.replacement.iter().filter_map(|piece| match piece {
            Piece::Group(group) => Some(*group),
            _ => None,
        });
        let groups = substitution.regex.as_ref().map_or(9, Regex::groups);
        match highest.max() {
            Some(group) if group > groups && !self.reading.busybox => {
                Err(format!("invalid reference \\{group} on `s' command's RHS"))
            }
            _ => Ok(substitution),
        }
    }

    /// The letters behind `s`; whether case does not count, and whether lines do.
    fn flags(&mut self, substitution: &mut Substitution) -> Parsed<(bool, bool)> {
        let (mut ignore_case, mut by_lines) = (false, false);
        loop {
            match self.peek() {
                Some('g') => substitution.global = true,
                Some('p') => substitution.print = true,
                Some('i' | 'I') => ignore_case = true,
                Some('m' | 'M') if !self.reading.busybox => by_lines = true,
                Some('e') if !self.reading.busybox => substitution.evaluate = true,
                Some('w') => {
                    self.at += 1;
                    substitution.file = Some(self.file_name()?);
                    return Ok((ignore_case, by_lines));
                }
                Some(c) if c.is_ascii_digit() => {
                    substitution.nth = self.number().unwrap_or(1);
                    if substitution.nth == 0 && !self.reading.busybox {
                        return self.fail("", "number option to `s' command may not be zero");
                    }
                    continue;
                }
                _ => return Ok((ignore_case, by_lines)),
            }
            self.at += 1;
        }
    }

    /// The text of `a`, `i`, `c`: in one line, or after a backslash and a newline.
    fn text(&mut self) -> Parsed<String> {
        self.skip_blanks();
        if self.peek().is_none() && !self.reading.busybox {
            return self.fail("", "expected \\ after `a', `c' or `i'");
        }
        if self.peek() == Some('\\') {
            self.at += 1;
            let here = self.at;
            self.skip_blanks();
            if self.peek() == Some('\n') {
                self.at += 1;
            } else {
                // The backslash keeps the blanks that follow it.
                self.at = here;
            }
            if self.peek().is_none() && !self.reading.busybox {
                return Ok(String::new());
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
        Ok(text)
    }

    fn label(&mut self) -> String {
        self.skip_blanks();
        let start = self.at;
        self.skip(|c| c != '\n' && c != ';' && c != '}' && !c.is_whitespace());
        self.chars[start..self.at].iter().collect::<String>().trim_end().to_owned()
    }

    fn rest_of_line(&mut self) -> String {
        self.skip_blanks();
        let start = self.at;
        self.skip(|c| c != '\n');
        self.chars[start..self.at].iter().collect()
    }

    fn file_name(&mut self) -> Parsed<String> {
        let name = self.rest_of_line();
        if name.is_empty() {
            return self.fail("empty filename", "missing filename in r/R/w/W commands");
        }
        Ok(name)
    }
}

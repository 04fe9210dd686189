//! From the text of a script to commands.

use super::replacement::pieces;
use super::script::{Action, Address, Command, Piece, Substitution};
use crate::shell::escape::{Style, unescape};
use crate::shell::regex::{Regex, Syntax};

/// A text that is no script.
pub(super) struct ScriptError {
    pub(super) message: String,
    /// The number of characters that were read.
    pub(super) at: usize,
}

/// Reads a whole script.
pub(super) fn parse(script: &str, syntax: Syntax) -> Result<Vec<Command>, ScriptError> {
    let mut parser = Parser { chars: script.chars().collect(), at: 0, syntax };
    parser.commands().map_err(|message| ScriptError { message, at: parser.at })
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
            let negated = self.negation();
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
            self.expect_end(letter)?;
        }
        if open.is_empty() { Ok(commands) } else { Err("unmatched '{'".into()) }
    }

    fn addresses(&mut self) -> Parsed<(Option<Address>, Option<Address>)> {
        let from = self.address(false)?;
        self.skip_blanks();
        if from.is_none() || self.peek() != Some(',') {
            return Ok((from, None));
        }
        self.at += 1;
        self.skip_blanks();
        let to = self.address(true)?.ok_or("no address after comma")?;
        self.skip_blanks();
        Ok((from, Some(to)))
    }

    fn negation(&mut self) -> bool {
        let start = self.at;
        while self.peek() == Some('!') {
            self.at += 1;
            self.skip_blanks();
        }
        self.at > start
    }

    /// Behind most commands there must be a separator.
    fn expect_end(&mut self, letter: char) -> Parsed<()> {
        if matches!(letter, '{' | '}' | 'a' | 'i' | 'c' | ':' | 'b' | 't' | 'T' | 'r' | 'w') {
            return Ok(());
        }
        self.skip_blanks();
        match (self.peek(), letter) {
            (None | Some('\n' | ';' | '}' | '#'), _) => Ok(()),
            (_, 's') => Err("unknown option to 's'".into()),
            _ => Err("extra characters after command".into()),
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
        let (text, _) = unescape(&text, Style::Format);
        Ok(text.chars().collect())
    }

    fn substitution(&mut self) -> Parsed<Substitution> {
        let delimiter = self.next().ok_or("missing delimiter")?;
        let pattern = self.delimited(delimiter, true)?;
        let replacement = pieces(&self.delimited(delimiter, false)?);
        let mut substitution =
            Substitution { regex: None, replacement, global: false, nth: 1, print: false, file: None };
        let ignore_case = self.flags(&mut substitution)?;
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

    /// The letters behind `s`; whether case does not count.
    fn flags(&mut self, substitution: &mut Substitution) -> Parsed<bool> {
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
                    return Ok(ignore_case);
                }
                Some(c) if c.is_ascii_digit() => {
                    substitution.nth =
                        self.number().filter(|nth| *nth > 0).ok_or("number option to 's' may not be zero")?;
                    continue;
                }
                _ => return Ok(ignore_case),
            }
            self.at += 1;
        }
    }

    /// The text of `a`, `i`, `c`: in one line, or after a backslash and a newline.
    fn text(&mut self) -> String {
        self.skip_blanks();
        if self.peek() == Some('\\') {
            self.at += 1;
            self.skip_blanks();
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
        self.skip_blanks();
        let start = self.at;
        self.skip(|c| c != '\n' && c != ';' && c != '}');
        self.chars[start..self.at].iter().collect::<String>().trim_end().to_owned()
    }

    fn file_name(&mut self) -> String {
        self.skip_blanks();
        let start = self.at;
        self.skip(|c| c != '\n');
        self.chars[start..self.at].iter().collect()
    }
}

//! Words: quotes, parameters, substitutions.

use super::ast::{Operation, Parameter, Part, Word};
use super::lexer::Token;
use super::parser::{Parser, is_name};
use super::{Dialect, SyntaxError, SyntaxErrorKind};
use std::rc::Rc;

/// Where a run of parts ends.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Until {
    /// At a blank or an operator.
    Word,
    /// At `"`.
    Quote,
    /// At `}`, or at one of the characters.
    Brace(&'static str, bool),
    /// At the end of the text, as in a here-document.
    End,
    /// At `))`, or at `]`, or `;` in arithmetic.
    Arithmetic(char),
    /// At the `]` of an index.
    Index,
    /// At the `)` of a group such as `@(a|b)`.
    Group,
}

/// Text that grows and parts that are finished.
#[derive(Default)]
struct Parts {
    parts: Vec<Part>,
    text: String,
}

impl Parts {
    fn push(&mut self, part: Part) {
        self.flush();
        self.parts.push(part);
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(Part::Literal(std::mem::take(&mut self.text)));
        }
    }

    fn finish(mut self) -> Vec<Part> {
        self.flush();
        self.parts
    }
}

impl Parser {
    /// A word, which must be there.
    pub(super) fn read_word(&mut self) -> Result<Word, SyntaxError> {
        Ok(Word { parts: self.read_parts(Until::Word)? })
    }

    /// A text such as `PS4`, which is expanded as in double quotes.
    pub(in crate::shell) fn prompt(text: &str, dialect: Dialect) -> Result<Word, SyntaxError> {
        let parts = Self::new(text, dialect).read_here_parts()?;
        Ok(Word { parts: vec![Part::Double(parts)] })
    }

    /// The parts of a here-document.
    pub(super) fn read_here_parts(&mut self) -> Result<Vec<Part>, SyntaxError> {
        self.read_parts(Until::End)
    }

    /// Arithmetic up to a closing `))`, or `;`.
    pub(super) fn read_arithmetic(&mut self, end: char) -> Result<Word, SyntaxError> {
        Ok(Word { parts: self.read_parts(Until::Arithmetic(end))? })
    }

    pub(super) fn read_parts(&mut self, until: Until) -> Result<Vec<Part>, SyntaxError> {
        self.enter()?;
        let result = self.read_parts_inside(until);
        self.depth -= 1;
        result
    }

    fn read_parts_inside(&mut self, until: Until) -> Result<Vec<Part>, SyntaxError> {
        let mut parts = Parts::default();
        let mut nesting = 0;
        loop {
            let Some(c) = self.at(0) else {
                return match until {
                    Until::Group => self.fail(SyntaxErrorKind::Unterminated("group")),
                    Until::Word | Until::End => Ok(parts.finish()),
                    Until::Quote => self.fail(SyntaxErrorKind::Unterminated("quoted string")),
                    Until::Brace(..) => self.fail(SyntaxErrorKind::Other("missing '}'")),
                    Until::Arithmetic(_) | Until::Index => self.fail(SyntaxErrorKind::Other("missing '))'")),
                };
            };
            match until {
                Until::Word | Until::Group if self.begins_group(c) => {
                    self.read_group(&mut parts)?;
                    continue;
                }
                Until::Group if c == '(' => nesting += 1,
                Until::Group if c == ')' && nesting > 0 => nesting -= 1,
                Until::Group if c == ')' => return Ok(parts.finish()),
                Until::Word if is_word_end(c) && !self.is_process_start(c) => {
                    return Ok(parts.finish());
                }
                Until::Word if c == '[' && self.begins_index(&parts) => {
                    self.bump();
                    let index = self.read_parts(Until::Index)?;
                    self.bump();
                    parts.push(Part::Index(Box::new(Word { parts: index })));
                    continue;
                }
                Until::Index if c == '[' => nesting += 1,
                Until::Index if c == ']' && nesting > 0 => nesting -= 1,
                Until::Index if c == ']' => return Ok(parts.finish()),
                Until::Quote if c == '"' => return Ok(parts.finish()),
                Until::Brace(stops, _) if c == '}' || stops.contains(c) => return Ok(parts.finish()),
                Until::Arithmetic(_) if c == '(' => nesting += 1,
                Until::Arithmetic(_) if c == ')' && nesting > 0 => nesting -= 1,
                Until::Arithmetic(end)
                    if c == end && nesting == 0 && (end != ')' || self.at(1) == Some(')')) =>
                {
                    return Ok(parts.finish());
                }
                _ => {}
            }
            self.read_part(c, until, &mut parts)?;
        }
    }

    /// Whether a group of a pattern begins here, such as `@(a|b)`.
    fn begins_group(&self, c: char) -> bool {
        self.extglob && matches!(c, '?' | '*' | '+' | '@' | '!') && self.at(1) == Some('(')
    }

    /// Takes a group into a word: its text, and the parts that are in it.
    fn read_group(&mut self, parts: &mut Parts) -> Result<(), SyntaxError> {
        parts.text.extend(self.bump());
        parts.text.extend(self.bump());
        for part in self.read_parts(Until::Group)? {
            match part {
                Part::Literal(text) => parts.text.push_str(&text),
                other => parts.push(other),
            }
        }
        parts.text.extend(self.bump());
        Ok(())
    }

    /// Whether the bracket here begins the index of an assignment: behind a name, or first in an array, with a `=`
    /// behind its end.
    fn begins_index(&self, parts: &Parts) -> bool {
        if self.dialect != Dialect::Bash || !parts.parts.is_empty() {
            return false;
        }
        if !(is_name(&parts.text) || parts.text.is_empty() && self.in_array) {
            return false;
        }
        let mut nesting = 0;
        let mut quote = None;
        for at in 0.. {
            match (self.at(at), quote) {
                (None | Some('\n'), _) => return false,
                (Some(c), Some(open)) => quote = (c != open).then_some(open),
                (Some(c @ ('"' | '\'')), None) => quote = Some(c),
                (Some('['), None) => nesting += 1,
                (Some(']'), None) => {
                    nesting -= 1;
                    if nesting == 0 {
                        let rest = (self.at(at + 1), self.at(at + 2));
                        return matches!(rest, (Some('='), _) | (Some('+'), Some('=')));
                    }
                }
                _ => {}
            }
        }
        false
    }

    pub(super) fn is_process_start(&self, c: char) -> bool {
        matches!(c, '<' | '>') && self.dialect != Dialect::Dash && self.at(1) == Some('(')
    }

    fn read_part(&mut self, c: char, until: Until, parts: &mut Parts) -> Result<(), SyntaxError> {
        let in_double =
            matches!(until, Until::Quote | Until::End | Until::Brace(_, true) | Until::Arithmetic(_));
        match c {
            '\\' => {
                self.bump();
                self.read_escape(until, in_double, parts);
            }
            '\'' if !in_double => {
                self.bump();
                let text = self.read_single_quoted()?;
                parts.push(Part::Quoted(text));
            }
            '"' if !matches!(until, Until::End | Until::Arithmetic(_)) => {
                self.bump();
                let inner = self.read_parts(Until::Quote)?;
                self.bump();
                parts.push(Part::Double(inner));
            }
            '"' if matches!(until, Until::Arithmetic(_)) && self.dialect == Dialect::Bash => {
                self.bump();
            }
            '`' => {
                self.bump();
                let part =
                    self.read_backquoted(in_double, until == Until::End && self.dialect == Dialect::Bash)?;
                parts.push(part);
            }
            '$' => match self.read_dollar(in_double)? {
                Some(part) => parts.push(part),
                None => parts.text.push('$'),
            },
            '<' | '>' if until == Until::Word => {
                self.bump();
                self.bump();
                let list = Rc::new(self.read_substitution()?);
                parts.push(Part::Process { list, output: c == '>' });
            }
            _ => {
                self.bump();
                parts.text.push(c);
            }
        }
        Ok(())
    }

    fn read_escape(&mut self, until: Until, in_double: bool, parts: &mut Parts) {
        match self.at(0) {
            None => parts.text.push('\\'),
            Some('\n') => {
                self.bump();
            }
            Some(next) => {
                let special = match until {
                    Until::End => matches!(next, '$' | '`' | '\\'),
                    Until::Brace(_, true) => matches!(next, '$' | '`' | '\\' | '"' | '}'),
                    _ if in_double => matches!(next, '$' | '`' | '\\' | '"'),
                    _ => true,
                };
                if special {
                    self.bump();
                    parts.push(Part::Quoted(next.to_string()));
                } else {
                    parts.text.push('\\');
                }
            }
        }
    }

    fn read_single_quoted(&mut self) -> Result<String, SyntaxError> {
        let mut text = String::new();
        loop {
            match self.bump() {
                Some('\'') => return Ok(text),
                Some(c) => text.push(c),
                None => return self.fail(SyntaxErrorKind::Unterminated("single quoted string")),
            }
        }
    }

    /// `$'…'`
    fn read_ansi_quoted(&mut self) -> Result<String, SyntaxError> {
        let mut text = String::new();
        loop {
            match self.bump() {
                Some('\'') => break,
                Some('\\') => {
                    text.push('\\');
                    match self.bump() {
                        // A quote would not survive the unescaping below.
                        Some('\'') => {
                            text.pop();
                            text.push('\'');
                        }
                        Some(c) => text.push(c),
                        None => return self.fail(SyntaxErrorKind::Unterminated("quoted string")),
                    }
                }
                Some(c) => text.push(c),
                None => return self.fail(SyntaxErrorKind::Unterminated("quoted string")),
            }
        }
        if self.dialect == Dialect::Ash {
            // ash does not know Unicode's sequences.
            text = text.replace("\\u", "\\\\u").replace("\\U", "\\\\U");
        }
        Ok(crate::shell::escape::unescape(&text, crate::shell::escape::Style::Ansi).0)
    }

    fn read_backquoted(&mut self, in_double: bool, keeps_quotes: bool) -> Result<Part, SyntaxError> {
        let line = self.line;
        let mut text = String::new();
        loop {
            match self.bump() {
                Some('`') => break,
                Some('\\') => match self.at(0) {
                    Some(c @ ('$' | '`' | '\\')) => {
                        self.bump();
                        text.push(c);
                    }
                    Some('"') if in_double && !keeps_quotes => {
                        self.bump();
                        text.push('"');
                    }
                    _ => text.push('\\'),
                },
                Some(c) => text.push(c),
                None if self.dialect == Dialect::Bash => {
                    return self.fail(SyntaxErrorKind::Unterminated("backquoted string"));
                }
                None => return self.fail(SyntaxErrorKind::Other("EOF in backquote substitution")),
            }
        }
        let mut inner = Self::new(&text, self.dialect);
        inner.line = line;
        inner.depth = self.depth;
        Ok(Part::Command(Rc::new(inner.parse_all()?)))
    }

    /// What begins with `$`; `None` for a dollar that is only that, which has been taken.
    fn read_dollar(&mut self, in_double: bool) -> Result<Option<Part>, SyntaxError> {
        self.bump();
        self.join_lines();
        match self.at(0) {
            Some('(') if self.at(1) == Some('(') => {
                let (pos, line) = (self.pos, self.line);
                self.bump();
                self.bump();
                match self.read_arithmetic(')') {
                    Ok(word) => {
                        self.bump();
                        self.bump();
                        return Ok(Some(Part::Arithmetic(Box::new(word))));
                    }
                    Err(error) if self.dialect != Dialect::Bash => return Err(error),
                    Err(_) => {}
                }
                // `$((` may begin a substitution that begins with a subshell.
                (self.pos, self.line) = (pos, line);
                self.bump();
                let list = self.read_substitution()?;
                Ok(Some(Part::Command(Rc::new(list))))
            }
            Some('(') => {
                self.bump();
                let list = self.read_substitution()?;
                Ok(Some(Part::Command(Rc::new(list))))
            }
            Some('{') => {
                self.bump();
                self.read_braced(in_double).map(Some)
            }
            Some('\'') if !in_double && self.dialect != Dialect::Dash => {
                self.bump();
                Ok(Some(Part::Quoted(self.read_ansi_quoted()?)))
            }
            Some('"') if !in_double && self.dialect == Dialect::Bash => {
                self.bump();
                let inner = self.read_parts(Until::Quote)?;
                self.bump();
                Ok(Some(Part::Double(inner)))
            }
            Some(c) if c.is_ascii_alphabetic() || c == '_' => {
                let name = self.read_name();
                Ok(Some(parameter(name, Operation::Value)))
            }
            Some(c) if c.is_ascii_digit() || is_special(c) => {
                self.bump();
                Ok(Some(parameter(c.to_string(), Operation::Value)))
            }
            _ => Ok(None),
        }
    }

    fn read_substitution(&mut self) -> Result<super::ast::List, SyntaxError> {
        let look = self.look.take();
        let here = std::mem::take(&mut self.here_documents);
        self.enter()?;
        let list = self.parse_list(&[])?;
        self.depth -= 1;
        if self.peek()? != &Token::Operator(")") {
            return if self.peek()? == &Token::End {
                self.fail(SyntaxErrorKind::Unexpected("end of file".into(), Some(")")))
            } else {
                self.unexpected()
            };
        }
        self.look = look;
        self.here_documents = here;
        Ok(list)
    }

    pub(super) fn read_name(&mut self) -> String {
        let mut name = String::new();
        while let Some(c) = self.at(0).filter(|c| c.is_ascii_alphanumeric() || *c == '_') {
            self.bump();
            name.push(c);
            self.join_lines();
        }
        name
    }

    /// Skips a backslash with a newline behind it, which may stand within an expansion.
    pub(super) fn join_lines(&mut self) {
        while self.starts_with("\\\n") {
            self.bump();
            self.bump();
        }
    }
}

fn parameter(name: String, operation: Operation) -> Part {
    Part::Parameter(Box::new(Parameter { name, index: None, indirect: false, operation }))
}

fn is_word_end(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '<' | '>' | '&' | '|' | ';' | '(' | ')')
}

pub(super) fn is_special(c: char) -> bool {
    matches!(c, '@' | '*' | '#' | '?' | '-' | '$' | '!')
}

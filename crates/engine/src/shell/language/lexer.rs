//! Tokens: operators, words and the ends of lines, with the bodies of here-documents.

use super::ast::{HereDocument, Part, Word};
use super::parser::Parser;
use super::{Dialect, SyntaxError, SyntaxErrorKind};
use std::cell::RefCell;
use std::rc::Rc;

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Word(Word),
    /// Digits right before `<` or `>`.
    Number(u32),
    Operator(&'static str),
    Newline,
    End,
}

/// The longest first.
const OPERATORS: [&str; 25] = [
    "<<<", "<<-", ";;&", "&>>", "&&", "||", ";;", ";&", "<<", ">>", "<&", ">&", "<>", ">|", "&>", "|&", "|",
    "&", ";", "<", ">", "(", ")", "\n", "\r\n",
];

impl Parser {
    pub(super) fn fail<T>(&self, kind: SyntaxErrorKind) -> Result<T, SyntaxError> {
        // bash names the line where what has no end begins.
        let begun = self.dialect == Dialect::Bash && matches!(kind, SyntaxErrorKind::Unterminated(_));
        Err(SyntaxError { line: if begun { self.token_line } else { self.line }, kind })
    }

    pub(super) fn at(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.pos + ahead).copied()
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(ahead, c)| self.at(ahead) == Some(c))
    }

    /// Takes a character.
    pub(super) fn bump(&mut self) -> Option<char> {
        let c = self.at(0)?;
        self.pos += 1;
        if c == '\n' {
            self.line += 1;
        }
        Some(c)
    }

    /// The next token, which stays.
    pub(super) fn peek(&mut self) -> Result<&Token, SyntaxError> {
        if self.look.is_none() {
            let token = self.read_token()?;
            self.look = Some(token);
        }
        Ok(self.look.as_ref().unwrap_or(&Token::End))
    }

    /// The next token.
    pub(super) fn next(&mut self) -> Result<Token, SyntaxError> {
        match self.look.take() {
            Some(token) => Ok(token),
            None => self.read_token(),
        }
    }

    fn skip_blanks(&mut self) {
        loop {
            if self.starts_with("\\\n") {
                self.bump();
                self.bump();
            } else if matches!(self.at(0), Some(' ' | '\t')) {
                self.bump();
            } else {
                break;
            }
        }
        if self.at(0) == Some('#') {
            while self.at(0).is_some_and(|c| c != '\n') {
                self.bump();
            }
        }
    }

    fn read_token(&mut self) -> Result<Token, SyntaxError> {
        self.skip_blanks();
        self.token_line = self.line;
        let start = self.pos;
        self.token_start = start;
        let Some(c) = self.at(0) else {
            self.read_here_documents()?;
            return Ok(Token::End);
        };
        if c == '\n' {
            self.bump();
            self.read_here_documents()?;
            return Ok(Token::Newline);
        }
        if !self.is_process_start(c)
            && let Some(operator) = self.operator()
        {
            for _ in operator.chars() {
                self.bump();
            }
            return Ok(Token::Operator(operator));
        }
        let digits = (0..).take_while(|ahead| self.at(*ahead).is_some_and(|c| c.is_ascii_digit())).count();
        let most = if self.dialect == Dialect::Dash { 1 } else { 4 };
        if (1..=most).contains(&digits) && matches!(self.at(digits), Some('<' | '>')) {
            let number: String = self.chars[self.pos..self.pos + digits].iter().collect();
            self.pos += digits;
            return Ok(Token::Number(number.parse().unwrap_or(0)));
        }
        let word = self.read_word()?;
        // There may be tokens within.
        self.token_start = start;
        Ok(Token::Word(word))
    }

    fn operator(&self) -> Option<&'static str> {
        let c = self.at(0)?;
        if !matches!(c, '<' | '>' | '&' | '|' | ';' | '(' | ')') {
            return None;
        }
        let bash_only = |operator: &str| matches!(operator, "&>" | "&>>" | "|&" | "<<<" | ";&" | ";;&");
        OPERATORS.into_iter().find(|operator| {
            self.starts_with(operator)
                && !(self.dialect == Dialect::Dash && bash_only(operator))
                && !(self.dialect == Dialect::Ash && matches!(*operator, "|&" | ";&" | ";;&" | "&>>" | "<<<"))
        })
    }

    /// Notes a here-document whose body begins at the next line.
    pub(super) fn expect_here_document(
        &mut self,
        strip_tabs: bool,
        word: &Word,
        raw: &str,
    ) -> Rc<RefCell<HereDocument>> {
        let mut delimiter = String::new();
        let mut literal = false;
        for part in &word.parts {
            match part {
                Part::Literal(text) => delimiter.push_str(text),
                Part::Quoted(text) => {
                    literal = true;
                    delimiter.push_str(text);
                }
                Part::Double(parts) => {
                    literal = true;
                    for part in parts {
                        if let Part::Literal(text) | Part::Quoted(text) = part {
                            delimiter.push_str(text);
                        }
                    }
                }
                // Nothing is expanded in a delimiter.
                _ => {
                    raw.clone_into(&mut delimiter);
                    break;
                }
            }
        }
        let document = HereDocument { delimiter, strip_tabs, literal, body: Word::default() };
        let document = Rc::new(RefCell::new(document));
        self.here_documents.push(document.clone());
        document
    }

    fn read_here_documents(&mut self) -> Result<(), SyntaxError> {
        for document in std::mem::take(&mut self.here_documents) {
            let (delimiter, strip, literal) = {
                let document = document.borrow();
                (document.delimiter.clone(), document.strip_tabs, document.literal)
            };
            let mut text = String::new();
            let mut closed = false;
            let start_line = self.line;
            while self.at(0).is_some() {
                let mut line = String::new();
                if strip {
                    while self.at(0) == Some('\t') {
                        self.bump();
                    }
                }
                while let Some(c) = self.at(0).filter(|c| *c != '\n') {
                    self.bump();
                    line.push(c);
                    if c == '\\' && !literal && self.at(0) == Some('\n') {
                        self.bump();
                        line.pop();
                    } else if c == '\\' && !literal && self.at(0) == Some('\\') {
                        self.bump();
                        line.push('\\');
                    }
                }
                let ended = self.bump().is_some();
                if line == delimiter {
                    closed = true;
                    break;
                }
                text.push_str(&line);
                if ended {
                    text.push('\n');
                }
            }
            self.open_document |= !closed;
            let body = if literal {
                Word { parts: vec![Part::Quoted(text)] }
            } else {
                let mut inner = Self::new(&text, self.dialect);
                inner.line = start_line;
                inner.depth = self.depth;
                Word { parts: vec![Part::Double(inner.read_here_parts()?)] }
            };
            document.borrow_mut().body = body;
        }
        Ok(())
    }
}

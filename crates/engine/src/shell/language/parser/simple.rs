//! Simple commands with their assignments and redirections, and definitions of functions.

use super::{Parsed, Parser, is_name, is_redirect};
use crate::shell::language::Dialect;
use crate::shell::language::ast::*;
use crate::shell::language::lexer::Token;
use std::rc::Rc;

impl Parser {
    pub(super) fn parse_words(&mut self) -> Parsed<Vec<Word>> {
        let mut words = Vec::new();
        while matches!(self.peek()?, Token::Word(_)) {
            if let Token::Word(word) = self.next()? {
                words.push(word);
            }
        }
        Ok(words)
    }

    pub(super) fn parse_function_keyword(&mut self) -> Parsed<Command> {
        self.next()?;
        let name = match self.next()? {
            Token::Word(word) => word.as_literal().map(str::to_owned),
            _ => None,
        };
        let Some(name) = name else { return self.unexpected() };
        if self.peek()? == &Token::Operator("(") {
            self.next()?;
            self.expect_operator(")")?;
        }
        self.skip_newlines()?;
        Ok(Command::Function(name, Rc::new(self.parse_command()?)))
    }

    pub(super) fn parse_simple(&mut self) -> Parsed<Command> {
        self.peek()?;
        let mut simple = Simple { line: self.token_line, ..Simple::default() };
        loop {
            if let Some(redirect) = self.parse_redirect()? {
                simple.redirects.push(redirect);
                continue;
            }
            match self.peek()? {
                Token::Word(_) => {
                    let Token::Word(word) = self.next()? else { break };
                    if simple.words.is_empty()
                        && let Some(assignment) = self.as_assignment(&word)?
                    {
                        simple.assignments.push(assignment);
                    } else {
                        simple.words.push(word);
                    }
                }
                Token::Operator("(")
                    if simple.words.len() == 1
                        && simple.assignments.is_empty()
                        && simple.redirects.is_empty() =>
                {
                    let name = simple.words[0].as_literal().unwrap_or("").to_owned();
                    if name.is_empty() {
                        return self.unexpected();
                    }
                    self.next()?;
                    self.expect_operator(")")?;
                    self.skip_newlines()?;
                    return Ok(Command::Function(name, Rc::new(self.parse_command()?)));
                }
                _ => break,
            }
        }
        if simple.words.is_empty() && simple.assignments.is_empty() && simple.redirects.is_empty() {
            return self.unexpected();
        }
        Ok(Command::Simple(simple))
    }

    /// `name=value`, `name+=value`, `name=(…)`, `name[index]=value`.
    fn as_assignment(&mut self, word: &Word) -> Parsed<Option<Assignment>> {
        let Some(Part::Literal(text)) = word.parts.first() else { return Ok(None) };
        let Some((left, right)) = text.split_once('=') else { return Ok(None) };
        let (left, append) = match left.strip_suffix('+') {
            Some(left) if self.dialect == Dialect::Bash => (left, true),
            _ => (left, false),
        };
        let (name, index) = match left.split_once('[') {
            Some((name, index)) if self.dialect == Dialect::Bash && index.ends_with(']') => {
                (name, Some(Word::literal(&index[..index.len() - 1])))
            }
            _ => (left, None),
        };
        if !is_name(name) {
            return Ok(None);
        }
        let mut parts = word.parts.clone();
        if right.is_empty() {
            parts.remove(0);
        } else {
            parts[0] = Part::Literal(right.to_owned());
        }
        let mut array = None;
        if parts.is_empty() && self.dialect == Dialect::Bash && self.look.is_none() && self.at(0) == Some('(')
        {
            array = Some(self.parse_array()?);
        }
        Ok(Some(Assignment { name: name.to_owned(), append, value: Word { parts }, array, index }))
    }

    fn parse_array(&mut self) -> Parsed<Vec<Word>> {
        self.next()?;
        let mut words = Vec::new();
        loop {
            self.skip_newlines()?;
            words.extend(self.parse_words()?);
            match self.peek()? {
                Token::Operator(")") => break,
                Token::Newline => {}
                _ => return self.unexpected(),
            }
        }
        self.next()?;
        Ok(words)
    }

    pub(super) fn parse_redirect(&mut self) -> Parsed<Option<Redirect>> {
        let fd = match self.peek()? {
            Token::Number(number) => Some(*number),
            Token::Operator(operator) if is_redirect(operator) => None,
            _ => return Ok(None),
        };
        if fd.is_some() {
            self.next()?;
        }
        let operator = match self.next()? {
            Token::Operator(operator) => operator,
            token => {
                self.look = Some(token);
                return self.unexpected();
            }
        };
        let target = self.parse_target()?;
        let kind = match operator {
            "<" => RedirectKind::Input(target),
            ">" => RedirectKind::Output { target, clobber: false },
            ">|" => RedirectKind::Output { target, clobber: true },
            ">>" => RedirectKind::Append(target),
            "<>" => RedirectKind::ReadWrite(target),
            "<&" => RedirectKind::Duplicate { target, output: false },
            ">&" => RedirectKind::Duplicate { target, output: true },
            "&>" => RedirectKind::Both { target, append: false },
            "&>>" => RedirectKind::Both { target, append: true },
            "<<<" => RedirectKind::HereString(target),
            _ => RedirectKind::Here(self.expect_here_document(operator == "<<-", &target)),
        };
        Ok(Some(Redirect { fd, kind }))
    }
    fn parse_target(&mut self) -> Parsed<Word> {
        match self.next()? {
            Token::Word(word) => Ok(word),
            // Digits before another redirection are a word here: `>2>1`.
            Token::Number(number) => Ok(Word::literal(&number.to_string())),
            token => {
                self.look = Some(token);
                self.unexpected()
            }
        }
    }
}

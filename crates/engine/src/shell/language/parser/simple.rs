//! Simple commands with their assignments and redirections, and definitions of functions.

use super::{Parsed, Parser, is_name, is_redirect};
use crate::shell::language::ast::*;
use crate::shell::language::lexer::Token;
use crate::shell::language::{Dialect, SyntaxErrorKind};
use std::rc::Rc;

impl Parser {
    /// Words up to what is none, with their source.
    pub(super) fn parse_words(&mut self, source: &mut String) -> Parsed<Vec<Word>> {
        let mut words = Vec::new();
        while matches!(self.peek()?, Token::Word(_)) {
            self.add_source(source);
            if let Token::Word(word) = self.next()? {
                words.push(word);
            }
        }
        Ok(words)
    }

    /// Adds the word that comes next, as it is written.
    pub(super) fn add_source(&self, source: &mut String) {
        if self.dialect == Dialect::Bash {
            if !source.is_empty() {
                source.push(' ');
            }
            source.extend(&self.chars[self.token_start.min(self.pos)..self.pos]);
        }
    }

    pub(super) fn parse_function_keyword(&mut self) -> Parsed<Command> {
        self.next()?;
        let name = match self.peek()? {
            Token::Word(word) => word.as_literal().map(str::to_owned),
            _ => None,
        };
        let Some(name) = name else { return self.unexpected_for(Some("word")) };
        self.next()?;
        if self.peek()? == &Token::Operator("(") {
            self.next()?;
            self.expect_operator(")")?;
        }
        self.skip_newlines()?;
        Ok(Command::Function(name, Rc::new(self.parse_command()?)))
    }

    pub(super) fn parse_simple(&mut self) -> Parsed<Command> {
        self.peek()?;
        let mut source = String::new();
        let mut simple = Simple {
            assignments: Vec::new(),
            words: Vec::new(),
            redirects: Vec::new(),
            line: self.token_line,
            source: "".into(),
        };
        loop {
            if simple.words.is_empty() {
                self.replace_alias()?;
            } else {
                self.replace_next_alias()?;
            }
            let in_test = self.dialect == Dialect::Ash && is_test(&simple);
            if !in_test && let Some(redirect) = self.parse_redirect()? {
                simple.redirects.push(redirect);
                continue;
            }
            match self.peek()? {
                Token::Word(_) => {
                    self.add_source(&mut source);
                    let Token::Word(mut word) = self.next()? else { break };
                    self.read_declared_array(&simple, &mut word)?;
                    if simple.words.is_empty()
                        && let Some(assignment) = self.as_assignment(&word)?
                    {
                        simple.assignments.push(assignment);
                    } else {
                        simple.words.push(word);
                    }
                }
                Token::Operator(operator) if in_test => {
                    // Within `[[ … ]]` these are words.
                    let word = Word { parts: vec![Part::Quoted((*operator).to_owned())] };
                    if !matches!(*operator, "&&" | "||" | "<" | ">" | "(" | ")") {
                        break;
                    }
                    self.next()?;
                    simple.words.push(word);
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
                    if self.dialect != Dialect::Bash && !is_name(&name) {
                        return self.fail(SyntaxErrorKind::Other("bad function name"));
                    }
                    self.skip_newlines()?;
                    let body = self.parse_command()?;
                    if self.dialect == Dialect::Bash && !matches!(body, Command::Compound(..)) {
                        return self.unexpected();
                    }
                    return Ok(Command::Function(name, Rc::new(body)));
                }
                _ => break,
            }
        }
        if simple.words.is_empty() && simple.assignments.is_empty() && simple.redirects.is_empty() {
            return self.unexpected();
        }
        if !source.is_empty() {
            simple.source = source.into();
        }
        Ok(Command::Simple(simple))
    }

    /// `name=value`, `name+=value`, `name=(…)`, `name[index]=value`.
    fn as_assignment(&mut self, word: &Word) -> Parsed<Option<Assignment>> {
        let Some(Part::Literal(text)) = word.parts.first() else { return Ok(None) };
        let (index, text_at) = match word.parts.get(1) {
            Some(Part::Index(index)) => (Some((**index).clone()), 2),
            _ => (None, 0),
        };
        let Some(Part::Literal(assigned)) = word.parts.get(text_at) else { return Ok(None) };
        let Some((left, right)) = assigned.split_once('=') else { return Ok(None) };
        let (left, append) = match left.strip_suffix('+') {
            Some(left) if self.dialect == Dialect::Bash => (left, true),
            _ => (left, false),
        };
        let name = if index.is_some() { text } else { left };
        if !is_name(name) || index.is_some() && !left.is_empty() {
            return Ok(None);
        }
        let name = name.to_owned();
        let mut parts = word.parts[text_at..].to_vec();
        if right.is_empty() {
            parts.remove(0);
        } else {
            parts[0] = Part::Literal(right.to_owned());
        }
        let mut array = None;
        if parts.is_empty() && self.dialect == Dialect::Bash && self.look.is_none() && self.at(0) == Some('(')
        {
            let outer = std::mem::replace(&mut self.in_array, true);
            let words = self.parse_array();
            self.in_array = outer;
            array = Some(words?);
        }
        Ok(Some(Assignment { name, append, value: Word { parts }, array, index }))
    }

    /// Takes the parentheses of `declare name=(…)` into the word; the builtin reads them when it runs.
    fn read_declared_array(&mut self, simple: &Simple, word: &mut Word) -> Parsed<()> {
        let name = simple.words.first().and_then(Word::as_literal);
        let declares = matches!(name, Some("declare" | "typeset" | "local" | "readonly" | "export"));
        let assigns = matches!(word.parts.last(), Some(Part::Literal(text)) if text.ends_with('='));
        if self.dialect != Dialect::Bash || !declares || !assigns || self.at(0) != Some('(') {
            return Ok(());
        }
        let start = self.pos;
        let outer = std::mem::replace(&mut self.in_array, true);
        let array = self.parse_array();
        self.in_array = outer;
        array?;
        word.parts.push(Part::Quoted(self.chars[start..self.pos].iter().collect()));
        Ok(())
    }

    fn parse_array(&mut self) -> Parsed<(Vec<Word>, Source)> {
        self.next()?;
        let mut words = Vec::new();
        let mut source = String::new();
        loop {
            self.skip_newlines()?;
            words.extend(self.parse_words(&mut source)?);
            match self.peek()? {
                Token::Operator(")") => break,
                Token::Newline => {}
                _ => return self.unexpected(),
            }
        }
        self.next()?;
        Ok((words, source.into()))
    }

    pub(super) fn parse_redirect(&mut self) -> Parsed<Option<Redirect>> {
        let mut variable = None;
        let fd = match self.peek()? {
            Token::Number(number) => Some(*number),
            Token::Operator(operator) if is_redirect(operator) => None,
            Token::Word(word) => {
                let name = word.as_literal().and_then(|text| text.strip_prefix('{')?.strip_suffix('}'));
                variable = name.filter(|name| is_name(name)).map(str::to_owned);
                if self.dialect != Dialect::Bash
                    || variable.is_none()
                    || !matches!(self.at(0), Some('<' | '>'))
                {
                    return Ok(None);
                }
                None
            }
            _ => return Ok(None),
        };
        if fd.is_some() || variable.is_some() {
            self.next()?;
        }
        let operator = match self.next()? {
            Token::Operator(operator) => operator,
            token => {
                self.look = Some(token);
                return self.unexpected();
            }
        };
        let start = self.pos;
        let target = self.parse_target()?;
        if let (">&" | "<&", Some(text)) = (operator, target.as_literal())
            && text != "-"
            && text.parse::<u32>().is_err()
            && (self.dialect == Dialect::Dash || self.dialect == Dialect::Ash && operator == "<&")
        {
            // The line has been read up to its end.
            self.peek()?;
            return self.fail(SyntaxErrorKind::Other("bad fd number"));
        }
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
            _ => {
                let raw: String = self.chars[start..self.pos].iter().collect();
                RedirectKind::Here(self.expect_here_document(operator == "<<-", &target, raw.trim_start()))
            }
        };
        Ok(Some(Redirect { fd, variable, kind, line: self.token_line }))
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

/// Whether the words so far begin `[[` and do not end it.
fn is_test(simple: &Simple) -> bool {
    simple.words.first().and_then(Word::as_literal) == Some("[[")
        && simple.words.last().and_then(Word::as_literal) != Some("]]")
}

//! Compound commands: groups, conditions, loops, `case` and bash's tests.

use super::{Parsed, Parser, is_name};
use crate::shell::language::ast::*;
use crate::shell::language::lexer::Token;
use crate::shell::language::{Dialect, SyntaxErrorKind};

impl Parser {
    /// The compound command that begins here, if one does.
    pub(super) fn parse_compound(&mut self) -> Parsed<Option<Compound>> {
        let dialect = self.dialect;
        let word = match self.peek()? {
            Token::Operator("(") => return Ok(Some(self.parse_parenthesis()?)),
            Token::Word(word) => word.as_literal(),
            _ => None,
        };
        Ok(Some(match word {
            Some("{") => {
                self.next()?;
                let list = self.parse_body(&["}"])?;
                self.expect_word("}")?;
                Compound::Group(list)
            }
            Some("if") => self.parse_if()?,
            Some("while") => self.parse_while(false)?,
            Some("until") => self.parse_while(true)?,
            Some("for") => self.parse_for()?,
            Some("select") if dialect == Dialect::Bash => self.parse_select()?,
            Some("coproc") if dialect == Dialect::Bash => self.parse_coprocess()?,
            Some("case") => self.parse_case()?,
            Some("[[") if dialect == Dialect::Bash => self.parse_test()?,
            Some("then" | "else" | "elif" | "fi" | "do" | "done" | "esac" | "}") => {
                return self.unexpected();
            }
            Some("!") if dialect != Dialect::Bash => return self.unexpected(),
            _ => return Ok(None),
        }))
    }

    fn parse_parenthesis(&mut self) -> Parsed<Compound> {
        self.next()?;
        if self.dialect == Dialect::Bash && self.look.is_none() && self.at(0) == Some('(') {
            let (pos, line) = (self.pos, self.line);
            self.bump();
            if let Ok(word) = self.read_arithmetic(')') {
                self.bump();
                self.bump();
                return Ok(Compound::Arithmetic { expression: word, line: self.line });
            }
            (self.pos, self.line) = (pos, line);
        }
        let list = self.parse_list(&[])?;
        if list.items.is_empty() {
            let is_end = self.peek()? == &Token::End;
            return self.unexpected_for(is_end.then_some(")"));
        }
        self.expect_operator(")")?;
        Ok(Compound::Subshell(list))
    }

    fn parse_if(&mut self) -> Parsed<Compound> {
        self.next()?;
        let mut branches = Vec::new();
        loop {
            let condition = self.parse_body(&["then"])?;
            self.expect_word("then")?;
            branches.push((condition, self.parse_body(&["elif", "else", "fi"])?));
            if !self.is_word("elif")? {
                break;
            }
            self.next()?;
        }
        let otherwise = if self.is_word("else")? {
            self.next()?;
            Some(self.parse_body(&["fi"])?)
        } else {
            None
        };
        self.expect_word("fi")?;
        Ok(Compound::If { branches, otherwise })
    }

    fn parse_while(&mut self, until: bool) -> Parsed<Compound> {
        self.next()?;
        let condition = self.parse_body(&["do"])?;
        let body = self.parse_do()?;
        Ok(Compound::While { until, condition, body })
    }

    fn parse_do(&mut self) -> Parsed<List> {
        self.expect_word("do")?;
        let body = self.parse_body(&["done"])?;
        self.expect_word("done")?;
        Ok(body)
    }

    fn parse_for(&mut self) -> Parsed<Compound> {
        let line = self.token_line;
        self.next()?;
        if self.dialect == Dialect::Bash && self.peek()? == &Token::Operator("(") && self.at(0) == Some('(') {
            return self.parse_arithmetic_for(line);
        }
        Ok(Compound::For(self.parse_for_words(line)?))
    }

    fn parse_select(&mut self) -> Parsed<Compound> {
        let line = self.token_line;
        self.next()?;
        Ok(Compound::Select(self.parse_for_words(line)?))
    }

    /// `coproc command` and `coproc name compound`.
    fn parse_coprocess(&mut self) -> Parsed<Compound> {
        let line = self.token_line;
        self.next()?;
        let named = matches!(self.peek()?, Token::Word(word) if word.as_literal().is_some_and(is_name))
            && !self.begins_compound()?;
        if named {
            self.next()?;
            if !self.begins_compound()? {
                // It was the command, and these are its words.
                self.parse_words(&mut String::new())?;
                while self.parse_redirect()?.is_some() {}
                return Ok(Compound::Coprocess { line });
            }
        }
        self.parse_command()?;
        Ok(Compound::Coprocess { line })
    }

    fn begins_compound(&mut self) -> Parsed<bool> {
        Ok(match self.peek()? {
            Token::Operator("(") => true,
            Token::Word(word) => matches!(
                word.as_literal(),
                Some("{" | "if" | "while" | "until" | "for" | "select" | "case" | "[[")
            ),
            _ => false,
        })
    }

    /// What stands behind `for` and `select`.
    fn parse_for_words(&mut self, line: u32) -> Parsed<ForLoop> {
        let name = match self.peek()? {
            Token::Word(word) => word.as_literal().filter(|name| is_name(name)).map(str::to_owned),
            _ => None,
        };
        let Some(name) = name else {
            return match self.dialect {
                Dialect::Bash => self.unexpected(),
                _ => self.fail(SyntaxErrorKind::Other("bad for loop variable")),
            };
        };
        self.next()?;
        let mut words = None;
        let mut source = String::new();
        if self.peek()? == &Token::Operator(";") {
            self.next()?;
        } else {
            self.skip_newlines()?;
            if self.is_word("in")? {
                self.next()?;
                words = Some(self.parse_words(&mut source)?);
                if self.peek()? == &Token::Operator(";") {
                    self.next()?;
                }
            }
        }
        self.skip_newlines()?;
        if self.dialect == Dialect::Bash && self.is_word("{")? {
            self.next()?;
            let body = self.parse_body(&["}"])?;
            self.expect_word("}")?;
            return Ok(ForLoop { name, words, body, line, source: source.into() });
        }
        let body = self.parse_do()?;
        Ok(ForLoop { name, words, body, line, source: source.into() })
    }

    fn parse_arithmetic_for(&mut self, line: u32) -> Parsed<Compound> {
        self.next()?;
        self.bump();
        let start = self.read_arithmetic(';')?;
        self.bump();
        let condition = self.read_arithmetic(';')?;
        self.bump();
        let step = self.read_arithmetic(')')?;
        self.bump();
        self.bump();
        if self.peek()? == &Token::Operator(";") {
            self.next()?;
        }
        self.skip_newlines()?;
        let body = self.parse_do()?;
        Ok(Compound::ArithmeticFor { start, condition, step, body, line })
    }

    fn parse_case(&mut self) -> Parsed<Compound> {
        let line = self.token_line;
        self.next()?;
        self.peek()?;
        let mut source = String::new();
        self.add_source(&mut source);
        let Token::Word(word) = self.next()? else { return self.unexpected() };
        self.skip_newlines()?;
        self.expect_word("in")?;
        let mut arms = Vec::new();
        loop {
            self.skip_newlines()?;
            if self.is_word("esac")? {
                self.next()?;
                return Ok(Compound::Case { word, arms, line, source: source.into() });
            }
            if self.peek()? == &Token::Operator("(") {
                self.next()?;
            }
            let patterns = self.parse_patterns()?;
            self.expect_operator(")")?;
            let body = self.parse_list(&["esac"])?;
            let end = match self.peek()? {
                Token::Operator(";;") => Some(CaseEnd::Stop),
                Token::Operator(";&") => Some(CaseEnd::FallThrough),
                Token::Operator(";;&") => Some(CaseEnd::TestNext),
                _ => None,
            };
            if end.is_some() {
                self.next()?;
            } else if !self.is_word("esac")? {
                return self.unexpected_for(Some(";;"));
            }
            arms.push(CaseArm { patterns, body, end: end.unwrap_or(CaseEnd::Stop) });
        }
    }

    fn parse_patterns(&mut self) -> Parsed<Vec<Word>> {
        let mut patterns = Vec::new();
        loop {
            if !matches!(self.peek()?, Token::Word(_)) {
                return self.unexpected();
            }
            if let Token::Word(pattern) = self.next()? {
                patterns.push(pattern);
            }
            if self.peek()? != &Token::Operator("|") {
                return Ok(patterns);
            }
            self.next()?;
        }
    }

    fn parse_test(&mut self) -> Parsed<Compound> {
        // Groups count here without `shopt -s extglob`, too.
        let outer = std::mem::replace(&mut self.extglob, true);
        let test = self.parse_test_inside();
        self.extglob = outer;
        test
    }

    fn parse_test_inside(&mut self) -> Parsed<Compound> {
        let line = self.token_line;
        self.next()?;
        let mut tokens = Vec::new();
        let mut after_regex = false;
        loop {
            if after_regex {
                // The right side of `=~` may hold parentheses and bars that are no operators.
                tokens.push(TestToken::Word(self.read_regex_word()?));
                after_regex = false;
                continue;
            }
            match self.next()? {
                Token::Word(word) => match word.as_literal() {
                    Some("]]") => return Ok(Compound::Test { tokens, line }),
                    Some("!") => tokens.push(TestToken::Operator("!")),
                    Some("=~") => {
                        after_regex = true;
                        tokens.push(TestToken::Word(word));
                    }
                    _ => tokens.push(TestToken::Word(word)),
                },
                Token::Operator(operator @ ("&&" | "||" | "(" | ")" | "<" | ">")) => {
                    tokens.push(TestToken::Operator(operator));
                }
                Token::Newline => {}
                token => {
                    self.look = Some(token);
                    return self.unexpected();
                }
            }
        }
    }

    fn read_regex_word(&mut self) -> Parsed<Word> {
        while self.at(0) == Some(' ') {
            self.bump();
        }
        let mut parts = Vec::new();
        loop {
            match self.at(0) {
                None | Some(' ' | '\t' | '\n') => break,
                Some(c @ ('(' | ')' | '|' | '<' | '>' | ';' | '&')) => {
                    self.bump();
                    parts.push(Part::Literal(c.to_string()));
                }
                Some(_) => parts.extend(self.read_word()?.parts),
            }
        }
        Ok(Word { parts })
    }
}

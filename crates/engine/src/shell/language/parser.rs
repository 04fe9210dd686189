//! The grammar: from tokens to the syntax tree.

use super::ast::*;
use super::lexer::Token;
use super::{Dialect, SyntaxError, SyntaxErrorKind};
use std::cell::RefCell;
use std::rc::Rc;

/// Reads a script command by command.
#[derive(Debug)]
pub(in crate::shell) struct Parser {
    pub(super) chars: Vec<char>,
    pub(super) pos: usize,
    pub(super) line: u32,
    pub(super) token_line: u32,
    pub(super) look: Option<Token>,
    pub(super) here_documents: Vec<Rc<RefCell<HereDocument>>>,
    pub(super) dialect: Dialect,
    pub(super) depth: u32,
}

/// Deeper nesting is refused, so that the stack holds.
const MAX_DEPTH: u32 = 100;

const RESERVED: [&str; 16] = [
    "if", "then", "elif", "else", "fi", "while", "until", "for", "do", "done", "case", "esac", "in", "{",
    "}", "!",
];

type Parsed<T> = Result<T, SyntaxError>;

impl Parser {
    /// A parser at the beginning of a script.
    pub(in crate::shell) fn new(text: &str, dialect: Dialect) -> Self {
        Self {
            chars: text.chars().collect(),
            pos: 0,
            line: 1,
            token_line: 1,
            look: None,
            here_documents: Vec::new(),
            dialect,
            depth: 0,
        }
    }

    /// The next complete command with all that is on its line; `None` at the end.
    pub(in crate::shell) fn next_line(&mut self) -> Parsed<Option<List>> {
        while self.peek()? == &Token::Newline {
            self.next()?;
        }
        if self.peek()? == &Token::End {
            return Ok(None);
        }
        let mut list = List::default();
        loop {
            let ended = self.parse_item(&mut list)?;
            match self.peek()? {
                Token::Newline | Token::End => return Ok(Some(list)),
                _ if ended => {}
                _ => return self.unexpected(),
            }
        }
    }

    /// All commands to the end of the text.
    pub(super) fn parse_all(&mut self) -> Parsed<List> {
        let mut all = List::default();
        while let Some(list) = self.next_line()? {
            all.items.extend(list.items);
        }
        Ok(all)
    }

    pub(super) fn enter(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { self.fail(SyntaxErrorKind::TooDeep) } else { Ok(()) }
    }

    pub(super) fn unexpected<T>(&mut self) -> Parsed<T> {
        self.unexpected_for(None)
    }

    fn unexpected_for<T>(&mut self, expected: Option<&'static str>) -> Parsed<T> {
        let dialect = self.dialect;
        let text = match self.peek()? {
            Token::End => "end of file".to_owned(),
            Token::Newline => "newline".to_owned(),
            Token::Operator(operator) if is_redirect(operator) && dialect != Dialect::Bash => {
                "redirection".into()
            }
            Token::Operator(operator) => (*operator).to_owned(),
            Token::Number(number) => number.to_string(),
            Token::Word(word) => match word.as_literal() {
                Some(text) if dialect == Dialect::Bash || RESERVED.contains(&text) => text.to_owned(),
                _ => "word".to_owned(),
            },
        };
        Err(SyntaxError { line: self.token_line, kind: SyntaxErrorKind::Unexpected(text, expected) })
    }

    /// Commands up to one of the reserved words, a closing operator or the end, none of which is taken.
    pub(super) fn parse_list(&mut self, ends: &[&str]) -> Parsed<List> {
        let mut list = List::default();
        loop {
            self.skip_newlines()?;
            if self.is_list_end(ends)? {
                return Ok(list);
            }
            let ended = self.parse_item(&mut list)?;
            if self.peek()? != &Token::Newline && !ended && !self.is_list_end(ends)? {
                return self.unexpected();
            }
        }
    }

    /// As [`Parser::parse_list`], but there must be a command.
    fn parse_body(&mut self, ends: &[&'static str]) -> Parsed<List> {
        let list = self.parse_list(ends)?;
        if list.items.is_empty() { self.unexpected_for(ends.first().copied()) } else { Ok(list) }
    }

    fn is_list_end(&mut self, ends: &[&str]) -> Parsed<bool> {
        Ok(match self.peek()? {
            Token::End => true,
            Token::Operator(operator) => matches!(*operator, ")" | ";;" | ";&" | ";;&"),
            Token::Word(word) => word.as_literal().is_some_and(|text| ends.contains(&text)),
            _ => false,
        })
    }

    fn skip_newlines(&mut self) -> Parsed<()> {
        while self.peek()? == &Token::Newline {
            self.next()?;
        }
        Ok(())
    }

    /// One and-or list and the `;` or `&` behind it; whether there was one.
    fn parse_item(&mut self, list: &mut List) -> Parsed<bool> {
        let first = self.parse_pipeline()?;
        let mut rest = Vec::new();
        loop {
            let is_and = match self.peek()? {
                Token::Operator("&&") => true,
                Token::Operator("||") => false,
                _ => break,
            };
            self.next()?;
            self.skip_newlines()?;
            rest.push((is_and, self.parse_pipeline()?));
        }
        let (background, ended) = match self.peek()? {
            Token::Operator("&") => (true, true),
            Token::Operator(";") => (false, true),
            _ => (false, false),
        };
        if ended {
            self.next()?;
        }
        list.items.push(Item { and_or: AndOr { first, rest }, background });
        Ok(ended)
    }

    fn parse_pipeline(&mut self) -> Parsed<Pipeline> {
        let mut negated = false;
        while self.is_word("!")? {
            self.next()?;
            negated = !negated;
        }
        let mut commands = vec![self.parse_command()?];
        while matches!(self.peek()?, Token::Operator("|" | "|&")) {
            if self.next()? == Token::Operator("|&")
                && let Some(Command::Simple(Simple { redirects, .. }) | Command::Compound(_, redirects)) =
                    commands.last_mut()
            {
                let kind = RedirectKind::Duplicate { target: Word::literal("1"), output: true };
                redirects.push(Redirect { fd: Some(2), kind });
            }
            self.skip_newlines()?;
            commands.push(self.parse_command()?);
        }
        Ok(Pipeline { negated, commands })
    }

    fn is_word(&mut self, text: &str) -> Parsed<bool> {
        Ok(matches!(self.peek()?, Token::Word(word) if word.as_literal() == Some(text)))
    }

    fn expect_word(&mut self, text: &'static str) -> Parsed<()> {
        if self.is_word(text)? {
            self.next()?;
            Ok(())
        } else {
            self.unexpected_for(Some(text))
        }
    }

    fn expect_operator(&mut self, operator: &'static str) -> Parsed<()> {
        if self.peek()? == &Token::Operator(operator) {
            self.next()?;
            Ok(())
        } else {
            self.unexpected_for(Some(operator))
        }
    }

    fn parse_command(&mut self) -> Parsed<Command> {
        self.enter()?;
        let command = self.parse_command_inside();
        self.depth -= 1;
        command
    }

    fn parse_command_inside(&mut self) -> Parsed<Command> {
        let dialect = self.dialect;
        let compound = match self.peek()? {
            Token::Operator("(") => Some(self.parse_parenthesis()?),
            Token::Word(word) => match word.as_literal() {
                Some("{") => {
                    self.next()?;
                    let list = self.parse_body(&["}"])?;
                    self.expect_word("}")?;
                    Some(Compound::Group(list))
                }
                Some("if") => Some(self.parse_if()?),
                Some("while") => Some(self.parse_while(false)?),
                Some("until") => Some(self.parse_while(true)?),
                Some("for") => Some(self.parse_for()?),
                Some("case") => Some(self.parse_case()?),
                Some("[[") if dialect == Dialect::Bash => Some(self.parse_test()?),
                Some("function") if dialect != Dialect::Dash => return self.parse_function_keyword(),
                Some("then" | "else" | "elif" | "fi" | "do" | "done" | "esac" | "}") => {
                    return self.unexpected();
                }
                _ => None,
            },
            _ => None,
        };
        match compound {
            Some(compound) => {
                let mut redirects = Vec::new();
                while let Some(redirect) = self.parse_redirect()? {
                    redirects.push(redirect);
                }
                Ok(Command::Compound(compound, redirects))
            }
            None => self.parse_simple(),
        }
    }

    fn parse_parenthesis(&mut self) -> Parsed<Compound> {
        self.next()?;
        if self.dialect != Dialect::Dash && self.look.is_none() && self.at(0) == Some('(') {
            let (pos, line) = (self.pos, self.line);
            self.bump();
            if let Ok(word) = self.read_arithmetic(')') {
                self.bump();
                self.bump();
                return Ok(Compound::Arithmetic(word));
            }
            (self.pos, self.line) = (pos, line);
        }
        let list = self.parse_body(&[])?;
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
        self.next()?;
        if self.peek()? == &Token::Operator("(") && self.at(0) == Some('(') {
            return self.parse_arithmetic_for();
        }
        let name = match self.peek()? {
            Token::Word(word) => word.as_literal().filter(|name| is_name(name)).map(str::to_owned),
            _ => None,
        };
        let Some(name) = name else { return self.unexpected() };
        self.next()?;
        let mut words = None;
        if self.peek()? == &Token::Operator(";") {
            self.next()?;
        } else {
            self.skip_newlines()?;
            if self.is_word("in")? {
                self.next()?;
                words = Some(self.parse_words()?);
                if self.peek()? == &Token::Operator(";") {
                    self.next()?;
                }
            }
        }
        self.skip_newlines()?;
        let body = self.parse_do()?;
        Ok(Compound::For { name, words, body })
    }

    fn parse_words(&mut self) -> Parsed<Vec<Word>> {
        let mut words = Vec::new();
        while matches!(self.peek()?, Token::Word(_)) {
            if let Token::Word(word) = self.next()? {
                words.push(word);
            }
        }
        Ok(words)
    }

    fn parse_arithmetic_for(&mut self) -> Parsed<Compound> {
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
        Ok(Compound::ArithmeticFor { start, condition, step, body })
    }

    fn parse_case(&mut self) -> Parsed<Compound> {
        self.next()?;
        let Token::Word(word) = self.next()? else { return self.unexpected() };
        self.skip_newlines()?;
        self.expect_word("in")?;
        let mut arms = Vec::new();
        loop {
            self.skip_newlines()?;
            if self.is_word("esac")? {
                self.next()?;
                return Ok(Compound::Case { word, arms });
            }
            if self.peek()? == &Token::Operator("(") {
                self.next()?;
            }
            let mut patterns = Vec::new();
            loop {
                if !matches!(self.peek()?, Token::Word(_)) {
                    return self.unexpected();
                }
                if let Token::Word(pattern) = self.next()? {
                    patterns.push(pattern);
                }
                if self.peek()? != &Token::Operator("|") {
                    break;
                }
                self.next()?;
            }
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
                return self.unexpected();
            }
            arms.push(CaseArm { patterns, body, end: end.unwrap_or(CaseEnd::Stop) });
        }
    }

    fn parse_test(&mut self) -> Parsed<Compound> {
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
                    Some("]]") => return Ok(Compound::Test(tokens)),
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

    fn parse_function_keyword(&mut self) -> Parsed<Command> {
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

    fn parse_simple(&mut self) -> Parsed<Command> {
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
            array = Some(words);
        }
        Ok(Some(Assignment { name: name.to_owned(), append, value: Word { parts }, array, index }))
    }

    fn parse_redirect(&mut self) -> Parsed<Option<Redirect>> {
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
        let target = match self.peek()? {
            Token::Word(_) => match self.next()? {
                Token::Word(word) => word,
                _ => Word::default(),
            },
            // `2>1` after an operator: digits before another redirection are a word here.
            Token::Number(number) => {
                let word = Word::literal(&number.to_string());
                self.next()?;
                word
            }
            _ => return self.unexpected(),
        };
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
}

fn is_redirect(operator: &str) -> bool {
    matches!(operator, "<" | ">" | ">|" | ">>" | "<>" | "<&" | ">&" | "&>" | "&>>" | "<<" | "<<-" | "<<<")
}

/// Whether a text is the name of a variable.
pub(in crate::shell) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

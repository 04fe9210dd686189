//! The grammar: from tokens to the syntax tree.

mod compound;
mod simple;

use super::ast::*;
use super::lexer::Token;
use super::{Dialect, SyntaxError, SyntaxErrorKind};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Reads a script command by command.
#[derive(Debug)]
pub(in crate::shell) struct Parser {
    pub(super) chars: Vec<char>,
    pub(super) pos: usize,
    pub(super) line: u32,
    pub(super) token_line: u32,
    pub(super) token_start: usize,
    pub(super) look: Option<Token>,
    pub(super) here_documents: Vec<Rc<RefCell<HereDocument>>>,
    /// Whether the text ended within a here-document.
    pub(super) open_document: bool,
    pub(super) dialect: Dialect,
    pub(super) depth: u32,
    /// What `alias` has defined by the time a line is read.
    aliases: Rc<BTreeMap<String, String>>,
    /// The aliases whose text is being read, and how many characters there will be behind it.
    expanding: Vec<(String, usize)>,
    /// Behind an alias that ends with a blank: how many characters there are. The next word may be an alias, too.
    after_blank: Option<usize>,
    /// Within the parentheses of `name=(…)`.
    pub(super) in_array: bool,
    /// Whether words may hold groups such as `@(a|b)`.
    pub(super) extglob: bool,
}

/// Deeper nesting is refused, so that the stack holds.
const MAX_DEPTH: u32 = 100;

const RESERVED: [&str; 16] = [
    "if", "then", "elif", "else", "fi", "while", "until", "for", "do", "done", "case", "esac", "in", "{",
    "}", "!",
];

const CLOSING: [&str; 8] = ["then", "elif", "else", "fi", "do", "done", "esac", "}"];

type Parsed<T> = Result<T, SyntaxError>;

impl Parser {
    /// A parser at the beginning of a script.
    pub(in crate::shell) fn new(text: &str, dialect: Dialect) -> Self {
        Self {
            chars: text.chars().collect(),
            pos: 0,
            line: 1,
            token_line: 1,
            token_start: 0,
            look: None,
            here_documents: Vec::new(),
            open_document: false,
            dialect,
            depth: 0,
            aliases: Rc::default(),
            expanding: Vec::new(),
            after_blank: None,
            in_array: false,
            extglob: false,
        }
    }

    /// The next complete command, with these aliases.
    pub(in crate::shell) fn next_line_with(
        &mut self,
        aliases: &Rc<BTreeMap<String, String>>,
    ) -> Parsed<Option<List>> {
        self.aliases = aliases.clone();
        self.next_line()
    }

    /// What has been read since a place that [`Parser::place`] gave.
    pub(in crate::shell) fn read_since(&self, place: usize) -> String {
        self.chars[place.min(self.pos)..self.pos].iter().collect()
    }

    /// How far it has read.
    pub(in crate::shell) fn place(&self) -> usize {
        self.pos
    }

    /// Whether words may hold groups such as `@(a|b)` from now on.
    pub(in crate::shell) fn set_extglob(&mut self, on: bool) {
        self.extglob = on;
    }

    /// The line that comes next.
    pub(in crate::shell) fn set_line(&mut self, line: u32) {
        self.line = line;
    }

    /// Puts the text of an alias in the place of the next word, if it is one.
    pub(super) fn replace_alias(&mut self) -> Parsed<()> {
        while !self.aliases.is_empty() {
            let Token::Word(word) = self.peek()? else { return Ok(()) };
            let Some(name) = word.as_literal().map(str::to_owned) else { return Ok(()) };
            let Some(text) = self.aliases.get(&name) else { return Ok(()) };
            let behind = self.chars.len() - self.pos;
            // Within its own text, the word stands for itself.
            self.expanding.retain(|(_, end)| behind + name.chars().count() > *end);
            if self.expanding.iter().any(|(known, _)| *known == name) {
                return Ok(());
            }
            self.after_blank = text.ends_with([' ', '\t']).then_some(behind);
            let text: Vec<char> = text.chars().collect();
            self.expanding.push((name, behind));
            self.look = None;
            self.chars.splice(self.pos..self.pos, text);
        }
        Ok(())
    }

    /// As [`Parser::replace_alias`], for the word behind an alias that ends with a blank.
    pub(super) fn replace_next_alias(&mut self) -> Parsed<()> {
        self.peek()?;
        match self.after_blank {
            Some(behind) if self.chars.len() - self.pos < behind => {
                self.after_blank = None;
                self.replace_alias()
            }
            _ => Ok(()),
        }
    }

    /// A parser of text that comes after other lines.
    pub(in crate::shell) fn at_line(text: &str, dialect: Dialect, line: u32) -> Self {
        Self { line, token_line: line, ..Self::new(text, dialect) }
    }

    /// Whether the text ended within a here-document, which a person would go on with.
    pub(in crate::shell) fn is_in_document(&self) -> bool {
        self.open_document || !self.here_documents.is_empty()
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
        // ash and dash count the newline that they have read.
        let after = dialect != Dialect::Bash && text == "newline";
        let mut line = if after { self.line } else { self.token_line };
        // bash counts the line that is missing.
        if dialect == Dialect::Bash && text == "end of file" && self.chars.last() != Some(&'\n') {
            line += 1;
        }
        Err(SyntaxError { line, kind: SyntaxErrorKind::Unexpected(text, expected) })
    }

    /// Commands up to one of the reserved words, a closing operator or the end, none of which is taken.
    pub(super) fn parse_list(&mut self, ends: &[&str]) -> Parsed<List> {
        let mut list = List::default();
        loop {
            self.skip_newlines()?;
            if self.is_list_end(ends)? {
                return Ok(list);
            }
            // In ash and dash any closing word ends a list that has begun; whether it is the right one is seen later.
            if self.dialect != Dialect::Bash && !list.items.is_empty() && self.is_list_end(&CLOSING)? {
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
        if !list.items.is_empty() {
            return Ok(list);
        }
        let at_end = self.peek()? == &Token::End;
        self.unexpected_for(ends.first().copied().filter(|_| at_end))
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
        let mut timed = None;
        if self.dialect == Dialect::Bash && self.is_word("time")? {
            self.next()?;
            timed = Some(self.is_word("-p")?);
            if timed == Some(true) {
                self.next()?;
            }
        }
        while self.is_word("!")? && (self.dialect == Dialect::Bash || !negated) {
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
                redirects.push(Redirect { fd: Some(2), variable: None, kind, line: self.line });
            }
            self.skip_newlines()?;
            if self.is_word("!")? {
                return self.unexpected();
            }
            commands.push(self.parse_command()?);
        }
        Ok(Pipeline { negated, timed, commands })
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
        self.replace_alias()?;
        if self.dialect != Dialect::Dash && self.is_word("function")? {
            return self.parse_function_keyword();
        }
        self.peek()?;
        let line = self.token_line;
        match self.parse_compound()? {
            Some(compound) => {
                let mut redirects = Vec::new();
                while let Some(redirect) = self.parse_redirect()? {
                    redirects.push(Redirect { line, ..redirect });
                }
                Ok(Command::Compound(compound, redirects))
            }
            None => self.parse_simple(),
        }
    }
}

fn is_redirect(operator: &str) -> bool {
    matches!(operator, "<" | ">" | ">|" | ">>" | "<>" | "<&" | ">&" | "&>" | "&>>" | "<<" | "<<-" | "<<<")
}

/// Whether a word is reserved where a command begins.
pub(in crate::shell) fn is_reserved(word: &str) -> bool {
    RESERVED.contains(&word)
}

/// Whether a text is the name of a variable.
pub(in crate::shell) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}

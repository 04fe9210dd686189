//! From the tokens of a program to its parts: rules, functions and statements.

use super::ast::{
    Expr, Function, Pattern, Program, Redirection, RedirectionKind, Rule, Statement, Var, special,
};
use super::dialect::Dialect;
use super::failure::Failure;
use super::lexer::{Placed, Token, tokens};

/// Parts may be nested so deep: real programs are not, and the stack of a worker is small.
const MAX_NESTING: usize = 150;

/// Reads a program.
pub(super) fn parse(text: &str, dialect: Dialect) -> Result<Program, Failure> {
    let mut parser = Parser {
        tokens: tokens(text, dialect)?,
        at: 0,
        dialect,
        program: Program::default(),
        function: None,
        greater_redirects: false,
        parentheses: 0,
        braces: 0,
        loops: 0,
        is_rule: false,
        nesting: 0,
        ranges: 0,
        passed: Vec::new(),
        calls: Vec::new(),
    };
    for name in special::NAMES {
        parser.global(name);
    }
    for place in [special::ENVIRON, special::ARGV] {
        parser.program.arrays[place] = true;
    }
    parser.items()?;
    parser.check_calls()?;
    parser.infer_arrays();
    Ok(parser.program)
}

pub(super) struct Parser {
    tokens: Vec<Placed>,
    at: usize,
    pub(super) dialect: Dialect,
    pub(super) program: Program,
    /// The function that is being read.
    pub(super) function: Option<usize>,
    /// Whether `>` names a file here.
    pub(super) greater_redirects: bool,
    pub(super) parentheses: usize,
    braces: usize,
    loops: usize,
    /// In `BEGIN` and `END` there is no record to go on from.
    is_rule: bool,
    pub(super) nesting: usize,
    ranges: usize,
    /// Bare variables that were passed to functions: which may turn out to be arrays.
    pub(super) passed: Vec<Passed>,
    /// Calls: the line, the function, the number of arguments.
    pub(super) calls: Vec<(usize, usize, usize)>,
}

/// A variable that was passed to a function.
pub(super) struct Passed {
    pub within: Option<usize>,
    pub variable: Var,
    pub function: usize,
    pub position: usize,
}

pub(super) type Parsed<T> = Result<T, Failure>;

impl Parser {
    pub(super) fn token(&self) -> &Token {
        &self.tokens[self.at].token
    }

    pub(super) fn following(&self, ahead: usize) -> &Token {
        &self.tokens[(self.at + ahead).min(self.tokens.len() - 1)].token
    }

    pub(super) fn line(&self) -> usize {
        self.tokens[self.at].line
    }

    pub(super) fn advance(&mut self) {
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
    }

    pub(super) fn sees(&self, mark: &str) -> bool {
        matches!(self.token(), Token::Mark(found) if *found == mark)
    }

    pub(super) fn takes(&mut self, mark: &str) -> bool {
        let found = self.sees(mark);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn expect(&mut self, mark: &str) -> Parsed<()> {
        if self.takes(mark) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// What is said of a token that cannot stand where it does.
    pub(super) fn unexpected(&self) -> Failure {
        let Placed { token, line, written } = &self.tokens[self.at];
        let is_end = *token == Token::End;
        let text = match self.dialect {
            Dialect::Busybox => "Unexpected token".to_owned(),
            Dialect::Gawk if is_end => "unexpected newline or end of string".to_owned(),
            Dialect::Gawk => "syntax error".to_owned(),
            Dialect::Mawk if is_end && self.braces > 0 => "missing } near end of file".to_owned(),
            Dialect::Mawk if self.parentheses > 0 && matches!(token, Token::Mark("}" | ";" | "\n")) => {
                format!("missing ) near {}", if written == "\n" { "end of line" } else { written })
            }
            Dialect::Mawk if is_end || written == "\n" => "syntax error at or near end of line".to_owned(),
            Dialect::Mawk => format!("syntax error at or near {written}"),
        };
        // mawk reads one more line to find out that there is none.
        Failure::Syntax(line + usize::from(is_end && self.braces > 0 && self.dialect == Dialect::Mawk), text)
    }

    pub(super) fn fail<T>(&self, busybox: &str, mawk: String) -> Parsed<T> {
        let text = if self.dialect == Dialect::Busybox { busybox.to_owned() } else { mawk };
        Err(Failure::Syntax(self.line(), text))
    }

    pub(super) fn skip_newlines(&mut self) {
        while self.takes("\n") {}
    }

    /// Enters a nested part.
    pub(super) fn enter(&mut self) -> Parsed<()> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return self.fail("Unexpected token", "program is nested too deep".to_owned());
        }
        Ok(())
    }

    fn items(&mut self) -> Parsed<()> {
        loop {
            while self.takes("\n") || self.takes(";") {}
            if *self.token() == Token::End {
                return Ok(());
            }
            if self.takes("function") {
                self.definition()?;
            } else if self.takes("BEGIN") {
                let action = self.action()?;
                self.program.begin.push(action);
            } else if self.takes("END") {
                let action = self.action()?;
                self.program.end.push(action);
            } else {
                self.rule()?;
            }
        }
    }

    fn rule(&mut self) -> Parsed<()> {
        let pattern = if self.sees("{") {
            Pattern::All
        } else {
            let from = self.expression()?;
            if self.takes(",") {
                self.skip_newlines();
                let to = self.expression()?;
                self.ranges += 1;
                Pattern::Range(from, to, self.ranges - 1)
            } else {
                Pattern::When(from)
            }
        };
        let action = if self.sees("{") {
            self.is_rule = true;
            let action = self.action()?;
            self.is_rule = false;
            action
        } else {
            if !(matches!(self.token(), Token::End) || self.sees("\n") || self.sees(";")) {
                return Err(self.unexpected());
            }
            vec![Statement::Print(Vec::new(), None)]
        };
        self.program.rules.push(Rule { pattern, action });
        Ok(())
    }

    fn definition(&mut self) -> Parsed<()> {
        let (Token::Name(name) | Token::Call(name)) = self.token().clone() else {
            return Err(self.unexpected());
        };
        let function = self.function_named(&name);
        if self.program.functions[function].is_defined {
            return self.fail("Duplicate function", format!("redefinition of {name}"));
        }
        self.advance();
        self.expect("(")?;
        let mut parameters: Vec<String> = Vec::new();
        while !self.takes(")") {
            let Token::Name(parameter) = self.token().clone() else { return Err(self.unexpected()) };
            if parameters.contains(&parameter) && self.dialect != Dialect::Busybox {
                return self.fail("", format!("{parameter} is duplicated in argument list"));
            }
            parameters.push(parameter);
            self.advance();
            if !self.sees(")") {
                self.expect(",")?;
                self.skip_newlines();
            }
        }
        self.skip_newlines();
        let arrays = vec![false; parameters.len()];
        self.program.functions[function] =
            Function { name, parameters, arrays, body: Vec::new(), is_defined: true };
        self.function = Some(function);
        let body = self.action()?;
        self.function = None;
        self.program.functions[function].body = body;
        Ok(())
    }

    /// Statements in braces.
    fn action(&mut self) -> Parsed<Vec<Statement>> {
        self.enter()?;
        self.braces += 1;
        self.expect("{")?;
        let mut statements = Vec::new();
        loop {
            while self.takes("\n") || self.takes(";") {}
            if self.takes("}") {
                self.braces -= 1;
                self.nesting -= 1;
                return Ok(statements);
            }
            statements.push(self.statement()?);
        }
    }

    /// What a condition or loop does.
    fn body(&mut self) -> Parsed<Vec<Statement>> {
        self.skip_newlines();
        if self.takes(";") {
            return Ok(Vec::new());
        }
        Ok(match self.statement()? {
            Statement::Block(statements) => statements,
            other => vec![other],
        })
    }

    fn loop_body(&mut self) -> Parsed<Vec<Statement>> {
        self.loops += 1;
        let body = self.body();
        self.loops -= 1;
        body
    }

    fn statement(&mut self) -> Parsed<Statement> {
        self.enter()?;
        let statement = self.compound_or_simple();
        self.nesting -= 1;
        statement
    }

    fn compound_or_simple(&mut self) -> Parsed<Statement> {
        if self.sees("{") {
            return Ok(Statement::Block(self.action()?));
        }
        let Token::Mark(mark) = *self.token() else { return self.terminated() };
        match mark {
            "if" => self.condition(),
            "while" => {
                self.advance();
                let condition = self.parenthesized()?;
                Ok(Statement::While(condition, self.loop_body()?))
            }
            "do" => {
                self.advance();
                let body = self.loop_body()?;
                while self.takes("\n") || self.takes(";") {}
                self.expect("while")?;
                let condition = self.parenthesized()?;
                self.end_of_statement()?;
                Ok(Statement::DoWhile(body, condition))
            }
            "for" => self.for_loop(),
            _ => self.terminated(),
        }
    }

    fn terminated(&mut self) -> Parsed<Statement> {
        let statement = self.simple_statement()?;
        self.end_of_statement()?;
        Ok(statement)
    }

    fn end_of_statement(&mut self) -> Parsed<()> {
        if self.takes(";") || self.takes("\n") || self.sees("}") { Ok(()) } else { Err(self.unexpected()) }
    }

    fn parenthesized(&mut self) -> Parsed<Expr> {
        self.expect("(")?;
        self.inside(Self::expression, ")")
    }

    fn condition(&mut self) -> Parsed<Statement> {
        self.advance();
        let condition = self.parenthesized()?;
        let then = self.body()?;
        let here = self.at;
        while self.takes("\n") || self.takes(";") {}
        if self.takes("else") {
            return Ok(Statement::If(condition, then, self.body()?));
        }
        self.at = here;
        Ok(Statement::If(condition, then, Vec::new()))
    }

    fn for_loop(&mut self) -> Parsed<Statement> {
        self.advance();
        self.expect("(")?;
        if let (Token::Name(name), Token::Mark("in"), Token::Name(array), Token::Mark(")")) =
            (self.token().clone(), self.following(1), self.following(2).clone(), self.following(3))
        {
            (0..4).for_each(|_| self.advance());
            let variable = self.variable(&name)?;
            let array = self.array(&array)?;
            return Ok(Statement::ForIn(variable, array, self.loop_body()?));
        }
        let start = if self.sees(";") { None } else { Some(Box::new(self.simple_statement()?)) };
        self.expect(";")?;
        self.skip_newlines();
        let condition = if self.sees(";") { None } else { Some(self.expression()?) };
        self.expect(";")?;
        self.skip_newlines();
        let step = if self.sees(")") { None } else { Some(Box::new(self.simple_statement()?)) };
        self.expect(")")?;
        Ok(Statement::For(start, condition, step, self.loop_body()?))
    }

    /// Whether a statement ends here.
    fn at_end(&self) -> bool {
        matches!(self.token(), Token::End | Token::Mark(";" | "\n" | "}" | ")"))
    }

    fn optional_expression(&mut self) -> Parsed<Option<Expr>> {
        if self.at_end() { Ok(None) } else { self.expression().map(Some) }
    }

    fn simple_statement(&mut self) -> Parsed<Statement> {
        let Token::Mark(mark) = *self.token() else { return self.expression().map(Statement::Expr) };
        let mawk = self.dialect == Dialect::Mawk;
        match mark {
            "print" | "printf" => return self.print(mark == "printf"),
            "delete" => {
                self.advance();
                return self.delete();
            }
            "exit" => {
                self.advance();
                return Ok(Statement::Exit(self.optional_expression()?));
            }
            "return" if self.function.is_none() && self.dialect != Dialect::Busybox => {
                return self.fail("", "return outside function body".to_owned());
            }
            "return" => {
                self.advance();
                return Ok(Statement::Return(self.optional_expression()?));
            }
            "next" | "nextfile" if mawk && !self.is_rule => {
                return self.fail("", format!("improper use of {mark}"));
            }
            "break" | "continue" if self.loops == 0 && self.dialect != Dialect::Busybox => {
                return self.fail("", format!("{mark} statement outside of loop"));
            }
            _ => {}
        }
        let statement = match mark {
            "next" => Statement::Next,
            "nextfile" => Statement::NextFile,
            "break" => Statement::Break,
            "continue" => Statement::Continue,
            _ => return self.expression().map(Statement::Expr),
        };
        self.advance();
        Ok(statement)
    }

    fn delete(&mut self) -> Parsed<Statement> {
        let Token::Name(name) = self.token().clone() else { return Err(self.unexpected()) };
        self.advance();
        let array = self.array(&name)?;
        let subscript = if self.takes("[") { Some(self.inside(Self::expressions, "]")?) } else { None };
        Ok(Statement::Delete(array, subscript))
    }

    fn print(&mut self, formatted: bool) -> Parsed<Statement> {
        self.advance();
        let before = std::mem::replace(&mut self.greater_redirects, true);
        let redirects = |parser: &Self| matches!(parser.token(), Token::Mark(">" | ">>" | "|"));
        let mut list = Vec::new();
        if !self.at_end() && !redirects(self) {
            list = self.expressions()?;
            if let [Expr::Group(_)] = list.as_slice()
                && let Some(Expr::Group(inner)) = list.pop()
            {
                list = inner;
            }
        }
        if list.iter().any(|expr| matches!(expr, Expr::Group(_))) {
            return Err(self.unexpected());
        }
        if formatted && list.is_empty() && self.dialect != Dialect::Busybox {
            return self.fail("", "no arguments in call to printf".to_owned());
        }
        let kind = match self.token() {
            Token::Mark(">") => Some(RedirectionKind::Truncate),
            Token::Mark(">>") => Some(RedirectionKind::Append),
            Token::Mark("|") => Some(RedirectionKind::Pipe),
            _ => None,
        };
        let redirection = match kind {
            None => None,
            Some(kind) => {
                self.advance();
                Some(Redirection { kind, target: self.expression()? })
            }
        };
        self.greater_redirects = before;
        Ok(if formatted { Statement::Printf(list, redirection) } else { Statement::Print(list, redirection) })
    }
}

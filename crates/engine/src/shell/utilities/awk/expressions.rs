//! From tokens to expressions, one function for each precedence, the loosest first.

use super::ast::{Arithmetic, Comparison, Expr, Source};
use super::builtins::Builtin;
use super::lexer::Token;
use super::parser::{Parsed, Parser};
use super::pattern;
use std::rc::Rc;

fn boxed(expr: Expr) -> Box<Expr> {
    Box::new(expr)
}

impl Parser {
    /// One or more expressions between commas.
    pub(super) fn expressions(&mut self) -> Parsed<Vec<Expr>> {
        let mut list = vec![self.expression()?];
        while self.takes(",") {
            self.skip_newlines();
            list.push(self.expression()?);
        }
        Ok(list)
    }

    /// A whole expression.
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        self.enter()?;
        let condition = self.disjunction()?;
        let expr = if self.takes("?") {
            self.skip_newlines();
            let yes = self.expression()?;
            self.skip_newlines();
            self.expect(":")?;
            self.skip_newlines();
            let no = self.expression()?;
            Expr::Conditional(Box::new([condition, yes, no]))
        } else {
            condition
        };
        self.nesting -= 1;
        Ok(expr)
    }

    /// One more operand of a chain, which makes the tree deeper by one.
    fn chained(&mut self, links: &mut usize) -> Parsed<()> {
        *links += 1;
        if *links > 200 {
            return self.fail("Unexpected token", "expression is too long".to_owned());
        }
        Ok(())
    }

    fn disjunction(&mut self) -> Parsed<Expr> {
        let mut left = self.conjunction()?;
        let mut links = 0;
        while self.takes("||") {
            self.chained(&mut links)?;
            self.skip_newlines();
            left = Expr::Or(boxed(left), boxed(self.conjunction()?));
        }
        Ok(left)
    }

    fn conjunction(&mut self) -> Parsed<Expr> {
        let mut left = self.membership()?;
        let mut links = 0;
        while self.takes("&&") {
            self.chained(&mut links)?;
            self.skip_newlines();
            left = Expr::And(boxed(left), boxed(self.membership()?));
        }
        Ok(left)
    }

    fn membership(&mut self) -> Parsed<Expr> {
        let mut left = self.matching()?;
        let mut links = 0;
        while self.takes("in") {
            self.chained(&mut links)?;
            let Token::Name(name) = self.token().clone() else { return Err(self.unexpected()) };
            self.advance();
            let array = self.array(&name)?;
            left = Expr::In(if let Expr::Group(list) = left { list } else { vec![left] }, array);
        }
        Ok(left)
    }

    fn matching(&mut self) -> Parsed<Expr> {
        let mut left = self.comparison()?;
        let mut links = 0;
        while let Token::Mark(mark @ ("~" | "!~")) = *self.token() {
            self.chained(&mut links)?;
            self.advance();
            let regex = boxed(self.comparison()?);
            left = Expr::Match { negated: mark == "!~", text: boxed(left), regex };
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Parsed<Expr> {
        let mut left = self.piped()?;
        let mut links = 0;
        loop {
            let comparison = match *self.token() {
                Token::Mark("<") => Comparison::Less,
                Token::Mark("<=") => Comparison::LessOrEqual,
                Token::Mark("==") => Comparison::Equal,
                Token::Mark("!=") => Comparison::NotEqual,
                Token::Mark(">") if !self.greater_redirects => Comparison::Greater,
                Token::Mark(">=") => Comparison::GreaterOrEqual,
                _ => return Ok(left),
            };
            self.chained(&mut links)?;
            self.advance();
            left = Expr::Compare(comparison, boxed(left), boxed(self.piped()?));
        }
    }

    /// `command | getline`.
    fn piped(&mut self) -> Parsed<Expr> {
        let mut left = self.concatenation()?;
        let mut links = 0;
        while self.sees("|") && *self.following(1) == Token::Mark("getline") {
            self.chained(&mut links)?;
            self.advance();
            self.advance();
            left = Expr::Getline(Box::new(Source::Command(left)), self.getline_target()?);
        }
        Ok(left)
    }

    /// Whether an operand of a concatenation begins here.
    fn begins_operand(&self) -> bool {
        match self.token() {
            Token::Number(_) | Token::Text(_) | Token::Regex(_) | Token::Name(_) | Token::Call(_) => true,
            Token::Builtin(_) => true,
            Token::Mark(mark) => matches!(*mark, "$" | "!" | "(" | "++" | "--"),
            Token::End => false,
        }
    }

    /// Values side by side.
    fn concatenation(&mut self) -> Parsed<Expr> {
        let first = self.sum()?;
        if !self.begins_operand() {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.begins_operand() {
            parts.push(self.sum()?);
        }
        Ok(Expr::Concat(parts))
    }

    fn sum(&mut self) -> Parsed<Expr> {
        let mut left = self.product()?;
        let mut links = 0;
        loop {
            let operator = match *self.token() {
                Token::Mark("+") => Arithmetic::Add,
                Token::Mark("-") => Arithmetic::Subtract,
                _ => return Ok(left),
            };
            self.chained(&mut links)?;
            self.advance();
            left = Expr::Arithmetic(operator, boxed(left), boxed(self.product()?));
        }
    }

    fn product(&mut self) -> Parsed<Expr> {
        let mut left = self.unary()?;
        let mut links = 0;
        loop {
            let operator = match *self.token() {
                Token::Mark("*") => Arithmetic::Multiply,
                Token::Mark("/") => Arithmetic::Divide,
                Token::Mark("%") => Arithmetic::Remainder,
                _ => return Ok(left),
            };
            self.chained(&mut links)?;
            self.advance();
            left = Expr::Arithmetic(operator, boxed(left), boxed(self.unary()?));
        }
    }

    fn unary(&mut self) -> Parsed<Expr> {
        let Token::Mark(mark @ ("!" | "-" | "+")) = *self.token() else { return self.power() };
        self.enter()?;
        self.advance();
        let operand = boxed(self.unary()?);
        self.nesting -= 1;
        Ok(match mark {
            "!" => Expr::Not(operand),
            "-" => Expr::Negative(operand),
            _ => Expr::Positive(operand),
        })
    }

    fn power(&mut self) -> Parsed<Expr> {
        let base = self.stepped()?;
        if !self.takes("^") {
            return Ok(base);
        }
        self.enter()?;
        let exponent = self.unary()?;
        self.nesting -= 1;
        Ok(Expr::Arithmetic(Arithmetic::Power, boxed(base), boxed(exponent)))
    }

    /// `++` and `--`, and assignments, which bind to the place on their left wherever it stands.
    fn stepped(&mut self) -> Parsed<Expr> {
        if let Token::Mark(mark @ ("++" | "--")) = *self.token() {
            self.advance();
            let place = self.primary()?;
            if !place.is_place() {
                return Err(self.unexpected());
            }
            return Ok(Expr::Step(boxed(place), if mark == "++" { 1.0 } else { -1.0 }, false));
        }
        let place = self.primary()?;
        if !place.is_place() {
            return Ok(place);
        }
        let Token::Mark(mark) = *self.token() else { return Ok(place) };
        let operator = match mark {
            "++" | "--" => {
                self.advance();
                return Ok(Expr::Step(boxed(place), if mark == "++" { 1.0 } else { -1.0 }, true));
            }
            "=" => None,
            "+=" => Some(Arithmetic::Add),
            "-=" => Some(Arithmetic::Subtract),
            "*=" => Some(Arithmetic::Multiply),
            "/=" => Some(Arithmetic::Divide),
            "%=" => Some(Arithmetic::Remainder),
            "^=" => Some(Arithmetic::Power),
            _ => return Ok(place),
        };
        self.advance();
        self.skip_newlines();
        let value = boxed(self.expression()?);
        Ok(match operator {
            None => Expr::Assign(boxed(place), value),
            Some(operator) => Expr::Update(operator, boxed(place), value),
        })
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let line = self.line();
        match self.token().clone() {
            Token::Number(number) => {
                self.advance();
                Ok(Expr::Number(number))
            }
            Token::Text(text) => {
                self.advance();
                Ok(Expr::Text(text.into()))
            }
            Token::Regex(text) => {
                self.advance();
                Ok(Expr::Regex(Rc::new(pattern::compile(&text, self.dialect, Some(line))?)))
            }
            Token::Name(name) => {
                self.advance();
                self.named(&name)
            }
            Token::Call(name) => {
                self.advance();
                self.call(line, &name)
            }
            Token::Builtin(builtin) => {
                self.advance();
                self.builtin(builtin)
            }
            Token::Mark("(") => self.group(),
            Token::Mark("$") => {
                self.advance();
                self.field()
            }
            Token::Mark("getline") => {
                self.advance();
                let target = self.getline_target()?;
                let source = if self.takes("<") { Source::File(self.primary()?) } else { Source::Input };
                Ok(Expr::Getline(Box::new(source), target))
            }
            _ => Err(self.unexpected()),
        }
    }

    fn named(&mut self, name: &str) -> Parsed<Expr> {
        if !self.takes("[") {
            return Ok(Expr::Var(self.variable(name)?));
        }
        let array = self.array(name)?;
        let subscript = self.inside(Self::expressions, "]")?;
        Ok(Expr::Element(array, subscript))
    }

    /// Reads something up to a closing bracket. Within it `>` compares.
    pub(super) fn inside<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>, close: &str) -> Parsed<T> {
        self.enter()?;
        let before = std::mem::replace(&mut self.greater_redirects, false);
        self.parentheses += 1;
        let inner = read(self)?;
        self.expect(close)?;
        self.parentheses -= 1;
        self.greater_redirects = before;
        self.nesting -= 1;
        Ok(inner)
    }

    fn group(&mut self) -> Parsed<Expr> {
        self.advance();
        let mut list = self.inside(Self::expressions, ")")?;
        Ok(if list.len() == 1 { list.remove(0) } else { Expr::Group(list) })
    }

    /// What stands behind `$`, which binds tightest.
    fn field(&mut self) -> Parsed<Expr> {
        self.enter()?;
        let number = match *self.token() {
            Token::Mark("-") => {
                self.advance();
                Expr::Negative(boxed(self.primary()?))
            }
            Token::Mark(mark @ ("++" | "--")) => {
                self.advance();
                let place = self.primary()?;
                if !place.is_place() {
                    return Err(self.unexpected());
                }
                Expr::Step(boxed(place), if mark == "++" { 1.0 } else { -1.0 }, false)
            }
            _ => self.primary()?,
        };
        self.nesting -= 1;
        Ok(Expr::Field(boxed(number)))
    }

    fn getline_target(&mut self) -> Parsed<Option<Box<Expr>>> {
        if !matches!(self.token(), Token::Name(_) | Token::Mark("$")) {
            return Ok(None);
        }
        Ok(Some(boxed(self.primary()?)))
    }

    /// Arguments in parentheses. Names that stand alone where an array may be are not read as variables: the second
    /// list has them, and the first something in their place.
    fn arguments(
        &mut self,
        may_be_array: impl Fn(usize) -> bool,
    ) -> Parsed<(Vec<Expr>, Vec<Option<String>>)> {
        self.expect("(")?;
        self.inside(
            |parser| {
                let (mut arguments, mut bare) = (Vec::new(), Vec::new());
                parser.skip_newlines();
                while !parser.sees(")") {
                    let name = match (parser.token(), parser.following(1)) {
                        (Token::Name(name), Token::Mark("," | ")")) if may_be_array(bare.len()) => {
                            Some(name.clone())
                        }
                        _ => None,
                    };
                    if name.is_some() {
                        parser.advance();
                        arguments.push(Expr::Number(0.0));
                    } else {
                        arguments.push(parser.expression()?);
                    }
                    bare.push(name);
                    parser.skip_newlines();
                    if !parser.sees(")") {
                        parser.expect(",")?;
                        parser.skip_newlines();
                    }
                }
                Ok((arguments, bare))
            },
            ")",
        )
    }

    /// A call of one of the program's functions. A bare name may be an array.
    fn call(&mut self, line: usize, name: &str) -> Parsed<Expr> {
        let function = self.function_named(name);
        let (mut arguments, bare) = self.arguments(|_| true)?;
        for (argument, variable) in arguments.iter_mut().zip(self.note_call(line, function, &bare)) {
            if let Some(variable) = variable {
                *argument = Expr::Var(variable);
            }
        }
        Ok(Expr::Call(function, arguments))
    }

    fn builtin(&mut self, builtin: Builtin) -> Parsed<Expr> {
        if builtin == Builtin::Length && !self.sees("(") {
            return Ok(Expr::Builtin(builtin, Vec::new()));
        }
        let positions = builtin.array_positions();
        let is_length = builtin == Builtin::Length;
        let (mut arguments, bare) = self.arguments(|at| is_length || positions.contains(&at))?;
        let (least, most) = builtin.arity();
        if arguments.len() < least || arguments.len() > most {
            let text = if arguments.is_empty() {
                "syntax error at or near )".to_owned()
            } else {
                format!("wrong number of arguments in call to {}", builtin.name())
            };
            return self.fail("Too few arguments", text);
        }
        for (at, name) in bare.iter().enumerate() {
            match name {
                // The length of an array or of a string: how the name is used elsewhere decides.
                Some(name) if is_length => arguments[at] = Expr::Var(self.place(name)),
                Some(name) => arguments[at] = Expr::Var(self.array(name)?),
                None if positions.contains(&at) => return Err(self.unexpected()),
                None => {}
            }
        }
        if arguments.iter().any(|argument| matches!(argument, Expr::Group(_))) {
            return Err(self.unexpected());
        }
        if matches!(builtin, Builtin::Sub | Builtin::Gsub) && arguments.len() == 2 {
            arguments.push(Expr::Field(boxed(Expr::Number(0.0))));
        }
        Ok(Expr::Builtin(builtin, arguments))
    }
}

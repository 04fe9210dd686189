//! Arithmetic: the expressions of `$((…))`.

use super::Dialect;
use std::collections::BTreeMap;

/// Where names in an expression lead.
pub(in crate::shell) trait Variables {
    /// The value of a variable; empty if it is not set.
    fn get(&mut self, name: &str) -> String;
    /// Gives a variable a value.
    fn set(&mut self, name: &str, value: i64);
}

/// For tests and for expressions without a shell around.
impl Variables for BTreeMap<String, String> {
    fn get(&mut self, name: &str) -> String {
        BTreeMap::get(self, name).cloned().unwrap_or_default()
    }

    fn set(&mut self, name: &str, value: i64) {
        self.insert(name.to_owned(), value.to_string());
    }
}

/// Evaluates an expression; the error is the end of a message such as `divide by zero`.
///
/// In bash's words it begins with the expression, which may be that of a variable.
pub(in crate::shell) fn evaluate(
    text: &str,
    variables: &mut dyn Variables,
    dialect: Dialect,
) -> Result<i64, String> {
    evaluate_nested(text, variables, dialect, 0)
}

fn evaluate_nested(
    text: &str,
    variables: &mut dyn Variables,
    dialect: Dialect,
    depth: u32,
) -> Result<i64, String> {
    if depth > 20 {
        return Err(match dialect {
            Dialect::Bash => {
                format!("{text}: expression recursion level exceeded (error token is \"{text}\")")
            }
            _ => "expression recursion loop detected".into(),
        });
    }
    let mut expression =
        Expression { chars: text.chars().collect(), at: 0, last: 0, variables, dialect, depth, skip: 0 };
    expression.blanks();
    if expression.at == expression.chars.len() && (dialect != Dialect::Dash || text.is_empty()) {
        return Ok(0);
    }
    let value = expression.comma()?;
    match expression.chars.get(expression.at) {
        None => Ok(value),
        Some(c) => Err(match dialect {
            Dialect::Ash if *c == ':' => "malformed ?: operator".into(),
            Dialect::Ash => "arithmetic syntax error".into(),
            Dialect::Dash => "expecting EOF".into(),
            Dialect::Bash if *c == '=' => expression.fails("attempted assignment to non-variable"),
            Dialect::Bash if c.is_alphanumeric() || "_()+-*/%<>&|^!~?:,".contains(*c) => {
                expression.fails("syntax error in expression")
            }
            Dialect::Bash => expression.fails("syntax error: invalid arithmetic operator"),
        }),
    }
}

struct Expression<'a> {
    chars: Vec<char>,
    at: usize,
    /// Where the last operator began.
    last: usize,
    dialect: Dialect,
    variables: &'a mut dyn Variables,
    depth: u32,
    /// Above zero in a part that is not evaluated, such as the right side of `0 && x++`.
    skip: u32,
}

type Value = Result<i64, String>;

/// Deeper nesting is refused, so that the stack holds.
const MAX_NESTING: u32 = 60;

/// Binary operators, the loosest first.
const LEVELS: [&[&str]; 10] = [
    &["||"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<=", ">=", "<", ">"],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
];
const ASSIGNMENTS: [&str; 11] = ["<<=", ">>=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "="];

impl Expression<'_> {
    fn blanks(&mut self) {
        while self.chars.get(self.at).is_some_and(|c| c.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn sees(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(ahead, c)| self.chars.get(self.at + ahead) == Some(&c))
    }

    /// A message of bash's, with where the expression goes wrong.
    fn fails(&self, what: &str) -> String {
        let from = if self.at < self.chars.len() { self.at } else { self.last };
        let all: String = self.chars.iter().collect();
        let token: String = self.chars[from..].iter().collect();
        format!("{}: {what} (error token is \"{token}\")", all.trim_start())
    }

    fn operand_expected<T>(&self) -> Result<T, String> {
        Err(match self.dialect {
            Dialect::Ash => "arithmetic syntax error".into(),
            Dialect::Dash => "expecting primary".into(),
            Dialect::Bash => self.fails("syntax error: operand expected"),
        })
    }

    fn take(&mut self, text: &str) -> bool {
        if self.sees(text) {
            self.last = self.at;
            self.at += text.len();
            self.blanks();
            return true;
        }
        false
    }

    fn comma(&mut self) -> Value {
        let mut value = self.assignment()?;
        while self.dialect != Dialect::Dash && self.take(",") {
            value = self.assignment()?;
        }
        Ok(value)
    }

    fn name(&mut self) -> Option<String> {
        let start = self.at;
        if !self.chars.get(start).is_some_and(|c| c.is_ascii_alphabetic() || *c == '_') {
            return None;
        }
        let mut end = start;
        while self.chars.get(end).is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_') {
            end += 1;
        }
        if self.dialect == Dialect::Bash && self.chars.get(end) == Some(&'[') {
            let mut nesting = 0;
            let close = (end..self.chars.len()).find(|at| {
                nesting += match self.chars[*at] {
                    '[' => 1,
                    ']' => -1,
                    _ => 0,
                };
                nesting == 0
            });
            end = close.map_or(end, |close| close + 1);
        }
        self.at = end;
        self.blanks();
        Some(self.chars[start..end].iter().collect())
    }

    fn assignment(&mut self) -> Value {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err("expression is nested too deeply".into());
        }
        let value = self.assignment_inside();
        self.depth -= 1;
        value
    }

    fn assignment_inside(&mut self) -> Value {
        let start = self.at;
        if let Some(name) = self.name() {
            let operator = ASSIGNMENTS.into_iter().find(|operator| self.sees(operator));
            if let Some(operator) = operator.filter(|operator| *operator != "=" || !self.sees("==")) {
                self.take(operator);
                let right = self.assignment()?;
                let value = match operator.strip_suffix('=') {
                    Some("") | None => right,
                    Some(operator) => {
                        let left = self.variable(&name)?;
                        self.apply(operator, left, right)?
                    }
                };
                if self.skip == 0 {
                    self.variables.set(&name, value);
                }
                return Ok(value);
            }
            self.at = start;
        }
        self.conditional()
    }

    fn conditional(&mut self) -> Value {
        let condition = self.binary(0)?;
        if !self.take("?") {
            return Ok(condition);
        }
        let chosen = condition != 0;
        self.skip += u32::from(!chosen);
        let yes = self.assignment();
        self.skip -= u32::from(!chosen);
        let yes = yes?;
        if !self.take(":") {
            return Err(match self.dialect {
                Dialect::Ash => "malformed ?: operator".into(),
                Dialect::Dash => "expecting ':'".into(),
                Dialect::Bash => self.fails("`:' expected for conditional expression"),
            });
        }
        self.skip += u32::from(chosen);
        let no = self.assignment();
        self.skip -= u32::from(chosen);
        let no = no?;
        Ok(if chosen { yes } else { no })
    }

    fn binary(&mut self, level: usize) -> Value {
        let Some(operators) = LEVELS.get(level) else { return self.power() };
        let mut left = self.binary(level + 1)?;
        loop {
            let operator = operators.iter().find(|operator| {
                self.sees(operator)
                    // `a & b` is not `a && b`, `a < b` not `a << b`, `a + b` not `a += b`.
                    && !(operator.len() == 1 && {
                        let next = self.chars.get(self.at + 1);
                        next == Some(&'=') && !matches!(**operator, "<" | ">")
                            || matches!(**operator, "&" | "|" | "<" | ">" | "*") && (**operator != "*" || self.dialect != Dialect::Dash) && next == operator.chars().next().as_ref()
                    })
                    && !(matches!(**operator, "<<" | ">>") && self.chars.get(self.at + 2) == Some(&'='))
            });
            let Some(operator) = operator else { return Ok(left) };
            self.take(operator);
            let decided = matches!((*operator, left != 0), ("&&", false) | ("||", true));
            self.skip += u32::from(decided);
            let right = self.binary(level + 1);
            self.skip -= u32::from(decided);
            left = self.apply(operator, left, right?)?;
        }
    }

    fn power(&mut self) -> Value {
        let base = self.unary()?;
        if self.dialect == Dialect::Dash || !self.take("**") {
            return Ok(base);
        }
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err("expression is nested too deeply".into());
        }
        let exponent = self.power();
        self.depth -= 1;
        let exponent = exponent?;
        if exponent < 0 {
            return Err(match self.dialect {
                Dialect::Bash => self.fails("exponent less than 0"),
                _ => "exponent less than 0".into(),
            });
        }
        Ok((0..exponent.min(64)).fold(1_i64, |value, _| value.wrapping_mul(base)))
    }

    fn unary(&mut self) -> Value {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err("expression is nested too deeply".into());
        }
        let value = self.unary_inside();
        self.depth -= 1;
        value
    }

    fn unary_inside(&mut self) -> Value {
        for (operator, change) in [("++", 1), ("--", -1)] {
            if self.sees(operator) && self.dialect != Dialect::Dash {
                let start = self.at;
                self.take(operator);
                if let Some(name) = self.name() {
                    let value = self.variable(&name)?.wrapping_add(change);
                    if self.skip == 0 {
                        self.variables.set(&name, value);
                    }
                    return Ok(value);
                }
                self.at = start;
            }
        }
        if self.take("!") {
            return Ok(i64::from(self.unary()? == 0));
        }
        if self.take("~") {
            return Ok(!self.unary()?);
        }
        if self.take("-") {
            return Ok(self.unary()?.wrapping_neg());
        }
        if self.take("+") {
            return self.unary();
        }
        self.primary()
    }

    fn primary(&mut self) -> Value {
        if self.take("(") {
            let value = self.comma()?;
            if self.take(")") {
                return Ok(value);
            }
            return Err(match self.dialect {
                Dialect::Ash => "arithmetic syntax error".into(),
                Dialect::Dash => "expecting ')'".into(),
                Dialect::Bash => self.fails("missing `)'"),
            });
        }
        if let Some(name) = self.name() {
            let value = self.variable(&name)?;
            for (operator, change) in [("++", 1), ("--", -1)] {
                if self.dialect != Dialect::Dash && self.take(operator) {
                    if self.skip == 0 {
                        self.variables.set(&name, value.wrapping_add(change));
                    }
                    break;
                }
            }
            return Ok(value);
        }
        let start = self.at;
        let based = self.dialect != Dialect::Dash;
        while self
            .chars
            .get(self.at)
            .is_some_and(|c| c.is_ascii_alphanumeric() || based && matches!(c, '#' | '_' | '@'))
            && (self.at > start || self.chars[start].is_ascii_digit())
        {
            self.at += 1;
        }
        let mut text: String = self.chars[start..self.at].iter().collect();
        if text.is_empty() {
            return self.operand_expected();
        }
        if !based {
            // Digits that do not belong to the number are what comes behind it.
            let (hex, base) = match text.get(..2) {
                Some("0x" | "0X") if text.len() > 2 => (2, 16),
                _ if text.starts_with('0') => (0, 8),
                _ => (0, 10),
            };
            let length = text[hex..].find(|c: char| !c.is_digit(base)).map_or(text.len(), |end| hex + end);
            self.at = start + length;
            text.truncate(length);
        }
        let value = number(&text, self.dialect);
        if value.is_none() && self.dialect == Dialect::Bash {
            return Err(format!("{text}: value too great for base (error token is \"{text}\")"));
        }
        self.blanks();
        value.ok_or_else(|| "arithmetic syntax error".into())
    }

    /// The value of a variable, which may be an expression itself.
    fn variable(&mut self, name: &str) -> Value {
        let text = self.variables.get(name);
        let text = text.trim();
        if text.is_empty() {
            return Ok(0);
        }
        match number(text, self.dialect) {
            Some(value) => Ok(value),
            None if self.dialect == Dialect::Dash => Err(format!("Illegal number: {text}")),
            None => evaluate_nested(text, self.variables, self.dialect, self.depth + 1),
        }
    }

    fn apply(&self, operator: &str, left: i64, right: i64) -> Value {
        Ok(match operator {
            "||" => i64::from(left != 0 || right != 0),
            "&&" => i64::from(left != 0 && right != 0),
            "|" => left | right,
            "^" => left ^ right,
            "&" => left & right,
            "==" => i64::from(left == right),
            "!=" => i64::from(left != right),
            "<=" => i64::from(left <= right),
            ">=" => i64::from(left >= right),
            "<" => i64::from(left < right),
            ">" => i64::from(left > right),
            "<<" => left.wrapping_shl(right as u32),
            ">>" => left.wrapping_shr(right as u32),
            "+" => left.wrapping_add(right),
            "-" => left.wrapping_sub(right),
            "*" => left.wrapping_mul(right),
            "/" | "%" if right == 0 && self.skip > 0 => 0,
            "/" | "%" if right == 0 => {
                let all: String = self.chars.iter().collect();
                return Err(match self.dialect {
                    Dialect::Ash => "divide by zero".into(),
                    Dialect::Dash => "division by zero".into(),
                    Dialect::Bash => {
                        let token: String = self.chars[self.last..].iter().collect();
                        let token = token.trim_start_matches(['/', '%', '=', ' ']);
                        format!("{}: division by 0 (error token is \"{token}\")", all.trim_start())
                    }
                });
            }
            "/" => left.wrapping_div(right),
            _ => left.wrapping_rem(right),
        })
    }
}

/// A number: decimal, `0x…`, octal with a leading 0, or `base#…`.
fn number(text: &str, dialect: Dialect) -> Option<i64> {
    if dialect == Dialect::Dash {
        return dash_number(text);
    }
    if let Some((base, digits)) = text.split_once('#') {
        return i64::from_str_radix(digits, base.parse().ok().filter(|base| (2..=36).contains(base))?).ok();
    }
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        let none = digits.is_empty() && dialect == Dialect::Bash;
        return if none { Some(0) } else { u64::from_str_radix(digits, 16).ok().map(|value| value as i64) };
    }
    if text.len() > 1 && text.starts_with('0') {
        return i64::from_str_radix(text, 8).ok();
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    // What is too large wraps around in bash; ash takes it as far as it fits into 64 bits, and is at 0 beyond.
    let value = match dialect {
        Dialect::Bash => digits
            .bytes()
            .fold(0_i64, |value, digit| value.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'))),
        _ => digits.parse::<u64>().unwrap_or(0) as i64,
    };
    Some(if text.starts_with('-') { value.wrapping_neg() } else { value })
}

/// As `strtoimax` reads it: what is too large is the largest.
fn dash_number(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (digits, base) = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None if digits.starts_with('0') => (digits, 8),
        None => (digits, 10),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(base)) {
        return None;
    }
    let value = digits.chars().fold(0_i64, |value, c| {
        value.saturating_mul(base.into()).saturating_add(c.to_digit(base).unwrap_or(0).into())
    });
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        let mut variables =
            BTreeMap::from([("x".to_owned(), "5".to_owned()), ("y".to_owned(), "x + 1".to_owned())]);
        for (text, value) in [
            ("1+2*3", 7),
            ("7/2", 3),
            ("7%3", 1),
            ("2**10", 1024),
            ("1<<4", 16),
            ("5>3", 1),
            ("3==4", 0),
            (" (1+2)*3 ", 9),
            ("0x1f", 31),
            ("~0", -1),
            ("1?10:20", 10),
            ("x++", 5),
            ("x", 6),
            ("x+=3", 9),
            ("-x", -9),
            ("y", 10),
            ("0 && x++", 0),
            ("x", 9),
            ("1,2", 2),
            ("", 0),
            ("010", 8),
            ("!x || 1 & 3", 1),
            ("- -3", 3),
            ("x<=9", 1),
        ] {
            assert_eq!(evaluate(text, &mut variables, Dialect::Ash), Ok(value), "{text}");
        }
        for text in ["1+", "1/0", "(1", "1 2", "a b", "5@"] {
            assert!(evaluate(text, &mut variables, Dialect::Ash).is_err(), "{text}");
        }
    }
}

//! Arithmetic: the expressions of `$((…))`.

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
pub(in crate::shell) fn evaluate(text: &str, variables: &mut dyn Variables) -> Result<i64, String> {
    evaluate_nested(text, variables, 0)
}

fn evaluate_nested(text: &str, variables: &mut dyn Variables, depth: u32) -> Result<i64, String> {
    if depth > 20 {
        return Err("expression recursion loop detected".into());
    }
    let mut expression = Expression { chars: text.chars().collect(), at: 0, variables, depth, skip: 0 };
    expression.blanks();
    if expression.at == expression.chars.len() {
        return Ok(0);
    }
    let value = expression.comma()?;
    if expression.at < expression.chars.len() {
        return Err("arithmetic syntax error".into());
    }
    Ok(value)
}

struct Expression<'a> {
    chars: Vec<char>,
    at: usize,
    variables: &'a mut dyn Variables,
    depth: u32,
    /// Above zero in a part that is not evaluated, such as the right side of `0 && x++`.
    skip: u32,
}

type Value = Result<i64, String>;

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

    fn take(&mut self, text: &str) -> bool {
        if self.sees(text) {
            self.at += text.len();
            self.blanks();
            return true;
        }
        false
    }

    fn comma(&mut self) -> Value {
        let mut value = self.assignment()?;
        while self.take(",") {
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
        self.at = end;
        self.blanks();
        Some(self.chars[start..end].iter().collect())
    }

    fn assignment(&mut self) -> Value {
        self.depth += 1;
        if self.depth > 60 {
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
            return Err("malformed ?: operator".into());
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
                            || matches!(**operator, "&" | "|" | "<" | ">" | "*") && next == operator.chars().next().as_ref()
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
        if !self.take("**") {
            return Ok(base);
        }
        let exponent = self.power()?;
        if exponent < 0 {
            return Err("exponent less than 0".into());
        }
        Ok((0..exponent.min(64)).fold(1_i64, |value, _| value.wrapping_mul(base)))
    }

    fn unary(&mut self) -> Value {
        self.depth += 1;
        if self.depth > 60 {
            return Err("expression is nested too deeply".into());
        }
        let value = self.unary_inside();
        self.depth -= 1;
        value
    }

    fn unary_inside(&mut self) -> Value {
        for (operator, change) in [("++", 1), ("--", -1)] {
            if self.sees(operator) {
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
            return if self.take(")") { Ok(value) } else { Err("arithmetic syntax error".into()) };
        }
        if let Some(name) = self.name() {
            let value = self.variable(&name)?;
            for (operator, change) in [("++", 1), ("--", -1)] {
                if self.take(operator) {
                    if self.skip == 0 {
                        self.variables.set(&name, value.wrapping_add(change));
                    }
                    break;
                }
            }
            return Ok(value);
        }
        let start = self.at;
        while self.chars.get(self.at).is_some_and(|c| c.is_ascii_alphanumeric() || *c == '#' || *c == '_') {
            self.at += 1;
        }
        let text: String = self.chars[start..self.at].iter().collect();
        self.blanks();
        number(&text).ok_or_else(|| "arithmetic syntax error".into())
    }

    /// The value of a variable, which may be an expression itself.
    fn variable(&mut self, name: &str) -> Value {
        let text = self.variables.get(name);
        let text = text.trim();
        if text.is_empty() {
            return Ok(0);
        }
        match number(text) {
            Some(value) => Ok(value),
            None => evaluate_nested(text, self.variables, self.depth + 1),
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
            "/" | "%" if right == 0 => return Err("divide by zero".into()),
            "/" => left.wrapping_div(right),
            _ => left.wrapping_rem(right),
        })
    }
}

/// A number: decimal, `0x…`, octal with a leading 0, or `base#…`.
fn number(text: &str) -> Option<i64> {
    if let Some((base, digits)) = text.split_once('#') {
        return i64::from_str_radix(digits, base.parse().ok().filter(|base| (2..=36).contains(base))?).ok();
    }
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return u64::from_str_radix(digits, 16).ok().map(|value| value as i64);
    }
    if text.len() > 1 && text.starts_with('0') {
        return i64::from_str_radix(text, 8).ok();
    }
    if let Some(digits) = text.strip_prefix('-') {
        return digits.parse::<i64>().ok().map(i64::wrapping_neg).filter(|_| !digits.starts_with(['-', '+']));
    }
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
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
            assert_eq!(evaluate(text, &mut variables), Ok(value), "{text}");
        }
        for text in ["1+", "1/0", "(1", "1 2", "a b", "5@"] {
            assert!(evaluate(text, &mut variables).is_err(), "{text}");
        }
    }
}

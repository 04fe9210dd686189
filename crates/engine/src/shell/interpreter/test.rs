//! `[[ … ]]` of bash.

use super::fields::Field;
use super::{Flow, Shell};
use crate::shell::language::{TestToken, Word};
use crate::shell::regex::{Regex, Syntax};
use crate::shell::utilities::test as conditions;

impl Shell<'_, '_> {
    /// 0 for true, 1 for false, 2 for an expression that is none.
    pub(super) fn test_command(&mut self, tokens: &[TestToken]) -> Result<i32, Flow> {
        let mut at = 0;
        let value = match self.test_or(tokens, &mut at, true) {
            // An expression that is wrong is told, and makes it fail.
            Err(Flow::Error(status)) => return Ok(status),
            value => value?,
        };
        match value {
            Some(value) if at == tokens.len() => Ok(i32::from(!value)),
            _ => {
                self.error(None, "syntax error in conditional expression")?;
                Ok(2)
            }
        }
    }

    fn test_or(&mut self, tokens: &[TestToken], at: &mut usize, run: bool) -> Result<Option<bool>, Flow> {
        let Some(mut value) = self.test_and(tokens, at, run)? else { return Ok(None) };
        while is_operator(tokens, *at, "||") {
            *at += 1;
            let Some(right) = self.test_and(tokens, at, run && !value)? else { return Ok(None) };
            value = value || right;
        }
        Ok(Some(value))
    }

    fn test_and(&mut self, tokens: &[TestToken], at: &mut usize, run: bool) -> Result<Option<bool>, Flow> {
        let Some(mut value) = self.test_primary(tokens, at, run)? else { return Ok(None) };
        while is_operator(tokens, *at, "&&") {
            *at += 1;
            let Some(right) = self.test_primary(tokens, at, run && value)? else { return Ok(None) };
            value = value && right;
        }
        Ok(Some(value))
    }

    fn test_primary(
        &mut self,
        tokens: &[TestToken],
        at: &mut usize,
        run: bool,
    ) -> Result<Option<bool>, Flow> {
        self.process.machine.enter()?;
        let value = self.test_primary_inside(tokens, at, run);
        self.process.machine.leave();
        value
    }

    fn test_primary_inside(
        &mut self,
        tokens: &[TestToken],
        at: &mut usize,
        run: bool,
    ) -> Result<Option<bool>, Flow> {
        if is_operator(tokens, *at, "!") {
            *at += 1;
            self.state.negated_test = !self.state.negated_test && !is_operator(tokens, *at, "(");
            let value = self.test_primary(tokens, at, run);
            self.state.negated_test = false;
            return Ok(value?.map(|value| !value));
        }
        if is_operator(tokens, *at, "(") {
            *at += 1;
            let value = self.test_or(tokens, at, run)?;
            let closed = is_operator(tokens, *at, ")");
            *at += 1;
            return Ok(value.filter(|_| closed));
        }
        let Some(TestToken::Word(left)) = tokens.get(*at) else { return Ok(None) };
        if let (Some(operator), Some(TestToken::Word(operand))) = (left.as_literal(), tokens.get(*at + 1))
            && (operator == "-o" || conditions::is_unary(operator))
            && !self.is_binary(tokens, *at + 1)
        {
            *at += 2;
            if !run {
                return Ok(Some(false));
            }
            let operand = self.expand_text(operand)?;
            self.trace_test(&[operator, &shown(&operand)])?;
            match operator {
                "-v" => return Ok(Some(self.is_set(&operand))),
                "-o" => return Ok(Some(self.has_long_option(&operand))),
                _ => {}
            }
            return Ok(Some(conditions::unary(&mut self.process, operator, &operand)));
        }
        let operator = match tokens.get(*at + 1) {
            Some(TestToken::Word(word)) => word.as_literal().unwrap_or("").to_owned(),
            Some(TestToken::Operator(operator @ ("<" | ">"))) => (*operator).to_owned(),
            _ => String::new(),
        };
        if let Some(TestToken::Word(right)) = tokens.get(*at + 2)
            && (self.is_binary(tokens, *at + 1))
        {
            let right = right.clone();
            *at += 3;
            if !run {
                return Ok(Some(false));
            }
            return self.test_binary(left, &operator, &right).map(Some);
        }
        *at += 1;
        if !run {
            return Ok(Some(false));
        }
        let text = self.expand_text(left)?;
        self.trace_test(&["-n", &shown(&text)])?;
        Ok(Some(!text.is_empty()))
    }

    fn trace_test(&mut self, words: &[&str]) -> Result<(), Flow> {
        if self.state.options.xtrace {
            let not = if self.state.negated_test { "! " } else { "" };
            self.trace_line(&format!("[[ {not}{} ]]", words.join(" ")))?;
        }
        Ok(())
    }

    /// `-v`: a variable, or an element of an array.
    fn is_set(&mut self, name: &str) -> bool {
        match name.strip_suffix(']').and_then(|text| text.split_once('[')) {
            Some((array, "@" | "*")) => {
                self.state.variables.get(array).is_some_and(|array| array.value.is_some())
            }
            Some((array, index)) => self.element(array, index).is_some(),
            None => self.parameter_text(name).is_some(),
        }
    }

    /// A number of `[[ … -eq … ]]`, which is an expression.
    fn test_number(&mut self, text: &str) -> Result<i64, Flow> {
        match self.evaluate(text) {
            Ok(number) => Ok(number),
            Err(message) => {
                self.check_unset(&message)?;
                self.error(None, &format!("[[: {message}"))?;
                Err(Flow::Error(1))
            }
        }
    }

    fn is_binary(&self, tokens: &[TestToken], at: usize) -> bool {
        match tokens.get(at) {
            Some(TestToken::Operator(operator)) => matches!(*operator, "<" | ">"),
            Some(TestToken::Word(word)) => {
                let is_operator = word
                    .as_literal()
                    .is_some_and(|operator| operator == "=~" || conditions::is_binary(operator));
                is_operator && matches!(tokens.get(at + 1), Some(TestToken::Word(_)))
            }
            None => false,
        }
    }

    fn test_binary(&mut self, left: &Word, operator: &str, right: &Word) -> Result<bool, Flow> {
        let left = self.expand_text(left)?;
        match operator {
            "=" | "==" | "!=" => {
                let right = self.expand_single(right, false)?;
                self.trace_test(&[&shown(&left), operator, &shown_pattern(&right)])?;
                let pattern = self.own_pattern(right.pattern());
                Ok(self.matches(&pattern, &left, true)? == (operator != "!="))
            }
            "=~" => {
                let right = self.expand_single(right, false)?;
                self.trace_test(&[&shown(&left), operator, &right.text()])?;
                self.test_regex(&left, &right.regex())
            }
            "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" => {
                let right = self.expand_text(right)?;
                self.trace_test(&[&shown(&left), operator, &shown(&right)])?;
                let left = self.test_number(&left)?;
                let right = self.test_number(&right)?;
                Ok(conditions::compare(left, operator, right))
            }
            _ => {
                let right = self.expand_text(right)?;
                self.trace_test(&[&shown(&left), operator, &shown(&right)])?;
                Ok(conditions::binary(&mut self.process, &left, operator, &right).unwrap_or(false))
            }
        }
    }

    fn test_regex(&mut self, left: &str, source: &str) -> Result<bool, Flow> {
        let Ok(regex) = Regex::new(source, Syntax::Extended, self.state.options.nocasematch) else {
            return Err(Flow::Error(2));
        };
        let found = regex.find(left, 0);
        let groups = found.as_ref().map(|found| {
            let texts = (0..found.len()).map(|at| found.text(left, at).unwrap_or("").to_owned());
            crate::order::map((0..).zip(texts))
        });
        self.state.variable("BASH_REMATCH").value =
            Some(super::state::Value::Array(groups.unwrap_or_default()));
        Ok(found.is_some())
    }
}

/// An operand as the trace shows it.
fn shown(text: &str) -> String {
    if text.is_empty() { "''".to_owned() } else { text.to_owned() }
}

fn shown_pattern(field: &Field) -> String {
    shown(&field.escaped())
}

fn is_operator(tokens: &[TestToken], at: usize, operator: &str) -> bool {
    matches!(tokens.get(at), Some(TestToken::Operator(found)) if *found == operator)
}

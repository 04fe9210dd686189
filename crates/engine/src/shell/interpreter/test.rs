//! `[[ … ]]` of bash.

use super::{Flow, Shell};
use crate::shell::language::{Pattern, TestToken, Word};
use crate::shell::regex::{Regex, Syntax};
use crate::shell::utilities::test as conditions;

impl Shell<'_, '_> {
    /// 0 for true, 1 for false, 2 for an expression that is none.
    pub(super) fn test_command(&mut self, tokens: &[TestToken]) -> Result<i32, Flow> {
        let mut at = 0;
        let value = self.test_or(tokens, &mut at, true)?;
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
            return Ok(self.test_primary(tokens, at, run)?.map(|value| !value));
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
            && conditions::is_unary(operator)
            && !self.is_binary(tokens, *at + 1)
        {
            *at += 2;
            if !run {
                return Ok(Some(false));
            }
            let operand = self.expand_text(operand)?;
            if operator == "-v" {
                return Ok(Some(self.parameter_text(&operand).is_some()));
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
        Ok(Some(!self.expand_text(left)?.is_empty()))
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
                let pattern = self.expand_pattern(right)?;
                Ok(Pattern::new(&pattern).matches(&left) == (operator != "!="))
            }
            "=~" => {
                let source = self.expand_regex(right)?;
                let Ok(regex) = Regex::new(&source, Syntax::Extended, false) else { return Ok(false) };
                let found = regex.find(&left, 0);
                let groups = found.as_ref().map(|found| {
                    let texts = (0..found.len()).map(|at| found.text(&left, at).unwrap_or("").to_owned());
                    crate::order::map((0..).zip(texts))
                });
                self.state.variable("BASH_REMATCH").value =
                    Some(super::state::Value::Array(groups.unwrap_or_default()));
                Ok(found.is_some())
            }
            "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" => {
                let right = self.expand_text(right)?;
                let left = self.evaluate(&left).unwrap_or(0);
                let right = self.evaluate(&right).unwrap_or(0);
                Ok(conditions::compare(left, operator, right))
            }
            _ => {
                let right = self.expand_text(right)?;
                Ok(conditions::binary(&mut self.process, &left, operator, &right).unwrap_or(false))
            }
        }
    }
}

fn is_operator(tokens: &[TestToken], at: usize, operator: &str) -> bool {
    matches!(tokens.get(at), Some(TestToken::Operator(found)) if *found == operator)
}

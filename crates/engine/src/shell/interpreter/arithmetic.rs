//! Arithmetic: `$((…))`, `((…))`, and loops that count.

use super::expand::Quoting;
use super::fields::{Builder, Field};
use super::{Flow, Shell, Status};
use crate::shell::language::{Dialect, List, Variables, Word, evaluate};

const UNBOUND: &str = ": unbound variable";

impl Shell<'_, '_> {
    /// The value of an arithmetic expression.
    pub(super) fn arithmetic(&mut self, word: &Word) -> Result<i64, Flow> {
        self.arithmetic_of("", word)
    }

    /// As [`Shell::arithmetic`], with something in front of the message.
    pub(super) fn arithmetic_of(&mut self, what: &str, word: &Word) -> Result<i64, Flow> {
        let text = self.expand_arithmetic(word)?;
        match self.evaluate(&text) {
            Ok(value) => Ok(value),
            Err(message) => {
                self.check_unset(&message)?;
                let message = self.arithmetic_message(&text, &message);
                self.error(None, &format!("{what}{message}"))?;
                Err(Flow::Error(self.fatal_status()))
            }
        }
    }

    fn expand_arithmetic(&mut self, word: &Word) -> Result<String, Flow> {
        let mut builder = Builder::new(false, "");
        self.expand_parts(&word.parts, Quoting::Quoted, &mut builder)?;
        Ok(builder.finish().first().map(Field::text).unwrap_or_default())
    }

    /// What is not set although it has to be ends the shell.
    pub(super) fn check_unset(&mut self, message: &str) -> Result<(), Flow> {
        if message.ends_with(UNBOUND) {
            self.error(None, message)?;
            return Err(self.fatal_unset());
        }
        Ok(())
    }

    /// `((…))`: nothing for an expression that is wrong, which has been told.
    pub(super) fn arithmetic_command(&mut self, word: &Word) -> Result<Option<i64>, Flow> {
        let text = self.expand_arithmetic(word)?;
        self.evaluate_traced(&text)
    }

    fn evaluate_traced(&mut self, text: &str) -> Result<Option<i64>, Flow> {
        if self.state.options.xtrace {
            self.trace_line(&format!("(( {text} ))"))?;
        }
        match self.evaluate(text) {
            Ok(value) => Ok(Some(value)),
            Err(message) => {
                self.check_unset(&message)?;
                self.error(None, &format!("((: {message}"))?;
                Ok(None)
            }
        }
    }

    /// `for ((start; condition; step))`
    pub(super) fn arithmetic_loop(
        &mut self,
        [start, condition, step]: [&Word; 3],
        body: &List,
        line: u32,
    ) -> Status {
        let mut status = 0;
        let value = |shell: &mut Self, word: &Word| {
            shell.state.line = line;
            shell.run_debug_trap()?;
            let text = shell.expand_arithmetic(word)?;
            let text = text.trim_start();
            // A part that is missing is true.
            shell.evaluate_traced(if text.is_empty() { "1" } else { text })
        };
        if value(self, start)?.is_none() {
            return self.check_errexit(1);
        }
        loop {
            self.process.machine.step(1)?;
            match value(self, condition)? {
                None => return self.check_errexit(1),
                Some(0) => return Ok(status),
                Some(_) => {}
            }
            if !self.round(body, &mut status)? {
                return Ok(status);
            }
            if value(self, step)?.is_none() {
                return self.check_errexit(1);
            }
        }
    }

    /// Evaluates the text of an expression.
    pub(super) fn evaluate(&mut self, text: &str) -> Result<i64, String> {
        let dialect = self.state.dialect;
        let mut scope = Scope { shell: self, read_only: None, unset: None };
        let value = evaluate(text, &mut scope, dialect);
        match (scope.read_only, scope.unset) {
            (Some(name), _) if dialect == Dialect::Bash => Err(format!("{name}: readonly variable")),
            (Some(name), _) => Err(format!("{name}: is read only")),
            (_, Some(name)) => Err(format!("{name}{UNBOUND}")),
            _ => value,
        }
    }

    pub(super) fn arithmetic_message(&self, text: &str, message: &str) -> String {
        let other = ["Illegal number", "is read only"].iter().any(|part| message.contains(part));
        if self.state.dialect == Dialect::Dash && !other {
            return format!("arithmetic expression: {message}: \"{text}\"");
        }
        message.to_owned()
    }
}

struct Scope<'a, 'm, 'w> {
    shell: &'a mut Shell<'m, 'w>,
    read_only: Option<String>,
    /// What is not set although it has to be.
    unset: Option<String>,
}

impl Variables for Scope<'_, '_, '_> {
    fn get(&mut self, name: &str) -> String {
        let value = match name.split_once('[') {
            Some((array, index)) => self.shell.element(array, index.strip_suffix(']').unwrap_or(index)),
            None => self.shell.parameter_text(name),
        };
        let state = &self.shell.state;
        if value.is_none() && state.options.nounset && state.dialect == Dialect::Bash {
            self.unset.get_or_insert_with(|| name.to_owned());
        }
        value.unwrap_or_default()
    }

    fn set(&mut self, name: &str, value: i64) {
        match name.split_once('[') {
            Some((array, index)) => {
                let index = Word::literal(index.strip_suffix(']').unwrap_or(index));
                // An index that is none has been complained about.
                let _ = self.shell.assign_element(array, &index, value.to_string(), false);
            }
            None if !self.shell.state.set(name, value.to_string()) => {
                self.read_only = Some(name.to_owned());
            }
            None => {}
        }
    }
}

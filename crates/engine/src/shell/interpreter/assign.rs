//! Assignments: to variables, to elements of arrays, of whole arrays.

use super::state::Value;
use super::{Flow, Shell};
use crate::shell::language::{Assignment, Dialect, Part, Word};
use std::collections::BTreeMap;

impl Shell<'_, '_> {
    /// Does an assignment; gives the value as the trace shows it.
    pub(super) fn assign_one(&mut self, assignment: &Assignment) -> Result<String, Flow> {
        let name = self.referred(&assignment.name);
        if let Some((words, _)) = &assignment.array {
            self.assign_array(&name, words, assignment.append)?;
            return Ok(String::new());
        }
        let value = self.expand_assignment(&assignment.value)?;
        if let Some(index) = &assignment.index {
            self.assign_element(&name, index, value.clone(), assignment.append)?;
            return Ok(value);
        }
        if assignment.append {
            self.append(&name, &value)?;
        } else {
            self.assign(&name, value.clone())?;
        }
        Ok(value)
    }

    /// `name+=value`
    pub(super) fn append(&mut self, name: &str, value: &str) -> Result<(), Flow> {
        let old = self.state.get(name).unwrap_or("").to_owned();
        let integer = self.state.variables.get(name).is_some_and(|variable| variable.integer);
        let whole = if integer { format!("({old:0>1})+({value})") } else { old + value };
        self.assign(name, whole)
    }

    /// The variable that a name stands for: another one where it was declared with `-n`.
    pub(super) fn referred(&self, name: &str) -> String {
        let mut name = name;
        for _ in 0..8 {
            match self.state.variables.get(name) {
                Some(variable) if variable.reference => match &variable.value {
                    Some(Value::Text(target)) if !target.is_empty() => name = target,
                    _ => break,
                },
                _ => break,
            }
        }
        name.to_owned()
    }

    /// Gives a variable a value; a read-only one ends the shell.
    pub(super) fn assign(&mut self, name: &str, value: String) -> Result<(), Flow> {
        let mut value = value;
        let mut target = name;
        let referred;
        if let Some(variable) = self.state.variables.get(name) {
            if variable.reference {
                referred = self.referred(name);
                target = &referred;
            }
            value = self.converted(target, value)?;
        }
        if let Some((array, index)) = target.strip_suffix(']').and_then(|text| text.split_once('[')) {
            return self.assign_element(array, &Word::literal(index), value, false);
        }
        if self.state.set(target, value) {
            if name == "SECONDS" && self.state.dialect == Dialect::Bash {
                let count = self.state.get("SECONDS").and_then(|text| text.parse().ok()).unwrap_or(0);
                self.state.seconds = (count, self.process.machine.slept);
            }
            if name == "OPTIND" {
                let index = self.state.get("OPTIND").and_then(|text| text.parse().ok());
                (self.state.getopts_index, self.state.getopts_at) = (index.unwrap_or(1).max(1), 0);
            }
            return Ok(());
        }
        let words = if self.state.dialect == Dialect::Bash { "readonly variable" } else { "is read only" };
        self.error(None, &format!("{name}: {words}"))?;
        Err(Flow::Error(self.fatal_status()))
    }

    /// A value as the attributes of its variable want it.
    fn converted(&mut self, name: &str, value: String) -> Result<String, Flow> {
        let Some(variable) = self.state.variables.get(name) else { return Ok(value) };
        let (integer, upper) = (variable.integer, variable.upper);
        if integer {
            return match self.evaluate(&value) {
                Ok(number) => Ok(number.to_string()),
                Err(message) => {
                    self.error(None, &message)?;
                    Err(Flow::Error(self.fatal_status()))
                }
            };
        }
        Ok(match upper {
            Some(true) => value.to_uppercase(),
            Some(false) => value.to_lowercase(),
            None => value,
        })
    }

    /// `name=(…)`
    fn assign_array(&mut self, name: &str, words: &[Word], append: bool) -> Result<(), Flow> {
        let old = self.state.variable(name).value.clone();
        let value = match old {
            Some(Value::Map(mut elements)) => {
                if !append {
                    elements.clear();
                }
                let mut plain: Vec<String> = Vec::new();
                for word in words {
                    if let Some((index, value, adds)) = keyed(word) {
                        let key = self.expand_text(index)?;
                        let value = self.expand_assignment(&value)?;
                        let before = elements.get(&key).filter(|_| adds).cloned().unwrap_or_default();
                        elements.insert(key, before + &value);
                    } else {
                        plain.extend(self.expand_words(std::slice::from_ref(word))?);
                    }
                }
                // Keys and values in turn.
                for pair in plain.chunks(2) {
                    elements.insert(pair[0].clone(), pair.get(1).cloned().unwrap_or_default());
                }
                Value::Map(elements)
            }
            old => {
                let mut elements = match old {
                    Some(Value::Array(elements)) if append => elements,
                    Some(Value::Text(text)) if append => BTreeMap::from([(0, text)]),
                    _ => BTreeMap::new(),
                };
                let mut next = elements.keys().next_back().map_or(0, |last| last + 1);
                for word in words {
                    if let Some((index, value, adds)) = keyed(word) {
                        next = self.arithmetic(index)?;
                        let value = self.expand_assignment(&value)?;
                        let value = self.converted(name, value)?;
                        let before = elements.get(&next).filter(|_| adds).cloned().unwrap_or_default();
                        elements.insert(next, before + &value);
                        next += 1;
                    } else {
                        for value in self.expand_words(std::slice::from_ref(word))? {
                            let value = self.converted(name, value)?;
                            elements.insert(next, value);
                            next += 1;
                        }
                    }
                }
                Value::Array(elements)
            }
        };
        self.replace(name, value)
    }

    /// Gives a variable another value of whatever kind.
    pub(super) fn replace(&mut self, name: &str, value: Value) -> Result<(), Flow> {
        if self.state.variable(name).read_only {
            return self.assign(name, String::new());
        }
        self.state.variable(name).value = Some(value);
        Ok(())
    }

    /// `name[index]=value`
    pub(super) fn assign_element(
        &mut self,
        name: &str,
        index: &Word,
        value: String,
        append: bool,
    ) -> Result<(), Flow> {
        let value = self.converted(name, value)?;
        if let Some(Value::Map(mut elements)) = self.state.variable(name).value.clone() {
            let key = self.expand_text(index)?;
            let before = elements.get(&key).filter(|_| append).cloned().unwrap_or_default();
            elements.insert(key, before + &value);
            return self.replace(name, Value::Map(elements));
        }
        let mut at = self.arithmetic(index)?;
        let mut elements = match self.state.variable(name).value.clone() {
            Some(Value::Array(elements)) => elements,
            Some(Value::Text(text)) => BTreeMap::from([(0, text)]),
            _ => BTreeMap::new(),
        };
        if at < 0 {
            at += elements.keys().next_back().map_or(0, |last| last + 1);
        }
        if at < 0 {
            let index = super::trace::source(index);
            self.error(None, &format!("{name}[{index}]: bad array subscript"))?;
            return Err(Flow::Error(1));
        }
        let before = elements.get(&at).filter(|_| append).cloned().unwrap_or_default();
        elements.insert(at, before + &value);
        self.replace(name, Value::Array(elements))
    }

    /// An element by the text of its index.
    pub(super) fn element(&mut self, name: &str, index: &str) -> Option<String> {
        let name = self.referred(name);
        match self.state.variables.get(&name)?.value.clone()? {
            Value::Map(elements) => elements.get(index).cloned(),
            Value::Array(elements) => {
                let at = self.evaluate(index).ok()?;
                let last = elements.keys().next_back().copied().unwrap_or(-1);
                elements.get(&if at < 0 { last + 1 + at } else { at }).cloned()
            }
            Value::Text(text) => Some(text).filter(|_| self.evaluate(index) == Ok(0)),
        }
    }
}

/// `[index]=value` or `[index]+=value` as an element: index, value, and whether it is added.
fn keyed(word: &Word) -> Option<(&Word, Word, bool)> {
    let [Part::Index(index), Part::Literal(text), rest @ ..] = &word.parts[..] else { return None };
    let (text, adds) = match text.strip_prefix('+') {
        Some(text) => (text, true),
        None => (text.as_str(), false),
    };
    let value = text.strip_prefix('=')?;
    let mut parts = vec![Part::Literal(value.to_owned())];
    if value.is_empty() {
        parts.clear();
    }
    parts.extend(rest.iter().cloned());
    Some((index, Word { parts }, adds))
}

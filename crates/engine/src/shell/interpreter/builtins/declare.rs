//! `declare`, `typeset`, and what `local` does within a function.

use super::variables::{save_local, store, taken_apart};
use crate::shell::interpreter::state::{Value, Variable};
use crate::shell::interpreter::trace::{double_quoted, single_quoted};
use crate::shell::interpreter::{Flow, Shell, Status};
use crate::shell::language::Dialect;
use std::collections::BTreeMap;

impl Shell<'_, '_> {
    /// The letters of a variable's attributes.
    pub(in crate::shell::interpreter) fn attributes(&self, name: &str) -> String {
        self.state.variables.get(name).map(letters).unwrap_or_default()
    }

    /// `declare -x name="value"`; nothing for what is not declared.
    pub(in crate::shell::interpreter) fn declaration(&self, name: &str) -> Option<String> {
        let variable = self.state.variables.get(name)?;
        let letters = letters(variable);
        let letters = if letters.is_empty() { "-".to_owned() } else { letters };
        let value = match &variable.value {
            None => String::new(),
            Some(Value::Text(text)) => format!("={}", double_quoted(text)),
            Some(Value::Array(elements)) => {
                let elements = elements.iter().map(|(at, text)| format!("[{at}]={}", double_quoted(text)));
                format!("=({})", elements.collect::<Vec<_>>().join(" "))
            }
            Some(Value::Map(elements)) => {
                let elements = elements
                    .iter()
                    .map(|(key, text)| format!("[{}]={} ", key_text(key), double_quoted(text)));
                format!("=({})", elements.collect::<String>())
            }
        };
        Some(format!("declare -{letters} {name}{value}"))
    }

    /// `name='value'`, or the declaration with the value of the first element.
    pub(in crate::shell::interpreter) fn assignment_of(&self, name: &str) -> String {
        let Some(value) = self.state.get(name) else { return self.declaration(name).unwrap_or_default() };
        let value = single_quoted(value);
        match self.attributes(name) {
            letters if letters.is_empty() => format!("{name}={value}"),
            letters => format!("declare -{letters} {name}={value}"),
        }
    }

    fn declared(&mut self, names: &[String]) -> Status {
        let mut status = 0;
        for name in names {
            match self.declaration(name) {
                Some(line) => self.process.output(&format!("{line}\n"))?,
                None => {
                    self.error(Some("declare"), &format!("{name}: not found"))?;
                    status = 1;
                }
            }
        }
        Ok(status)
    }
}

fn key_text(key: &str) -> String {
    let plain = key.chars().all(|c| c.is_alphanumeric() || "_-./:@%+,".contains(c)) && !key.is_empty();
    if plain { key.to_owned() } else { double_quoted(key) }
}

fn letters(variable: &Variable) -> String {
    let kind = match variable.value {
        Some(Value::Array(_)) => "a",
        Some(Value::Map(_)) => "A",
        _ => "",
    };
    let flags = [
        (variable.integer, 'i'),
        (variable.reference, 'n'),
        (variable.read_only, 'r'),
        (variable.exported, 'x'),
        (variable.upper == Some(false), 'l'),
        (variable.upper == Some(true), 'u'),
    ];
    let flags = flags.iter().filter(|(on, _)| *on).map(|(_, letter)| *letter);
    kind.chars().chain(flags).collect()
}

/// `declare`, `typeset`, and `local` within a function
pub(super) fn declare(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let (mut on, mut off) = (String::new(), String::new());
    let mut names = Vec::new();
    for word in &words[1..] {
        match word.chars().next() {
            Some('-') if names.is_empty() && word.len() > 1 => on.push_str(&word[1..]),
            Some('+') if names.is_empty() && word.len() > 1 => off.push_str(&word[1..]),
            _ => names.push(word.clone()),
        }
    }
    if on.contains(['f', 'F']) {
        return functions(shell, &names);
    }
    if on.contains('p') || names.is_empty() && shell.state.dialect == Dialect::Bash {
        if names.is_empty() {
            names = match (words[0].as_str(), shell.state.locals.last()) {
                ("local", Some(locals)) => locals.iter().map(|(name, _)| name.clone()).collect(),
                _ => shell.state.variables.keys().cloned().collect(),
            };
            let wanted: Vec<char> = on.chars().filter(|letter| *letter != 'p').collect();
            names.retain(|name| {
                let letters = shell.attributes(name);
                wanted.iter().all(|letter| letters.contains(*letter))
            });
        }
        return shell.declared(&names);
    }
    let mut status = 0;
    for word in names {
        if declare_one(shell, &words[0], &word, &on, &off)?.is_none() {
            status = 1;
        }
    }
    Ok(status)
}

fn functions(shell: &mut Shell<'_, '_>, names: &[String]) -> Status {
    let mut status = 0;
    for name in names {
        match shell.state.functions.contains_key(name) {
            true => shell.process.output(&format!("{name}\n"))?,
            false => status = 1,
        }
    }
    if names.is_empty() {
        for name in shell.state.functions.keys().cloned().collect::<Vec<_>>() {
            shell.process.output(&format!("declare -f {name}\n"))?;
        }
    }
    Ok(status)
}

fn declare_one(
    shell: &mut Shell<'_, '_>,
    builtin: &str,
    word: &str,
    on: &str,
    off: &str,
) -> Result<Option<()>, Flow> {
    let Some((name, value)) = taken_apart(shell, builtin, word)? else { return Ok(None) };
    let bash = shell.state.dialect == Dialect::Bash;
    let plain = name.strip_suffix('+').unwrap_or(name);
    let (plain, index) = match plain.strip_suffix(']').and_then(|text| text.split_once('[')) {
        Some((plain, index)) => (plain, Some(index)),
        None => (plain, None),
    };
    if !shell.state.locals.is_empty() && !on.contains('g') {
        let known =
            shell.state.locals.last().is_some_and(|locals| locals.iter().any(|(saved, _)| saved == plain));
        save_local(shell, plain);
        // They are unset at first; dash's keep the value from outside.
        if !known && (bash || shell.state.dialect == Dialect::Ash && value.is_none()) {
            shell.state.variables.remove(plain);
        }
    }
    let variable = shell.state.variable(plain);
    match &variable.value {
        Some(Value::Map(_) | Value::Array(_)) => {}
        old => {
            let first = match old {
                Some(Value::Text(text)) => Some(text.clone()),
                _ => None,
            };
            if on.contains('A') {
                variable.value = Some(Value::Map(
                    first.map(|text| ("0".to_owned(), text)).into_iter().collect::<BTreeMap<_, _>>(),
                ));
            } else if on.contains('a') {
                variable.value =
                    Some(Value::Array(first.map(|text| (0, text)).into_iter().collect::<BTreeMap<_, _>>()));
            }
        }
    }
    for (letters, value) in [(on, true), (off, false)] {
        for letter in letters.chars() {
            match letter {
                'i' => variable.integer = value,
                'u' => variable.upper = value.then_some(true),
                'l' => variable.upper = value.then_some(false),
                'x' => variable.exported = value,
                'n' => variable.reference = value,
                _ => {}
            }
        }
    }
    match value {
        Some(text) if on.contains('n') => {
            shell.state.variable(plain).value = Some(Value::Text(text.to_owned()));
        }
        Some(text) if bash && text.starts_with('(') && text.ends_with(')') => {
            let script = format!("{name}={text}");
            shell.eval_text(&script)?;
        }
        Some(text) if index.is_some() => {
            let index = crate::shell::language::Word::literal(index.unwrap_or(""));
            shell.assign_element(plain, &index, text.to_owned(), name.ends_with('+'))?;
        }
        _ => store(shell, name, value)?,
    }
    if on.contains('r') {
        shell.state.variable(plain).read_only = true;
    }
    Ok(Some(()))
}

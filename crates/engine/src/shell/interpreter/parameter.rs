//! Parameter expansion: `$x`, `${x:-word}` and all the others.

mod cut;

use self::cut::Cutter;
use super::expand::{Quoting, push_result};
use super::fields::Builder;
use super::state::Value;
use super::trace::single_quoted;
use super::{Flow, Shell};
use crate::shell::bytes;
use crate::shell::language::{Dialect, Operation, Parameter, Pattern, Word};

impl Parameter {
    /// Whether it stands for all parameters or elements, each a field of its own.
    pub(super) fn is_all(&self) -> bool {
        self.name == "@"
            || self.operation == Operation::Transform('@')
            || self.index.as_ref().and_then(Word::as_literal) == Some("@")
    }

    fn is_joined(&self) -> bool {
        self.name == "*"
            || self.operation == Operation::Transform('*')
            || self.index.as_ref().and_then(Word::as_literal) == Some("*")
    }
}

/// What a parameter stands for.
enum Subject {
    Unset,
    One(String),
    /// `$@`, `$*` and the elements of arrays.
    Many(Vec<String>),
}

impl Shell<'_, '_> {
    /// The value of a parameter by its name: a special one, a positional one or a variable.
    pub(super) fn parameter_text(&mut self, name: &str) -> Option<String> {
        let state = &self.state;
        if let Ok(number) = name.parse::<usize>() {
            return match number {
                0 => Some(state.name.clone()),
                _ => state.positional.get(number - 1).cloned(),
            };
        }
        match name {
            "#" => Some(state.positional.len().to_string()),
            "?" => Some(state.status.to_string()),
            "$" => Some(state.pid.to_string()),
            "!" => state.background.map(|pid| pid.to_string()),
            "-" => Some(self.option_letters()),
            "@" | "*" => Some(state.positional.join(" ")),
            "PPID" => Some("0".into()),
            "PIPESTATUS" | "FUNCNAME" | "BASH_LINENO" | "BASH_SOURCE" if state.dialect == Dialect::Bash => {
                self.calls(name).into_iter().next()
            }
            "BASH_COMMAND" if state.dialect == Dialect::Bash => Some(state.command.to_string()),
            "BASH_SUBSHELL" if state.dialect == Dialect::Bash => Some(state.subshells.to_string()),
            "BASHPID" if state.dialect == Dialect::Bash => Some(state.pid.to_string()),
            "EPOCHSECONDS" if state.dialect == Dialect::Bash => Some(self.process.now().to_string()),
            "LINENO" => match state.dialect {
                Dialect::Ash => Some(self.ash_line().to_string()),
                // Debian's dash is built without it.
                Dialect::Dash => state.get(name).map(str::to_owned),
                _ => Some(state.line.to_string()),
            },
            "RANDOM" if state.dialect != Dialect::Dash && !state.variables.contains_key("RANDOM") => {
                Some((self.process.machine.next_random() & 0x7fff).to_string())
            }
            "UID" | "EUID" if state.dialect == Dialect::Bash => {
                Some(self.process.credentials.uid.to_string())
            }
            "HOSTNAME" if state.dialect == Dialect::Bash && !state.variables.contains_key("HOSTNAME") => {
                Some(self.process.machine.hostname.clone())
            }
            "OSTYPE" if state.dialect == Dialect::Bash => Some("linux-gnu".into()),
            "SECONDS" if state.dialect == Dialect::Bash => {
                let (count, since) = state.seconds;
                Some((count + (self.process.machine.slept - since) as i64).to_string())
            }
            _ => match state.variables.get(name) {
                Some(variable) if variable.reference => {
                    let target = self.referred(name);
                    match target.strip_suffix(']').and_then(|text| text.split_once('[')) {
                        Some((array, index)) => self.element(array, index),
                        None => self.state.get(&target).map(str::to_owned),
                    }
                }
                _ => state.get(name).map(str::to_owned),
            },
        }
    }

    fn subject(&mut self, parameter: &Parameter) -> Result<Subject, Flow> {
        // ash and dash take the text of all parameters together where there is something to be done with it.
        let joined = match parameter.operation {
            Operation::Length => self.state.dialect != Dialect::Bash,
            Operation::Slice { .. } => self.state.dialect == Dialect::Ash,
            _ => false,
        };
        if matches!(parameter.name.as_str(), "@" | "*") && !joined {
            return Ok(Subject::Many(self.state.positional.clone()));
        }
        let mut name = parameter.name.clone();
        if parameter.indirect && self.state.variables.get(&name).is_some_and(|variable| variable.reference) {
            // Of a reference, it is the name that it leads to.
            return Ok(Subject::One(self.referred(&name)));
        }
        if parameter.indirect {
            name = match self.parameter_text(&name) {
                Some(target) if !target.is_empty() => target,
                _ => {
                    self.error(None, &format!("{name}: invalid indirect expansion"))?;
                    return Err(Flow::Error(1));
                }
            };
            if let Some((array, index)) = name.strip_suffix(']').and_then(|text| text.split_once('[')) {
                if matches!(index, "@" | "*") {
                    let whole = Parameter {
                        name: array.to_owned(),
                        index: Some(Word::literal(index)),
                        indirect: false,
                        operation: Operation::Value,
                    };
                    return self.subject(&whole);
                }
                return Ok(self.element(array, index).map_or(Subject::Unset, Subject::One));
            }
        } else if parameter.index.is_some() {
            name = self.referred(&name);
        }
        let Some(index) = &parameter.index else {
            return Ok(self.parameter_text(&name).map_or(Subject::Unset, Subject::One));
        };
        let value = match name.as_str() {
            "PIPESTATUS" | "FUNCNAME" | "BASH_LINENO" | "BASH_SOURCE"
                if self.state.dialect == Dialect::Bash =>
            {
                Some(Value::Array(crate::order::map((0..).zip(self.calls(&name)))))
            }
            _ => self.state.variables.get(&name).and_then(|variable| variable.value.clone()),
        };
        if parameter.is_all() || parameter.is_joined() {
            return Ok(match value {
                Some(Value::Array(elements)) => Subject::Many(elements.into_values().collect()),
                Some(Value::Map(elements)) => Subject::Many(elements.into_values().collect()),
                Some(Value::Text(text)) => Subject::Many(vec![text]),
                None => Subject::Many(Vec::new()),
            });
        }
        let element = match value {
            Some(Value::Map(elements)) => elements.get(&self.expand_text(index)?).cloned(),
            Some(Value::Array(elements)) => {
                let at = self.arithmetic(index)?;
                let last = elements.keys().next_back().copied().unwrap_or(-1);
                elements.get(&if at < 0 { last + 1 + at } else { at }).cloned()
            }
            Some(Value::Text(text)) => Some(text).filter(|_| index.as_literal() == Some("0")),
            None => None,
        };
        Ok(element.map_or(Subject::Unset, Subject::One))
    }

    pub(super) fn expand_parameter(
        &mut self,
        parameter: &Parameter,
        quoting: Quoting,
        builder: &mut Builder,
    ) -> Result<(), Flow> {
        if parameter.indirect && (parameter.is_all() || parameter.is_joined()) {
            let keys = match parameter.index {
                Some(_) => self.keys(&parameter.name),
                // `${!name@}`
                None => self.names(&parameter.name),
            };
            return self.push_many(parameter, &keys, quoting, builder);
        }
        if let Operation::Bad(text) = &parameter.operation {
            return self.bad_substitution(text);
        }
        let subject = self.subject(parameter)?;
        let is_set = match &subject {
            Subject::Unset => false,
            Subject::One(_) => true,
            Subject::Many(values) => !values.is_empty(),
        };
        let is_empty = match &subject {
            Subject::Unset => true,
            Subject::One(text) => text.is_empty(),
            Subject::Many(values) => values.iter().all(String::is_empty),
        };
        let missing = |colon: bool| !is_set || colon && is_empty;
        match &parameter.operation {
            Operation::Default { colon, word } if missing(*colon) => {
                return self.push_word(word, quoting, builder);
            }
            Operation::Alternative { colon, word } => {
                return if missing(*colon) { Ok(()) } else { self.push_word(word, quoting, builder) };
            }
            Operation::Assign { colon, word } if missing(*colon) => {
                let value = self.expand_text(word)?;
                self.assign(&parameter.name, value.clone())?;
                push_result(builder, &value, quoting);
                return Ok(());
            }
            Operation::Error { colon, word } if missing(*colon) => {
                let mut message = self.expand_text(word)?;
                if message.is_empty() {
                    message = match (colon, self.state.dialect) {
                        (true, Dialect::Bash) => "parameter null or not set".into(),
                        (true, _) => "parameter not set or null".into(),
                        (false, _) => "parameter not set".into(),
                    };
                }
                self.error(None, &format!("{}: {message}", parameter.name))?;
                return Err(self.fatal_unset());
            }
            _ => {}
        }
        if matches!(subject, Subject::Unset) && self.state.options.nounset {
            let words =
                if self.state.dialect == Dialect::Bash { "unbound variable" } else { "parameter not set" };
            let positional = self.state.dialect == Dialect::Bash
                && parameter.name.len() == 1
                && parameter.name.starts_with(|c: char| c.is_ascii_digit());
            let mark = if positional { "$" } else { "" };
            self.error(None, &format!("{mark}{}: {words}", parameter.name))?;
            return Err(self.fatal_unset());
        }
        self.push_subject(parameter, subject, quoting, builder)
    }

    /// Complains about `${…}` that is none.
    fn bad_substitution(&mut self, text: &str) -> Result<(), Flow> {
        match self.state.dialect {
            Dialect::Ash => {
                let name = &self.state.name;
                let line = if self.state.is_script {
                    format!("line {}: ", self.state.line + 1)
                } else {
                    String::new()
                };
                let message = format!("{name}: {line}syntax error: bad substitution\n");
                self.process.error_output(&message)?;
            }
            Dialect::Dash => self.error(None, "Bad substitution")?,
            Dialect::Bash => self.error(None, &format!("{text}: bad substitution"))?,
        }
        Err(Flow::Error(self.fatal_status()))
    }

    /// What is not set ends all of a shell.
    pub(super) fn fatal_unset(&self) -> Flow {
        match self.state.dialect {
            Dialect::Bash if self.state.is_subshell || self.state.is_script => Flow::Exit(1),
            Dialect::Bash => Flow::Exit(127),
            _ => Flow::Error(2),
        }
    }

    fn push_subject(
        &mut self,
        parameter: &Parameter,
        subject: Subject,
        quoting: Quoting,
        builder: &mut Builder,
    ) -> Result<(), Flow> {
        match (&parameter.operation, subject) {
            (Operation::Length, Subject::Many(values)) => {
                push_result(builder, &values.len().to_string(), quoting)
            }
            (Operation::Length, Subject::One(text)) => {
                let length = if text.is_ascii() || !self.has_characters() {
                    bytes::to_bytes(&text).len()
                } else {
                    text.chars().count()
                };
                push_result(builder, &length.to_string(), quoting);
            }
            (Operation::Length, Subject::Unset) => push_result(builder, "0", quoting),
            (Operation::Transform('a' | 'A'), _) if parameter.index.is_none() || parameter.is_all() => {
                let text = match parameter.operation {
                    Operation::Transform('a') => self.attributes(&parameter.name),
                    _ if parameter.is_all() => self.declaration(&parameter.name).unwrap_or_default(),
                    _ => self.assignment_of(&parameter.name),
                };
                push_result(builder, &text, quoting);
            }
            (Operation::Transform('K'), Subject::Many(values)) => {
                let keys = self.keys(&parameter.name);
                let pairs: Vec<String> = keys
                    .iter()
                    .zip(values)
                    .map(|(key, value)| format!("{key} {}", super::trace::double_quoted(&value)))
                    .collect();
                let end = match self.state.variables.get(&parameter.name).map(|variable| &variable.value) {
                    Some(Some(Value::Map(_))) => " ",
                    _ => "",
                };
                push_result(builder, &(pairs.join(" ") + end), quoting);
            }
            (_, Subject::Unset) => {}
            (_, Subject::One(text)) => {
                let text = self.operate(&parameter.name, &parameter.operation, &text)?;
                push_result(builder, &text, quoting);
            }
            (Operation::Slice { offset, length }, Subject::Many(values)) => {
                let mut all = values;
                if matches!(parameter.name.as_str(), "@" | "*") {
                    all.insert(0, self.state.name.clone());
                }
                let (from, to) = self.slice_bounds(&parameter.name, all.len(), offset, length.as_ref())?;
                let from = if parameter.index.is_none() && from == 0 && self.arithmetic(offset)? != 0 {
                    1
                } else {
                    from
                };
                self.push_many(parameter, &all[from.min(to)..to], quoting, builder)?;
            }
            (operation, Subject::Many(values)) => {
                let mut results = Vec::with_capacity(values.len());
                for value in values {
                    results.push(self.operate(&parameter.name, operation, &value)?);
                }
                self.push_many(parameter, &results, quoting, builder)?;
            }
        }
        Ok(())
    }

    fn push_many(
        &mut self,
        parameter: &Parameter,
        values: &[String],
        quoting: Quoting,
        builder: &mut Builder,
    ) -> Result<(), Flow> {
        if quoting == Quoting::Quoted && (parameter.is_joined() || !builder.splits()) || !builder.splits() {
            let ifs = self.ifs();
            let separator = match (parameter.is_joined(), ifs.chars().next()) {
                (true, Some(first)) => first.to_string(),
                (true, None) => String::new(),
                // ash and dash join an unquoted `$@` as `$*`.
                (false, Some(first))
                    if quoting == Quoting::Unquoted && self.state.dialect != Dialect::Bash =>
                {
                    first.to_string()
                }
                (false, _) => " ".to_owned(),
            };
            builder.push(&values.join(&separator), quoting == Quoting::Quoted);
            return Ok(());
        }
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                builder.end_field();
            }
            push_result(builder, value, quoting);
        }
        Ok(())
    }

    /// The word of `${x:-word}`, whose own quotes count.
    fn push_word(&mut self, word: &Word, quoting: Quoting, builder: &mut Builder) -> Result<(), Flow> {
        if quoting == Quoting::Unquoted && matches!(word.as_literal(), Some(text) if text.starts_with('~')) {
            let text = self.expand_text(word)?;
            builder.push(&text, true);
            return Ok(());
        }
        if quoting == Quoting::Unquoted {
            // Unquoted text of the word is split like a value.
            for part in &word.parts {
                match part {
                    crate::shell::language::Part::Literal(text) => builder.push_value(text),
                    other => self.expand_parts(std::slice::from_ref(other), quoting, builder)?,
                }
            }
            return Ok(());
        }
        self.expand_parts(&word.parts, quoting, builder)
    }

    /// What becomes of a value.
    fn operate(&mut self, name: &str, operation: &Operation, text: &str) -> Result<String, Flow> {
        if text.is_ascii() || self.cuts_characters() {
            return self.operate_on(name, operation, text);
        }
        // Every byte counts by itself, and what was cut apart may be a character when it comes together again.
        let result = self.operate_on(name, operation, &bytes::bytewise(&bytes::to_bytes(text)))?;
        Ok(bytes::to_text(&bytes::to_bytes(&result)))
    }

    /// Whether bytes make characters: in a locale of UTF-8. dash knows bytes alone.
    fn has_characters(&self) -> bool {
        let set = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .find_map(|name| self.state.get(name).filter(|text| !text.is_empty()));
        self.state.dialect != Dialect::Dash
            && set.is_some_and(|locale| locale.to_lowercase().replace('-', "").ends_with("utf8"))
    }

    /// Whether patterns and places are about characters. ash only counts them.
    pub(super) fn cuts_characters(&self) -> bool {
        self.state.dialect == Dialect::Bash && self.has_characters()
    }

    /// A pattern, in bytes where the text is.
    fn pattern_for(&mut self, text: &str, pattern: &Word) -> Result<Pattern, Flow> {
        let pattern = self.expand_pattern(pattern)?;
        let whole = text.is_ascii() || self.cuts_characters();
        let pattern = if whole { pattern } else { bytes::bytewise(&bytes::to_bytes(&pattern)) };
        Ok(self.pattern(&pattern))
    }

    fn operate_on(&mut self, name: &str, operation: &Operation, text: &str) -> Result<String, Flow> {
        self.process.step(1 + text.len() as u64 / 256)?;
        Ok(match operation {
            Operation::RemovePrefix { longest, pattern } => {
                let pattern = self.pattern_for(text, pattern)?;
                Cutter::new(&mut self.process, &pattern).remove_prefix(text, *longest)?
            }
            Operation::RemoveSuffix { longest, pattern } => {
                let pattern = self.pattern_for(text, pattern)?;
                Cutter::new(&mut self.process, &pattern).remove_suffix(text, *longest)?
            }
            Operation::Replace { place, pattern, word } => {
                let pattern = self.pattern_for(text, pattern)?;
                let word = self.expand_text(word)?;
                if pattern.is_empty() {
                    text.to_owned()
                } else {
                    Cutter::new(&mut self.process, &pattern).replace(text, &word, *place)?
                }
            }
            Operation::Slice { offset, length } => {
                let chars: Vec<char> = text.chars().collect();
                let (from, to) = self.slice_bounds(name, chars.len(), offset, length.as_ref())?;
                chars[from.min(to)..to].iter().collect()
            }
            Operation::Case { upper, all, pattern } => {
                let pattern = self.expand_pattern(pattern)?;
                let pattern = self.pattern(if pattern.is_empty() { "?" } else { &pattern });
                let mut changed = String::with_capacity(text.len());
                for (at, c) in text.chars().enumerate() {
                    let fits = (*all || at == 0) && pattern.matches_chars(&[c]);
                    match (fits, upper) {
                        (false, _) => changed.push(c),
                        (true, true) => changed.extend(c.to_uppercase()),
                        (true, false) => changed.extend(c.to_lowercase()),
                    }
                }
                changed
            }
            Operation::Transform('Q') => single_quoted(text),
            Operation::Transform('E') => {
                crate::shell::escape::unescape(text, crate::shell::escape::Style::Ansi).0
            }
            Operation::Transform('u') => {
                let mut chars = text.chars();
                chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
            }
            Operation::Transform('P') => {
                match crate::shell::language::Parser::prompt(text, self.state.dialect) {
                    Ok(word) => self.expand_text(&word)?,
                    Err(_) => text.to_owned(),
                }
            }
            Operation::Transform('U') => text.to_uppercase(),
            Operation::Transform('L') => text.to_lowercase(),
            _ => text.to_owned(),
        })
    }

    fn slice_bounds(
        &mut self,
        name: &str,
        count: usize,
        offset: &Word,
        length: Option<&Word>,
    ) -> Result<(usize, usize), Flow> {
        let count = count as i64;
        let what = if self.state.dialect == Dialect::Bash { format!("{name}: ") } else { String::new() };
        let offset = self.arithmetic_of(&what, offset)?;
        let from = if offset < 0 { count + offset } else { offset };
        let from_clamped = from.clamp(0, count);
        let to = match length {
            None => count,
            Some(length) => match self.arithmetic_of(&what, length)? {
                length if length < 0 => count + length,
                length => from_clamped.saturating_add(length),
            },
        };
        if from < 0 {
            return Ok((0, 0));
        }
        Ok((from_clamped as usize, to.clamp(0, count) as usize))
    }

    /// The arrays in which bash tells of pipelines and calls.
    fn calls(&self, name: &str) -> Vec<String> {
        let state = &self.state;
        match name {
            "PIPESTATUS" => state.pipe_status.iter().map(i32::to_string).collect(),
            "BASH_LINENO" => {
                let lines = state.calls.iter().map(|call| call.line.to_string());
                lines.chain(state.is_script.then(|| "0".to_owned())).collect()
            }
            "BASH_SOURCE" => {
                let files = state.calls.iter().map(|call| call.file.to_string());
                files.chain(state.is_script.then(|| state.name.clone())).collect()
            }
            _ if state.calls.is_empty() => Vec::new(),
            _ => {
                let names = state.calls.iter().map(|call| call.name.clone());
                names.chain(state.is_script.then(|| "main".to_owned())).collect()
            }
        }
    }

    /// The variables whose names begin so.
    fn names(&self, prefix: &str) -> Vec<String> {
        self.state.variables.keys().filter(|name| name.starts_with(prefix)).cloned().collect()
    }

    fn keys(&self, name: &str) -> Vec<String> {
        match self.state.variables.get(name).and_then(|variable| variable.value.as_ref()) {
            Some(Value::Array(elements)) => elements.keys().map(i64::to_string).collect(),
            Some(Value::Map(elements)) => elements.keys().cloned().collect(),
            Some(Value::Text(_)) => vec!["0".into()],
            None => Vec::new(),
        }
    }
}

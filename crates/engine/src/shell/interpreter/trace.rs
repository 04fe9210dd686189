//! `set -x`.

use super::Shell;
use crate::shell::interrupt::Interrupt;
use crate::shell::language::{Dialect, Operation, Parser, Part, Word, is_reserved};

impl Shell<'_, '_> {
    /// Prints a simple command before it runs.
    pub(super) fn trace(
        &mut self,
        assignments: &[(String, String)],
        words: &[String],
    ) -> Result<(), Interrupt> {
        if !self.state.options.xtrace {
            return Ok(());
        }
        let dialect = self.state.dialect;
        let assignments: Vec<String> = assignments
            .iter()
            .map(|(name, value)| format!("{name}={}", quote_value(value, dialect)))
            .collect();
        let words: Vec<String> = words.iter().map(|word| quote(word, dialect)).collect();
        if dialect == Dialect::Bash {
            for assignment in assignments {
                self.trace_line(&assignment)?;
            }
            if words.is_empty() {
                return Ok(());
            }
            return self.trace_line(&words.join(" "));
        }
        let all: Vec<String> = assignments.into_iter().chain(words).collect();
        self.trace_line(&all.join(" "))
    }

    /// The value of `PS4`, in which parameters and commands are expanded; as it is if that fails.
    fn expand_prompt(&mut self, prompt: String) -> Result<String, Interrupt> {
        let Ok(word) = Parser::prompt(&prompt, self.state.dialect) else { return Ok(prompt) };
        self.state.options.xtrace = false;
        let status = self.state.status;
        let expanded = self.expand_text(&word);
        self.state.options.xtrace = true;
        self.state.status = status;
        match expanded {
            Ok(text) => Ok(text),
            Err(super::Flow::Interrupt(interrupt)) => Err(interrupt),
            Err(_) => Ok(prompt),
        }
    }

    /// Prints a line with `PS4` in front.
    pub(super) fn trace_line(&mut self, text: &str) -> Result<(), Interrupt> {
        let prompt = self.state.get("PS4").unwrap_or("+ ").to_owned();
        let prompt = if prompt.contains(['$', '`', '\\']) { self.expand_prompt(prompt)? } else { prompt };
        let prompt = match prompt.chars().next() {
            // bash shows how deep a substitution is.
            Some(first) if self.state.dialect == Dialect::Bash => {
                first.to_string().repeat(self.state.substitutions) + &prompt
            }
            _ => prompt,
        };
        self.process.error_output(&format!("{prompt}{text}\n"))
    }
}

fn quote_value(value: &str, dialect: Dialect) -> String {
    // A reserved word is none here.
    if value.is_empty() || is_reserved(value) && dialect == Dialect::Ash {
        value.to_owned()
    } else {
        quote(value, dialect)
    }
}

/// A word as the trace shows it.
pub(super) fn quote(word: &str, dialect: Dialect) -> String {
    let plain = match dialect {
        Dialect::Dash => true,
        // What could be read as a reserved word is quoted.
        Dialect::Ash if is_reserved(word) => false,
        Dialect::Ash => word.bytes().all(|c| {
            c >= b'+' && !(b';'..=b'?').contains(&c) && !matches!(c, b'`' | b'[' | b'\\') && c <= b'z'
        }),
        Dialect::Bash => {
            let special =
                |c: char| c.is_whitespace() || c.is_control() || "'\"\\|&;()<>!{}*[?]^$`".contains(c);
            !word.is_empty() && !word.contains(special) && !word.starts_with(['~', '#'])
        }
    };
    match dialect {
        _ if plain => word.to_owned(),
        // ash puts quotes into double ones.
        Dialect::Ash => listed(word, dialect),
        _ => single_quoted(word),
    }
}

/// A value as `set`, `alias` and `trap` list it.
pub(super) fn listed(word: &str, dialect: Dialect) -> String {
    if dialect == Dialect::Bash {
        return single_quoted(word);
    }
    let mut out = String::new();
    let mut rest = word;
    loop {
        let plain = rest.find('\'').unwrap_or(rest.len());
        out.push_str(&format!("'{}'", &rest[..plain]));
        rest = &rest[plain..];
        let quotes = rest.len() - rest.trim_start_matches('\'').len();
        if quotes == 0 {
            return out;
        }
        out.push_str(&format!("\"{}\"", &rest[..quotes]));
        rest = &rest[quotes..];
        if rest.is_empty() {
            return out;
        }
    }
}

/// A value in double quotes, as bash declares it.
pub(super) fn double_quoted(value: &str) -> String {
    let mut out = String::from('"');
    for c in value.chars() {
        if matches!(c, '"' | '\\' | '$' | '`') {
            out.push('\\');
        }
        out.push(c);
    }
    out + "\""
}

/// A word in single quotes.
pub(super) fn single_quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A word of the script, roughly as it was written.
pub(super) fn source(word: &Word) -> String {
    word.parts.iter().map(part_source).collect()
}

fn part_source(part: &Part) -> String {
    match part {
        Part::Literal(text) => text.clone(),
        Part::Quoted(text) => single_quoted(text),
        Part::Double(parts) => format!("\"{}\"", parts.iter().map(part_source).collect::<String>()),
        Part::Parameter(parameter) if parameter.operation == Operation::Value => {
            format!("${}", parameter.name)
        }
        Part::Parameter(parameter) => format!("${{{}}}", parameter.name),
        Part::Command(_) => "$(...)".to_owned(),
        Part::Arithmetic(word) => format!("$(({}))", source(word)),
        Part::Index(word) => format!("[{}]", source(word)),
        Part::Process { .. } => "<(...)".to_owned(),
    }
}

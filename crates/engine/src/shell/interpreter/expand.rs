//! Expansion of words.

use super::fields::{Builder, Field};
use super::{Flow, Shell, brace};
use crate::shell::bytes;
use crate::shell::language::{Dialect, Part, Pattern, Word};

/// Where a word stands, as far as its expansion depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    Unquoted,
    Quoted,
}

impl Shell<'_, '_> {
    /// The fields of words, with file names for patterns: the words of a command.
    pub(super) fn expand_words(&mut self, words: &[Word]) -> Result<Vec<String>, Flow> {
        let mut all = Vec::with_capacity(words.len());
        for word in words {
            // The commonest word costs next to nothing.
            if let Some(text) = word.as_literal()
                && !text.contains(['*', '?', '[', '~', '{', '('])
            {
                all.push(text.to_owned());
                continue;
            }
            if self.state.dialect == Dialect::Bash {
                for word in brace::expand(word) {
                    self.expand_fields(&word, &mut all)?;
                }
            } else {
                self.expand_fields(word, &mut all)?;
            }
        }
        Ok(all)
    }

    fn expand_fields(&mut self, word: &Word, all: &mut Vec<String>) -> Result<(), Flow> {
        let ifs = self.ifs();
        let mut builder = Builder::new(true, &ifs);
        builder.literal_backslash = true;
        self.expand_parts_with_tilde(&word.parts, false, &mut builder)?;
        for field in builder.finish() {
            if !self.state.options.noglob && field.is_glob(self.state.options.extglob) {
                let pattern = self.own_pattern(field.pattern());
                let found = self.glob(&pattern)?;
                if !found.is_empty() || self.state.options.nullglob {
                    all.extend(found);
                    continue;
                }
                if self.state.options.failglob {
                    self.error(None, &format!("no match: {}", field.text()))?;
                    return Err(Flow::Error(1));
                }
            }
            all.push(field.text());
        }
        Ok(())
    }

    pub(super) fn ifs(&self) -> String {
        self.state.get("IFS").unwrap_or(" \t\n").to_owned()
    }

    /// A word as one text: no splitting, no file names.
    pub(super) fn expand_text(&mut self, word: &Word) -> Result<String, Flow> {
        if let [Part::Quoted(text)] = &word.parts[..] {
            return Ok(text.clone());
        }
        Ok(self.expand_single(word, false)?.text())
    }

    /// The value of an assignment, in which a tilde may follow each colon.
    pub(super) fn expand_assignment(&mut self, word: &Word) -> Result<String, Flow> {
        Ok(self.expand_single(word, true)?.text())
    }

    /// A word as a pattern.
    pub(super) fn expand_pattern(&mut self, word: &Word) -> Result<String, Flow> {
        let pattern = self.expand_single(word, false)?.pattern();
        Ok(self.own_pattern(pattern))
    }

    /// A pattern that is compiled, with groups where they count.
    pub(super) fn pattern(&self, text: &str) -> Pattern {
        if self.state.options.extglob { Pattern::extended(text) } else { Pattern::new(text) }
    }

    /// Whether a text matches in `case` and `[[ … ]]`, which is counted as work where it can be long.
    pub(super) fn matches(&mut self, pattern: &str, text: &str, groups: bool) -> Result<bool, Flow> {
        let compiled =
            |pattern: &str| if groups { Pattern::extended(pattern) } else { Pattern::new(pattern) };
        let plain = text.is_ascii() && pattern.is_ascii();
        if !(plain || self.cuts_characters()) {
            let bytewise = |text: &str| bytes::bytewise(&bytes::to_bytes(text));
            return self.fits(&compiled(&bytewise(pattern)), &bytewise(text));
        }
        if self.state.options.nocasematch {
            return self.fits(&compiled(&pattern.to_lowercase()), &text.to_lowercase());
        }
        self.fits(&compiled(pattern), text)
    }

    fn fits(&mut self, pattern: &Pattern, text: &str) -> Result<bool, Flow> {
        if !pattern.is_grouped() {
            return Ok(pattern.matches(text));
        }
        let chars: Vec<char> = text.chars().collect();
        let (ends, work) = pattern.ends(&chars);
        self.process.step(work / 64)?;
        Ok(ends[chars.len()])
    }

    /// A pattern as this shell reads it: dash knows `[!…]` alone.
    pub(super) fn own_pattern(&self, pattern: String) -> String {
        let literal = self.state.dialect == Dialect::Dash && pattern.contains("[^");
        if literal { pattern.replace("[^", "[\\^") } else { pattern }
    }

    pub(super) fn expand_single(&mut self, word: &Word, colons: bool) -> Result<Field, Flow> {
        let mut builder = Builder::new(false, "");
        self.expand_parts_with_tilde(&word.parts, colons, &mut builder)?;
        Ok(builder.finish().into_iter().next().unwrap_or_default())
    }

    fn expand_parts_with_tilde(
        &mut self,
        parts: &[Part],
        colons: bool,
        builder: &mut Builder,
    ) -> Result<(), Flow> {
        if let Some(Part::Literal(text)) = parts.first()
            && (text.starts_with('~') || colons && text.contains(":~"))
        {
            let alone = parts.len() == 1;
            for (at, piece) in text.split_inclusive(':').enumerate() {
                let tilde = piece.starts_with('~') && (at == 0 || colons);
                let (name, rest) = piece.split_at(piece.find(['/', ':']).unwrap_or(piece.len()));
                // `~"x"` is no tilde prefix.
                let whole = !rest.is_empty() || alone;
                match tilde.then(|| self.home_of(&name[1..])).flatten().filter(|_| whole) {
                    Some(home) => {
                        builder.push(&home, true);
                        builder.push(rest, false);
                    }
                    None => builder.push(piece, false),
                }
            }
            return self.expand_parts(&parts[1..], Quoting::Unquoted, builder);
        }
        self.expand_parts(parts, Quoting::Unquoted, builder)
    }

    fn home_of(&mut self, user: &str) -> Option<String> {
        match user {
            "" => self.state.get("HOME").map(str::to_owned),
            "+" if self.state.dialect == Dialect::Bash => Some(self.process.cwd.clone()),
            _ => {
                let passwd = self.process.read_text("/etc/passwd").ok()?;
                let entry = passwd.lines().find(|line| line.split(':').next() == Some(user))?;
                entry.split(':').nth(5).map(str::to_owned)
            }
        }
    }

    pub(super) fn expand_parts(
        &mut self,
        parts: &[Part],
        quoting: Quoting,
        builder: &mut Builder,
    ) -> Result<(), Flow> {
        for part in parts {
            let before = builder.size();
            self.expand_part(part, quoting, builder)?;
            // What doubles a variable in a loop makes few steps and many bytes.
            let grown = builder.size() - before;
            self.process.step(grown / 32)?;
        }
        Ok(())
    }

    fn expand_part(&mut self, part: &Part, quoting: Quoting, builder: &mut Builder) -> Result<(), Flow> {
        let quoted = quoting == Quoting::Quoted;
        match part {
            Part::Literal(text) => builder.push(text, quoted),
            Part::Quoted(text) => builder.push(text, true),
            Part::Double(parts) => {
                // `"$@"` without parameters is no field; `""` is one.
                let only_all = matches!(&parts[..], [Part::Parameter(parameter)] if parameter.is_all());
                if !only_all {
                    builder.push("", true);
                }
                self.expand_parts(parts, Quoting::Quoted, builder)?;
            }
            Part::Parameter(parameter) => self.expand_parameter(parameter, quoting, builder)?,
            Part::Command(list) => {
                let text = self.substitute(list)?;
                push_result(builder, &text, quoting);
            }
            Part::Arithmetic(word) => {
                let value = self.arithmetic(word)?;
                push_result(builder, &value.to_string(), quoting);
            }
            Part::Index(word) => {
                // It is no assignment after all.
                builder.push("[", quoted);
                self.expand_parts(&word.parts, quoting, builder)?;
                builder.push("]", quoted);
            }
            Part::Process { list, output } => {
                let name = self.substitute_process(list, *output)?;
                builder.push(&name, true);
            }
        }
        Ok(())
    }

    /// The exit code of an error that ends the shell.
    pub(super) fn fatal_status(&self) -> i32 {
        if self.state.dialect == Dialect::Bash { 1 } else { 2 }
    }
}

pub(super) fn push_result(builder: &mut Builder, text: &str, quoting: Quoting) {
    match quoting {
        Quoting::Quoted => builder.push(text, true),
        Quoting::Unquoted => builder.push_value(text),
    }
}

//! `set shift shopt`.

use crate::shell::interpreter::state::{Options, Value};
use crate::shell::interpreter::trace::single_quoted;
use crate::shell::interpreter::{Flow, Shell, Status};
use crate::shell::language::Dialect;

/// Options with their letters and names.
type Field = fn(&mut Options) -> &mut bool;
const OPTIONS: [(char, &str, Field); 9] = [
    ('e', "errexit", |options| &mut options.errexit),
    ('u', "nounset", |options| &mut options.nounset),
    ('x', "xtrace", |options| &mut options.xtrace),
    ('f', "noglob", |options| &mut options.noglob),
    ('n', "noexec", |options| &mut options.noexec),
    ('v', "verbose", |options| &mut options.verbose),
    ('a', "allexport", |options| &mut options.allexport),
    ('C', "noclobber", |options| &mut options.noclobber),
    ('\0', "pipefail", |options| &mut options.pipefail),
];

impl Shell<'_, '_> {
    /// `set -x`; whether there is such an option.
    pub(in crate::shell::interpreter) fn set_short_option(&mut self, letter: char, on: bool) -> bool {
        if matches!(letter, 'b' | 'm' | 'h' | 'E' | 'T' | 'B' | 'I' | 'p') {
            return true;
        }
        let found = OPTIONS.iter().find(|(candidate, ..)| *candidate == letter);
        found.map(|(_, _, field)| *field(&mut self.state.options) = on).is_some()
    }

    /// `set -o xtrace`; whether there is such an option.
    pub(in crate::shell::interpreter) fn set_long_option(&mut self, name: &str, on: bool) -> bool {
        if name == "pipefail" && self.state.dialect == Dialect::Dash {
            return false;
        }
        let ignored = matches!(
            name,
            "posix" | "errtrace" | "functrace" | "monitor" | "vi" | "emacs" | "nolog" | "notify"
        );
        if ignored && self.state.dialect == Dialect::Bash {
            return true;
        }
        let found = OPTIONS.iter().find(|(_, candidate, _)| *candidate == name);
        found.map(|(_, _, field)| *field(&mut self.state.options) = on).is_some()
    }

    /// Complains about an option.
    pub(in crate::shell::interpreter) fn unknown_option(
        &mut self,
        name: &str,
    ) -> Result<(), crate::shell::Interrupt> {
        let message = match self.state.dialect {
            Dialect::Ash => format!("illegal option -o {name}"),
            Dialect::Dash => format!("Illegal option -o {name}"),
            Dialect::Bash => format!("{name}: invalid option name"),
        };
        self.error(Some("set"), &message)
    }

    /// `$-`
    pub(in crate::shell::interpreter) fn option_letters(&self) -> String {
        let mut options = self.state.options;
        let letters = OPTIONS.iter().filter(|(letter, _, field)| *letter != '\0' && *field(&mut options));
        let mut text: String = letters.map(|(letter, ..)| *letter).collect();
        match self.state.dialect {
            Dialect::Ash if !self.state.is_script => text.push('c'),
            Dialect::Bash => text.push_str(if self.state.is_script { "hB" } else { "hBc" }),
            _ => {}
        }
        text
    }
}

/// `set`
pub(super) fn set(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    if words.len() == 1 {
        for (name, variable) in shell.state.variables.clone() {
            if let Some(Value::Text(value)) = variable.value {
                shell.process.output(&format!("{name}={}\n", single_quoted(&value)))?;
            }
        }
        return Ok(0);
    }
    let mut rest = words[1..].iter().peekable();
    while let Some(word) = rest.peek().copied().cloned() {
        let on = word.starts_with('-');
        if word == "-" || word == "--" || word.len() < 2 || !word.starts_with(['-', '+']) {
            if word == "--" || word == "-" {
                rest.next();
                shell.state.positional = rest.cloned().collect();
                return Ok(0);
            }
            break;
        }
        rest.next();
        for letter in word[1..].chars() {
            if letter == 'o' {
                let Some(name) = rest.next() else { return Ok(0) };
                if !shell.set_long_option(name, on) {
                    shell.unknown_option(name)?;
                    return fail(shell);
                }
            } else if !shell.set_short_option(letter, on) {
                let message = match shell.state.dialect {
                    Dialect::Ash => format!("illegal option -{letter}"),
                    Dialect::Dash => format!("Illegal option -{letter}"),
                    Dialect::Bash => format!("-{letter}: invalid option"),
                };
                shell.error(Some("set"), &message)?;
                return fail(shell);
            }
        }
    }
    if rest.peek().is_some() {
        shell.state.positional = rest.cloned().collect();
    }
    Ok(0)
}

fn fail(shell: &Shell<'_, '_>) -> Status {
    if shell.state.dialect == Dialect::Bash { Ok(2) } else { Err(Flow::Exit(2)) }
}

/// `shift`
pub(super) fn shift(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let count = match words.get(1) {
        None => 1,
        Some(word) => match word.parse::<usize>() {
            Ok(count) => count,
            Err(_) => {
                shell.error(Some("shift"), &format!("Illegal number: {word}"))?;
                return Err(Flow::Exit(2));
            }
        },
    };
    if count > shell.state.positional.len() {
        if shell.state.dialect == Dialect::Dash {
            shell.error(Some("shift"), "can't shift that many")?;
            return Err(Flow::Exit(2));
        }
        return Ok(1);
    }
    shell.state.positional.drain(..count);
    Ok(0)
}

/// `shopt`
pub(super) fn shopt(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let on = words.iter().any(|word| word == "-s");
    if !on && !words.iter().any(|word| word == "-u") {
        return Ok(0);
    }
    for word in &words[1..] {
        match word.as_str() {
            "nullglob" => shell.state.options.nullglob = on,
            "dotglob" => shell.state.options.dotglob = on,
            _ => {}
        }
    }
    Ok(0)
}

//! `set shift ulimit`.

use crate::shell::interpreter::state::{Options, Value};
use crate::shell::interpreter::trace::listed;
use crate::shell::interpreter::{Flow, Shell, Status};
use crate::shell::language::Dialect;

/// Options with their letters and names, in the order in which ash and dash list them. What has no field is known, but
/// changes nothing here.
type Field = fn(&mut Options) -> &mut bool;
const OPTIONS: [(char, &str, Option<Field>); 14] = [
    ('e', "errexit", Some(|options| &mut options.errexit)),
    ('f', "noglob", Some(|options| &mut options.noglob)),
    ('I', "ignoreeof", None),
    ('m', "monitor", None),
    ('n', "noexec", Some(|options| &mut options.noexec)),
    ('x', "xtrace", Some(|options| &mut options.xtrace)),
    ('v', "verbose", Some(|options| &mut options.verbose)),
    ('C', "noclobber", Some(|options| &mut options.noclobber)),
    ('a', "allexport", Some(|options| &mut options.allexport)),
    ('b', "notify", None),
    ('u', "nounset", Some(|options| &mut options.nounset)),
    ('E', "errtrace", Some(|options| &mut options.errtrace)),
    ('\0', "vi", None),
    ('\0', "pipefail", Some(|options| &mut options.pipefail)),
];

impl Shell<'_, '_> {
    /// `set -x`; whether there is such an option.
    pub(in crate::shell::interpreter) fn set_short_option(&mut self, letter: char, on: bool) -> bool {
        if self.state.dialect == Dialect::Bash {
            match letter {
                'T' => {
                    self.state.options.functrace = on;
                    return true;
                }
                'h' | 'B' | 'p' | 'P' | 'H' | 'k' | 't' => return true,
                _ => {}
            }
        }
        let found = OPTIONS.iter().find(|(candidate, ..)| *candidate == letter && letter != '\0');
        self.switch(found, on)
    }

    /// `set -o xtrace`; whether there is such an option.
    pub(in crate::shell::interpreter) fn set_long_option(&mut self, name: &str, on: bool) -> bool {
        if name == "pipefail" && self.state.dialect == Dialect::Dash {
            return false;
        }
        if name == "functrace" && self.state.dialect == Dialect::Bash {
            return self.set_short_option('T', on);
        }
        let ignored = matches!(name, "posix" | "emacs" | "nolog" | "hashall" | "braceexpand" | "physical");
        if ignored && self.state.dialect == Dialect::Bash {
            return true;
        }
        let found = OPTIONS.iter().find(|(_, candidate, _)| *candidate == name);
        self.switch(found, on)
    }

    /// Whether an option of `set -o` is on.
    pub(in crate::shell::interpreter) fn has_long_option(&self, name: &str) -> bool {
        let mut options = self.state.options;
        let found = OPTIONS.iter().find(|(_, candidate, _)| *candidate == name);
        found.is_some_and(|(_, _, field)| field.is_some_and(|field| *field(&mut options)))
    }

    fn switch(&mut self, option: Option<&(char, &str, Option<Field>)>, on: bool) -> bool {
        if let Some((_, _, Some(field))) = option {
            *field(&mut self.state.options) = on;
        }
        option.is_some()
    }

    /// Lists the options as `set -o` does, or as commands that set them.
    fn list_options(&mut self, as_commands: bool) -> Result<(), crate::shell::Interrupt> {
        let mut options = self.state.options;
        let dialect = self.state.dialect;
        let mut text = String::new();
        if dialect == Dialect::Dash && !as_commands {
            text.push_str("Current option settings\n");
        }
        let mut all: Vec<_> = OPTIONS.iter().collect();
        if dialect == Dialect::Bash {
            crate::order::sort_by(&mut all, |a, b| a.1.cmp(b.1));
        }
        for (_, name, field) in all {
            let on = field.is_some_and(|field| *field(&mut options));
            let (sign, word) = if on { ('-', "on") } else { ('+', "off") };
            text.push_str(&match (as_commands, dialect) {
                (true, _) => format!("set {sign}o {name}\n"),
                (false, Dialect::Bash) => format!("{name:<15}\t{word}\n"),
                (false, _) => format!("{name:<16}{word}\n"),
            });
        }
        self.process.output(&text)
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

    /// Complains about an option that the shell is started with.
    pub(in crate::shell::interpreter) fn unknown_start_option(
        &mut self,
        name: &str,
    ) -> Result<(), crate::shell::Interrupt> {
        match self.state.dialect {
            Dialect::Dash => {
                self.state.line = 0;
                self.error(None, &format!("Illegal option -o {name}"))
            }
            _ => self.unknown_option(name),
        }
    }

    /// `$-`
    pub(in crate::shell::interpreter) fn option_letters(&self) -> String {
        let mut options = self.state.options;
        let letters = OPTIONS
            .iter()
            .filter(|(letter, _, field)| *letter != '\0' && field.is_some_and(|field| *field(&mut options)));
        let mut text: String = letters.map(|(letter, ..)| *letter).collect();
        match self.state.dialect {
            // ash and dash list them from the end, and ash `c` among them.
            Dialect::Ash | Dialect::Dash => {
                let ash = self.state.dialect == Dialect::Ash;
                let command = if self.state.is_script || !ash { "" } else { "c" };
                let at = text.find(['x', 'v', 'C', 'a', 'u']).unwrap_or(text.len());
                text.insert_str(at, command);
                text = text.chars().rev().collect();
            }
            Dialect::Bash => {
                text.push('h');
                let mut letters: Vec<char> = text.chars().collect();
                crate::order::sort_by_key(&mut letters, |c| (c.is_ascii_uppercase(), *c));
                text = letters.into_iter().collect();
                let at = text.find('C').unwrap_or(text.len());
                text.insert(at, 'B');
                if !self.state.is_script {
                    text.push('c');
                }
            }
        }
        text
    }
}

/// `set`
pub(super) fn set(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    if words.len() == 1 {
        for (name, variable) in shell.state.variables.clone() {
            if let Some(Value::Text(value)) = variable.value {
                shell.process.output(&format!("{name}={}\n", listed(&value, shell.state.dialect)))?;
            }
        }
        return Ok(0);
    }
    let mut rest = words[1..].iter().peekable();
    while let Some(word) = rest.peek().copied().cloned() {
        let on = word.starts_with('-');
        if word == "+" {
            rest.next();
            continue;
        }
        if word == "-" || word == "--" || word.len() < 2 || !word.starts_with(['-', '+']) {
            if word == "--" || word == "-" {
                rest.next();
                shell.state.positional = rest.cloned().collect();
                start_getopts_anew(shell);
                return Ok(0);
            }
            break;
        }
        rest.next();
        for letter in word[1..].chars() {
            if letter == 'o' {
                let Some(name) = rest.next() else {
                    shell.list_options(!on)?;
                    return Ok(0);
                };
                if !shell.set_long_option(name, on) {
                    shell.unknown_option(name)?;
                    return if shell.state.dialect == Dialect::Ash { Ok(1) } else { fail(shell) };
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
        start_getopts_anew(shell);
    }
    Ok(0)
}

/// Other parameters are other options to ash and dash.
fn start_getopts_anew(shell: &mut Shell<'_, '_>) {
    if shell.state.dialect != Dialect::Bash {
        (shell.state.getopts_index, shell.state.getopts_at) = (1, 0);
    }
}

fn fail(shell: &Shell<'_, '_>) -> Status {
    if shell.state.dialect == Dialect::Bash { Ok(2) } else { Err(Flow::Error(2)) }
}

/// `shift`
pub(super) fn shift(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let count = match words.get(1) {
        None => 1,
        Some(word) => match word.parse::<usize>() {
            Ok(count) => count,
            Err(_) if shell.state.dialect == Dialect::Bash => {
                let what = if word.parse::<i64>().is_ok() {
                    "shift count out of range"
                } else {
                    "numeric argument required"
                };
                shell.error(Some("shift"), &format!("{word}: {what}"))?;
                return Ok(1);
            }
            Err(_) => {
                shell.error(Some("shift"), &format!("Illegal number: {word}"))?;
                return Err(Flow::Error(2));
            }
        },
    };
    if count > shell.state.positional.len() {
        if shell.state.dialect == Dialect::Dash {
            shell.error(Some("shift"), "can't shift that many")?;
            return Err(Flow::Error(2));
        }
        return Ok(1);
    }
    shell.state.positional.drain(..count);
    Ok(0)
}

/// `ulimit`: nothing is limited but by the limits of the simulation.
pub(super) fn ulimit(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    const RESOURCES: [(char, &str); 16] = [
        ('f', "unlimited"),
        ('t', "unlimited"),
        ('d', "unlimited"),
        ('s', "8192"),
        ('c', "unlimited"),
        ('m', "unlimited"),
        ('l', "8192"),
        ('p', "unlimited"),
        ('n', "1048576"),
        ('v', "unlimited"),
        ('w', "unlimited"),
        ('e', "0"),
        ('r', "0"),
        ('i', "unlimited"),
        ('q', "819200"),
        ('x', "unlimited"),
    ];
    let mut resource = 'f';
    let mut value = None;
    for word in &words[1..] {
        match word.strip_prefix('-') {
            Some(letters) => {
                for letter in letters.chars().filter(|letter| !matches!(letter, 'S' | 'H' | 'a')) {
                    if !RESOURCES.iter().any(|(known, _)| *known == letter) {
                        match shell.state.dialect {
                            Dialect::Ash => {
                                let text = format!("ulimit: invalid option -- '{letter}'\n");
                                shell.process.error_output(&text)?;
                                return Ok(1);
                            }
                            Dialect::Dash => {
                                shell.error(Some("ulimit"), &format!("Illegal option -{letter}"))?;
                                return Err(Flow::Error(2));
                            }
                            Dialect::Bash => {
                                shell.error(Some("ulimit"), &format!("-{letter}: invalid option"))?;
                                return Ok(2);
                            }
                        }
                    }
                    resource = letter;
                }
            }
            None => value = Some(word.clone()),
        }
    }
    if let Some(value) = value {
        shell.state.limits.insert(resource, value);
        return Ok(0);
    }
    let known = RESOURCES.iter().find(|(known, _)| *known == resource).map_or("unlimited", |(_, text)| text);
    let text = shell.state.limits.get(&resource).cloned().unwrap_or_else(|| known.to_owned());
    shell.process.output(&format!("{text}\n"))?;
    Ok(0)
}

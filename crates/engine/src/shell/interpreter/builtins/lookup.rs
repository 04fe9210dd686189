//! `command type alias unalias builtin`: what a name means.

use super::find;
use crate::shell::interpreter::trace::listed;
use crate::shell::interpreter::{Shell, Status};
use crate::shell::language::Dialect;
use crate::shell::utilities;
use std::rc::Rc;

enum Meaning {
    Keyword,
    Alias(String),
    Function,
    Builtin,
    File(String),
    /// An applet of BusyBox, which needs no file.
    Applet,
    Nothing,
}

const KEYWORDS: [&str; 16] = [
    "if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "while", "until", "for", "in", "{",
    "}", "!",
];

fn meaning(shell: &mut Shell<'_, '_>, name: &str) -> Meaning {
    if KEYWORDS.contains(&name) {
        return Meaning::Keyword;
    }
    if let Some(alias) = shell.state.aliases.get(name)
        && (shell.state.dialect != Dialect::Bash || shell.state.options.expand_aliases)
    {
        return Meaning::Alias(alias.clone());
    }
    if shell.state.functions.contains_key(name) {
        return Meaning::Function;
    }
    if find(name, shell.state.dialect).is_some() {
        return Meaning::Builtin;
    }
    shell.publish();
    match shell.process.find_command(name) {
        Some(path) if shell.process.may_execute(&path) => Meaning::File(path),
        _ if shell.state.dialect == Dialect::Ash
            && utilities::busybox::is_applet(name)
            && utilities::find(name).is_some() =>
        {
            Meaning::Applet
        }
        _ => Meaning::Nothing,
    }
}

/// `command`
pub(super) fn command(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let mut rest = &words[1..];
    let (mut brief, mut long) = (false, false);
    while let Some(word) = rest.first().filter(|word| matches!(word.as_str(), "-v" | "-V" | "-p" | "--")) {
        brief |= word == "-v";
        long |= word == "-V";
        rest = &rest[1..];
    }
    if brief || long {
        // ash and dash look at the first name only.
        let names = if shell.state.dialect == Dialect::Bash { rest } else { &rest[..rest.len().min(1)] };
        let mut found = false;
        for name in names {
            found |= if brief { describe_briefly(shell, name)? } else { describe(shell, name)? };
        }
        return Ok(match (found, shell.state.dialect) {
            (true, _) => 0,
            (false, Dialect::Bash) => 1,
            (false, _) => 127,
        });
    }
    if rest.is_empty() {
        return Ok(0);
    }
    match find(&rest[0], shell.state.dialect) {
        Some(builtin) => {
            let outer = shell.state.context.replace(rest[0].clone());
            let status = builtin(shell, rest);
            shell.state.context = outer;
            status
        }
        None => shell.run_program(rest),
    }
}

/// `builtin`
pub(super) fn builtin(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    match words.get(1).and_then(|name| find(name, shell.state.dialect)) {
        Some(builtin) => builtin(shell, &words[1..]),
        None => Ok(1),
    }
}

fn describe_briefly(shell: &mut Shell<'_, '_>, name: &str) -> Result<bool, crate::shell::Interrupt> {
    let text = match meaning(shell, name) {
        Meaning::Keyword | Meaning::Function | Meaning::Builtin | Meaning::Applet => name.to_owned(),
        Meaning::Alias(text) => format!("alias {name}={}", listed(&text, shell.state.dialect)),
        Meaning::File(path) => path,
        Meaning::Nothing => return Ok(false),
    };
    shell.process.output(&format!("{text}\n"))?;
    Ok(true)
}

fn describe(shell: &mut Shell<'_, '_>, name: &str) -> Result<bool, crate::shell::Interrupt> {
    let bash = shell.state.dialect == Dialect::Bash;
    let text = match meaning(shell, name) {
        Meaning::Keyword => format!("{name} is a shell keyword"),
        Meaning::Alias(text) if bash => format!("{name} is aliased to `{text}'"),
        Meaning::Alias(text) => format!("{name} is an alias for {text}"),
        Meaning::Function if bash => format!("{name} is a function"),
        Meaning::Function if shell.state.dialect == Dialect::Ash => format!("{name} is a function"),
        Meaning::Function => format!("{name} is a shell function"),
        Meaning::Builtin if super::is_special(name) && !bash => format!("{name} is a special shell builtin"),
        Meaning::Builtin => format!("{name} is a shell builtin"),
        Meaning::File(path) => format!("{name} is {path}"),
        Meaning::Applet => format!("{name} is {name}"),
        Meaning::Nothing => {
            if bash {
                shell.error(Some("type"), &format!("{name}: not found"))?;
            } else {
                shell.process.output(&format!("{name}: not found\n"))?;
            }
            return Ok(false);
        }
    };
    shell.process.output(&format!("{text}\n"))?;
    Ok(true)
}

/// `type`
pub(super) fn type_of(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let mut all = true;
    let options = shell.state.dialect == Dialect::Bash;
    let mut form = ' ';
    for name in &words[1..] {
        if options && name.len() == 2 && name.starts_with('-') {
            form = name.chars().nth(1).unwrap_or(' ');
            continue;
        }
        all &= match form {
            'p' | 'P' => match meaning(shell, name) {
                Meaning::File(path) => {
                    shell.process.output(&format!("{path}\n"))?;
                    true
                }
                Meaning::Nothing => false,
                _ => true,
            },
            't' => {
                let word = match meaning(shell, name) {
                    Meaning::Keyword => "keyword",
                    Meaning::Alias(_) => "alias",
                    Meaning::Function => "function",
                    Meaning::Builtin => "builtin",
                    Meaning::File(_) | Meaning::Applet => "file",
                    Meaning::Nothing => "",
                };
                if !word.is_empty() {
                    shell.process.output(&format!("{word}\n"))?;
                }
                !word.is_empty()
            }
            _ => describe(shell, name)?,
        };
    }
    Ok(match (all, shell.state.dialect) {
        (true, _) => 0,
        (false, Dialect::Bash) => 1,
        (false, _) => 127,
    })
}

/// `hash`: nothing is remembered, but what is asked for is looked up.
pub(super) fn hash(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let mut status = 0;
    for name in words[1..].iter().filter(|word| !word.starts_with('-')) {
        if matches!(meaning(shell, name), Meaning::Nothing) {
            shell.error(Some("hash"), &format!("{name}: not found"))?;
            status = 1;
        }
    }
    Ok(status)
}

/// `alias`
pub(super) fn alias(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let dialect = shell.state.dialect;
    let prefix = if dialect == Dialect::Bash { "alias " } else { "" };
    let aliases = shell.state.aliases.clone();
    let shown = |name: &str, text: &str| format!("{prefix}{name}={}\n", listed(text, dialect));
    if words.len() == 1 {
        for (name, text) in &*aliases {
            shell.process.output(&shown(name, text))?;
        }
    }
    let mut status = 0;
    for word in words[1..].iter().filter(|word| *word != "-p") {
        if let Some((name, text)) = word.split_once('=') {
            Rc::make_mut(&mut shell.state.aliases).insert(name.to_owned(), text.to_owned());
        } else if let Some(text) = aliases.get(word) {
            shell.process.output(&shown(word, text))?;
        } else {
            unknown_alias(shell, "alias", word)?;
            status = 1;
        }
    }
    Ok(status)
}

fn unknown_alias(
    shell: &mut Shell<'_, '_>,
    builtin: &str,
    name: &str,
) -> Result<(), crate::shell::Interrupt> {
    match shell.state.dialect {
        Dialect::Bash => shell.error(Some(builtin), &format!("{name}: not found")),
        _ => shell.process.error_output(&format!("{builtin}: {name} not found\n")),
    }
}

/// `unalias`
pub(super) fn unalias(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let mut status = 0;
    for word in &words[1..] {
        let aliases = Rc::make_mut(&mut shell.state.aliases);
        if word == "-a" {
            aliases.clear();
        } else if aliases.remove(word).is_none() {
            unknown_alias(shell, "unalias", word)?;
            status = 1;
        }
    }
    Ok(status)
}

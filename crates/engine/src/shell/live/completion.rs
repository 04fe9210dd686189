//! What Tab offers: commands, paths, variables.

use super::super::interpreter::{State, builtin_exists};
use super::super::process::Process;
use crate::vfs::path;
use std::collections::BTreeSet;

/// What a word can be completed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where in the line the word begins, in bytes.
    pub from: usize,
    /// The whole words that it can become, sorted; a directory ends with `/`.
    pub words: Vec<String>,
}

/// The builtins that shells have, each of which has its own.
const BUILTINS: [&str; 44] = [
    ".", ":", "alias", "bg", "break", "builtin", "cd", "command", "continue", "declare", "echo", "eval",
    "exec", "exit", "export", "false", "fg", "getopts", "hash", "jobs", "kill", "let", "local", "mapfile",
    "popd", "printf", "pushd", "pwd", "read", "readonly", "return", "set", "shift", "shopt", "source",
    "test", "times", "trap", "true", "type", "umask", "unalias", "unset", "wait",
];
/// Words after which a command comes.
const OPENERS: [&str; 9] = ["if", "then", "else", "elif", "while", "until", "do", "!", "{"];
/// Signs that a word must not hold as they are.
const SPECIAL: &str = " \t\n'\"\\|&;()<>*?[]$`#~{}!";

/// Completes the word before `at`.
pub(super) fn complete(process: &mut Process<'_, '_>, state: &State, text: &str, at: usize) -> Completion {
    let before = text.get(..at).unwrap_or(text);
    let Word { from, value, is_command } = last_word(before);
    let mut found = BTreeSet::new();
    if let Some(name) = value.strip_prefix('$').filter(|name| !name.contains('/')) {
        let names = state.variables.keys().filter(|variable| variable.starts_with(name));
        let words = names.map(|name| format!("${name}")).collect();
        return Completion { from, words };
    }
    if is_command && !value.contains('/') {
        commands(process, state, &value, &mut found);
    } else {
        paths(process, &value, is_command, &mut found);
    }
    Completion { from, words: found.into_iter().collect() }
}

struct Word {
    from: usize,
    /// Without quotes.
    value: String,
    /// Whether a command stands in its place.
    is_command: bool,
}

/// The word that a text ends with.
fn last_word(text: &str) -> Word {
    let mut word = Word { from: 0, value: String::new(), is_command: true };
    let mut quote = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match (quote, c) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None | Some('"'), '\\') => word.value.extend(chars.next().map(|(_, c)| c)),
            (Some(_), _) => word.value.push(c),
            (None, ' ' | '\t') => {
                let is_set = word.value.split_once('=').is_some_and(|(name, _)| is_variable(name));
                let goes_on = word.value.is_empty() || is_set || OPENERS.contains(&&*word.value);
                word = Word { from: at + 1, value: String::new(), is_command: word.is_command && goes_on };
            }
            (None, '\n' | ';' | '|' | '&' | '(') => {
                word = Word { from: at + 1, value: String::new(), is_command: true };
            }
            (None, '<' | '>') => {
                word = Word { from: at + 1, value: String::new(), is_command: false };
            }
            (None, _) => word.value.push(c),
        }
    }
    word
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Builtins, functions, aliases and the programs in `PATH`.
fn commands(process: &mut Process<'_, '_>, state: &State, start: &str, found: &mut BTreeSet<String>) {
    let builtins = BUILTINS.iter().filter(|name| builtin_exists(name, state.dialect));
    let known = builtins.copied();
    let own = state.functions.keys().chain(state.aliases.keys()).map(String::as_str);
    found.extend(known.chain(own).filter(|name| name.starts_with(start)).map(str::to_owned));
    for directory in process.env("PATH").map(str::to_owned).unwrap_or_default().split(':') {
        let Ok(entries) = process.list(directory) else { continue };
        for (name, _) in entries.into_iter().filter(|(name, _)| name.starts_with(start)) {
            let place = path::join(directory, &name);
            if !process.is_directory(&place) && process.may_execute(&place) {
                found.insert(name.to_string());
            }
        }
    }
}

/// The entries of the directory that a word leads to. Where a command stands only what can be run, or leads further.
fn paths(process: &mut Process<'_, '_>, value: &str, is_command: bool, found: &mut BTreeSet<String>) {
    let (directory, start) = value.rfind('/').map_or(("", value), |at| value.split_at(at + 1));
    let looked_at = match directory.strip_prefix("~/") {
        Some(rest) => path::join(process.env("HOME").unwrap_or("/"), rest),
        None if directory.is_empty() => ".".to_owned(),
        None => directory.to_owned(),
    };
    let Ok(entries) = process.list(&looked_at) else { return };
    for (name, _) in entries.into_iter().filter(|(name, _)| name.starts_with(start)) {
        if start.is_empty() && name.starts_with('.') {
            continue;
        }
        let place = path::join(&looked_at, &name);
        let is_directory = process.is_directory(&place);
        if is_command && !is_directory && !process.may_execute(&place) {
            continue;
        }
        let end = if is_directory { "/" } else { "" };
        let home = if directory.starts_with("~/") { "~/" } else { "" };
        let rest = escaped(&format!("{}{name}", &directory[home.len()..]));
        found.insert(format!("{home}{rest}{end}"));
    }
}

fn escaped(word: &str) -> String {
    let mut text = String::new();
    for c in word.chars() {
        if SPECIAL.contains(c) {
            text.push('\\');
        }
        text.push(c);
    }
    text
}

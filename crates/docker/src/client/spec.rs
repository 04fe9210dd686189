//! The commands with their options, read from `commands.txt`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A command, or a group of them.
#[derive(Clone, Debug)]
pub struct Command {
    /// Its words without `docker`.
    pub path: String,
    /// The command that does its work: `images` for `image ls`.
    pub means: String,
    /// What follows its name in a usage line.
    pub usage: String,
    /// How many arguments it takes.
    pub arguments: Arguments,
    /// What it does.
    pub about: String,
    /// The sentences about it that recordings of versions 20 and 28 show in messages.
    pub recorded: (Option<String>, Option<String>),
    /// Its options, sorted by name.
    pub options: Vec<Flag>,
}

/// How many arguments a command takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arguments {
    /// At least, and at most if there is a bound.
    Between(usize, Option<usize>),
    /// It is a group of commands.
    Group,
}

/// An option.
#[derive(Clone, Debug)]
pub struct Flag {
    /// Without the dashes.
    pub name: String,
    /// The letter, if it has one.
    pub letter: Option<char>,
    /// What its value is; none for a switch.
    pub kind: Option<String>,
    /// 20 if only version 20 has it, 28 if only those since 28 have it.
    pub only: Option<u32>,
    /// Whether help and messages hide its letter.
    pub hidden: bool,
}

impl Flag {
    /// Whether a client of this version has it.
    pub fn is_in(&self, client: u32) -> bool {
        self.only.is_none_or(|only| (only == 20) == (client == 20))
    }

    /// As messages show it: `-n, --last`.
    pub fn shown(&self) -> String {
        match self.letter {
            Some(letter) => format!("-{letter}, --{}", self.name),
            None => format!("--{}", self.name),
        }
    }
}

/// All commands by their words.
pub fn commands() -> &'static BTreeMap<String, Command> {
    static COMMANDS: OnceLock<BTreeMap<String, Command>> = OnceLock::new();
    COMMANDS.get_or_init(|| read(include_str!("commands.txt")))
}

fn read(text: &str) -> BTreeMap<String, Command> {
    let mut commands: BTreeMap<String, Command> = BTreeMap::new();
    let mut last = String::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(option) = line.strip_prefix("  ") {
            if let Some(command) = commands.get_mut(&last) {
                command.options.push(flag(option));
            }
            continue;
        }
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        last = parts[0].to_owned();
        let command = match parts[1].strip_prefix('=').and_then(|other| commands.get(other)) {
            Some(other) => Command { path: last.clone(), ..other.clone() },
            None => command(&parts),
        };
        commands.insert(last.clone(), command);
    }
    commands
}

fn command(parts: &[&str]) -> Command {
    let column = |at: usize| parts.get(at).map(|text| (*text).to_owned());
    Command {
        path: parts[0].to_owned(),
        means: parts[0].to_owned(),
        usage: parts[1].replace('¦', "|").replace("\\n", "\n").replace("\\t", "\t"),
        arguments: arguments(parts[2]),
        about: column(3).unwrap_or_default(),
        recorded: (column(4), column(5)),
        options: Vec::new(),
    }
}

fn arguments(text: &str) -> Arguments {
    let number = |text: &str| text.parse().unwrap_or(0);
    if text == "g" {
        Arguments::Group
    } else if text == "*" {
        Arguments::Between(0, None)
    } else if let Some(least) = text.strip_suffix('+') {
        Arguments::Between(number(least), None)
    } else if let Some((least, most)) = text.split_once("..") {
        Arguments::Between(number(least), Some(number(most)))
    } else {
        Arguments::Between(number(text), Some(number(text)))
    }
}

fn flag(text: &str) -> Flag {
    let mut flag = Flag { name: String::new(), letter: None, kind: None, only: None, hidden: false };
    for word in text.split_whitespace() {
        if let Some(name) = word.strip_prefix("--") {
            flag.name = name.to_owned();
        } else if let Some(letter) = word.strip_prefix('-') {
            flag.letter = letter.chars().next();
        } else if matches!(word, "20" | "28") {
            flag.only = word.parse().ok();
        } else if word == "hidden" {
            flag.hidden = true;
        } else {
            flag.kind = Some(word.to_owned());
        }
    }
    flag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let commands = commands();
        assert!(commands.len() > 100);
        for command in commands.values() {
            let group = command.path.rsplit_once(' ').map(|(group, _)| group);
            assert!(group.is_none_or(|group| commands.contains_key(group)), "{}", command.path);
            assert!(!command.about.is_empty(), "{}", command.path);
            // What it does is said in words of our own.
            for sentence in [&command.recorded.0, &command.recorded.1].into_iter().flatten() {
                assert_ne!(&command.about, sentence, "{}", command.path);
            }
            let names: std::collections::BTreeSet<_> =
                command.options.iter().map(|flag| (&flag.name, flag.only)).collect();
            assert_eq!(names.len(), command.options.len(), "{}", command.path);
        }
        assert_eq!(commands["image ls"].means, "images");
        assert_eq!(commands["commit"].arguments, Arguments::Between(1, Some(2)));
        assert!(commands["ps"].options.iter().any(|flag| flag.shown() == "-n, --last"));
    }
}

//! `--help`, groups of commands, and commands that do not exist.

use super::errors::{Fail, usage};
use super::spec::{self, Arguments, Command, Flag};
use super::{Call, Done, is_in};
use crate::Docker;
use crate::dialect::Dialect;

/// The help of a command.
pub(super) fn command(call: &mut Call<'_>, command: &Command, dialect: Dialect) {
    let recorded = command.recorded.1.as_ref().filter(|_| !dialect.is_old_client());
    let about = recorded.unwrap_or(&command.about);
    let head = if dialect.is_old_client() { "\n" } else { "" };
    let mut text = format!("{head}Usage:  {}\n\n{about}\n", usage(command));
    let flags: Vec<&Flag> =
        command.options.iter().filter(|flag| flag.is_in(dialect.client) && !flag.hidden).collect();
    if !flags.is_empty() {
        text.push_str("\nOptions:\n");
    }
    for flag in flags {
        let letter = flag.letter.map_or("    ".to_owned(), |letter| format!("-{letter}, "));
        let kind = flag.kind.as_deref().map_or(String::new(), |kind| format!(" {kind}"));
        text.push_str(&format!("  {letter}--{}{kind}\n", flag.name));
    }
    call.out(&text);
}

/// A group without a command, or with one that it does not have.
pub(super) fn group(docker: &Docker, call: &mut Call<'_>, group: &Command, rest: &[String]) -> Done {
    let dialect = docker.client.dialect;
    let path = &group.path;
    let unknown_flag = |word: &str| {
        let message = if word.starts_with("--") {
            format!("unknown flag: {}", word.split('=').next().unwrap_or(word))
        } else {
            format!("unknown shorthand flag: '{}' in {word}", word.chars().nth(1).unwrap_or('-'))
        };
        super::errors::bad_flag(group, &message, dialect)
    };
    match rest.first().map(String::as_str) {
        Some("--help" | "-h") => {
            call.out(&list(path, dialect));
            Ok(0)
        }
        Some(word) if word.starts_with('-') => Err(unknown_flag(word)),
        Some(word) if path.starts_with("buildx") => {
            call.out(&list(path, dialect));
            Err(Fail::new(format!("ERROR: unknown command: \"{word}\"")))
        }
        None => {
            call.err(&list(path, dialect));
            Ok(0)
        }
        Some(_) if dialect.is_old_client() => {
            call.err(&list(path, dialect));
            Ok(1)
        }
        Some(word) => Err(Fail::new(format!(
            "docker: unknown command: docker {path} {word}\n\nUsage:  {}\n\nRun 'docker {path} --help' for more information",
            usage(group)
        ))),
    }
}

/// `docker` alone, or with a word that is no command.
pub(super) fn root(docker: &Docker, call: &mut Call<'_>, rest: &[String]) -> Done {
    let dialect = docker.client.dialect;
    let Some(word) = rest.first() else {
        call.out(&list("", dialect));
        return Ok(0);
    };
    Err(Fail::new(if dialect.is_old_client() {
        format!("docker: '{word}' is not a docker command.\nSee 'docker --help'")
    } else {
        format!("docker: unknown command: docker {word}\n\nRun 'docker --help' for more information")
    }))
}

/// The commands of a group.
pub(super) fn list(group: &str, dialect: Dialect) -> String {
    let prefix = if group.is_empty() { String::new() } else { format!("{group} ") };
    let head = if dialect.is_old_client() { "\n" } else { "" };
    let command = if group.is_empty() { "[OPTIONS] COMMAND".to_owned() } else { format!("{group} COMMAND") };
    let mut text = format!("{head}Usage:  docker {command}\n");
    let below = spec::commands().values().filter(|command| {
        let name = command.path.strip_prefix(&prefix);
        name.is_some_and(|name| !name.is_empty() && !name.contains(' ')) && is_in(command, dialect)
    });
    let below: Vec<&Command> = below.collect();
    for (title, groups) in [("Management Commands", true), ("Commands", false)] {
        let part: Vec<&&Command> =
            below.iter().filter(|command| (command.arguments == Arguments::Group) == groups).collect();
        if part.is_empty() {
            continue;
        }
        text.push_str(&format!("\n{title}:\n"));
        for command in part {
            let name = command.path.rsplit(' ').next().unwrap_or_default();
            text.push_str(&format!("  {name:<11} {}\n", command.about));
        }
    }
    text.push_str(&format!(
        "\nRun '{}' for more information on a command.\n",
        format!("docker {group} COMMAND --help").replace("  ", " ")
    ));
    text
}

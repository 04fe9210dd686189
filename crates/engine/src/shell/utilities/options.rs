//! Options of a command line, as `getopt_long` takes them apart.

pub(super) use super::giving_up::{misused, no_more_than, take, take_as};
use super::usage::Accepted;
use crate::shell::{CommandKind, ExitCode, Interrupt, Process};

/// The options and operands of a command line.
#[derive(Clone, Debug, Default)]
pub(super) struct Options {
    found: Vec<(char, Option<String>)>,
    /// For each option found how many operands stand before it.
    places: Vec<usize>,
    /// What is no option.
    pub operands: Vec<String>,
}

impl Options {
    /// Whether an option was given.
    pub(super) fn has(&self, option: char) -> bool {
        self.found.iter().any(|(found, _)| *found == option)
    }

    /// The value of an option; the last one counts.
    pub(super) fn value(&self, option: char) -> Option<&str> {
        self.values(option).last()
    }

    /// The values of an option that may be repeated.
    pub(super) fn values(&self, option: char) -> impl DoubleEndedIterator<Item = &str> {
        self.found.iter().filter(move |(found, _)| *found == option).filter_map(|(_, value)| value.as_deref())
    }

    /// All options in their order.
    pub(super) fn all(&self) -> impl DoubleEndedIterator<Item = (char, Option<&str>)> {
        self.found.iter().map(|(option, value)| (*option, value.as_deref()))
    }

    /// The values of an option, each with the number of operands before it.
    pub(super) fn placed(&self, option: char) -> impl Iterator<Item = (usize, &str)> {
        let found = self.found.iter().zip(&self.places);
        found
            .filter(move |((found, _), _)| *found == option)
            .filter_map(|((_, value), place)| Some((*place, value.as_deref()?)))
    }

    /// Which of several options came last.
    pub(super) fn last_of(&self, options: &str) -> Option<char> {
        self.found.iter().rev().map(|(found, _)| *found).find(|found| options.contains(*found))
    }
}

impl Options {
    /// All but one.
    pub(super) fn without(mut self, letter: char) -> Self {
        let mut places = std::mem::take(&mut self.places).into_iter();
        self.found.retain(|(found, _)| {
            let place = places.next().unwrap_or(0);
            let keeps = *found != letter;
            if keeps {
                self.places.push(place);
            }
            keeps
        });
        self
    }
}

/// GNU's words for a command line that has one operand or none where there have to be two.
pub(super) fn missing_operand(operands: &[String]) -> String {
    operands
        .first()
        .map_or_else(|| "missing operand".to_owned(), |only| format!("missing operand after '{only}'"))
}

/// What is wrong with a command line.
enum Invalid {
    Unknown(char),
    UnknownLong(String),
    NoValue(char),
}

/// Takes the arguments of a process apart, or says what is wrong and gives the exit code.
///
/// `short` is as for `getopt`: a colon after an option that has a value, two where the value must be attached; a `+` in
/// front ends the options at the first operand. `long` gives names to the letters; letters that only have a long name
/// are written in `short` as well.
pub(super) fn parse(
    process: &mut Process<'_, '_>,
    short: &str,
    long: &[(&str, char)],
) -> Result<Result<Options, ExitCode>, Interrupt> {
    let args = process.args().to_vec();
    let accepted = if process.is_busybox() { Accepted::of(process.name()) } else { None };
    match split(&args, short, long, accepted.as_ref()) {
        Ok(options) => Ok(Ok(options)),
        Err(Invalid::UnknownLong(word)) if word == "--version" && !process.is_busybox() => {
            super::version::print(process).map(Err)
        }
        // What GNU's programs tell about themselves is not here, and that is said.
        Err(Invalid::UnknownLong(word)) if word == "--help" && !process.is_busybox() => {
            process.machine.mark = Some(CommandKind::Unknown);
            Ok(Err(0))
        }
        Err(invalid) => {
            tell(process, &invalid)?;
            usage_error(process).map(Err)
        }
    }
}

/// As [`parse`], for utilities whose options differ: BusyBox's applet has its own, and long ones only where it says so.
pub(super) fn parse_as(
    process: &mut Process<'_, '_>,
    busybox: (&str, &[(&str, char)]),
    gnu: (&str, &[(&str, char)]),
) -> Result<Result<Options, ExitCode>, Interrupt> {
    let (short, long) = if process.is_busybox() { busybox } else { gnu };
    parse(process, short, long)
}

/// Says what is wrong with a command line, as the C library of the image does.
fn tell(process: &mut Process<'_, '_>, invalid: &Invalid) -> Result<(), Interrupt> {
    let musl = process.has_musl();
    let text = match invalid {
        Invalid::Unknown(option) if musl => format!("unrecognized option: {option}"),
        Invalid::Unknown(option) => format!("invalid option -- '{option}'"),
        Invalid::UnknownLong(option) if musl => {
            format!("unrecognized option: {}", option.trim_start_matches('-'))
        }
        Invalid::UnknownLong(option) => format!("unrecognized option '{option}'"),
        Invalid::NoValue(option) if musl => format!("option requires an argument: {option}"),
        Invalid::NoValue(option) => format!("option requires an argument -- '{option}'"),
    };
    process.complain(&text)
}

/// Ends what a wrong command line gets: BusyBox prints how it wants to be called, GNU where that can be read.
pub(super) fn usage_error(process: &mut Process<'_, '_>) -> Result<ExitCode, Interrupt> {
    let name = process.name().to_owned();
    if process.is_busybox() {
        super::usage::print(process)?;
    } else {
        if matches!(name.as_str(), "grep" | "egrep" | "fgrep") {
            process.error_output("Usage: grep [OPTION]... PATTERNS [FILE]...\n")?;
        }
        let prefix =
            if matches!(name.as_str(), "diff" | "cmp" | "patch") { &format!("{name}: ") } else { "" };
        let other = if name == "tar" { " or 'tar --usage'" } else { "" };
        process.error_output(&format!("{prefix}Try '{name} --help'{other} for more information.\n"))?;
    }
    Ok(usage_code(&name, process.is_busybox()))
}

/// The exit code of a usage error, which some utilities have of their own.
fn usage_code(name: &str, busybox: bool) -> ExitCode {
    match name {
        "grep" | "egrep" | "fgrep" | "diff" | "cmp" | "sort" if busybox => 2,
        "ls" | "sort" | "grep" | "egrep" | "fgrep" | "diff" | "cmp" | "patch" if !busybox => 2,
        "tar" if !busybox => 64,
        "env" | "timeout" if !busybox => 125,
        _ => 1,
    }
}

/// What a command line without its operands gets: GNU's programs say what is missing, BusyBox only how it is called.
pub(super) fn missing(process: &mut Process<'_, '_>, what: &str) -> Result<ExitCode, Interrupt> {
    if !process.is_busybox() {
        process.complain(what)?;
    }
    usage_error(process)
}

fn split(
    args: &[String],
    short: &str,
    long: &[(&str, char)],
    accepted: Option<&Accepted>,
) -> Result<Options, Invalid> {
    let stop_at_operand = short.starts_with('+');
    let mut options = Options::default();
    let mut rest = args.iter();
    while let Some(word) = rest.next() {
        if word == "--" {
            options.operands.extend(rest.by_ref().cloned());
        } else if let Some(name) = word.strip_prefix("--") {
            let (name, value) =
                name.split_once('=').map_or((name, None), |(name, value)| (name, Some(value)));
            let is_accepted = |candidate: &str| accepted.is_none_or(|accepted| accepted.long(candidate));
            let exact = long.iter().find(|(candidate, _)| *candidate == name && is_accepted(candidate));
            let mut abbreviated =
                long.iter().filter(|(candidate, _)| candidate.starts_with(name) && is_accepted(candidate));
            let found = exact.or_else(|| abbreviated.next().filter(|_| abbreviated.next().is_none()));
            let letter = found.ok_or_else(|| Invalid::UnknownLong(word.clone()))?.1;
            let value = match (takes_value(short, letter), value) {
                (Value::Required, None) => Some(rest.next().ok_or(Invalid::NoValue(letter))?.clone()),
                (_, value) => value.map(str::to_owned),
            };
            options.found.push((letter, value));
            options.places.push(options.operands.len());
        } else if word.len() > 1 && word.starts_with('-') {
            let mut letters = word[1..].chars();
            while let Some(letter) = letters.next() {
                if letter == ':'
                    || letter == '+'
                    || !short.contains(letter)
                    || accepted.is_some_and(|accepted| !accepted.letter(letter))
                {
                    return Err(Invalid::Unknown(letter));
                }
                let attached = letters.as_str();
                let value = match takes_value(short, letter) {
                    Value::None => None,
                    Value::Required if attached.is_empty() => {
                        Some(rest.next().ok_or(Invalid::NoValue(letter))?.clone())
                    }
                    Value::Optional if attached.is_empty() => None,
                    _ => Some(attached.to_owned()),
                };
                let ends = takes_value(short, letter) != Value::None;
                options.found.push((letter, value));
                options.places.push(options.operands.len());
                if ends {
                    break;
                }
            }
        } else {
            options.operands.push(word.clone());
            if stop_at_operand {
                options.operands.extend(rest.by_ref().cloned());
            }
        }
    }
    Ok(options)
}

#[derive(PartialEq)]
enum Value {
    None,
    Required,
    Optional,
}

fn takes_value(short: &str, letter: char) -> Value {
    let after = short.split_once(letter).map_or("", |(_, after)| after);
    if after.starts_with("::") {
        Value::Optional
    } else if after.starts_with(':') {
        Value::Required
    } else {
        Value::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &str, short: &str) -> Option<Options> {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        split(&words, short, &[("lines", 'n'), ("recursive", 'r')], None).ok()
    }

    #[test]
    fn forms() {
        let options = of("-rn3 a -n 4 --lines=5 --rec -- -x", "rn:").unwrap();
        assert_eq!(options.values('n').collect::<Vec<_>>(), ["3", "4", "5"]);
        assert!(options.has('r') && !options.has('l'));
        assert_eq!(options.operands, ["a", "-x"]);
        let options = of("-i.bak -i a -r", "+i::r").unwrap();
        assert_eq!(options.values('i').collect::<Vec<_>>(), [".bak"]);
        assert_eq!(options.operands, ["a", "-r"]);
        assert!(of("-z", "rn:").is_none() && of("--zz", "r").is_none() && of("-n", "n:").is_none());
    }
}

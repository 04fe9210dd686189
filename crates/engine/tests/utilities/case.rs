//! The files of cases.

use std::collections::BTreeMap;

/// Whose programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Flavour {
    Busybox,
    Debian,
}

/// What stands under a heading of a flavour.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    Recorded(String),
    /// Why it is not compared.
    Wanted(String),
}

/// A script and what it prints.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) script: String,
    answers: BTreeMap<Flavour, Answer>,
}

impl Case {
    pub(crate) fn read_all(text: &str) -> Vec<Self> {
        let mut cases: Vec<Self> = Vec::new();
        // What the following lines belong to; none for the script.
        let mut here: Vec<Flavour> = Vec::new();
        for line in text.split_inclusive('\n') {
            let heading = line.trim_end_matches('\n');
            if let Some(name) = heading.strip_prefix("#### ") {
                cases.push(Self { name: name.to_owned(), script: String::new(), answers: BTreeMap::new() });
                here.clear();
                continue;
            }
            let Some(case) = cases.last_mut() else { continue };
            let flavours = |name: &str| match name {
                "both" => vec![Flavour::Busybox, Flavour::Debian],
                "busybox" => vec![Flavour::Busybox],
                "debian" => vec![Flavour::Debian],
                other => panic!("unknown heading {other}"),
            };
            if let Some(name) = heading.strip_prefix("=== ").or_else(|| heading.strip_prefix("~~~ ")) {
                let wanted = heading.starts_with('~');
                here = flavours(name);
                for flavour in &here {
                    let empty = String::new();
                    let answer = if wanted { Answer::Wanted(empty) } else { Answer::Recorded(empty) };
                    case.answers.insert(*flavour, answer);
                }
            } else if here.is_empty() {
                case.script.push_str(line);
            } else {
                for flavour in &here {
                    if let Some(Answer::Recorded(text) | Answer::Wanted(text)) = case.answers.get_mut(flavour)
                    {
                        text.push_str(line);
                    }
                }
            }
        }
        cases
    }

    pub(crate) fn expected(&self, flavour: Flavour) -> Option<&str> {
        match self.answers.get(&flavour)? {
            Answer::Recorded(text) => Some(text),
            Answer::Wanted(_) => None,
        }
    }

    pub(crate) fn is_missing(&self, flavour: Flavour) -> bool {
        !self.answers.contains_key(&flavour)
    }

    pub(crate) fn record(&mut self, flavour: Flavour, text: String) {
        self.answers.insert(flavour, Answer::Recorded(text));
    }

    pub(crate) fn write_all(cases: &[Self]) -> String {
        let mut text = String::new();
        for case in cases {
            text.push_str(&format!("#### {}\n{}", case.name, case.script));
            let busybox = case.answers.get(&Flavour::Busybox);
            let debian = case.answers.get(&Flavour::Debian);
            let mut section = |name: &str, answer: Option<&Answer>| match answer {
                Some(Answer::Recorded(answer)) => text.push_str(&format!("=== {name}\n{answer}")),
                Some(Answer::Wanted(reason)) => text.push_str(&format!("~~~ {name}\n{reason}")),
                None => {}
            };
            if busybox == debian {
                section("both", busybox);
            } else {
                section("busybox", busybox);
                section("debian", debian);
            }
        }
        text
    }
}

/// The form in which answers are kept.
pub(crate) fn shown(stdout: &[u8], stderr: &[u8], code: i32) -> String {
    let mut text = String::from_utf8_lossy(stdout).replace('\0', "␀");
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str("␄\n");
    }
    let mut usage = false;
    for line in String::from_utf8_lossy(stderr).lines() {
        // The usage of an applet is long, and that of one version alone: only that it is printed is kept.
        usage |= line.starts_with("BusyBox v");
        let other = line.split_once(": ").map(|(name, _)| name).filter(|name| *name != "or");
        usage &= !other.is_some_and(|name| name.chars().all(|c| c.is_ascii_lowercase()));
        if usage && !line.starts_with("BusyBox v") {
            continue;
        }
        let line = if usage { "BusyBox, and the usage" } else { line };
        text.push_str(&format!("! {line}\n"));
    }
    if code != 0 {
        text.push_str(&format!("= {code}\n"));
    }
    text
}

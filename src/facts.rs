//! Which facts of the catalogue the modelled figures of a step come from.
//!
//! Input: a step as the session describes it. Output: the parts of the catalogue and the entries in them; what stands
//! there is read by the view, from the same files that the builder reads.

use lab_session::protocol::{CommandKind, CommandView, StepView};

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Bytes.
    Size,
    /// Seconds.
    Time,
}

/// An entry of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Which figure comes from it.
    pub about: About,
    /// The part: `images`, `npm`, `durations` …
    pub part: &'static str,
    /// The entry in it: the name of an image, a kind of step; empty where it is about the whole part.
    pub entry: String,
}

/// The facts behind the modelled figures of a step, each once.
pub fn of_step(step: &StepView) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    let mut add = |about, part, entry: &str| {
        let fact = Fact { about, part, entry: entry.to_owned() };
        if !facts.contains(&fact) {
            facts.push(fact);
        }
    };
    let has_size = step.size.is_some_and(|size| size.modelled && size.value > 0.0);
    let has_time = [step.seconds, step.saved].iter().flatten().any(|time| time.modelled && time.value > 0.0);
    if step.keyword == "FROM" {
        if has_size {
            add(About::Size, "images", &image_of(step));
        }
        if has_time {
            add(About::Time, "durations", "FROM pull");
        }
        return facts;
    }
    // What the shell does by itself takes no time beside a package manager.
    let is = |kind| move |command: &&CommandView| command.kind == kind;
    let mut known: Vec<&CommandView> = step.commands.iter().filter(is(CommandKind::Modelled)).collect();
    if known.is_empty() {
        known.extend(step.commands.iter().filter(is(CommandKind::Executed)));
    }
    for command in known {
        if let Some(part) =
            sizes_of(&command.name).filter(|_| has_size && command.kind == CommandKind::Modelled)
        {
            add(About::Size, part, "");
        }
        if has_time {
            add(About::Time, "durations", timing_of(&command.name, &step.text));
        }
    }
    if has_time && step.commands.is_empty() {
        let entry = match step.keyword.as_str() {
            "WORKDIR" => "WORKDIR",
            "COPY" | "ADD" => "COPY",
            _ => "mkdir/chmod/echo/rm/useradd",
        };
        add(About::Time, "durations", entry);
    }
    facts
}

/// The image that a `FROM` shows.
fn image_of(step: &StepView) -> String {
    if let Some(stand_in) = &step.stand_in {
        return stand_in.shown.clone();
    }
    let name = step.text.split_whitespace().skip(1).find(|word| !word.starts_with("--")).unwrap_or_default();
    let name = name.split('@').next().unwrap_or_default();
    let name = name.strip_prefix("docker.io/").unwrap_or(name);
    name.strip_prefix("library/").unwrap_or(name).to_owned()
}

/// The part with the sizes of what a program brings.
fn sizes_of(program: &str) -> Option<&'static str> {
    Some(match program {
        "apt" | "apt-get" => "apt-trixie",
        "apk" => "apk",
        "npm" | "npx" | "yarn" | "yarnpkg" | "pnpm" => "npm",
        "go" => return None,
        _ if program.starts_with("pip") || program.starts_with("python") => "pypi",
        _ => "downloads",
    })
}

/// The entry with the seconds of a program; what it was asked to do stands in the instruction.
fn timing_of(program: &str, text: &str) -> &'static str {
    const BY_WORDS: [&str; 8] = [
        "npm run build",
        "npm ci",
        "npm install",
        "apt-get update",
        "apt-get install",
        "go mod download",
        "go build",
        "yarn install",
    ];
    let asked =
        BY_WORDS.iter().find(|entry| entry.split(' ').next() == Some(program) && text.contains(**entry));
    match (asked, program) {
        (Some(entry), _) => entry,
        (None, "npm" | "npx") => "npm install",
        (None, "apt-get" | "apt") => "apt-get install",
        (None, "apk") => "apk add",
        (None, "yarn" | "yarnpkg") => "yarn install",
        (None, "go") => "go build",
        (None, "bundle" | "bundler" | "gem") => "bundle install",
        (None, "curl" | "wget") => "curl/wget download",
        (None, "git") => "git clone",
        (None, "make" | "gmake" | "ninja" | "gcc" | "g++" | "cc" | "c++" | "clang" | "clang++") => "gcc/make",
        (None, _) if program.starts_with("docker-php-ext") || program == "pecl" => "docker-php-ext-install",
        (None, _) if program.starts_with("pip") || program.starts_with("python") => "pip install",
        (None, _) => "mkdir/chmod/echo/rm/useradd",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::step;
    use lab_session::protocol::{Figure, StandIn, State};

    fn facts(text: &str, commands: &[(&str, CommandKind)]) -> Vec<String> {
        let mut step = step(0, text, State::Miss);
        step.keyword = text.split(' ').next().unwrap().to_owned();
        step.size = Some(Figure::modelled(1e6));
        step.seconds = Some(Figure::modelled(6.0));
        let command = |(name, kind): &(&str, CommandKind)| CommandView {
            name: (*name).to_owned(),
            kind: *kind,
            count: 1,
            seconds: Figure::modelled(1.0),
        };
        step.commands = commands.iter().map(command).collect();
        of_step(&step)
            .into_iter()
            .map(|fact| format!("{:?} {} {}", fact.about, fact.part, fact.entry))
            .collect()
    }

    #[test]
    fn every_modelled_figure_has_an_entry() {
        use CommandKind::{Executed, Modelled, Unknown};
        assert_eq!(
            facts("RUN npm ci && rm -r x", &[("npm", Modelled), ("rm", Executed)]),
            ["Size npm ", "Time durations npm ci"]
        );
        assert_eq!(facts("RUN rm x", &[("rm", Executed)]), ["Time durations mkdir/chmod/echo/rm/useradd"]);
        assert_eq!(facts("RUN x", &[("x", Unknown)]), [""; 0]);
        assert_eq!(facts("WORKDIR /a", &[]), ["Time durations WORKDIR"]);
        let from = facts("FROM --platform=linux/amd64 docker.io/library/node AS a", &[]);
        assert_eq!(from, ["Size images node", "Time durations FROM pull"]);
    }

    #[test]
    fn the_image_that_is_shown_counts() {
        let mut from = step(0, "FROM redis", State::Hit);
        from.stand_in = Some(StandIn { wanted: "redis:latest".into(), shown: "redis:7.4.1".into() });
        assert_eq!(image_of(&from), "redis:7.4.1");
    }

    #[test]
    fn the_entries_are_in_the_catalogue() {
        let text = include_str!("../catalog/durations.json");
        for (program, asked) in [
            ("npm", "npm ci"),
            ("npm", ""),
            ("apt-get", "apt-get update"),
            ("apk", ""),
            ("yarn", ""),
            ("go", ""),
            ("go", "go mod download"),
            ("bundle", ""),
            ("curl", ""),
            ("git", ""),
            ("make", ""),
            ("pip3", ""),
            ("docker-php-ext-install", ""),
            ("echo", ""),
            ("npm", "npm run build"),
        ] {
            let entry = timing_of(program, asked);
            assert!(text.contains(&format!("\"{entry}\":{{")), "{entry}");
        }
        for entry in ["FROM pull", "COPY", "WORKDIR"] {
            assert!(text.contains(&format!("\"{entry}\":{{")), "{entry}");
        }
    }
}

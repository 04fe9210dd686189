//! Which instruction of a Dockerfile a step of a log is, by the name that the builder gave it: `[build 2/5] RUN make`.

use lab_engine::dockerfile::{Dockerfile, InstructionLine};

/// The name of a step, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StepName<'a> {
    /// The stage as the name has it: empty, a name, or `stage-1`.
    pub(super) stage: &'a str,
    /// Its number in the stage.
    pub(super) number: u32,
    /// How many steps the stage has.
    pub(super) total: u32,
    /// The instruction.
    pub(super) text: &'a str,
}

impl<'a> StepName<'a> {
    /// Takes a name apart; none for what is no step, as `[internal] load build context`.
    pub(super) fn parse(name: &'a str) -> Option<Self> {
        let (prefix, text) = name.strip_prefix('[')?.split_once(']')?;
        let (rest, total) = prefix.rsplit_once('/')?;
        let (stage, number) = rest.rsplit_once(' ').unwrap_or(("", rest));
        // A build for several platforms has the platform in front.
        let mut words = stage.split_whitespace();
        let stage = match (words.next(), words.next()) {
            (Some(platform), stage) if platform.contains('/') => stage.unwrap_or_default(),
            (stage, _) => stage.unwrap_or_default(),
        };
        Some(Self { stage, number: number.parse().ok()?, total: total.parse().ok()?, text: text.trim() })
    }

    pub(super) fn keyword(&self) -> &'a str {
        self.text.split_whitespace().next().unwrap_or_default()
    }
}

/// An instruction of the Dockerfile with the place that it has as a step.
pub(super) struct Place<'a> {
    pub(super) line: &'a InstructionLine,
    /// The name of its stage, or the number as text; empty in front of the first.
    pub(super) stage: String,
    /// What names of steps call the stage, and the steps that it has.
    shown: String,
    total: u32,
    /// Its number; 0 for no step.
    pub(super) number: u32,
}

/// The instructions of a Dockerfile in the order of the text.
pub(super) fn places(dockerfile: &Dockerfile) -> Vec<Place<'_>> {
    let is_from = |line: &InstructionLine| line.keyword.eq_ignore_ascii_case("FROM");
    let count = dockerfile.lines.iter().filter(|line| is_from(line)).count();
    let mut places: Vec<Place<'_>> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut number = 0;
    for line in &dockerfile.lines {
        let mut counts =
            ["RUN", "COPY", "ADD", "WORKDIR"].iter().any(|k| line.keyword.eq_ignore_ascii_case(k));
        if is_from(line) {
            number = 0;
            let base = line.words.first().map(|word| word.to_lowercase()).unwrap_or_default();
            counts = base != "scratch" && !names.contains(&base);
            let alias = line.words.windows(2).find(|pair| pair[0].eq_ignore_ascii_case("AS"));
            names.push(alias.map_or(String::new(), |pair| pair[1].to_lowercase()));
        }
        number += u32::from(counts);
        let index = names.len().saturating_sub(1);
        let name = names.last().filter(|name| !name.is_empty()).cloned();
        let shown = if count == 1 { String::new() } else { format!("stage-{index}") };
        places.push(Place {
            line,
            stage: if names.is_empty() {
                String::new()
            } else {
                name.clone().unwrap_or_else(|| index.to_string())
            },
            shown: name.unwrap_or(shown),
            total: 0,
            number: if counts { number } else { 0 },
        });
    }
    for at in 0..places.len() {
        let of_stage = places.iter().filter(|place| place.stage == places[at].stage);
        places[at].total = of_stage.map(|place| place.number).max().unwrap_or_default();
    }
    places
}

impl Place<'_> {
    /// Whether a step of a log is this instruction.
    pub(super) fn is(&self, name: &StepName<'_>) -> bool {
        // Of a single stage the name is shown only where the frontend has others beside it.
        let same_stage = name.stage.eq_ignore_ascii_case(&self.shown) || name.stage.is_empty();
        let same_place = self.number > 0 && (name.number, name.total) == (self.number, self.total);
        same_stage
            && same_place
            && name.keyword().eq_ignore_ascii_case(&self.line.keyword)
            && self.says_the_same(name.text)
    }

    /// Whether the text can be this instruction: the builder has put in what variables stand for, and the digest of an
    /// image.
    fn says_the_same(&self, text: &str) -> bool {
        let (said, own) = (arguments(text), arguments(&self.text()));
        if self.line.keyword.eq_ignore_ascii_case("FROM") {
            let bare = |words: &[String]| words.first()?.split('@').next().map(str::to_owned);
            let named = bare(&said).zip(bare(&own)).is_some_and(|(said, own)| said.contains(&own));
            return named || own.iter().any(|word| word.contains('$'));
        }
        said == own || own.iter().any(|word| word.contains('$') || word.contains("<<"))
    }

    /// The instruction on one line, as names of steps have it but for the variables.
    pub(super) fn text(&self) -> String {
        match &self.line.instruction {
            Some(instruction) => instruction.text.clone(),
            None => format!("{} {}", self.line.keyword, self.line.words.join(" ")),
        }
    }
}

/// The words of an instruction behind its keyword and, of a `FROM`, its flags.
fn arguments(text: &str) -> Vec<String> {
    let mut words = text.split_whitespace();
    let is_from = words.next().is_some_and(|keyword| keyword.eq_ignore_ascii_case("FROM"));
    words.filter(|word| !is_from || !word.starts_with("--")).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab_engine::dockerfile::parse;

    #[test]
    fn names_are_taken_apart() {
        let parse = |name| StepName::parse(name).map(|name| (name.stage, name.number, name.total, name.text));
        for (name, expected) in [
            ("[2/5] RUN make", Some(("", 2, 5, "RUN make"))),
            ("[build  2/12] COPY . .", Some(("build", 2, 12, "COPY . ."))),
            ("[stage-1 1/3] FROM a@sha256:0", Some(("stage-1", 1, 3, "FROM a@sha256:0"))),
            ("[linux/arm64 build 3/4] RUN a", Some(("build", 3, 4, "RUN a"))),
            ("[linux/arm64 3/4] RUN a", Some(("", 3, 4, "RUN a"))),
            ("[internal] load build context", None),
            ("[auth] library/node:pull token for registry-1.docker.io", None),
            ("exporting to image", None),
            ("[a/b] c", None),
        ] {
            assert_eq!(parse(name), expected, "{name}");
        }
    }

    #[test]
    fn steps_find_their_instructions() {
        let text = "ARG V=1\nFROM node:$V AS build\nWORKDIR /app\nENV A=b\nCOPY --chown=1 a b /c/\nRUN make all\n\
                    FROM scratch\nCOPY --from=build /app /\nFROM build\nRUN \\\n  test  it\n";
        let parsed = parse(text).value;
        let places = places(&parsed);
        let found = |name: &str| {
            let name = StepName::parse(name).unwrap();
            places.iter().position(|place| place.is(&name))
        };
        for (name, expected) in [
            ("[build 1/4] FROM docker.io/library/node:1@sha256:00", Some(1)),
            ("[build 2/4] WORKDIR /app", Some(2)),
            ("[build 3/4] COPY --chown=1 a b /c/", Some(4)),
            ("[build 4/4] RUN make all", Some(5)),
            ("[build 4/4] RUN make none", None),
            ("[build 4/5] RUN make all", None),
            ("[stage-1 1/1] COPY --from=build /app /", Some(7)),
            ("[stage-2 1/1] RUN test  it", Some(9)),
        ] {
            assert_eq!(found(name), expected, "{name}");
        }
    }
}

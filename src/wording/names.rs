//! Short names: of states, instructions, layers, parts of a key, places.

use crate::locale::{Lang, t};
use lab_session::protocol::{BuildView, State, StepView};

/// The word of a state.
pub fn state(lang: Lang, state: State) -> &'static str {
    t(
        lang,
        match state {
            State::Hit => "state.hit",
            State::Miss => "state.miss",
            State::Follows => "state.follows",
            State::Meta => "state.meta",
            State::Failed => "state.failed",
            State::NotRun => "state.notRun",
            State::Skipped => "state.skipped",
        },
    )
}

/// The word of a state in the middle of a sentence that is read aloud.
pub fn spoken_state(lang: Lang, state: State) -> &'static str {
    t(
        lang,
        match state {
            State::Hit => "spoken.hit",
            State::Miss => "spoken.miss",
            State::Follows => "spoken.follows",
            State::Meta => "spoken.meta",
            State::Failed => "spoken.failed",
            State::NotRun => "spoken.notRun",
            State::Skipped => "spoken.skipped",
        },
    )
}

/// An instruction longer than this is cut, so that its cause need not be.
pub(super) const LONGEST_CODE: usize = 44;

/// An instruction on one short line.
pub fn short_code(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= LONGEST_CODE {
        return one_line;
    }
    let cut: String = one_line.chars().take(LONGEST_CODE - 1).collect();
    format!("{}…", cut.trim_end())
}

/// What made a layer, without what every history row says: the shell and the builder.
pub fn made_by(created_by: &str) -> String {
    let text = created_by.strip_suffix("# buildkit").unwrap_or(created_by).trim();
    let text = match (text.strip_prefix("RUN /bin/sh -c "), text.strip_prefix("/bin/sh -c ")) {
        (Some(command), _) => format!("RUN {command}"),
        (None, Some(command)) => match command.strip_prefix("#(nop) ") {
            Some(instruction) => instruction.trim().to_owned(),
            None => format!("RUN {command}"),
        },
        (None, None) => text.to_owned(),
    };
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name of a part of the cache key.
pub fn part(lang: Lang, name: &str) -> &str {
    let key = match name {
        "parent" => "part.parent",
        "instruction" => "part.instruction",
        "command" => "part.command",
        "files" => "part.files",
        "environment" | "env" => "part.environment",
        "workdir" => "part.workdir",
        "user" => "part.user",
        "base" => "part.base",
        "mounts" => "part.mounts",
        "flags" => "part.flags",
        "shell" => "part.shell",
        "network" => "part.network",
        "chown" => "part.chown",
        "chmod" => "part.chmod",
        "platform" => "part.platform",
        "hostname" => "part.hostname",
        "target" => "part.target",
        "path" => "part.path",
        _ => return name,
    };
    t(lang, key)
}

/// Where a step is: `Step 5 of 5, line 5`.
pub fn place(lang: Lang, build: &BuildView, step: &StepView) -> String {
    let line = (step.line + 1).to_string();
    if step.number == 0 {
        return crate::rich::plain(lang, "why.line", &[("line", &line)]);
    }
    let of = build
        .steps
        .iter()
        .filter(|other| other.stage == step.stage)
        .map(|other| other.number)
        .max()
        .unwrap_or(0);
    crate::rich::plain(
        lang,
        "why.place",
        &[("step", &step.number.to_string()), ("of", &of.to_string()), ("line", &line)],
    )
}

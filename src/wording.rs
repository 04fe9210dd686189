//! What the page says about a step: the sentence of the Why panel and what stands around it.
//!
//! Input: a build as the session describes it. Output: pieces of text; how they look is the view's business.

mod advice;
mod failure;
mod names;

pub use advice::{gain, listed, reordered};
pub use failure::not_built;
pub use names::{made_by, part, place, short_code, spoken_state, state};

use crate::figure;
use crate::locale::{Lang, t};
use crate::rich::{Argument, Piece, letters, rich};
use failure::{failed, failure_rule};
use lab_session::protocol::{BuildView, Cause, NearMiss, State, StepView, Why};

fn code(step: &StepView) -> Vec<Piece> {
    vec![Piece::Code(short_code(&step.text))]
}

fn cause(text: &str) -> Vec<Piece> {
    vec![Piece::Cause(text.to_owned())]
}

/// The one sentence about a step. `why` is the fullest that is known of it.
pub fn sentence(lang: Lang, build: &BuildView, step: &StepView, why: Option<&Why>) -> Vec<Piece> {
    let this = ("step", code(step));
    match step.state {
        State::Hit => hit(lang, step, why),
        State::Miss => match why.and_then(|why| why.causes.first().map(|first| (why, first))) {
            Some((why, first)) => missed(lang, build, step, why, first),
            None => rich(lang, "why.missed", &[this]),
        },
        State::Follows => follows(lang, build, step, this),
        State::Meta => rich(lang, "why.meta", &[this]),
        State::Failed => failed(lang, build, this),
        State::NotRun => rich(lang, "why.notRun", &[this]),
        State::Skipped => {
            rich(lang, "why.skipped", &[this, ("stage", vec![Piece::Code(step.stage.clone())])])
        }
    }
}

fn hit(lang: Lang, step: &StepView, why: Option<&Why>) -> Vec<Piece> {
    let this = ("step", code(step));
    let mut pieces = match why.and_then(|why| why.hit_build) {
        Some(number) => {
            rich(lang, "why.hitFrom", &[this, ("build", vec![Piece::Strong(format!("#{number}"))])])
        }
        None => rich(lang, "why.hit", &[this]),
    };
    if step.held {
        space(&mut pieces);
        pieces.extend(rich(lang, "why.held", &[]));
    }
    if let Some(saved) = step.saved.filter(|saved| saved.value >= 0.095) {
        space(&mut pieces);
        pieces.extend(rich(lang, "why.saved", &[("time", vec![figure::time_piece(lang, saved)])]));
    }
    pieces
}

fn space(pieces: &mut Vec<Piece>) {
    pieces.push(Piece::Text(" ".to_owned()));
}

fn missed(lang: Lang, build: &BuildView, step: &StepView, why: &Why, first: &Cause) -> Vec<Piece> {
    let this = ("step", code(step));
    let alike = paths_like(why, first);
    let key = match first {
        Cause::FileChanged { .. } if why.matched > 1 => "why.fileChanged",
        Cause::FileChanged { .. } => "why.fileChangedAlone",
        Cause::FileAdded { .. } => "why.fileAdded",
        Cause::FileRemoved { .. } => "why.fileRemoved",
        Cause::FileMode { after, before, .. } => mode_key(*before, *after),
        Cause::Parent { .. } => "why.parent",
        Cause::Command { .. } if step.keyword == "FROM" => "why.image",
        Cause::Command { .. } => "why.command",
        Cause::Env { .. } => "why.env",
        Cause::Arg { after: Some(_), .. } => "why.arg",
        Cause::Arg { .. } => "why.argGone",
        Cause::Base { .. } => "why.base",
        Cause::Part { .. } => "why.part",
        Cause::Moved { .. } => "why.moved",
        Cause::NoCache => "why.noCache",
        Cause::Pruned => "why.pruned",
        Cause::NoRecord => "why.noRecord",
    };
    let mut arguments = arguments(lang, build, first);
    if !alike.is_empty() {
        arguments.retain(|(name, _)| *name != "path");
        arguments.push(("path", list(lang, &alike)));
    }
    arguments.push(this);
    arguments.push(("changed", vec![Piece::number(why.changed)]));
    arguments.push(("matched", vec![Piece::number(why.matched)]));
    rich(lang, key, &arguments)
}

fn mode_key(before: u32, after: u32) -> &'static str {
    match (before & 0o111 != 0, after & 0o111 != 0) {
        (false, true) => "why.fileExecutable",
        (true, false) => "why.fileNotExecutable",
        _ => "why.fileMode",
    }
}

/// The paths of all causes of the same kind as the first: they share its sentence.
fn paths_like<'a>(why: &'a Why, first: &Cause) -> Vec<&'a str> {
    let kind = std::mem::discriminant(first);
    why.causes
        .iter()
        .filter(|cause| std::mem::discriminant(*cause) == kind)
        .filter_map(|cause| match cause {
            Cause::FileChanged { path, .. } | Cause::FileAdded { path, .. } | Cause::FileRemoved { path } => {
                Some(path.as_str())
            }
            _ => None,
        })
        .collect()
}

/// `a`, `a and b`, `a, b and 3 more files`.
fn list(lang: Lang, paths: &[&str]) -> Vec<Piece> {
    match paths {
        [] => Vec::new(),
        [one] => cause(one),
        [one, two] => rich(lang, "list.two", &[("a", cause(one)), ("b", cause(two))]),
        [one, two, rest @ ..] => rich(
            lang,
            "list.more",
            &[("a", cause(one)), ("b", cause(two)), ("n", vec![Piece::number(rest.len() as u32)])],
        ),
    }
}

fn arguments(lang: Lang, build: &BuildView, one: &Cause) -> Vec<Argument> {
    let text = |text: &str| vec![Piece::Text(text.to_owned())];
    let value = |value: &Option<String>| match value {
        Some(value) => vec![Piece::Code(short_code(value))],
        None => vec![Piece::Text(t(lang, "why.unset").to_owned())],
    };
    match one {
        Cause::FileChanged { path, .. } | Cause::FileAdded { path, .. } | Cause::FileRemoved { path } => {
            vec![("path", cause(path))]
        }
        Cause::FileMode { path, before, after } => vec![
            ("path", cause(path)),
            ("before", text(&figure::octal(*before))),
            ("after", text(&figure::octal(*after))),
        ],
        Cause::Parent { root } => vec![("root", root_code(build, *root))],
        Cause::Command { before, after } => {
            let (before, after) = differing(before, after);
            vec![("before", cause(&short_code(before))), ("after", cause(&short_code(after)))]
        }
        Cause::Env { name, before, after } | Cause::Arg { name, before, after } => {
            vec![("name", cause(name)), ("before", value(before)), ("after", value(after))]
        }
        Cause::Base { reference, .. } => vec![("reference", cause(reference))],
        Cause::Part { name, before, after } => vec![
            ("name", vec![Piece::Cause(part(lang, name).to_owned())]),
            ("before", vec![Piece::Code(short_code(before))]),
            ("after", vec![Piece::Code(short_code(after))]),
        ],
        Cause::Moved { after } => vec![("after", vec![Piece::Code(short_code(after))])],
        Cause::NoCache | Cause::Pruned | Cause::NoRecord => Vec::new(),
    }
}

fn root_code(build: &BuildView, root: u32) -> Vec<Piece> {
    build.steps.get(root as usize).map(code).unwrap_or_default()
}

/// The words in which two commands differ, without what they have in common at both ends.
fn differing<'a>(before: &'a str, after: &'a str) -> (&'a str, &'a str) {
    let words = |text: &'a str| text.split(' ').collect::<Vec<_>>();
    let (old, new) = (words(before), words(after));
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let room = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(room).take_while(|(a, b)| a == b).count();
    if start + end >= old.len() || start + end >= new.len() {
        // Words were only added or taken away: the whole commands say more than nothing.
        return (before, after);
    }
    let cut = |text: &'a str, words: &[&str]| {
        let from: usize = words[..start].iter().map(|word| word.len() + 1).sum();
        let to: usize = words[words.len() - end..].iter().map(|word| word.len() + 1).sum();
        &text[from..text.len() - to]
    };
    (cut(before, &old), cut(after, &new))
}

fn follows(lang: Lang, build: &BuildView, step: &StepView, this: Argument) -> Vec<Piece> {
    let Some(root) = step.root.and_then(|root| build.steps.get(root as usize)) else {
        return rich(lang, "why.followsAny", &[this]);
    };
    let mut pieces = rich(lang, "why.follows", &[this, ("root", code(root))]);
    if let Some((why, first)) = root.why.as_ref().and_then(|why| why.causes.first().map(|first| (why, first)))
    {
        space(&mut pieces);
        pieces.extend(short(lang, build, why, first));
    }
    pieces
}

/// A cause as a sentence of its own, without the step.
pub fn short(lang: Lang, build: &BuildView, why: &Why, one: &Cause) -> Vec<Piece> {
    let key = match one {
        Cause::FileChanged { .. } => "also.fileChanged",
        Cause::FileAdded { .. } => "also.fileAdded",
        Cause::FileRemoved { .. } => "also.fileRemoved",
        Cause::FileMode { .. } => "also.fileMode",
        Cause::Parent { .. } => "also.parent",
        Cause::Command { .. } => "also.command",
        Cause::Env { .. } => "also.env",
        Cause::Arg { .. } => "also.arg",
        Cause::Base { .. } => "also.base",
        Cause::Part { .. } => "also.part",
        Cause::Moved { .. } => "also.moved",
        Cause::NoCache => "also.noCache",
        Cause::Pruned => "also.pruned",
        Cause::NoRecord => "also.noRecord",
    };
    let mut arguments = arguments(lang, build, one);
    let alike = paths_like(why, one);
    if alike.len() > 1 {
        arguments.retain(|(name, _)| *name != "path");
        arguments.push(("path", list(lang, &alike)));
    }
    rich(lang, key, &arguments)
}

/// The causes that the sentence leaves out, each as a short sentence.
pub fn other_causes(lang: Lang, build: &BuildView, why: &Why) -> Vec<Vec<Piece>> {
    let Some(first) = why.causes.first() else { return Vec::new() };
    let mut told = vec![std::mem::discriminant(first)];
    let mut sentences = Vec::new();
    let tells_all =
        !matches!(first, Cause::FileMode { .. } | Cause::Env { .. } | Cause::Arg { .. } | Cause::Part { .. });
    for one in &why.causes[1..] {
        let kind = std::mem::discriminant(one);
        let grouped =
            matches!(one, Cause::FileChanged { .. } | Cause::FileAdded { .. } | Cause::FileRemoved { .. });
        if (grouped || tells_all) && told.contains(&kind) {
            continue;
        }
        told.push(kind);
        sentences.push(short(lang, build, why, one));
    }
    sentences
}

/// What is to be known of a `FROM` whose image only stands in for the one that was asked for.
pub fn stand_in(lang: Lang, step: &StepView) -> Option<Vec<Piece>> {
    let stand_in = step.stand_in.as_ref()?;
    let name = |name: &str| vec![Piece::Strong(name.to_owned())];
    Some(rich(lang, "why.standIn", &[("wanted", name(&stand_in.wanted)), ("shown", name(&stand_in.shown))]))
}

/// What stands under the sentence: which record the step was compared with, and what the rule is.
pub fn against(lang: Lang, build: &BuildView, step: &StepView, why: &Why) -> Vec<Piece> {
    let mut pieces = match (why.against, step.state) {
        (Some(number), State::Miss | State::Follows) => {
            rich(lang, "why.against", &[("build", vec![Piece::Strong(format!("#{number}"))])])
        }
        (None, State::Miss) => rich(lang, "why.againstNothing", &[]),
        _ => Vec::new(),
    };
    let rule = match (step.state, step.keyword.as_str()) {
        (State::Follows, "RUN") => Some("rule.run"),
        (State::Follows, "COPY" | "ADD") => Some("rule.copy"),
        (State::Follows, "WORKDIR") => Some("rule.workdir"),
        (State::Miss, _) if why.against.is_some() && all_above_hit(build, step) => Some("rule.aboveHit"),
        (State::Failed, _) if any_above_kept(build, step) => Some("rule.failed"),
        (State::Meta, "ENV" | "ARG") => Some("rule.env"),
        (State::Meta, "FROM") => from_rule(step),
        (State::Meta, _) => Some("rule.meta"),
        _ => None,
    };
    for rule in failure_rule(build, step).into_iter().chain(rule) {
        if !pieces.is_empty() {
            space(&mut pieces);
        }
        pieces.extend(rich(lang, rule, &[]));
    }
    pieces
}

/// What a FROM without a step of its own starts from: nothing, or another stage. A name with a variable in it tells
/// neither.
fn from_rule(step: &StepView) -> Option<&'static str> {
    match step.text.split_whitespace().skip(1).find(|word| !word.starts_with("--"))? {
        "scratch" => Some("rule.scratch"),
        name => (!name.contains('$')).then_some("rule.from"),
    }
}

/// Whether a step above has a result: only then is there something to keep.
fn any_above_kept(build: &BuildView, step: &StepView) -> bool {
    build
        .steps
        .iter()
        .take_while(|other| other.id != step.id)
        .any(|other| matches!(other.state, State::Hit | State::Miss | State::Follows))
}

fn all_above_hit(build: &BuildView, step: &StepView) -> bool {
    let mut above = build
        .steps
        .iter()
        .take_while(|other| other.id != step.id)
        .filter(|other| other.number > 0)
        .peekable();
    above.peek().is_some() && above.all(|other| other.state == State::Hit)
}

/// A change that did not matter.
pub fn near_miss(lang: Lang, near: &NearMiss) -> Vec<Piece> {
    let strong = |text: &str| vec![Piece::Strong(text.to_owned())];
    match near {
        NearMiss::Touched { path } => rich(lang, "near.touched", &[("path", strong(path))]),
        NearMiss::NotMatched { path } => rich(lang, "near.notMatched", &[("path", strong(path))]),
        NearMiss::Ignored { path } => rich(lang, "near.ignored", &[("path", strong(path))]),
        NearMiss::EnvNotUsed { name } => rich(lang, "near.envNotUsed", &[("name", strong(name))]),
        NearMiss::Held => rich(lang, "near.held", &[]),
    }
}

/// The one line about a whole build: what missed first and why, or that all is well.
pub fn summary(lang: Lang, build: &BuildView) -> Vec<Piece> {
    let steps = &build.steps;
    let telling = steps
        .iter()
        .find(|step| step.state == State::Failed)
        .or_else(|| steps.iter().find(|step| step.state == State::Miss));
    match telling {
        Some(step) => sentence(lang, build, step, step.why.as_ref()),
        None => match &build.error {
            Some(error) => vec![Piece::Text(error.message.clone())],
            None if steps.iter().any(|step| step.state == State::Hit) => rich(lang, "why.allHit", &[]),
            None => Vec::new(),
        },
    }
}

/// What is announced after a moment of rest: `4 of 5 hits. COPY . . missed.`
pub fn announcement(lang: Lang, build: &BuildView) -> String {
    if build.empty || build.waiting {
        return String::new();
    }
    let hits = crate::rich::plain(
        lang,
        "say.hits",
        &[("hits", &build.totals.hits.to_string()), ("steps", &build.totals.steps.to_string())],
    );
    let told: Vec<String> = build
        .steps
        .iter()
        .filter(|step| matches!(step.state, State::Miss | State::Failed))
        .take(3)
        .map(|step| {
            let key = if step.state == State::Failed { "say.failed" } else { "say.missed" };
            letters(&rich(lang, key, &[("step", code(step))]))
        })
        .collect();
    if told.is_empty() { hits } else { format!("{hits} {}", told.join(" ")) }
}

#[cfg(test)]
#[path = "wording_tests.rs"]
mod tests;

//! Keys held against each other, part by part.

use super::files::FileChanges;
use crate::protocol::{Cause, KeyPart};
use crate::text::reference::{familiar, without_digest};
use lab_engine::cache::{BaseKey, EnvOrigin, EnvVariable, KeyParts, KeyRule, MountKey, SourceKey, StepKind};
use std::collections::BTreeMap;

/// Whether two keys would be equal if the steps came after the same one.
pub(super) fn same_without_parent(a: &KeyParts, b: &KeyParts) -> bool {
    // Most differ in what can be seen at once.
    a.kind == b.kind && a.command == b.command && a.destination == b.destination && a.own_key() == b.own_key()
}

/// Whether a key is by the classic builder's rule.
pub(super) fn is_classic(parts: &KeyParts) -> bool {
    matches!(parts.rule, KeyRule::Classic(_))
}

/// Whether two keys are of one instruction as a person sees it: what they do is the same, what they do it with may differ.
pub(super) fn same_instruction(a: &KeyParts, b: &KeyParts) -> bool {
    a.kind == b.kind
        && is_classic(a) == is_classic(b)
        && match a.kind {
            StepKind::From => {
                let name = |parts: &'_ KeyParts| {
                    parts.base.as_ref().map(|base| without_digest(&base.reference).to_owned())
                };
                name(a) == name(b)
            }
            StepKind::Run => a.command == b.command,
            StepKind::Copy | StepKind::Add | StepKind::Link => {
                a.destination == b.destination
                    && a.sources
                        .iter()
                        .map(|source| &source.path)
                        .eq(b.sources.iter().map(|source| &source.path))
            }
            StepKind::Workdir if a.rule == KeyRule::BuildKit => a.workdir == b.workdir,
            StepKind::Workdir | StepKind::Configure => a.command == b.command,
        }
}

fn same_environment(a: &[EnvVariable], b: &[EnvVariable]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.name == b.name && a.value == b.value)
}

/// The causes that lie in a step itself: everything in its key but the step above.
pub(super) fn own_causes(before: &KeyParts, now: &KeyParts, files: FileChanges) -> Vec<Cause> {
    let mut causes = files.causes;
    if let (Some(old), Some(new)) = (&before.base, &now.base)
        && old.manifest != new.manifest
    {
        causes.push(of_base(old, new));
    }
    if !same_instruction(before, now) && now.kind != StepKind::From {
        causes.push(Cause::Command { before: before.instruction.clone(), after: now.instruction.clone() });
    }
    environment(&before.env, &now.env, &mut causes);
    let mut part = |name: &str, before: &str, after: &str| {
        if before != after {
            causes.push(Cause::Part {
                name: name.to_owned(),
                before: before.to_owned(),
                after: after.to_owned(),
            });
        }
    };
    if now.kind == StepKind::Run {
        part("workdir", &before.workdir, &now.workdir);
    }
    part("user", &before.user, &now.user);
    let options = |parts: &KeyParts| -> BTreeMap<String, Vec<String>> {
        let mut options: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in &parts.options {
            options.entry(name.clone()).or_default().push(value.clone());
        }
        options
    };
    let (old, new) = (options(before), options(now));
    let names = lab_engine::order::set(old.keys().chain(new.keys()));
    let value = |options: &BTreeMap<String, Vec<String>>, name| {
        options.get(name).map_or(String::new(), |v| v.join(" "))
    };
    for name in names {
        part(name, &value(&old, name), &value(&new, name));
    }
    part("mounts", &mounts(&before.mounts), &mounts(&now.mounts));
    causes
}

/// Another name in `FROM`, or another image behind the same name.
fn of_base(old: &BaseKey, new: &BaseKey) -> Cause {
    let from = |base: &BaseKey| {
        let (repository, tag) = familiar(without_digest(&base.reference));
        format!("FROM {repository}:{tag}")
    };
    if without_digest(&old.reference) != without_digest(&new.reference) {
        return Cause::Command { before: from(old), after: from(new) };
    }
    Cause::Base {
        reference: without_digest(&new.reference).to_owned(),
        before: old.manifest.to_string(),
        after: new.manifest.to_string(),
    }
}

fn environment(before: &[EnvVariable], now: &[EnvVariable], causes: &mut Vec<Cause>) {
    let table = |list: &[EnvVariable]| -> BTreeMap<String, (String, EnvOrigin)> {
        lab_engine::order::map(list.iter().map(|v| (v.name.clone(), (v.value.clone(), v.origin))))
    };
    let (old, new) = (table(before), table(now));
    let known = causes.len();
    let names = lab_engine::order::set(old.keys().chain(new.keys()));
    for name in names {
        let (a, b) = (old.get(name), new.get(name));
        if a.map(|a| &a.0) == b.map(|b| &b.0) {
            continue;
        }
        let origin = b.or(a).map_or(EnvOrigin::Env, |variable| variable.1);
        let (name, before, after) = (name.clone(), a.map(|a| a.0.clone()), b.map(|b| b.0.clone()));
        causes.push(match origin {
            EnvOrigin::Arg => Cause::Arg { name, before, after },
            EnvOrigin::Env | EnvOrigin::Base => Cause::Env { name, before, after },
        });
    }
    if causes.len() == known && !same_environment(before, now) {
        let names = |list: &[EnvVariable]| list.iter().map(|v| v.name.as_str()).collect::<Vec<_>>().join(" ");
        causes.push(Cause::Part { name: "environment".to_owned(), before: names(before), after: names(now) });
    }
}

fn mounts(mounts: &[MountKey]) -> String {
    let one = |mount: &MountKey| {
        let mut text = format!("type={},target={}", mount.kind, mount.target);
        for option in &mount.options {
            text.push(',');
            text.push_str(option);
        }
        text
    };
    mounts.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// The key part by part, beside that of the nearest record.
pub(super) fn table(before: Option<&KeyParts>, now: &KeyParts) -> Vec<KeyPart> {
    let mut parts = Vec::new();
    let mut row = |name: &str, digest: bool, count: usize, value: &dyn Fn(&KeyParts) -> String| {
        let text = value(now);
        let old = before.map(value);
        if text.is_empty() && old.as_ref().is_none_or(String::is_empty) {
            return;
        }
        let same = old.as_ref() == Some(&text);
        parts.push(KeyPart {
            name: name.to_owned(),
            before: old,
            now: text,
            same,
            digest,
            count: count as u32,
        });
    };
    row("base", true, 0, &|p| p.base.as_ref().map_or(String::new(), |base| base.manifest.to_string()));
    row("parent", true, 0, &|p| p.parent.map_or(String::new(), |key| key.to_string()));
    if now.kind != StepKind::From {
        row("instruction", false, 0, &instruction);
    }
    let files = now.sources.iter().map(|source| source.files as usize).sum();
    row("files", true, files, &|p| combined(&p.sources));
    row("environment", false, now.env.len(), &|p| {
        p.env.iter().map(|v| format!("{}={}", v.name, v.value)).collect::<Vec<_>>().join("\n")
    });
    if now.kind == StepKind::Run {
        row("workdir", false, 0, &|p| p.workdir.clone());
    }
    row("user", false, 0, &|p| p.user.clone());
    row("flags", false, 0, &|p| {
        p.options.iter().map(|(name, value)| format!("--{name}={value}")).collect::<Vec<_>>().join(" ")
    });
    row("mounts", false, now.mounts.len(), &|p| mounts(&p.mounts));
    row("copy", true, 0, &|p| p.linked.map_or(String::new(), |key| key.to_string()));
    parts
}

/// What the key says of the instruction itself, without what has a row of its own.
fn instruction(parts: &KeyParts) -> String {
    if is_classic(parts) {
        // The command of the container is what is compared, checksums included.
        return parts.command.join(" ").trim_end().to_owned();
    }
    match parts.kind {
        StepKind::Run => parts.command.join(" "),
        StepKind::Workdir => format!("WORKDIR {}", parts.workdir),
        _ => {
            let mut words = vec![parts.kind.word()];
            words.extend(parts.sources.iter().map(|source| source.path.as_str()));
            words.push(&parts.destination);
            words.join(" ")
        }
    }
}

/// One digest over all sources: that of a single one is shown as it is.
fn combined(sources: &[SourceKey]) -> String {
    match sources {
        [] => String::new(),
        [one] => one.digest.to_string(),
        many => {
            let mut hasher = lab_engine::digest::Hasher::new();
            for source in many {
                hasher.write(source.digest.as_bytes());
            }
            hasher.finish().to_string()
        }
    }
}

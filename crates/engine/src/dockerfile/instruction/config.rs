//! Instructions that are little more than their words.

use super::{InstructionError, Result, at_least_one, blank_name, no_flags};
use crate::case::Case;
use crate::dockerfile::arguments::KeyValue;
use crate::dockerfile::ast::{ArgDefinition, Onbuild};
use crate::dockerfile::node::Node;

/// `MAINTAINER`, `USER`, `WORKDIR`.
pub(super) fn single(node: &Node, keyword: &str) -> Result<String> {
    let word = exactly_one(node, keyword)?;
    no_flags(node)?;
    Ok(word)
}

/// `STOPSIGNAL`; BuildKit does not look at its flags.
#[inline(never)]
pub(super) fn stopsignal(node: &Node) -> Result<String> {
    exactly_one(node, "STOPSIGNAL")
}

fn exactly_one(node: &Node, keyword: &str) -> Result<String> {
    match node.arguments.as_slice() {
        [word] => Ok(word.clone()),
        _ => {
            let message = format!("{keyword} requires exactly one argument");
            Err(InstructionError::new("parse/missing-argument", message))
        }
    }
}

/// `ARG`; BuildKit does not look at its flags.
#[inline(never)]
pub(super) fn arg(node: &Node) -> Result<Vec<ArgDefinition>> {
    if node.arguments.is_empty() {
        return Err(at_least_one("ARG"));
    }
    let definition = |word: &String| match word.split_once('=') {
        Some(("", _)) => Err(blank_name("ARG").at(word)),
        Some((name, value)) => Ok(ArgDefinition { name: name.to_owned(), value: Some(value.to_owned()) }),
        None => Ok(ArgDefinition { name: word.clone(), value: None }),
    };
    node.arguments.iter().map(definition).collect()
}

/// `ENV` and `LABEL`.
pub(super) fn pairs(node: &Node, keyword: &str) -> Result<Vec<KeyValue>> {
    no_flags(node)?;
    if node.pairs.is_empty() {
        return Err(at_least_one(keyword));
    }
    if let Some(blank) = node.pairs.iter().find(|pair| pair.name.is_empty()) {
        return Err(blank_name(keyword).at(&format!("={}", blank.value)));
    }
    Ok(node.pairs.clone())
}

/// `EXPOSE`; the ports come sorted.
#[inline(never)]
pub(super) fn expose(node: &Node) -> Result<Vec<String>> {
    if node.arguments.is_empty() {
        return Err(at_least_one("EXPOSE"));
    }
    no_flags(node)?;
    let mut ports = node.arguments.clone();
    crate::order::sort(&mut ports);
    Ok(ports)
}

/// `VOLUME`.
#[inline(never)]
pub(super) fn volume(node: &Node) -> Result<Vec<String>> {
    if node.arguments.is_empty() {
        return Err(at_least_one("VOLUME"));
    }
    no_flags(node)?;
    let volumes: Vec<String> = node.arguments.iter().map(|volume| volume.trim().to_owned()).collect();
    if volumes.iter().any(String::is_empty) {
        let message = "VOLUME specified can not be an empty string";
        return Err(InstructionError::new("parse/empty-volume", message));
    }
    Ok(volumes)
}

/// `SHELL`.
#[inline(never)]
pub(super) fn shell(node: &Node) -> Result<Vec<String>> {
    no_flags(node)?;
    match node.arguments.as_slice() {
        [] => Err(at_least_one("SHELL")),
        words if node.json => Ok(words.to_vec()),
        words => {
            let message = "SHELL requires the arguments to be in JSON form";
            Err(InstructionError::new("parse/json-required", message).at(&words.join(" ")))
        }
    }
}

/// `ONBUILD`. What waits is only split into words here; it is understood where it is triggered.
#[inline(never)]
pub(super) fn onbuild(node: &Node) -> Result<Onbuild> {
    let first = node.arguments.first().ok_or_else(|| at_least_one("ONBUILD"))?;
    no_flags(node)?;
    let keyword = first.trim().upper();
    let error = |message: String| Err(InstructionError::new("parse/onbuild-trigger", message).at(first));
    match keyword.as_str() {
        "ONBUILD" => return error("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed".into()),
        "MAINTAINER" | "FROM" => return error(format!("{keyword} isn't allowed as an ONBUILD trigger")),
        _ => {}
    }
    let line = node.original.trim_start();
    let mut expression = line.get("ONBUILD".len()..).unwrap_or("").trim_start().to_owned();
    for heredoc in &node.heredocs {
        expression.push('\n');
        expression.push_str(&heredoc.content);
        expression.push_str(&heredoc.name);
    }
    Ok(Onbuild { expression, keyword })
}

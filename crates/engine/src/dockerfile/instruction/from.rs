//! `FROM`.

use super::{InstructionError, Result};
use crate::case::Case;
use crate::dockerfile::ast::From;
use crate::dockerfile::flags::{FlagKind, Flags};
use crate::dockerfile::node::Node;
use crate::dockerfile::quote::quote;

pub(super) const FLAGS: [(&str, FlagKind); 1] = [("platform", FlagKind::Text)];

pub(super) fn from(node: &Node) -> Result<From> {
    let (base, as_keyword, name) = match node.arguments.as_slice() {
        [base] => (base, None, None),
        [base, keyword, name] if keyword.eq_ignore_ascii_case("as") => (base, Some(keyword), Some(name)),
        _ => {
            let message = "FROM requires either one or three arguments";
            return Err(InstructionError::new("parse/from-arguments", message));
        }
    };
    if let Some(name) = name.filter(|name| !is_stage_name(&name.lower())) {
        let message = format!(
            "invalid name for build stage: {}, name can't start with a number or contain symbols",
            quote(name)
        );
        return Err(InstructionError::new("parse/stage-name", message).at(name));
    }
    let flags = Flags::parse(&node.flags, &FLAGS)?;
    Ok(From {
        base: base.clone(),
        as_keyword: as_keyword.cloned(),
        name: name.cloned(),
        platform: flags.text("platform"),
    })
}

/// Whether a lower-case name may name a stage.
fn is_stage_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(allowed)
}

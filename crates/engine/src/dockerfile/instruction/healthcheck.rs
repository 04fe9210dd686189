//! `HEALTHCHECK`.

use super::{InstructionError, Result, at_least_one, run};
use crate::case::Case;
use crate::dockerfile::arguments::Healthcheck;
use crate::dockerfile::duration;
use crate::dockerfile::flags::{FlagKind, Flags};
use crate::dockerfile::node::Node;
use crate::dockerfile::quote::quote;

pub(super) const FLAGS: [(&str, FlagKind); 5] = [
    ("interval", FlagKind::Text),
    ("timeout", FlagKind::Text),
    ("start-period", FlagKind::Text),
    ("start-interval", FlagKind::Text),
    ("retries", FlagKind::Text),
];

/// The shortest interval, in nanoseconds.
const SHORTEST: i64 = 1_000_000;

#[inline(never)]
pub(super) fn healthcheck(node: &Node) -> Result<Healthcheck> {
    let (kind, arguments) = node.arguments.split_first().ok_or_else(|| at_least_one("HEALTHCHECK"))?;
    let kind = kind.upper();
    if kind == "NONE" {
        if !arguments.is_empty() {
            let message = "HEALTHCHECK NONE takes no arguments";
            return Err(InstructionError::new("parse/healthcheck", message));
        }
        return Ok(Healthcheck {
            command: None,
            interval: 0,
            timeout: 0,
            start_period: 0,
            start_interval: 0,
            retries: 0,
        });
    }
    let flags = Flags::parse(&node.flags, &FLAGS)?;
    if kind != "CMD" {
        let message = format!("Unknown type {} in HEALTHCHECK (try CMD)", quote(&kind));
        return Err(InstructionError::new("parse/healthcheck", message));
    }
    if arguments.is_empty() {
        let message = "Missing command after HEALTHCHECK CMD";
        return Err(InstructionError::new("parse/healthcheck", message));
    }
    Ok(Healthcheck {
        command: Some(run::form(arguments, node.json)),
        interval: interval(&flags, "interval")?,
        timeout: interval(&flags, "timeout")?,
        start_period: interval(&flags, "start-period")?,
        start_interval: interval(&flags, "start-interval")?,
        retries: retries(&flags)?,
    })
}

/// A duration in nanoseconds; 0 where it was not given.
fn interval(flags: &Flags, name: &str) -> Result<i64> {
    let Some(text) = flags.text(name) else { return Ok(0) };
    let error =
        |message: String| InstructionError::new("parse/flag-value", message).at(&format!("--{name}={text}"));
    match duration::parse(&text).map_err(error)? {
        value if value != 0 && value < SHORTEST => {
            Err(error(format!("Interval {} cannot be less than 1ms", quote(name))))
        }
        value => Ok(value),
    }
}

fn retries(flags: &Flags) -> Result<i64> {
    let Some(text) = flags.text("retries") else { return Ok(0) };
    let error =
        |message: String| InstructionError::new("parse/flag-value", message).at(&format!("--retries={text}"));
    let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(error(format!("strconv.ParseInt: parsing {}: invalid syntax", quote(&text))));
    }
    match text.parse::<i32>() {
        Err(_) => Err(error(format!("strconv.ParseInt: parsing {}: value out of range", quote(&text)))),
        Ok(value) if value < 0 => Err(error(format!("--retries cannot be negative ({value})"))),
        Ok(value) => Ok(i64::from(value)),
    }
}

//! `RUN`, and the command lines of the others.

use super::{InstructionError, Result};
use crate::dockerfile::arguments::{CommandForm, CommandLine, Device, MountFlag, Run};
use crate::dockerfile::flags::{FlagKind, Flags};
use crate::dockerfile::mount;
use crate::dockerfile::node::Node;
use crate::dockerfile::quote::quote;

pub(super) const FLAGS: [(&str, FlagKind); 4] = [
    ("device", FlagKind::Texts),
    ("mount", FlagKind::Texts),
    ("network", FlagKind::Text),
    ("security", FlagKind::Text),
];

#[inline(never)]
pub(super) fn run(node: &Node) -> Result<Run> {
    let flags = Flags::parse(&node.flags, &FLAGS)?;
    let devices = flags.texts("device").into_iter().map(|text| {
        mount::device(&text).map_err(|message| InstructionError::new("parse/device", message).at(&text))
    });
    let devices = devices.collect::<Result<Vec<Device>>>()?;
    let mounts = flags.texts("mount").into_iter().map(|text| {
        let from = mount::from_of(&text);
        let from = from.map_err(|message| InstructionError::new("parse/mount", message).at(&text))?;
        Ok(MountFlag { text, from })
    });
    let mounts = mounts.collect::<Result<Vec<MountFlag>>>()?;
    let network = flags.texts("network").pop();
    if let Some(mode) = network.as_deref().filter(|mode| !["default", "none", "host"].contains(mode)) {
        let message = format!("invalid network mode {}", quote(mode));
        return Err(InstructionError::new("parse/flag-value", message).at(&format!("--network={mode}")));
    }
    let security = flags.texts("security").pop();
    if let Some(mode) = security.as_deref().filter(|mode| !["sandbox", "insecure"].contains(mode)) {
        let message = format!("security {} is not valid", quote(mode));
        return Err(InstructionError::new("parse/flag-value", message).at(&format!("--security={mode}")));
    }
    Ok(Run { command: command_line(node), mounts, network, security, devices })
}

/// What a command executes, with its heredocs.
pub(super) fn command_line(node: &Node) -> CommandLine {
    CommandLine { form: form(&node.arguments, node.json), heredocs: node.heredocs.clone() }
}

/// Exec form for a JSON array, else shell form.
pub(super) fn form(arguments: &[String], json: bool) -> CommandForm {
    if json { CommandForm::Exec(arguments.to_vec()) } else { CommandForm::Shell(arguments.join(" ")) }
}

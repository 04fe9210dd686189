//! `update-alternatives`: the links that choose one of several programs.

use super::{Interrupt, Modelled, Process};
use crate::shell::command::CommandKind;
use crate::vfs::{VfsError, path};

const DIRECTORY: &str = "/etc/alternatives";

/// Installs, sets or removes an alternative.
pub(super) fn run(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let words = process.args().to_vec();
    let mut links = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let next = |offset: usize| words.get(at + offset).cloned().unwrap_or_default();
        match word.as_str() {
            "--install" | "--slave" => links.push((next(1), next(2), next(3))),
            "--set" => {
                // Where the name's link is, the installation has said.
                links.push((String::new(), next(1), next(2)));
            }
            _ => {}
        }
    }
    if links.is_empty() {
        return Ok(Modelled { exit_code: 0, seconds: 0.01, kind: CommandKind::Unknown });
    }
    for (link, name, target) in links {
        if !process.exists(&target) {
            process.error_output(&format!(
                "update-alternatives: error: alternative path {target} doesn't exist\n"
            ))?;
            return Ok(Modelled::new(2, 0.0));
        }
        if let Err(error) = set(process, &link, &name, &target) {
            process.check_limits()?;
            process.error_output(&format!("update-alternatives: error: {error}\n"))?;
            return Ok(Modelled::new(2, 0.0));
        }
        if !link.is_empty() {
            process.output(&format!(
                "update-alternatives: using {target} to provide {link} ({name}) in auto mode\n"
            ))?;
        }
    }
    Ok(Modelled::new(0, 0.02))
}

fn set(process: &mut Process<'_, '_>, link: &str, name: &str, target: &str) -> Result<(), VfsError> {
    process.make_directories(DIRECTORY)?;
    let middle = path::join(DIRECTORY, name);
    let _ = process.remove(&middle);
    process.symlink(target, &middle)?;
    if link.is_empty() || process.lstat(link).is_ok_and(|node| node.as_symlink() == Some(&middle)) {
        return Ok(());
    }
    let _ = process.remove(link);
    process.make_directories(path::parent(link))?;
    process.symlink(&middle, link)
}

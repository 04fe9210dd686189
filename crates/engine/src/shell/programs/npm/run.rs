//! `npm run`: scripts are executed for what they are, by the shell.

use super::manifest::{Manifest, ManifestError};
use super::{malformed, missing_manifest};
use crate::shell::programs::{Interrupt, Modelled, Process};

/// What npm itself takes for starting a script.
const START: f64 = 0.3;

pub(super) fn script(
    process: &mut Process<'_, '_>,
    words: &[String],
    all: &[String],
) -> Result<Modelled, Interrupt> {
    let manifest = match Manifest::read(process) {
        Ok(manifest) => manifest,
        Err(ManifestError::Missing) => return missing_manifest(process),
        Err(ManifestError::Malformed(reason)) => return malformed(process, &reason),
    };
    let Some(name) = words.first() else {
        let names: String =
            manifest.scripts.iter().map(|(name, text)| format!("  {name}\n    {text}\n")).collect();
        process.output(&format!("Scripts available in {}:\n{names}", manifest.name))?;
        return Ok(Modelled::new(0, START));
    };
    if !manifest.scripts.contains_key(name) {
        if all.iter().any(|option| option == "--if-present") {
            return Ok(Modelled::new(0, START));
        }
        return missing(process, name);
    }
    let extra = all
        .iter()
        .skip_while(|word| *word != "--")
        .skip(1)
        .map(|word| format!(" \"{word}\""))
        .collect::<String>();
    for part in [format!("pre{name}"), name.clone(), format!("post{name}")] {
        let Some(text) = manifest.scripts.get(&part) else { continue };
        let text = if part == *name { format!("{text}{extra}") } else { text.clone() };
        let title = if manifest.version.is_empty() {
            part.clone()
        } else {
            format!("{}@{} {part}", manifest.name, manifest.version)
        };
        process.output(&format!("\n> {title}\n> {text}\n\n"))?;
        let mut child = process.fork();
        let path = child.env("PATH").unwrap_or_default().to_owned();
        let bin = child.resolve("node_modules/.bin");
        child.set_env("PATH", &format!("{bin}:{path}"));
        child.set_env("npm_lifecycle_event", &part);
        let code = child.shell(&text)?;
        if code != 0 {
            return Ok(Modelled::new(code, START));
        }
    }
    Ok(Modelled::new(0, START))
}

fn missing(process: &mut Process<'_, '_>, name: &str) -> Result<Modelled, Interrupt> {
    let word = if crate::shell::programs::node::major(process) >= 20 { "npm error" } else { "npm ERR!" };
    if name == "start" || name == "test" {
        process.error_output(&format!("{word} Missing script: \"{name}\"\n"))?;
        return Ok(Modelled::new(1, START));
    }
    process.error_output(&format!(
        "{word} Missing script: \"{name}\"\n{word}\n{word} To see a list of scripts, run:\n{word}   npm run\n"
    ))?;
    Ok(Modelled::new(1, START))
}

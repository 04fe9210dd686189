//! `gcc`, `g++`, `cc`, `clang`: a program that is derived from the bytes of its sources.

use super::unknown;
use crate::digest::Hasher;
use crate::shell::programs::support::{Work, seconds};
use crate::shell::programs::{Interrupt, Modelled, Process};
use crate::vfs::{Content, path};

const SOURCES: [&str; 9] = [".c", ".cc", ".cpp", ".cxx", ".C", ".s", ".S", ".o", ".a"];
const WITH_VALUE: [&str; 9] = ["-o", "-I", "-L", "-l", "-include", "-isystem", "-x", "-MF", "-D"];

/// Compiles, and links unless told otherwise.
pub(in crate::shell::programs) fn compile(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let words = process.args().to_vec();
    let name = process.name().to_owned();
    let (mut sources, mut output, mut only_objects) = (Vec::new(), None, false);
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        match word.as_str() {
            "-dumpmachine" => return say(process, "x86_64-linux-gnu\n"),
            "--version" | "-v" | "-dumpversion" => {
                let version = process.env("GCC_VERSION").unwrap_or("12.2.0").to_owned();
                return say(process, &format!("{name} {version}\n"));
            }
            "-c" | "-S" | "-E" => only_objects = true,
            "-o" => output = rest.next().cloned(),
            word if WITH_VALUE.contains(&word) => drop(rest.next()),
            word if word.starts_with("-o") => output = Some(word[2..].to_owned()),
            word if !word.starts_with('-') && SOURCES.iter().any(|end| word.ends_with(end)) => {
                sources.push(word.to_owned());
            }
            _ => {}
        }
    }
    if sources.is_empty() {
        if words.iter().any(|word| word.starts_with('-')) {
            return Ok(unknown(0.0));
        }
        process.error_output(&format!("{name}: fatal error: no input files\ncompilation terminated.\n"))?;
        return Ok(Modelled::new(1, 0.0));
    }
    let mut hasher = Hasher::new();
    for word in words.iter().filter(|word| word.starts_with("-O") || word.starts_with("-D")) {
        hasher.field(word.as_bytes());
    }
    // Headers beside the sources are part of them.
    for source in &sources {
        let Ok(content) = process.read(source) else {
            process.error_output(&format!(
                "{name}: error: {source}: No such file or directory\n{name}: fatal error: no input files\ncompilation terminated.\n"
            ))?;
            return Ok(Modelled::new(1, 0.0));
        };
        hasher.write(content.digest().as_bytes());
        let parent = path::parent(&process.resolve(source)).to_owned();
        for (name, node) in process.list(&parent).unwrap_or_default() {
            if name.ends_with(".h") || name.ends_with(".hpp") {
                hasher.write(node.content_digest().as_bytes());
            }
        }
    }
    let seed = hasher.finish().hex();
    let kind = if only_objects { "object" } else { "program" };
    let size = process.world().artefact_size(kind, &seed)?;
    let targets: Vec<String> = match (output, only_objects) {
        (Some(output), _) => vec![output],
        (None, false) => vec!["a.out".to_owned()],
        (None, true) => sources
            .iter()
            .map(|source| {
                let base = path::name(source);
                format!("{}.o", base.rsplit_once('.').map_or(base, |(stem, _)| stem))
            })
            .collect(),
    };
    for target in targets {
        let content = Content::modelled(size, kind, &[seed.as_bytes(), path::name(&target).as_bytes()]);
        let mode = if only_objects { 0o666 } else { 0o777 };
        if let Err(error) = process.write_with_mode(&target, content, mode) {
            process.check_limits()?;
            process.error_output(&format!(
                "/usr/bin/ld: cannot open output file {target}: {}\n",
                error.kind.message()
            ))?;
            return Ok(Modelled::new(1, 0.0));
        }
    }
    let time =
        seconds(process, "gcc/make", Work { count: sources.len() as u64, seed: &seed, ..Work::default() })?;
    Ok(Modelled::new(0, time))
}

fn say(process: &mut Process<'_, '_>, text: &str) -> Result<Modelled, Interrupt> {
    process.output(text)?;
    Ok(Modelled::new(0, 0.01))
}

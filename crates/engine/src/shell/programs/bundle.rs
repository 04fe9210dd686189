//! Build tools of the web: `vite`, `webpack`, `tsc`, `next`, `ng`, `react-scripts`, `jest`, `eslint`.
//!
//! What they make is derived from the sources: the same sources give the same files.

use super::support::{Work, put, seconds};
use super::{Interrupt, Modelled, Process};
use crate::digest::Hasher;
use crate::shell::command::CommandKind;
use crate::vfs::{Content, path};

/// A tool: its name, the directory it writes, the files in it with their share of the size of all sources in percent.
struct Tool {
    name: &'static str,
    output: &'static str,
    files: &'static [(&'static str, u64)],
    /// The name of its time in the catalogue, where it has one of its own.
    timing: &'static str,
}

const TOOLS: &[Tool] = &[
    Tool {
        name: "vite",
        output: "dist",
        files: &[("index.html", 1), ("assets/index.js", 60), ("assets/index.css", 10)],
        timing: "",
    },
    Tool { name: "webpack", output: "dist", files: &[("main.js", 70)], timing: "" },
    Tool { name: "tsc", output: "dist", files: &[("index.js", 80)], timing: "" },
    Tool { name: "nest", output: "dist", files: &[("main.js", 80)], timing: "" },
    Tool {
        name: "react-scripts",
        output: "build",
        files: &[("index.html", 1), ("static/js/main.js", 70), ("static/css/main.css", 10)],
        timing: "react-scripts",
    },
    Tool {
        name: "next",
        output: ".next",
        files: &[("server/app.js", 90), ("static/chunks/main.js", 60)],
        timing: "next build",
    },
    Tool {
        name: "ng",
        output: "dist",
        files: &[("browser/index.html", 1), ("browser/main.js", 70)],
        timing: "ng build",
    },
];

/// Libraries end up in a bundle too.
const LIBRARIES: u64 = 180_000;

pub(super) fn is_tool(name: &str) -> bool {
    TOOLS.iter().any(|tool| tool.name == name)
}

pub(super) fn run(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let name = process.name().to_owned();
    let Some(tool) = TOOLS.iter().find(|tool| tool.name == name) else { return unknown() };
    let builds = process.args().first().is_none_or(|word| word == "build" || word.starts_with('-'));
    let writes = !process.args().iter().any(|word| word == "--noEmit");
    // Their other commands start servers, or check.
    if !builds || !writes {
        return unknown();
    }
    let (seed, size, count) = sources(process, tool.output);
    let output = process.resolve(tool.output);
    for (file, percent) in tool.files {
        let size = size * percent / 100 + if *percent >= 60 { LIBRARIES } else { 0 };
        let content = Content::modelled(size, &name, &[seed.as_bytes(), file.as_bytes()]);
        if let Err(error) = put(process, &path::join(&output, file), content, 0o644) {
            process.check_limits()?;
            process.complain(&error.to_string())?;
            return Ok(Modelled::new(1, 0.0));
        }
    }
    let fixed = process.world().timing("npm run build")?;
    let fixed = fixed.and_then(|timing| timing.alternative(tool.timing, seed.as_bytes()));
    let seconds = match fixed {
        Some(seconds) => seconds,
        None => seconds(process, "npm run build", Work { seed: &seed, ..Work::default() })?,
    };
    if name != "tsc" {
        process.output(&format!("{name}: built {count} files into {} in {seconds:.2}s\n", tool.output))?;
    }
    Ok(Modelled::new(0, seconds))
}

fn unknown() -> Result<Modelled, Interrupt> {
    Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown })
}

/// The digest of everything in the working directory that the output depends on, the bytes and the number of files.
fn sources(process: &mut Process<'_, '_>, output: &str) -> (String, u64, u32) {
    let mut hasher = Hasher::new();
    let (mut bytes, mut files) = (0, 0);
    for (name, node) in process.list(".").unwrap_or_default() {
        if &*name == output {
            continue;
        }
        hasher.field(name.as_bytes());
        hasher.write(node.content_digest().as_bytes());
        if &*name == "node_modules" {
            continue;
        }
        match node.as_directory() {
            Some(directory) => {
                bytes += directory.summary().bytes;
                files += directory.summary().files;
            }
            None => {
                bytes += node.size();
                files += 1;
            }
        }
    }
    (hasher.finish().hex(), bytes, files)
}

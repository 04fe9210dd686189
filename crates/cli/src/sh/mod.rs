//! `sh`: a script in the shell of an image, on a filesystem in memory.

mod directory;
mod world;

use crate::arguments::{Failure, ShellOptions};
use directory::Mirror;
use lab_engine::shell::{self, CommandKind, CommandNote, Console, Credentials, Machine, RunSpec, Stream};
use lab_engine::vfs::{Content, Metadata, Node, Tree, path};
use lab_engine::world::{World, WorldError};
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::process::ExitCode;
use world::NativeWorld;

/// The interpreter recurses as deep as a script nests.
const STACK: usize = 256 << 20;
/// The exit code of a script that a limit stopped; no shell gives it.
const STOPPED: u8 = 125;

/// Runs a script; the exit code is its own.
pub(crate) fn run(options: ShellOptions) -> Result<ExitCode, Failure> {
    let runner = std::thread::Builder::new().stack_size(STACK).spawn(move || execute(&options));
    let runner = runner.map_err(|error| Failure::new(error.to_string()))?;
    runner.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn execute(options: &ShellOptions) -> Result<ExitCode, Failure> {
    let world = NativeWorld::new(options.steps)?;
    let name = lab_catalog::Reference::parse(&options.image).name().unwrap_or_else(|| options.image.clone());
    let image = world.resolve_image(&name, "linux/amd64").map_err(|error| unknown(&options.image, &error))?;
    let config = &image.config.config;
    let mut tree = image.tree.clone();
    let mut cwd = if config.working_dir.is_empty() { "/".to_owned() } else { config.working_dir.clone() };
    let mut mirror = None;
    if let Some(directory) = &options.directory {
        let read = Mirror::read(directory, &mut tree)?;
        cwd.clone_from(&read.place);
        mirror = Some(read);
    }
    place_script(options, &cwd, &mut tree, world.now())?;
    if let Some(mirror) = &mut mirror {
        mirror.remember(&tree);
    }
    let user = options.user.as_deref().unwrap_or(&config.user);
    let credentials = Credentials::of_user(user, &tree).map_err(|error| Failure::new(error.to_string()))?;
    let mut machine = Machine::new(tree, &world);
    machine.first_pid = 1000;
    machine.console = Some(Box::new(Terminal));
    let mut environment: Vec<(String, String)> = Vec::new();
    for word in config.env.iter().chain(&options.environment) {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        environment.retain(|(known, _)| known != name);
        environment.push((name.to_owned(), value.to_owned()));
    }
    let mut arguments = vec![options.shell.clone()];
    arguments.extend(options.words.iter().cloned());
    let outcome =
        shell::run(&mut machine, RunSpec { arguments, environment, cwd, credentials, stdin: Vec::new() });
    let notes = std::mem::take(&mut machine.notes);
    let tree = machine.finish();
    if !options.quiet {
        tell(&notes);
    }
    if let Some(mirror) = mirror {
        mirror.write_back(&tree)?;
    }
    if let Some(limit) = outcome.limit {
        eprintln!("dockerfile-lab: {limit}");
        return Ok(ExitCode::from(STOPPED));
    }
    Ok(ExitCode::from(outcome.exit_code as u8))
}

/// Says which commands were not really executed, a line for each kind.
fn tell(notes: &[CommandNote]) {
    let kinds = [
        (CommandKind::Modelled, "modelled"),
        (CommandKind::Unknown, "not simulated, they succeeded without any effect"),
    ];
    for (kind, what) in kinds {
        let names = notes.iter().filter(|note| note.kind == kind).filter_map(|note| note.arguments.first());
        let names: BTreeSet<&str> = names.map(String::as_str).collect();
        if !names.is_empty() {
            let names: Vec<&str> = names.into_iter().collect();
            eprintln!("dockerfile-lab: {what}: {}", names.join(", "));
        }
    }
}

/// Puts the script where the shell will look for it, unless it is there already.
fn place_script(options: &ShellOptions, cwd: &str, tree: &mut Tree, now: i64) -> Result<(), Failure> {
    let Some(script) = &options.script else { return Ok(()) };
    let Ok(bytes) = std::fs::read(script) else { return Ok(()) };
    let place = path::clean(&path::absolute(cwd, script));
    let same = tree.read(&place).is_ok_and(|content| content.bytes() == Some(&bytes[..]));
    if same {
        return Ok(());
    }
    let failed = |error: lab_engine::vfs::VfsError| Failure::new(format!("{script}: {error}"));
    tree.make_directories(path::parent(&place), Metadata::new(0o755, now)).map_err(failed)?;
    tree.put(&place, Node::file(Metadata::new(0o755, now), Content::new(bytes)), now).map_err(failed)
}

fn unknown(name: &str, error: &WorldError) -> Failure {
    match error {
        WorldError::UnknownImage { nearest, .. } => {
            let failure = Failure::new(format!("the catalogue has no image {name}"));
            if nearest.is_empty() { failure } else { failure.help(format!("near: {}", nearest.join(", "))) }
        }
        WorldError::NotLoaded { asset } => Failure::new(format!("the catalogue has no part named {asset}")),
    }
}

/// The standard streams of this process.
struct Terminal;

impl Console for Terminal {
    fn read(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // What cannot be read is as good as at its end.
        let _ = std::io::stdin().lock().read_to_end(&mut bytes);
        bytes
    }

    fn write(&mut self, stream: Stream, bytes: &[u8]) {
        let written = match stream {
            Stream::Stdout => {
                let mut out = std::io::stdout().lock();
                out.write_all(bytes).and_then(|()| out.flush())
            }
            Stream::Stderr => std::io::stderr().lock().write_all(bytes),
        };
        if written.is_err() {
            // Nobody reads any more; a real shell would be ended by SIGPIPE.
            std::process::exit(141);
        }
    }
}

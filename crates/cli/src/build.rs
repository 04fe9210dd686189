//! `dockerfile-lab build`.

use crate::arguments::{BuildOptions, Failure};
use crate::driver::{Driver, print_json};
use crate::output::{self, Output};
use crate::{context, state};
use lab_session::protocol::{BuildView, Event, ExportKind, Request, Settings};
use lab_session::text::log;
use std::collections::BTreeSet;
use std::process::ExitCode;

/// Builds a directory and remembers it.
pub(crate) fn run(options: &BuildOptions) -> Result<ExitCode, Failure> {
    let path = state::place(options.state.as_deref())?;
    let mut driver = Driver::open(state::load(&path)?)?;
    put_context(&mut driver, options)?;
    let request = Request::Build { tags: options.tags.clone(), no_cache: options.no_cache };
    let events = driver.send(request)?;
    let built = events.into_iter().find_map(|event| match event {
        Event::Built { build } => Some(build),
        _ => None,
    });
    let build = built.ok_or_else(|| Failure::new("the session gave no build"))?;
    state::store(&path, &driver.project()?)?;
    report(options, &build, &mut driver)?;
    if build.error.is_none() {
        for output in &options.outputs {
            output::write(output, build.number, &mut driver)?;
        }
    }
    Ok(if build.error.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Makes the workspace equal to the directory and the options of the command.
fn put_context(driver: &mut Driver, options: &BuildOptions) -> Result<(), Failure> {
    let files = context::read(&options.directory)?;
    let there: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    driver.send(Request::SetSettings { settings: settings(options)? })?;
    let mut deleted: Vec<String> = Vec::new();
    for entry in driver.files.clone() {
        let new = files.iter().find(|file| file.path == entry.path);
        let was_directory = entry.kind == lab_session::protocol::FileKind::Directory;
        let stays =
            there.contains(entry.path.as_str()) && new.is_some_and(|new| new.directory == was_directory);
        let is_gone = deleted.iter().any(|above| entry.path.starts_with(&format!("{above}/")));
        if !stays && !is_gone {
            driver.send(Request::Delete { path: entry.path.clone() })?;
            deleted.push(entry.path);
        }
    }
    // Directories come again at the end: making what is in them changed their time.
    let directories = files.iter().rev().filter(|file| file.directory).cloned().collect::<Vec<_>>();
    driver.send(Request::PutFiles { files })?;
    driver.send(Request::PutFiles { files: directories })?;
    Ok(())
}

fn settings(options: &BuildOptions) -> Result<Settings, Failure> {
    Ok(Settings {
        dockerfile: dockerfile(options)?,
        target: options.target.clone(),
        build_args: options.build_args.clone(),
        labels: options.labels.clone(),
        no_cache_stages: options.no_cache_stages.clone(),
        ..Settings::default()
    })
}

/// The path of the Dockerfile in the context; empty for the usual one.
pub(crate) fn dockerfile(options: &BuildOptions) -> Result<String, Failure> {
    let Some(file) = &options.file else { return Ok(String::new()) };
    let shown = file.display();
    let resolve = |path: &std::path::Path| {
        path.canonicalize().map_err(|error| Failure::new(format!("{}: {error}", path.display())))
    };
    let (file, directory) = (resolve(file)?, resolve(&options.directory)?);
    let inside = file.strip_prefix(&directory).ok().and_then(|path| path.to_str());
    let inside = inside.ok_or_else(|| Failure::new(format!("{shown} is not in {}", directory.display())))?;
    Ok(inside.replace('\\', "/"))
}

fn report(options: &BuildOptions, build: &BuildView, driver: &mut Driver) -> Result<(), Failure> {
    if options.json {
        return print_json(build);
    }
    if options.rawjson {
        let (_, bytes) = output::export(build.number, ExportKind::Rawjson, driver)?;
        eprint!("{}", String::from_utf8_lossy(&bytes));
    } else if !options.quiet {
        eprint!("{}", log::plain(&build.log));
    } else if let Some(error) = &build.error {
        eprintln!("ERROR: {}", error.message);
    }
    // Where a file goes to the standard output, nothing else may.
    if let Some(id) = build.image_id.as_ref().filter(|_| !options.outputs.iter().any(Output::is_stdout)) {
        println!("{id}");
    }
    Ok(())
}

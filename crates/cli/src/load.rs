//! `load` and `inspect`: images from archives.

use crate::arguments::{Failure, LoadOptions, TableOptions};
use crate::driver::Driver;
use crate::state;
use lab_session::protocol::{Event, LoadedView, Query, Request};
use lab_session::text::base64;
use std::fs::File;
use std::io::Read;
use std::process::ExitCode;

/// Bytes that are handed over at once.
const PIECE: u64 = 1 << 20;

/// `docker load`.
pub(crate) fn run(options: &LoadOptions) -> Result<ExitCode, Failure> {
    let path = state::place(options.state.as_deref())?;
    let name =
        options.input.as_ref().map_or("standard input".to_owned(), |input| input.display().to_string());
    let failed = |error: std::io::Error| Failure::new(format!("{name}: {error}"));
    let mut input: Box<dyn Read> = match &options.input {
        Some(input) => Box::new(File::open(input).map_err(failed)?),
        None => Box::new(std::io::stdin()),
    };
    let mut driver = Driver::open(state::load(&path)?)?;
    let mut first = true;
    let images = loop {
        let mut piece = Vec::new();
        input.by_ref().take(PIECE).read_to_end(&mut piece).map_err(failed)?;
        let last = (piece.len() as u64) < PIECE;
        let base64 = base64::encode(&piece);
        let events = driver.send(Request::LoadImages { name: name.clone(), base64, first, last })?;
        first = false;
        if last {
            break loaded(events)?;
        }
    };
    state::store(&path, &driver.project()?)?;
    for image in images.iter().filter(|_| !options.quiet) {
        match &image.names[..] {
            [] => println!("Loaded image ID: {}", image.id),
            names => names.iter().for_each(|name| println!("Loaded image: {name}")),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// `docker image inspect`, of a loaded image: its configuration.
pub(crate) fn inspect(options: &TableOptions) -> Result<ExitCode, Failure> {
    let mut driver = Driver::open(state::load(&state::place(options.state.as_deref())?)?)?;
    let images = loaded(vec![driver.query(Query::Loaded)?])?;
    let wanted = &options.image;
    let digits = wanted.strip_prefix("sha256:").unwrap_or(wanted);
    let is_wanted = |image: &&LoadedView| {
        let named = image.names.iter().any(|name| name == wanted || name == &format!("{wanted}:latest"));
        named || (digits.len() >= 4 && image.id["sha256:".len()..].starts_with(digits))
    };
    let image = images.iter().rev().find(is_wanted);
    let image = image.ok_or_else(|| Failure::new(format!("No such image: {wanted}")))?;
    println!("{}", image.config);
    Ok(ExitCode::SUCCESS)
}

fn loaded(events: Vec<Event>) -> Result<Vec<LoadedView>, Failure> {
    let found = events.into_iter().find_map(|event| match event {
        Event::Loaded { images } => Some(images),
        _ => None,
    });
    found.ok_or_else(|| Failure::new("the session gave no images"))
}

//! `load`: images from archives.

use crate::arguments::{Failure, LoadOptions};
use crate::driver::Driver;
use crate::state;
use lab_session::protocol::{Event, LoadedView, Request};
use lab_session::text::base64;
use lab_session::text::size::human_size;
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
        if image.opaque_files > 0 {
            let (count, size) = (image.opaque_files, human_size(image.opaque_size));
            eprintln!("{count} files ({size}) are kept by their size and digest alone");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn loaded(events: Vec<Event>) -> Result<Vec<LoadedView>, Failure> {
    let found = events.into_iter().find_map(|event| match event {
        Event::Loaded { images } => Some(images),
        _ => None,
    });
    found.ok_or_else(|| Failure::new("the session gave no images"))
}

//! `history`, `images`, `df`, `prune`: what was built, as Docker's tables.

use crate::arguments::{Failure, TableOptions};
use crate::driver::{Driver, print_json};
use crate::state;
use lab_session::protocol::{DiskView, Event, ImageRow, Query, Request};
use std::process::ExitCode;

fn open(options: &TableOptions) -> Result<Driver, Failure> {
    Driver::open(state::load(&state::place(options.state.as_deref())?)?)
}

fn images_of(driver: &mut Driver) -> Result<(Vec<ImageRow>, DiskView), Failure> {
    match driver.query(Query::Images)? {
        Event::Images { images, disk } => Ok((images, disk)),
        _ => Err(Failure::new("the session gave no images")),
    }
}

/// `docker image ls`.
pub(crate) fn images(options: &TableOptions) -> Result<ExitCode, Failure> {
    let (images, disk) = images_of(&mut open(options)?)?;
    if options.json {
        print_json(&images)?;
    } else {
        print!("{}", disk.images_text);
    }
    Ok(ExitCode::SUCCESS)
}

/// `docker system df`.
pub(crate) fn system_df(options: &TableOptions) -> Result<ExitCode, Failure> {
    let (_, disk) = images_of(&mut open(options)?)?;
    if options.json {
        print_json(&disk)?;
    } else {
        print!("{}", disk.text);
    }
    Ok(ExitCode::SUCCESS)
}

/// `docker image history`.
pub(crate) fn history(options: &TableOptions) -> Result<ExitCode, Failure> {
    let mut driver = open(options)?;
    let (images, _) = images_of(&mut driver)?;
    let build = find(&images, &options.image).and_then(|image| image.build);
    let unknown = || {
        let names = images.iter().filter(|image| image.build.is_some() && image.repository != "<none>");
        let names: Vec<String> = names.map(|image| format!("{}:{}", image.repository, image.tag)).collect();
        let failure = Failure::new(format!("No such image: {}", options.image));
        if names.is_empty() { failure } else { failure.help(format!("There are: {}", names.join(", "))) }
    };
    let query = Query::History { build: Some(build.ok_or_else(unknown)?) };
    let Event::History { history } = driver.query(query)? else {
        return Err(Failure::new("the session gave no history"));
    };
    if options.json {
        print_json(&history.rows)?;
    } else {
        print!("{}", history.text);
    }
    Ok(ExitCode::SUCCESS)
}

/// The image with this name or the beginning of its ID.
fn find<'a>(images: &'a [ImageRow], wanted: &str) -> Option<&'a ImageRow> {
    let is_named = |image: &&ImageRow| {
        let full = format!("{}:{}", image.repository, image.tag);
        full == wanted || (image.tag == "latest" && image.repository == wanted)
    };
    let digits = wanted.strip_prefix("sha256:").unwrap_or(wanted);
    let has_id = |image: &&ImageRow| digits.len() >= 4 && image.id["sha256:".len()..].starts_with(digits);
    let mut built = images.iter().filter(|image| image.build.is_some());
    built.clone().find(is_named).or_else(|| built.find(has_id))
}

/// `docker builder prune --all`.
pub(crate) fn prune(options: &TableOptions) -> Result<ExitCode, Failure> {
    let path = state::place(options.state.as_deref())?;
    let mut driver = Driver::open(state::load(&path)?)?;
    let (_, before) = images_of(&mut driver)?;
    driver.send(Request::Prune)?;
    state::store(&path, &driver.project()?)?;
    if options.json {
        print_json(&before.build_cache)?;
    } else {
        println!("Total:\t{}", lab_session::text::size::human_size(before.build_cache.value));
    }
    Ok(ExitCode::SUCCESS)
}

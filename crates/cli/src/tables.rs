//! `history`, `inspect`, `images`, `rmi`, `df`, `prune`: what was built and loaded, as Docker's tables.

use crate::arguments::{Failure, TableOptions};
use crate::driver::{Driver, print_json};
use crate::state;
use lab_session::protocol::{DiskView, Event, ImageRow, ImageView, Query, Request};
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
    let unknown = || {
        let names = images.iter().filter(|image| is_own(image) && image.repository != "<none>");
        let names: Vec<String> = names.map(|image| format!("{}:{}", image.repository, image.tag)).collect();
        let failure = Failure::new(format!("No such image: {}", options.image));
        if names.is_empty() { failure } else { failure.help(format!("There are: {}", names.join(", "))) }
    };
    let image = find(&images, &options.image).ok_or_else(unknown)?;
    let (rows, text) = match image.build {
        Some(build) => match driver.query(Query::History { build: Some(build) })? {
            Event::History { history } => (history.rows, history.text),
            _ => return Err(Failure::new("the session gave no history")),
        },
        None => {
            let image = inspected(&mut driver, &image.id)?;
            (image.history, image.history_text)
        }
    };
    if options.json {
        print_json(&rows)?;
    } else {
        print!("{text}");
    }
    Ok(ExitCode::SUCCESS)
}

/// `docker image inspect`: the configuration of an image.
pub(crate) fn inspect(options: &TableOptions) -> Result<ExitCode, Failure> {
    let mut driver = open(options)?;
    let (images, _) = images_of(&mut driver)?;
    let unknown = || Failure::new(format!("No such image: {}", options.image));
    let id = find(&images, &options.image).ok_or_else(unknown)?.id.clone();
    println!("{}", inspected(&mut driver, &id)?.config);
    Ok(ExitCode::SUCCESS)
}

/// `docker image rm`, of an image that was loaded.
pub(crate) fn remove(options: &TableOptions) -> Result<ExitCode, Failure> {
    let path = state::place(options.state.as_deref())?;
    let mut driver = Driver::open(state::load(&path)?)?;
    let (images, _) = images_of(&mut driver)?;
    let unknown = || Failure::new(format!("No such image: {}", options.image));
    let image = find(&images, &options.image).ok_or_else(unknown)?;
    if !image.loaded {
        let help = "Only images from archives can be removed; those of builds belong to the timeline";
        return Err(Failure::new(format!("{} was built, not loaded", options.image)).help(help));
    }
    driver.send(Request::RemoveImage { id: image.id.clone() })?;
    state::store(&path, &driver.project()?)?;
    for row in images.iter().filter(|row| row.loaded && row.id == image.id && row.repository != "<none>") {
        println!("Untagged: {}:{}", row.repository, row.tag);
    }
    println!("Deleted: {}", image.id);
    Ok(ExitCode::SUCCESS)
}

fn inspected(driver: &mut Driver, id: &str) -> Result<ImageView, Failure> {
    match driver.query(Query::Image { id: id.to_owned() })? {
        Event::ImageShown { image } => Ok(image),
        _ => Err(Failure::new("the session gave no image")),
    }
}

/// Whether Docker would list it: it was built or loaded here.
fn is_own(image: &ImageRow) -> bool {
    image.build.is_some() || image.loaded
}

/// The image with this name or the beginning of its ID.
fn find<'a>(images: &'a [ImageRow], wanted: &str) -> Option<&'a ImageRow> {
    let is_named = |image: &&ImageRow| {
        let full = format!("{}:{}", image.repository, image.tag);
        full == wanted || (image.tag == "latest" && image.repository == wanted)
    };
    let digits = wanted.strip_prefix("sha256:").unwrap_or(wanted);
    let has_id = |image: &&ImageRow| digits.len() >= 4 && image.id["sha256:".len()..].starts_with(digits);
    let mut own = images.iter().filter(|image| is_own(image));
    own.clone().find(is_named).or_else(|| own.find(has_id))
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

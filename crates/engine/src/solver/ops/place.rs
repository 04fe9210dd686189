//! Places in the files of a step, as BuildKit's file operations find and make them.

use crate::case::Case;
use crate::solver::step::StepError;
use crate::vfs::{Follow, Metadata, Tree, VfsError, VfsErrorKind, path};

/// Where a path leads inside of the tree: links are followed as far as things are there, the rest is taken literally.
///
/// What is below a file is an error, as it is one to ask the system for it.
pub(super) fn resolve(tree: &Tree, place: &str) -> Result<String, StepError> {
    let mut here = "/".to_owned();
    for part in path::parts(place) {
        let next = path::absolute(&here, part);
        here = match tree.locate(&next, Follow::Yes) {
            Ok(located) => located.path,
            Err(error) if error.kind == VfsErrorKind::TooManyLinks => {
                return Err(StepError::step("too many links"));
            }
            Err(error) if error.kind == VfsErrorKind::NotADirectory => {
                return Err(StepError::step(format!("lstat {next}: {}", words(&error))));
            }
            Err(_) => next,
        };
    }
    Ok(here)
}

/// Makes the directories that are missing on the way to a place, and gives the place without links.
pub(super) fn make_directories(
    tree: &mut Tree,
    place: &str,
    metadata: Metadata,
) -> Result<String, StepError> {
    let place = resolve(tree, if place.is_empty() { "/" } else { place })?;
    let made = tree.make_directories(&place, metadata);
    made.map_err(|error| StepError::step(format!("mkdir {place}: {}", words(&error))))?;
    Ok(place)
}

/// An error of the files of a step. BuildKit leaves out where the files are mounted.
pub(super) fn failed(error: VfsError) -> StepError {
    StepError::step(format!("{}: {}", error.path, words(&error)))
}

fn words(error: &VfsError) -> String {
    match error.kind {
        VfsErrorKind::Exists => "not a directory".to_owned(),
        kind => kind.message().lower(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vfs::Node;

    #[test]
    fn files_in_the_way() {
        let metadata = Metadata::new(0o755, 0);
        let mut tree = Tree::new();
        tree.make_directories("/d", metadata).unwrap();
        tree.write("/d/f", "x".to_owned().into(), metadata).unwrap();
        tree.put("/l", Node::symlink(metadata, "../d"), 0).unwrap();
        let mut make =
            |place: &str| make_directories(&mut tree, place, metadata).map_err(|error| error.message);
        assert_eq!(make("/l/a/b/"), Ok("/d/a/b".to_owned()));
        assert_eq!(make("/l/f"), Err("mkdir /d/f: not a directory".to_owned()));
        assert_eq!(make("/d/f/x/y"), Err("lstat /d/f/x: not a directory".to_owned()));
    }
}

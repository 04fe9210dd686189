//! The state file: a project, which is replayed at the next call.

use crate::arguments::Failure;
use lab_session::protocol::{Project, VERSION};
use std::path::{Path, PathBuf};

/// Where the state is, if nothing else is said: in the user's folder for such things.
pub(crate) fn place(given: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(path) = given {
        return Ok(path.to_owned());
    }
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = folder("XDG_DATA_HOME")
        .or_else(|| folder("LOCALAPPDATA"))
        .or_else(|| folder("HOME").map(|home| home.join(".local/share")))
        .ok_or_else(|| {
            Failure::new("there is no home directory").help("Say where to keep the state: --state FILE")
        })?;
    Ok(base.join("dockerfile-lab/state.json"))
}

/// What was built before; nothing where there is no file.
pub(crate) fn load(path: &Path) -> Result<Project, Failure> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Project { version: VERSION, ..Project::default() });
        }
        Err(error) => return Err(Failure::new(format!("{}: {error}", path.display()))),
    };
    let damaged = |error: serde_json::Error| {
        Failure::new(format!("{}: {error}", path.display()))
            .help("The state file is damaged; delete it to start anew, or give another one with --state")
    };
    serde_json::from_str(&text).map_err(damaged)
}

/// Writes the state: beside the file first, so that nothing is lost when the machine stops in between.
pub(crate) fn store(path: &Path, project: &Project) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("{}: {error}", path.display()));
    let text = serde_json::to_string(project).map_err(|error| Failure::new(error.to_string()))?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    std::fs::write(&beside, text).map_err(failed)?;
    std::fs::rename(&beside, path).map_err(failed)
}

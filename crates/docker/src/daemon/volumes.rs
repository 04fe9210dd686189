//! Volumes: what outlives containers.

use super::containers::create::seed;
use super::containers::{Volume as Mount, VolumeKind};
use super::{Daemon, Failure};
use lab_engine::vfs::{Directory, Metadata, Node, Tree};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A volume.
#[derive(Clone, Debug)]
pub struct Volume {
    /// What is in it.
    pub node: Arc<Node>,
    /// When it was made, in nanoseconds since 1970.
    pub created: i64,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Options of its driver.
    pub options: BTreeMap<String, String>,
    /// Whether the daemon chose its name.
    pub anonymous: bool,
}

impl Daemon {
    /// Makes a volume, or finds the one of that name. Gives its name.
    pub fn create_volume(
        &mut self,
        name: Option<&str>,
        driver: &str,
        labels: BTreeMap<String, String>,
        options: BTreeMap<String, String>,
    ) -> Result<String, Failure> {
        let chosen = name.filter(|name| !name.is_empty()).map(str::to_owned);
        if let Some(name) = &chosen {
            check_name(name)?;
        }
        if !matches!(driver, "" | "local") {
            let name = chosen.as_deref().unwrap_or_default();
            return Err(Failure::not_found(format!(
                "create {name}: error looking up volume plugin {driver}: plugin \"{driver}\" not found"
            )));
        }
        let anonymous = chosen.is_none();
        let name = chosen.unwrap_or_else(|| self.new_id("volume").hex());
        let now = self.now;
        let directory = Directory::new(Metadata::new(0o755, self.seconds()));
        let node = Arc::new(Node::Directory(directory));
        let volume = Volume { node, created: now, labels, options, anonymous };
        self.volumes.entry(name.clone()).or_insert(volume);
        Ok(name)
    }

    /// The containers that use a volume.
    pub fn users_of_volume(&self, name: &str) -> Vec<&super::Container> {
        let uses =
            |mount: &Mount| matches!(&mount.kind, VolumeKind::Volume { name: used, .. } if used == name);
        self.containers.iter().filter(|container| container.volumes.iter().any(uses)).collect()
    }

    /// Removes a volume.
    pub fn remove_volume(&mut self, name: &str, force: bool) -> Result<(), Failure> {
        if !self.volumes.contains_key(name) {
            if force {
                return Ok(());
            }
            return Err(Failure::not_found(format!("get {name}: no such volume")));
        }
        let users: Vec<String> = self.users_of_volume(name).iter().map(|user| user.id.hex()).collect();
        if !users.is_empty() {
            return Err(Failure::conflict(format!(
                "remove {name}: volume is in use - [{}]",
                users.join(", ")
            )));
        }
        self.volumes.remove(name);
        Ok(())
    }

    /// Gives nameless volumes a name, makes those that are not there, and their places in the container.
    pub(super) fn prepare_volumes(
        &mut self,
        mounts: &mut [Mount],
        tree: &mut Tree,
        host: &mut Tree,
    ) -> Result<(), Failure> {
        let now = self.seconds();
        for mount in mounts {
            match &mut mount.kind {
                VolumeKind::Volume { name, anonymous } => {
                    let is_new = name.is_empty() || !self.volumes.contains_key(name.as_str());
                    let given = Some(name.as_str()).filter(|_| !*anonymous || !name.is_empty());
                    let made = self.create_volume(given, "", BTreeMap::new(), BTreeMap::new())?;
                    if let Some(volume) = self.volumes.get_mut(&made).filter(|_| is_new) {
                        volume.node = seed(tree, &mount.target, now);
                        volume.anonymous = *anonymous;
                    }
                    *name = made;
                }
                VolumeKind::Bind(source) if !host.exists(source) => {
                    let _ = host.make_directories(source, Metadata::new(0o755, now));
                }
                VolumeKind::Bind(_) | VolumeKind::Tmpfs => {}
            }
            if !tree.exists(&mount.target) {
                let _ = tree.make_directories(&mount.target, Metadata::new(0o755, now));
            }
        }
        Ok(())
    }
}

/// Whether a volume may have a name.
pub fn check_name(name: &str) -> Result<(), Failure> {
    let mut chars = name.chars();
    let is_first = chars.next().is_some_and(|c| c.is_ascii_alphanumeric());
    let is_good = is_first && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    if name.len() == 1 {
        return Err(Failure::invalid(format!(
            "create {name}: volume name is too short, names should be at least two alphanumeric characters"
        )));
    }
    if !is_good {
        return Err(Failure::invalid(format!(
            "create {name}: \"{name}\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a host directory, use absolute path"
        )));
    }
    Ok(())
}

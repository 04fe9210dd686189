//! `images.json`: base images and the operating systems that they hold.

use serde::Deserialize;
use std::collections::BTreeMap;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Images {
    /// Skeletons of operating systems, by key; those that begin with `_` are only inherited from.
    pub(crate) systems: BTreeMap<String, System>,
    pub(crate) images: Vec<Record>,
}

impl Images {
    /// Whether the figures agree with one another: the first contradiction, in words.
    pub(crate) fn contradiction(&self) -> Option<String> {
        let by_name: BTreeMap<&str, &Record> =
            self.images.iter().map(|record| (record.name.as_str(), record)).collect();
        self.images.iter().find_map(|record| {
            let mut chain = vec![record];
            while let Some(from) = chain.last().and_then(|record| record.from.as_deref()) {
                match by_name.get(from) {
                    Some(parent) if chain.len() < self.images.len() => chain.push(parent),
                    _ => return Some(format!("{} comes from {from}, which is not there", record.name)),
                }
            }
            if !self.systems.contains_key(&record.system) {
                return Some(format!("{} has the unknown system {}", record.name, record.system));
            }
            let rows = || chain.iter().flat_map(|record| &record.history);
            let sums =
                (rows().filter_map(|row| row.size).sum(), rows().filter(|row| row.size.is_some()).count());
            let differs = sums != (record.size, record.layers) || rows().count() != record.rows;
            differs.then(|| format!("size, layers or rows of {} are not those of its history", record.name))
        })
    }
}

/// The files, users and commands that an operating system's images have in common.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct System {
    pub(crate) os_release: BTreeMap<String, String>,
    pub(crate) package_manager: Option<String>,
    pub(crate) inherit: Option<String>,
    pub(crate) users: Vec<String>,
    pub(crate) users_added: Vec<String>,
    pub(crate) groups: Vec<String>,
    pub(crate) directories: Vec<String>,
    pub(crate) commands: Vec<String>,
    pub(crate) links: BTreeMap<String, String>,
    pub(crate) base_packages: Vec<String>,
    /// The installed bytes of each of them, where they are known.
    pub(crate) base_package_sizes: Vec<u64>,
}

impl System {
    /// The system with what it inherits filled in.
    pub(crate) fn resolved(&self, systems: &BTreeMap<String, System>) -> System {
        let mut whole = self.clone();
        if let Some(parent) = self.inherit.as_ref().and_then(|name| systems.get(name)) {
            fill(&mut whole.users, &parent.users);
            fill(&mut whole.groups, &parent.groups);
            fill(&mut whole.directories, &parent.directories);
            fill(&mut whole.commands, &parent.commands);
            if whole.base_packages.is_empty() {
                whole.base_packages.clone_from(&parent.base_packages);
                whole.base_package_sizes.clone_from(&parent.base_package_sizes);
            }
            if whole.links.is_empty() {
                whole.links.clone_from(&parent.links);
            }
        }
        whole.users.append(&mut whole.users_added);
        whole
    }
}

fn fill(own: &mut Vec<String>, inherited: &[String]) {
    if own.is_empty() {
        own.extend_from_slice(inherited);
    }
}

/// One image. Its history comes after that of `from`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Record {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
    /// Names of other versions or variants that the image may stand in for.
    #[serde(default)]
    pub(crate) stands_for: Vec<String>,
    pub(crate) from: Option<String>,
    pub(crate) system: String,
    pub(crate) architecture: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) date: String,
    pub(crate) index_digest: Option<String>,
    pub(crate) manifest_digest: Option<String>,
    pub(crate) image_id: Option<String>,
    pub(crate) quality: String,
    pub(crate) published_percent: u32,
    #[serde(default)]
    pub(crate) users: Vec<String>,
    #[serde(default)]
    pub(crate) commands: Vec<String>,
    #[serde(default)]
    pub(crate) directories: Vec<String>,
    #[serde(default)]
    pub(crate) packages: Vec<String>,
    pub(crate) note: Option<String>,
    pub(crate) config: Config,
    pub(crate) history: Vec<Row>,
    pub(crate) size: u64,
    pub(crate) layers: usize,
    pub(crate) rows: usize,
}

/// `config` of the OCI image configuration; what is absent is empty.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Config {
    pub(crate) env: Vec<String>,
    pub(crate) cmd: Option<Vec<String>>,
    pub(crate) entrypoint: Option<Vec<String>>,
    pub(crate) working_dir: String,
    pub(crate) user: String,
    pub(crate) exposed_ports: Vec<String>,
    pub(crate) volumes: Vec<String>,
    pub(crate) stop_signal: String,
    pub(crate) labels: BTreeMap<String, String>,
}

/// One row of the history.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    pub(crate) created_by: String,
    /// The uncompressed bytes of the layer's files; `None` for a row without a layer.
    pub(crate) size: Option<u64>,
    pub(crate) compressed_size: Option<u64>,
}

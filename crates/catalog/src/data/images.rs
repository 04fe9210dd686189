//! `images.json`: base images and the operating systems that they hold.

use super::json::{Fields, FromJson};
use serde_json::Value;
use std::collections::BTreeMap;

/// The whole file.
#[derive(Debug)]
pub(crate) struct Images {
    /// Skeletons of operating systems, by key; those that begin with `_` are only inherited from.
    pub(crate) systems: BTreeMap<String, System>,
    pub(crate) images: Vec<Record>,
}

impl FromJson for Images {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self { systems: fields.take("systems")?, images: fields.take("images")? })
    }
}

impl Images {
    /// Whether the figures agree with one another: the first contradiction, in words.
    pub(crate) fn contradiction(&self) -> Option<String> {
        let by_name = lab_engine::order::map(self.images.iter().map(|record| (record.name.as_str(), record)));
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
#[derive(Clone, Debug, Default)]
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

impl FromJson for System {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            os_release: fields.or_default("osRelease")?,
            package_manager: fields.take("packageManager")?,
            inherit: fields.take("inherit")?,
            users: fields.or_default("users")?,
            users_added: fields.or_default("usersAdded")?,
            groups: fields.or_default("groups")?,
            directories: fields.or_default("directories")?,
            commands: fields.or_default("commands")?,
            links: fields.or_default("links")?,
            base_packages: fields.or_default("basePackages")?,
            base_package_sizes: fields.or_default("basePackageSizes")?,
        })
    }
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
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) name: String,
    pub(crate) tags: Vec<String>,
    /// Names of other versions or variants that the image may stand in for.
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
    pub(crate) users: Vec<String>,
    pub(crate) commands: Vec<String>,
    pub(crate) directories: Vec<String>,
    pub(crate) packages: Vec<String>,
    pub(crate) note: Option<String>,
    pub(crate) config: Config,
    pub(crate) history: Vec<Row>,
    pub(crate) size: u64,
    pub(crate) layers: usize,
    pub(crate) rows: usize,
}

impl FromJson for Record {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            name: fields.take("name")?,
            tags: fields.or_default("tags")?,
            stands_for: fields.or_default("standsFor")?,
            from: fields.take("from")?,
            system: fields.take("system")?,
            architecture: fields.take("architecture")?,
            version: fields.take("version")?,
            date: fields.take("date")?,
            index_digest: fields.take("indexDigest")?,
            manifest_digest: fields.take("manifestDigest")?,
            image_id: fields.take("imageId")?,
            quality: fields.take("quality")?,
            published_percent: fields.take("publishedPercent")?,
            users: fields.or_default("users")?,
            commands: fields.or_default("commands")?,
            directories: fields.or_default("directories")?,
            packages: fields.or_default("packages")?,
            note: fields.take("note")?,
            config: fields.take("config")?,
            history: fields.take("history")?,
            size: fields.take("size")?,
            layers: fields.take("layers")?,
            rows: fields.take("rows")?,
        })
    }
}

/// `config` of the OCI image configuration; what is absent is empty.
#[derive(Clone, Debug, Default)]
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

impl FromJson for Config {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            env: fields.or_default("Env")?,
            cmd: fields.take("Cmd")?,
            entrypoint: fields.take("Entrypoint")?,
            working_dir: fields.or_default("WorkingDir")?,
            user: fields.or_default("User")?,
            exposed_ports: fields.or_default("ExposedPorts")?,
            volumes: fields.or_default("Volumes")?,
            stop_signal: fields.or_default("StopSignal")?,
            labels: fields.or_default("Labels")?,
        })
    }
}

/// One row of the history.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) created_by: String,
    /// The uncompressed bytes of the layer's files; `None` for a row without a layer.
    pub(crate) size: Option<u64>,
    pub(crate) compressed_size: Option<u64>,
}

impl FromJson for Row {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            created_by: fields.take("createdBy")?,
            size: fields.take("size")?,
            compressed_size: fields.take("compressedSize")?,
        })
    }
}

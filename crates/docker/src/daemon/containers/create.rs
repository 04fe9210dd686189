//! `create`: from an image and what a person asks for to a container.

use super::{Container, Limits, Port, Restart, Status, Volume, VolumeKind};
use crate::daemon::{Daemon, Failure};
use lab_engine::oci::RuntimeConfig;
use lab_engine::vfs::{Directory, Follow, Metadata, Node, Tree};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a container is to be.
#[derive(Clone, Debug, Default)]
pub struct CreateOptions {
    /// The image as it was asked for.
    pub image: String,
    /// Its name, if it is given one.
    pub name: Option<String>,
    /// What overrides the image.
    pub config: RuntimeConfig,
    /// An entry point that was given; an empty one takes that of the image away.
    pub entrypoint: Option<Vec<String>>,
    /// The command behind the image.
    pub command: Vec<String>,
    /// The name of its machine.
    pub hostname: Option<String>,
    /// `--domainname`.
    pub domainname: String,
    /// Whether it has a terminal.
    pub tty: bool,
    /// Whether its input stays open.
    pub open_stdin: bool,
    /// Whether somebody is there to see what it prints.
    pub attached: bool,
    /// What is mounted.
    pub volumes: Vec<Volume>,
    /// What is published.
    pub ports: Vec<Port>,
    /// Publish all exposed ports to some port.
    pub publish_all: bool,
    /// `--network`.
    pub network: String,
    /// Further names in that network.
    pub aliases: Vec<String>,
    /// When it starts again by itself.
    pub restart: Restart,
    /// Whether it goes when it ends.
    pub auto_remove: bool,
    /// `--init`.
    pub init: bool,
    /// `--read-only`.
    pub read_only: bool,
    /// `--privileged`.
    pub privileged: bool,
    /// Bounds.
    pub limits: Limits,
    /// `--add-host`.
    pub hosts: Vec<(String, String)>,
    /// `--dns`.
    pub dns: Vec<String>,
    /// Seconds that `stop` waits.
    pub stop_timeout: Option<i64>,
}

/// A name of a container: at least two letters, digits, `_`, `.`, `-`.
fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    let first = chars.next().is_some_and(|c| c.is_ascii_alphanumeric());
    let rest = chars.as_str();
    first
        && !rest.is_empty()
        && rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

impl Daemon {
    /// Makes a container; gives its place.
    pub fn create(&mut self, options: CreateOptions, host: &mut Tree) -> Result<usize, Failure> {
        self.check_options(&options)?;
        let found = self.find_image(&options.image)?;
        let Some(stored) = self.images.get(found.id).cloned() else {
            return Err(Failure::not_found(format!("No such image: {}", options.image)));
        };
        let id = self.new_id("container");
        let name = match &options.name {
            Some(name) => self.check_name(name)?,
            None => self.new_name(),
        };
        let config = merged(&options, &stored.image.config.config);
        let words = words(&config);
        if words.is_empty() {
            return Err(Failure::invalid(
                self.dialect.server_text("No command specified", "no command specified"),
            ));
        }
        let mut tree = stored.image.tree.clone();
        let mut volumes = options.volumes.clone();
        for place in &config.volumes {
            if !volumes.iter().any(|volume| volume.target == *place) {
                let kind = VolumeKind::Volume { name: String::new(), anonymous: true };
                volumes.push(Volume { target: place.clone(), kind, read_only: false, mode: String::new() });
            }
        }
        self.prepare_volumes(&mut volumes, &mut tree, host)?;
        let ports = self.ports(&options, &config);
        let hostname = options.hostname.clone().unwrap_or_else(|| id.short(12));
        let network = if options.network.is_empty() { "bridge".to_owned() } else { options.network.clone() };
        let container = Container {
            id,
            name,
            image: found.id,
            image_name: options.image.clone(),
            chains: stored.chains(),
            created: self.now,
            config,
            words,
            status: Status::Created,
            base: stored.image.tree.clone(),
            tree,
            volumes,
            ports,
            networks: BTreeMap::new(),
            hostname,
            first_network: network.clone(),
            history: Vec::new(),
            execution: None,
            started: 0,
            finished: 0,
            exit_code: 0,
            error: String::new(),
            restarts: 0,
            stopped_by_hand: false,
            paused_at: None,
            serial: 0,
            options,
        };
        self.containers.push(container);
        let at = self.containers.len() - 1;
        if network != "bridge" {
            self.join_network(at, &network, true)?;
        } else {
            let _ = self.join_network(at, &network, true);
        }
        Ok(at)
    }

    fn check_options(&self, options: &CreateOptions) -> Result<(), Failure> {
        let old = self.dialect.is_old_server();
        if let Some(memory) = options.limits.memory
            && memory < 6 << 20
        {
            return Err(Failure::invalid("Minimum memory limit allowed is 6MB"));
        }
        if options.limits.cpus.is_some_and(|cpus| !(0.01..=2.0).contains(&cpus)) {
            let word = if old { "Range" } else { "range" };
            return Err(Failure::invalid(format!(
                "{word} of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available"
            )));
        }
        let cwd = &options.config.working_dir;
        if !cwd.is_empty() && !cwd.starts_with('/') {
            return Err(Failure::invalid(format!(
                "the working directory '{cwd}' is invalid, it needs to be an absolute path"
            )));
        }
        if let Restart::Unknown(name) = &options.restart {
            return Err(Failure::invalid(if old {
                format!("invalid restart policy '{name}'")
            } else {
                format!(
                    "invalid restart policy: unknown policy '{name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'"
                )
            }));
        }
        Ok(())
    }

    /// A name that no other container has.
    pub(super) fn check_name(&self, name: &str) -> Result<String, Failure> {
        let name = name.strip_prefix('/').unwrap_or(name);
        if !is_name(name) {
            return Err(Failure::invalid(format!(
                "Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"
            )));
        }
        match self.containers.iter().find(|container| container.name == name) {
            Some(other) => Err(Failure::conflict(format!(
                "Conflict. The container name \"/{name}\" is already in use by container \"{}\". You have to remove (or rename) that container to be able to reuse that name.",
                other.id.hex()
            ))),
            None => Ok(name.to_owned()),
        }
    }

    fn ports(&mut self, options: &CreateOptions, config: &RuntimeConfig) -> Vec<Port> {
        let mut ports = options.ports.clone();
        let is_published = |ports: &[Port], private: u16, protocol: &str| {
            ports.iter().any(|port| port.private == private && port.protocol == protocol)
        };
        for exposed in &config.exposed_ports {
            let (number, protocol) = exposed.split_once('/').unwrap_or((exposed, "tcp"));
            let Ok(private) = number.parse() else { continue };
            if !is_published(&ports, private, protocol) {
                let public = options.publish_all.then_some(0);
                ports.push(Port { ip: String::new(), public, private, protocol: protocol.to_owned() });
            }
        }
        for port in ports.iter_mut().filter(|port| port.public == Some(0)) {
            port.public = Some(self.free_port());
        }
        ports
    }
}

/// The image's configuration with what was asked for.
fn merged(options: &CreateOptions, image: &RuntimeConfig) -> RuntimeConfig {
    let asked = &options.config;
    let mut config = image.clone();
    let name_of = |word: &str| word.split('=').next().unwrap_or_default().to_owned();
    let mut env = asked.env.clone();
    env.extend(
        image.env.iter().filter(|word| !asked.env.iter().any(|own| name_of(own) == name_of(word))).cloned(),
    );
    config.env = env;
    config.labels.extend(asked.labels.clone());
    config.exposed_ports.extend(asked.exposed_ports.iter().cloned());
    config
        .exposed_ports
        .extend(options.ports.iter().map(|port| format!("{}/{}", port.private, port.protocol)));
    if !asked.user.is_empty() {
        config.user.clone_from(&asked.user);
    }
    if !asked.working_dir.is_empty() {
        config.working_dir.clone_from(&asked.working_dir);
    }
    if !asked.stop_signal.is_empty() {
        config.stop_signal.clone_from(&asked.stop_signal);
    }
    if asked.healthcheck.is_some() {
        config.healthcheck.clone_from(&asked.healthcheck);
    }
    if let Some(entrypoint) = &options.entrypoint {
        // Another entry point does away with the image's command.
        config.entrypoint =
            Some(entrypoint.clone()).filter(|words| words.iter().any(|word| !word.is_empty()));
        config.cmd = None;
    }
    if !options.command.is_empty() {
        config.cmd = Some(options.command.clone());
    }
    config
}

/// Entry point and command.
fn words(config: &RuntimeConfig) -> Vec<String> {
    config.entrypoint.iter().flatten().chain(config.cmd.iter().flatten()).cloned().collect()
}

/// What a new volume begins with: what the image has at its place.
pub(in crate::daemon) fn seed(tree: &Tree, place: &str, now: i64) -> Arc<Node> {
    match tree.locate(place, Follow::Yes).ok().and_then(|located| located.node.cloned()) {
        Some(node) if node.is_directory() => node,
        _ => Arc::new(Node::Directory(Directory::new(Metadata::new(0o755, now)))),
    }
}

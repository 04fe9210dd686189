//! `start`: the first process of a container.

use super::execution::{Execution, Mounted, Start, text_file};
use super::{Container, Status, VolumeKind};
use crate::daemon::{Daemon, Failure, SECOND};
use lab_engine::vfs::{Directory, Follow, Metadata, Node, Tree};
use lab_engine::world::World;
use std::sync::Arc;

/// Files that the daemon makes for every container.
const OWN_FILES: usize = 3;

/// Why a container did not start.
#[derive(Clone, Debug)]
pub struct Unstarted {
    /// What the daemon says.
    pub failure: Failure,
    /// The exit code of `docker run`.
    pub code: i32,
}

impl Daemon {
    /// Starts a container now. One that runs already stays as it is.
    pub fn start(
        &mut self,
        at: usize,
        stdin: Vec<u8>,
        host: &mut Tree,
        world: &dyn World,
    ) -> Result<(), Unstarted> {
        if self.containers[at].is_running() {
            return Ok(());
        }
        let plain = |failure| Unstarted { failure, code: 125 };
        self.check_ports(at).map_err(plain)?;
        self.check_networks(at).map_err(plain)?;
        let now = self.seconds();
        let mounts = self.mounts(at, host);
        let container = &mut self.containers[at];
        let tree = container.files().clone();
        let start = Start {
            arguments: container.words.clone(),
            environment: environment(container),
            cwd: container.config.working_dir.clone(),
            user: container.config.user.clone(),
            stdin,
            hostname: container.hostname.clone(),
            pid: if container.options.init { 7 } else { 1 },
            network: container.first_network != "none",
            read_only: container.options.read_only,
            mounts,
        };
        match Execution::start(start, tree, now, world) {
            Ok(execution) => {
                container.history = container.logs();
                container.execution = Some(execution);
                container.status = Status::Running;
                container.started = self.now;
                container.error.clear();
                container.stopped_by_hand = false;
                container.serial += 1;
                self.keep_mounts(at, host);
                Ok(())
            }
            Err(refused) => {
                let message = self.not_started(&refused.message);
                self.containers[at].exit_code = refused.code;
                self.containers[at].error.clone_from(&message);
                let code = if refused.message.contains("no matching entries") { 125 } else { refused.code };
                Err(Unstarted { failure: Failure::other(message), code })
            }
        }
    }

    fn not_started(&self, message: &str) -> String {
        if message.contains("no matching entries") || message.contains("unable to find user") {
            return message.to_owned();
        }
        if self.dialect.is_old_server() {
            format!(
                "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: {message}: unknown"
            )
        } else {
            format!(
                "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: {message}"
            )
        }
    }

    /// What is mounted at the start: the daemon's own files, then the volumes.
    fn mounts(&self, at: usize, host: &Tree) -> Vec<Mounted> {
        let container = &self.containers[at];
        let now = self.seconds();
        let mut mounts = vec![
            text_file("/etc/resolv.conf", &resolv(container), now),
            text_file("/etc/hostname", &format!("{}\n", container.hostname), now),
            text_file("/etc/hosts", &hosts(container), now),
        ];
        for volume in &container.volumes {
            let empty = || Arc::new(Node::Directory(Directory::new(Metadata::new(0o755, now))));
            let node = match &volume.kind {
                VolumeKind::Volume { name, .. } => self.volumes.get(name).map(|volume| volume.node.clone()),
                VolumeKind::Bind(source) => {
                    host.locate(source, Follow::Yes).ok().and_then(|located| located.node.cloned())
                }
                VolumeKind::Tmpfs => None,
            };
            mounts.push(Mounted {
                target: volume.target.clone(),
                node: node.unwrap_or_else(empty),
                read_only: volume.read_only,
            });
        }
        mounts
    }

    /// What the process made of its volumes.
    pub(super) fn keep_mounts(&mut self, at: usize, host: &mut Tree) {
        let container = &self.containers[at];
        let Some(execution) = &container.execution else { return };
        let held: Vec<_> = execution.mounts.iter().skip(OWN_FILES).cloned().collect();
        let now = self.now / SECOND;
        for (volume, node) in container.volumes.clone().iter().zip(held) {
            let Some(node) = node.filter(|_| !volume.read_only) else { continue };
            match &volume.kind {
                VolumeKind::Volume { name, .. } => {
                    if let Some(known) = self.volumes.get_mut(name) {
                        known.node = node;
                    }
                }
                VolumeKind::Bind(source) => {
                    let place = host.locate(source, Follow::Yes).map(|located| located.path);
                    if let Ok(place) = place {
                        let _ = host.put_shared(&place, node, now);
                    }
                }
                VolumeKind::Tmpfs => {}
            }
        }
    }
}

/// What the first process finds in its environment.
pub(super) fn environment(container: &Container) -> Vec<(String, String)> {
    const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    let mut environment =
        vec![("PATH".to_owned(), PATH.to_owned()), ("HOSTNAME".to_owned(), container.hostname.clone())];
    if container.options.tty {
        environment.push(("TERM".to_owned(), "xterm".to_owned()));
    }
    for word in &container.config.env {
        put(&mut environment, word);
    }
    environment
}

/// Sets a variable where it is, or behind the others.
pub(super) fn put(environment: &mut Vec<(String, String)>, word: &str) {
    let Some((name, value)) = word.split_once('=') else { return };
    match environment.iter_mut().find(|(known, _)| known == name) {
        Some((_, old)) => value.clone_into(old),
        None => environment.push((name.to_owned(), value.to_owned())),
    }
}

fn resolv(container: &Container) -> String {
    match &container.options.dns[..] {
        [] => "nameserver 10.0.2.3\n".to_owned(),
        servers => servers.iter().map(|server| format!("nameserver {server}\n")).collect(),
    }
}

fn hosts(container: &Container) -> String {
    let mut text = String::from(
        "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nff00::0\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n",
    );
    for (name, address) in &container.options.hosts {
        text.push_str(&format!("{address}\t{name}\n"));
    }
    if let Some(endpoint) = container.networks.get(&container.first_network).filter(|one| !one.ip.is_empty())
    {
        text.push_str(&format!("{}\t{}\n", endpoint.ip, container.hostname));
    }
    text
}

//! Networks, and the ports of the host.

use super::containers::Endpoint;
use super::{Daemon, Failure};
use lab_engine::digest::Digest;
use std::collections::BTreeMap;

/// A network.
#[derive(Clone, Debug)]
pub struct Network {
    /// Its ID.
    pub id: Digest,
    /// When it was made, in nanoseconds since 1970.
    pub created: i64,
    /// `bridge`, `host`, `null`.
    pub driver: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Whether it leads nowhere else.
    pub internal: bool,
    /// The first two numbers of its addresses.
    pub prefix: (u8, u8),
    /// The last address that was given.
    pub last: u8,
}

/// The first of the ports that nobody asked for.
const EPHEMERAL: u16 = 32768;

/// The networks that every daemon has.
pub(super) fn first(now: i64) -> BTreeMap<String, Network> {
    let network = |name: &str, driver: &str, prefix| {
        let id = super::ids::derived("network", u64::from(name.as_bytes()[0]), now);
        let driver = driver.to_owned();
        (
            name.to_owned(),
            Network { id, created: now, driver, labels: BTreeMap::new(), internal: false, prefix, last: 1 },
        )
    };
    [network("bridge", "bridge", (172, 17)), network("host", "host", (0, 0)), network("none", "null", (0, 0))]
        .into()
}

impl Daemon {
    /// The name of a network by its name or the beginning of its ID.
    pub fn find_network(&self, text: &str) -> Result<String, Failure> {
        if self.networks.contains_key(text) {
            return Ok(text.to_owned());
        }
        let is_hex = !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit());
        let found = self.networks.iter().find(|(_, network)| is_hex && network.id.hex().starts_with(text));
        let missing = || Failure::not_found(format!("network {text} not found"));
        found.map(|(name, _)| name.clone()).ok_or_else(missing)
    }

    /// Makes a network; gives its ID.
    pub fn create_network(
        &mut self,
        name: &str,
        driver: &str,
        labels: BTreeMap<String, String>,
        internal: bool,
    ) -> Result<Digest, Failure> {
        if matches!(name, "host" | "none" | "bridge" | "default") {
            return Err(Failure::new(
                super::FailureKind::Denied,
                format!("operation is not permitted on predefined {name} network"),
            ));
        }
        if name.is_empty() || self.networks.contains_key(name) {
            return Err(Failure::conflict(format!("network with name {name} already exists")));
        }
        let id = self.new_id("network");
        let last = self.networks.values().map(|network| network.prefix.1).max().unwrap_or(16);
        let driver = if driver.is_empty() { "bridge" } else { driver }.to_owned();
        let prefix = (172, last + 1);
        let network = Network { id, created: self.now, driver, labels, internal, prefix, last: 1 };
        self.networks.insert(name.to_owned(), network);
        Ok(id)
    }

    /// The containers in a network that run.
    pub fn network_users(&self, name: &str) -> Vec<&super::Container> {
        let is_in = |one: &&super::Container| one.is_running() && one.networks.contains_key(name);
        self.containers.iter().filter(is_in).collect()
    }

    /// Removes a network.
    pub fn remove_network(&mut self, text: &str) -> Result<(), Failure> {
        let name = self.find_network(text)?;
        if matches!(name.as_str(), "bridge" | "host" | "none") {
            return Err(Failure::new(
                super::FailureKind::Denied,
                format!("{name} is a pre-defined network and cannot be removed"),
            ));
        }
        if !self.network_users(&name).is_empty() {
            let id = self.networks.get(&name).map_or(String::new(), |network| network.id.hex());
            return Err(Failure::conflict(if self.dialect.is_old_server() {
                format!("error while removing network: network {name} id {id} has active endpoints")
            } else {
                let users = self.network_users(&name);
                let users: Vec<String> = users
                    .iter()
                    .map(|user| format!("name:\"{}\" id:\"{}\"", user.name, user.id.short(12)))
                    .collect();
                format!(
                    "error while removing network: network {name} has active endpoints ({})",
                    users.join(", ")
                )
            }));
        }
        self.networks.remove(&name);
        Ok(())
    }

    /// Puts a container into a network. At creation a name that is not there is only noted.
    pub fn join_network(&mut self, at: usize, name: &str, at_creation: bool) -> Result<(), Failure> {
        if name.starts_with("container:") {
            return Ok(());
        }
        let Ok(name) = self.find_network(name) else {
            return if at_creation {
                Ok(())
            } else {
                Err(Failure::not_found(format!("network {name} not found")))
            };
        };
        let Some(network) = self.networks.get_mut(&name) else { return Ok(()) };
        network.last = network.last.wrapping_add(1);
        let (first, second) = network.prefix;
        let has_address = first != 0;
        let ip = if has_address { format!("{first}.{second}.0.{}", network.last) } else { String::new() };
        let mac = format!("02:42:{first:02x}:{second:02x}:00:{:02x}", network.last);
        let mac = if has_address { mac } else { String::new() };
        let aliases = self.containers[at].options.aliases.clone();
        self.containers[at].networks.insert(name, Endpoint { ip, mac, aliases });
        Ok(())
    }

    /// Takes a container out of a network.
    pub fn leave_network(&mut self, at: usize, name: &str) -> Result<(), Failure> {
        let name = self.find_network(name)?;
        let id = self.containers[at].id.hex();
        match self.containers[at].networks.remove(&name) {
            Some(_) => Ok(()),
            None => Err(Failure::other(format!("container {id} is not connected to network {name}"))),
        }
    }

    /// Whether the networks of a container are there.
    pub(super) fn check_networks(&self, at: usize) -> Result<(), Failure> {
        let name = &self.containers[at].first_network;
        if name.starts_with("container:")
            || self.networks.contains_key(name)
            || self.find_network(name).is_ok()
        {
            return Ok(());
        }
        let head = self.dialect.server_text("", "failed to set up container networking: ");
        Err(Failure::not_found(format!("{head}network {name} not found")))
    }

    /// Whether the ports that a container publishes are free.
    pub(super) fn check_ports(&mut self, at: usize) -> Result<(), Failure> {
        let endpoint = self.new_id("endpoint").hex();
        let container = &self.containers[at];
        for port in container.ports.iter().filter(|port| port.public.is_some()) {
            let is_taken = self.containers.iter().any(|other| {
                other.id != container.id
                    && other.is_running()
                    && other
                        .ports
                        .iter()
                        .any(|used| used.public == port.public && used.protocol == port.protocol)
            });
            if is_taken {
                let head = self.dialect.server_text("", "failed to set up container networking: ");
                let ip = if port.ip.is_empty() { "0.0.0.0" } else { &port.ip };
                return Err(Failure::conflict(format!(
                    "{head}driver failed programming external connectivity on endpoint {} ({endpoint}): Bind for {ip}:{} failed: port is already allocated",
                    container.name,
                    port.public.unwrap_or(0)
                )));
            }
        }
        Ok(())
    }

    /// A port that nobody asked for.
    pub(super) fn free_port(&mut self) -> u16 {
        let used =
            self.containers.iter().flat_map(|container| &container.ports).filter_map(|port| port.public);
        self.next_port =
            used.filter(|port| *port >= EPHEMERAL).max().unwrap_or(EPHEMERAL - 1).max(self.next_port) + 1;
        self.next_port
    }
}

//! Everything that a `RUN` is given.

use super::machine::Machine;
use super::mount::Mount;
use super::run::RunSpec;
use crate::vfs::Tree;
use crate::world::World;

/// What a command starts from. It is a value of persistent trees: keeping one costs nothing but its words.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The filesystem.
    pub tree: Tree,
    /// What is mounted besides what every container has.
    pub mounts: Vec<Mount>,
    /// The command.
    pub spec: RunSpec,
    /// The time of every change, in seconds since 1970.
    pub now: i64,
    /// Whether there is a network.
    pub network: bool,
    /// `hostname`; empty for the usual one.
    pub hostname: String,
}

impl Scene {
    /// A machine with everything in its place.
    pub fn machine<'w>(&self, world: &'w dyn World) -> Machine<'w> {
        self.machine_and_mounts(world).0
    }

    /// As [`Scene::machine`], with what [`Machine::mount`] gave for each mount.
    pub fn machine_and_mounts<'w>(&self, world: &'w dyn World) -> (Machine<'w>, Vec<Option<usize>>) {
        let mut machine = Machine::new(self.tree.clone(), world);
        machine.now = self.now;
        machine.network = self.network;
        if !self.hostname.is_empty() {
            machine.hostname.clone_from(&self.hostname);
        }
        machine.mount_system();
        let mounted = self.mounts.iter().map(|mount| machine.mount(mount.clone())).collect();
        (machine, mounted)
    }
}

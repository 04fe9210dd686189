//! `exec`: another process in a container.

use super::execution::{Execution, Mounted, Start};
use super::start::{environment, put};
use crate::daemon::{Daemon, Failure, SECOND, seconds_between};
use lab_engine::shell::Stream;
use lab_engine::vfs::Tree;
use lab_engine::world::World;

/// What to run.
#[derive(Clone, Debug, Default)]
pub struct ExecOptions {
    /// Its words.
    pub words: Vec<String>,
    /// Variables besides those of the container.
    pub env: Vec<String>,
    /// Another directory.
    pub cwd: Option<String>,
    /// Another user.
    pub user: Option<String>,
    /// What it reads.
    pub stdin: Vec<u8>,
    /// Whether it has a terminal.
    pub tty: bool,
}

/// How it went.
#[derive(Clone, Debug)]
pub struct Executed {
    /// What it printed.
    pub output: Vec<(Stream, Vec<u8>)>,
    /// Its exit code.
    pub exit_code: i32,
    /// Seconds that it took.
    pub seconds: f64,
    /// What the runtime says of a process that it could not start.
    pub refused: Option<String>,
}

/// Seconds after which nobody waits any longer.
const PATIENCE: f64 = 1e9;

impl Daemon {
    /// Runs a process in a container that runs.
    pub fn exec(
        &mut self,
        at: usize,
        options: &ExecOptions,
        host: &mut Tree,
        world: &dyn World,
    ) -> Result<Executed, Failure> {
        let container = &self.containers[at];
        let id = container.id.hex();
        match container.status {
            super::Status::Running => {}
            super::Status::Paused => {
                return Err(Failure::conflict(format!(
                    "{} {} is paused, unpause the container before exec",
                    self.dialect.server_text("Container", "container"),
                    id
                )));
            }
            _ => {
                let word = self.dialect.server_text("Container", "container");
                return Err(Failure::conflict(format!("{word} {id} is not running")));
            }
        }
        let mut variables = environment(container);
        options.env.iter().for_each(|word| put(&mut variables, word));
        if options.tty {
            put(&mut variables, "TERM=xterm");
        }
        let Some(execution) = &container.execution else {
            return Err(Failure::other("the container has no process"));
        };
        let mounts = self.mounts_of(at);
        let container = &self.containers[at];
        let start = Start {
            arguments: options.words.clone(),
            environment: variables,
            cwd: options.cwd.clone().unwrap_or_else(|| container.config.working_dir.clone()),
            user: options.user.clone().unwrap_or_else(|| container.config.user.clone()),
            stdin: options.stdin.clone(),
            hostname: container.hostname.clone(),
            pid: 7 + container.serial,
            network: container.first_network != "none",
            read_only: container.options.read_only,
            mounts,
        };
        let seconds = seconds_between(container.started, self.now);
        let tree = execution.tree.clone();
        let run = match Execution::start(start, tree, self.now / SECOND, world) {
            Ok(mut run) => {
                run.advance(PATIENCE, world);
                run
            }
            Err(refused) => {
                return Ok(Executed {
                    output: Vec::new(),
                    exit_code: refused.code,
                    seconds: 0.0,
                    refused: Some(refused.message),
                });
            }
        };
        let (after, exit_code) = run.ended.unwrap_or((run.wakes(), 0));
        self.containers[at].serial += 1;
        if let Some(execution) = &mut self.containers[at].execution {
            execution.change(seconds, run.tree.clone());
            execution.mounts.clone_from(&run.mounts);
        }
        self.keep_mounts(at, host);
        let output = run.output.into_iter().map(|(_, stream, bytes)| (stream, bytes)).collect();
        Ok(Executed { output, exit_code, seconds: after, refused: None })
    }

    /// What is mounted in a running container, as it is now.
    fn mounts_of(&self, at: usize) -> Vec<Mounted> {
        let container = &self.containers[at];
        let Some(execution) = &container.execution else { return Vec::new() };
        let places =
            ["/etc/resolv.conf", "/etc/hostname", "/etc/hosts"].map(|place| (place.to_owned(), false));
        let volumes = container.volumes.iter().map(|volume| (volume.target.clone(), volume.read_only));
        let held = execution.mounts.iter().cloned();
        let targets = places.into_iter().chain(volumes);
        targets
            .zip(held)
            .filter_map(|((target, read_only), node)| Some(Mounted { target, node: node?, read_only }))
            .collect()
    }
}

//! What may be done with containers: stop, kill, pause, rename, remove, wait.

use super::Status;
use crate::daemon::{Daemon, Failure, SECOND, nanoseconds, seconds_between};
use lab_engine::vfs::Tree;
use lab_engine::world::World;

/// Seconds that `stop` waits.
const PATIENCE: i64 = 10;
/// The largest number of seconds to wait that is taken at its word: a day. Beyond that nobody waits to the end.
const LONGEST: i64 = 24 * 60 * 60;
/// Seconds for which a process is followed that is waited for without end.
const FOLLOWED: f64 = 3600.0;

/// How the attempt to stop a container went on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stopped {
    /// It is stopped, after so many seconds.
    After(f64),
    /// Its process goes on, and would be waited for without end.
    Never,
}

const SIGNALS: [(&str, u8); 16] = [
    ("HUP", 1),
    ("INT", 2),
    ("QUIT", 3),
    ("ILL", 4),
    ("TRAP", 5),
    ("ABRT", 6),
    ("FPE", 8),
    ("KILL", 9),
    ("USR1", 10),
    ("SEGV", 11),
    ("USR2", 12),
    ("PIPE", 13),
    ("ALRM", 14),
    ("TERM", 15),
    ("CONT", 18),
    ("WINCH", 28),
];

/// The number of a signal by its name or number.
pub(super) fn signal_number(text: &str) -> Option<u8> {
    if let Ok(number) = text.parse::<u8>() {
        return (1..=64).contains(&number).then_some(number);
    }
    let name = text.to_ascii_uppercase();
    let name = name.strip_prefix("SIG").unwrap_or(&name);
    SIGNALS.iter().find(|(known, _)| *known == name).map(|(_, number)| *number)
}

impl Daemon {
    /// Stops a container: its signal, then, after a while, the end.
    pub fn stop(
        &mut self,
        at: usize,
        timeout: Option<i64>,
        signal: Option<&str>,
        host: &mut Tree,
        world: &dyn World,
    ) -> Result<Stopped, Failure> {
        let container = &self.containers[at];
        if !container.is_running() {
            return Ok(Stopped::After(0.0));
        }
        let name = signal.map(str::to_owned).unwrap_or_else(|| container.config.stop_signal.clone());
        let number = if name.is_empty() { 15 } else { signal_number(&name).unwrap_or(15) };
        let patience = timeout.or(container.options.stop_timeout).unwrap_or(PATIENCE);
        self.containers[at].stopped_by_hand = true;
        if self.containers[at].status == Status::Restarting {
            self.containers[at].status = Status::Exited;
            return Ok(Stopped::After(0.0));
        }
        let asked = self.now;
        let id = self.containers[at].id;
        self.send(at, number);
        // Killed it is over at once, and with `--rm` gone.
        if self.containers.get(at).is_none_or(|container| container.id != id || !container.is_running()) {
            return Ok(Stopped::After(0.0));
        }
        // A process that is waited for without end is looked at before: who waits for what never comes gives up.
        let limit = if (0..=LONGEST).contains(&patience) {
            asked.saturating_add(patience.saturating_mul(SECOND))
        } else {
            match self.end_of(at, world) {
                // A little later, for what rounding takes away.
                Some(end) => end.saturating_add(SECOND / 1000),
                None => return Ok(Stopped::Never),
            }
        };
        self.now = limit;
        self.refresh_one(at, host, world);
        // With `--rm` it is gone when it has ended.
        let Some(at) = self.containers.iter().position(|container| container.id == id) else {
            self.now = asked;
            return Ok(Stopped::After(0.1));
        };
        if self.containers[at].is_running() {
            let when = self.now;
            self.end(at, when, 137);
            self.now = asked;
            return Ok(Stopped::After(seconds_between(asked, limit)));
        }
        let took = seconds_between(asked, self.containers[at].finished).max(0.0);
        self.now = asked;
        Ok(Stopped::After(took))
    }

    /// When the process of a container ends if it is left alone; none if it goes on and on.
    fn end_of(&self, at: usize, world: &dyn World) -> Option<i64> {
        let container = &self.containers[at];
        let mut execution = container.execution.clone()?;
        execution.advance(seconds_between(container.started, self.now) + FOLLOWED, world);
        let (after, _) = execution.ended?;
        Some(container.started.saturating_add(nanoseconds(after)))
    }

    fn send(&mut self, at: usize, signal: u8) {
        let now = self.now;
        let container = &mut self.containers[at];
        // A paused process goes on to be told.
        container.status = Status::Running;
        container.paused_at = None;
        let seconds = seconds_between(container.started, now);
        if signal == 9 {
            self.end(at, now, 137);
            return;
        }
        if let Some(execution) = &mut container.execution {
            execution.signal(seconds, signal);
        }
    }

    /// Sends a signal.
    pub fn kill(&mut self, at: usize, asked: &str, signal: &str) -> Result<(), Failure> {
        let old = self.dialect.is_old_server();
        let head = if old { "Cannot" } else { "cannot" };
        let Some(number) = signal_number(signal) else {
            return Err(Failure::invalid(if old {
                format!("Invalid signal: {signal}")
            } else {
                format!("cannot kill container: {asked}: invalid signal: {signal}")
            }));
        };
        let container = &self.containers[at];
        if !container.is_running() {
            let word = if old { "Container" } else { "container" };
            let id = container.id.hex();
            return Err(Failure::conflict(format!(
                "{head} kill container: {asked}: {word} {id} is not running"
            )));
        }
        if number == 9 {
            self.containers[at].stopped_by_hand = true;
        }
        self.send(at, number);
        Ok(())
    }

    /// Halts a container.
    pub fn pause(&mut self, at: usize) -> Result<(), Failure> {
        let word = self.dialect.server_text("Container", "container");
        let now = self.now;
        let container = &mut self.containers[at];
        let id = container.id.hex();
        match container.status {
            Status::Running => {
                container.status = Status::Paused;
                container.paused_at = Some(now);
                Ok(())
            }
            Status::Paused => Err(Failure::conflict(format!("{word} {id} is already paused"))),
            _ => Err(Failure::conflict(format!("{word} {id} is not running"))),
        }
    }

    /// Lets a halted container go on.
    pub fn unpause(&mut self, at: usize) -> Result<(), Failure> {
        let now = self.now;
        let container = &mut self.containers[at];
        let id = container.id.hex();
        let Some(paused) = container.paused_at.take().filter(|_| container.status == Status::Paused) else {
            return Err(Failure::conflict(format!("Container {id} is not paused")));
        };
        container.status = Status::Running;
        // Its clock stood still.
        container.started = container.started.saturating_add(now.saturating_sub(paused));
        Ok(())
    }

    /// Gives a container another name.
    pub fn rename(&mut self, at: usize, name: &str) -> Result<(), Failure> {
        let failed = |failure: Failure| {
            let head =
                if failure.message.starts_with("Conflict") { "Error when allocating new name: " } else { "" };
            Failure::new(failure.kind, format!("{head}{failure}"))
        };
        self.containers[at].name = self.check_name(name).map_err(failed)?;
        Ok(())
    }

    /// Removes a container.
    pub fn remove_container(
        &mut self,
        at: usize,
        asked: &str,
        force: bool,
        volumes: bool,
    ) -> Result<(), Failure> {
        let container = &self.containers[at];
        if container.is_running() && !force {
            let id = container.id.hex();
            return Err(Failure::conflict(if self.dialect.is_old_server() {
                let state = if container.status == Status::Paused { "paused" } else { "running" };
                let advice = match state {
                    "paused" => {
                        "Unpause and then stop the container before attempting removal or force remove"
                    }
                    _ => "Stop the container before attempting removal or force remove",
                };
                format!("You cannot remove a {state} container {id}. {advice}")
            } else {
                let (state, advice) = match container.status {
                    Status::Paused => ("paused and must be unpaused first", ""),
                    _ => ("running", ": stop the container before removing or force remove"),
                };
                format!("cannot remove container \"{asked}\": container is {state}{advice}")
            }));
        }
        self.take_away(at, volumes);
        Ok(())
    }

    /// Takes a container away, with its nameless volumes if they are to go.
    pub(super) fn take_away(&mut self, at: usize, volumes: bool) {
        let container = self.containers.remove(at);
        if !volumes {
            return;
        }
        for volume in &container.volumes {
            if let super::VolumeKind::Volume { name, anonymous: true } = &volume.kind {
                self.volumes.remove(name);
            }
        }
    }
}

//! Brings containers up to the clock: processes go on, end, and start again.

use super::{Restart, Status};
use crate::daemon::{Daemon, SECOND, nanoseconds, seconds_between};
use lab_engine::vfs::Tree;
use lab_engine::world::World;

/// Nanoseconds before a container starts again; doubled each time, up to a minute.
const FIRST_DELAY: i64 = 100_000_000;
const LAST_DELAY: i64 = 60 * SECOND;
/// How often one starts again between two looks, at most.
const MOST_RESTARTS: u32 = 200;

impl Daemon {
    /// Lets all containers run up to now.
    pub fn refresh(&mut self, host: &mut Tree, world: &dyn World) {
        let ids: Vec<_> = self.containers.iter().map(|container| container.id).collect();
        for id in ids {
            let Some(at) = self.containers.iter().position(|container| container.id == id) else { continue };
            self.refresh_one(at, host, world);
        }
        self.check_health(host, world);
    }

    /// Lets one container run up to now.
    pub fn refresh_container(&mut self, at: usize, host: &mut Tree, world: &dyn World) {
        self.refresh_one(at, host, world);
    }

    pub(super) fn refresh_one(&mut self, at: usize, host: &mut Tree, world: &dyn World) {
        for _ in 0..MOST_RESTARTS {
            if self.containers[at].status == Status::Restarting {
                let container = &self.containers[at];
                let due = container.finished.saturating_add(delay(container.restarts));
                if due > self.now {
                    return;
                }
                let now = std::mem::replace(&mut self.now, due);
                self.containers[at].status = Status::Exited;
                self.containers[at].restarts += 1;
                let started = self.start(at, Vec::new(), host, world);
                self.now = now;
                if started.is_err() {
                    return;
                }
            }
            let id = self.containers[at].id;
            if self.containers[at].status != Status::Running || !self.advance(at, host, world) {
                return;
            }
            // With `--rm` it may be gone.
            if self.containers.get(at).is_none_or(|container| container.id != id) {
                return;
            }
        }
    }

    /// Lets a process run up to now; whether it ended.
    fn advance(&mut self, at: usize, host: &mut Tree, world: &dyn World) -> bool {
        let container = &mut self.containers[at];
        let seconds = seconds_between(container.started, self.now);
        let Some(execution) = &mut container.execution else { return false };
        execution.advance(seconds, world);
        let ended = execution.ended.filter(|(at, _)| *at <= seconds);
        self.keep_mounts(at, host);
        let Some((after, code)) = ended else { return false };
        self.end(at, self.containers[at].started.saturating_add(nanoseconds(after)), code);
        true
    }

    /// Notes that the first process ended.
    pub(super) fn end(&mut self, at: usize, when: i64, code: i32) {
        let container = &mut self.containers[at];
        container.tree = container.files().clone();
        container.history = container.logs();
        container.execution = None;
        container.finished = when;
        container.exit_code = code;
        container.paused_at = None;
        let again = match &container.options.restart {
            Restart::Always | Restart::UnlessStopped => !container.stopped_by_hand,
            Restart::OnFailure(most) => {
                code != 0 && !container.stopped_by_hand && (*most == 0 || container.restarts < *most)
            }
            Restart::No | Restart::Unknown(_) => false,
        };
        container.status = if again { Status::Restarting } else { Status::Exited };
        if !again && container.options.auto_remove {
            self.take_away(at, true);
        }
    }
}

fn delay(restarts: u32) -> i64 {
    FIRST_DELAY.saturating_mul(1 << restarts.min(16)).min(LAST_DELAY)
}

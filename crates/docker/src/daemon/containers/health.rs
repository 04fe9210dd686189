//! Health checks and sizes of containers.

use super::{Container, Status};
use crate::daemon::images::unpacked_size;
use crate::daemon::{Daemon, SECOND};

impl Daemon {
    /// What the check of a running container says; none if it has no check.
    pub fn health(&self, container: &Container) -> Option<&'static str> {
        let check = container.config.healthcheck.as_ref()?;
        if container.status != Status::Running || check.test.first().is_none_or(|kind| kind == "NONE") {
            return None;
        }
        Some(self.health.get(&container.id).copied().unwrap_or("starting"))
    }

    /// What a container takes: its own layer, and all with the image.
    pub fn container_size(&self, container: &Container) -> (u64, u64) {
        let layer = container.layer();
        let image = self.images.get(container.image);
        let below = image.map_or(0, |image| self.image_size(image));
        let own = if self.dialect.is_containerd() { unpacked_size(&layer) } else { layer.size };
        (own, own + below)
    }

    /// Looks after running containers with a check, at the time that it is.
    pub(super) fn check_health(
        &mut self,
        host: &mut lab_engine::vfs::Tree,
        world: &dyn lab_engine::world::World,
    ) {
        for at in 0..self.containers.len() {
            let container = &self.containers[at];
            let Some(check) = container.config.healthcheck.clone() else { continue };
            let words = match check.test.split_first() {
                Some((kind, rest)) if kind == "CMD-SHELL" => {
                    let mut words = vec!["/bin/sh".to_owned(), "-c".to_owned()];
                    words.extend(rest.iter().cloned());
                    words
                }
                Some((kind, rest)) if kind == "CMD" => rest.to_vec(),
                _ => continue,
            };
            if container.status != Status::Running {
                continue;
            }
            let interval = if check.interval > 0 { check.interval } else { 30 * SECOND };
            let retries = if check.retries > 0 { check.retries } else { 3 };
            let passed = self.now.saturating_sub(container.started);
            let id = container.id;
            if passed < interval {
                self.health.insert(id, "starting");
                continue;
            }
            let options = super::ExecOptions { words, ..super::ExecOptions::default() };
            let code = self.exec(at, &options, host, world).map_or(1, |done| done.exit_code);
            let known = self.health.get(&id).copied();
            let state = if code == 0 {
                "healthy"
            } else if known == Some("healthy")
                || passed >= interval.saturating_mul(retries).saturating_add(check.start_period)
            {
                "unhealthy"
            } else {
                "starting"
            };
            self.health.insert(id, state);
        }
    }
}

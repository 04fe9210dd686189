//! `WORKDIR`, and paths as seen from it.

use super::Planner;
use super::state::{Command, RawVertex};
use crate::graph::VertexKind;
use crate::graph::error::{Place, PlanError};
use crate::graph::operation::Operation;
use crate::vfs::path;

impl Planner<'_> {
    pub(super) fn dispatch_workdir(
        &mut self,
        index: usize,
        command: &Command,
        written: &str,
    ) -> Result<(), PlanError> {
        let expanded = self.expand(index, written)?;
        let config = &mut self.states[index].scope.image.config;
        let absolute = join_workdir(&config.working_dir, &expanded);
        config.working_dir = absolute.clone();
        let user = config.user.clone();
        let has_layer = absolute != "/";
        if has_layer {
            let text = self.step_text(index, command);
            let (name, number) = self.states[index].step_name(&text);
            let vertex = RawVertex {
                name,
                kind: VertexKind::Workdir,
                state: index,
                number,
                place: Some(Place::from(&command.instruction)),
                operation: Operation::MakeDirectory { path: absolute.clone(), user },
                base: self.states[index].result,
                // BuildKit gives this step no such mark: a directory that is there cannot be stale.
                ignore_cache: false,
            };
            self.states[index].result = Some(self.push(vertex));
        }
        self.record(index, format!("WORKDIR {absolute}"), has_layer);
        Ok(())
    }

    /// A destination as seen from the working directory. A slash at its end stays; `.` counts as having one.
    pub(super) fn destination(&self, index: usize, written: &str) -> String {
        let working_dir = &self.states[index].scope.image.config.working_dir;
        let base = if working_dir.is_empty() { "/" } else { working_dir };
        let absolute = path::absolute(base, written);
        let is_directory = written.ends_with('/') || written.ends_with("/.") || matches!(written, "." | "");
        if is_directory && absolute != "/" { format!("{absolute}/") } else { absolute }
    }
}

/// Where `WORKDIR wanted` leads from `current`. A slash at its end stays, as in BuildKit's history and configuration.
pub fn join_workdir(current: &str, wanted: &str) -> String {
    let base = if current.is_empty() { "/" } else { current };
    let absolute = path::absolute(base, wanted);
    if wanted.ends_with('/') && absolute != "/" { format!("{absolute}/") } else { absolute }
}

#[cfg(test)]
mod tests {
    use super::join_workdir;

    #[test]
    fn relative_to_the_last_one() {
        assert_eq!(join_workdir("", "a"), "/a");
        assert_eq!(join_workdir("/a", "b/../c"), "/a/c");
        assert_eq!(join_workdir("/a", "/"), "/");
        assert_eq!(join_workdir("/a", ""), "/a");
        assert_eq!(join_workdir("/a/b/", "../c/"), "/a/c/");
    }
}

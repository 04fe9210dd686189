//! Which builds came with the project, and were made by nobody here.

use super::Model;

impl Model {
    /// Whether build 1 belongs to the example that is open: it is there from the start, so that the first edit has something to
    /// be compared with.
    pub fn is_first_given(&self) -> bool {
        let of_start = self.timeline.builds.first();
        !self.workspace.name.is_empty()
            && of_start
                .is_some_and(|build| build.parent.is_none() && build.edited_count == 0 && !build.recorded)
    }
}

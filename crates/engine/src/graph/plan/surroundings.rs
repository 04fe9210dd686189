//! What a command would find that ran right after an instruction.

use super::Planner;
use crate::dockerfile::Dockerfile;
use crate::graph::options::PlanOptions;
use crate::text::TextRange;
use crate::world::World;

/// Environment, place, user and shell behind an instruction, as a `RUN` there would have them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The environment: that of the image, `ENV`, and the `ARG`s declared so far in the stage.
    pub environment: Vec<(String, String)>,
    /// The working directory.
    pub cwd: String,
    /// The user; empty for root.
    pub user: String,
    /// The words of `SHELL`.
    pub shell: Vec<String>,
}

/// An instruction, and what was found behind it.
#[derive(Debug)]
pub(super) struct Looking {
    range: TextRange,
    found: Option<Surroundings>,
}

/// What a command would find right behind the instruction at this place in the text; `None` where planning does not come
/// so far, as in a stage that the target does not need.
pub fn surroundings(
    dockerfile: &Dockerfile,
    options: PlanOptions<'_>,
    world: &dyn World,
    range: TextRange,
) -> Option<Surroundings> {
    let mut planner = Planner::new(dockerfile, options, world).ok()?;
    planner.looking = Some(Looking { range, found: None });
    // What is wrong further down does not concern this place.
    let _ = planner.run();
    planner.looking?.found
}

impl Planner<'_> {
    /// Takes note of how things are behind an instruction, if it is the one that is looked at.
    pub(super) fn look(&mut self, index: usize, range: Option<TextRange>) {
        if self.looking.as_ref().is_none_or(|looking| Some(looking.range) != range) {
            return;
        }
        let shell = self.shell(index);
        let proxies = self.proxy_env();
        let scope = &self.states[index].scope;
        let variables = scope.env.variables().iter();
        let environment = variables
            .map(|variable| (variable.name.clone(), variable.value.clone()))
            .chain(proxies)
            .collect();
        let config = &scope.image.config;
        let cwd = if config.working_dir.is_empty() { "/".to_owned() } else { config.working_dir.clone() };
        let found = Some(Surroundings { environment, cwd, user: config.user.clone(), shell });
        if let Some(looking) = &mut self.looking {
            looking.found = found;
        }
    }
}

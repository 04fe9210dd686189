//! Merges equal vertices, and puts them in BuildKit's order: depth first from the target, inputs before what takes them.

use super::Planner;
use super::state::{RawId, RawVertex};
use crate::digest::Digest;
use crate::dockerfile::quote::quote;
use crate::graph::error::PlanError;
use crate::graph::operation::Operation;
use crate::graph::{StageId, Vertex, VertexId};
use std::collections::BTreeMap;

/// The vertices after merging.
pub(super) struct Merged {
    pub(super) vertices: Vec<Vertex>,
    of_raw: BTreeMap<RawId, VertexId>,
}

impl Merged {
    /// What became of a vertex; `None` if the target does not need it.
    pub(super) fn find_raw(&self, raw: RawId) -> Option<VertexId> {
        self.of_raw.get(&raw).copied()
    }

    /// As [`Merged::find_raw`], for one that the target needs.
    pub(super) fn of_raw(&self, raw: RawId) -> VertexId {
        self.of_raw[&raw]
    }

    pub(super) fn uses_context(&self) -> bool {
        self.vertices.iter().any(|vertex| vertex.operation.uses_context())
    }
}

impl Planner<'_> {
    pub(super) fn merge(&self, target: usize) -> Result<Merged, PlanError> {
        let mut merger = Merger {
            planner: self,
            merged: Merged { vertices: Vec::new(), of_raw: BTreeMap::new() },
            by_definition: BTreeMap::new(),
        };
        if let Some(result) = self.states[target].result {
            merger.visit(result);
        }
        let merged = merger.merged;
        for vertex in &merged.vertices {
            let Operation::Exec(exec) = &vertex.operation else { continue };
            if exec.args.is_empty() {
                return Err(PlanError::new("failed to marshal LLB definition: arguments are required"));
            }
        }
        for vertex in &merged.vertices {
            let Operation::Exec(exec) = &vertex.operation else { continue };
            if exec.network == "host" {
                return Err(PlanError::new("failed to load LLB: network.host is not allowed"));
            }
            if exec.insecure {
                return Err(PlanError::new("failed to load LLB: security.insecure is not allowed"));
            }
            // An optional device that is not there is left out, and none is there.
            if let Some(device) = exec.required_devices.first() {
                let message =
                    format!("failed to load LLB: required device {} is not registered", quote(device));
                return Err(PlanError::new(message));
            }
        }
        Ok(merged)
    }
}

struct Merger<'a, 'b> {
    planner: &'a Planner<'b>,
    merged: Merged,
    by_definition: BTreeMap<Digest, VertexId>,
}

impl Merger<'_, '_> {
    /// Visits the inputs of a vertex and then itself. Without recursion: a stage can have thousands of steps.
    fn visit(&mut self, target: RawId) {
        let mut todo = vec![(target, false)];
        while let Some((raw, inputs_done)) = todo.pop() {
            if self.merged.of_raw.contains_key(&raw) {
                continue;
            }
            let vertex = &self.planner.raw[raw.0 as usize];
            if inputs_done {
                let id = self.add(vertex.clone());
                self.merged.of_raw.insert(raw, id);
                continue;
            }
            todo.push((raw, true));
            todo.extend(ordered_inputs(vertex).into_iter().rev().map(|input| (input, false)));
        }
    }

    fn add(&mut self, mut raw: RawVertex) -> VertexId {
        let base = raw.base.map(|base| self.merged.of_raw(base));
        let mut inputs: Vec<VertexId> = base.into_iter().collect();
        for input in raw.operation.inputs_mut() {
            *input = self.merged.of_raw[input];
            if !inputs.contains(input) {
                inputs.push(*input);
            }
        }
        let definition = raw.operation.definition_digest(base);
        let lines = raw.place.map(|place| place.lines);
        let stage = self.planner.states[raw.state].stage.unwrap_or(u32::MAX);
        if let Some(id) = self.by_definition.get(&definition) {
            // The later one gives its name; both give their places.
            let vertex = &mut self.merged.vertices[id.0 as usize];
            vertex.name = raw.name;
            vertex.stage = StageId(stage);
            vertex.number = raw.number;
            vertex.ignore_cache |= raw.ignore_cache;
            if let Some(place) = raw.place {
                vertex.range = place.range;
                vertex.lines.extend(lines.filter(|lines| !vertex.lines.contains(lines)));
            }
            return *id;
        }
        let id = VertexId(self.merged.vertices.len() as u32);
        self.by_definition.insert(definition, id);
        self.merged.vertices.push(Vertex {
            id,
            name: raw.name,
            kind: raw.kind,
            stage: StageId(stage),
            number: raw.number,
            range: raw.place.map(|place| place.range).unwrap_or_default(),
            lines: lines.into_iter().collect(),
            operation: raw.operation,
            base,
            inputs,
            ignore_cache: raw.ignore_cache,
        });
        id
    }
}

/// The inputs in the order in which BuildKit visits them: the step above first.
fn ordered_inputs(vertex: &RawVertex) -> Vec<RawId> {
    let mut operation = vertex.operation.clone();
    let sources = operation.inputs_mut().into_iter().map(|id| *id);
    vertex.base.into_iter().chain(sources).collect()
}

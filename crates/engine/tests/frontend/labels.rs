//! Expansion against the labels of recorded images: whatever a `LABEL` can say ends up there.

use crate::cases::{self, Images, Step};
use lab_engine::dockerfile::expand::{Expander, Variables};
use lab_engine::dockerfile::reference::ImageReference;
use lab_engine::dockerfile::stages::{ResolvedStages, StageOptions, StageSource, resolve_stages};
use lab_engine::dockerfile::{Dockerfile, InstructionKind, KeyValue, parse};
use serde_json::Value;
use std::collections::BTreeMap;

/// The variables and labels at the end of a stage.
#[derive(Clone, Default)]
struct Stage {
    variables: Vec<(String, String)>,
    labels: BTreeMap<String, String>,
}

struct Evaluation<'a> {
    dockerfile: &'a Dockerfile,
    resolved: &'a ResolvedStages,
    options: &'a StageOptions,
    images: &'a Images,
}

impl Evaluation<'_> {
    fn stage(&self, index: usize) -> Stage {
        let mut stage = match &self.resolved.stages[index].base {
            StageSource::Stage(base) => self.stage(*base),
            StageSource::Image(name) => self.image(name),
            StageSource::Scratch => Stage::default(),
        };
        for instruction in &self.dockerfile.stages[index].instructions {
            self.instruction(&mut stage, &instruction.kind);
        }
        stage
    }

    fn image(&self, name: &str) -> Stage {
        let name = ImageReference::parse(name).unwrap().with_default_tag().to_string();
        let image = &self.images[&name];
        let pairs = image.config.env.iter().filter_map(|line| line.split_once('='));
        Stage {
            variables: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            labels: image.config.labels.clone(),
        }
    }

    fn expand(&self, stage: &Stage, word: &str) -> String {
        Expander::new(self.dockerfile.escape).expand(word, &stage.variables).unwrap().text
    }

    fn pairs(&self, stage: &Stage, pairs: &[KeyValue]) -> Vec<(String, String)> {
        pairs.iter().map(|pair| (self.expand(stage, &pair.name), self.expand(stage, &pair.value))).collect()
    }

    fn instruction(&self, stage: &mut Stage, kind: &InstructionKind) {
        match kind {
            InstructionKind::Env(pairs) => {
                let pairs = self.pairs(stage, pairs);
                stage.variables.extend(pairs);
            }
            InstructionKind::Label(pairs) => {
                let pairs = self.pairs(stage, pairs);
                stage.labels.extend(pairs);
            }
            InstructionKind::Arg(definitions) => {
                for arg in definitions {
                    let value = match (self.options.arguments.get(&arg.name), &arg.value) {
                        (Some(given), _) => Some(given.clone()),
                        (None, Some(default)) => Some(self.expand(stage, default)),
                        (None, None) => {
                            Variables::get(&self.resolved.scope.variables, &arg.name).map(str::to_owned)
                        }
                    };
                    stage.variables.extend(value.map(|value| (arg.name.clone(), value)));
                }
            }
            _ => {}
        }
    }
}

fn recorded(step: &Step) -> Option<BTreeMap<String, String>> {
    let config: Value = serde_json::from_str(step.expected("image")["config"].as_str()?).unwrap();
    let labels = config["config"]["Labels"].as_object().into_iter().flatten();
    Some(labels.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect())
}

#[test]
fn labels_are_buildkits() {
    let images = cases::images();
    let mut compared = 0;
    for step in cases::steps() {
        let Some(recorded) = recorded(&step) else { continue };
        let dockerfile = parse(&step.dockerfile).value;
        let options = StageOptions {
            arguments: step.pairs("build_args").into_iter().collect(),
            target: step.value["target"].as_str().map(str::to_owned),
            ..StageOptions::default()
        };
        let resolved = resolve_stages(&dockerfile, &options);
        let evaluation =
            Evaluation { dockerfile: &dockerfile, resolved: &resolved, options: &options, images: &images };
        let mut labels = evaluation.stage(resolved.target).labels;
        labels.extend(step.pairs("labels"));
        if !step.dockerfile.to_uppercase().contains("ONBUILD") {
            assert_eq!(labels, recorded, "{}", step.name);
            compared += labels.len();
        }
    }
    assert!(compared > 200, "only {compared} labels were compared");
}

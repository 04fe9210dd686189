//! Reads the recorded builds in `tests/conformance/cases`.

use lab_engine::oci::{ImageConfig, RuntimeConfig};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// One build of a case.
pub(crate) struct Step {
    /// Case and number, for messages.
    pub(crate) name: String,
    /// The Dockerfile as it is in this step.
    pub(crate) dockerfile: String,
    /// The `.dockerignore` as it is in this step.
    pub(crate) dockerignore: Option<String>,
    /// The step itself: options and what is expected.
    pub(crate) value: Value,
}

impl Step {
    /// A part of what is expected.
    pub(crate) fn expected(&self, key: &str) -> &Value {
        &self.value["expect"][key]
    }

    /// The error that was recorded, without the words in front of it.
    pub(crate) fn error(&self) -> Option<&str> {
        let error = self.expected("error").as_str()?;
        Some(error.strip_prefix("failed to solve: ").unwrap_or(error))
    }

    /// Options like `build_args` as pairs.
    pub(crate) fn pairs(&self, key: &str) -> Vec<(String, String)> {
        let pairs = self.value[key].as_object().into_iter().flatten();
        pairs.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect()
    }
}

/// All steps of all cases, in the order of their names.
pub(crate) fn steps() -> Vec<Step> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().flat_map(|file| steps_of(&std::fs::read_to_string(file).unwrap())).collect()
}

fn steps_of(text: &str) -> Vec<Step> {
    let case: Value = serde_json::from_str(text).unwrap();
    let mut dockerfile = String::new();
    let mut dockerignore = None;
    let mut steps = Vec::new();
    for (number, step) in case["steps"].as_array().unwrap().iter().enumerate() {
        if let Some(text) = step["dockerfile"].as_str() {
            text.clone_into(&mut dockerfile);
        }
        if let Some(change) = step.get("dockerignore") {
            dockerignore = change.as_str().map(str::to_owned);
        }
        steps.push(Step {
            name: format!("{} step {number}", case["name"].as_str().unwrap()),
            dockerfile: dockerfile.clone(),
            dockerignore: dockerignore.clone(),
            value: step.clone(),
        });
    }
    steps
}

/// Configurations of the base images, by their full names.
pub(crate) type Images = BTreeMap<String, ImageConfig>;

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|word| word.as_str().unwrap().to_owned()).collect()
}

fn pairs(value: &Value) -> BTreeMap<String, String> {
    let pairs = value.as_object().into_iter().flatten();
    pairs.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
}

/// The base images of the recordings, as far as the frontend looks at them.
pub(crate) fn images() -> Images {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/testbase.json");
    let text: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let image = |value: &Value| {
        let value: Value = serde_json::from_str(value["config"].as_str().unwrap()).unwrap();
        let config = RuntimeConfig {
            env: strings(&value["config"]["Env"]),
            on_build: strings(&value["config"]["OnBuild"]),
            labels: pairs(&value["config"]["Labels"]),
            shell: Some(strings(&value["config"]["Shell"])),
            ..RuntimeConfig::default()
        };
        let text = |key: &str| value[key].as_str().unwrap().to_owned();
        ImageConfig { os: text("os"), architecture: text("architecture"), config, ..ImageConfig::default() }
    };
    let images = text["images"].as_object().unwrap();
    images.iter().map(|(name, value)| (name.clone(), image(value))).collect()
}

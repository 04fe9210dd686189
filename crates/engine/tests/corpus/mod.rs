//! Reads the recorded builds in `tests/conformance/cases`.

use serde_json::Value;
use std::path::Path;

/// One build of a case.
pub(crate) struct Step {
    /// Case and number, for messages.
    pub(crate) name: String,
    /// The Dockerfile as it is in this step.
    pub(crate) dockerfile: String,
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
    let mut steps = Vec::new();
    for (number, step) in case["steps"].as_array().unwrap().iter().enumerate() {
        if let Some(text) = step["dockerfile"].as_str() {
            text.clone_into(&mut dockerfile);
        }
        steps.push(Step {
            name: format!("{} step {number}", case["name"].as_str().unwrap()),
            dockerfile: dockerfile.clone(),
            value: step.clone(),
        });
    }
    steps
}

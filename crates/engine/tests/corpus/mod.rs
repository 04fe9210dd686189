//! Reads the recorded builds in `tests/conformance/cases`.

use serde_json::Value;
use std::path::Path;

/// One build of a case.
pub(crate) struct Step {
    /// Case and number, for messages.
    pub(crate) name: String,
    /// The Dockerfile as it is in this step.
    pub(crate) dockerfile: String,
    /// The `.dockerignore` as it is in this step.
    #[allow(dead_code, reason = "not every test looks at the context")]
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

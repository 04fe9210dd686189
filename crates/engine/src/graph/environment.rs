//! The variables of a stage.

use super::operation::{EnvOrigin, EnvVariable};
use crate::dockerfile::expand::Variables;

/// The variables of a stage in BuildKit's order: one that is set again moves to the end.
#[derive(Clone, Debug, Default)]
pub(super) struct Environment(Vec<EnvVariable>);

impl Environment {
    pub(super) fn set(&mut self, name: &str, value: &str, origin: EnvOrigin) {
        self.0.retain(|variable| variable.name != name);
        self.0.push(EnvVariable { name: name.to_owned(), value: value.to_owned(), origin });
    }

    pub(super) fn variables(&self) -> &[EnvVariable] {
        &self.0
    }
}

impl Variables for Environment {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|variable| variable.name == name).map(|variable| variable.value.as_str())
    }

    fn names(&self) -> Vec<&str> {
        self.0.iter().map(|variable| variable.name.as_str()).collect()
    }
}

/// Sets a variable in an image configuration, where one that is set again keeps its place.
pub(crate) fn set_config_env(env: &mut Vec<String>, name: &str, value: &str) {
    let line = format!("{name}={value}");
    match env.iter_mut().find(|old| old.split('=').next() == Some(name)) {
        Some(old) => *old = line,
        None => env.push(line),
    }
}

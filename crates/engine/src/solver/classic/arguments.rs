//! Build arguments, with the classic builder's rules for who sees which.

use crate::dockerfile::scope::PROXY_ARGUMENTS;
use std::collections::{BTreeMap, BTreeSet};

/// What `--build-arg` gave, and what the Dockerfile has declared so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Arguments {
    given: BTreeMap<String, String>,
    /// Those in front of the first stage.
    global: BTreeMap<String, Option<String>>,
    /// Those of the present stage.
    declared: BTreeMap<String, Option<String>>,
    /// All that were declared anywhere.
    consumed: BTreeSet<String>,
}

impl Arguments {
    pub(super) fn new(given: &[(String, String)]) -> Self {
        Self { given: crate::order::map(given.iter().cloned()), ..Self::default() }
    }

    pub(super) fn declare_global(&mut self, name: &str, value: Option<String>) {
        self.global.insert(name.to_owned(), value);
        self.consumed.insert(name.to_owned());
    }

    pub(super) fn declare(&mut self, name: &str, value: Option<String>) {
        self.declared.insert(name.to_owned(), value);
        self.consumed.insert(name.to_owned());
    }

    /// A stage knows nothing of what another one declared.
    pub(super) fn begin_stage(&mut self) {
        self.declared.clear();
    }

    /// What `FROM` may refer to.
    pub(super) fn of_from(&self) -> Vec<(String, String)> {
        self.all(&self.global)
    }

    /// What an instruction sees besides the environment, which goes first: by name.
    pub(super) fn beside(&self, env: &[String]) -> Vec<(String, String)> {
        let is_set = |name: &str| env.iter().any(|line| line.split('=').next() == Some(name));
        let mut visible = self.all(&self.declared);
        visible.retain(|(name, _)| !is_set(name));
        visible
    }

    /// Whether an argument is written into the command by which a `RUN` is found: a proxy only if it was declared.
    pub(super) fn is_told(&self, name: &str) -> bool {
        self.declared.contains_key(name) || !PROXY_ARGUMENTS.contains(&name)
    }

    /// What was given and nobody declared.
    pub(super) fn unused(&self) -> Vec<String> {
        let names = self.given.keys().filter(|name| !self.consumed.contains(*name));
        names.filter(|name| !PROXY_ARGUMENTS.contains(&name.as_str())).cloned().collect()
    }

    fn all(&self, declared: &BTreeMap<String, Option<String>>) -> Vec<(String, String)> {
        let mut names = crate::order::set(declared.keys().map(String::as_str));
        names.extend(PROXY_ARGUMENTS);
        let value = |name: &str| {
            let given = self.given.get(name);
            let default = declared.get(name).and_then(Option::as_ref);
            given.or(default).or_else(|| self.global.get(name)?.as_ref()).cloned()
        };
        names.into_iter().filter_map(|name| Some((name.to_owned(), value(name)?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn who_sees_what() {
        let mut arguments = Arguments::new(&pairs(&[("WHO", "bob"), ("EXTRA", "1"), ("http_proxy", "p")]));
        arguments.declare_global("V", Some("3".into()));
        assert_eq!(arguments.of_from(), pairs(&[("V", "3"), ("http_proxy", "p")]));
        assert_eq!(arguments.beside(&[]), pairs(&[("http_proxy", "p")]));
        arguments.declare("WHO", Some("ann".into()));
        arguments.declare("V", None);
        arguments.declare("NONE", None);
        let all = pairs(&[("V", "3"), ("WHO", "bob"), ("http_proxy", "p")]);
        assert_eq!(arguments.beside(&[]), all);
        assert_eq!(arguments.beside(&["WHO=x".to_owned()]).len(), 2);
        assert_eq!(arguments.unused(), ["EXTRA"]);
        assert!(arguments.is_told("WHO") && !arguments.is_told("http_proxy"));
        arguments.begin_stage();
        assert_eq!(arguments.beside(&[]), pairs(&[("http_proxy", "p")]));
        assert_eq!(arguments.unused(), ["EXTRA"]);
    }
}

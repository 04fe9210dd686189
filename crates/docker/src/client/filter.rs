//! `--filter`.

use super::flags::Options;

/// Conditions by their names: each has one or more values, of which one has to be met.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filters(Vec<(String, String)>);

impl Filters {
    /// The filters of a command line.
    pub(crate) fn of(options: &Options) -> Self {
        let pair = |text: &String| {
            let (name, value) = text.split_once('=').unwrap_or((text, ""));
            (name.trim().to_lowercase(), value.trim().to_owned())
        };
        Self(options.all("filter").iter().map(pair).collect())
    }

    /// The name of a filter that is not among the known ones.
    pub(crate) fn unknown(&self, known: &[&str]) -> Option<&str> {
        self.0.iter().map(|(name, _)| name.as_str()).find(|name| !known.contains(name))
    }

    /// The values of a filter.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The last value of a filter.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.all(name).pop()
    }

    /// Whether one of the values meets a test, or there is none.
    pub(crate) fn any(&self, name: &str, test: impl Fn(&str) -> bool) -> bool {
        let values = self.all(name);
        values.is_empty() || values.into_iter().any(test)
    }

    /// Whether all of the values meet a test.
    pub(crate) fn every(&self, name: &str, test: impl Fn(&str) -> bool) -> bool {
        self.all(name).into_iter().all(test)
    }

    /// A filter that is true or false.
    pub(crate) fn switch(&self, name: &str) -> Option<bool> {
        Some(matches!(self.value(name)?, "true" | "1" | "t" | "True" | "TRUE"))
    }
}

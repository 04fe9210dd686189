//! Which checks run: `# check=skip=StageNameCasing;error=true`.

use super::ruleset::Rule;
use crate::dockerfile::go_bool;
use crate::dockerfile::quote::quote;
use std::collections::BTreeSet;

/// Which checks run, and whether a warning fails the build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// Checks that do not run.
    pub skip: BTreeSet<String>,
    /// Whether none but experimental ones run.
    pub skip_all: bool,
    /// Experimental checks that run.
    pub experimental: BTreeSet<String>,
    /// Whether all experimental checks run.
    pub experimental_all: bool,
    /// Whether a warning fails the build.
    pub error: bool,
}

impl Config {
    /// Reads the value of the directive, or of the build argument `BUILDKIT_DOCKERFILE_CHECK`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut config = Self::default();
        let text = text.trim();
        if text.is_empty() {
            return Ok(config);
        }
        for option in text.splitn(3, ';') {
            let Some((key, value)) = option.split_once('=') else {
                return Err(format!("invalid check option {}", quote(option)));
            };
            let value = value.trim();
            let names = || value.split(',').map(|name| name.trim().to_owned()).collect();
            match key.trim() {
                "skip" if value == "all" => config.skip_all = true,
                "skip" => config.skip = names(),
                "experimental" if value == "all" => config.experimental_all = true,
                "experimental" => config.experimental = names(),
                "error" => {
                    config.error = go_bool(value).ok_or_else(|| {
                        format!(
                            "failed to parse check option {}: strconv.ParseBool: parsing {}: invalid syntax",
                            quote(option),
                            quote(value)
                        )
                    })?;
                }
                key => return Err(format!("invalid check option {}", quote(key))),
            }
        }
        Ok(config)
    }

    /// Whether a check runs.
    pub fn runs(&self, rule: &Rule) -> bool {
        if rule.experimental {
            self.experimental_all || self.experimental.contains(rule.name)
        } else {
            !self.skip_all && !self.skip.contains(rule.name)
        }
    }

    /// This and what comments directly above an instruction add: the first `# check=` among them counts.
    pub(super) fn with_comments(&self, comments: &[String]) -> Self {
        let mut merged = self.clone();
        let directive = comments.iter().find_map(|comment| {
            let (name, value) = comment.split_once('=')?;
            (name.trim().eq_ignore_ascii_case("check")).then(|| value.trim().split(' ').next().unwrap_or(""))
        });
        if let Some(added) = directive.and_then(|value| Self::parse(value).ok()) {
            merged.skip.extend(added.skip);
            merged.skip_all |= added.skip_all;
            merged.experimental.extend(added.experimental);
            merged.experimental_all |= added.experimental_all;
            merged.error |= added.error;
        }
        merged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_options() {
        let config = Config::parse("skip=A, B;error=true;experimental=all").unwrap();
        assert_eq!(config.skip, BTreeSet::from(["A".to_owned(), "B".to_owned()]));
        assert!(config.error && config.experimental_all && !config.skip_all);
        assert!(Config::parse("skip=all").unwrap().skip_all);
        assert_eq!(Config::parse("x").unwrap_err(), "invalid check option \"x\"");
        assert_eq!(Config::parse("x=y").unwrap_err(), "invalid check option \"x\"");
        assert!(Config::parse("error=maybe").is_err());
    }

    #[test]
    fn comments_add_to_it() {
        let config = Config::parse("skip=A").unwrap().with_comments(&["note".into(), "check=skip=B".into()]);
        assert_eq!(config.skip, BTreeSet::from(["A".to_owned(), "B".to_owned()]));
    }
}

//! The text that `docker build --check` prints.

use super::{CheckReport, Warning};
use crate::dockerfile::excerpt::excerpt;

impl CheckReport {
    /// All warnings with excerpts, by line, as BuildKit prints them, without empty lines at the ends.
    pub fn print(&self, file_name: &str, text: &str) -> String {
        let mut warnings: Vec<&Warning> = self.warnings.iter().collect();
        crate::order::sort_by_key(&mut warnings, |warning| warning.lines.0);
        let parts: Vec<String> =
            warnings.into_iter().map(|warning| print_one(warning, file_name, text)).collect();
        parts.join("\n\n")
    }

    /// The line in front of the warnings: how many there are.
    pub fn summary(&self) -> String {
        match self.warnings.len() {
            0 => "Check complete, no warnings found.".into(),
            1 => "Check complete, 1 warning has been found!".into(),
            count => format!("Check complete, {count} warnings have been found!"),
        }
    }
}

fn print_one(warning: &Warning, file_name: &str, text: &str) -> String {
    let rule = warning.rule;
    let link = if rule.url.is_empty() { String::new() } else { format!(" - {}", rule.url) };
    let mut out = format!("WARNING: {}{link}\n{}", rule.name, warning.message);
    if let Some(excerpt) = excerpt(file_name, text, warning.lines) {
        out.push('\n');
        out.push_str(&excerpt);
    }
    out
}

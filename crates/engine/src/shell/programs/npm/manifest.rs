//! `package.json`.

use crate::shell::process::Process;
use crate::vfs::path;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What npm reads from a project's `package.json`.
pub(super) struct Manifest {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) dependencies: BTreeMap<String, String>,
    pub(super) development: BTreeMap<String, String>,
    pub(super) scripts: BTreeMap<String, String>,
    /// The text it was read from.
    pub(super) text: String,
}

/// Why there is none.
pub(super) enum ManifestError {
    Missing,
    /// The parser's words.
    Malformed(String),
}

impl Manifest {
    /// What npm takes a directory without the file for.
    pub(super) fn empty(process: &Process<'_, '_>) -> Self {
        Self {
            name: path::name(&process.cwd).to_owned(),
            version: String::new(),
            dependencies: BTreeMap::new(),
            development: BTreeMap::new(),
            scripts: BTreeMap::new(),
            text: "{}\n".to_owned(),
        }
    }

    /// Reads the file in the working directory.
    pub(super) fn read(process: &mut Process<'_, '_>) -> Result<Self, ManifestError> {
        let text = process.read_text("package.json").map_err(|_| ManifestError::Missing)?;
        let value: Value =
            serde_json::from_str(&text).map_err(|error| ManifestError::Malformed(error.to_string()))?;
        let Value::Object(fields) = &value else {
            return Err(ManifestError::Malformed("expected an object".to_owned()));
        };
        let directory = path::name(&process.cwd).to_owned();
        let string = |key: &str| fields.get(key).and_then(Value::as_str).map(str::to_owned);
        let mut dependencies = table(fields, "dependencies");
        dependencies.extend(table(fields, "optionalDependencies"));
        Ok(Self {
            name: string("name").unwrap_or(directory),
            version: string("version").unwrap_or_default(),
            dependencies,
            development: table(fields, "devDependencies"),
            scripts: table(fields, "scripts"),
            text,
        })
    }
}

fn table(fields: &Map<String, Value>, key: &str) -> BTreeMap<String, String> {
    let entries = fields.get(key).and_then(Value::as_object).into_iter().flatten();
    crate::order::map(entries.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))))
}

/// The text with a table of dependencies replaced, everything else as it was written.
pub(super) fn with_table(text: &str, key: &str, entries: &BTreeMap<String, String>) -> String {
    let lines: Vec<String> =
        entries.iter().map(|(name, range)| format!("    {}: {}", quoted(name), quoted(range))).collect();
    let table = format!("{{\n{}\n  }}", lines.join(",\n"));
    if let Some((start, end)) = value_of(text, key) {
        return format!("{}{table}{}", &text[..start], &text[end..]);
    }
    let Some(end) = text.rfind('}') else { return text.to_owned() };
    let before = text[..end].trim_end();
    let comma = if before.ends_with('{') { "" } else { "," };
    format!("{before}{comma}\n  {}: {table}\n{}", quoted(key), &text[end..])
}

/// Text as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Where the value of a key of the outermost object is.
fn value_of(text: &str, key: &str) -> Option<(usize, usize)> {
    let (mut depth, mut in_string, mut escaped) = (0, false, false);
    let (mut string_from, mut last_string) = (0, "");
    let mut value_from = None;
    for (at, c) in text.char_indices() {
        if in_string {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => {
                    in_string = false;
                    last_string = &text[string_from..at];
                }
                _ => {}
            }
            continue;
        }
        match c {
            '"' => (in_string, string_from) = (true, at + 1),
            ':' if depth == 1 && last_string == key && value_from.is_none() => value_from = Some(at + 1),
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            _ => {}
        }
        if let Some(from) = value_from
            && depth == 1
            && c == '}'
        {
            let spaces = text[from..].len() - text[from..].trim_start().len();
            return Some((from + spaces, at + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_replaced_where_they_are() {
        let entries = BTreeMap::from([("a".to_owned(), "^1".to_owned())]);
        let text =
            "{\n  \"b\": {\"dependencies\": \"}\"},\n  \"dependencies\": { \"x\": \"1\" },\n  \"z\": 1\n}\n";
        let with = with_table(text, "dependencies", &entries);
        let expected = "{\n  \"b\": {\"dependencies\": \"}\"},\n  \"dependencies\": {\n    \"a\": \"^1\"\n  },\n  \"z\": 1\n}\n";
        assert_eq!(with, expected);
        let with = with_table("{\n  \"name\": \"n\"\n}\n", "dependencies", &entries);
        assert_eq!(with, "{\n  \"name\": \"n\",\n  \"dependencies\": {\n    \"a\": \"^1\"\n  }\n}\n");
        assert_eq!(
            with_table("{}", "dependencies", &entries),
            "{\n  \"dependencies\": {\n    \"a\": \"^1\"\n  }\n}"
        );
    }
}

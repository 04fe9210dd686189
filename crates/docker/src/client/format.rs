//! `--format`: one object per line, or a table.

use super::errors::Fail;
use super::table;
use crate::dialect::Dialect;
use crate::template::{Template, Value};

/// A list to be printed.
pub(crate) struct List<'a> {
    /// What `--format` says.
    pub(crate) format: Option<&'a str>,
    /// The table that is printed by itself.
    pub(crate) table: &'a str,
    /// Whether only the first column is wanted.
    pub(crate) quiet: Option<&'a str>,
    /// Names of fields with the headers of their columns.
    pub(crate) headers: &'a [(&'a str, &'a str)],
    /// The objects.
    pub(crate) rows: Vec<Value>,
}

impl List<'_> {
    /// The text.
    pub(crate) fn print(self, dialect: Dialect) -> Result<String, Fail> {
        let format = self.format.filter(|format| !format.is_empty());
        let format = match (format, self.quiet) {
            (None | Some("table"), Some(field)) => field.to_owned(),
            (None | Some("table"), None) => format!("table {}", self.table),
            (Some("raw"), _) => self.raw(),
            (Some("json"), _) if !dialect.is_old_client() => "{{json .}}".to_owned(),
            (Some(format), _) => format.to_owned(),
        };
        let (is_table, body) = match format.strip_prefix("table") {
            Some(rest) => (true, rest.trim_start().to_owned()),
            None => (false, format),
        };
        let body = body.replace("\\t", "\t").replace("\\n", "\n");
        let failed = |error: String| Fail::new(format!("template parsing error: {error}"));
        let template = Template::parse("", &body);
        let template = template.map_err(|error| failed(error).with_code(64))?;
        let mut lines = String::new();
        for row in &self.rows {
            lines.push_str(&template.run(row).map_err(|(error, _)| failed(error))?);
            lines.push('\n');
        }
        if !is_table {
            return Ok(lines);
        }
        let header = template.for_header().run(&self.header());
        let header = header.map_err(|(error, _)| failed(error))?;
        Ok(table::align(&format!("{header}\n{lines}")))
    }

    fn header(&self) -> Value {
        let fields = self.headers.iter().map(|(field, header)| (*field, Value::text(*header)));
        let mut fields: Vec<(&str, Value)> = fields.collect();
        // A label is its own header.
        fields.push(("Label", Value::Echo));
        Value::object("", fields)
    }

    /// One field per line, as `raw` prints them.
    fn raw(&self) -> String {
        self.headers
            .iter()
            .map(|(field, _)| format!("{}: {{{{.{field}}}}}\n", field.to_lowercase()))
            .collect()
    }
}

/// Runs a template over each of some objects, as `inspect` does. What was printed before an error comes with it.
pub(crate) fn each(format: &str, rows: &[Value]) -> (String, Option<Fail>) {
    let failed = |error: String| Fail::new(format!("template parsing error: {error}"));
    let template = match Template::parse("", format) {
        Ok(template) => template.missing_is_error(),
        Err(error) => return (String::new(), Some(failed(error).with_code(64))),
    };
    let mut text = String::new();
    for row in rows {
        match template.run(row) {
            Ok(line) => {
                text.push_str(&line);
                text.push('\n');
            }
            Err((error, _)) => {
                text.push('\n');
                return (text, Some(failed(error)));
            }
        }
    }
    (text, None)
}

/// Whether a format can be read at all.
pub(crate) fn is_sound(format: &str) -> bool {
    Template::parse("", format).is_ok()
}

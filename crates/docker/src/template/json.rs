//! JSON as Go's encoder writes it.

use super::value::{Value, float};

/// Writes a value; `indent` is what one level is indented by.
pub(super) fn write(text: &mut String, value: &Value, indent: Option<&str>, depth: usize) {
    match value {
        Value::Null | Value::Method(_) | Value::Echo => text.push_str("null"),
        Value::Bool(value) => text.push_str(&value.to_string()),
        Value::Int(value) => text.push_str(&value.to_string()),
        Value::Float(value) => text.push_str(&float(*value)),
        Value::Text(value) => string(text, value, true),
        Value::List(items) => {
            let mut items = items.iter();
            block(text, "[]", items.len(), indent, depth, |text| {
                write(text, items.next().unwrap_or(&Value::Null), indent, depth + 1);
            });
        }
        Value::Map(map) => {
            let mut entries = map.iter().map(|(key, value)| (key.as_str(), value));
            members(text, map.len(), &mut entries, indent, depth);
        }
        Value::Object(object) => {
            let is_data = |field: &&(String, Value)| !matches!(field.1, Value::Method(_) | Value::Echo);
            let count = object.fields.iter().filter(is_data).count();
            let entries = object.fields.iter().filter(is_data);
            members(text, count, &mut entries.map(|(key, value)| (key.as_str(), value)), indent, depth);
        }
    }
}

fn members<'a>(
    text: &mut String,
    count: usize,
    entries: &mut dyn Iterator<Item = (&'a str, &'a Value)>,
    indent: Option<&str>,
    depth: usize,
) {
    block(text, "{}", count, indent, depth, |text| {
        let Some((key, value)) = entries.next() else { return };
        string(text, key, true);
        text.push_str(if indent.is_some() { ": " } else { ":" });
        write(text, value, indent, depth + 1);
    });
}

fn block(
    text: &mut String,
    brackets: &str,
    count: usize,
    indent: Option<&str>,
    depth: usize,
    mut item: impl FnMut(&mut String),
) {
    let (open, close) = brackets.split_at(1);
    text.push_str(open);
    for at in 0..count {
        if at > 0 {
            text.push(',');
        }
        line(text, indent, depth + 1);
        item(text);
    }
    if count > 0 {
        line(text, indent, depth);
    }
    text.push_str(close);
}

fn line(text: &mut String, indent: Option<&str>, depth: usize) {
    if let Some(indent) = indent {
        text.push('\n');
        text.push_str(&indent.repeat(depth));
    }
}

/// A quoted string. `html` escapes what would mean something there, as Go does unless it is told not to.
pub(crate) fn string(text: &mut String, value: &str, html: bool) {
    text.push('"');
    for c in value.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '<' | '>' | '&' if html => text.push_str(&format!("\\u{:04x}", c as u32)),
            '\u{2028}' | '\u{2029}' => text.push_str(&format!("\\u{:04x}", c as u32)),
            c if (c as u32) < 0x20 => text.push_str(&format!("\\u{:04x}", c as u32)),
            c => text.push(c),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents() {
        let value = Value::object(
            "",
            [
                ("B", Value::texts(["a<b", "\u{1}\n"])),
                ("A", Value::Map([("k".to_owned(), Value::Null)].into())),
                ("E", Value::List(Vec::new())),
                ("N", Value::Float(1.5)),
            ],
        );
        assert_eq!(value.to_json(), r#"{"B":["a\u003cb","\u0001\n"],"A":{"k":null},"E":[],"N":1.5}"#);
        assert_eq!(
            Value::object("", [("A", Value::texts(["x"])), ("E", Value::set([]))]).to_json_indented("    "),
            "{\n    \"A\": [\n        \"x\"\n    ],\n    \"E\": {}\n}"
        );
    }
}

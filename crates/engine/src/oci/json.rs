//! JSON as Go's `encoding/json` writes it, in the order that the caller gives.

use std::fmt::Write;

/// Writes JSON, compact or indented by two blanks.
pub(super) struct JsonWriter {
    out: String,
    is_indented: bool,
    depth: usize,
    /// Whether the innermost object or array has something in it.
    has_items: bool,
}

impl JsonWriter {
    pub(super) fn compact() -> Self {
        Self { out: String::new(), is_indented: false, depth: 0, has_items: false }
    }

    pub(super) fn indented() -> Self {
        Self { is_indented: true, ..Self::compact() }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// An object; `fill` calls [`JsonWriter::key`] and then writes a value, again and again.
    pub(super) fn object(&mut self, fill: impl FnOnce(&mut Self)) {
        self.nested(['{', '}'], fill);
    }

    /// An array; `item` is called for each.
    pub(super) fn array<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut item: impl FnMut(&mut Self, T),
    ) {
        self.nested(['[', ']'], |json| {
            for value in items {
                json.separate();
                item(json, value);
            }
        });
    }

    /// An array of strings.
    pub(super) fn strings<'a>(&mut self, items: impl IntoIterator<Item = &'a String>) {
        self.array(items, |json, text| json.string(text));
    }

    fn nested(&mut self, [open, close]: [char; 2], fill: impl FnOnce(&mut Self)) {
        self.out.push(open);
        self.depth += 1;
        self.has_items = false;
        fill(self);
        self.depth -= 1;
        if self.has_items {
            self.new_line();
        }
        self.out.push(close);
        self.has_items = true;
    }

    fn separate(&mut self) {
        if self.has_items {
            self.out.push(',');
        }
        self.has_items = true;
        self.new_line();
    }

    fn new_line(&mut self) {
        if self.is_indented {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n("  ", self.depth));
        }
    }

    pub(super) fn key(&mut self, key: &str) {
        self.separate();
        self.string(key);
        self.out.push_str(if self.is_indented { ": " } else { ":" });
    }

    pub(super) fn number(&mut self, number: i64) {
        let _ = write!(self.out, "{number}");
    }

    pub(super) fn boolean(&mut self, value: bool) {
        self.out.push_str(if value { "true" } else { "false" });
    }

    pub(super) fn null(&mut self) {
        self.out.push_str("null");
    }

    pub(super) fn string(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\u{8}' => self.out.push_str("\\b"),
                '\u{c}' => self.out.push_str("\\f"),
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                    let _ = write!(self.out, "\\u{:04x}", u32::from(c));
                }
                _ => self.out.push(c),
            }
        }
        self.out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaping_is_that_of_go() {
        let mut json = JsonWriter::compact();
        json.string("a\"\\\n\r\t\u{8}\u{c}\u{1}<>&\u{2028}\u{2029}\u{7f}é");
        assert_eq!(
            json.finish(),
            r#""a\"\\\n\r\t\b\f\u0001\u003c\u003e\u0026\u2028\u2029"#.to_owned() + "\u{7f}é\""
        );
    }

    #[test]
    fn indentation_is_that_of_go() {
        let mut json = JsonWriter::indented();
        json.object(|json| {
            json.key("a");
            json.array([1, 2], |json, number| json.number(number));
            json.key("b");
            json.object(|_| {});
        });
        assert_eq!(json.finish(), "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}");
    }
}

//! Fields: what the words of a command become, with a note of what was quoted.

/// A piece of a field.
#[derive(Clone, Debug, PartialEq)]
struct Piece {
    text: String,
    quoted: bool,
}

/// A field that is not yet a file name or text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Field(Vec<Piece>);

impl Field {
    /// The text with all quoting removed.
    pub(super) fn text(&self) -> String {
        self.0.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// The field as a pattern: a backslash before each quoted character that has a meaning.
    pub(super) fn pattern(&self) -> String {
        let mut pattern = String::new();
        for piece in &self.0 {
            if piece.quoted {
                for c in piece.text.chars() {
                    if matches!(
                        c,
                        '*' | '?' | '[' | ']' | '\\' | '-' | '!' | '^' | '+' | '@' | '(' | ')' | '|'
                    ) {
                        pattern.push('\\');
                    }
                    pattern.push(c);
                }
            } else {
                pattern.push_str(&piece.text);
            }
        }
        pattern
    }

    /// The field as a regular expression: quoted characters stand for themselves.
    pub(super) fn regex(&self) -> String {
        let mut regex = String::new();
        for piece in &self.0 {
            for c in piece.text.chars() {
                if piece.quoted && "\\^$.|?*+()[]{}".contains(c) {
                    regex.push('\\');
                }
                regex.push(c);
            }
        }
        regex
    }

    /// The field as the trace of `[[ … ]]` shows a pattern: a backslash before each quoted character.
    pub(super) fn escaped(&self) -> String {
        let escape = |c: char| ['\\', c];
        self.0
            .iter()
            .map(|piece| match piece.quoted {
                true => piece.text.chars().flat_map(escape).collect(),
                false => piece.text.clone(),
            })
            .collect()
    }

    /// Whether it may name several files; `groups`: whether such as `@(a|b)` count.
    pub(super) fn is_glob(&self, groups: bool) -> bool {
        let special = |text: &str| text.contains(['*', '?', '[']) || groups && text.contains('(');
        self.0.iter().any(|piece| !piece.quoted && special(&piece.text))
    }
}

/// Collects fields.
pub(super) struct Builder {
    fields: Vec<Field>,
    current: Field,
    /// Whether the current field is one even if it is empty.
    started: bool,
    /// Whether blanks ended the last field, so that a separator that follows belongs to them.
    absorbs: bool,
    /// Whether values are split.
    splits: bool,
    ifs: String,
    size: u64,
    /// Whether a backslash in a value stands for itself, as it does in file names.
    pub literal_backslash: bool,
}

impl Builder {
    pub(super) fn new(splits: bool, ifs: &str) -> Self {
        Self {
            fields: Vec::new(),
            current: Field::default(),
            started: false,
            absorbs: false,
            splits,
            ifs: ifs.to_owned(),
            size: 0,
            literal_backslash: false,
        }
    }

    /// Text of the script.
    pub(super) fn push(&mut self, text: &str, quoted: bool) {
        self.started |= quoted || !text.is_empty();
        self.absorbs = false;
        self.size += text.len() as u64;
        match self.current.0.last_mut() {
            Some(piece) if piece.quoted == quoted => piece.text.push_str(text),
            _ if text.is_empty() => {}
            _ => self.current.0.push(Piece { text: text.to_owned(), quoted }),
        }
    }

    /// The value of an expansion outside of quotes.
    pub(super) fn push_value(&mut self, value: &str) {
        if !self.splits {
            if !value.is_empty() {
                self.push(value, false);
            }
            return;
        }
        let ifs = std::mem::take(&mut self.ifs);
        let mut start = 0;
        for (at, c) in value.char_indices().filter(|(_, c)| ifs.contains(*c)) {
            if at > start {
                self.push_piece(&value[start..at]);
            }
            start = at + c.len_utf8();
            if matches!(c, ' ' | '\t' | '\n') {
                if self.started {
                    self.end_field();
                    self.absorbs = true;
                }
            } else if self.started {
                self.end_field();
            } else if self.absorbs {
                self.absorbs = false;
            } else {
                self.fields.push(Field::default());
            }
        }
        if start < value.len() {
            self.push_piece(&value[start..]);
        }
        self.ifs = ifs;
    }

    fn push_piece(&mut self, text: &str) {
        if !self.literal_backslash {
            return self.push(text, false);
        }
        for (at, piece) in text.split('\\').enumerate() {
            if at > 0 {
                self.push("\\", true);
            }
            if !piece.is_empty() {
                self.push(piece, false);
            }
        }
    }

    /// Ends the current field, if there is one.
    pub(super) fn end_field(&mut self) {
        if self.started {
            self.fields.push(std::mem::take(&mut self.current));
        }
        self.started = false;
        self.absorbs = false;
    }

    /// The bytes that were put in so far, in proportion to which the expansion is work.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Whether values are split.
    pub(super) fn splits(&self) -> bool {
        self.splits
    }

    /// All fields.
    pub(super) fn finish(mut self) -> Vec<Field> {
        self.end_field();
        self.fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(value: &str, ifs: &str) -> Vec<String> {
        let mut builder = Builder::new(true, ifs);
        builder.push_value(value);
        builder.finish().iter().map(Field::text).collect()
    }

    #[test]
    fn splitting() {
        assert_eq!(split("  a b\tc\n", " \t\n"), ["a", "b", "c"]);
        assert_eq!(split("a:b::c:", ":"), ["a", "b", "", "c"]);
        assert_eq!(split(" a : b ", ": "), ["a", "b"]);
        assert_eq!(split(":a", ":"), ["", "a"]);
        assert_eq!(split("a b", ""), ["a b"]);
        assert!(split("", " ").is_empty() && split("  ", " ").is_empty());
    }

    #[test]
    fn text_around_values() {
        let mut builder = Builder::new(true, " ");
        builder.push("x", false);
        builder.push_value("a b");
        builder.push("", true);
        builder.push_value(" ");
        builder.push("*", true);
        let fields = builder.finish();
        assert_eq!(fields.iter().map(Field::text).collect::<Vec<_>>(), ["xa", "b", "*"]);
        assert_eq!(fields[2].pattern(), "\\*");
        assert!(!fields[2].is_glob(false));
    }
}

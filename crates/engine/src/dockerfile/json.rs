//! The JSON arrays of strings in exec forms.

/// What an argument that might be a JSON array is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum JsonArray {
    /// An array of strings.
    Strings(Vec<String>),
    /// A valid array with something else in it, which is an error.
    NotOnlyStrings,
    /// No valid JSON array, so the argument is in shell form.
    Invalid,
}

/// Reads `text` as a JSON array as Go does.
pub(super) fn read(text: &str) -> JsonArray {
    let text = text.trim_start();
    if !text.starts_with('[') {
        return JsonArray::Invalid;
    }
    let mut reader = Reader { bytes: text.as_bytes(), at: 0 };
    let Some(values) = reader.array(0) else { return JsonArray::Invalid };
    reader.blanks();
    if reader.at < reader.bytes.len() {
        return JsonArray::Invalid;
    }
    match values.into_iter().collect() {
        Some(strings) => JsonArray::Strings(strings),
        None => JsonArray::NotOnlyStrings,
    }
}

/// Nesting that is followed; what is deeper is not taken for JSON.
const DEPTH: usize = 500;

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek() == Some(byte)).then(|| self.at += 1)
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// The elements; those that are not strings as `None`. `None` for the whole if it is not valid.
    fn array(&mut self, depth: usize) -> Option<Vec<Option<String>>> {
        self.take(b'[')?;
        let mut values = Vec::new();
        self.blanks();
        if self.take(b']').is_some() {
            return Some(values);
        }
        loop {
            values.push(self.value(depth)?);
            if self.take(b',').is_none() {
                self.take(b']')?;
                return Some(values);
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<()> {
        self.take(b'{')?;
        self.blanks();
        if self.take(b'}').is_some() {
            return Some(());
        }
        loop {
            self.blanks();
            self.string()?;
            self.blanks();
            self.take(b':')?;
            self.value(depth)?;
            if self.take(b',').is_none() {
                return self.take(b'}');
            }
        }
    }

    /// A value with the blanks around it; the inner option tells whether it is a string.
    fn value(&mut self, depth: usize) -> Option<Option<String>> {
        if depth > DEPTH {
            return None;
        }
        self.blanks();
        let value = match self.peek()? {
            b'"' => Some(self.string()?),
            b'[' => {
                self.array(depth + 1)?;
                None
            }
            b'{' => {
                self.object(depth + 1)?;
                None
            }
            _ => {
                self.literal()?;
                None
            }
        };
        self.blanks();
        Some(value)
    }

    fn literal(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)) {
            self.at += 1;
        }
        let text = std::str::from_utf8(&self.bytes[start..self.at]).ok()?;
        (matches!(text, "true" | "false" | "null") || is_number(text)).then_some(())
    }

    fn string(&mut self) -> Option<String> {
        self.take(b'"')?;
        let mut out = Vec::new();
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'"' => return String::from_utf8(out).ok(),
                b'\\' => {
                    let mut buffer = [0; 4];
                    out.extend_from_slice(self.escape()?.encode_utf8(&mut buffer).as_bytes());
                }
                0..0x20 => return None,
                byte => out.push(byte),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let byte = self.peek()?;
        self.at += 1;
        Some(match byte {
            b'"' | b'\\' | b'/' => byte as char,
            b'b' => '\x08',
            b'f' => '\x0c',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode_escape()?,
            _ => return None,
        })
    }

    /// Half of a surrogate pair without the other half becomes the replacement character.
    fn unicode_escape(&mut self) -> Option<char> {
        let high = self.hex()?;
        if !(0xd800..0xdc00).contains(&high) || !self.bytes[self.at..].starts_with(b"\\u") {
            return Some(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let before = self.at;
        self.at += 2;
        let low = self.hex()?;
        if (0xdc00..0xe000).contains(&low) {
            return char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
        }
        self.at = before;
        Some(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.bytes.get(self.at..self.at + 4)?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    }
}

/// JSON's grammar of numbers.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(words: &[&str]) -> JsonArray {
        JsonArray::Strings(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn reads_arrays_as_go_does() {
        assert_eq!(read(r#" ["a", "b c" ] "#), strings(&["a", "b c"]));
        assert_eq!(read("[]"), strings(&[]));
        assert_eq!(read(r#"["\u00e9\n\ud83d\udc33\ud83d"]"#), strings(&["é\n🐳\u{fffd}"]));
        assert_eq!(read(r#"["a", 1]"#), JsonArray::NotOnlyStrings);
        assert_eq!(read(r#"[["a"], {"b": null}, -1.5e3]"#), JsonArray::NotOnlyStrings);
        for text in
            [r#"["a""#, "['a']", r#"["a",]"#, r#"["a"] x"#, "[a]", "[01]", "\"a\"", "[\"\t\"]", r#"["\x"]"#]
        {
            assert_eq!(read(text), JsonArray::Invalid, "{text}");
        }
    }
}

//! Splitting one logical line: keyword, flags, arguments, and arguments into words.

/// What BuildKit splits arguments at.
pub(super) const BLANKS: [char; 5] = ['\t', '\x0b', '\x0c', '\r', ' '];

/// A line taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) keyword: String,
    /// With their leading `--`.
    pub(super) flags: Vec<String>,
    /// What follows the flags, without blanks around it.
    pub(super) rest: String,
}

/// Takes a line apart.
pub(super) fn split_command(line: &str) -> Command {
    let line = line.trim();
    let (keyword, rest) = match split_blank(line) {
        Some((keyword, rest)) => (keyword, take_flags(rest)),
        None => (line, (Vec::new(), "")),
    };
    Command { keyword: keyword.to_owned(), flags: rest.0, rest: rest.1.trim().to_owned() }
}

/// The parts in front of and behind the first run of blanks.
pub(super) fn split_blank(text: &str) -> Option<(&str, &str)> {
    let (first, rest) = text.split_once(BLANKS)?;
    Some((first, rest.trim_start_matches(BLANKS)))
}

/// The words between runs of blanks; a run at an end leaves an empty word there.
pub(super) fn split_all(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some((word, after)) = split_blank(rest) {
        words.push(word.to_owned());
        rest = after;
    }
    words.push(rest.to_owned());
    words
}

/// The flags at the beginning, without their quotes and escapes, and the text behind them.
///
/// BuildKit goes byte by byte here and takes each for a character, so flags that are not ASCII come out garbled
/// there; so they do here.
fn take_flags(text: &str) -> (Vec<String>, &str) {
    let bytes = text.as_bytes();
    let mut flags = Vec::new();
    let mut at = 0;
    loop {
        while at < bytes.len() && is_latin_space(bytes[at]) {
            at += 1;
        }
        if !bytes[at..].starts_with(b"--") {
            // Blanks of two bytes are no place to cut at.
            return (flags, text.get(at..).unwrap_or(text));
        }
        let (flag, quoted, end) = take_flag(bytes, at);
        at = end;
        if flag == "--" {
            return (flags, text.get(at..).unwrap_or(""));
        }
        if quoted || !flag.is_empty() {
            flags.push(flag);
        }
    }
}

/// One flag that begins at `at`: its text, whether any of it was quoted, and where it ends.
fn take_flag(bytes: &[u8], mut at: usize) -> (String, bool, usize) {
    let mut flag = String::new();
    let mut quote = None;
    let mut quoted = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            byte if quote.is_none() && is_latin_space(byte) => break,
            b'\'' | b'"' if quote.is_none() => {
                quote = Some(byte);
                quoted = true;
            }
            byte if quote == Some(byte) => quote = None,
            b'\\' => {
                at += 1;
                if let Some(&escaped) = bytes.get(at) {
                    flag.push(char::from(escaped));
                }
            }
            byte => flag.push(char::from(byte)),
        }
        at += 1;
    }
    (flag, quoted, at.min(bytes.len()))
}

fn is_latin_space(byte: u8) -> bool {
    char::from(byte).is_whitespace()
}

/// Words split at blanks outside of quotes. Quotes and escapes stay in the words.
pub(super) fn quoted_words(text: &str, escape: char) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut keep_empty = false;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if quote.is_none() && c.is_whitespace() {
            if keep_empty || !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            keep_empty = false;
            continue;
        }
        if quote == Some(c) {
            quote = None;
        } else if quote.is_none() && matches!(c, '\'' | '"') {
            quote = Some(c);
            keep_empty = true;
        }
        if c == escape && quote != Some('\'') {
            // An escape character at the very end is dropped.
            let Some(escaped) = chars.next() else { break };
            word.push(c);
            word.push(escaped);
        } else {
            word.push(c);
        }
    }
    if keep_empty || !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_line_apart() {
        let command = split_command("  COPY\t--from=a  --chown='1 :2' -- --x y ");
        assert_eq!(command.keyword, "COPY");
        assert_eq!(command.flags, ["--from=a", "--chown=1 :2"]);
        assert_eq!(command.rest, "--x y");
        assert_eq!(split_command("RUN\u{a0}x").keyword, "RUN\u{a0}x");
        assert_eq!(split_command("RUN a --b").rest, "a --b");
        assert_eq!(split_command("RUN --mount=x").flags, ["--mount=x"]);
    }

    #[test]
    fn splits_words() {
        assert_eq!(split_all("a  b\tc"), ["a", "b", "c"]);
        assert_eq!(
            quoted_words(r#"a="x y" b='z\' c=\"d e"#, '\\'),
            [r#"a="x y""#, r"b='z\'", r#"c=\"d"#, "e"]
        );
        assert_eq!(quoted_words("'' x\\", '\\'), ["''", "x"]);
    }
}

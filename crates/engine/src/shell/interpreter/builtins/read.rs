//! `read` and `mapfile`.

use crate::shell::bytes::to_text;
use crate::shell::interpreter::state::Value;
use crate::shell::interpreter::{Shell, Status};

/// A character of a line, and whether a backslash stood before it.
type Char = (char, bool);

/// `read`
pub(super) fn read(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let mut raw = false;
    let mut names: Vec<String> = Vec::new();
    let mut array = None;
    let mut delimiter = b'\n';
    let mut most = None;
    let mut rest = words[1..].iter();
    while let Some(word) = rest.next() {
        if !names.is_empty() || word.len() < 2 || !word.starts_with('-') {
            names.push(word.clone());
            continue;
        }
        for (at, letter) in word[1..].char_indices() {
            let attached = &word[1 + at + 1..];
            let mut value = || {
                if attached.is_empty() {
                    rest.next().cloned().unwrap_or_default()
                } else {
                    attached.to_owned()
                }
            };
            match letter {
                'r' => raw = true,
                's' | 'e' => {}
                'd' => delimiter = value().bytes().next().unwrap_or(0),
                'n' | 'N' => most = value().parse::<usize>().ok(),
                'a' => array = Some(value()),
                'p' | 't' | 'u' | 'i' => {
                    value();
                }
                _ => {
                    shell.error(Some("read"), &format!("illegal option -{letter}"))?;
                    return Ok(2);
                }
            }
            if "dnNaptui".contains(letter) {
                break;
            }
        }
    }
    let (chars, complete) = read_chars(shell, raw, delimiter, most)?;
    let ifs = shell.ifs();
    if let Some(array) = array {
        let fields = split(&chars, &ifs, usize::MAX);
        let elements = crate::order::map((0..).zip(fields));
        shell.state.variable(&array).value = Some(Value::Array(elements));
        return Ok(i32::from(!complete));
    }
    if names.is_empty() {
        let text = chars.iter().map(|(c, _)| *c).collect();
        shell.assign("REPLY", text)?;
        return Ok(i32::from(!complete));
    }
    let mut fields = split(&chars, &ifs, names.len()).into_iter();
    for name in names {
        shell.assign(&name, fields.next().unwrap_or_default())?;
    }
    Ok(i32::from(!complete))
}

/// The characters of a line, and whether its end was found.
fn read_chars(
    shell: &mut Shell<'_, '_>,
    raw: bool,
    delimiter: u8,
    most: Option<usize>,
) -> Result<(Vec<Char>, bool), crate::shell::interpreter::Flow> {
    let mut chars: Vec<Char> = Vec::new();
    let Some(input) = shell.process.input() else { return Ok((chars, false)) };
    if let Some(most) = most {
        let bytes = shell.process.read_some(&input, most)?;
        let complete = bytes.len() == most;
        return Ok((to_text(&bytes).chars().map(|c| (c, false)).collect(), complete));
    }
    loop {
        let Some(mut line) = shell.process.read_until(&input, delimiter)? else { return Ok((chars, false)) };
        shell.process.step(1)?;
        let complete = line.last() == Some(&delimiter);
        if complete {
            line.pop();
        }
        let text = to_text(&line);
        let mut rest = text.chars();
        let mut continues = false;
        while let Some(c) = rest.next() {
            if c != '\\' || raw {
                if c != '\0' {
                    chars.push((c, false));
                }
                continue;
            }
            match rest.next() {
                Some(escaped) => chars.push((escaped, true)),
                None => continues = complete,
            }
        }
        if !continues {
            return Ok((chars, complete));
        }
    }
}

/// Splits a line into at most `most` fields; the last takes the rest.
fn split(chars: &[Char], ifs: &str, most: usize) -> Vec<String> {
    let is_separator = |(c, escaped): &Char| !escaped && ifs.contains(*c);
    let is_blank = |char: &Char| is_separator(char) && matches!(char.0, ' ' | '\t' | '\n');
    let text = |chars: &[Char]| chars.iter().map(|(c, _)| *c).collect::<String>();
    let mut fields = Vec::new();
    let mut at = 0;
    while at < chars.len() && is_blank(&chars[at]) {
        at += 1;
    }
    while at < chars.len() {
        if fields.len() + 1 == most {
            let mut rest = &chars[at..];
            while rest.last().is_some_and(is_blank) {
                rest = &rest[..rest.len() - 1];
            }
            // One separator at the very end belongs to the field if nothing else follows it.
            if let Some((last, before)) = rest.split_last()
                && is_separator(last)
                && !before.iter().any(is_separator)
            {
                rest = before;
            }
            fields.push(text(rest));
            return fields;
        }
        let end = chars[at..].iter().position(is_separator).map_or(chars.len(), |offset| at + offset);
        fields.push(text(&chars[at..end]));
        at = end;
        while at < chars.len() && is_blank(&chars[at]) {
            at += 1;
        }
        if at < chars.len() && is_separator(&chars[at]) {
            at += 1;
            while at < chars.len() && is_blank(&chars[at]) {
                at += 1;
            }
        }
    }
    fields
}

/// `mapfile`
pub(super) fn mapfile(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let strips = words.iter().any(|word| word == "-t");
    let name =
        words[1..].iter().rev().find(|word| !word.starts_with('-')).map_or("MAPFILE", |word| word).to_owned();
    let text = to_text(&shell.process.read_input()?);
    let lines = text.split_inclusive('\n').enumerate().map(|(at, line)| {
        let line = if strips { line.strip_suffix('\n').unwrap_or(line) } else { line };
        (at as i64, line.to_owned())
    });
    shell.state.variable(&name).value = Some(Value::Array(crate::order::map(lines)));
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_a_line() {
        let of =
            |text: &str, ifs, most| split(&text.chars().map(|c| (c, false)).collect::<Vec<_>>(), ifs, most);
        assert_eq!(of("  a b  c ", " ", 2), ["a", "b  c"]);
        assert_eq!(of("a:b:c", ":", 2), ["a", "b:c"]);
        assert_eq!(of("a::c", ":", 3), ["a", "", "c"]);
        assert_eq!(of(" a b ", " ", 1), ["a b"]);
        assert!(of("", " ", 2).is_empty());
    }
}

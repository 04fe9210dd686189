//! `read` and `mapfile`.

use crate::shell::bytes::to_text;
use crate::shell::interpreter::state::Value;
use crate::shell::interpreter::trace::single_quoted;
use crate::shell::interpreter::{Flow, Shell, Status};
use crate::shell::language::{Dialect, is_name};
use crate::shell::process::Input;

/// A character of a line, and whether a backslash stood before it.
type Char = (char, bool);

/// What `read` was told.
struct ReadOptions {
    raw: bool,
    names: Vec<String>,
    array: Option<String>,
    delimiter: u8,
    most: Option<usize>,
    fd: u32,
    /// Whether it only asks if there is something to be read.
    polls: bool,
}

/// Reads the words of `read`; the status where one is wrong, which has been told.
fn read_options(shell: &mut Shell<'_, '_>, words: &[String]) -> Result<Result<ReadOptions, i32>, Flow> {
    let mut options = ReadOptions {
        raw: false,
        names: Vec::new(),
        array: None,
        delimiter: b'\n',
        most: None,
        fd: 0,
        polls: false,
    };
    let mut rest = words[1..].iter();
    while let Some(word) = rest.next() {
        if !options.names.is_empty() || word.len() < 2 || !word.starts_with('-') {
            options.names.push(word.clone());
            continue;
        }
        for (at, letter) in word[1..].char_indices() {
            let attached = &word[1 + at + letter.len_utf8()..];
            let mut value = || match attached {
                "" => rest.next().cloned().unwrap_or_default(),
                attached => attached.to_owned(),
            };
            let dash = shell.state.dialect == Dialect::Dash;
            match letter {
                'r' => options.raw = true,
                _ if dash && letter != 'p' => {
                    shell.error(Some("read"), &format!("Illegal option -{letter}"))?;
                    return Ok(Err(2));
                }
                's' | 'e' => {}
                'd' => options.delimiter = value().bytes().next().unwrap_or(0),
                'n' | 'N' => options.most = value().parse::<usize>().ok(),
                'a' => options.array = Some(value()),
                't' => options.polls = value().parse::<f64>() == Ok(0.0),
                'u' => options.fd = value().parse::<u32>().unwrap_or(0),
                'p' | 'i' => {
                    value();
                }
                _ => {
                    shell.error(Some("read"), &format!("illegal option -{letter}"))?;
                    return Ok(Err(2));
                }
            }
            if "dnNaptui".contains(letter) {
                break;
            }
        }
    }
    Ok(Ok(options))
}

/// Complains about names that are none; the status then.
fn check_names(shell: &mut Shell<'_, '_>, names: &[String]) -> Result<Option<i32>, Flow> {
    let wrong = names.iter().find(|name| !is_name(name.split('[').next().unwrap_or("")));
    let dialect = shell.state.dialect;
    Ok(match (wrong, dialect) {
        (Some(name), Dialect::Ash) => {
            shell.process.error_output(&format!("sh: read: '{name}': bad variable name\n"))?;
            Some(1)
        }
        (Some(name), Dialect::Dash) => {
            shell.error(Some("read"), &format!("{name}: bad variable name"))?;
            Some(2)
        }
        (Some(name), Dialect::Bash) => {
            shell.error(Some("read"), &format!("`{name}': not a valid identifier"))?;
            Some(1)
        }
        (None, Dialect::Dash) if names.is_empty() => {
            shell.error(Some("read"), "arg count")?;
            Some(2)
        }
        (None, _) => None,
    })
}

/// `read`
pub(super) fn read(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let options = match read_options(shell, words)? {
        Ok(options) => options,
        Err(status) => return Ok(status),
    };
    if options.polls {
        // Whatever there is to be read is there already.
        return Ok(i32::from(shell.process.files_mut().get(options.fd).is_none()));
    }
    if let Some(status) = check_names(shell, &options.names)? {
        return Ok(status);
    }
    let (chars, complete) = read_chars(shell, options.fd, options.raw, options.delimiter, options.most)?;
    let status = Ok(i32::from(!complete));
    let ifs = shell.ifs();
    if let Some(array) = options.array {
        let fields = split(&chars, &ifs, usize::MAX);
        let elements = crate::order::map((0..).zip(fields));
        shell.state.variable(&array).value = Some(Value::Array(elements));
        return status;
    }
    if options.names.is_empty() {
        let text = chars.iter().map(|(c, _)| *c).collect();
        shell.assign("REPLY", text)?;
        return status;
    }
    let mut fields = split(&chars, &ifs, options.names.len()).into_iter();
    for name in options.names {
        shell.assign(&name, fields.next().unwrap_or_default())?;
    }
    status
}

/// The characters of a line, and whether its end was found.
fn read_chars(
    shell: &mut Shell<'_, '_>,
    fd: u32,
    raw: bool,
    delimiter: u8,
    most: Option<usize>,
) -> Result<(Vec<Char>, bool), crate::shell::interpreter::Flow> {
    let mut chars: Vec<Char> = Vec::new();
    let Some(handle) = shell.process.files_mut().get(fd).cloned() else { return Ok((chars, false)) };
    let input = Input::from_handle(handle);
    if let Some(most) = most {
        return read_some(shell, &input, raw, delimiter, most);
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

/// At most so many characters.
fn read_some(
    shell: &mut Shell<'_, '_>,
    input: &Input,
    raw: bool,
    delimiter: u8,
    most: usize,
) -> Result<(Vec<Char>, bool), crate::shell::interpreter::Flow> {
    let mut chars: Vec<Char> = Vec::new();
    let mut bytes = Vec::new();
    let mut escaped = false;
    while chars.len() < most {
        let byte = shell.process.read_some(input, 1)?;
        shell.process.step(1)?;
        let Some(byte) = byte.first().copied() else { return Ok((chars, false)) };
        if byte == delimiter && !escaped {
            return Ok((chars, true));
        }
        if byte == b'\\' && !raw && !escaped {
            escaped = true;
            continue;
        }
        bytes.push(byte);
        // A character of several bytes is one as soon as its last byte is there.
        let count = if shell.state.dialect == Dialect::Bash { utf8_length(bytes[0]) } else { 1 };
        if bytes.len() < count {
            continue;
        }
        if !(escaped && byte == b'\n') {
            chars.extend(to_text(&bytes).chars().map(|c| (c, escaped)));
        }
        escaped = false;
        bytes.clear();
    }
    Ok((chars, true))
}

fn utf8_length(first: u8) -> usize {
    match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
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

/// What `mapfile` was told.
struct MapOptions {
    strips: bool,
    delimiter: u8,
    most: usize,
    skipped: usize,
    /// Where the first line goes; without it, the array is new.
    origin: Option<i64>,
    fd: u32,
    callback: Option<String>,
    quantum: usize,
    name: String,
}

/// Reads the words of `mapfile`; nothing for an option that there is not, which has been told.
fn map_options(shell: &mut Shell<'_, '_>, words: &[String]) -> Result<Option<MapOptions>, Flow> {
    let mut options = MapOptions {
        strips: false,
        delimiter: b'\n',
        most: 0,
        skipped: 0,
        origin: None,
        fd: 0,
        callback: None,
        quantum: 5000,
        name: "MAPFILE".to_owned(),
    };
    let mut rest = words[1..].iter();
    while let Some(word) = rest.next() {
        let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
            options.name.clone_from(word);
            break;
        };
        for (at, letter) in letters.char_indices() {
            if letter == 't' {
                options.strips = true;
                continue;
            }
            let attached = &letters[at + letter.len_utf8()..];
            let value = if attached.is_empty() {
                rest.next().cloned().unwrap_or_default()
            } else {
                attached.to_owned()
            };
            let number = value.parse::<usize>().unwrap_or(0);
            match letter {
                'd' => options.delimiter = value.bytes().next().unwrap_or(0),
                'n' => options.most = number,
                's' => options.skipped = number,
                'O' => options.origin = Some(value.parse().unwrap_or(0)),
                'u' => options.fd = value.parse().unwrap_or(0),
                'C' => options.callback = Some(value),
                'c' => options.quantum = number.max(1),
                _ => {
                    shell.error(Some(&words[0]), &format!("-{letter}: invalid option"))?;
                    return Ok(None);
                }
            }
            break;
        }
    }
    Ok(Some(options))
}

/// `mapfile`
pub(super) fn mapfile(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let Some(options) = map_options(shell, words)? else { return Ok(2) };
    let Some(handle) = shell.process.files_mut().get(options.fd).cloned() else { return Ok(1) };
    let input = Input::from_handle(handle);
    if options.origin.is_none() || !matches!(shell.state.variable(&options.name).value, Some(Value::Array(_)))
    {
        shell.state.variable(&options.name).value = Some(Value::Array(Default::default()));
    }
    for _ in 0..options.skipped {
        shell.process.step(1)?;
        shell.process.read_until(&input, options.delimiter)?;
    }
    let mut count = 0;
    while options.most == 0 || count < options.most {
        shell.process.step(1)?;
        let Some(mut line) = shell.process.read_until(&input, options.delimiter)? else { break };
        if options.strips && line.last() == Some(&options.delimiter) {
            line.pop();
        }
        let index = options.origin.unwrap_or(0) + count as i64;
        let text = to_text(&line);
        count += 1;
        if let Some(callback) = options.callback.as_ref().filter(|_| count % options.quantum == 0) {
            shell.eval_text(&format!("{callback} {index} {}", single_quoted(&text)))?;
        }
        if let Some(Value::Array(elements)) = &mut shell.state.variable(&options.name).value {
            elements.insert(index, text);
        }
    }
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

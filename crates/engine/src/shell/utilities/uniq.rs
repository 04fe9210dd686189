//! `uniq`: lines that repeat the one before.

use super::options::{self, Options};
use super::support::{busybox_number, cannot_open, count_of, fail, read_inputs};
use crate::shell::bytes::{to_bytes, to_text};
use crate::shell::{Interrupt, Outcome, Process};

/// What of a line is compared.
struct Key {
    fields: usize,
    chars: usize,
    width: usize,
    fold: bool,
}

impl Key {
    fn of(&self, line: &str) -> String {
        let mut rest = line;
        for _ in 0..self.fields {
            if rest.is_empty() {
                break;
            }
            rest = rest.trim_start();
            rest = &rest[rest.find(char::is_whitespace).unwrap_or(rest.len())..];
        }
        let chars = rest.chars().skip(self.chars).take(self.width);
        chars.map(|c| if self.fold { c.to_ascii_lowercase() } else { c }).collect()
    }
}

/// Drops lines that repeat the one before.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("count", 'c'),
        ("repeated", 'd'),
        ("all-repeated", 'D'),
        ("group", 'G'),
        ("unique", 'u'),
        ("ignore-case", 'i'),
        ("skip-fields", 'f'),
        ("skip-chars", 's'),
        ("check-chars", 'w'),
        ("zero-terminated", 'z'),
    ];
    if !process.is_busybox() {
        obsolete_forms(process);
    }
    let options = options::take_as(process, ("cduif:s:w:z", &[]), ("cdDG::uif:s:w:z", &long))?;
    if !process.is_busybox() {
        options::no_more_than(process, &options.operands, 2)?;
    }
    let key = Key {
        fields: number(process, &options, 'f', "fields to skip")?.unwrap_or(0),
        chars: number(process, &options, 's', "bytes to skip")?.unwrap_or(0),
        width: number(process, &options, 'w', "bytes to compare")?.unwrap_or(usize::MAX),
        fold: options.has('i'),
    };
    let inputs = &options.operands[..options.operands.len().min(1)];
    let (bytes, code) = read_inputs(process, inputs)?;
    if code != 0 {
        return Ok(code);
    }
    let end = if options.has('z') { '\0' } else { '\n' };
    let text = to_text(&bytes);
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for line in text.strip_suffix(end).unwrap_or(&text).split(end).filter(|_| !bytes.is_empty()) {
        let key = key.of(line);
        match groups.last_mut() {
            Some((last, group)) if *last == key => group.push(line),
            _ => groups.push((key, vec![line])),
        }
    }
    let out = shown(&options, &groups, end);
    match options.operands.get(1).filter(|path| *path != "-") {
        Some(path) => {
            if let Err(error) = process.write(path, to_bytes(&out)) {
                cannot_open(process, path, &error)?;
                return Ok(1);
            }
        }
        None => process.output(&out)?,
    }
    Ok(0)
}

/// `-1` is `-f 1`, and `+1` is `-s 1`.
fn obsolete_forms(process: &mut Process<'_, '_>) {
    for word in process.arguments.iter_mut().skip(1) {
        let letter = match word.chars().next() {
            Some('-') => "-f",
            Some('+') => "-s",
            _ => continue,
        };
        if word.len() > 1 && word[1..].bytes().all(|byte| byte.is_ascii_digit()) {
            *word = format!("{letter}{}", &word[1..]);
        }
    }
}

fn number(
    process: &mut Process<'_, '_>,
    options: &Options,
    letter: char,
    what: &str,
) -> Result<Option<usize>, Interrupt> {
    let Some(text) = options.value(letter) else { return Ok(None) };
    if process.is_busybox() {
        return Ok(Some(busybox_number(process, text, &[], (0, i32::MAX as u64))? as usize));
    }
    match count_of(text) {
        Some(count) => Ok(Some(count)),
        None => fail(process, 1, &format!("{text}: invalid number of {what}")),
    }
}

fn shown(options: &Options, groups: &[(String, Vec<&str>)], end: char) -> String {
    let all = options.has('D') || options.has('G');
    // Where empty lines part the groups.
    let method = match (options.has('G'), options.value(if options.has('G') { 'G' } else { 'D' })) {
        (true, None) => "separate",
        (_, method) => method.unwrap_or("none"),
    };
    let mut out = String::new();
    let mut first = true;
    for (_, lines) in groups {
        let repeated = lines.len() > 1;
        if (options.has('d') || options.has('D')) && !repeated || options.has('u') && repeated {
            continue;
        }
        if matches!(method, "prepend" | "both") || method == "separate" && !first {
            out.push(end);
        }
        first = false;
        for line in &lines[..if all { lines.len() } else { 1 }] {
            if options.has('c') {
                out.push_str(&format!("{:7} ", lines.len()));
            }
            out.push_str(line);
            out.push(end);
        }
        if method == "append" {
            out.push(end);
        }
    }
    if method == "both" && !first {
        out.push(end);
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn repeated() {
        assert_eq!(
            sh("printf 'a\\na\\nb\\n' | uniq -c; printf 'a\\na\\nb\\n' | uniq -d"),
            "      2 a\n      1 b\na\n"
        );
        assert_eq!(sh("seq 3 | uniq -f 2147483647; printf 'a x\nb x\n' | uniq -f 1"), "1\na x\n");
        assert_eq!(sh("seq 3 | uniq -f x"), "! uniq: invalid number 'x'\n= 1\n");
    }

    #[test]
    fn groups() {
        assert_eq!(shown("dash", "printf 'a\\na\\nb\\n' | uniq -D"), "a\na\n");
        assert_eq!(shown("dash", "printf 'a\\na\\nb\\n' | uniq --group"), "a\na\n\nb\n");
        assert_eq!(shown("dash", "seq 3 | uniq -f 999999999999"), "1\n");
    }
}

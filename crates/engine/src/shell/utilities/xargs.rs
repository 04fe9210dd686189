//! `xargs`: words of standard input as those of commands.

use super::options::{self, Options};
use super::support::{busybox_number, fail};
use crate::shell::bytes::{to_bytes, to_text};
use crate::shell::{ExitCode, Interrupt, Outcome, Process};

/// The most bytes of a command line where nothing else is said.
const MOST_BYTES: u64 = 131_072 - 4096;

/// How words become commands.
struct Calls {
    command: Vec<String>,
    /// What stands for a line.
    mark: Option<String>,
    words: usize,
    lines: Option<usize>,
    bytes: usize,
}

/// Runs a command with words from standard input.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("null", '0'),
        ("max-args", 'n'),
        ("no-run-if-empty", 'r'),
        ("replace", 'i'),
        ("max-procs", 'P'),
        ("verbose", 't'),
        ("delimiter", 'd'),
        ("max-lines", 'l'),
        ("max-chars", 's'),
        ("arg-file", 'a'),
        ("eof", 'e'),
        ("exit", 'x'),
        ("interactive", 'p'),
        ("open-tty", 'o'),
    ];
    let busybox = ("+0rtpxn:I:P:s:E:e::i::a:", &long[..]);
    let gnu = ("+0rtpxn:I:P:s:d:L:E:e::i::l::a:o", &long[..]);
    let options = options::take_as(process, busybox, gnu)?;
    let calls = calls(process, &options)?;
    let text = match options.value('a').map(str::to_owned) {
        Some(path) => match process.read_text(&path) {
            Ok(text) => text,
            Err(error) => {
                super::support::cannot_open(process, &path, &error)?;
                return Ok(1);
            }
        },
        None => to_text(&process.read_input()?),
    };
    let lines = lines(process, &options, &calls, &text)?;
    let mut code = 0;
    for call in calls.made(process, lines, options.has('r'))? {
        process.step(1)?;
        let shown = call.join(" ");
        if options.has('p') {
            // Nobody is there to answer.
            process.error_output(&format!("{shown}?..."))?;
            continue;
        }
        if options.has('t') {
            process.error_output(&format!("{shown}\n"))?;
        }
        code = code.max(run(process, &call)?);
    }
    Ok(code)
}

/// Runs a command: 0, or 123 if it failed. What is worse ends all.
fn run(process: &mut Process<'_, '_>, call: &[String]) -> Outcome {
    let name = &call[0];
    match process.spawn_without_input(call)? {
        Ok(0) => Ok(0),
        Ok(255) => fail(process, 124, &format!("{name}: exited with status 255; aborting")),
        Ok(signal @ 129..=192) => {
            let signal = signal - 128;
            let text = if process.is_busybox() {
                format!("'{name}' terminated by signal {signal}")
            } else {
                format!("{name}: terminated by signal {signal}")
            };
            fail(process, 125, &text)
        }
        Ok(_) => Ok(123),
        Err(error) => fail(process, error.exit_code(), &format!("{name}: {}", error.message())),
    }
}

fn calls(process: &mut Process<'_, '_>, options: &Options) -> Result<Calls, Interrupt> {
    let command =
        if options.operands.is_empty() { vec!["echo".to_owned()] } else { options.operands.clone() };
    let mark = match options.last_of("IiLln") {
        Some('I') => options.value('I').map(str::to_owned),
        Some('i') => Some(options.value('i').unwrap_or("{}").to_owned()),
        // The last one of these counts, but one word for each line is what `-I` does anyway.
        Some('n') if options.value('n') == Some("1") => options
            .value('I')
            .map(str::to_owned)
            .or_else(|| options.has('i').then(|| options.value('i').unwrap_or("{}").to_owned())),
        _ => None,
    };
    let words = number(process, options, 'n', i32::MAX as u64)?.unwrap_or(u64::MAX);
    let lines = match options.last_of("Ll") {
        Some('l') if options.value('l').is_none() => Some(1),
        Some(letter) => number(process, options, letter, i32::MAX as u64)?,
        None => None,
    };
    let bytes = number(process, options, 's', 1 << 30)?.unwrap_or(MOST_BYTES).min(MOST_BYTES);
    let as_size = super::support::in_memory;
    Ok(Calls { command, mark, words: as_size(words), lines: lines.map(as_size), bytes: as_size(bytes) })
}

fn number(
    process: &mut Process<'_, '_>,
    options: &Options,
    letter: char,
    most: u64,
) -> Result<Option<u64>, Interrupt> {
    let Some(text) = options.value(letter) else { return Ok(None) };
    if process.is_busybox() {
        return busybox_number(process, text, &[], (1, most.min(i32::MAX as u64))).map(Some);
    }
    match text.parse::<i64>() {
        Ok(number) if number >= 1 => Ok(Some(number as u64)),
        Ok(_) => options::misused(process, &format!("value {text} for -{letter} option should be >= 1")),
        Err(_) => options::misused(process, &format!("invalid number \"{text}\" for -{letter} option")),
    }
}

/// The words, by the lines that they stand in. Without an option that looks at lines all are in one.
fn lines(
    process: &mut Process<'_, '_>,
    options: &Options,
    calls: &Calls,
    text: &str,
) -> Result<Vec<Vec<String>>, Interrupt> {
    let delimiter = match options.last_of("0d") {
        Some('0') => Some('\0'),
        Some(_) => {
            let text = options.value('d').unwrap_or("");
            crate::shell::escape::unescape(text, crate::shell::escape::Style::Format).0.chars().next()
        }
        None => None,
    };
    if let Some(delimiter) = delimiter {
        let items = text.split_terminator(delimiter).map(|item| vec![item.to_owned()]);
        let items: Vec<Vec<String>> = items.collect();
        let by_lines = calls.mark.is_some() || calls.lines.is_some();
        return Ok(if by_lines { items } else { vec![items.concat()] });
    }
    let end = options.value(if options.last_of("Ee") == Some('e') { 'e' } else { 'E' });
    let end = end.filter(|end| !end.is_empty());
    if calls.mark.is_some() {
        let items =
            text.lines().map(|line| line.trim_start_matches([' ', '\t'])).filter(|line| !line.is_empty());
        let mut lines = Vec::new();
        for item in items.take_while(|line| Some(*line) != end) {
            let whole = words(item, true).map(|found| found.concat().concat());
            match whole {
                Ok(word) => lines.push(vec![word]),
                Err(quote) => return unmatched(process, quote),
            }
        }
        return Ok(lines);
    }
    let mut lines = match words(text, false) {
        Ok(lines) => lines,
        Err(quote) => return unmatched(process, quote),
    };
    // What stands behind the word of `-E` does not count.
    if let Some(end) = end
        && let Some((line, word)) = lines
            .iter()
            .enumerate()
            .find_map(|(line, words)| Some((line, words.iter().position(|word| word == end)?)))
    {
        lines.truncate(line + 1);
        lines[line].truncate(word);
    }
    lines.retain(|line| !line.is_empty());
    Ok(if calls.lines.is_some() { lines } else { vec![lines.concat()] })
}

fn unmatched<T>(process: &mut Process<'_, '_>, quote: char) -> Result<T, Interrupt> {
    let name = if quote == '"' { "double" } else { "single" };
    let why = if process.is_busybox() {
        ""
    } else {
        "; by default quotes are special to xargs unless you use the -0 option"
    };
    fail(process, 1, &format!("unmatched {name} quote{why}"))
}

impl Calls {
    /// The commands.
    fn made(
        &self,
        process: &mut Process<'_, '_>,
        lines: Vec<Vec<String>>,
        not_if_empty: bool,
    ) -> Result<Vec<Vec<String>>, Interrupt> {
        if let Some(mark) = &self.mark {
            let replaced =
                |item: &String| self.command.iter().map(|word| word.replace(mark.as_str(), item)).collect();
            return Ok(lines.iter().flatten().map(replaced).collect());
        }
        if lines.iter().all(Vec::is_empty) {
            return Ok(if not_if_empty { Vec::new() } else { vec![self.command.clone()] });
        }
        let size = |word: &String| to_bytes(word).len() + 1;
        let own: usize = self.command.iter().map(size).sum();
        let mut calls = Vec::new();
        for group in lines.chunks(self.lines.unwrap_or(usize::MAX).max(1)) {
            let (mut call, mut bytes, mut count) = (self.command.clone(), own, 0);
            for word in group.iter().flatten() {
                let length = size(word);
                if own + length > self.bytes {
                    return too_long(process);
                }
                if count == self.words || bytes + length > self.bytes {
                    calls.push(std::mem::replace(&mut call, self.command.clone()));
                    (bytes, count) = (own, 0);
                }
                call.push(word.clone());
                bytes += length;
                count += 1;
            }
            if count > 0 {
                calls.push(call);
            }
        }
        Ok(calls)
    }
}

fn too_long<T>(process: &mut Process<'_, '_>) -> Result<T, Interrupt> {
    let text = if process.is_busybox() {
        "can't fit single argument within argument list size limit"
    } else {
        "cannot fit single argument within argument list size limit"
    };
    fail(process, 1 as ExitCode, text)
}

/// The words of each line, as `xargs` reads them: quotes and backslashes count, and a line that ends with a blank goes on
/// with the next. `whole`: blanks are part of the one word. The error is the quote that is not closed.
fn words(text: &str, whole: bool) -> Result<Vec<Vec<String>>, char> {
    let mut lines = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    let mut last = ' ';
    while let Some(c) = chars.next() {
        match c {
            '\'' | '"' => {
                let target = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        None | Some('\n') => return Err(c),
                        Some(inner) if inner == c => break,
                        Some(inner) => target.push(inner),
                    }
                }
            }
            '\\' => word.get_or_insert_default().extend(chars.next()),
            c if c.is_whitespace() && !(whole && c != '\n') => {
                lines.last_mut().into_iter().for_each(|line| line.extend(word.take()));
                if c == '\n' && !matches!(last, ' ' | '\t') {
                    lines.push(Vec::new());
                }
            }
            c => word.get_or_insert_default().push(c),
        }
        last = c;
    }
    lines.last_mut().into_iter().for_each(|line| line.extend(word.take()));
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::sh;

    #[test]
    fn calls() {
        assert_eq!(
            sh(
                "echo a b c | xargs -n 2 echo x; printf 'a b\\n' | xargs -I{} echo '<{}>'; printf 'a b\\0c' | xargs -0 -n1 echo"
            ),
            "x a b\nx c\n<a b>\na b\nc\n"
        );
        assert_eq!(
            sh(
                "echo \"'a b' c\\\\ d\" | xargs -n1 echo; true | xargs -r echo no; echo /nope | xargs cat; echo $?"
            ),
            "a b\nc d\n123\n! cat: can't open '/nope': No such file or directory\n"
        );
        assert_eq!(
            sh("echo aaa bbb | xargs -s 10 echo; echo '\"a' | xargs"),
            "aaa\nbbb\n! xargs: unmatched double quote\n= 1\n"
        );
        assert_eq!(sh("echo x | xargs nosuch"), "! xargs: nosuch: No such file or directory\n= 127\n");
    }
}

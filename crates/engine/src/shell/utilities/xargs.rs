//! `xargs`.

use super::options;
use super::support::count_of;
use crate::shell::bytes::to_text;
use crate::shell::{Outcome, Process};

/// Runs a command with words from standard input.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("null", '0'),
        ("max-args", 'n'),
        ("no-run-if-empty", 'r'),
        ("replace", 'I'),
        ("max-procs", 'P'),
        ("verbose", 't'),
        ("delimiter", 'd'),
        ("max-lines", 'L'),
    ];
    let busybox = ("+0rtpxn:I:P:s:E:e::i::a:", &long[..]);
    let gnu = ("+0rtpxn:I:P:s:d:L:E:e::i::l::a:o", &long[..]);
    let options = match options::parse_as(process, busybox, gnu)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let command =
        if options.operands.is_empty() { vec!["echo".to_owned()] } else { options.operands.clone() };
    let text = match options.value('a') {
        Some(path) => process.read_text(path).unwrap_or_default(),
        None => to_text(&process.read_input()?),
    };
    let replace = match options.last_of("Ii") {
        Some('I') => options.value('I').map(str::to_owned),
        Some(_) => Some(options.value('i').unwrap_or("{}").to_owned()),
        None => None,
    };
    let delimiter = options
        .value('d')
        .map(|text| crate::shell::escape::unescape(text, crate::shell::escape::Style::Format).0);
    let items: Vec<String> = if options.has('0') {
        text.split_terminator('\0').map(str::to_owned).collect()
    } else if let Some(delimiter) = delimiter.as_ref().and_then(|text| text.chars().next()) {
        text.split_terminator(delimiter).map(str::to_owned).collect()
    } else if replace.is_some() {
        text.lines().map(|line| line.trim_start().to_owned()).filter(|line| !line.is_empty()).collect()
    } else if options.has('L') || options.has('l') {
        text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
    } else {
        match words(&text) {
            Some(mut words) => {
                // What stands behind the word of `-E` does not count.
                let end = options.value('E').filter(|end| !end.is_empty());
                if let Some(at) = end.and_then(|end| words.iter().position(|word| word == end)) {
                    words.truncate(at);
                }
                words
            }
            None => {
                process.complain(if process.is_busybox() { "unmatched single quote" } else { "unmatched single quote; by default quotes are special to xargs unless you use the -0 option" })?;
                return Ok(1);
            }
        }
    };
    let most = options.value('n').and_then(count_of);
    let lines = options.value('L').and_then(count_of);
    let lines = lines
        .or(options.has('l').then(|| options.value('l').and_then(|text| text.parse().ok()).unwrap_or(1)));
    let mut calls: Vec<Vec<String>> = Vec::new();
    if let Some(mark) = &replace {
        for item in &items {
            calls.push(command.iter().map(|word| word.replace(mark.as_str(), item)).collect());
        }
    } else if items.is_empty() {
        // GNU's runs the command once without words; BusyBox's does too.
        if !options.has('r') {
            calls.push(command);
        }
    } else {
        for group in items.chunks(most.or(lines).unwrap_or(usize::MAX).max(1)) {
            let mut call = command.clone();
            match lines {
                Some(_) => {
                    group.iter().for_each(|line| call.extend(line.split_whitespace().map(str::to_owned)))
                }
                None => call.extend_from_slice(group),
            }
            calls.push(call);
        }
    }
    let mut code = 0;
    for call in calls {
        process.step(1)?;
        if options.has('p') {
            // Nobody is there to answer.
            process.error_output(&format!("{}?...", call.join(" ")))?;
            continue;
        }
        if options.has('t') {
            process.error_output(&format!("{}\n", call.join(" ")))?;
        }
        match process.spawn_without_input(&call)? {
            Ok(0) => {}
            Ok(255) => {
                process.complain(&format!("{}: exited with status 255; aborting", call[0]))?;
                return Ok(124);
            }
            Ok(_) => code = 123,
            Err(error) => {
                process.complain(&format!("{}: {}", call[0], error.message()))?;
                return Ok(error.exit_code());
            }
        }
    }
    Ok(code)
}

/// Words as `xargs` reads them: quotes and backslashes count.
fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' | '"' => {
                let target = word.get_or_insert_default();
                loop {
                    match chars.next() {
                        None | Some('\n') => return None,
                        Some(inner) if inner == c => break,
                        Some(inner) => target.push(inner),
                    }
                }
            }
            '\\' => word.get_or_insert_default().extend(chars.next()),
            c if c.is_whitespace() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
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
        assert_eq!(sh("echo x | xargs nosuch"), "! xargs: nosuch: No such file or directory\n= 127\n");
    }
}

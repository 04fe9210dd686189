//! `echo`.

use crate::shell::escape::{Style, unescape};
use crate::shell::{Outcome, Process};

/// `echo` as a program: with `-n`, `-e` and `-E`.
pub(in crate::shell) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let args = process.args().to_vec();
    echo(process, &args, true, false)
}

/// Prints words. `options`: whether letters are read; `escapes`: whether sequences are replaced anyway, as dash does.
pub(in crate::shell) fn echo(
    process: &mut Process<'_, '_>,
    words: &[String],
    options: bool,
    escapes: bool,
) -> Outcome {
    let mut newline = true;
    let mut escapes = escapes;
    let mut first = 0;
    while let Some(word) = words.get(first) {
        let letters = if options { "neE" } else { "n" };
        let is_option = word.len() > 1
            && word
                .strip_prefix('-')
                .is_some_and(|rest| rest.chars().all(|c| letters.contains(c)) && (options || rest == "n"));
        if !is_option {
            break;
        }
        for letter in word[1..].chars() {
            match letter {
                'n' => newline = false,
                'e' => escapes = true,
                _ => escapes = false,
            }
        }
        first += 1;
        if !options {
            break;
        }
    }
    let mut text = words[first..].join(" ");
    let mut stopped = false;
    if escapes {
        (text, stopped) = unescape(&text, Style::Echo);
    }
    if newline && !stopped {
        text.push('\n');
    }
    if process.write_fd(1, &crate::shell::bytes::to_bytes(&text))? {
        return Ok(0);
    }
    process.complain("write error: Bad file descriptor")?;
    Ok(1)
}

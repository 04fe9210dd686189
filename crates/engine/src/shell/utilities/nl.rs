//! `nl`: numbers before lines.

use super::options::{self, Options};
use super::support::{busybox_number, each_input, fail};
use crate::shell::bytes::{to_bytes, to_text};
use crate::shell::regex::{Regex, Syntax};
use crate::shell::{Interrupt, Outcome, Process};

/// Which lines have numbers.
enum Style {
    All,
    Full,
    None,
    Matching(Regex),
}

/// How the numbers stand.
#[derive(Clone, Copy)]
enum Form {
    Left,
    Right,
    Zeros,
}

struct Numbering {
    /// Of header, body and footer.
    styles: [Style; 3],
    form: Form,
    width: usize,
    separator: String,
    start: i64,
    step: i64,
    /// Of so many empty lines in a row only the last has a number.
    join: u64,
    /// Two characters that begin a line that parts sections.
    delimiter: Option<String>,
    /// Whether the numbers go on over sections.
    goes_on: bool,
}

/// Numbers lines.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("body-numbering", 'b'),
        ("header-numbering", 'h'),
        ("footer-numbering", 'f'),
        ("number-separator", 's'),
        ("number-width", 'w'),
        ("starting-line-number", 'v'),
        ("line-increment", 'i'),
        ("number-format", 'n'),
        ("join-blank-lines", 'l'),
        ("section-delimiter", 'd'),
        ("no-renumber", 'p'),
    ];
    let options = options::take_as(process, ("b:s:w:v:i:p", &long), ("b:s:w:v:i:n:h:f:d:l:p", &long))?;
    let numbering = numbering(process, &options)?;
    let (mut number, mut section, mut empty) = (numbering.start, 1, 0);
    each_input(process, &options.operands, |process, input, _| {
        let mut out = Vec::new();
        while let Some(line) = process.read_line(input)? {
            let line = line.strip_suffix(b"\n").unwrap_or(&line);
            if let Some(next) = numbering.section(line) {
                section = next;
                if !numbering.goes_on {
                    number = numbering.start;
                }
                out.push(b'\n');
                continue;
            }
            if numbering.has_number(&numbering.styles[section], line, &mut empty) {
                out.extend(to_bytes(&numbering.shown(number)));
                number = number.wrapping_add(numbering.step);
            } else {
                out.extend(std::iter::repeat_n(b' ', numbering.width + numbering.separator.len()));
            }
            out.extend(line);
            out.push(b'\n');
        }
        process.output_bytes(&out)
    })
}

impl Numbering {
    /// The section that a line of delimiters begins.
    fn section(&self, line: &[u8]) -> Option<usize> {
        let delimiter = self.delimiter.as_ref()?.as_bytes();
        let count = line.len().checked_div(delimiter.len())?;
        (count > 0 && count < 4 && line == delimiter.repeat(count)).then(|| 3 - count)
    }

    fn has_number(&self, style: &Style, line: &[u8], empty: &mut u64) -> bool {
        match style {
            Style::All if !line.is_empty() || self.join < 2 => true,
            Style::All => {
                *empty += 1;
                let full = *empty == self.join;
                *empty %= self.join;
                full
            }
            Style::Full => !line.is_empty(),
            Style::None => false,
            Style::Matching(regex) => regex.is_match(&to_text(line)),
        }
    }

    fn shown(&self, number: i64) -> String {
        let width = self.width;
        let text = match self.form {
            Form::Left => format!("{number:<width$}"),
            Form::Right => format!("{number:width$}"),
            Form::Zeros => format!("{number:0width$}"),
        };
        text + &self.separator
    }
}

fn numbering(process: &mut Process<'_, '_>, options: &Options) -> Result<Numbering, Interrupt> {
    let body = style(process, options.value('b').unwrap_or("t"), "body")?;
    let header = style(process, options.value('h').unwrap_or("n"), "header")?;
    let footer = style(process, options.value('f').unwrap_or("n"), "footer")?;
    let form = match options.value('n') {
        None | Some("rn") => Form::Right,
        Some("ln") => Form::Left,
        Some("rz") => Form::Zeros,
        Some(other) => {
            process.complain(&format!("invalid line numbering format: '{other}'"))?;
            return options::usage_error(process).and_then(|code| Err(Interrupt::Exit(code)));
        }
    };
    let width = number(process, options, ('w', 6), "line number field width", (1, i64::from(i32::MAX)))?;
    let delimiter = match options.value('d').unwrap_or("\\:") {
        _ if process.is_busybox() => None,
        one if one.chars().count() == 1 => Some(format!("{one}:")),
        delimiter => Some(delimiter.to_owned()),
    };
    Ok(Numbering {
        styles: [footer, body, header],
        form,
        width: width.min(1000) as usize,
        separator: options.value('s').unwrap_or("\t").to_owned(),
        start: number(process, options, ('v', 1), "starting line number", (i64::MIN, i64::MAX))?,
        step: number(process, options, ('i', 1), "line number increment", (i64::MIN, i64::MAX))?,
        join: number(process, options, ('l', 1), "line number of blank lines", (1, i64::MAX))? as u64,
        delimiter,
        goes_on: options.has('p'),
    })
}

fn number(
    process: &mut Process<'_, '_>,
    options: &Options,
    (letter, default): (char, i64),
    what: &str,
    (from, to): (i64, i64),
) -> Result<i64, Interrupt> {
    let Some(text) = options.value(letter) else { return Ok(default) };
    if process.is_busybox() {
        return Ok(busybox_number(process, text, &[], (0, i32::MAX as u64))? as i64);
    }
    match text.parse::<i64>() {
        Ok(number) if (from..=to).contains(&number) => Ok(number),
        Ok(_) => fail(process, 1, &format!("invalid {what}: '{text}': Numerical result out of range")),
        Err(_) => fail(process, 1, &format!("invalid {what}: '{text}'")),
    }
}

fn style(process: &mut Process<'_, '_>, text: &str, part: &str) -> Result<Style, Interrupt> {
    Ok(match text {
        "a" => Style::All,
        "t" => Style::Full,
        "n" => Style::None,
        _ if process.is_busybox() => Style::None,
        _ => match text.strip_prefix('p').map(|pattern| Regex::new(pattern, Syntax::Basic, false)) {
            Some(Ok(regex)) => Style::Matching(regex),
            Some(Err(reason)) => return fail(process, 1, reason),
            None => {
                process.complain(&format!("invalid {part} numbering style: '{text}'"))?;
                return options::usage_error(process).and_then(|code| Err(Interrupt::Exit(code)));
            }
        },
    })
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn numbers() {
        assert_eq!(sh("printf 'x\\n\\ny\\n' | nl -ba -w2"), " 1\tx\n 2\t\n 3\ty\n");
        assert_eq!(shown("dash", "printf 'x\\ny\\n' | nl -n rz -w3 -s: -bpy"), "    x\n001:y\n");
        assert_eq!(shown("dash", "printf 'a\\n\\\\:\\nf\\n' | nl"), "     1\ta\n\n       f\n");
    }
}

//! `printf`.

use super::conversion::Conversion;
use crate::shell::bytes::to_bytes;
use crate::shell::escape::{Style, unescape};
use crate::shell::{Interrupt, Outcome, Process};

/// Prints arguments by a format.
pub(in crate::shell) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let mut args = process.args().to_vec();
    if args.first().is_some_and(|arg| arg == "--") {
        args.remove(0);
    }
    if args.is_empty() {
        let text =
            if process.is_busybox() { "usage: printf FORMAT [ARGUMENT...]" } else { "missing operand" };
        process.complain(text)?;
        return Ok(if process.is_busybox() { 2 } else { 1 });
    }
    let (out, errors, invalid) = formatted(process, &args, true, false)?;
    process.output_bytes(&out)?;
    if let Some(invalid) = invalid {
        let text = match process.is_busybox() {
            true => format!("{invalid}: invalid format"),
            false => format!("{invalid}: invalid conversion specification"),
        };
        process.complain(&text)?;
        return Ok(1);
    }
    for error in &errors {
        let text = if process.is_busybox() {
            format!("invalid number '{error}'")
        } else {
            format!("‘{error}’: expected a numeric value")
        };
        process.complain(&text)?;
    }
    Ok(i32::from(!errors.is_empty()))
}

/// What comes out, what should be a number and is none, and what is no conversion.
type Formatted = (Vec<u8>, Vec<String>, Option<String>);

/// The output of a format and its arguments, the arguments that should be numbers and are none, and what stands in the
/// format and means nothing. `hex`: whether the format may have `\xNN`.
pub(in crate::shell) fn formatted(
    process: &mut Process<'_, '_>,
    args: &[String],
    hex: bool,
    bash: bool,
) -> Result<Formatted, Interrupt> {
    let mut printer = Printer {
        args: &args[1..],
        next: 0,
        out: Vec::new(),
        errors: Vec::new(),
        stopped: false,
        hex,
        stops: process.is_busybox(),
        invalid: None,
        now: bash.then_some(process.now()),
    };
    loop {
        let before = printer.next;
        printer.print(&args[0]);
        process.step(1)?;
        if printer.stopped || printer.next >= printer.args.len() || printer.next == before {
            break;
        }
    }
    Ok((printer.out, printer.errors, printer.invalid))
}

struct Printer<'a> {
    args: &'a [String],
    next: usize,
    out: Vec<u8>,
    errors: Vec<String>,
    stopped: bool,
    hex: bool,
    /// Whether `\\c` in the format ends the output, as in BusyBox.
    stops: bool,
    /// A conversion that is none; it ends the output.
    invalid: Option<String>,
    /// In bash, which prints times: the present one.
    now: Option<i64>,
}

impl Printer<'_> {
    fn argument(&mut self) -> Option<&str> {
        let argument = self.args.get(self.next)?;
        self.next += 1;
        Some(argument)
    }

    fn print(&mut self, format: &str) {
        let mut chars = format.chars().peekable();
        let mut literal = String::new();
        while let Some(c) = chars.next() {
            match c {
                '\\' => {
                    literal.push('\\');
                    literal.extend(chars.next());
                }
                '%' if chars.peek() == Some(&'%') => {
                    chars.next();
                    literal.push('%');
                }
                '%' => {
                    self.literal(&mut literal);
                    let rest: String = chars.clone().collect();
                    let mut conversion = self.conversion(&mut chars);
                    if self.now.is_some() && self.time(&conversion, &mut chars) {
                        continue;
                    }
                    let letter = chars
                        .next()
                        .filter(|c| "diouxXfFeEgGaAcsb".contains(*c) || *c == 'q' && !self.stops && self.hex);
                    let Some(letter) = letter else {
                        // BusyBox shows all that comes, others the conversion alone.
                        let length = rest.len() - chars.clone().map(char::len_utf8).sum::<usize>();
                        let shown = if self.stops { &rest[..] } else { &rest[..length] };
                        self.invalid = Some(format!("%{shown}"));
                        self.stopped = true;
                        return;
                    };
                    conversion.letter = letter;
                    self.convert(&conversion);
                    if self.stopped {
                        return;
                    }
                }
                _ => literal.push(c),
            }
        }
        self.literal(&mut literal);
    }

    /// `%(format)T`; whether it is one.
    fn time(
        &mut self,
        conversion: &Conversion,
        chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    ) -> bool {
        let rest: String = chars.clone().collect();
        let Some((format, _)) = rest.strip_prefix('(').and_then(|rest| rest.split_once(")T")) else {
            return false;
        };
        let taken = format.chars().count() + 3;
        chars.by_ref().take(taken).for_each(drop);
        let now = self.now.unwrap_or(0);
        let argument = self.argument().map(str::to_owned);
        // -1 is now, and so is the time when the shell began.
        let time = match argument {
            Some(text) => self.integer(&text),
            None => -1,
        };
        let time = if time < 0 { now } else { time };
        let format = if format.is_empty() { "%X" } else { format };
        self.pad(conversion, &super::time::format_time(format, time));
        true
    }

    fn literal(&mut self, text: &mut String) {
        let mut text = std::mem::take(text);
        let special: Vec<usize> = text.match_indices('\\').map(|(at, _)| at).collect();
        let mut skip = None;
        for at in special {
            if skip == Some(at) {
                continue;
            }
            skip = Some(at + 1);
            match text[at + 1..].chars().next() {
                Some('c') if self.stops => {
                    text.truncate(at);
                    self.stopped = true;
                    break;
                }
                Some('x') if !self.hex => {
                    text.insert(at, '\\');
                    break;
                }
                _ => {}
            }
        }
        let (text, stopped) = unescape(&text, Style::Format);
        self.out.extend(to_bytes(&text));
        self.stopped |= stopped;
    }

    fn conversion(&mut self, chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Conversion {
        let conversion = Conversion::parse(chars, || {
            let text = self.argument().unwrap_or("0").to_owned();
            self.integer(&text)
        });
        while chars.next_if(|c| "lhjzt".contains(*c)).is_some() {}
        conversion
    }

    fn convert(&mut self, conversion: &Conversion) {
        let argument = self.argument().map(str::to_owned);
        let text = argument.unwrap_or_default();
        let mut out = String::new();
        match conversion.letter {
            's' => self.pad(conversion, &cut(&text, conversion.precision)),
            'b' => {
                let (text, stopped) = unescape(&text, Style::Echo);
                self.pad(conversion, &cut(&text, conversion.precision));
                self.stopped = stopped;
            }
            'q' if self.now.is_some() && text.chars().any(char::is_control) => {
                self.pad(conversion, &crate::shell::escape::ansi_quoted(&text));
            }
            'q' => self.pad(conversion, &crate::shell::utilities::shell_quoted(&text)),
            'c' => {
                let first: String = text.chars().take(1).collect();
                self.pad(conversion, &first);
            }
            'd' | 'i' => conversion.signed(&mut out, self.integer(&text)),
            'u' | 'o' | 'x' | 'X' => conversion.unsigned(&mut out, self.integer(&text) as u64),
            _ => conversion.float(&mut out, self.float(&text)),
        }
        self.out.extend(to_bytes(&out));
    }

    fn integer(&mut self, text: &str) -> i64 {
        let trimmed = text.trim_start();
        if let Some(rest) = trimmed.strip_prefix(['\'', '"']) {
            return rest.chars().next().map_or(0, |c| i64::from(u32::from(c)));
        }
        if trimmed.is_empty() {
            return 0;
        }
        let (negative, digits) = match trimmed.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
        };
        let (radix, digits) = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
            Some(digits) => (16, digits),
            None if digits.len() > 1 && digits.starts_with('0') => (8, &digits[1..]),
            None => (10, digits),
        };
        let length = digits.chars().take_while(|c| c.is_digit(radix)).count();
        let value =
            u64::from_str_radix(&digits[..length], radix).unwrap_or(if length > 0 { u64::MAX } else { 0 });
        if length < digits.len() || length == 0 {
            self.errors.push(text.to_owned());
        }
        if negative { (value as i64).wrapping_neg() } else { value as i64 }
    }

    fn float(&mut self, text: &str) -> f64 {
        let text = text.trim();
        if text.is_empty() {
            return 0.0;
        }
        text.parse().unwrap_or_else(|_| {
            let value = self.integer(text);
            value as f64
        })
    }

    fn pad(&mut self, conversion: &Conversion, text: &str) {
        let mut out = String::new();
        conversion.pad(&mut out, text, to_bytes(text).len());
        self.out.extend(to_bytes(&out));
    }
}

fn cut(text: &str, precision: Option<usize>) -> String {
    match precision {
        Some(precision) => text.chars().take(precision).collect(),
        None => text.to_owned(),
    }
}

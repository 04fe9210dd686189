//! `printf`.

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

/// `%-05.2f` taken apart.
#[derive(Default)]
struct Spec {
    left: bool,
    zero: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    width: usize,
    precision: Option<usize>,
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
                    let spec = self.spec(&mut chars);
                    if self.now.is_some() && self.time(&spec, &mut chars) {
                        continue;
                    }
                    let conversion = chars
                        .next()
                        .filter(|c| "diouxXfFeEgGcsb".contains(*c) || *c == 'q' && !self.stops && self.hex);
                    let Some(conversion) = conversion else {
                        // BusyBox shows all that comes, others the conversion alone.
                        let length = rest.len() - chars.clone().map(char::len_utf8).sum::<usize>();
                        let shown = if self.stops { &rest[..] } else { &rest[..length] };
                        self.invalid = Some(format!("%{shown}"));
                        self.stopped = true;
                        return;
                    };
                    self.convert(&spec, conversion);
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
    fn time(&mut self, spec: &Spec, chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
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
        self.pad(spec, &super::time::format_time(format, time));
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

    fn spec(&mut self, chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Spec {
        let mut spec = Spec::default();
        while let Some(flag) = chars.next_if(|c| "-0+ #".contains(*c)) {
            match flag {
                '-' => spec.left = true,
                '0' => spec.zero = true,
                '+' => spec.plus = true,
                ' ' => spec.space = true,
                _ => spec.alternate = true,
            }
        }
        if let Some(width) = self.number(chars) {
            spec.left |= width < 0;
            spec.width = width.unsigned_abs().min(10_000) as usize;
        }
        if chars.next_if_eq(&'.').is_some() {
            let precision = self.number(chars).unwrap_or(0);
            spec.precision = usize::try_from(precision).ok().map(|precision| precision.min(10_000));
        }
        while chars.next_if(|c| "lhjzt".contains(*c)).is_some() {}
        spec
    }

    fn number(&mut self, chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<i64> {
        if chars.next_if_eq(&'*').is_some() {
            let text = self.argument().unwrap_or("0").to_owned();
            return Some(self.integer(&text));
        }
        let mut digits = String::new();
        while let Some(digit) = chars.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        digits.parse().ok()
    }

    fn convert(&mut self, spec: &Spec, conversion: char) {
        let argument = self.argument().map(str::to_owned);
        let text = argument.clone().unwrap_or_default();
        match conversion {
            's' => self.pad(spec, &cut(&text, spec.precision)),
            'b' => {
                let (text, stopped) = unescape(&text, Style::Echo);
                self.pad(spec, &cut(&text, spec.precision));
                self.stopped = stopped;
            }
            'q' if self.now.is_some() && text.chars().any(char::is_control) => {
                self.pad(spec, &crate::shell::escape::ansi_quoted(&text));
            }
            'q' => self.pad(spec, &crate::shell::utilities::shell_quoted(&text)),
            'c' => {
                let first: String = text.chars().take(1).collect();
                self.pad(spec, &first);
            }
            'd' | 'i' => {
                let value = self.integer(&text);
                let sign = sign(spec, value < 0);
                self.pad_number(spec, sign, &value.unsigned_abs().to_string());
            }
            'u' => {
                let value = self.integer(&text) as u64;
                self.pad_number(spec, "", &value.to_string());
            }
            'o' => {
                let value = self.integer(&text) as u64;
                self.pad_number(spec, if spec.alternate { "0" } else { "" }, &format!("{value:o}"));
            }
            'x' => {
                let value = self.integer(&text) as u64;
                self.pad_number(spec, if spec.alternate { "0x" } else { "" }, &format!("{value:x}"));
            }
            'X' => {
                let value = self.integer(&text) as u64;
                self.pad_number(spec, if spec.alternate { "0X" } else { "" }, &format!("{value:X}"));
            }
            'f' | 'F' | 'e' | 'E' | 'g' | 'G' => {
                let value = self.float(&text);
                let digits = crate::shell::utilities::format_float(value.abs(), conversion, spec.precision);
                let sign = sign(spec, value.is_sign_negative());
                let spec = Spec {
                    precision: None,
                    ..Spec { left: spec.left, zero: spec.zero, width: spec.width, ..Spec::default() }
                };
                self.pad_number(&spec, sign, &digits);
            }
            _ => {}
        }
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

    fn pad(&mut self, spec: &Spec, text: &str) {
        let fill = spec.width.saturating_sub(text.chars().count());
        if !spec.left {
            self.out.extend(std::iter::repeat_n(b' ', fill));
        }
        self.out.extend(to_bytes(text));
        if spec.left {
            self.out.extend(std::iter::repeat_n(b' ', fill));
        }
    }

    fn pad_number(&mut self, spec: &Spec, sign: &str, digits: &str) {
        let mut digits = digits.to_owned();
        if let Some(precision) = spec.precision {
            digits = "0".repeat(precision.saturating_sub(digits.len())) + &digits;
        } else if spec.zero && !spec.left {
            digits = "0".repeat(spec.width.saturating_sub(digits.len() + sign.len())) + &digits;
        }
        self.pad(spec, &format!("{sign}{digits}"));
    }
}

fn sign(spec: &Spec, negative: bool) -> &'static str {
    match (negative, spec.plus, spec.space) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    }
}

fn cut(text: &str, precision: Option<usize>) -> String {
    match precision {
        Some(precision) => text.chars().take(precision).collect(),
        None => text.to_owned(),
    }
}

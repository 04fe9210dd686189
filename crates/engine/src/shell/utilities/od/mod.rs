//! `od`: bytes shown as numbers and characters.

mod form;

use super::options::{self, Options};
use super::support::{BKM, fail, in_memory};
use crate::shell::{Interrupt, Outcome, Process};
use form::Form;

/// What is shown, and how.
struct Dump {
    forms: Vec<Form>,
    radix: char,
    width: usize,
    /// Whether rows that repeat are shown.
    all: bool,
    /// Whether the forms stand by themselves and not in columns of the same width, as in BusyBox.
    loose: bool,
}

/// Shows bytes.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("address-radix", 'A'),
        ("format", 't'),
        ("read-bytes", 'N'),
        ("skip-bytes", 'j'),
        ("width", 'w'),
        ("strings", 'S'),
        ("output-duplicates", 'v'),
    ];
    let short = ("A:t:N:j:w::S:vcxbdoahsilf", &long[..]);
    let options = options::take_as(process, short, ("A:t:N:j:w::S:vcxbdoahsilfBDHIOXLeF", &long))?;
    let busybox = process.is_busybox();
    let radix = options.value('A').unwrap_or("o");
    let Some(radix) = radix.chars().next().filter(|c| "doxn".contains(*c)) else {
        let text = if busybox {
            format!("bad output address radix '{radix}' (must be [doxn])")
        } else {
            format!("invalid output address radix ‘{radix}’; it must be one character from [doxn]")
        };
        return fail(process, 1, &text);
    };
    let forms = forms(process, &options)?;
    let mut operands = options.operands.clone();
    let old = if busybox { None } else { old_offset(&options, &mut operands) };
    let skip = old.map_or_else(|| number(process, &options, 'j'), |skip| Ok(Some(skip)))?.unwrap_or(0);
    let most = number(process, &options, 'N')?;
    let (mut bytes, code) = super::support::read_inputs(process, &operands)?;
    if code != 0 && bytes.is_empty() {
        return Ok(code);
    }
    if skip > bytes.len() {
        let cannot = if busybox { "can't" } else { "cannot" };
        return fail(process, 1, &format!("{cannot} skip past end of combined input"));
    }
    bytes.drain(..skip);
    bytes.truncate(most.unwrap_or(usize::MAX));
    let width = match options.all().rfind(|(letter, _)| *letter == 'w') {
        Some((_, None)) => 32,
        Some((_, Some(_))) => number(process, &options, 'w')?.unwrap_or(16).clamp(1, 1 << 16),
        None => 16,
    };
    let dump = Dump { forms, radix, width, all: options.has('v'), loose: busybox };
    let out = match number(process, &options, 'S')? {
        Some(least) => dump.strings(&bytes, skip, least),
        None => dump.rows(&bytes, skip),
    };
    process.output(&out)?;
    Ok(code)
}

impl Dump {
    fn address(&self, at: usize) -> String {
        match self.radix {
            'x' => format!("{at:06x}"),
            'd' => format!("{at:07}"),
            'n' => String::new(),
            _ => format!("{at:07o}"),
        }
    }

    fn rows(&self, bytes: &[u8], skip: usize) -> String {
        let total = if self.loose {
            0
        } else {
            self.forms.iter().map(|form| form.row_width(self.width)).max().unwrap_or(0)
        };
        let mut out = String::new();
        let mut last: Option<&[u8]> = None;
        let mut starred = false;
        for (row, chunk) in bytes.chunks(self.width).enumerate() {
            if last == Some(chunk) && chunk.len() == self.width && !self.all {
                if !std::mem::replace(&mut starred, true) {
                    out.push_str("*\n");
                }
                continue;
            }
            starred = false;
            last = Some(chunk);
            let address = self.address(skip + row * self.width);
            for (at, form) in self.forms.iter().enumerate() {
                let text = form.row(chunk, self.width, total, self.loose);
                let before = if at == 0 { address.clone() } else { " ".repeat(address.len()) };
                out.push_str(&(before + &text));
                if form.characters {
                    let wide = total.max(form.row_width(self.width));
                    out.push_str(&format!("{:fill$}  >{}<", "", shown(chunk), fill = wide - text.len()));
                }
                out.push('\n');
            }
        }
        let end = self.address(skip + bytes.len());
        if !end.is_empty() {
            out.push_str(&(end + "\n"));
        }
        out
    }

    /// What can be printed and ends with a NUL.
    fn strings(&self, bytes: &[u8], skip: usize, least: usize) -> String {
        let mut out = String::new();
        let mut start = 0;
        for (at, byte) in bytes.iter().enumerate() {
            let printable = matches!(byte, 32..=126 | 7..=13);
            if *byte == 0 && at - start >= least.max(1) {
                let text: String = bytes[start..at]
                    .iter()
                    .map(|byte| match byte {
                        7..=13 => ["\\a", "\\b", "\\t", "\\n", "\\v", "\\f", "\\r"][usize::from(*byte) - 7]
                            .to_owned(),
                        byte => char::from(*byte).to_string(),
                    })
                    .collect();
                let address = self.address(skip + start);
                let blank = if address.is_empty() { "" } else { " " };
                out.push_str(&format!("{address}{blank}{text}\n"));
            }
            if !printable {
                start = at + 1;
            }
        }
        out
    }
}

/// The characters beside a row.
fn shown(chunk: &[u8]) -> String {
    chunk.iter().map(|byte| if (32..=126).contains(byte) { char::from(*byte) } else { '.' }).collect()
}

/// The forms that the options ask for, in their order.
fn forms(process: &mut Process<'_, '_>, options: &Options) -> Result<Vec<Form>, Interrupt> {
    let busybox = process.is_busybox();
    let mut forms = Vec::new();
    for (letter, value) in options.all() {
        forms.push(match letter {
            'a' => Form::new('a', 1),
            'b' => Form::new('o', 1),
            'c' => Form::new('c', 1),
            'd' => Form::new('u', 2),
            'D' => Form::new('u', 4),
            'f' => Form::new('f', 4),
            'e' | 'F' => Form::new('f', 8),
            'x' | 'h' => Form::new('x', 2),
            'H' | 'X' => Form::new('x', 4),
            'o' | 'B' => Form::new('o', 2),
            'O' => Form::new('o', 4),
            's' => Form::new('d', 2),
            'i' if busybox => Form::new('d', 2),
            'i' => Form::new('d', 4),
            'l' if busybox => Form::new('d', 4),
            'I' | 'L' | 'l' => Form::new('d', 8),
            't' => {
                match Form::parse_all(value.unwrap_or("")) {
                    Ok(parsed) => forms.extend(parsed),
                    Err(flaw) => return fail(process, 1, &flaw),
                }
                continue;
            }
            _ => continue,
        });
    }
    if forms.is_empty() {
        forms.push(Form::new('o', 2));
    }
    Ok(forms)
}

/// A number of bytes: octal and hexadecimal as in C, with a suffix.
fn number(
    process: &mut Process<'_, '_>,
    options: &Options,
    letter: char,
) -> Result<Option<usize>, Interrupt> {
    let Some(text) = options.value(letter) else { return Ok(None) };
    match c_number(text) {
        Some(number) => Ok(Some(in_memory(number))),
        None if process.is_busybox() => fail(process, 1, &format!("invalid number '{text}'")),
        None => fail(process, 1, &format!("invalid -{letter} argument ‘{text}’")),
    }
}

fn c_number(text: &str) -> Option<u64> {
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return u64::from_str_radix(hex, 16).ok();
    }
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let suffix = &text[digits.len()..];
    let factor = match suffix {
        "" => 1,
        "K" | "KiB" => 1024,
        "kB" | "KB" => 1000,
        "M" | "MiB" => 1 << 20,
        "MB" => 1_000_000,
        suffix => BKM.iter().find(|(name, _)| *name == suffix)?.1,
    };
    let radix = if digits.len() > 1 && digits.starts_with('0') { 8 } else { 10 };
    u64::from_str_radix(digits, radix).ok()?.checked_mul(factor)
}

/// The offset that once was an operand, `FILE +10` or `FILE 10`; it is octal, with a point at its end decimal.
fn old_offset(options: &Options, operands: &mut Vec<String>) -> Option<usize> {
    if options.last_of("AjNtvwS").is_some() || operands.is_empty() || operands.len() > 2 {
        return None;
    }
    let last = operands.last()?;
    let fits = last.starts_with('+') || operands.len() == 2 && last.starts_with(|c: char| c.is_ascii_digit());
    let text = last.strip_prefix('+').unwrap_or(last);
    let (text, blocks) = text.strip_suffix('b').map_or((text, 1), |text| (text, 512));
    let (digits, radix) = match (text.strip_suffix('.'), text.strip_prefix("0x")) {
        (Some(digits), _) => (digits, 10),
        (_, Some(digits)) => (digits, 16),
        _ => (text, 8),
    };
    let offset = usize::from_str_radix(digits, radix).ok().filter(|_| fits)?;
    operands.pop();
    offset.checked_mul(blocks)
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn an_offset_beyond_the_end() {
        assert_eq!(
            sh("printf AB | od -j 99999999999999 -An -tx1"),
            "! od: can't skip past end of combined input\n= 1\n"
        );
    }

    #[test]
    fn type_strings() {
        assert_eq!(sh("printf AB | od -t ''"), "0000000 041101\n0000002\n");
        assert_eq!(sh("printf AB | od -t x"), "0000000 00004241\n0000002\n");
        assert_eq!(sh("printf AB | od -t q1"), "! od: invalid character 'q' in type string 'q1'\n= 1\n");
        assert!(sh("printf AB | od -t é").starts_with("! od: invalid character '"));
        assert!(sh("printf AB | od -t xé").starts_with("! od: invalid character '"));
        assert_eq!(
            sh("printf AB | od -t x3"),
            "! od: invalid type string 'x3';\n! this system doesn't provide a 3-byte integral type\n= 1\n"
        );
    }

    #[test]
    fn forms() {
        assert_eq!(
            sh("od -c /etc/motd; printf 'AB' | od -An -tx1"),
            "0000000   W   e   l   c   o   m   e   .  \\n\n0000011\n 41 42\n"
        );
        assert_eq!(
            shown("dash", "printf AB | od -tx1c; printf AB | od -An -tx1z"),
            "0000000  41  42\n          A   B\n0000002\n 41 42                                            >AB<\n"
        );
        assert_eq!(
            shown("dash", "printf 'ab\\0cdef\\0' | od -S 3; printf abcd | od -An -tf4"),
            "0000003 cdef\n   1.6777999e+22\n"
        );
        assert_eq!(sh("printf abcd | od -f"), "0000000   1.6777999e+22\n0000004\n");
    }
}

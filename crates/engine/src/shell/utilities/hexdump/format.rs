//! The formats of `hexdump -e`: `4/1 "%02x " "\n"`.

/// What is printed for some bytes, as often as `times` says.
#[derive(Clone, Debug)]
struct Unit {
    times: usize,
    /// Whether `times` was written, so that the unit does not fill the block.
    is_fixed: bool,
    bytes: usize,
    pieces: Vec<Piece>,
}

/// Text with a conversion at its end, or without one.
#[derive(Clone, Debug)]
struct Piece {
    before: String,
    conversion: Option<Conversion>,
}

/// `%-5.3d`, `%_p`
#[derive(Clone, Debug)]
struct Conversion {
    flags: String,
    width: usize,
    precision: Option<usize>,
    kind: Kind,
    bytes: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// `d i o u x X`
    Integer(char),
    /// `e f g E G`
    Float(char),
    Character,
    Text,
    /// `%_c`
    Escaped,
    /// `%_p`
    Printable,
    /// `%_u`
    Named,
    /// `%_ad`, `%_ax`, `%_ao`
    Address(char),
    /// `%_Ad`: once, at the end.
    EndAddress(char),
}

impl Unit {
    /// Whether it waits for the end.
    fn is_last(&self) -> bool {
        let kinds = self.pieces.iter().filter_map(|piece| piece.conversion.as_ref());
        kinds.into_iter().any(|one| matches!(one.kind, Kind::EndAddress(_)))
    }
}

/// Formats that are all applied to each block.
pub(super) struct Formats {
    formats: Vec<Vec<Unit>>,
    /// The bytes of a block.
    pub(super) block: usize,
}

impl Formats {
    /// Reads formats, or says what is wrong.
    pub(super) fn parse(texts: &[&str]) -> Result<Self, String> {
        let formats: Result<Vec<Vec<Unit>>, String> = texts.iter().map(|text| units(text)).collect();
        let mut formats = formats?;
        let size = |units: &[Unit]| units.iter().map(|unit| unit.times * unit.bytes).sum::<usize>();
        let block = formats.iter().map(|units| size(units)).max().unwrap_or(0);
        for units in &mut formats {
            let room = block - size(units);
            // The last unit that takes bytes is repeated as long as there is room in the block.
            if let Some(last) = units.iter_mut().rev().find(|unit| unit.bytes > 0)
                && !last.is_fixed
            {
                last.times += room / last.bytes;
            }
        }
        Ok(Self { formats, block })
    }

    /// A block at an address; bytes beyond its end are printed as blanks.
    pub(super) fn print(&self, out: &mut String, chunk: &[u8], address: usize) {
        for units in &self.formats {
            let mut at = 0;
            for unit in units.iter().filter(|unit| !unit.is_last()) {
                for turn in 0..unit.times {
                    let start = out.len();
                    for piece in &unit.pieces {
                        at += piece.print(out, chunk, at, address);
                    }
                    let is_last = turn + 1 == unit.times && unit.times > 1;
                    if is_last {
                        trim_end(out, start, &unit.pieces);
                    }
                }
            }
        }
    }

    /// What is printed once at the end.
    pub(super) fn finish(&self, out: &mut String, end: usize) {
        let last = self.formats.iter().flatten().filter(|unit| unit.is_last());
        for piece in last.flat_map(|unit| &unit.pieces) {
            out.push_str(&piece.before);
            if let Some(Conversion { kind: Kind::EndAddress(radix), flags, width, precision, .. }) =
                &piece.conversion
            {
                out.push_str(&pad(&integer(end as u64, *radix, *precision), flags, *width));
            }
        }
    }
}

/// Blanks at the end of a format are not printed for its last repetition.
fn trim_end(out: &mut String, start: usize, pieces: &[Piece]) {
    let tail = pieces.last().filter(|piece| piece.conversion.is_none()).map_or("", |piece| &piece.before);
    let blanks = tail.len() - tail.trim_end_matches([' ', '\t', '\n']).len();
    out.truncate((out.len() - blanks).max(start));
}

impl Piece {
    /// Prints it and gives the number of bytes that it took.
    fn print(&self, out: &mut String, chunk: &[u8], at: usize, address: usize) -> usize {
        let Some(conversion) = &self.conversion else {
            out.push_str(&self.before);
            return 0;
        };
        let Conversion { flags, width, precision, kind, bytes } = conversion;
        if matches!(kind, Kind::EndAddress(_)) {
            return 0;
        }
        out.push_str(&self.before);
        if let Kind::Address(radix) = kind {
            out.push_str(&pad(&integer((address + at) as u64, *radix, *precision), flags, *width));
            return 0;
        }
        if at >= chunk.len() {
            out.push_str(&" ".repeat(*width));
            return *bytes;
        }
        let mut taken = chunk[at..].to_vec();
        taken.resize(*bytes, 0);
        let byte = taken[0];
        let text = match kind {
            Kind::Integer(radix) => number(&taken, *radix, *precision, flags),
            Kind::Float(_) => float(&taken, *precision),
            Kind::Character => char::from(byte).to_string(),
            Kind::Text => {
                let end = taken.iter().position(|byte| *byte == 0).unwrap_or(taken.len());
                taken[..end].iter().map(|byte| char::from(*byte)).collect()
            }
            Kind::Escaped => escaped(byte),
            Kind::Printable => super::printable(byte).to_string(),
            Kind::Named => named(byte),
            Kind::Address(_) | Kind::EndAddress(_) => String::new(),
        };
        out.push_str(&pad(&text, flags, *width));
        *bytes
    }
}

/// The bytes, lowest first, as a number.
fn number(bytes: &[u8], radix: char, precision: Option<usize>, flags: &str) -> String {
    let value = bytes.iter().rev().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    if !matches!(radix, 'd' | 'i') {
        let text = integer(value, radix, precision);
        return match radix {
            'x' if flags.contains('#') && value != 0 => format!("0x{text}"),
            'o' if flags.contains('#') => format!("0{text}"),
            _ => text,
        };
    }
    let shift = 64 - 8 * bytes.len().min(8);
    let value = (value << shift) as i64 >> shift;
    let digits = integer(value.unsigned_abs(), 'u', precision);
    match value {
        ..0 => format!("-{digits}"),
        _ if flags.contains('+') => format!("+{digits}"),
        _ if flags.contains(' ') => format!(" {digits}"),
        _ => digits,
    }
}

fn integer(value: u64, radix: char, precision: Option<usize>) -> String {
    let text = match radix {
        'x' => format!("{value:x}"),
        'X' => format!("{value:X}"),
        'o' => format!("{value:o}"),
        _ => value.to_string(),
    };
    let width = precision.unwrap_or(0);
    format!("{text:0>width$}")
}

fn float(bytes: &[u8], precision: Option<usize>) -> String {
    let value = match bytes.len() {
        4 => bytes.first_chunk().map_or(0.0, |bytes| f64::from(f32::from_le_bytes(*bytes))),
        _ => bytes.first_chunk().map_or(0.0, |bytes| f64::from_le_bytes(*bytes)),
    };
    let precision = precision.unwrap_or(6);
    format!("{value:.precision$}")
}

fn pad(text: &str, flags: &str, width: usize) -> String {
    match () {
        () if flags.contains('-') => format!("{text:<width$}"),
        () if flags.contains('0') => format!("{text:0>width$}"),
        () => format!("{text:>width$}"),
    }
}

fn escaped(byte: u8) -> String {
    match byte {
        0 => "\\0".to_owned(),
        7 => "\\a".to_owned(),
        8 => "\\b".to_owned(),
        9 => "\\t".to_owned(),
        10 => "\\n".to_owned(),
        11 => "\\v".to_owned(),
        12 => "\\f".to_owned(),
        13 => "\\r".to_owned(),
        32..=126 => char::from(byte).to_string(),
        _ => format!("{byte:03o}"),
    }
}

fn named(byte: u8) -> String {
    const NAMES: [&str; 32] = [
        "nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs", "ht", "lf", "vt", "ff", "cr", "so",
        "si", "dle", "dcl", "dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em", "sub", "esc", "fs", "gs",
        "rs", "us",
    ];
    match byte {
        0..=31 => NAMES[usize::from(byte)].to_owned(),
        127 => "del".to_owned(),
        32..=126 => char::from(byte).to_string(),
        _ => format!("{byte:02x}"),
    }
}

/// The units of one format.
fn units(text: &str) -> Result<Vec<Unit>, String> {
    let bad = || format!("bad format {{{text}}}");
    let mut units = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (mut times, mut given) = (None, None);
        let length = digits(rest);
        if length > 0 {
            times = Some(rest[..length].parse::<usize>().map_err(|_| bad())?);
            rest = rest[length..].trim_start();
        }
        if let Some(after) = rest.strip_prefix('/') {
            let after = after.trim_start();
            let length = digits(after);
            given = Some(after[..length].parse::<usize>().map_err(|_| bad())?);
            rest = after[length..].trim_start();
        }
        let body = rest.strip_prefix('"').ok_or_else(bad)?;
        let end = end_of_string(body).ok_or_else(bad)?;
        let pieces = pieces(&body[..end], given)?;
        rest = body[end + 1..].trim_start();
        let bytes = pieces.iter().filter_map(|piece| piece.conversion.as_ref()).map(|one| one.bytes).sum();
        if times.unwrap_or(1).saturating_mul(bytes) > 1 << 20 {
            return Err(bad());
        }
        units.push(Unit { times: times.unwrap_or(1).min(1 << 20), is_fixed: times.is_some(), bytes, pieces });
    }
    Ok(units)
}

/// Where a string ends; a quotation mark after a backslash does not end it.
fn end_of_string(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, c)| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends.then_some(at)
    })
}

/// The pieces of a string.
fn pieces(text: &str, given: Option<usize>) -> Result<Vec<Piece>, String> {
    let (mut pieces, mut before) = (Vec::new(), String::new());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => before.push(match chars.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some('a') => '\u{7}',
                Some('b') => '\u{8}',
                Some('f') => '\u{c}',
                Some('v') => '\u{b}',
                Some('0') => '\0',
                Some(other) => other,
                None => '\\',
            }),
            '%' if chars.next_if_eq(&'%').is_some() => before.push('%'),
            '%' => {
                let conversion = conversion(&mut chars, given)?;
                pieces.push(Piece { before: std::mem::take(&mut before), conversion: Some(conversion) });
            }
            _ => before.push(c),
        }
    }
    if !before.is_empty() || pieces.is_empty() {
        pieces.push(Piece { before, conversion: None });
    }
    Ok(pieces)
}

/// What follows a percent sign.
fn conversion(
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    given: Option<usize>,
) -> Result<Conversion, String> {
    let mut flags = String::new();
    while let Some(flag) = chars.next_if(|c| "-+ #0".contains(*c)) {
        flags.push(flag);
    }
    let mut number = || {
        let mut digits = String::new();
        while let Some(digit) = chars.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        (digits, chars.next_if_eq(&'.').is_some())
    };
    let (width, has_point) = number();
    let precision = if has_point { Some(number().0) } else { None };
    let precision = precision.map(|digits| digits.parse::<usize>().unwrap_or(0).min(4096));
    let width = width.parse::<usize>().unwrap_or(0).min(4096);
    let letter = chars.next().unwrap_or(' ');
    let (kind, default) = match letter {
        'd' | 'i' | 'o' | 'u' | 'x' | 'X' => (Kind::Integer(letter), 4),
        'e' | 'E' | 'f' | 'g' | 'G' => (Kind::Float(letter), 8),
        'c' => (Kind::Character, 1),
        's' => (Kind::Text, precision.unwrap_or(1)),
        '_' => match chars.next() {
            Some('c') => (Kind::Escaped, 1),
            Some('p') => (Kind::Printable, 1),
            Some('u') => (Kind::Named, 1),
            Some('a') => (Kind::Address(chars.next().unwrap_or('x')), 0),
            Some('A') => (Kind::EndAddress(chars.next().unwrap_or('x')), 0),
            other => return Err(format!("bad conversion character %_{}", other.unwrap_or(' '))),
        },
        _ => return Err(format!("bad conversion character %{letter}")),
    };
    let bytes = if default == 0 { 0 } else { given.unwrap_or(default) };
    let fits = match kind {
        Kind::Integer(_) => matches!(bytes, 1 | 2 | 4 | 8),
        Kind::Float(_) => matches!(bytes, 4 | 8),
        Kind::Character | Kind::Escaped | Kind::Printable | Kind::Named => bytes == 1,
        _ => true,
    };
    if !fits {
        return Err(format!("bad byte count for conversion character {letter}"));
    }
    Ok(Conversion { flags, width, precision, kind, bytes })
}

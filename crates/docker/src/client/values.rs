//! Values of options: what is taken for one, and what is said of those that are none.

use super::spec::Flag;

/// The values that a word gives to an option, or the message.
pub(super) fn check(flag: &Flag, value: String) -> Result<Vec<String>, String> {
    let kind = flag.kind.as_deref().unwrap_or("bool");
    let checked = match kind {
        "bool" => boolean(&value).map(|value| vec![value.to_string()]),
        "int" => value
            .parse::<i64>()
            .map(|_| vec![value.clone()])
            .map_err(|_| format!("strconv.ParseInt: parsing {value:?}: invalid syntax")),
        "uint16" => value
            .parse::<u16>()
            .map(|_| vec![value.clone()])
            .map_err(|_| format!("strconv.ParseUint: parsing {value:?}: invalid syntax")),
        "bytes" => bytes(&value).map(|_| vec![value.clone()]),
        "decimal" => value
            .parse::<f64>()
            .map(|_| vec![value.clone()])
            .map_err(|_| format!("failed to parse {value} as a rational number")),
        "duration" => duration(&value).map(|_| vec![value.clone()]),
        "filter" => match value.split_once('=') {
            Some(_) => Ok(vec![value.clone()]),
            None if value.is_empty() => Ok(Vec::new()),
            None => Err("bad format of filter (expected name=value)".to_owned()),
        },
        "strings" => Ok(value.split(',').map(str::to_owned).collect()),
        "list" => list(&flag.name, &value).map(|value| vec![value]),
        _ => Ok(vec![value.clone()]),
    };
    checked.map_err(|message| format!("invalid argument {value:?} for \"{}\" flag: {message}", flag.shown()))
}

fn boolean(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(format!("strconv.ParseBool: parsing {text:?}: invalid syntax")),
    }
}

/// A size in bytes with a unit of 1024: `64m`, `1.5g`, `10kB`.
pub fn bytes(text: &str) -> Result<i64, String> {
    let invalid = || format!("invalid size: '{text}'");
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 = text[..digits].parse().map_err(|_| invalid())?;
    let unit = text[digits..].trim_start().to_ascii_lowercase();
    let power = match unit.trim_end_matches('b').trim_end_matches('i') {
        "" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        _ => return Err(invalid()),
    };
    Ok((number * 1024_f64.powi(power)) as i64)
}

/// Nanoseconds of `1m30s`.
pub fn duration(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {text:?}");
    if text == "0" {
        return Ok(0);
    }
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number: f64 = rest[..digits].parse().map_err(|_| invalid())?;
        rest = &rest[digits..];
        let unit = &rest[..rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len())];
        rest = &rest[unit.len()..];
        total += number
            * match unit {
                "ns" => 1.0,
                "us" | "µs" => 1e3,
                "ms" => 1e6,
                "s" => 1e9,
                "m" => 6e10,
                "h" => 3.6e12,
                "" => return Err(format!("time: missing unit in duration {text:?}")),
                other => return Err(format!("time: unknown unit {other:?} in duration {text:?}")),
            };
    }
    Ok((sign * total) as i64)
}

/// Lists whose items are looked at while they are read.
fn list(name: &str, value: &str) -> Result<String, String> {
    match name {
        "env" | "build-arg" if value.starts_with('=') => {
            Err(format!("invalid environment variable: {value}"))
        }
        "add-host" => match value.split_once([':', '=']) {
            Some((host, _)) if !host.is_empty() => Ok(value.to_owned()),
            _ => Err(format!("bad format for add-host: {value:?}")),
        },
        "attach" => match value.to_ascii_lowercase().as_str() {
            stream @ ("stdin" | "stdout" | "stderr") => Ok(stream.to_owned()),
            _ => Err("valid streams are STDIN, STDOUT and STDERR".to_owned()),
        },
        "tag" => crate::reference::Reference::parse(value)
            .map(|_| value.to_owned())
            .map_err(|error| error.message(false)),
        _ => Ok(value.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_durations() {
        for (text, size) in
            [("64m", 64 << 20), ("1.5g", 3 << 29), ("10kB", 10240), ("7", 7), ("1GiB", 1 << 30)]
        {
            assert_eq!(bytes(text), Ok(size), "{text}");
        }
        assert_eq!(bytes("huge"), Err("invalid size: 'huge'".into()));
        assert_eq!(duration("1m30.5s"), Ok(90_500_000_000));
        assert_eq!(duration("5"), Err("time: missing unit in duration \"5\"".into()));
    }
}

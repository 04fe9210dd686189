//! Numbers and words as they are printed.

/// A number as `printf` prints it with `%f`, `%e` or `%g`.
pub(in crate::shell) fn format_float(value: f64, conversion: char, precision: Option<usize>) -> String {
    let precision = precision.unwrap_or(6);
    let upper = conversion.is_ascii_uppercase();
    let text = if value.is_nan() {
        "nan".to_owned()
    } else if value.is_infinite() {
        if value < 0.0 { "-inf".to_owned() } else { "inf".to_owned() }
    } else {
        match conversion.to_ascii_lowercase() {
            'e' => exponential(value, precision),
            'g' => general(value, precision.max(1)),
            _ => format!("{value:.precision$}"),
        }
    };
    if upper { text.to_uppercase() } else { text }
}

fn exponential(value: f64, precision: usize) -> String {
    let text = format!("{value:.precision$e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

fn general(value: f64, precision: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let rounded = format!("{value:.*e}", precision - 1);
    let exponent: i32 = rounded.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    let trim = |text: String| {
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    };
    if exponent < -4 || exponent >= precision as i32 {
        let text = exponential(value, precision - 1);
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, ""));
        return format!("{}e{exponent}", trim(digits.to_owned()));
    }
    let decimals = (precision as i32 - 1 - exponent).max(0) as usize;
    trim(format!("{value:.decimals$}"))
}

/// A word that a shell reads back as it is (`printf %q`).
pub(in crate::shell) fn shell_quoted(word: &str) -> String {
    if word.is_empty() {
        return "''".to_owned();
    }
    let mut quoted = String::new();
    for c in word.chars() {
        if !(c.is_alphanumeric() || "_-./:,@%+=".contains(c)) {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats() {
        for (value, conversion, precision, text) in [
            (2.71, 'f', Some(1), "2.7"),
            (2.0, 'f', None, "2.000000"),
            (12345.678, 'e', Some(2), "1.23e+04"),
            (0.0001, 'g', None, "0.0001"),
            (1e-5, 'g', None, "1e-05"),
            (123_456_789.0, 'g', None, "1.23457e+08"),
            (100.0, 'g', None, "100"),
            (0.5, 'G', Some(0), "0.5"),
        ] {
            assert_eq!(format_float(value, conversion, precision), text);
        }
    }
}

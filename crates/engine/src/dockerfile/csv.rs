//! One record of comma-separated values, as the options of `--mount` and `--device` are written.

/// The fields of `text`; the error is the text of Go's reader.
pub(super) fn fields(text: &str) -> Result<Vec<String>, String> {
    let mut fields = Vec::new();
    let mut rest = text.strip_suffix('\n').unwrap_or(text);
    if text.is_empty() {
        return Err("EOF".into());
    }
    let error = |rest: &str, reason: &str| {
        let column = text.len() - rest.len() + 1;
        Err(format!("parse error on line 1, column {column}: {reason}"))
    };
    loop {
        let Some(mut quoted) = rest.strip_prefix('"') else {
            let (field, after) =
                rest.split_once(',').map_or((rest, None), |(field, after)| (field, Some(after)));
            if let Some(at) = field.find('"') {
                return error(&rest[at..], "bare \" in non-quoted-field");
            }
            fields.push(field.to_owned());
            match after {
                Some(after) => rest = after,
                None => return Ok(fields),
            }
            continue;
        };
        let mut field = String::new();
        loop {
            let Some((part, after)) = quoted.split_once('"') else {
                return error("", "extraneous or missing \" in quoted-field");
            };
            field.push_str(part);
            if let Some(more) = after.strip_prefix('"') {
                field.push('"');
                quoted = more;
                continue;
            }
            fields.push(field);
            if after.is_empty() {
                return Ok(fields);
            }
            match after.strip_prefix(',') {
                Some(after) => rest = after,
                None => {
                    return error(
                        &text[text.len() - after.len() - 1..],
                        "extraneous or missing \" in quoted-field",
                    );
                }
            }
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_like_go() {
        assert_eq!(fields("a,b=c,").unwrap(), ["a", "b=c", ""]);
        assert_eq!(fields("\"a,\"\"b\",c").unwrap(), ["a,\"b", "c"]);
        assert_eq!(fields("").unwrap_err(), "EOF");
        assert_eq!(
            fields("a\"b").unwrap_err(),
            "parse error on line 1, column 2: bare \" in non-quoted-field"
        );
        assert!(fields("\"a").is_err() && fields("\"a\"b").is_err());
    }
}

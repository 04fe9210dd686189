//! Modes as `--chmod` writes them: octal, or symbolic as the command `chmod` has them.

/// Says in BuildKit's words why a text is no mode.
pub(super) fn check_mode(text: &str) -> Result<(), String> {
    if apply_mode(text, 0, false).is_some() {
        return Ok(());
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        let rule = "it should be octal string and between 0 and 07777";
        return Err(format!("invalid chmod parameter: '{text}'. {rule}"));
    }
    Err("invalid syntax".to_owned())
}

/// The mode that a node with mode `old` gets; `None` if the text is no mode.
pub fn apply_mode(text: &str, old: u32, is_directory: bool) -> Option<u32> {
    octal(text).filter(|mode| *mode <= 0o7777).or_else(|| apply_symbolic(text, old, is_directory))
}

fn octal(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
    if digits { u32::from_str_radix(text, 8).ok() } else { None }
}

fn apply_symbolic(text: &str, old: u32, is_directory: bool) -> Option<u32> {
    let mut mode = old;
    for clause in text.split(',') {
        let at = clause.find(['+', '-', '='])?;
        let (who, mut rest) = clause.split_at(at);
        if !who.chars().all(|c| "ugoa".contains(c)) {
            return None;
        }
        let everyone = who.is_empty() || who.contains('a');
        while let Some(operator) = rest.chars().next() {
            let end = rest[1..].find(['+', '-', '=']).map_or(rest.len(), |at| at + 1);
            let bits = permissions(&rest[1..end], mode, is_directory)?;
            let mut mask = 0;
            for (letter, shift, special) in [('u', 6, 0o4000), ('g', 3, 0o2000), ('o', 0, 0o1000)] {
                if everyone || who.contains(letter) {
                    mask |= (0o7 << shift) | special;
                }
            }
            let bits = bits & mask;
            mode = match operator {
                '+' => mode | bits,
                '-' => mode & !bits,
                _ => mode & !(mask & 0o777) | bits,
            };
            rest = &rest[end..];
        }
    }
    Some(mode)
}

/// The letters behind an operator as bits for everyone.
fn permissions(letters: &str, mode: u32, is_directory: bool) -> Option<u32> {
    let mut bits = 0;
    for letter in letters.chars() {
        bits |= match letter {
            'r' => 0o444,
            'w' => 0o222,
            'x' => 0o111,
            'X' if is_directory || mode & 0o111 != 0 => 0o111,
            'X' => 0,
            's' => 0o6000,
            't' => 0o1000,
            _ => return None,
        };
    }
    Some(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes() {
        assert_eq!(apply_mode("0755", 0, false), Some(0o755));
        assert_eq!(apply_mode("u=rwX,go=rX", 0o644, false), Some(0o644));
        assert_eq!(apply_mode("u=rwX,go=rX", 0o600, true), Some(0o755));
        assert_eq!(apply_mode("a-w", 0o666, false), Some(0o444));
        assert_eq!(apply_mode("+x", 0o644, false), Some(0o755));
        for text in ["10000", "999", "", "u", "q+x", "u+q"] {
            assert!(check_mode(text).is_err(), "{text}");
        }
    }
}

//! Modes as `chmod` and `umask` write them.

/// The mode that a text gives to something of mode `old`; `None` if it is no mode.
pub(in crate::shell) fn parse(text: &str, old: u32, is_directory: bool, umask: u32) -> Option<u32> {
    if !text.is_empty() && text.bytes().all(|digit| matches!(digit, b'0'..=b'7')) {
        let bits = u32::from_str_radix(text, 8).ok().filter(|bits| *bits <= 0o7777)?;
        // Numbers of up to four digits leave the set-ID bits of directories alone.
        let kept = if is_directory && text.len() <= 4 { old & 0o6000 } else { 0 };
        return Some(bits | kept);
    }
    symbolic(text, old, is_directory, umask)
}

/// `u+rwx,go=r`
pub(in crate::shell) fn symbolic(text: &str, old: u32, is_directory: bool, umask: u32) -> Option<u32> {
    let mut mode = old;
    for clause in text.split(',') {
        let mut chars = clause.chars().peekable();
        let mut who = 0;
        while let Some(c) = chars.next_if(|c| "ugoa".contains(*c)) {
            who |= match c {
                'u' => 0o4700,
                'g' => 0o2070,
                'o' => 0o1007,
                _ => 0o7777,
            };
        }
        let named = who != 0;
        let mask = if who == 0 { !umask & 0o7777 } else { 0o7777 };
        let who = if who == 0 { 0o7777 } else { who };
        chars.peek()?;
        while let Some(operator) = chars.next() {
            if !"+-=".contains(operator) {
                return None;
            }
            let digits: String = chars.clone().take_while(|c| matches!(c, '0'..='7')).collect();
            if !digits.is_empty() {
                // Octal digits are all that such a clause has, and nobody is named in it.
                let bits = u32::from_str_radix(&digits, 8).ok().filter(|bits| *bits <= 0o7777)?;
                if named || digits.len() != chars.by_ref().count() {
                    return None;
                }
                mode = match operator {
                    '+' => mode | bits,
                    '-' => mode & !bits,
                    _ => bits,
                };
                break;
            }
            let mut bits = 0;
            while let Some(c) = chars.next_if(|c| !"+-=".contains(*c)) {
                bits |= match c {
                    'r' => 0o444,
                    'w' => 0o222,
                    'x' => 0o111,
                    'X' if is_directory || mode & 0o111 != 0 => 0o111,
                    'X' => 0,
                    's' => 0o6000,
                    't' => 0o1000,
                    'u' => (mode >> 6 & 7) * 0o111,
                    'g' => (mode >> 3 & 7) * 0o111,
                    'o' => (mode & 7) * 0o111,
                    _ => return None,
                };
            }
            // The sticky bit goes for everybody, whoever is named.
            let who = if bits & 0o1000 != 0 { who | 0o1000 } else { who };
            let bits = bits & who & mask;
            mode = match operator {
                '+' => mode | bits,
                '-' => mode & !bits,
                _ => mode & !(who & if is_directory { 0o1777 } else { 0o7777 }) | bits,
            };
        }
    }
    Some(mode & 0o7777)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes() {
        for (text, old, mode) in [
            ("755", 0o600, 0o755),
            ("a+x", 0o644, 0o755),
            ("+x", 0o600, 0o711),
            ("go-r", 0o644, 0o600),
            ("u=rwx,g=rx,o=", 0o777, 0o750),
            ("u+s", 0o755, 0o4755),
            ("+t", 0o755, 0o1755),
            ("g=u", 0o640, 0o660),
            ("a+X", 0o640, 0o640),
            ("a+X", 0o740, 0o751),
            ("1777", 0, 0o1777),
            ("u+w-x", 0o500, 0o600),
        ] {
            assert_eq!(parse(text, old, false, 0o022), Some(mode), "{text}");
        }
        for text in ["", "u", "999", "z+x", "u+q", "77777"] {
            assert_eq!(parse(text, 0o644, false, 0o022), None, "{text}");
        }
    }
}

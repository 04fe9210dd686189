//! Modes as `--chmod` writes them: octal, or symbolic in the way of BSD's `chmod`, which BuildKit's library follows.

/// The bits that `a` and an operator without a class stand for.
const EVERYONE: u32 = 0o6777;
const STICKY: u32 = 0o1000;
/// What classes that are not named leave out: BuildKit takes this file creation mask for granted.
const UMASK: u32 = 0o022;
/// The mode of directories that a copy makes above its destination.
const MADE_DIRECTORY: u32 = 0o755;

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
    octal(text).or_else(|| apply_symbolic(text, old, is_directory))
}

/// The mode of directories that are made above the destination: only an octal mode goes for them.
pub fn made_directory_mode(text: Option<&str>) -> u32 {
    text.and_then(octal).unwrap_or(MADE_DIRECTORY)
}

fn octal(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
    if digits { u32::from_str_radix(text, 8).ok().filter(|mode| *mode <= 0o7777) } else { None }
}

fn apply_symbolic(text: &str, old: u32, is_directory: bool) -> Option<u32> {
    let may_execute = is_directory || old & 0o111 != 0;
    let mut change = Change { mode: old, who: 0, may_execute };
    for clause in text.split(',') {
        let operators = clause.trim_start_matches(['a', 'u', 'g', 'o']);
        change.who =
            clause[..clause.len() - operators.len()].chars().map(class).fold(0, |all, bits| all | bits);
        if operators.is_empty() {
            return None;
        }
        let mut rest = operators.chars().peekable();
        while let Some(operator) = rest.next() {
            if !matches!(operator, '+' | '-' | '=') {
                return None;
            }
            let mut letters = String::new();
            while let Some(letter) = rest.next_if(|letter| "rstwXxugo".contains(*letter)) {
                letters.push(letter);
            }
            change.operate(operator, &letters);
        }
    }
    Some(change.mode)
}

fn class(letter: char) -> u32 {
    match letter {
        'u' => 0o4700,
        'g' => 0o2070,
        'o' => 0o0007,
        _ => EVERYONE,
    }
}

/// A mode on its way.
struct Change {
    mode: u32,
    /// The bits of the classes that are named; 0 for none.
    who: u32,
    /// Whether `X` counts: for directories, and for what somebody could execute before.
    may_execute: bool,
}

impl Change {
    /// One operator with the letters behind it.
    fn operate(&mut self, operator: char, letters: &str) {
        let (mut who, mut bits, mut execute, mut assigned) = (self.who, 0, 0, false);
        // Set-id and sticky bits mean nothing for others alone.
        let special = who == 0 || who & !0o0007 != 0;
        for letter in letters.chars() {
            match letter {
                'r' => bits |= 0o444,
                'w' => bits |= 0o222,
                'x' => bits |= 0o111,
                'X' if operator == '+' => execute = 0o111,
                's' if special => bits |= 0o6000,
                't' if special => (who, bits) = (who | STICKY, bits | STICKY),
                'u' | 'g' | 'o' => {
                    if bits != 0 {
                        self.set(operator, who, std::mem::take(&mut bits));
                    }
                    assigned |= operator == '=';
                    self.execute(who, std::mem::take(&mut execute));
                    self.copy(operator, letter);
                }
                _ => {}
            }
        }
        if bits != 0 || operator == '=' && !assigned {
            self.set(operator, who, bits);
        }
        self.execute(who, execute);
    }

    fn set(&mut self, operator: char, who: u32, bits: u32) {
        let chosen = if who == 0 { bits & !UMASK } else { bits & who };
        if operator == '=' {
            self.mode &= !if who == 0 { EVERYONE } else { who };
        }
        match operator {
            '-' => self.mode &= !chosen,
            _ => self.mode |= chosen,
        }
    }

    fn execute(&mut self, who: u32, bits: u32) {
        if self.may_execute {
            self.mode |= if who == 0 { bits & !UMASK } else { bits & who };
        }
    }

    /// Gives the classes the permissions of another one, as they are now.
    fn copy(&mut self, operator: char, from: char) {
        let shift = |class: char| "ogu".find(class).unwrap_or(0) * 3;
        let value = self.mode >> shift(from) & 0o7;
        let all = if self.who == 0 { !UMASK } else { !0 };
        for class in
            ['u', 'g', 'o'].into_iter().filter(|to| self.who == 0 || self.who & (0o4 << shift(*to)) != 0)
        {
            let place = |bits: u32| bits << shift(class) & all;
            match operator {
                '-' => self.mode &= !place(value),
                '+' => self.mode |= place(value),
                _ => self.mode = self.mode & !place(0o7) | place(value),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes() {
        for (text, old, mode) in [
            ("0755", 0, 0o755),
            ("a-w", 0o666, 0o444),
            ("+x", 0o644, 0o755),
            // Without a class the mask counts.
            ("+w", 0o444, 0o644),
            ("=rw", 0o777, 0o644),
            // `X` is only for `+`, and looks at the mode as it was.
            ("u=rwX,go=rX", 0o755, 0o644),
            ("a-x,u+X", 0o755, 0o744),
            ("go+X", 0o644, 0o644),
            ("g=u", 0o640, 0o660),
            ("go=u-w", 0o640, 0o644),
            ("o+g", 0o640, 0o644),
            ("u+s,g+s,+t", 0o755, 0o7755),
            ("o+s,o+t", 0o755, 0o755),
            ("u=rx", 0o4755, 0o555),
            ("a=r", 0o7777, 0o1444),
            ("go=", 0o644, 0o600),
            ("u+r-w", 0o200, 0o400),
        ] {
            assert_eq!(apply_mode(text, old, false), Some(mode), "{text}");
        }
        assert_eq!(apply_mode("a+X", 0o600, true), Some(0o711));
    }

    #[test]
    fn what_is_no_mode() {
        for text in ["10000", "999", "08", "0o7"] {
            assert!(check_mode(text).unwrap_err().starts_with("invalid chmod parameter"), "{text}");
        }
        for text in ["u", "q+x", "u+q", "rwx", "-1", "u=rw,foo", "hello"] {
            assert_eq!(check_mode(text).unwrap_err(), "invalid syntax", "{text}");
        }
    }

    #[test]
    fn made_directories_take_octal_modes_only() {
        assert_eq!(made_directory_mode(Some("700")), 0o700);
        assert_eq!(made_directory_mode(Some("go-rx")), 0o755);
        assert_eq!(made_directory_mode(None), 0o755);
    }
}

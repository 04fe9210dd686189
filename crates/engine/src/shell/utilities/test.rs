//! `test` and `[`.

use crate::shell::{Outcome, Process};
use crate::vfs::{DeviceKind, Follow, Node};

/// Evaluates a condition: 0 for true, 1 for false, 2 for one that is none.
pub(in crate::shell) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let mut words = process.args().to_vec();
    let name = process.name().to_owned();
    if name == "[" || name == "[[" {
        let close = if name == "[" { "]" } else { "]]" };
        if words.last().is_none_or(|word| word != close) {
            process.complain(&format!("missing {close}"))?;
            return Ok(2);
        }
        words.pop();
    }
    let patterns = name == "[[";
    match evaluate(process, &words, patterns) {
        Ok(value) => Ok(i32::from(!value)),
        Err(message) => {
            process.complain(&message)?;
            Ok(2)
        }
    }
}

/// Evaluates the words of a condition; `patterns`: whether the right side of `==` is one.
pub(in crate::shell) fn evaluate(
    process: &mut Process<'_, '_>,
    words: &[String],
    patterns: bool,
) -> Result<bool, String> {
    let mut condition = Condition { process, words, at: 0, patterns, depth: 0 };
    match words {
        [] => return Ok(false),
        [word] => return Ok(!word.is_empty()),
        [not, word] if not == "!" => return Ok(word.is_empty()),
        [_, operator] if is_binary(operator) && !words[0].starts_with('-') => {
            return Err(format!("{operator}: argument expected"));
        }
        // With three or four words POSIX says what wins.
        [left, operator, right] if is_binary(operator) => return condition.binary(left, operator, right),
        [not, left, operator, right] if not == "!" && is_binary(operator) => {
            return condition.binary(left, operator, right).map(|value| !value);
        }
        _ => {}
    }
    let value = condition.or()?;
    match words.get(condition.at) {
        None => Ok(value),
        // BusyBox names what is left over, dash what stands in front of it.
        Some(word) if condition.process.is_busybox() => Err(condition.unexpected(word)),
        Some(_) => Err(condition.unexpected(&words[condition.at.saturating_sub(1)])),
    }
}

struct Condition<'p, 'm, 'w, 'a> {
    process: &'p mut Process<'m, 'w>,
    words: &'a [String],
    at: usize,
    patterns: bool,
    depth: u32,
}

impl Condition<'_, '_, '_, '_> {
    fn peek(&self) -> Option<&str> {
        self.words.get(self.at).map(String::as_str)
    }

    fn unexpected(&self, word: &str) -> String {
        if self.process.is_busybox() {
            format!("{word}: unknown operand")
        } else {
            format!("{word}: unexpected operator")
        }
    }

    fn or(&mut self) -> Result<bool, String> {
        let mut value = self.and()?;
        while matches!(self.peek(), Some("-o" | "||")) {
            self.at += 1;
            let right = self.and()?;
            value = value || right;
        }
        Ok(value)
    }

    fn and(&mut self) -> Result<bool, String> {
        let mut value = self.primary()?;
        while matches!(self.peek(), Some("-a" | "&&")) {
            self.at += 1;
            let right = self.primary()?;
            value = value && right;
        }
        Ok(value)
    }

    fn primary(&mut self) -> Result<bool, String> {
        self.depth += 1;
        if self.depth > 100 {
            return Err("too many arguments".into());
        }
        let value = self.primary_inside();
        self.depth -= 1;
        value
    }

    fn primary_inside(&mut self) -> Result<bool, String> {
        let Some(word) = self.peek().map(str::to_owned) else { return Err("argument expected".into()) };
        let second = self.words.get(self.at + 1).cloned();
        let third = self.words.get(self.at + 2).cloned();
        if let (Some(operator), Some(right)) = (&second, &third)
            && is_binary(operator)
        {
            self.at += 3;
            return self.binary(&word, operator, right);
        }
        if let (Some(operator), None) = (&second, &third)
            && is_binary(operator)
            && !matches!(word.as_str(), "!" | "(")
            && self.process.is_busybox()
        {
            return Err(format!("{operator}: argument expected"));
        }
        self.at += 1;
        if word == "!" && second.is_some() {
            return Ok(!self.primary()?);
        }
        if word == "(" && second.is_some() {
            let value = self.or()?;
            if self.peek() != Some(")") {
                return Err("closing paren expected".into());
            }
            self.at += 1;
            return Ok(value);
        }
        if is_unary(&word)
            && let Some(operand) = second
        {
            self.at += 1;
            return Ok(unary(self.process, &word, &operand));
        }
        Ok(!word.is_empty())
    }

    fn binary(&mut self, left: &str, operator: &str, right: &str) -> Result<bool, String> {
        if self.patterns && operator == "=~" {
            let regex = crate::shell::regex::Regex::new(right, crate::shell::regex::Syntax::Extended, false);
            return Ok(regex.is_ok_and(|regex| regex.find(left, 0).is_some()));
        }
        if self.patterns && matches!(operator, "=" | "==" | "!=") {
            return Ok(crate::shell::language::matches_glob(right, left) == (operator != "!="));
        }
        binary(self.process, left, operator, right)
    }
}

/// Whether a word is an operator with one operand.
pub(in crate::shell) fn is_unary(operator: &str) -> bool {
    let mut chars = operator.chars();
    chars.next() == Some('-')
        && chars.next().is_some_and(|letter| "bcdefghknprstuvwxzGLNOS".contains(letter))
        && chars.next().is_none()
}

/// Whether a word is an operator with two operands.
pub(in crate::shell) fn is_binary(operator: &str) -> bool {
    matches!(
        operator,
        "=" | "=="
            | "=~"
            | "!="
            | "<"
            | ">"
            | "-eq"
            | "-ne"
            | "-lt"
            | "-le"
            | "-gt"
            | "-ge"
            | "-nt"
            | "-ot"
            | "-ef"
    )
}

/// The value of a unary condition.
pub(in crate::shell) fn unary(process: &mut Process<'_, '_>, operator: &str, operand: &str) -> bool {
    let letter = operator.chars().nth(1).unwrap_or('n');
    match letter {
        'n' => return !operand.is_empty(),
        'z' => return operand.is_empty(),
        't' | 'v' | 'N' => return false,
        'h' | 'L' => return process.lstat(operand).is_ok_and(|node| node.as_symlink().is_some()),
        'r' => return process.may_read(operand),
        'w' => return process.may_write(operand),
        'x' => return process.may_execute(operand),
        _ => {}
    }
    let Ok(node) = process.stat(operand) else { return false };
    let device = |wanted: DeviceKind| matches!(&*node, Node::Device { kind, .. } if *kind == wanted);
    match letter {
        'e' => true,
        'f' => node.as_file().is_some(),
        'd' => node.is_directory(),
        's' => node.is_directory() || node.size() > 0,
        'b' => device(DeviceKind::Block),
        'c' => device(DeviceKind::Character),
        'p' => device(DeviceKind::Fifo),
        'u' => node.metadata().mode & 0o4000 != 0,
        'g' => node.metadata().mode & 0o2000 != 0,
        'k' => node.metadata().mode & 0o1000 != 0,
        'O' => node.metadata().uid == process.credentials.uid,
        'G' => node.metadata().gid == process.credentials.gid,
        _ => false,
    }
}

/// The value of a binary condition, or what is wrong with its numbers.
pub(in crate::shell) fn binary(
    process: &mut Process<'_, '_>,
    left: &str,
    operator: &str,
    right: &str,
) -> Result<bool, String> {
    match operator {
        "=" | "==" => return Ok(left == right),
        "!=" => return Ok(left != right),
        "<" => return Ok(left < right),
        ">" => return Ok(left > right),
        "-ef" => {
            let place = |process: &mut Process<'_, '_>, path: &str| process.look(path, Follow::Yes).ok();
            let (Some((left, _)), Some((right, _))) = (place(process, left), place(process, right)) else {
                return Ok(false);
            };
            return Ok(left == right || process.machine.tree().names_of(&left).contains(&right));
        }
        "-nt" | "-ot" => {
            let time = |process: &mut Process<'_, '_>, path: &str| {
                process.stat(path).ok().map(|node| node.metadata().mtime)
            };
            let (left, right) = (time(process, left), time(process, right));
            let newer = if operator == "-nt" { left > right } else { left < right };
            // To BusyBox a file that is missing is neither newer nor older.
            return Ok(newer && (!process.is_busybox() || left.is_some() && right.is_some()));
        }
        _ => {}
    }
    let number = |text: &str| {
        text.trim().parse::<i64>().map_err(|_| {
            if process.is_busybox() {
                format!("{text}: bad number")
            } else {
                format!("Illegal number: {text}")
            }
        })
    };
    Ok(compare(number(left)?, operator, number(right)?))
}

/// Compares numbers.
pub(in crate::shell) fn compare(left: i64, operator: &str, right: i64) -> bool {
    match operator {
        "-eq" => left == right,
        "-ne" => left != right,
        "-lt" => left < right,
        "-le" => left <= right,
        "-gt" => left > right,
        _ => left >= right,
    }
}

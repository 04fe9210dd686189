//! `expr`: evaluates an expression of words.

use super::options;
use super::support::in_memory;
use crate::shell::regex::{Regex, Syntax};
use crate::shell::{Outcome, Process};

/// Evaluates an expression of words.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let mut words = process.args().to_vec();
    if words.first().is_some_and(|word| word == "--") {
        words.remove(0);
    }
    let gnu = !process.is_busybox();
    if words.is_empty() {
        if process.is_busybox() {
            process.complain("too few arguments")?;
        } else {
            process.complain("missing operand")?;
            options::usage_error(process)?;
        }
        return Ok(2);
    }
    let mut expression = Expression { words: &words, at: 0, depth: 0, gnu };
    let result = expression
        .or()
        .and_then(|value| if expression.at < words.len() { Err("syntax error") } else { Ok(value) });
    match result {
        Ok(value) => {
            process.output(&format!("{value}\n"))?;
            Ok(i32::from(is_null(&value, gnu)))
        }
        Err(message) => {
            let text = match (message, words.last()) {
                _ if process.is_busybox() => message.to_owned(),
                ("unclosed", Some(last)) => format!("syntax error: expecting ')' after '{last}'"),
                ("syntax error", Some(last)) if expression.at >= words.len() => {
                    format!("syntax error: missing argument after '{last}'")
                }
                ("syntax error", _) => {
                    format!(
                        "syntax error: unexpected argument '{}'",
                        words.get(expression.at).map_or("", |word| word)
                    )
                }
                ("non-numeric argument", _) => "non-integer argument".to_owned(),
                (other, _) => other.to_owned(),
            };
            process.complain(&text)?;
            Ok(2)
        }
    }
}

struct Expression<'a> {
    words: &'a [String],
    at: usize,
    depth: u32,
    gnu: bool,
}

type Value = Result<String, &'static str>;

impl Expression<'_> {
    fn peek(&self) -> &str {
        self.words.get(self.at).map_or("", |word| word)
    }

    fn or(&mut self) -> Value {
        self.depth += 1;
        if self.depth > 100 {
            return Err("syntax error");
        }
        let mut left = self.and()?;
        while self.peek() == "|" {
            self.at += 1;
            let right = self.and()?;
            if is_null(&left, self.gnu) {
                left = if self.gnu && is_null(&right, true) { "0".into() } else { right };
            }
        }
        self.depth -= 1;
        Ok(left)
    }

    fn and(&mut self) -> Value {
        let mut left = self.comparison()?;
        while self.peek() == "&" {
            self.at += 1;
            let right = self.comparison()?;
            if is_null(&left, self.gnu) || is_null(&right, self.gnu) {
                left = "0".into();
            }
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Value {
        let mut left = self.sum()?;
        while matches!(self.peek(), "<" | "<=" | "=" | "==" | "!=" | ">=" | ">") {
            let operator = self.peek().to_owned();
            self.at += 1;
            let right = self.sum()?;
            let order = match (left.parse::<i64>(), right.parse::<i64>()) {
                (Ok(left), Ok(right)) => left.cmp(&right),
                _ => left.cmp(&right),
            };
            let holds = match operator.as_str() {
                "<" => order.is_lt(),
                "<=" => order.is_le(),
                "=" | "==" => order.is_eq(),
                "!=" => order.is_ne(),
                ">=" => order.is_ge(),
                _ => order.is_gt(),
            };
            left = i32::from(holds).to_string();
        }
        Ok(left)
    }

    fn sum(&mut self) -> Value {
        let mut left = self.product()?;
        while matches!(self.peek(), "+" | "-") {
            let add = self.peek() == "+";
            self.at += 1;
            let right = integer(&self.product()?)?;
            let value = integer(&left)?;
            left = if add { value.wrapping_add(right) } else { value.wrapping_sub(right) }.to_string();
        }
        Ok(left)
    }

    fn product(&mut self) -> Value {
        let mut left = self.colon()?;
        while matches!(self.peek(), "*" | "/" | "%") {
            let operator = self.peek().to_owned();
            self.at += 1;
            let right = integer(&self.colon()?)?;
            let value = integer(&left)?;
            if right == 0 && operator != "*" {
                return Err("division by zero");
            }
            left = match operator.as_str() {
                "*" => value.wrapping_mul(right),
                "/" => value.wrapping_div(right),
                _ => value.wrapping_rem(right),
            }
            .to_string();
        }
        Ok(left)
    }

    fn colon(&mut self) -> Value {
        let mut left = self.primary()?;
        while self.peek() == ":" {
            self.at += 1;
            let pattern = self.primary()?;
            left = matched(&left, &pattern)?;
        }
        Ok(left)
    }

    fn primary(&mut self) -> Value {
        let word = self.words.get(self.at).ok_or("syntax error")?.clone();
        self.at += 1;
        Ok(match word.as_str() {
            "(" => {
                let value = self.or()?;
                if self.peek() != ")" {
                    return Err(if self.gnu && self.at >= self.words.len() {
                        "unclosed"
                    } else {
                        "syntax error"
                    });
                }
                self.at += 1;
                value
            }
            "+" if self.gnu => {
                let word = self.words.get(self.at).ok_or("syntax error")?.clone();
                self.at += 1;
                word
            }
            "length" => self.primary()?.chars().count().to_string(),
            "match" => {
                let text = self.primary()?;
                matched(&text, &self.primary()?)?
            }
            "substr" => {
                let text = self.primary()?;
                let (from, count) = (self.primary()?, self.primary()?);
                // What is no number is as good as none.
                let (from, count) = (integer(&from).unwrap_or(0), integer(&count).unwrap_or(0));
                if from < 1 || count < 1 {
                    String::new()
                } else {
                    text.chars().skip(in_memory(from as u64 - 1)).take(in_memory(count as u64)).collect()
                }
            }
            "index" => {
                let text = self.primary()?;
                let set = self.primary()?;
                text.chars().position(|c| set.contains(c)).map_or(0, |at| at + 1).to_string()
            }
            _ => word,
        })
    }
}

fn matched(text: &str, pattern: &str) -> Value {
    let regex = Regex::new(&format!("^{}", pattern.trim_start_matches('^')), Syntax::Basic, false)?;
    let found = regex.find(text, 0);
    Ok(match (found, regex.groups() > 0) {
        (Some(found), true) => found.text(text, 1).unwrap_or("").to_owned(),
        (Some(found), false) => text[..found.end()].chars().count().to_string(),
        (None, true) => String::new(),
        (None, false) => "0".to_owned(),
    })
}

/// Whether a value is false: GNU takes any number of zeros for none.
fn is_null(value: &str, gnu: bool) -> bool {
    let digits = if gnu { value.strip_prefix('-').unwrap_or(value) } else { value };
    value.is_empty() || value == "0" || gnu && !digits.is_empty() && digits.bytes().all(|digit| digit == b'0')
}

fn integer(text: &str) -> Result<i64, &'static str> {
    text.parse().map_err(|_| "non-numeric argument")
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn expressions() {
        assert_eq!(
            sh("expr 3 + 4 \\* 2; expr abc : 'a\\(.\\)'; expr length hello; expr 2 \\> 10; expr 1 / 0"),
            "11\nb\n5\n0\n! expr: division by zero\n= 2\n"
        );
        assert_eq!(
            shown("dash", "expr + length; expr 00; echo $?; expr 0 \\| ''; expr '(' 1"),
            "length\n00\n1\n0\n! expr: syntax error: expecting ')' after '1'\n= 2\n"
        );
    }
}

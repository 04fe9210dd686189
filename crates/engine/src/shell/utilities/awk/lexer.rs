//! From the text of a program to its tokens.

use super::builtins::Builtin;
use super::dialect::Dialect;
use super::failure::Failure;
use super::value::leading_number;
use crate::shell::bytes::byte_char;

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Text(String),
    /// Between slashes, as it is written.
    Regex(String),
    Name(String),
    /// A name with a parenthesis right behind it.
    Call(String),
    Builtin(Builtin),
    /// A keyword, an operator, a parenthesis, or `\n`.
    Mark(&'static str),
    End,
}

/// A token and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub token: Token,
    pub line: usize,
    /// As it is written, for messages.
    pub written: String,
}

const KEYWORDS: [&str; 20] = [
    "BEGIN", "END", "function", "func", "if", "else", "while", "for", "do", "break", "continue", "next",
    "nextfile", "exit", "return", "delete", "in", "getline", "print", "printf",
];

/// The longest first.
const OPERATORS: [&str; 42] = [
    "**=", "&&", "||", "++", "--", "+=", "-=", "*=", "/=", "%=", "^=", "**", "==", "<=", ">=", "!=", "!~",
    ">>", "{", "}", "(", ")", "[", "]", ";", ",", "+", "-", "*", "/", "%", "^", "!", ">", "<", "|", "?", ":",
    "~", "$", "=", "\n",
];

/// Takes a text apart.
pub(super) fn tokens(text: &str, dialect: Dialect) -> Result<Vec<Placed>, Failure> {
    let mut lexer = Lexer { text, at: 0, line: 1, dialect, placed: Vec::new() };
    while lexer.next()? {}
    Ok(lexer.placed)
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    dialect: Dialect,
    placed: Vec<Placed>,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    /// Skips blanks, comments and lines that go on.
    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
            let comment = rest[blanks..].starts_with('#');
            let length = if comment { rest[blanks..].find('\n').unwrap_or(rest.len() - blanks) } else { 0 };
            let joined = ["\\\n", "\\\r\n"].into_iter().find(|end| rest[blanks + length..].starts_with(end));
            self.at += blanks + length + joined.map_or(0, str::len);
            self.line += usize::from(joined.is_some());
            if !comment && joined.is_none() {
                return;
            }
        }
    }

    fn push(&mut self, token: Token, length: usize) {
        let written = self.rest()[..length].to_owned();
        self.at += length;
        self.placed.push(Placed { token, line: self.line, written });
    }

    /// Whether a slash here divides: behind something that has a value.
    fn divides(&self) -> bool {
        match self.placed.last().map(|placed| &placed.token) {
            Some(
                Token::Number(_) | Token::Text(_) | Token::Regex(_) | Token::Name(_) | Token::Builtin(_),
            ) => true,
            Some(Token::Mark(mark)) => matches!(*mark, ")" | "]" | "++" | "--" | "$"),
            _ => false,
        }
    }

    fn next(&mut self) -> Result<bool, Failure> {
        self.skip();
        let Some(first) = self.rest().chars().next() else {
            self.push(Token::End, 0);
            return Ok(false);
        };
        if first == '"' {
            self.string()?;
        } else if first == '/' && !self.divides() {
            self.regex()?;
        } else if first.is_ascii_digit() || first == '.' {
            let (number, length) = leading_number(self.rest(), self.dialect);
            if length == 0 {
                return Err(self.unexpected(first));
            }
            self.push(Token::Number(number), length);
        } else if first.is_ascii_alphabetic() || first == '_' {
            self.word();
        } else {
            let operator = OPERATORS.into_iter().find(|operator| self.rest().starts_with(operator));
            // mawk has no second spelling of the power.
            let operator = match operator {
                Some("**" | "**=") if self.dialect == Dialect::Mawk => Some("*"),
                other => other,
            };
            let operator = operator.ok_or_else(|| self.unexpected(first))?;
            let token = match operator {
                "**" => "^",
                "**=" => "^=",
                other => other,
            };
            self.push(Token::Mark(token), operator.len());
            self.line += usize::from(operator == "\n");
        }
        Ok(true)
    }

    fn unexpected(&self, c: char) -> Failure {
        let text = match self.dialect {
            Dialect::Mawk if c == '&' => "syntax error at or near &".to_owned(),
            Dialect::Mawk => format!("unexpected character '{c}'"),
            Dialect::Busybox => "Unexpected token".to_owned(),
            Dialect::Gawk => "syntax error".to_owned(),
        };
        Failure::Syntax(self.line, text)
    }

    fn word(&mut self) {
        let rest = self.rest();
        let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let word = &rest[..length];
        let token = if let Some(keyword) = KEYWORDS.into_iter().find(|keyword| *keyword == word) {
            Token::Mark(if keyword == "func" { "function" } else { keyword })
        } else if let Some(builtin) = Builtin::find(word, self.dialect) {
            Token::Builtin(builtin)
        } else if rest[length..].starts_with('(') {
            Token::Call(word.to_owned())
        } else {
            Token::Name(word.to_owned())
        };
        self.push(token, length);
    }

    fn string(&mut self) -> Result<(), Failure> {
        let mut length = 1;
        loop {
            match self.rest()[length..].chars().next() {
                None | Some('\n') => {
                    let shown = &self.rest()[..length];
                    return Err(self.runaway("string constant", shown));
                }
                Some('"') => break,
                Some('\\') => {
                    length += 1 + self.rest()[length + 1..].chars().next().map_or(0, char::len_utf8)
                }
                Some(c) => length += c.len_utf8(),
            }
        }
        let inner = &self.rest()[1..length];
        let lines = inner.matches('\n').count();
        let text = unescape(inner, self.dialect);
        self.push(Token::Text(text), length + 1);
        self.line += lines;
        Ok(())
    }

    fn runaway(&self, what: &str, shown: &str) -> Failure {
        let text = match self.dialect {
            Dialect::Mawk => format!("runaway {what} {shown} ..."),
            Dialect::Busybox => "Unexpected end of string".to_owned(),
            Dialect::Gawk if what.starts_with("string") => "unterminated string".to_owned(),
            Dialect::Gawk => "unterminated regexp".to_owned(),
        };
        Failure::Syntax(self.line, text)
    }

    fn regex(&mut self) -> Result<(), Failure> {
        let mut length = 1;
        let mut bracket = None;
        loop {
            let rest = &self.rest()[length..];
            let Some(c) = rest.chars().next().filter(|c| *c != '\n') else {
                let shown = &self.rest()[..length];
                return Err(self.runaway("regular expression", shown));
            };
            match (c, bracket) {
                ('/', None) => break,
                ('\\', _) => length += rest[1..].chars().next().map_or(0, char::len_utf8),
                ('[', None) if self.dialect != Dialect::Busybox => {
                    let skipped = if rest[1..].starts_with('^') { 1 } else { 0 };
                    // A bracket right at the beginning stands for itself.
                    bracket = Some(length + 1 + skipped);
                }
                ('[', Some(_)) if rest.starts_with("[:") => {
                    length += rest.find(":]").map_or(0, |end| end + 1);
                }
                (']', Some(from)) if length > from => bracket = None,
                _ => {}
            }
            length += c.len_utf8();
        }
        let text = self.rest()[1..length].to_owned();
        self.push(Token::Regex(text), length + 1);
        Ok(())
    }
}

/// A string with its backslash sequences replaced; what is none keeps its backslash, but not with gawk.
pub(super) fn unescape(text: &str, dialect: Dialect) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            None => out.push('\\'),
            Some('\n') => {}
            Some('/') if dialect == Dialect::Mawk => out.push_str("\\/"),
            Some(c @ ('"' | '\\' | '/')) => out.push(c),
            Some('a') => out.push('\x07'),
            Some('b') => out.push('\x08'),
            Some('f') => out.push('\x0c'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('v') => out.push('\x0b'),
            Some(digit @ '0'..='7') => {
                let mut value = digit.to_digit(8).unwrap_or(0);
                for _ in 0..2 {
                    let Some(digit) = chars.next_if(|c| c.is_digit(8)) else { break };
                    value = value * 8 + digit.to_digit(8).unwrap_or(0);
                }
                out.push(byte_char(value as u8));
            }
            Some('x') if chars.peek().is_some_and(char::is_ascii_hexdigit) => {
                let mut value = 0;
                for _ in 0..2 {
                    let Some(digit) = chars.next_if(char::is_ascii_hexdigit) else { break };
                    value = value * 16 + digit.to_digit(16).unwrap_or(0);
                }
                out.push(byte_char(value as u8));
            }
            Some(other) => {
                if dialect != Dialect::Gawk {
                    out.push('\\');
                }
                out.push(other);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Vec<Token> {
        tokens(text, Dialect::Gawk).unwrap().into_iter().map(|placed| placed.token).collect()
    }

    #[test]
    fn slashes() {
        let regexes =
            |text: &str| written(text).iter().filter(|token| matches!(token, Token::Regex(_))).count();
        assert_eq!(regexes("a / b / c"), 0);
        assert_eq!(regexes("/a/ && x ~ /[/]/ || f(/b\\/c/)"), 3);
        assert_eq!(regexes("a[1] / 2 / NF++ / 2"), 0);
        assert_eq!(regexes("length / 2"), 0);
    }

    #[test]
    fn strings_and_lines() {
        assert_eq!(written("\"a\\tb\\\"\\101\\q\"")[0], Token::Text("a\tb\"Aq".into()));
        assert_eq!(unescape("\\.", Dialect::Mawk), "\\.");
        let placed = tokens("a # b\n\\\nc", Dialect::Mawk).unwrap();
        assert_eq!(placed.iter().map(|placed| placed.line).collect::<Vec<_>>(), [1, 1, 3, 3]);
        let error = tokens("x\n\"abc", Dialect::Mawk).unwrap_err();
        assert_eq!(error, Failure::Syntax(2, "runaway string constant \"abc ...".into()));
    }
}

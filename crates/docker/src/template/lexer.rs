//! From the text of a template to its pieces: literal text, and the tokens between `{{` and `}}`.

/// A token of an action, with the byte at which it begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) at: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// `.Name`.
    Field(String),
    /// `$name`.
    Variable(String),
    /// `.` alone.
    Dot,
    /// A word: keyword, function, `true`, `false`, `nil`.
    Word(String),
    /// A quoted string, unquoted.
    Text(String),
    /// A number.
    Number(String),
    Pipe,
    Declare,
    Assign,
    Comma,
    Open,
    Close,
    /// Blanks, which separate operands.
    Space,
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Text(String),
    /// The tokens of an action, and the line that it is on.
    Action(Vec<Token>, usize),
}

/// What is wrong, and on which line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Malformed {
    pub(super) line: usize,
    pub(super) message: String,
}

/// The pieces of a text.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece>, Malformed> {
    let mut pieces = Vec::new();
    let (mut at, mut trim) = (0, false);
    while at < text.len() {
        let open = text[at..].find("{{").map(|found| at + found);
        let mut literal = &text[at..open.unwrap_or(text.len())];
        if trim {
            literal = literal.trim_start();
        }
        let Some(open) = open else {
            push_text(&mut pieces, literal);
            break;
        };
        let mut start = open + 2;
        if text[start..].starts_with("- ") {
            literal = literal.trim_end();
            start += 2;
        }
        push_text(&mut pieces, literal);
        let line = 1 + text[..open].matches('\n').count();
        if let Some(end) = comment(text, start, line)? {
            (at, trim) = end;
            continue;
        }
        let (tokens, end) = tokens(text, start, line)?;
        pieces.push(Piece::Action(tokens, line));
        (at, trim) = end;
    }
    Ok(pieces)
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text.to_owned()));
    }
}

/// Where a comment ends, and whether blanks behind it go.
fn comment(text: &str, start: usize, line: usize) -> Result<Option<(usize, bool)>, Malformed> {
    let Some(rest) = text[start..].strip_prefix("/*") else { return Ok(None) };
    let fail = |message: &str| Malformed { line, message: message.to_owned() };
    let end = rest.find("*/").ok_or_else(|| fail("unclosed comment"))?;
    let after = start + 2 + end + 2;
    if text[after..].starts_with("}}") {
        Ok(Some((after + 2, false)))
    } else if text[after..].starts_with(" -}}") {
        Ok(Some((after + 4, true)))
    } else {
        Err(fail("comment ends before closing delimiter"))
    }
}

type Tokens = (Vec<Token>, (usize, bool));

fn tokens(text: &str, start: usize, line: usize) -> Result<Tokens, Malformed> {
    let fail = |message: String| Malformed { line, message };
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = start;
    let mut depth = 0_u32;
    loop {
        let rest = &text[at..];
        let Some(c) = rest.chars().next() else { return Err(fail("unclosed action".into())) };
        let trims = is_blank(c) && rest[1..].starts_with("-}}");
        if trims || rest.starts_with("}}") {
            if depth > 0 {
                return Err(fail("unclosed left paren".into()));
            }
            let length = if trims { 4 } else { 2 };
            return Ok((tokens, (at + length, trims)));
        }
        let (kind, length) = match c {
            c if is_blank(c) => {
                let length = rest.len() - rest.trim_start_matches(is_blank).len();
                // The last blank before a mark that trims belongs to the mark.
                (Kind::Space, length - usize::from(rest[length..].starts_with("-}}")))
            }
            '|' => (Kind::Pipe, 1),
            ',' => (Kind::Comma, 1),
            '(' => {
                depth += 1;
                (Kind::Open, 1)
            }
            ')' => {
                depth = depth.checked_sub(1).ok_or_else(|| fail("unexpected right paren".into()))?;
                (Kind::Close, 1)
            }
            ':' if rest.starts_with(":=") => (Kind::Declare, 2),
            '=' => (Kind::Assign, 1),
            '"' | '`' | '\'' => quoted(rest, c, line)?,
            '.' if !rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                let name = word(&rest[1..]);
                if name.is_empty() { (Kind::Dot, 1) } else { (Kind::Field(name.to_owned()), 1 + name.len()) }
            }
            '$' => {
                let name = word(&rest[1..]);
                (Kind::Variable(name.to_owned()), 1 + name.len())
            }
            c if c.is_ascii_digit() || matches!(c, '+' | '-' | '.') => {
                let signed = usize::from(matches!(c, '+' | '-'));
                let digits = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
                let length = rest[signed..].find(|c| !digits(c)).map_or(rest.len(), |end| end + signed);
                (Kind::Number(rest[..length].to_owned()), length)
            }
            c if c.is_alphanumeric() || c == '_' => {
                let name = word(rest);
                (Kind::Word(name.to_owned()), name.len())
            }
            c => return Err(fail(format!("unexpected {c:?} in command").replace('\'', "\""))),
        };
        tokens.push(Token { kind, at });
        at += length;
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, '\n' | '\r' | ' ' | '\t')
}

fn word(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())]
}

fn quoted(rest: &str, quote: char, line: usize) -> Result<(Kind, usize), Malformed> {
    let unclosed = if quote == '`' { "unterminated raw quoted string" } else { "unterminated quoted string" };
    let fail = || Malformed { line, message: unclosed.to_owned() };
    let mut value = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        if c == quote {
            let kind = match quote {
                '\'' => Kind::Number(value.chars().next().map_or(0, |c| c as u32).to_string()),
                _ => Kind::Text(value),
            };
            return Ok((kind, at + 1));
        }
        if c != '\\' || quote == '`' {
            if c == '\n' && quote != '`' {
                return Err(fail());
            }
            value.push(c);
            continue;
        }
        match chars.next().ok_or_else(fail)?.1 {
            'n' => value.push('\n'),
            't' => value.push('\t'),
            'r' => value.push('\r'),
            other => value.push(other),
        }
    }
    Err(fail())
}

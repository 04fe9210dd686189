//! From the text of an expression to its parts.

use super::Syntax;
use super::ast::{Assertion, Ast, Set};

pub(super) struct Parser {
    pub(super) chars: Vec<char>,
    pub(super) at: usize,
    pub(super) syntax: Syntax,
    pub(super) groups: usize,
    depth: u32,
    pub(super) ignore_case: bool,
    pub(super) references: bool,
    pub(super) alternatives: bool,
}

pub(super) type Parsed = Result<Ast, &'static str>;

impl Parser {
    /// A parser before the first character.
    pub(super) fn new(text: &str, syntax: Syntax) -> Self {
        Self {
            chars: text.chars().collect(),
            at: 0,
            syntax,
            groups: 0,
            depth: 0,
            ignore_case: false,
            references: false,
            alternatives: false,
        }
    }

    /// The whole expression.
    pub(super) fn parse(&mut self) -> Parsed {
        let ast = self.alternatives(0)?;
        match (self.at < self.chars.len(), self.syntax) {
            (false, _) => Ok(ast),
            (true, Syntax::Basic) => Err("Unmatched ( or \\("),
            (true, Syntax::Extended | Syntax::Perl) => Err("Unmatched ) or \\)"),
        }
    }

    pub(super) fn sees(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(ahead, c)| self.chars.get(self.at + ahead) == Some(&c))
    }

    pub(super) fn take(&mut self, basic: &str, extended: &str) -> bool {
        let wanted = if self.syntax == Syntax::Basic { basic } else { extended };
        if !wanted.is_empty() && self.sees(wanted) {
            self.at += wanted.chars().count();
            return true;
        }
        false
    }

    /// Alternatives up to the end or a closing parenthesis.
    pub(super) fn alternatives(&mut self, nesting: u32) -> Parsed {
        self.depth += 1;
        if self.depth > 100 {
            return Err("Regular expression too big");
        }
        let mut parts = vec![self.concat(nesting)?];
        while self.take("\\|", "|") {
            self.alternatives = true;
            parts.push(self.concat(nesting)?);
        }
        self.depth -= 1;
        Ok(if parts.len() == 1 { parts.remove(0) } else { Ast::Alternate(parts) })
    }

    fn at_end(&self, nesting: u32) -> bool {
        let (bar, close) = if self.syntax == Syntax::Basic { ("\\|", "\\)") } else { ("|", ")") };
        self.at >= self.chars.len()
            || self.sees(bar)
            || self.sees(close) && (nesting > 0 || self.syntax == Syntax::Basic)
    }

    fn concat(&mut self, nesting: u32) -> Parsed {
        let mut parts = Vec::new();
        while !self.at_end(nesting) {
            let is_first = parts.is_empty();
            let mut atom = self.atom(nesting, is_first)?;
            while let Some((least, most)) = self.repetition()? {
                atom = match atom {
                    // A star behind `^` stands for itself in the basic syntax.
                    Ast::Assert(Assertion::Start)
                        if self.syntax == Syntax::Basic && (least, most) == (0, None) =>
                    {
                        Ast::Concat(vec![atom, Ast::Char('*')])
                    }
                    Ast::Assert(_) => Ast::Empty,
                    atom if self.syntax == Syntax::Perl && self.take("", "?") => {
                        Ast::Lazy(Box::new(atom), least, most)
                    }
                    atom => Ast::Repeat(Box::new(atom), least, most),
                };
            }
            parts.push(atom);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Ast::Concat(parts) })
    }

    /// How often the atom before is wanted, if that is said here.
    fn repetition(&mut self) -> Result<Option<(u32, Option<u32>)>, &'static str> {
        Ok(Some(if self.take("*", "*") {
            (0, None)
        } else if self.take("\\+", "+") {
            (1, None)
        } else if self.take("\\?", "?") {
            (0, Some(1))
        } else if self.interval_follows() {
            self.interval()?
        } else {
            return Ok(None);
        }))
    }

    fn interval_follows(&self) -> bool {
        if self.syntax == Syntax::Basic {
            return self.sees("\\{");
        }
        // What is no interval stands for itself.
        let rest = &self.chars[self.at..];
        let inner = rest.iter().skip(1).take_while(|c| c.is_ascii_digit() || **c == ',').count();
        let commas = rest.iter().take(inner + 1).filter(|c| **c == ',').count();
        self.sees("{") && inner > commas && commas < 2 && rest.get(inner + 1) == Some(&'}')
    }

    fn interval(&mut self) -> Result<(u32, Option<u32>), &'static str> {
        self.take("\\{", "{");
        let number = |parser: &mut Self| {
            let start = parser.at;
            while parser.chars.get(parser.at).is_some_and(char::is_ascii_digit) {
                parser.at += 1;
            }
            parser.chars[start..parser.at].iter().collect::<String>().parse::<u32>().ok()
        };
        let least = number(self);
        let most = if self.sees(",") {
            self.at += 1;
            number(self)
        } else {
            least
        };
        if !self.take("\\}", "}") {
            return Err("Unmatched \\{");
        }
        let least = least.unwrap_or(0);
        if least > 255 || most.is_some_and(|most| most > 255 || most < least) {
            return Err("Invalid content of \\{\\}");
        }
        Ok((least, most))
    }

    fn atom(&mut self, nesting: u32, is_first: bool) -> Parsed {
        if self.syntax == Syntax::Perl && self.sees("(?") {
            return self.perl_group(nesting);
        }
        if self.take("\\(", "(") {
            self.groups += 1;
            let group = self.groups;
            let inner = self.alternatives(nesting + 1)?;
            if !self.take("\\)", ")") {
                return Err("Unmatched ( or \\(");
            }
            return Ok(Ast::Group(Box::new(inner), group));
        }
        let c = self.chars[self.at];
        self.at += 1;
        Ok(match c {
            '.' => Ast::Any,
            '[' => self.class()?,
            '^' if self.syntax != Syntax::Basic || is_first => Ast::Assert(Assertion::Start),
            '$' if self.syntax != Syntax::Basic || self.at_end(1) => Ast::Assert(Assertion::End),
            '*' if is_first => Ast::Char('*'),
            '*' | '+' | '?' if self.syntax != Syntax::Basic && is_first => Ast::Char(c),
            '\\' => self.escape()?,
            _ => Ast::Char(c),
        })
    }

    fn escape(&mut self) -> Parsed {
        let Some(&c) = self.chars.get(self.at) else { return Err("Trailing backslash") };
        self.at += 1;
        if self.syntax == Syntax::Perl
            && let Some(ast) = self.perl_escape(c)
        {
            return Ok(ast);
        }
        let class = |negated, word: bool| {
            let classes = vec![if word { "alnum".to_owned() } else { "space".to_owned() }];
            let ranges = if word { vec![('_', '_')] } else { Vec::new() };
            Ast::Class(Set { negated, ranges, classes })
        };
        Ok(match c {
            '1'..='9' => {
                let group = c as usize - '0' as usize;
                if group > self.groups {
                    return Err("Invalid back reference");
                }
                self.references = true;
                Ast::Reference(group)
            }
            'w' => class(false, true),
            'W' => class(true, true),
            's' => class(false, false),
            'S' => class(true, false),
            'b' => Ast::Assert(Assertion::WordEdge { negated: false }),
            'B' => Ast::Assert(Assertion::WordEdge { negated: true }),
            '<' => Ast::Assert(Assertion::WordStart),
            '>' => Ast::Assert(Assertion::WordEnd),
            '`' => Ast::Assert(Assertion::TextStart),
            '\'' => Ast::Assert(Assertion::TextEnd),
            'n' => Ast::Char('\n'),
            't' => Ast::Char('\t'),
            _ => Ast::Char(c),
        })
    }
}

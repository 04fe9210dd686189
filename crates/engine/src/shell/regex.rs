//! Regular expressions of POSIX, basic and extended, with GNU's additions and back-references.
//!
//! A backtracking machine that remembers where it has been, so that its time is bounded by the product of pattern and
//! text unless there are back-references. Of several matches at one place the longest is taken, as POSIX wants it.

use super::language::Pattern;

/// Which syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// `grep`, `sed`: groups and intervals need backslashes.
    Basic,
    /// `grep -E`, `sed -E`, `awk`.
    Extended,
}

/// A compiled expression.
#[derive(Clone, Debug)]
pub(crate) struct Regex {
    program: Vec<Inst>,
    groups: usize,
    ignore_case: bool,
    has_references: bool,
    has_alternatives: bool,
    /// The text that every match begins with.
    prefix: String,
    /// Whether the prefix is the whole expression.
    is_literal: bool,
}

/// A match: the places of the whole and of each group, as byte offsets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Match(Vec<Option<(usize, usize)>>);

impl Match {
    /// Where the match begins.
    pub(super) fn start(&self) -> usize {
        self.0[0].map_or(0, |(start, _)| start)
    }

    /// Where it ends.
    pub(super) fn end(&self) -> usize {
        self.0[0].map_or(0, |(_, end)| end)
    }

    /// The text of a group; 0 is the whole.
    pub(super) fn text<'t>(&self, text: &'t str, group: usize) -> Option<&'t str> {
        let (start, end) = (*self.0.get(group)?)?;
        text.get(start..end)
    }

    /// The number of groups, the whole included.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

#[derive(Clone, Debug)]
enum Inst {
    Char(char),
    Any,
    Class(Box<Set>),
    Start,
    End,
    WordEdge {
        negated: bool,
    },
    WordStart,
    WordEnd,
    Save(usize),
    /// Both ways, the first preferred.
    Split(usize, usize),
    Jump(usize),
    Reference(usize),
    /// Fails if nothing was taken since the slot was saved, so that `(a*)*` ends.
    Progress(usize),
    Match,
}

#[derive(Clone, Debug, Default)]
struct Set {
    negated: bool,
    ranges: Vec<(char, char)>,
    classes: Vec<String>,
}

#[derive(Clone, Debug)]
enum Ast {
    Empty,
    Char(char),
    Any,
    Class(Set),
    Assert(Inst),
    Group(Box<Ast>, usize),
    Concat(Vec<Ast>),
    Alternate(Vec<Ast>),
    Repeat(Box<Ast>, u32, Option<u32>),
    Reference(usize),
}

const MAX_PROGRAM: usize = 20_000;
/// Steps of one search with back-references, which may take exponential time.
const MAX_STEPS: usize = 200_000;

impl Regex {
    /// Compiles an expression; the error is what the C library says of it.
    pub(super) fn new(text: &str, syntax: Syntax, ignore_case: bool) -> Result<Self, &'static str> {
        let mut parser = RegexParser {
            chars: text.chars().collect(),
            at: 0,
            syntax,
            groups: 0,
            depth: 0,
            references: false,
            alternatives: false,
        };
        let ast = parser.alternatives(0)?;
        if parser.at < parser.chars.len() {
            return Err(if syntax == Syntax::Basic { "Unmatched ( or \\(" } else { "Unmatched ) or \\)" });
        }
        let mut program = Vec::new();
        let mut slots = 2 * (parser.groups + 1);
        emit(&ast, &mut program, &mut slots)?;
        program.push(Inst::Match);
        let (prefix, is_literal) = if ignore_case { (String::new(), false) } else { prefix(&ast) };
        Ok(Self {
            program,
            groups: parser.groups + 1,
            ignore_case,
            has_references: parser.references,
            has_alternatives: parser.alternatives,
            prefix,
            is_literal,
        })
    }

    /// Whether there is a match anywhere.
    pub(super) fn is_match(&self, text: &str) -> bool {
        self.find(text, 0).is_some()
    }

    /// The number of groups, the whole not counted.
    pub(super) fn groups(&self) -> usize {
        self.groups - 1
    }

    /// The first match that begins at `from` or behind it. The text before counts for `^` and word edges.
    pub(super) fn find(&self, text: &str, from: usize) -> Option<Match> {
        if self.is_literal && !self.prefix.is_empty() {
            let start = text.get(from..)?.find(&self.prefix)? + from;
            return Some(Match(vec![Some((start, start + self.prefix.len()))]));
        }
        let anchored = matches!(self.program.get(1), Some(Inst::Start)) && !self.has_alternatives;
        let mut start = from;
        let mut visited = Vec::new();
        loop {
            if !self.prefix.is_empty() {
                start += text.get(start..)?.find(&self.prefix)?;
            }
            if anchored && start > 0 {
                return None;
            }
            if let Some(found) = self.match_at(text, start, &mut visited) {
                return Some(found);
            }
            start += text.get(start..)?.chars().next()?.len_utf8();
        }
    }

    fn match_at(&self, text: &str, start: usize, visited: &mut Vec<u64>) -> Option<Match> {
        let width = text.len() - start + 1;
        let remembers = !self.has_references;
        if remembers {
            visited.clear();
            visited.resize((self.program.len() * width).div_ceil(64), 0);
        }
        let slots = self.slots();
        let mut saved: Vec<Option<usize>> = vec![None; slots];
        let mut stack: Vec<Job> = vec![Job::Run(0, start)];
        let mut best: Option<Vec<Option<usize>>> = None;
        let mut steps = 0;
        while let Some(job) = stack.pop() {
            let (mut pc, mut at) = match job {
                Job::Restore(slot, value) => {
                    saved[slot] = value;
                    continue;
                }
                Job::Run(pc, at) => (pc, at),
            };
            loop {
                if remembers {
                    let bit = pc * width + (at - start);
                    if visited[bit / 64] >> (bit % 64) & 1 == 1 {
                        break;
                    }
                    visited[bit / 64] |= 1 << (bit % 64);
                }
                steps += 1;
                if !remembers && steps > MAX_STEPS {
                    return best.map(|slots| self.to_match(&slots));
                }
                match &self.program[pc] {
                    Inst::Match => {
                        saved[1] = Some(at);
                        let better = best.as_ref().is_none_or(|best| best[1] < Some(at));
                        if better {
                            best = Some(saved.clone());
                            best.as_mut()?[0] = Some(start);
                        }
                        if !self.has_alternatives {
                            return best.map(|slots| self.to_match(&slots));
                        }
                        break;
                    }
                    Inst::Jump(to) => pc = *to,
                    Inst::Split(first, second) => {
                        stack.push(Job::Run(*second, at));
                        pc = *first;
                    }
                    Inst::Save(slot) => {
                        stack.push(Job::Restore(*slot, saved[*slot]));
                        saved[*slot] = Some(at);
                        pc += 1;
                    }
                    Inst::Progress(slot) => {
                        if saved[*slot] == Some(at) {
                            break;
                        }
                        pc += 1;
                    }
                    Inst::Reference(group) => {
                        let range = saved
                            .get(2 * group)
                            .copied()
                            .flatten()
                            .zip(saved.get(2 * group + 1).copied().flatten());
                        let Some((from, to)) = range else { break };
                        let wanted = &text[from..to];
                        if !text[at..].starts_with(wanted) {
                            break;
                        }
                        at += wanted.len();
                        pc += 1;
                    }
                    simple => match self.simple(simple, text, at) {
                        Some(next) => {
                            at = next;
                            pc += 1;
                        }
                        None => break,
                    },
                }
            }
        }
        best.map(|slots| self.to_match(&slots))
    }

    fn slots(&self) -> usize {
        let highest = self.program.iter().filter_map(|inst| match inst {
            Inst::Save(slot) | Inst::Progress(slot) => Some(*slot),
            _ => None,
        });
        highest.max().unwrap_or(1).max(2 * self.groups - 1) + 1
    }

    fn to_match(&self, slots: &[Option<usize>]) -> Match {
        Match((0..self.groups).map(|group| slots[2 * group].zip(slots[2 * group + 1])).collect())
    }

    /// An instruction that looks at one character or none: where it ends.
    fn simple(&self, inst: &Inst, text: &str, at: usize) -> Option<usize> {
        let here = || text[at..].chars().next();
        let before = || text[..at].chars().next_back();
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let holds = match inst {
            Inst::Char(wanted) => {
                let c = here()?;
                let equal = c == *wanted || self.ignore_case && same_letter(c, *wanted);
                return equal.then(|| at + c.len_utf8());
            }
            Inst::Any => return here().map(|c| at + c.len_utf8()),
            Inst::Class(set) => {
                let c = here()?;
                let inside = set.contains(c)
                    || self.ignore_case
                        && (set.contains(c.to_ascii_lowercase()) || set.contains(c.to_ascii_uppercase()));
                return (inside != set.negated).then(|| at + c.len_utf8());
            }
            Inst::Start => at == 0,
            Inst::End => at == text.len(),
            Inst::WordEdge { negated } => (is_word(before()) != is_word(here())) != *negated,
            Inst::WordStart => !is_word(before()) && is_word(here()),
            Inst::WordEnd => is_word(before()) && !is_word(here()),
            _ => false,
        };
        holds.then_some(at)
    }
}

enum Job {
    Run(usize, usize),
    Restore(usize, Option<usize>),
}

fn same_letter(a: char, b: char) -> bool {
    a.to_lowercase().eq(b.to_lowercase())
}

impl Set {
    fn contains(&self, c: char) -> bool {
        self.ranges.iter().any(|(low, high)| (*low..=*high).contains(&c))
            || self.classes.iter().any(|class| super::language::is_in_class(c, class))
    }
}

/// The literal text at the beginning, and whether there is nothing else.
fn prefix(ast: &Ast) -> (String, bool) {
    match ast {
        Ast::Char(c) => (c.to_string(), true),
        Ast::Concat(parts) => {
            let chars = parts.iter().map_while(|part| match part {
                Ast::Char(c) => Some(*c),
                _ => None,
            });
            let text: String = chars.collect();
            let whole = text.chars().count() == parts.len();
            (text, whole)
        }
        _ => (String::new(), false),
    }
}

fn emit(ast: &Ast, program: &mut Vec<Inst>, slots: &mut usize) -> Result<(), &'static str> {
    if program.len() > MAX_PROGRAM {
        return Err("Regular expression too big");
    }
    match ast {
        Ast::Empty => {}
        Ast::Char(c) => program.push(Inst::Char(*c)),
        Ast::Any => program.push(Inst::Any),
        Ast::Class(set) => program.push(Inst::Class(Box::new(set.clone()))),
        Ast::Assert(inst) => program.push(inst.clone()),
        Ast::Reference(group) => program.push(Inst::Reference(*group)),
        Ast::Group(inner, group) => {
            program.push(Inst::Save(2 * group));
            emit(inner, program, slots)?;
            program.push(Inst::Save(2 * group + 1));
        }
        Ast::Concat(parts) => {
            for part in parts {
                emit(part, program, slots)?;
            }
        }
        Ast::Alternate(parts) => {
            let mut jumps = Vec::new();
            for (at, part) in parts.iter().enumerate() {
                if at + 1 < parts.len() {
                    let split = program.len();
                    program.push(Inst::Match);
                    emit(part, program, slots)?;
                    jumps.push(program.len());
                    program.push(Inst::Match);
                    program[split] = Inst::Split(split + 1, program.len());
                } else {
                    emit(part, program, slots)?;
                }
            }
            let end = program.len();
            for jump in jumps {
                program[jump] = Inst::Jump(end);
            }
        }
        Ast::Repeat(inner, least, most) => {
            for _ in 0..*least {
                emit(inner, program, slots)?;
            }
            match most {
                None => {
                    let slot = *slots;
                    *slots += 1;
                    let split = program.len();
                    program.push(Inst::Match);
                    program.push(Inst::Save(slot));
                    emit(inner, program, slots)?;
                    program.push(Inst::Progress(slot));
                    program.push(Inst::Jump(split));
                    program[split] = Inst::Split(split + 1, program.len());
                }
                Some(most) => {
                    let mut splits = Vec::new();
                    for _ in *least..*most {
                        splits.push(program.len());
                        program.push(Inst::Match);
                        emit(inner, program, slots)?;
                    }
                    let end = program.len();
                    for split in splits {
                        program[split] = Inst::Split(split + 1, end);
                    }
                }
            }
        }
    }
    Ok(())
}

struct RegexParser {
    chars: Vec<char>,
    at: usize,
    syntax: Syntax,
    groups: usize,
    depth: u32,
    references: bool,
    alternatives: bool,
}

type Parsed = Result<Ast, &'static str>;

impl RegexParser {
    fn sees(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(ahead, c)| self.chars.get(self.at + ahead) == Some(&c))
    }

    fn take(&mut self, basic: &str, extended: &str) -> bool {
        let wanted = if self.syntax == Syntax::Basic { basic } else { extended };
        if !wanted.is_empty() && self.sees(wanted) {
            self.at += wanted.chars().count();
            return true;
        }
        false
    }

    fn alternatives(&mut self, nesting: u32) -> Parsed {
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
            loop {
                let (least, most) = if self.sees("*") {
                    self.at += 1;
                    (0, None)
                } else if self.take("\\+", "+") {
                    (1, None)
                } else if self.take("\\?", "?") {
                    (0, Some(1))
                } else if self.interval_follows() {
                    self.interval()?
                } else {
                    break;
                };
                atom = match atom {
                    // A star behind `^` stands for itself in the basic syntax.
                    Ast::Assert(Inst::Start)
                        if self.syntax == Syntax::Basic && (least, most) == (0, None) =>
                    {
                        Ast::Concat(vec![atom, Ast::Char('*')])
                    }
                    Ast::Assert(_) => Ast::Empty,
                    atom => Ast::Repeat(Box::new(atom), least, most),
                };
            }
            parts.push(atom);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Ast::Concat(parts) })
    }

    fn interval_follows(&self) -> bool {
        if self.syntax == Syntax::Basic {
            return self.sees("\\{");
        }
        self.sees("{") && self.chars.get(self.at + 1).is_some_and(|c| c.is_ascii_digit() || *c == ',')
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
            return Err("Unmatched { or \\{");
        }
        let least = least.unwrap_or(0);
        if least > 255 || most.is_some_and(|most| most > 255 || most < least) {
            return Err("Invalid content of \\{\\}");
        }
        Ok((least, most))
    }

    fn atom(&mut self, nesting: u32, is_first: bool) -> Parsed {
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
            '^' if self.syntax == Syntax::Extended || is_first => Ast::Assert(Inst::Start),
            '$' if self.syntax == Syntax::Extended || self.at_end(1) => Ast::Assert(Inst::End),
            '*' if is_first => Ast::Char('*'),
            '*' | '+' | '?' if self.syntax == Syntax::Extended && is_first => Ast::Char(c),
            '\\' => self.escape()?,
            _ => Ast::Char(c),
        })
    }

    fn escape(&mut self) -> Parsed {
        let Some(&c) = self.chars.get(self.at) else { return Err("Trailing backslash") };
        self.at += 1;
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
            'b' => Ast::Assert(Inst::WordEdge { negated: false }),
            'B' => Ast::Assert(Inst::WordEdge { negated: true }),
            '<' => Ast::Assert(Inst::WordStart),
            '>' => Ast::Assert(Inst::WordEnd),
            '`' => Ast::Assert(Inst::Start),
            '\'' => Ast::Assert(Inst::End),
            'n' => Ast::Char('\n'),
            't' => Ast::Char('\t'),
            _ => Ast::Char(c),
        })
    }

    fn class(&mut self) -> Parsed {
        const UNMATCHED: &str = "Unmatched [, [^, [:, [., or [=";
        let mut set = Set { negated: self.sees("^"), ..Set::default() };
        self.at += usize::from(set.negated);
        let start = self.at;
        loop {
            let c = *self.chars.get(self.at).ok_or(UNMATCHED)?;
            if c == ']' && self.at > start {
                self.at += 1;
                return Ok(Ast::Class(set));
            }
            if self.sees("[:") {
                let end =
                    (self.at + 2..self.chars.len()).find(|end| self.chars[*end..].starts_with(&[':', ']']));
                let end = end.ok_or(UNMATCHED)?;
                let name: String = self.chars[self.at + 2..end].iter().collect();
                if !CLASSES.contains(&name.as_str()) {
                    return Err("Invalid character class name");
                }
                set.classes.push(name);
                self.at = end + 2;
                continue;
            }
            let low = self.class_char().ok_or(UNMATCHED)?;
            if self.sees("-") && self.chars.get(self.at + 1).is_some_and(|c| *c != ']') {
                self.at += 1;
                let high = self.class_char().ok_or(UNMATCHED)?;
                if high < low {
                    return Err("Invalid range end");
                }
                set.ranges.push((low, high));
            } else {
                set.ranges.push((low, low));
            }
        }
    }

    /// A character of a class; `[.x.]` and `[=x=]` are `x`.
    fn class_char(&mut self) -> Option<char> {
        let c = *self.chars.get(self.at)?;
        if c == '['
            && matches!(self.chars.get(self.at + 1), Some('.' | '='))
            && self.chars.get(self.at + 4) == Some(&']')
        {
            let inner = self.chars[self.at + 2];
            self.at += 5;
            return Some(inner);
        }
        self.at += 1;
        // Not POSIX, but what awk and GNU sed make of these.
        if c == '\\' {
            let replacement = match self.chars.get(self.at) {
                Some('n') => Some('\n'),
                Some('t') => Some('\t'),
                Some(']') if self.syntax == Syntax::Extended => Some(']'),
                Some('\\') if self.syntax == Syntax::Extended => Some('\\'),
                Some('/') => Some('/'),
                _ => None,
            };
            if let Some(replacement) = replacement {
                self.at += 1;
                return Some(replacement);
            }
        }
        Some(c)
    }
}

const CLASSES: [&str; 12] = [
    "alpha", "digit", "alnum", "upper", "lower", "space", "blank", "punct", "print", "graph", "cntrl",
    "xdigit",
];

/// Whether a name matches a shell pattern, for `find -name` and the like.
pub(crate) fn matches_glob(pattern: &str, name: &str) -> bool {
    Pattern::new(pattern).matches(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn find(pattern: &str, syntax: Syntax, text: &str) -> Option<Vec<String>> {
        let regex = Regex::new(pattern, syntax, false).unwrap();
        let found = regex.find(text, 0)?;
        Some((0..found.len()).map(|group| found.text(text, group).unwrap_or("-").to_owned()).collect())
    }

    #[test]
    fn extended() {
        for (pattern, text, groups) in [
            ("a|ab|abc", "xabcd", &["abc"][..]),
            ("^(a+)(b?)$", "aab", &["aab", "aa", "b"]),
            ("(a*)*", "aab", &["aa", "aa"]),
            ("[[:digit:]]+\\.[0-9]{2,3}", "x1.234", &["1.234"]),
            ("(foo|bar)+", "xfoobarfoo", &["foobarfoo", "foo"]),
            ("\\bcat\\b", "a cat", &["cat"]),
            ("(.)\\1", "hello", &["ll", "l"]),
            ("x{0}y", "xy", &["y"]),
            ("a{2}", "aaa", &["aa"]),
            ("[]a]+", "x]a", &["]a"]),
            ("", "x", &[""]),
            ("é.", "caféx", &["éx"]),
        ] {
            let expected: Vec<String> = groups.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(find(pattern, Syntax::Extended, text), Some(expected), "{pattern}");
        }
        assert_eq!(find("^b", Syntax::Extended, "ab"), None);
        assert_eq!(find("a+$", Syntax::Extended, "aab"), None);
    }

    #[test]
    fn basic() {
        for (pattern, text, whole) in [
            ("a\\(b*\\)c\\1d", "abbcbbd", "abbcbbd"),
            ("a+", "aa+", "a+"),
            ("a\\+", "aa+", "aa"),
            ("*x", "*x", "*x"),
            ("^*x", "*x", "*x"),
            ("a\\{2\\}", "aaa", "aa"),
            ("x$y", "x$y", "x$y"),
            ("a\\|b", "cb", "b"),
            ("a(b)", "a(b)", "a(b)"),
            ("[^:]*", "ab:c", "ab"),
        ] {
            assert_eq!(find(pattern, Syntax::Basic, text).unwrap()[0], whole, "{pattern}");
        }
    }

    #[test]
    fn errors() {
        let error = |pattern, syntax| Regex::new(pattern, syntax, false).unwrap_err();
        assert_eq!(error("\\(", Syntax::Basic), "Unmatched ( or \\(");
        assert_eq!(error("[a", Syntax::Basic), "Unmatched [, [^, [:, [., or [=");
        assert_eq!(error("a\\", Syntax::Basic), "Trailing backslash");
        assert_eq!(error("\\1", Syntax::Extended), "Invalid back reference");
    }

    #[test]
    fn case_does_not_count() {
        assert!(Regex::new("[a-c]X", Syntax::Basic, true).unwrap().is_match("Bx"));
    }

    #[test]
    fn no_exponential_time() {
        let regex = Regex::new("(a|a)*(a|a)*(a|a)*b", Syntax::Extended, false).unwrap();
        assert!(!regex.is_match(&"a".repeat(300)));
    }

    proptest! {
        #[test]
        fn nothing_panics(pattern in "[ab()\\[\\]^$*+?{}0-9,|.\\\\:-]{0,16}", text in "[ab\\n:é]{0,12}") {
            for syntax in [Syntax::Basic, Syntax::Extended] {
                if let Ok(regex) = Regex::new(&pattern, syntax, false) {
                    let _ = regex.find(&text, 0);
                }
            }
        }
    }
}

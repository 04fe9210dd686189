//! From words to an expression.

use super::expression::{Expression, Number, PermTest, Test};
use crate::shell::Process;
use crate::shell::regex::{Regex, Syntax};
use crate::shell::utilities::mode;
use crate::shell::utilities::support::{group_id, parse_size, user_id};

/// Reads the words behind the places to begin at. The error is what `find` says of it.
pub(super) fn parse(process: &mut Process<'_, '_>, words: &[String]) -> Result<Expression, String> {
    let mut parser = Parser {
        process,
        words,
        at: 0,
        acts: false,
        batches: Vec::new(),
        min_depth: 0,
        max_depth: usize::MAX,
        depth_first: false,
        nesting: 0,
    };
    let mut test = if words.is_empty() { Test::True } else { parser.or()? };
    if let Some(word) = words.get(parser.at) {
        return Err(format!("unrecognized: {word}"));
    }
    if !parser.acts {
        test = Test::And(Box::new(test), Box::new(Test::Print('\n')));
    }
    let Parser { batches, min_depth, max_depth, depth_first, .. } = parser;
    Ok(Expression { test, batches, min_depth, max_depth, depth_first })
}

struct Parser<'p, 'm, 'w, 'a> {
    process: &'p mut Process<'m, 'w>,
    words: &'a [String],
    at: usize,
    /// Whether there is an action, so that nothing is printed by itself.
    acts: bool,
    batches: Vec<Vec<String>>,
    min_depth: usize,
    max_depth: usize,
    depth_first: bool,
    nesting: u32,
}

type Parsed = Result<Test, String>;

impl Parser<'_, '_, '_, '_> {
    fn peek(&self) -> &str {
        self.words.get(self.at).map_or("", |word| word)
    }

    fn or(&mut self) -> Parsed {
        let mut left = self.and()?;
        while matches!(self.peek(), "-o" | "-or") {
            self.at += 1;
            left = Test::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Parsed {
        let mut left = self.not()?;
        while !matches!(self.peek(), "" | "-o" | "-or" | ")") {
            if matches!(self.peek(), "-a" | "-and") {
                self.at += 1;
            }
            left = Test::And(Box::new(left), Box::new(self.not()?));
        }
        Ok(left)
    }

    fn not(&mut self) -> Parsed {
        self.nesting += 1;
        if self.nesting > 100 {
            return Err("expression is nested too deeply".into());
        }
        let test = if matches!(self.peek(), "!" | "-not") {
            self.at += 1;
            Test::Not(Box::new(self.not()?))
        } else {
            self.primary()?
        };
        self.nesting -= 1;
        Ok(test)
    }

    fn value(&mut self, option: &str) -> Result<String, String> {
        let value = self.words.get(self.at).cloned();
        self.at += 1;
        let busybox = self.process.is_busybox();
        value.ok_or_else(|| {
            if busybox {
                format!("option requires an argument -- '{option}'")
            } else {
                format!("missing argument to `{option}'")
            }
        })
    }

    fn number(&mut self, option: &str) -> Result<Number, String> {
        let text = self.value(option)?;
        Number::parse(&text).ok_or_else(|| format!("invalid number '{text}'"))
    }

    fn primary(&mut self) -> Parsed {
        let word = self.peek().to_owned();
        self.at += 1;
        if word == "(" {
            let inner = self.or()?;
            if self.peek() != ")" {
                return Err("missing )".into());
            }
            self.at += 1;
            return Ok(inner);
        }
        if let Some(test) = simple(&word) {
            return Ok(test);
        }
        if self.option(&word)? {
            return Ok(Test::True);
        }
        if let Some(test) = self.action(&word)? {
            return Ok(test);
        }
        match self.test(&word)? {
            Some(test) => Ok(test),
            None if self.process.is_busybox() => Err(format!("unrecognized: {word}")),
            None => Err(format!("unknown predicate `{word}'")),
        }
    }

    /// What counts for the whole walk; whether the word is such an option.
    fn option(&mut self, word: &str) -> Result<bool, String> {
        match word {
            "-maxdepth" => {
                self.max_depth = self.depth(word)?;
            }
            "-mindepth" => {
                self.min_depth = self.depth(word)?;
            }
            "-depth" | "-d" => self.depth_first = true,
            "-regextype" => {
                self.value(word)?;
            }
            "-xdev" | "-mount" | "-noleaf" | "-follow" | "-ignore_readdir_race" | "-warn" | "-nowarn" => {}
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn action(&mut self, word: &str) -> Result<Option<Test>, String> {
        let action = match word {
            "-delete" => {
                self.depth_first = true;
                Test::Delete
            }
            "-print" => Test::Print('\n'),
            "-print0" => Test::Print('\0'),
            "-ls" => Test::Printf("%p\n".into()),
            "-printf" => Test::Printf(self.value(word)?),
            "-exec" | "-execdir" => self.exec(word)?,
            "-ok" | "-okdir" if !self.process.is_busybox() => self.exec(word)?,
            _ => return Ok(None),
        };
        self.acts = true;
        Ok(Some(action))
    }

    /// The letters of `-type`, with commas between them.
    fn kinds(&mut self, word: &str) -> Result<String, String> {
        let kinds = self.value(word)?;
        let unknown = kinds.chars().find(|letter| !"bcdpfls,".contains(*letter));
        match unknown {
            Some(letter) if !self.process.is_busybox() => {
                Err(format!("Unknown argument to {word}: {letter}"))
            }
            Some(_) => Err(format!("invalid argument '{kinds}' to '{word}'")),
            None => Ok(kinds),
        }
    }

    /// The depth that an option names.
    fn depth(&mut self, word: &str) -> Result<usize, String> {
        let text = self.value(word)?;
        text.parse().map_err(|_| {
            if self.process.is_busybox() {
                format!("invalid number '{text}'")
            } else {
                format!("Expected a positive decimal integer argument to {word}, but got ‘{text}’")
            }
        })
    }

    /// A test that has a value.
    fn test(&mut self, word: &str) -> Result<Option<Test>, String> {
        Ok(Some(match word {
            "-name" => Test::Name(self.value(word)?, false),
            "-iname" => Test::Name(self.value(word)?.to_lowercase(), true),
            "-path" | "-wholename" => Test::Path(self.value(word)?, false),
            "-ipath" => Test::Path(self.value(word)?.to_lowercase(), true),
            "-regex" | "-iregex" => {
                let source = format!("^({})$", self.value(word)?);
                let regex = Regex::new(&source, Syntax::Extended, word == "-iregex")?;
                Test::Regex(Box::new(regex))
            }
            "-lname" => Test::LinkTo(self.value(word)?, false),
            "-ilname" => Test::LinkTo(self.value(word)?.to_lowercase(), true),
            "-type" | "-xtype" => Test::Kind(self.kinds(word)?),
            "-size" => self.size(word)?,
            "-mtime" | "-atime" | "-ctime" => Test::Time(self.number(word)?, 86_400),
            "-mmin" | "-amin" | "-cmin" => Test::Time(self.number(word)?, 60),
            "-newer" | "-anewer" | "-cnewer" => {
                let file = self.value(word)?;
                let node = self.process.stat(&file).map_err(|error| {
                    let shown =
                        if self.process.is_busybox() { file.clone() } else { format!("‘{file}’") };
                    format!("{shown}: {}", error.kind.message())
                })?;
                Test::Newer(node.metadata().mtime)
            }
            "-perm" => self.perm(word)?,
            "-user" | "-uid" => {
                let name = self.value(word)?;
                Test::User(Some(user_id(self.process, &name).ok_or_else(|| format!("unknown user {name}"))?))
            }
            "-group" | "-gid" => {
                let name = self.value(word)?;
                let gid = group_id(self.process, &name).ok_or_else(|| format!("unknown group {name}"))?;
                Test::Group(Some(gid))
            }
            "-links" => Test::Links(self.number(word)?),
            _ => return Ok(None),
        }))
    }

    fn size(&mut self, word: &str) -> Parsed {
        let text = self.value(word)?;
        let suffix = text.trim_start_matches(['+', '-']).trim_start_matches(|c: char| c.is_ascii_digit());
        let unit =
            if suffix.is_empty() { 512 } else { parse_size(&format!("1{suffix}")).ok_or("invalid size")? };
        let number =
            Number::parse(text.trim_end_matches(suffix)).ok_or_else(|| format!("invalid number '{text}'"))?;
        Ok(Test::Size(number, unit))
    }

    fn perm(&mut self, word: &str) -> Parsed {
        let text = self.value(word)?;
        let (test, text) = match text.chars().next() {
            Some('-') => (PermTest::All, &text[1..]),
            Some('/' | '+') => (PermTest::Any, &text[1..]),
            _ => (PermTest::Exact, text.as_str()),
        };
        let bits = mode::parse(text, 0, false, 0).ok_or_else(|| format!("invalid mode '{text}'"))?;
        Ok(Test::Perm(test, bits))
    }

    fn exec(&mut self, option: &str) -> Parsed {
        let end = self.words[self.at..].iter().enumerate().position(|(offset, word)| {
            word == ";" || word == "+" && offset > 0 && self.words[self.at + offset - 1] == "{}"
        });
        let Some(end) = end else {
            return Err(if self.process.is_busybox() {
                format!("{option} requires an argument")
            } else {
                format!("missing argument to `{option}'")
            });
        };
        let mut words = self.words[self.at..self.at + end].to_vec();
        let is_batch = self.words[self.at + end] == "+";
        self.at += end + 1;
        if is_batch {
            words.pop();
            self.batches.push(words);
            return Ok(Test::ExecAll(self.batches.len() - 1));
        }
        Ok(Test::Exec { words, in_directory: option.ends_with("dir"), asks: option.starts_with("-ok") })
    }
}

/// What has no value and prints nothing.
fn simple(word: &str) -> Option<Test> {
    Some(match word {
        "-nouser" => Test::NoUser,
        "-nogroup" => Test::NoGroup,
        "-empty" => Test::Empty,
        "-readable" => Test::Access('r'),
        "-writable" => Test::Access('w'),
        "-executable" => Test::Access('x'),
        "-true" => Test::True,
        "-false" => Test::False,
        "-prune" => Test::Prune,
        "-quit" => Test::Quit,
        _ => return None,
    })
}

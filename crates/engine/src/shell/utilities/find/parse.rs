//! From words to an expression.

use super::expression::{Expression, Number, PermTest, Test};
use crate::shell::Process;
use crate::shell::regex::{Regex, Syntax};
use crate::shell::utilities::mode;
use crate::shell::utilities::support::{group_id, user_id};
use crate::shell::utilities::time::parse_date;
use crate::vfs::Follow;

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
        follows: false,
        extended: false,
        nesting: 0,
    };
    let mut test = if words.is_empty() { Test::True } else { parser.or()? };
    if let Some(word) = words.get(parser.at) {
        return Err(match parser.process.is_busybox() {
            true => format!("unrecognized: {word}"),
            false => "you have too many ')'".to_owned(),
        });
    }
    if !parser.acts {
        test = Test::And(Box::new(test), Box::new(Test::Print('\n')));
    }
    let Parser { batches, min_depth, max_depth, depth_first, follows, .. } = parser;
    Ok(Expression { test, batches, min_depth, max_depth, depth_first, follows })
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
    follows: bool,
    /// Whether the names of paths are of POSIX's extended form in `-regex`.
    extended: bool,
    nesting: u32,
}

type Parsed = Result<Test, String>;

impl Parser<'_, '_, '_, '_> {
    fn peek(&self) -> &str {
        self.words.get(self.at).map_or("", |word| word)
    }

    fn or(&mut self) -> Parsed {
        let mut left = self.and()?;
        loop {
            let word = self.peek().to_owned();
            let lists = word == "," && !self.process.is_busybox();
            if !lists && !matches!(word.as_str(), "-o" | "-or") {
                return Ok(left);
            }
            self.at += 1;
            if self.at >= self.words.len() && !self.process.is_busybox() {
                return Err(format!("expected an expression after ‘{word}’"));
            }
            let right = Box::new(self.and()?);
            left = if lists { Test::List(Box::new(left), right) } else { Test::Or(Box::new(left), right) };
        }
    }

    fn and(&mut self) -> Parsed {
        let mut left = self.not()?;
        while self.at < self.words.len() && !matches!(self.peek(), "-o" | "-or" | ")" | ",") {
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
            if self.at >= self.words.len() && !self.process.is_busybox() {
                return Err("expected an expression after ‘!’".to_owned());
            }
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
                format!("{option} requires an argument")
            } else {
                format!("missing argument to `{option}'")
            }
        })
    }

    fn number(&mut self, option: &str) -> Result<Number, String> {
        let text = self.value(option)?;
        let busybox = self.process.is_busybox();
        Number::parse(&text).ok_or_else(|| {
            if busybox {
                let digits = text.trim_start_matches(['+', '-']);
                format!("invalid number '{digits}'")
            } else {
                format!("invalid argument `{text}' to `{option}'")
            }
        })
    }

    fn primary(&mut self) -> Parsed {
        let word = self.peek().to_owned();
        self.at += 1;
        let busybox = self.process.is_busybox();
        if word == "(" {
            if self.peek() == ")" && !busybox {
                return Err("invalid expression; empty parentheses are not allowed.".into());
            }
            let inner = self.or()?;
            if self.peek() != ")" {
                return Err(if busybox {
                    "unpaired '('".into()
                } else {
                    "invalid expression; I was expecting to find a ')' somewhere but did not see one.".into()
                });
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
            None if busybox => Err(format!("unrecognized: {word}")),
            None if matches!(word.as_str(), "-o" | "-or" | "-a" | "-and" | ",") => Err(format!(
                "invalid expression; you have used a binary operator '{word}' with nothing before it."
            )),
            None if word == ")" => Err("invalid expression; you have too many ')'".to_owned()),
            None if !word.starts_with('-') => Err(format!("paths must precede expression: `{word}'")),
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
                self.extended = matches!(
                    self.value(word)?.as_str(),
                    "posix-extended" | "posix-egrep" | "egrep" | "awk" | "posix-awk" | "gnu-awk"
                );
            }
            "-follow" => self.follows = true,
            "-xdev"
            | "-mount"
            | "-noleaf"
            | "-ignore_readdir_race"
            | "-noignore_readdir_race"
            | "-warn"
            | "-nowarn"
            | "-daystart" => {}
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
            "-ls" => Test::Printf("%9i %6k %M %3n %-8u %-8g %8s %Tb %Td %TH:%TM %p\n".into()),
            "-printf" => Test::Printf(self.value(word)?),
            "-fprint" => Test::WriteTo(self.file(word)?, "%p\n".into()),
            "-fprint0" => Test::WriteTo(self.file(word)?, "%p\0".into()),
            "-fprintf" => Test::WriteTo(self.file(word)?, self.value(word)?),
            "-exec" | "-execdir" => self.exec(word)?,
            "-ok" | "-okdir" if !self.process.is_busybox() => self.exec(word)?,
            _ => return Ok(None),
        };
        self.acts = true;
        Ok(Some(action))
    }

    /// A file to write to, which is made at once.
    fn file(&mut self, word: &str) -> Result<String, String> {
        let path = self.value(word)?;
        self.process
            .write(&path, Vec::new())
            .map_err(|error| format!("‘{path}’: {}", error.kind.message()))?;
        Ok(path)
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
                let text = self.value(word)?;
                let (source, syntax) = if self.extended {
                    (format!("^({text})$"), Syntax::Extended)
                } else {
                    // Emacs's, in which `+` and `?` count without a backslash; BusyBox's are basic.
                    let text = if self.process.is_busybox() { text } else { emacs(&text) };
                    (format!("^\\({text}\\)$"), Syntax::Basic)
                };
                let regex = Regex::new(&source, syntax, word == "-iregex")?;
                Test::Regex(Box::new(regex))
            }
            "-lname" => Test::LinkTo(self.value(word)?, false),
            "-ilname" => Test::LinkTo(self.value(word)?.to_lowercase(), true),
            "-type" => Test::Kind(self.kinds(word)?),
            "-xtype" => Test::TargetKind(self.kinds(word)?),
            "-size" => self.size(word)?,
            "-mtime" | "-atime" | "-ctime" => Test::Time(self.number(word)?, 86_400),
            "-mmin" | "-amin" | "-cmin" => Test::Time(self.number(word)?, 60),
            "-newer" | "-anewer" | "-cnewer" => {
                let file = self.value(word)?;
                let node = self.process.stat(&file).map_err(|error| {
                    let shown = if self.process.is_busybox() {
                        format!("can't stat '{file}'")
                    } else {
                        format!("‘{file}’")
                    };
                    format!("{shown}: {}", error.kind.message())
                })?;
                Test::Newer(node.metadata().mtime)
            }
            "-newermt" | "-newerat" | "-newerct" if !self.process.is_busybox() => {
                let text = self.value(word)?;
                let time = parse_date(&text, self.process.now());
                Test::Newer(time.ok_or_else(|| {
                    format!("I cannot figure out how to interpret ‘{text}’ as a date or time")
                })?)
            }
            "-samefile" => {
                let file = self.value(word)?;
                let names = self.process.look(&file, Follow::No).map(|(place, _)| place);
                Test::SameFile(names.map_err(|error| {
                    let shown =
                        if self.process.is_busybox() { file.clone() } else { format!("‘{file}’") };
                    format!("{shown}: {}", error.kind.message())
                })?)
            }
            "-inum" => Test::Inode(self.number(word)?),
            "-fstype" => {
                self.value(word)?;
                Test::True
            }
            "-used" => {
                self.number(word)?;
                Test::False
            }
            "-perm" => self.perm(word)?,
            "-user" | "-uid" => {
                let name = self.value(word)?;
                let busybox = self.process.is_busybox();
                let uid = user_id(self.process, &name);
                Test::User(Some(uid.ok_or_else(|| match busybox {
                    true => format!("unknown user {name}"),
                    false => format!("‘{name}’ is not the name of a known user"),
                })?))
            }
            "-group" | "-gid" => {
                let name = self.value(word)?;
                let busybox = self.process.is_busybox();
                let gid = group_id(self.process, &name);
                Test::Group(Some(gid.ok_or_else(|| match busybox {
                    true => format!("unknown group {name}"),
                    false => format!("‘{name}’ is not the name of an existing group"),
                })?))
            }
            "-links" => Test::Links(self.number(word)?),
            _ => return Ok(None),
        }))
    }

    fn size(&mut self, word: &str) -> Parsed {
        let text = self.value(word)?;
        let busybox = self.process.is_busybox();
        let body = text.trim_start_matches(['+', '-']);
        let digits = body.len() - body.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let unit = match &body[digits..] {
            "" | "b" => Some(512),
            "c" => Some(1),
            "k" => Some(1024),
            "w" if !busybox => Some(2),
            "M" if !busybox => Some(1 << 20),
            "G" if !busybox => Some(1 << 30),
            _ => None,
        };
        let number = Number::parse(&text[..text.len() - (body.len() - digits)]).filter(|_| digits > 0);
        match (number, unit) {
            (Some(number), Some(unit)) => Ok(Test::Size(number, unit)),
            _ if busybox => Err(format!("invalid number '{body}'")),
            (Some(_), None) => Err(format!("invalid -size type `{}'", &body[digits..])),
            _ => Err(format!("invalid -size type `{}'", body.chars().last().unwrap_or(' '))),
        }
    }

    fn perm(&mut self, word: &str) -> Parsed {
        let text = self.value(word)?;
        let (test, text) = match text.chars().next() {
            Some('-') => (PermTest::All, &text[1..]),
            Some('/') => (PermTest::Any, &text[1..]),
            Some('+') if self.process.is_busybox() => (PermTest::Any, &text[1..]),
            Some('+') => return Err(format!("invalid mode ‘{text}’")),
            _ => (PermTest::Exact, text.as_str()),
        };
        let bits = mode::parse(text, 0, false, 0).ok_or_else(|| format!("invalid mode ‘{text}’"))?;
        Ok(Test::Perm(test, bits))
    }

    fn exec(&mut self, option: &str) -> Parsed {
        let end = self.words[self.at..].iter().enumerate().position(|(offset, word)| {
            word == ";" || word == "+" && offset > 0 && self.words[self.at + offset - 1] == "{}"
        });
        // A name in the middle does not make a batch.
        let end = end.filter(|_| self.words.get(self.at).is_some_and(|word| word != ";"));
        let Some(end) = end else {
            if self.words.get(self.at).is_some_and(|word| word == ";") && !self.process.is_busybox() {
                return Err(format!("invalid argument `;' to `{option}'"));
            }
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

/// An expression of Emacs as a basic one: `+` and `?` get their backslash, and lose it.
fn emacs(text: &str) -> String {
    let mut out = String::new();
    let (mut chars, mut inside) = (text.chars().peekable(), false);
    while let Some(c) = chars.next() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            '\\' if !inside => {
                let next = chars.next();
                if !matches!(next, Some('+' | '?')) {
                    out.push(c);
                }
                out.extend(next);
                continue;
            }
            '+' | '?' if !inside && !out.is_empty() => out.push('\\'),
            _ => {}
        }
        out.push(c);
    }
    out
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

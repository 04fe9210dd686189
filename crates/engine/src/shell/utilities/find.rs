//! `find`.

use super::support::{group_id, group_name, parse_size, user_id, user_name};
use crate::shell::language::matches_glob;
use crate::shell::regex::{Regex, Syntax};
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{DeviceKind, Follow, Node, path};
use std::sync::Arc;

/// A condition or an action.
enum Test {
    And(Box<Test>, Box<Test>),
    Or(Box<Test>, Box<Test>),
    Not(Box<Test>),
    Name(String, bool),
    Path(String, bool),
    Regex(Box<Regex>),
    Kind(String),
    Size(Number, u64),
    Time(Number, i64),
    Newer(i64),
    Perm(PermTest, u32),
    User(Option<u32>),
    Group(Option<u32>),
    NoUser,
    NoGroup,
    Links(Number),
    Empty,
    Access(char),
    True,
    False,
    Prune,
    Quit,
    Delete,
    Print(char),
    Printf(String),
    /// `-exec … ;`, `-exec … +`, `-execdir`.
    Exec {
        words: Vec<String>,
        in_directory: bool,
    },
    ExecAll(usize),
}

#[derive(Clone, Copy)]
enum PermTest {
    Exact,
    All,
    Any,
}

/// `+5`, `-5`, `5`
#[derive(Clone, Copy)]
struct Number(std::cmp::Ordering, i64);

impl Number {
    fn parse(text: &str) -> Option<Self> {
        let (order, digits) = match text.strip_prefix('+') {
            Some(digits) => (std::cmp::Ordering::Greater, digits),
            None => match text.strip_prefix('-') {
                Some(digits) => (std::cmp::Ordering::Less, digits),
                None => (std::cmp::Ordering::Equal, text),
            },
        };
        Some(Self(order, digits.parse().ok()?))
    }

    fn fits(self, value: i64) -> bool {
        value.cmp(&self.1) == self.0
    }
}

struct Finder {
    test: Test,
    /// Commands of `-exec … +` with the paths collected for them.
    batches: Vec<(Vec<String>, Vec<String>)>,
    min_depth: usize,
    max_depth: usize,
    depth_first: bool,
    follow: Follow,
    prune: bool,
    quit: bool,
    code: i32,
}

/// Walks over trees.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let args = process.args().to_vec();
    let mut at = 0;
    let mut follow = Follow::No;
    while let Some(word) = args.get(at).filter(|word| matches!(word.as_str(), "-H" | "-L" | "-P")) {
        follow = if word == "-L" { Follow::Yes } else { Follow::No };
        at += 1;
    }
    let mut roots = Vec::new();
    while let Some(word) = args.get(at).filter(|word| !word.starts_with(['-', '(', '!'])) {
        roots.push(word.clone());
        at += 1;
    }
    if roots.is_empty() {
        roots.push(".".to_owned());
    }
    let mut parser = Parser {
        process,
        words: &args[at..],
        at: 0,
        acts: false,
        batches: Vec::new(),
        min_depth: 0,
        max_depth: usize::MAX,
        depth_first: false,
        nesting: 0,
    };
    let parsed = if parser.words.is_empty() { Ok(Test::True) } else { parser.or() };
    let parsed = parsed.and_then(|test| match parser.words.get(parser.at) {
        None => Ok(test),
        Some(word) => Err(format!("unrecognized: {word}")),
    });
    let test = match parsed {
        Ok(test) if parser.acts => test,
        Ok(test) => Test::And(Box::new(test), Box::new(Test::Print('\n'))),
        Err(message) => {
            process.complain(&message)?;
            return Ok(1);
        }
    };
    let Parser { batches, min_depth, max_depth, depth_first, .. } = parser;
    let batches = batches.into_iter().map(|words| (words, Vec::new())).collect();
    let mut finder = Finder {
        test,
        batches,
        min_depth,
        max_depth,
        depth_first,
        follow,
        prune: false,
        quit: false,
        code: 0,
    };
    for root in roots {
        let found = process.look(&root, follow).or_else(|_| process.look(&root, Follow::No));
        match found {
            Ok((_, node)) => finder.visit(process, &root, &node, 0)?,
            Err(error) => {
                let text = if process.is_busybox() {
                    format!("{root}: {}", error.kind.message())
                } else {
                    format!("‘{root}’: {}", error.kind.message())
                };
                process.complain(&text)?;
                finder.code = 1;
            }
        }
    }
    for (words, paths) in std::mem::take(&mut finder.batches) {
        if !paths.is_empty() {
            let mut call = words;
            call.extend(paths);
            if process.spawn_or_tell(&call)? != 0 {
                finder.code = 1;
            }
        }
    }
    Ok(finder.code)
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
        Ok(match word.as_str() {
            "(" => {
                let inner = self.or()?;
                if self.peek() != ")" {
                    return Err("missing )".into());
                }
                self.at += 1;
                inner
            }
            "-name" => Test::Name(self.value(&word)?, false),
            "-iname" => Test::Name(self.value(&word)?.to_lowercase(), true),
            "-path" | "-wholename" => Test::Path(self.value(&word)?, false),
            "-ipath" => Test::Path(self.value(&word)?.to_lowercase(), true),
            "-regex" | "-iregex" => {
                let source = format!("^({})$", self.value(&word)?);
                Test::Regex(Box::new(
                    Regex::new(&source, Syntax::Extended, word == "-iregex").map_err(str::to_owned)?,
                ))
            }
            "-regextype" => {
                self.value(&word)?;
                Test::True
            }
            "-type" | "-xtype" => Test::Kind(self.value(&word)?),
            "-size" => {
                let text = self.value(&word)?;
                let suffix =
                    text.trim_start_matches(['+', '-']).trim_start_matches(|c: char| c.is_ascii_digit());
                let unit = if suffix.is_empty() {
                    512
                } else {
                    parse_size(&format!("1{suffix}")).ok_or("invalid size")?
                };
                let number = Number::parse(text.trim_end_matches(suffix))
                    .ok_or_else(|| format!("invalid number '{text}'"))?;
                Test::Size(number, unit)
            }
            "-mtime" | "-atime" | "-ctime" => Test::Time(self.number(&word)?, 86_400),
            "-mmin" | "-amin" | "-cmin" => Test::Time(self.number(&word)?, 60),
            "-newer" | "-anewer" | "-cnewer" => {
                let file = self.value(&word)?;
                let node =
                    self.process.stat(&file).map_err(|error| format!("{file}: {}", error.kind.message()))?;
                Test::Newer(node.metadata().mtime)
            }
            "-perm" => {
                let text = self.value(&word)?;
                let (test, text) = match text.chars().next() {
                    Some('-') => (PermTest::All, &text[1..]),
                    Some('/' | '+') => (PermTest::Any, &text[1..]),
                    _ => (PermTest::Exact, text.as_str()),
                };
                let bits =
                    super::mode::parse(text, 0, false, 0).ok_or_else(|| format!("invalid mode '{text}'"))?;
                Test::Perm(test, bits)
            }
            "-user" | "-uid" => {
                let name = self.value(&word)?;
                Test::User(Some(user_id(self.process, &name).ok_or_else(|| format!("unknown user {name}"))?))
            }
            "-group" | "-gid" => {
                let name = self.value(&word)?;
                Test::Group(Some(
                    group_id(self.process, &name).ok_or_else(|| format!("unknown group {name}"))?,
                ))
            }
            "-nouser" => Test::NoUser,
            "-nogroup" => Test::NoGroup,
            "-links" => Test::Links(self.number(&word)?),
            "-empty" => Test::Empty,
            "-readable" => Test::Access('r'),
            "-writable" => Test::Access('w'),
            "-executable" => Test::Access('x'),
            "-true" => Test::True,
            "-false" => Test::False,
            "-prune" => Test::Prune,
            "-quit" => Test::Quit,
            "-maxdepth" => {
                self.max_depth = self.value(&word)?.parse().map_err(|_| "invalid number".to_owned())?;
                Test::True
            }
            "-mindepth" => {
                self.min_depth = self.value(&word)?.parse().map_err(|_| "invalid number".to_owned())?;
                Test::True
            }
            "-depth" | "-d" => {
                self.depth_first = true;
                Test::True
            }
            "-xdev" | "-mount" | "-noleaf" | "-follow" | "-ignore_readdir_race" | "-warn" | "-nowarn" => {
                Test::True
            }
            "-delete" => {
                self.acts = true;
                self.depth_first = true;
                Test::Delete
            }
            "-print" => self.act(Test::Print('\n')),
            "-print0" => self.act(Test::Print('\0')),
            "-ls" => self.act(Test::Printf("%p\n".into())),
            "-printf" => {
                let format = self.value(&word)?;
                self.act(Test::Printf(format))
            }
            "-exec" | "-execdir" | "-ok" => self.exec(&word)?,
            _ if self.process.is_busybox() => return Err(format!("unrecognized: {word}")),
            _ => return Err(format!("unknown predicate `{word}'")),
        })
    }

    fn act(&mut self, test: Test) -> Test {
        self.acts = true;
        test
    }

    fn exec(&mut self, option: &str) -> Parsed {
        self.acts = true;
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
        Ok(Test::Exec { words, in_directory: option == "-execdir" })
    }
}

impl Finder {
    fn visit(
        &mut self,
        process: &mut Process<'_, '_>,
        name: &str,
        node: &Arc<Node>,
        depth: usize,
    ) -> Result<(), Interrupt> {
        process.step(1)?;
        self.prune = false;
        let applies = depth >= self.min_depth;
        if applies && !self.depth_first {
            self.run_test(process, name, node, depth)?;
        }
        let pruned = std::mem::take(&mut self.prune);
        if node.is_directory() && !pruned && !self.quit && depth < self.max_depth {
            match process.list(name) {
                Ok(entries) => {
                    for (child, child_node) in entries {
                        let full = path::join(name, &child);
                        let seen = if self.follow == Follow::Yes {
                            process.stat(&full).unwrap_or(child_node)
                        } else {
                            child_node
                        };
                        self.visit(process, &full, &seen, depth + 1)?;
                        if self.quit {
                            break;
                        }
                    }
                }
                Err(error) => {
                    let text = if process.is_busybox() {
                        format!("{name}: {}", error.kind.message())
                    } else {
                        format!("‘{name}’: {}", error.kind.message())
                    };
                    process.complain(&text)?;
                    self.code = 1;
                }
            }
        }
        if applies && self.depth_first && !self.quit {
            self.run_test(process, name, node, depth)?;
        }
        Ok(())
    }

    fn run_test(
        &mut self,
        process: &mut Process<'_, '_>,
        name: &str,
        node: &Arc<Node>,
        depth: usize,
    ) -> Result<bool, Interrupt> {
        let test = std::mem::replace(&mut self.test, Test::True);
        let result = self.holds(process, &test, name, node, depth);
        self.test = test;
        result
    }

    fn holds(
        &mut self,
        process: &mut Process<'_, '_>,
        test: &Test,
        name: &str,
        node: &Arc<Node>,
        depth: usize,
    ) -> Result<bool, Interrupt> {
        let metadata = node.metadata();
        Ok(match test {
            Test::And(left, right) => {
                self.holds(process, left, name, node, depth)?
                    && self.holds(process, right, name, node, depth)?
            }
            Test::Or(left, right) => {
                self.holds(process, left, name, node, depth)?
                    || self.holds(process, right, name, node, depth)?
            }
            Test::Not(inner) => !self.holds(process, inner, name, node, depth)?,
            Test::Name(glob, fold) => {
                let base = super::support::base_name(name);
                if *fold { matches_glob(glob, &base.to_lowercase()) } else { matches_glob(glob, base) }
            }
            Test::Path(glob, fold) => {
                if *fold {
                    matches_glob(glob, &name.to_lowercase())
                } else {
                    matches_glob(glob, name)
                }
            }
            Test::Regex(regex) => regex.is_match(name),
            Test::Kind(kinds) => kinds.split(',').any(|kind| kind == kind_letter(node)),
            Test::Size(number, unit) => number.fits(super::ls::shown_size(node).div_ceil(*unit) as i64),
            Test::Time(number, unit) => number.fits((process.now() - metadata.mtime).div_euclid(*unit)),
            Test::Newer(time) => metadata.mtime > *time,
            Test::Perm(PermTest::Exact, bits) => metadata.mode == *bits,
            Test::Perm(PermTest::All, bits) => metadata.mode & bits == *bits,
            Test::Perm(PermTest::Any, bits) => *bits == 0 || metadata.mode & bits != 0,
            Test::User(uid) => Some(metadata.uid) == *uid,
            Test::Group(gid) => Some(metadata.gid) == *gid,
            Test::NoUser => user_name(process, metadata.uid).is_none(),
            Test::NoGroup => group_name(process, metadata.gid).is_none(),
            Test::Links(number) => {
                let place = process.look(name, Follow::No).map(|(place, _)| place).unwrap_or_default();
                number.fits(process.link_count(&place).into())
            }
            Test::Empty => match &**node {
                Node::Directory(directory) => directory.is_empty(),
                Node::File(file) => file.content.size() == 0,
                _ => false,
            },
            Test::Access('r') => process.may_read(name),
            Test::Access('w') => process.may_write(name),
            Test::Access(_) => process.may_execute(name),
            Test::True => true,
            Test::False => false,
            Test::Prune => {
                self.prune = true;
                true
            }
            Test::Quit => {
                self.quit = true;
                true
            }
            Test::Delete => self.delete(process, name)?,
            Test::Print(end) => {
                process.output(&format!("{name}{end}"))?;
                true
            }
            Test::Printf(format) => {
                let text = printf(process, format, name, node, depth);
                process.output(&text)?;
                true
            }
            Test::Exec { words, in_directory } => {
                let base = format!("./{}", super::support::base_name(name));
                let shown = if *in_directory { base.as_str() } else { name };
                let call: Vec<String> = words.iter().map(|word| word.replace("{}", shown)).collect();
                if *in_directory {
                    let mut child = process.fork();
                    child.cwd = child.resolve(path::parent(name));
                    child.spawn_or_tell(&call)? == 0
                } else {
                    process.spawn_or_tell(&call)? == 0
                }
            }
            Test::ExecAll(batch) => {
                if let Some((_, paths)) = self.batches.get_mut(*batch) {
                    paths.push(name.to_owned());
                }
                true
            }
        })
    }

    fn delete(&mut self, process: &mut Process<'_, '_>, name: &str) -> Result<bool, Interrupt> {
        if name == "." || name == "./" {
            return Ok(true);
        }
        if let Err(error) = process.remove(name) {
            let text = if process.is_busybox() {
                format!("{name}: {}", error.kind.message())
            } else {
                format!("cannot delete ‘{name}’: {}", error.kind.message())
            };
            process.complain(&text)?;
            self.code = 1;
            return Ok(false);
        }
        Ok(true)
    }
}

fn kind_letter(node: &Node) -> &'static str {
    match node {
        Node::Directory(_) => "d",
        Node::File(_) => "f",
        Node::Symlink { .. } => "l",
        Node::Device { kind: DeviceKind::Character, .. } => "c",
        Node::Device { kind: DeviceKind::Block, .. } => "b",
        Node::Device { kind: DeviceKind::Fifo, .. } => "p",
    }
}

fn printf(process: &mut Process<'_, '_>, format: &str, name: &str, node: &Node, depth: usize) -> String {
    let (format, _) = crate::shell::escape::unescape(format, crate::shell::escape::Style::Format);
    let metadata = *node.metadata();
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('p') => out.push_str(name),
            Some('f') => out.push_str(super::support::base_name(name)),
            Some('h') => out.push_str(path::parent(name)),
            Some('P') => {
                let below: Vec<&str> = name.rsplitn(depth + 1, '/').collect();
                let parts: Vec<&str> = below.iter().take(depth).rev().copied().collect();
                out.push_str(&parts.join("/"));
            }
            Some('s') => out.push_str(&super::ls::shown_size(node).to_string()),
            Some('m') => out.push_str(&format!("{:o}", metadata.mode)),
            Some('M') => out.push_str(&super::ls::mode_text(node)),
            Some('y') => out.push_str(kind_letter(node)),
            Some('u') => {
                out.push_str(&user_name(process, metadata.uid).unwrap_or_else(|| metadata.uid.to_string()))
            }
            Some('g') => {
                out.push_str(&group_name(process, metadata.gid).unwrap_or_else(|| metadata.gid.to_string()))
            }
            Some('U') => out.push_str(&metadata.uid.to_string()),
            Some('G') => out.push_str(&metadata.gid.to_string()),
            Some('d') => out.push_str(&depth.to_string()),
            Some('l') => out.push_str(node.as_symlink().unwrap_or("")),
            Some('T' | 'A' | 'C') => {
                chars.next();
                out.push_str(&metadata.mtime.to_string());
            }
            Some('%') => out.push('%'),
            Some(other) => out.extend(['%', other]),
            None => out.push('%'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::sh;

    #[test]
    fn walks() {
        assert_eq!(
            sh("find /d; cd /d; find . -name '*.txt' -type f | sort; find /d -maxdepth 1 -type d"),
            "/d\n/d/a.txt\n/d/b.txt\n/d/sub\n/d/sub/c.txt\n./a.txt\n./b.txt\n./sub/c.txt\n/d\n/d/sub\n"
        );
        assert_eq!(
            sh(
                "find /d -path '*/sub' -prune -o -type f -print; find /d ! -name 'a*' -a \\( -name '*.txt' -o -empty \\)"
            ),
            "/d/a.txt\n/d/b.txt\n/d/b.txt\n/d/sub/c.txt\n"
        );
        assert_eq!(
            sh(
                "find /d -type f -exec echo {} \\; ; find /d -type f -exec echo {} +; find /d -size +6c -type f"
            ),
            "/d/a.txt\n/d/b.txt\n/d/sub/c.txt\n/d/a.txt /d/b.txt /d/sub/c.txt\n/d/sub/c.txt\n"
        );
        assert_eq!(
            sh("find /d -name c.txt -delete; find /d -depth; find /nope"),
            "/d/a.txt\n/d/b.txt\n/d/sub\n/d\n! find: /nope: No such file or directory\n= 1\n"
        );
        assert_eq!(
            sh(
                "chmod 755 /d/a.txt; find /d -perm -111 -type f; find /d -perm /001 -name '*.txt'; find /d -type f -printf '%f %s\\n' | head -1"
            ),
            "/d/a.txt\n/d/a.txt\na.txt 6\n"
        );
    }
}

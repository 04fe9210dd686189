//! Walks over a tree and asks the expression at every node.

use super::expression::{Expression, PermTest, Test};
use super::{complain, printf};
use crate::shell::bytes::to_bytes;
use crate::shell::language::matches_glob;
use crate::shell::process::OpenOptions;
use crate::shell::utilities::ls::shown_size;
use crate::shell::utilities::support::{base_name, group_name, user_name};
use crate::shell::{ExitCode, Interrupt, Process};
use crate::vfs::{Follow, Node, path};
use std::sync::Arc;

/// A walk.
pub(super) struct Finder<'e> {
    expression: &'e Expression,
    /// For each `-exec … +` the paths that it is to get.
    collected: Vec<Vec<String>>,
    follow: Follow,
    prune: bool,
    quit: bool,
    /// What the whole ends with.
    pub(super) code: ExitCode,
}

/// What the walk stands at.
#[derive(Clone, Copy)]
pub(super) struct Place<'n> {
    /// The path, from the place where the walk began.
    pub(super) name: &'n str,
    pub(super) node: &'n Arc<Node>,
    pub(super) depth: usize,
}

type Verdict = Result<bool, Interrupt>;

impl<'e> Finder<'e> {
    /// A walk that has not begun.
    pub(super) fn new(expression: &'e Expression, follow: Follow) -> Self {
        let collected = vec![Vec::new(); expression.batches.len()];
        Self { expression, collected, follow, prune: false, quit: false, code: 0 }
    }

    /// A node and all below it.
    pub(super) fn visit(&mut self, process: &mut Process<'_, '_>, place: Place<'_>) -> Result<(), Interrupt> {
        process.step(1)?;
        let expression = self.expression;
        self.prune = false;
        let applies = place.depth >= expression.min_depth;
        if applies && !expression.depth_first {
            self.holds(process, &expression.test, place)?;
        }
        let pruned = std::mem::take(&mut self.prune);
        if place.node.is_directory() && !pruned && !self.quit && place.depth < expression.max_depth {
            self.visit_entries(process, place)?;
        }
        if applies && expression.depth_first && !self.quit {
            self.holds(process, &expression.test, place)?;
        }
        Ok(())
    }

    fn visit_entries(&mut self, process: &mut Process<'_, '_>, place: Place<'_>) -> Result<(), Interrupt> {
        let entries = match process.list(place.name) {
            Ok(entries) => entries,
            Err(error) => {
                self.code = 1;
                return complain(process, "", place.name, &error);
            }
        };
        for (entry, node) in entries {
            let name = path::join(place.name, &entry);
            let node = match self.follow {
                Follow::Yes => process.stat(&name).unwrap_or(node),
                Follow::No => node,
            };
            self.visit(process, Place { name: &name, node: &node, depth: place.depth + 1 })?;
            if self.quit {
                break;
            }
        }
        Ok(())
    }

    fn holds(&mut self, process: &mut Process<'_, '_>, test: &Test, place: Place<'_>) -> Verdict {
        let Place { name, node, .. } = place;
        let metadata = node.metadata();
        Ok(match test {
            Test::And(left, right) => {
                self.holds(process, left, place)? && self.holds(process, right, place)?
            }
            Test::Or(left, right) => {
                self.holds(process, left, place)? || self.holds(process, right, place)?
            }
            Test::List(left, right) => {
                self.holds(process, left, place)?;
                self.holds(process, right, place)?
            }
            Test::Not(inner) => !self.holds(process, inner, place)?,
            Test::Name(glob, fold) => matches(glob, base_name(name), *fold),
            Test::Path(glob, fold) => matches(glob, name, *fold),
            Test::LinkTo(glob, fold) => match &**node {
                crate::vfs::Node::Symlink { target, .. } => matches(glob, target, *fold),
                _ => false,
            },
            Test::Regex(regex) => regex.is_match(name),
            Test::Kind(kinds) => kinds.split(',').any(|kind| kind == printf::kind_letter(node)),
            Test::TargetKind(kinds) => {
                let target = process.stat(name).unwrap_or_else(|_| node.clone());
                kinds.split(',').any(|kind| kind == printf::kind_letter(&target))
            }
            Test::SameFile(file) => {
                let own = process.look(name, Follow::No).map(|(place, _)| place).unwrap_or_default();
                own == *file || process.machine.tree().names_of(&own).iter().any(|other| **other == **file)
            }
            Test::Inode(number) => {
                let (place, _) =
                    process.look(name, Follow::No).unwrap_or_else(|_| (String::new(), node.clone()));
                number.fits(crate::shell::utilities::ls::inode(process, &place) as i64)
            }
            Test::Size(number, unit) => number.fits(shown_size(node).div_ceil(*unit) as i64),
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
            action => return self.act(process, action, place),
        })
    }

    fn act(&mut self, process: &mut Process<'_, '_>, action: &Test, place: Place<'_>) -> Verdict {
        match action {
            Test::Prune => self.prune = true,
            Test::Quit => self.quit = true,
            Test::Delete => return self.delete(process, place.name),
            Test::Print(end) => process.output(&format!("{}{end}", place.name))?,
            Test::Printf(format) => {
                let text = printf::printf(process, format, place);
                process.output(&text)?;
            }
            Test::WriteTo(path, format) => {
                let text = printf::printf(process, format, place);
                let how = OpenOptions { write: true, append: true, ..OpenOptions::default() };
                if let Ok(handle) = process.open_file(path, how) {
                    process.write_handle(&handle, &to_bytes(&text))?;
                }
            }
            Test::Exec { words, in_directory, asks } => {
                if *asks && !agrees(process, words, place.name)? {
                    return Ok(false);
                }
                return Ok(exec(process, words, (*in_directory, *asks), place.name)? == 0);
            }
            Test::ExecAll(batch) => self.collected[*batch].push(place.name.to_owned()),
            _ => {}
        }
        Ok(true)
    }

    fn delete(&mut self, process: &mut Process<'_, '_>, name: &str) -> Verdict {
        if name == "." || name == "./" {
            return Ok(true);
        }
        if let Err(error) = process.remove(name) {
            complain(process, "cannot delete ", name, &error)?;
            self.code = 1;
            return Ok(false);
        }
        Ok(true)
    }

    /// Runs what `-exec … +` was collected for.
    pub(super) fn run_batches(&mut self, process: &mut Process<'_, '_>) -> Result<(), Interrupt> {
        for (words, paths) in self.expression.batches.iter().zip(std::mem::take(&mut self.collected)) {
            if !paths.is_empty() {
                let mut call = words.clone();
                call.extend(paths);
                if process.spawn_or_tell(&call)? != 0 {
                    self.code = 1;
                }
            }
        }
        Ok(())
    }
}

fn matches(glob: &str, text: &str, fold: bool) -> bool {
    if fold { matches_glob(glob, &text.to_lowercase()) } else { matches_glob(glob, text) }
}

/// Asks whether a command is to run; standard input answers.
fn agrees(process: &mut Process<'_, '_>, words: &[String], name: &str) -> Result<bool, Interrupt> {
    let command = words.first().map_or("", String::as_str);
    process.error_output(&format!("< {command} ... {name} > ? "))?;
    let line = match process.input() {
        Some(input) => process.read_line(&input)?,
        None => None,
    };
    Ok(line.is_some_and(|line| line.starts_with(b"y") || line.starts_with(b"Y")))
}

/// Runs a command for a path: in its directory or not; without input where that was for the answers.
fn exec(
    process: &mut Process<'_, '_>,
    words: &[String],
    (in_directory, without_input): (bool, bool),
    name: &str,
) -> Result<ExitCode, Interrupt> {
    let base = format!("./{}", base_name(name));
    let shown = if in_directory { base.as_str() } else { name };
    let call: Vec<String> = words.iter().map(|word| word.replace("{}", shown)).collect();
    let mut child = process.fork();
    if in_directory {
        child.cwd = child.resolve(path::parent(name));
    }
    if without_input {
        child.close_input();
    }
    child.spawn_or_tell(&call)
}

//! Advice about the structure of a Dockerfile: other texts that make the same image and lose less at the same edit.
//!
//! Takes a finished build and the row of a `COPY` that missed because files of the context changed; gives texts in which
//! the installation of dependencies comes before it, with only the files that the installation reads. It proposes and
//! measures nothing: the session builds each proposal in a fork, and keeps one only if it is faster and its image the
//! same. What it cannot read with certainty it leaves alone: no advice is better than one that breaks a build.

mod installs;
mod manifests;
mod rewrite;

use crate::build::{Finished, RowState, rows};
use installs::Install;
use lab_engine::dockerfile::{Copy, Instruction, InstructionKind, SourcesAndDestination};
use lab_engine::graph::{CopyAction, Exec, FileCopy, Operation, Source};
use lab_engine::vfs::{Tree, path};

/// The most texts that are worth a try.
const MOST: usize = 4;

/// Another text for the Dockerfile.
pub(crate) struct Proposal {
    /// The whole text.
    pub(crate) text: String,
    /// The files of the context that it copies first, as a `COPY` names them.
    pub(crate) files: Vec<String>,
    /// The instruction that then stays a hit, on one line.
    pub(crate) run: String,
    /// Whether the lab knows what its commands do.
    pub(crate) is_known: bool,
}

/// What could be done about a `COPY` or `ADD` that missed for its files, the best guess first.
#[inline(never)]
pub(crate) fn proposals(build: &Finished, row: u32) -> Vec<Proposal> {
    let rows = rows(build);
    let Some(reader) = Reader::new(build, &rows, row as usize) else { return Vec::new() };
    let installs = reader.installs();
    let counts = (1..=installs.len()).rev().flat_map(|count| [(count, true), (count, false)]);
    first_texts(counts.filter_map(|(count, stays)| reader.proposal(&installs[..count], stays)))
}

/// The first few that differ. No more are made than that.
fn first_texts(proposals: impl Iterator<Item = Proposal>) -> Vec<Proposal> {
    let mut found: Vec<Proposal> = Vec::new();
    for proposal in proposals {
        if found.iter().all(|known| known.text != proposal.text) {
            found.push(proposal);
        }
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// A `COPY` of the context, and what comes after it.
struct Reader<'a> {
    build: &'a Finished,
    rows: &'a [RowState],
    /// The row of the `COPY`.
    at: usize,
    instruction: &'a Instruction,
    files: &'a SourcesAndDestination,
    copy: &'a FileCopy,
    /// The filesystem right behind it, and before.
    after: &'a Tree,
    before: Option<&'a Tree>,
}

impl<'a> Reader<'a> {
    fn new(build: &'a Finished, rows: &'a [RowState], at: usize) -> Option<Self> {
        let instruction = instruction(build, rows.get(at)?)?;
        let files = match &instruction.kind {
            InstructionKind::Copy(Copy { files, parents: false, .. }) => files,
            InstructionKind::Add(add) => &add.files,
            _ => return None,
        };
        let id = rows[at].main?;
        let Operation::Copy(copy) = &build.report.graph.vertex(id).operation else { return None };
        let is_plain = |action: &CopyAction| {
            matches!(action.source, Source::Context) && !lab_engine::vfs::glob::has_wildcards(&action.path)
        };
        if !copy.actions.iter().all(is_plain) || copy.actions.len() != files.paths.len() {
            return None;
        }
        let tree = |id: lab_engine::graph::VertexId| {
            Some(&build.report.vertices.get(id.0 as usize)?.record.as_ref()?.snapshot.tree)
        };
        let last = *rows[at].vertices.last()?;
        let before = build.report.graph.vertex(last).base.and_then(tree);
        Some(Self { build, rows, at, instruction, files, copy, after: tree(last)?, before })
    }

    /// The steps behind it that install dependencies, as far as nothing is in between that cannot be read.
    fn installs(&self) -> Vec<Install> {
        let stage = &self.rows[self.at].stage;
        let behind = self.rows.iter().enumerate().skip(self.at + 1);
        let same = behind.take_while(|(_, row)| row.stage == *stage);
        same.filter_map(|(at, row)| self.install(at, row)).collect()
    }

    fn install(&self, at: usize, row: &RowState) -> Option<Install> {
        let graph = &self.build.report.graph;
        let Operation::Exec(exec) = &graph.vertex(row.main?).operation else { return None };
        let read = installs::read(script(exec)?, &exec.workdir, self.after)?;
        Some(Install { row: at, workdir: exec.workdir.clone(), files: read })
    }

    /// The text with these installations before the `COPY`. With `stays` other steps in between stay in front of them;
    /// else they come behind the `COPY`.
    fn proposal(&self, installs: &[Install], stays: bool) -> Option<Proposal> {
        let last = installs.last()?;
        let mut brought: Vec<Brought> = Vec::new();
        for file in installs.iter().flat_map(|install| &install.files) {
            if let Some(one) = self.brought(file)
                && !brought.contains(&one)
            {
                brought.push(one);
            }
        }
        let moved = self.moved_destination(last)?;
        let order = self.order(installs, stays)?;
        let narrow = rewrite::narrow(self.instruction, self.files, self.copy, &brought)?;
        let text = self.build.workspace.dockerfile_text()?;
        let text = rewrite::reordered(text, self.instruction, &order, &narrow, moved.as_deref())?;
        let is_known = |install: &Install| {
            let vertex =
                self.rows[install.row].main.and_then(|id| self.build.report.vertices.get(id.0 as usize));
            let unknown = lab_engine::cache::SimulationKind::Unknown;
            vertex.is_some_and(|vertex| vertex.commands.iter().all(|command| command.kind != unknown))
        };
        Some(Proposal {
            text,
            files: brought.iter().map(|one| one.source.trim_start_matches("./").to_owned()).collect(),
            run: self.rows[last.row].text.clone(),
            is_known: installs.iter().all(is_known),
        })
    }

    /// The file of the context that this `COPY` puts at a path; none if it was there before, or comes from elsewhere.
    fn brought(&self, place: &str) -> Option<Brought> {
        let digest = |tree: &Tree| Some(tree.entry(place)?.content_digest());
        if self.before.and_then(digest) == digest(self.after) {
            return None;
        }
        let target = self.copy.destination.trim_end_matches('/');
        let context = &self.build.workspace.tree;
        // A later source would win.
        self.copy.actions.iter().zip(&self.files.paths).rev().find_map(|(action, written)| {
            let is_directory = context.entry(&action.path)?.is_directory();
            let rest = if is_directory {
                place.strip_prefix(target)?.strip_prefix('/')?.to_owned()
            } else {
                let name = path::name(&action.path);
                (path::name(place) == name && path::parent(place).trim_end_matches('/') == target)
                    .then(|| name.to_owned())?
            };
            let inside = if is_directory { path::join(&action.path, &rest) } else { action.path.clone() };
            context.entry(&inside)?.as_file()?;
            let source = match (is_directory, written.trim_end_matches('/')) {
                (false, file) => file.to_owned(),
                (true, ".") if written == "." => rest.clone(),
                (true, directory) => format!("{directory}/{rest}"),
            };
            let folder = rest.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
            Some(Brought { source, folder })
        })
    }

    /// The destination that the `COPY` needs at its new place, where it is not the one that was written.
    fn moved_destination(&self, last: &Install) -> Option<Option<String>> {
        let written = &self.files.destination;
        let between = &self.rows[self.at + 1..=last.row];
        if written.starts_with('/') || between.iter().all(|row| row.keyword != "WORKDIR") {
            return Some(None);
        }
        if written.contains(['$', '"', '\'', '\\']) {
            return None;
        }
        let target = match self.copy.destination.trim_end_matches('/') {
            "" => "/",
            target => target,
        };
        Some(Some(if target == last.workdir {
            "./".to_owned()
        } else {
            format!("{}/", target.trim_end_matches('/'))
        }))
    }

    /// The rows from the `COPY` to the last installation in their new order.
    fn order(&self, installs: &[Install], stays: bool) -> Option<Vec<(u32, u32)>> {
        let last = installs.last()?.row;
        let lines = |at: usize| (self.rows[at].line, self.rows[at].end_line);
        let (mut above, mut below) = (Vec::new(), Vec::new());
        for at in self.at + 1..=last {
            let is_install = installs.iter().any(|install| install.row == at);
            let is_step = matches!(self.rows[at].keyword.as_str(), "RUN" | "COPY" | "ADD");
            let list = if is_step && !is_install && !stays { &mut below } else { &mut above };
            list.push(lines(at));
        }
        above.push(lines(self.at));
        above.extend(below);
        Some(above)
    }
}

/// A file that a `COPY` brings.
#[derive(PartialEq)]
struct Brought {
    /// As a `COPY` of it alone names it.
    source: String,
    /// Where it goes below the destination; empty for right there.
    folder: String,
}

/// The instruction of a row.
fn instruction<'a>(build: &'a Finished, row: &RowState) -> Option<&'a Instruction> {
    build.dockerfile.instructions().find(|instruction| instruction.start_line == row.line + 1)
}

/// What a `RUN` gives to its shell, or its words where there is none.
fn script(exec: &Exec) -> Option<String> {
    match exec.args.as_slice() {
        [shell, flag, script] if shell.ends_with("sh") && flag.starts_with('-') && flag.ends_with('c') => {
            Some(script.clone())
        }
        words if words.iter().all(|word| !word.contains(char::is_whitespace)) => Some(words.join(" ")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_texts_are_made_than_are_worth_a_try() {
        let mut made = 0;
        let proposals = (0..100).map(|number| {
            made += 1;
            let text = (number / 2).to_string();
            Proposal { text, files: Vec::new(), run: String::new(), is_known: true }
        });
        let found = first_texts(proposals);
        let texts: Vec<&str> = found.iter().map(|proposal| proposal.text.as_str()).collect();
        assert_eq!((texts, made), (vec!["0", "1", "2", "3"], 7));
    }
}

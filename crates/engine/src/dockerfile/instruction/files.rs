//! `COPY` and `ADD`.

use super::{InstructionError, Result};
use crate::dockerfile::arguments::{Add, Copy, InlineFile, SourcesAndDestination};
use crate::dockerfile::flags::FlagKind::{self, Bool, Text, Texts};
use crate::dockerfile::flags::Flags;
use crate::dockerfile::heredoc;
use crate::dockerfile::node::Node;

pub(super) const COPY_FLAGS: [(&str, FlagKind); 6] =
    [("chown", Text), ("from", Text), ("chmod", Text), ("link", Bool), ("parents", Bool), ("exclude", Texts)];

pub(super) const ADD_FLAGS: [(&str, FlagKind); 7] = [
    ("chown", Text),
    ("chmod", Text),
    ("link", Bool),
    ("keep-git-dir", Bool),
    ("checksum", Text),
    ("unpack", Bool),
    ("exclude", Texts),
];

pub(super) fn copy(node: &Node) -> Result<Copy> {
    two_arguments(node, "COPY")?;
    let flags = Flags::parse(&node.flags, &COPY_FLAGS)?;
    Ok(Copy {
        files: sources_and_destination(node, "COPY")?,
        from: flags.text("from"),
        chown: flags.text("chown"),
        chmod: flags.text("chmod"),
        link: flags.bool("link").unwrap_or(false),
        parents: flags.bool("parents").unwrap_or(false),
        excludes: flags.texts("exclude"),
    })
}

#[inline(never)]
pub(super) fn add(node: &Node) -> Result<Add> {
    two_arguments(node, "ADD")?;
    let flags = Flags::parse(&node.flags, &ADD_FLAGS)?;
    Ok(Add {
        files: sources_and_destination(node, "ADD")?,
        chown: flags.text("chown"),
        chmod: flags.text("chmod"),
        link: flags.bool("link").unwrap_or(false),
        keep_git_dir: flags.bool("keep-git-dir"),
        checksum: flags.text("checksum"),
        unpack: flags.bool("unpack"),
        excludes: flags.texts("exclude"),
    })
}

fn two_arguments(node: &Node, keyword: &str) -> Result<()> {
    if node.arguments.len() >= 2 {
        return Ok(());
    }
    let message = format!(
        "{keyword} requires at least two arguments, but only one was provided. Destination could not be determined"
    );
    Err(InstructionError::new("parse/missing-destination", message))
}

fn sources_and_destination(node: &Node, keyword: &str) -> Result<SourcesAndDestination> {
    let Some((destination, sources)) = node.arguments.split_last() else {
        return Ok(SourcesAndDestination::default());
    };
    if announced(destination).is_some() {
        let message = format!("{keyword} cannot accept a heredoc as a destination");
        return Err(InstructionError::new("parse/heredoc-destination", message).at(destination));
    }
    let mut files = SourcesAndDestination { destination: destination.clone(), ..Default::default() };
    for source in sources {
        match announced(source) {
            None => files.paths.push(source.clone()),
            Some(mut heredoc) => {
                // Of several with one name the last one counts, as in BuildKit.
                let content = node.heredocs.iter().rev().find(|candidate| candidate.name == heredoc.name);
                heredoc.content = content.map(|found| found.content.clone()).unwrap_or_default();
                let data = heredoc.text();
                files.inline.push(InlineFile { name: heredoc.name, data, expand: heredoc.expand });
            }
        }
    }
    Ok(files)
}

fn announced(word: &str) -> Option<crate::dockerfile::ast::Heredoc> {
    heredoc::in_word(word).ok().flatten()
}

//! `-printf`.

use super::walk::Place;
use crate::shell::Process;
use crate::shell::escape::{Style, unescape};
use crate::shell::utilities::ls::{mode_text, shown_size};
use crate::shell::utilities::support::{base_name, group_name, user_name};
use crate::vfs::{DeviceKind, Node, path};

/// The letter of `-type`.
pub(super) fn kind_letter(node: &Node) -> &'static str {
    match node {
        Node::Directory(_) => "d",
        Node::File(_) => "f",
        Node::Symlink { .. } => "l",
        Node::Device { kind: DeviceKind::Character, .. } => "c",
        Node::Device { kind: DeviceKind::Block, .. } => "b",
        Node::Device { kind: DeviceKind::Fifo, .. } => "p",
    }
}

/// The text that a format gives.
pub(super) fn printf(process: &mut Process<'_, '_>, format: &str, place: Place<'_>) -> String {
    let Place { name, node, depth } = place;
    let (format, _) = unescape(format, Style::Format);
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
            Some('f') => out.push_str(base_name(name)),
            Some('h') => out.push_str(path::parent(name)),
            Some('P') => {
                let below: Vec<&str> = name.rsplitn(depth + 1, '/').collect();
                let parts: Vec<&str> = below.iter().take(depth).rev().copied().collect();
                out.push_str(&parts.join("/"));
            }
            Some('s') => out.push_str(&shown_size(node).to_string()),
            Some('m') => out.push_str(&format!("{:o}", metadata.mode)),
            Some('M') => out.push_str(&mode_text(node)),
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

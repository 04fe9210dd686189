//! `docker diff`.

use crate::client::{Context, Done};
use lab_engine::layer::{ChangeKind, diff};

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let name = context.argument(0).to_owned();
    let at = context.docker.daemon.find_container(&name)?;
    let container = &context.docker.daemon.containers[at];
    let changes = diff(&container.base, container.files());
    let mut lines: std::collections::BTreeMap<String, char> = std::collections::BTreeMap::new();
    for change in changes.changes() {
        let path = lab_engine::vfs::path::absolute("/", &change.path);
        let mut above = lab_engine::vfs::path::parent(&path);
        while above != "/" {
            lines.entry(above.to_owned()).or_insert('C');
            above = lab_engine::vfs::path::parent(above);
        }
        let letter = match (change.kind, &change.old, &change.new) {
            (ChangeKind::Removed, ..) | (_, _, None) => 'D',
            (_, None, _) => 'A',
            _ => 'C',
        };
        if path != "/" {
            lines.insert(path, letter);
        }
    }
    let lines: Vec<String> = lines.into_iter().map(|(path, letter)| format!("{letter} {path}")).collect();
    for line in lines {
        context.line(line);
    }
    Ok(0)
}

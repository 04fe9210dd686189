//! The lines of `tar t` and `-v`.

use super::extract::Member;
use crate::layer::tar::Body;
use crate::shell::utilities::time::moment;
use crate::vfs::DeviceKind;

/// Writes the long lines, whose column of sizes grows as it has to.
pub(super) struct Lines {
    width: usize,
}

impl Lines {
    pub(super) fn new() -> Self {
        Self { width: 19 }
    }

    /// The line of a member with all that is known about it.
    pub(super) fn long(&mut self, member: &Member, numeric: bool, busybox: bool) -> String {
        let metadata = member.entry.metadata;
        let name =
            |text: &str, id: u32| if numeric || text.is_empty() { id.to_string() } else { text.to_owned() };
        let (user, group) = (name(&member.user, metadata.uid), name(&member.group, metadata.gid));
        let size = match &member.entry.body {
            Body::Device { kind: DeviceKind::Character | DeviceKind::Block, number: (major, minor) } => {
                format!("{major},{minor}")
            }
            _ => member.size.to_string(),
        };
        let owners = format!("{user}/{group}");
        let moment = moment(metadata.mtime);
        let seconds = if busybox { format!(":{:02}", moment.second) } else { String::new() };
        let date = format!(
            "{:04}-{:02}-{:02} {:02}:{:02}{seconds}",
            moment.year, moment.month, moment.day, moment.hour, moment.minute
        );
        let size = if busybox {
            format!("{size:>9}")
        } else {
            self.width = self.width.max(owners.len() + 1 + size.len());
            " ".repeat(self.width - owners.len() - 1 - size.len()) + &size
        };
        let link = match &member.entry.body {
            Body::Symlink(target) => format!(" -> {target}"),
            Body::HardLink(target) if busybox => format!(" -> {target}"),
            Body::HardLink(target) => format!(" link to {target}"),
            _ => String::new(),
        };
        format!("{} {owners} {size} {date} {}{link}", mode(member, busybox), member.shown)
    }
}

fn mode(member: &Member, busybox: bool) -> String {
    let kind = match &member.entry.body {
        Body::Directory => 'd',
        Body::Symlink(_) => 'l',
        Body::HardLink(_) if !busybox => 'h',
        Body::Device { kind: DeviceKind::Character, .. } => 'c',
        Body::Device { kind: DeviceKind::Block, .. } => 'b',
        Body::Device { .. } => 'p',
        _ => '-',
    };
    let bits = member.entry.metadata.mode;
    let mut text = String::from(kind);
    for (shift, special, letter) in [(6, 0o4000, 's'), (3, 0o2000, 's'), (0, 0o1000, 't')] {
        let three = bits >> shift & 7;
        text.push(if three & 4 != 0 { 'r' } else { '-' });
        text.push(if three & 2 != 0 { 'w' } else { '-' });
        text.push(match (bits & special != 0, three & 1 != 0) {
            (true, true) => letter,
            (true, false) => letter.to_ascii_uppercase(),
            (false, true) => 'x',
            (false, false) => '-',
        });
    }
    text
}

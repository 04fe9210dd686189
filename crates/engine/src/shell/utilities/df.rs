//! `df`: how full the filesystems are.
//!
//! They are as large as the bounds of the build let them be, for those are what a step here really runs into.

use super::ls::human;
use super::options::{self, Options};
use crate::shell::{Outcome, Process};
use crate::vfs::{Follow, path};

/// A filesystem: its name, kind and place, and its bytes and files in all and in use.
struct Filesystem {
    name: &'static str,
    kind: &'static str,
    place: String,
    total: u64,
    used: u64,
    files: (u64, u64),
}

const LONG: &[(&str, char)] = &[
    ("all", 'a'),
    ("human-readable", 'h'),
    ("inodes", 'i'),
    ("local", 'l'),
    ("portability", 'P'),
    ("print-type", 'T'),
    ("type", 't'),
    ("exclude-type", 'x'),
    ("block-size", 'B'),
];

/// Prints a table of the filesystems, or of those that hold the files that are named.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse_as(process, ("PkmhT at:iB:", &[]), ("ahiklmPTt:x:B:", LONG))? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let all = filesystems(process);
    let mut shown: Vec<&Filesystem> = Vec::new();
    let mut code = 0;
    for name in &options.operands {
        match process.look(name, Follow::Yes) {
            Ok((place, _)) => {
                let within = |one: &&Filesystem| path::is_within(&place, &one.place);
                shown.extend(all.iter().filter(within).max_by_key(|one| one.place.len()));
            }
            Err(error) => {
                let text = if process.is_busybox() {
                    format!("{name}: can't find mount point")
                } else {
                    format!("{name}: {}", error.kind.message())
                };
                process.complain(&text)?;
                code = 1;
            }
        }
    }
    if options.operands.is_empty() {
        shown.extend(&all);
    }
    shown.retain(|one| {
        options.value('t').is_none_or(|kind| kind == one.kind)
            && options.values('x').all(|kind| kind != one.kind)
    });
    if shown.is_empty() && !process.is_busybox() {
        if code == 0 {
            process.complain("no file systems processed")?;
        }
        return Ok(1);
    }
    let busybox = process.is_busybox();
    let mut rows = vec![headings(&options, busybox)];
    rows.extend(shown.iter().map(|one| row(one, &options, busybox)));
    let text = if busybox { applet_table(&rows, &options) } else { table(&rows, &options) };
    process.output(&text)?;
    Ok(code)
}

fn filesystems(process: &mut Process<'_, '_>) -> Vec<Filesystem> {
    let limits = process.machine.limits;
    let summary = process.machine.tree().root().summary();
    let (bytes, files) = (summary.bytes, u64::from(summary.files));
    let root = Filesystem {
        name: "overlay",
        kind: "overlay",
        place: "/".to_owned(),
        // What is opaque takes no room here: the bound is on top of it.
        total: limits.tree_bytes.saturating_add(bytes),
        used: bytes,
        files: (limits.files.saturating_add(files), files),
    };
    let mut all = vec![root];
    for (name, place, total) in [("tmpfs", "/dev", 64 << 20), ("shm", "/dev/shm", 64 << 20)] {
        if process.is_directory(place) {
            let place = place.to_owned();
            all.push(Filesystem { name, kind: "tmpfs", place, total, used: 0, files: (16_384, 16) });
        }
    }
    all
}

/// The bytes of a block.
fn block(options: &Options, busybox: bool) -> u64 {
    let given = options.value('B').and_then(|text| {
        super::support::parse_size(text).or_else(|| super::support::parse_size(&format!("1{text}")))
    });
    match given {
        Some(size) if size > 0 => size,
        _ if options.last_of("km") == Some('m') => 1 << 20,
        _ if busybox && options.has('P') && !options.has('k') => 512,
        _ => 1024,
    }
}

fn headings(options: &Options, busybox: bool) -> Vec<String> {
    let size = match block(options, busybox) {
        _ if options.has('i') => "Inodes".to_owned(),
        _ if options.has('h') => "Size".to_owned(),
        bytes if options.has('P') => format!("{bytes}-blocks"),
        1024 => "1K-blocks".to_owned(),
        0x10_0000 => "1M-blocks".to_owned(),
        bytes => format!("{bytes}-blocks"),
    };
    let (used, free, share) = match () {
        () if options.has('i') => ("IUsed", "IFree", "IUse%"),
        () if options.has('P') => ("Used", "Available", "Capacity"),
        () if options.has('h') && !busybox => ("Used", "Avail", "Use%"),
        () => ("Used", "Available", "Use%"),
    };
    let mut row = vec!["Filesystem".to_owned()];
    if options.has('T') {
        row.push("Type".to_owned());
    }
    row.extend([size, used.to_owned(), free.to_owned(), share.to_owned(), "Mounted on".to_owned()]);
    row
}

fn row(one: &Filesystem, options: &Options, busybox: bool) -> Vec<String> {
    let amount = |bytes: u64| match () {
        () if options.has('i') => bytes.to_string(),
        () if options.has('h') => human(bytes, busybox),
        () => bytes.div_ceil(block(options, busybox)).to_string(),
    };
    let (total, used) = if options.has('i') { one.files } else { (one.total, one.used) };
    let share = if total == 0 { "-".to_owned() } else { format!("{}%", (used * 100).div_ceil(total)) };
    let mut row = vec![one.name.to_owned()];
    if options.has('T') {
        row.push(one.kind.to_owned());
    }
    row.extend([amount(total), amount(used), amount(total.saturating_sub(used)), share, one.place.clone()]);
    row
}

/// Columns as wide as what is in them; numbers are set to the right.
fn table(rows: &[Vec<String>], options: &Options) -> String {
    let kinds = usize::from(options.has('T'));
    let columns = rows[0].len();
    let widths: Vec<usize> = (0..columns)
        .map(|at| {
            let least = match at {
                0 => 14,
                _ if at == 1 + kinds || at == 2 + kinds || at == 3 + kinds => 5,
                _ => 0,
            };
            rows.iter().map(|row| row[at].len()).max().unwrap_or(0).max(least)
        })
        .collect();
    let mut text = String::new();
    for row in rows {
        for (at, cell) in row.iter().enumerate() {
            let width = widths[at];
            text.push_str(&match at {
                _ if at + 1 == columns => format!("{cell}\n"),
                _ if at <= kinds => format!("{cell:<width$} "),
                _ => format!("{cell:>width$} "),
            });
        }
    }
    text
}

/// The columns of the applet, whose widths are fixed.
fn applet_table(rows: &[Vec<String>], options: &Options) -> String {
    let kinds = usize::from(options.has('T'));
    let mut text = String::new();
    for (line, row) in rows.iter().enumerate() {
        let numbers = &row[1 + kinds..];
        let kind = if kinds == 1 { format!("{:<11}", row[1]) } else { String::new() };
        text.push_str(&format!("{:<20} {kind}", row[0]));
        let [total, used, free, share, place] = numbers else { continue };
        text.push_str(&if line == 0 && !options.has('P') {
            let total = if options.has('h') { format!("{total:>8}") } else { total.clone() };
            format!("{total:<9} {used:>9} {free} {share} {place}\n")
        } else {
            format!("{total:>9} {used:>9} {free:>9} {share:>4} {place}\n")
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{sh, shown};

    #[test]
    fn tables() {
        let text = shown("dash", "df -P / | sed 1q; df -hT /dev/null | tail -1; df / nope | wc -l");
        assert_eq!(
            text,
            "Filesystem     1024-blocks  Used Available Capacity Mounted on\n\
             tmpfs          tmpfs   64M     0   64M   0% /dev\n2\n! df: nope: No such file or directory\n"
        );
        let applet = sh("df /dev; df -h /dev | sed 1q; df nope");
        assert_eq!(
            applet,
            "Filesystem           1K-blocks      Used Available Use% Mounted on\n\
             tmpfs                    65536         0     65536   0% /dev\n\
             Filesystem               Size       Used Available Use% Mounted on\n\
             Filesystem           1K-blocks      Used Available Use% Mounted on\n\
             ! df: nope: can't find mount point\n= 1\n"
        );
    }

    #[test]
    fn what_is_written_fills_it() {
        let script = "a=$(df -P / | awk 'NR==2{print $3}'); head -c 1048576 /dev/zero > /big; b=$(df -P / | awk 'NR==2{print $3}'); echo $((b-a))";
        assert_eq!(shown("dash", script), "1024\n");
    }
}

//! `ln`: makes links.

use super::options;
use super::support::destination;
use super::transfer::InTheWay;
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{Follow, VfsErrorKind, path};

/// Makes links.
pub(super) fn ln(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("symbolic", 's'),
        ("force", 'f'),
        ("interactive", 'i'),
        ("no-dereference", 'n'),
        ("verbose", 'v'),
        ("target-directory", 't'),
        ("no-target-directory", 'T'),
        ("relative", 'r'),
        ("logical", 'L'),
        ("physical", 'P'),
        ("backup", 'B'),
        ("suffix", 'S'),
    ];
    let options = match options::parse(process, "sfnvbS:TLPrit:B::", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let mut sources = options.operands.clone();
    let target = match options.value('t') {
        Some(target) => target.to_owned(),
        None if sources.len() > 1 => sources.pop().unwrap_or_default(),
        None => ".".to_owned(),
    };
    if sources.is_empty() {
        return options::missing(process, "missing file operand");
    }
    if (sources.len() > 1 || options.has('t')) && !process.is_busybox() {
        let flaw = match process.stat(&target) {
            Ok(node) if node.is_directory() => None,
            Ok(_) => Some("Not a directory"),
            Err(error) => Some(error.kind.message()),
        };
        if let Some(reason) = flaw {
            return super::support::fail(process, 1, &format!("target '{target}': {reason}"));
        }
    }
    // `-n` is no word about what is in the way.
    let in_the_way = InTheWay::of(&options::Options::clone(&options).without('n'));
    let backs_up = options.last_of("bB").is_some();
    let mut code = 0;
    for source in sources {
        if options.has('T')
            && process.is_busybox()
            && process.lstat(&target).is_ok_and(|node| node.is_directory())
        {
            process.complain(&format!("'{target}' is a directory"))?;
            return Ok(1);
        }
        // With `-n` a link to a directory is taken as a file.
        let is_link = process.lstat(&target).is_ok_and(|node| node.as_symlink().is_some());
        let no_directory = options.has('T') || options.has('n') && is_link;
        let to = destination(process, &source, &target, no_directory);
        let text = if options.has('r') { relative(process, &source, &to) } else { source.clone() };
        if (backs_up || options.has('i')) && !in_the_way.give_way(process, &to, 0)? {
            continue;
        }
        if options.has('f') && process.lstat(&to).is_ok_and(|node| !node.is_directory()) {
            let _ = process.remove(&to);
        }
        let symbolic = options.has('s');
        let result = if symbolic { process.symlink(&text, &to) } else { process.hard_link(&source, &to) };
        if let Err(error) = result {
            refuse(process, &source, &to, symbolic, error.kind)?;
            code = 1;
        } else if options.has('v') {
            let arrow = if symbolic || process.is_busybox() { "->" } else { "=>" };
            process.output(&format!("'{to}' {arrow} '{text}'\n"))?;
        }
    }
    Ok(code)
}

/// Says why there is no link.
fn refuse(
    process: &mut Process<'_, '_>,
    source: &str,
    to: &str,
    symbolic: bool,
    kind: VfsErrorKind,
) -> Result<(), Interrupt> {
    let reason = kind.message();
    let missing = process.lstat(source).is_err();
    let is_directory = process.is_directory(source);
    let text = match (process.is_busybox(), symbolic) {
        (true, false) if missing => format!("{source}: {reason}"),
        (true, _) => format!("{}: {reason}", to.strip_prefix("./").unwrap_or(to)),
        (false, true) => format!("failed to create symbolic link '{to}': {reason}"),
        (false, false) if missing => format!("failed to access '{source}': {reason}"),
        (false, false) if is_directory => format!("{source}: hard link not allowed for directory"),
        (false, false) => format!("failed to create hard link '{to}': {reason}"),
    };
    process.complain(&text)
}

/// The way from the directory of `link` to `target`.
fn relative(process: &mut Process<'_, '_>, target: &str, link: &str) -> String {
    // Both are taken as they are without links.
    let mut real = |path: &str| match process.look(path, Follow::Yes) {
        Ok((place, _)) => place,
        Err(_) => path::clean(&process.resolve(path)),
    };
    let (target, base) = (real(target), real(path::parent(link)));
    let target: Vec<&str> = path::parts(&target).collect();
    let base: Vec<&str> = path::parts(&base).collect();
    let common = target.iter().zip(&base).take_while(|(a, b)| a == b).count();
    let mut parts = vec![".."; base.len() - common];
    parts.extend(&target[common..]);
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn links() {
        assert_eq!(
            sh(
                "ln -s a.txt /d/l; ln /d/b.txt /d/h; ln -sf /etc/motd /d/l; readlink /d/l; cat /d/h; ln -s /d /x; ln -sfn /etc /x; readlink /x"
            ),
            "/etc/motd\nbravo\n/etc\n"
        );
        assert_eq!(sh("ln /d/a.txt /d/b.txt"), "! ln: /d/b.txt: File exists\n= 1\n");
        assert_eq!(sh("ln /nope /x"), "! ln: /nope: No such file or directory\n= 1\n");
        assert_eq!(
            shown("dash", "cd /d; ln -sr sub/c.txt /etc/c; readlink /etc/c; ln /d /x"),
            "../d/sub/c.txt\n! ln: /d: hard link not allowed for directory\n= 1\n"
        );
        assert_eq!(sh("cd /d; ln -v a.txt h; ln -b a.txt b.txt; cat b.txt~"), "'h' -> 'a.txt'\nbravo\n");
    }
}

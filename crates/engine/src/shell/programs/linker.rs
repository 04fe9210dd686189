//! `ldd`, `ldconfig` and `scanelf`: what programs are linked with. The programs of an image are opaque: of each it is
//! known that it needs the C library, and of what was installed beside it no more.

use super::support::put;
use super::{Interrupt, Modelled, Process};
use crate::digest::Hasher;
use crate::vfs::{Content, Node, path};

const MUSL: &str = "/lib/ld-musl-x86_64.so.1";
const CACHE: &str = "/etc/ld.so.cache";
const DIRECTORIES: [&str; 6] =
    ["/lib", "/usr/lib", "/usr/local/lib", "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64"];

/// Whether a file is a program or a library.
fn is_object(process: &mut Process<'_, '_>, file: &str) -> bool {
    process.read(file).is_ok_and(|content| match content.bytes() {
        Some(bytes) => bytes.starts_with(b"\x7fELF"),
        None => true,
    })
}

/// Lists what files are linked with.
pub(super) fn ldd(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let files: Vec<String> = process.args().iter().filter(|word| !word.starts_with('-')).cloned().collect();
    let musl = process.exists(MUSL);
    if process.args().iter().any(|word| word == "--version") {
        process.output(if musl { "musl libc (x86_64)\n" } else { "ldd (Debian GLIBC 2.36-9) 2.36\n" })?;
        return Ok(Modelled::new(0, 0.01));
    }
    if files.is_empty() {
        process.error_output("ldd: missing file arguments\nTry `ldd --help' for more information.\n")?;
        return Ok(Modelled::new(1, 0.0));
    }
    let mut code = 0;
    for file in &files {
        if files.len() > 1 {
            process.output(&format!("{file}:\n"))?;
        }
        if process.stat(file).is_err() {
            let shown = if file.contains('/') { file.clone() } else { format!("./{file}") };
            process.error_output(&format!("ldd: {shown}: No such file or directory\n"))?;
            code = 1;
        } else if !is_object(process, file) {
            let text = if musl {
                format!("{file}: Not a valid dynamic program\n")
            } else {
                "\tnot a dynamic executable\n".to_owned()
            };
            process.error_output(&text)?;
            code = 1;
        } else if musl {
            process.output(&format!(
                "\t{MUSL} (0x7f0000000000)\n\tlibc.musl-x86_64.so.1 => {MUSL} (0x7f0000000000)\n"
            ))?;
        } else {
            process.output(
                "\tlinux-vdso.so.1 (0x00007f0000000000)\n\
                 \tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f0000010000)\n\
                 \t/lib64/ld-linux-x86-64.so.2 (0x00007f0000200000)\n",
            )?;
        }
    }
    Ok(Modelled::new(code, 0.02))
}

/// The libraries in the directories of the linker.
fn libraries(process: &mut Process<'_, '_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for directory in DIRECTORIES {
        // A directory that is another one's link is looked through but once.
        if process.lstat(directory).is_ok_and(|node| node.as_symlink().is_some()) {
            continue;
        }
        for (name, node) in process.list(directory).unwrap_or_default() {
            if name.starts_with("lib") && name.contains(".so") && !matches!(&*node, Node::Directory(_)) {
                found.push((name.to_string(), path::join(directory, &name)));
            }
        }
    }
    found
}

/// Makes the cache of the linker, or prints it.
pub(super) fn ldconfig(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    // Alpine's is a script that has nothing to do.
    if process.exists(MUSL) {
        return Ok(Modelled::new(0, 0.0));
    }
    let found = libraries(process);
    let has = |letter| process.args().iter().any(|word| word.starts_with('-') && word.contains(letter));
    if has('p') {
        let mut text = format!("{} libs found in cache `{CACHE}'\n", found.len());
        for (name, place) in &found {
            text += &format!("\t{name} (libc6,x86-64) => {place}\n");
        }
        process.output(&text)?;
        return Ok(Modelled::new(0, 0.01));
    }
    if process.credentials.uid != 0 {
        process.error_output(
            "ldconfig: Can't create temporary cache file /etc/ld.so.cache~: Permission denied\n",
        )?;
        return Ok(Modelled::new(1, 0.0));
    }
    let mut hasher = Hasher::new();
    let mut size = 48;
    for (name, place) in &found {
        hasher.field(place.as_bytes());
        size += 24 + name.len() as u64 + place.len() as u64 + 2;
    }
    let content = Content::modelled(size, "linker cache", &[hasher.finish().as_bytes()]);
    if let Err(error) = put(process, CACHE, content, 0o644) {
        process.check_limits()?;
        process.error_output(&format!(
            "ldconfig: Can't create temporary cache file {CACHE}~: {}\n",
            error.kind.message()
        ))?;
        return Ok(Modelled::new(1, 0.0));
    }
    Ok(Modelled::new(0, 0.1))
}

/// Lists what programs need, in the one form that images of Alpine ask for: `--format '%n#p'`.
pub(super) fn scanelf(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let words = process.args().to_vec();
    let mut roots: Vec<String> = Vec::new();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        if word == "--format" || word == "-F" {
            rest.next();
        } else if !word.starts_with('-') {
            roots.push(word.clone());
        }
    }
    for root in roots {
        let place = process.resolve(&root);
        let tree = process.machine.tree().clone();
        let any = tree.walk(&place).any(|entry| {
            entry
                .node
                .as_file()
                .is_some_and(|file| file.content.is_opaque() && file.metadata.mode & 0o111 != 0)
        });
        if any {
            process.output("libc.musl-x86_64.so.1\n")?;
        }
    }
    Ok(Modelled::new(0, 0.1))
}

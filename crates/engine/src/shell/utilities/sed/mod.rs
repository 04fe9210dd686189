//! `sed`: the whole language.

mod editor;
mod execute;
mod input;
mod output;
mod parse;
mod replacement;
mod script;

use self::editor::Editor;
use self::input::Lines;
use self::parse::Reading;
use self::script::{Action, Command};
use super::options::{self, Options};
use super::support::{cannot_open, open_file};
use crate::shell::regex::Syntax;
use crate::shell::{ExitCode, Interrupt, Outcome, Process};
use crate::vfs::{Follow, VfsError, VfsErrorKind, path};

/// A script, and how its lines are read and printed.
struct Script {
    commands: Vec<Command>,
    quiet: bool,
    /// What ends a line.
    end: u8,
}

impl Script {
    /// The files that are written to.
    fn files(&self) -> impl Iterator<Item = &str> {
        self.commands.iter().filter_map(|command| match &command.action {
            Action::Write(path) | Action::WriteFirst(path) => Some(path.as_str()),
            Action::Substitute(substitution) => substitution.file.as_deref(),
            _ => None,
        })
    }
}

const LONG: &[(&str, char)] = &[
    ("quiet", 'n'),
    ("silent", 'n'),
    ("expression", 'e'),
    ("file", 'f'),
    ("regexp-extended", 'E'),
    ("in-place", 'i'),
    ("separate", 's'),
    ("null-data", 'z'),
    ("zero-terminated", 'z'),
    ("unbuffered", 'u'),
    ("line-length", 'l'),
    ("posix", '1'),
    ("follow-symlinks", '2'),
    ("sandbox", '3'),
    ("debug", '4'),
    ("version", 'V'),
];

/// Edits streams.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let busybox = ("nrEe:f:i::V", LONG);
    let options = match options::parse_as(process, busybox, ("nrEszue:f:i::l:1234V", LONG))? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let busybox = process.is_busybox();
    if options.has('V') {
        process.output(if busybox { "This is not GNU sed version 4.0\n" } else { "sed (GNU sed) 4.9\n" })?;
        return Ok(0);
    }
    let mut operands = options.operands.clone();
    let text = match script_text(process, &options, &mut operands)? {
        Ok(text) => text,
        Err(code) => return Ok(code),
    };
    let extended = options.has('E') || options.has('r');
    let reading = Reading {
        syntax: if extended { Syntax::Extended } else { Syntax::Basic },
        busybox,
        width: options.value('l').and_then(|text| text.parse().ok()).unwrap_or(if busybox { 0 } else { 70 }),
    };
    let commands = match parse::parse(&text, reading) {
        Ok(commands) => commands,
        Err(error) => {
            process.complain(&error.message)?;
            return Ok(error.code);
        }
    };
    let quiet = options.has('n') || text.starts_with("#n\n");
    let script = Script { commands, quiet, end: if options.has('z') { b'\0' } else { b'\n' } };
    for path in script.files().filter(|path| !path.starts_with("/dev/")) {
        // They are there even if nothing is written.
        if let Err(error) = process.write(path, Vec::new()) {
            return cannot_write(process, path, &error);
        }
    }
    let suffix = if options.has('i') { Some(options.value('i').unwrap_or("")) } else { None };
    let separate = options.has('s') && !operands.is_empty();
    match suffix {
        Some(_) if operands.is_empty() => {
            process.complain(if busybox { "-i requires an argument" } else { "no input files" })?;
            Ok(if busybox { 1 } else { 4 })
        }
        None if !separate => edit_stream(process, &script, &operands),
        suffix => edit_separately(process, &script, &operands, suffix),
    }
}

/// The text of all `-e` and `-f`, or else the first operand.
fn script_text(
    process: &mut Process<'_, '_>,
    options: &Options,
    operands: &mut Vec<String>,
) -> Result<Result<String, ExitCode>, Interrupt> {
    let mut script = String::new();
    for (letter, value) in options.all() {
        let text = match (letter, value) {
            ('e', Some(text)) => text.to_owned(),
            ('f', Some(path)) => match process.read_text(path) {
                Ok(text) => text.strip_suffix('\n').unwrap_or(&text).to_owned(),
                Err(error) => {
                    let reason = error.kind.message();
                    process.complain(&if process.is_busybox() {
                        format!("{path}: {reason}")
                    } else {
                        format!("couldn't open file {path}: {reason}")
                    })?;
                    return Ok(Err(if process.is_busybox() { 1 } else { 4 }));
                }
            },
            _ => continue,
        };
        script.push_str(&text);
        script.push('\n');
    }
    if script.is_empty() && !options.has('e') && !options.has('f') {
        if operands.is_empty() {
            if process.is_busybox() {
                return super::usage::print(process).map(Err);
            }
            process
                .error_output("Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n")?;
            return Ok(Err(1));
        }
        script = operands.remove(0);
    }
    Ok(Ok(script))
}

/// Edits all files as one stream, to standard output.
fn edit_stream(process: &mut Process<'_, '_>, script: &Script, operands: &[String]) -> Outcome {
    let mut editor = Editor::new(script, Lines::new(operands, script.end));
    let status = editor.run(process)?;
    editor.flush(process)?;
    let failed = editor.write_files(process)?;
    Ok(if failed { 4 } else { status.unwrap_or(editor.lines.code) })
}

/// Edits each file for itself; with a suffix, in its place.
fn edit_separately(
    process: &mut Process<'_, '_>,
    script: &Script,
    operands: &[String],
    suffix: Option<&str>,
) -> Outcome {
    let mut code = 0;
    let mut editor = Editor::new(script, Lines::new(&[], script.end));
    editor.in_place = suffix.is_some();
    for path in operands {
        let old = match open_file(process, path) {
            Ok(input) if suffix.is_some() => process.read_all(&input)?,
            Ok(_) => Vec::new(),
            Err(error) if suffix.is_some() && error.kind == VfsErrorKind::IsADirectory => {
                process.complain(&format!("couldn't edit {path}: not a regular file"))?;
                code = 4;
                continue;
            }
            Err(error) => {
                code = cannot_read(process, path, &error)?;
                continue;
            }
        };
        editor.start(Lines::new(std::slice::from_ref(path), script.end));
        let status = editor.run(process)?;
        editor.flush(process)?;
        if let Some(suffix) = suffix {
            let out = std::mem::take(&mut editor.out).bytes;
            if let Err(error) = put_in_place(process, path, suffix, old, out) {
                cannot_open(process, path, &error)?;
                code = 1;
            }
        }
        if let Some(status) = status {
            editor.write_files(process)?;
            return Ok(status);
        }
    }
    let failed = editor.write_files(process)?;
    Ok(if failed { 4 } else { code })
}

fn cannot_write(process: &mut Process<'_, '_>, path: &str, error: &VfsError) -> Outcome {
    let reason = error.kind.message();
    if process.is_busybox() {
        process.complain(&format!("can't open '{path}': {reason}"))?;
        return Ok(1);
    }
    process.complain(&format!("couldn't open file {path}: {reason}"))?;
    Ok(4)
}

fn cannot_read(process: &mut Process<'_, '_>, path: &str, error: &VfsError) -> Outcome {
    let reason = error.kind.message();
    if process.is_busybox() {
        process.complain(&format!("{path}: {reason}"))?;
        return Ok(1);
    }
    if error.kind == VfsErrorKind::IsADirectory {
        process.complain(&format!("read error on {path}: {reason}"))?;
        return Ok(4);
    }
    process.complain(&format!("can't read {path}: {reason}"))?;
    Ok(2)
}

/// Puts a new file in the place of an old one, keeping mode and owner.
fn put_in_place(
    process: &mut Process<'_, '_>,
    path: &str,
    suffix: &str,
    old: Vec<u8>,
    new: Vec<u8>,
) -> Result<(), VfsError> {
    let node = process.stat(path)?;
    let metadata = *node.metadata();
    if !suffix.is_empty() {
        // A suffix with a star is the whole name; one with a slash is in another directory.
        let name = path::name(path);
        let name = if suffix.contains('*') && !process.is_busybox() {
            suffix.replace('*', name)
        } else {
            format!("{name}{suffix}")
        };
        let backup = if name.contains('/') || !path.contains('/') {
            name
        } else {
            path::join(path::parent(path), &name)
        };
        process.write_with_mode(&backup, old, metadata.mode)?;
        let _ = process.set_owner(&backup, Some(metadata.uid), Some(metadata.gid), Follow::No);
        let _ = process.set_mode(&backup, metadata.mode);
        let _ = process.set_mtime(&backup, metadata.mtime, Follow::No);
    }
    let directory = path::parent(path);
    let temporary = path::join(directory, &format!(".sed{:x}", process.machine.next_random() >> 40));
    process.write_with_mode(&temporary, new, metadata.mode)?;
    let _ = process.set_owner(&temporary, Some(metadata.uid), Some(metadata.gid), Follow::No);
    let _ = process.set_mode(&temporary, metadata.mode);
    process.rename(&temporary, path)
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::sh;

    #[test]
    fn substitutions() {
        assert_eq!(
            sh(
                "echo hello | sed 's/l/L/2; s/h\\(.\\)/\\1h/'; echo aaa | sed 's/a/b/g'; echo a.b | sed 's|\\.|/|'"
            ),
            "ehlLo\nbbb\na/b\n"
        );
        assert_eq!(
            sh("echo abc | sed -E 's/(a)(b)/\\2\\1/; s/c$/[&]/'; echo x | sed 's/y*/-/g'"),
            "ba[c]\n-x-\n"
        );
        assert_eq!(
            sh("echo '<dep>x</dep>' | sed -n 's:.*<dep>\\(.*\\)</dep>.*:\\1:p'; echo abc | sed 'y/abc/xyz/'"),
            "x\nxyz\n"
        );
    }

    #[test]
    fn addresses_and_commands() {
        assert_eq!(
            sh(
                "seq 5 | sed -n '2,4p'; seq 5 | sed '2,4d'; seq 3 | sed '$!d'; seq 5 | sed -n '/2/,/4/{//!p}'"
            ),
            "2\n3\n4\n1\n5\n3\n3\n"
        );
        assert_eq!(
            sh(
                "seq 2 | sed '1a\\\nx'; seq 2 | sed '2i y'; seq 2 | sed '1c z'; seq 3 | sed 2q; seq 2 | sed -n '$='"
            ),
            "1\nx\n2\n1\ny\n2\nz\n2\n1\n2\n2\n"
        );
        assert_eq!(
            sh(
                "seq 3 | sed 'N;s/\\n/,/'; seq 3 | sed -n '1!G;h;$p'; printf 'a\\\\\\nb\\n' | sed ':x; /\\\\$/{N;s/\\\\\\n//;bx}'"
            ),
            "1,2\n3\n3\n2\n1\nab\n"
        );
        assert_eq!(sh("seq 3 | sed '1d;n;s/3/x/'; seq 4 | sed '2,+1d'"), "2\nx\n1\n4\n");
    }

    #[test]
    fn reads_no_more_than_it_needs() {
        assert_eq!(
            sh("yes | sed 2q; yes | sed -n '3{p;q}'; (seq 3; yes) | sed '/3/q' | tail -n 1"),
            "y\ny\ny\n3\n"
        );
    }

    #[test]
    fn in_place() {
        assert_eq!(
            sh(
                "sed -i s/alpha/x/ /d/a.txt; cat /d/a.txt; sed -i.bak 's/b/c/' /d/b.txt; cat /d/b.txt /d/b.txt.bak; printf a | sed s/a/b/"
            ),
            "x\ncravo\nbravo\nb"
        );
        assert_eq!(sh("sed s/x"), "! sed: unmatched '/'\n= 1\n");
    }
}

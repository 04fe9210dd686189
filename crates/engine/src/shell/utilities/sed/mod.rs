//! `sed`: the whole language.

mod editor;
mod execute;
mod parse;
mod replacement;
mod script;

use self::editor::Editor;
use self::script::Command;
use super::options::{self, Options};
use super::support::{cannot_open, each_input, open_file};
use crate::shell::bytes::to_text;
use crate::shell::regex::Syntax;
use crate::shell::{ExitCode, Interrupt, Outcome, Process};
use crate::vfs::{Follow, VfsError, path};

/// A script, and how its lines are read and printed.
struct Script {
    commands: Vec<Command>,
    quiet: bool,
    /// What ends a line.
    end: u8,
}

/// Edits streams.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("quiet", 'n'),
        ("silent", 'n'),
        ("expression", 'e'),
        ("file", 'f'),
        ("regexp-extended", 'E'),
        ("in-place", 'i'),
        ("separate", 's'),
        ("null-data", 'z'),
        ("unbuffered", 'u'),
    ];
    let options = match options::parse(process, "nrEszue:f:i::", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let mut operands = options.operands.clone();
    let text = match script_text(process, &options, &mut operands)? {
        Ok(text) => text,
        Err(code) => return Ok(code),
    };
    let syntax = if options.has('E') || options.has('r') { Syntax::Extended } else { Syntax::Basic };
    let commands = match parse::parse(&text, syntax) {
        Ok(commands) => commands,
        Err(error) => {
            let text = if process.is_busybox() {
                error.message
            } else {
                format!("-e expression #1, char {}: {}", error.at, error.message)
            };
            process.complain(&text)?;
            return Ok(1);
        }
    };
    let quiet = options.has('n') || text.starts_with("#n\n");
    let script = Script { commands, quiet, end: if options.has('z') { b'\0' } else { b'\n' } };
    if options.has('i') {
        edit_in_place(process, &script, &operands, options.value('i').unwrap_or(""))
    } else {
        edit_stream(process, &script, &operands)
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
                    cannot_open(process, path, &error)?;
                    return Ok(Err(1));
                }
            },
            _ => continue,
        };
        script.push_str(&text);
        script.push('\n');
    }
    if script.is_empty() && !options.has('e') && !options.has('f') {
        if operands.is_empty() {
            process.complain("no script specified")?;
            return Ok(Err(1));
        }
        script = operands.remove(0);
    }
    Ok(Ok(script))
}

/// Edits all files as one stream, to standard output.
fn edit_stream(process: &mut Process<'_, '_>, script: &Script, operands: &[String]) -> Outcome {
    let mut lines = Vec::new();
    let mut complete = true;
    let code = each_input(process, operands, |process, input, _| {
        let bytes = process.read_all(input)?;
        complete = split_lines(&bytes, script.end, &mut lines);
        Ok(())
    })?;
    let mut editor = Editor::new(script, lines, complete);
    let status = editor.run(process)?;
    let out = std::mem::take(&mut editor.out);
    process.output_bytes(&out)?;
    Ok(if status != 0 { status } else { code })
}

/// Edits each file for itself, and puts what comes out in its place.
fn edit_in_place(
    process: &mut Process<'_, '_>,
    script: &Script,
    operands: &[String],
    suffix: &str,
) -> Outcome {
    let mut code = 0;
    for path in operands {
        let input = match open_file(process, path) {
            Ok(input) => input,
            Err(error) => {
                code = cannot_read(process, path, &error)?;
                continue;
            }
        };
        let bytes = process.read_all(&input)?;
        let mut lines = Vec::new();
        let complete = split_lines(&bytes, script.end, &mut lines);
        let mut editor = Editor::new(script, lines, complete);
        editor.in_place = true;
        let status = editor.run(process)?;
        let out = std::mem::take(&mut editor.out);
        let printed = std::mem::take(&mut editor.printed);
        process.output_bytes(&printed)?;
        if let Err(error) = put_in_place(process, path, suffix, bytes, out) {
            cannot_open(process, path, &error)?;
            code = 1;
        }
        if status != 0 {
            return Ok(status);
        }
    }
    Ok(code)
}

fn cannot_read(process: &mut Process<'_, '_>, path: &str, error: &VfsError) -> Outcome {
    let reason = error.kind.message();
    if process.is_busybox() {
        process.complain(&format!("{path}: {reason}"))?;
        return Ok(1);
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
    if !suffix.is_empty() {
        process.write(&format!("{path}{suffix}"), old)?;
    }
    let node = process.stat(path)?;
    let metadata = *node.metadata();
    let directory = path::parent(path);
    let temporary = path::join(directory, &format!(".sed{:x}", process.machine.next_random() >> 40));
    process.write_with_mode(&temporary, new, metadata.mode)?;
    let _ = process.set_owner(&temporary, Some(metadata.uid), Some(metadata.gid), Follow::No);
    let _ = process.set_mode(&temporary, metadata.mode);
    process.rename(&temporary, path)
}

/// Adds lines; whether the last one has its end.
fn split_lines(bytes: &[u8], end: u8, lines: &mut Vec<String>) -> bool {
    let complete = bytes.last() == Some(&end);
    let body = if complete { &bytes[..bytes.len() - 1] } else { bytes };
    if !bytes.is_empty() {
        lines.extend(body.split(|byte| *byte == end).map(to_text));
    }
    complete || bytes.is_empty()
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
            sh(
                "echo abc | sed -E 's/(a)(b)/\\2\\1/; s/c$/[&]/'; echo 'foo bar' | sed 's/\\b./\\u&/g'; echo x | sed 's/y*/-/g'"
            ),
            "ba[c]\nFoo Bar\n-x-\n"
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
                "seq 5 | sed -n '2,4p'; seq 5 | sed '2,4d'; seq 3 | sed '$!d'; seq 6 | sed -n '0~3p'; seq 5 | sed -n '/2/,/4/{//!p}'"
            ),
            "2\n3\n4\n1\n5\n3\n3\n6\n3\n"
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
    fn in_place() {
        assert_eq!(
            sh(
                "sed -i s/alpha/x/ /d/a.txt; cat /d/a.txt; sed -i.bak 's/b/c/' /d/b.txt; cat /d/b.txt /d/b.txt.bak; printf a | sed s/a/b/"
            ),
            "x\ncravo\nbravo\nb"
        );
        assert_eq!(sh("sed s/x"), "! sed: unterminated address or 's' command\n= 1\n");
    }
}

//! What BusyBox prints when an applet is called wrongly: its version, and how the applet wants to be called; and which
//! options an applet takes at all.

use crate::shell::{ExitCode, Interrupt, Process};

/// As Alpine 3.21 has it.
const VERSION: &str = "BusyBox v1.37.0 (2025-01-17 18:12:01 UTC)";

/// For each applet a line `@NAME LETTERS LONG,LONG` with its options (`-` for none, `*` where it reads them itself), and
/// the lines that say how it is called. What BusyBox prints to explain them below is text of its authors and left out.
const USAGES: &str = include_str!("usages.txt");

fn entries() -> impl Iterator<Item = &'static str> {
    USAGES.trim_start_matches('@').trim_end().split("\n@")
}

/// The line and the usage of an applet, where they are known here.
fn entry(name: &str) -> Option<(&'static str, &'static str)> {
    let name = match name {
        "egrep" | "fgrep" => "grep",
        name => name,
    };
    entries()
        .filter_map(|entry| entry.split_once('\n'))
        .find(|(line, _)| line.split_once(' ').is_some_and(|(applet, _)| applet == name))
}

/// Prints the usage of the applet, where it is known here, and gives the exit code that goes with it.
pub(in crate::shell) fn print(process: &mut Process<'_, '_>) -> Result<ExitCode, Interrupt> {
    if let Some((_, text)) = entry(process.name()) {
        process.error_output(&format!("{VERSION} multi-call binary.\n\nUsage: {text}\n"))?;
    }
    Ok(1)
}

/// Whether an applet answers `--help` without being started, as most do.
pub(in crate::shell) fn answers_help(process: &Process<'_, '_>) -> bool {
    !matches!(process.name(), "true" | "false" | "echo" | "test" | "[" | "[[")
        && entry(process.name()).is_some()
}

/// The options that an applet has: its letters, and its long ones.
pub(super) struct Accepted {
    letters: &'static str,
    long: &'static str,
}

impl Accepted {
    /// Those of an applet; `None` if nothing is known about it.
    pub(super) fn of(name: &str) -> Option<Self> {
        let mut words = entry(name)?.0.split(' ').skip(1);
        let (letters, long) = (words.next()?, words.next()?);
        (letters != "*").then_some(Self { letters, long })
    }

    /// Whether it has an option of one letter.
    pub(super) fn letter(&self, letter: char) -> bool {
        self.letters.contains(letter)
    }

    /// Whether it has a long option.
    pub(super) fn long(&self, name: &str) -> bool {
        self.long.split(',').any(|long| long == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::testing::{sh, shown};

    #[test]
    fn the_words_of_the_c_library() {
        let answer = sh("awk -z; mkdir /lib; : > /lib/ld-musl-x86_64.so.1; grep -P x /d/a.txt");
        assert!(answer.starts_with("! awk: invalid option -- 'z'\n! BusyBox v1.37.0 ("), "{answer}");
        assert!(answer.contains("\n! grep: unrecognized option: P\n! BusyBox v1.37.0 ("), "{answer}");
        assert!(answer.contains("\n! Usage: grep [-HhnlLoqvsrRiwFEz] ["), "{answer}");
        assert!(answer.ends_with("= 2\n"), "{answer}");
        assert_eq!(
            shown("dash", "uniq -y"),
            "! uniq: invalid option -- 'y'\n! Try 'uniq --help' for more information.\n= 1\n"
        );
    }

    #[test]
    fn every_entry_is_whole() {
        for entry in entries() {
            let (line, text) = entry.split_once('\n').unwrap();
            let words: Vec<&str> = line.split(' ').collect();
            assert_eq!(words.len(), 3, "{line}");
            assert!(text.starts_with(words[0]) && !text.ends_with('\n'), "{line}");
        }
    }

    #[test]
    fn applets_have_fewer_options_than_gnu() {
        assert!(
            sh("cp --preserve=mode /d/a.txt /x; ls /x").contains("cp: unrecognized option '--preserve=mode'")
        );
        assert!(sh("cat -E /d/a.txt").starts_with("! cat: invalid option -- 'E'\n! BusyBox v"));
        assert_eq!(shown("dash", "cat -E /d/a.txt"), "alpha$\n");
        let answer = sh("rmdir --help; echo $?");
        assert!(answer.starts_with("0\n! BusyBox v") && answer.contains("! Usage: rmdir [-p]"), "{answer}");
        assert!(sh("rm").starts_with("! BusyBox v"));
        assert_eq!(
            shown("dash", "rm"),
            "! rm: missing operand\n! Try 'rm --help' for more information.\n= 1\n"
        );
    }
}

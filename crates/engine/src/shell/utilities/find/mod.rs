//! `find`.

mod expression;
mod parse;
mod printf;
mod walk;

use self::walk::{Finder, Place};
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{Follow, VfsError};

/// Walks over trees.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let args = process.args().to_vec();
    let mut at = 0;
    let mut follow = Follow::No;
    while let Some(word) = args.get(at).filter(|word| matches!(word.as_str(), "-H" | "-L" | "-P")) {
        follow = if word == "-L" { Follow::Yes } else { Follow::No };
        at += 1;
    }
    let mut roots = Vec::new();
    while let Some(word) = args.get(at).filter(|word| !word.starts_with(['-', '(', '!'])) {
        roots.push(word.clone());
        at += 1;
    }
    if roots.is_empty() {
        roots.push(".".to_owned());
    }
    let expression = match parse::parse(process, &args[at..]) {
        Ok(expression) => expression,
        Err(message) => {
            process.complain(&message)?;
            if process.is_busybox() && message.starts_with("unrecognized:") {
                return crate::shell::utilities::usage::print(process);
            }
            return Ok(1);
        }
    };
    let follow = if expression.follows { Follow::Yes } else { follow };
    let mut finder = Finder::new(&expression, follow);
    let at_roots = if args.first().is_some_and(|word| word == "-H") { Follow::Yes } else { follow };
    for name in &roots {
        match process.look(name, at_roots).or_else(|_| process.look(name, Follow::No)) {
            Ok((_, node)) => finder.visit(process, Place { name, node: &node, depth: 0 })?,
            Err(error) => {
                complain(process, "", name, &error)?;
                finder.code = 1;
            }
        }
    }
    finder.run_batches(process)?;
    Ok(finder.code)
}

/// Says what is wrong with a path; GNU's `find` says what it could not do, and quotes the path.
fn complain(
    process: &mut Process<'_, '_>,
    what: &str,
    path: &str,
    error: &VfsError,
) -> Result<(), Interrupt> {
    let reason = error.kind.message();
    let text = if process.is_busybox() {
        format!("{path}: {reason}")
    } else {
        format!("{what}‘{path}’: {reason}")
    };
    process.complain(&text)
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::sh;

    #[test]
    fn walks() {
        assert_eq!(
            sh("find /d; cd /d; find . -name '*.txt' -type f | sort; find /d -maxdepth 1 -type d"),
            "/d\n/d/a.txt\n/d/b.txt\n/d/sub\n/d/sub/c.txt\n./a.txt\n./b.txt\n./sub/c.txt\n/d\n/d/sub\n"
        );
        assert_eq!(
            sh(
                "find /d -path '*/sub' -prune -o -type f -print; find /d ! -name 'a*' -a \\( -name '*.txt' -o -empty \\)"
            ),
            "/d/a.txt\n/d/b.txt\n/d/b.txt\n/d/sub/c.txt\n"
        );
        assert_eq!(
            sh(
                "find /d -type f -exec echo {} \\; ; find /d -type f -exec echo {} +; find /d -size +6c -type f"
            ),
            "/d/a.txt\n/d/b.txt\n/d/sub/c.txt\n/d/a.txt /d/b.txt /d/sub/c.txt\n/d/sub/c.txt\n"
        );
        assert_eq!(
            sh("find /d -name c.txt -delete; find /d -depth; find /nope"),
            "/d/a.txt\n/d/b.txt\n/d/sub\n/d\n! find: /nope: No such file or directory\n= 1\n"
        );
        assert_eq!(
            sh(
                "chmod 755 /d/a.txt; find /d -perm -111 -type f; find /d -perm /001 -name '*.txt'; find /d -type f -printf '%f %s\\n' | head -1"
            ),
            "/d/a.txt\n/d/a.txt\na.txt 6\n"
        );
    }
}

//! `truncate`: files made longer or shorter.

use super::options::{self, Options};
use super::support::{cannot_because, parse_size};
use crate::shell::{ExitCode, Interrupt, Outcome, Process};
use crate::vfs::{Content, VfsErrorKind};

const LONG: &[(&str, char)] = &[("size", 's'), ("no-create", 'c'), ("reference", 'r'), ("io-blocks", 'o')];

/// A size, and how it is meant: `+` by as much, `-`, `<` at most, `>` at least, `/` and `%` a multiple of it.
struct Wanted {
    sign: char,
    size: u64,
}

impl Wanted {
    fn of(self_size: u64, sign: char, old: u64) -> u64 {
        match sign {
            '+' => old.saturating_add(self_size),
            '-' => old.saturating_sub(self_size),
            '<' => old.min(self_size),
            '>' => old.max(self_size),
            '/' => old - old % self_size.max(1),
            '%' => old.next_multiple_of(self_size.max(1)),
            _ => self_size,
        }
    }
}

/// Sets the sizes of files; what is new in them is zeros.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse_as(process, ("cs:", &[]), ("cs:r:o", LONG))? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let wanted = match wanted(process, &options)? {
        Ok(wanted) => wanted,
        Err(code) => return Ok(code),
    };
    let mut code = 0;
    for path in &options.operands {
        if options.has('c') && !process.exists(path) {
            continue;
        }
        let old = process.stat(path).map_or(0, |node| node.size());
        let size = Wanted::of(wanted.size, wanted.sign, old);
        if size > process.machine.room() {
            cannot_because(process, "open", path, VfsErrorKind::NoSpace)?;
            return Ok(1);
        }
        let content = process.read(path).ok();
        let mut bytes = content.and_then(|content| content.bytes().map(<[u8]>::to_vec)).unwrap_or_default();
        bytes.resize(size as usize, 0);
        if let Err(error) = process.write(path, Content::new(bytes)) {
            process.check_limits()?;
            let reason = error.kind.message();
            let text = if process.is_busybox() {
                format!("{path}: open: {reason}")
            } else {
                format!("cannot open '{path}' for writing: {reason}")
            };
            process.complain(&text)?;
            code = 1;
        }
    }
    Ok(code)
}

/// The size that the options ask for, or the exit code of what is wrong with them.
fn wanted(process: &mut Process<'_, '_>, options: &Options) -> Result<Result<Wanted, ExitCode>, Interrupt> {
    let busybox = process.is_busybox();
    if options.operands.is_empty() || !options.has('s') && !options.has('r') {
        if busybox {
            return super::usage::print(process).map(Err);
        }
        let text = if options.has('s') || options.has('r') {
            "missing file operand"
        } else {
            "you must specify either '--size' or '--reference'"
        };
        process.complain(text)?;
        return options::usage_error(process).map(Err);
    }
    let (mut sign, mut size) = (' ', 0);
    if let Some(path) = options.value('r') {
        match process.stat(path) {
            Ok(node) => size = node.size(),
            Err(error) => {
                super::support::cannot(process, "stat", path, &error)?;
                return Ok(Err(1));
            }
        }
    }
    if let Some(text) = options.value('s') {
        let signs = if busybox { "" } else { "+-<>/%" };
        sign = text.chars().next().filter(|c| signs.contains(*c)).unwrap_or(' ');
        let digits = text.strip_prefix(sign).unwrap_or(text);
        let Some(number) = parse_size(digits).filter(|_| digits.starts_with(|c: char| c.is_ascii_digit()))
        else {
            let text = if busybox {
                format!("invalid number '{text}'")
            } else {
                format!("Invalid number: '{text}'")
            };
            process.complain(&text)?;
            return Ok(Err(1));
        };
        size = if options.has('r') { Wanted::of(number, sign, size) } else { number };
        if options.has('r') {
            sign = ' ';
        }
    }
    Ok(Ok(Wanted { sign, size }))
}

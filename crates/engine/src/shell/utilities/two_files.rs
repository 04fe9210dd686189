//! Two files that are looked at side by side.

use super::options;
use super::support::{lines, open_file};
use crate::shell::{ExitCode, Interrupt, Process};

/// The lines of two files.
pub(super) type TwoFiles = (Vec<String>, Vec<String>);

/// The lines of two files that are named.
pub(super) fn two_files(
    process: &mut Process<'_, '_>,
    operands: &[String],
) -> Result<Result<TwoFiles, ExitCode>, Interrupt> {
    let mut sides = Vec::new();
    for at in 0..2 {
        let Some(path) = operands.get(at) else {
            if process.is_busybox() {
                return super::usage::print(process).map(Err);
            }
            let text = match operands.first() {
                Some(first) => format!("missing operand after '{first}'"),
                None => "missing operand".to_owned(),
            };
            process.complain(&text)?;
            return options::usage_error(process).map(Err);
        };
        if path == "-" {
            sides.push(lines(&process.read_input()?));
            continue;
        }
        match open_file(process, path) {
            Ok(input) => sides.push(lines(&process.read_all(&input)?)),
            Err(error) => {
                process.complain(&format!("{path}: {}", error.kind.message()))?;
                return Ok(Err(1));
            }
        }
    }
    let second = sides.pop().unwrap_or_default();
    Ok(Ok((sides.pop().unwrap_or_default(), second)))
}

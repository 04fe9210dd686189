//! `tee`: standard input to files and on.

use super::options;
use crate::shell::process::OpenOptions;
use crate::shell::{Outcome, Process};

/// Copies standard input to files and to standard output.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("append", 'a'), ("ignore-interrupts", 'i'), ("output-error", 'p')];
    let options = options::take_as(process, ("ai", &[]), ("aip::", &long))?;
    let mut code = 0;
    let mut handles = Vec::new();
    let mut copies = 1;
    for path in &options.operands {
        if path == "-" && process.is_busybox() {
            copies += 1;
            continue;
        }
        let append = options.has('a');
        let how = OpenOptions { read: false, write: true, append, truncate: !append };
        match process.open_file(path, how) {
            Ok(handle) => handles.push(handle),
            Err(error) => {
                process.complain(&format!("{path}: {}", error.kind.message()))?;
                code = 1;
            }
        }
    }
    let bytes = process.read_input()?;
    for handle in handles {
        process.write_handle(&handle, &bytes)?;
    }
    for _ in 0..copies {
        process.output_bytes(&bytes)?;
    }
    Ok(code)
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::sh;

    #[test]
    fn copies() {
        assert_eq!(
            sh("echo x | tee /f /g; cat /f /g; echo y | tee -a /f >/dev/null; cat /f"),
            "x\nx\nx\nx\ny\n"
        );
        assert_eq!(sh("echo x | tee /d /f; cat /f"), "x\nx\n! tee: /d: Is a directory\n");
    }
}

//! `cat`, `tac`, `rev`, `nl`.

use super::options;
use super::support::{each_input, lines, print_line};
use crate::shell::{Outcome, Process};

/// Prints files one after the other.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(
        process,
        "nbsvetAuET",
        &[("number", 'n'), ("show-all", 'A'), ("squeeze-blank", 's')],
    )? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let numbers = options.has('n') || options.has('b');
    let ends = options.last_of("eAE").is_some();
    let tabs = options.last_of("tAT").is_some();
    let plain = !numbers && !ends && !tabs && !options.has('s');
    let mut number = 0;
    let mut blank = false;
    each_input(process, &options.operands, |process, input, _| {
        if plain {
            loop {
                let block = process.read_some(input, usize::MAX)?;
                if block.is_empty() {
                    return Ok(());
                }
                process.output_bytes(&block)?;
            }
        }
        while let Some(mut line) = process.read_line(input)? {
            let complete = line.last() == Some(&b'\n');
            if complete {
                line.pop();
            }
            if options.has('s') && line.is_empty() && blank {
                continue;
            }
            blank = line.is_empty();
            let mut out = Vec::new();
            if numbers && !(options.has('b') && line.is_empty()) {
                number += 1;
                out.extend(format!("{number:6}\t").bytes());
            }
            for byte in line {
                match byte {
                    b'\t' if tabs => out.extend(b"^I"),
                    _ => out.push(byte),
                }
            }
            if complete {
                out.extend(if ends { &b"$\n"[..] } else { b"\n" });
            }
            process.output_bytes(&out)?;
        }
        Ok(())
    })
}

/// Prints the lines of files, the last one first.
pub(super) fn tac(process: &mut Process<'_, '_>) -> Outcome {
    let paths = process.args().to_vec();
    each_input(process, &paths, |process, input, _| {
        let bytes = process.read_all(input)?;
        let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').rev().collect();
        process.output_bytes(&lines.concat())
    })
}

/// Prints each line backwards.
pub(super) fn rev(process: &mut Process<'_, '_>) -> Outcome {
    let paths = process.args().to_vec();
    each_input(process, &paths, |process, input, _| {
        let bytes = process.read_all(input)?;
        for line in lines(&bytes) {
            print_line(process, &line.chars().rev().collect::<String>())?;
        }
        Ok(())
    })
}

/// Numbers lines.
pub(super) fn nl(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "b:s:w:v:i:n:", &[])? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let all = options.value('b') == Some("a");
    let separator = options.value('s').unwrap_or("\t").to_owned();
    let width = options.value('w').and_then(|text| text.parse().ok()).unwrap_or(6_usize).min(100);
    let step = options.value('i').and_then(|text| text.parse().ok()).unwrap_or(1_i64);
    let mut number = options.value('v').and_then(|text| text.parse().ok()).unwrap_or(1_i64);
    each_input(process, &options.operands, |process, input, _| {
        let bytes = process.read_all(input)?;
        for line in lines(&bytes) {
            if line.is_empty() && !all {
                let blanks = " ".repeat(width + separator.len());
                print_line(process, &blanks)?;
                continue;
            }
            print_line(process, &format!("{number:width$}{separator}{line}"))?;
            number += step;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn files_and_messages() {
        assert_eq!(sh("cat /d/a.txt /d/b.txt"), "alpha\nbravo\n");
        assert_eq!(sh("cat /x"), "! cat: can't open '/x': No such file or directory\n= 1\n");
        assert_eq!(shown("dash", "cat /x"), "! cat: /x: No such file or directory\n= 1\n");
        assert_eq!(sh("printf 'a\\n\\nb' | cat -n"), "     1\ta\n     2\t\n     3\tb");
        assert_eq!(sh("printf 'a\\tb\\n' | cat -A"), "a^Ib$\n");
        assert_eq!(sh("printf 'a\\nb\\n' | tac; echo abc | rev; echo x | nl"), "b\na\ncba\n     1\tx\n");
    }
}

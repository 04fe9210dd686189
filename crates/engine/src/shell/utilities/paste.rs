//! `paste`: lines of several files side by side.

use super::options;
use super::support::{cannot_open, fail, open_file};
use crate::shell::bytes::to_bytes;
use crate::shell::{Input, Interrupt, Outcome, Process};

/// What is pasted and how.
struct Paster {
    inputs: Vec<Input>,
    /// What stands between the columns, over and over; nothing for `\0`.
    delimiters: Vec<Option<char>>,
    end: u8,
}

/// Puts lines of several files side by side, or those of each file in one line.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("delimiters", 'd'), ("serial", 's'), ("zero-terminated", 'z')];
    let options = options::take_as(process, ("d:s", &[]), ("d:sz", &long))?;
    let text = options.value('d').unwrap_or("\t");
    if text.is_empty() && process.is_busybox() {
        return fail(process, 1, "-d '' is not supported");
    }
    let delimiters = delimiters(text);
    let mut inputs = Vec::new();
    let standard = ["-".to_owned()];
    for path in if options.operands.is_empty() { &standard[..] } else { &options.operands } {
        let input = if path == "-" { Ok(process.input()) } else { open_file(process, path).map(Some) };
        match input {
            Ok(input) => inputs.extend(input),
            Err(error) => {
                cannot_open(process, path, &error)?;
                return Ok(1);
            }
        }
    }
    let paster = Paster { inputs, delimiters, end: if options.has('z') { 0 } else { b'\n' } };
    if options.has('s') {
        paster.serial(process)?
    } else {
        paster.parallel(process)?
    }
    Ok(0)
}

/// The characters of a list of delimiters.
fn delimiters(text: &str) -> Vec<Option<char>> {
    let mut list = Vec::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        list.push(match c {
            '\\' => match chars.next() {
                Some('0') => None,
                Some('n') => Some('\n'),
                Some('t') => Some('\t'),
                Some('b') => Some('\x08'),
                Some('f') => Some('\x0c'),
                Some('r') => Some('\r'),
                Some('v') => Some('\x0b'),
                other => Some(other.unwrap_or('\\')),
            },
            c => Some(c),
        });
    }
    list
}

impl Paster {
    fn delimiter(&self, at: usize, out: &mut Vec<u8>) {
        if let Some(Some(c)) = self.delimiters.get(at % self.delimiters.len().max(1)) {
            out.extend(to_bytes(&c.to_string()));
        }
    }

    /// A line without its end; `- -` shares the lines of standard input.
    fn line(&self, process: &mut Process<'_, '_>, at: usize) -> Result<Option<Vec<u8>>, Interrupt> {
        let mut line = process.read_until(&self.inputs[at], self.end)?;
        if let Some(line) = &mut line
            && line.last() == Some(&self.end)
        {
            line.pop();
        }
        Ok(line)
    }

    fn parallel(&self, process: &mut Process<'_, '_>) -> Result<(), Interrupt> {
        let busybox = process.is_busybox();
        let mut ended = vec![false; self.inputs.len()];
        loop {
            let mut cells = Vec::new();
            for (at, ended) in ended.iter_mut().enumerate() {
                let line = if *ended { None } else { self.line(process, at)? };
                *ended |= line.is_none();
                // BusyBox leaves a file out that has ended.
                if line.is_some() || !busybox {
                    cells.push(line);
                }
            }
            if cells.iter().all(Option::is_none) {
                return Ok(());
            }
            let mut out = Vec::new();
            for (at, cell) in cells.into_iter().enumerate() {
                if at > 0 {
                    self.delimiter(at - 1, &mut out);
                }
                out.extend(cell.unwrap_or_default());
            }
            out.push(self.end);
            process.output_bytes(&out)?;
        }
    }

    fn serial(&self, process: &mut Process<'_, '_>) -> Result<(), Interrupt> {
        let busybox = process.is_busybox();
        for at in 0..self.inputs.len() {
            let mut out = Vec::new();
            let mut count = 0;
            while let Some(line) = self.line(process, at)? {
                if count > 0 {
                    self.delimiter(count - 1, &mut out);
                }
                out.extend(line);
                count += 1;
            }
            // BusyBox has no line for a file without lines.
            if count > 0 || !busybox {
                out.push(self.end);
            }
            process.output_bytes(&out)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn columns() {
        assert_eq!(
            sh(
                "printf 'a\\nb\\nc\\n' | paste -s -d,; seq 4 | paste - -; seq 2 > /x; seq 3 | paste -d '\\0' /x -"
            ),
            "a,b,c\n1\t2\n3\t4\n11\n22\n3\n"
        );
        assert_eq!(shown("dash", "printf 'a\\0b\\0' | paste -zs | od -An -c"), "   a  \\t   b  \\0\n");
    }
}

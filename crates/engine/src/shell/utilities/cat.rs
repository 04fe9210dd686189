//! `cat`: files one after the other.

use super::options;
use super::support::each_input;
use crate::shell::{Interrupt, Outcome, Process};

/// What is shown of what is otherwise not seen, and where the output stands.
#[derive(Default)]
struct Printer {
    numbers: bool,
    /// No numbers for empty lines.
    only_full: bool,
    squeeze: bool,
    ends: bool,
    tabs: bool,
    controls: bool,
    number: u64,
    /// Whether the last line was empty.
    blank: bool,
    /// Whether the last file ended within a line.
    inside: bool,
}

/// Prints files one after the other.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("number", 'n'),
        ("number-nonblank", 'b'),
        ("show-all", 'A'),
        ("squeeze-blank", 's'),
        ("show-ends", 'E'),
        ("show-tabs", 'T'),
        ("show-nonprinting", 'v'),
    ];
    let options = options::take(process, "nbsvetAuET", &long)?;
    let mut printer = Printer {
        numbers: options.has('n') || options.has('b'),
        only_full: options.has('b'),
        squeeze: options.has('s'),
        ends: options.last_of("eAE").is_some(),
        tabs: options.last_of("tAT").is_some(),
        controls: options.last_of("vetA").is_some(),
        ..Printer::default()
    };
    let Printer { numbers, squeeze, ends, tabs, controls, .. } = printer;
    let plain = !(numbers || squeeze || ends || tabs || controls);
    each_input(process, &options.operands, |process, input, _| {
        while !plain && let Some(line) = process.read_line(input)? {
            printer.print(process, line)?;
        }
        loop {
            let block = process.read_some(input, usize::MAX)?;
            if block.is_empty() {
                return Ok(());
            }
            process.output_bytes(&block)?;
        }
    })
}

impl Printer {
    fn print(&mut self, process: &mut Process<'_, '_>, mut line: Vec<u8>) -> Result<(), Interrupt> {
        let mut complete = line.last() == Some(&b'\n');
        if complete {
            line.pop();
        }
        // BusyBox numbers the lines of each file by themselves, and ends them all.
        complete |= self.numbers && process.is_busybox();
        let empty = line.is_empty() && !self.inside;
        if self.squeeze && empty && self.blank {
            return Ok(());
        }
        self.blank = empty;
        let mut out = Vec::new();
        if self.numbers && !self.inside && !(self.only_full && empty) {
            self.number += 1;
            out.extend(format!("{:6}\t", self.number).bytes());
        }
        line.iter().for_each(|byte| self.show(*byte, &mut out));
        if complete {
            out.extend(if self.ends { &b"$\n"[..] } else { b"\n" });
        }
        self.inside = !complete;
        process.output_bytes(&out)
    }

    fn show(&self, byte: u8, out: &mut Vec<u8>) {
        match byte {
            b'\t' if self.tabs => out.extend(b"^I"),
            b'\t' => out.push(byte),
            128.. if self.controls => {
                out.extend(b"M-");
                self.show_low(byte - 128, out);
            }
            _ if self.controls => self.show_low(byte, out),
            _ => out.push(byte),
        }
    }

    fn show_low(&self, byte: u8, out: &mut Vec<u8>) {
        match byte {
            0..32 => out.extend([b'^', byte + 64]),
            127 => out.extend(b"^?"),
            _ => out.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn files_and_messages() {
        assert_eq!(sh("cat /d/a.txt /d/b.txt"), "alpha\nbravo\n");
        assert_eq!(sh("cat /x"), "! cat: can't open '/x': No such file or directory\n= 1\n");
        assert_eq!(shown("dash", "cat /x"), "! cat: /x: No such file or directory\n= 1\n");
    }

    #[test]
    fn what_is_not_seen() {
        assert_eq!(sh("printf 'a\\n\\nb' | cat -n"), "     1\ta\n     2\t\n     3\tb\n");
        assert_eq!(sh("printf 'a\\tb\\001\\351\\n' | cat -A"), "a^Ib^AM-i$\n");
        assert_eq!(shown("dash", "printf a > /p; cat -n /p /d/a.txt"), "     1\taalpha\n");
    }
}

//! `fold`: long lines broken.

use super::options;
use super::support::{busybox_number, count_of, each_input, fail};
use crate::shell::{Interrupt, Outcome, Process};

/// Breaks long lines.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    for word in process.arguments.iter_mut().skip(1) {
        // `-5` is `-w 5`.
        if word.len() > 1 && word.starts_with('-') && word[1..].bytes().all(|byte| byte.is_ascii_digit()) {
            *word = format!("-w{}", &word[1..]);
        }
    }
    let long = [("width", 'w'), ("spaces", 's'), ("bytes", 'b')];
    let options = options::take_as(process, ("bsw:", &[]), ("bsw:", &long))?;
    let width = match options.value('w').map(str::to_owned) {
        Some(text) => width(process, &text)?,
        None => 80,
    };
    let (bytes_alone, at_blanks) = (options.has('b'), options.has('s'));
    each_input(process, &options.operands, |process, input, _| {
        let bytes = process.read_all(input)?;
        let out = folded(&bytes, width, bytes_alone, at_blanks);
        process.output_bytes(&out)
    })
}

fn width(process: &mut Process<'_, '_>, text: &str) -> Result<usize, Interrupt> {
    if process.is_busybox() {
        return Ok(busybox_number(process, text, &[], (1, 10000))? as usize);
    }
    match count_of(text) {
        Some(0) => {
            fail(process, 1, &format!("invalid number of columns: ‘{text}’: Numerical result out of range"))
        }
        Some(width) => Ok(width),
        None => fail(process, 1, &format!("invalid number of columns: ‘{text}’")),
    }
}

/// The column after a character.
fn advanced(column: usize, byte: u8, bytes_alone: bool) -> usize {
    match byte {
        _ if bytes_alone => column + 1,
        b'\t' => (column / 8 + 1) * 8,
        8 => column.saturating_sub(1),
        b'\r' => 0,
        // What goes on a character takes no column.
        0x80..0xc0 => column,
        _ => column + 1,
    }
}

fn folded(bytes: &[u8], width: usize, bytes_alone: bool, at_blanks: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let (mut column, mut start) = (0_usize, 0);
    for byte in bytes {
        if *byte == b'\n' {
            out.push(*byte);
            (column, start) = (0, out.len());
            continue;
        }
        let next = advanced(column, *byte, bytes_alone);
        if next > width && out.len() > start {
            let blank = out[start..].iter().rposition(|byte| *byte == b' ' || *byte == b'\t');
            let at = blank.filter(|_| at_blanks).map_or(out.len(), |at| start + at + 1);
            let moved = out.split_off(at);
            out.push(b'\n');
            start = out.len();
            column = moved.iter().fold(0, |column, byte| advanced(column, *byte, bytes_alone));
            out.extend(moved);
            column = advanced(column, *byte, bytes_alone);
        } else {
            column = next;
        }
        out.push(*byte);
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn lines() {
        assert_eq!(sh("echo abcdef | fold -w 4; echo 'ab cd ef' | fold -s -5"), "abcd\nef\nab \ncd ef\n");
        assert_eq!(sh("fold -w 0"), "! fold: number 0 is not in 1..10000 range\n= 1\n");
        assert_eq!(
            shown("dash", "fold -w 0"),
            "! fold: invalid number of columns: '0': Numerical result out of range\n= 1\n"
        );
    }
}

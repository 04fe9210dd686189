//! The excerpt of the Dockerfile that BuildKit prints with an error or a warning.

use std::fmt::Write;

/// Lines that are marked, first and last, counted from 1.
pub type Lines = (u32, u32);

/// The excerpt around marked lines, without the line break at its end; `None` where there is no such line.
///
/// ```text
/// Dockerfile:2
/// --------------------
///    1 |     FROM alpine
///    2 | >>> RUNN true
///    3 |
/// --------------------
/// ```
pub fn excerpt(file_name: &str, text: &str, (first, last): Lines) -> Option<String> {
    let lines: Vec<&str> = text.split('\n').collect();
    let (first, last) = (first as usize, last.max(first) as usize);
    if first < 1 || first > lines.len() {
        return None;
    }
    let (mut from, mut to) = (first, last.min(lines.len()));
    // Two more lines around several marked ones, four around a single one; near an end of the text the rounds
    // count although they add less, so that the excerpt grows a little at the other side.
    let wanted = if from == to { 4 } else { 2 };
    let mut added = 0;
    while added < wanted {
        if from > 1 {
            from -= 1;
            added += 1;
        }
        if to != lines.len() {
            to += 1;
            added += 1;
        }
        added += 1;
    }
    let mut out = format!("{file_name}:{first}\n--------------------\n");
    for number in from..=to {
        let mark = if (first..=last).contains(&number) { ">>>" } else { "   " };
        let _ = writeln!(out, " {number:>3} | {mark} {}", lines[number - 1]);
    }
    out.push_str("--------------------");
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line() {
        let text = "FROM a\nRUN b\nRUN c\nRUN d\nRUN e\n";
        let expected = "Dockerfile:3\n--------------------\n   1 |     FROM a\n   2 |     RUN b\n   3 | >>> RUN c\n   4 |     RUN d\n   5 |     RUN e\n--------------------";
        assert_eq!(excerpt("Dockerfile", text, (3, 3)).unwrap(), expected);
    }

    #[test]
    fn several_lines_and_none() {
        let text = "FROM a\nRUN b \\\n c\nRUN d\nRUN e";
        let expected = "D:2\n--------------------\n   1 |     FROM a\n   2 | >>> RUN b \\\n   3 | >>>  c\n   4 |     RUN d\n--------------------";
        assert_eq!(excerpt("D", text, (2, 3)).unwrap(), expected);
        assert_eq!(excerpt("D", text, (0, 0)), None);
        assert_eq!(excerpt("D", text, (9, 9)), None);
    }
}

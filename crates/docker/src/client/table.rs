//! Tables as Go's tabwriter lines them up.

/// What a column is at least wide, and what separates it from the next.
const LEAST: usize = 10;
const PADDING: usize = 3;

/// Lines up cells that are separated by tabs, one line of a table per line of the text.
///
/// A column goes on as long as lines have a tab behind it; the last cell of a line is not padded.
pub(crate) fn align(text: &str) -> String {
    align_with(text, LEAST)
}

/// The same with another least width.
pub(crate) fn align_with(text: &str, least: usize) -> String {
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
    let mut widths: Vec<Vec<usize>> = lines.iter().map(|cells| vec![0; cells.len()]).collect();
    let most = lines.iter().map(Vec::len).max().unwrap_or(0);
    for column in 0..most {
        let mut start = 0;
        while start < lines.len() {
            let end = (start..lines.len()).find(|at| lines[*at].len() <= column + 1).unwrap_or(lines.len());
            let widest =
                lines[start..end].iter().map(|cells| cells[column].chars().count()).max().unwrap_or(0);
            for line in &mut widths[start..end] {
                line[column] = (widest + PADDING).max(least);
            }
            start = end + 1;
        }
    }
    let mut out = String::new();
    for (cells, widths) in lines.iter().zip(&widths) {
        for (cell, width) in cells.iter().zip(widths) {
            out.push_str(cell);
            out.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.chars().count())));
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_end_where_lines_lack_them() {
        assert_eq!(align("a\tb\nlonger cell\tc\td\n"), "a             b\nlonger cell   c         d\n");
        assert_eq!(align("A\tB\t\nx\ty\t\n"), "A         B         \nx         y         \n");
    }
}

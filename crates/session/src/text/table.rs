//! Tables in the layout of the Docker command line.

/// Lines up columns: each as wide as its widest cell and three blanks, at least ten; the last one is not padded.
pub fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let last = header.len().saturating_sub(1);
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([header[column].chars().count()]).max().map_or(10, |widest| (widest + 3).max(10))
    };
    let widths: Vec<usize> = (0..last).map(width).collect();
    let mut text = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        for (column, cell) in cells.enumerate() {
            text.push_str(cell);
            let padding = widths.get(column).map_or(0, |width| width - cell.chars().count());
            text.extend(std::iter::repeat_n(' ', padding));
        }
        text.push('\n');
    };
    line(&mut header.iter().copied());
    for row in rows {
        line(&mut row.iter().map(String::as_str));
    }
    text
}

/// Cuts a text to `width` characters, the last one `…` if anything was cut.
pub fn ellipsis(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(width.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_dockers_widths() {
        let text = table(
            &["IMAGE", "SIZE", "COMMENT"],
            &[
                vec!["692694eecedd".into(), "0B".into(), String::new()],
                vec!["<missing>".into(), "3.09MB".into(), "x".into()],
            ],
        );
        assert_eq!(
            text,
            "IMAGE          SIZE      COMMENT\n692694eecedd   0B        \n<missing>      3.09MB    x\n"
        );
    }

    #[test]
    fn long_texts_end_in_an_ellipsis() {
        let cut = ellipsis("RUN /bin/sh -c cat a.txt > out.txt # buildkit and more", 45);
        assert_eq!(cut, "RUN /bin/sh -c cat a.txt > out.txt # buildki…");
        assert_eq!(ellipsis("short", 45), "short");
    }
}

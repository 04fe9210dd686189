//! Two texts side by side.

use super::print::Side;
use super::script::Change;

const TAB: usize = 8;
/// Between the columns stands the mark, with a blank on either side.
const GUTTER: usize = 3;

/// The form of the columns.
pub(super) struct Columns {
    /// The room for a line of one text.
    half: usize,
    /// Where the second column begins.
    second: usize,
    expands: bool,
    left_only: bool,
    changes_only: bool,
}

impl Columns {
    /// `width` is that of both; `expands` puts blanks for tabs.
    pub(super) fn new(width: usize, expands: bool, left_only: bool, changes_only: bool) -> Self {
        let tab = if expands { 1 } else { TAB };
        let offset = (width + tab + GUTTER) / (2 * tab) * tab;
        let half = offset.saturating_sub(GUTTER).min(width.saturating_sub(offset));
        let second = if half > 0 { offset } else { width };
        Self { half, second, expands, left_only, changes_only }
    }

    /// Prints both texts.
    pub(super) fn print(&self, out: &mut Vec<u8>, a: &Side<'_>, b: &Side<'_>, changes: &[Change]) {
        let (mut left, mut right) = (0, 0);
        let end = Change { from: (a.lines.len(), a.lines.len()), to: (b.lines.len(), b.lines.len()) };
        for change in changes.iter().chain([&end]) {
            while left < change.from.0 && right < change.to.0 {
                if !self.changes_only {
                    let (mark, second) = if self.left_only { (b'(', None) } else { (b' ', Some((b, right))) };
                    self.line(out, Some((a, left)), mark, second);
                }
                (left, right) = (left + 1, right + 1);
            }
            while left < change.from.1 && right < change.to.1 {
                self.line(out, Some((a, left)), b'|', Some((b, right)));
                (left, right) = (left + 1, right + 1);
            }
            for at in left..change.from.1 {
                self.line(out, Some((a, at)), b'<', None);
            }
            for at in right..change.to.1 {
                self.line(out, None, b'>', Some((b, at)));
            }
            (left, right) = (change.from.1, change.to.1);
        }
    }

    fn line(
        &self,
        out: &mut Vec<u8>,
        left: Option<(&Side<'_>, usize)>,
        mark: u8,
        right: Option<(&Side<'_>, usize)>,
    ) {
        let ends = |(side, at): (&Side<'_>, usize)| side.complete || at + 1 < side.lines.len();
        let (left_ends, right_ends) = (left.is_some_and(ends), right.is_some_and(ends));
        let mut column = 0;
        if let Some((side, at)) = left {
            column = self.half_line(out, side.lines[at], 0);
        }
        if mark != b' ' {
            column = self.blanks(out, column, (self.half + self.second - 1) / 2) + 1;
            out.push(match mark {
                b'|' if left_ends != right_ends => {
                    if left_ends {
                        b'/'
                    } else {
                        b'\\'
                    }
                }
                _ => mark,
            });
        }
        if let Some((side, at)) = right
            && !side.lines[at].is_empty()
        {
            let column = self.blanks(out, column, self.second);
            self.half_line(out, side.lines[at], column);
        }
        if left_ends || right_ends {
            out.push(b'\n');
        }
    }

    /// Goes on to a column, with tabs where it may.
    fn blanks(&self, out: &mut Vec<u8>, from: usize, to: usize) -> usize {
        let mut at = from;
        while !self.expands && at + TAB - at % TAB <= to {
            out.push(b'\t');
            at += TAB - at % TAB;
        }
        out.resize(out.len() + to.saturating_sub(at), b' ');
        at.max(to)
    }

    /// As much of a line as there is room for; gives the column after it.
    fn half_line(&self, out: &mut Vec<u8>, line: &[u8], indent: usize) -> usize {
        let (mut read, mut written) = (0, 0);
        for byte in line {
            if *byte == b'\t' {
                let stop = read + TAB - read % TAB;
                if read == written && self.expands {
                    let to = stop.min(self.half);
                    out.resize(out.len() + to.saturating_sub(written), b' ');
                    written = to.max(written);
                } else if read == written && stop < self.half {
                    out.push(b'\t');
                    written = stop;
                }
                read = stop;
                continue;
            }
            // The further bytes of a character take no room.
            let width = usize::from(*byte & 0xc0 != 0x80);
            if read < self.half || width == 0 && read == written {
                out.push(*byte);
                written = read + width;
            }
            read += width;
        }
        indent + written
    }
}

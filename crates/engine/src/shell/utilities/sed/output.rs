//! What is printed, to standard output, to the file that is edited, or to the files of `w`.

use crate::shell::bytes::push_bytes;

/// Collected output.
#[derive(Default)]
pub(super) struct Output {
    pub(super) bytes: Vec<u8>,
    /// Whether the last line was printed without its end, as it came.
    unfinished: bool,
}

impl Output {
    /// Ends a line that was left without its end.
    fn finish_line(&mut self, end: u8) {
        if std::mem::take(&mut self.unfinished) {
            self.bytes.push(end);
        }
    }

    /// Prints a line, with its end if `complete`.
    pub(super) fn line(&mut self, text: &str, end: u8, complete: bool) {
        self.finish_line(end);
        push_bytes(text, &mut self.bytes);
        if complete {
            self.bytes.push(end);
        } else {
            self.unfinished = true;
        }
    }

    /// Prints text that brings its own ends of line.
    pub(super) fn text(&mut self, text: &str, end: u8) {
        self.finish_line(end);
        push_bytes(text, &mut self.bytes);
    }

    /// Prints bytes as they are.
    pub(super) fn raw(&mut self, bytes: &[u8], end: u8) {
        if !bytes.is_empty() {
            self.finish_line(end);
            self.bytes.extend_from_slice(bytes);
        }
    }
}

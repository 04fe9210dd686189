//! What a `RUN` prints: kept up to a limit, clipped as BuildKit clips it, and told to the world while it comes.

use crate::world::{Printed, World};

/// Which of the two outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stream {
    /// Descriptor 1.
    Stdout,
    /// Descriptor 2.
    Stderr,
}

/// Something that was printed, in the order of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Where to.
    pub stream: Stream,
    /// What; neighbouring prints to one stream are joined.
    pub bytes: Vec<u8>,
}

/// Work between two pieces of news.
const NEWS_EVERY: u64 = 8192;

/// What was printed so far.
#[derive(Debug)]
pub(super) struct Output {
    log: Vec<LogEntry>,
    /// Bytes in the log.
    length: u64,
    /// The most that is kept of each stream.
    limit: u64,
    /// What came through each stream, clipped or not.
    sizes: [u64; 2],
    /// Where in the log the pieces end that were told.
    told: Vec<u64>,
    /// How short the log has been since then.
    lowest: u64,
    next_news: u64,
}

/// A place to go back to.
pub(super) struct Mark {
    entries: usize,
    end: usize,
    length: u64,
    sizes: [u64; 2],
}

impl Output {
    /// Nothing yet; `limit` is in bytes, for each stream.
    pub(super) fn new(limit: u64) -> Self {
        Self {
            log: Vec::new(),
            length: 0,
            limit,
            sizes: [0; 2],
            told: Vec::new(),
            lowest: 0,
            next_news: NEWS_EVERY,
        }
    }

    /// All of it.
    pub(super) fn log(&self) -> &[LogEntry] {
        &self.log
    }

    /// Takes what is printed, and says how many bytes nobody will see. Where a stream meets its limit BuildKit leaves a
    /// note in it.
    pub(super) fn print(&mut self, stream: Stream, bytes: &[u8]) -> usize {
        let size = &mut self.sizes[stream as usize];
        let room = self.limit.saturating_sub(*size) as usize;
        let was_clipping = *size > self.limit;
        *size = size.saturating_add(bytes.len() as u64);
        let taken = &bytes[..bytes.len().min(room)];
        self.append(stream, taken);
        let clipped = bytes.len() - taken.len();
        if clipped > 0 && !was_clipping {
            let note = format!("\n[output clipped, log limit {} reached]\n", in_words(self.limit));
            self.append(stream, note.as_bytes());
        }
        clipped
    }

    fn append(&mut self, stream: Stream, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        match self.log.last_mut() {
            Some(last) if last.stream == stream => last.bytes.extend_from_slice(bytes),
            _ if bytes.is_empty() => {}
            _ => self.log.push(LogEntry { stream, bytes: bytes.to_vec() }),
        }
    }

    /// Gives away all of it.
    pub(super) fn drain(&mut self) -> Vec<LogEntry> {
        self.length = 0;
        std::mem::take(&mut self.log)
    }

    pub(super) fn mark(&self) -> Mark {
        let end = self.log.last().map_or(0, |entry| entry.bytes.len());
        Mark { entries: self.log.len(), end, length: self.length, sizes: self.sizes }
    }

    /// Forgets what was printed since.
    pub(super) fn rewind(&mut self, mark: &Mark) {
        self.log.truncate(mark.entries);
        if let Some(last) = self.log.last_mut() {
            last.bytes.truncate(mark.end);
        }
        (self.length, self.sizes) = (mark.length, mark.sizes);
        self.lowest = self.lowest.min(mark.length);
    }

    /// Whether so much was done that the world is told what was printed meanwhile.
    pub(super) fn is_due(&mut self, steps: u64) -> bool {
        if steps < self.next_news {
            return false;
        }
        self.next_news = steps.saturating_add(NEWS_EVERY);
        true
    }

    /// Tells the world what it does not know yet. At the end of a run that is all; before it, half a letter waits for its
    /// other half.
    pub(super) fn tell(&mut self, world: &dyn World, at_end: bool) {
        let known = self.told.last().copied().unwrap_or(0);
        let kept = self.told.iter().take_while(|end| **end <= self.lowest).count();
        self.told.truncate(kept);
        let mut from = self.told.last().copied().unwrap_or(0);
        let mut pieces = Vec::new();
        let mut start = 0;
        for (at, entry) in self.log.iter().enumerate() {
            let end = start + entry.bytes.len() as u64;
            if end > from {
                let rest = &entry.bytes[(from - start) as usize..];
                let is_last = at + 1 == self.log.len();
                let piece = if is_last && !at_end { &rest[..whole(rest)] } else { rest };
                if !piece.is_empty() {
                    from += piece.len() as u64;
                    self.told.push(from);
                    pieces.push((entry.stream == Stream::Stderr, piece));
                }
            }
            start = end;
        }
        self.lowest = from;
        if !pieces.is_empty() || from < known {
            world.printed(Printed { kept: kept as u32, pieces: &pieces });
        }
    }
}

/// How many bytes come before a letter of UTF-8 whose end is missing.
fn whole(bytes: &[u8]) -> usize {
    let tail = bytes.len().saturating_sub(3);
    let first = (tail..bytes.len()).rev().find(|at| bytes[*at] & 0xc0 != 0x80);
    let wanted = |byte: u8| match byte {
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => 1,
    };
    first.filter(|at| at + wanted(bytes[*at]) > bytes.len()).unwrap_or(bytes.len())
}

fn in_words(limit: u64) -> String {
    if limit.is_multiple_of(1 << 20) { format!("{}MiB", limit >> 20) } else { format!("{}KiB", limit >> 10) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oci::Image;
    use crate::world::WorldError;
    use std::cell::RefCell;
    use std::sync::Arc;

    /// Puts together what it is told.
    #[derive(Default)]
    struct Listener(RefCell<Vec<(bool, Vec<u8>)>>);

    impl World for Listener {
        fn now(&self) -> i64 {
            0
        }

        fn resolve_image(&self, name: &str, _: &str) -> Result<Arc<Image>, WorldError> {
            Err(WorldError::UnknownImage { name: name.into(), nearest: Vec::new() })
        }

        fn printed(&self, news: Printed<'_>) {
            let mut heard = self.0.borrow_mut();
            heard.truncate(news.kept as usize);
            heard.extend(news.pieces.iter().map(|(error, bytes)| (*error, bytes.to_vec())));
        }
    }

    impl Listener {
        fn text(&self) -> String {
            let heard = self.0.borrow();
            heard
                .iter()
                .map(|(error, bytes)| {
                    format!("{}{}", if *error { "!" } else { "" }, std::str::from_utf8(bytes).unwrap())
                })
                .collect()
        }
    }

    #[test]
    fn each_stream_is_clipped_by_itself_and_says_so_once() {
        let mut output = Output::new(1 << 20);
        assert_eq!(output.print(Stream::Stdout, &[b'a'; 1 << 20]), 0);
        assert_eq!(output.print(Stream::Stdout, b"bc"), 2);
        assert_eq!(output.print(Stream::Stdout, b"d"), 1);
        assert_eq!(output.print(Stream::Stderr, b"e"), 0);
        let log = output.log();
        assert!(log[0].bytes.ends_with(b"aa\n[output clipped, log limit 1MiB reached]\n"));
        assert_eq!((log.len(), &log[1].bytes[..]), (2, &b"e"[..]));
    }

    #[test]
    fn the_world_hears_each_piece_once_and_what_is_taken_back() {
        let (mut output, world) = (Output::new(1 << 20), Listener::default());
        output.print(Stream::Stdout, b"one\n");
        output.tell(&world, false);
        let mark = output.mark();
        output.print(Stream::Stdout, b"two\n");
        output.print(Stream::Stderr, "안".as_bytes());
        output.print(Stream::Stderr, &"녕".as_bytes()[..2]);
        output.tell(&world, false);
        assert_eq!(world.text(), "one\ntwo\n!안");
        output.print(Stream::Stderr, &"녕".as_bytes()[2..]);
        output.tell(&world, false);
        assert_eq!(world.text(), "one\ntwo\n!안!녕");
        output.rewind(&mark);
        output.tell(&world, false);
        assert_eq!(world.text(), "one\n");
        output.print(Stream::Stdout, b"three");
        output.rewind(&mark);
        output.print(Stream::Stdout, b"four");
        output.tell(&world, true);
        assert_eq!(world.text(), "one\nfour");
    }
}

//! The search for repetitions, in a window that slides over the data.
//!
//! The window is that of gzip with all its accidents: what lies behind the end of the data is what was there before,
//! and a comparison may run into it.

use super::blocks::Blocks;
use super::{Effort, Level, Packer};

const WINDOW: usize = 0x8000;
const SIZE: usize = 2 * WINDOW;
const MASK: usize = WINDOW - 1;
const HASHES: usize = 1 << 15;
const SHIFT: usize = 5;
const SHORTEST: usize = 3;
const LONGEST: usize = 258;
/// As much must lie ahead for a match to be looked for, unless the data ends.
const AHEAD: usize = LONGEST + SHORTEST + 1;
const FARTHEST: usize = WINDOW - AHEAD;
/// The shortest match is not worth a distance beyond this.
const TOO_FAR: usize = 4096;

/// Looks for repetitions and hands them to [`Blocks`].
pub(super) struct Matcher<'a> {
    /// What has not been read into the window.
    rest: &'a [u8],
    /// Whether reading was tried when there was no more.
    is_at_end: bool,
    window: Vec<u8>,
    /// The last place of each hash; 0 for none.
    head: Vec<u16>,
    /// The place before each place with the same hash.
    previous: Vec<u16>,
    hash: usize,
    start: usize,
    ahead: usize,
    /// Where the block begins; below zero when that has left the window.
    block: isize,
    match_start: usize,
    blocks: Blocks,
    effort: Effort,
    is_fast: bool,
    /// GNU's does not look for matches at the very end of the window.
    stops_early: bool,
}

impl<'a> Matcher<'a> {
    pub(super) fn new(data: &'a [u8], level: Level, packer: Packer) -> Self {
        let mut matcher = Self {
            rest: data,
            is_at_end: false,
            window: vec![0; SIZE + LONGEST],
            head: vec![0; HASHES],
            previous: vec![0; WINDOW],
            hash: 0,
            start: 0,
            ahead: 0,
            block: 0,
            match_start: 0,
            blocks: Blocks::new(level.0 > 2),
            effort: level.effort(),
            is_fast: level.is_fast(),
            stops_early: packer == Packer::Gnu,
        };
        matcher.ahead = matcher.read(0, SIZE);
        matcher.is_at_end = matcher.ahead == 0;
        matcher.fill();
        matcher.restart_hash();
        matcher
    }

    pub(super) fn run(mut self) -> Vec<u8> {
        if self.is_fast {
            self.fast();
        } else {
            self.lazy();
        }
        self.end_block(true);
        self.blocks.finish()
    }

    fn read(&mut self, at: usize, room: usize) -> usize {
        let count = room.min(self.rest.len());
        let (taken, rest) = self.rest.split_at(count);
        self.window[at..at + count].copy_from_slice(taken);
        self.rest = rest;
        count
    }

    /// Makes sure that enough lies ahead.
    fn fill(&mut self) {
        while self.ahead < AHEAD && !self.is_at_end {
            let mut room = SIZE - self.ahead - self.start;
            if self.start >= WINDOW + FARTHEST {
                self.slide();
                room += WINDOW;
            }
            let at = self.start + self.ahead;
            let count = self.read(at, room);
            if count == 0 {
                self.is_at_end = true;
                if self.stops_early {
                    self.window[at..at + SHORTEST - 1].fill(0);
                }
            }
            self.ahead += count;
        }
    }

    fn slide(&mut self) {
        self.window.copy_within(WINDOW..SIZE, 0);
        self.match_start = self.match_start.wrapping_sub(WINDOW);
        self.start -= WINDOW;
        self.block -= WINDOW as isize;
        for place in self.head.iter_mut().chain(&mut self.previous) {
            *place = place.saturating_sub(WINDOW as u16);
        }
    }

    fn restart_hash(&mut self) {
        self.hash = 0;
        self.roll(self.window[self.start]);
        self.roll(self.window[self.start + 1]);
    }

    fn roll(&mut self, byte: u8) {
        self.hash = (self.hash << SHIFT ^ usize::from(byte)) & (HASHES - 1);
    }

    /// Remembers the string at the present place; gives the last place with the same hash.
    fn insert(&mut self) -> usize {
        self.roll(self.window[self.start + SHORTEST - 1]);
        let head = self.head[self.hash];
        self.previous[self.start & MASK] = head;
        self.head[self.hash] = self.start as u16;
        head.into()
    }

    fn may_match(&self, head: usize) -> bool {
        head != 0 && self.start - head <= FARTHEST && (!self.stops_early || self.start <= SIZE - AHEAD)
    }

    /// The longest match that begins with a candidate; [`Self::match_start`] says where it is.
    fn longest(&mut self, mut candidate: usize, before: usize) -> usize {
        let mut chain = if before >= self.effort.good { self.effort.chain >> 2 } else { self.effort.chain };
        let limit = self.start.saturating_sub(FARTHEST);
        let mut best = before;
        loop {
            let (here, there) = (&self.window[self.start..], &self.window[candidate..]);
            if there[best] == here[best] && there[best - 1] == here[best - 1] && there[..2] == here[..2] {
                let pairs = here[..LONGEST].iter().zip(&there[..LONGEST]);
                let length = 3.max(pairs.take_while(|(here, there)| here == there).count());
                if length > best {
                    self.match_start = candidate;
                    best = length;
                    if length >= self.effort.nice {
                        return best;
                    }
                }
            }
            candidate = self.previous[candidate & MASK].into();
            chain -= 1;
            if candidate <= limit || chain == 0 {
                return best;
            }
        }
    }

    fn length_of_block(&self) -> usize {
        (self.start as isize - self.block) as usize
    }

    fn end_block(&mut self, is_last: bool) {
        let length = self.length_of_block();
        let data = usize::try_from(self.block).ok().map(|block| &self.window[block..self.start]);
        self.blocks.end_block(data, length, is_last);
        self.block = self.start as isize;
    }

    /// Takes each match at once.
    fn fast(&mut self) {
        while self.ahead > 0 {
            let head = self.insert();
            let mut length = 0;
            if self.may_match(head) {
                length = self.longest(head, SHORTEST - 1).min(self.ahead);
            }
            let block = self.length_of_block();
            let full;
            if length >= SHORTEST {
                full = self.blocks.repeat(self.start - self.match_start, length, block);
                self.ahead -= length;
                if length <= self.effort.lazy {
                    for _ in 1..length {
                        self.start += 1;
                        self.insert();
                    }
                    self.start += 1;
                } else {
                    self.start += length;
                    self.restart_hash();
                }
            } else {
                full = self.blocks.literal(self.window[self.start], block);
                self.ahead -= 1;
                self.start += 1;
            }
            if full {
                self.end_block(false);
            }
            self.fill();
        }
    }

    /// Takes a match only if none begins a byte later that is longer.
    fn lazy(&mut self) {
        let mut held = false;
        let mut length = SHORTEST - 1;
        while self.ahead > 0 {
            let head = self.insert();
            let (before, place) = (length, self.match_start);
            length = SHORTEST - 1;
            if self.may_match(head) && before < self.effort.lazy {
                length = self.longest(head, before).min(self.ahead);
                if length == SHORTEST && self.start - self.match_start > TOO_FAR {
                    length -= 1;
                }
            }
            if before >= SHORTEST && length <= before {
                let block = self.length_of_block();
                let full = self.blocks.repeat(self.start - 1 - place, before, block);
                self.ahead -= before - 1;
                for _ in 0..before - 2 {
                    self.start += 1;
                    self.insert();
                }
                held = false;
                length = SHORTEST - 1;
                self.start += 1;
                if full {
                    self.end_block(false);
                }
            } else {
                if held {
                    let block = self.length_of_block();
                    if self.blocks.literal(self.window[self.start - 1], block) {
                        self.end_block(false);
                    }
                }
                held = true;
                self.start += 1;
                self.ahead -= 1;
            }
            self.fill();
        }
        if held {
            let block = self.length_of_block();
            self.blocks.literal(self.window[self.start - 1], block);
        }
    }
}

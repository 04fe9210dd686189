//! `${x#…}`, `${x%…}` and `${x/…}`: parts of a text that fit a pattern are cut out.

use crate::shell::interrupt::Interrupt;
use crate::shell::language::{Pattern, Place};
use crate::shell::process::Process;

/// How many attempts, or characters that are gone through, are one step.
const WORK: u64 = 64;

/// Looks for what fits a pattern, and counts the work.
pub(super) struct Cutter<'a, 'm, 'w> {
    process: &'a mut Process<'m, 'w>,
    pattern: &'a Pattern,
    work: u64,
    /// The least that fits, and whether more may fit.
    length: (usize, bool),
}

impl<'a, 'm, 'w> Cutter<'a, 'm, 'w> {
    pub(super) fn new(process: &'a mut Process<'m, 'w>, pattern: &'a Pattern) -> Self {
        Self { process, pattern, work: 0, length: pattern.length() }
    }

    /// `#` and `##`
    pub(super) fn remove_prefix(mut self, text: &str, longest: bool) -> Result<String, Interrupt> {
        let chars: Vec<char> = text.chars().collect();
        if self.pattern.is_grouped() {
            let ends = self.ends(&chars)?;
            let mut fitting = (0..ends.len()).filter(|length| ends[*length]);
            let end = if longest { fitting.next_back() } else { fitting.next() };
            return Ok(chars[end.unwrap_or(0)..].iter().collect());
        }
        let (least, most) = self.lengths(chars.len());
        let mut end = None;
        for turn in least..=most {
            let length = if longest { most + least - turn } else { turn };
            if self.fits(&chars[..length])? {
                end = Some(length);
                break;
            }
        }
        Ok(chars[end.unwrap_or(0)..].iter().collect())
    }

    /// `%` and `%%`
    pub(super) fn remove_suffix(mut self, text: &str, longest: bool) -> Result<String, Interrupt> {
        let chars: Vec<char> = text.chars().collect();
        let end = self.suffix(&chars, longest)?.unwrap_or(chars.len());
        Ok(chars[..end].iter().collect())
    }

    /// `/`, `//`, `/#` and `/%`
    pub(super) fn replace(mut self, text: &str, word: &str, place: Place) -> Result<String, Interrupt> {
        let chars: Vec<char> = text.chars().collect();
        if place == Place::End {
            return Ok(match self.suffix(&chars, true)? {
                Some(start) => chars[..start].iter().collect::<String>() + word,
                None => text.to_owned(),
            });
        }
        let mut out = String::new();
        let mut at = 0;
        while at < chars.len() {
            match self.longest_at(&chars[at..])? {
                Some(length) => {
                    out.push_str(word);
                    self.count(word.len())?;
                    self.process.machine.check_size(out.len())?;
                    at += length;
                    if place != Place::All {
                        break;
                    }
                }
                None if place == Place::Start => break,
                None => {
                    out.push(chars[at]);
                    at += 1;
                }
            }
        }
        out.extend(&chars[at..]);
        Ok(out)
    }

    /// Where the end of a text begins that fits.
    fn suffix(&mut self, chars: &[char], longest: bool) -> Result<Option<usize>, Interrupt> {
        let (least, most) = self.lengths(chars.len());
        for turn in least..=most {
            let start = chars.len() - if longest { most + least - turn } else { turn };
            if self.fits(&chars[start..])? {
                return Ok(Some(start));
            }
        }
        Ok(None)
    }

    /// How much fits at the begin of a text; nothing does not count.
    fn longest_at(&mut self, chars: &[char]) -> Result<Option<usize>, Interrupt> {
        if self.pattern.is_grouped() {
            let ends = self.ends(chars)?;
            return Ok((1..ends.len()).rev().find(|length| ends[*length]));
        }
        let (least, most) = self.lengths(chars.len());
        for length in (least.max(1)..=most).rev() {
            if self.fits(&chars[..length])? {
                return Ok(Some(length));
            }
        }
        // Where there is nothing to try something has been done, too.
        self.count(1)?;
        Ok(None)
    }

    /// The lengths that can fit at all in so many characters: from the first to the second.
    fn lengths(&self, room: usize) -> (usize, usize) {
        match self.length {
            (least, true) => (least, room),
            (only, false) if only <= room => (only, only),
            (only, false) => (only, 0),
        }
    }

    /// After how many characters a match of a pattern with groups can end.
    fn ends(&mut self, chars: &[char]) -> Result<Vec<bool>, Interrupt> {
        let (ends, work) = self.pattern.ends(chars);
        self.count(1 + work as usize)?;
        Ok(ends)
    }

    fn fits(&mut self, chars: &[char]) -> Result<bool, Interrupt> {
        self.count(1)?;
        if self.pattern.is_grouped() {
            return Ok(self.ends(chars)?[chars.len()]);
        }
        if !self.pattern.is_long_work() || !self.pattern.fits_ends(chars) {
            return Ok(self.pattern.fits_ends(chars));
        }
        self.count(chars.len())?;
        Ok(self.pattern.matches_chars(chars))
    }

    fn count(&mut self, work: usize) -> Result<(), Interrupt> {
        self.work += work as u64;
        if self.work < WORK {
            return Ok(());
        }
        let steps = self.work / WORK;
        self.work %= WORK;
        self.process.step(steps)
    }
}

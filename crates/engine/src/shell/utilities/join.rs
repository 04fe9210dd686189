//! `join`: lines of two sorted files that have a field in common.

use super::options;
use super::support::count_of;
use super::two_files::two_files;
use crate::shell::bytes::push_bytes;
use crate::shell::{Outcome, Process};

/// Joins lines of two files that have a field in common.
pub(super) fn join(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "a:e:i1:2:j:o:t:v:", &[("ignore-case", 'i')])? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let (first, second) = match two_files(process, &options.operands)? {
        Ok(sides) => sides,
        Err(code) => return Ok(code),
    };
    let separator = options.value('t').and_then(|text| text.chars().next());
    let split = |line: &str| -> Vec<String> {
        match separator {
            Some(separator) => line.split(separator).map(str::to_owned).collect(),
            None => line.split_whitespace().map(str::to_owned).collect(),
        }
    };
    let field = |letter| {
        let text = options.value(letter).or(options.value('j')).unwrap_or("1");
        count_of(text).unwrap_or(1).max(1) - 1
    };
    let fields = [field('1'), field('2')];
    let sides: Vec<Vec<Vec<String>>> =
        [first, second].iter().map(|lines| lines.iter().map(|line| split(line)).collect()).collect();
    let key = |side: usize, at: usize| {
        let text = sides[side][at].get(fields[side]).cloned().unwrap_or_default();
        if options.has('i') { text.to_lowercase() } else { text }
    };
    let wants = |side: &str| options.values('a').chain(options.values('v')).any(|asked| asked == side);
    let joiner = separator.unwrap_or(' ').to_string();
    let form: Vec<&str> = options.values('o').flat_map(|text| text.split([',', ' '])).collect();
    let empty = options.value('e').unwrap_or("");
    let row = |left: Option<usize>, right: Option<usize>| {
        let cell = |side: usize, number: usize| {
            let at = if side == 0 { left } else { right };
            let text = at.and_then(|at| sides[side][at].get(number)).filter(|text| !text.is_empty());
            text.map_or(empty, String::as_str).to_owned()
        };
        let common = match (left, right) {
            (Some(_), _) => cell(0, fields[0]),
            _ => cell(1, fields[1]),
        };
        let mut cells = Vec::new();
        if form.is_empty() {
            cells.push(common);
            for (side, at) in [(0, left), (1, right)] {
                let Some(at) = at else { continue };
                cells
                    .extend((0..sides[side][at].len()).filter(|n| *n != fields[side]).map(|n| cell(side, n)));
            }
        } else {
            for part in &form {
                cells.push(match part.split_once('.').map(|(side, n)| (side, count_of(n))) {
                    Some((side @ ("1" | "2"), Some(number))) => {
                        cell(usize::from(side == "2"), number.max(1) - 1)
                    }
                    _ => common.clone(),
                });
            }
        }
        cells.join(&joiner)
    };
    let mut rows = Vec::new();
    let (mut a, mut b) = (0, 0);
    while a < sides[0].len() || b < sides[1].len() {
        process.step(1)?;
        let order = match (a < sides[0].len(), b < sides[1].len()) {
            (true, true) => key(0, a).cmp(&key(1, b)),
            (true, false) => std::cmp::Ordering::Less,
            _ => std::cmp::Ordering::Greater,
        };
        match order {
            std::cmp::Ordering::Less => {
                if wants("1") {
                    rows.push(row(Some(a), None));
                }
                a += 1;
            }
            std::cmp::Ordering::Greater => {
                if wants("2") {
                    rows.push(row(None, Some(b)));
                }
                b += 1;
            }
            std::cmp::Ordering::Equal => {
                let wanted = key(0, a);
                let a_end = (a..sides[0].len()).find(|at| key(0, *at) != wanted).unwrap_or(sides[0].len());
                let b_end = (b..sides[1].len()).find(|at| key(1, *at) != wanted).unwrap_or(sides[1].len());
                if !options.has('v') {
                    for left in a..a_end {
                        process.step((b_end - b) as u64)?;
                        (b..b_end).for_each(|right| rows.push(row(Some(left), Some(right))));
                    }
                }
                (a, b) = (a_end, b_end);
            }
        }
    }
    let mut out = Vec::new();
    for row in rows {
        push_bytes(&row, &mut out);
        out.push(b'\n');
    }
    process.output_bytes(&out)?;
    Ok(0)
}

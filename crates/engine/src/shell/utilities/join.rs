//! `join`: lines of two sorted files that have a field in common.

use super::options;
use super::support::count_of;
use super::two_files::{OrderCheck, two_files};
use crate::shell::bytes::push_bytes;
use crate::shell::{Outcome, Process};

/// Joins lines of two files that have a field in common.
pub(super) fn join(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("ignore-case", 'i'),
        ("check-order", 'C'),
        ("nocheck-order", 'N'),
        ("header", 'H'),
        ("zero-terminated", 'z'),
    ];
    let options = options::take(process, "a:e:i1:2:j:o:t:v:CNHz", &long)?;
    let end = if options.has('z') { 0 } else { b'\n' };
    let (mut first, mut second) = two_files(process, &options.operands, end)?;
    let headers: Vec<String> = if options.has('H') {
        [&mut first, &mut second]
            .into_iter()
            .map(|lines| if lines.is_empty() { String::new() } else { lines.remove(0) })
            .collect()
    } else {
        Vec::new()
    };
    let mut check = OrderCheck::new(options.has('C'), options.has('N'));
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
    let lines = [first, second];
    let sides: Vec<Vec<Vec<String>>> =
        lines.iter().map(|lines| lines.iter().map(|line| split(line)).collect()).collect();
    let key = |side: usize, at: usize| {
        let text = sides[side][at].get(fields[side]).cloned().unwrap_or_default();
        if options.has('i') { text.to_lowercase() } else { text }
    };
    let wants = |side: &str| options.values('a').chain(options.values('v')).any(|asked| asked == side);
    let joiner = separator.unwrap_or(' ').to_string();
    let mut form: Vec<String> =
        options.values('o').flat_map(|text| text.split([',', ' '])).map(str::to_owned).collect();
    if form == ["auto"] {
        // As many fields as the first lines have, the common one first.
        form = vec!["0".to_owned()];
        for side in 0..2 {
            let count = sides[side].first().map_or(0, Vec::len);
            let own = (0..count).filter(|number| *number != fields[side]);
            form.extend(own.map(|number| format!("{}.{}", side + 1, number + 1)));
        }
    }
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
    if let [first, second] = &headers[..] {
        let (first, second) = (split(first), split(second));
        let own = |cells: &[String], field: usize| -> Vec<String> {
            cells.iter().enumerate().filter(|(at, _)| *at != field).map(|(_, cell)| cell.clone()).collect()
        };
        let mut cells = vec![first.get(fields[0]).cloned().unwrap_or_default()];
        cells.extend(own(&first, fields[0]));
        cells.extend(own(&second, fields[1]));
        rows.push(cells.join(&joiner));
    }
    let (mut a, mut b) = (0, 0);
    let mut unpaired = false;
    while a < sides[0].len() || b < sides[1].len() {
        process.step(1)?;
        for (side, at) in [(0, a), (1, b)] {
            let disorder = at > 0 && at < sides[side].len() && key(side, at) < key(side, at - 1);
            if disorder && (unpaired || check.strict) {
                let name = options.operands[side].as_str();
                let line = at + 1 + headers.len() / 2;
                check.disorder(
                    process,
                    side,
                    &format!("{name}:{line}: is not sorted: {}", lines[side][at]),
                )?;
            }
        }
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
                unpaired = true;
                a += 1;
            }
            std::cmp::Ordering::Greater => {
                if wants("2") {
                    rows.push(row(None, Some(b)));
                }
                unpaired = true;
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
        out.push(end);
    }
    process.output_bytes(&out)?;
    check.end(process)
}

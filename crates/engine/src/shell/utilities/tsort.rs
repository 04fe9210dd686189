//! `tsort`: names in an order in which each comes after those that it was said to follow.

use super::options;
use super::support::read_inputs;
use crate::shell::bytes::to_text;
use crate::shell::{Outcome, Process};
use std::collections::{BTreeMap, VecDeque};

/// A name, how many have to come before it, and what comes after it.
#[derive(Default)]
struct Item {
    before: usize,
    after: Vec<String>,
}

/// Sorts pairs of names.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "", &[])? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let (bytes, code) = read_inputs(process, &options.operands)?;
    if code != 0 {
        return Ok(code);
    }
    let text = to_text(&bytes);
    let words: Vec<&str> = text.split_whitespace().collect();
    let source = options.operands.first().map_or("-", String::as_str).to_owned();
    if words.len() % 2 == 1 {
        process.complain(&format!("{source}: input contains an odd number of tokens"))?;
        return Ok(1);
    }
    let mut items: BTreeMap<String, Item> = BTreeMap::new();
    for pair in words.chunks_exact(2) {
        items.entry(pair[0].to_owned()).or_default();
        items.entry(pair[1].to_owned()).or_default();
        if pair[0] != pair[1] {
            items.entry(pair[0].to_owned()).or_default().after.push(pair[1].to_owned());
            items.entry(pair[1].to_owned()).or_default().before += 1;
        }
    }
    let mut free: VecDeque<String> =
        items.iter().filter(|(_, item)| item.before == 0).map(|(name, _)| name.clone()).collect();
    let mut code = 0;
    while !items.is_empty() {
        process.step(1)?;
        let Some(name) = free.pop_front() else {
            let circle = circle(&items);
            process.complain(&format!("{source}: input contains a loop:"))?;
            for name in &circle {
                process.complain(name)?;
            }
            // The last of the circle no longer has to wait for the first.
            if let (Some(first), Some(last)) = (circle.first(), circle.last()) {
                release(&mut items, last, first, &mut free);
            }
            code = 1;
            continue;
        };
        process.output(&format!("{name}\n"))?;
        let Some(item) = items.remove(&name) else { continue };
        // The newest relation is the first to be looked at.
        for next in item.after.iter().rev() {
            if let Some(item) = items.get_mut(next) {
                item.before -= 1;
                if item.before == 0 {
                    free.push_back(next.clone());
                }
            }
        }
    }
    Ok(code)
}

/// Takes one relation away.
fn release(items: &mut BTreeMap<String, Item>, from: &str, to: &str, free: &mut VecDeque<String>) {
    let Some(item) = items.get_mut(from) else { return };
    let Some(at) = item.after.iter().position(|name| name == to) else { return };
    item.after.remove(at);
    if let Some(item) = items.get_mut(to) {
        item.before -= 1;
        if item.before == 0 {
            free.push_back(to.to_owned());
        }
    }
}

/// Names each of which comes before the next, and the last before the first.
fn circle(items: &BTreeMap<String, Item>) -> Vec<String> {
    let mut path: Vec<&String> = Vec::new();
    // Whoever waits for something has someone in front of him that is still there.
    let ahead =
        |name: &String| items.iter().find(|(_, item)| item.after.contains(name)).map(|(before, _)| before);
    let mut here = items.keys().next();
    while let Some(name) = here {
        if let Some(at) = path.iter().position(|seen| *seen == name) {
            let mut circle: Vec<String> = path[at..].iter().map(|name| (*name).clone()).collect();
            circle.reverse();
            // It is told from its first name on.
            let least = (0..circle.len()).min_by_key(|at| &circle[*at]).unwrap_or(0);
            circle.rotate_left(least);
            return circle;
        }
        path.push(name);
        here = ahead(name);
    }
    Vec::new()
}

//! Size budgets: what goes over the wire, in brotli, against the limits of the design.
//!
//! Reads `dist/` and the list of what a browser really fetched before the first interaction, which the browser tests
//! write. Prints a table of ratios. What is over its budget fails.

use std::collections::BTreeMap;
use std::fs;

use crate::process::{Outcome, output, root};

/// What the browser tests write, one path below the page's address per line: all that is fetched until the page is idle.
pub(crate) const FIRST_LOAD: &str = "target/first-load.txt";
/// The same for a page that opens with the first example, until its verdicts are there and the page is idle.
pub(crate) const FIRST_VERDICTS: &str = "target/first-verdicts.txt";

const ENGINE_KB: f64 = 250.0;
const PAGE_KB: f64 = 450.0;
const EMBED_KB: f64 = 6.0;

/// One line of the table.
pub(crate) struct Size {
    /// What is measured.
    pub(crate) what: String,
    /// Brotli, in kB (1,000 bytes).
    pub(crate) size: f64,
    /// What it may weigh, in kB; nothing is asked of what is fetched when it is first called.
    pub(crate) budget: Option<f64>,
}

/// Prints the table and fails when a budget is exceeded.
pub(crate) fn check() -> Outcome {
    let sizes = measure()?;
    println!("{:<36} {:>8} {:>8} {:>7}", "brotli, kB", "size", "budget", "ratio");
    let mut over = Vec::new();
    for Size { what, size, budget } in &sizes {
        let Some(budget) = budget else {
            println!("{what:<36} {size:>8.1}");
            continue;
        };
        println!("{what:<36} {size:>8.1} {budget:>8.0} {:>7.2}", size / budget);
        if size > budget {
            over.push(what.as_str());
        }
    }
    if over.is_empty() { Ok(()) } else { Err(format!("over the budget: {}", over.join(", "))) }
}

/// Measures what has a budget, then each part that is fetched when it is first called.
pub(crate) fn measure() -> Outcome<Vec<Size>> {
    let (first, verdicts) = (fetched(FIRST_LOAD)?, fetched(FIRST_VERDICTS)?);
    let parts = deferred_parts()?;
    let named = ["embed.js".to_owned()];
    let sizes = brotli(&[&first[..], &verdicts, &parts, &named].concat())?;
    let kilobytes = |path: &String| sizes.get(path).copied().unwrap_or_default() as f64 / 1000.0;
    // The catalogue has no budget: its parts are data, fetched when a build asks for them.
    let page = first.iter().filter(|path| !path.starts_with("catalog/")).map(kilobytes).sum();
    let is_engine = |path: &&String| path.starts_with("worker") && path.ends_with(".wasm");
    let engine = verdicts.iter().filter(is_engine).map(kilobytes).sum();
    let line = |what: &str, size, budget| Size { what: what.to_owned(), size, budget: Some(budget) };
    let mut table = vec![
        line("engine before the first verdicts", engine, ENGINE_KB),
        line("page before the first interaction", page, PAGE_KB),
        line("embed loader (embed.js)", kilobytes(&named[0]), EMBED_KB),
    ];
    table.extend(parts.iter().map(|part| {
        let what = format!("deferred: {}", part.split('-').next().unwrap_or(part));
        Size { what, size: kilobytes(part), budget: None }
    }));
    Ok(table)
}

/// A list that the browser tests wrote.
fn fetched(list: &str) -> Outcome<Vec<String>> {
    let text = fs::read_to_string(root().join(list))
        .map_err(|error| format!("{list}: {error}; the browser tests write it"))?;
    Ok(text.lines().filter(|line| !line.is_empty()).map(ToOwned::to_owned).collect())
}

/// The parts that `www/split` made, such as `worker.more-0123456789abcdef.wasm`.
fn deferred_parts() -> Outcome<Vec<String>> {
    let entries = fs::read_dir(root().join("dist")).map_err(|error| format!("dist: {error}"))?;
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let is_part = |name: &String| name.ends_with(".wasm") && !name.ends_with("_bg.wasm");
    let mut parts: Vec<String> = names.filter(is_part).collect();
    parts.sort();
    Ok(parts)
}

/// The brotli size of files of `dist/`, by path.
fn brotli(paths: &[String]) -> Outcome<BTreeMap<String, u64>> {
    let files: Vec<String> = paths.iter().map(|path| format!("dist/{path}")).collect();
    let mut arguments = vec!["xtask/brotli.mjs"];
    arguments.extend(files.iter().map(String::as_str));
    let table = output("node", &arguments).ok_or("a file of the page is missing in dist/; build it first")?;
    let sizes = table.lines().filter_map(|line| {
        let mut cells = line.split('\t');
        let path = cells.next()?.strip_prefix("dist/")?;
        Some((path.to_owned(), cells.nth(1)?.parse().ok()?))
    });
    Ok(sizes.collect())
}

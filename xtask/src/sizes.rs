//! Size budgets: what goes over the wire, in brotli, against the limits of the design.
//!
//! Reads `dist/` and the list of what a browser really fetched before the first interaction, which the browser tests
//! write. Prints a table of ratios. What is within its budget must stay so; what is over it may not grow beyond its
//! ceiling, which is lowered with every gain until the budget is met.

use std::collections::BTreeMap;
use std::fs;

use crate::process::{Outcome, output, root};

/// What the browser tests write: one path below the page's address per line.
pub(crate) const FIRST_LOAD: &str = "target/first-load.txt";

const ENGINE_KB: f64 = 250.0;
const ENGINE_CEILING_KB: f64 = 560.0;
const PAGE_KB: f64 = 450.0;
const PAGE_CEILING_KB: f64 = 980.0;
const EMBED_KB: f64 = 6.0;

/// One line of the table.
pub(crate) struct Budget {
    /// What is measured.
    pub(crate) what: &'static str,
    /// Brotli, in kB (1,000 bytes).
    pub(crate) size: f64,
    /// The limit of the design, in kB.
    pub(crate) limit: f64,
    /// What it may weigh until it meets the limit, in kB; the limit itself once it does.
    ceiling: f64,
}

impl Budget {
    /// The part of the limit that is used.
    pub(crate) fn ratio(&self) -> f64 {
        self.size / self.limit
    }
}

/// Prints the table and fails when a budget is exceeded.
pub(crate) fn check() -> Outcome {
    let budgets = measure()?;
    println!("{:<36} {:>8} {:>8} {:>7} {:>8}", "brotli, kB", "size", "budget", "ratio", "ceiling");
    for Budget { what, size, limit, ceiling } in &budgets {
        let verdict = if size > limit { "  over the budget" } else { "" };
        println!("{what:<36} {size:>8.1} {limit:>8.0} {:>7.2} {ceiling:>8.0}{verdict}", size / limit);
    }
    let grown: Vec<&str> =
        budgets.iter().filter(|budget| budget.size > budget.ceiling).map(|budget| budget.what).collect();
    if grown.is_empty() { Ok(()) } else { Err(format!("grown beyond its ceiling: {}", grown.join(", "))) }
}

/// Measures everything that has a budget.
pub(crate) fn measure() -> Outcome<Vec<Budget>> {
    let list = fs::read_to_string(root().join(FIRST_LOAD))
        .map_err(|error| format!("{FIRST_LOAD}: {error}; the browser tests write it"))?;
    let first: Vec<&str> = list.lines().filter(|line| !line.is_empty()).collect();
    let named = ["worker_bg.wasm", "embed.js"];
    let sizes = brotli(&[&first[..], &named[..]].concat())?;
    let kilobytes = |path: &str| sizes.get(path).copied().unwrap_or_default() as f64 / 1000.0;
    // The catalogue has no budget: its parts are data, fetched when a build asks for them.
    let page = first.iter().filter(|path| !path.starts_with("catalog/")).map(|path| kilobytes(path)).sum();
    Ok(vec![
        Budget {
            what: "engine (worker_bg.wasm)",
            size: kilobytes("worker_bg.wasm"),
            limit: ENGINE_KB,
            ceiling: ENGINE_CEILING_KB,
        },
        Budget {
            what: "page before the first interaction",
            size: page,
            limit: PAGE_KB,
            ceiling: PAGE_CEILING_KB,
        },
        Budget {
            what: "embed loader (embed.js)",
            size: kilobytes("embed.js"),
            limit: EMBED_KB,
            ceiling: EMBED_KB,
        },
    ])
}

/// The brotli size of files of `dist/`, by path.
fn brotli(paths: &[&str]) -> Outcome<BTreeMap<String, u64>> {
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

//! `cargo xtask conformance`: holds the engine against every recorded build and writes `docs/conformance.md`.

use std::fs;
use std::process::Stdio;

use crate::process::{Outcome, command, root, run};

const DOCUMENT: &str = "docs/conformance.md";
const KNOWN: &str = "tests/conformance/KNOWN_DIFFERENCES.txt";
/// How a line of the comparison begins that names a case which differs.
const DIFFERING: &str = "- ";

/// Runs the comparison and writes what it found.
pub(crate) fn write() -> Outcome {
    run("cargo", &["build", "--quiet", "--package", "dockerfile-lab"])?;
    let replay = root().join("target/debug/dockerfile-lab");
    let mut comparison = command("python3", &["tests/conformance/compare.py", "--verbose"]);
    comparison.args(["tests/conformance/cases", "--", &replay.to_string_lossy(), "replay"]);
    let output = comparison.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("python3 could not be started: {error}"))?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let known = fs::read_to_string(root().join(KNOWN)).map_err(|error| format!("{KNOWN}: {error}"))?;
    let text = document(&printed, &known)?;
    fs::write(root().join(DOCUMENT), text).map_err(|error| format!("{DOCUMENT}: {error}"))?;
    println!("{}\nwrote {DOCUMENT}", printed.lines().last().unwrap_or_default());
    Ok(())
}

/// The document for what the comparison printed: a table, the differing cases, a sum.
fn document(printed: &str, known: &str) -> Outcome<String> {
    let sum = printed.lines().last().filter(|line| line.ends_with("cases agree in everything"));
    let sum = sum.ok_or_else(|| format!("the comparison did not come to its end:\n{printed}"))?;
    let table = printed.lines().take_while(|line| !line.starts_with(DIFFERING) && *line != sum);
    let mut text = format!(
        "# Conformance\n\n\
         What the engine makes of the builds in [`tests/conformance`](../tests/conformance), held against what a real \
         BuildKit answered.\n\
         Written by `cargo xtask conformance`; do not edit.\n\n\
         **{sum}.**\n\n\
         Steps that agree, of those for which the recording says something, by group of cases and facet; `case` counts \
         whole cases.\n\n"
    );
    for (at, line) in table.enumerate() {
        let cells: Vec<&str> = line.split_whitespace().collect();
        text += &format!("| {} |\n", cells.join(" | "));
        if at == 0 {
            text += &format!("| --- |{}\n", " ---: |".repeat(cells.len() - 1));
        }
    }
    text += "\n## Deviations\n\n";
    let mut differing = printed.lines().filter_map(|line| line.strip_prefix(DIFFERING)).peekable();
    if differing.peek().is_none() {
        text += "None.\n";
    }
    for line in differing {
        let (case, place) = line.split_once(": ").unwrap_or((line, ""));
        let name = case.trim_end_matches(".json");
        text += &format!("* `{name}` ({place}): {}\n", reason(known, name));
    }
    Ok(text)
}

/// Why a case differs, as the list of known differences says behind its name.
fn reason<'a>(known: &'a str, name: &str) -> &'a str {
    let lines = known.lines().filter_map(|line| line.split_once('#'));
    let mut of_name = lines.filter(|(listed, _)| listed.trim() == name);
    of_name.next().map_or("not known yet", |(_, reason)| reason.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "\
group             case      verdict
cache          56/57        60/61
run             2/2          2/2
- cache-a.json: step 1 layer
    recorded 1
    replayed 2
58 of 59 cases agree in everything
";

    #[test]
    fn a_deviation_has_its_reason() {
        let text = document(PRINTED, "# a list\ncache-a  # the clock of the recording\n").unwrap();
        assert!(text.contains("**58 of 59 cases agree in everything.**"));
        assert!(
            text.contains("| group | case | verdict |\n| --- | ---: | ---: |\n| cache | 56/57 | 60/61 |\n")
        );
        assert!(text.contains(
            "| run | 2/2 | 2/2 |\n\n## Deviations\n\n* `cache-a` (step 1 layer): the clock of the recording\n"
        ));
        assert!(document("Traceback", "").is_err());
    }
}

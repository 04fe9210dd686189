//! What holds for every file of the repository: it speaks of the project alone, and no source file grows too long.

use std::fs;

use crate::process::{Outcome, output, root};

const LONGEST: usize = 600;
/// Where a line count says nothing: locks, data, recordings.
const UNCOUNTED: [&str; 6] = ["Cargo.lock", "package-lock.json", ".json", ".txt", ".md", ".csv"];

/// Fails with one line for each finding.
pub(crate) fn check() -> Outcome {
    let list = output("git", &["ls-files", "--cached", "--others", "--exclude-standard"])
        .ok_or("tidy asks git which files there are, and git does not answer")?;
    let mut findings = Vec::new();
    for path in list.lines() {
        // Deleted files are listed until the change is committed; binary files have no lines.
        if let Ok(text) = fs::read_to_string(root().join(path)) {
            findings.extend(in_file(path, &text));
        }
    }
    if findings.is_empty() { Ok(()) } else { Err(format!("not tidy:\n{}", findings.join("\n"))) }
}

fn in_file(path: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    let lines = text.lines().count();
    let homes = machine_paths();
    // What a real build answered is kept as it came.
    let recorded = path.starts_with("tests/conformance/") || path.contains("/corpus/");
    if lines > LONGEST && !recorded && !UNCOUNTED.iter().any(|end| path.ends_with(end)) {
        findings.push(format!("{path}: {lines} lines, at most {LONGEST}"));
    }
    for (number, line) in text.lines().enumerate().filter(|_| !recorded) {
        if homes.iter().any(|home| line.contains(home)) {
            findings.push(format!("{path}:{}: a path of this machine", number + 1));
        }
        if line.contains("\"resolved\": \"http") {
            findings.push(format!("{path}:{}: a lock names the host of a registry", number + 1));
        }
    }
    findings
}

/// Paths of this machine: where the repository lies, and the home of whoever runs the check. (`/root` is a home in
/// images too.)
fn machine_paths() -> Vec<String> {
    let home = std::env::var("HOME").unwrap_or_default();
    let homes = Some(home).filter(|home| home.len() > 1 && home != "/root");
    homes.into_iter().chain([root().to_string_lossy().into_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_name_file_and_line() {
        let own = root().to_string_lossy().into_owned();
        assert_eq!(in_file("a.rs", &"x\n".repeat(601)), ["a.rs: 601 lines, at most 600"]);
        assert_eq!(in_file("a.md", &format!("x\nsee {own}/b")).len(), 1);
        assert_eq!(in_file("package-lock.json", "  \"resolved\": \"https://x\"").len(), 1);
        assert!(in_file("a.rs", "RUN ls /home/node /root/.cache").is_empty());
    }
}

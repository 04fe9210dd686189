//! Requirements: names, ranges, and the files that list them.

use crate::shell::process::Process;
use crate::vfs::path;

/// Reads a requirements file, and the files that it names.
pub(super) fn requirements(
    process: &mut Process<'_, '_>,
    file: &str,
    wanted: &mut Vec<(String, String)>,
    depth: u32,
) -> Result<(), String> {
    const DEEPEST: u32 = 8;
    let Ok(text) = process.read_text(file) else {
        return Err(format!(
            "ERROR: Could not open requirements file: [Errno 2] No such file or directory: '{file}'\n"
        ));
    };
    for (number, line) in text.replace("\\\n", " ").lines().enumerate() {
        let line = line.split(" #").next().unwrap_or_default().trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(other) = line.strip_prefix("-r ").or_else(|| line.strip_prefix("--requirement ")) {
            if depth < DEEPEST {
                let other = path::join(path::parent(&process.resolve(file)), other.trim());
                requirements(process, &other, wanted, depth + 1)?;
            }
        } else if !line.starts_with('-') {
            let line = line.split([';']).next().unwrap_or(line);
            let line = line.split(" --hash").next().unwrap_or(line).trim();
            wanted.push((line.to_owned(), format!(" (from -r {file} (line {}))", number + 1)));
        }
    }
    Ok(())
}

/// `flask` and `==3.0` out of `flask==3.0`; extras belong to the name.
pub(super) fn name_and_range(text: &str) -> (&str, &str) {
    match text.find(['=', '<', '>', '~', '!', ' ']) {
        Some(at) => (text[..at].trim(), text[at..].trim()),
        None => (text.trim(), ""),
    }
}

/// The version for a range: what is pinned, else the newest.
pub(super) fn choose(range: &str, newest: &str) -> String {
    let first = range.split(',').next().unwrap_or_default().trim();
    for sign in ["===", "=="] {
        if let Some(version) = first.strip_prefix(sign).filter(|version| !version.contains('*')) {
            return version.trim().to_owned();
        }
    }
    if let Some(base) = first.strip_prefix("~=") {
        let base = base.trim();
        let fixed = base.rsplit_once('.').map_or(base, |(fixed, _)| fixed);
        return if newest.starts_with(&format!("{fixed}.")) { newest.to_owned() } else { base.to_owned() };
    }
    newest.to_owned()
}

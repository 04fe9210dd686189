//! Version ranges, as far as it takes to choose a version.

/// The version that is installed for a range when `newest` is the newest that there is.
///
/// Where the newest is outside of the range, the catalogue knows none inside of it; then it is the version that the
/// range begins with, which exists because somebody wrote it down.
pub(super) fn choose(range: &str, newest: &str) -> String {
    let range = range.trim();
    let range = range.split("||").last().unwrap_or(range).trim();
    let bare = range.trim_start_matches(['^', '~', '=', 'v', ' ']);
    let named = !bare.starts_with(|c: char| c.is_ascii_digit());
    if named || range.starts_with('>') {
        return newest.to_owned();
    }
    let wanted = parts(bare);
    let has = parts(newest);
    let same =
        |count: usize| (0..count).all(|at| wanted.get(at).is_none_or(|part| Some(part) == has.get(at)));
    let written = wanted.len();
    let inside = match range.chars().next() {
        Some('^') => {
            let fixed = wanted.iter().position(|part| *part > 0).map_or(written, |at| at + 1);
            same(fixed) && has >= wanted
        }
        Some('~') => same(2) && has >= wanted,
        _ => written < 3 && same(written),
    };
    if inside {
        return newest.to_owned();
    }
    // What is left out or a placeholder (`4.x`) is zero.
    let numbers = (0..3).map(|at| wanted.get(at).unwrap_or(&0).to_string());
    numbers.collect::<Vec<_>>().join(".")
}

/// The numbers of a version; `x` and what comes after is left out.
fn parts(version: &str) -> Vec<u64> {
    let numbers = version.split(['-', '+', ' ']).next().unwrap_or_default().split('.');
    numbers.map_while(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        for (range, newest, chosen) in [
            ("^5.1.0", "5.3.0", "5.3.0"),
            ("^4.18.2", "5.3.0", "4.18.2"),
            ("~5.1.0", "5.3.0", "5.1.0"),
            ("~5.3", "5.3.7", "5.3.7"),
            ("5.0.1", "5.3.0", "5.0.1"),
            ("5", "5.3.0", "5.3.0"),
            ("5.x", "5.3.0", "5.3.0"),
            ("4.x", "5.3.0", "4.0.0"),
            ("^0.4.1", "0.4.9", "0.4.9"),
            ("^0.3.1", "0.4.9", "0.3.1"),
            ("*", "5.3.0", "5.3.0"),
            ("latest", "5.3.0", "5.3.0"),
            (">=4", "5.3.0", "5.3.0"),
            ("", "5.3.0", "5.3.0"),
        ] {
            assert_eq!(choose(range, newest), chosen, "{range}");
        }
    }
}

//! When the layers of a pull arrive and are unpacked: a model of a line that three of them share.

use super::Progress;

/// Bytes that arrive in a second.
const BANDWIDTH: f64 = 12e6;
/// Bytes that are unpacked in a second, and seconds that each layer takes besides.
const UNPACKING: (f64, f64) = (80e6, 0.02);
/// Seconds before the first byte of a layer.
const LATENCY: f64 = 0.03;
/// How many layers travel at once.
const AT_ONCE: usize = 3;
/// How many parts of a layer are told of on the way.
const PARTS: u64 = 8;

/// Layers on their way: what is told of them, in the order of time, and the seconds that it takes.
///
/// `verifies` tells of checksums and of waiting, as the graph driver's pull does.
pub(super) fn layers(layers: &[(String, u64)], verifies: bool) -> (Vec<Progress>, f64) {
    let mut told: Vec<(f64, usize, Progress)> = Vec::new();
    let mut tell = |at: f64, progress: Progress| {
        let number = told.len();
        told.push((at, number, progress));
    };
    for (at, (id, _)) in layers.iter().enumerate() {
        tell(-2.0, Progress::of(id, "Pulling fs layer"));
        if at >= AT_ONCE && verifies {
            tell(-1.0, Progress::of(id, "Waiting"));
        }
    }
    let arrivals = arrivals(layers);
    let mut unpacked = 0.0_f64;
    for ((id, size), (began, arrived)) in layers.iter().zip(&arrivals) {
        for part in 1..PARTS {
            let bytes = Some((size * part / PARTS, *size));
            let at = began + (arrived - began) * part as f64 / PARTS as f64;
            tell(at, Progress { bytes, ..Progress::of(id, "Downloading") });
        }
        if verifies {
            tell(*arrived, Progress::of(id, "Verifying Checksum"));
        }
        tell(*arrived, Progress::of(id, "Download complete"));
        let start = unpacked.max(*arrived);
        unpacked = start + *size as f64 / UNPACKING.0 + UNPACKING.1;
        for bytes in [size / 2, *size] {
            let at = start + (unpacked - start) * bytes as f64 / (*size).max(1) as f64;
            tell(at, Progress { bytes: Some((bytes, *size)), ..Progress::of(id, "Extracting") });
        }
        tell(unpacked, Progress::of(id, "Pull complete"));
    }
    told.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    (told.into_iter().map(|(_, _, progress)| progress).collect(), unpacked)
}

/// When each layer begins to travel and when it is there.
fn arrivals(layers: &[(String, u64)]) -> Vec<(f64, f64)> {
    let mut free = [0.0_f64; AT_ONCE];
    let share = BANDWIDTH / AT_ONCE as f64;
    layers
        .iter()
        .map(|(_, size)| {
            let lane = (0..AT_ONCE).min_by(|one, other| free[*one].total_cmp(&free[*other])).unwrap_or(0);
            let began = free[lane] + LATENCY;
            free[lane] = began + *size as f64 / share;
            (began, free[lane])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_unpacked_in_their_order() {
        let sizes = [("a", 9_000_000), ("b", 10), ("c", 10), ("d", 10)];
        let sizes: Vec<(String, u64)> = sizes.map(|(id, size)| (id.to_owned(), size)).to_vec();
        let (told, seconds) = layers(&sizes, true);
        let at = |id: &str, status: &str| {
            told.iter().position(|line| *line == Progress::of(id, status)).unwrap_or(usize::MAX)
        };
        assert!(at("b", "Download complete") < at("a", "Download complete"));
        assert!(at("a", "Pull complete") < at("b", "Pull complete"));
        assert!(at("d", "Waiting") < at("d", "Download complete"));
        assert_eq!(at("c", "Waiting"), usize::MAX);
        assert!(seconds > 2.0);
        assert!(layers(&sizes, false).0.iter().all(|line| line.status != "Waiting"));
    }
}

//! IDs: random in Docker, derived here, so that the same story has the same ones.

use lab_engine::digest::{Digest, Hasher};

/// The ID of the `serial`th thing that a daemon makes.
pub fn derived(kind: &str, serial: u64, now: i64) -> Digest {
    let mut hasher = Hasher::new();
    hasher.field(kind.as_bytes());
    hasher.number(serial);
    hasher.number(now as u64);
    hasher.finish()
}

/// An ID of so many small letters and digits, as BuildKit makes them.
pub fn letters(id: Digest, count: usize) -> String {
    const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    id.as_bytes().iter().cycle().take(count).map(|byte| LETTERS[usize::from(*byte) % 36] as char).collect()
}

//! Sorting, and sorted collections, in few bytes.
//!
//! The standard library's sort is made anew for each type and each comparison, some five kilobytes of code every time.
//! Lists here are short, so these order the *places* of the elements, with code that all types share, and then move the
//! elements there. Input: a list and a comparison; output: the list in order, equal elements as they were. It knows
//! nothing of what it sorts.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Sorts by the elements' own order.
pub fn sort<T: Ord>(list: &mut [T]) {
    sort_by(list, T::cmp);
}

/// Sorts by what `key` gives for an element; it is called twice for each comparison.
pub fn sort_by_key<T, K: Ord>(list: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(list, |a, b| key(a).cmp(&key(b)));
}

/// Sorts by a comparison.
pub fn sort_by<T>(list: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let mut target = targets(list.len(), &|a, b| compare(&list[a], &list[b]));
    for at in 0..list.len() {
        while target[at] != at {
            let to = target[at];
            list.swap(at, to);
            target.swap(at, to);
        }
    }
}

/// The pairs as a map, the last one for each key. Collecting into a map would sort them first.
pub fn map<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(pairs);
    map
}

/// The elements as a set.
pub fn set<T: Ord>(elements: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(elements);
    set
}

/// For each place the one to which its element belongs.
#[inline(never)]
fn targets(length: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut sources: Vec<usize> = (0..length).collect();
    // No two places are equal, so that the sort is stable.
    sources.sort_unstable_by(|a, b| compare(*a, *b).then(a.cmp(b)));
    let mut targets = vec![0; length];
    for (target, source) in sources.into_iter().enumerate() {
        targets[source] = target;
    }
    targets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_elements_stay_as_they_were() {
        let mut seed = 7_u32;
        for length in [0, 1, 2, 3, 10, 100, 1000] {
            let mut list: Vec<(u32, usize)> = Vec::new();
            for at in 0..length {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                list.push((seed >> 28, at));
            }
            let mut wanted = list.clone();
            wanted.sort_by_key(|element| element.0);
            sort_by_key(&mut list, |element| element.0);
            assert_eq!(list, wanted);
        }
    }

    #[test]
    fn texts_are_in_the_order_of_their_bytes() {
        let mut list = ["b", "a", "é", "B", ""].map(str::to_owned);
        sort(&mut list);
        assert_eq!(list, ["", "B", "a", "b", "é"]);
    }
}

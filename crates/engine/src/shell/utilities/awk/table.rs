//! Arrays: hash tables whose elements come in the order in which the real programs go over them.
//!
//! POSIX leaves that order open, but what a script prints depends on it, so the functions that spread the keys, and
//! the moments of growth, are those of BusyBox and of mawk.

use super::dialect::Dialect;
use super::value::{Text, Value};

/// An array.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// In each list the newest element is the last one.
    lists: Vec<Vec<(Text, Value)>>,
    length: usize,
    dialect: Dialect,
}

/// The sizes of BusyBox's tables.
const PRIMES: [usize; 6] = [61, 251, 1021, 4093, 16381, 65521];
const FIRST_MASKED: usize = 64;

impl Table {
    pub(super) fn new(dialect: Dialect) -> Self {
        let mut table = Self { lists: Vec::new(), length: 0, dialect };
        table.clear();
        table
    }

    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn clear(&mut self) {
        let size = if self.dialect == Dialect::Busybox { PRIMES[0] } else { FIRST_MASKED };
        self.lists = vec![Vec::new(); size];
        self.length = 0;
    }

    fn list_of(&self, key: &str) -> usize {
        let mut hash = if self.dialect == Dialect::Busybox { 0_u32 } else { 2_166_136_261 };
        for byte in key.bytes() {
            hash = if self.dialect == Dialect::Busybox {
                hash.wrapping_mul(63).wrapping_add(u32::from(byte))
            } else {
                (hash ^ u32::from(byte)).wrapping_mul(16_777_619)
            };
        }
        hash as usize % self.lists.len()
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        let list = &self.lists[self.list_of(key)];
        list.iter().rev().find(|(found, _)| &**found == key).map(|(_, value)| value)
    }

    /// The element of a key, which is made if it is not there.
    pub(super) fn element(&mut self, key: &Text) -> &mut Value {
        let mut list = self.list_of(key);
        let found = self.lists[list].iter().position(|(found, _)| found == key);
        let at = found.unwrap_or_else(|| {
            if self.is_full() {
                self.grow();
                list = self.list_of(key);
            }
            self.lists[list].push((key.clone(), Value::Unset));
            self.length += 1;
            self.lists[list].len() - 1
        });
        &mut self.lists[list][at].1
    }

    pub(super) fn remove(&mut self, key: &str) {
        let list = self.list_of(key);
        if let Some(at) = self.lists[list].iter().position(|(found, _)| &**found == key) {
            self.lists[list].remove(at);
            self.length -= 1;
        }
    }

    /// All keys, in the order of `for (key in array)`.
    pub(super) fn keys(&self) -> Vec<Text> {
        let mut keys: Vec<Text> =
            self.lists.iter().flat_map(|list| list.iter().rev()).map(|(key, _)| key.clone()).collect();
        if self.dialect == Dialect::Gawk {
            // gawk keeps whole numbers apart from other keys, and goes over them first.
            crate::order::sort_by_key(&mut keys, |key| key.parse::<u32>().unwrap_or(u32::MAX));
        }
        keys
    }

    fn is_full(&self) -> bool {
        if self.dialect == Dialect::Busybox {
            self.length / self.lists.len() >= 8 && self.lists.len() < PRIMES[PRIMES.len() - 1]
        } else {
            self.length > self.lists.len() * 12
        }
    }

    fn grow(&mut self) {
        let size = if self.dialect == Dialect::Busybox {
            PRIMES.into_iter().find(|prime| *prime > self.lists.len()).unwrap_or(PRIMES[0])
        } else {
            self.lists.len() * 2
        };
        for list in std::mem::replace(&mut self.lists, vec![Vec::new(); size]) {
            let mut elements = list;
            if self.dialect == Dialect::Busybox {
                // Taken from the front of one list and put at the front of another.
                elements.reverse();
            }
            for (key, value) in elements {
                let list = self.list_of(&key);
                self.lists[list].push((key, value));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(dialect: Dialect, keys: &[&str]) -> String {
        let mut table = Table::new(dialect);
        for key in keys {
            table.element(&(*key).into());
        }
        table.keys().iter().map(|key| key.to_string()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_order_of_the_real_programs() {
        let keys = ["a", "b", "c", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"];
        assert_eq!(order(Dialect::Busybox, &keys), "10 11 12 a b c 1 2 3 4 5 6 7 8 9");
        assert_eq!(order(Dialect::Mawk, &keys), "3 10 8 6 5 c 2 11 1 4 b 12 a 9 7");
    }

    #[test]
    fn grows_and_shrinks() {
        for dialect in [Dialect::Busybox, Dialect::Mawk] {
            let mut table = Table::new(dialect);
            for number in 0..5000 {
                *table.element(&number.to_string().into()) = Value::Number(f64::from(number));
            }
            assert_eq!(table.len(), 5000);
            assert_eq!(table.get("4321"), Some(&Value::Number(4321.0)));
            table.remove("4321");
            assert_eq!((table.len(), table.get("4321")), (4999, None));
            assert_eq!(table.keys().len(), 4999);
        }
    }
}

//! Extended attributes of files and directories. Most have none, and then there is nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

/// What a program may do beyond its user's rights: of all attributes the one that layers carry.
const CAPABILITY: &str = "security.capability";

/// Extended attributes, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Xattrs(Option<Arc<BTreeMap<String, Vec<u8>>>>);

impl Xattrs {
    /// These attributes.
    pub fn new(attributes: BTreeMap<String, Vec<u8>>) -> Self {
        Self((!attributes.is_empty()).then(|| Arc::new(attributes)))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Name and value of each, sorted by the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().flat_map(|all| all.iter()).map(|(name, value)| (name.as_str(), value.as_slice()))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |all| all.len())
    }

    /// Those that a layer carries: BuildKit compares and writes the capabilities of a file, and no other attribute.
    #[must_use]
    pub fn of_layer(&self) -> Self {
        if self.is_empty() { Self::default() } else { self.filtered(true) }
    }

    /// Those that are left when a file is written or given to somebody else: the kernel takes its capabilities away.
    #[must_use]
    pub fn of_changed_file(&self) -> Self {
        if self.is_empty() { Self::default() } else { self.filtered(false) }
    }

    #[inline(never)]
    fn filtered(&self, capabilities: bool) -> Self {
        let Some(all) = &self.0 else { return Self::default() };
        let kept = all.iter().filter(|(name, _)| (*name == CAPABILITY) == capabilities);
        Self::new(crate::order::map(kept.map(|(name, value)| (name.clone(), value.clone()))))
    }
}

//! Facts about packages, as the world knows them.

/// Where packages come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PackageSource<'a> {
    /// A suite of Debian or Ubuntu, by its code name.
    Apt {
        /// For instance `bookworm`.
        suite: &'a str,
    },
    /// Alpine.
    Apk,
    /// npm.
    Npm,
    /// The Python Package Index.
    PyPi,
}

/// One package as it is installed, without the packages that it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name; npm's carry their scope.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Bytes on disk.
    pub size: u64,
    /// Files on disk.
    pub files: u32,
    /// Bytes to be downloaded.
    pub download: u64,
    /// Further bytes that are made at the place: the byte code of Python.
    pub generated: u64,
    /// The commands that it puts into `PATH`.
    pub commands: Vec<String>,
}

/// A package with all that it brings along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    /// The version of the package itself.
    pub version: String,
    /// What is installed, itself included, sorted by name.
    pub packages: Vec<Package>,
    /// What is installed on top unless that is forbidden (`Recommends`).
    pub recommended: Vec<Package>,
    /// Bytes of the index entries that are read for it and kept in a cache.
    pub metadata: u64,
    /// Whether the sizes are estimated and not measured.
    pub estimated: bool,
}

/// A source of packages as a whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Index {
    /// Bytes that updating it downloads.
    pub download: u64,
    /// Bytes of it on disk after that.
    pub size: u64,
    /// How many packages it offers; 0 where that is not known.
    pub offers: u32,
    /// By what the sum of installed sizes is multiplied for the bytes of a layer, where documentation is left out…
    pub slim_factor: f64,
    /// … and where it is not.
    pub factor: f64,
    /// Bytes that every installation adds: databases and logs of the package manager.
    pub overhead: u64,
    /// Whether another suite stands in for the one that was asked for, or sizes are estimated.
    pub estimated: bool,
}

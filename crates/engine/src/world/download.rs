//! What can be fetched from addresses.

/// What an address gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Download {
    /// Bytes that are transferred.
    pub size: u64,
    /// Whether the size is only an estimate: the address is not one that the catalogue knows.
    pub is_estimate: bool,
    /// What an archive holds; empty for what is no archive, and for one that nobody knows.
    pub files: Vec<DownloadedFile>,
    /// What building and installing its sources puts into the system, below the prefix.
    pub installs: Vec<DownloadedFile>,
}

/// A file of an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DownloadedFile {
    /// Its path in the archive, or below the prefix; one that ends with a slash is a directory.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Whether it is a program.
    pub is_program: bool,
    /// Where it leads to, for a link.
    pub target: Option<String>,
}

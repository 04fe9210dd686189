//! What of a build's options shapes the graph.

/// Which steps may not be taken from the cache.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum NoCache {
    /// All may.
    #[default]
    None,
    /// None may (`--no-cache`).
    All,
    /// Those of these stages may not (`--no-cache-filter`).
    Stages(Vec<String>),
}

impl NoCache {
    /// Whether the steps of a stage may not be taken from the cache.
    pub(super) fn covers(&self, stage: Option<&str>) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Stages(names) => {
                names.iter().any(|name| stage.is_some_and(|stage| stage.eq_ignore_ascii_case(name)))
            }
        }
    }
}

/// The options that shape the graph.
#[derive(Clone, Copy, Debug)]
pub struct PlanOptions<'a> {
    /// The stage to build; the last one if `None`.
    pub target: Option<&'a str>,
    /// `--build-arg`; `SOURCE_DATE_EPOCH` among them has its special meaning.
    pub build_args: &'a [(String, String)],
    /// `--label`.
    pub labels: &'a [(String, String)],
    /// `--no-cache`.
    pub no_cache: &'a NoCache,
    /// `--platform`.
    pub platform: &'a str,
    /// What is wrong with `.dockerignore`, in BuildKit's words.
    pub ignore_fault: Option<&'a str>,
}

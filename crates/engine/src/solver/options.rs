//! What a build is asked to do.

use crate::cache::BuildId;
use crate::graph::NoCache;
use crate::vfs::Tree;

/// Whose rules go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BuilderKind {
    /// BuildKit, the builder of Docker since version 23.
    #[default]
    BuildKit,
    /// The builder before it, which `DOCKER_BUILDKIT=0` still asks for.
    Classic(ClassicOptions),
}

/// What only the classic builder is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClassicOptions {
    /// Whose words and checksums.
    pub release: Release,
    /// What becomes of the containers that its steps ran in.
    pub remove: Removal,
}

/// A release of the daemon, as far as its classic builder differs from that of others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Release {
    /// Docker 20.10, whose builder of choice it was.
    Docker20,
    /// Docker 29, which calls it deprecated.
    #[default]
    Docker29,
}

/// When the containers of steps are removed (`--rm`, `--force-rm`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Removal {
    /// After a step that succeeded.
    #[default]
    OnSuccess,
    /// After any step.
    Always,
    /// Never.
    Never,
}

/// A build: its text, its files and its options.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// The build's number, written into its records.
    pub build: BuildId,
    /// The text of the Dockerfile.
    pub dockerfile: String,
    /// Its name as messages show it, for instance `Dockerfile`.
    pub dockerfile_name: String,
    /// The files beside it, `.dockerignore` included.
    pub context: Tree,
    /// The stage to build (`--target`); the last one if `None`.
    pub target: Option<String>,
    /// `--build-arg`; `SOURCE_DATE_EPOCH` among them has its special meaning.
    pub build_args: Vec<(String, String)>,
    /// `--label`.
    pub labels: Vec<(String, String)>,
    /// `--no-cache`.
    pub no_cache: NoCache,
    /// `--platform`, for instance `linux/amd64`.
    pub platform: String,
    /// `--secret`, as identifier and content.
    pub secrets: Vec<(String, Vec<u8>)>,
    /// Whether the times in new layers are cut at `SOURCE_DATE_EPOCH` (`rewrite-timestamp=true` of the exporter).
    pub rewrite_timestamp: bool,
    /// Whether a context file of the same size, time and mode as in the last build counts as unchanged, as BuildKit has it.
    /// Only for contexts whose times are as exact as those of a disk: the lab's times are seconds, and a person types
    /// faster.
    pub trust_times: bool,
    /// Whose rules go.
    pub builder: BuilderKind,
}

impl BuildOptions {
    /// A build of this text and these files, everything else as by default.
    pub fn new(dockerfile: impl Into<String>, context: Tree) -> Self {
        Self {
            build: BuildId::default(),
            dockerfile: dockerfile.into(),
            dockerfile_name: "Dockerfile".to_owned(),
            context,
            target: None,
            build_args: Vec::new(),
            labels: Vec::new(),
            no_cache: NoCache::None,
            platform: "linux/amd64".to_owned(),
            secrets: Vec::new(),
            rewrite_timestamp: false,
            trust_times: false,
            builder: BuilderKind::BuildKit,
        }
    }
}

//! What a cache key is made of.

use crate::digest::{CacheKey, Digest, Hasher};
use crate::graph::EnvVariable;
use crate::vfs::{Node, glob, path};
use std::sync::Arc;

/// The kind of a step, as far as its key is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StepKind {
    /// `FROM` an image.
    From,
    /// `RUN`.
    Run,
    /// `COPY`.
    Copy,
    /// `ADD`.
    Add,
    /// `WORKDIR`.
    Workdir,
    /// The second half of `COPY --link`.
    Link,
    /// An instruction that changes only the configuration: a step of the classic builder alone.
    Configure,
}

impl StepKind {
    /// The word for it, in capitals.
    pub fn word(self) -> &'static str {
        match self {
            Self::From => "FROM",
            Self::Run => "RUN",
            Self::Copy => "COPY",
            Self::Add => "ADD",
            Self::Workdir => "WORKDIR",
            Self::Link => "LINK",
            Self::Configure => "CONFIGURE",
        }
    }
}

/// Where the files of a source come from. It is no part of the key: only the content is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceOrigin {
    /// The build context.
    Context,
    /// Another stage, by name or number.
    Stage(String),
    /// An image.
    Image(String),
    /// The text of a heredoc.
    Inline,
}

/// A source of `COPY` or `ADD`, or the content of a bind mount.
#[derive(Clone, Debug)]
pub struct SourceKey {
    /// The path or pattern, absolute in its origin and clean; of a `COPY` the last part counts for the key.
    pub path: String,
    /// Where the files come from; no part of the key.
    pub origin: SourceOrigin,
    /// What the path selects: absolute paths in the origin with their nodes, sorted. Directories share everything with
    /// the origin unless something is excluded.
    pub matches: Vec<(String, Arc<Node>)>,
    /// Covers names, types, modes, owners, link targets and bytes of the selection; not its times.
    pub digest: Digest,
    /// The files in the selection.
    pub files: u32,
    /// Their sizes added up, in bytes.
    pub bytes: u64,
}

/// A mount of a `RUN`.
#[derive(Clone, Debug)]
pub struct MountKey {
    /// `bind`, `cache`, `tmpfs`, `secret`, `ssh`.
    pub kind: String,
    /// Where it is.
    pub target: String,
    /// The other options as `name=value`, in BuildKit's order.
    pub options: Vec<String>,
    /// What a bind mount shows.
    pub source: Option<SourceKey>,
}

/// The image behind a `FROM`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseKey {
    /// The full name, for instance `docker.io/library/node:22`; no part of the key.
    pub reference: String,
    /// The digest of its manifest.
    pub manifest: Digest,
}

/// By whose rule a key is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyRule {
    /// BuildKit's: what a step does, with what.
    BuildKit,
    /// The classic builder's: the image above, and the configuration of the container that the step would run in. Its
    /// command stands in [`KeyParts::command`] and names the checksums of files; the digest covers the rest of it.
    Classic(Digest),
}

/// All parts of a key. What the kind of step has no use for stays empty.
#[derive(Clone, Debug)]
pub struct KeyParts {
    /// By whose rule.
    pub rule: KeyRule,
    /// The kind of step.
    pub kind: StepKind,
    /// The key of the step above; `None` for `FROM`, for a stage on `scratch` and for the copy of a `COPY --link`.
    pub parent: Option<CacheKey>,
    /// The key of the copy that a `LINK` lays over its parent.
    pub linked: Option<CacheKey>,
    /// The image of a `FROM`.
    pub base: Option<BaseKey>,
    /// The words of a `RUN`: those of `SHELL` and the text, or those of the exec form.
    pub command: Vec<String>,
    /// The environment of a `RUN`, in its order.
    pub env: Vec<EnvVariable>,
    /// The directory of a `RUN`; the absolute path of a `WORKDIR`.
    pub workdir: String,
    /// The user of a `RUN` or `WORKDIR`.
    pub user: String,
    /// The mounts of a `RUN`.
    pub mounts: Vec<MountKey>,
    /// The sources of `COPY` and `ADD`, in their order.
    pub sources: Vec<SourceKey>,
    /// The absolute destination of `COPY` and `ADD`, with its slash at the end.
    pub destination: String,
    /// Flags that count, as name and value: `chown`, `chmod`, `exclude`, `parents`, `network`, `security` …
    pub options: Vec<(String, String)>,
    /// The instruction as it is shown, variables expanded; no part of the key.
    pub instruction: String,
}

impl KeyParts {
    /// Parts of a step of this kind, all others empty.
    pub fn new(kind: StepKind, parent: Option<CacheKey>) -> Self {
        Self {
            rule: KeyRule::BuildKit,
            kind,
            parent,
            linked: None,
            base: None,
            command: Vec::new(),
            env: Vec::new(),
            workdir: String::new(),
            user: String::new(),
            mounts: Vec::new(),
            sources: Vec::new(),
            destination: String::new(),
            options: Vec::new(),
            instruction: String::new(),
        }
    }

    /// The key.
    pub fn key(&self) -> CacheKey {
        match self.rule {
            KeyRule::BuildKit => self.key_on([self.parent, self.linked]),
            KeyRule::Classic(container) => self.classic_key(self.parent, Some(container)),
        }
    }

    /// The key that it would have after no other step: equal for steps that do the same with the same.
    pub fn own_key(&self) -> CacheKey {
        match self.rule {
            KeyRule::BuildKit => self.key_on([None, None]),
            KeyRule::Classic(_) => self.classic_key(None, None),
        }
    }

    /// What the classic builder compares. The files are in it by the checksums in the command.
    #[inline(never)]
    fn classic_key(&self, parent: Option<CacheKey>, container: Option<Digest>) -> CacheKey {
        let mut hasher = Hasher::new();
        hasher.field(b"classic");
        hasher.field(self.kind.word().as_bytes());
        hasher.field(parent.as_ref().map_or(&[][..], |key| key.0.as_bytes()));
        hasher.field(self.base.as_ref().map_or(&[][..], |base| base.manifest.as_bytes()));
        hasher.field(container.as_ref().map_or(&[][..], |digest| digest.as_bytes()));
        list(&mut hasher, self.command.iter().map(String::as_str));
        hasher.number(self.env.len() as u64);
        for variable in &self.env {
            hasher.field(variable.name.as_bytes());
            hasher.field(variable.value.as_bytes());
        }
        CacheKey(hasher.finish())
    }

    fn key_on(&self, before: [Option<CacheKey>; 2]) -> CacheKey {
        let mut hasher = Hasher::new();
        hasher.field(self.kind.word().as_bytes());
        for key in before {
            hasher.field(key.as_ref().map_or(&[][..], |key| key.0.as_bytes()));
        }
        hasher.field(self.base.as_ref().map_or(&[][..], |base| base.manifest.as_bytes()));
        list(&mut hasher, self.command.iter().map(String::as_str));
        hasher.number(self.env.len() as u64);
        for variable in &self.env {
            hasher.field(variable.name.as_bytes());
            hasher.field(variable.value.as_bytes());
        }
        hasher.field(self.workdir.as_bytes());
        hasher.field(self.user.as_bytes());
        hasher.number(self.mounts.len() as u64);
        for mount in &self.mounts {
            hasher.field(mount.kind.as_bytes());
            hasher.field(mount.target.as_bytes());
            list(&mut hasher, mount.options.iter().map(String::as_str));
        }
        self.mounted(&mut hasher);
        list(&mut hasher, self.sources.iter().map(|source| name(&source.path)));
        contents(&mut hasher, &self.sources.iter().collect::<Vec<_>>());
        hasher.field(self.destination.as_bytes());
        list(&mut hasher, self.options.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]));
        CacheKey(hasher.finish())
    }

    /// What the mounts show: of each which of the origins it is from, and of each origin what is shown of it. The paths
    /// are no part of the key.
    fn mounted(&self, hasher: &mut Hasher) {
        let mut origins: Vec<(&SourceOrigin, Vec<&SourceKey>)> = Vec::new();
        for mount in &self.mounts {
            let Some(source) = &mount.source else {
                hasher.number(0);
                continue;
            };
            let known = origins.iter().position(|(origin, _)| **origin == source.origin);
            let at = known.unwrap_or_else(|| {
                origins.push((&source.origin, Vec::new()));
                origins.len() - 1
            });
            hasher.number(at as u64 + 1);
            origins[at].1.push(source);
        }
        for (_, shown) in origins {
            contents(hasher, &shown);
        }
    }
}

fn list<'a>(hasher: &mut Hasher, items: impl Iterator<Item = &'a str>) {
    let items: Vec<&str> = items.collect();
    hasher.number(items.len() as u64);
    for item in items {
        hasher.field(item.as_bytes());
    }
}

/// What counts of the path of a source: its last part, and patterns of `--parents` as they are.
fn name(place: &str) -> &str {
    let above = place.split_once("/./").map_or(place, |(above, _)| above);
    &place[above.len() - path::name(above).len()..]
}

/// The digests of sources in the order of their paths, whatever the order in which they are named. What is a part of
/// another source counts with that.
fn contents(hasher: &mut Hasher, sources: &[&SourceKey]) {
    let is_part = |source: &SourceKey| {
        let mut others = sources.iter().filter(|other| other.origin == source.origin);
        !glob::has_wildcards(&source.path)
            && others.any(|other| {
                let below = source.path.strip_prefix(&*other.path);
                below.is_some_and(|below| below.starts_with('/'))
            })
    };
    let mut sources: Vec<&SourceKey> = sources.iter().copied().filter(|source| !is_part(source)).collect();
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    hasher.number(sources.len() as u64);
    for source in sources {
        hasher.write(source.digest.as_bytes());
    }
}

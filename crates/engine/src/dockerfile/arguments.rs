//! What the larger instructions say, as types.

use super::ast::Heredoc;

/// One `name=value` of `ENV` or `LABEL`, both as written, quotes included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyValue {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
    /// Whether the old form `NAME value` was used.
    pub legacy: bool,
}

/// The two forms of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandForm {
    /// Handed to the shell; the words as one text.
    Shell(String),
    /// A JSON array: the words themselves.
    Exec(Vec<String>),
}

/// What `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK CMD` execute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    /// Shell or exec form.
    pub form: CommandForm,
    /// Heredocs, in their order. Only `RUN` uses them.
    pub heredocs: Vec<Heredoc>,
}

/// What a `RUN` says.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What to execute.
    pub command: CommandLine,
    /// `--mount`, each. As any value may hold variables, they are understood later, by [`Mount::parse`].
    pub mounts: Vec<MountFlag>,
    /// `--network`: `default`, `none` or `host`.
    pub network: Option<String>,
    /// `--security`: `sandbox` or `insecure`.
    pub security: Option<String>,
    /// `--device`, each.
    pub devices: Vec<Device>,
}

/// A `--device`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// Its name, for instance `vendor.com/gpu=all`.
    pub name: String,
    /// Whether the command cannot run without it.
    pub required: bool,
}

/// A `--mount` before its variables are expanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MountFlag {
    /// The value as written.
    pub text: String,
    /// `from`, which cannot hold variables: a stage, an image or a named context.
    pub from: Option<String>,
}

/// What kind of thing a mount shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MountKind {
    /// Files of the context, a stage or an image.
    Bind,
    /// A directory that outlives the build.
    Cache,
    /// An empty directory in memory.
    Tmpfs,
    /// A secret of the build.
    Secret,
    /// An agent's socket.
    Ssh,
}

/// How builds share a cache mount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CacheSharing {
    /// Several writers at once.
    Shared,
    /// A new one if it is in use.
    Private,
    /// The second writer waits.
    Locked,
}

/// A `--mount`, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// The option's value as written.
    pub text: String,
    /// `type`; `bind` without one.
    pub kind: MountKind,
    /// `from`: stage, image or named context.
    pub from: Option<String>,
    /// `source`.
    pub source: Option<String>,
    /// `target`.
    pub target: Option<String>,
    /// Whether the command cannot write to it.
    pub read_only: bool,
    /// `size` in bytes (tmpfs).
    pub size: Option<i64>,
    /// `id` (cache, secret, ssh).
    pub id: Option<String>,
    /// `sharing` (cache).
    pub sharing: Option<CacheSharing>,
    /// `required` (secret, ssh).
    pub required: bool,
    /// `env`: the variable that gets a secret.
    pub env: Option<String>,
    /// `mode`.
    pub mode: Option<u32>,
    /// `uid`.
    pub uid: Option<u64>,
    /// `gid`.
    pub gid: Option<u64>,
}

/// A file given in the Dockerfile itself, as source of `COPY` or `ADD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineFile {
    /// Its name: the word of the heredoc.
    pub name: String,
    /// What is in it, before expansion.
    pub data: String,
    /// Whether variables are expanded in it.
    pub expand: bool,
}

/// Where `COPY` and `ADD` take files from and where they put them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourcesAndDestination {
    /// Paths, patterns, addresses. BuildKit copies these first.
    pub paths: Vec<String>,
    /// Files given as heredocs; copied after the paths.
    pub inline: Vec<InlineFile>,
    /// The last word.
    pub destination: String,
}

impl SourcesAndDestination {
    /// The paths and the destination.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().chain([&self.destination]).map(String::as_str)
    }
}

/// What a `COPY` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// What goes where.
    pub files: SourcesAndDestination,
    /// `--from`: stage, image or named context.
    pub from: Option<String>,
    /// `--chown`.
    pub chown: Option<String>,
    /// `--chmod`.
    pub chmod: Option<String>,
    /// `--link`.
    pub link: bool,
    /// `--parents`.
    pub parents: bool,
    /// `--exclude`, each.
    pub excludes: Vec<String>,
}

/// What an `ADD` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Add {
    /// What goes where.
    pub files: SourcesAndDestination,
    /// `--chown`.
    pub chown: Option<String>,
    /// `--chmod`.
    pub chmod: Option<String>,
    /// `--link`.
    pub link: bool,
    /// `--keep-git-dir`; `None` where it was not said.
    pub keep_git_dir: Option<bool>,
    /// `--checksum`.
    pub checksum: Option<String>,
    /// `--unpack`; `None` where it was not said, then archives of the context are unpacked and downloads are not.
    pub unpack: Option<bool>,
    /// `--exclude`, each.
    pub excludes: Vec<String>,
}

/// What a `HEALTHCHECK` says. Times in nanoseconds, 0 for the default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Healthcheck {
    /// What to execute; `None` for `HEALTHCHECK NONE`.
    pub command: Option<CommandForm>,
    /// `--interval`.
    pub interval: i64,
    /// `--timeout`.
    pub timeout: i64,
    /// `--start-period`.
    pub start_period: i64,
    /// `--start-interval`.
    pub start_interval: i64,
    /// `--retries`.
    pub retries: i64,
}

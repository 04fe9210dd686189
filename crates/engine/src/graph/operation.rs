//! What a vertex does, with everything resolved that the text decides: no variable is left in it.

use super::model::VertexId;
use super::remote::Remote;
use crate::digest::{Digest, Hasher};
use crate::dockerfile::CacheSharing;
use crate::oci::Image;
use std::sync::Arc;

/// Where a variable in the environment of a `RUN` comes from. It is no part of any key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EnvOrigin {
    /// The configuration of the base image, or BuildKit's default `PATH`.
    Base,
    /// `ENV`.
    Env,
    /// `ARG`, with its default or with a build argument.
    Arg,
}

/// A variable in the environment of a `RUN`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvVariable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Where it comes from.
    pub origin: EnvOrigin,
}

/// Where files come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// The build context, without what the .dockerignore hides.
    Context,
    /// The result of another vertex, and how the text names it.
    Vertex {
        /// The vertex.
        vertex: VertexId,
        /// The name or number of the stage, or the name of the image.
        name: String,
        /// Whether it is an image and not a stage.
        image: bool,
    },
    /// Nothing: an empty stage on `scratch`.
    Empty,
    /// A download or a Git repository.
    Remote(Arc<Remote>),
    /// A file that stands in the Dockerfile.
    Inline {
        /// Its name.
        name: String,
        /// What is in it.
        data: Arc<str>,
        /// Its mode.
        mode: u32,
    },
}

/// `FROM` an image.
#[derive(Clone, Debug)]
pub struct ImageSource {
    /// The full name with the digest of the manifest.
    pub reference: String,
    /// The image.
    pub image: Arc<Image>,
}

/// What a mount of a `RUN` shows.
#[derive(Clone, Debug)]
pub enum MountSource {
    /// Files, from a path in their source.
    Bind {
        /// Where the files come from.
        from: Source,
        /// The path in it, absolute and clean.
        path: String,
    },
    /// A directory that outlives the build.
    Cache {
        /// Its name.
        id: String,
        /// How builds share it.
        sharing: CacheSharing,
        /// What it starts with, if it is new, and the path in that.
        from: Source,
        /// The path in what it starts with.
        path: String,
        /// Mode and owner, where they were said. Then it is an empty directory of its own, whatever `from` is.
        owner: Option<CacheOwner>,
    },
    /// An empty directory.
    Tmpfs {
        /// Its limit in bytes; 0 for none.
        size: i64,
    },
    /// A secret of the build, as a file.
    Secret {
        /// Its name.
        id: String,
        /// Whether it must be there.
        required: bool,
        /// The mode of the file.
        mode: u32,
        /// Its owner.
        uid: u32,
        /// Its group.
        gid: u32,
    },
    /// A secret of the build, as a variable; it has no target.
    SecretEnv {
        /// Its name.
        id: String,
        /// Whether it must be there.
        required: bool,
        /// The variable.
        variable: String,
    },
    /// An agent's socket.
    Ssh {
        /// Its name.
        id: String,
        /// Whether it must be there.
        required: bool,
    },
}

/// What a cache directory starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheOwner {
    /// Its mode.
    pub mode: u32,
    /// Its owner.
    pub uid: u32,
    /// Its group.
    pub gid: u32,
}

/// A mount of a `RUN`.
#[derive(Clone, Debug)]
pub struct ExecMount {
    /// Where it is, absolute and clean; empty for a secret that is a variable.
    pub target: String,
    /// Whether the command cannot write to it.
    pub read_only: bool,
    /// What is there.
    pub source: MountSource,
}

/// `RUN`.
#[derive(Clone, Debug)]
pub struct Exec {
    /// The words: those of `SHELL` and the text, or those of the exec form.
    pub args: Vec<String>,
    /// The environment, in BuildKit's order.
    pub env: Vec<EnvVariable>,
    /// Proxy settings from build arguments; they reach the command, but are no part of the key.
    pub proxy_env: Vec<(String, String)>,
    /// The working directory.
    pub workdir: String,
    /// The user; empty for root.
    pub user: String,
    /// `default`, `none` or `host`.
    pub network: String,
    /// The name of the machine; empty for BuildKit's own.
    pub hostname: String,
    /// `--security=insecure`.
    pub insecure: bool,
    /// `--device`, those without which it cannot run.
    pub required_devices: Vec<String>,
    /// Mounts, in the order of their targets.
    pub mounts: Vec<ExecMount>,
}

/// One source of a `COPY` or `ADD`.
#[derive(Clone, Debug)]
pub struct CopyAction {
    /// Where the files come from.
    pub source: Source,
    /// The path or pattern in it, absolute and clean.
    pub path: String,
    /// Patterns that select below `path` (`--parents`); empty for all.
    pub include: Vec<String>,
    /// Whether `path` may hold wildcards.
    pub wildcard: bool,
    /// Whether an archive is unpacked.
    pub unpack: bool,
}

/// `COPY` or `ADD`.
#[derive(Clone, Debug)]
pub struct FileCopy {
    /// Whether it is `ADD`.
    pub add: bool,
    /// The sources, in the order in which they are copied.
    pub actions: Vec<CopyAction>,
    /// Where to, absolute, with a slash at the end if the text has one (or is `.`).
    pub destination: String,
    /// `--chown`.
    pub chown: Option<String>,
    /// `--chmod`, as written.
    pub chmod: Option<String>,
    /// `--exclude`.
    pub excludes: Vec<String>,
    /// `--parents`.
    pub parents: bool,
}

/// What a vertex does.
#[derive(Clone, Debug)]
pub enum Operation {
    /// Gives the filesystem of an image.
    Image(ImageSource),
    /// Runs a command on the result of the first input.
    Exec(Exec),
    /// Copies files onto the result of the first input, or onto nothing.
    Copy(FileCopy),
    /// Makes a directory on the result of the first input.
    MakeDirectory {
        /// The absolute path.
        path: String,
        /// Who owns what is made; empty for root.
        user: String,
    },
    /// Changes nothing but the configuration; of the classic builder.
    Configure,
    /// Lays a copy's layer over the base (`COPY --link`).
    Merge {
        /// The vertex that made the copy.
        layer: VertexId,
    },
}

impl Source {
    /// How the text names it; empty for the context and for what stands in the text itself.
    pub fn name(&self) -> &str {
        match self {
            Self::Vertex { name, .. } => name,
            Self::Remote(remote) => &remote.address,
            Self::Context | Self::Empty | Self::Inline { .. } => "",
        }
    }

    fn vertex_mut(&mut self) -> Option<&mut VertexId> {
        match self {
            Self::Vertex { vertex, .. } => Some(vertex),
            _ => None,
        }
    }

    fn hash(&self, hasher: &mut Hasher) {
        match self {
            Self::Context => hasher.field(b"context"),
            Self::Vertex { vertex, .. } => {
                hasher.field(b"vertex");
                hasher.number(vertex.0.into());
            }
            Self::Empty => hasher.field(b"empty"),
            Self::Remote(remote) => {
                hasher.field(b"remote");
                remote.hash(hasher);
            }
            Self::Inline { name, data, mode } => {
                hasher.field(b"inline");
                hasher.field(name.as_bytes());
                hasher.field(data.as_bytes());
                hasher.number((*mode).into());
            }
        }
    }
}

impl Operation {
    /// Equal for operations that BuildKit would merge: the same deed on the same inputs.
    ///
    /// `inputs` are vertices that have been merged already. Names and places in the text do not count.
    pub(super) fn definition_digest(&self, base: Option<VertexId>) -> Digest {
        let mut hasher = Hasher::new();
        hasher.number(base.map_or(u64::MAX, |id| id.0.into()));
        match self {
            Self::Image(source) => {
                hasher.field(b"image");
                hasher.field(source.reference.as_bytes());
            }
            Self::Exec(exec) => hash_exec(&mut hasher, exec),
            Self::Copy(copy) => hash_copy(&mut hasher, copy),
            Self::MakeDirectory { path, user } => {
                hasher.field(b"mkdir");
                hasher.field(path.as_bytes());
                hasher.field(user.as_bytes());
            }
            Self::Configure => hasher.field(b"configure"),
            Self::Merge { layer } => {
                hasher.field(b"merge");
                hasher.number(layer.0.into());
            }
        }
        hasher.finish()
    }

    /// The vertices that it takes files from, the base apart.
    pub(super) fn inputs_mut(&mut self) -> Vec<&mut VertexId> {
        match self {
            Self::Copy(copy) => {
                copy.actions.iter_mut().filter_map(|action| action.source.vertex_mut()).collect()
            }
            Self::Exec(exec) => exec
                .mounts
                .iter_mut()
                .filter_map(|mount| match &mut mount.source {
                    MountSource::Bind { from, .. } | MountSource::Cache { from, .. } => from.vertex_mut(),
                    _ => None,
                })
                .collect(),
            Self::Merge { layer } => vec![layer],
            Self::Image(_) | Self::MakeDirectory { .. } | Self::Configure => Vec::new(),
        }
    }

    /// Whether it takes files from the build context.
    pub(super) fn uses_context(&self) -> bool {
        match self {
            Self::Copy(copy) => copy.actions.iter().any(|action| matches!(action.source, Source::Context)),
            Self::Exec(exec) => exec.mounts.iter().any(|mount| {
                matches!(
                    &mount.source,
                    MountSource::Bind { from: Source::Context, .. }
                        | MountSource::Cache { from: Source::Context, .. }
                )
            }),
            _ => false,
        }
    }
}

fn hash_exec(hasher: &mut Hasher, exec: &Exec) {
    hasher.field(b"exec");
    for arg in &exec.args {
        hasher.field(arg.as_bytes());
    }
    hasher.field(b"env");
    for variable in &exec.env {
        hasher.field(variable.name.as_bytes());
        hasher.field(variable.value.as_bytes());
    }
    for field in [&exec.workdir, &exec.user, &exec.network, &exec.hostname] {
        hasher.field(field.as_bytes());
    }
    for device in &exec.required_devices {
        hasher.field(device.as_bytes());
    }
    for mount in &exec.mounts {
        hasher.field(mount.target.as_bytes());
        hasher.number(mount.read_only.into());
        match &mount.source {
            MountSource::Bind { from, path } => {
                from.hash(hasher);
                hasher.field(path.as_bytes());
            }
            MountSource::Cache { from, path, id, sharing, owner } => {
                from.hash(hasher);
                hasher.field(path.as_bytes());
                hasher.field(format!("{id} {sharing:?} {owner:?}").as_bytes());
            }
            other => hasher.field(format!("{other:?}").as_bytes()),
        }
    }
}

fn hash_copy(hasher: &mut Hasher, copy: &FileCopy) {
    hasher.field(b"copy");
    hasher.number(copy.add.into());
    for action in &copy.actions {
        action.source.hash(hasher);
        hasher.field(action.path.as_bytes());
        hasher.field(format!("{:?} {} {}", action.include, action.wildcard, action.unpack).as_bytes());
    }
    hasher.field(copy.destination.as_bytes());
    let flags = (&copy.chown, &copy.chmod, &copy.excludes, copy.parents);
    hasher.field(format!("{flags:?}").as_bytes());
}

//! `RUN`.

use super::Planner;
use super::state::{Command, RawVertex};
use crate::case::Case;
use crate::dockerfile::expand::Variables;
use crate::dockerfile::step::{RunCommand, SCRIPT_DIRECTORY, run_command};
use crate::dockerfile::{CacheSharing, Mount, MountKind, Run};
use crate::graph::VertexKind;
use crate::graph::error::{Place, PlanError};
use crate::graph::operation::{CacheOwner, Exec, ExecMount, MountSource, Operation, Source};
use crate::vfs::path;

/// Build arguments that reach a `RUN` without being declared, and without being part of its key.
const PROXY_ARGS: [&str; 5] = ["HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY"];

/// The build argument that names the machine which a `RUN` sees.
const HOSTNAME_ARG: &str = "BUILDKIT_SANDBOX_HOSTNAME";

impl Planner<'_> {
    #[inline(never)]
    pub(super) fn dispatch_run(
        &mut self,
        index: usize,
        command: &Command,
        run: &Run,
    ) -> Result<(), PlanError> {
        // All are read before one of them is looked at closer.
        let expand = |word: &str| self.expand(index, word).map_err(|error| error.message);
        let read = run.mounts.iter().map(|flag| Mount::parse(&flag.text, expand).map_err(PlanError::new));
        let read = read.collect::<Result<Vec<Mount>, PlanError>>()?;
        let placed = read.iter().zip(&command.sources);
        let mut mounts = placed
            .map(|(mount, source)| self.exec_mount(index, mount, *source))
            .collect::<Result<Vec<ExecMount>, PlanError>>()?;
        let RunCommand { words: args, script } = run_command(run, &self.shell(index));
        if let Some(script) = script {
            let from = Source::Inline { name: script.name, data: script.data.into(), mode: 0o755 };
            mounts.push(ExecMount {
                target: SCRIPT_DIRECTORY.to_owned(),
                read_only: true,
                source: MountSource::Bind { from, path: "/".to_owned() },
            });
        }
        crate::order::sort_by_key(&mut mounts, mount_order);
        let row = self.run_history(index, &args);
        let text = self.step_text(index, command);
        let (name, number) = self.states[index].step_name(&text);
        let config = &self.states[index].scope.image.config;
        let exec = Exec {
            args,
            env: self.states[index].scope.env.variables().to_vec(),
            proxy_env: self.proxy_env(),
            workdir: if config.working_dir.is_empty() { "/".to_owned() } else { config.working_dir.clone() },
            user: config.user.clone(),
            network: run.network.clone().unwrap_or_else(|| "default".to_owned()),
            hostname: Variables::get(self.options.build_args, HOSTNAME_ARG).unwrap_or("").to_owned(),
            insecure: run.security.as_deref() == Some("insecure"),
            required_devices: run
                .devices
                .iter()
                .filter(|device| device.required)
                .map(|device| device.name.clone())
                .collect(),
            mounts,
        };
        let vertex = RawVertex {
            name,
            kind: VertexKind::Run,
            state: index,
            number,
            place: Some(Place::from(&command.instruction)),
            operation: Operation::Exec(exec),
            base: self.states[index].result,
            ignore_cache: self.states[index].ignore_cache,
        };
        self.states[index].result = Some(self.push(vertex));
        self.record(index, row, true);
        Ok(())
    }

    /// The row of the history: the arguments that are in sight, then the words.
    fn run_history(&self, index: usize, args: &[String]) -> String {
        let declared = &self.states[index].scope.build_args;
        let mut words = Vec::new();
        if !declared.is_empty() {
            words.push(format!("|{}", declared.len()));
        }
        for (name, value) in declared {
            let value = self.env_value(index, name).or_else(|| value.clone()).unwrap_or_default();
            words.push(format!("{name}={value}"));
        }
        words.extend(args.iter().cloned());
        format!("RUN {} # buildkit", words.join(" "))
    }

    /// The proxies that build arguments name, in any case; of several spellings the last one in order counts.
    pub(super) fn proxy_env(&self) -> Vec<(String, String)> {
        let mut given: Vec<&(String, String)> = self.options.build_args.iter().collect();
        crate::order::sort_by_key(&mut given, |(name, _)| name);
        let mut env = Vec::new();
        for name in PROXY_ARGS {
            let value =
                given.iter().rfind(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value);
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                env.push((name.to_owned(), value.clone()));
                env.push((name.lower(), value.clone()));
            }
        }
        env
    }

    fn exec_mount(&self, index: usize, mount: &Mount, source: Option<usize>) -> Result<ExecMount, PlanError> {
        match mount.kind {
            MountKind::Secret => return secret_mount(mount),
            MountKind::Ssh => return Ok(ssh_mount(mount)),
            _ => {}
        }
        let written = mount.target.as_deref().unwrap_or("");
        let target = mount_target(&self.states[index].scope.image.config.working_dir, written);
        let target = target.map_err(PlanError::new)?;
        let path = path::absolute("/", mount.source.as_deref().unwrap_or(""));
        let from = match (&mount.from, source) {
            (Some(name), Some(source)) => self.stage_source(source, name).ok_or_else(|| {
                PlanError::new(format!(
                    "cannot mount from stage {name:?} to {written:?}, stage needs to be defined before current command"
                ))
            })?,
            _ if mount.kind == MountKind::Bind => Source::Context,
            _ => Source::Empty,
        };
        let source = match mount.kind {
            MountKind::Cache => MountSource::Cache {
                id: mount.id.clone().filter(|id| !id.is_empty()).unwrap_or_else(|| path::clean(written)),
                sharing: mount.sharing.unwrap_or(CacheSharing::Shared),
                from,
                path,
                owner: cache_owner(mount),
            },
            MountKind::Tmpfs => MountSource::Tmpfs { size: mount.size.unwrap_or(0) },
            _ => MountSource::Bind { from, path },
        };
        Ok(ExecMount { target, read_only: mount.read_only, source })
    }
}

/// BuildKit's order of mounts: by target; then secrets and sockets, as they are written.
fn mount_order(mount: &ExecMount) -> (u8, String) {
    match mount.source {
        MountSource::Secret { .. } | MountSource::SecretEnv { .. } => (1, String::new()),
        MountSource::Ssh { .. } => (2, String::new()),
        _ => (0, mount.target.clone()),
    }
}

/// Mode and owner of a cache directory, if the mount says anything of them and shows the whole directory.
fn cache_owner(mount: &Mount) -> Option<CacheOwner> {
    let is_whole = path::absolute("/", mount.source.as_deref().unwrap_or("")) == "/";
    let is_said = mount.mode.is_some() || mount.uid.is_some() || mount.gid.is_some();
    (is_said && is_whole).then(|| CacheOwner {
        mode: mount.mode.unwrap_or(0o755),
        uid: mount.uid.unwrap_or(0) as u32,
        gid: mount.gid.unwrap_or(0) as u32,
    })
}

/// Where a mount is, as seen from the working directory. Nothing can be mounted over everything.
pub fn mount_target(workdir: &str, written: &str) -> Result<String, String> {
    let target = path::absolute(if workdir.is_empty() { "/" } else { workdir }, written);
    if target == "/" {
        return Err("invalid mount target \"/\"".to_owned());
    }
    Ok(target)
}

fn secret_mount(mount: &Mount) -> Result<ExecMount, PlanError> {
    let base = |text: &str| path::name(text.trim_end_matches('/')).to_owned();
    let given = mount.source.clone().or_else(|| mount.id.clone()).filter(|id| !id.is_empty());
    let id = match (given, &mount.target) {
        (Some(id), _) => id,
        (None, Some(target)) => base(target),
        (None, None) => return Err(PlanError::new("one of source, target required")),
    };
    let required = mount.required;
    if let (Some(variable), None) = (&mount.env, &mount.target) {
        let source = MountSource::SecretEnv { id, required, variable: variable.clone() };
        return Ok(ExecMount { target: String::new(), read_only: true, source });
    }
    let target = mount.target.clone().unwrap_or_else(|| format!("/run/secrets/{}", base(&id)));
    let owner = |id: Option<u64>| id.unwrap_or(0) as u32;
    let (mode, uid, gid) = (mount.mode.unwrap_or(0o400), owner(mount.uid), owner(mount.gid));
    let source = MountSource::Secret { id, required, mode, uid, gid };
    Ok(ExecMount { target: path::absolute("/", &target), read_only: true, source })
}

fn ssh_mount(mount: &Mount) -> ExecMount {
    let id = mount.id.clone().unwrap_or_else(|| "default".to_owned());
    let target = mount.target.clone().unwrap_or_else(|| "/run/buildkit/ssh_agent.0".to_owned());
    ExecMount { target, read_only: true, source: MountSource::Ssh { id, required: mount.required } }
}

//! Replays a recorded session of the docker command (`tests/transcripts/FORMAT.md`): its commands run in a shell on a
//! host whose `docker` is the lab's.
//!
//! Takes a recording and the base images that it knew, and gives the same document with what the engine printed. It
//! looks at no name and no recorded output.

mod base;
mod host;
mod placeholders;

pub use base::Base;

use lab_docker::{Dialect, Docker};
use lab_engine::shell::{Credentials, Machine, RunSpec, run};
use lab_engine::vfs::{Content, Metadata, Tree, path};
use placeholders::Placeholders;
use serde_json::Value;

/// Seconds that a command takes besides what it says itself.
const OVERHEAD: f64 = 0.3;

/// The recording with what the engine printed: with placeholders as in the recording, and as it was (`raw_…`).
pub fn replay_transcript(recorded: &Value, base: &Base) -> Result<Value, String> {
    let dialect = dialect(recorded)?;
    let directory = recorded["directory"].as_str().ok_or("there is no directory")?;
    let mut docker = Docker::new(dialect);
    base.fill(&mut docker.daemon);
    let mut scene = Scene {
        tree: host::tree(directory, base.now),
        docker,
        directory: directory.to_owned(),
        elapsed: 0.0,
        base,
    };
    let files = recorded["files"].as_object().into_iter().flatten();
    for (name, text) in files {
        scene.write(name, text.as_str().unwrap_or_default())?;
    }
    for command in recorded["setup"].as_array().into_iter().flatten() {
        scene.run(command.as_str().unwrap_or_default(), "", None);
    }
    let mut placeholders = Placeholders::default();
    let mut result = recorded.clone();
    for command in result["commands"].as_array_mut().into_iter().flatten() {
        if let Some(name) = command["edit"].as_str() {
            scene.write(name, command["content"].as_str().unwrap_or_default())?;
            continue;
        }
        let size = |key: &str| command["tty"][key].as_u64().map(|size| size as u32);
        let terminal = size("columns").zip(size("rows"));
        let stdin = command["stdin"].as_str().unwrap_or_default().to_owned();
        let text = command["cmd"].as_str().ok_or("a command has no words")?.to_owned();
        let (stdout, stderr, exit) = scene.run(&text, &stdin, terminal);
        let names = scene.docker.daemon.derived_names();
        command["stdout"] = placeholders.put(&stdout, &names).into();
        command["stderr"] = placeholders.put(&stderr, &names).into();
        command["raw_stdout"] = stdout.into();
        command["raw_stderr"] = stderr.into();
        command["exit"] = exit.into();
    }
    Ok(result)
}

/// Who spoke in a recording.
fn dialect(recorded: &Value) -> Result<Dialect, String> {
    let text = |key: &str| recorded[key].as_str().unwrap_or_default();
    let (client, server) = (text("client"), text("server"));
    Ok(match client.split('.').next().unwrap_or_default() {
        "20" => Dialect::V20,
        "28" => Dialect::V28,
        "29" if server.contains("containerd") => Dialect::V29,
        "29" => Dialect { store: lab_docker::Store::Graph, ..Dialect::V29 },
        _ => return Err(format!("nobody speaks as {client} does")),
    })
}

/// The host with its docker.
struct Scene<'a> {
    tree: Tree,
    docker: Docker,
    directory: String,
    elapsed: f64,
    base: &'a Base,
}

impl Scene<'_> {
    fn now(&self) -> i64 {
        self.base.now + self.elapsed as i64
    }

    fn write(&mut self, name: &str, text: &str) -> Result<(), String> {
        let place = path::clean(&path::absolute(&self.directory, name));
        let now = self.now();
        let failed = |error: lab_engine::vfs::VfsError| error.to_string();
        self.tree.make_directories(path::parent(&place), Metadata::new(0o755, now)).map_err(failed)?;
        self.tree.write(&place, Content::from(text), Metadata::new(0o644, now)).map_err(failed)
    }

    /// Runs a command line: what it printed, and how it ended.
    fn run(&mut self, text: &str, stdin: &str, terminal: Option<(u32, u32)>) -> (String, String, i32) {
        let world = self.base.world(self.now());
        let mut machine = Machine::new(std::mem::take(&mut self.tree), &world);
        machine.first_pid = 1000;
        machine.hostname = "lab".into();
        self.docker.terminal = terminal;
        self.docker.offset = (self.elapsed.fract() * 1e9) as i64;
        machine.given = Some(Box::new(self.docker.clone()));
        let variables = [("HOME", "/home/dev"), ("PATH", "/usr/local/bin:/usr/bin:/bin"), ("USER", "dev")];
        let outcome = run(
            &mut machine,
            RunSpec {
                arguments: vec!["bash".into(), "-c".into(), text.into()],
                environment: variables.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
                cwd: self.directory.clone(),
                credentials: Credentials::root(),
                stdin: stdin.as_bytes().to_vec(),
            },
        );
        self.elapsed += machine.slept() + OVERHEAD;
        if let Some(docker) =
            machine.given.take().and_then(|given| given.into_any().downcast::<Docker>().ok())
        {
            self.docker = *docker;
        }
        self.tree = machine.finish();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        if terminal.is_some() {
            let all = outcome.log.iter().flat_map(|entry| entry.bytes.iter().copied()).collect();
            return (on_terminal(&text(all)), String::new(), outcome.exit_code);
        }
        (text(outcome.stdout), text(outcome.stderr), outcome.exit_code)
    }
}

/// A terminal begins a line at its left edge.
fn on_terminal(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

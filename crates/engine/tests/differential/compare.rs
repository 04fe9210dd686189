//! One script, run twice: by the real shell in a temporary folder, and by ours on a tree.

use crate::grammar::Language;
use lab_engine::oci::Image;
use lab_engine::shell::{Credentials, Machine, RunSpec, run};
use lab_engine::vfs::{Content, Metadata, Node, Tree};
use lab_engine::world::{World, WorldError};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

/// What a script did.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Result {
    stdout: String,
    stderr: String,
    code: i32,
    /// Paths with the bytes of files; directories end with a slash.
    files: Vec<(String, String)>,
}

impl Result {
    /// What differs, for people; nothing where all is the same.
    pub(crate) fn difference(real: &Self, own: &Self, script: &str) -> Option<String> {
        // What runs at the same time prints errors in any order.
        let lines = |text: &str| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            if script.contains('|') {
                lines.sort();
            }
            lines
        };
        let same = real.stdout == own.stdout
            && real.code == own.code
            && real.files == own.files
            && lines(&real.stderr) == lines(&own.stderr);
        (!same).then(|| format!("real: {real:?}\nours: {own:?}"))
    }
}

struct Nowhere;

impl World for Nowhere {
    fn now(&self) -> i64 {
        1_700_000_000
    }

    fn resolve_image(&self, name: &str, _: &str) -> std::result::Result<Arc<Image>, WorldError> {
        Err(WorldError::UnknownImage { name: name.to_owned(), nearest: Vec::new() })
    }
}

/// A real shell with its utilities, and a folder for it to work in.
pub(crate) struct Bench {
    language: Language,
    folder: PathBuf,
    program: PathBuf,
    path: String,
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Bench {
    /// Nothing where the shell is missing.
    pub(crate) fn new(language: Language) -> Option<Self> {
        let folder =
            std::env::temp_dir().join(format!("lab-differential-{language:?}-{}", std::process::id()));
        let bin = folder.join("bin");
        fs::create_dir_all(&bin).unwrap();
        let name = match language {
            Language::Ash => "busybox",
            Language::Dash => "dash",
            Language::Bash => "bash",
        };
        let paths = std::env::var_os("PATH")?;
        let program =
            std::env::split_paths(&paths).map(|folder| folder.join(name)).find(|place| place.is_file())?;
        let mut bench = Self { language, folder, program, path: "/usr/bin:/bin".to_owned() };
        let mut probe = Command::new(&bench.program);
        probe.args(if language == Language::Ash { &["true"][..] } else { &["-c", ":"] });
        let found = probe.stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !found.is_ok_and(|status| status.success()) {
            return None;
        }
        if language == Language::Ash {
            let install = Command::new(&bench.program).args(["--install", "-s"]).arg(&bin).status();
            install.ok().filter(std::process::ExitStatus::success)?;
            bench.path = bin.to_string_lossy().into_owned();
        }
        Some(bench)
    }

    /// What the real shell does.
    pub(crate) fn real(&self, script: &str) -> Result {
        let work = self.folder.join("w");
        fs::create_dir_all(&work).unwrap();
        fs::write(work.join("script"), script).unwrap();
        let mut command = Command::new(&self.program);
        if self.language == Language::Ash {
            command.arg("sh");
        }
        command.args(["./script", "one", "two words"]);
        command.env_clear().env("PATH", &self.path).env("HOME", "/root");
        let output = finished_in_time(command.current_dir(&work).stdin(Stdio::null()), script);
        let mut files = Vec::new();
        list(&work, "", &mut files);
        fs::remove_dir_all(&work).unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Result {
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
            code: output.status.code().unwrap_or(-1),
            files,
        }
    }

    /// What ours does.
    pub(crate) fn own(&self, script: &str) -> Result {
        let work = self.folder.join("w").to_string_lossy().into_owned();
        let mut machine = Machine::new(self.root(&work, script), &Nowhere);
        machine.first_pid = 100;
        let outcome = run(
            &mut machine,
            RunSpec {
                arguments: ["sh", "./script", "one", "two words"].map(str::to_owned).to_vec(),
                environment: vec![("PATH".into(), "/bin".into()), ("HOME".into(), "/root".into())],
                cwd: work.clone(),
                credentials: Credentials::root(),
                stdin: Vec::new(),
            },
        );
        let tree = machine.finish();
        let mut files = Vec::new();
        for entry in tree.walk(&work).filter(|entry| entry.path != work) {
            let name = entry.path[work.len() + 1..].to_owned();
            match &**entry.node {
                Node::File(_) if name == "script" => {}
                Node::File(file) => {
                    let bytes = file.content.bytes().unwrap_or_default();
                    files.push((name, String::from_utf8_lossy(bytes).into_owned()));
                }
                _ => files.push((name + "/", String::new())),
            }
        }
        files.sort();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Result {
            stdout: text(&outcome.stdout),
            stderr: text(&outcome.stderr),
            code: outcome.exit_code,
            files,
        }
    }

    fn root(&self, work: &str, script: &str) -> Tree {
        let mut tree = Tree::new();
        let meta = |mode| Metadata::new(mode, 1);
        for directory in ["/bin", "/dev", "/proc", "/sys", "/etc", "/root", work] {
            tree.make_directories(directory, meta(0o755)).unwrap();
        }
        for program in ["busybox", "dash", "bash"] {
            let content = Content::modelled(1000, program, &[]);
            tree.write(&format!("/bin/{program}"), content, meta(0o755)).unwrap();
        }
        let shell = match self.language {
            Language::Ash => "busybox",
            Language::Dash => "dash",
            Language::Bash => "bash",
        };
        tree.put("/bin/sh", Node::symlink(meta(0o777), shell), 1).unwrap();
        for name in
            ["cat", "sort", "tr", "sed", "wc", "head", "tail", "grep", "cut", "env", "mkdir", "rm", "pwd"]
        {
            let place = format!("/bin/{name}");
            if self.language == Language::Ash {
                tree.put(&place, Node::symlink(meta(0o777), "busybox"), 1).unwrap();
            } else {
                tree.write(&place, Content::modelled(10, name, &[]), meta(0o755)).unwrap();
            }
        }
        tree.write(&format!("{work}/script"), script.into(), meta(0o644)).unwrap();
        tree
    }
}

/// How long a real shell may take for a script.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a command prints; one that does not end is ended, and fails the test.
fn finished_in_time(command: &mut Command, script: &str) -> Output {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let id = child.id();
    let (done, waits) = std::sync::mpsc::channel();
    let waiter = std::thread::spawn(move || {
        let output = child.wait_with_output().unwrap();
        let _ = done.send(());
        output
    });
    if waits.recv_timeout(PATIENCE).is_err() {
        let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
        panic!("the real shell did not end within {PATIENCE:?}:\n{script}");
    }
    waiter.join().unwrap()
}

fn list(directory: &Path, prefix: &str, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            files.push((name.clone() + "/", String::new()));
            list(&entry.path(), &(name + "/"), files);
        } else if name != "script" {
            let bytes = fs::read(entry.path()).unwrap();
            files.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    files.sort();
}

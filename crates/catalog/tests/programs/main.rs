//! Modelled programs, run in containers of the catalogue's base images.

mod apk;
mod apt;
mod debian;
mod fetch;
mod go;
mod languages;
mod npm;
mod pip;

use lab_catalog::CatalogWorld;
use lab_engine::shell::{CommandKind, Credentials, Machine, RunSpec, run};
use lab_engine::vfs::{Content, Metadata, Tree};
use lab_engine::world::World;
use std::fs;
use std::sync::OnceLock;

/// What one command did.
struct Done {
    tree: Tree,
    code: i32,
    out: String,
    err: String,
    kind: CommandKind,
    /// Every command that ran, and what it was.
    kinds: Vec<(String, CommandKind)>,
    seconds: f64,
}

/// A container: commands run in it one after the other, each on what the last one left.
struct Container {
    tree: Tree,
    cwd: String,
    environment: Vec<(String, String)>,
    credentials: Credentials,
    network: bool,
}

fn world() -> &'static CatalogWorld {
    static WORLD: OnceLock<CatalogWorld> = OnceLock::new();
    WORLD.get_or_init(|| {
        let world = CatalogWorld::new(1_790_000_000);
        for name in CatalogWorld::ASSETS {
            let path = format!("{}/../../catalog/{name}.json", env!("CARGO_MANIFEST_DIR"));
            world.provide(name, &fs::read_to_string(&path).unwrap()).unwrap();
        }
        world
    })
}

impl Container {
    fn of(image: &str) -> Self {
        let image = world().resolve_image(image, "linux/amd64").unwrap();
        let environment = image.config.config.env.iter().filter_map(|entry| entry.split_once('='));
        Self {
            tree: image.tree.clone(),
            cwd: "/app".to_owned(),
            environment: environment.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            credentials: Credentials::root(),
            network: true,
        }
    }

    fn with(mut self, path: &str, text: &str) -> Self {
        self.write(path, text);
        self
    }

    fn write(&mut self, path: &str, text: &str) {
        let metadata = Metadata::new(0o755, 0);
        let place = lab_engine::vfs::path::absolute(&self.cwd, path);
        self.tree.make_directories(lab_engine::vfs::path::parent(&place), metadata).unwrap();
        self.tree.write(&place, Content::from(text), Metadata::new(0o644, 0)).unwrap();
    }

    /// Runs words that are separated by spaces.
    fn run(&mut self, command: &str) -> Done {
        self.execute(command.split(' ').map(str::to_owned).collect())
    }

    /// Runs a script.
    fn shell(&mut self, script: &str) -> Done {
        self.execute(vec!["/bin/sh".to_owned(), "-c".to_owned(), script.to_owned()])
    }

    fn execute(&mut self, arguments: Vec<String>) -> Done {
        let command = arguments.join(" ");
        let mut machine = Machine::new(self.tree.clone(), world());
        machine.network = self.network;
        let outcome = run(
            &mut machine,
            RunSpec {
                arguments,
                environment: self.environment.clone(),
                cwd: self.cwd.clone(),
                credentials: self.credentials.clone(),
                stdin: Vec::new(),
            },
        );
        let note = machine.notes.first().cloned();
        let kinds = machine.notes.iter().map(|note| (note.arguments[0].clone(), note.kind)).collect();
        self.tree = machine.finish();
        assert_eq!((outcome.limit, outcome.not_loaded), (None, None), "{command}");
        Done {
            tree: self.tree.clone(),
            code: outcome.exit_code,
            out: String::from_utf8(outcome.stdout).unwrap(),
            err: String::from_utf8(outcome.stderr).unwrap(),
            kinds,
            kind: note.as_ref().map_or(CommandKind::Unknown, |note| note.kind),
            seconds: note.map_or(0.0, |note| note.seconds),
        }
    }

    /// Runs what must succeed.
    fn ok(&mut self, command: &str) -> Done {
        let done = self.run(command);
        assert_eq!(done.code, 0, "{command}\n{}{}", done.out, done.err);
        done
    }
}

/// The bytes of what differs, as `docker image history` counts them.
fn layer_bytes(lower: &Tree, upper: &Tree) -> u64 {
    let changed = |entry: &lab_engine::vfs::WalkEntry<'_>| {
        let new = entry.node.as_file();
        let old = lower.entry(&entry.path).and_then(|node| node.as_file());
        new.is_some_and(|new| old.is_none_or(|old| old.content != new.content))
    };
    upper.walk("/").filter(changed).map(|entry| entry.node.size()).sum()
}

/// Whether a figure is near what is known; `percent` apart at most.
#[track_caller]
fn assert_near(figure: u64, known: u64, percent: u64) {
    assert!(figure.abs_diff(known) * 100 <= known * percent, "{figure} is not {known} ± {percent} %");
}

/// Two containers of one image, in which the same commands are run: everything must be the same.
fn assert_reproducible(image: &str, commands: &[&str]) {
    let digest = || {
        let mut container = Container::of(image);
        let done: Vec<(String, f64)> = commands
            .iter()
            .map(|command| container.ok(command))
            .map(|done| (done.out, done.seconds))
            .collect();
        (container.tree.summary().digest, done)
    };
    assert_eq!(digest(), digest(), "{image}");
}

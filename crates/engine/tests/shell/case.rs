//! A script with its recorded output.

use crate::root::Root;
use lab_engine::oci::Image;
use lab_engine::shell::{Credentials, Machine, RunSpec, run};
use lab_engine::world::{World, WorldError};
use std::sync::Arc;

/// A case of a file.
pub(crate) struct Case {
    /// What it is about.
    pub(crate) name: String,
    /// The script.
    pub(crate) script: String,
    /// What came out, as the file has it.
    pub(crate) recorded: String,
    root: Root,
    shell: String,
    user: Credentials,
}

struct Nowhere;

impl World for Nowhere {
    fn now(&self) -> i64 {
        1_700_000_000
    }

    fn resolve_image(&self, reference: &str, _: &str) -> Result<Arc<Image>, WorldError> {
        Err(WorldError::UnknownImage { name: reference.to_owned(), nearest: Vec::new() })
    }
}

impl Case {
    /// The cases of a file.
    pub(crate) fn all(text: &str) -> Vec<Self> {
        let mut parts = text.split("\n=== ");
        let head = parts.next().unwrap_or_default();
        let option = |name: &str| {
            let line = head.lines().find_map(|line| line.strip_prefix(&format!("# {name}: ")));
            line.unwrap_or_else(|| panic!("the file names no {name}")).to_owned()
        };
        let root = Root::load(&option("flavour"));
        parts.map(|part| Self::new(part, root.clone(), option("shell"))).collect()
    }

    fn new(text: &str, root: Root, shell: String) -> Self {
        let (name, rest) = text.split_once('\n').expect("a case has a name and a script");
        let (script, recorded) = rest.split_once("\n--- ").expect("a case has a recording");
        let user = name.split_once("(user ").and_then(|(_, rest)| rest.strip_suffix(')'));
        let ids = user.and_then(|user| user.split_once(':'));
        let user = ids.map_or_else(Credentials::root, |(uid, gid)| Credentials {
            uid: uid.parse().unwrap(),
            gid: gid.parse().unwrap(),
            groups: Vec::new(),
        });
        let recorded = format!("--- {}\n", recorded.trim_end());
        Self { name: name.to_owned(), script: script.to_owned(), recorded, root, shell, user }
    }

    /// Runs it, and gives what came out in the form of the recording.
    pub(crate) fn run(&self) -> String {
        let mut machine = Machine::new(self.root.tree.clone(), &Nowhere);
        let mut arguments: Vec<String> = self.shell.split(' ').map(str::to_owned).collect();
        arguments.extend(["-c".to_owned(), self.script.clone()]);
        let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        let environment = vec![("PATH".to_owned(), path.to_owned()), ("HOME".to_owned(), "/root".to_owned())];
        let cwd = "/".to_owned();
        let credentials = self.user.clone();
        let outcome =
            run(&mut machine, RunSpec { arguments, environment, cwd, credentials, stdin: Vec::new() });
        let mut text = String::new();
        for (name, bytes) in [("stdout", &outcome.stdout), ("stderr", &outcome.stderr)] {
            let printed = text_of(bytes);
            if !printed.is_empty() {
                let (mark, end) = if printed.ends_with('\n') { ("", "") } else { (" without newline", "\n") };
                text.push_str(&format!("--- {name}{mark}\n{printed}{end}"));
            }
        }
        text + &format!("--- exit {}\n", outcome.exit_code)
    }
}

/// Bytes as text; those that are none are shown by their number.
pub(crate) fn text_of(bytes: &[u8]) -> String {
    bytes
        .utf8_chunks()
        .map(|chunk| {
            let invalid: String = chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")).collect();
            chunk.valid().to_owned() + &invalid
        })
        .collect()
}

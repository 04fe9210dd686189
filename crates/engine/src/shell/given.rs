//! A command that whoever drives a machine gives to its scripts, such as `docker` to those of a host.
//!
//! It goes before what the tree has. Its state lies outside the machine, but follows it: a pipeline that starts again
//! takes back what the command did.

use super::command;
use super::interrupt::{Interrupt, Outcome};
use super::output::Stream;
use super::process::Process;
use crate::vfs::Tree;
use crate::world::World;

/// Such a command with its state.
pub trait GivenCommand {
    /// What it is called by.
    fn name(&self) -> &str;

    /// Does what it is told.
    fn run(&mut self, call: GivenCall<'_>) -> GivenAnswer;

    /// A copy of the state, to come back to.
    fn fork(&self) -> Box<dyn GivenCommand>;

    /// Itself, for whoever gave it and takes it back.
    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any>;
}

/// What the command is given.
pub struct GivenCall<'a> {
    /// Its words, the first of which is its name.
    pub arguments: Vec<String>,
    /// The environment.
    pub environment: Vec<(String, String)>,
    /// The working directory.
    pub cwd: String,
    /// The tree that the script runs in; it may be changed.
    pub tree: &'a mut Tree,
    /// The world around.
    pub world: &'a dyn World,
    /// Seconds since 1970 when the machine started, and seconds that were slept since.
    pub clock: (i64, f64),
    /// All of standard input, read when it is called.
    pub stdin: &'a mut dyn FnMut(&Tree) -> Vec<u8>,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GivenAnswer {
    /// What it printed, in order.
    pub output: Vec<(Stream, Vec<u8>)>,
    /// How it ended.
    pub exit_code: super::ExitCode,
    /// Seconds that it took.
    pub seconds: f64,
}

/// Whether a command is the one that was given.
pub(super) fn is_given(process: &Process<'_, '_>, name: &str) -> bool {
    process.machine.given.as_ref().is_some_and(|given| given.name() == name)
}

/// Runs it.
#[inline(never)]
pub(super) fn run(process: &mut Process<'_, '_>, arguments: &[String]) -> Outcome {
    let Some(mut given) = process.machine.given.take() else {
        return Ok(command::SpawnError::NotFound.exit_code());
    };
    let answer = call(process, &mut *given, arguments);
    process.machine.given = Some(given);
    let answer = answer?;
    for (stream, bytes) in &answer.output {
        match stream {
            Stream::Stdout => process.output_bytes(bytes)?,
            Stream::Stderr => {
                process.write_fd(2, bytes)?;
            }
        }
    }
    process.machine.slept += answer.seconds;
    Ok(answer.exit_code)
}

fn call(
    process: &mut Process<'_, '_>,
    given: &mut dyn GivenCommand,
    arguments: &[String],
) -> Result<GivenAnswer, Interrupt> {
    process.machine.step(1)?;
    // The tree leaves the machine while the command has it; input from a file is read out of it all the same.
    let mut tree = process.machine.tree().clone();
    let world = process.machine.world;
    let clock = (process.machine.now, process.machine.slept);
    let (environment, cwd) = (process.environment.clone(), process.cwd.clone());
    let mut failed = None;
    let mut stdin = |_: &Tree| {
        process.read_input().unwrap_or_else(|interrupt| {
            failed = Some(interrupt);
            Vec::new()
        })
    };
    let arguments = arguments.to_vec();
    let answer = given.run(GivenCall {
        arguments,
        environment,
        cwd,
        tree: &mut tree,
        world,
        clock,
        stdin: &mut stdin,
    });
    *process.machine.tree_mut() = tree;
    failed.map_or(Ok(answer), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::{Credentials, Machine, RunSpec, run};
    use crate::vfs::{Content, Metadata, Node};
    use crate::world::WorldError;
    use std::sync::Arc;

    struct Nowhere;

    impl World for Nowhere {
        fn now(&self) -> i64 {
            100
        }

        fn resolve_image(&self, name: &str, _: &str) -> Result<Arc<crate::oci::Image>, WorldError> {
            Err(WorldError::UnknownImage { name: name.to_owned(), nearest: Vec::new() })
        }
    }

    /// Counts its calls, prints them with its words and input, and takes a second for each.
    #[derive(Clone)]
    struct Counter(u32);

    impl GivenCommand for Counter {
        fn name(&self) -> &str {
            "counter"
        }

        fn run(&mut self, call: GivenCall<'_>) -> GivenAnswer {
            self.0 += 1;
            let input = if call.arguments.get(1).is_some_and(|word| word == "-") {
                (call.stdin)(call.tree)
            } else {
                Vec::new()
            };
            let mut text = format!("{} {:?} {}\n", self.0, &call.arguments[1..], call.clock.1).repeat(3);
            text.push_str(&String::from_utf8_lossy(&input));
            call.tree.write("/made", Content::from("x"), Metadata::new(0o644, 0)).unwrap();
            let output = vec![(Stream::Stdout, text.into_bytes()), (Stream::Stderr, b"!\n".to_vec())];
            GivenAnswer { output, exit_code: 3, seconds: 1.0 }
        }

        fn fork(&self) -> Box<dyn GivenCommand> {
            Box::new(self.clone())
        }

        fn into_any(self: Box<Self>) -> Box<dyn std::any::Any> {
            self
        }
    }

    fn script(text: &str) -> (String, String, i32) {
        let mut tree = Tree::new();
        let busybox = Node::file(Metadata::new(0o755, 0), Content::opaque(1, crate::digest::Digest::of(b"")));
        tree.make_directories("/bin", Metadata::new(0o755, 0)).unwrap();
        tree.put("/bin/busybox", busybox, 0).unwrap();
        for name in ["sh", "cat", "head", "ls"] {
            let link = Node::symlink(Metadata::new(0o777, 0), "busybox");
            tree.put(&format!("/bin/{name}"), link, 0).unwrap();
        }
        let mut machine = Machine::new(tree, &Nowhere);
        machine.given = Some(Box::new(Counter(0)));
        let arguments = ["sh", "-c", text].map(str::to_owned).to_vec();
        let credentials = Credentials::root();
        let spec =
            RunSpec { arguments, environment: Vec::new(), cwd: "/".into(), credentials, stdin: Vec::new() };
        let outcome = run(&mut machine, spec);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(outcome.stdout), text(outcome.stderr), outcome.exit_code)
    }

    #[test]
    fn a_script_calls_what_it_was_given() {
        let (out, err, code) =
            script("counter a 'b c' >f; echo $?; echo in | counter -; cat f | head -n1; ls made");
        assert_eq!(out, "3\n2 [\"-\"] 1\n2 [\"-\"] 1\n2 [\"-\"] 1\nin\n1 [\"a\", \"b c\"] 0\nmade\n");
        assert_eq!((&*err, code), ("!\n!\n", 0));
    }

    #[test]
    fn a_pipeline_that_starts_again_counts_once() {
        let (out, _, _) = script("counter a | head -n1; counter b | head -n1");
        assert_eq!(out, "1 [\"a\"] 0\n2 [\"b\"] 1\n");
    }
}

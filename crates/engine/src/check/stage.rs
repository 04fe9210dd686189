//! The way through the instructions of one stage, with the variables as they are at each of them.

use super::CheckInput;
use super::reporter::{Place, Reporter};
use super::rules;
use crate::dockerfile::expand::{Expander, Variables};
use crate::dockerfile::port::PortSpec;
use crate::dockerfile::scope::{ARGUMENTS_WITHOUT_VARIABLE, GlobalScope};
use crate::dockerfile::signal::check_signal;
use crate::dockerfile::stages::StageError;
use crate::dockerfile::{
    Add, ArgDefinition, CommandLine, Copy, Instruction, InstructionKind, KeyValue, Mount, MountKind, Run,
    SourcesAndDestination,
};
use crate::graph::{CopyFlags, join_workdir, mount_target};
use crate::oci::ImageConfig;
use crate::vfs::ignore::IgnoreMatcher;

/// What BuildKit sets where an image says nothing.
const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What is known at one place of a stage.
#[derive(Default)]
pub(super) struct StageWalk {
    variables: Vec<(String, String)>,
    /// The `ARG`s so far, with and without a value.
    arguments: Vec<String>,
    has_shell: bool,
    workdir: String,
    workdir_seen: bool,
    cmd: Option<Place>,
    entrypoint: Option<Place>,
    healthcheck: Option<Place>,
}

impl StageWalk {
    /// The beginning of a stage on an image, or on `scratch`.
    pub(super) fn on_image(image: Option<&ImageConfig>) -> Self {
        let mut walk = Self::default();
        if let Some(image) = image {
            walk.workdir.clone_from(&image.config.working_dir);
            walk.has_shell = image.config.shell.as_ref().is_some_and(|shell| !shell.is_empty());
            for line in &image.config.env {
                let (name, value) = line.split_once('=').unwrap_or((line, ""));
                walk.set(name, value);
            }
        }
        if Variables::get(&walk.variables, "PATH").is_none() {
            walk.set("PATH", DEFAULT_PATH);
        }
        walk
    }

    /// The beginning of a stage on another one.
    pub(super) fn on_top(&self) -> Self {
        Self {
            variables: self.variables.clone(),
            arguments: self.arguments.clone(),
            has_shell: self.has_shell,
            workdir: self.workdir.clone(),
            workdir_seen: self.workdir_seen,
            ..Self::default()
        }
    }

    fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Checks one instruction and takes in what it changes.
    pub(super) fn instruction(
        &mut self,
        input: &CheckInput<'_>,
        reporter: &mut Reporter<'_>,
        scope: &GlobalScope,
        instruction: &Instruction,
    ) -> Result<(), StageError> {
        reporter.at_instruction(&instruction.comments);
        let place = Place::of(instruction);
        let stop = |message: String| StageError::new(message, place.lines);
        let mut step = Step { walk: self, reporter, place, escape: input.dockerfile.escape };
        let words: Vec<String> = instruction
            .kind
            .expandable_words()
            .into_iter()
            .map(|word| step.expand(word))
            .collect::<Result<_, _>>()
            .map_err(stop)?;
        match &instruction.kind {
            InstructionKind::Arg(definitions) => {
                for definition in definitions {
                    step.argument(definition, input, scope).map_err(stop)?;
                }
            }
            InstructionKind::Env(pairs) => step.env(instruction, pairs, &words),
            InstructionKind::Label(pairs) => {
                for pair in pairs {
                    rules::legacy_key_value_format::check(reporter, instruction, pair);
                }
            }
            InstructionKind::Copy(copy) => {
                step.inline_files(&copy.files).map_err(stop)?;
                step.copy(input, copy, &words).map_err(stop)?;
            }
            InstructionKind::Add(add) => {
                step.inline_files(&add.files).map_err(stop)?;
                step.add(input, add, &words).map_err(stop)?;
            }
            InstructionKind::Run(run) => step.mounts(run).map_err(stop)?,
            InstructionKind::Expose(ports) => step.expose(ports).map_err(stop)?,
            InstructionKind::Workdir(_) => step.workdir(&words),
            InstructionKind::Stopsignal(_) => check_signal(&words[0]).map_err(stop)?,
            InstructionKind::Volume(_) if words.iter().any(String::is_empty) => {
                return Err(stop("VOLUME specified can not be an empty string".into()));
            }
            InstructionKind::Cmd(command) => {
                check_command(reporter, instruction, command, &mut self.cmd, self.has_shell);
            }
            InstructionKind::Entrypoint(command) => {
                check_command(reporter, instruction, command, &mut self.entrypoint, self.has_shell);
            }
            InstructionKind::Healthcheck(_) => {
                rules::multiple_instructions_disallowed::check(reporter, instruction, &mut self.healthcheck);
            }
            InstructionKind::Shell(shell) => self.has_shell = !shell.is_empty(),
            _ => {}
        }
        Ok(())
    }
}

/// A `CMD` or `ENTRYPOINT` and the one before it in the stage.
fn check_command(
    reporter: &mut Reporter<'_>,
    instruction: &Instruction,
    command: &CommandLine,
    previous: &mut Option<Place>,
    has_shell: bool,
) {
    rules::multiple_instructions_disallowed::check(reporter, instruction, previous);
    rules::json_args_recommended::check(reporter, instruction, command, has_shell);
}

/// One instruction on its way.
struct Step<'a, 'r> {
    walk: &'a mut StageWalk,
    reporter: &'a mut Reporter<'r>,
    place: Place,
    escape: char,
}

impl Step<'_, '_> {
    fn expand(&mut self, word: &str) -> Result<String, String> {
        self.expand_with(Expander::new(self.escape), word)
    }

    fn expand_with(&mut self, expander: Expander, word: &str) -> Result<String, String> {
        let (expanded, unmatched) = match expander.expand(word, &self.walk.variables) {
            Ok(expansion) => (Ok(expansion.text), expansion.unmatched),
            Err(error) => (Err(error.message), error.unmatched),
        };
        let walk = &self.walk;
        rules::undefined_var::check(self.reporter, self.place, &unmatched, &walk.arguments, &walk.variables);
        expanded
    }

    #[inline(never)]
    fn argument(
        &mut self,
        definition: &ArgDefinition,
        input: &CheckInput<'_>,
        scope: &GlobalScope,
    ) -> Result<(), String> {
        let name = definition.name.as_str();
        rules::secrets_used_in_arg_or_env::check(self.reporter, self.place, "ARG", name);
        let value = match (input.options.arguments.get(name), &definition.value) {
            (Some(given), _) => Some(given.clone()),
            (None, Some(default)) => Some(self.expand(default)?),
            (None, None) => Variables::get(&scope.variables, name).map(str::to_owned),
        };
        if let Some(value) = value.filter(|_| !ARGUMENTS_WITHOUT_VARIABLE.contains(&name)) {
            self.walk.set(name, &value);
        }
        self.walk.arguments.push(name.to_owned());
        Ok(())
    }

    fn env(&mut self, instruction: &Instruction, pairs: &[KeyValue], words: &[String]) {
        for (pair, expanded) in pairs.iter().zip(words.chunks(2)) {
            rules::legacy_key_value_format::check(self.reporter, instruction, pair);
            rules::secrets_used_in_arg_or_env::check(self.reporter, self.place, "ENV", &expanded[0]);
            self.walk.set(&expanded[0], &expanded[1]);
        }
    }

    /// Files that stand in the Dockerfile.
    #[inline(never)]
    fn inline_files(&mut self, files: &SourcesAndDestination) -> Result<(), String> {
        for file in files.inline.iter().filter(|file| file.expand) {
            self.expand_with(Expander::for_files(), &file.data)?;
        }
        Ok(())
    }

    fn copy(&mut self, input: &CheckInput<'_>, copy: &Copy, words: &[String]) -> Result<(), String> {
        let (sources, mut flags) = split(words, &copy.files);
        let _chown = copy.chown.as_ref().and_then(|_| flags.next());
        let chmod = copy.chmod.as_ref().and_then(|_| flags.next());
        let flags = CopyFlags { chmod: filled(chmod), ..CopyFlags::default() };
        self.sources(flags, ignored(input).filter(|_| copy.from.is_none()), sources)
    }

    #[inline(never)]
    fn add(&mut self, input: &CheckInput<'_>, add: &Add, words: &[String]) -> Result<(), String> {
        let (sources, mut flags) = split(words, &add.files);
        let _chown = add.chown.as_ref().and_then(|_| flags.next());
        let chmod = add.chmod.as_ref().and_then(|_| flags.next());
        let checksum = filled(add.checksum.as_ref().and_then(|_| flags.next()));
        let flags = CopyFlags { add: true, chmod: filled(chmod), checksum, keep_git_dir: add.keep_git_dir };
        self.sources(flags, ignored(input), sources)
    }

    fn sources(
        &mut self,
        flags: CopyFlags<'_>,
        ignore: Option<&IgnoreMatcher>,
        sources: &[String],
    ) -> Result<(), String> {
        flags.check(sources)?;
        let verb = if flags.add { "Add" } else { "Copy" };
        for source in sources {
            flags.check_source(source)?;
            if let Some(ignore) = ignore.filter(|_| !flags.is_remote(source)) {
                rules::copy_ignored_file::check(self.reporter, self.place, verb, source, ignore);
            }
        }
        Ok(())
    }

    #[inline(never)]
    fn mounts(&mut self, run: &Run) -> Result<(), String> {
        let mut mounts = Vec::new();
        for mount in &run.mounts {
            mounts.push(Mount::parse(&mount.text, |value| self.expand(value))?);
        }
        for mount in mounts.iter().filter(|mount| !matches!(mount.kind, MountKind::Secret | MountKind::Ssh)) {
            mount_target(&self.walk.workdir, mount.target.as_deref().unwrap_or(""))?;
        }
        Ok(())
    }

    #[inline(never)]
    fn expose(&mut self, ports: &[String]) -> Result<(), String> {
        let mut expanded = Vec::new();
        for port in ports {
            let expansion = Expander::new(self.escape).expand(port, &self.walk.variables);
            expanded.extend(expansion.map_err(|error| error.message)?.words);
        }
        for raw in &expanded {
            let port = PortSpec::parse(raw)?;
            rules::expose_proto_casing::check(self.reporter, self.place, raw, &port);
            rules::expose_invalid_format::check(self.reporter, self.place, raw, &port);
            port.ports()?;
        }
        Ok(())
    }

    #[inline(never)]
    fn workdir(&mut self, words: &[String]) {
        if !std::mem::replace(&mut self.walk.workdir_seen, true) {
            rules::workdir_relative_path::check(self.reporter, self.place, &words[0]);
        }
        self.walk.workdir = join_workdir(&self.walk.workdir, &words[0]);
    }
}

/// What `.dockerignore` hides. One with a fault has stopped the checks before they come here.
fn ignored<'i>(input: &CheckInput<'i>) -> Option<&'i IgnoreMatcher> {
    input.ignore.ok().flatten()
}

/// The expanded sources, which stand last but for the destination, and the words of flags, which stand first.
fn split<'w>(
    words: &'w [String],
    files: &SourcesAndDestination,
) -> (&'w [String], std::slice::Iter<'w, String>) {
    let end = words.len().saturating_sub(1);
    let (flags, sources) = words[..end].split_at(end.saturating_sub(files.paths.len()));
    (sources, flags.iter())
}

/// The value of a flag; an empty one counts as none.
fn filled(value: Option<&String>) -> Option<&str> {
    value.map(String::as_str).filter(|value| !value.is_empty())
}

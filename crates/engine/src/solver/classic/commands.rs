//! `RUN` and `WORKDIR`.

use super::making::Work;
use super::{Classic, dockerfile_error};
use crate::cache::{EnvOrigin, EnvVariable, StepKind};
use crate::dockerfile::{CommandForm, Run};
use crate::graph::{Exec, Operation, VertexKind, join_workdir};
use crate::solver::report::BuildErrorKind;
use crate::solver::step::StepError;
use crate::vfs::path;

impl Classic<'_> {
    pub(super) fn workdir(&mut self, written: &str) -> Result<(), StepError> {
        let wanted = path::clean(&join_workdir(&self.stage.config.working_dir, &self.expand(written)?));
        self.stage.config.working_dir.clone_from(&wanted);
        let operation = Operation::MakeDirectory { path: wanted.clone(), user: String::new() };
        let mut command = self.shell();
        command.push(format!("#(nop) WORKDIR {wanted}"));
        self.make(Work::new(VertexKind::Workdir, StepKind::Workdir, operation, command))
    }

    pub(super) fn run_command(&mut self, run: &Run) -> Result<(), StepError> {
        if let Some(flag) = first_flag(run) {
            return Err(dockerfile_error(needs_buildkit(flag)));
        }
        let words = self.words_of(&run.command.form);
        let visible = self.arguments.beside(&self.stage.config.env);
        let variable = |(name, value): &(String, String), origin| EnvVariable {
            name: name.clone(),
            value: value.clone(),
            origin,
        };
        let mut env: Vec<EnvVariable> =
            self.environment().iter().map(|pair| variable(pair, EnvOrigin::Env)).collect();
        env.extend(visible.iter().map(|pair| variable(pair, EnvOrigin::Arg)));
        let told: Vec<EnvVariable> = visible
            .iter()
            .filter(|(name, _)| self.arguments.is_told(name))
            .map(|pair| variable(pair, EnvOrigin::Arg))
            .collect();
        let config = &self.stage.config;
        let exec = Exec {
            args: words.clone(),
            env,
            proxy_env: Vec::new(),
            workdir: if config.working_dir.is_empty() { "/".to_owned() } else { config.working_dir.clone() },
            user: config.user.clone(),
            network: "default".to_owned(),
            hostname: String::new(),
            insecure: false,
            required_devices: Vec::new(),
            mounts: Vec::new(),
        };
        // Proxies that nobody declared are not told, but that there was something to tell is.
        let none_told = told.is_empty() && !visible.is_empty();
        let command = none_told.then(|| "|0".to_owned()).into_iter().chain(words.iter().cloned()).collect();
        let work = Work {
            arguments: told,
            ..Work::new(VertexKind::Run, StepKind::Run, Operation::Exec(exec), command)
        };
        self.make(work).map_err(|error| in_words(error, &words))
    }

    /// The words of a command, with the shell in front of the shell form.
    pub(super) fn words_of(&self, form: &CommandForm) -> Vec<String> {
        match form {
            CommandForm::Exec(words) => words.clone(),
            CommandForm::Shell(text) => self.shell().into_iter().chain([text.clone()]).collect(),
        }
    }

    /// The environment of the image. Inlined, because the compiler would else keep one function for this and for the
    /// arguments of any build, and the first build would wait for a part of the engine that it does not need.
    #[inline(always)]
    pub(super) fn environment(&self) -> Vec<(String, String)> {
        let pair = |line: &String| {
            let (name, value) = line.split_once('=').unwrap_or((line, ""));
            (name.to_owned(), value.to_owned())
        };
        self.stage.config.env.iter().map(pair).collect()
    }
}

fn first_flag(run: &Run) -> Option<&'static str> {
    [
        ("mount", !run.mounts.is_empty()),
        ("network", run.network.is_some()),
        ("security", run.security.is_some()),
        ("device", !run.devices.is_empty()),
    ]
    .into_iter()
    .find_map(|(flag, said)| said.then_some(flag))
}

/// What a flag is refused with.
pub(super) fn needs_buildkit(flag: &str) -> String {
    let address = "https://docs.docker.com/go/buildkit/";
    format!(
        "the --{flag} option requires BuildKit. Refer to {address} to learn how to build images with BuildKit enabled"
    )
}

/// The same failure in the words of the daemon.
fn in_words(error: StepError, words: &[String]) -> StepError {
    let code = error.attempt.as_ref().and_then(|attempt| attempt.exit_code);
    let message = match (&error.kind, code) {
        (BuildErrorKind::CommandFailed, Some(code)) => {
            format!("The command '{}' returned a non-zero code: {code}", words.join(" "))
        }
        _ => {
            let behind = error.message.split_once(" did not complete successfully: ");
            behind.map_or_else(|| error.message.clone(), |(_, reason)| reason.to_owned())
        }
    };
    StepError { message, prefix: "", ..error }
}

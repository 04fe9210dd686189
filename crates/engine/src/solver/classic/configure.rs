//! Instructions that change only the configuration. Each makes an image all the same.

use super::{Classic, Progress, dockerfile_error};
use crate::dockerfile::expand::{Expander, Expansion};
use crate::dockerfile::port::PortSpec;
use crate::dockerfile::quote::quote_list;
use crate::dockerfile::signal::check_signal;
use crate::dockerfile::{
    CommandForm, CommandLine, Healthcheck, Instruction, InstructionKind as Kind, KeyValue,
};
use crate::graph::{go_duration, set_config_env};
use crate::oci;
use crate::solver::options::Release;
use crate::solver::step::StepError;

type Done = Result<(), StepError>;

impl Classic<'_> {
    /// Carries an instruction out.
    pub(super) fn instruction(&mut self, instruction: &Instruction) -> Done {
        match &instruction.kind {
            Kind::Add(add) => self.add(add),
            Kind::Copy(copy) => self.copy(copy),
            Kind::Run(run) => self.run_command(run),
            Kind::Workdir(path) => self.workdir(path),
            Kind::Arg(_) => self.arg(instruction),
            Kind::Cmd(line) => self.cmd(line),
            Kind::Entrypoint(line) => self.entrypoint(line),
            Kind::Env(pairs) => self.env(pairs),
            Kind::Expose(words) => self.expose(words),
            Kind::Healthcheck(check) => self.healthcheck(check),
            Kind::Label(pairs) => {
                let pairs = self.expand_pairs(pairs)?;
                self.label(&pairs)
            }
            Kind::Maintainer(author) => {
                self.stage.author.clone_from(author);
                self.commit(format!("MAINTAINER {author}"))
            }
            Kind::Onbuild(trigger) => {
                self.stage.config.on_build.push(trigger.expression.clone());
                self.commit(format!("ONBUILD {}", trigger.expression))
            }
            Kind::Shell(words) => {
                self.stage.config.shell = Some(words.clone());
                self.commit(format!("SHELL [{}]", words.join(" ")))
            }
            Kind::Stopsignal(written) => {
                let signal = self.expand(written)?;
                check_signal(&signal).map_err(dockerfile_error)?;
                self.stage.config.stop_signal.clone_from(&signal);
                self.commit(format!("STOPSIGNAL {signal}"))
            }
            Kind::User(written) => {
                let user = self.expand(written)?;
                self.stage.config.user.clone_from(&user);
                self.commit(format!("USER {user}"))
            }
            Kind::Volume(written) => self.volume(written),
            Kind::From(_) => Err(dockerfile_error("*instructions.Stage is not a command type")),
        }
    }

    fn expansion(&self, word: &str) -> Result<Expansion, StepError> {
        let mut variables = self.environment();
        variables.extend(self.arguments.beside(&self.stage.config.env));
        let expander = Expander::new(self.dockerfile.escape);
        expander.expand(word, &variables).map_err(|error| dockerfile_error(error.message))
    }

    /// A word with its variables filled in.
    pub(super) fn expand(&self, word: &str) -> Result<String, StepError> {
        Ok(self.expansion(word)?.text)
    }

    pub(super) fn expand_all(&self, words: &[String]) -> Result<Vec<String>, StepError> {
        words.iter().map(|word| self.expand(word)).collect()
    }

    /// All pairs see the variables as they were before the instruction.
    fn expand_pairs(&self, pairs: &[KeyValue]) -> Result<Vec<(String, String)>, StepError> {
        pairs.iter().map(|pair| Ok((self.expand(&pair.name)?, self.expand(&pair.value)?))).collect()
    }

    fn arg(&mut self, instruction: &Instruction) -> Done {
        let Kind::Arg(definitions) = &instruction.kind else { return Ok(()) };
        // Each sees what was declared by the instructions above, and not by this one.
        let mut pairs = Vec::new();
        for definition in definitions {
            let value = definition.value.as_ref().map(|value| self.expand(value)).transpose()?;
            pairs.push((self.expand(&definition.name)?, value));
        }
        let mut words = Vec::new();
        for (name, value) in pairs {
            words.push(value.as_ref().map_or_else(|| name.clone(), |value| format!("{name}={value}")));
            self.arguments.declare(&name, value);
        }
        self.commit(format!("ARG {}", words.join(" ")))
    }

    fn env(&mut self, pairs: &[KeyValue]) -> Done {
        let pairs = self.expand_pairs(pairs)?;
        for (name, value) in &pairs {
            set_config_env(&mut self.stage.config.env, name, value);
        }
        self.commit(format!("ENV {}", joined(&pairs)))
    }

    pub(super) fn label(&mut self, pairs: &[(String, String)]) -> Done {
        self.stage.config.labels.extend(pairs.iter().cloned());
        self.commit(format!("LABEL {}", joined(pairs)))
    }

    fn cmd(&mut self, line: &CommandLine) -> Done {
        let words = self.words_of(&line.form);
        let text = format!("CMD {}", quote_list(&words));
        let is_something = !words.is_empty();
        self.stage.config.cmd = Some(words);
        self.commit(text)?;
        self.stage.cmd_set |= is_something;
        Ok(())
    }

    fn entrypoint(&mut self, line: &CommandLine) -> Done {
        let words = self.words_of(&line.form);
        let text = format!("ENTRYPOINT {}", quote_list(&words));
        self.stage.config.entrypoint = Some(words);
        if !self.stage.cmd_set {
            self.stage.config.cmd = None;
        }
        self.commit(text)
    }

    fn expose(&mut self, written: &[String]) -> Done {
        let mut words = Vec::new();
        for word in written {
            words.extend(self.expansion(word)?.words);
        }
        for word in &words {
            let ports = PortSpec::parse(word).and_then(|spec| spec.ports()).map_err(dockerfile_error)?;
            self.stage.config.exposed_ports.extend(ports);
        }
        self.commit(format!("EXPOSE {}", words.join(" ")))
    }

    fn volume(&mut self, written: &[String]) -> Done {
        let paths = self.expand_all(written)?;
        if paths.iter().any(String::is_empty) {
            return Err(dockerfile_error("VOLUME specified can not be an empty string"));
        }
        let text = format!("VOLUME [{}]", paths.join(" "));
        self.stage.config.volumes.extend(paths);
        self.commit(text)
    }

    fn healthcheck(&mut self, said: &Healthcheck) -> Done {
        let old = self.stage.config.healthcheck.as_ref().map(|check| &check.test);
        if let Some(test) = old.filter(|test| test.first().is_some_and(|word| word != "NONE")) {
            let note = format!("Note: overriding previous HEALTHCHECK: [{}]", test.join(" "));
            self.progress.push(Progress::Note(note));
        }
        let test = match &said.command {
            None => vec!["NONE".to_owned()],
            Some(CommandForm::Exec(words)) => [vec!["CMD".to_owned()], words.clone()].concat(),
            Some(CommandForm::Shell(text)) => vec!["CMD-SHELL".to_owned(), text.clone()],
        };
        let mut times = vec![said.interval, said.timeout, said.start_period];
        if self.settings.release != Release::Docker20 {
            times.push(said.start_interval);
        }
        let times: Vec<String> = times.into_iter().map(|time| format!("{:?}", go_duration(time))).collect();
        let text =
            format!("HEALTHCHECK &{{{} {} {}}}", quote_list(&test), times.join(" "), rune(said.retries));
        self.stage.config.healthcheck = Some(oci::Healthcheck {
            test,
            interval: said.interval,
            timeout: said.timeout,
            start_period: said.start_period,
            start_interval: said.start_interval,
            retries: said.retries,
        });
        self.commit(text)
    }
}

fn joined(pairs: &[(String, String)]) -> String {
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
}

/// A number as the daemon prints it here: as if it were that of a character.
fn rune(number: i64) -> String {
    let named =
        [(7, 'a'), (8, 'b'), (9, 't'), (10, 'n'), (11, 'v'), (12, 'f'), (13, 'r'), (39, '\''), (92, '\\')];
    if let Some((_, letter)) = named.iter().find(|(code, _)| *code == number) {
        return format!("'\\{letter}'");
    }
    match u32::try_from(number).ok().and_then(char::from_u32) {
        Some(character) if !character.is_control() => format!("'{character}'"),
        Some(character) if number < 128 => format!("'\\x{:02x}'", character as u32),
        Some(character) => format!("'\\u{:04x}'", character as u32),
        None => "'\u{fffd}'".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::rune;

    #[test]
    fn numbers_as_characters() {
        assert_eq!([0, 3, 10, 65].map(rune), ["'\\x00'", "'\\x03'", "'\\n'", "'A'"]);
    }
}

//! Instructions that change only the configuration of the image.

use super::Planner;
use crate::dockerfile::expand::Variables;
use crate::dockerfile::port::PortSpec;
use crate::dockerfile::quote::quote_list;
use crate::dockerfile::scope::ARGUMENTS_WITHOUT_VARIABLE;
use crate::dockerfile::signal::check_signal;
use crate::dockerfile::step::DEFAULT_SHELL;
use crate::dockerfile::{ArgDefinition, CommandForm, CommandLine, Healthcheck, KeyValue};
use crate::graph::environment::set_config_env;
use crate::graph::error::PlanError;
use crate::graph::operation::EnvOrigin;
use crate::oci;

type Done = Result<(), PlanError>;

impl Planner<'_> {
    #[inline(never)]
    pub(super) fn dispatch_arg(&mut self, index: usize, definitions: &[ArgDefinition]) -> Done {
        let mut words = Vec::new();
        for arg in definitions {
            let given = Variables::get(self.options.build_args, &arg.name).map(str::to_owned);
            let value = match (given, &arg.value) {
                (Some(given), _) => Some(given),
                (None, Some(default)) => Some(self.expand(index, default)?),
                (None, None) => Variables::get(&self.global_args, &arg.name).map(str::to_owned),
            };
            let scope = &mut self.states[index].scope;
            if let Some(value) = value.as_ref().filter(|_| !ARGUMENTS_WITHOUT_VARIABLE.contains(&&*arg.name))
            {
                scope.env.set(&arg.name, value, EnvOrigin::Arg);
            }
            match scope.build_args.iter_mut().find(|(name, _)| *name == arg.name) {
                Some((_, declared)) => declared.clone_from(&value),
                None => scope.build_args.push((arg.name.clone(), value.clone())),
            }
            words.push(value.map_or_else(|| arg.name.clone(), |value| format!("{}={value}", arg.name)));
        }
        self.record(index, format!("ARG {}", words.join(" ")), false);
        Ok(())
    }

    pub(super) fn dispatch_env(&mut self, index: usize, pairs: &[KeyValue]) -> Done {
        let pairs = self.expand_pairs(index, pairs)?;
        let scope = &mut self.states[index].scope;
        for (name, value) in &pairs {
            scope.env.set(name, value, EnvOrigin::Env);
            set_config_env(&mut scope.image.config.env, name, value);
        }
        self.record(index, format!("ENV {}", joined(&pairs)), false);
        Ok(())
    }

    #[inline(never)]
    pub(super) fn dispatch_label(&mut self, index: usize, pairs: &[KeyValue]) -> Done {
        let pairs = self.expand_pairs(index, pairs)?;
        let text = joined(&pairs);
        self.states[index].scope.image.config.labels.extend(pairs);
        self.record(index, format!("LABEL {text}"), false);
        Ok(())
    }

    /// All pairs see the variables as they were before the instruction.
    fn expand_pairs(&self, index: usize, pairs: &[KeyValue]) -> Result<Vec<(String, String)>, PlanError> {
        pairs
            .iter()
            .map(|pair| Ok((self.expand(index, &pair.name)?, self.expand(index, &pair.value)?)))
            .collect()
    }

    pub(super) fn dispatch_cmd(&mut self, index: usize, line: &CommandLine) -> Done {
        let words = self.words_of(index, &line.form);
        self.record(index, format!("CMD {}", quote_list(&words)), false);
        let scope = &mut self.states[index].scope;
        scope.image.config.cmd = Some(words);
        // BuildKit sets it for both forms; it matters on Windows only.
        scope.image.config.args_escaped = true;
        scope.cmd_set = true;
        Ok(())
    }

    #[inline(never)]
    pub(super) fn dispatch_entrypoint(&mut self, index: usize, line: &CommandLine) -> Done {
        let words = self.words_of(index, &line.form);
        self.record(index, format!("ENTRYPOINT {}", quote_list(&words)), false);
        let scope = &mut self.states[index].scope;
        scope.image.config.entrypoint = Some(words);
        if !scope.cmd_set {
            scope.image.config.cmd = None;
        }
        Ok(())
    }

    /// The words of a command, with the shell in front of the shell form.
    pub(super) fn words_of(&self, index: usize, form: &CommandForm) -> Vec<String> {
        match form {
            CommandForm::Exec(words) => words.clone(),
            CommandForm::Shell(text) => self.with_shell(index, text),
        }
    }

    fn with_shell(&self, index: usize, text: &str) -> Vec<String> {
        let mut words = self.shell(index);
        words.push(text.to_owned());
        words
    }

    /// The shell of the shell form, as `SHELL` or the base image has it.
    pub(super) fn shell(&self, index: usize) -> Vec<String> {
        let shell = self.states[index].scope.image.config.shell.clone().filter(|shell| !shell.is_empty());
        shell.unwrap_or_else(|| DEFAULT_SHELL.map(str::to_owned).to_vec())
    }

    #[inline(never)]
    pub(super) fn dispatch_expose(&mut self, index: usize, written: &[String]) -> Done {
        let mut words = Vec::new();
        for word in written {
            let expansion = self.expander().expand(word, &self.states[index].scope.env);
            words.extend(expansion.map_err(|error| PlanError::new(error.message))?.words);
        }
        let mut ports = Vec::new();
        for word in &words {
            let specs = PortSpec::parse(word).and_then(|spec| spec.ports());
            ports.extend(specs.map_err(PlanError::new)?);
        }
        self.record(index, format!("EXPOSE [{}]", ports.join(" ")), false);
        self.states[index].scope.image.config.exposed_ports.extend(ports);
        Ok(())
    }

    #[inline(never)]
    pub(super) fn dispatch_healthcheck(&mut self, index: usize, said: &Healthcheck) -> Done {
        let test = match &said.command {
            None => vec!["NONE".to_owned()],
            Some(CommandForm::Exec(words)) => [vec!["CMD".to_owned()], words.clone()].concat(),
            Some(CommandForm::Shell(text)) => vec!["CMD-SHELL".to_owned(), text.clone()],
        };
        let text = format!(
            "HEALTHCHECK {{Test:[{}] Interval:{} Timeout:{} StartPeriod:{} StartInterval:{} Retries:{}}}",
            test.join(" "),
            duration(said.interval),
            duration(said.timeout),
            duration(said.start_period),
            duration(said.start_interval),
            said.retries
        );
        self.record(index, text, false);
        self.states[index].scope.image.config.healthcheck = Some(oci::Healthcheck {
            test,
            interval: said.interval,
            timeout: said.timeout,
            start_period: said.start_period,
            start_interval: said.start_interval,
            retries: said.retries,
        });
        Ok(())
    }

    #[inline(never)]
    pub(super) fn dispatch_maintainer(&mut self, index: usize, author: &str) -> Done {
        self.states[index].scope.image.author = author.to_owned();
        self.record(index, format!("MAINTAINER {author}"), false);
        Ok(())
    }

    #[inline(never)]
    pub(super) fn dispatch_shell(&mut self, index: usize, words: &[String]) -> Done {
        self.states[index].scope.image.config.shell = Some(words.to_vec());
        self.record(index, format!("SHELL [{}]", words.join(" ")), false);
        Ok(())
    }

    #[inline(never)]
    pub(super) fn dispatch_stopsignal(&mut self, index: usize, written: &str) -> Done {
        let signal = self.expand(index, written)?;
        check_signal(&signal).map_err(PlanError::new)?;
        self.record(index, format!("STOPSIGNAL {signal}"), false);
        self.states[index].scope.image.config.stop_signal = signal;
        Ok(())
    }

    #[inline(never)]
    pub(super) fn dispatch_user(&mut self, index: usize, written: &str) -> Done {
        let user = self.expand(index, written)?;
        self.record(index, format!("USER {user}"), false);
        self.states[index].scope.image.config.user = user;
        Ok(())
    }

    #[inline(never)]
    pub(super) fn dispatch_volume(&mut self, index: usize, written: &[String]) -> Done {
        let paths = self.expand_all(index, written)?;
        if paths.iter().any(String::is_empty) {
            return Err(PlanError::new("VOLUME specified can not be an empty string"));
        }
        self.record(index, format!("VOLUME [{}]", paths.join(" ")), false);
        self.states[index].scope.image.config.volumes.extend(paths);
        Ok(())
    }
}

fn joined(pairs: &[(String, String)]) -> String {
    let words: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    words.join(" ")
}

/// Nanoseconds as Go prints a duration: `1m30s`, `1.5s`, `100ms`.
pub(crate) fn duration(nanoseconds: i64) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let all = nanoseconds.unsigned_abs();
    let fraction = |value: u64, unit: u64| {
        let digits = unit.ilog10() as usize;
        let text = format!("{}.{:0digits$}", value / unit, value % unit);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let text = match all {
        0 => return "0s".to_owned(),
        1..1_000 => format!("{all}ns"),
        1_000..1_000_000 => format!("{}µs", fraction(all, 1_000)),
        1_000_000..1_000_000_000 => format!("{}ms", fraction(all, 1_000_000)),
        _ => {
            let minutes = all / 60_000_000_000;
            let seconds = fraction(all % 60_000_000_000, 1_000_000_000);
            match (minutes / 60, minutes % 60) {
                (0, 0) => format!("{seconds}s"),
                (0, minutes) => format!("{minutes}m{seconds}s"),
                (hours, minutes) => format!("{hours}h{minutes}m{seconds}s"),
            }
        }
    };
    format!("{sign}{text}")
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations() {
        assert_eq!(duration(0), "0s");
        assert_eq!(duration(1_500_000_000), "1.5s");
        assert_eq!(duration(90_000_000_000), "1m30s");
        assert_eq!(duration(3_600_000_000_000), "1h0m0s");
        assert_eq!(duration(100_000_000), "100ms");
        assert_eq!(duration(1_000_001), "1.000001ms");
    }
}

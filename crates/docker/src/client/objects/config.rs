//! The part of images and containers that says how a process starts.

use crate::template::Value;
use lab_engine::oci::{Healthcheck, RuntimeConfig};

/// What a container adds to the configuration of an image.
#[derive(Clone, Debug, Default)]
pub(crate) struct Own {
    pub(crate) hostname: String,
    pub(crate) domainname: String,
    pub(crate) image: String,
    pub(crate) tty: bool,
    pub(crate) open_stdin: bool,
    pub(crate) stdin_once: bool,
    pub(crate) attach: [bool; 3],
}

/// The type of version 1.41: every field, whether it says something or not.
pub(crate) fn whole(config: &RuntimeConfig, own: &Own) -> Value {
    let texts = |items: Option<&Vec<String>>| items.map_or(Value::Null, Value::texts);
    let mut fields = vec![
        ("Hostname", Value::text(&own.hostname)),
        ("Domainname", Value::text(&own.domainname)),
        ("User", Value::text(&config.user)),
        ("AttachStdin", own.attach[0].into()),
        ("AttachStdout", own.attach[1].into()),
        ("AttachStderr", own.attach[2].into()),
    ];
    if !config.exposed_ports.is_empty() {
        fields.push(("ExposedPorts", Value::set(&config.exposed_ports)));
    }
    fields.extend([
        ("Tty", own.tty.into()),
        ("OpenStdin", own.open_stdin.into()),
        ("StdinOnce", own.stdin_once.into()),
        ("Env", Value::texts_or_null(&config.env)),
        ("Cmd", texts(config.cmd.as_ref())),
    ]);
    if let Some(check) = &config.healthcheck {
        fields.push(("Healthcheck", healthcheck(check)));
    }
    if config.args_escaped {
        fields.push(("ArgsEscaped", true.into()));
    }
    let volumes = if config.volumes.is_empty() { Value::Null } else { Value::set(&config.volumes) };
    let labels = if config.labels.is_empty() { Value::Null } else { Value::text_map(&config.labels) };
    fields.extend([
        ("Image", Value::text(&own.image)),
        ("Volumes", volumes),
        ("WorkingDir", Value::text(&config.working_dir)),
        ("Entrypoint", texts(config.entrypoint.as_ref())),
        ("OnBuild", Value::texts_or_null(&config.on_build)),
        ("Labels", labels),
    ]);
    if !config.stop_signal.is_empty() {
        fields.push(("StopSignal", Value::text(&config.stop_signal)));
    }
    if let Some(shell) = &config.shell {
        fields.push(("Shell", Value::texts(shell)));
    }
    Value::object("", fields)
}

/// What an image of a daemon since 29 says of it: only what it has.
pub(crate) fn image(config: &RuntimeConfig) -> Value {
    let mut fields = Vec::new();
    let mut put = |name: &'static str, value: Value, is_there: bool| {
        if is_there {
            fields.push((name, value));
        }
    };
    put("User", Value::text(&config.user), !config.user.is_empty());
    put("ExposedPorts", Value::set(&config.exposed_ports), !config.exposed_ports.is_empty());
    put("Env", Value::texts(&config.env), !config.env.is_empty());
    put("Entrypoint", Value::texts(config.entrypoint.iter().flatten()), config.entrypoint.is_some());
    put("Cmd", Value::texts(config.cmd.iter().flatten()), config.cmd.is_some());
    put("Volumes", Value::set(&config.volumes), !config.volumes.is_empty());
    put("WorkingDir", Value::text(&config.working_dir), !config.working_dir.is_empty());
    put("Labels", Value::text_map(&config.labels), !config.labels.is_empty());
    put("StopSignal", Value::text(&config.stop_signal), !config.stop_signal.is_empty());
    put("ArgsEscaped", true.into(), config.args_escaped);
    let check = config.healthcheck.as_ref().map_or(Value::Null, healthcheck);
    put("Healthcheck", check, config.healthcheck.is_some());
    put("OnBuild", Value::texts(&config.on_build), !config.on_build.is_empty());
    put("Shell", Value::texts(config.shell.iter().flatten()), config.shell.is_some());
    Value::object("", fields)
}

/// What the same daemon tells a client of an older version: some fields are there in any case.
pub(crate) fn image_before(config: &RuntimeConfig) -> Value {
    let Value::Object(mut object) = image(config) else { return Value::Null };
    for name in ["Cmd", "Entrypoint", "Env", "Labels", "OnBuild", "Volumes"] {
        if object.get(name).is_none() {
            object.fields.push((name.to_owned(), Value::Null));
        }
    }
    for name in ["User", "WorkingDir"] {
        if object.get(name).is_none() {
            object.fields.push((name.to_owned(), Value::text("")));
        }
    }
    Value::Object(object)
}

fn healthcheck(check: &Healthcheck) -> Value {
    let mut fields = vec![("Test", Value::texts(&check.test))];
    let numbers = [
        ("Interval", check.interval),
        ("Timeout", check.timeout),
        ("StartPeriod", check.start_period),
        ("StartInterval", check.start_interval),
        ("Retries", check.retries),
    ];
    fields.extend(
        numbers.into_iter().filter(|(_, number)| *number != 0).map(|(name, n)| (name, Value::Int(n))),
    );
    Value::object("", fields)
}

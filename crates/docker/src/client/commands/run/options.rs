//! From the options of `run` and `create` to what a container is to be.

use crate::client::errors::Fail;
use crate::client::flags::Options;
use crate::client::{Context, bytes, duration};
use crate::daemon::containers::{CreateOptions, Limits, Port, Restart, Volume, VolumeKind};
use lab_engine::oci::{Healthcheck, RuntimeConfig};
use std::collections::BTreeMap;

/// Reads the options; what is wrong is a message without its head.
pub(super) fn read(context: &mut Context<'_, '_>) -> Result<CreateOptions, Fail> {
    let old = context.dialect().is_old_client();
    let options = context.options.clone();
    let text = |name: &str| options.value(name).unwrap_or_default().to_owned();
    let mut env = env_files(context, &options)?;
    for word in options.all("env") {
        env.extend(variable(context, word));
    }
    let mut volumes = Vec::new();
    for spec in options.all("volume") {
        volumes.push(volume(context, spec)?);
    }
    for spec in options.all("mount") {
        volumes.push(mount(context, spec)?);
    }
    for spec in options.all("tmpfs") {
        let target = spec.split(':').next().unwrap_or_default().to_owned();
        volumes.push(Volume { target, kind: VolumeKind::Tmpfs, read_only: false, mode: String::new() });
    }
    let mut ports = Vec::new();
    for spec in options.all("publish") {
        ports.extend(publish(spec, old)?);
    }
    let restart = restart(&text("restart"));
    let auto_remove = options.is_on("rm");
    if auto_remove && restart != Restart::No && !matches!(restart, Restart::Unknown(_)) {
        return Err(Fail::new(if old {
            "Conflicting options: --restart and --rm"
        } else {
            "conflicting options: cannot specify both --restart and --rm"
        }));
    }
    let pair = |word: &String| {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        (name.to_owned(), value.to_owned())
    };
    let config = RuntimeConfig {
        user: text("user"),
        env,
        working_dir: text("workdir"),
        labels: options.all("label").iter().map(pair).collect(),
        exposed_ports: options.all("expose").iter().flat_map(|spec| exposed(spec)).collect(),
        stop_signal: text("stop-signal"),
        healthcheck: healthcheck(&options),
        ..RuntimeConfig::default()
    };
    let number = |name: &str| options.value(name).and_then(|value| bytes(value).ok());
    let host = |spec: &String| {
        let (name, address) = spec.split_once([':', '=']).unwrap_or((spec, ""));
        (name.to_owned(), address.to_owned())
    };
    Ok(CreateOptions {
        image: context.argument(0).to_owned(),
        name: options.value("name").map(str::to_owned),
        config,
        entrypoint: options.value("entrypoint").map(|word| vec![word.to_owned()]),
        command: context.options.arguments.get(1..).unwrap_or_default().to_vec(),
        hostname: options.value("hostname").map(str::to_owned),
        domainname: text("domainname"),
        tty: options.is_on("tty"),
        open_stdin: options.is_on("interactive"),
        attached: !options.is_on("detach"),
        volumes,
        ports,
        publish_all: options.is_on("publish-all"),
        network: network(&options),
        aliases: options.all("network-alias").to_vec(),
        restart,
        auto_remove,
        init: options.is_on("init"),
        read_only: options.is_on("read-only"),
        privileged: options.is_on("privileged"),
        limits: Limits {
            memory: number("memory"),
            cpus: options.value("cpus").and_then(|value| value.parse().ok()),
            pids: options.number("pids-limit"),
        },
        hosts: options.all("add-host").iter().map(host).collect(),
        dns: options.all("dns").to_vec(),
        stop_timeout: options.number("stop-timeout"),
    })
}

fn network(options: &Options) -> String {
    let name = options.value("network").or_else(|| options.value("net")).unwrap_or_default();
    if name == "default" { String::new() } else { name.to_owned() }
}

/// `NAME=value`; a name alone takes the value that the client has, if it has one.
pub(in crate::client::commands) fn variable(context: &Context<'_, '_>, word: &str) -> Option<String> {
    if word.contains('=') {
        return Some(word.to_owned());
    }
    context.call.env(word).map(|value| format!("{word}={value}"))
}

pub(in crate::client::commands) fn env_files(
    context: &mut Context<'_, '_>,
    options: &Options,
) -> Result<Vec<String>, Fail> {
    let is_newest = context.dialect().client >= 29;
    let mut env = Vec::new();
    for name in options.all("env-file") {
        let head = if is_newest { "--env-file: " } else { "" };
        let bytes = context.call.read(name).map_err(|error| Fail::new(format!("{head}{error}")))?;
        for line in String::from_utf8_lossy(&bytes).lines() {
            let line = line.trim_start();
            if !line.is_empty() && !line.starts_with('#') {
                env.extend(variable(context, line));
            }
        }
    }
    Ok(env)
}

fn restart(text: &str) -> Restart {
    match text.split_once(':') {
        Some(("on-failure", count)) => Restart::OnFailure(count.parse().unwrap_or(0)),
        _ => match text {
            "" | "no" => Restart::No,
            "always" => Restart::Always,
            "unless-stopped" => Restart::UnlessStopped,
            "on-failure" => Restart::OnFailure(0),
            other => Restart::Unknown(other.to_owned()),
        },
    }
}

fn healthcheck(options: &Options) -> Option<Healthcheck> {
    if options.is_on("no-healthcheck") {
        return Some(Healthcheck { test: vec!["NONE".to_owned()], ..Healthcheck::default() });
    }
    let command = options.value("health-cmd")?;
    let time = |name: &str| options.value(name).and_then(|value| duration(value).ok()).unwrap_or(0);
    Some(Healthcheck {
        test: vec!["CMD-SHELL".to_owned(), command.to_owned()],
        interval: time("health-interval"),
        timeout: time("health-timeout"),
        start_period: time("health-start-period"),
        start_interval: time("health-start-interval"),
        retries: options.number("health-retries").unwrap_or(0),
    })
}

/// `80`, `80-82/udp`.
fn exposed(spec: &str) -> Vec<String> {
    let (numbers, protocol) = spec.split_once('/').unwrap_or((spec, "tcp"));
    range(numbers)
        .map_or_else(Vec::new, |(from, to)| (from..=to).map(|port| format!("{port}/{protocol}")).collect())
}

fn range(text: &str) -> Option<(u16, u16)> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let (from, to) = (from.parse().ok()?, to.parse().ok()?);
    (from <= to).then_some((from, to))
}

/// `80`, `8080:80`, `127.0.0.1:8080:80/udp`, `9000-9002:80-82`.
fn publish(spec: &str, old: bool) -> Result<Vec<Port>, Fail> {
    let (rest, protocol) = spec.rsplit_once('/').unwrap_or((spec, "tcp"));
    let (rest, private) = rest.rsplit_once(':').unwrap_or(("", rest));
    let (ip, public) = rest.rsplit_once(':').unwrap_or(("", rest));
    let bad = |what: &str, value: &str| {
        let head = if old { "Invalid" } else { "invalid" };
        Fail::new(format!("{head} {what}: {value}"))
    };
    let (from, to) = range(private).ok_or_else(|| bad("containerPort", private))?;
    let public_from = if public.is_empty() {
        None
    } else {
        let (first, last) = range(public).ok_or_else(|| bad("hostPort", public))?;
        if last - first != to - from && to != from {
            return Err(bad("ranges specified for container and host Ports", spec));
        }
        Some(first)
    };
    let port = |private: u16| Port {
        ip: ip.trim_matches(['[', ']']).to_owned(),
        public: Some(public_from.map_or(0, |first| first + (private - from))),
        private,
        protocol: protocol.to_owned(),
    };
    Ok((from..=to).map(port).collect())
}

fn daemon_error(message: String) -> Fail {
    Fail::new(format!("Error response from daemon: {message}"))
}

/// `-v`
fn volume(context: &Context<'_, '_>, spec: &str) -> Result<Volume, Fail> {
    let parts: Vec<&str> = spec.split(':').collect();
    let invalid = |why: &str| daemon_error(format!("invalid volume specification: '{spec}'{why}"));
    let (source, target, mode) = match parts[..] {
        [target] => ("", target, ""),
        [source, target] => (source, target, ""),
        [source, target, mode] => (source, target, mode),
        _ if context.dialect().is_old_client() => return Err(invalid("")),
        _ => return Err(Fail::new(format!("invalid spec: {spec}: too many colons"))),
    };
    let is_path = source.starts_with(['/', '.', '~']);
    if !target.starts_with('/') {
        let kind = if is_path { "bind" } else { "volume" };
        return Err(invalid(&format!(
            ": invalid mount config for type \"{kind}\": invalid mount path: '{target}' mount path must be absolute"
        )));
    }
    let kind = if source.is_empty() {
        VolumeKind::Volume { name: String::new(), anonymous: true }
    } else if is_path {
        VolumeKind::Bind(context.call.path(source))
    } else {
        crate::daemon::volumes::check_name(source)?;
        VolumeKind::Volume { name: source.to_owned(), anonymous: false }
    };
    let read_only = mode.split(',').any(|word| word == "ro");
    Ok(Volume { target: target.to_owned(), kind, read_only, mode: mode.to_owned() })
}

/// `--mount`
fn mount(context: &Context<'_, '_>, spec: &str) -> Result<Volume, Fail> {
    let mut fields: BTreeMap<&str, &str> = BTreeMap::new();
    for field in spec.split(',') {
        let (name, value) = field.split_once('=').unwrap_or((field, "true"));
        fields.insert(name, value);
    }
    let get = |names: &[&str]| names.iter().find_map(|name| fields.get(name)).copied().unwrap_or_default();
    let source = get(&["source", "src"]);
    let target = get(&["target", "dst", "destination"]).to_owned();
    if target.is_empty() {
        return Err(Fail::new(format!("invalid argument {spec:?} for \"--mount\" flag: target is required"))
            .with_code(125));
    }
    let kind = match get(&["type"]) {
        "bind" => {
            let place = context.call.path(source);
            VolumeKind::Bind(place)
        }
        "tmpfs" => VolumeKind::Tmpfs,
        _ => VolumeKind::Volume { name: source.to_owned(), anonymous: source.is_empty() },
    };
    let read_only = matches!(get(&["readonly", "ro"]), "true" | "1");
    Ok(Volume { target, kind, read_only, mode: String::new() })
}

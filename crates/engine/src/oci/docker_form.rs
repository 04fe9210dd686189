//! The image configuration as the daemons wrote it that built without BuildKit: with the container that the last step ran
//! in, and with every key of a container's configuration.

use super::config::{healthcheck, history_entry, rootfs, set, text};
use super::image::{ImageConfig, RuntimeConfig};
use super::json::JsonWriter;
use crate::digest::Digest;

/// The release that such a daemon names.
pub const VERSION: &str = "20.10.24";

/// The container that an image was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerRecord {
    /// Its identifier, 64 hexadecimal digits; empty where the step needed none.
    pub id: String,
    /// What the container was made with.
    pub config: RuntimeConfig,
    /// The ID of the image that it stood on.
    pub parent: Option<Digest>,
}

impl ContainerRecord {
    /// The name that the machine had: a container has that of its identifier. A `RUN` is written down as it was looked
    /// for, without one.
    fn hostname(&self) -> &str {
        let is_comment = self.config.cmd.iter().flatten().any(|word| word.starts_with("#(nop) "));
        if is_comment { self.id.get(..12).unwrap_or_default() } else { "" }
    }
}

/// The whole text.
#[inline(never)]
pub(super) fn write(json: &mut JsonWriter, config: &ImageConfig, container: &ContainerRecord) {
    let parent = container.parent.map_or(String::new(), |parent| parent.to_string());
    json.object(|json| {
        json.key("architecture");
        json.string(&config.architecture);
        text(json, "author", &config.author);
        json.key("config");
        runtime(json, &config.config, "", &parent);
        text(json, "container", &container.id);
        json.key("container_config");
        runtime(json, &container.config, container.hostname(), &parent);
        json.key("created");
        match &config.created {
            Some(created) => json.string(created),
            None => json.null(),
        }
        json.key("docker_version");
        json.string(VERSION);
        json.key("history");
        json.array(&config.history, history_entry);
        json.key("os");
        json.string(&config.os);
        rootfs(json, config);
        text(json, "variant", &config.variant);
    });
}

fn runtime(json: &mut JsonWriter, config: &RuntimeConfig, hostname: &str, image: &str) {
    json.object(|json| {
        for (key, value) in [("Hostname", hostname), ("Domainname", ""), ("User", &*config.user)] {
            json.key(key);
            json.string(value);
        }
        flags(json, ["AttachStdin", "AttachStdout", "AttachStderr"]);
        set(json, "ExposedPorts", &config.exposed_ports);
        flags(json, ["Tty", "OpenStdin", "StdinOnce"]);
        strings(json, "Env", Some(&*config.env).filter(|env| !env.is_empty()));
        strings(json, "Cmd", config.cmd.as_deref());
        if let Some(check) = &config.healthcheck {
            json.key("Healthcheck");
            healthcheck(json, check);
        }
        if config.args_escaped {
            json.key("ArgsEscaped");
            json.boolean(true);
        }
        json.key("Image");
        json.string(image);
        json.key("Volumes");
        match config.volumes.is_empty() {
            true => json.null(),
            false => json.object(|json| {
                for name in &config.volumes {
                    json.key(name);
                    json.object(|_| {});
                }
            }),
        }
        json.key("WorkingDir");
        json.string(&config.working_dir);
        strings(json, "Entrypoint", config.entrypoint.as_deref());
        strings(json, "OnBuild", Some(&*config.on_build).filter(|triggers| !triggers.is_empty()));
        json.key("Labels");
        match config.labels.is_empty() {
            true => json.null(),
            false => json.object(|json| {
                for (name, value) in &config.labels {
                    json.key(name);
                    json.string(value);
                }
            }),
        }
        text(json, "StopSignal", &config.stop_signal);
        if let Some(shell) = config.shell.as_deref().filter(|shell| !shell.is_empty()) {
            strings(json, "Shell", Some(shell));
        }
    });
}

fn flags(json: &mut JsonWriter, keys: [&str; 3]) {
    for key in keys {
        json.key(key);
        json.boolean(false);
    }
}

fn strings(json: &mut JsonWriter, key: &str, words: Option<&[String]>) {
    json.key(key);
    match words {
        Some(words) => json.strings(words),
        None => json.null(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn all_keys_in_their_order() {
        let words = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        let config = RuntimeConfig { cmd: Some(words("/x")), working_dir: "/w".into(), ..Default::default() };
        let comment = words("/bin/sh|-c|#(nop) |CMD [\"/x\"]");
        let container = ContainerRecord {
            id: "0123456789abcdef".repeat(4),
            config: RuntimeConfig { cmd: Some(comment), ..config.clone() },
            parent: Some(Digest::of(b"")),
        };
        let image = ImageConfig {
            architecture: "amd64".into(),
            os: "linux".into(),
            config,
            container: Some(Arc::new(container)),
            ..ImageConfig::default()
        };
        let flags = r#""AttachStdin":false,"AttachStdout":false,"AttachStderr":false,"Tty":false,"OpenStdin":false,"StdinOnce":false"#;
        let rest = format!(
            r#""Image":"{}","Volumes":null,"WorkingDir":"/w","Entrypoint":null,"OnBuild":null,"Labels":null"#,
            Digest::of(b"")
        );
        let wanted = format!(
            r##"{{"architecture":"amd64","config":{{"Hostname":"","Domainname":"","User":"",{flags},"Env":null,"Cmd":["/x"],{rest}}},"container":"{}","container_config":{{"Hostname":"0123456789ab","Domainname":"","User":"",{flags},"Env":null,"Cmd":["/bin/sh","-c","#(nop) ","CMD [\"/x\"]"],{rest}}},"created":null,"docker_version":"20.10.24","history":[],"os":"linux","rootfs":{{"type":"layers","diff_ids":null}}}}"##,
            "0123456789abcdef".repeat(4)
        );
        assert_eq!(image.to_json(), wanted);
    }
}

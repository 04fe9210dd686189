//! The image configuration as JSON: written byte for byte as BuildKit does, and read.

use super::docker_form;
use super::image::{Healthcheck, HistoryEntry, ImageConfig, RuntimeConfig};
use super::json::JsonWriter;
use crate::digest::{DiffId, Digest};
use serde_json::{Map, Value};
use std::fmt;

impl ImageConfig {
    /// The JSON whose digest is the image ID: keys sorted at the top, in the order of the specification's types below,
    /// empty parts left out, no blanks.
    pub fn to_json(&self) -> String {
        let mut json = JsonWriter::compact();
        if let Some(container) = &self.container {
            docker_form::write(&mut json, self, container);
            return json.finish();
        }
        json.object(|json| {
            json.key("architecture");
            json.string(&self.architecture);
            text(json, "author", &self.author);
            json.key("config");
            runtime(json, &self.config);
            json.key("created");
            match &self.created {
                Some(created) => json.string(created),
                None => json.null(),
            }
            json.key("history");
            match &self.history[..] {
                [] => json.null(),
                history => json.array(history, history_entry),
            }
            json.key("os");
            json.string(&self.os);
            rootfs(json, self);
            text(json, "variant", &self.variant);
        });
        json.finish()
    }

    /// The image ID: the digest of the JSON.
    pub fn digest(&self) -> Digest {
        Digest::of(self.to_json().as_bytes())
    }

    /// Reads a configuration. Keys that it does not know are left out.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let value: Value = serde_json::from_str(text).map_err(|error| ConfigError(error.to_string()))?;
        let top = Reader::of("image configuration", &value)?;
        let rootfs = top.part("rootfs")?;
        let diff_ids = rootfs.map_or(Ok(Vec::new()), |rootfs| rootfs.strings("diff_ids"))?;
        let parse_id = |id: &String| id.parse().map(DiffId).map_err(|_| ConfigError(format!("diff ID {id}")));
        Ok(Self {
            architecture: top.text("architecture")?,
            os: top.text("os")?,
            variant: top.text("variant")?,
            author: top.text("author")?,
            created: top.optional_text("created")?,
            config: top.part("config")?.map_or(Ok(RuntimeConfig::default()), |part| read_runtime(&part))?,
            history: top.list("history")?.iter().map(read_history_entry).collect::<Result<_, _>>()?,
            diff_ids: diff_ids.iter().map(parse_id).collect::<Result<_, _>>()?,
            container: None,
        })
    }
}

/// A text that is no image configuration, with what is wrong about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(pub String);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid image configuration: {}", self.0)
    }
}

impl std::error::Error for ConfigError {}

pub(super) fn rootfs(json: &mut JsonWriter, config: &ImageConfig) {
    json.key("rootfs");
    json.object(|json| {
        json.key("type");
        json.string("layers");
        json.key("diff_ids");
        match &config.diff_ids[..] {
            [] => json.null(),
            ids => json.array(ids, |json, id| json.string(&id.to_string())),
        }
    });
}

pub(super) fn text(json: &mut JsonWriter, key: &str, value: &str) {
    if !value.is_empty() {
        json.key(key);
        json.string(value);
    }
}

fn number(json: &mut JsonWriter, key: &str, value: i64) {
    if value != 0 {
        json.key(key);
        json.number(value);
    }
}

fn list(json: &mut JsonWriter, key: &str, items: &[String]) {
    if !items.is_empty() {
        json.key(key);
        json.strings(items);
    }
}

fn flag(json: &mut JsonWriter, key: &str, value: bool) {
    if value {
        json.key(key);
        json.boolean(true);
    }
}

/// A set, which is an object with empty objects.
pub(super) fn set(json: &mut JsonWriter, key: &str, names: &std::collections::BTreeSet<String>) {
    if !names.is_empty() {
        json.key(key);
        json.object(|json| {
            for name in names {
                json.key(name);
                json.object(|_| {});
            }
        });
    }
}

fn runtime(json: &mut JsonWriter, config: &RuntimeConfig) {
    json.object(|json| {
        text(json, "User", &config.user);
        set(json, "ExposedPorts", &config.exposed_ports);
        list(json, "Env", &config.env);
        list(json, "Entrypoint", config.entrypoint.as_deref().unwrap_or(&[]));
        list(json, "Cmd", config.cmd.as_deref().unwrap_or(&[]));
        set(json, "Volumes", &config.volumes);
        text(json, "WorkingDir", &config.working_dir);
        if !config.labels.is_empty() {
            json.key("Labels");
            json.object(|json| {
                for (name, value) in &config.labels {
                    json.key(name);
                    json.string(value);
                }
            });
        }
        text(json, "StopSignal", &config.stop_signal);
        flag(json, "ArgsEscaped", config.args_escaped);
        if let Some(check) = &config.healthcheck {
            json.key("Healthcheck");
            healthcheck(json, check);
        }
        list(json, "OnBuild", &config.on_build);
        list(json, "Shell", config.shell.as_deref().unwrap_or(&[]));
    });
}

pub(super) fn healthcheck(json: &mut JsonWriter, check: &Healthcheck) {
    json.object(|json| {
        list(json, "Test", &check.test);
        number(json, "Interval", check.interval);
        number(json, "Timeout", check.timeout);
        number(json, "StartPeriod", check.start_period);
        number(json, "StartInterval", check.start_interval);
        number(json, "Retries", check.retries);
    });
}

pub(super) fn history_entry(json: &mut JsonWriter, entry: &HistoryEntry) {
    json.object(|json| {
        text(json, "created", entry.created.as_deref().unwrap_or(""));
        text(json, "created_by", &entry.created_by);
        text(json, "author", &entry.author);
        text(json, "comment", &entry.comment);
        flag(json, "empty_layer", entry.empty_layer);
    });
}

/// Reads the parts of an object; what is missing or null is empty, what has another type is an error.
struct Reader<'a>(&'a Map<String, Value>);

impl<'a> Reader<'a> {
    fn of(what: &str, value: &'a Value) -> Result<Self, ConfigError> {
        value.as_object().map(Self).ok_or_else(|| ConfigError(format!("{what} is no object")))
    }

    fn get<T>(&self, key: &str, read: impl FnOnce(&'a Value) -> Option<T>) -> Result<Option<T>, ConfigError> {
        match self.0.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                read(value).map(Some).ok_or_else(|| ConfigError(format!("{key} has the wrong type")))
            }
        }
    }

    fn optional_text(&self, key: &str) -> Result<Option<String>, ConfigError> {
        self.get(key, |value| value.as_str().map(str::to_owned))
    }

    fn text(&self, key: &str) -> Result<String, ConfigError> {
        Ok(self.optional_text(key)?.unwrap_or_default())
    }

    fn number(&self, key: &str) -> Result<i64, ConfigError> {
        Ok(self.get(key, Value::as_i64)?.unwrap_or(0))
    }

    fn flag(&self, key: &str) -> Result<bool, ConfigError> {
        Ok(self.get(key, Value::as_bool)?.unwrap_or(false))
    }

    fn list(&self, key: &str) -> Result<&'a [Value], ConfigError> {
        Ok(self.get(key, |value| value.as_array().map(Vec::as_slice))?.unwrap_or(&[]))
    }

    fn optional_strings(&self, key: &str) -> Result<Option<Vec<String>>, ConfigError> {
        let string = |value: &Value| value.as_str().map(str::to_owned);
        self.get(key, |value| value.as_array()?.iter().map(string).collect())
    }

    fn strings(&self, key: &str) -> Result<Vec<String>, ConfigError> {
        Ok(self.optional_strings(key)?.unwrap_or_default())
    }

    fn names<T: FromIterator<String>>(&self, key: &str) -> Result<T, ConfigError> {
        let names = self.get(key, Value::as_object)?;
        Ok(names.into_iter().flat_map(|names| names.keys().cloned()).collect())
    }

    fn part(&self, key: &str) -> Result<Option<Self>, ConfigError> {
        self.get(key, |value| value.as_object().map(Self))
    }
}

fn read_runtime(config: &Reader<'_>) -> Result<RuntimeConfig, ConfigError> {
    let label = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
    Ok(RuntimeConfig {
        user: config.text("User")?,
        exposed_ports: config.names("ExposedPorts")?,
        env: config.strings("Env")?,
        entrypoint: config.optional_strings("Entrypoint")?,
        cmd: config.optional_strings("Cmd")?,
        volumes: config.names("Volumes")?,
        working_dir: config.text("WorkingDir")?,
        labels: config
            .get("Labels", |value| value.as_object()?.iter().map(label).collect())?
            .unwrap_or_default(),
        stop_signal: config.text("StopSignal")?,
        args_escaped: config.flag("ArgsEscaped")?,
        healthcheck: config.part("Healthcheck")?.map(|check| read_healthcheck(&check)).transpose()?,
        on_build: config.strings("OnBuild")?,
        shell: config.optional_strings("Shell")?,
    })
}

fn read_healthcheck(check: &Reader<'_>) -> Result<Healthcheck, ConfigError> {
    Ok(Healthcheck {
        test: check.strings("Test")?,
        interval: check.number("Interval")?,
        timeout: check.number("Timeout")?,
        start_period: check.number("StartPeriod")?,
        start_interval: check.number("StartInterval")?,
        retries: check.number("Retries")?,
    })
}

fn read_history_entry(value: &Value) -> Result<HistoryEntry, ConfigError> {
    let entry = Reader::of("history entry", value)?;
    Ok(HistoryEntry {
        created: entry.optional_text("created")?,
        created_by: entry.text("created_by")?,
        comment: entry.text("comment")?,
        empty_layer: entry.flag("empty_layer")?,
        author: entry.text("author")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_of_nothing() {
        let config =
            ImageConfig { architecture: "amd64".into(), os: "linux".into(), ..ImageConfig::default() };
        assert_eq!(
            config.to_json(),
            r#"{"architecture":"amd64","config":{},"created":null,"history":null,"os":"linux","rootfs":{"type":"layers","diff_ids":null}}"#
        );
        assert_eq!(ImageConfig::parse(&config.to_json()), Ok(config));
    }

    #[test]
    fn what_is_no_configuration_says_so() {
        let error = |text| ImageConfig::parse(text).unwrap_err().0;
        assert_eq!(error("[]"), "image configuration is no object");
        assert_eq!(error(r#"{"config":{"Env":"A=b"}}"#), "Env has the wrong type");
        assert_eq!(error(r#"{"rootfs":{"diff_ids":["md5:1"]}}"#), "diff ID md5:1");
    }
}

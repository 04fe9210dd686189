//! The options of `RUN --mount` and `RUN --device`.

use super::arguments::{CacheSharing, Device, Mount, MountKind};
use super::csv;
use super::quote::quote;
use super::suggest::{nearest, with_suggestion};
use crate::case::Case;

const KEYS: [&str; 19] = [
    "type",
    "from",
    "source",
    "target",
    "readonly",
    "id",
    "sharing",
    "required",
    "size",
    "mode",
    "uid",
    "gid",
    "src",
    "dst",
    "destination",
    "ro",
    "rw",
    "readwrite",
    "env",
];
const KINDS: [&str; 5] = ["bind", "cache", "tmpfs", "secret", "ssh"];
const SHARINGS: [&str; 3] = ["shared", "private", "locked"];

impl MountKind {
    /// The word of the option.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bind => "bind",
            Self::Cache => "cache",
            Self::Tmpfs => "tmpfs",
            Self::Secret => "secret",
            Self::Ssh => "ssh",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "bind" => Self::Bind,
            "cache" => Self::Cache,
            "tmpfs" => Self::Tmpfs,
            "secret" => Self::Secret,
            "ssh" => Self::Ssh,
            _ => return None,
        })
    }
}

/// The `from` of a mount, which must not hold variables. This is all that BuildKit looks at before it expands.
pub(super) fn from_of(text: &str) -> Result<Option<String>, String> {
    let fields = csv::fields(text).map_err(|error| format!("failed to parse csv mounts: {error}"))?;
    let mut from = None;
    for field in fields {
        let Some((key, value)) = field.split_once('=') else { continue };
        let key = key.lower();
        if key == "from" {
            if value.find('$').is_some_and(|at| at + 1 != value.len()) {
                return Err(format!(
                    "'{key}' doesn't support variable expansion, define alias stage instead"
                ));
            }
            from = (!value.is_empty()).then(|| value.to_owned());
        }
    }
    Ok(from)
}

/// Reads a device.
pub(super) fn device(text: &str) -> Result<Device, String> {
    let fields = csv::fields(text).map_err(|error| format!("failed to parse csv devices: {error}"))?;
    let mut device = Device::default();
    for field in fields {
        let is_named = !device.name.is_empty();
        match field.split_once('=').map(|(key, value)| (key.lower(), value)) {
            None if field.eq_ignore_ascii_case("required") => device.required = true,
            Some((key, _)) if key == "name" && is_named => {
                return Err(format!("device name already set to {}", device.name));
            }
            Some((key, value)) if key == "name" => value.clone_into(&mut device.name),
            Some((key, value)) if key == "required" => {
                device.required =
                    parse_bool(value).ok_or_else(|| format!("invalid value for {key}: {value}"))?;
            }
            _ if !is_named => device.name = field,
            None => return Err(format!("invalid field '{field}' must be a key=value pair")),
            Some((key, _)) => {
                let message = format!("unexpected key '{key}' in '{field}'");
                return Err(with_suggestion(message, nearest(&key, ["name", "required"])));
            }
        }
    }
    Ok(device)
}

impl Mount {
    /// Understands an option's text; `expand` expands each value. The error is BuildKit's text.
    pub fn parse(text: &str, mut expand: impl FnMut(&str) -> Result<String, String>) -> Result<Self, String> {
        let fields = csv::fields(text).map_err(|error| format!("failed to parse csv mounts: {error}"))?;
        let mut mount = Self {
            text: text.to_owned(),
            kind: MountKind::Bind,
            from: None,
            source: None,
            target: None,
            read_only: false,
            size: None,
            id: None,
            sharing: None,
            required: false,
            env: None,
            mode: None,
            uid: None,
            gid: None,
        };
        // Whether it is read-only follows from the type unless it was said.
        let mut said = false;
        for field in &fields {
            match field.split_once('=') {
                None => mount.set_bare(field, &mut said)?,
                Some((key, value)) => {
                    let value = expand(value)?;
                    mount.set(&key.lower(), &value, field, &mut said)?;
                }
            }
        }
        mount.check()?;
        if !said {
            mount.read_only = !matches!(mount.kind, MountKind::Cache | MountKind::Tmpfs);
        }
        Ok(mount)
    }

    /// A key without a value.
    fn set_bare(&mut self, field: &str, said: &mut bool) -> Result<(), String> {
        match field.lower().as_str() {
            "readonly" | "ro" => (self.read_only, *said) = (true, true),
            "readwrite" | "rw" => (self.read_only, *said) = (false, true),
            key @ "required" => {
                self.only_for(key, &[MountKind::Secret, MountKind::Ssh])?;
                self.required = true;
            }
            _ => return Err(format!("invalid field '{field}' must be a key=value pair")),
        }
        Ok(())
    }

    fn set(&mut self, key: &str, value: &str, field: &str, said: &mut bool) -> Result<(), String> {
        let text = || (!value.is_empty()).then(|| value.to_owned());
        let flag = || parse_bool(value).ok_or_else(|| format!("invalid value for {key}: {value}"));
        let number =
            |radix| parse_u32(value, radix).ok_or_else(|| format!("invalid value {value} for {key}"));
        match key {
            "type" => {
                self.kind = MountKind::parse(&value.lower()).ok_or_else(|| {
                    with_suggestion(format!("unsupported mount type {}", quote(value)), nearest(value, KINDS))
                })?;
            }
            "from" => self.from = text(),
            "source" | "src" => self.source = text(),
            "target" | "dst" | "destination" => self.target = text(),
            "readonly" | "ro" => (self.read_only, *said) = (flag()?, true),
            "readwrite" | "rw" => (self.read_only, *said) = (!flag()?, true),
            "required" => {
                self.only_for(key, &[MountKind::Secret, MountKind::Ssh])?;
                self.required = flag()?;
            }
            "size" => {
                self.only_for(key, &[MountKind::Tmpfs])?;
                let size = parse_size(value).ok_or_else(|| format!("invalid value for {key}: {value}"))?;
                self.size = Some(size);
            }
            "id" => self.id = text(),
            "sharing" => self.sharing = Some(parse_sharing(value)?),
            "mode" => self.mode = Some(number(8)?),
            "uid" => self.uid = Some(u64::from(number(10)?)),
            "gid" => self.gid = Some(u64::from(number(10)?)),
            "env" => self.env = Some(value.to_owned()),
            _ => {
                let message = format!("unexpected key '{key}' in '{field}'");
                return Err(with_suggestion(message, nearest(key, KEYS)));
            }
        }
        Ok(())
    }

    fn only_for(&self, key: &str, kinds: &[MountKind]) -> Result<(), String> {
        if kinds.contains(&self.kind) {
            return Ok(());
        }
        Err(format!("unexpected key '{key}' for mount type '{}'", self.kind.name()))
    }

    /// What must hold between the options.
    fn check(&self) -> Result<(), String> {
        let kind = self.kind;
        if matches!(kind, MountKind::Bind | MountKind::Tmpfs) {
            for (key, given) in
                [("mode", self.mode.is_some()), ("uid", self.uid.is_some()), ("gid", self.gid.is_some())]
            {
                if given {
                    return Err(format!("{key} not allowed for {} type mounts", quote(kind.name())));
                }
            }
        }
        if kind == MountKind::Secret {
            if self.from.is_some() {
                return Err("secret mount should not have a from".into());
            }
            if self.sharing.is_some() {
                return Err("secret mount should not define sharing".into());
            }
            if self.source.is_none() && self.target.is_none() && self.id.is_none() {
                return Err("invalid secret mount. one of source, target required".into());
            }
            if self.source.is_some() && self.id.is_some() {
                return Err("both source and id can't be set".into());
            }
        }
        if self.sharing.is_some() && kind != MountKind::Cache {
            return Err(format!("invalid cache sharing set for {} mount", kind.name()));
        }
        Ok(())
    }
}

fn parse_sharing(value: &str) -> Result<CacheSharing, String> {
    match value.lower().as_str() {
        "shared" => Ok(CacheSharing::Shared),
        "private" => Ok(CacheSharing::Private),
        "locked" => Ok(CacheSharing::Locked),
        _ => {
            let message = format!("unsupported sharing value {}", quote(value));
            Err(with_suggestion(message, nearest(value, SHARINGS)))
        }
    }
}

/// A truth value as Go reads it.
pub(crate) fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

fn parse_u32(text: &str, radix: u32) -> Option<u32> {
    text.chars().all(|c| c.is_digit(radix)).then(|| u32::from_str_radix(text, radix).ok())?
}

/// A size in bytes: a number, perhaps with a fraction, and a unit of 1024 (`k`, `m`, `gb`, `TiB` …).
fn parse_size(text: &str) -> Option<i64> {
    let end = text.rfind(|c: char| c.is_ascii_digit() || c == '.')? + 1;
    let (number, unit) = text.split_at(end);
    let number = match unit.strip_prefix(' ') {
        _ if number.ends_with(' ') => return None,
        _ => number.parse::<f64>().ok().filter(|number| *number >= 0.0)?,
    };
    let unit = unit.strip_prefix(' ').unwrap_or(unit).lower();
    let prefix = unit.strip_suffix("ib").or_else(|| unit.strip_suffix('b')).unwrap_or(&unit);
    let power = match prefix {
        "" if unit != "ib" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        _ => return None,
    };
    Some((number * 1024f64.powi(power)) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Mount, String> {
        Mount::parse(text, |value| Ok(value.to_owned()))
    }

    #[test]
    fn reads_mounts() {
        let mount = parse("type=cache,target=/c,id=x,sharing=LOCKED,mode=0700,uid=1").unwrap();
        assert_eq!(mount.kind, MountKind::Cache);
        assert_eq!(mount.sharing, Some(CacheSharing::Locked));
        assert_eq!((mount.mode, mount.uid, mount.read_only), (Some(0o700), Some(1), false));
        assert!(parse("target=/x").unwrap().read_only);
        assert!(!parse("target=/x,rw").unwrap().read_only);
        assert_eq!(parse("type=tmpfs,size=1.5k,target=/x").unwrap().size, Some(1536));
    }

    #[test]
    fn refuses_what_buildkit_refuses() {
        for (text, message) in [
            ("type=cach,target=/x", "unsupported mount type \"cach\" (did you mean cache?)"),
            ("foo=bar", "unexpected key 'foo' in 'foo=bar' (did you mean from?)"),
            ("target", "invalid field 'target' must be a key=value pair"),
            ("size=1", "unexpected key 'size' for mount type 'bind'"),
            ("type=tmpfs,size=zz", "invalid value for size: zz"),
            ("mode=9", "invalid value 9 for mode"),
            ("mode=7", "mode not allowed for \"bind\" type mounts"),
            ("type=secret", "invalid secret mount. one of source, target required"),
            ("sharing=shared", "invalid cache sharing set for bind mount"),
        ] {
            assert_eq!(parse(text).unwrap_err(), message, "{text}");
        }
        assert_eq!(from_of("").unwrap_err(), "failed to parse csv mounts: EOF");
        assert!(from_of("from=$x").is_err());
        assert_eq!(from_of("type=bind,from=a").unwrap().as_deref(), Some("a"));
    }
}

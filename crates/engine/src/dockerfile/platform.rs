//! Platforms: `linux/amd64`, `linux/arm/v7`.

use super::quote::quote;
use crate::case::Case;
use std::fmt;

/// What an image runs on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Platform {
    /// For instance `linux`.
    pub os: String,
    /// For instance `amd64`.
    pub architecture: String,
    /// For instance `v7`; empty for none.
    pub variant: String,
    /// The version of the operating system; empty but on Windows.
    pub os_version: String,
}

impl Default for Platform {
    /// The platform that builds run on: `linux/amd64`.
    fn default() -> Self {
        Self::of("linux", "amd64", "")
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.os)?;
        if !self.os_version.is_empty() {
            write!(f, "({})", self.os_version)?;
        }
        for part in [&self.architecture, &self.variant] {
            if !part.is_empty() {
                write!(f, "/{part}")?;
            }
        }
        Ok(())
    }
}

const SYSTEMS: [&str; 19] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "wasi",
    "windows",
    "zos",
];

const ARCHITECTURES: [&str; 29] = [
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "armbe",
    "arm64",
    "arm64be",
    "loong64",
    "mips",
    "mipsle",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "ppc",
    "ppc64",
    "ppc64le",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
    "ppc64be",
    "mipsn32",
    "mipsn32el",
    "sh4",
    "m68k",
];

impl Platform {
    fn of(os: &str, architecture: &str, variant: &str) -> Self {
        Self {
            os: os.to_owned(),
            architecture: architecture.to_owned(),
            variant: variant.to_owned(),
            os_version: String::new(),
        }
    }

    /// Reads a platform. The error is BuildKit's text.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.contains('*') {
            return Err(format!("{}: wildcards not yet supported: invalid argument", quote(text)));
        }
        let parts: Vec<&str> = text.splitn(4, '/').collect();
        let Some((os, os_version)) = split_os(parts[0]) else {
            return Err(format!(
                "{} is an invalid OS component of {}: OSAndVersion specifier component must match {}: invalid argument",
                quote(parts[0]),
                quote(text),
                quote(r"^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.-]*)((?:\+[A-Za-z0-9_.-]+)*)\))?$")
            ));
        };
        if let Some(part) = parts[1..].iter().find(|part| !is_component(part)) {
            return Err(format!(
                "{} is an invalid component of {}: platform specifier component must match {}: invalid argument",
                quote(part),
                quote(text),
                quote("^[A-Za-z0-9_.-]+$")
            ));
        }
        let os = normal_os(os);
        let mut platform = match parts.as_slice() {
            [_] if SYSTEMS.contains(&os.as_str()) => Self::of(&os, "amd64", ""),
            [architecture] => {
                let (architecture, variant) = normal_architecture(architecture, "");
                if !ARCHITECTURES.contains(&architecture.as_str()) {
                    return Err(format!(
                        "{}: unknown operating system or architecture: invalid argument",
                        quote(text)
                    ));
                }
                Self::of("linux", &architecture, default_variant(&architecture, &variant))
            }
            [_, architecture] => {
                let (architecture, variant) = normal_architecture(architecture, "");
                Self::of(&os, &architecture, default_variant(&architecture, &variant))
            }
            [_, architecture, variant] => {
                let (architecture, mut variant) = normal_architecture(architecture, variant);
                if architecture == "arm64" && variant.is_empty() {
                    variant = "v8".into();
                }
                Self::of(&os, &architecture, &variant)
            }
            _ => return Err(format!("{}: cannot parse platform specifier: invalid argument", quote(text))),
        };
        platform.os_version = os_version.to_owned();
        Ok(platform)
    }

    /// The same platform with one spelling for each architecture.
    #[must_use]
    pub fn normalized(&self) -> Self {
        let (architecture, variant) = normal_architecture(&self.architecture, &self.variant);
        Self { os: normal_os(&self.os), architecture, variant, os_version: self.os_version.clone() }
    }
}

fn is_component(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}

/// The system and its version: `windows(10.0.17763)`.
fn split_os(part: &str) -> Option<(&str, &str)> {
    let (os, version) = match part.split_once('(') {
        Some((os, rest)) => (os, rest.strip_suffix(')')?),
        None => (part, ""),
    };
    let version = version.split('+').next().unwrap_or("");
    let name = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    (!os.is_empty() && name(os) && (version.is_empty() || is_component(version))).then_some((os, version))
}

/// Version 7 is what `arm` means without one.
fn default_variant<'a>(architecture: &str, variant: &'a str) -> &'a str {
    if architecture == "arm" && variant == "v7" { "" } else { variant }
}

fn normal_os(os: &str) -> String {
    match os.lower().as_str() {
        "macos" => "darwin".into(),
        os => os.to_owned(),
    }
}

fn normal_architecture(architecture: &str, variant: &str) -> (String, String) {
    let (architecture, variant) = (architecture.lower(), variant.lower());
    let (architecture, variant) = match (architecture.as_str(), variant.as_str()) {
        ("i386", _) => ("386", ""),
        ("x86_64" | "x86-64" | "amd64", "v1") => ("amd64", ""),
        ("x86_64" | "x86-64" | "amd64", variant) => ("amd64", variant),
        ("aarch64" | "arm64", "8" | "v8") => ("arm64", ""),
        ("aarch64" | "arm64", variant) => ("arm64", variant),
        ("armhf", _) => ("arm", "v7"),
        ("armel", _) => ("arm", "v6"),
        ("arm", "" | "7") => ("arm", "v7"),
        ("arm", "5") => ("arm", "v5"),
        ("arm", "6") => ("arm", "v6"),
        ("arm", "8") => ("arm", "v8"),
        (architecture, variant) => (architecture, variant),
    };
    (architecture.to_owned(), variant.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_platforms() {
        for (text, shown) in [
            ("linux/amd64", "linux/amd64"),
            ("linux/x86_64", "linux/amd64"),
            ("aarch64", "linux/arm64"),
            ("linux/arm/7", "linux/arm/v7"),
            ("linux/arm64/v8", "linux/arm64/v8"),
            ("windows", "windows/amd64"),
            ("windows(10.0)/amd64", "windows(10.0)/amd64"),
        ] {
            assert_eq!(Platform::parse(text).unwrap().to_string(), shown);
        }
        let unknown = "\"foo\": unknown operating system or architecture: invalid argument";
        assert_eq!(Platform::parse("foo").unwrap_err(), unknown);
        assert!(Platform::parse("a/b/c/d").is_err() && Platform::parse("linux/").is_err());
    }
}

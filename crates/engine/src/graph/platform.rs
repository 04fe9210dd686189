//! Platforms, and the build arguments that exist without being given.

use crate::dockerfile::expand::Variables;

/// Operating system, architecture and variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// For instance `linux`.
    pub os: String,
    /// For instance `arm64`.
    pub architecture: String,
    /// For instance `v7`; empty for none.
    pub variant: String,
}

const SYSTEMS: [&str; 9] =
    ["linux", "windows", "darwin", "freebsd", "netbsd", "openbsd", "solaris", "android", "wasip1"];
const ARCHITECTURES: [&str; 14] = [
    "386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le",
    "riscv64", "s390x", "wasm",
];

impl Platform {
    /// Reads `os/architecture/variant`, or one of the first two alone. The error is BuildKit's text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let lower = text.to_lowercase();
        let parts: Vec<&str> = lower.split('/').collect();
        let word = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
        };
        if let Some(wrong) = parts.iter().find(|part| !word(part)) {
            let rule = "^[A-Za-z0-9_.-]+$";
            return Err(format!(
                "{wrong:?} is an invalid component of {text:?}: platform specifier component must match {rule:?}: invalid argument"
            ));
        }
        match parts[..] {
            [one] if SYSTEMS.contains(&one) => Ok(Self::new(one, "amd64", "")),
            [one] => {
                let platform = Self::new("linux", one, "");
                if ARCHITECTURES.contains(&platform.architecture.as_str()) {
                    return Ok(platform);
                }
                Err(format!("{text:?}: unknown operating system or architecture: invalid argument"))
            }
            [os, architecture] => Ok(Self::new(os, architecture, "")),
            [os, architecture, variant] => Ok(Self::new(os, architecture, variant)),
            _ => Err(format!("{text:?}: cannot parse platform specifier: invalid argument")),
        }
    }

    /// Names that mean the same get the usual one.
    fn new(os: &str, architecture: &str, variant: &str) -> Self {
        let (architecture, variant) = match (architecture, variant) {
            ("i386", _) => ("386", ""),
            ("x86_64" | "x86-64", variant) => ("amd64", variant),
            ("aarch64" | "arm64", "" | "8" | "v8") => ("arm64", ""),
            ("armhf", _) | ("arm", "" | "7") => ("arm", "v7"),
            ("armel", _) => ("arm", "v6"),
            ("arm", "5") => ("arm", "v5"),
            ("arm", "6") => ("arm", "v6"),
            ("arm", "8") => ("arm", "v8"),
            other => other,
        };
        let variant = if architecture == "amd64" && variant == "v1" { "" } else { variant };
        let os = if os == "macos" { "darwin" } else { os };
        Self { os: os.to_owned(), architecture: architecture.to_owned(), variant: variant.to_owned() }
    }
}

impl std::fmt::Display for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        if self.variant.is_empty() { Ok(()) } else { write!(f, "/{}", self.variant) }
    }
}

/// The arguments that `FROM` can use without an `ARG`, and that an `ARG` without a value takes.
pub(super) fn default_args(
    platform: &Platform,
    target: Option<&str>,
    build_args: &[(String, String)],
) -> Vec<(String, String)> {
    let mut args = Vec::new();
    for prefix in ["BUILD", "TARGET"] {
        let values = [
            ("PLATFORM", platform.to_string()),
            ("OS", platform.os.clone()),
            ("OSVERSION", String::new()),
            ("ARCH", platform.architecture.clone()),
            ("VARIANT", platform.variant.clone()),
        ];
        args.extend(values.map(|(name, value)| (format!("{prefix}{name}"), value)));
    }
    args.push(("TARGETSTAGE".to_owned(), target.unwrap_or("default").to_owned()));
    for (name, value) in &mut args {
        if let Some(given) = Variables::get(build_args, name) {
            *value = given.to_owned();
        }
    }
    args
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms() {
        let text = |text| Platform::parse(text).map(|platform| platform.to_string());
        assert_eq!(text("linux/amd64").as_deref(), Ok("linux/amd64"));
        assert_eq!(text("linux/x86_64").as_deref(), Ok("linux/amd64"));
        assert_eq!(text("arm64").as_deref(), Ok("linux/arm64"));
        assert_eq!(text("linux/arm/v7").as_deref(), Ok("linux/arm/v7"));
        let wrong = "\"foo\": unknown operating system or architecture: invalid argument";
        assert_eq!(text("foo"), Err(wrong.to_owned()));
    }
}

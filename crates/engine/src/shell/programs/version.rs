//! Programs of which only the version can be told; whatever else they are asked to do is not simulated.

use super::support::os_release;
use super::{Interrupt, Modelled, Process};
use crate::shell::command::CommandKind;
use crate::world::PackageSource;

/// Whether the program is one of these.
pub(super) fn knows(name: &str) -> bool {
    matches!(
        name,
        "nginx" | "redis-server" | "redis-cli" | "java" | "php" | "ruby" | "rustc" | "cargo" | "mvn"
    )
}

pub(super) fn run(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    const ASK: &[&str] = &["-v", "-V", "--version", "-version"];
    let asks = matches!(process.args(), [only] if ASK.contains(&only.as_str()));
    let name = process.name().to_owned();
    if name == "nginx" && matches!(process.args(), [only] if only == "-t") {
        process.error_output(
            "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n\
             nginx: configuration file /etc/nginx/nginx.conf test is successful\n",
        )?;
        return Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown });
    }
    let Some(version) = version(process, &name).filter(|_| asks) else {
        return Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown });
    };
    match name.as_str() {
        "nginx" => process.error_output(&format!("nginx version: nginx/{version}\n"))?,
        "redis-server" => process.output(&format!("Redis server v={version}\n"))?,
        "git" => process.output(&format!("git version {version}\n"))?,
        "java" => process.error_output(&format!("openjdk version \"{version}\"\n"))?,
        _ => process.output(&format!("{name} {version}\n"))?,
    }
    Ok(Modelled::new(0, 0.05))
}

/// As [`version`], or that of the package that the image would get: a base image has programs without a record of them.
pub(super) fn packaged(process: &mut Process<'_, '_>, name: &str) -> Result<Option<String>, Interrupt> {
    if let Some(version) = version(process, name) {
        return Ok(Some(version));
    }
    let suite = os_release(process, "VERSION_CODENAME").unwrap_or_default();
    let alpine = os_release(process, "ID").as_deref() == Some("alpine");
    let source = if alpine { PackageSource::Apk } else { PackageSource::Apt { suite: &suite } };
    let closure = process.world().packages(source, name)?;
    Ok(closure.and_then(|closure| upstream(&closure.version).map(str::to_owned)))
}

/// A version without epoch and the packager's own number.
fn upstream(full: &str) -> Option<&str> {
    full.rsplit(':').next()?.split('-').next()
}

/// The version that the image tells in its environment, or its package manager in its database.
fn version(process: &mut Process<'_, '_>, name: &str) -> Option<String> {
    let variable = match name {
        "nginx" => "NGINX_VERSION",
        "redis-server" | "redis-cli" => "REDIS_VERSION",
        "php" => "PHP_VERSION",
        "ruby" => "RUBY_VERSION",
        "rustc" | "cargo" => "RUST_VERSION",
        "java" => "JAVA_VERSION",
        "mvn" => "MAVEN_VERSION",
        _ => "",
    };
    if let Some(version) = process.env(variable).filter(|_| !variable.is_empty()) {
        return Some(version.to_owned());
    }
    let apk = os_release(process, "ID").as_deref() == Some("alpine");
    let (path, package, field) = if apk {
        ("/lib/apk/db/installed", format!("P:{name}"), "V:")
    } else {
        ("/var/lib/dpkg/status", format!("Package: {name}"), "Version: ")
    };
    let database = process.read_text(path).ok()?;
    let stanza = database.split("\n\n").find(|stanza| stanza.lines().any(|line| line == package))?;
    let full = stanza.lines().find_map(|line| line.strip_prefix(field))?;
    upstream(full).map(str::to_owned)
}

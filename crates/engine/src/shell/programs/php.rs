//! `docker-php-ext-*`, `docker-php-source` and `pecl`: extensions of PHP, as the scripts of the official image put them.

use super::support::{Work, put, seconds, split_options};
use super::{Interrupt, Modelled, Process};
use crate::shell::command::CommandKind;
use crate::vfs::{Content, path};

const EXTENSIONS: &str = "/usr/local/lib/php/extensions/no-debug-non-zts-20240924";
const SOURCE: &str = "/usr/src/php";

fn configuration(process: &Process<'_, '_>) -> String {
    process.env("PHP_INI_DIR").unwrap_or("/usr/local/etc/php").to_owned()
}

/// Builds an extension and puts its library.
fn build(process: &mut Process<'_, '_>, name: &str) -> Result<Result<(), crate::vfs::VfsError>, Interrupt> {
    let size = process.world().artefact_size("php extension", name)?;
    let version = process.env("PHP_VERSION").unwrap_or_default().to_owned();
    let content = Content::modelled(size, "php extension", &[name.as_bytes(), version.as_bytes()]);
    Ok(put(process, &format!("{EXTENSIONS}/{name}.so"), content, 0o755))
}

fn enable(process: &mut Process<'_, '_>, name: &str) -> Result<(), crate::vfs::VfsError> {
    let directory = format!("{}/conf.d", configuration(process));
    let line = match name {
        "opcache" | "xdebug" => format!("zend_extension={name}\n"),
        _ => format!("extension={name}\n"),
    };
    put(process, &path::join(&directory, &format!("docker-php-ext-{name}.ini")), line, 0o644)
}

fn failed(process: &mut Process<'_, '_>, error: &crate::vfs::VfsError) -> Result<Modelled, Interrupt> {
    process.check_limits()?;
    let text = format!("{}: {error}\n", process.name());
    process.error_output(&text)?;
    Ok(Modelled::new(1, 0.0))
}

/// `docker-php-ext-install [-j N] NAME…`
pub(super) fn install(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let mut operands = split_options(process.args(), &["-j", "--ini-name"]).1;
    operands.retain(|name| name.parse::<u32>().is_err());
    if operands.is_empty() {
        process.error_output(
            "usage: docker-php-ext-install [-jN] [--ini-name file.ini] ext-name [ext-name ...]\n",
        )?;
        return Ok(Modelled::new(1, 0.0));
    }
    for name in &operands {
        if let Err(error) = build(process, name)?.and_then(|()| enable(process, name)) {
            return failed(process, &error);
        }
    }
    let seed = operands.join(" ");
    let work = Work { count: operands.len() as u64, seed: &seed, ..Work::default() };
    Ok(Modelled::new(0, seconds(process, "docker-php-ext-install", work)?))
}

/// `docker-php-ext-configure NAME [--with-…]`
pub(super) fn configure(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let names = split_options(process.args(), &[]).1;
    let time = Work { seed: names.first().map_or("", String::as_str), ..Work::default() };
    Ok(Modelled::new(0, seconds(process, "gcc/make", time)?))
}

/// `docker-php-ext-enable NAME…`
pub(super) fn enable_all(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    for name in split_options(process.args(), &["--ini-name"]).1 {
        if !process.exists(&format!("{EXTENSIONS}/{name}.so")) && name != "opcache" {
            process.error_output(&format!("error: '{name}' does not exist\n\nusage: docker-php-ext-enable [options] module-name [module-name ...]\n"))?;
            return Ok(Modelled::new(1, 0.0));
        }
        if let Err(error) = enable(process, &name) {
            return failed(process, &error);
        }
    }
    Ok(Modelled::new(0, 0.05))
}

/// `docker-php-source extract|delete`
pub(super) fn source(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    match process.args().first().map(String::as_str) {
        Some("extract") => {
            if let Err(error) = process.make_directories(&format!("{SOURCE}/ext")) {
                return failed(process, &error);
            }
            Ok(Modelled::new(0, 2.0))
        }
        Some("delete") => {
            let _ = process.remove_all(SOURCE);
            Ok(Modelled::new(0, 0.2))
        }
        _ => Ok(Modelled::new(1, 0.0)),
    }
}

/// `pecl install NAME[-VERSION]…`
pub(super) fn pecl(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let operands = split_options(process.args(), &["-D", "--configureoptions"]).1;
    let Some((command, names)) = operands.split_first() else { return Ok(Modelled::new(1, 0.0)) };
    if command != "install" && command != "upgrade" {
        let is_question =
            matches!(command.as_str(), "list" | "info" | "search" | "download" | "bundle" | "uninstall");
        let kind = if is_question { CommandKind::Unknown } else { CommandKind::Modelled };
        return Ok(Modelled { exit_code: 0, seconds: 0.1, kind });
    }
    if !process.has_network() {
        process.error_output("No releases available for package \"pecl.php.net\"\ninstall failed\n")?;
        return Ok(Modelled::new(1, 0.0));
    }
    for name in names {
        let bare = name.split('-').next().unwrap_or(name);
        if let Err(error) = build(process, bare)? {
            return failed(process, &error);
        }
        process.output(&format!("Build process completed successfully\ninstall ok: channel://pecl.php.net/{name}\nYou should add \"extension={bare}.so\" to php.ini\n"))?;
    }
    let seed = names.join(" ");
    let work = Work { count: names.len() as u64, seed: &seed, ..Work::default() };
    Ok(Modelled::new(0, seconds(process, "docker-php-ext-install", work)?))
}

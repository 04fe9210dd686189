//! `gpg` and its company: keys are fetched, and signatures are taken on trust, for nobody has the bytes that they sign.

use super::support::{put, split_options};
use super::{Interrupt, Modelled, Process};
use crate::shell::stand_in;
use crate::vfs::Content;

const WITH_VALUE: &[&str] = &[
    "--keyserver",
    "--homedir",
    "--keyring",
    "--output",
    "-o",
    "-u",
    "--local-user",
    "-r",
    "--recipient",
    "--keyserver-options",
    "--no-default-keyring-file",
    "--status-fd",
    "--passphrase",
    "--pinentry-mode",
    "--trust-model",
    "--options",
    "--import-options",
    "--export-options",
];

/// Keeps keys, verifies, and turns armour into bytes.
pub(super) fn run(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let (options, operands) = split_options(process.args(), WITH_VALUE);
    let has = |names: &[&str]| options.iter().any(|option| names.contains(&option.as_str()));
    let value = |names: &[&str]| {
        let at = options.iter().position(|option| names.contains(&option.as_str()))?;
        options.get(at + 1).cloned()
    };
    let output = value(&["-o", "--output"]);
    let home = value(&["--homedir"])
        .or_else(|| process.env("GNUPGHOME").map(str::to_owned))
        .unwrap_or_else(|| format!("{}/.gnupg", process.env("HOME").unwrap_or("/root")));
    if has(&["--version"]) {
        process.output("gpg (GnuPG) 2.2.40\n")?;
        return Ok(Modelled::new(0, 0.02));
    }
    if has(&["--recv-keys", "--recv-key", "--receive-keys", "--locate-keys", "--refresh-keys"]) {
        if !process.has_network() {
            process.error_output("gpg: keyserver receive failed: Temporary failure in name resolution\n")?;
            return Ok(Modelled::new(2, 0.0));
        }
        return keep(process, &home, &operands);
    }
    if has(&["--import", "--fast-import"]) {
        for name in &operands {
            if let Err(error) = process.stat(name) {
                process.error_output(&format!("gpg: can't open '{name}': {}\n", error.kind.message()))?;
                return Ok(Modelled::new(2, 0.0));
            }
        }
        let input = if operands.is_empty() { process.read_input()?.len().to_string() } else { String::new() };
        let keys: Vec<String> = operands.iter().cloned().chain(Some(input)).collect();
        return keep(process, &home, &keys);
    }
    if has(&["--verify"]) {
        for name in operands.iter().filter(|name| *name != "-") {
            if process.stat(name).is_err() {
                process.error_output(&format!("gpg: can't open '{name}': No such file or directory\n"))?;
                return Ok(Modelled::new(2, 0.0));
            }
        }
        process.error_output("gpg: the signature is taken on trust: its bytes are not there\n")?;
        return Ok(Modelled::new(0, 0.05));
    }
    if has(&["--dearmor", "--export", "--armor", "-a", "--decrypt", "-d", "--export-secret-keys"]) {
        let (content, address) = match operands.first() {
            Some(file) if !has(&["--export"]) => match process.read(file) {
                Ok(content) => (content, stand_in::address_of(process, file)),
                Err(error) => {
                    process.error_output(&format!("gpg: can't open '{file}': {}\n", error.kind.message()))?;
                    return Ok(Modelled::new(2, 0.0));
                }
            },
            Some(key) => (Content::from(key.as_str()), None),
            None => {
                let bytes = process.read_input()?;
                let address = stand_in::address(&bytes);
                (Content::new(bytes), address)
            }
        };
        return print(process, output, &content, address);
    }
    Ok(Modelled::new(0, 0.05))
}

/// A key ring that holds keys.
fn keep(process: &mut Process<'_, '_>, home: &str, keys: &[String]) -> Result<Modelled, Interrupt> {
    let ring = format!("{home}/pubring.kbx");
    let before = process.read(&ring).map(|content| content.digest().hex()).unwrap_or_default();
    let size = process.world().artefact_size("key", &keys.join(" "))?;
    let old = process.read(&ring).map_or(0, |content| content.size());
    let content = Content::modelled(old + size, "key ring", &[before.as_bytes(), keys.join(" ").as_bytes()]);
    if put(process, &ring, content, 0o600).is_err() {
        process.check_limits()?;
        process.error_output(&format!("gpg: keyblock resource '{ring}': No such file or directory\n"))?;
        return Ok(Modelled::new(2, 0.0));
    }
    for key in keys.iter().filter(|key| key.len() >= 16 && !key.contains('/')) {
        let short = &key[key.len() - 16..];
        process.error_output(&format!("gpg: key {short}: imported\n"))?;
    }
    Ok(Modelled::new(0, 0.5))
}

fn print(
    process: &mut Process<'_, '_>,
    output: Option<String>,
    content: &Content,
    address: Option<String>,
) -> Result<Modelled, Interrupt> {
    let digest = content.digest().hex();
    // Armour has four characters for three bytes.
    let made = Content::modelled(content.size() * 3 / 4, "key", &[digest.as_bytes()]);
    match output.filter(|name| name != "-") {
        Some(name) => {
            if let Err(error) = process.write(&name, made) {
                process.check_limits()?;
                process.error_output(&format!("gpg: can't create '{name}': {}\n", error.kind.message()))?;
                return Ok(Modelled::new(2, 0.0));
            }
        }
        None => {
            let address = address.unwrap_or_else(|| format!("key {}", &digest[..16]));
            process.output_bytes(&stand_in::bytes(&address))?;
        }
    }
    Ok(Modelled::new(0, 0.05))
}

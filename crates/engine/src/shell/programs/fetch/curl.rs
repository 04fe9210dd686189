//! `curl`

use super::{Words, duration, file_name, host, reach, save};
use crate::shell::command::CommandKind;
use crate::shell::programs::support::os_release;
use crate::shell::programs::version::packaged;
use crate::shell::programs::{Interrupt, Modelled, Process};
use crate::shell::stand_in;
use crate::vfs::path;

/// Could not resolve the host.
const NO_HOST: i32 = 6;
/// Could not connect.
const NO_CONNECTION: i32 = 7;
/// Could not write what came.
const NO_WRITING: i32 = 23;

const LETTERS: &str = "oHdXuAemFTwbcxyYzKEQrtDUPC";
const NAMES: &[&str] = &[
    "output",
    "header",
    "data",
    "data-raw",
    "data-binary",
    "request",
    "user",
    "user-agent",
    "referer",
    "max-time",
    "retry",
    "retry-delay",
    "retry-max-time",
    "connect-timeout",
    "form",
    "upload-file",
    "cacert",
    "cert",
    "key",
    "write-out",
    "cookie",
    "cookie-jar",
    "url",
    "proto",
    "proto-redir",
    "tls-max",
    "ciphers",
    "range",
    "output-dir",
    "config",
    "max-redirs",
    "limit-rate",
    "resolve",
    "proxy",
    "continue-at",
    "speed-time",
    "speed-limit",
    "netrc-file",
    "dump-header",
];

/// Fetches addresses.
pub(in crate::shell::programs) fn curl(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let words = Words::of(process.args(), LETTERS, NAMES);
    if words.has(&["version", "V"]) {
        let Some(version) = packaged(process, "curl")? else {
            return Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown });
        };
        let alpine = os_release(process, "ID").as_deref() == Some("alpine");
        let machine = if alpine { "x86_64-alpine-linux-musl" } else { "x86_64-pc-linux-gnu" };
        process.output(&format!("curl {version} ({machine}) libcurl/{version}\n"))?;
        return Ok(Modelled::new(0, 0.02));
    }
    let mut addresses: Vec<String> = words.values(&["url"]).map(str::to_owned).collect();
    addresses.extend(words.operands.iter().cloned());
    if addresses.is_empty() {
        process.error_output("curl: (2) no URL specified\ncurl: try 'curl --help' for more information\n")?;
        return Ok(Modelled::new(2, 0.0));
    }
    let silent = words.has(&["s", "silent"]) && !words.has(&["S", "show-error"]);
    let mut outputs = words.values(&["o", "output"]).map(str::to_owned).collect::<Vec<_>>().into_iter();
    let mut seconds = 0.0;
    for address in &addresses {
        let Some(download) = reach(process, address)? else {
            let host = host(address);
            let local = matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0");
            let (code, text) = if local {
                (
                    NO_CONNECTION,
                    format!("Failed to connect to {host} port 80 after 0 ms: Could not connect to server"),
                )
            } else {
                (NO_HOST, format!("Could not resolve host: {host}"))
            };
            if !silent {
                process.error_output(&format!("curl: ({code}) {text}\n"))?;
            }
            return Ok(Modelled::new(code, seconds));
        };
        let asks_for_head = words.has(&["I", "head"]);
        let size = if asks_for_head { 0 } else { download.size };
        seconds += duration(process, size, address)?;
        let named = outputs.next().or_else(|| {
            words.has(&["O", "remote-name", "remote-name-all"]).then(|| file_name(address).to_owned())
        });
        match named.filter(|name| name != "-") {
            Some(name) if name.is_empty() => {
                process.error_output("curl: (23) Remote file name has no length!\n")?;
                return Ok(Modelled::new(NO_WRITING, seconds));
            }
            Some(name) => {
                let place =
                    words.value(&["output-dir"]).map_or(name.clone(), |above| path::join(above, &name));
                let parent = path::parent(&process.resolve(&place)).to_owned();
                let is_missing = !process.is_directory(&parent) && !words.has(&["create-dirs"]);
                if is_missing || save(process, address, size, &place).is_err() {
                    process.check_limits()?;
                    if !silent {
                        process.error_output(&format!(
                            "Warning: Failed to open the file {place}: No such file or directory\n\
                             curl: (23) Failure writing output to destination\n"
                        ))?;
                    }
                    return Ok(Modelled::new(NO_WRITING, seconds));
                }
            }
            None => process.output_bytes(&stand_in::bytes(address))?,
        }
    }
    if let Some(format) = words.value(&["w", "write-out"]) {
        let text =
            format.replace("%{http_code}", "200").replace("%{response_code}", "200").replace("\\n", "\n");
        process.output(&text)?;
    }
    Ok(Modelled::new(0, seconds))
}

//! `wget`, that of GNU and the applet.

use super::{Words, duration, file_name, host, reach, save};
use crate::shell::command::CommandKind;
use crate::shell::programs::version::packaged;
use crate::shell::programs::{Interrupt, Modelled, Process};
use crate::shell::stand_in;
use crate::vfs::path;

/// GNU's exit code for failures of the network.
const NETWORK: i32 = 4;
/// And for those of files.
const FILES: i32 = 3;

const LETTERS: &str = "OPoTtUaiewQARDIXlBY";
const NAMES: &[&str] = &[
    "output-document",
    "directory-prefix",
    "output-file",
    "timeout",
    "tries",
    "user-agent",
    "header",
    "input-file",
    "post-data",
    "user",
    "password",
    "waitretry",
    "ca-certificate",
    "referer",
    "dns-timeout",
    "connect-timeout",
    "read-timeout",
    "limit-rate",
    "secure-protocol",
];

/// Fetches addresses.
pub(in crate::shell::programs) fn wget(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let words = Words::of(process.args(), LETTERS, NAMES);
    if words.has(&["version", "V"]) {
        let Some(version) = packaged(process, "wget")? else {
            return Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown });
        };
        process.output(&format!("GNU Wget {version} built on linux-gnu.\n"))?;
        return Ok(Modelled::new(0, 0.02));
    }
    if words.operands.is_empty() {
        process.error_output("wget: missing URL\nUsage: wget [OPTION]... [URL]...\n")?;
        return Ok(Modelled::new(1, 0.0));
    }
    let place = process.find_command("wget").unwrap_or_default();
    let applet = process.lstat(&place).is_ok_and(|node| node.as_symlink() == Some("/bin/busybox"));
    let quiet = words.has(&["q", "quiet"]);
    let mut seconds = 0.0;
    for address in &words.operands {
        let host = host(address).to_owned();
        let Some(download) = reach(process, address)? else {
            if applet {
                process.error_output(&format!("wget: bad address '{host}'\n"))?;
                return Ok(Modelled::new(1, seconds));
            }
            if !quiet {
                let now = crate::shell::utilities::format_time("%Y-%m-%d %H:%M:%S", process.now());
                process.error_output(&format!(
                    "--{now}--  {address}\n\
                     Resolving {host} ({host})... failed: Temporary failure in name resolution.\n"
                ))?;
                process.complain(&format!("unable to resolve host address ‘{host}’"))?;
            }
            return Ok(Modelled::new(NETWORK, seconds));
        };
        if words.has(&["spider"]) {
            continue;
        }
        seconds += duration(process, download.size, address)?;
        let document = words.value(&["O", "output-document"]);
        if document == Some("-") {
            process.output_bytes(&stand_in::bytes(address))?;
            continue;
        }
        let name = match (document, file_name(address)) {
            (Some(name), _) => name.to_owned(),
            (None, "") => "index.html".to_owned(),
            (None, name) => name.to_owned(),
        };
        let target = match words.value(&["P", "directory-prefix"]) {
            Some(above) if document.is_none() => path::join(above, &name),
            _ => name,
        };
        let parent = path::parent(&process.resolve(&target)).to_owned();
        let makes = words.has(&["P", "directory-prefix"]);
        if !makes && !process.is_directory(&parent) || save(process, address, download.size, &target).is_err()
        {
            process.check_limits()?;
            let text = if applet {
                format!("wget: can't open '{target}': No such file or directory\n")
            } else {
                format!("{target}: No such file or directory\n")
            };
            process.error_output(&text)?;
            return Ok(Modelled::new(if applet { 1 } else { FILES }, seconds));
        }
        if !quiet {
            let size = download.size;
            process.error_output(&if applet {
                format!("saving to '{target}'\n'{target}' saved\n")
            } else {
                process.quoted(&format!("‘{target}’ saved [{size}/{size}]\n"))
            })?;
        }
    }
    Ok(Modelled::new(0, seconds))
}

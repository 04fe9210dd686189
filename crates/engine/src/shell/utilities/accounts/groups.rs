//! `groups`, `logname`.

use crate::shell::credentials::supplementary;
use crate::shell::utilities::support::group_name;
use crate::shell::{Interrupt, Outcome, Process};

/// The names of the groups of users, or of the process.
pub(in crate::shell::utilities) fn groups(process: &mut Process<'_, '_>) -> Outcome {
    let users = process.args().to_vec();
    if users.is_empty() {
        let mut ids = vec![process.credentials.gid];
        ids.extend(process.credentials.groups.clone());
        let names = names(process, &ids);
        process.output(&format!("{names}\n"))?;
        return Ok(0);
    }
    let mut code = 0;
    for user in users {
        let passwd = process.read_text("/etc/passwd").unwrap_or_default();
        let entry = passwd.lines().find(|line| line.split(':').next() == Some(&user));
        let Some(gid) = entry.and_then(|line| line.split(':').nth(3)?.parse().ok()) else {
            unknown(process, &user)?;
            code = 1;
            continue;
        };
        let mut ids = vec![gid];
        ids.extend(supplementary(&process.read_text("/etc/group").unwrap_or_default(), &user, gid));
        let names = names(process, &ids);
        let prefix = if process.is_busybox() { String::new() } else { format!("{user} : ") };
        process.output(&format!("{prefix}{names}\n"))?;
    }
    Ok(code)
}

fn unknown(process: &mut Process<'_, '_>, user: &str) -> Result<(), Interrupt> {
    if process.is_busybox() {
        process.complain(&format!("unknown user {user}"))
    } else {
        process.complain(&format!("'{user}': no such user"))
    }
}

fn names(process: &mut Process<'_, '_>, ids: &[u32]) -> String {
    let names: Vec<String> =
        ids.iter().map(|id| group_name(process, *id).unwrap_or_else(|| id.to_string())).collect();
    names.join(" ")
}

/// Who logged in: nobody did.
pub(in crate::shell::utilities) fn logname(process: &mut Process<'_, '_>) -> Outcome {
    let busybox = process.is_busybox();
    process.complain(if busybox { "getlogin: No such device or address" } else { "no login name" })?;
    Ok(1)
}

//! `id`: who runs this, or who somebody is.

use super::options::{self, Options};
use super::support::{group_name, user_id, user_name};
use crate::shell::credentials::supplementary;
use crate::shell::{Interrupt, Outcome, Process};

/// Who runs this, or who somebody is.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("user", 'u'), ("group", 'g'), ("groups", 'G'), ("name", 'n'), ("real", 'r'), ("zero", 'z')];
    let options = options::take_as(process, ("ugGnr", &long), ("ugGnrza", &long))?;
    check(process, &options)?;
    let (uid, gid, groups) = match options.operands.first() {
        None => {
            let credentials = process.credentials.clone();
            (credentials.uid, credentials.gid, credentials.groups)
        }
        Some(name) => {
            let passwd = process.read_text("/etc/passwd").unwrap_or_default();
            let uid = user_id(process, name);
            let entry = passwd
                .lines()
                .find(|line| line.split(':').nth(2) == uid.map(|uid| uid.to_string()).as_deref());
            let (Some(uid), Some(entry)) = (uid, entry) else {
                let text = if process.is_busybox() {
                    format!("unknown user {name}")
                } else {
                    format!("‘{name}’: no such user")
                };
                process.complain(&text)?;
                return Ok(1);
            };
            let gid = entry.split(':').nth(3).and_then(|gid| gid.parse().ok()).unwrap_or(0);
            let login = entry.split(':').next().unwrap_or("").to_owned();
            let text = process.read_text("/etc/group").unwrap_or_default();
            (uid, gid, supplementary(&text, &login, gid))
        }
    };
    // The kernel keeps the groups of a process sorted, with the primary one among them.
    let mut all = groups;
    if options.operands.is_empty() {
        crate::order::sort(&mut all);
    }
    let own = process.is_busybox() && options.operands.is_empty();
    let at = if own { all.partition_point(|group| *group < gid) } else { 0 };
    all.retain(|group| *group != gid);
    all.insert(at.min(all.len()), gid);
    let named = options.has('n');
    let user = user_name(process, uid);
    let text = if options.has('u') {
        user.filter(|_| named).unwrap_or_else(|| uid.to_string())
    } else if options.has('g') {
        group_name(process, gid).filter(|_| named).unwrap_or_else(|| gid.to_string())
    } else if options.has('G') {
        let names: Vec<String> = all
            .iter()
            .map(|gid| group_name(process, *gid).filter(|_| named).unwrap_or_else(|| gid.to_string()))
            .collect();
        names.join(" ")
    } else {
        let with_name = |id: u32, name: Option<String>| {
            name.map_or_else(|| id.to_string(), |name| format!("{id}({name})"))
        };
        let group = group_name(process, gid);
        let mut text = format!("uid={} gid={}", with_name(uid, user), with_name(gid, group));
        let names: Vec<String> = all.iter().map(|gid| with_name(*gid, group_name(process, *gid))).collect();
        text.push_str(&format!(" groups={}", names.join(",")));
        text
    };
    let text = if options.has('z') { text.replace(' ', "\0") + "\0" } else { text + "\n" };
    process.output(&text)?;
    Ok(0)
}

/// Whether the options go together.
fn check(process: &mut Process<'_, '_>, options: &Options) -> Result<(), Interrupt> {
    let asked = ["u", "g", "G"].iter().filter(|letter| options.last_of(letter).is_some()).count();
    let partial = options.last_of("nr").is_some();
    if process.is_busybox() {
        // Usage is all that the applet has to say.
        return if asked > 1 || asked == 0 && partial || options.operands.len() > 1 {
            options::misused(process, "")
        } else {
            Ok(())
        };
    }
    let text = if asked > 1 {
        "cannot print \"only\" of more than one choice"
    } else if asked == 0 && partial {
        "cannot print only names or real IDs in default format"
    } else if asked == 0 && options.has('z') {
        "option --zero not permitted in default format"
    } else {
        return Ok(());
    };
    super::support::fail(process, 1, text)
}

#[cfg(test)]
mod tests {
    use crate::shell::Credentials;
    use crate::shell::testing::{root, run_in, sh};

    #[test]
    fn who() {
        assert_eq!(
            sh("id; id -un; id -u app; id -Gn app"),
            "uid=0(root) gid=0(root) groups=0(root)\nroot\n1000\napp staff\n"
        );
        let somebody = Credentials { uid: 4242, gid: 4343, groups: vec![] };
        let (outcome, _) = run_in(root("busybox"), &["/bin/sh", "-c", "id"], somebody);
        assert_eq!(outcome.stdout, b"uid=4242 gid=4343 groups=4343\n");
    }
}

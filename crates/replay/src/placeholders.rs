//! Puts the placeholders of the recordings in the place of what is random in a real BuildKit's messages.

/// What stands in front of the name of the copied context, and what stands behind it.
const REFERENCE: (&str, &str) = ("checksum of ref ", ": ");
/// What stands around the name of a mounted snapshot.
const MOUNT: (&str, &str) = ("/var/lib/docker/overlay2/", "/merged");

/// The text as a recording has it.
pub(super) fn normalized(text: &str) -> String {
    let text = match between(text, REFERENCE) {
        Some((before, after)) => format!("{before}{}<ref>{}{after}", REFERENCE.0, REFERENCE.1),
        None => text.to_owned(),
    };
    match between(&text, MOUNT) {
        Some((before, after)) => format!("{before}<rootfs>{after}"),
        None => text,
    }
}

/// What is in front of `start` and what is behind the next `end`.
fn between<'t>(text: &'t str, (start, end): (&str, &str)) -> Option<(&'t str, &'t str)> {
    let (before, rest) = text.split_once(start)?;
    let (_, after) = rest.split_once(end)?;
    Some((before, after))
}

#[cfg(test)]
mod tests {
    use super::normalized;

    #[test]
    fn names_become_placeholders() {
        for (printed, recorded) in [
            ("checksum of ref a1::b2: \"/x\": not found", "checksum of ref <ref>: \"/x\": not found"),
            ("cannot copy: /var/lib/docker/overlay2/a1b2/merged/etc/motd", "cannot copy: <rootfs>/etc/motd"),
            ("exit code: 1", "exit code: 1"),
        ] {
            assert_eq!(normalized(printed), recorded);
        }
    }
}

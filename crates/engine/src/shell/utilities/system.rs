//! `whoami uname hostname nproc arch tty getconf mountpoint`: what each says of the machine is a line.

use super::options;
use super::support::{fail, user_name};
use crate::shell::{Outcome, Process};

/// The name of the user.
pub(super) fn whoami(process: &mut Process<'_, '_>) -> Outcome {
    let options = options::take(process, "", &[])?;
    options::no_more_than(process, &options.operands, 0)?;
    let uid = process.credentials.uid;
    match user_name(process, uid) {
        Some(name) => {
            process.output(&format!("{name}\n"))?;
            Ok(0)
        }
        None => {
            let text = if process.is_busybox() {
                format!("unknown uid {uid}")
            } else {
                format!("cannot find name for user ID {uid}")
            };
            process.complain(&text)?;
            Ok(1)
        }
    }
}

/// The system: Linux on x86-64.
pub(super) fn uname(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("all", 'a'),
        ("machine", 'm'),
        ("kernel-name", 's'),
        ("nodename", 'n'),
        ("kernel-release", 'r'),
        ("kernel-version", 'v'),
        ("processor", 'p'),
        ("hardware-platform", 'i'),
        ("operating-system", 'o'),
    ];
    let options = options::take(process, "amnrspvio", &long)?;
    options::no_more_than(process, &options.operands, 0)?;
    let hostname = process.machine.hostname.clone();
    let parts = [
        ('s', "Linux"),
        ('n', &hostname),
        ('r', "6.1.0"),
        ('v', "#1 SMP"),
        ('m', "x86_64"),
        ('p', "unknown"),
        ('i', "unknown"),
        ('o', "GNU/Linux"),
    ];
    let none = options.all().next().is_none();
    // What nobody knows is left out of all.
    let shown = parts.iter().filter(|(letter, _)| {
        options.has('a') && !"pi".contains(*letter) || options.has(*letter) || none && *letter == 's'
    });
    let text: Vec<&str> = shown.map(|(_, text)| *text).collect();
    process.output(&format!("{}\n", text.join(" ")))?;
    Ok(0)
}

/// `hostname`
pub(super) fn hostname(process: &mut Process<'_, '_>) -> Outcome {
    let name = process.machine.hostname.clone();
    process.output(&format!("{name}\n"))?;
    Ok(0)
}

/// The number of processors: a fixed one.
pub(super) fn nproc(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("all", 'a'), ("ignore", 'g')];
    let options = options::take(process, "g:a", &long)?;
    options::no_more_than(process, &options.operands, 0)?;
    let ignored = match options.value('g').map(str::parse::<u64>) {
        Some(Ok(count)) => count,
        Some(Err(_)) => {
            let text = options.value('g').unwrap_or("");
            let what = if process.is_busybox() { "number" } else { "number:" };
            return fail(process, 1, &format!("invalid {what} '{text}'"));
        }
        None => 0,
    };
    process.output(&format!("{}\n", 2_u64.saturating_sub(ignored).max(1)))?;
    Ok(0)
}

/// `arch`
pub(super) fn arch(process: &mut Process<'_, '_>) -> Outcome {
    process.output("x86_64\n")?;
    Ok(0)
}

/// The terminal at standard input: there is none.
pub(super) fn tty(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "s", &[("silent", 's'), ("quiet", 's')])? {
        Ok(options) => options,
        Err(_) => return Ok(2),
    };
    if !options.has('s') {
        process.output("not a tty\n")?;
    }
    Ok(1)
}

/// Values of the system that scripts ask for.
pub(super) fn getconf(process: &mut Process<'_, '_>) -> Outcome {
    let name = process.args().first().cloned().unwrap_or_default();
    let value = match name.as_str() {
        "LONG_BIT" | "WORD_BIT" => "64",
        "_NPROCESSORS_ONLN" | "_NPROCESSORS_CONF" | "NPROCESSORS_ONLN" => "2",
        "PAGE_SIZE" | "PAGESIZE" => "4096",
        "ARG_MAX" => "2097152",
        "PATH_MAX" => "4096",
        "NAME_MAX" => "255",
        "CLK_TCK" => "100",
        "OPEN_MAX" => "1024",
        "PATH" => "/bin:/usr/bin",
        "GNU_LIBC_VERSION" => "glibc 2.36",
        _ => {
            process.error_output(&format!("getconf: Unrecognized variable `{name}'\n"))?;
            return Ok(2);
        }
    };
    let value = if name == "WORD_BIT" { "32" } else { value };
    process.output(&format!("{value}\n"))?;
    Ok(0)
}

/// Whether something is mounted at a directory.
pub(super) fn mountpoint(process: &mut Process<'_, '_>) -> Outcome {
    let quiet = process.args().iter().any(|word| word == "-q");
    let Some(path) = process.args().iter().find(|word| !word.starts_with('-')).cloned() else {
        process.complain("missing operand")?;
        return Ok(1);
    };
    let place = match process.look(&path, crate::vfs::Follow::Yes) {
        Ok((place, _)) => place,
        Err(error) => {
            process.complain(&format!("{path}: {}", error.kind.message()))?;
            return Ok(1);
        }
    };
    let is_mounted = place == "/" || process.machine.is_mount_point(&place);
    if !quiet {
        process.output(&format!("{path} is {}a mountpoint\n", if is_mounted { "" } else { "not " }))?;
    }
    Ok(if is_mounted {
        0
    } else if process.is_busybox() {
        1
    } else {
        32
    })
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn what_is_said() {
        assert_eq!(
            sh("uname; uname -sm; nproc; nproc --ignore=9; tty; whoami; arch"),
            "Linux\nLinux x86_64\n2\n1\nnot a tty\nroot\nx86_64\n"
        );
        assert_eq!(
            shown("dash", "whoami x"),
            "! whoami: extra operand 'x'\n! Try 'whoami --help' for more information.\n= 1\n"
        );
    }
}

//! `mkfifo` and `mknod`: pipes and devices.

use super::mode;
use super::options::{self, Options};
use super::support::{cannot, fail};
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{DeviceKind, VfsError};

/// Makes named pipes.
pub(super) fn mkfifo(process: &mut Process<'_, '_>) -> Outcome {
    let options = options::take(process, "m:", &[("mode", 'm')])?;
    if options.operands.is_empty() {
        return options::missing(process, "missing operand");
    }
    let mode = wanted(process, &options)?;
    let mut code = 0;
    for path in &options.operands {
        if let Err(error) = make(process, path, (DeviceKind::Fifo, (0, 0)), mode) {
            let what =
                if process.is_busybox() { path.clone() } else { format!("cannot create fifo '{path}'") };
            process.complain(&format!("{what}: {}", error.kind.message()))?;
            code = 1;
        }
    }
    Ok(code)
}

/// Makes a device.
pub(super) fn mknod(process: &mut Process<'_, '_>) -> Outcome {
    let options = options::take(process, "m:", &[("mode", 'm')])?;
    let words = &options.operands;
    let is_pipe = words.get(1).is_some_and(|kind| kind == "p");
    let needed = if is_pipe { 2 } else { 4 };
    if words.len() < needed {
        let Some(last) = words.last().filter(|_| !process.is_busybox()) else {
            return options::missing(process, "missing operand");
        };
        process.complain(&format!("missing operand after ‘{last}’"))?;
        if words.len() == 2 {
            process.error_output("Special files require major and minor device numbers.\n")?;
        }
        return options::usage_error(process);
    }
    let mode = wanted(process, &options)?;
    let number = |at: usize| words.get(at).and_then(|text| text.parse::<u32>().ok());
    let kind = match (words[1].as_str(), number(2), number(3)) {
        ("p", ..) => (DeviceKind::Fifo, (0, 0)),
        ("c" | "u", Some(major), Some(minor)) => (DeviceKind::Character, (major, minor)),
        ("b", Some(major), Some(minor)) => (DeviceKind::Block, (major, minor)),
        ("c" | "u" | "b", None, _) => {
            return fail(process, 1, &format!("invalid major device number ‘{}’", words[2]));
        }
        ("c" | "u" | "b", _, None) => {
            return fail(process, 1, &format!("invalid minor device number ‘{}’", words[3]));
        }
        (other, ..) => return options::misused(process, &format!("invalid device type ‘{other}’")),
    };
    if let Err(error) = make(process, &words[0], kind, mode) {
        if process.is_busybox() {
            cannot(process, "create", &words[0], &error)?;
        } else {
            process.complain(&format!("{}: {}", words[0], error.kind.message()))?;
        }
        return Ok(1);
    }
    Ok(0)
}

fn wanted(process: &mut Process<'_, '_>, options: &Options) -> Result<Option<u32>, Interrupt> {
    let Some(text) = options.value('m') else { return Ok(None) };
    match mode::parse(text, 0o666, false, 0) {
        Some(mode) => Ok(Some(mode)),
        None => fail(process, 1, "invalid mode"),
    }
}

fn make(
    process: &mut Process<'_, '_>,
    path: &str,
    (kind, number): (DeviceKind, (u32, u32)),
    mode: Option<u32>,
) -> Result<(), VfsError> {
    let made = process.make_device(path, kind, number, 0o666);
    made.and_then(|()| mode.map_or(Ok(()), |mode| process.set_mode(path, mode)))
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn nodes() {
        assert_eq!(
            sh("mkfifo -m 640 /p; mknod /c c 1 3; stat -c '%F %a %t %T' /p /c"),
            "fifo 640 0 0\ncharacter special file 644 1 3\n"
        );
        assert_eq!(shown("dash", "mkfifo /d"), "! mkfifo: cannot create fifo '/d': File exists\n= 1\n");
        assert!(
            shown("dash", "mknod x q").starts_with("! mknod: missing operand after 'q'\n! Special files")
        );
    }
}

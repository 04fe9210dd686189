//! The real programs, in a folder of their own that is removed again.

use crate::case::{Flavour, shown};
use std::path::Path;
use std::process::{Command, Stdio};

/// What a script prints.
pub(crate) fn run(script: &str, flavour: Flavour) -> String {
    let folder = std::env::temp_dir().join(format!("lab-utilities-{}", std::process::id()));
    let work = folder.join("w");
    std::fs::create_dir_all(&work).unwrap();
    let bin = folder.join("bin");
    let (shell, path) = match flavour {
        Flavour::Busybox => {
            std::fs::create_dir_all(&bin).unwrap();
            install_applets(&bin);
            ("busybox", bin.to_string_lossy().into_owned())
        }
        Flavour::Debian => {
            // Whatever else is installed, Debian's awk is mawk.
            std::fs::create_dir_all(&bin).unwrap();
            let _ = std::os::unix::fs::symlink("/usr/bin/mawk", bin.join("awk"));
            ("dash", format!("{}:/usr/bin:/bin", bin.to_string_lossy()))
        }
    };
    let mut command =
        Command::new(if flavour == Flavour::Busybox { "/usr/bin/busybox" } else { "/bin/dash" });
    if flavour == Flavour::Busybox {
        command.arg("sh");
    }
    let output = command
        .args(["-c", script])
        .env_clear()
        .env("PATH", path)
        .env("HOME", "/")
        .current_dir(&work)
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{shell}: {error}"));
    std::fs::remove_dir_all(&folder).unwrap();
    shown(&output.stdout, &output.stderr, output.status.code().unwrap_or(128))
}

fn install_applets(bin: &Path) {
    let status = Command::new("/usr/bin/busybox").args(["--install", "-s"]).arg(bin).status().unwrap();
    assert!(status.success());
}

//! `--version` of GNU's programs and their neighbours, as Debian 12 has them. Only the first line: nobody reads on.

use crate::shell::{ExitCode, Interrupt, Process};

/// Prints the version of the program.
pub(super) fn print(process: &mut Process<'_, '_>) -> Result<ExitCode, Interrupt> {
    let name = process.name().to_owned();
    let text = match name.as_str() {
        "tar" => "tar (GNU tar) 1.34".to_owned(),
        "grep" | "egrep" | "fgrep" => "grep (GNU grep) 3.8".to_owned(),
        "sed" => "sed (GNU sed) 4.9".to_owned(),
        "find" | "xargs" => format!("{name} (GNU findutils) 4.9.0"),
        "gzip" | "gunzip" | "zcat" => format!("{name} 1.12"),
        "xz" | "unxz" | "xzcat" => "xz (XZ Utils) 5.4.1".to_owned(),
        "zstd" | "unzstd" | "zstdcat" => "*** Zstandard CLI (64-bit) v1.5.4, by Yann Collet ***".to_owned(),
        "diff" | "cmp" => format!("{name} (GNU diffutils) 3.8"),
        "patch" => "GNU patch 2.7.6".to_owned(),
        "cpio" => "cpio (GNU cpio) 2.13".to_owned(),
        "tree" => {
            "tree v2.1.0 (c) 1996 - 2022 by Steve Baker, Thomas Moore, Francesc Rocher, Florian Sesser, \
                   Kyosuke Tokoro"
                .to_owned()
        }
        "column" | "hexdump" | "hd" | "rev" | "su" | "kill" | "setsid" | "ionice" | "mountpoint" => {
            format!("{name} from util-linux 2.38.1")
        }
        "ps" => "ps from procps-ng 4.0.2".to_owned(),
        "hostname" => "hostname 3.23".to_owned(),
        _ => format!("{name} (GNU coreutils) 9.1"),
    };
    process.output(&format!("{text}\n"))?;
    Ok(0)
}

//! `tar`: makes, lists and unpacks archives.
//!
//! [`settings`] reads the command line in its three styles, [`names`] decides which members are meant and what they are
//! called, [`create`] writes, [`extract`] unpacks and lists.

mod create;
mod extract;
mod header;
mod list;
mod names;
mod settings;

use crate::compression::deflate::{Level, Packer};
use crate::compression::{Format, gzip};
use crate::shell::{Interrupt, Outcome, Process};
use settings::{Mode, Settings};

/// Runs it.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let settings = match Settings::of(process)? {
        Ok(settings) => settings,
        Err(code) => return Ok(code),
    };
    match settings.mode {
        Mode::Create => create::create(process, &settings),
        Mode::Append => create::append(process, &settings),
        Mode::Extract | Mode::List => extract::extract(process, &settings),
    }
}

/// Says what cannot be helped, and gives the exit code.
fn fatal(process: &mut Process<'_, '_>, text: &str) -> Outcome {
    process.complain(text)?;
    if process.is_busybox() {
        return Ok(1);
    }
    process.complain("Error is not recoverable: exiting now")?;
    Ok(2)
}

/// The exit code at the end, with the words for one that is not 0.
fn finish(process: &mut Process<'_, '_>, failed: bool) -> Outcome {
    if !failed {
        return Ok(0);
    }
    if process.is_busybox() {
        process.complain("error exit delayed from previous errors")?;
        return Ok(1);
    }
    process.complain("Exiting with failure status due to previous errors")?;
    Ok(2)
}

/// The archive as the chosen program packs it.
fn packed(
    process: &mut Process<'_, '_>,
    settings: &Settings,
    tar: Vec<u8>,
) -> Result<Result<Vec<u8>, i32>, Interrupt> {
    match settings.format {
        None => Ok(Ok(tar)),
        Some(Format::Gzip) => {
            let packer = if process.is_busybox() { Packer::Busybox } else { Packer::Gnu };
            process.step(tar.len() as u64 / 256)?;
            Ok(Ok(gzip::pack(&tar, Level::new(6, packer), packer, None, 0)))
        }
        Some(format) => {
            process.step(tar.len() as u64 / 64)?;
            Ok(Ok(format.pack(&tar, if format == Format::Bzip2 { 9 } else { 6 })))
        }
    }
}

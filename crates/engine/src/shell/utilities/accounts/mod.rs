//! Users and groups: `/etc/passwd`, `/etc/group` and their shadows are plain files, and these commands edit them.
//!
//! [`table`] holds the files; [`busybox`] has the applets, [`shadow`] the programs of the package `passwd`, and
//! [`debian`] the scripts of the package `adduser`, which call those programs.

mod busybox;
mod debian;
mod debian_remove;
mod getent;
mod gpasswd;
mod groups;
mod home;
mod nologin;
mod password;
mod sha512_crypt;
mod shadow;
mod su;
mod table;

pub(super) use getent::getent;
pub(super) use gpasswd::gpasswd;
pub(super) use groups::{groups, logname};
pub(super) use nologin::nologin;
pub(super) use password::{chpasswd, passwd};
pub(super) use shadow::{groupadd, groupdel, groupmod, useradd, userdel, usermod};
pub(super) use su::su;

use crate::shell::{Outcome, Process};

/// `adduser`
pub(super) fn adduser(process: &mut Process<'_, '_>) -> Outcome {
    if process.is_busybox() { busybox::adduser(process) } else { debian::adduser(process) }
}

/// `addgroup`
pub(super) fn addgroup(process: &mut Process<'_, '_>) -> Outcome {
    if process.is_busybox() { busybox::addgroup(process) } else { debian::addgroup(process) }
}

/// `deluser`
pub(super) fn deluser(process: &mut Process<'_, '_>) -> Outcome {
    if process.is_busybox() { busybox::deluser(process) } else { debian_remove::deluser(process) }
}

/// `delgroup`
pub(super) fn delgroup(process: &mut Process<'_, '_>) -> Outcome {
    if process.is_busybox() { busybox::delgroup(process) } else { debian_remove::delgroup(process) }
}

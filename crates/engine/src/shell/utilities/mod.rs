//! Utilities: commands that are really executed, one file each.
//!
//! A utility behaves as the applet of BusyBox 1.35 where it is one, and as Debian's (coreutils and so on) elsewhere;
//! [`super::Process::flavour`] says which.

mod accounts;
mod awk;
mod base64;
pub mod busybox;
mod cat;
mod chmod;
mod chown;
mod cksum;
mod cmp;
mod column;
mod comm;
mod conversion;
mod cp;
mod cpio;
mod csplit;
mod cut;
mod date;
mod dd;
mod df;
mod diff;
mod du;
pub(super) mod echo;
mod env;
mod expand;
mod expr;
mod factor;
mod find;
mod fold;
mod format;
mod giving_up;
mod grep;
mod gzip;
mod hash;
mod head;
mod hexdump;
mod id;
mod install;
mod join;
mod kill;
#[cfg(test)]
mod limit_tests;
mod ln;
mod ls;
mod mkdir;
mod mknod;
pub(super) mod mode;
mod mv;
mod names;
mod nl;
mod od;
mod options;
mod paste;
mod patch;
pub(super) mod printf;
mod ps;
mod rev;
mod rm;
mod sed;
mod seq;
mod shuf;
mod sleep;
mod sort;
mod split;
mod stat;
mod strings;
mod sum;
mod support;
mod system;
mod tac;
mod tail;
mod tar;
mod tee;
pub(super) mod test;
mod time;
mod touch;
mod tr;
mod transfer;
mod tree;
mod r#true;
mod truncate;
mod tsort;
mod two_files;
mod uniq;
mod unzip;
mod usage;
mod version;
mod wc;
mod wrappers;
mod xargs;
mod xxd;
mod yes;
mod zip;

pub(super) use format::{format_float, shell_quoted};
pub(super) use time::format_time;
pub(super) use usage::{answers_help, print as print_usage};

use super::interrupt::Outcome;
use super::process::Process;

/// The main function of a utility.
pub type Main = fn(&mut Process<'_, '_>) -> Outcome;

/// The utility that is called `name`.
pub fn find(name: &str) -> Option<Main> {
    Some(match name {
        "addgroup" => accounts::addgroup,
        "adduser" => accounts::adduser,
        "arch" => system::arch,
        "awk" | "gawk" | "mawk" | "nawk" => awk::main,
        "base64" => base64::main,
        "basename" => names::basename,
        "cat" => cat::main,
        "chgrp" => chown::chgrp,
        "chmod" => chmod::chmod,
        "chpasswd" => accounts::chpasswd,
        "chown" => chown::chown,
        "cksum" => cksum::main,
        "cmp" => cmp::main,
        "column" => column::main,
        "comm" => comm::comm,
        "cp" => cp::cp,
        "cpio" => cpio::main,
        "csplit" => csplit::main,
        "cut" => cut::main,
        "date" => date::main,
        "dd" => dd::main,
        "delgroup" => accounts::delgroup,
        "deluser" => accounts::deluser,
        "df" => df::main,
        "diff" => diff::main,
        "dirname" => names::dirname,
        "du" => du::du,
        "echo" => echo::main,
        "env" => env::env,
        "expand" => expand::expand,
        "expr" => expr::main,
        "factor" => factor::main,
        "false" => r#true::fail,
        "find" => find::main,
        "fold" => fold::main,
        "getent" => accounts::getent,
        "gpasswd" => accounts::gpasswd,
        "groupadd" => accounts::groupadd,
        "groupdel" => accounts::groupdel,
        "groupmod" => accounts::groupmod,
        "groups" => accounts::groups,
        "grep" | "egrep" | "fgrep" => grep::main,
        "gzip" | "gunzip" | "zcat" | "bzip2" | "bunzip2" | "bzcat" | "xz" | "unxz" | "xzcat" | "zstd"
        | "unzstd" | "zstdcat" => gzip::main,
        "head" => head::main,
        "hd" | "hexdump" => hexdump::main,
        "hostname" => system::hostname,
        "id" => id::main,
        "install" => install::install,
        "join" => join::join,
        "kill" => kill::main,
        "ln" => ln::ln,
        "logname" => accounts::logname,
        "ls" => ls::ls,
        "md5sum" | "sha1sum" | "sha224sum" | "sha256sum" | "sha384sum" | "sha512sum" => hash::main,
        "mkdir" => mkdir::mkdir,
        "mkfifo" => mknod::mkfifo,
        "mknod" => mknod::mknod,
        "mktemp" => names::mktemp,
        "mv" => mv::mv,
        "nl" => nl::main,
        "nologin" => accounts::nologin,
        "nice" => wrappers::nice,
        "nohup" => wrappers::nohup,
        "ionice" => wrappers::ionice,
        "setsid" => wrappers::setsid,
        "stdbuf" => wrappers::stdbuf,
        "time" => wrappers::time,
        "timeout" => wrappers::timeout,
        "nproc" => system::nproc,
        "od" => od::main,
        "passwd" => accounts::passwd,
        "paste" => paste::main,
        "patch" => patch::main,
        "printenv" => env::printenv,
        "printf" => printf::main,
        "ps" => ps::main,
        "pwd" => names::pwd,
        "readlink" => names::readlink,
        "realpath" => names::realpath,
        "rev" => rev::main,
        "rm" => rm::rm,
        "rmdir" => mkdir::rmdir,
        "sed" => sed::main,
        "seq" => seq::main,
        "sh" | "ash" | "bash" | "dash" => super::interpreter::main,
        "shuf" => shuf::shuf,
        "sleep" | "usleep" => sleep::main,
        "sort" => sort::main,
        "split" => split::split,
        "stat" => stat::main,
        "su" => accounts::su,
        "strings" => strings::main,
        "sum" => sum::main,
        "sync" | "true" | ":" => r#true::succeed,
        "tac" => tac::main,
        "tar" => tar::main,
        "tail" => tail::main,
        "tee" => tee::main,
        "test" | "[" | "[[" => test::main,
        "touch" => touch::touch,
        "tree" => tree::main,
        "tr" => tr::main,
        "tsort" => tsort::main,
        "tty" => system::tty,
        "getconf" => system::getconf,
        "mountpoint" => system::mountpoint,
        "busybox" => busybox::main,
        "truncate" => truncate::main,
        "useradd" => accounts::useradd,
        "userdel" => accounts::userdel,
        "usermod" => accounts::usermod,
        "unzip" => unzip::unzip,
        "uname" => system::uname,
        "unexpand" => expand::unexpand,
        "uniq" => uniq::main,
        "unlink" => rm::unlink,
        "wc" => wc::main,
        "which" => names::which,
        "whoami" => system::whoami,
        "xargs" => xargs::main,
        "xxd" => xxd::main,
        "yes" => yes::main,
        "zip" => zip::main,
        _ => return None,
    })
}

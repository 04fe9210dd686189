//! Builtin commands, by theme.

mod control;
mod declare;
mod directory;
mod getopts;
mod lookup;
mod options;
mod output;
mod read;
mod shopt;
mod signals;
mod variables;

pub(in crate::shell) use signals::{SIGNALS, signal_name};

use super::{Shell, Status};
use crate::shell::language::Dialect;

/// A builtin: takes its words, the name included.
pub(super) type Builtin = fn(&mut Shell<'_, '_>, &[String]) -> Status;

/// The builtin of this name that a shell has.
pub(super) fn find(name: &str, dialect: Dialect) -> Option<Builtin> {
    let builtin: Builtin = match name {
        ":" | "true" => |_, _| Ok(0),
        "false" => |_, _| Ok(1),
        "fg" | "bg" => |_, _| Ok(0),
        "times" => signals::times,
        "hash" => lookup::hash,
        "ulimit" => options::ulimit,
        "jobs" => signals::jobs,
        "." => control::source,
        "break" => control::break_loop,
        "continue" => control::continue_loop,
        "eval" => control::eval,
        "exec" => control::exec,
        "exit" => control::exit,
        "return" => control::return_from,
        "trap" => signals::trap,
        "wait" => signals::wait,
        "kill" => signals::kill,
        "cd" | "chdir" => directory::cd,
        "pwd" => directory::pwd,
        "umask" => directory::umask,
        "getopts" => getopts::getopts,
        "command" => lookup::command,
        "type" => lookup::type_of,
        "alias" => lookup::alias,
        "unalias" => lookup::unalias,
        "set" => options::set,
        "shift" => options::shift,
        "echo" => output::echo,
        "printf" => output::printf,
        "test" | "[" => output::test,
        "read" => read::read,
        "export" => variables::export,
        "readonly" => variables::readonly,
        "unset" => variables::unset,
        "local" => variables::local,
        "[[" if dialect == Dialect::Ash => output::test,
        "source" if dialect != Dialect::Dash => control::source,
        "let" if dialect != Dialect::Dash => output::let_values,
        "builtin" if dialect == Dialect::Bash => lookup::builtin,
        "declare" | "typeset" if dialect == Dialect::Bash => declare::declare,
        "shopt" if dialect == Dialect::Bash => shopt::shopt,
        "pushd" if dialect == Dialect::Bash => directory::pushd,
        "dirs" if dialect == Dialect::Bash => directory::dirs,
        "popd" if dialect == Dialect::Bash => directory::popd,
        "mapfile" | "readarray" if dialect == Dialect::Bash => read::mapfile,
        "disown" | "enable" if dialect == Dialect::Bash => |_, _| Ok(0),
        _ => return None,
    };
    Some(builtin)
}

/// Whether a shell has this builtin.
pub(in crate::shell) fn exists(name: &str, dialect: Dialect) -> bool {
    find(name, dialect).is_some()
}

/// Whether it is one of POSIX's special builtins, whose errors end a shell and whose assignments stay.
pub(super) fn is_special(name: &str) -> bool {
    matches!(
        name,
        ":" | "."
            | "local"
            | "break"
            | "continue"
            | "eval"
            | "exec"
            | "exit"
            | "export"
            | "readonly"
            | "return"
            | "set"
            | "shift"
            | "times"
            | "trap"
            | "unset"
    )
}

//! `shopt` of bash.

use crate::shell::interpreter::state::Options;
use crate::shell::interpreter::{Shell, Status};

type Field = fn(&mut Options) -> &mut bool;

/// The options that there are, sorted, with what they do here, and whether the others are on at first. What has no field
/// is known, but changes nothing: it is about somebody who types, or about older versions.
const OPTIONS: [(&str, Option<Field>, bool); 54] = [
    ("autocd", None, false),
    ("assoc_expand_once", None, false),
    ("cdable_vars", None, false),
    ("cdspell", None, false),
    ("checkhash", None, false),
    ("checkjobs", None, false),
    ("checkwinsize", None, true),
    ("cmdhist", None, true),
    ("compat31", None, false),
    ("compat32", None, false),
    ("compat40", None, false),
    ("compat41", None, false),
    ("compat42", None, false),
    ("compat43", None, false),
    ("compat44", None, false),
    ("complete_fullquote", None, true),
    ("direxpand", None, false),
    ("dirspell", None, false),
    ("dotglob", Some(|options| &mut options.dotglob), false),
    ("execfail", None, false),
    ("expand_aliases", Some(|options| &mut options.expand_aliases), false),
    ("extdebug", None, false),
    ("extglob", Some(|options| &mut options.extglob), false),
    ("extquote", None, true),
    ("failglob", Some(|options| &mut options.failglob), false),
    ("force_fignore", None, true),
    ("globasciiranges", None, true),
    ("globskipdots", None, true),
    ("globstar", Some(|options| &mut options.globstar), false),
    ("gnu_errfmt", None, false),
    ("histappend", None, false),
    ("histreedit", None, false),
    ("histverify", None, false),
    ("hostcomplete", None, true),
    ("huponexit", None, false),
    ("inherit_errexit", Some(|options| &mut options.inherit_errexit), false),
    ("interactive_comments", None, true),
    ("lastpipe", Some(|options| &mut options.lastpipe), false),
    ("lithist", None, false),
    ("localvar_inherit", None, false),
    ("localvar_unset", None, false),
    ("login_shell", None, false),
    ("mailwarn", None, false),
    ("no_empty_cmd_completion", None, false),
    ("nocaseglob", Some(|options| &mut options.nocaseglob), false),
    ("nocasematch", Some(|options| &mut options.nocasematch), false),
    ("noexpand_translation", None, false),
    ("nullglob", Some(|options| &mut options.nullglob), false),
    ("patsub_replacement", None, true),
    ("progcomp", None, true),
    ("progcomp_alias", None, false),
    ("promptvars", None, true),
    ("restricted_shell", None, false),
    ("shift_verbose", None, false),
];

/// `shopt`
pub(super) fn shopt(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let (mut on, mut quiet, mut prints, mut long) = (None, false, false, false);
    let mut rest = &words[1..];
    while let Some(letters) = rest.first().and_then(|word| word.strip_prefix('-')) {
        for letter in letters.chars() {
            match letter {
                's' => on = Some(true),
                'u' => on = Some(false),
                'q' => quiet = true,
                'p' => prints = true,
                'o' => long = true,
                _ => {
                    shell.error(Some("shopt"), &format!("-{letter}: invalid option"))?;
                    shell.process.error_output("shopt: usage: shopt [-pqsu] [-o] [optname ...]\n")?;
                    return Ok(2);
                }
            }
        }
        rest = &rest[1..];
    }
    if long {
        if on.is_none() {
            let mut status = 0;
            for name in rest {
                let is_on = shell.has_long_option(name);
                status |= i32::from(!is_on);
                if !quiet {
                    show(shell, name, is_on, prints)?;
                }
            }
            return Ok(status);
        }
        let sign = if on == Some(false) { "+o" } else { "-o" };
        let mut set = vec!["set".to_owned()];
        set.extend(rest.iter().flat_map(|name| [sign.to_owned(), name.clone()]));
        return super::options::set(shell, &set);
    }
    if rest.is_empty() {
        let mut options = shell.state.options;
        for (name, field, fixed) in OPTIONS {
            let is_on = field.map_or(fixed, |field| *field(&mut options));
            if on.is_none_or(|on| on == is_on) && !quiet {
                show(shell, name, is_on, prints)?;
            }
        }
        return Ok(0);
    }
    let mut status = 0;
    for name in rest {
        let Some((_, field, fixed)) = OPTIONS.iter().find(|(known, ..)| known == name) else {
            shell.error(Some("shopt"), &format!("{name}: invalid shell option name"))?;
            status = 1;
            continue;
        };
        match (on, field) {
            (Some(on), Some(field)) => *field(&mut shell.state.options) = on,
            (Some(_), None) => {}
            (None, field) => {
                let mut options = shell.state.options;
                let is_on = field.map_or(*fixed, |field| *field(&mut options));
                status |= i32::from(!is_on);
                if !quiet {
                    show(shell, name, is_on, prints)?;
                }
            }
        }
    }
    Ok(status)
}

fn show(
    shell: &mut Shell<'_, '_>,
    name: &str,
    is_on: bool,
    as_command: bool,
) -> Result<(), crate::shell::Interrupt> {
    let text = match (as_command, is_on) {
        (true, true) => format!("shopt -s {name}\n"),
        (true, false) => format!("shopt -u {name}\n"),
        (false, is_on) => format!("{name:<15}\t{}\n", if is_on { "on" } else { "off" }),
    };
    shell.process.output(&text)
}

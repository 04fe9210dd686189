//! `start`, `stop`, `restart`, `kill`, `pause`, `unpause`, `rename`, `wait` and `rm`.

use crate::client::errors::Fail;
use crate::client::{Context, Done};
use crate::daemon::containers::Stopped;
use crate::daemon::{Failure, FailureKind, nanoseconds, seconds_between};

/// The exit code of a client that was interrupted.
const INTERRUPTED: i32 = 130;

/// Does something to each of the containers that were named, and prints their names; what fails is told at the end.
fn each(
    context: &mut Context<'_, '_>,
    mut act: impl FnMut(&mut Context<'_, '_>, usize, &str) -> Result<(), Failure>,
) -> Result<Vec<(String, Failure)>, Fail> {
    let mut failures = Vec::new();
    for name in context.options.arguments.clone() {
        let result = context.docker.daemon.find_container(&name).and_then(|at| act(context, at, &name));
        match result {
            Ok(()) => context.line(&name),
            Err(failure) => failures.push((name, failure)),
        }
    }
    Ok(failures)
}

fn told(failures: Vec<(String, Failure)>) -> Done {
    if failures.is_empty() {
        return Ok(0);
    }
    let lines: Vec<String> =
        failures.iter().map(|(_, failure)| format!("Error response from daemon: {failure}")).collect();
    Err(Fail::new(lines.join("\n")))
}

pub(super) fn stop(context: &mut Context<'_, '_>) -> Done {
    let signal = context.options.value("signal").map(str::to_owned);
    stop_each(context, signal.as_deref(), |_, _| Ok(()))
}

pub(super) fn restart(context: &mut Context<'_, '_>) -> Done {
    stop_each(context, None, |context, name| {
        let world = context.call.world();
        // With `--rm` it is gone.
        let at = context.docker.daemon.find_container(name)?;
        let started = context.docker.daemon.start(at, Vec::new(), context.call.tree(), world);
        started.map_err(|unstarted| unstarted.failure)
    })
}

/// Stops each of the containers, and does something more to it. Where a process would be waited for without end, the
/// client is interrupted: no time passes, and the process goes on.
fn stop_each(
    context: &mut Context<'_, '_>,
    signal: Option<&str>,
    then: impl Fn(&mut Context<'_, '_>, &str) -> Result<(), Failure>,
) -> Done {
    let timeout = context.options.number("timeout").or_else(|| context.options.number("time"));
    let mut failures = Vec::new();
    for name in context.options.arguments.clone() {
        let world = context.call.world();
        let daemon = &mut context.docker.daemon;
        let found = daemon.find_container(&name);
        let result = match found.and_then(|at| daemon.stop(at, timeout, signal, context.call.tree(), world)) {
            Ok(Stopped::Never) => {
                let told = told(failures).map_or_else(|fail| fail.message, |_| String::new());
                return Err(Fail::new(told).with_code(INTERRUPTED));
            }
            Ok(Stopped::After(seconds)) => {
                pass(context, seconds);
                then(context, &name)
            }
            Err(failure) => Err(failure),
        };
        match result {
            Ok(()) => context.line(&name),
            Err(failure) => failures.push((name, failure)),
        }
    }
    told(failures)
}

/// Lets time pass for client and daemon.
fn pass(context: &mut Context<'_, '_>, seconds: f64) {
    context.call.seconds += seconds;
    context.docker.daemon.pass(seconds);
}

pub(super) fn kill(context: &mut Context<'_, '_>) -> Done {
    let signal = context.options.value("signal").unwrap_or("KILL").to_owned();
    let old = context.dialect().is_old_server();
    let mut failures = Vec::new();
    for name in context.options.arguments.clone() {
        let daemon = &mut context.docker.daemon;
        let head = if old { "Cannot" } else { "cannot" };
        let result = daemon
            .find_container(&name)
            .map_err(|failure| {
                Failure::new(failure.kind, format!("{head} kill container: {name}: {failure}"))
            })
            .and_then(|at| daemon.kill(at, &name, &signal));
        match result {
            Ok(()) => context.line(&name),
            Err(failure) => failures.push((name, failure)),
        }
    }
    told(failures)
}

pub(super) fn pause(context: &mut Context<'_, '_>) -> Done {
    let failures = each(context, |context, at, _| context.docker.daemon.pause(at))?;
    told(failures)
}

pub(super) fn unpause(context: &mut Context<'_, '_>) -> Done {
    let failures = each(context, |context, at, _| context.docker.daemon.unpause(at))?;
    told(failures)
}

pub(super) fn rename(context: &mut Context<'_, '_>) -> Done {
    let (old, new) = (context.argument(0).to_owned(), context.argument(1).to_owned());
    let daemon = &mut context.docker.daemon;
    let result = daemon.find_container(&old).and_then(|at| daemon.rename(at, &new));
    result.map(|()| 0).map_err(|failure| {
        Fail::new(if context.dialect().client < 29 {
            format!("Error response from daemon: {failure}\nError: failed to rename container named {old}")
        } else {
            format!("failed to rename container: Error response from daemon: {failure}")
        })
    })
}

pub(super) fn wait(context: &mut Context<'_, '_>) -> Done {
    let mut failures = Vec::new();
    for name in context.options.arguments.clone() {
        match context.docker.daemon.find_container(&name) {
            Ok(at) => {
                let id = context.docker.daemon.containers[at].id.hex();
                let code = wait_for(context, at);
                let place = super::run::place(context, &id);
                let code = place.map_or(code, |at| context.docker.daemon.containers[at].exit_code);
                context.line(code.to_string());
            }
            Err(failure) => failures.push((name, failure)),
        }
    }
    told(failures)
}

/// Lets time pass until a container has ended.
fn wait_for(context: &mut Context<'_, '_>, at: usize) -> i32 {
    let world = context.call.world();
    let daemon = &mut context.docker.daemon;
    let container = &daemon.containers[at];
    let Some(mut execution) = container.execution.clone().filter(|_| container.is_running()) else {
        return container.exit_code;
    };
    execution.advance(f64::MAX / 4.0, world);
    let Some((after, code)) = execution.ended else { return 0 };
    let end = container.started.saturating_add(nanoseconds(after));
    let seconds = seconds_between(daemon.now, end).max(0.0);
    pass(context, seconds);
    context.docker.daemon.refresh_container(at, context.call.tree(), world);
    code
}

pub(super) fn rm(context: &mut Context<'_, '_>) -> Done {
    let (force, volumes) = (context.options.is_on("force"), context.options.is_on("volumes"));
    let failures =
        each(context, |context, at, name| context.docker.daemon.remove_container(at, name, force, volumes))?;
    if failures.is_empty() {
        return Ok(0);
    }
    let mut lines = Vec::new();
    let mut is_fatal = false;
    let dialect = context.dialect();
    for (name, failure) in failures {
        let is_missing = failure.kind == FailureKind::NotFound;
        is_fatal |= !(is_missing && force);
        if is_missing && dialect.is_old_client() {
            lines.push(format!("Error: No such container: {name}"));
        } else if !(is_missing && force && dialect.client >= 29) {
            lines.push(format!("Error response from daemon: {failure}"));
        }
    }
    let text = lines.join("\n");
    if is_fatal {
        return Err(Fail::new(text));
    }
    if !text.is_empty() {
        context.call.err(&format!("{text}\n"));
    }
    Ok(0)
}

pub(super) fn start(context: &mut Context<'_, '_>) -> Done {
    let attach = context.options.is_on("attach") || context.options.is_on("interactive");
    let names = context.options.arguments.clone();
    let mut failed = Vec::new();
    let mut lines = Vec::new();
    for name in &names {
        let result = match context.docker.daemon.find_container(name) {
            Ok(at) => {
                let world = context.call.world();
                let id = context.docker.daemon.containers[at].id.hex();
                let tty = context.docker.daemon.containers[at].options.tty;
                let open = context.options.is_on("interactive")
                    && context.docker.daemon.containers[at].options.open_stdin;
                let stdin = if open { context.call.stdin() } else { Vec::new() };
                let started = context.docker.daemon.start(at, stdin, context.call.tree(), world);
                if started.is_ok() && attach {
                    return Ok(super::run::follow(context, &id, tty));
                }
                started.map_err(|unstarted| unstarted.failure)
            }
            Err(failure) => Err(failure),
        };
        match result {
            Ok(()) => context.line(name),
            Err(failure) => {
                lines.push(format!("Error response from daemon: {failure}"));
                failed.push(name.clone());
            }
        }
    }
    if failed.is_empty() {
        return Ok(0);
    }
    let head = if context.dialect().client < 29 { "Error: " } else { "" };
    lines.push(format!("{head}failed to start containers: {}", failed.join(", ")));
    Err(Fail::new(lines.join("\n")))
}

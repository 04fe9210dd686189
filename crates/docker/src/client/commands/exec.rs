//! `docker exec`.

use super::missing;
use super::run as start;
use crate::client::errors::Fail;
use crate::client::{Context, Done};
use crate::daemon::containers::ExecOptions;

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let name = context.argument(0).to_owned();
    let at =
        context.docker.daemon.find_container(&name).map_err(|failure| missing(context, &name, failure))?;
    let options = context.options.clone();
    let (tty, interactive) = (options.is_on("tty"), options.is_on("interactive"));
    if tty && interactive && context.call.terminal().is_none() {
        return Err(Fail::new(if context.dialect().client < 29 {
            "the input device is not a TTY"
        } else {
            "cannot attach stdin to a TTY-enabled container because stdin is not a terminal"
        }));
    }
    let mut env = start::options::env_files(context, &options)?;
    for word in options.all("env") {
        env.extend(start::options::variable(context, word));
    }
    let stdin = if interactive { context.call.stdin() } else { Vec::new() };
    let exec = ExecOptions {
        words: options.arguments.get(1..).unwrap_or_default().to_vec(),
        env,
        cwd: options.value("workdir").map(str::to_owned),
        user: options.value("user").map(str::to_owned),
        stdin,
        tty,
    };
    let world = context.call.world();
    let done = context.docker.daemon.exec(at, &exec, context.call.tree(), world)?;
    context.call.seconds += done.seconds;
    context.docker.daemon.pass(done.seconds);
    if let Some(refused) = &done.refused {
        let is_user = refused.contains("no matching entries");
        let text = if is_user {
            refused.clone()
        } else if context.dialect().is_old_server() {
            format!(
                "OCI runtime exec failed: exec failed: unable to start container process: {refused}: unknown"
            )
        } else {
            format!("OCI runtime exec failed: exec failed: unable to start container process: {refused}")
        };
        if is_user {
            return Err(Fail::new(text).with_code(126));
        }
        context.line(text);
        return Ok(done.exit_code);
    }
    if options.is_on("detach") {
        return Ok(0);
    }
    for (stream, bytes) in done.output {
        start::print(context, stream, &bytes, tty);
    }
    Ok(done.exit_code)
}

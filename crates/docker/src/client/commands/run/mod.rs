//! `docker run` and `docker create`.

pub(super) mod options;

use crate::client::commands::pull::pull;
use crate::client::errors::{Fail, before_run};
use crate::client::progress::Target;
use crate::client::{Context, Done};
use crate::daemon::containers::CreateOptions;
use crate::daemon::{FailureKind, nanoseconds, seconds_between};
use crate::reference::Reference;
use lab_engine::shell::Stream;

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let dialect = context.dialect();
    let detached = context.options.is_on("detach");
    let made = make(context).map_err(|fail| {
        let code = if fail.code == 1 { 125 } else { fail.code };
        before_run(&fail.message, dialect, code, true)
    })?;
    let id = made.id.clone();
    if made.is_terminal_refused {
        return Err(refused_terminal(context));
    }
    let Some(at) = place(context, &id) else { return Ok(0) };
    let stdin = if made.options.open_stdin && !detached { context.call.stdin() } else { Vec::new() };
    let world = context.call.world();
    let started = context.docker.daemon.start(at, stdin, context.call.tree(), world);
    if detached {
        context.line(&id);
    }
    if let Err(unstarted) = started {
        if made.options.auto_remove {
            let _ = context.docker.daemon.remove_container(at, &id, true, true);
        }
        let message = format!("Error response from daemon: {}", unstarted.failure);
        return Err(before_run(&message, dialect, unstarted.code, false));
    }
    if detached {
        context.call.seconds += 0.3;
        return Ok(0);
    }
    Ok(follow(context, &id, made.options.tty))
}

fn refused_terminal(context: &Context<'_, '_>) -> Fail {
    Fail::new(if context.dialect().client < 29 {
        "the input device is not a TTY"
    } else {
        "cannot attach stdin to a TTY-enabled container because stdin is not a terminal"
    })
}

pub(super) fn create(context: &mut Context<'_, '_>) -> Done {
    let made = make(context)?;
    context.line(made.id);
    Ok(0)
}

/// The place of a container by its full ID.
pub(super) fn place(context: &Context<'_, '_>, id: &str) -> Option<usize> {
    context.docker.daemon.containers.iter().position(|container| container.id.hex() == id)
}

/// Lets a container run to its end, prints all that its process prints, and gives its exit code.
pub(super) fn follow(context: &mut Context<'_, '_>, id: &str, tty: bool) -> i32 {
    let history = place(context, id).map_or(0, |at| context.docker.daemon.containers[at].history.len());
    follow_from(context, id, tty, history)
}

/// The same for what comes behind so many entries of its log.
pub(super) fn follow_from(context: &mut Context<'_, '_>, id: &str, tty: bool, known: usize) -> i32 {
    let world = context.call.world();
    let asked = context.docker.daemon.now;
    let Some(at) = place(context, id) else { return 0 };
    let daemon = &mut context.docker.daemon;
    let container = &daemon.containers[at];
    let Some(mut execution) = container.execution.clone() else { return container.exit_code };
    execution.advance(f64::MAX / 4.0, world);
    let skipped = known.saturating_sub(container.history.len());
    let output: Vec<_> =
        execution.output.iter().skip(skipped).map(|(_, stream, bytes)| (*stream, bytes.clone())).collect();
    // Who waits for what never ends is interrupted.
    let (after, code) = execution.ended.unwrap_or((seconds_between(container.started, asked), 130));
    let end = container.started.saturating_add(nanoseconds(after));
    daemon.now = end.max(asked);
    daemon.refresh_container(at, context.call.tree(), world);
    context.call.seconds += seconds_between(asked, end).max(0.0);
    for (stream, bytes) in output {
        print(context, stream, &bytes, tty);
    }
    code
}

/// What a terminal shows goes to standard output, and its lines end with a return.
pub(super) fn print(context: &mut Context<'_, '_>, stream: Stream, bytes: &[u8], tty: bool) {
    if tty && context.call.terminal().is_none() {
        let text = String::from_utf8_lossy(bytes).replace('\n', "\r\n");
        context.call.print(Stream::Stdout, text.as_bytes());
    } else {
        context.call.print(stream, bytes);
    }
}

struct Made {
    id: String,
    options: CreateOptions,
    is_terminal_refused: bool,
}

fn make(context: &mut Context<'_, '_>) -> Result<Made, Fail> {
    let options = options::read(context)?;
    let dialect = context.dialect();
    let reference = Reference::parse(&options.image);
    let is_id = context.docker.daemon.find_image(&options.image).is_ok();
    let reference = match reference {
        Ok(reference) => Some(reference.with_tag()),
        Err(_) if is_id => None,
        Err(error) => return Err(Fail::new(error.message(!dialect.is_old_client()))),
    };
    let refuses = options.tty && options.open_stdin && context.call.terminal().is_none() && options.attached;
    if refuses && context.command.means == "run" {
        return Ok(Made { id: String::new(), options, is_terminal_refused: true });
    }
    fetch(context, &options.image, reference)?;
    if let Some(name) = context.options.value("cidfile")
        && context.call.read(name).is_ok()
    {
        return Err(Fail::new(format!(
            "container ID file found, make sure the other container isn't running or delete {name}"
        )));
    }
    for link in context.options.all("link") {
        let name = link.split(':').next().unwrap_or_default().to_owned();
        if context.docker.daemon.find_container(&name).is_err() {
            let message = format!("could not get container for {name}: No such container: {name}");
            return Err(Fail::new(format!("Error response from daemon: {message}")));
        }
    }
    let at = context.docker.daemon.create(options.clone(), context.call.tree())?;
    let id = context.docker.daemon.containers[at].id.hex();
    if let Some(name) = context.options.value("cidfile").map(str::to_owned) {
        let _ = context.call.write(&name, id.clone().into_bytes());
    }
    Ok(Made { id, options, is_terminal_refused: false })
}

/// Sees to it that the image is there, as `--pull` says.
fn fetch(context: &mut Context<'_, '_>, asked: &str, reference: Option<Reference>) -> Result<(), Fail> {
    let policy = context.options.value("pull").unwrap_or("missing").to_owned();
    let found = context.docker.daemon.find_image(asked);
    let Some(reference) = reference else { return Ok(()) };
    let is_missing = found.is_err();
    if policy == "never" || (policy != "always" && !is_missing) {
        return match found {
            Err(failure) if failure.kind == FailureKind::NotFound => Err(failure.into()),
            _ => Ok(()),
        };
    }
    let quiet = context.options.is_on("quiet") && !context.dialect().is_old_client();
    if is_missing && policy != "always" {
        context.call.err(&format!("Unable to find image '{}' locally\n", reference.familiar()));
    }
    let platform = context.options.value("platform").map(str::to_owned);
    let target = (!quiet).then_some(Target::Err);
    pull(context.docker, context.call, &reference, false, platform, target)?;
    Ok(())
}

/// The bytes of the files below a node.
pub(super) fn bytes_of(node: &lab_engine::vfs::Node) -> u64 {
    match node.as_directory() {
        Some(directory) => directory.entries().map(|(_, node)| bytes_of(node)).sum(),
        None => node.size(),
    }
}

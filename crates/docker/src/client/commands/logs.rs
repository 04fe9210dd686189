//! `docker logs`.

use super::missing;
use crate::client::{Context, Done};
use crate::daemon::prune::until;
use crate::daemon::seconds_between;
use lab_engine::shell::Stream;
use lab_session::text::time::rfc3339_of_nanos;

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let name = context.argument(0).to_owned();
    let at =
        context.docker.daemon.find_container(&name).map_err(|failure| missing(context, &name, failure))?;
    let follows = context.options.is_on("follow");
    let before = lines(&context.docker.daemon.containers[at].logs());
    let now = context.docker.daemon.now;
    let bound = |name: &str| context.options.value(name).and_then(|text| until(text, now));
    let (since, to) = (bound("since"), bound("until"));
    let times = context.options.is_on("timestamps");
    let tail = context.options.value("tail").and_then(|tail| tail.parse::<usize>().ok());
    let mut shown: Vec<Line> = before.clone();
    shown.retain(|(time, ..)| since.is_none_or(|since| *time >= since) && to.is_none_or(|to| *time <= to));
    if let Some(tail) = tail {
        shown.drain(..shown.len().saturating_sub(tail));
    }
    if follows {
        let known = before.len();
        let world = context.call.world();
        let container = &context.docker.daemon.containers[at];
        if let Some(mut execution) = container.execution.clone().filter(|_| container.is_running()) {
            // What runs on and on is followed for an hour.
            let passed = seconds_between(container.started, now);
            execution.advance(passed + 3600.0, world);
            let mut later = container.clone();
            let end = execution.ended.map_or(passed + 3600.0, |(after, _)| after);
            later.execution = Some(execution);
            shown.extend(lines(&later.logs()).into_iter().skip(known));
            context.call.seconds += (end - passed).max(0.0);
        }
    }
    for (time, stream, bytes) in shown {
        if times {
            context.call.print(stream, format!("{} ", padded(time)).as_bytes());
        }
        context.call.print(stream, &bytes);
    }
    Ok(0)
}

type Line = (i64, Stream, Vec<u8>);

/// What was printed, line by line.
fn lines(logs: &[Line]) -> Vec<Line> {
    let mut found: Vec<Line> = Vec::new();
    for (time, stream, bytes) in logs {
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            match found.last_mut() {
                Some((_, last, text)) if last == stream && !text.ends_with(b"\n") => {
                    text.extend_from_slice(line)
                }
                _ => found.push((*time, *stream, line.to_vec())),
            }
        }
    }
    found
}

/// With all nine digits.
fn padded(time: i64) -> String {
    let text = rfc3339_of_nanos(time);
    let (whole, fraction) =
        text.trim_end_matches('Z').split_once('.').unwrap_or((text.trim_end_matches('Z'), ""));
    format!("{whole}.{fraction:0<9}Z")
}

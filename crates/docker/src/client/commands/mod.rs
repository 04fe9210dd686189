//! The commands, one file each.

mod attach;
mod build;
mod commit;
mod context;
mod df;
mod diff;
mod exec;
mod history;
mod images;
mod info;
mod inspect;
mod life;
mod login;
mod logs;
mod manifest;
mod network;
mod port;
mod prune;
mod ps;
mod pull;
mod push;
mod rmi;
mod run;
mod save;
mod swarm;
mod tag;
mod version;
mod volume;

pub(super) use build::is_classic;
pub use version::KERNEL;

use super::errors::Fail;
use super::{Context, Done};
use crate::daemon::{Failure, FailureKind};

/// Runs a command whose options were read.
pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    match context.command.means.as_str() {
        "context create" | "context inspect" | "context ls" | "context rm" | "context show"
        | "context use" => context::run(context),
        "attach" => attach::run(context),
        "build" | "buildx build" => build::run(context),
        "commit" => commit::run(context),
        "container prune" => prune::containers(context),
        "create" => run::create(context),
        "diff" => diff::run(context),
        "exec" => exec::run(context),
        "history" => history::run(context),
        "kill" => life::kill(context),
        "logs" => logs::run(context),
        "pause" => life::pause(context),
        "network connect" => network::connect(context),
        "network create" => network::create(context),
        "network disconnect" => network::disconnect(context),
        "network ls" => network::ls(context),
        "network prune" => network::prune(context),
        "network rm" => network::rm(context),
        "port" => port::run(context),
        "ps" => ps::run(context),
        "rename" => life::rename(context),
        "restart" => life::restart(context),
        "rm" => life::rm(context),
        "run" => run::run(context),
        "start" => life::start(context),
        "stop" => life::stop(context),
        "unpause" => life::unpause(context),
        "volume create" => volume::create(context),
        "volume ls" => volume::ls(context),
        "volume prune" => volume::prune(context),
        "volume rm" => volume::rm(context),
        "wait" => life::wait(context),
        "image inspect" | "inspect" | "network inspect" | "volume inspect" => inspect::run(context),
        "image prune" => prune::images(context),
        "images" => images::run(context),
        "info" => info::run(context),
        "load" => save::load(context),
        "login" => login::login(context),
        "logout" => login::logout(context),
        "manifest inspect" => manifest::run(context),
        "pull" => pull::run(context),
        "push" => push::run(context),
        "rmi" => rmi::run(context),
        "save" => save::save(context),
        "system df" => df::run(context),
        "tag" => tag::run(context),
        "version" => version::run(context),
        name if swarm::is_about(name) => swarm::run(context),
        name => Err(Fail::new(format!("docker {name} is not simulated"))),
    }
}

/// A time as columns CREATED AT print it: `2026-11-03 19:59:59 +0000 UTC`.
fn created_at(seconds: i64) -> String {
    let time = lab_engine::world::rfc3339(seconds);
    format!("{} +0000 UTC", time.trim_end_matches('Z').replace('T', " "))
}

/// What is said of a container that there is not: an old client has words of its own.
fn missing(context: &Context<'_, '_>, name: &str, failure: Failure) -> Fail {
    if context.dialect().is_old_client() && failure.kind == FailureKind::NotFound {
        Fail::new(format!("Error: No such container: {name}"))
    } else {
        failure.into()
    }
}

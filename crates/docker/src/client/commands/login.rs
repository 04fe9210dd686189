//! `docker login` and `docker logout`.

use crate::client::errors::Fail;
use crate::client::{Context, Done};

/// What the hub is called in settings.
const HUB: &str = "https://index.docker.io/v1/";

fn domain(context: &Context<'_, '_>) -> String {
    match context.argument(0) {
        "" | HUB | "index.docker.io" => "docker.io".to_owned(),
        other => other
            .trim_start_matches("https://")
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .to_owned(),
    }
}

pub(super) fn login(context: &mut Context<'_, '_>) -> Done {
    let domain = domain(context);
    let options = &context.options;
    let from_input = options.is_on("password-stdin");
    let user = options.value("username").map(str::to_owned);
    let given = options.value("password").map(str::to_owned);
    if given.is_some() {
        let line = "WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n";
        context.call.err(line);
        if from_input {
            return Err(Fail::new("--password and --password-stdin are mutually exclusive"));
        }
    }
    if from_input && user.is_none() {
        return Err(Fail::new(if context.dialect().is_old_client() {
            "Must provide --username with --password-stdin"
        } else {
            "the --password-stdin option requires --username to be set"
        }));
    }
    let password = if from_input {
        let text = String::from_utf8_lossy(&context.call.stdin()).into_owned();
        Some(text.trim_end_matches('\n').trim_end_matches('\r').to_owned())
    } else {
        given
    };
    let (Some(user), Some(password)) = (user, password) else {
        return Err(Fail::new("Error: Cannot perform an interactive login from a non TTY device"));
    };
    context.docker.daemon.registries.login(&domain, &user, &password)?;
    context.docker.client.accounts.insert(domain, user);
    context.line("Login Succeeded");
    Ok(0)
}

pub(super) fn logout(context: &mut Context<'_, '_>) -> Done {
    let domain = domain(context);
    let shown = if domain == "docker.io" { HUB } else { &domain };
    let line = if context.docker.client.accounts.remove(&domain).is_some() {
        format!("Removing login credentials for {shown}")
    } else {
        format!("Not logged in to {shown}")
    };
    context.line(line);
    Ok(0)
}

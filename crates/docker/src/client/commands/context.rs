//! `docker context`.

use crate::client::errors::Fail;
use crate::client::format::List;
use crate::client::global::missing_context;
use crate::client::{Context, Done};
use crate::template::Value;

const HEADERS: [(&str, &str); 5] = [
    ("Name", "NAME"),
    ("Description", "DESCRIPTION"),
    ("DockerEndpoint", "DOCKER ENDPOINT"),
    ("Error", "ERROR"),
    ("Current", "CURRENT"),
];
const SOCKET: &str = "unix:///var/run/docker.sock";

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    match context.command.means.as_str() {
        "context create" => create(context),
        "context ls" => list(context),
        "context rm" => remove(context),
        "context show" => {
            let name = current(context);
            context.line(name);
            Ok(0)
        }
        "context use" => switch(context),
        _ => inspect(context),
    }
}

fn current(context: &Context<'_, '_>) -> String {
    context.docker.client.context.clone().unwrap_or_else(|| "default".to_owned())
}

fn exists(context: &Context<'_, '_>, name: &str) -> Result<(), Fail> {
    if name == "default" || context.docker.client.contexts.contains_key(name) {
        return Ok(());
    }
    Err(Fail::new(missing_context(name, context.call, context.dialect())))
}

fn create(context: &mut Context<'_, '_>) -> Done {
    let name = context.argument(0).to_owned();
    let about = context.options.value("description").unwrap_or_default().to_owned();
    if context.docker.client.contexts.contains_key(&name) {
        return Err(Fail::new(format!("context \"{name}\" already exists")));
    }
    context.docker.client.contexts.insert(name.clone(), about);
    context.line(&name);
    context.call.err(&format!("Successfully created context \"{name}\"\n"));
    Ok(0)
}

fn remove(context: &mut Context<'_, '_>) -> Done {
    for name in context.options.arguments.clone() {
        exists(context, &name)?;
        if name == "default" {
            return Err(Fail::new("default: context \"default\" cannot be removed"));
        }
        context.docker.client.contexts.remove(&name);
        context.line(name);
    }
    Ok(0)
}

fn switch(context: &mut Context<'_, '_>) -> Done {
    let name = context.argument(0).to_owned();
    exists(context, &name)?;
    context.docker.client.context = Some(name.clone()).filter(|name| name != "default");
    context.line(&name);
    context.call.err(&format!("Current context is now \"{name}\"\n"));
    Ok(0)
}

fn list(context: &mut Context<'_, '_>) -> Done {
    let current = current(context);
    let about = "Current DOCKER_HOST based configuration".to_owned();
    let all = context.docker.client.contexts.iter().map(|(name, about)| (name.clone(), about.clone()));
    let all = [("default".to_owned(), about)].into_iter().chain(all);
    let row = |(name, about): (String, String)| {
        let shown = if name == current { format!("{name} *") } else { name.clone() };
        Value::object(
            "*formatter.clientContextContext",
            [
                ("Current", Value::Bool(name == current)),
                ("Description", Value::text(about)),
                ("DockerEndpoint", Value::text(SOCKET)),
                ("Error", Value::text("")),
                ("Name", Value::text(shown)),
            ],
        )
    };
    let list = List {
        format: context.options.value("format"),
        table: "{{.Name}}\t{{.Description}}\t{{.DockerEndpoint}}\t{{.Error}}",
        quiet: context.options.is_on("quiet").then_some("{{.Name}}"),
        headers: &HEADERS,
        rows: all.map(row).collect(),
    };
    let text = list.print(context.dialect())?;
    context.call.out(&text);
    Ok(0)
}

fn inspect(context: &mut Context<'_, '_>) -> Done {
    let names = match &context.options.arguments[..] {
        [] => vec![current(context)],
        names => names.to_vec(),
    };
    let mut found = Vec::new();
    let mut failures = Vec::new();
    for name in names {
        match exists(context, &name) {
            Ok(()) => found.push(Value::object(
                "",
                [
                    ("Name", Value::text(name)),
                    ("Metadata", Value::object::<String>("", [])),
                    (
                        "Endpoints",
                        Value::object(
                            "",
                            [(
                                "docker",
                                Value::object(
                                    "",
                                    [("Host", Value::text(SOCKET)), ("SkipTLSVerify", false.into())],
                                ),
                            )],
                        ),
                    ),
                    ("TLSMaterial", Value::object::<String>("", [])),
                ],
            )),
            Err(fail) => failures.push(fail.message),
        }
    }
    super::inspect::print(context, found, failures)
}

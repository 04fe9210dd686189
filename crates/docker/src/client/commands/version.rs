//! `docker version`.

use crate::client::errors::Fail;
use crate::client::{Context, Done};
use crate::daemon::Daemon;
use crate::dialect::Dialect;
use crate::template::{Template, Value};

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let dialect = context.dialect();
    let info =
        Value::object("system.versionInfo", [("Client", client(dialect)), ("Server", server(dialect))]);
    print(context, "version", &info, |_| text(dialect))
}

/// Prints what `--format` asks of `info`, or else the text for people. `name` is that of the template.
pub(super) fn print(
    context: &mut Context<'_, '_>,
    name: &str,
    info: &Value,
    text: impl FnOnce(&Daemon) -> String,
) -> Done {
    match context.options.value("format").filter(|format| !format.is_empty()) {
        None => {
            let text = text(&context.docker.daemon);
            context.call.out(&text);
        }
        Some("json") if !context.dialect().is_old_client() => context.line(info.to_json()),
        Some(format) => {
            let template = Template::parse(name, &format.replace("\\n", "\n").replace("\\t", "\t"));
            let template = template
                .map_err(|error| Fail::new(format!("template parsing error: {error}")).with_code(64))?;
            match template.run(info) {
                Ok(text) => context.line(text),
                Err((error, text)) => {
                    context.line(text);
                    return Err(Fail::new(error));
                }
            }
        }
    }
    Ok(0)
}

/// Who made a part, and how.
struct Build {
    commit: &'static str,
    go: &'static str,
    time: &'static str,
}

fn build_of(version: u32) -> Build {
    match version {
        20 => Build { commit: "297e128", go: "go1.19.8", time: "Thu May  7 21:09:36 2026" },
        28 => Build { commit: "e6534b4", go: "go1.24.3", time: "Fri May 30 12:07:16 2025" },
        _ => Build { commit: "6a43e3d", go: "go1.27.3", time: "Mon Aug 10 10:00:00 2026" },
    }
}

fn client(dialect: Dialect) -> Value {
    let build = build_of(dialect.client);
    Value::object(
        "system.clientVersion",
        [
            ("Version", Value::text(dialect.client_version())),
            ("APIVersion", Value::text(dialect.client_api())),
            ("ApiVersion", Value::text(dialect.client_api())),
            ("DefaultAPIVersion", Value::text(dialect.client_api())),
            ("GitCommit", Value::text(build.commit)),
            ("GoVersion", Value::text(build.go)),
            ("Os", Value::text("linux")),
            ("Arch", Value::text("amd64")),
            ("BuildTime", Value::text(build.time)),
            ("Context", Value::text("default")),
            ("Experimental", true.into()),
        ],
    )
}

fn server(dialect: Dialect) -> Value {
    let (newest, oldest) = dialect.server_api();
    Value::object(
        "*types.Version",
        [
            ("Platform", Value::object("", [("Name", Value::text(""))])),
            ("Components", Value::List(components(dialect))),
            ("Version", Value::text(dialect.server_version())),
            ("ApiVersion", Value::text(newest)),
            ("APIVersion", Value::text(newest)),
            ("MinAPIVersion", Value::text(oldest)),
            ("GitCommit", Value::text(server_commit(dialect))),
            ("GoVersion", Value::text(build_of(dialect.server).go)),
            ("Os", Value::text("linux")),
            ("Arch", Value::text("amd64")),
            ("KernelVersion", Value::text(KERNEL)),
            ("BuildTime", Value::text(build_of(dialect.server).time)),
        ],
    )
}

/// The kernel of the machine that the daemon is on.
pub const KERNEL: &str = "6.1.0-18-amd64";

fn server_commit(dialect: Dialect) -> &'static str {
    if dialect.is_old_server() { "5d6db84" } else { "6a43e3d" }
}

fn components(dialect: Dialect) -> Vec<Value> {
    let component = |name: &str, version: &str, details: Value| {
        Value::object(
            "",
            [("Name", Value::text(name)), ("Version", Value::text(version)), ("Details", details)],
        )
    };
    let commit = |text: &str| Value::object("", [("GitCommit", Value::text(text))]);
    let (newest, oldest) = dialect.server_api();
    let build = build_of(dialect.server);
    let mut engine = vec![
        ("ApiVersion", newest),
        ("Arch", "amd64"),
        ("BuildTime", build.time),
        ("Experimental", "false"),
        ("GitCommit", server_commit(dialect)),
        ("GoVersion", build.go),
        ("KernelVersion", KERNEL),
        ("MinAPIVersion", oldest),
    ];
    if !dialect.is_old_server() {
        engine.extend([("Module", "github.com/moby/moby/v2"), ("ModuleVersion", "v2.0.0+unknown")]);
    }
    engine.push(("Os", "linux"));
    let engine = Value::object("", engine.into_iter().map(|(name, value)| (name, Value::text(value))));
    let others = if dialect.is_old_server() {
        [("1.6.20~ds1", "1.6.20~ds1-1+deb12u3"), ("1.1.5+ds1", "1.1.5+ds1-1+deb12u1")]
    } else {
        [
            ("v2.3.3", "aad11006b869517fcd3009450b6f82da282e1a9b"),
            ("1.4.3", "bb14dabeb7185bb72c8c86735d090dcb20f36587"),
        ]
    };
    vec![
        component("Engine", dialect.server_version(), engine),
        component("containerd", others[0].0, commit(others[0].1)),
        component("runc", others[1].0, commit(others[1].1)),
        component("docker-init", "0.19.0", commit("")),
    ]
}

fn text(dialect: Dialect) -> String {
    let build = build_of(dialect.client);
    let mut text = String::from("Client:\n");
    let mut line = |name: &str, value: &str| text.push_str(&format!(" {name:<18}{value}\n"));
    line("Version:", dialect.client_version());
    line("API version:", dialect.client_api());
    line("Go version:", build.go);
    line("Git commit:", build.commit);
    line("Built:", build.time);
    line("OS/Arch:", "linux/amd64");
    line("Context:", "default");
    if dialect.is_old_client() {
        line("Experimental:", "true");
    }
    text.push_str("\nServer:\n");
    let (newest, oldest) = dialect.server_api();
    let build = build_of(dialect.server);
    for component in components(dialect) {
        let get = |name: &str| component.field(name).map(Value::print).unwrap_or_default();
        text.push_str(&format!(" {}:\n", get("Name")));
        let mut line = |name: &str, value: &str| text.push_str(&format!("  {name:<17}{value}\n"));
        line("Version:", &get("Version"));
        if get("Name") == "Engine" {
            line("API version:", &format!("{newest} (minimum version {oldest})"));
            line("Go version:", build.go);
        }
        let commit = component.field("Details").and_then(|details| details.field("GitCommit"));
        line("Git commit:", &commit.map(Value::print).unwrap_or_default());
        if get("Name") == "Engine" {
            line("Built:", build.time);
            line("OS/Arch:", "linux/amd64");
            line("Experimental:", "false");
        }
    }
    text
}

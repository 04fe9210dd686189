//! `docker info`.

use super::version::{KERNEL, print};
use crate::client::{Context, Done};
use crate::daemon::{Daemon, Status};
use crate::template::Value;

/// Drivers of logs; the first two of these went with version 29.
const OLD_LOGS: [&str; 1] = ["logentries"];
const LOGS: [&str; 9] =
    ["awslogs", "fluentd", "gcplogs", "gelf", "journald", "json-file", "local", "splunk", "syslog"];

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let dialect = context.dialect();
    let info = info(&context.docker.daemon, dialect.is_old_client());
    print(context, "", &info, text)
}

fn count(daemon: &Daemon, status: Option<Status>) -> i64 {
    let is = |container: &&crate::daemon::Container| match status {
        None => true,
        Some(Status::Exited) => !container.is_running(),
        Some(status) => container.status == status,
    };
    daemon.containers.iter().filter(is).count() as i64
}

fn logs(daemon: &Daemon) -> Vec<&'static str> {
    let mut logs = LOGS.to_vec();
    if daemon.dialect.is_old_server() {
        logs.extend(OLD_LOGS);
        logs.sort_unstable();
    }
    logs
}

fn driver(daemon: &Daemon) -> &'static str {
    if daemon.dialect.is_containerd() { "overlayfs" } else { "overlay2" }
}

fn info(daemon: &Daemon, is_old_client: bool) -> Value {
    let name = if is_old_client { "system.info" } else { "system.dockerInfo" };
    let networks = ["bridge", "host", "ipvlan", "macvlan", "null", "overlay"];
    let plugins = Value::object(
        "",
        [
            ("Volume", Value::texts(["local"])),
            ("Network", Value::texts(networks)),
            ("Authorization", Value::Null),
            ("Log", Value::texts(logs(daemon))),
        ],
    );
    Value::object(
        name,
        [
            ("ID", Value::text("6RCV:KJ4S:2NGB:UWSL:ZB2A:LLLX:77OA:6GZF:3TJQ:XB5R:4XWS:T5PM")),
            ("Containers", Value::Int(count(daemon, None))),
            ("ContainersRunning", Value::Int(count(daemon, Some(Status::Running)))),
            ("ContainersPaused", Value::Int(count(daemon, Some(Status::Paused)))),
            ("ContainersStopped", Value::Int(count(daemon, Some(Status::Exited)))),
            ("Images", Value::Int(daemon.images.iter().count() as i64)),
            ("Driver", Value::text(driver(daemon))),
            ("Plugins", plugins),
            ("LoggingDriver", Value::text("json-file")),
            ("CgroupDriver", Value::text("cgroupfs")),
            ("CgroupVersion", Value::text("2")),
            ("KernelVersion", Value::text(KERNEL)),
            ("OperatingSystem", Value::text("Debian GNU/Linux 12 (bookworm)")),
            ("OSType", Value::text("linux")),
            ("Architecture", Value::text("x86_64")),
            ("NCPU", Value::Int(2)),
            ("MemTotal", Value::Int(8_326_746_112)),
            ("DockerRootDir", Value::text("/var/lib/docker")),
            ("Name", Value::text("lab")),
            ("ServerVersion", Value::text(daemon.dialect.server_version())),
            ("DefaultRuntime", Value::text("runc")),
            ("Warnings", Value::Null),
        ],
    )
}

fn text(daemon: &Daemon) -> String {
    let dialect = daemon.dialect;
    let mut text = String::from("Client:\n");
    if !dialect.is_old_client() {
        text.push_str(&format!(" Version:    {}\n", dialect.client_version()));
    }
    text.push_str(" Context:    default\n Debug Mode: false\n\nServer:\n");
    let mut line = |name: &str, value: &dyn std::fmt::Display| text.push_str(&format!(" {name}: {value}\n"));
    line("Containers", &count(daemon, None));
    line(" Running", &count(daemon, Some(Status::Running)));
    line(" Paused", &count(daemon, Some(Status::Paused)));
    line(" Stopped", &count(daemon, Some(Status::Exited)));
    line("Images", &daemon.images.iter().count());
    line("Server Version", &dialect.server_version());
    line("Storage Driver", &driver(daemon));
    line("Logging Driver", &"json-file");
    line("Cgroup Driver", &"cgroupfs");
    line("Cgroup Version", &2);
    text.push_str(" Plugins:\n  Volume: local\n  Network: bridge host ipvlan macvlan null overlay\n");
    text.push_str(&format!("  Log: {}\n", logs(daemon).join(" ")));
    text.push_str(" Swarm: inactive\n");
    let mut line = |name: &str, value: &dyn std::fmt::Display| text.push_str(&format!(" {name}: {value}\n"));
    line("Kernel Version", &KERNEL);
    line("Operating System", &"Debian GNU/Linux 12 (bookworm)");
    line("OSType", &"linux");
    line("Architecture", &"x86_64");
    line("CPUs", &2);
    line("Total Memory", &"7.755GiB");
    line("Name", &"lab");
    line("Docker Root Dir", &"/var/lib/docker");
    text
}

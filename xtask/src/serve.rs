//! `cargo xtask serve`: Trunk builds on every change, the page reloads itself.
//!
//! Trunk's own server writes an inline script into the page, which the Content-Security-Policy forbids. Here Trunk only
//! watches and builds (into `target/serve`, so `dist/` stays clean); the files are served with one more external script
//! that listens for the next build. So the policy while developing is the policy that ships.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use crate::build::trunk;
use crate::host::{self, Host, respond};
use crate::process::{Outcome, finish, phase, root};
use crate::setup;

const FOLDER: &str = "target/serve";
const RELOAD_SCRIPT: &str = "\
let built = false;
const builds = new EventSource('/__builds');
builds.onmessage = () => location.reload();
builds.onopen = () => { if (built) location.reload(); built = true; };
";

/// Serves until it is stopped.
pub(crate) fn run(options: &[&str]) -> Outcome {
    let (mut port, mut profile) = (8080, &[][..]);
    let mut rest = options.iter();
    while let Some(option) = rest.next() {
        match *option {
            "--port" => port = host::port_of(rest.next().copied())?,
            "--release" => profile = &["--release"][..],
            other => return Err(format!("serve knows --port N and --release, not {other}")),
        }
    }
    // Before the long part, so that one learns of a taken port at once.
    let listener = host::listen(port)?;
    setup::for_building()?;
    let target = ["--dist", FOLDER];
    phase("build", || finish(&mut trunk(&[&["build"], profile, &target].concat())))?;
    let mut watcher = trunk(&[&["watch"], profile, &target].concat())
        .spawn()
        .map_err(|error| format!("trunk watch could not be started: {error}"))?;
    let inject = "<script type=\"module\" src=\"/__reload.js\"></script>".to_owned();
    let host = Host { inject, special: Some(reload), ..Host::new(root().join(FOLDER), "/") };
    println!(
        "\nDockerfile Lab is served on http://127.0.0.1:{port}/ and reloads on change. Ctrl+C stops it.\n"
    );
    thread::spawn(move || host::answer_all(&listener, Arc::new(host)));
    let status = watcher.wait().map_err(|error| error.to_string())?;
    Err(format!("trunk watch ended ({status})"))
}

/// Answers the two addresses of the reload: the script, and the stream that tells of builds.
fn reload(path: &str, stream: &mut TcpStream) -> bool {
    match path {
        "/__reload.js" => {
            let _ = respond(stream, "200 OK", "text/javascript", RELOAD_SCRIPT.as_bytes());
            true
        }
        "/__builds" => {
            tell_of_builds(stream);
            true
        }
        _ => false,
    }
}

/// Sends one event for each new build, until the browser goes away.
fn tell_of_builds(stream: &mut TcpStream) {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\r\n";
    let mut sent = stream.write_all(head.as_bytes());
    let folder = root().join(FOLDER);
    let mut shown = state_of(&folder);
    let mut quiet = 0;
    while sent.is_ok() {
        thread::sleep(Duration::from_millis(250));
        let now = state_of(&folder);
        quiet += 1;
        // A build is complete when it has an index and holds still for one look.
        if now != shown && now.contains_key("index.html") {
            thread::sleep(Duration::from_millis(150));
            if state_of(&folder) == now {
                shown = now;
                sent = stream.write_all(b"data: built\n\n");
            }
        } else if quiet % 20 == 0 {
            // A comment, so that a closed connection is noticed.
            sent = stream.write_all(b":\n\n");
        }
    }
}

/// The names of the files of a build, with the time of each.
fn state_of(folder: &Path) -> BTreeMap<String, Option<SystemTime>> {
    let Ok(entries) = fs::read_dir(folder) else { return BTreeMap::new() };
    let files = entries.flatten().map(|entry| {
        let time = entry.metadata().and_then(|metadata| metadata.modified()).ok();
        (entry.file_name().to_string_lossy().into_owned(), time)
    });
    files.collect()
}

//! A tiny server of static files, for development, tests and measurements.
//!
//! Serves one folder under a prefix such as `/some/lab/`, so that tests see the page as other people's hosting serves
//! it. It sends no header that would weaken or strengthen the page's own policy.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use crate::process::{Outcome, root};

/// A folder, where it appears, and what else answers.
pub(crate) struct Host {
    /// The folder with the files.
    pub(crate) folder: PathBuf,
    /// The path that the folder appears under, with a slash at both ends.
    pub(crate) prefix: String,
    /// More folders, each under its own prefix: pages that embed the lab.
    pub(crate) others: Vec<(String, PathBuf)>,
    /// Markup put before `</head>` of each HTML file, for reload on change.
    pub(crate) inject: String,
    /// Answers a path before files are looked for; holds the connection as long as it likes.
    pub(crate) special: Option<fn(&str, &mut TcpStream) -> bool>,
}

impl Host {
    /// A host of one folder at a prefix.
    pub(crate) fn new(folder: PathBuf, prefix: &str) -> Self {
        let others = Vec::new();
        Self { folder, prefix: prefix.to_owned(), others, inject: String::new(), special: None }
    }
}

/// `cargo xtask host DIR`: serves a folder until it is stopped.
pub(crate) fn run(options: &[&str]) -> Outcome {
    let (mut port, mut prefix, mut folder) = (4173, "/".to_owned(), None);
    let mut rest = options.iter();
    while let Some(option) = rest.next() {
        match *option {
            "--port" => port = port_of(rest.next().copied())?,
            "--prefix" => prefix = rest.next().copied().ok_or("--prefix needs a path")?.to_owned(),
            other => folder = Some(root().join(other)),
        }
    }
    let folder = folder.ok_or("host needs the folder to serve")?;
    let listener = listen(port)?;
    println!("Serving {} on http://127.0.0.1:{port}{prefix}", folder.display());
    answer_all(&listener, Arc::new(Host::new(folder, &prefix)));
    Ok(())
}

/// Reads the value of `--port`.
pub(crate) fn port_of(value: Option<&str>) -> Outcome<u16> {
    value.and_then(|text| text.parse().ok()).ok_or_else(|| "--port needs a number up to 65535".to_owned())
}

/// Takes a port of this machine, or says that another program has it. Port 0 takes any free one.
pub(crate) fn listen(port: u16) -> Outcome<TcpListener> {
    TcpListener::bind(("127.0.0.1", port)).map_err(|error| {
        format!("port {port} cannot be used ({error}): another program has it; choose one with --port")
    })
}

/// Serves in the background as long as this program runs; returns the port.
pub(crate) fn start(host: Host, port: u16) -> Outcome<u16> {
    let listener = listen(port)?;
    let port = listener.local_addr().map_err(|error| error.to_string())?.port();
    thread::spawn(move || answer_all(&listener, Arc::new(host)));
    Ok(port)
}

/// Serves every connection in a thread of its own.
pub(crate) fn answer_all(listener: &TcpListener, host: Arc<Host>) {
    for stream in listener.incoming().flatten() {
        let host = Arc::clone(&host);
        thread::spawn(move || {
            // A browser that went away is no failure of the server.
            let _ = answer(&host, stream);
        });
    }
}

fn answer(host: &Host, mut stream: TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    for line in lines.by_ref() {
        if line?.is_empty() {
            break;
        }
    }
    let target = request.split_whitespace().nth(1).unwrap_or("/");
    let path = decode(target.split(['?', '#']).next().unwrap_or("/"));
    if host.special.is_some_and(|special| special(&path, &mut stream)) {
        return Ok(());
    }
    if path.len() + 1 == host.prefix.len() && host.prefix.starts_with(&path) {
        let head =
            format!("HTTP/1.1 308 Permanent Redirect\r\nLocation: {}\r\nContent-Length: 0\r\n", host.prefix);
        return write!(stream, "{head}Connection: close\r\n\r\n");
    }
    match find(host, &path) {
        Some((file, body)) => {
            respond(&mut stream, "200 OK", content_type(&file), &injected(host, &file, body))
        }
        None => respond(&mut stream, "404 Not Found", "text/plain; charset=utf-8", b"not found\n"),
    }
}

/// The file behind a path, with its bytes. Paths that climb out of the folder find nothing.
fn find(host: &Host, path: &str) -> Option<(PathBuf, Vec<u8>)> {
    let served =
        host.others.iter().map(|(prefix, folder)| (prefix, folder)).chain([(&host.prefix, &host.folder)]);
    for (prefix, folder) in served {
        let Some(rest) = path.strip_prefix(prefix.as_str()) else { continue };
        if rest.split('/').any(|part| part == "..") {
            return None;
        }
        let mut file = folder.join(rest);
        if file.is_dir() {
            file.push("index.html");
        }
        if let Ok(body) = fs::read(&file) {
            return Some((file, body));
        }
    }
    None
}

fn injected(host: &Host, file: &Path, body: Vec<u8>) -> Vec<u8> {
    let is_html = file.extension().is_some_and(|extension| extension == "html");
    if host.inject.is_empty() || !is_html {
        return body;
    }
    let text = String::from_utf8_lossy(&body);
    text.replacen("</head>", &format!("{}</head>", host.inject), 1).into_bytes()
}

/// Writes a whole answer. Nothing is kept in the browser's cache: files change between builds.
pub(crate) fn respond(stream: &mut TcpStream, status: &str, kind: &str, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n");
    write!(stream, "{head}Cache-Control: no-store\r\nConnection: close\r\n\r\n")?;
    stream.write_all(body)
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Undoes percent-encoding; a broken sequence stays as it is.
fn decode(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match hex.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if first == b'%' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_encoding_is_undone_and_broken_sequences_stay() {
        assert_eq!(decode("/a%20b/%ED%95%9C"), "/a b/한");
        assert_eq!(decode("/100%/x%zz"), "/100%/x%zz");
    }

    #[test]
    fn a_path_cannot_climb_out_of_the_folder() {
        let host = Host::new(root().join("www"), "/lab/");
        assert!(find(&host, "/lab/boot.js").is_some());
        assert!(find(&host, "/lab/../Cargo.toml").is_none());
        assert!(find(&host, "/boot.js").is_none());
    }
}

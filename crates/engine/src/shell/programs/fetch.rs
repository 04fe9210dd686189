//! `curl` and `wget`: nothing outside can be reached, whatever the network of the container.
//!
//! They fail as they do in a container without network. What they would have fetched is nobody's to invent.

use super::support::split_options;
use super::{Interrupt, Modelled, Process};

/// `curl: (6)`: could not resolve the host.
const CURL_NO_HOST: i32 = 6;
/// GNU wget's exit code for network failures.
const WGET_NETWORK: i32 = 4;

const CURL_WITH_VALUE: &[&str] = &[
    "-o",
    "--output",
    "-H",
    "--header",
    "-d",
    "--data",
    "-X",
    "--request",
    "-u",
    "--user",
    "-A",
    "--user-agent",
    "-e",
    "-m",
    "--max-time",
    "--retry",
    "--connect-timeout",
    "-F",
    "-T",
    "--cacert",
    "-w",
    "--write-out",
    "-b",
    "-c",
    "--url",
];
const WGET_WITH_VALUE: &[&str] =
    &["-O", "-P", "-o", "-T", "-t", "-U", "--header", "--output-document", "--directory-prefix"];

pub(super) fn curl(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let (options, operands) = split_options(process.args(), CURL_WITH_VALUE);
    if options.iter().any(|option| option == "--version" || option == "-V") {
        process.output("curl 8.14.1 (x86_64-pc-linux-gnu)\n")?;
        return Ok(Modelled::new(0, 0.02));
    }
    let letters =
        |letter: char| options.iter().any(|option| !option.starts_with("--") && option.contains(letter));
    let Some(url) = operands.first() else {
        process.error_output("curl: (2) no URL specified\ncurl: try 'curl --help' for more information\n")?;
        return Ok(Modelled::new(2, 0.0));
    };
    let silent = letters('s') || options.iter().any(|option| option == "--silent");
    let shows_errors = letters('S') || options.iter().any(|option| option == "--show-error");
    if !silent || shows_errors {
        process.error_output(&format!("curl: ({CURL_NO_HOST}) Could not resolve host: {}\n", host(url)))?;
    }
    Ok(Modelled::new(CURL_NO_HOST, 0.0))
}

pub(super) fn wget(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let (options, operands) = split_options(process.args(), WGET_WITH_VALUE);
    let Some(url) = operands.first() else {
        process.error_output("wget: missing URL\nUsage: wget [OPTION]... [URL]...\n")?;
        return Ok(Modelled::new(1, 0.0));
    };
    let host = host(url).to_owned();
    let applet = process.lstat("/usr/bin/wget").is_ok_and(|node| node.as_symlink() == Some("/bin/busybox"));
    if applet {
        process.error_output(&format!("wget: bad address '{host}'\n"))?;
        return Ok(Modelled::new(1, 0.0));
    }
    if !options.iter().any(|option| option.contains('q') && !option.starts_with("--")) {
        process.error_output(&format!(
            "Resolving {host} ({host})... failed: Temporary failure in name resolution.\n\
             wget: unable to resolve host address ‘{host}’\n"
        ))?;
    }
    Ok(Modelled::new(WGET_NETWORK, 0.0))
}

/// The host of an address.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let authority = authority.rsplit('@').next().unwrap_or(authority);
    authority.split(':').next().unwrap_or(authority)
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn hosts() {
        for (url, expected) in [
            ("https://example.com/a?b", "example.com"),
            ("example.com:8080", "example.com"),
            ("http://me:x@h.org#f", "h.org"),
        ] {
            assert_eq!(host(url), expected);
        }
    }
}

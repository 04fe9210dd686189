//! `dpkg`, `dpkg-query`, `dpkg-deb` and `dpkg-architecture`: the questions that Dockerfiles ask, and packages in files.

mod version;

use super::apt::database::{Database, list_of};
use super::support::put;
use super::{Interrupt, Modelled, Process};
use crate::shell::command::CommandKind;
use crate::shell::language::matches_glob;
use crate::shell::stand_in;

const QUICK: f64 = 0.02;

/// `dpkg` and `dpkg-query`.
pub(super) fn run(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let words = process.args().to_vec();
    let queries = process.name() == "dpkg-query";
    let is_action = |word: &&String| word.starts_with('-') && !is_setting(word);
    let action = words.iter().find(is_action).cloned().unwrap_or_default();
    let operands: Vec<String> = words.iter().filter(|word| !word.starts_with('-')).cloned().collect();
    match action.split('=').next().unwrap_or("") {
        "--print-architecture" => say(process, "amd64\n"),
        "--print-foreign-architectures" => {
            let text = process.read_text("/var/lib/dpkg/arch").unwrap_or_default();
            let others: String =
                text.lines().filter(|line| *line != "amd64").map(|line| format!("{line}\n")).collect();
            say(process, &others)
        }
        "--add-architecture" => add_architecture(process, &operands),
        "--version" => say(process, "Debian 'dpkg' package management program version 1.21.22 (amd64).\n"),
        "-s" | "--status" => status(process, &operands),
        "-l" | "--list" => list(process, &operands),
        "-L" | "--listfiles" => files(process, &operands),
        "-S" | "--search" => search(process, &operands),
        "-W" | "--show" => show(process, &words, &operands),
        action if queries && action.starts_with("-f") => show(process, &words, &operands),
        "--compare-versions" => compare(process, &operands),
        "--get-selections" => selections(process),
        "--configure" | "--set-selections" | "--clear-selections" => Ok(Modelled::new(0, QUICK)),
        "-i" | "--install" | "--unpack" => install(process, &operands),
        "-r" | "--remove" | "-P" | "--purge" => remove(process, &operands),
        "" => {
            process.error_output("dpkg: error: need an action option\n")?;
            Ok(Modelled::new(2, 0.0))
        }
        _ => Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown }),
    }
}

/// Whether an option only changes how the action is done.
fn is_setting(word: &str) -> bool {
    ["--force-", "--no-", "--admindir", "--root", "--instdir", "--showformat", "-f=", "-f$", "--refuse-"]
        .iter()
        .any(|start| word.starts_with(start))
        || word == "-f"
}

fn say(process: &mut Process<'_, '_>, text: &str) -> Result<Modelled, Interrupt> {
    process.output(text)?;
    Ok(Modelled::new(0, 0.01))
}

fn database(process: &mut Process<'_, '_>) -> Database {
    Database::read(process)
}

/// The names that are installed and match one of the patterns; all without patterns.
fn matching(process: &mut Process<'_, '_>, patterns: &[String]) -> Vec<(String, String)> {
    let all = database(process).installed;
    all.into_iter()
        .filter(|(name, _)| {
            patterns.is_empty()
                || patterns.iter().any(|glob| matches_glob(glob.split(':').next().unwrap_or(glob), name))
        })
        .map(|(name, (version, _))| (name, version))
        .collect()
}

/// Says of the patterns that match nothing that they do not, and gives the exit code.
fn missing(process: &mut Process<'_, '_>, patterns: &[String]) -> Result<i32, Interrupt> {
    let mut code = 0;
    for pattern in patterns {
        if matching(process, std::slice::from_ref(pattern)).is_empty() {
            process.error_output(&format!("dpkg-query: no packages found matching {pattern}\n"))?;
            code = 1;
        }
    }
    Ok(code)
}

fn status(process: &mut Process<'_, '_>, names: &[String]) -> Result<Modelled, Interrupt> {
    let database = process.read_text("/var/lib/dpkg/status").unwrap_or_default();
    let mut code = 0;
    for name in names {
        let head = format!("Package: {name}");
        match database.split("\n\n").find(|stanza| stanza.lines().any(|line| line == head)) {
            Some(stanza) => process.output(&format!("{}\n\n", stanza.trim_end()))?,
            None => {
                code = 1;
                process.error_output(&format!(
                    "dpkg-query: package '{name}' is not installed and no information is available\n"
                ))?;
            }
        }
    }
    Ok(Modelled::new(code, QUICK))
}

fn list(process: &mut Process<'_, '_>, patterns: &[String]) -> Result<Modelled, Interrupt> {
    let found = matching(process, patterns);
    if !found.is_empty() {
        let name = found.iter().map(|(name, _)| name.len()).max().unwrap_or(0).max(14);
        let version = found.iter().map(|(_, version)| version.len()).max().unwrap_or(0).max(12);
        let mut text = format!(
            "Desired=Unknown/Install/Remove/Purge/Hold\n\
             | Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend\n\
             |/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)\n\
             ||/ {:<name$} {:<version$} Architecture Description\n+++-{}-{}-============-============\n",
            "Name",
            "Version",
            "=".repeat(name),
            "=".repeat(version)
        );
        for (package, number) in &found {
            text += &format!("ii  {package:<name$} {number:<version$} amd64        \n");
        }
        process.output(&text)?;
    }
    let code = missing(process, patterns)?;
    Ok(Modelled::new(code, QUICK))
}

fn files(process: &mut Process<'_, '_>, names: &[String]) -> Result<Modelled, Interrupt> {
    let mut code = 0;
    for name in names {
        match process.read_text(&list_of(name.split(':').next().unwrap_or(name))) {
            Ok(text) => process.output(&text)?,
            Err(_) if !matching(process, std::slice::from_ref(name)).is_empty() => process.output("/.\n")?,
            Err(_) => {
                process.error_output(&format!("dpkg-query: package '{name}' is not installed\n"))?;
                code = 1;
            }
        }
    }
    Ok(Modelled::new(code, QUICK))
}

/// The packages that paths belong to. Of what came with the image only the C library is known.
fn search(process: &mut Process<'_, '_>, patterns: &[String]) -> Result<Modelled, Interrupt> {
    let mut lists: Vec<(String, String)> = Vec::new();
    for (file, _) in process.list("/var/lib/dpkg/info").unwrap_or_default() {
        if let Some(package) = file.strip_suffix(".list") {
            let text = process.read_text(&list_of(package)).unwrap_or_default();
            lists.push((package.to_owned(), text));
        }
    }
    let libraries = "/lib/x86_64-linux-gnu/libc.so.6\n/lib64/ld-linux-x86-64.so.2\n";
    lists.push(("libc6:amd64".to_owned(), libraries.to_owned()));
    let mut code = 0;
    for pattern in patterns {
        process.step(lists.len() as u64)?;
        let is_glob = pattern.contains(['*', '?', '[']);
        let glob = if is_glob || pattern.starts_with('/') { pattern.clone() } else { format!("*{pattern}*") };
        let mut found = false;
        for (package, text) in &lists {
            for line in text.lines().filter(|line| matches_glob(&glob, line)) {
                process.output(&format!("{package}: {line}\n"))?;
                found = true;
            }
        }
        if !found {
            process.error_output(&format!("dpkg-query: no path found matching pattern {pattern}\n"))?;
            code = 1;
        }
    }
    Ok(Modelled::new(code, QUICK))
}

/// `dpkg-query -W -f='${Package} ${Version}\n'`
fn show(process: &mut Process<'_, '_>, words: &[String], patterns: &[String]) -> Result<Modelled, Interrupt> {
    let mut format = "${Package}\\t${Version}\\n".to_owned();
    let mut patterns = patterns.to_vec();
    for (at, word) in words.iter().enumerate() {
        if word == "-f" {
            format = words.get(at + 1).cloned().unwrap_or_default();
            patterns.retain(|pattern| *pattern != format);
        } else if let Some(text) = word.strip_prefix("--showformat=").or_else(|| word.strip_prefix("-f")) {
            text.trim_start_matches('=').clone_into(&mut format);
        }
    }
    let found = matching(process, &patterns);
    let all = database(process).installed;
    for (name, version) in &found {
        let size = all.get(name).map_or(0, |(_, size)| size / 1024);
        let text = format
            .replace("\\n", "\n")
            .replace("\\t", "\t")
            .replace("${Version}", version)
            .replace("${Installed-Size}", &size.to_string())
            .replace("${Architecture}", "amd64")
            .replace("${Status}", "install ok installed")
            .replace("${db:Status-Abbrev}", "ii ")
            .replace("${db:Status-Status}", "installed")
            .replace("${binary:Package}", name)
            .replace("${Package}", name);
        process.output(&text)?;
    }
    let code = missing(process, &patterns)?;
    Ok(Modelled::new(code, QUICK))
}

fn compare(process: &mut Process<'_, '_>, operands: &[String]) -> Result<Modelled, Interrupt> {
    let [left, relation, right] = operands else {
        process.error_output(
            "dpkg: error: --compare-versions takes three arguments: <version> <relation> <version>\n",
        )?;
        return Ok(Modelled::new(2, 0.0));
    };
    let order = version::compare(left, right);
    let holds = match relation.as_str() {
        "lt" | "lt-nl" | "<<" => order.is_lt(),
        "le" | "le-nl" | "<=" | "<" => order.is_le(),
        "eq" | "=" => order.is_eq(),
        "ne" => order.is_ne(),
        "ge" | "ge-nl" | ">=" | ">" => order.is_ge(),
        "gt" | "gt-nl" | ">>" => order.is_gt(),
        other => {
            process.error_output(&format!("dpkg: error: --compare-versions bad relation '{other}'\n"))?;
            return Ok(Modelled::new(2, 0.0));
        }
    };
    Ok(Modelled::new(i32::from(!holds), 0.01))
}

fn selections(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    for (name, _) in matching(process, &[]) {
        process.output(&format!("{name:<48}install\n"))?;
    }
    Ok(Modelled::new(0, QUICK))
}

fn add_architecture(process: &mut Process<'_, '_>, names: &[String]) -> Result<Modelled, Interrupt> {
    let mut text = process.read_text("/var/lib/dpkg/arch").unwrap_or_else(|_| "amd64\n".to_owned());
    for name in names {
        if !text.lines().any(|line| line == name) {
            text += &format!("{name}\n");
        }
    }
    let written = put(process, "/var/lib/dpkg/arch", text, 0o644);
    Ok(Modelled::new(if written.is_ok() { 0 } else { 2 }, 0.01))
}

/// Installs packages that lie in files.
fn install(process: &mut Process<'_, '_>, files: &[String]) -> Result<Modelled, Interrupt> {
    let mut seconds = 0.0;
    let mut all = database(process);
    for file in files {
        let Ok(content) = process.read(file) else {
            process.error_output(&format!(
                "dpkg: error: cannot access archive '{file}': No such file or directory\n"
            ))?;
            return Ok(Modelled::new(2, seconds));
        };
        let base = crate::vfs::path::name(file).trim_end_matches(".deb");
        let (name, rest) = base.split_once('_').unwrap_or((base, ""));
        let version = rest.split('_').next().unwrap_or("").to_owned();
        process.output(&format!("Selecting previously unselected package {name}.\nUnpacking {name} ({version}) ...\nSetting up {name} ({version}) ...\n"))?;
        seconds += 0.5;
        if let Some(address) = stand_in::address_of(process, file) {
            let unpacked = stand_in::unpack(process, &address, "/", 0)?;
            let kind = process.machine.mark.take();
            let names = unpacked.unwrap_or_default();
            let list: String = names.iter().map(|name| format!("/{name}\n")).collect();
            let _ = put(process, &list_of(name), list, 0o644);
            all.installed.insert(name.to_owned(), (version, content.size()));
            let _ = all.write(process);
            if kind == Some(CommandKind::Unknown) {
                return Ok(Modelled { exit_code: 0, seconds, kind: CommandKind::Unknown });
            }
        }
    }
    Ok(Modelled::new(0, seconds))
}

fn remove(process: &mut Process<'_, '_>, names: &[String]) -> Result<Modelled, Interrupt> {
    let mut all = database(process);
    for name in names {
        let Some((version, _)) = all.installed.remove(name) else {
            process.error_output(&format!(
                "dpkg: warning: ignoring request to remove {name} which isn't installed\n"
            ))?;
            continue;
        };
        process.output(&format!("Removing {name} ({version}) ...\n"))?;
        let list = process.read_text(&list_of(name)).unwrap_or_default();
        for path in list.lines() {
            let _ = process.remove(path);
        }
        let _ = process.remove(&list_of(name));
        all.automatic.remove(name);
    }
    let _ = all.write(process);
    Ok(Modelled::new(0, 0.2))
}

/// `dpkg-architecture`
pub(super) fn architecture(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let words = process.args().to_vec();
    let asked = words.iter().enumerate().find_map(|(at, word)| match word.as_str() {
        "--query" | "-q" => words.get(at + 1).map(String::as_str),
        _ => word.strip_prefix("--query=").or_else(|| word.strip_prefix("-q")),
    });
    let value = |name: &str| {
        let (_, what) = name.strip_prefix("DEB_")?.split_once('_')?;
        Some(match what {
            "ARCH" | "ARCH_CPU" => "amd64",
            "ARCH_OS" | "GNU_SYSTEM" => {
                if what == "ARCH_OS" {
                    "linux"
                } else {
                    "linux-gnu"
                }
            }
            "ARCH_BITS" => "64",
            "ARCH_ENDIAN" => "little",
            "GNU_CPU" => "x86_64",
            "GNU_TYPE" | "MULTIARCH" => "x86_64-linux-gnu",
            _ => return None,
        })
    };
    if let Some(name) = asked {
        return match value(name) {
            Some(text) => say(process, &format!("{text}\n")),
            None => {
                process.error_output(&format!(
                    "dpkg-architecture: error: {name} is not a supported variable name\n"
                ))?;
                Ok(Modelled::new(255, 0.0))
            }
        };
    }
    for of in ["BUILD", "HOST", "TARGET"] {
        for what in ["ARCH", "GNU_CPU", "GNU_SYSTEM", "GNU_TYPE", "MULTIARCH"] {
            let name = format!("DEB_{of}_{what}");
            process.output(&format!("{name}={}\n", value(&name).unwrap_or_default()))?;
        }
    }
    Ok(Modelled::new(0, 0.02))
}

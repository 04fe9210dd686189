//! `pip`: the package manager of Python.
//!
//! Distributions come from the world. What `setup.py` and `pyproject.toml` say is not read: an installation of a
//! directory is not simulated.

use super::support::{Work, option_value, put, put_program, seconds, split_options};
use super::{Interrupt, Modelled, Process};
use crate::digest::Digest;
use crate::shell::command::CommandKind;
use crate::vfs::{Content, VfsError, path};
use crate::world::{Package, PackageSource};
use std::collections::BTreeMap;

/// Options that take the next argument.
const WITH_VALUE: &[&str] = &[
    "-r",
    "--requirement",
    "-c",
    "--constraint",
    "-t",
    "--target",
    "--prefix",
    "--root",
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "--cache-dir",
    "--timeout",
    "--retries",
    "--trusted-host",
    "--platform",
];

pub(super) fn run(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let arguments = process.args().to_vec();
    let (options, operands) = split_options(&arguments, WITH_VALUE);
    let has = |names: &[&str]| options.iter().any(|option| names.contains(&option.as_str()));
    let Some((command, packages)) = operands.split_first() else {
        if has(&["-V", "--version"]) {
            let python = python(process);
            let library = format!("/usr/local/lib/python{python}/site-packages/pip");
            process.output(&format!("pip 25.3 from {library} (python {python})\n"))?;
        }
        return Ok(Modelled::new(0, 0.3));
    };
    match command.as_str() {
        "install" => install(process, &options, packages),
        "uninstall" => uninstall(process, packages),
        "cache" if packages.first().is_some_and(|word| word == "purge") => {
            let _ = process.remove_all(&cache(process, &options));
            process.output("Files removed\n")?;
            Ok(Modelled::new(0, 0.4))
        }
        "freeze" | "list" => freeze(process),
        "wheel" | "download" | "show" | "check" | "config" | "debug" | "index" | "search" | "hash"
        | "inspect" => Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown }),
        _ => {
            process.error_output(&format!("ERROR: unknown command \"{command}\"\n"))?;
            Ok(Modelled::new(1, 0.3))
        }
    }
}

/// `python3`, `python`: versions, and `-m pip`; programs are not executed.
pub(super) fn run_python(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let arguments = process.args().to_vec();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["-V" | "--version"] => {
            let full = process
                .env("PYTHON_VERSION")
                .map_or_else(|| format!("{}.0", python_of_env(process)), str::to_owned);
            process.output(&format!("Python {full}\n"))?;
            Ok(Modelled::new(0, 0.05))
        }
        ["-m", "pip", ..] => {
            process.arguments =
                std::iter::once("pip".to_owned()).chain(arguments[2..].iter().cloned()).collect();
            run(process)
        }
        [script, ..] if !script.starts_with('-') && !process.exists(script) => {
            let place = process.resolve(script);
            let name = process.name().to_owned();
            process.error_output(&format!(
                "{name}: can't open file '{place}': [Errno 2] No such file or directory\n"
            ))?;
            Ok(Modelled::new(2, 0.05))
        }
        _ => Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown }),
    }
}

fn python_of_env(process: &Process<'_, '_>) -> String {
    let version = process.env("PYTHON_VERSION").unwrap_or("3.12");
    version.split('.').take(2).collect::<Vec<_>>().join(".")
}

/// Major and minor version of the Python that pip belongs to.
fn python(process: &mut Process<'_, '_>) -> String {
    for library in ["/usr/local/lib", "/usr/lib"] {
        for (name, _) in process.list(library).unwrap_or_default() {
            if let Some(version) = name.strip_prefix("python").filter(|rest| rest.contains('.')) {
                return version.to_owned();
            }
        }
    }
    python_of_env(process)
}

fn cache(process: &Process<'_, '_>, options: &[String]) -> String {
    let given = option_value(options, "--cache-dir").or_else(|| process.env("PIP_CACHE_DIR"));
    let home = process.env("HOME").unwrap_or("/root");
    given.map_or_else(|| path::join(home, ".cache/pip"), str::to_owned)
}

fn install(
    process: &mut Process<'_, '_>,
    options: &[String],
    packages: &[String],
) -> Result<Modelled, Interrupt> {
    let mut wanted = Vec::new();
    let mut rest = options.iter();
    while let Some(option) = rest.next() {
        let file = match option.as_str() {
            "-r" | "--requirement" => rest.next().cloned(),
            _ => {
                option.strip_prefix("--requirement=").or_else(|| option.strip_prefix("-r")).map(str::to_owned)
            }
        };
        let Some(file) = file else { continue };
        if let Err(message) = requirements(process, &file, &mut wanted, 0) {
            process.error_output(&message)?;
            return Ok(Modelled::new(1, 0.3));
        }
    }
    wanted.extend(packages.iter().map(|text| (text.clone(), String::new())));
    if wanted.is_empty() {
        if !options.iter().any(|option| option.contains("-r")) {
            process.error_output(
                "ERROR: You must give at least one requirement to install (see \"pip help install\")\n",
            )?;
            return Ok(Modelled::new(1, 0.3));
        }
        return Ok(Modelled::new(0, 0.4));
    }
    if wanted.iter().any(|(text, _)| is_local(text)) {
        return Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown });
    }
    if !process.has_network() {
        return offline(process, &wanted[0].0);
    }
    Installation::new(process, options, &wanted)?.finish(process)
}

fn is_local(text: &str) -> bool {
    text.starts_with(['.', '/']) || text.contains("://") || text.ends_with(".whl") || text.starts_with("-e")
}

/// Reads a requirements file, and the files that it names.
fn requirements(
    process: &mut Process<'_, '_>,
    file: &str,
    wanted: &mut Vec<(String, String)>,
    depth: u32,
) -> Result<(), String> {
    const DEEPEST: u32 = 8;
    let Ok(text) = process.read_text(file) else {
        return Err(format!(
            "ERROR: Could not open requirements file: [Errno 2] No such file or directory: '{file}'\n"
        ));
    };
    for (number, line) in text.replace("\\\n", " ").lines().enumerate() {
        let line = line.split(" #").next().unwrap_or_default().trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(other) = line.strip_prefix("-r ").or_else(|| line.strip_prefix("--requirement ")) {
            if depth < DEEPEST {
                let other = path::join(path::parent(&process.resolve(file)), other.trim());
                requirements(process, &other, wanted, depth + 1)?;
            }
        } else if !line.starts_with('-') {
            let line = line.split([';']).next().unwrap_or(line);
            let line = line.split(" --hash").next().unwrap_or(line).trim();
            wanted.push((line.to_owned(), format!(" (from -r {file} (line {}))", number + 1)));
        }
    }
    Ok(())
}

fn offline(process: &mut Process<'_, '_>, wanted: &str) -> Result<Modelled, Interrupt> {
    let (name, _) = name_and_range(wanted);
    process.error_output(&format!(
        "WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken: \
         Temporary failure in name resolution\n\
         ERROR: Could not find a version that satisfies the requirement {wanted} (from versions: none)\n\
         ERROR: No matching distribution found for {name}\n"
    ))?;
    Ok(Modelled::new(1, 0.5))
}

/// `flask` and `==3.0` out of `flask==3.0`; extras belong to the name.
fn name_and_range(text: &str) -> (&str, &str) {
    match text.find(['=', '<', '>', '~', '!', ' ']) {
        Some(at) => (text[..at].trim(), text[at..].trim()),
        None => (text.trim(), ""),
    }
}

/// One call of `pip install`.
struct Installation {
    new: BTreeMap<String, Package>,
    output: String,
    quiet: bool,
    site: String,
    bin: String,
    cache: Option<String>,
}

impl Installation {
    fn new(
        process: &mut Process<'_, '_>,
        options: &[String],
        wanted: &[(String, String)],
    ) -> Result<Self, Interrupt> {
        let has = |names: &[&str]| options.iter().any(|option| names.contains(&option.as_str()));
        let python = python(process);
        let home = process.env("HOME").unwrap_or("/root").to_owned();
        let prefix = if has(&["--user"]) || process.credentials.uid != 0 {
            path::join(&home, ".local")
        } else {
            "/usr/local".to_owned()
        };
        let prefix = option_value(options, "--prefix").map_or(prefix, str::to_owned);
        let prefix = process.env("VIRTUAL_ENV").map_or(prefix, str::to_owned);
        let target =
            option_value(options, "--target").or_else(|| option_value(options, "-t")).map(str::to_owned);
        let site = target.unwrap_or_else(|| format!("{prefix}/lib/python{python}/site-packages"));
        let no_cache = has(&["--no-cache-dir", "--no-cache"])
            || process.env("PIP_NO_CACHE_DIR").is_some_and(|value| value != "0" && value != "false");
        let mut one = Self {
            new: BTreeMap::new(),
            output: String::new(),
            quiet: has(&["-q", "--quiet", "-qq"]),
            site: process.resolve(&site),
            bin: format!("{prefix}/bin"),
            cache: (!no_cache).then(|| cache(process, options)),
        };
        for (text, origin) in wanted {
            one.collect(process, text, origin)?;
        }
        Ok(one)
    }

    fn collect(&mut self, process: &mut Process<'_, '_>, text: &str, origin: &str) -> Result<(), Interrupt> {
        let (name, range) = name_and_range(text);
        let (bare, extras) = name.split_once('[').unwrap_or((name, ""));
        let Some(mut closure) = process.world().packages(PackageSource::PyPi, name)? else { return Ok(()) };
        if closure.estimated && !extras.is_empty() {
            // Extras that were not measured: the distribution without them is known better.
            closure = process.world().packages(PackageSource::PyPi, bare)?.unwrap_or(closure);
        }
        let directory = bare.to_lowercase().replace(['-', '.'], "_");
        // What was asked for comes first, then what it needs.
        let (own, needed): (Vec<_>, Vec<_>) = closure.packages.iter().partition(|one| one.name == directory);
        for package in own.into_iter().chain(needed) {
            let mut package = package.clone();
            let is_own = package.name == directory;
            if is_own {
                package.version = choose(range, &package.version);
            }
            if self.is_installed(process, &package) {
                if is_own {
                    let site = &self.site;
                    self.output += &format!("Requirement already satisfied: {text} in {site}{origin}\n");
                }
                continue;
            }
            if self.new.contains_key(&package.name) && !is_own {
                continue;
            }
            let shown = package.name.replace('_', "-");
            if is_own {
                self.output += &format!("Collecting {text}{origin}\n");
            } else {
                self.output += &format!("Collecting {shown} (from {bare})\n");
            }
            let wheel = format!("{}-{}-py3-none-any.whl", package.name, package.version);
            let size = shown_size(package.download);
            self.output += &format!("  Downloading {wheel} ({size})\n");
            self.new.insert(package.name.clone(), package);
        }
        Ok(())
    }

    fn is_installed(&self, process: &mut Process<'_, '_>, package: &Package) -> bool {
        process.exists(&format!("{}/{}-{}.dist-info", self.site, package.name, package.version))
    }

    fn finish(mut self, process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
        let names: Vec<String> =
            self.new.values().map(|one| format!("{}-{}", one.name.replace('_', "-"), one.version)).collect();
        let seed = format!("pip\n{}", names.join("\n"));
        let downloaded = match self.write(process) {
            Ok(downloaded) => downloaded,
            Err(error) => {
                process.check_limits()?;
                process.error_output(&format!(
                    "ERROR: Could not install packages due to an OSError: [Errno 13] {}: '{}'\n",
                    error.kind.message(),
                    error.path
                ))?;
                return Ok(Modelled::new(1, 0.5));
            }
        };
        let work = Work { downloaded, unpacked: 0, count: self.new.len() as u64, seed: &seed };
        let seconds = seconds(process, "pip install", work)?;
        if !names.is_empty() {
            let plain: Vec<String> = self.new.keys().map(|name| name.replace('_', "-")).collect();
            self.output += &format!("Installing collected packages: {}\n", plain.join(", "));
            self.output += &format!("Successfully installed {}\n", names.join(" "));
        }
        if !self.quiet {
            process.output(&self.output)?;
            if process.credentials.uid == 0
                && process.env("PIP_ROOT_USER_ACTION") != Some("ignore")
                && !names.is_empty()
            {
                process.error_output(
                    "WARNING: Running pip as the 'root' user can result in broken permissions and conflicting behaviour \
                     with the system package manager, possibly rendering your system unusable. It is recommended to use a \
                     virtual environment instead.\n",
                )?;
            }
        }
        Ok(Modelled::new(0, seconds))
    }

    /// Writes every distribution, and the cache; gives the bytes that were not in the cache.
    fn write(&self, process: &mut Process<'_, '_>) -> Result<u64, VfsError> {
        let mut downloaded = 0;
        for package in self.new.values() {
            self.write_one(process, package)?;
            let Some(cache) = &self.cache else {
                downloaded += package.download;
                continue;
            };
            let wheel = format!("{}-{}", package.name, package.version);
            let hex = Digest::of(wheel.as_bytes()).hex();
            let place = format!("{cache}/http-v2/{}/{}/{}.body", &hex[..1], &hex[1..2], &hex[..40]);
            if !process.exists(&place) {
                downloaded += package.download;
                let size = package.download + package.download / 100;
                put(process, &place, Content::modelled(size, "wheel", &[wheel.as_bytes()]), 0o644)?;
            }
        }
        Ok(downloaded)
    }

    fn write_one(&self, process: &mut Process<'_, '_>, package: &Package) -> Result<(), VfsError> {
        let Package { name, version, .. } = package;
        let content = |size: u64, what: &str| {
            Content::modelled(
                size,
                "python distribution",
                &[name.as_bytes(), version.as_bytes(), what.as_bytes()],
            )
        };
        let site = &self.site;
        let metadata =
            format!("Metadata-Version: 2.4\nName: {}\nVersion: {version}\n", name.replace('_', "-"));
        let mut left = package.size.saturating_sub(metadata.len() as u64);
        put(process, &format!("{site}/{name}-{version}.dist-info/METADATA"), metadata, 0o644)?;
        for command in &package.commands {
            const SCRIPT: u64 = 210;
            let script = SCRIPT.min(left);
            if put_program(process, &format!("{}/{command}", self.bin), content(script, command))? {
                left -= script;
            }
        }
        put(process, &format!("{site}/{name}/__init__.py"), content(left, "files"), 0o644)?;
        if package.generated > 0 {
            put(
                process,
                &format!("{site}/{name}/__pycache__/__init__.pyc"),
                content(package.generated, "bytecode"),
                0o644,
            )?;
        }
        Ok(())
    }
}

/// The version for a range: what is pinned, else the newest.
fn choose(range: &str, newest: &str) -> String {
    let first = range.split(',').next().unwrap_or_default().trim();
    for sign in ["===", "=="] {
        if let Some(version) = first.strip_prefix(sign).filter(|version| !version.contains('*')) {
            return version.trim().to_owned();
        }
    }
    if let Some(base) = first.strip_prefix("~=") {
        let base = base.trim();
        let fixed = base.rsplit_once('.').map_or(base, |(fixed, _)| fixed);
        return if newest.starts_with(&format!("{fixed}.")) { newest.to_owned() } else { base.to_owned() };
    }
    newest.to_owned()
}

fn shown_size(bytes: u64) -> String {
    match bytes {
        0..=999 => format!("{bytes} bytes"),
        1_000..=99_999 => format!("{:.1} kB", bytes as f64 / 1e3),
        100_000..=999_999 => format!("{} kB", bytes / 1_000),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

fn uninstall(process: &mut Process<'_, '_>, packages: &[String]) -> Result<Modelled, Interrupt> {
    let python = python(process);
    let site = format!("/usr/local/lib/python{python}/site-packages");
    for name in packages {
        let directory = name.to_lowercase().replace(['-', '.'], "_");
        let entries = process.list(&site).unwrap_or_default();
        let prefix = format!("{directory}-");
        let info =
            entries.iter().find(|(entry, _)| entry.starts_with(&prefix) && entry.ends_with(".dist-info"));
        let Some((info, _)) = info else {
            process.error_output(&format!("WARNING: Skipping {name} as it is not installed.\n"))?;
            continue;
        };
        let version = info.trim_end_matches(".dist-info")[prefix.len()..].to_owned();
        let _ = process.remove_all(&format!("{site}/{info}"));
        let _ = process.remove_all(&format!("{site}/{directory}"));
        process.output(&format!("  Successfully uninstalled {name}-{version}\n"))?;
    }
    Ok(Modelled::new(0, 0.5))
}

fn freeze(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let python = python(process);
    let entries = process.list(&format!("/usr/local/lib/python{python}/site-packages")).unwrap_or_default();
    let lines: String = entries
        .iter()
        .filter_map(|(name, _)| name.strip_suffix(".dist-info")?.rsplit_once('-'))
        .map(|(name, version)| format!("{}=={version}\n", name.replace('_', "-")))
        .collect();
    process.output(&lines)?;
    Ok(Modelled::new(0, 0.4))
}

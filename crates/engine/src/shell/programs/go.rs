//! `go`: modules and builds.
//!
//! A program's digest covers the Go sources, the modules and the settings that it was built with, so that other files
//! of the directory do not change it.

use super::support::{Work, option_value, put, seconds, split_options};
use super::{Interrupt, Modelled, Process};
use crate::digest::{Digest, Hasher};
use crate::shell::command::CommandKind;
use crate::vfs::{Content, Follow, VfsError, path};

/// Bytes of a program that does nothing; with the network of the standard library; and of each module on top.
const PLAIN: u64 = 2_100_000;
const NETWORK: u64 = 5_600_000;
const MODULE: u64 = 450_000;
/// Bytes of a module's source in the module cache, and of its archive.
const MODULE_SOURCE: u64 = 1_900_000;
const MODULE_ARCHIVE: u64 = 480_000;
/// What compiling the standard library leaves in the build cache.
const BUILD_CACHE: u64 = 150_000_000;

/// A required module.
struct Module {
    name: String,
    version: String,
}

/// `go.mod`.
struct Manifest {
    /// The path of the module itself.
    name: String,
    modules: Vec<Module>,
    /// The directory that it is in.
    root: String,
}

pub(super) fn run(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let arguments = process.args().to_vec();
    let Some((command, rest)) = arguments.split_first() else {
        process.error_output(
            "Go is a tool for managing Go source code.\n\nUsage:\n\n\tgo <command> [arguments]\n",
        )?;
        return Ok(Modelled::new(2, 0.0));
    };
    match (command.as_str(), rest.first().map(String::as_str)) {
        ("version", _) => {
            let version = version(process);
            process.output(&format!("go version {version} linux/amd64\n"))?;
            Ok(Modelled::new(0, 0.05))
        }
        ("mod", Some("download")) => download(process),
        ("mod", Some("tidy" | "verify" | "vendor" | "edit" | "init" | "graph" | "why")) => unknown(),
        ("build" | "install", _) => build(process, command, rest),
        (
            "test" | "vet" | "fmt" | "generate" | "get" | "run" | "env" | "list" | "clean" | "tool" | "work",
            _,
        ) => unknown(),
        _ => {
            process.error_output(&format!("go {command}: unknown command\nRun 'go help' for usage.\n"))?;
            Ok(Modelled::new(2, 0.0))
        }
    }
}

fn unknown() -> Result<Modelled, Interrupt> {
    Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown })
}

fn version(process: &mut Process<'_, '_>) -> String {
    let text = process.read_text("/usr/local/go/VERSION").unwrap_or_default();
    text.lines().next().map_or_else(|| "go1.23".to_owned(), str::to_owned)
}

impl Manifest {
    /// Looks for `go.mod` in the working directory and above.
    fn find(process: &mut Process<'_, '_>) -> Option<Self> {
        let mut root = process.cwd.clone();
        loop {
            if let Ok(text) = process.read_text(&path::join(&root, "go.mod")) {
                return Some(Self::parse(&text, root));
            }
            if root == "/" {
                return None;
            }
            root = path::parent(&root).to_owned();
        }
    }

    fn parse(text: &str, root: String) -> Self {
        let (mut name, mut modules, mut in_block) = (String::new(), Vec::new(), false);
        for line in text.lines() {
            let line = line.split("//").next().unwrap_or_default().trim();
            let required = match line {
                "require (" => {
                    in_block = true;
                    continue;
                }
                ")" => {
                    in_block = false;
                    continue;
                }
                _ if in_block => Some(line),
                _ => line.strip_prefix("require "),
            };
            if let Some((module, version)) = required.and_then(|text| text.split_once(' ')) {
                modules.push(Module { name: module.to_owned(), version: version.trim().to_owned() });
            } else if let Some(own) = line.strip_prefix("module ") {
                own.trim().clone_into(&mut name);
            }
        }
        Self { name, modules, root }
    }
}

fn no_manifest(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    process.error_output(
        "go: go.mod file not found in current directory or any parent directory; see 'go help modules'\n",
    )?;
    Ok(Modelled::new(1, 0.1))
}

fn module_cache(process: &Process<'_, '_>) -> String {
    let gopath = process.env("GOPATH").unwrap_or("/go");
    process.env("GOMODCACHE").map_or_else(|| format!("{gopath}/pkg/mod"), str::to_owned)
}

fn build_cache(process: &Process<'_, '_>) -> String {
    let home = process.env("HOME").unwrap_or("/root");
    process.env("GOCACHE").map_or_else(|| format!("{home}/.cache/go-build"), str::to_owned)
}

fn download(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let Some(manifest) = Manifest::find(process) else {
        process.error_output("go: no modules specified (see 'go help mod download')\n")?;
        return Ok(Modelled::new(1, 0.1));
    };
    if manifest.modules.is_empty() {
        process.error_output("go: no module dependencies to download\n")?;
    }
    match fetch(process, &manifest)? {
        Fetched::Done(seconds) => Ok(Modelled::new(0, seconds)),
        Fetched::Failed(done) => Ok(done),
    }
}

/// How getting the modules went.
enum Fetched {
    /// The seconds that it took.
    Done(f64),
    Failed(Modelled),
}

/// Gets the modules that are not in the cache.
fn fetch(process: &mut Process<'_, '_>, manifest: &Manifest) -> Result<Fetched, Interrupt> {
    let cache = module_cache(process);
    let mut missing = Vec::new();
    for module in &manifest.modules {
        if !process.exists(&place_of(&cache, module)) {
            missing.push(module);
        }
    }
    if missing.is_empty() {
        return Ok(Fetched::Done(0.1));
    }
    if !process.has_network() {
        let Module { name, version } = missing[0];
        let text =
            format!("go: {name}@{version}: Get: dial tcp: lookup: Temporary failure in name resolution\n");
        process.error_output(&text)?;
        return Ok(Fetched::Failed(Modelled::new(1, 0.2)));
    }
    for module in &missing {
        if let Err(error) = unpack(process, &cache, module) {
            process.check_limits()?;
            process.error_output(&format!("go: {error}\n"))?;
            return Ok(Fetched::Failed(Modelled::new(1, 0.2)));
        }
    }
    let names: Vec<String> =
        missing.iter().map(|module| format!("{}@{}", module.name, module.version)).collect();
    let count = missing.len() as u64;
    let work = Work { downloaded: MODULE_ARCHIVE * count, unpacked: 0, count, seed: &names.join("\n") };
    Ok(Fetched::Done(seconds(process, "go mod download", work)?))
}

fn place_of(cache: &str, module: &Module) -> String {
    format!("{cache}/{}@{}", module.name, module.version)
}

/// Sizes of modules are not in the catalogue: they spread around a usual one, by name.
fn unpack(process: &mut Process<'_, '_>, cache: &str, module: &Module) -> Result<(), VfsError> {
    let Module { name, version } = module;
    let spread = |usual: u64| {
        let digest = Digest::of(name.as_bytes());
        usual / 4 + usual * u64::from(digest.as_bytes()[0]) / 128
    };
    let inputs = [name.as_bytes(), version.as_bytes()];
    let source = Content::modelled(spread(MODULE_SOURCE), "go module", &inputs);
    let archive = Content::modelled(spread(MODULE_ARCHIVE), "go module archive", &inputs);
    put(process, &format!("{}/module.go", place_of(cache, module)), source, 0o444)?;
    put(process, &format!("{cache}/cache/download/{name}/@v/{version}.zip"), archive, 0o644)
}

fn build(process: &mut Process<'_, '_>, command: &str, rest: &[String]) -> Result<Modelled, Interrupt> {
    let with_value = ["-o", "-ldflags", "-gcflags", "-tags", "-mod", "-p", "-asmflags", "-buildmode", "-C"];
    let (options, packages) = split_options(rest, &with_value);
    let Some(manifest) = Manifest::find(process) else { return no_manifest(process) };
    let fetched = match fetch(process, &manifest)? {
        Fetched::Done(seconds) => seconds,
        Fetched::Failed(done) => return Ok(done),
    };
    let package = packages.first().cloned().unwrap_or_else(|| ".".to_owned());
    let directory = process.resolve(package.trim_end_matches("..."));
    let directory = path::clean(&directory);
    let sources = Sources::read(process, &manifest.root, &directory);
    if sources.of_package == 0 && package.ends_with(".go") {
        process.error_output(&format!("no required module provides package {package}\n"))?;
        return Ok(Modelled::new(1, fetched));
    }
    if sources.of_package == 0 {
        let shown =
            if package == "." || package == "./" { "in ".to_owned() + &directory } else { package.clone() };
        process.error_output(&format!("no Go files {shown}\n"))?;
        return Ok(Modelled::new(1, fetched));
    }
    let mut hasher = Hasher::new();
    hasher.field(sources.digest.as_bytes());
    for option in options.iter().filter(|option| *option != "-v" && *option != "-x") {
        if option_value(&options, "-o") != Some(option.as_str()) && option != "-o" {
            hasher.field(option.as_bytes());
        }
    }
    for name in ["CGO_ENABLED", "GOOS", "GOARCH", "GOFLAGS"] {
        hasher.field(process.env(name).unwrap_or_default().as_bytes());
    }
    hasher.field(version(process).as_bytes());
    let seed = hasher.finish().hex();
    let stripped = options.iter().any(|option| option.contains("-s"));
    let mut size = if sources.network { NETWORK } else { PLAIN }
        + MODULE * manifest.modules.len() as u64
        + sources.bytes / 2;
    if stripped {
        size = size * 7 / 10;
    }
    let target = target(process, command, &options, &manifest, &directory);
    let program = Content::modelled(size, "go program", &[seed.as_bytes()]);
    let cold = !process.exists(&format!("{}/README", build_cache(process)));
    if let Err(error) = put(process, &target, program, 0o755).and_then(|()| fill_cache(process, &seed)) {
        process.check_limits()?;
        process.error_output(&format!("go: {error}\n"))?;
        return Ok(Modelled::new(1, fetched));
    }
    let work = Work { count: manifest.modules.len() as u64, seed: &seed, ..Work::default() };
    let mut total = fetched + seconds(process, "go build", work)?;
    if cold && let Some(timing) = process.world().timing("go build")? {
        total += timing.alternative("standard library", seed.as_bytes()).unwrap_or(0.0);
    }
    Ok(Modelled::new(0, total))
}

/// Where the program goes.
fn target(
    process: &mut Process<'_, '_>,
    command: &str,
    options: &[String],
    manifest: &Manifest,
    directory: &str,
) -> String {
    let name = if directory == manifest.root { path::name(&manifest.name) } else { path::name(directory) };
    let name = if name.is_empty() { "main" } else { name }.to_owned();
    if command == "install" {
        let gopath = process.env("GOPATH").unwrap_or("/go");
        let bin = process.env("GOBIN").map_or_else(|| format!("{gopath}/bin"), str::to_owned);
        return path::join(&bin, &name);
    }
    match option_value(options, "-o") {
        Some(output) if output.ends_with('/') || process.is_directory(output) => {
            path::join(&process.resolve(output), &name)
        }
        Some(output) => process.resolve(output),
        None => process.resolve(&name),
    }
}

/// The first build compiles the standard library, each one its own packages.
fn fill_cache(process: &mut Process<'_, '_>, seed: &str) -> Result<(), VfsError> {
    let cache = build_cache(process);
    let mark = format!("{cache}/README");
    if !process.exists(&mark) {
        put(
            process,
            &mark,
            "This directory holds cached build artifacts from the Go build system.\n",
            0o644,
        )?;
        let version = version(process);
        let library = Content::modelled(BUILD_CACHE, "go build cache", &[version.as_bytes()]);
        put(process, &format!("{cache}/00/standard-library"), library, 0o644)?;
    }
    let own = Content::modelled(PLAIN / 2, "go build cache", &[seed.as_bytes()]);
    put(process, &format!("{cache}/{}/{}-d", &seed[..2], &seed[..40]), own, 0o644)
}

/// The Go sources of a module.
struct Sources {
    digest: Digest,
    bytes: u64,
    /// Files in the directory of the package that is built.
    of_package: u32,
    network: bool,
}

impl Sources {
    fn read(process: &mut Process<'_, '_>, root: &str, package: &str) -> Self {
        let mut hasher = Hasher::new();
        let (mut bytes, mut of_package, mut network) = (0, 0, false);
        let root = process.look(root, Follow::Yes).map_or_else(|_| root.to_owned(), |(place, _)| place);
        for entry in process.machine.tree().walk(&root) {
            let Some(file) = entry.node.as_file() else { continue };
            let name = path::name(&entry.path);
            let is_source = name.ends_with(".go") && !name.ends_with("_test.go");
            if !is_source && name != "go.mod" && name != "go.sum" {
                continue;
            }
            hasher.field(&entry.path.as_bytes()[root.len()..]);
            hasher.write(file.content.digest().as_bytes());
            bytes += file.content.size();
            if is_source {
                of_package += u32::from(entry.path == package || path::parent(&entry.path) == package);
                let text = file.content.bytes().unwrap_or_default();
                network |= text.windows(5).any(|window| window == b"\"net/" || window == b"\"net\"");
            }
        }
        Self { digest: hasher.finish(), bytes, of_package, network }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests() {
        let text = "module example.com/app\n\ngo 1.23\n\nrequire a.org/x v1.2.3\n\nrequire (\n\tb.org/y v0.1.0 // indirect\n)\n";
        let manifest = Manifest::parse(text, "/src".to_owned());
        assert_eq!(manifest.name, "example.com/app");
        let modules: Vec<_> =
            manifest.modules.iter().map(|one| (one.name.as_str(), one.version.as_str())).collect();
        assert_eq!(modules, [("a.org/x", "v1.2.3"), ("b.org/y", "v0.1.0")]);
    }
}

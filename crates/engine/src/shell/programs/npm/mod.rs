//! `npm`: the package manager of Node.js.
//!
//! Reads the `package.json` of the working directory for what it is. Trees of packages come from the world; where a
//! range leaves out the version that the world knows, the tree is the same under another number.

mod disk;
mod install;
mod manifest;
mod run;
mod tree;
mod version;
mod yarn;

pub(super) use yarn::main as yarn;

use super::support::{option_value, split_options};
use super::{Interrupt, Modelled, Process, node};
use crate::shell::command::CommandKind;
use crate::vfs::path;

/// What the options say.
struct Call {
    global: bool,
    omits_development: bool,
    save_development: bool,
    exact: bool,
    writes_lock: bool,
    audits: bool,
    silent: bool,
    /// The directory of the cache.
    cache: String,
    packages: Vec<String>,
}

impl Call {
    fn of(process: &Process<'_, '_>, options: &[String], packages: &[String]) -> Self {
        let has = |names: &[&str]| options.iter().any(|option| names.contains(&option.as_str()));
        let home = process.env("HOME").unwrap_or("/root");
        let cache = option_value(options, "--cache").or_else(|| process.env("npm_config_cache"));
        let production =
            process.env("NODE_ENV") == Some("production") && !has(&["--include=dev", "--production=false"]);
        let omit = option_value(options, "--omit") == Some("dev")
            || option_value(options, "--only").is_some_and(|only| only.starts_with("prod"));
        Self {
            global: has(&["-g", "--global"]),
            omits_development: production || omit || has(&["--production"]),
            save_development: has(&["-D", "--save-dev"]),
            exact: has(&["-E", "--save-exact"]),
            writes_lock: !has(&["--no-package-lock", "--package-lock=false", "--no-save"]),
            audits: !has(&["--no-audit", "--audit=false"]),
            silent: has(&["-s", "--silent", "--loglevel=silent"]),
            cache: cache.map_or_else(|| path::join(home, ".npm"), str::to_owned),
            packages: packages.to_vec(),
        }
    }
}

pub(super) fn run(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let with_value =
        ["--omit", "--only", "--include", "--cache", "--prefix", "--loglevel", "--registry", "-w"];
    let arguments = process.args().to_vec();
    let (options, operands) = split_options(&arguments, &with_value);
    let Some((command, rest)) = operands.split_first() else {
        let asks = options.iter().any(|option| option == "-v" || option == "--version");
        let text =
            if asks { format!("{}\n", node::npm_version(process)) } else { "npm <command>\n".to_owned() };
        process.output(&text)?;
        return Ok(Modelled::new(i32::from(!asks), 0.1));
    };
    let call = Call::of(process, &options, rest);
    match command.as_str() {
        "install" | "i" | "add" | "in" => install::install(process, &call),
        "ci" | "clean-install" | "ic" => install::clean_install(process, &call),
        "run" | "run-script" | "rum" => run::script(process, rest, &arguments),
        "test" | "t" | "start" | "stop" | "restart" => run::script(process, &operands, &arguments),
        "cache" if rest.first().is_some_and(|word| word == "clean" || word == "rm") => {
            clean_cache(process, &call, &options)
        }
        "init" => init(process),
        _ => Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown }),
    }
}

fn clean_cache(
    process: &mut Process<'_, '_>,
    call: &Call,
    options: &[String],
) -> Result<Modelled, Interrupt> {
    if !options.iter().any(|option| option == "--force" || option == "-f") {
        return fail(
            process,
            1,
            "ECACHECLEAN",
            &[
                "As of npm@5, the npm cache self-heals from corruption issues",
                "by treating integrity mismatches as cache misses.",
            ],
        );
    }
    process.error_output("npm warn using --force Recommended protections disabled.\n")?;
    let _ = process.remove_all(&path::join(&call.cache, "_cacache"));
    Ok(Modelled::new(0, 0.4))
}

fn init(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let name = path::name(&process.cwd).to_owned();
    let name = if name.is_empty() { "app" } else { &name };
    let text = format!(
        "{{\n  \"name\": {},\n  \"version\": \"1.0.0\",\n  \"main\": \"index.js\",\n  \"license\": \"ISC\"\n}}\n",
        manifest::quoted(name)
    );
    let place = process.resolve("package.json");
    process.output(&format!("Wrote to {place}:\n\n{text}\n"))?;
    match process.write("package.json", text) {
        Ok(()) => Ok(Modelled::new(0, 0.3)),
        Err(error) => fail(process, 243, "EACCES", &[&error.to_string()]),
    }
}

/// Prints an error in npm's way and ends.
fn fail(process: &mut Process<'_, '_>, code: i32, name: &str, lines: &[&str]) -> Result<Modelled, Interrupt> {
    // npm 10.6 began to write it in lower case.
    let word = if node::major(process) >= 20 { "npm error" } else { "npm ERR!" };
    let mut text = format!("{word} code {name}\n");
    for line in lines {
        text += format!("{word} {line}").trim_end();
        text.push('\n');
    }
    process.error_output(&text)?;
    Ok(Modelled::new(code, 0.3))
}

fn missing_manifest(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let place = process.resolve("package.json");
    fail(
        process,
        254,
        "ENOENT",
        &[
            "syscall open",
            &format!("path {place}"),
            "errno -2",
            &format!(
                "enoent Could not read package.json: Error: ENOENT: no such file or directory, open '{place}'"
            ),
            "enoent This is related to npm not being able to find a file.",
            "enoent",
        ],
    )
}

fn malformed(process: &mut Process<'_, '_>, reason: &str) -> Result<Modelled, Interrupt> {
    let place = process.resolve("package.json");
    fail(
        process,
        1,
        "EJSONPARSE",
        &[
            &format!("path {place}"),
            &format!("JSON.parse {reason}"),
            "JSON.parse Failed to parse JSON data.",
            "JSON.parse Note: package.json must be actual JSON, not just JavaScript.",
        ],
    )
}

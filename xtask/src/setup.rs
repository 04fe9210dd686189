//! Installs what is missing, once: the Wasm target, the pinned tools, the npm packages, a Chromium for tests.
//!
//! Everything goes to `target/tools` and `node_modules`; the user's own tools stay as they are. Only the browser is a
//! package of the system.

use std::fs;
use std::path::Path;

use crate::process::{Outcome, command, finish, output, phase, root, run};

const TRUNK: &str = "0.21.14";
const WASM_BINDGEN: &str = "0.2.130";

/// What building and serving the page needs.
pub(crate) fn for_building() -> Outcome {
    wasm_target()?;
    node()?;
    trunk()?;
    wasm_bindgen()?;
    npm_packages("www", &[])
}

/// What formatting, lints and native tests need.
pub(crate) fn for_checking() -> Outcome {
    component("rustfmt", &["fmt", "--version"])?;
    component("clippy", &["clippy", "--version"])
}

/// The editor's bundle, which the page's bindings name when they are compiled to Wasm.
pub(crate) fn editor() -> Outcome {
    node()?;
    npm_packages("www", &[])?;
    run("node", &["www/build.mjs"])
}

/// What the whole test run needs: the above, a browser and Playwright.
pub(crate) fn for_testing() -> Outcome {
    for_checking()?;
    shells();
    for_building()?;
    chromium()?;
    npm_packages("tests/browser", &[("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")])
}

/// Where the browser is: the first name that answers.
pub(crate) fn chromium_path() -> Option<String> {
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
        .iter()
        .find_map(|name| which(name))
}

/// Where the browser's driver is.
pub(crate) fn chromedriver_path() -> Option<String> {
    ["chromedriver", "chromium.chromedriver"].iter().find_map(|name| which(name))
}

fn wasm_target() -> Outcome {
    let target = "wasm32-unknown-unknown";
    let libraries = output("rustc", &["--print", "target-libdir", "--target", target]);
    if libraries.is_some_and(|folder| Path::new(&folder).is_dir()) {
        return Ok(());
    }
    phase("setup: Rust target wasm32-unknown-unknown", || {
        run("rustup", &["target", "add", target]).map_err(|error| {
            format!("{error}\nInstall rustup (https://rustup.rs), or that target of your toolchain.")
        })
    })
}

/// A part of the toolchain that minimal installations leave out.
fn component(name: &str, question: &[&str]) -> Outcome {
    if output("cargo", question).is_some() {
        return Ok(());
    }
    phase(&format!("setup: {name}"), || run("rustup", &["component", "add", name]))
}

fn node() -> Outcome {
    let found = output("node", &["--version"]).unwrap_or_default();
    let major: u32 =
        found.trim_start_matches('v').split('.').next().and_then(|n| n.parse().ok()).unwrap_or(0);
    if major < 20 {
        let seen = if found.is_empty() { "none was found".to_owned() } else { format!("found {found}") };
        return Err(format!("Node.js 20 or newer is needed, with npm ({seen}): https://nodejs.org"));
    }
    Ok(())
}

fn trunk() -> Outcome {
    install("trunk", "trunk", TRUNK, &["--locked"])
}

/// Without `--locked`: the lock of this release names a dependency that was withdrawn.
fn wasm_bindgen() -> Outcome {
    install("wasm-bindgen-cli", "wasm-bindgen", WASM_BINDGEN, &[])
}

fn install(package: &str, binary: &str, version: &str, flags: &[&str]) -> Outcome {
    let tool = root().join("target/tools/bin").join(binary);
    let answer = output(&tool.to_string_lossy(), &["--version"]).unwrap_or_default();
    if answer.split_whitespace().any(|word| word == version) {
        return Ok(());
    }
    phase(&format!("setup: {package} {version} (some minutes, once)"), || {
        let mut cargo =
            command("cargo", &["install", "--root", "target/tools", "--no-default-features", "--force"]);
        cargo.args(flags).arg(format!("{package}@{version}"));
        // A tool needs no optimisation; its build is what one waits for.
        cargo.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0").env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        finish(&mut cargo)
    })
}

/// Runs `npm ci` when the lock file is newer than what it installed.
fn npm_packages(folder: &str, environment: &[(&str, &str)]) -> Outcome {
    let lock = fs::read(root().join(folder).join("package-lock.json"))
        .map_err(|error| format!("{folder}/package-lock.json: {error}"))?;
    let stamp = root().join(folder).join("node_modules/.installed-from");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    phase(&format!("setup: npm packages of {folder}"), || {
        let mut npm = command("npm", &["ci", "--no-audit", "--no-fund"]);
        npm.current_dir(root().join(folder)).envs(environment.iter().copied());
        finish(&mut npm)?;
        fs::write(&stamp, &lock).map_err(|error| format!("{}: {error}", stamp.display()))
    })
}

fn chromium() -> Outcome {
    if chromium_path().is_some() && chromedriver_path().is_some() {
        return Ok(());
    }
    let advice = "The tests need Chromium and its chromedriver. On Debian: apt-get install chromium chromium-driver; \
                  elsewhere install both and put them on PATH.";
    if !may_install() {
        return Err(advice.to_owned());
    }
    phase("setup: Chromium and chromedriver, by apt-get", || {
        apt(&["install", "-y", "--no-install-recommends", "chromium", "chromium-driver"])
            .map_err(|error| format!("{error}\n{advice}"))
    })
}

/// skopeo and umoci, which read archives of images. Where they cannot be installed the tests say what they left out.
pub(crate) fn image_tools() {
    if ["skopeo", "umoci"].iter().all(|tool| which(tool).is_some()) || !may_install() {
        return;
    }
    let packages = ["install", "-y", "--no-install-recommends", "skopeo", "umoci"];
    let _ = phase("setup: skopeo and umoci, by apt-get", || apt(&packages));
}

/// The real shells, against which generated scripts are run. Where they cannot be installed the test says so.
pub(crate) fn shells() {
    if ["busybox", "dash", "bash"].iter().all(|tool| which(tool).is_some()) || !may_install() {
        return;
    }
    let packages = ["install", "-y", "--no-install-recommends", "busybox", "dash", "bash"];
    let _ = phase("setup: busybox, dash and bash, by apt-get", || apt(&packages));
}

fn may_install() -> bool {
    which("apt-get").is_some() && output("id", &["-u"]).as_deref() == Some("0")
}

/// A machine that never updated its lists has none; one with stale lists still finds the packages.
fn apt(words: &[&str]) -> Outcome {
    let apt = || finish(command("apt-get", words).env("DEBIAN_FRONTEND", "noninteractive"));
    apt().or_else(|_| run("apt-get", &["update"]).and_then(|()| apt()))
}

/// Where a program lies on the path.
fn which(name: &str) -> Option<String> {
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())?;
    Some(found.to_string_lossy().into_owned())
}

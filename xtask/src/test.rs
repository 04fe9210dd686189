//! `cargo xtask test`: everything that has to pass, cheapest first.

use std::process::Command;

use crate::host::{self, Host};
use crate::process::{Outcome, command, finish, output, phase, root, run};
use crate::{archives, build, setup, sizes, tidy};

/// The page is served below such a path, since other people's hosting does the same.
pub(crate) const PREFIX: &str = "/some/where/lab/";

const ARCHIVES: &str = "archives, read by other programs";
const WASM: &str = "wasm32-unknown-unknown";
/// Programs for the terminal, which have no place in a browser.
const NATIVE_ONLY: [&str; 4] = ["--exclude", "xtask", "--exclude", "dockerfile-lab"];

/// Runs all parts, or those that the options name.
pub(crate) fn run_all(options: &[&str]) -> Outcome {
    match options {
        [] => {
            phase("setup", setup::for_testing)?;
            native()?;
            phase(ARCHIVES, archives::prove)?;
            in_wasm()?;
            build::release()?;
            in_browser(&[])?;
            phase("size budgets", sizes::check)?;
            println!("\nAll passed.");
            Ok(())
        }
        ["--quick"] => native(),
        ["--archives"] => phase(ARCHIVES, archives::prove),
        ["--wasm"] => setup::for_testing().and_then(|()| in_wasm()),
        ["--browser", rest @ ..] => {
            setup::for_testing()?;
            build::release()?;
            in_browser(rest)
        }
        _ => {
            Err("test knows --quick, --archives, --wasm and --browser [arguments for Playwright]".to_owned())
        }
    }
}

fn native() -> Outcome {
    setup::for_checking()?;
    phase("formatting", || run("cargo", &["fmt", "--all", "--check"]))?;
    phase("tidiness", tidy::check)?;
    phase("clippy, native", || {
        run("cargo", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
    })?;
    phase("tests, native", || {
        if output("cargo", &["nextest", "--version"]).is_some() {
            run("cargo", &["nextest", "run", "--workspace", "--no-fail-fast"])
        } else {
            run("cargo", &["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"])
        }
    })?;
    phase("tests, documentation", || run("cargo", &["test", "--quiet", "--workspace", "--doc"]))
}

fn in_wasm() -> Outcome {
    setup::editor()?;
    phase("tests, splitting of modules", || run("node", &["--test", "www/split/split.test.mjs"]))?;
    phase("clippy, wasm32", || {
        let lint = ["clippy", "--workspace", "--target", WASM];
        run("cargo", &[&lint[..], &NATIVE_ONLY, &["--", "-D", "warnings"]].concat())
    })?;
    phase("tests, wasm32 in headless Chromium", || {
        let driver = setup::chromedriver_path().ok_or("chromedriver is missing")?;
        let mut tests = command(
            "cargo",
            &[
                "test",
                "--target",
                WASM,
                "--package",
                "dockerfile-lab-app",
                "--package",
                "lab-wasm",
                "--package",
                "lab-replay",
                "--test",
                "wasm",
                "--test",
                "digests",
                "--test",
                "conformance",
            ],
        );
        tests.env("CHROMEDRIVER", driver).env("WASM_BINDGEN_TEST_TIMEOUT", "120");
        finish(&mut tests)
    })
}

/// Playwright against `dist/`. The embedding page is served from another port, so from another origin.
fn in_browser(arguments: &[&str]) -> Outcome {
    phase("tests, browser", || finish(&mut playwright(&[&["test"], arguments].concat())?))
}

/// Playwright with servers for the page and for pages around it, which live as long as this program.
pub(crate) fn playwright(arguments: &[&str]) -> Outcome<Command> {
    let lab = host::start(Host::new(root().join("dist"), PREFIX), 0)?;
    let pages = host::start(Host::new(root().to_owned(), "/"), 0)?;
    let cli = root().join("tests/browser/node_modules/@playwright/test/cli.js");
    let mut playwright = command("node", &[&cli.to_string_lossy()]);
    playwright.args(arguments).current_dir(root().join("tests/browser"));
    playwright.env("LAB_URL", format!("http://127.0.0.1:{lab}{PREFIX}"));
    playwright.env("PAGES_URL", format!("http://127.0.0.1:{pages}/"));
    playwright.env("LAB_CHROMIUM", setup::chromium_path().ok_or("Chromium is missing")?);
    playwright.env("LAB_FIRST_LOAD", root().join(sizes::FIRST_LOAD));
    playwright.env("LAB_FIRST_VERDICTS", root().join(sizes::FIRST_VERDICTS));
    Ok(playwright)
}

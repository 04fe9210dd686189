//! One command per chore: `cargo xtask help` lists them.
//!
//! Depends on nothing, so that it starts within a second on a new machine. It calls the project's tools and installs
//! those that are missing; it knows nothing about the engine.

mod archives;
mod bench;
mod build;
mod conformance;
mod host;
mod process;
mod screenshot;
mod serve;
mod setup;
mod sizes;
mod test;
mod tidy;

use process::Outcome;

const HELP: &str = "\
cargo xtask COMMAND

  serve [--port N] [--release]   install what is missing, build, serve with reload on change
  build                          make dist/: static files that work under any sub-path
  test                           everything: lints, tests (native, Wasm, browser), size budgets; .ci/run does this
  test --quick                   the native part alone
  test --archives                exported archives alone, read by skopeo, umoci and tar
  test --wasm                    the part in Wasm alone
  test --browser [ARGUMENTS]     the release build and Playwright alone: --browser -g 'a title'
  sizes                          the size budgets, after a browser test
  bench                          measure sizes, builds, scripts and keystrokes; writes docs/benchmarks.md
  bench --shell                  measure scripts alone, and put them into it
  conformance                    hold the engine against every recorded build; writes docs/conformance.md
  screenshot                     make the pictures of the documentation anew

  host DIR [--port N] [--prefix /P/]
                                 serve a folder of static files as it is

  help                           this text
";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let Err(failure) = dispatch(&words) {
        eprintln!("\nerror: {failure}");
        std::process::exit(1);
    }
}

fn dispatch(words: &[&str]) -> Outcome {
    match words {
        ["build"] => build::release(),
        ["serve", options @ ..] => serve::run(options),
        ["host", options @ ..] => host::run(options),
        ["test", options @ ..] => test::run_all(options),
        ["bench", options @ ..] => bench::run(options),
        ["conformance"] => conformance::write(),
        ["screenshot"] => screenshot::run(),
        ["sizes"] => sizes::check(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(format!("no such command: {}\n\n{HELP}", words.join(" "))),
    }
}

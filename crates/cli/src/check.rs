//! `dockerfile-lab check`: the text of `docker build --check`.

use crate::arguments::{BuildOptions, Failure};
use crate::build::dockerfile;
use crate::catalogue;
use crate::driver::print_json;
use lab_catalog::CatalogWorld;
use lab_engine::check::{CheckInput, CheckReport, check};
use lab_engine::dockerfile::excerpt::excerpt;
use lab_engine::dockerfile::stages::StageOptions;
use lab_engine::dockerfile::{Dockerfile, parse};
use lab_engine::vfs::ignore::IgnoreMatcher;
use lab_engine::world::World;
use serde::Serialize;
use std::fs;
use std::process::ExitCode;

/// A finding as JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule_name: &'a str,
    url: &'a str,
    detail: &'a str,
    start_line: u32,
    end_line: u32,
}

/// Checks the Dockerfile of a directory.
pub(crate) fn run(options: &BuildOptions) -> Result<ExitCode, Failure> {
    let name = match dockerfile(options)? {
        name if name.is_empty() => "Dockerfile".to_owned(),
        name => name,
    };
    let path = options.directory.join(&name);
    let text =
        fs::read_to_string(&path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
    let parsed = parse(&text).value;
    if let Some(error) = parsed.error() {
        let place = error.lines.and_then(|lines| excerpt(&name, &text, lines)).unwrap_or_default();
        return Err(Failure::new(error.message.clone()).help(place));
    }
    let report = look(options, &name, &parsed, &text)?;
    if let Some(error) = &report.error {
        let place = error.lines.first().and_then(|lines| excerpt(&name, &text, *lines)).unwrap_or_default();
        return Err(Failure::new(error.message.clone()).help(place));
    }
    if options.json {
        let finding = |warning: &lab_engine::check::Warning| -> serde_json::Value {
            let finding = Finding {
                rule_name: warning.rule.name,
                url: warning.rule.url,
                detail: &warning.message,
                start_line: warning.lines.0,
                end_line: warning.lines.1,
            };
            serde_json::to_value(finding).unwrap_or_default()
        };
        print_json(&report.warnings.iter().map(finding).collect::<Vec<_>>())?;
    } else {
        println!("{}", report.summary());
        let warnings = report.print(&name, &text);
        if !warnings.is_empty() {
            println!("\n{warnings}\n");
        }
    }
    Ok(if report.warnings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn look(options: &BuildOptions, name: &str, parsed: &Dockerfile, text: &str) -> Result<CheckReport, Failure> {
    let world = CatalogWorld::new(0);
    if let Some(images) = catalogue::asset("images") {
        world.provide("images", images).map_err(|error| Failure::new(error.to_string()))?;
    }
    let target = (!options.target.is_empty()).then(|| options.target.clone());
    let mut stage_options = StageOptions { target, ..StageOptions::default() };
    for argument in &options.build_args {
        let (name, value) = argument.split_once('=').unwrap_or((argument, ""));
        stage_options.arguments.insert(name.to_owned(), value.to_owned());
    }
    let rules = [format!("{name}.dockerignore"), ".dockerignore".to_owned()];
    let ignore = rules.iter().find_map(|file| fs::read_to_string(options.directory.join(file)).ok());
    let ignore = IgnoreMatcher::parse(ignore.as_deref().unwrap_or("")).map_err(|error| error.to_string());
    Ok(check(&CheckInput {
        dockerfile: parsed,
        text,
        options: &stage_options,
        all_stages: stage_options.target.is_none(),
        images: &|name, _| world.resolve_image(name, "linux/amd64").ok().map(|image| image.config.clone()),
        ignore: ignore.as_ref().map(Some).map_err(String::as_str),
    }))
}

//! Replays a recorded case: builds its steps with the engine and says what came out, in the form of the recording.
//!
//! Takes a case and the recorded base images (`tests/conformance/FORMAT.md` describes both) and gives the same case with
//! the engine's results in place of the recorded ones. It knows nothing of what was expected.

#![forbid(unsafe_code)]

mod context;
mod expect;
mod layers;
mod placeholders;
mod transcript;
mod world;

use context::Context;
use lab_engine::cache::{BuildId, Cache};
use lab_engine::check::BuildCheck;
use lab_engine::dockerfile::parse;
use lab_engine::solver::{Build, BuildOptions, NoCache};
use lab_engine::world::World;
use serde_json::{Map, Value};
pub use transcript::{Base, replay_transcript};
pub use world::RecordedWorld;

/// `SOURCE_DATE_EPOCH` of all recordings.
const EPOCH: &str = "1700000000";

/// The case with what the engine did.
pub fn replay(case: &Value, world: &RecordedWorld) -> Result<Value, String> {
    let mut result = case.clone();
    let mut cache = Cache::new();
    let mut context = Context::new();
    let mut layers = Map::new();
    let steps = case["steps"].as_array().ok_or("a case has no steps")?;
    for (number, step) in steps.iter().enumerate() {
        context.apply(step, number).map_err(|error| format!("step {number}: {error}"))?;
        let options = options_of(step, number, &context)?;
        let checked = checks(case).then(|| check(&options, &world.at(number)));
        let report = Build::new(options, &cache, &world.at(number)).finish();
        result["steps"][number]["expect"] = expect::expectation(&report);
        if let Some(text) = checked {
            result["steps"][number]["expect"]["check"] = text.into();
        }
        layers::add(&mut layers, &report);
        cache = report.cache;
    }
    result["layers"] = Value::Object(layers);
    Ok(result)
}

/// Whether a case was recorded with the text of a check beside each build.
fn checks(case: &Value) -> bool {
    case["name"].as_str().is_some_and(|name| name.starts_with("lint-"))
}

/// What a check of the same Dockerfile prints.
fn check(options: &BuildOptions, world: &dyn World) -> String {
    let dockerfile = parse(&options.dockerfile).value;
    let check = BuildCheck {
        dockerfile: &dockerfile,
        text: &options.dockerfile,
        build_args: &options.build_args,
        target: options.target.as_deref(),
        platform: &options.platform,
        ignore: options.context.read_text("/.dockerignore").unwrap_or_default(),
        check_only: true,
    };
    check.run(world).print(&options.dockerfile_name, &options.dockerfile)
}

fn options_of(step: &Value, number: usize, context: &Context) -> Result<BuildOptions, String> {
    let mut options = BuildOptions::new(context.dockerfile(), context.tree().clone());
    options.build = BuildId(u32::try_from(number).map_err(|error| error.to_string())?);
    options.rewrite_timestamp = true;
    options.trust_times = true;
    options.build_args = pairs(&step["build_args"]);
    options.build_args.insert(0, ("SOURCE_DATE_EPOCH".to_owned(), EPOCH.to_owned()));
    options.labels = pairs(&step["labels"]);
    options.target = step["target"].as_str().map(str::to_owned);
    options.no_cache = match &step["no_cache"] {
        Value::Bool(true) => NoCache::All,
        Value::String(stage) => NoCache::Stages(vec![stage.clone()]),
        _ => NoCache::None,
    };
    Ok(options)
}

fn pairs(value: &Value) -> Vec<(String, String)> {
    let pair = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
    value.as_object().into_iter().flatten().filter_map(pair).collect()
}

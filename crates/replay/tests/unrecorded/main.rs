//! What no recording shows: each test says in one line what BuildKit does, and why it is so.
//!
//! The builds go the way of the recorded cases, with the same base images, and look at what a recording would say.

#![cfg(not(target_arch = "wasm32"))]

mod cache;
mod files;
mod frontend;

use lab_engine::layer::tar::{Body, BytesSink, Entry, Writer};
use lab_engine::vfs::Metadata;
use lab_replay::{RecordedWorld, replay};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

fn world() -> RecordedWorld {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/testbase.json");
    let text = fs::read_to_string(path).expect("the recorded base images are there");
    RecordedWorld::load(&text).expect("the recorded base images can be read")
}

/// Builds the steps of a case one after another.
fn build_steps(steps: &[Value]) -> Value {
    let mut steps = steps.to_vec();
    for step in &mut steps {
        step["expect"] = json!({});
    }
    let case = json!({ "name": "case", "about": "", "steps": steps, "layers": {} });
    replay(&case, &world()).expect("the case can be replayed")
}

/// Builds a Dockerfile in a context with one file, `a.txt`.
fn build(dockerfile: &str) -> Value {
    build_with(json!({ "dockerfile": dockerfile }))
}

fn build_with(mut step: Value) -> Value {
    step["files"]["a.txt"] = json!({ "content": "a\n" });
    build_steps(&[step])["steps"][0]["expect"].clone()
}

fn error(dockerfile: &str) -> String {
    build(dockerfile)["error"]
        .as_str()
        .expect("the build fails")
        .trim_start_matches("failed to solve: ")
        .to_owned()
}

/// The rows of the history that the build has added, without those of the base.
fn history(expect: &Value) -> Vec<String> {
    let config = expect["image"]["config"].as_str().expect("there is an image");
    let config: Value = serde_json::from_str(config).expect("a configuration is JSON");
    let rows = config["history"].as_array().expect("there is a history");
    rows.iter().skip(2).map(|row| row["created_by"].as_str().unwrap_or_default().to_owned()).collect()
}

fn stdout(expect: &Value) -> String {
    let vertices = expect["vertices"].as_array().expect("there are vertices");
    vertices.iter().filter_map(|vertex| vertex["stdout"].as_str()).collect()
}

fn rules(expect: &Value) -> Vec<&str> {
    let warnings = expect["warnings"].as_array().expect("there are warnings");
    warnings.iter().filter_map(|warning| warning["ruleName"].as_str()).collect()
}

/// The layer that the last step has made, as path, mode and owner.
fn last_layer(dockerfile: &str) -> Vec<String> {
    let replayed = build_steps(&[json!({
        "dockerfile": dockerfile,
        "files": { "a.txt": { "content": "a\n" }, "d/x": { "content": "x\n", "mode": "0755" } },
    })]);
    let image = &replayed["steps"][0]["expect"]["image"]["layers"];
    let diff_id = image.as_array().and_then(|layers| layers.last()).and_then(Value::as_str);
    let layer = &replayed["layers"][diff_id.expect("the build succeeds and has a layer")];
    let entries = layer["entries"].as_array().expect("a layer has entries");
    let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    entries
        .iter()
        .map(|entry| {
            format!("{} {} {}:{}", text(entry, "path"), text(entry, "mode"), entry["uid"], entry["gid"])
        })
        .collect()
}

fn statuses(replayed: &Value, step: usize) -> Vec<(&str, &str)> {
    let vertices = replayed["steps"][step]["expect"]["vertices"].as_array().expect("there are vertices");
    vertices
        .iter()
        .filter_map(|vertex| Some((vertex["name"].as_str()?, vertex["status"].as_str()?)))
        .collect()
}

/// A tar of these entries: path, mode, owner, body.
fn tar(entries: Vec<(&str, u32, u32, Body)>) -> String {
    let mut writer = Writer::new(BytesSink::default());
    for (path, mode, uid, body) in entries {
        let metadata = Metadata { uid, ..Metadata::new(mode, 1_500_000_000) };
        writer.append(&Entry::new(path, metadata, body)).expect("the content is known");
    }
    let bytes = writer.finish().expect("the content is known").0;
    String::from_utf8(bytes).expect("there is only ASCII in it")
}

/// The last layer of `FROM testbase` and `ADD t.tar /p/` as path, mode and owner; or the error.
fn unpacked(archive: &str) -> Result<Vec<String>, String> {
    let step = json!({
        "dockerfile": "FROM testbase\nADD t.tar /p/\nRUN stat -c '%n %a %u %h' /p /p/*\n",
        "files": { "t.tar": { "content": archive } },
    });
    let built = build_steps(&[step])["steps"][0]["expect"].clone();
    match built["error"].as_str() {
        Some(error) => Err(error.trim_start_matches("failed to solve: ").to_owned()),
        None => Ok(stdout(&built).lines().map(str::to_owned).collect()),
    }
}

/// A context with a file, links to it, one to nothing, and the Dockerfile.
fn with_links(dockerfile: &str, links: &[(&str, &str)]) -> Value {
    let mut files = json!({ "a.txt": { "content": "a\n" }, "b.txt": { "content": "a\n" } });
    for (link, target) in links {
        files[link] = json!({ "symlink": target });
    }
    json!({ "dockerfile": dockerfile, "files": files })
}

//! The engine computes the same bytes in a browser and natively: each test here runs in both, against the same digest.

use lab_engine::digest::chain_id;
use lab_engine::layer::tar::{DigestSink, Writer};
use lab_engine::layer::{apply, diff};
use lab_engine::oci::Image;
use lab_engine::shell::{Credentials, LimitExceeded, RunSpec, Scene, run};
use lab_engine::vfs::{Content, Metadata, Node, Tree};
use lab_engine::world::{World, WorldError};
use std::sync::Arc;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test_configure!(run_in_browser);

const EPOCH: i64 = 1_700_000_000;

/// A tree with what layers have to tell apart: names beyond ASCII, a long path, a link, bytes that are no text.
fn tree() -> Tree {
    let (file, folder) = (Metadata::new(0o644, EPOCH), Metadata::new(0o755, EPOCH));
    let mut tree = Tree::new();
    let deep = format!("/app/{}", "nested/".repeat(20));
    tree.make_directories(&deep, folder).unwrap();
    tree.write("/app/server.js", "console.log('안녕')\n".into(), file).unwrap();
    tree.write(&format!("{deep}파일.bin"), vec![0, 255, 10, 13].into(), file).unwrap();
    tree.put("/app/link", Node::symlink(Metadata::new(0o777, EPOCH), "server.js"), EPOCH).unwrap();
    tree
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn a_layer_has_the_same_diff_id_everywhere() {
    let (empty, tree) = (Tree::new(), tree());
    let mut writer = Writer::new(DigestSink::new());
    for entry in diff(&empty, &tree).entries(None) {
        writer.append(&entry).unwrap();
    }
    let digest = writer.finish().unwrap().digest();
    assert_eq!(digest.to_string(), "sha256:3cc27b07791ec26cb8a528838c840f7983a61284345b74e02174a539272261ec");
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn a_layer_applied_gives_the_tree_that_it_was_made_of() {
    let (empty, tree) = (Tree::new(), tree());
    let applied = apply(&empty, &diff(&empty, &tree)).unwrap();
    assert!(diff(&applied, &tree).is_empty());
    assert!(chain_id(&[]).is_none());
}

/// A world without images.
struct Nowhere;

impl World for Nowhere {
    fn now(&self) -> i64 {
        EPOCH
    }

    fn resolve_image(&self, name: &str, _: &str) -> Result<Arc<Image>, WorldError> {
        Err(WorldError::UnknownImage { name: name.into(), nearest: Vec::new() })
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn an_endless_loop_is_stopped_at_the_same_step_everywhere() {
    let mut tree = Tree::new();
    tree.make_directories("/bin", Metadata::new(0o755, EPOCH)).unwrap();
    tree.write("/bin/busybox", Content::modelled(1000, "busybox", &[]), Metadata::new(0o755, EPOCH)).unwrap();
    tree.put("/bin/sh", Node::symlink(Metadata::new(0o777, EPOCH), "busybox"), EPOCH).unwrap();
    let script = "i=0; while :; do i=$((i+1)); echo $i > /count; done";
    let spec = RunSpec {
        arguments: ["/bin/sh", "-c", script].map(str::to_owned).to_vec(),
        environment: vec![("PATH".into(), "/bin".into())],
        cwd: "/".into(),
        credentials: Credentials::root(),
        stdin: Vec::new(),
    };
    let scene = Scene { tree, mounts: Vec::new(), spec, now: EPOCH, network: true, hostname: String::new() };
    let mut machine = scene.machine(&Nowhere);
    let outcome = run(&mut machine, scene.spec.clone());
    assert_eq!(outcome.limit, Some(LimitExceeded::Steps(2_000_000)));
    assert_eq!(machine.finish().read_text("/count"), Some("399999\n"));
}

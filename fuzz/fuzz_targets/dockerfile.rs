//! Any text as a Dockerfile: read, checked, planned and built. `FROM base` gives an empty image with a trigger in it.

#![no_main]

use lab_engine::cache::Cache;
use lab_engine::oci::{Image, ImageConfig};
use lab_engine::solver::{Build, BuildOptions};
use lab_engine::vfs::{Metadata, Tree};
use lab_engine::world::{Limits, World, WorldError};
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

struct Base;

impl World for Base {
    fn now(&self) -> i64 {
        1_700_000_000
    }

    fn resolve_image(&self, reference: &str, _platform: &str) -> Result<Arc<Image>, WorldError> {
        if reference != "docker.io/library/base:latest" {
            return Err(WorldError::UnknownImage { name: reference.to_owned(), nearest: Vec::new() });
        }
        let mut config =
            ImageConfig { architecture: "amd64".into(), os: "linux".into(), ..ImageConfig::default() };
        config.config.on_build = vec!["ENV triggered=$triggered:yes".into()];
        Ok(Arc::new(Image::assemble(config, Vec::new(), 0, None)))
    }

    fn limits(&self) -> Limits {
        Limits { shell_steps: 2000, output_bytes: 1 << 14, tree_bytes: 1 << 20, files: 1000 }
    }
}

fuzz_target!(|text: &str| {
    let mut context = Tree::new();
    for path in ["/a.txt", "/b.txt", "/.hidden"] {
        context.write(path, path.into(), Metadata::new(0o644, 1)).expect("it is a path");
    }
    let options = BuildOptions::new(text, context);
    let report = Build::new(options.clone(), &Cache::new(), &Base).finish();
    let again = Build::new(options, &report.cache, &Base).finish();
    if let (Ok(first), Ok(again)) = (&report.result, &again.result) {
        assert_eq!(first.image().config_digest, again.image().config_digest, "a hit gives the same image");
    }
});

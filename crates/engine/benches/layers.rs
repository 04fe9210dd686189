//! What a keystroke costs below the solver: the difference of two snapshots, the summary of a tree, the context without
//! what is ignored; and how fast layers are hashed, beside plain SHA-256.
//!
//! Run with `cargo bench -p lab-engine --bench layers`.

use lab_engine::digest::Digest;
use lab_engine::layer::diff;
use lab_engine::oci::Layer;
use lab_engine::vfs::ignore::{FilterMemo, IgnoreMatcher, filter};
use lab_engine::vfs::{Content, Metadata, Tree, path};
use std::hint::black_box;
use std::time::{Duration, Instant};

const IGNORED: &str = "**/*.log\nnode_modules\n.git\nbuild/**/*.o\n!keep.log\n";

/// The median of many runs; `prepare` is not measured.
fn median<T>(mut prepare: impl FnMut() -> T, mut run: impl FnMut(T)) -> Duration {
    let mut times: Vec<Duration> = (0..51)
        .map(|_| {
            let input = prepare();
            let start = Instant::now();
            run(input);
            start.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() / 2]
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn context(files: usize, per_directory: usize) -> Tree {
    let mut tree = Tree::new();
    for index in 0..files {
        let place = format!("/src/d{}/file{index}.js", index / per_directory);
        tree.make_directories(path::parent(&place), Metadata::new(0o755, 1)).unwrap();
        tree.write(&place, format!("file {index}").into(), Metadata::new(0o644, 1)).unwrap();
    }
    tree.summary();
    tree
}

fn after_one_edit(files: usize, per_directory: usize) {
    let tree = context(files, per_directory);
    let place = format!("/src/d{}/file{}.js", files / 2 / per_directory, files / 2);
    let mut time = 1;
    let mut edit = || {
        time += 1;
        let mut edited = tree.clone();
        edited.write(&place, format!("edit {time}").into(), Metadata::new(0o644, time)).unwrap();
        edited
    };
    let difference = median(&mut edit, |edited| drop(black_box(diff(&tree, &edited))));
    let summary = median(&mut edit, |edited| {
        black_box(edited.summary());
    });
    let matcher = IgnoreMatcher::parse(IGNORED).unwrap();
    let whole = median(&mut edit, |edited| drop(black_box(filter(&edited, &matcher))));
    let mut memo = FilterMemo::default();
    memo.filter(&tree, &matcher);
    let refresh = median(&mut edit, |edited| drop(black_box(memo.filter(&edited, &matcher))));
    println!(
        "{files:>7} {per_directory:>8} {:>10.1} {:>10.1} {:>12.1} {:>12.1} {:>8.0}x",
        micros(difference),
        micros(summary),
        micros(refresh),
        micros(whole),
        whole.as_secs_f64() / refresh.as_secs_f64(),
    );
}

fn hashing(file_size: usize) {
    const TOTAL: usize = 16 << 20;
    let mut tree = Tree::new();
    let bytes = vec![7u8; file_size];
    for index in 0..TOTAL / file_size {
        let content = Content::from(bytes.clone());
        tree.write(&format!("/{index}"), content, Metadata::new(0o644, 1)).unwrap();
    }
    let empty = Tree::new();
    let tar_size = Layer::between(&empty, &tree, None).tar_size;
    let layer = median(
        || (),
        |()| {
            black_box(Layer::between(&empty, &tree, None).diff_id);
        },
    );
    let flat = vec![7u8; tar_size as usize];
    let plain = median(
        || (),
        |()| {
            black_box(Digest::of(&flat));
        },
    );
    let rate = |time: Duration| tar_size as f64 / 1e6 / time.as_secs_f64();
    println!(
        "{file_size:>9} {:>12.0} {:>12.0} {:>9.2}",
        rate(layer),
        rate(plain),
        layer.as_secs_f64() / plain.as_secs_f64()
    );
}

fn main() {
    println!("after one edit, in microseconds (medians of 51)");
    println!("  files  per dir       diff    summary  ignore memo  ignore all    saved");
    for (files, per_directory) in [(10, 10), (1_000, 25), (1_000, 1_000), (10_000, 25), (10_000, 10_000)] {
        after_one_edit(files, per_directory);
    }
    println!("\nhashing a layer of 16 MiB, in MB/s of tar");
    println!("file size   layer tar  plain sha2     ratio");
    for file_size in [1 << 10, 16 << 10, 1 << 20] {
        hashing(file_size);
    }
}

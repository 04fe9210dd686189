//! How fast scripts and utilities run, beside BusyBox on the same machine.
//!
//! Prints, and writes to `LAB_BENCH` if that is set, lines of case, our seconds and BusyBox's, with tabs: each the
//! median of several runs in turn. Where BusyBox is missing its seconds are `-`, and standard error says so.
//!
//! Run with `cargo bench -p lab-engine --profile native --bench shell [WORD]`; a word picks the cases with it.

use lab_engine::oci::Image;
use lab_engine::shell::{Credentials, Machine, RunSpec, run};
use lab_engine::vfs::{Content, Metadata, Node, Tree};
use lab_engine::world::{Limits, World, WorldError};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

const ROUNDS: usize = 7;

/// What is measured, and the script that both run in a folder with `text`, 1 MB of it, and `short`, a tenth.
const CASES: [(&str, &str); 26] = [
    ("counting loop", "i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done; echo $i"),
    ("loop over words", "n=0; for x in $(seq 30000); do n=$x; done; echo $n"),
    (
        "function calls",
        "f() { local a=$1; r=$a; }; i=0; while [ $i -lt 15000 ]; do f $i x y; i=$((i+1)); done; echo $r",
    ),
    ("string building", "s=; i=0; while [ $i -lt 6000 ]; do s=\"$s$i,\"; i=$((i+1)); done; echo ${#s}"),
    (
        "cutting strings",
        "i=0; while [ $i -lt 10000 ]; do p=/usr/local/lib/name-$i.tar.gz; b=${p##*/}; v=${b#*-}; v=${v%%.*}; i=$((i+1)); done; echo $v",
    ),
    (
        "case",
        "i=0; n=0; while [ $i -lt 15000 ]; do case $i in *[05]) n=$((n+1));; 1*|2*) ;; *) ;; esac; i=$((i+1)); done; echo $n",
    ),
    ("read", "n=0; while read -r a b c; do n=$((n+${#b})); done <short; echo $n"),
    ("printf", "i=0; while [ $i -lt 15000 ]; do printf '%05d %s\\n' $i word; i=$((i+1)); done | tail -n 1"),
    ("substitution", "i=0; while [ $i -lt 1000 ]; do x=$(echo $i); i=$((i+1)); done; echo $x"),
    ("small pipes", "i=0; while [ $i -lt 300 ]; do echo $i | cat >/dev/null; i=$((i+1)); done; echo $i"),
    ("large pipe", "cat text text text text | tr a-z A-Z | cat | wc"),
    ("sed word", "sed 's/quick/slow/' text | tail -n 1"),
    ("sed groups", "sed 's/\\([a-z]*\\) \\([a-z]*\\)/\\2 \\1/g' text | tail -n 1"),
    ("sed address", "sed -n '/fox.*9$/p' text | tail -n 1"),
    ("awk fields", "awk '{ n[$1] += $2 } END { for (k in n) s += n[k]; print s }' text"),
    ("awk loop", "awk 'BEGIN { for (i = 0; i < 300000; i++) s += i % 7; print s }'"),
    ("awk gsub", "awk '{ gsub(/o/, \"0\"); t += length($0) } END { print t }' text"),
    ("sort", "sort text | tail -n 1"),
    ("sort by number", "sort -k2,2n text | tail -n 1"),
    ("sort and count", "cut -d' ' -f1 text | sort | uniq -c | sort -rn | head -n 1"),
    ("grep word", "grep -c quick text"),
    ("grep expression", "grep -c 'f[aeiou]x.*[0-9]5$' text"),
    ("grep -E", "grep -cE '^(lazy|quick|brown) [0-9]+ ' text"),
    ("grep -v -i", "grep -vic QUICK text"),
    ("cut", "cut -d' ' -f2,4 text | tail -n 1"),
    ("wc", "wc text"),
];

struct Nowhere;

impl World for Nowhere {
    fn now(&self) -> i64 {
        1_700_000_000
    }

    fn resolve_image(&self, name: &str, _: &str) -> Result<Arc<Image>, WorldError> {
        Err(WorldError::UnknownImage { name: name.to_owned(), nearest: Vec::new() })
    }

    fn limits(&self) -> Limits {
        Limits { shell_steps: u64::MAX, ..Limits::default() }
    }
}

/// Lines of words and numbers that have no order: as many bytes as are wanted.
fn text(bytes: usize) -> String {
    const WORDS: [&str; 9] = ["quick", "brown", "fox", "jumps", "over", "lazy", "dog", "moonlit", "harbour"];
    let mut text = String::new();
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize
    };
    while text.len() < bytes {
        let word = |number: usize| WORDS[number % WORDS.len()];
        let (first, number, rest) = (word(next()), next() % 100_000, next() % 5);
        let _ = write!(text, "{first} {number}");
        for _ in 0..=rest {
            let _ = write!(text, " {}", word(next()));
        }
        let _ = writeln!(text, " {}", next() % 100);
    }
    text
}

/// BusyBox with its applets, in a folder that goes when this goes.
struct Real {
    program: PathBuf,
    folder: PathBuf,
}

impl Drop for Real {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Real {
    fn find(files: &[(&str, String)]) -> Option<Self> {
        let paths = std::env::var_os("PATH")?;
        let program = std::env::split_paths(&paths)
            .map(|folder| folder.join("busybox"))
            .find(|place| place.is_file())?;
        let folder = std::env::temp_dir().join(format!("lab-shell-bench-{}", std::process::id()));
        let bin = folder.join("bin");
        std::fs::create_dir_all(&bin).ok()?;
        let real = Self { program, folder };
        let installed = Command::new(&real.program).args(["--install", "-s"]).arg(&bin).status();
        installed.ok().filter(std::process::ExitStatus::success)?;
        for (name, text) in files {
            std::fs::write(real.folder.join(name), text).ok()?;
        }
        Some(real)
    }

    fn run(&self, script: &str) -> (Duration, String) {
        let mut command = Command::new(&self.program);
        command.args(["sh", "-c", script]).current_dir(&self.folder).stdin(Stdio::null());
        command.env_clear().env("PATH", self.folder.join("bin"));
        let start = Instant::now();
        let output = command.output().expect("BusyBox runs");
        (start.elapsed(), String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

fn root(files: &[(&str, String)]) -> Tree {
    let mut tree = Tree::new();
    let meta = |mode| Metadata::new(mode, 1);
    for directory in ["/bin", "/w", "/etc", "/dev", "/proc", "/sys"] {
        tree.make_directories(directory, meta(0o755)).expect("a new tree takes directories");
    }
    let busybox = Content::modelled(1000, "busybox", &[]);
    tree.write("/bin/busybox", busybox, meta(0o755)).expect("a new tree takes files");
    for name in ["sh", "cat", "tr", "wc", "sed", "awk", "sort", "grep", "cut", "uniq", "head", "tail", "seq"]
    {
        tree.put(&format!("/bin/{name}"), Node::symlink(meta(0o777), "busybox"), 1).expect("and links");
    }
    for (name, text) in files {
        tree.write(&Path::new("/w").join(name).to_string_lossy(), text.as_str().into(), meta(0o644))
            .expect("and texts");
    }
    tree
}

fn own(tree: &Tree, script: &str) -> (Duration, String) {
    let tree = tree.clone();
    let start = Instant::now();
    let mut machine = Machine::new(tree, &Nowhere);
    let outcome = run(
        &mut machine,
        RunSpec {
            arguments: ["/bin/sh", "-c", script].map(str::to_owned).to_vec(),
            environment: vec![("PATH".into(), "/bin".into())],
            cwd: "/w".into(),
            credentials: Credentials::root(),
            stdin: Vec::new(),
        },
    );
    (start.elapsed(), String::from_utf8_lossy(&outcome.stdout).into_owned())
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

fn main() {
    let whole = text(1_000_000);
    let files = [("short", text(100_000)), ("text", whole)];
    let tree = root(&files);
    let real = Real::find(&files);
    if real.is_none() {
        eprintln!("BusyBox is missing: there is nothing to compare with. On Debian: apt-get install busybox");
    }
    let wanted = std::env::args().skip(1).find(|word| !word.starts_with('-')).unwrap_or_default();
    let mut report = String::new();
    for (name, script) in CASES.iter().filter(|(name, _)| name.contains(&wanted)) {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let (taken, printed) = own(&tree, script);
            ours.push(taken);
            if let Some(real) = &real {
                let (taken, wanted) = real.run(script);
                theirs.push(taken);
                assert_eq!(printed, wanted, "{name}: both print the same");
            }
        }
        let theirs = if theirs.is_empty() { "-".to_owned() } else { format!("{:.6}", median(theirs)) };
        let line = format!("{name}\t{:.6}\t{theirs}\n", median(ours));
        print!("{line}");
        report.push_str(&line);
    }
    if let Some(path) = std::env::var_os("LAB_BENCH") {
        std::fs::write(path, report).expect("the report can be written");
    }
}

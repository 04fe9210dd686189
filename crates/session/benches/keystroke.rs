//! What a keystroke costs: the time from an edit to its verdicts, events included, for contexts of several sizes.
//!
//! Prints the median and the 95th percentile in microseconds, and their ratio to the budget. The budget is that of the
//! worker in a browser; native code is about twice as fast, so a ratio above 0.5 here is a warning.

use lab_session::Session;
use lab_session::protocol::{Envelope, FileInput, Project, Request, VERSION};
use std::time::Instant;

const NOW: f64 = 1_800_000_000.0;
const DOCKERFILE: &str = "FROM node\nWORKDIR /app\nCOPY package.json .\nRUN npm install\nCOPY . .\n\
    ENV NODE_ENV=production\nRUN mkdir -p /data && date > /data/built\nCMD [\"node\", \"src/0/0.js\"]\n";

fn main() {
    println!(
        "{:>7} {:>18} {:>10} {:>10} {:>8} {:>8}",
        "files", "edited", "p50 µs", "p95 µs", "budget", "ratio"
    );
    for (files, budget) in [(10, 4000.0), (1_000, 4000.0), (10_000, 8000.0)] {
        for path in ["src/0/0.js", "Dockerfile", "package.json"] {
            let mut times = measure(files, path);
            times.sort_by(f64::total_cmp);
            let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
            let (median, high) = (at(0.5), at(0.95));
            println!(
                "{files:>7} {path:>18} {median:>10.0} {high:>10.0} {budget:>8.0} {:>8.3}",
                high / budget
            );
        }
    }
}

fn measure(files: usize, edited: &str) -> Vec<f64> {
    let mut lab = Lab { session: Session::new(), generation: 0 };
    lab.send(Request::Open { project: project(files) });
    lab.send(Request::Build { tags: Vec::new(), no_cache: false });
    let mut text = content(edited);
    let mut times = Vec::new();
    for round in 0..60 {
        text.push_str(if edited == "Dockerfile" { "#" } else { " " });
        let request = Request::EditFile { path: edited.to_owned(), text: text.clone() };
        let start = Instant::now();
        lab.send(request);
        // The first rounds fill memos.
        if round >= 5 {
            times.push(start.elapsed().as_secs_f64() * 1e6);
        }
    }
    times
}

fn project(files: usize) -> Project {
    let mut list: Vec<FileInput> = Vec::new();
    let mut add = |path: String| {
        let text = Some(content(&path));
        list.push(FileInput { path, text, ..FileInput::default() });
    };
    add("Dockerfile".to_owned());
    add("package.json".to_owned());
    for at in 0..files {
        add(format!("src/{}/{}.js", at / 50, at % 50));
    }
    Project { version: VERSION, at: NOW, files: list, ..Project::default() }
}

/// About ten kilobytes for a source file.
fn content(path: &str) -> String {
    match path {
        "Dockerfile" => DOCKERFILE.to_owned(),
        "package.json" => "{\"dependencies\": {\"express\": \"^4.0.0\"}}\n".to_owned(),
        _ => format!("// {path}\n").repeat(10_000 / (path.len() + 4)),
    }
}

struct Lab {
    session: Session,
    generation: u32,
}

impl Lab {
    fn send(&mut self, request: Request) {
        self.generation += 1;
        let envelope = Envelope { generation: self.generation, now: NOW, preview: true, request };
        let mut wanted = Vec::new();
        self.session.handle_with(envelope, &mut |event| {
            if let lab_session::protocol::Event::NeedAsset { asset } = event {
                wanted.push(asset);
            }
        });
        for asset in wanted {
            let path = format!("{}/../../catalog/{asset}.json", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(path).expect("the catalogue is there");
            self.send(Request::Provide { asset, text });
        }
    }
}

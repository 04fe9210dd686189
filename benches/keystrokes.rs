//! How long the session takes for a keystroke, natively: the same project and the same keys as
//! `tests/browser/keystroke.bench.js` has, without a page and without messages.
//!
//! Prints lines of the number of files, the number of builds on the timeline, the median and the 95th percentile in
//! microseconds, and the bytes of the last answer. With two numbers as arguments it types there alone, for a profiler.

use std::path::Path;
use std::time::{Duration, Instant};

use lab_session::Session;
use lab_session::protocol::{Envelope, Event, FileInput, Project, Reply, Request, VERSION};

const DOCKERFILE: &str = "FROM node\nWORKDIR /app\nCOPY package.json .\nRUN npm install\nCOPY . .\nRUN echo built\nCMD [\"node\", \"server.js\"]\n";
const KEYS: usize = 60;

fn main() {
    let given: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let cases = match given[..] {
        [files, builds] => vec![(files, builds)],
        _ => vec![(10, 1), (1_000, 1), (10_000, 1), (10, 100), (10, 1_000)],
    };
    for (files, builds) in cases {
        let mut lab = Lab::open(files);
        for build in 0..builds {
            let text = DOCKERFILE.replace("built", &format!("build {}", builds - build - 1));
            lab.ask(Request::EditFile { path: "Dockerfile".to_owned(), text });
            lab.ask(Request::Build { tags: Vec::new(), no_cache: false });
        }
        let mut bytes = 0;
        let mut times: Vec<Duration> = (0..KEYS)
            .map(|key| {
                let text = DOCKERFILE.replace("built", &format!("built{}", "x".repeat(key + 1)));
                let start = Instant::now();
                let events = lab.ask(Request::EditFile { path: "Dockerfile".to_owned(), text });
                let reply = Reply { generation: 1, events, done: true };
                bytes = postcard::to_allocvec(&reply).expect("a reply can be written").len();
                start.elapsed()
            })
            .collect();
        times.sort();
        let at = |part: usize| times[(KEYS * part / 100).min(KEYS - 1)].as_micros();
        println!("{files}\t{builds}\t{}\t{}\t{bytes}", at(50), at(95));
    }
}

/// A session with a context, driven as the page drives it.
struct Lab {
    session: Session,
    generation: u32,
}

impl Lab {
    fn open(count: usize) -> Self {
        let text = |path: String, text: String| FileInput { path, text: Some(text), ..FileInput::default() };
        let mut files = vec![
            text("Dockerfile".to_owned(), DOCKERFILE.to_owned()),
            text("package.json".to_owned(), "{ \"name\": \"bench\", \"dependencies\": {} }\n".to_owned()),
        ];
        let filler = "0123456789abcdef\n".repeat(600.min(600_000 / count));
        files.extend((files.len()..count).map(|number| {
            text(format!("src/{}/file-{number}.txt", number % 50), format!("{number}\n{filler}"))
        }));
        let mut lab = Self { session: Session::default(), generation: 0 };
        lab.ask(Request::Open {
            project: Project { version: VERSION, at: 1_700_000_000.0, files, ..Project::default() },
        });
        lab
    }

    /// Sends a request, and gives the parts of the catalogue that are asked for.
    fn ask(&mut self, request: Request) -> Vec<Event> {
        self.generation += 1;
        let (generation, now) = (self.generation, 1_700_000_000.0 + f64::from(self.generation));
        let mut envelopes = vec![Envelope { generation, now, preview: true, request }];
        let mut all = Vec::new();
        while let Some(envelope) = envelopes.pop() {
            for event in self.session.handle(envelope) {
                if let Event::NeedAsset { asset } = &event {
                    let file =
                        Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog").join(format!("{asset}.json"));
                    let text = std::fs::read_to_string(file).expect("the catalogue has this part");
                    let request = Request::Provide { asset: asset.clone(), text };
                    envelopes.push(Envelope { generation, now, preview: true, request });
                }
                all.push(event);
            }
        }
        all
    }
}

//! How long the session takes for whole builds, natively: the work that `benches/buildkit.tsv` has BuildKit's times of.
//!
//! Prints, and writes to `LAB_BENCH` if that is set, lines of `files`, `case` and the median in seconds, with tabs.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use lab_session::Session;
use lab_session::protocol::{Envelope, Event, FileInput, Project, Request, VERSION};

const DOCKERFILE: &str = "FROM alpine\nWORKDIR /app\nCOPY package.json .\nRUN mkdir -p /out\nCOPY . .\nRUN cp package.json /out/\nRUN echo done > /out/done\n";
const ROUNDS: usize = 9;

/// Does one build, the number of the round given, and says how long it took.
type Case = fn(&mut Lab, usize) -> Duration;

fn main() {
    let mut report = String::new();
    for files in [10, 5000] {
        let mut lab = Lab::open(files);
        // Fetches the parts of the catalogue that the build needs.
        lab.ask(Request::Build { tags: Vec::new(), no_cache: false });
        let cases: [(&str, Case); 3] = [
            ("nothing changed", |lab, _| lab.build(false)),
            ("one file changed", |lab, round| lab.edit_and_build(round)),
            ("empty cache", |lab, _| lab.build(true)),
        ];
        for (case, run) in cases {
            let mut times: Vec<Duration> = (0..ROUNDS).map(|round| run(&mut lab, round)).collect();
            times.sort();
            let _ = writeln!(report, "{files}\t{case}\t{:.6}", times[ROUNDS / 2].as_secs_f64());
        }
    }
    print!("{report}");
    if let Some(path) = std::env::var_os("LAB_BENCH") {
        std::fs::write(path, report).expect("the report can be written");
    }
}

/// A session with a context, driven as the page drives it.
struct Lab {
    session: Session,
    generation: u32,
}

impl Lab {
    fn open(files: usize) -> Self {
        let text = |path: String, text: String| FileInput { path, text: Some(text), ..FileInput::default() };
        let mut list = vec![
            text("Dockerfile".to_owned(), DOCKERFILE.to_owned()),
            text("package.json".to_owned(), "{}\n".to_owned()),
        ];
        list.extend((list.len()..files).map(|number| {
            let content = format!("file {number}\n{}", "0123456789abcdef\n".repeat(60));
            text(format!("src/d{}/f{number}.txt", number % 50), content)
        }));
        let mut lab = Self { session: Session::default(), generation: 0 };
        lab.ask(Request::Open { project: Project { version: VERSION, files: list, ..Project::default() } });
        lab
    }

    fn build(&mut self, no_cache: bool) -> Duration {
        let start = Instant::now();
        let events = self.ask(Request::Build { tags: Vec::new(), no_cache });
        let taken = start.elapsed();
        let built = events.iter().find_map(|event| match event {
            Event::Built { build } => Some(build),
            _ => None,
        });
        let built = built.unwrap_or_else(|| panic!("no build was kept: {events:?}"));
        assert!(built.error.is_none(), "a build failed: {:?}", built.error);
        taken
    }

    fn edit_and_build(&mut self, round: usize) -> Duration {
        self.ask(Request::EditFile { path: "src/d2/f2.txt".to_owned(), text: format!("edit {round}\n") });
        self.build(false)
    }

    /// Sends a request without a preview, and gives the parts of the catalogue that are asked for.
    fn ask(&mut self, request: Request) -> Vec<Event> {
        self.generation += 1;
        let (generation, now) = (self.generation, 1_700_000_000.0 + f64::from(self.generation));
        let mut envelopes = vec![Envelope { generation, now, preview: false, request }];
        let mut all = Vec::new();
        while let Some(envelope) = envelopes.pop() {
            let events = self.session.handle(envelope);
            for event in &events {
                if let Event::NeedAsset { asset } = event {
                    let file =
                        Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog").join(format!("{asset}.json"));
                    let text = std::fs::read_to_string(file).expect("the catalogue has this part");
                    let request = Request::Provide { asset: asset.clone(), text };
                    envelopes.push(Envelope { generation, now, preview: false, request });
                }
            }
            all.extend(events);
        }
        all
    }
}

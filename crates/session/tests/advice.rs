//! Advice about the order of a Dockerfile: offered where both orders were built and the other one is better, and never
//! where the image would be another one.

mod support;

use lab_session::protocol::{Query, Remedy, Request, State};
use support::{Lab, file, row, states};

const PACKAGE: &str = "{\"name\": \"shop\", \"dependencies\": {\"express\": \"^4.0.0\"}}\n";

/// A remedy that gives the Dockerfile another order.
struct Reorder {
    text: String,
    files: Vec<String>,
    run: String,
    seconds: (f64, f64),
    score: (u32, u32),
    known: bool,
}

/// What is advised at the row that missed, after a file was edited.
fn advised(dockerfile: &str, files: &[(&str, &str)], edited: &str) -> (Lab, Option<Reorder>) {
    let mut all = vec![("Dockerfile", dockerfile)];
    all.extend(files);
    let mut lab = Lab::open(&all);
    let built = lab.build();
    assert!(built.error.is_none(), "{:?}", built.error);
    lab.edit(edited, "edited\n");
    let missed = lab.preview().steps.iter().find(|step| step.state == State::Miss);
    let id = missed.unwrap_or_else(|| panic!("{:?}", states(lab.preview()))).id;
    let found = lab.why(id).remedies.into_iter().find_map(|remedy| match remedy {
        Remedy::Reorder { text, files, run, before, after, hits, steps, known } => {
            let seconds = (before.value, after.value);
            Some(Reorder { text, files, run, seconds, score: (hits, steps), known })
        }
        _ => None,
    });
    (lab, found)
}

/// The advised text for a project in Node.js, of which `server.js` was edited.
fn node(dockerfile: &str) -> Option<String> {
    let files = [("package.json", PACKAGE), ("server.js", "one\n"), (".dockerignore", "Dockerfile\n")];
    advised(dockerfile, &files, "server.js").1.map(|found| found.text)
}

#[test]
fn the_manifest_first_and_the_rest_behind_the_installation() {
    let dockerfile = "FROM node\nCOPY . /app\nWORKDIR /app\nRUN npm install\nEXPOSE 80\n";
    let files = [("package.json", PACKAGE), ("server.js", "one\n")];
    let (_, found) = advised(dockerfile, &files, "server.js");
    let found = found.expect("there is advice");
    let better =
        "FROM node\nCOPY package.json /app/\nWORKDIR /app\nRUN npm install\nCOPY . /app\nEXPOSE 80\n";
    assert_eq!((found.text.as_str(), found.run.as_str()), (better, "RUN npm install"));
    // The Dockerfile is in the image, and differs: the rest is the same.
    assert_eq!((found.files, found.score, found.known), (vec!["package.json".to_owned()], (4, 5), true));
    assert!(found.seconds.0 > 1.0 && found.seconds.1 < 0.5, "{:?}", found.seconds);
}

#[test]
fn applying_it_is_one_step_back_and_keeps_its_promise() {
    let dockerfile = "FROM node\nWORKDIR /app\nCOPY . .\nRUN npm install\n";
    let files = [("package.json", PACKAGE), ("server.js", "one\n"), (".dockerignore", "Dockerfile\n")];
    let (mut lab, found) = advised(dockerfile, &files, "server.js");
    let found = found.expect("there is advice");
    lab.send(Request::PutFiles { files: vec![file("Dockerfile", &found.text)] });
    let built = lab.build();
    assert!(built.error.is_none());
    lab.edit("server.js", "three\n");
    let preview = lab.preview().clone();
    assert_eq!((preview.totals.hits, preview.totals.steps), found.score);
    assert!((preview.totals.seconds.value - found.seconds.1).abs() < 0.05, "{:?}", preview.totals.seconds);
    assert_eq!(row(&preview, "RUN npm install").state, State::Hit);
    lab.send(Request::Undo);
    lab.send(Request::Undo);
    assert_eq!(lab.workspace.dockerfile_text.as_deref(), Some(dockerfile));
}

#[test]
fn destinations_stay_what_they_were() {
    for (dockerfile, expected) in [
        // Relative, before and behind the WORKDIR.
        (
            "FROM node\nWORKDIR /srv\nCOPY . .\nRUN npm install\n",
            "FROM node\nWORKDIR /srv\nCOPY package.json ./\nRUN npm install\nCOPY . .\n",
        ),
        (
            "FROM node\nWORKDIR /srv\nCOPY . shop\nWORKDIR shop\nRUN npm i\nCMD x",
            "FROM node\nWORKDIR /srv\nCOPY package.json shop/\nWORKDIR shop\nRUN npm i\nCOPY . ./\nCMD x",
        ),
        (
            "FROM node\nCOPY . srv/shop\nWORKDIR /srv\nRUN cd shop && npm i\n",
            "FROM node\nCOPY package.json srv/shop/\nWORKDIR /srv\nRUN cd shop && npm i\nCOPY . /srv/shop/\n",
        ),
        // Case, flags, form, spelling, comments, blank lines.
        (
            "from node\nworkdir /a\n\n# everything\ncopy --chown=node:node ./ ./\n\n# now\nrun npm i \\\n  --omit=dev\n\ncmd x\n",
            "from node\nworkdir /a\n\ncopy --chown=node:node ./package.json ./\n\n# now\nrun npm i \\\n  --omit=dev\n# everything\ncopy --chown=node:node ./ ./\n\ncmd x\n",
        ),
        (
            "FROM node\r\nADD [\".\", \"/app\"]\r\nWORKDIR /app\r\nRUN [\"npm\", \"install\"]\r\n",
            "FROM node\r\nADD [\"package.json\", \"/app/\"]\r\nWORKDIR /app\r\nRUN [\"npm\", \"install\"]\r\nADD [\".\", \"/app\"]\r\n",
        ),
        // Behind another installation that reads nothing of the project.
        (
            "FROM node:20-slim\nWORKDIR /app\nCOPY . .\nRUN apt-get update && apt-get install -y git\nRUN npm i\n",
            "FROM node:20-slim\nWORKDIR /app\nCOPY package.json ./\nRUN apt-get update && apt-get install -y git\nRUN npm i\nCOPY . .\n",
        ),
        // Before a step that reads the project.
        (
            "FROM node\nWORKDIR /app\nCOPY . .\nRUN wc -l server.js > lines\nRUN npm i\n",
            "FROM node\nWORKDIR /app\nCOPY package.json ./\nRUN npm i\nCOPY . .\nRUN wc -l server.js > lines\n",
        ),
        // The manifest is there already.
        (
            "FROM node\nWORKDIR /app\nCOPY package.json .\nCOPY . .\nRUN npm i\n",
            "FROM node\nWORKDIR /app\nCOPY package.json .\nRUN npm i\nCOPY . .\n",
        ),
    ] {
        assert_eq!(node(dockerfile).as_deref(), Some(expected), "{dockerfile}");
    }
}

#[test]
fn an_order_that_makes_another_image_is_not_advised() {
    for dockerfile in [
        // Reads the project.
        "FROM node\nWORKDIR /app\nCOPY . .\nRUN npm i && wc -l server.js > lines\n",
        "FROM node\nWORKDIR /app\nCOPY . .\nRUN npm --version && ls\n",
        // Done already.
        "FROM node\nWORKDIR /app\nCOPY package.json .\nRUN npm i\nCOPY . .\n",
        // The installation is overwritten, now and not before.
        "FROM node\nWORKDIR /app\nCOPY . .\nRUN rm server.js && npm i\n",
    ] {
        assert_eq!(node(dockerfile), None, "{dockerfile}");
    }
    // yarn completes the lock, which the COPY would then put back.
    let files = [("package.json", PACKAGE), ("yarn.lock", ""), ("a", "")];
    assert!(advised("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN yarn install\n", &files, "a").1.is_none());
    // The edit is one of the manifest: nothing would be gained.
    let mut lab = Lab::open(&[
        ("Dockerfile", "FROM node\nWORKDIR /app\nCOPY . .\nRUN npm i\n"),
        ("package.json", PACKAGE),
    ]);
    lab.build();
    lab.edit("package.json", "{\"name\": \"shop\", \"dependencies\": {\"lodash\": \"*\"}}\n");
    let id = row(lab.preview(), "COPY . .").id;
    assert!(lab.why(id).remedies.iter().all(|remedy| matches!(remedy, Remedy::RevertFile { .. })));
}

#[test]
fn other_languages_have_manifests_too() {
    for (from, files, run, expected) in [
        (
            "python:3.8",
            &[("requirements.txt", "flask\n"), ("app.py", "")][..],
            "pip install -r requirements.txt",
            "requirements.txt",
        ),
        (
            "golang",
            &[
                ("go.mod", "module shop\n\ngo 1.22\n\nrequire github.com/google/uuid v1.6.0\n"),
                ("app.py", ""),
            ],
            "go mod download",
            "go.mod",
        ),
        ("node:20", &[("package.json", PACKAGE), ("app.py", "")], "yarn install", "package.json"),
        (
            "ruby",
            &[("Gemfile", "source 'https://rubygems.org'\ngem 'rack'\n"), ("app.py", "")],
            "bundle install",
            "Gemfile",
        ),
    ] {
        let dockerfile = format!("FROM {from}\nWORKDIR /app\nCOPY . .\nRUN {run}\n");
        let (_, found) = advised(&dockerfile, files, "app.py");
        let found = found.unwrap_or_else(|| panic!("no advice for {run}"));
        let better = format!("FROM {from}\nWORKDIR /app\nCOPY {expected} ./\nRUN {run}\nCOPY . .\n");
        assert_eq!((found.text, found.known), (better, true), "{run}");
    }
}

#[test]
fn a_program_that_is_not_simulated_is_said_to_be_none() {
    let files = [("Cargo.toml", "[[bin]]\nname = \"x\"\npath = \"x.rs\"\n"), ("x.rs", "")];
    let (_, found) = advised("FROM rust\nWORKDIR /app\nCOPY . .\nRUN cargo fetch\n", &files, "x.rs");
    let found = found.expect("there is advice");
    assert_eq!((found.files, found.score), (vec!["Cargo.toml".to_owned()], (4, 5)));
    assert!(!found.known);
}

#[test]
fn a_build_of_the_timeline_has_no_advice() {
    let (mut lab, found) = advised(
        "FROM node\nWORKDIR /app\nCOPY . .\nRUN npm i\n",
        &[("package.json", PACKAGE), ("a", "")],
        "a",
    );
    assert!(found.is_some());
    lab.build();
    let event = lab.query(Query::Why { build: Some(2), step: 2 });
    let lab_session::protocol::Event::Why { why, .. } = event else { panic!("{event:?}") };
    assert!(why.remedies.is_empty());
}

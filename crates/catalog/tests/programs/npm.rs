use super::{Container, assert_near, assert_reproducible, layer_bytes};
use lab_engine::shell::CommandKind;

const PACKAGE: &str = r#"{
  "name": "server",
  "version": "1.0.0",
  "scripts": { "build": "mkdir -p out && cp server.js out/", "bundle": "webpack" },
  "dependencies": { "express": "^5.1.0" },
  "devDependencies": { "nodemon": "^3.0.0" }
}
"#;

fn node() -> Container {
    Container::of("node:22").with("package.json", PACKAGE)
}

#[test]
fn install_makes_the_measured_tree() {
    let mut container = Container::of("node:22");
    container.write("package.json", r#"{"name":"a","dependencies":{"express":"*"}}"#);
    let before = container.tree.clone();
    let done = container.ok("npm install");
    // node_modules, the lock, and the cache with the tarballs and the metadata.
    let known = 2_361_543 + 742_499 + 2_443_573;
    assert_near(layer_bytes(&before, &done.tree), known, 3);
    assert!(done.out.starts_with("\nadded 68 packages, and audited 69 packages in "), "{}", done.out);
    assert!(done.out.ends_with("\n\nfound 0 vulnerabilities\n"));
    assert_eq!(done.kind, CommandKind::Modelled);
    assert!((3.0..9.0).contains(&done.seconds), "{}", done.seconds);
    let text = done.tree.read_text("/app/node_modules/express/package.json").unwrap();
    assert!(text.contains("\"version\": \"5.3.0\""));
    let lock: serde_json::Value =
        serde_json::from_str(done.tree.read_text("/app/package-lock.json").unwrap()).unwrap();
    assert_eq!(lock["packages"].as_object().unwrap().len(), 69);
    assert_eq!(lock["packages"][""]["dependencies"]["express"], "*");
    // Once more: nothing to do.
    assert!(container.ok("npm install").out.starts_with("\nup to date, audited 69 packages in "));
}

#[test]
fn ci_wants_a_lock_and_follows_it() {
    let mut container = node();
    let done = container.run("npm ci");
    assert_eq!(done.code, 1);
    assert!(
        done.err
            .starts_with("npm error code EUSAGE\nnpm error\nnpm error The `npm ci` command can only install")
    );
    let installed = container.ok("npm install");
    let done = container.ok("npm ci");
    let of = |tree: &lab_engine::vfs::Tree| tree.entry("/app/node_modules").unwrap().content_digest();
    assert_eq!(of(&installed.tree), of(&done.tree));
    container.write("package.json", &PACKAGE.replace("^5.1.0", "^4.0.0"));
    let done = container.run("npm ci");
    assert_eq!(done.code, 1);
    assert!(done.err.contains("Missing: express@^4.0.0 from lock file"), "{}", done.err);
}

#[test]
fn development_is_left_out_when_asked() {
    for (command, production) in
        [("npm install --omit=dev", false), ("npm install --production", false), ("npm install", true)]
    {
        let mut container = node();
        if production {
            container.environment.push(("NODE_ENV".to_owned(), "production".to_owned()));
        }
        let done = container.ok(command);
        assert!(done.tree.exists("/app/node_modules/express"), "{command}");
        assert!(!done.tree.exists("/app/node_modules/nodemon"), "{command}");
    }
    let done = node().ok("npm install");
    assert_eq!(
        done.tree.canonical("/app/node_modules/.bin/nodemon").as_deref(),
        Ok("/app/node_modules/nodemon/index.js")
    );
}

#[test]
fn naming_a_package_writes_it_down() {
    let mut container = node();
    let done = container.ok("npm install cors");
    assert!(done.tree.exists("/app/node_modules/cors") && done.tree.exists("/app/node_modules/express"));
    let manifest: serde_json::Value =
        serde_json::from_str(done.tree.read_text("/app/package.json").unwrap()).unwrap();
    assert!(manifest["dependencies"]["cors"].as_str().unwrap().starts_with('^'));
    assert_eq!(manifest["name"], "server");
    let done = container.ok("npm install -g nodemon@3");
    assert!(done.tree.exists("/usr/local/bin/nodemon"));
    assert!(done.out.starts_with("\nadded ") && !done.out.contains("audited"), "{}", done.out);
}

#[test]
fn a_missing_or_broken_manifest() {
    let done = Container::of("node:22").run("npm install");
    assert_eq!(done.code, 254);
    assert!(done.err.contains("npm error enoent Could not read package.json"), "{}", done.err);
    let done = Container::of("node:18").with("package.json", "{\"name\": }").run("npm install");
    assert_eq!(done.code, 1);
    assert!(done.err.starts_with("npm ERR! code EJSONPARSE\n"), "{}", done.err);
}

#[test]
fn a_full_cache_saves_the_download() {
    let mut container = node();
    let first = container.ok("npm install");
    let mut again = node();
    let cache = first.tree.entry_shared("/root/.npm").unwrap().clone();
    again.tree.put_shared("/root/.npm", cache, 0).unwrap();
    assert!(again.ok("npm install").seconds < first.seconds);
    let done = container.ok("npm cache clean --force");
    assert!(!done.tree.exists("/root/.npm/_cacache"));
}

#[test]
fn bundles_depend_on_their_sources() {
    let bundle = |text: &str| {
        let mut container =
            Container::of("node:22").with("package.json", r#"{"name":"a","dependencies":{"webpack":"*"}}"#);
        container.write("src/index.js", text);
        container.ok("npm install");
        let done = container.ok("/app/node_modules/.bin/webpack");
        done.tree.read("/app/dist/main.js").unwrap().digest()
    };
    assert_eq!(bundle("one"), bundle("one"));
    assert_ne!(bundle("one"), bundle("two"));
}

#[test]
fn scripts_are_executed() {
    let mut container = node().with("server.js", "// server\n");
    let done = container.ok("npm run build");
    assert!(
        done.out.starts_with("\n> server@1.0.0 build\n> mkdir -p out && cp server.js out/\n\n"),
        "{}",
        done.out
    );
    assert_eq!(done.tree.read_text("/app/out/server.js"), Some("// server\n"));
    let done = container.run("npm run nosuch");
    assert_eq!(done.code, 1);
    assert!(done.err.starts_with("npm error Missing script: \"nosuch\"\n"), "{}", done.err);
    container.write(
        "package.json",
        r#"{"name":"a","scripts":{"build":"vite build"},"dependencies":{"vite":"*"}}"#,
    );
    container.ok("npm install");
    assert!(container.ok("npm run build").tree.exists("/app/dist/assets/index.js"));
}

#[test]
fn versions() {
    assert_eq!(Container::of("node:22").ok("node --version").out, "v22.23.2\n");
    assert_eq!(Container::of("diamol/node").ok("npm -v").out, "6.9.0\n");
    let missing = Container::of("node:22").run("node server.js");
    assert!(missing.code == 1 && missing.err.contains("Cannot find module '/app/server.js'"));
    let run = Container::of("node:22").with("server.js", "").run("node server.js");
    assert_eq!((run.code, run.kind), (0, CommandKind::Unknown));
}

#[test]
fn yarn_installs_the_same_packages() {
    let mut container = node();
    let done = container.ok("yarn install");
    assert!(
        done.out.starts_with("yarn install v1.22.22\ninfo No lockfile found.\n[1/4] Resolving packages...\n")
    );
    assert!(done.out.contains("success Saved lockfile.\nDone in "), "{}", done.out);
    assert!(
        done.tree.exists("/app/node_modules/express") && done.tree.exists("/app/node_modules/.bin/nodemon")
    );
    assert!(
        done.tree.read_text("/app/yarn.lock").unwrap().contains("\nexpress@^5.1.0:\n  version \"5.3.0\"\n")
    );
    assert!(!container.ok("yarn --frozen-lockfile").out.contains("Saved lockfile"));
    container.write("package.json", &PACKAGE.replace("^5.1.0", "^4.0.0"));
    let done = container.run("yarn install --frozen-lockfile");
    assert!(
        done.code == 1 && done.err.starts_with("error Your lockfile needs to be updated"),
        "{}",
        done.err
    );
    assert!(container.ok("yarn add cors").tree.exists("/app/node_modules/cors"));
}

#[test]
fn without_network() {
    let mut container = node();
    container.network = false;
    let done = container.run("npm install");
    assert!(done.code == 1 && done.err.contains("EAI_AGAIN"));
}

#[test]
fn same_commands_same_tree() {
    assert_reproducible(
        "node:22-alpine",
        &["npm init -y", "npm install express jest", "npm ci", "npm cache clean --force"],
    );
}

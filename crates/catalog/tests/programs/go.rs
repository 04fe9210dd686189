use super::{Container, assert_reproducible};
use lab_engine::digest::Digest;

const MAIN: &str =
    "package main\n\nimport \"net/http\"\n\nfunc main() { http.ListenAndServe(\":80\", nil) }\n";
const MODULES: &str = "module example.com/app\n\ngo 1.23\n\nrequire github.com/google/uuid v1.6.0\n";

fn project() -> Container {
    Container::of("golang:1.23-alpine")
        .with("go.mod", "module example.com/app\n\ngo 1.23\n")
        .with("main.go", MAIN)
}

fn program(mut container: Container, command: &str, path: &str) -> Digest {
    container.ok(command).tree.read(path).unwrap().digest()
}

#[test]
fn the_program_depends_on_the_sources_alone() {
    let build = |container| program(container, "go build -o /bin/server ./", "/bin/server");
    let plain = build(project());
    assert_eq!(plain, build(project().with("README.md", "other")));
    assert_eq!(plain, build(project().with("main_test.go", "package main")));
    assert_ne!(plain, build(project().with("main.go", &MAIN.replace(":80", ":81"))));
    assert_ne!(plain, build(project().with("other.go", "package main\n")));
    let mut flags = project();
    flags.environment.push(("CGO_ENABLED".to_owned(), "0".to_owned()));
    assert_ne!(plain, build(flags));
    // The name of the output is not part of it.
    assert_eq!(plain, program(project(), "go build -o /tmp/x .", "/tmp/x"));
    assert_eq!(plain, program(project(), "go build", "/app/app"));
    assert_eq!(plain, program(project(), "go install", "/go/bin/app"));
}

#[test]
fn a_second_build_is_faster() {
    let mut container = project();
    let cold = container.ok("go build -o /bin/server .");
    assert!((12.0..20.0).contains(&cold.seconds), "{}", cold.seconds);
    assert!(container.ok("go build -o /bin/server .").seconds < 5.0);
    assert_eq!(cold.tree.entry("/bin/server").unwrap().metadata().mode, 0o755);
}

#[test]
fn modules_are_downloaded_once() {
    let mut container = project().with("go.mod", MODULES);
    let done = container.ok("go mod download");
    assert!(done.tree.exists("/go/pkg/mod/github.com/google/uuid@v1.6.0"));
    assert!(container.ok("go mod download").seconds < done.seconds);
    assert_eq!(project().ok("go mod download").err, "go: no module dependencies to download\n");
    let mut offline = project().with("go.mod", MODULES);
    offline.network = false;
    assert_eq!(offline.run("go build").code, 1);
}

#[test]
fn what_is_missing_is_named() {
    let done = Container::of("golang").run("go build");
    assert_eq!(done.code, 1);
    assert!(done.err.starts_with("go: go.mod file not found in current directory or any parent directory"));
    let done = Container::of("golang").with("go.mod", MODULES).run("go build ./");
    assert_eq!((done.code, done.err.as_str()), (1, "no Go files in /app\n"));
}

#[test]
fn it_tells_its_version() {
    assert!(Container::of("golang:1.23-alpine").ok("go version").out.starts_with("go version go1.23"));
}

#[test]
fn same_commands_same_tree() {
    assert_reproducible("golang", &["go version", "curl --version"]);
}

use super::{Container, assert_near, assert_reproducible, layer_bytes};

#[test]
fn requirements_become_distributions_of_the_measured_size() {
    let mut container = Container::of("python:3.12-slim").with("requirements.txt", "# web\nflask==3.1.3\n");
    let before = container.tree.clone();
    let done = container.ok("pip install --no-cache-dir -r requirements.txt");
    assert_near(layer_bytes(&before, &done.tree), 2_208_453 + 2_772_914, 1);
    assert!(
        done.out.starts_with("Collecting flask==3.1.3 (from -r requirements.txt (line 2))\n  Downloading "),
        "{}",
        done.out
    );
    let last = done.out.lines().last().unwrap();
    assert!(last.starts_with("Successfully installed blinker-1.9.0 click-8.5.1 flask-3.1.3 "), "{last}");
    assert!(done.tree.exists("/usr/local/bin/flask"));
    let site = "/usr/local/lib/python3.12/site-packages";
    let text = done.tree.read_text(&format!("{site}/flask-3.1.3.dist-info/METADATA")).unwrap();
    assert!(text.contains("Name: flask\nVersion: 3.1.3\n"));
    assert!((2.0..8.0).contains(&done.seconds), "{}", done.seconds);
    let again = container.ok("pip install -r requirements.txt");
    assert!(again.out.starts_with("Requirement already satisfied: flask==3.1.3 in "), "{}", again.out);
}

#[test]
fn the_cache_stays_unless_forbidden() {
    let with = Container::of("python:3.8").ok("pip install flask").tree.summary().bytes;
    let without = Container::of("python:3.8").ok("pip install --no-cache-dir flask").tree.summary().bytes;
    assert_near(with - without, 640_863 * 101 / 100, 1);
}

#[test]
fn pinned_versions_are_kept_and_unknown_names_estimated() {
    let done = Container::of("python:3.8").ok("pip install flask==2.0.3 Some-Unknown.Thing requests~=2.30");
    assert!(done.out.contains(" flask-2.0.3 ") && done.out.contains(" requests-2.34.2 "), "{}", done.out);
    assert!(done.tree.exists("/usr/local/lib/python3.8/site-packages/some_unknown_thing"));
}

#[test]
fn root_is_warned_unless_told_otherwise() {
    assert!(
        Container::of("python:3.8")
            .ok("pip install click")
            .err
            .starts_with("WARNING: Running pip as the 'root' user")
    );
    assert_eq!(Container::of("python:3.8").ok("pip install --root-user-action ignore click").err, "");
}

#[test]
fn what_is_missing_is_named() {
    let done = Container::of("python:3.8").run("pip install -r requirements.txt");
    assert_eq!(done.code, 1);
    let words =
        "ERROR: Could not open requirements file: [Errno 2] No such file or directory: 'requirements.txt'\n";
    assert_eq!(done.err, words);
    assert_eq!(Container::of("python:3.8").run("pip install").code, 1);
    let mut offline = Container::of("python:3.8");
    offline.network = false;
    let done = offline.run("pip install flask");
    assert!(done.err.ends_with("ERROR: No matching distribution found for flask\n"), "{}", done.err);
}

#[test]
fn python_tells_its_version_and_runs_pip() {
    let mut container = Container::of("python:3.8");
    assert_eq!(container.ok("python --version").out, "Python 3.8.20\n");
    assert!(container.ok("python -m pip install click").out.contains("Successfully installed click-"));
    assert!(container.ok("pip freeze").out.contains("click=="));
    let done = container.run("python app.py");
    assert_eq!(
        (done.code, done.err.as_str()),
        (2, "python: can't open file '/app/app.py': [Errno 2] No such file or directory\n")
    );
}

#[test]
fn same_commands_same_tree() {
    assert_reproducible(
        "python:3.12-alpine",
        &["pip install pandas", "pip install flask", "pip uninstall -y flask"],
    );
}

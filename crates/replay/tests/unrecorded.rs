//! What no recording shows: each test says in one line what BuildKit does, and why it is so.
//!
//! The builds go the way of the recorded cases, with the same base images, and look at what a recording would say.

#![cfg(not(target_arch = "wasm32"))]

use lab_engine::layer::tar::{Body, BytesSink, Entry, Writer};
use lab_engine::vfs::Metadata;
use lab_replay::{RecordedWorld, replay};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

fn world() -> RecordedWorld {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/testbase.json");
    let text = fs::read_to_string(path).expect("the recorded base images are there");
    RecordedWorld::load(&text).expect("the recorded base images can be read")
}

/// Builds the steps of a case one after another.
fn build_steps(steps: &[Value]) -> Value {
    let mut steps = steps.to_vec();
    for step in &mut steps {
        step["expect"] = json!({});
    }
    let case = json!({ "name": "case", "about": "", "steps": steps, "layers": {} });
    replay(&case, &world()).expect("the case can be replayed")
}

/// Builds a Dockerfile in a context with one file, `a.txt`.
fn build(dockerfile: &str) -> Value {
    build_with(json!({ "dockerfile": dockerfile }))
}

fn build_with(mut step: Value) -> Value {
    step["files"]["a.txt"] = json!({ "content": "a\n" });
    build_steps(&[step])["steps"][0]["expect"].clone()
}

fn error(dockerfile: &str) -> String {
    build(dockerfile)["error"]
        .as_str()
        .expect("the build fails")
        .trim_start_matches("failed to solve: ")
        .to_owned()
}

/// The rows of the history that the build has added, without those of the base.
fn history(expect: &Value) -> Vec<String> {
    let config = expect["image"]["config"].as_str().expect("there is an image");
    let config: Value = serde_json::from_str(config).expect("a configuration is JSON");
    let rows = config["history"].as_array().expect("there is a history");
    rows.iter().skip(2).map(|row| row["created_by"].as_str().unwrap_or_default().to_owned()).collect()
}

fn stdout(expect: &Value) -> String {
    let vertices = expect["vertices"].as_array().expect("there are vertices");
    vertices.iter().filter_map(|vertex| vertex["stdout"].as_str()).collect()
}

fn rules(expect: &Value) -> Vec<&str> {
    let warnings = expect["warnings"].as_array().expect("there are warnings");
    warnings.iter().filter_map(|warning| warning["ruleName"].as_str()).collect()
}

/// BuildKit puts the script into `/dev/pipes` and calls it by way of the shell, whatever its first line is.
#[test]
fn a_heredoc_that_begins_with_an_interpreter_runs_in_the_shell() {
    let built = build("FROM testbase\nRUN <<-E\n\t#!/bin/sh\n\techo $0\n\tE\n");
    assert_eq!(stdout(&built), "/dev/pipes/E\n");
    assert_eq!(history(&built), ["RUN /bin/sh -c /dev/pipes/E # buildkit"]);
}

/// The name of a step must not show a secret, whatever the variable is elsewhere.
#[test]
fn secrets_are_masked_in_names() {
    let built = build(
        "FROM testbase\nENV T=x\nRUN --mount=type=secret,id=t,env=T,required=false echo $T >/dev/null\n",
    );
    let name = built["vertices"][1]["name"].as_str().unwrap();
    assert!(name.ends_with("echo **** >/dev/null"), "{name}");
}

/// Words are sorted as written, then expanded; nothing is sorted or left out after that.
#[test]
fn exposed_ports_keep_their_order() {
    let built = build("FROM testbase\nENV P=\"90 80\"\nEXPOSE 9998-10000 5 $P 5\n");
    assert_eq!(history(&built)[1], "EXPOSE [90/tcp 80/tcp 5/tcp 5/tcp 9998/tcp 9999/tcp 10000/tcp]");
}

/// Only `ADD` fetches; what is fetched is told by the look of the source.
#[test]
fn copy_takes_no_addresses() {
    assert_eq!(error("FROM testbase\nCOPY https://x.example/a /\n"), "source can't be a URL for COPY");
    assert_eq!(error("FROM testbase\nCOPY git@x.example:a/b /\n"), "source can't be a git ref for COPY");
}

/// A checksum is for one download.
#[test]
fn checksums_need_a_download() {
    let of = |rest: &str| error(&format!("FROM testbase\nADD --checksum=sha256:0 {rest} /x/\n"));
    assert_eq!(of("a.txt"), "checksum requires HTTP(S) or Git sources");
    assert_eq!(of("a.txt b.txt"), "checksum can't be specified for multiple sources");
    assert_eq!(of("https://x.example/a"), "invalid checksum digest length");
}

/// The frontend stops at such an error, so that it never comes to what follows.
#[test]
fn nothing_is_checked_behind_an_error_of_a_copy() {
    for line in ["COPY http://x.example/ /", "COPY --chmod=9 a.txt /", "ADD --checksum=x a.txt /"] {
        let built = build(&format!("FROM testbase\nENV a b\n{line}\nENV c d\n"));
        assert_eq!(rules(&built), ["LegacyKeyValueFormat"], "{line}");
    }
}

/// Options of the checks are read before the text.
#[test]
fn bad_options_of_the_checks_fail_the_build() {
    let option = "invalid check option \"foo\"";
    assert_eq!(
        error("# check=foo=bar\nFROM testbase\nNOSUCH\n"),
        format!("failed to parse check options: {option}")
    );
    let built = build_with(json!({
        "dockerfile": "FROM testbase\n",
        "build_args": { "BUILDKIT_DOCKERFILE_CHECK": "foo" },
    }));
    assert_eq!(
        built["error"],
        format!("failed to solve: failed to parse build-arg:BUILDKIT_DOCKERFILE_CHECK: {option}")
    );
}

/// A pattern has no use for a colon.
#[test]
fn a_colon_before_a_pattern_is_an_error() {
    let message = "unsupported modifier (:%) in substitution";
    assert_eq!(
        error("FROM testbase\nENV a=${u:%x}\n"),
        format!("failed to process \"${{u:%x}}\": {message}")
    );
}

/// Zero is what the kernel sends to ask whether a process is there.
#[test]
fn zero_is_no_signal() {
    assert_eq!(error("FROM testbase\nSTOPSIGNAL 0\n"), "invalid signal: 0");
}

/// The argument names the machine in `hostname` and in `/etc/hosts`, and is part of the key.
#[test]
fn the_name_of_the_machine() {
    let dockerfile = "FROM testbase\nRUN hostname; head -n1 /etc/hosts\n";
    let named = json!({ "dockerfile": dockerfile, "build_args": { "BUILDKIT_SANDBOX_HOSTNAME": "lab" } });
    assert_eq!(stdout(&build_with(named.clone())), "lab\n127.0.0.1\tlocalhost lab\n");
    let replayed = build_steps(&[json!({ "dockerfile": dockerfile }), named]);
    assert_eq!(replayed["steps"][1]["expect"]["vertices"][1]["status"], "done");
}

/// Proxies are found in any case, the lower one wins, and an empty one is none.
#[test]
fn proxies_of_any_spelling() {
    let built = build_with(json!({
        "dockerfile": "FROM testbase\nRUN env | grep -i proxy | sort\n",
        "build_args": { "HTTP_PROXY": "a", "http_proxy": "b", "Ftp_Proxy": "c", "NO_PROXY": "" },
    }));
    assert_eq!(stdout(&built), "FTP_PROXY=c\nHTTP_PROXY=b\nftp_proxy=c\nhttp_proxy=b\n");
}

/// The frontend sorts mounts by their targets, so that their order in the text does not count.
#[test]
fn mounts_have_no_order() {
    let run = |mounts: &str| json!({ "dockerfile": format!("FROM testbase\nRUN {mounts} true\n") });
    let (a, b) = ("--mount=type=tmpfs,target=/a", "--mount=type=tmpfs,target=/b");
    let replayed = build_steps(&[run(&format!("{a} {b}")), run(&format!("{b} {a}"))]);
    assert_eq!(replayed["steps"][1]["expect"]["vertices"][1]["status"], "cached");
}

/// What a cache mount starts with counts, and who owns it.
#[test]
fn cache_mounts_are_keyed_on_what_they_start_with() {
    let run = |stage: &str, flags: &str| {
        let dockerfile = format!(
            "FROM scratch AS s\nCOPY <<E /f\n{stage}\nE\nFROM testbase\n\
             RUN --mount=type=cache,target=/c,from=s{flags} true\n"
        );
        json!({ "dockerfile": dockerfile })
    };
    let replayed = build_steps(&[run("1", ""), run("2", ""), run("1", ""), run("1", ",uid=7")]);
    let statuses: Vec<&Value> = (0..4)
        .map(|step| {
            let vertices = replayed["steps"][step]["expect"]["vertices"].as_array().unwrap();
            &vertices.last().unwrap()["status"]
        })
        .collect();
    assert_eq!(statuses, ["done", "done", "cached", "done"]);
}

/// The layer that the last step has made, as path, mode and owner.
fn last_layer(dockerfile: &str) -> Vec<String> {
    let replayed = build_steps(&[json!({
        "dockerfile": dockerfile,
        "files": { "a.txt": { "content": "a\n" }, "d/x": { "content": "x\n", "mode": "0755" } },
    })]);
    let image = &replayed["steps"][0]["expect"]["image"]["layers"];
    let diff_id = image.as_array().and_then(|layers| layers.last()).and_then(Value::as_str);
    let layer = &replayed["layers"][diff_id.expect("the build succeeds and has a layer")];
    let entries = layer["entries"].as_array().expect("a layer has entries");
    let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    entries
        .iter()
        .map(|entry| {
            format!("{} {} {}:{}", text(entry, "path"), text(entry, "mode"), entry["uid"], entry["gid"])
        })
        .collect()
}

/// BuildKit takes 0 for a user that it does not find, and the user's group for a group.
#[test]
fn unknown_owners_are_root() {
    let owned = |chown: &str| last_layer(&format!("FROM testbase\nCOPY --chown={chown} a.txt /z\n"));
    assert_eq!(owned("nosuch"), ["z 0644 0:0"]);
    assert_eq!(owned("app:nosuch"), ["z 0644 1000:1000"]);
    assert_eq!(owned("app:"), ["z 0644 1000:0"]);
    let made = last_layer("FROM testbase\nUSER nosuch\nWORKDIR /w\n");
    assert_eq!(made, ["w/ 0755 0:0"]);
}

/// Where there is no file system below, there is no file to look a name up in; `root` needs none.
#[test]
fn owners_by_name_need_a_step_above() {
    assert_eq!(error("FROM scratch\nCOPY --chown=app a.txt /\n"), "invalid user index: -1");
    assert_eq!(error("FROM testbase\nCOPY --link --chown=app a.txt /\n"), "invalid user index: -1");
    assert_eq!(last_layer("FROM scratch\nCOPY --chown=root:7 a.txt /\n"), ["a.txt 0644 0:7"]);
}

/// The errors of the system name the path as the image has it.
#[test]
fn files_in_the_way_of_a_destination() {
    assert_eq!(error("FROM testbase\nCOPY a.txt /etc/motd/\n"), "mkdir /etc/motd: not a directory");
    assert_eq!(error("FROM testbase\nCOPY a.txt /etc/motd/x/y\n"), "lstat /etc/motd/x: not a directory");
    assert_eq!(error("FROM testbase\nWORKDIR /etc/motd\n"), "mkdir /etc/motd: not a directory");
}

/// A symbolic mode is for what is copied, with a mask where no class is named; `X` is for `+` only.
#[test]
fn symbolic_modes() {
    let of = |mode: &str| last_layer(&format!("FROM scratch\nCOPY --chmod={mode} d /n/e/\n"));
    assert_eq!(of("u=rwX,go=rX"), ["n/ 0755 0:0", "n/e/ 0755 0:0", "n/e/x 0644 0:0"]);
    assert_eq!(of("a-x,+X"), ["n/ 0755 0:0", "n/e/ 0755 0:0", "n/e/x 0755 0:0"]);
    assert_eq!(of("=rw"), ["n/ 0755 0:0", "n/e/ 0755 0:0", "n/e/x 0644 0:0"]);
}

/// A source is found before variables are known, and so may not have any.
#[test]
fn copies_are_from_plain_names() {
    let message = error("FROM testbase AS a\nFROM testbase\nARG S=a\nCOPY --from=$S /etc/motd /\n");
    assert!(message.starts_with("variable expansion is not supported for --from"), "{message}");
}

/// Patterns are first looked at when the checksum of a source is made, and a stage without files has none.
#[test]
fn sources_that_cannot_be_found() {
    let checksum = "failed to compute cache key: failed to calculate checksum of ref <ref>";
    let of = |line: &str| error(&format!("FROM testbase\n{line}\n"));
    assert_eq!(of("COPY [a.txt /"), format!("{checksum}: syntax error in pattern"));
    assert_eq!(
        of("COPY --exclude=[x . /"),
        format!("{checksum}: invalid excludepatterns: [[x]: syntax error in pattern")
    );
    assert_eq!(of("COPY --from=scratch /x /"), "lstat /x: no such file or directory");
}

fn statuses(replayed: &Value, step: usize) -> Vec<(&str, &str)> {
    let vertices = replayed["steps"][step]["expect"]["vertices"].as_array().expect("there are vertices");
    vertices
        .iter()
        .filter_map(|vertex| Some((vertex["name"].as_str()?, vertex["status"].as_str()?)))
        .collect()
}

/// `WORKDIR` alone does not heed `--no-cache`; but on a step that does, nothing can be found.
#[test]
fn directories_are_cached_below_the_first_step_that_is_not() {
    let dockerfile = "FROM testbase\nWORKDIR /a\nRUN true\nWORKDIR /b\n";
    let replayed = build_steps(&[json!({ "dockerfile": dockerfile }), json!({ "no_cache": true })]);
    let found: Vec<&str> = statuses(&replayed, 1).into_iter().map(|(_, status)| status).collect();
    assert_eq!(found, ["base", "cached", "done", "done"]);
}

/// A stage on one without cache has no key either; what is copied from there has that of its content.
#[test]
fn a_stage_on_one_without_cache() {
    let dockerfile = "FROM testbase AS a\nRUN echo 1 >/f\nFROM a AS b\nRUN echo 2 >/g\n\
                      FROM testbase\nCOPY --from=b /g /\n";
    let replayed = build_steps(&[json!({ "dockerfile": dockerfile }), json!({ "no_cache": "a" })]);
    assert_eq!(
        statuses(&replayed, 1)[1..],
        [
            ("[a 2/2] RUN echo 1 >/f", "done"),
            ("[b 1/1] RUN echo 2 >/g", "done"),
            ("[stage-2 2/2] COPY --from=b /g /", "cached"),
        ]
    );
}

/// An image can be named by its digest, with a tag that then says nothing.
#[test]
fn images_by_digest() {
    let name = |base: &str| build(&format!("FROM {base}\nRUN true\n"))["vertices"][0]["name"].clone();
    let tagged = name("testbase");
    let digest = tagged.as_str().and_then(|name| name.split_once('@')).expect("names have digests").1;
    assert_eq!(
        name(&format!("testbase@{digest}")),
        format!("[1/2] FROM docker.io/library/testbase@{digest}")
    );
    assert_eq!(
        name(&format!("testbase:x@{digest}")),
        format!("[1/2] FROM docker.io/library/testbase:x@{digest}")
    );
}

/// A tar of these entries: path, mode, owner, body.
fn tar(entries: Vec<(&str, u32, u32, Body)>) -> String {
    let mut writer = Writer::new(BytesSink::default());
    for (path, mode, uid, body) in entries {
        let metadata = Metadata { uid, ..Metadata::new(mode, 1_500_000_000) };
        writer.append(&Entry { path: path.to_owned(), metadata, body }).expect("the content is known");
    }
    let bytes = writer.finish().expect("the content is known").0;
    String::from_utf8(bytes).expect("there is only ASCII in it")
}

/// The last layer of `FROM testbase` and `ADD t.tar /p/` as path, mode and owner; or the error.
fn unpacked(archive: &str) -> Result<Vec<String>, String> {
    let step = json!({
        "dockerfile": "FROM testbase\nADD t.tar /p/\nRUN stat -c '%n %a %u %h' /p /p/*\n",
        "files": { "t.tar": { "content": archive } },
    });
    let built = build_steps(&[step])["steps"][0]["expect"].clone();
    match built["error"].as_str() {
        Some(error) => Err(error.trim_start_matches("failed to solve: ").to_owned()),
        None => Ok(stdout(&built).lines().map(str::to_owned).collect()),
    }
}

/// The destination keeps what it has, though most archives begin with an entry for it.
#[test]
fn archives_do_not_change_the_destination() {
    let archive = tar(vec![(".", 0o700, 7, Body::Directory), ("./a", 0o644, 8, Body::File("a".into()))]);
    assert_eq!(unpacked(&archive), Ok(vec!["/p 755 0 2".into(), "/p/a 644 8 1".into()]));
}

/// A link is given owner and mode too, and with it the file that it names.
#[test]
fn links_in_archives() {
    let file = ("a", 0o644, 0, Body::File("a".into()));
    let archive = tar(vec![file.clone(), ("b", 0o600, 5, Body::HardLink("a".into()))]);
    assert_eq!(
        unpacked(&archive).map(|lines| lines[1..].to_vec()),
        Ok(vec!["/p/a 600 5 2".into(), "/p/b 600 5 2".into()])
    );
    let archive = tar(vec![file, ("b", 0o600, 5, Body::HardLink("zzz".into()))]);
    assert_eq!(unpacked(&archive), Err("link /zzz /b: no such file or directory".into()));
}

/// What begins with a header is an archive, and one that ends too early is an error.
#[test]
fn archives_that_end_too_early() {
    let archive = tar(vec![("a", 0o644, 0, Body::File("a".repeat(2000).into()))]);
    assert_eq!(unpacked(&archive[..1024]), Err("unexpected EOF".into()));
    assert_eq!(unpacked(&archive[..500]), Ok(vec!["/p 755 0 2".into(), "/p/t.tar 644 0 1".into()]));
}

/// Names of stages are kept in lower case, and `FROM` looks for them as it is written; `COPY --from` does not mind.
#[test]
fn bases_are_named_exactly() {
    let message = error("FROM testbase AS Build\nFROM Build\nRUN true\n");
    let reason = "repository name (library/Build) must be lowercase";
    assert_eq!(message, format!("failed to parse stage name \"Build\": invalid reference format: {reason}"));
    let built = build("FROM testbase AS Build\nFROM build\nCOPY --from=BUILD /etc/motd /\n");
    assert_eq!(built["ok"], true);
}

/// What is wrong with `.dockerignore` comes before what is wrong with an instruction, and behind what is wrong with
/// a stage.
#[test]
fn faults_of_the_ignore_file_come_first() {
    let of = |dockerfile: &str| {
        let built = build_with(json!({ "dockerfile": dockerfile, "dockerignore": "[\n" }));
        let shown = built["error"].as_str().expect("the build fails").to_owned();
        (shown.trim_start_matches("failed to solve: ").to_owned(), built["warnings"].clone())
    };
    let fault = "syntax error in pattern".to_owned();
    assert_eq!(of("FROM testbase\nCMD a\nSTOPSIGNAL x\n"), (fault.clone(), json!([])));
    assert_eq!(of("FROM testbase\nRUN true\n").0, fault);
    assert_eq!(of("FROM testbase\nCOPY --from=7 a /\n").0, "invalid stage index 7");
}

/// All mounts of a command are read before one of them is looked at closer.
#[test]
fn mounts_are_read_before_they_are_placed() {
    let message = error("FROM testbase\nRUN --mount=target=/ --mount=type=nosuch,target=/x true\n");
    assert_eq!(message, "unsupported mount type \"nosuch\"");
}

/// A time that is no number may name a stage that is nothing but a download; else it is an error.
#[test]
fn times_that_are_none() {
    let of = |dockerfile: &str, value: &str| {
        let built = build_with(json!({
            "dockerfile": dockerfile,
            "build_args": { "SOURCE_DATE_EPOCH": value },
        }));
        built["error"].as_str().map(|error| error.trim_start_matches("failed to solve: ").to_owned())
    };
    let plain = "FROM testbase AS src\nRUN true\n";
    assert_eq!(of(plain, "yesterday").unwrap(), "invalid SOURCE_DATE_EPOCH: yesterday");
    assert_eq!(of(plain, "SRC").unwrap(), "SOURCE_DATE_EPOCH stage must use FROM scratch");
    assert_eq!(
        of("FROM scratch AS src\nFROM testbase\n", "src").unwrap(),
        "SOURCE_DATE_EPOCH stage must contain exactly one remote ADD"
    );
    assert_eq!(
        of("FROM scratch AS src\nRUN x\nFROM testbase\n", "src").unwrap(),
        "SOURCE_DATE_EPOCH stage does not meet source-only requirements: unsupported RUN instruction"
    );
    assert_eq!(
        of("FROM scratch AS src\nADD a.txt /\nFROM testbase\n", "src").unwrap(),
        "SOURCE_DATE_EPOCH stage source must be a single HTTP(S) or Git ADD"
    );
    for value in ["", "context", "+5"] {
        assert_eq!(of(plain, value), None, "{value:?}");
    }
}

/// The names of stages that have none are suggested too.
#[test]
fn stages_without_a_name_are_suggested() {
    let message = error("FROM testbase\nFROM testbase\nCOPY --from=stage-3 /x /\n");
    assert!(message.ends_with("not found (did you mean stage-0?)"), "{message}");
}

/// What an address says about a repository is read with care.
#[test]
fn addresses_of_repositories() {
    let of = |rest: &str| error(&format!("FROM testbase\nADD {rest} /x/\n"));
    let git = "https://x.example/a.git";
    for (query, message) in [
        ("?ref", "query \"ref\" has no value"),
        ("?ref=a&ref=b", "query \"ref\" has multiple values"),
        ("?foo=b", "unexpected query \"foo\""),
        ("?ref=a#b", "ref conflicts: \"b\" vs \"a\""),
        ("?subdir=a#b:c", "subdir conflicts: \"c\" vs \"a\""),
        ("?tag=v1#v1", "ref conflicts: \"v1\" vs \"refs/tags/v1\""),
        ("?branch=m&tag=v1", "branch conflicts with tag"),
        ("?keep-git-dir=x", "invalid keep-git-dir value: \"x\""),
        ("?submodules=x", "invalid submodules value: \"x\""),
    ] {
        assert_eq!(of(&format!("{git}{query}")), message, "{query}");
    }
    assert_eq!(
        of(&format!("--keep-git-dir=true {git}?keep-git-dir=0")),
        "inconsistent keep-git-dir configuration"
    );
    assert_eq!(of(&format!("--checksum=a {git}?checksum=b")), "checksum mismatch \"a\" != \"b\"");
    // The checksum of a repository is a commit, and not looked at before it is fetched.
    assert!(of(&format!("--checksum=a {git}?ref=v1&subdir=/s")).contains("not simulated"));
}

/// A device is optional unless it is said to be required, and there are none.
#[test]
fn devices() {
    let of = |flag: &str| build(&format!("FROM testbase\nRUN --device={flag} true\n"));
    assert_eq!(of("vendor.com/gpu")["ok"], true);
    assert_eq!(
        of("vendor.com/gpu,required")["error"],
        "failed to solve: failed to load LLB: required device \"vendor.com/gpu\" is not registered"
    );
}

/// What a cache mount starts with is part of what it is: another owner, another directory.
#[test]
fn cache_mounts_with_other_owners_are_others() {
    let built = build(
        "FROM testbase\n\
         RUN --mount=type=cache,target=/c,id=x touch /c/plain\n\
         RUN --mount=type=cache,target=/c,id=x,mode=0700 ls /c; stat -c %a /c; touch /c/private\n\
         RUN --mount=type=cache,target=/d,id=x,mode=0700,sharing=locked ls /d\n\
         RUN --mount=type=cache,target=/c,id=x,uid=5 ls /c; stat -c %u /c\n\
         RUN --mount=type=cache,target=/c,id=x ls /c\n",
    );
    assert_eq!(stdout(&built), "700\nprivate\n5\nplain\n");
}

/// A mode that is said is another key than none, even if it is the usual one.
#[test]
fn the_mode_of_a_cache_mount_counts() {
    let run = |mount: &str| json!({ "dockerfile": format!("FROM testbase\nRUN --mount={mount} true\n") });
    let (plain, said) = ("type=cache,target=/c", "type=cache,target=/c,mode=0755");
    let replayed = build_steps(&[run(plain), run(said), run(plain)]);
    let status = |step: usize| replayed["steps"][step]["expect"]["vertices"][1]["status"].clone();
    assert_eq!([status(0), status(1), status(2)], ["done", "done", "cached"]);
}

/// Of two mounts at one place the later one shows, and the earlier one keeps what it has.
#[test]
fn mounts_at_one_place() {
    let built = build(
        "FROM testbase\n\
         RUN --mount=type=cache,target=/c,id=a touch /c/a\n\
         RUN --mount=type=cache,target=/c,id=a --mount=type=cache,target=/c,id=b touch /c/b\n\
         RUN --mount=type=cache,target=/a,id=a --mount=type=cache,target=/b,id=b ls /a /b\n",
    );
    assert_eq!(stdout(&built), "/a:\na\n\n/b:\nb\n");
}

/// A context with a file, links to it, one to nothing, and the Dockerfile.
fn with_links(dockerfile: &str, links: &[(&str, &str)]) -> Value {
    let mut files = json!({ "a.txt": { "content": "a\n" }, "b.txt": { "content": "a\n" } });
    for (link, target) in links {
        files[link] = json!({ "symlink": target });
    }
    json!({ "dockerfile": dockerfile, "files": files })
}

/// Of what a pattern matches the links are followed, so that none may lead nowhere; those below are not.
#[test]
fn links_that_lead_nowhere() {
    let of = |line: &str, link: &str| {
        let built = build_steps(&[with_links(&format!("FROM testbase\n{line}\n"), &[(link, "nowhere")])]);
        built["steps"][0]["expect"]["error"].as_str().unwrap_or("").to_owned()
    };
    let missing = |path: &str| {
        format!(
            "failed to solve: failed to compute cache key: failed to calculate checksum of ref <ref>: {path:?}: not found"
        )
    };
    assert_eq!(of("COPY * /x/", "dang"), missing("/dang"));
    assert_eq!(of("COPY --exclude=b.txt d* /x/", "dang"), missing("/dang"));
    assert_eq!(of("COPY d* /x/", "dir/dang"), "");
    assert_eq!(of("COPY --exclude=b.txt . /x/", "dang"), "");
    assert_eq!(of("COPY --parents dir /x/", "dir/dang"), "");
    assert_eq!(of("COPY . /x/", "dang"), "");
}

/// What is behind a link that a pattern matches is part of the key, and the link itself is not.
#[test]
fn links_to_what_is_alike() {
    let status = |dockerfile: &str, link: &str, targets: [&str; 2]| {
        let steps = [
            with_links(dockerfile, &[(link, targets[0])]),
            json!({ "files": { link: { "symlink": targets[1] } } }),
        ];
        let replayed = build_steps(&steps);
        replayed["steps"][1]["expect"]["vertices"][1]["status"].clone()
    };
    assert_eq!(status("FROM testbase\nCOPY l* /x/\n", "l", ["a.txt", "b.txt"]), "cached");
    assert_eq!(status("FROM testbase\nCOPY di* /x/\n", "dir/l", ["../a.txt", "../b.txt"]), "done");
    assert_eq!(status("FROM testbase\nCOPY --exclude=c . /x/\n", "l", ["a.txt", "b.txt"]), "done");
}

/// `--exclude` judges what is below a source, as seen from there, and not what a pattern matches itself.
#[test]
fn exclude_with_a_pattern() {
    let of = |line: &str| {
        let files = json!({ "a.txt": { "content": "a\n" }, "dir/a.txt": { "content": "a\n" } });
        let dockerfile = format!("FROM testbase\n{line}\nRUN cd /x && find . -type f | sort\n");
        stdout(&build_steps(&[json!({ "dockerfile": dockerfile, "files": files })])["steps"][0]["expect"])
    };
    assert_eq!(of("COPY --exclude=a.txt [ad]* /x/"), "./a.txt\n");
    assert_eq!(of("COPY --exclude=dir/a.txt di* /x/"), "./a.txt\n");
    assert_eq!(of("COPY --exclude=a.txt . /x/"), "./Dockerfile\n./dir/a.txt\n");
}

/// With `--parents` a directory is copied whole if the pattern names it; one on the way is made for what comes into it,
/// and so has the present time.
#[test]
fn directories_on_the_way() {
    let stage = "FROM testbase AS s\nRUN mkdir -p /p/q/r && echo g >/p/q/r/g && chmod 700 /p && chown 5:6 /p/q && \
                 touch -d @1500000000 /p/q/r/g /p/q/r /p/q /p\nFROM testbase\n";
    let of = |lines: &str| {
        let dockerfile =
            format!("{stage}{lines}\nRUN find /o ! -name o | sort | xargs stat -c '%n %a %u %Y'\n");
        let built = build(&dockerfile);
        let epoch = 1_786_000_000;
        let lines = stdout(&built);
        let age = |line: &str| {
            let (rest, time) = line.rsplit_once(' ').expect("a line has a time");
            let is_now = time.parse::<i64>().is_ok_and(|time| time >= epoch);
            format!("{rest} {}", if is_now { "now" } else { time })
        };
        lines.lines().map(age).collect::<Vec<_>>()
    };
    assert_eq!(
        of("COPY --from=s --parents /p/q/r/g /o/"),
        ["/o/p 700 0 now", "/o/p/q 755 5 now", "/o/p/q/r 755 0 now", "/o/p/q/r/g 644 0 1500000000"]
    );
    assert_eq!(
        of("COPY --from=s --parents /p/q /o/"),
        [
            "/o/p 700 0 now",
            "/o/p/q 755 5 1500000000",
            "/o/p/q/r 755 0 1500000000",
            "/o/p/q/r/g 644 0 1500000000"
        ]
    );
    assert_eq!(
        of("RUN mkdir -p -m 711 /o/p/q && chmod 711 /o/p\nCOPY --from=s --chmod=640 --parents /p/q/r/g /o/"),
        ["/o/p 700 0 now", "/o/p/q 755 0 now", "/o/p/q/r 640 0 now", "/o/p/q/r/g 640 0 1500000000"]
    );
}

/// Of the path of a source only the last part counts for the key, and of a mount nothing; the order of sources of one
/// name does not count either.
#[test]
fn paths_that_do_not_count() {
    let status = |lines: [&str; 2]| {
        let same = json!({ "content": "same\n" });
        let files = json!({
            "p/a.txt": same, "q/a.txt": same, "p/b.txt": same, "c.txt": same, "r/a.txt": { "content": "other\n" },
        });
        let step = |line: &str| json!({ "dockerfile": format!("FROM testbase\n{line}\n"), "files": files });
        let replayed = build_steps(&lines.map(step));
        replayed["steps"][1]["expect"]["vertices"][1]["status"].clone()
    };
    assert_eq!(status(["COPY p/a.txt /x/", "COPY q/a.txt /x/"]), "cached");
    assert_eq!(status(["COPY p/a.txt /x/", "COPY r/a.txt /x/"]), "done");
    assert_eq!(status(["COPY p/a.txt /x", "COPY p/b.txt /x"]), "done");
    assert_eq!(status(["COPY p/a* /x/", "COPY q/a* /x/"]), "cached");
    assert_eq!(status(["COPY p/a* /x/", "COPY p/b* /x/"]), "done");
    assert_eq!(status(["COPY p/a.txt r/a.txt /x/", "COPY r/a.txt p/a.txt /x/"]), "cached");
    assert_eq!(status(["COPY p/a.txt c.txt /x/", "COPY c.txt p/a.txt /x/"]), "done");
    assert_eq!(status(["COPY p/a.txt /x/", "COPY p/a.txt /x/y/"]), "done");
    assert_eq!(status(["COPY --chmod=644 c.txt /x/", "COPY --chmod=0644 c.txt /x/"]), "cached");
    assert_eq!(status(["COPY --chmod=644 c.txt /x/", "COPY --chmod=640 c.txt /x/"]), "done");
    let mount = |source: &str| format!("RUN --mount=target=/m,source={source} cat /m");
    assert_eq!(status([&mount("p/a.txt"), &mount("c.txt")]), "cached");
    assert_eq!(status([&mount("p/a.txt"), &mount("r/a.txt")]), "done");
}

//! What the frontend reads, refuses and says.

use super::{build, build_with, error, history, rules, stdout};
use serde_json::json;

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

/// Proxies are found in any case, the lower one wins, and an empty one is none.
#[test]
fn proxies_of_any_spelling() {
    let built = build_with(json!({
        "dockerfile": "FROM testbase\nRUN env | grep -i proxy | sort\n",
        "build_args": { "HTTP_PROXY": "a", "http_proxy": "b", "Ftp_Proxy": "c", "NO_PROXY": "" },
    }));
    assert_eq!(stdout(&built), "FTP_PROXY=c\nHTTP_PROXY=b\nftp_proxy=c\nhttp_proxy=b\n");
}

/// A source is found before variables are known, and so may not have any.
#[test]
fn copies_are_from_plain_names() {
    let message = error("FROM testbase AS a\nFROM testbase\nARG S=a\nCOPY --from=$S /etc/motd /\n");
    assert!(message.starts_with("variable expansion is not supported for --from"), "{message}");
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
    assert_eq!(
        of(&format!("--checksum=a {git}?ref=v1&subdir=/s")),
        format!("failed to load cache key: failed to fetch remote {git}: Could not resolve host: x.example")
    );
}

/// Without a network nothing is fetched.
#[test]
fn downloads_without_a_network() {
    assert_eq!(
        error("FROM testbase\nADD https://x.example:8080/a.tgz?b=c /\n"),
        "failed to load cache key: Get \"https://x.example:8080/a.tgz?b=c\": dial tcp: lookup x.example: no such host"
    );
}

/// The frontend stops there too, so that nothing behind it is checked.
#[test]
fn nothing_is_checked_behind_a_mount_over_everything() {
    let of = |line: &str| rules(&build(&format!("FROM testbase\nENV a b\n{line}\nENV c d\n"))).len();
    assert_eq!(of("RUN --mount=target=/ true"), 1);
    assert_eq!(of("RUN --mount=type=tmpfs,target=a/.. true"), 1);
    assert_eq!(of("WORKDIR /w\nRUN --mount=type=tmpfs,target=. true"), 2);
    assert_eq!(error("FROM testbase\nRUN --mount=target=a/.. true\n"), "invalid mount target \"/\"");
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

/// Behind a first line for the kernel the frontend finds its own directives, and the parser finds none.
#[test]
fn directives_behind_an_interpreter() {
    let cmd = "FROM testbase\nCMD a\n";
    let of = |head: &str| rules(&build(&format!("{head}{cmd}"))).len();
    assert_eq!(of("#!/x\n# check=skip=JSONArgsRecommended\n"), 0);
    assert_eq!(of("#!/x\n\n# check=skip=JSONArgsRecommended\n"), 1);
    assert_eq!(of(" #!/x\n# check=skip=JSONArgsRecommended\n"), 1);
    assert_eq!(error("#!/x\n# escape=`\nFROM testbase\nRUN a `\nb\n"), {
        "dockerfile parse error on line 5: unknown instruction: b"
    });
    let message = error("#!/x\n# syntax=no.example/x\nFROM testbase\n");
    assert!(message.starts_with("failed to resolve source metadata for no.example/x:latest"), "{message}");
}

/// An indented line is a directive for the parser alone, and a blank is a value as any other.
#[test]
fn odd_directives() {
    let indented = build("  # check=skip=all\nFROM testbase\nCMD a\n");
    assert_eq!(rules(&indented), ["JSONArgsRecommended"]);
    assert_eq!(build("  # escape=`\nFROM testbase\nRUN true `\n x\n")["ok"], true);
    assert_eq!(
        error("  # check=skip=all\n# check=skip=all\nFROM testbase\n"),
        "only one check parser directive can be used"
    );
    assert_eq!(error("# escape=  \nFROM testbase\n"), "invalid escape token ' ' does not match ` or \\");
    assert_eq!(build("# escape=\nFROM testbase\n")["ok"], true);
}

/// A check looks at all stages, but triggers wait for what the target needs.
#[test]
fn triggers_of_stages_that_are_not_needed() {
    let stages = "FROM testbase AS a\nONBUILD CMD x\nFROM a AS b\n";
    let check = |rest: &str| {
        let step = json!({ "dockerfile": format!("{stages}{rest}"), "expect": {} });
        let case = json!({ "name": "lint-case", "about": "", "steps": [step], "layers": {} });
        let replayed = lab_replay::replay(&case, &super::world()).expect("the case can be replayed");
        replayed["steps"][0]["expect"]["check"].as_str().expect("there is a check").lines().count()
    };
    assert_eq!(check("FROM testbase\n"), 0);
    assert!(check("FROM b\n") > 0);
}

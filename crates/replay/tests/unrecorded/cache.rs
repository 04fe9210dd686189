//! What is found in the cache, and what is not.

use super::{build, build_steps, build_with, statuses, stdout, with_links};
use serde_json::{Value, json};

/// The argument names the machine in `hostname` and in `/etc/hosts`, and is part of the key.
#[test]
fn the_name_of_the_machine() {
    let dockerfile = "FROM testbase\nRUN hostname; head -n1 /etc/hosts\n";
    let named = json!({ "dockerfile": dockerfile, "build_args": { "BUILDKIT_SANDBOX_HOSTNAME": "lab" } });
    assert_eq!(stdout(&build_with(named.clone())), "lab\n127.0.0.1\tlocalhost lab\n");
    let replayed = build_steps(&[json!({ "dockerfile": dockerfile }), named]);
    assert_eq!(replayed["steps"][1]["expect"]["vertices"][1]["status"], "done");
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

//! Files: sources, destinations, owners, modes, archives.

use super::{build, build_steps, error, last_layer, stdout, tar, unpacked, with_links};
use lab_engine::layer::tar::{Body, BytesSink, Entry, Writer};
use lab_engine::vfs::{Metadata, Xattrs};
use serde_json::json;

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

/// To the system -1 means that the owner stays: root for what the copy makes, and whoever it was for what is there.
#[test]
fn an_owner_that_is_none() {
    assert_eq!(last_layer("FROM testbase\nCOPY --chown=-1 a.txt /n/z\n"), ["n/ 0755 0:0", "n/z 0644 0:0"]);
    assert_eq!(last_layer("FROM testbase\nCOPY --chown=5:-1 a.txt /z\n"), ["z 0644 5:0"]);
    assert_eq!(last_layer("FROM testbase\nUSER -1\nWORKDIR /w\n"), ["w/ 0755 0:0"]);
    let made =
        "FROM testbase\nCOPY --chown=7 d /p/d\nCOPY --chown=-1:8 . /p\nRUN stat -c '%u:%g' /p /p/d /p/d/x\n";
    let files = json!({ "d/x": { "content": "x\n" } });
    let built = build_steps(&[json!({ "dockerfile": made, "files": files })]);
    assert_eq!(stdout(&built["steps"][0]["expect"]), "7:7\n7:8\n0:8\n");
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

/// The destination is the root of what is unpacked, for links too.
#[test]
fn links_in_archives_do_not_lead_out() {
    let link = |path: &'static str, target: &str| (path, 0o777, 0, Body::Symlink(target.into()));
    let file = |path: &'static str| (path, 0o644, 0, Body::File("a".into()));
    let of = |entries| unpacked(&tar(entries));
    let missing = |place: &str| Err(format!("{place}: no such file or directory"));
    assert_eq!(of(vec![link("l", "/etc"), file("l/new")]), missing("open /l/new"));
    assert_eq!(of(vec![link("l", "../../etc"), file("l/new")]), missing("open /l/new"));
    assert_eq!(of(vec![link("l", "/etc"), file("l/a/b")]), Err("mkdir /l: file exists".into()));
    assert_eq!(of(vec![file("a"), file("a/b")]), Err("open /a/b: not a directory".into()));
    let listed =
        of(vec![file("e/f"), link("l", "/e"), file("l/g"), ("h", 0o644, 0, Body::HardLink("l/f".into()))]);
    let lines = listed.expect("the link stays inside");
    assert_eq!(lines[1..], ["/p/e 755 0 2", "/p/h 644 0 2", "/p/l 777 0 1"]);
}

/// A step that unpacks a file with these extended attributes, and then does the rest.
fn with_attributes(attributes: &[(&str, &[u8])], rest: &str) -> serde_json::Value {
    let xattrs = attributes.iter().map(|(name, value)| ((*name).to_owned(), value.to_vec())).collect();
    let entry = Entry {
        xattrs: Xattrs::new(xattrs),
        ..Entry::new("f", Metadata::new(0o755, 1_500_000_000), Body::File("x".into()))
    };
    let mut writer = Writer::new(BytesSink::default());
    writer.append(&entry).expect("the content is known");
    let archive = String::from_utf8(writer.finish().expect("the content is known").0).expect("it is ASCII");
    json!({
        "dockerfile": format!("FROM testbase AS s\nADD t.tar /p/\n{rest}\n"),
        "files": { "t.tar": { "content": archive } },
    })
}

/// Of the attributes of a file its capabilities are in layers, until it is written or given away; a copy keeps them.
#[test]
fn capabilities_are_in_layers() {
    let records = |rest: &str| {
        let attributes: [(&str, &[u8]); 2] = [("security.capability", b"\x01\0\x02"), ("user.note", b"n")];
        let replayed = build_steps(&[with_attributes(&attributes, rest)]);
        let layers =
            replayed["steps"][0]["expect"]["image"]["layers"].as_array().expect("there is an image").clone();
        let layer = &replayed["layers"][layers[layers.len() - 1].as_str().expect("an ID is a text")];
        let entries = layer["entries"].as_array().expect("there are entries");
        let pax =
            entries.iter().map(|entry| format!("{} {}", entry["path"].as_str().unwrap_or(""), entry["pax"]));
        pax.collect::<Vec<_>>()
    };
    let kept = r#"{"SCHILY.xattr.security.capability":"\u0001\u0000\u0002"}"#;
    assert_eq!(records("USER root"), ["p/ null".to_owned(), format!("p/f {kept}")]);
    assert_eq!(records("FROM testbase\nCOPY --from=s --chown=5 /p/f /g"), [format!("g {kept}")]);
    assert_eq!(records("RUN mv /p/f /g")[0], format!("g {kept}"));
    assert_eq!(records("RUN chmod 700 /p/f")[1], format!("p/f {kept}"));
    assert_eq!(records("RUN cp /p/f /g"), ["g null"]);
    assert_eq!(records("RUN echo >>/p/f")[1], "p/f null");
    assert_eq!(records("RUN chown 5 /p/f")[1], "p/f null");
}

/// What a copy is found by has all attributes in it.
#[test]
fn attributes_count_for_the_key() {
    let step = |value: &str| {
        with_attributes(&[("user.note", value.as_bytes())], "FROM testbase\nCOPY --from=s /p/f /g")
    };
    let replayed = build_steps(&[step("a"), step("a"), step("b")]);
    let last = |at: usize| {
        let vertices = replayed["steps"][at]["expect"]["vertices"].as_array().expect("there are vertices");
        vertices[vertices.len() - 1]["status"].clone()
    };
    assert_eq!([last(0), last(1), last(2)], ["done", "cached", "done"]);
}

/// Times before 1970 are none, and 1970 it is.
#[test]
fn times_in_archives() {
    let mut writer = Writer::new(BytesSink::default());
    let metadata = Metadata::new(0o644, -5);
    let entry = Entry::new("a", metadata, Body::File("a".into()));
    writer.append(&entry).expect("the content is known");
    let archive = String::from_utf8(writer.finish().expect("the content is known").0).expect("it is ASCII");
    let step = json!({
        "dockerfile": "FROM testbase\nADD t.tar /p/\nRUN stat -c %Y /p/a\n",
        "files": { "t.tar": { "content": archive } },
    });
    assert_eq!(stdout(&build_steps(&[step])["steps"][0]["expect"]), "0\n");
}

/// What begins with a header is an archive, and one that ends too early is an error.
#[test]
fn archives_that_end_too_early() {
    let archive = tar(vec![("a", 0o644, 0, Body::File("a".repeat(2000).into()))]);
    assert_eq!(unpacked(&archive[..1024]), Err("unexpected EOF".into()));
    assert_eq!(unpacked(&archive[..500]), Ok(vec!["/p 755 0 2".into(), "/p/t.tar 644 0 1".into()]));
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
    assert_eq!(
        of("COPY --parents d*/./a /x/", "dang"),
        "failed to solve: lstat /nowhere: no such file or directory"
    );
}

/// Links that lead to each other have no checksum, however they are found.
#[test]
fn links_in_a_circle() {
    let of = |line: &str| {
        let links = [("one", "two"), ("two", "one")];
        let built = build_steps(&[with_links(&format!("FROM testbase\n{line}\n"), &links)]);
        built["steps"][0]["expect"]["error"].as_str().unwrap_or("").to_owned()
    };
    let message = "failed to solve: failed to compute cache key: failed to calculate checksum of ref <ref>: \
                   too many links";
    for line in ["COPY one /x", "COPY one/x /x", "COPY on* /x/", "RUN --mount=source=two,target=/x true"] {
        assert_eq!(of(line), message, "{line}");
    }
    assert_eq!(of("COPY --parents one /x/"), "");
}

/// With `--parents` the whole path must be there, also where only its end is kept.
#[test]
fn what_parents_names_must_be_there() {
    let missing = |path: &str| {
        format!("failed to compute cache key: failed to calculate checksum of ref <ref>: {path:?}: not found")
    };
    let of = |source: &str| {
        let built = build(&format!("FROM testbase\nCOPY --parents {source} /x/\n"));
        built["error"].as_str().unwrap_or("").trim_start_matches("failed to solve: ").to_owned()
    };
    assert_eq!(of("no/pe"), missing("/no/pe"));
    assert_eq!(of("a.txt ./d/./no/pe"), missing("/d/no/pe"));
    assert_eq!(of("./no/./pe"), missing("/no/pe"));
    assert_eq!(of("no*/p"), "");
    assert_eq!(of("./no/./p*"), "lstat /no: no such file or directory");
}

/// What is left of nothing behind `--exclude` has a checksum, so that only the copy finds nothing there.
#[test]
fn nothing_to_exclude_from() {
    let of = |line: &str| error(&format!("FROM testbase\n{line}\n"));
    assert_eq!(of("COPY --exclude=x nope /y"), "lstat /nope: no such file or directory");
    assert_eq!(of("ADD --exclude=x no/pe /y"), "lstat /no/pe: no such file or directory");
}

/// A file that stands in the Dockerfile is made before its step begins, and in no directory.
#[test]
fn inline_files_in_directories() {
    let built = build("FROM testbase\nRUN true\nCOPY <<a/b /x/\n1\na/b\n");
    assert_eq!(built["error"], "failed to solve: open /a/b: no such file or directory");
    assert_eq!(built["error_source"], serde_json::Value::Null);
    assert_eq!(built["vertices"][2]["status"], "not-run");
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

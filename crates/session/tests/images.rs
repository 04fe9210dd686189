//! Images from archives: loaded, looked at, kept, verified, removed and brought back.

mod support;

use lab_session::protocol::{
    Event, ExportKind, ExportsView, FileInput, ImageInput, ImageView, LayerInput, LoadedView, Project, Query,
    Request,
};
use lab_session::text::base64;
use support::{Lab, file};

/// More than is kept of a file.
const LARGE: usize = 300 << 10;

/// An archive of an image with a small file and one that is too large to be kept.
fn archive() -> Vec<u8> {
    let mut lab = Lab::new();
    let large = base64::encode(&vec![7; LARGE]);
    let files = vec![
        file("Dockerfile", "FROM scratch\nCOPY small /deep/\nCOPY large /\nENV A=b\n"),
        file("small", "text\n"),
        FileInput { path: "large".into(), base64: Some(large), ..FileInput::default() },
    ];
    lab.send(Request::Open { project: Project { version: 1, at: lab.now, files, ..Project::default() } });
    lab.build_with(&["made:1"], false);
    let query = Query::Export { build: Some(1), kind: ExportKind::Docker };
    let Event::Exported { export } = lab.query(query) else { panic!() };
    base64::decode(&export.base64).unwrap()
}

/// Loads an archive in pieces.
fn load(lab: &mut Lab, archive: &[u8]) -> Vec<LoadedView> {
    let pieces: Vec<&[u8]> = archive.chunks(100_000).collect();
    let mut loaded = None;
    for (at, piece) in pieces.iter().enumerate() {
        let events = lab.send(Request::LoadImages {
            name: "made.tar".into(),
            base64: base64::encode(piece),
            first: at == 0,
            last: at + 1 == pieces.len(),
        });
        loaded = events.into_iter().find_map(|event| match event {
            Event::Loaded { images } => Some(images),
            _ => None,
        });
    }
    loaded.unwrap_or_default()
}

fn loaded() -> (Lab, String) {
    let mut lab = Lab::open(&[("Dockerfile", "FROM made:1\nCOPY --from=made:1 /deep/small /copy\n")]);
    let id = load(&mut lab, &archive())[0].id.clone();
    (lab, id)
}

fn save_apart(lab: &mut Lab) -> (Project, Vec<LayerInput>) {
    let saved = lab.send(Request::SaveApart).into_iter().find_map(|event| match event {
        Event::Saved { project, layers } => Some((project, layers)),
        _ => None,
    });
    saved.unwrap()
}

/// Opens a project and gives what was said of its images.
fn open(project: Project) -> (Lab, Vec<String>) {
    let mut lab = Lab::new();
    let events = lab.send(Request::Open { project });
    assert!(lab.error().is_none());
    let refused = events.into_iter().filter_map(|event| match event {
        Event::ImageRefused { error } => Some(format!("{} {}: {}", error.code, error.subject, error.detail)),
        _ => None,
    });
    (lab, refused.collect())
}

fn fails(lab: &Lab) -> bool {
    lab.preview().error.is_some()
}

#[test]
fn a_loaded_image_can_be_built_from_and_looked_at() {
    let (mut lab, id) = loaded();
    assert!(!fails(&lab), "{:?}", lab.preview().error);
    assert!(lab.workspace.image_names.contains(&"made:1".to_owned()));
    let Event::Loaded { images } = lab.query(Query::Loaded) else { panic!() };
    assert_eq!((images[0].names.join(" "), images[0].layers), ("lab:latest made:1".to_owned(), 2));
    assert_eq!((images[0].opaque_files, images[0].opaque_size), (1, LARGE as f64));
    let Event::ImageShown { image } = lab.query(Query::Image { id: id.clone() }) else { panic!() };
    let ImageView { names, loaded, platform, config, history, layers, .. } = image;
    assert_eq!(
        (names.join(" "), loaded, platform.as_str()),
        ("lab:latest made:1".to_owned(), true, "linux/amd64")
    );
    assert!(config.contains("\n      \"A=b\"\n"), "{config}");
    let texts: Vec<&str> = history.iter().map(|row| row.created_by.as_str()).collect();
    assert_eq!(texts, ["ENV A=b", "COPY large / # buildkit", "COPY small /deep/ # buildkit"]);
    assert_eq!(history[0].image, id["sha256:".len()..][..12]);
    let opaque: Vec<u32> = layers.iter().map(|layer| layer.opaque_files).collect();
    assert_eq!(opaque, [0, 1]);
    let query = Query::ImageLayer { id: id.clone(), layer: 0 };
    let Event::ImageLayer { layer, .. } = lab.query(query) else { panic!() };
    assert_eq!(layer.diff_id, layers[0].diff_id);
    let paths: Vec<&str> = layer.changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["/deep/", "/deep/small"]);
    lab.query(Query::ImageLayer { id, layer: 2 });
    assert_eq!(lab.error().as_deref(), Some("image/unknown"));
}

#[test]
fn images_of_builds_and_base_images_can_be_looked_at_too() {
    let mut lab = Lab::open(&[("Dockerfile", "FROM alpine\nCOPY Dockerfile /\n")]);
    lab.build_with(&["own:2"], false);
    let Event::Images { images, .. } = lab.query(Query::Images) else { panic!() };
    for row in images {
        let Event::ImageShown { image } = lab.query(Query::Image { id: row.id.clone() }) else { panic!() };
        assert_eq!((image.id, image.build, image.size), (row.id, row.build, row.size));
        assert!(image.names.contains(&format!("{}:{}", row.repository, row.tag)), "{:?}", image.names);
        assert!(!image.history.is_empty() && !image.layers.is_empty());
    }
}

#[test]
fn what_is_damaged_is_said_with_its_place() {
    let mut lab = Lab::open(&[]);
    let mut archive = archive();
    archive.truncate(archive.len() / 2);
    assert!(load(&mut lab, &archive).is_empty());
    assert_eq!(lab.error().as_deref(), Some("image/damaged"));
    assert!(!lab.workspace.can_undo, "nothing was changed");
}

#[test]
fn layers_are_given_once_and_the_project_comes_back_with_them() {
    let (mut lab, _) = loaded();
    lab.build();
    let (project, layers) = save_apart(&mut lab);
    assert_eq!(layers.len(), 2);
    assert!(project.images[0].layers.iter().all(|layer| layer.entries.is_empty()));
    let (again, none) = save_apart(&mut lab);
    assert!(none.is_empty() && again == project);
    assert!(project.files.is_empty(), "who opened it has the files");
    let mut whole = Project { files: lab.save().files, ..project };
    for (layer, full) in whole.images[0].layers.iter_mut().zip(&layers) {
        assert_eq!(layer.seal, full.seal);
        layer.clone_from(full);
    }
    assert_eq!(whole, lab.save());
    let (mut back, refused) = open(whole);
    assert_eq!(refused, Vec::<String>::new());
    assert!(!fails(&back) && back.timeline.builds[0].hits == 0 && !back.timeline.builds[0].failed);
    assert!(save_apart(&mut back).1.is_empty(), "who opened it has the layers");
}

#[test]
fn a_damaged_image_of_a_project_is_refused_and_nothing_else_is_lost() {
    let (mut lab, _) = loaded();
    lab.build();
    let whole = lab.save();
    type Damage = fn(&mut ImageInput);
    let damages: [(&str, Damage); 6] = [
        ("has the digest", |image| image.config = image.config.replace("A=b", "A=c")),
        ("have the seal", |image| image.layers[0].entries[1].base64 = Some("YWJjZAo=".into())),
        ("have the seal", |image| image.layers[0].entries[1].mode = 0o4755),
        ("are not there", |image| image.layers[1].entries.clear()),
        ("it has no seal", |image| {
            image.layers[0].seal.clear();
            image.layers[0].entries[1].uid = 5;
        }),
        ("the bytes of this layer", |image| image.layers[0].diff_id = image.layers[1].diff_id.clone()),
    ];
    for (message, damage) in damages {
        let mut project = whole.clone();
        damage(&mut project.images[0]);
        let (mut lab, refused) = open(project);
        assert_eq!(refused.len(), 1, "{message}");
        assert!(refused[0].starts_with("image/left-out lab:latest: "), "{refused:?}");
        assert!(refused[0].contains(message), "{refused:?} is not about {message}");
        assert_eq!(lab.timeline.builds.len(), 1);
        assert_eq!(lab.workspace.dockerfile_text, whole.files[0].text);
        assert!(lab.save().images.is_empty());
    }
    // Without a seal the tar speaks for itself, as far as all of it is there.
    let mut unsealed = whole;
    unsealed.images[0].layers[0].seal.clear();
    assert_eq!(open(unsealed).1, Vec::<String>::new());
}

#[test]
fn an_image_is_removed_for_the_builds_to_come_and_comes_back() {
    let (mut lab, id) = loaded();
    lab.build();
    lab.send(Request::RemoveImage { id: id.clone() });
    assert!(fails(&lab) && !lab.workspace.image_names.contains(&"made:1".to_owned()));
    lab.send(Request::RemoveImage { id: id.clone() });
    assert_eq!(lab.error().as_deref(), Some("image/unknown"));
    // The build that was made with it is made again with it.
    let (project, refused) = (lab.save(), Vec::<String>::new());
    assert_eq!((project.images[0].after, project.images[0].until), (0, Some(1)));
    let (back, said) = open(project);
    assert_eq!(said, refused);
    assert!(!back.timeline.builds[0].failed && fails(&back));
    lab.send(Request::Undo);
    assert!(!fails(&lab), "{:?}", lab.preview().error);
    let (project, layers) = save_apart(&mut lab);
    assert_eq!((project.images.len(), project.images[0].until), (1, None));
    assert!(layers.is_empty(), "they went out with the project that was saved whole");
    lab.send(Request::Redo);
    assert!(fails(&lab));
}

#[test]
fn an_image_that_no_build_needs_is_gone_from_the_project() {
    let mut lab = Lab::open(&[("Dockerfile", "FROM scratch\nCOPY Dockerfile /\n")]);
    let id = load(&mut lab, &archive())[0].id.clone();
    lab.build();
    assert_eq!(save_apart(&mut lab).1.len(), 2);
    lab.send(Request::RemoveImage { id });
    assert!(save_apart(&mut lab).0.images.is_empty());
    lab.send(Request::Undo);
    let (project, layers) = save_apart(&mut lab);
    assert_eq!((project.images[0].after, layers.len()), (1, 2), "they had been dropped");
    // To take back the loading removes it too.
    lab.send(Request::Undo);
    assert!(lab.save().images.is_empty());
}

#[test]
fn what_can_be_taken_away_is_known_before() {
    let exports = |dockerfile: &str, built: bool| -> ExportsView {
        let mut lab = Lab::open(&[("Dockerfile", dockerfile), ("a.txt", "text\n")]);
        if built {
            lab.build_with(&["shop:2"], false);
        }
        match lab.query(Query::Exports { build: built.then_some(1) }) {
            Event::Exports { exports } => exports,
            other => panic!("{other:?}"),
        }
    };
    let files = |view: &ExportsView| -> Vec<String> {
        view.options.iter().map(|option| option.file.clone()).collect()
    };
    let real = exports("FROM scratch\nCOPY a.txt /\n", true);
    assert_eq!(files(&real), ["lab.tar", "lab.oci.tar", "context.tar", "lab.rootfs.tar", "lab.rawjson"]);
    assert!(real.options.iter().all(|option| option.refused.is_none()));
    assert_eq!(real.options[0].command, "docker load -i lab.tar");
    assert_eq!(real.options[2].command, "docker build -t lab -t shop:2 - < context.tar");
    let simulated = exports("FROM node\nRUN npm install left-pad\n", false);
    let refused = simulated.options[0].refused.clone().unwrap();
    assert_eq!(
        (refused.code.as_str(), &refused.bases[..]),
        ("export/simulated", &["node:latest".to_owned()][..])
    );
    assert!(refused.files > 100 && refused.size > 1e6 && !refused.paths.is_empty(), "{refused:?}");
    assert!(simulated.options[2].refused.is_none(), "the context is always there");
    let failed = exports("FROM scratch\nCOPY missing /\n", true);
    assert_eq!(failed.options[0].refused.clone().unwrap().code, "export/failed-build");
    assert!(failed.options[4].refused.is_none(), "what happened is there");
}

#[test]
fn what_is_there_now_is_the_build_that_was_just_made() {
    let mut lab = Lab::open(&[("Dockerfile", "FROM scratch\nCOPY a.txt /\n"), ("a.txt", "text\n")]);
    let now = |lab: &mut Lab| match lab.query(Query::Exports { build: None }) {
        Event::Exports { exports } => (exports.build, exports.options[4].refused.is_none()),
        other => panic!("{other:?}"),
    };
    assert_eq!(now(&mut lab), (None, false));
    lab.build();
    assert_eq!(now(&mut lab), (Some(1), true));
    lab.send(Request::EditFile { path: "a.txt".into(), text: "other\n".into() });
    assert_eq!(now(&mut lab), (None, false), "a log is of a build that was made");
    lab.send(Request::Undo);
    assert_eq!(now(&mut lab), (Some(1), true));
}

/// The images that are on the disk, with what they are.
fn listed(lab: &mut Lab) -> Vec<String> {
    let Event::Images { images, .. } = lab.query(Query::Images) else { panic!() };
    let mut rows: Vec<String> = Vec::new();
    for row in images {
        let build = row.build.map_or(String::new(), |number| format!(" built {number}"));
        let loaded = if row.loaded { " loaded" } else { "" };
        rows.push(format!("{}:{}{build}{loaded}", row.repository, row.tag));
        let Event::ImageShown { image } = lab.query(Query::Image { id: row.id }) else { panic!() };
        let name = format!("{}:{}", row.repository, row.tag);
        let is_named = if row.tag == "<none>" { image.names.is_empty() } else { image.names.contains(&name) };
        assert!(is_named && image.build == row.build, "{name}: {:?}", image.names);
    }
    rows.sort();
    rows
}

#[test]
fn a_name_belongs_to_the_image_that_was_given_it_last() {
    let mut lab = Lab::open(&[("Dockerfile", "FROM scratch\nCOPY Dockerfile /\n")]);
    let archive = archive();
    lab.build_with(&["made:1"], false);
    assert_eq!(listed(&mut lab), ["lab:latest built 1", "made:1 built 1"]);
    load(&mut lab, &archive);
    let loaded_last = ["<none>:<none> built 1", "lab:latest loaded", "made:1 loaded"];
    assert_eq!(listed(&mut lab), loaded_last);
    assert_eq!(listed(&mut open(lab.save()).0), loaded_last);
    lab.edit("Dockerfile", "FROM made:1\nENV X=y\n");
    lab.build();
    let built_last = ["<none>:<none> built 1", "lab:latest built 2", "made:1 loaded"];
    assert_eq!(listed(&mut lab), built_last);
    lab.build_with(&["made:1"], true);
    assert!(listed(&mut lab).contains(&"<none>:<none> loaded".to_owned()));
    load(&mut lab, &archive);
    assert!(listed(&mut lab).contains(&"made:1 loaded".to_owned()));
}

#[test]
fn what_was_built_and_loaded_is_one_image() {
    let mut lab = Lab::open(&[("Dockerfile", "FROM scratch\nCOPY Dockerfile /\n")]);
    lab.build();
    let query = Query::Export { build: Some(1), kind: ExportKind::Docker };
    let Event::Exported { export } = lab.query(query) else { panic!() };
    load(&mut lab, &base64::decode(&export.base64).unwrap());
    assert_eq!(listed(&mut lab), ["lab:latest built 1 loaded"]);
}

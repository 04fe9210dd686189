//! `docker image inspect`.

use super::config::{self, Own};
use crate::daemon::{Daemon, Stored};
use crate::reference::familiar;
use crate::template::Value;
use lab_engine::digest::Digest;
use lab_engine::oci::RuntimeConfig;
use lab_session::text::time::rfc3339_of_nanos;

/// An image as templates see it: the fields that JSON leaves out are there, and empty.
pub(crate) fn for_template(daemon: &Daemon, id: Digest) -> Value {
    let mut value = value(daemon, id);
    if let (Value::Object(object), Some(image)) = (&mut value, daemon.images.get(id)) {
        for (name, field) in &mut object.fields {
            if name == "Config" && daemon.dialect.is_containerd() {
                *field = config::image_before(&image.image.config.config);
            }
        }
        let empty = [("Author", ""), ("Comment", ""), ("Parent", ""), ("Variant", ""), ("OsVersion", "")];
        for (name, text) in empty {
            if object.get(name).is_none() {
                object.fields.push((name.to_owned(), Value::text(text)));
            }
        }
    }
    value
}

/// An image as this version shows it.
pub(crate) fn value(daemon: &Daemon, id: Digest) -> Value {
    let Some(image) = daemon.images.get(id) else { return Value::Null };
    if daemon.dialect.is_containerd() {
        containerd(daemon, id, image)
    } else if daemon.dialect.is_old_server() {
        whole(daemon, id, image)
    } else {
        between(daemon, id, image).sorted()
    }
}

fn names(daemon: &Daemon, id: Digest) -> [Value; 2] {
    let short = |names: Vec<String>| {
        Value::texts(names.iter().filter(|name| !name.is_empty()).map(|name| familiar(name)))
    };
    let tags = daemon.images.names_of(id).into_iter().filter(|name| !name.contains('@')).collect();
    [short(tags), short(daemon.images.digests_of(id))]
}

fn layers(image: &Stored) -> Value {
    let ids = image.image.config.diff_ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    Value::object("", [("Type", Value::text("layers")), ("Layers", Value::texts(ids))])
}

/// Where the graph driver keeps the layers.
fn driver(image: &Stored) -> Value {
    let places: Vec<String> = image
        .chains()
        .iter()
        .map(|chain| format!("/var/lib/docker/overlay2/{}", Digest::of(chain.to_string().as_bytes()).hex()))
        .collect();
    let Some((top, below)) = places.split_last() else { return Value::Null };
    let mut data = Vec::new();
    if !below.is_empty() {
        let lower: Vec<String> = below.iter().rev().map(|place| format!("{place}/diff")).collect();
        data.push(("LowerDir", Value::text(lower.join(":"))));
    }
    data.push(("MergedDir", Value::text(format!("{top}/merged"))));
    data.push(("UpperDir", Value::text(format!("{top}/diff"))));
    data.push(("WorkDir", Value::text(format!("{top}/work"))));
    Value::object("", [("Data", Value::object("", data)), ("Name", Value::text("overlay2"))])
}

fn tagged(image: &Stored) -> Value {
    let time = image.tagged.map_or("0001-01-01T00:00:00Z".to_owned(), rfc3339_of_nanos);
    Value::object("", [("LastTagTime", Value::text(time))])
}

fn comment(image: &Stored) -> &str {
    match image.image.config.history.last() {
        Some(row) if image.origin.comment.is_empty() => &row.comment,
        _ => &image.origin.comment,
    }
}

/// The configuration of the container that an image was made from.
fn container_config(image: &Stored) -> Value {
    let own = Own { hostname: image.origin.container.chars().take(12).collect(), ..Own::default() };
    if image.origin.container.is_empty() {
        return config::whole(&RuntimeConfig::default(), &own);
    }
    let command = image.origin.command.clone();
    config::whole(&RuntimeConfig { cmd: Some(command), ..image.image.config.config.clone() }, &own)
}

fn created(image: &Stored) -> Value {
    Value::text(image.image.config.created.clone().unwrap_or_else(|| "0001-01-01T00:00:00Z".to_owned()))
}

fn whole(daemon: &Daemon, id: Digest, image: &Stored) -> Value {
    let [tags, digests] = names(daemon, id);
    let runtime = &image.image.config;
    let size = image.size() as i64;
    let parent = image.parent.map_or(String::new(), |parent| parent.to_string());
    Value::object(
        "",
        [
            ("Id", Value::text(id.to_string())),
            ("RepoTags", tags),
            ("RepoDigests", digests),
            ("Parent", Value::text(parent)),
            ("Comment", Value::text(comment(image))),
            ("Created", created(image)),
            ("Container", Value::text(&image.origin.container)),
            ("ContainerConfig", container_config(image)),
            ("DockerVersion", Value::text(&image.origin.docker_version)),
            ("Author", Value::text(&runtime.author)),
            ("Config", config::whole(&runtime.config, &Own::default())),
            ("Architecture", Value::text(&runtime.architecture)),
            ("Os", Value::text(&runtime.os)),
            ("Size", Value::Int(size)),
            ("VirtualSize", Value::Int(size)),
            ("GraphDriver", driver(image)),
            ("RootFS", layers(image)),
            ("Metadata", tagged(image)),
        ],
    )
}

fn between(daemon: &Daemon, id: Digest, image: &Stored) -> Value {
    let [tags, digests] = names(daemon, id);
    let runtime = &image.image.config;
    let parent = image.parent.map_or(String::new(), |parent| parent.to_string());
    Value::object(
        "",
        [
            ("Architecture", Value::text(&runtime.architecture)),
            ("Author", Value::text(&runtime.author)),
            ("Comment", Value::text(comment(image))),
            ("Config", config::image_before(&runtime.config)),
            ("Created", created(image)),
            ("DockerVersion", Value::text(&image.origin.docker_version)),
            ("GraphDriver", driver(image)),
            ("Id", Value::text(id.to_string())),
            ("Metadata", tagged(image)),
            ("Os", Value::text(&runtime.os)),
            ("Parent", Value::text(parent)),
            ("RepoDigests", digests),
            ("RepoTags", tags),
            ("RootFS", layers(image)),
            ("Size", Value::Int(image.size() as i64)),
        ],
    )
}

fn containerd(daemon: &Daemon, id: Digest, image: &Stored) -> Value {
    let [tags, _] = names(daemon, id);
    let runtime = &image.image.config;
    let digests = repositories(daemon, id).into_iter().map(|name| format!("{}@{id}", familiar(&name)));
    let mut fields = vec![
        ("Id", Value::text(id.to_string())),
        ("RepoTags", tags),
        ("RepoDigests", Value::texts(digests.collect::<Vec<_>>())),
    ];
    if !comment(image).is_empty() {
        fields.push(("Comment", Value::text(comment(image))));
    }
    fields.push(("Created", created(image)));
    if !runtime.author.is_empty() {
        fields.push(("Author", Value::text(&runtime.author)));
    }
    let target = &image.blobs.target;
    fields.extend([
        ("Config", config::image(&runtime.config)),
        ("Architecture", Value::text(&runtime.architecture)),
        ("Os", Value::text(&runtime.os)),
        ("Size", Value::Int(image.blobs.content_size() as i64)),
        ("RootFS", layers(image)),
        ("Metadata", tagged(image)),
        (
            "Descriptor",
            Value::object(
                "",
                [
                    ("mediaType", Value::text(&image.blobs.media_type)),
                    ("digest", Value::text(target.digest.to_string())),
                    ("size", Value::Int(target.size as i64)),
                ],
            ),
        ),
    ]);
    if !image.pulled_from.is_empty() {
        let pull = |name: &String| Value::object("", [("Repository", Value::text(name))]);
        let pulls = image.pulled_from.iter().map(pull).collect();
        fields.push(("Identity", Value::object("", [("Pull", Value::List(pulls))])));
    }
    Value::object("", fields)
}

/// The repositories in which an image has a name.
fn repositories(daemon: &Daemon, id: Digest) -> Vec<String> {
    let names = daemon.images.names_of(id).into_iter().chain(daemon.images.digests_of(id));
    let mut found: Vec<String> = names
        .map(|name| match name.split_once('@') {
            Some((repository, _)) => repository.to_owned(),
            None => name.rsplit_once(':').map_or(name.clone(), |(repository, _)| repository.to_owned()),
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

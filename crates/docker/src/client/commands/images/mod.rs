//! `docker images`.

mod overview;

use crate::client::errors::Fail;
use crate::client::filter::Filters;
use crate::client::format::List;
use crate::client::{Context, Done};
use crate::daemon::prune::{has_label, until};
use crate::daemon::{Daemon, Stored};
use crate::reference::{Reference, familiar};
use crate::template::Value;
use lab_engine::digest::Digest;
use lab_engine::vfs::glob;
use lab_session::text::age::ago;
use lab_session::text::size::{human_size, short_size};

const KNOWN: [&str; 6] = ["dangling", "label", "before", "since", "reference", "until"];
pub(super) const HEADERS: [(&str, &str); 12] = [
    ("ID", "IMAGE ID"),
    ("Repository", "REPOSITORY"),
    ("Tag", "TAG"),
    ("Digest", "DIGEST"),
    ("CreatedSince", "CREATED"),
    ("CreatedAt", "CREATED AT"),
    ("Size", "SIZE"),
    ("VirtualSize", "SIZE"),
    ("SharedSize", "SHARED SIZE"),
    ("UniqueSize", "UNIQUE SIZE"),
    ("Containers", "CONTAINERS"),
    ("Label", "LABEL"),
];

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let images = selected(context)?;
    let options = &context.options;
    let is_overview = context.dialect().client >= 29
        && !["quiet", "no-trunc", "digests"].iter().any(|name| options.is_on(name))
        && options.value("format").is_none_or(str::is_empty);
    if is_overview || options.is_on("tree") {
        let text = overview::print(context, &images);
        context.call.out(&text);
        return Ok(0);
    }
    let digests = options.is_on("digests");
    let table = if digests {
        "{{.Repository}}\t{{.Tag}}\t{{.Digest}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}"
    } else {
        "{{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}"
    };
    let shows_digests = digests || options.value("format").is_some_and(|format| format.contains(".Digest"));
    let whole = options.is_on("no-trunc");
    let rows = images.iter().flat_map(|image| rows(&context.docker.daemon, image, whole, shows_digests));
    let list = List {
        format: options.value("format"),
        table,
        quiet: options.is_on("quiet").then_some("{{.ID}}"),
        headers: &HEADERS,
        rows: rows.collect(),
    };
    let text = list.print(context.dialect())?;
    context.call.out(&text);
    Ok(0)
}

/// An image that is listed, with those of its names that are.
pub(super) struct Listed {
    pub(super) id: Digest,
    pub(super) names: Vec<String>,
    pub(super) digests: Vec<String>,
}

/// The images that were asked for, the newest first.
fn selected(context: &Context<'_, '_>) -> Result<Vec<Listed>, Fail> {
    let daemon = &context.docker.daemon;
    let filters = Filters::of(&context.options);
    if let Some(name) = filters.unknown(&KNOWN) {
        let word = daemon.dialect.server_text("Invalid", "invalid");
        return Err(Fail::new(format!("Error response from daemon: {word} filter '{name}'")));
    }
    let bounds = |name: &str| -> Result<Vec<i64>, Fail> {
        let created = |text: &str| {
            let id = daemon.find_image(text)?.id;
            Ok(daemon.images.get(id).map_or(0, Stored::created))
        };
        filters.all(name).into_iter().map(created).collect()
    };
    let (before, since) = (bounds("before")?, bounds("since")?);
    let asked = context.options.arguments.first().map(String::as_str);
    let patterns: Vec<&str> = filters.all("reference").into_iter().chain(asked).collect();
    let all = context.options.is_on("all");
    let mut found: Vec<(i64, Listed)> = Vec::new();
    for (id, image) in daemon.images.iter() {
        let labels = &image.image.config.config.labels;
        let created = image.created();
        let meets = filters.every("label", |label| has_label(labels, label))
            && filters.every("until", |text| until(text, daemon.now).is_none_or(|until| created < until))
            && before.iter().all(|bound| created < *bound)
            && since.iter().all(|bound| created > *bound);
        let mut names = daemon.images.names_of(id);
        let mut digests = daemon.images.digests_of(id);
        let is_dangling = names.is_empty() && (daemon.dialect.is_containerd() || digests.is_empty());
        if !meets || filters.switch("dangling").is_some_and(|wanted| wanted != is_dangling) {
            continue;
        }
        if !patterns.is_empty() {
            names.retain(|name| matches(&patterns, name));
            digests.retain(|name| matches(&patterns, name));
            if names.is_empty() && digests.is_empty() {
                continue;
            }
        }
        let is_step = !daemon.images.children(id).is_empty();
        if is_dangling && !shows_dangling(context, all, is_step, filters.switch("dangling")) {
            continue;
        }
        found.push((created, Listed { id, names, digests }));
    }
    found.sort_by_key(|(created, _)| std::cmp::Reverse(*created));
    Ok(found.into_iter().map(|(_, listed)| listed).collect())
}

/// Images without a name: those that others were made on are steps of a build, shown with `--all`.
fn shows_dangling(context: &Context<'_, '_>, all: bool, is_step: bool, asked: Option<bool>) -> bool {
    if all {
        return true;
    }
    // The new list leaves out whatever has no name.
    let is_new = context.dialect().client >= 29;
    !is_step && (!is_new || asked == Some(true))
}

/// Whether a name meets one of the patterns; a pattern without a tag takes all of them.
fn matches(patterns: &[&str], name: &str) -> bool {
    let short = familiar(name);
    let repository = match name.split_once('@') {
        Some((repository, _)) => familiar(repository),
        None => short.rsplit_once(':').map_or(short.clone(), |(repository, _)| repository.to_owned()),
    };
    patterns.iter().any(|pattern| {
        let by_glob = glob::is_match(pattern, &short).unwrap_or(false)
            || glob::is_match(pattern, &repository).unwrap_or(false);
        let full = Reference::parse(pattern).map(|reference| match (&reference.tag, &reference.digest) {
            (None, None) => reference.repository() == name_repository(name),
            _ => reference.to_string() == name,
        });
        by_glob || full.unwrap_or(false)
    })
}

fn name_repository(name: &str) -> &str {
    let name = name.split('@').next().unwrap_or(name);
    match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => repository,
        _ => name,
    }
}

/// The rows of an image: one for each name.
pub(super) fn rows(daemon: &Daemon, listed: &Listed, whole: bool, digests: bool) -> Vec<Value> {
    let Some(image) = daemon.images.get(listed.id) else { return Vec::new() };
    let names = names(listed, digests);
    names
        .iter()
        .map(|(repository, tag, digest)| row(daemon, listed.id, image, whole, [repository, tag, digest]))
        .collect()
}

fn names(listed: &Listed, digests: bool) -> Vec<(String, String, String)> {
    let none = || "<none>".to_owned();
    let mut found = Vec::new();
    for name in listed.names.iter().filter(|name| !name.contains('@')) {
        let (repository, tag) = name.rsplit_once(':').unwrap_or((name, "latest"));
        let prefix = format!("{repository}@");
        let digest = listed.digests.iter().find_map(|name| name.strip_prefix(&prefix)).filter(|_| digests);
        found.push((familiar(repository), tag.to_owned(), digest.map_or_else(none, str::to_owned)));
    }
    if found.is_empty() {
        for name in &listed.digests {
            let (repository, digest) = name.split_once('@').unwrap_or((name, ""));
            let digest = if digests { digest.to_owned() } else { none() };
            found.push((familiar(repository), none(), digest));
        }
    }
    if found.is_empty() {
        found.push((none(), none(), none()));
    }
    found
}

fn row(
    daemon: &Daemon,
    id: Digest,
    image: &Stored,
    whole: bool,
    [repository, tag, digest]: [&str; 3],
) -> Value {
    let size = daemon.image_size(image);
    let is_new = daemon.dialect.client >= 29;
    let created = image.created() / crate::daemon::SECOND;
    let users = daemon.users_of(id).len();
    let mut fields = vec![
        ("Containers", Value::text(if is_new { users.to_string() } else { "N/A".to_owned() })),
        ("CreatedAt", Value::text(crate::client::commands::created_at(created))),
        ("CreatedSince", Value::text(ago(Some(created), daemon.seconds()))),
        ("Digest", Value::text(digest)),
        ("ID", Value::text(if whole { id.to_string() } else { id.short(12) })),
        ("Repository", Value::text(repository)),
        ("SharedSize", Value::text("N/A")),
        ("Size", Value::text(short_size(size as f64))),
        ("Tag", Value::text(tag)),
        ("UniqueSize", Value::text("N/A")),
    ];
    if !is_new {
        fields.push(("VirtualSize", Value::text(human_size(size as f64))));
    }
    Value::object("*formatter.imageContext", fields)
}

//! `docker build`: the engine builds, and the classic builder's words are the engine's.

use super::tag::new_name;
use crate::client::errors::Fail;
use crate::client::progress::{self, Target};
use crate::client::{Context, Done, unsimulated};
use crate::daemon::build::{BuildRequest, Told};
use crate::dialect::Dialect;
use lab_engine::cache::Stream;
use lab_engine::solver::{NoCache, Removal};
use lab_engine::vfs::{Content, Directory, Metadata, Node, Tree, path};
use lab_session::text::size::human_size;

/// What a new client says of the old builder.
const DEPRECATED: &str = "DEPRECATED: The legacy builder is deprecated and will be removed in a future release.\n            BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0\n            environment-variable.\n\n";

/// Whether the classic builder is asked for.
pub(in crate::client) fn is_classic(dialect: Dialect, setting: Option<&str>) -> bool {
    match setting {
        Some("0" | "false") => true,
        Some("1" | "true") => false,
        _ => dialect.is_old_client(),
    }
}

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let dialect = context.dialect();
    let classic = is_classic(dialect, context.call.env("DOCKER_BUILDKIT"));
    if classic && !dialect.is_old_client() {
        context.call.err(DEPRECATED);
    }
    let options = context.options.clone();
    let mut names = Vec::new();
    for tag in options.all("tag") {
        names.push(new_name(tag, dialect)?);
    }
    if options.is_on("squash") {
        return Err(Fail::new(
            "\"--squash\" is only supported on a Docker daemon with experimental features enabled",
        ));
    }
    if let Some(name) = unsimulated::refused(&options) {
        let path = &context.command.path;
        return Err(Fail::new(format!("docker {path}: --{name} is not simulated; nothing was built")));
    }
    let (tree, dockerfile) = build_context(context)?;
    let removal = if options.is_on("force-rm") {
        Removal::Always
    } else if options.value("rm") == Some("false") {
        Removal::Never
    } else {
        Removal::OnSuccess
    };
    let request = BuildRequest {
        tree,
        dockerfile,
        classic,
        removal,
        names,
        target: options.value("target").map(str::to_owned),
        build_args: options.all("build-arg").iter().filter_map(|word| argument(context, word)).collect(),
        labels: options.all("label").iter().map(|word| pair(word)).collect(),
        no_cache: if options.is_on("no-cache") { NoCache::All } else { NoCache::None },
        pull: options.is_on("pull"),
    };
    let world = context.call.world();
    let built = context.docker.daemon.build(request, world);
    context.call.seconds += built.seconds;
    let quiet = options.is_on("quiet");
    if classic && !quiet {
        let bytes = human_size(built.context_bytes as f64);
        // Its progress is written over itself, also where nobody sees that.
        context.line(format!("Sending build context to Docker daemon  {bytes:>7}\r\r"));
        for told in &built.told {
            match told {
                Told::Line(Stream::Stdout, text) => context.call.out(text),
                Told::Line(Stream::Stderr, text) => context.call.err(text),
                Told::Pulled(lines) => progress::show(context.call, lines, Target::Out),
            }
        }
    }
    let id = built.result.map_err(|(message, code)| Fail::new(message).with_code(code))?;
    if let Some(name) = options.value("iidfile") {
        let _ = context.call.write(name, id.to_string().into_bytes());
    }
    if quiet {
        context.line(id.to_string());
    } else if classic {
        for name in &built.names {
            context.line(format!("Successfully tagged {}", name.familiar()));
        }
    }
    Ok(0)
}

fn pair(word: &str) -> (String, String) {
    let (name, value) = word.split_once('=').unwrap_or((word, ""));
    (name.to_owned(), value.to_owned())
}

/// A build argument; a name alone takes the value that the client has.
fn argument(context: &Context<'_, '_>, word: &str) -> Option<(String, String)> {
    match word.split_once('=') {
        Some((name, value)) => Some((name.to_owned(), value.to_owned())),
        None => context.call.env(word).map(|value| (word.to_owned(), value.to_owned())),
    }
}

/// The files of the context, and the text of the Dockerfile.
fn build_context(context: &mut Context<'_, '_>) -> Result<(Tree, String), Fail> {
    let asked = context.argument(0).to_owned();
    let file = context.options.value("file").map(str::to_owned);
    let prepare = |why: String| Fail::new(format!("unable to prepare context: {why}"));
    if asked == "-" {
        let text = String::from_utf8_lossy(&context.call.stdin()).into_owned();
        let mut tree = Tree::new();
        let _ = tree.write("/Dockerfile", Content::from(text.as_str()), Metadata::new(0o644, 0));
        return Ok((tree, text));
    }
    let place = context.call.path(&asked);
    let Ok(node) = context.call.tree().stat(&place).cloned() else {
        return Err(prepare(format!("path \"{asked}\" not found")));
    };
    let Node::Directory(directory) = node else {
        return Err(prepare(format!("context must be a directory: {place}")));
    };
    let text = match file.as_deref() {
        Some("-") => String::from_utf8_lossy(&context.call.stdin()).into_owned(),
        file => {
            let wanted =
                file.map_or_else(|| path::join(&place, "Dockerfile"), |file| context.call.path(file));
            let missing = || {
                prepare(format!(
                    "unable to evaluate symlinks in Dockerfile path: lstat {wanted}: no such file or directory"
                ))
            };
            let bytes = context.call.read(&wanted).map_err(|_| missing())?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
    };
    Ok((rooted(&directory), text))
}

/// A directory as a tree of its own.
fn rooted(directory: &Directory) -> Tree {
    let mut tree = Tree::with_root(directory.metadata);
    for (name, node) in directory.entries() {
        let _ = tree.put_shared(&format!("/{name}"), node.clone(), directory.metadata.mtime);
    }
    tree
}

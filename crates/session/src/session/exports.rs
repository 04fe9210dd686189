//! What leaves the lab as a file: images, build contexts, the record of a build.

use super::Session;
use crate::build::{Finished, rawjson};
use crate::protocol::{
    Builder, ErrorView, ExportKind, ExportOption, ExportView, ExportsView, Refusal, Settings,
};
use crate::tables;
use crate::text::{base64, reference};
use crate::workspace::{Workspace, error};
use lab_engine::export::{ExportError, ExportFormat, context_archive, export, filesystem_archive};
use lab_engine::vfs::Tree;

impl Session {
    /// A build of the timeline, or the workspace as it is now, as a file.
    #[inline(never)]
    pub(super) fn export(&self, build: Option<u32>, kind: ExportKind) -> Result<ExportView, ErrorView> {
        let build = self.meant(build);
        let archive = self.written(build, kind)?;
        let (file, command) = self.file_of(build, kind)?;
        let bytes = archive.map_err(|error| refused(&error))?;
        Ok(ExportView { kind, file, command, base64: base64::encode(&bytes) })
    }

    /// The bytes of such a file.
    fn written(&self, build: Option<u32>, kind: ExportKind) -> Result<Archive, ErrorView> {
        let names = self.names_of(build);
        Ok(match kind {
            ExportKind::Context => match build {
                Some(build) => context_archive(&self.entry(build)?.workspace.tree),
                None => context_archive(&self.workspace.tree),
            },
            ExportKind::Rawjson => {
                let number = build.ok_or_else(|| error("build/unknown", "preview", "it was not kept"))?;
                let entry = self.entry(number)?;
                Ok(match &entry.record {
                    Some((record, _)) => record.stream().into_bytes(),
                    None => rawjson(self.finished(number)?, entry.at).into_bytes(),
                })
            }
            ExportKind::Oci => image_archive(&*self.shown(build)?, &names, ExportFormat::OciLayout)?,
            ExportKind::Docker => image_archive(&*self.shown(build)?, &names, ExportFormat::DockerArchive)?,
            ExportKind::Tar => {
                let finished = self.shown(build)?;
                let image = finished.report.result.as_ref().map_err(|failure| failed(&failure.message))?;
                filesystem_archive(&image.tree)
            }
        })
    }

    /// The build that somebody means who names none: the last one, as long as nothing has changed since.
    fn meant(&self, build: Option<u32>) -> Option<u32> {
        let is_kept = |head: &u32| {
            self.entry(*head)
                .is_ok_and(|entry| entry.finished.is_some() && entry.workspace.is_same(&self.workspace))
        };
        build.or_else(|| self.head.filter(is_kept))
    }

    /// The name of a file, and the words that do something with it in a shell.
    fn file_of(&self, build: Option<u32>, kind: ExportKind) -> Result<(String, String), ErrorView> {
        let names = self.names_of(build);
        let name = names.first().map_or("image", String::as_str);
        let stem = reference::familiar(name).0.replace('/', "-");
        Ok(match kind {
            ExportKind::Oci => {
                let (repository, tag) = reference::familiar(name);
                let command =
                    format!("skopeo copy oci-archive:{stem}.oci.tar docker-daemon:{repository}:{tag}");
                (format!("{stem}.oci.tar"), command)
            }
            ExportKind::Docker => (format!("{stem}.tar"), format!("docker load -i {stem}.tar")),
            ExportKind::Tar => (format!("{stem}.rootfs.tar"), format!("tar -tvf {stem}.rootfs.tar")),
            ExportKind::Rawjson => (format!("{stem}.rawjson"), String::new()),
            ExportKind::Context => {
                let workspace = match build {
                    Some(build) => &self.entry(build)?.workspace,
                    None => &self.workspace,
                };
                ("context.tar".to_owned(), build_command(workspace, &names))
            }
        })
    }

    /// What can be taken away of a build, and what cannot and why.
    #[inline(never)]
    pub(super) fn exports(&self, build: Option<u32>) -> ExportsView {
        let build = self.meant(build);
        let shown = self.shown(build).ok();
        let image = match &shown {
            Some(finished) => tables::refusal(finished),
            None => {
                let recorded =
                    build.and_then(|build| self.entry(build).ok()).is_some_and(|e| e.record.is_some());
                let code = if recorded { "build/recorded" } else { "build/unknown" };
                Some(Refusal { code: code.to_owned(), ..Refusal::default() })
            }
        };
        let bytes = shown.as_ref().and_then(|finished| finished.report.result.as_ref().ok());
        let bytes = bytes.map(|image| {
            let layers: f64 = image.layers.iter().map(|layer| layer.size() as f64).sum();
            layers + around(&image.tree)
        });
        let context = match build.and_then(|build| self.entry(build).ok()) {
            Some(entry) => &entry.workspace,
            None => &self.workspace,
        };
        let kept =
            (build.is_none()).then(|| Refusal { code: "build/unknown".to_owned(), ..Refusal::default() });
        let kinds = [
            (ExportKind::Docker, bytes, image.clone()),
            (ExportKind::Oci, bytes, image.clone()),
            (ExportKind::Context, Some(context.tree.summary().bytes as f64 + around(&context.tree)), None),
            (ExportKind::Tar, bytes, image),
            (ExportKind::Rawjson, None, kept),
        ];
        let option = |(kind, size, refused): (ExportKind, Option<f64>, Option<Refusal>)| {
            let (file, command) = self.file_of(build, kind).ok()?;
            let is_quick = refused.is_none() && size.is_none_or(|size| size < QUICK);
            let written = is_quick.then(|| self.written(build, kind).ok()?.ok()).flatten();
            let exact = written.as_ref().map(|bytes| bytes.len() as f64);
            Some(ExportOption { kind, file, command, size: exact.or(size), exact: exact.is_some(), refused })
        };
        ExportsView { build, options: kinds.into_iter().filter_map(option).collect() }
    }
}

/// A file of fewer bytes is written to know how many they are.
const QUICK: f64 = 8e6;

/// About what an archive holds besides the bytes of the files: a header for each, and blanks to full blocks.
fn around(tree: &Tree) -> f64 {
    let summary = tree.summary();
    f64::from(summary.files + summary.directories) * 768.0
}

type Archive = Result<Vec<u8>, ExportError>;

fn image_archive(build: &Finished, names: &[String], format: ExportFormat) -> Result<Archive, ErrorView> {
    let image = build.report.result.as_ref().map_err(|failure| failed(&failure.message))?;
    Ok(export(image.image(), names, format))
}

fn failed(message: &str) -> ErrorView {
    error("export/failed-build", "", message)
}

fn refused(cause: &ExportError) -> ErrorView {
    let (code, subject) = match cause {
        ExportError::Opaque { paths } => ("export/simulated", paths.first().cloned().unwrap_or_default()),
        ExportError::ForeignLayer { diff_id } => ("export/foreign-layer", diff_id.clone()),
    };
    error(code, subject, cause.to_string())
}

/// The command that builds the archive of a context with a real Docker.
fn build_command(workspace: &Workspace, names: &[String]) -> String {
    let Settings { dockerfile, target, build_args, labels, no_cache_stages, .. } = &workspace.settings;
    let mut words = vec!["docker".to_owned(), "build".to_owned()];
    if workspace.settings.builder == Builder::Classic {
        words.insert(0, "DOCKER_BUILDKIT=0".to_owned());
    }
    let mut option = |name: &str, value: &str| words.extend([name.to_owned(), quoted(value)]);
    for name in names {
        let (repository, tag) = reference::familiar(name);
        option("-t", &if tag == "latest" { repository } else { format!("{repository}:{tag}") });
    }
    if !dockerfile.is_empty() {
        option("-f", dockerfile);
    }
    if !target.is_empty() {
        option("--target", target);
    }
    for (name, values) in [("--build-arg", build_args), ("--label", labels)] {
        for value in values {
            option(name, value);
        }
    }
    if !no_cache_stages.is_empty() {
        option("--no-cache-filter", &no_cache_stages.join(","));
    }
    words.extend(["-".to_owned(), "<".to_owned(), "context.tar".to_owned()]);
    words.join(" ")
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:=,@%+".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_has_every_option_of_the_build() {
        let settings = Settings {
            dockerfile: "docker/Dockerfile".into(),
            target: "app".into(),
            build_args: vec!["A=it's a test".into(), "B=1".into()],
            labels: vec!["x=".into()],
            no_cache_stages: vec!["a".into(), "b".into()],
            ..Settings::default()
        };
        let names = ["docker.io/library/shop:latest".to_owned(), "docker.io/me/shop:2".to_owned()];
        assert_eq!(
            build_command(&Workspace::new(0, settings), &names),
            "docker build -t shop -t me/shop:2 -f docker/Dockerfile --target app \
             --build-arg 'A=it'\\''s a test' --build-arg B=1 --label x= --no-cache-filter a,b - < context.tar"
        );
        assert_eq!(
            build_command(&Workspace::new(0, Settings::default()), &[]),
            "docker build - < context.tar"
        );
    }
}

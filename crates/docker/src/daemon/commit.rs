//! `commit`: from a container to an image.

use super::images::{Origin, Stored};
use super::{Daemon, Failure};
use crate::reference::Reference;
use lab_engine::digest::Digest;
use lab_engine::oci::{HistoryEntry, Image, RuntimeConfig};
use lab_session::text::time::rfc3339_of_nanos;
use std::sync::Arc;

/// What to note at the image.
#[derive(Clone, Debug, Default)]
pub struct CommitOptions {
    /// Its name.
    pub reference: Option<Reference>,
    /// `--message`
    pub message: String,
    /// `--author`
    pub author: String,
    /// `--change`, instructions of a Dockerfile.
    pub changes: Vec<String>,
}

impl Daemon {
    /// Makes an image of what a container has.
    pub fn commit(&mut self, at: usize, options: CommitOptions) -> Result<Digest, Failure> {
        let container = &self.containers[at];
        let Some(base) = self.images.get(container.image).cloned() else {
            return Err(Failure::not_found(format!("No such image: {}", container.image_name)));
        };
        let layer = container.layer();
        let words = container.words.join(" ");
        let mut config = base.image.config.clone();
        config.config = container.config.clone();
        for change in &options.changes {
            apply(&mut config.config, change)?;
        }
        let created = rfc3339_of_nanos(self.now);
        config.created = Some(created.clone());
        config.author.clone_from(&options.author);
        config.history.push(HistoryEntry {
            created: Some(created),
            created_by: words,
            comment: options.message.clone(),
            empty_layer: false,
            author: options.author.clone(),
        });
        let mut layers = base.image.layers.clone();
        layers.push(Arc::new(layer));
        let count = base.image.layers.len();
        let image = Arc::new(Image::assemble(config, layers, count, None));
        let blobs = self.packed(&image);
        let id = self.id_of(&image, &blobs);
        let origin = Origin {
            container: container.id.hex(),
            command: container.words.clone(),
            docker_version: self.dialect.server_version().to_owned(),
            comment: options.message,
        };
        let parent = Some(container.image);
        let stored = Stored {
            image,
            blobs: Arc::new(blobs),
            parent,
            origin,
            tagged: None,
            pulled_from: Default::default(),
        };
        self.images.insert(id, stored);
        if let Some(reference) = &options.reference {
            self.tag_image(id, reference);
        }
        Ok(id)
    }
}

/// Does to a configuration what an instruction says.
fn apply(config: &mut RuntimeConfig, change: &str) -> Result<(), Failure> {
    let (word, rest) = change.trim().split_once(char::is_whitespace).unwrap_or((change.trim(), ""));
    let rest = rest.trim();
    let pair = || {
        let (name, value) = rest.split_once(['=', ' ']).unwrap_or((rest, ""));
        (name.to_owned(), value.trim_matches(['"', '\'']).to_owned())
    };
    match word.to_ascii_uppercase().as_str() {
        "CMD" => config.cmd = Some(words(rest)),
        "ENTRYPOINT" => config.entrypoint = Some(words(rest)),
        "ENV" => {
            let (name, value) = pair();
            config.env.retain(|known| !known.starts_with(&format!("{name}=")));
            config.env.push(format!("{name}={value}"));
        }
        "LABEL" => {
            let (name, value) = pair();
            config.labels.insert(name, value);
        }
        "EXPOSE" => {
            let ports = rest.split_whitespace();
            config.exposed_ports.extend(
                ports.map(|port| if port.contains('/') { port.to_owned() } else { format!("{port}/tcp") }),
            );
        }
        "USER" => rest.clone_into(&mut config.user),
        "WORKDIR" => rest.clone_into(&mut config.working_dir),
        "STOPSIGNAL" => rest.clone_into(&mut config.stop_signal),
        "VOLUME" => config.volumes.extend(rest.split_whitespace().map(str::to_owned)),
        "ONBUILD" => config.on_build.push(rest.to_owned()),
        _ => {
            let word = word.to_ascii_lowercase();
            return Err(Failure::invalid(format!("{word} is not a valid change command")));
        }
    }
    Ok(())
}

/// The exec form, or a shell around the text.
fn words(text: &str) -> Vec<String> {
    serde_json::from_str::<Vec<String>>(text)
        .unwrap_or_else(|_| vec!["/bin/sh".to_owned(), "-c".to_owned(), text.to_owned()])
}

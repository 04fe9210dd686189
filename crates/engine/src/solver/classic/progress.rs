//! What the classic builder says as it goes: an instruction, the container that it runs in, the image that it made.

use super::super::options::Release;
use crate::cache::{LogLine, StepImage, Stream};
use std::sync::Arc;

/// Something that the builder says.
#[derive(Clone, Debug)]
pub enum Progress {
    /// An instruction begins.
    Step {
        /// Its number, from 1.
        number: u32,
        /// How many there are.
        total: u32,
        /// The instruction on one line, as written.
        text: String,
    },
    /// An image is looked up. A daemon that does not have it pulls it here.
    Base {
        /// Its name in full, with its tag.
        reference: String,
    },
    /// The instructions that wait in the image are carried out.
    Triggers(u32),
    /// The step has been done before.
    Cached,
    /// A container was made for the step.
    Running {
        /// Its identifier, 64 hexadecimal digits.
        container: String,
    },
    /// The command printed something.
    Output(LogLine),
    /// Something is to be said in a line of its own.
    Note(String),
    /// The container was removed.
    Removed {
        /// Its identifier, 64 hexadecimal digits.
        container: String,
    },
    /// The image after an instruction; `None` where a stage begins with nothing.
    Image(Option<Arc<StepImage>>),
    /// Build arguments that were given and not declared anywhere.
    Unused(Vec<String>),
    /// The image that was built.
    Built(Arc<StepImage>),
}

/// A piece of the builder's output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgressLine {
    /// Where it goes.
    pub stream: Stream,
    /// The text, with its line breaks.
    pub text: String,
}

/// How many digits of an identifier are shown.
const SHORT: usize = 12;

/// What a client prints. It needs the IDs of all images that are named.
pub fn progress_lines(progress: &[Progress], release: Release) -> Vec<ProgressLine> {
    progress.iter().filter_map(|said| said.line(release)).collect()
}

impl Progress {
    /// What a client prints of it, if anything.
    pub fn line(&self, release: Release) -> Option<ProgressLine> {
        let short = |id: &str| id.get(..SHORT).unwrap_or(id).to_owned();
        let id = |image: &Arc<StepImage>| image.id().short(SHORT);
        let text = match self {
            Self::Step { number, total, text } => format!("Step {number}/{total} : {text}"),
            Self::Base { .. } => return None,
            Self::Triggers(1) => "# Executing 1 build trigger".to_owned(),
            Self::Triggers(count) => format!("# Executing {count} build triggers"),
            Self::Cached => " ---> Using cache".to_owned(),
            Self::Running { container } => format!(" ---> Running in {}", short(container)),
            Self::Output(line) => {
                return Some(ProgressLine { stream: line.stream, text: line.text.clone() });
            }
            Self::Note(text) => text.clone(),
            Self::Removed { container } => match release {
                Release::Docker20 => format!("Removing intermediate container {}", short(container)),
                Release::Docker29 => format!(" ---> Removed intermediate container {}", short(container)),
            },
            Self::Image(image) => format!(" ---> {}", image.as_ref().map_or(String::new(), id)),
            Self::Unused(names) => {
                format!("[Warning] One or more build-args [{}] were not consumed", names.join(" "))
            }
            Self::Built(image) => format!("Successfully built {}", id(image)),
        };
        Some(ProgressLine { stream: Stream::Stdout, text: format!("{text}\n") })
    }
}

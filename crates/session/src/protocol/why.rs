//! Why a step hit or missed: causes, evidence, remedies.

use super::Figure;
use super::project::Builder;
use serde::{Deserialize, Serialize};

/// A reason why a step did not hit the record that is nearest to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Cause {
    /// A matched file has other bytes, another type or link target.
    FileChanged {
        /// Its path in the context or stage.
        path: String,
        /// Its old size in bytes.
        before: f64,
        /// Its new size.
        after: f64,
        /// The lines around the changes; empty for what is no text.
        diff: Vec<DiffLine>,
    },
    /// A file is matched that was not there.
    FileAdded {
        /// Its path.
        path: String,
        /// Its size in bytes.
        size: f64,
    },
    /// A file that was matched is gone.
    FileRemoved {
        /// Its path.
        path: String,
    },
    /// A matched file has other permission bits, the same bytes.
    FileMode {
        /// Its path.
        path: String,
        /// The old bits.
        before: u32,
        /// The new ones.
        after: u32,
    },
    /// Step `root` (or one that follows it) was run again.
    Parent {
        /// The row of the root cause.
        root: u32,
    },
    /// The command or the arguments of the instruction changed.
    Command {
        /// As it was.
        before: String,
        /// As it is.
        after: String,
    },
    /// An environment variable that `RUN` sees changed; none for unset.
    Env {
        /// Its name.
        name: String,
        /// Its old value.
        before: Option<String>,
        /// Its new value.
        after: Option<String>,
    },
    /// A build argument that `RUN` sees changed; none for unset.
    Arg {
        /// Its name.
        name: String,
        /// Its old value.
        before: Option<String>,
        /// Its new value.
        after: Option<String>,
    },
    /// The name in `FROM` leads to another image.
    Base {
        /// The name.
        reference: String,
        /// Its old digest.
        before: String,
        /// Its new digest.
        after: String,
    },
    /// Another part of the key changed: `workdir`, `user`, `shell`, `chown`, `chmod`, `network`, `mounts` …
    Part {
        /// Which part.
        name: String,
        /// As it was.
        before: String,
        /// As it is.
        after: String,
    },
    /// The step is the same but comes after another one than before.
    Moved {
        /// The instruction above it now.
        after: String,
    },
    /// The cache was not to be used.
    NoCache,
    /// The record was there and has been pruned.
    Pruned,
    /// Nothing like it was ever built.
    NoRecord,
}

/// What a line of a diff is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DiffKind {
    /// In both.
    Same,
    /// Only in the old text.
    Removed,
    /// Only in the new text.
    Added,
    /// Stands for lines that are left out.
    Gap,
}

/// A line of a diff.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiffLine {
    /// What it is.
    pub kind: DiffKind,
    /// Its number in the text that it is in (the new one, if in both), from 1; 0 for a gap.
    pub line: u32,
    /// The text.
    pub text: String,
    /// UTF-16 offsets of the part that really differs; equal for none.
    pub from: u32,
    /// The end of that part.
    pub to: u32,
}

/// A part of the cache key, old and new.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyPart {
    /// `parent`, `instruction`, `files`, `environment`, `workdir`, `user`, `base`, `mounts`, `flags` …
    pub name: String,
    /// In the nearest record; none where there is none.
    pub before: Option<String>,
    /// Now.
    pub now: String,
    /// Whether they are the same.
    pub same: bool,
    /// Whether the values are digests, to be shown short.
    pub digest: bool,
    /// For `files` and `environment`: how many there are.
    pub count: u32,
}

/// Something that changed and does not matter to this step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum NearMiss {
    /// Only the time of a matched file changed.
    Touched {
        /// Its path.
        path: String,
    },
    /// A file changed that the step does not match.
    NotMatched {
        /// Its path.
        path: String,
    },
    /// A file changed that the .dockerignore hides.
    Ignored {
        /// Its path.
        path: String,
    },
    /// An `ENV` changed that this step is not keyed on.
    EnvNotUsed {
        /// Its name.
        name: String,
    },
    /// Content stopped a cascade: what is above was run again and came out the same for this step.
    Held,
}

/// Something that can be done about it, at the press of a button.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Remedy {
    /// Put a file back to what it was in a build.
    RevertFile {
        /// Its path.
        path: String,
        /// The build.
        build: u32,
        /// The hits that the build would then have.
        hits: u32,
        /// Of so many steps.
        steps: u32,
    },
    /// Put the Dockerfile back to what it was in a build.
    RevertDockerfile {
        /// The build.
        build: u32,
        /// The hits that the build would then have.
        hits: u32,
        /// Of so many steps.
        steps: u32,
    },
    /// Give the Dockerfile another order, in which the same edit costs less and the image has the same files.
    ///
    /// Both orders were built before and after the edit; the figures are of the builds after it.
    Reorder {
        /// The whole text.
        text: String,
        /// The files of the context that it copies first; empty where they are there already.
        files: Vec<String>,
        /// The instruction that it keeps a hit.
        run: String,
        /// The seconds of the build as the Dockerfile is.
        before: Figure,
        /// The seconds of the build with the other text.
        after: Figure,
        /// Its hits.
        hits: u32,
        /// Of so many steps.
        steps: u32,
        /// Whether the lab knows what the commands of `run` do; if not, neither their time nor what they make is in the
        /// comparison.
        known: bool,
    },
}

/// Why a step is what it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Why {
    /// The build that the nearest record comes from; none where there is no record.
    pub against: Option<u32>,
    /// The build and the row that made the result, for a hit.
    pub hit_build: Option<u32>,
    /// All causes, the most telling first; empty for a hit.
    pub causes: Vec<Cause>,
    /// How many files the step matches.
    pub matched: u32,
    /// How many of them changed.
    pub changed: u32,
    /// By whose rule it is what it is.
    pub rule: Builder,
    /// The cache key, part by part.
    pub parts: Vec<KeyPart>,
    /// What changed and does not matter here.
    pub near_misses: Vec<NearMiss>,
    /// What can be done, each tried out in a fork; only in the answer to `Query::Why`.
    pub remedies: Vec<Remedy>,
}

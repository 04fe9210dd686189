//! The small things that the state consists of.

use super::*;

/// A tab of the inspector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// Why a step hit or missed.
    #[default]
    Why,
    /// What a layer changes.
    Files,
    /// `docker image history`.
    History,
    /// `docker image ls`.
    Images,
    /// `docker system df`.
    Disk,
    /// The build log; only where it has no place of its own.
    Log,
    /// The files of the context; only where they have no place of their own.
    Context,
}

impl Tab {
    /// All tabs in their order.
    pub const ALL: [Self; 7] =
        [Self::Why, Self::Files, Self::History, Self::Images, Self::Disk, Self::Log, Self::Context];
    /// How many of them a wide screen has.
    pub const WIDE: usize = 5;
}

/// What a narrow screen shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// The editor.
    Edit,
    /// The step rows.
    #[default]
    Steps,
    /// The inspector.
    Why,
    /// The timeline.
    Time,
    /// The files of the context.
    Context,
}

/// Which row is selected.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Selection {
    /// The most telling one: what failed, else the first miss.
    #[default]
    Telling,
    /// The one at a line of the Dockerfile, where the caret is.
    Line(u32),
    /// One that a person chose.
    Row {
        /// Its id.
        id: u32,
        /// Its text, to find it again after the rows have moved.
        text: String,
    },
}

/// The content of a file that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenFile {
    /// Its text; none for bytes that are no text.
    pub text: Option<Rc<str>>,
    /// Its bytes in base64, for what is no text.
    pub base64: Option<Rc<str>>,
    /// Its size in bytes.
    pub size: f64,
    /// Counts the texts that came from elsewhere than the editor, which must then show them.
    pub epoch: u32,
    /// The generation of the request with the text that was typed last: an answer to an earlier one is older.
    pub typed: u32,
}

/// A dialog over the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// The commands.
    Palette,
    /// A link to the project.
    Share,
    /// A snippet for another page.
    Embed,
    /// All keys.
    Keys,
    /// The options of the builds.
    Options,
    /// What can be taken away of a build; none for the preview.
    Export(Option<u32>),
    /// All about the image with this ID.
    Image(String),
    /// What is to be done with the files that a person brought.
    Bring,
    /// Where the figures of a row come from.
    Facts(u32),
    /// Whether to start over.
    Reset,
    /// The projects of this browser.
    Projects,
    /// The permission bits of a file.
    Mode(String),
}

/// What a message offers to take back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakeBack {
    /// The last change of the workspace.
    Edit,
    /// The opening of another project.
    Project,
    /// The closing of a shell by a reload.
    Shell,
}

/// A short message that goes by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    /// Counts up.
    pub id: u32,
    /// What it says.
    pub text: String,
    /// Whether something went wrong.
    pub alarm: bool,
    /// What it offers to take back.
    pub undo: Option<TakeBack>,
}

/// A view of a layer, a history or a reason, with what it was asked for.
pub(crate) type Answer<T> = Option<(Asked, Shared<T>)>;

/// What an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Of which build; none for the preview.
    pub build: Option<u32>,
    /// Of which row; 0 where it is about a whole build.
    pub step: u32,
    /// Of which state of the preview.
    pub stamp: u32,
}

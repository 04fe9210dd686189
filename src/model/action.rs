//! Everything that can change the state.

use super::*;
use lab_session::protocol::Reply;

/// A change of the state.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The session answered.
    Reply(Reply),
    /// Another language.
    Lang(Lang),
    /// Another theme.
    Theme(String),
    /// Rows of another height.
    Dense(bool),
    /// A row was chosen.
    Select(u32),
    /// The row at a line of the Dockerfile was chosen, by the caret for instance.
    SelectLine(u32),
    /// A row of a build that may come later was chosen.
    SelectText {
        /// Its id in that build.
        id: u32,
        /// Its text.
        text: String,
    },
    /// Back to the most telling row.
    SelectTelling,
    /// Another tab of the inspector.
    Tab(Tab),
    /// Another place on a narrow screen.
    Place(Place),
    /// A build of the timeline is to be looked at; none for the preview.
    Inspect(Option<u32>),
    /// A file is to be edited; the Dockerfile for its path.
    OpenFile(String),
    /// A tab was closed.
    CloseFile(String),
    /// A file's text was changed in the editor.
    Typed {
        /// Which file.
        path: String,
        /// Its text.
        text: Rc<str>,
        /// The generation of the request that gives it to the session.
        generation: u32,
    },
    /// The Dockerfile got another text from a button, which its editor must show.
    Rewrite(String),
    /// A directory of the tree was opened or closed.
    Fold(String),
    /// A file has another name now.
    Renamed {
        /// The old one.
        from: String,
        /// The new one.
        to: String,
    },
    /// A dialog, or none.
    Dialog(Option<Dialog>),
    /// Something takes long, or no longer.
    Busy(bool),
    /// A message.
    Toast {
        /// What it says.
        text: String,
        /// Whether something went wrong.
        alarm: bool,
        /// What it offers to take back.
        undo: Option<TakeBack>,
    },
    /// A message goes.
    DropToast(u32),
    /// Which ways there are between projects that took each other's place.
    Ways {
        /// To the one before.
        back: bool,
        /// To the one that was gone back from.
        forth: bool,
    },
    /// Whether another tab writes the project.
    Watching(bool),
    /// The page opens another project: what belongs to the old one goes.
    Opening,
    /// Something is done with the shell.
    Shell(ShellAct),
}

//! What commands print while they run, on its way to whoever listens.

use crate::protocol::{Event, OutputNews, OutputPiece};
use lab_engine::world::Printed;
use std::cell::RefCell;

/// Who hears what happens during a run.
pub(crate) trait Hears {
    /// A step of a build begins.
    fn began(&self, row: Option<u32>, name: &str);

    /// A command printed something.
    fn printed(&self, printed: Printed<'_>);
}

/// Turns what the engine says during a run into events.
pub(crate) struct News<'a> {
    emit: RefCell<&'a mut dyn FnMut(Event)>,
    /// The step that runs; none for the line of a shell.
    step: Option<RefCell<(Option<u32>, String)>>,
}

impl<'a> News<'a> {
    /// News of a build.
    pub(crate) fn of_build(emit: &'a mut dyn FnMut(Event)) -> Self {
        Self { emit: RefCell::new(emit), step: Some(RefCell::default()) }
    }

    /// News of a shell.
    pub(crate) fn of_shell(emit: &'a mut dyn FnMut(Event)) -> Self {
        Self { emit: RefCell::new(emit), step: None }
    }
}

impl Hears for News<'_> {
    fn began(&self, row: Option<u32>, name: &str) {
        if let Some(step) = &self.step {
            *step.borrow_mut() = (row, name.to_owned());
        }
    }

    fn printed(&self, printed: Printed<'_>) {
        let piece = |(error, bytes): &(bool, &[u8])| OutputPiece {
            error: *error,
            text: String::from_utf8_lossy(bytes).into_owned(),
        };
        let news = OutputNews { kept: printed.kept, pieces: printed.pieces.iter().map(piece).collect() };
        let event = match &self.step {
            Some(step) => {
                let (row, name) = step.borrow().clone();
                Event::Running { row, name, news }
            }
            None => Event::ShellOutput { news },
        };
        (*self.emit.borrow_mut())(event);
    }
}

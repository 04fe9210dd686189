//! Keeps the focus in the tree when its row goes or gets another name.
//!
//! The row that shall have the focus is there only once the session has answered, so it is remembered until then.

use dockerfile_lab_app::tree::TreeRow;
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// Where the focus shall be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Refocus {
    /// On this path, once it is there.
    On(String),
    /// In the place of this path, once it is gone.
    After(String, usize),
}

/// The wish for the focus; the last one counts.
pub(super) type Wish = Rc<RefCell<Option<Refocus>>>;

/// Fulfils the wish after the drawing that makes it possible. `found` gets the row.
#[hook]
pub(super) fn use_refocus(rows: &[TreeRow], found: Callback<usize>) -> Wish {
    let wish = use_mut_ref(|| None::<Refocus>);
    {
        let wish = wish.clone();
        let paths: Option<Vec<String>> =
            wish.borrow().is_some().then(|| rows.iter().map(|row| row.entry.path.clone()).collect());
        use_effect(move || {
            let place = paths.as_ref().and_then(|paths| place(wish.borrow().as_ref()?, paths));
            if let Some(place) = place {
                wish.borrow_mut().take();
                found.emit(place);
            }
        });
    }
    wish
}

/// The row of a wish; none as long as it cannot be fulfilled.
fn place(wish: &Refocus, paths: &[String]) -> Option<usize> {
    let at = |path: &String| paths.iter().position(|known| known == path);
    match wish {
        Refocus::On(path) => at(path),
        Refocus::After(path, row) if at(path).is_none() => Some((*row).min(paths.len().checked_sub(1)?)),
        Refocus::After(..) => None,
    }
}

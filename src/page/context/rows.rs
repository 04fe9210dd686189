//! A stretch of the rows of the tree.
//!
//! A keystroke changes one file: only the stretch that it is in is drawn anew, and of that only its row.

use super::name_field::NameField;
use super::row::Row;
use crate::page::hub::use_words;
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::tree::TreeRow;
use lab_session::protocol::FileEntry;
use yew::prelude::*;

/// How many rows are compared as one.
pub(super) const STRETCH: usize = 32;

#[derive(Properties, PartialEq)]
pub(super) struct RowsProps {
    pub(super) rows: Vec<TreeRow>,
    /// The row of the file in the editor.
    pub(super) active: Option<usize>,
    /// The row that Tab leads to.
    pub(super) focusable: Option<usize>,
    /// The row that is given another name, and who is told it.
    pub(super) naming: Option<(usize, Callback<Option<String>>)>,
    /// Asks for the menu of a file, so many pixels below the top of the tree.
    pub(super) on_menu: Callback<(Shared<FileEntry>, i32)>,
}

/// The rows.
#[component]
pub(super) fn Rows(props: &RowsProps) -> Html {
    let words = use_words();
    let draw = |(index, row): (usize, &TreeRow)| {
        let path = &row.entry.path;
        if let Some((_, on_done)) = props.naming.as_ref().filter(|(at, _)| *at == index) {
            return html! { <li role="treeitem" aria-level={(row.depth + 1).to_string()} key={path.clone()}><NameField value={path.clone()} label={words.t("context.rename")} on_done={on_done.clone()} /></li> };
        }
        html! {
            <Row key={path.clone()} row={row.clone()} active={props.active == Some(index)}
                focusable={props.focusable == Some(index)} on_menu={props.on_menu.clone()} />
        }
    };
    props.rows.iter().enumerate().map(draw).collect()
}

//! A modal dialog: the browser keeps the focus inside and gives it back.

use crate::page::hub::{use_hub, use_words};
use crate::page::parts::icon;
use dockerfile_lab_app::model::Action;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(in crate::page) struct ModalProps {
    pub(in crate::page) title: AttrValue,
    #[prop_or_default]
    pub(in crate::page) class: Classes,
    /// Whether the title is only read aloud.
    #[prop_or_default]
    pub(in crate::page) bare: bool,
    #[prop_or_default]
    pub(in crate::page) children: Html,
}

/// The dialog; open as long as it is drawn.
#[component]
pub(in crate::page) fn Modal(props: &ModalProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let dialog = node.cast::<web_sys::HtmlDialogElement>();
            if let Some(dialog) = &dialog {
                let _ = dialog.show_modal();
            }
            // Closed before it goes, so that the browser gives the focus back.
            move || {
                if let Some(dialog) = dialog {
                    dialog.close();
                }
            }
        });
    }
    let close = Callback::from(move |()| hub.act(Action::Dialog(None)));
    let oncancel = {
        let close = close.clone();
        Callback::from(move |event: Event| {
            event.prevent_default();
            close.emit(());
        })
    };
    let onclick = {
        let (close, node) = (close.clone(), node.clone());
        Callback::from(move |event: MouseEvent| {
            // The veil is part of the dialog element itself.
            use wasm_bindgen::JsCast;
            let on_veil = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok())
                == node.cast::<web_sys::Element>();
            if on_veil {
                close.emit(());
            }
        })
    };
    let shut = close.reform(|_: MouseEvent| ());
    html! {
        <dialog class={classes!("modal", props.class.clone())} ref={node} aria-label={props.title.clone()} {oncancel} {onclick}>
            <div class="modal-in">
                if !props.bare {
                    <header><h2>{ props.title.clone() }</h2><button type="button" class="btn icon" aria-label={words.t("dialog.close")} onclick={shut}>{ icon("close") }</button></header>
                }
                { props.children.clone() }
            </div>
        </dialog>
    }
}

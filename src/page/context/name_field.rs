//! A field for the name of a file.

use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct NameFieldProps {
    pub(super) value: AttrValue,
    pub(super) label: AttrValue,
    /// The name that was given; none when the person thought better of it.
    pub(super) on_done: Callback<Option<String>>,
}

/// The field: Enter takes the name, Escape leaves all as it was.
#[component]
pub(super) fn NameField(props: &NameFieldProps) -> Html {
    let input = use_node_ref();
    {
        let input = input.clone();
        use_effect_with((), move |()| {
            if let Some(input) = input.cast::<web_sys::HtmlInputElement>() {
                let _ = input.focus();
                let length = input.value().encode_utf16().count() as u32;
                let _ = input.set_selection_range(length, length);
            }
        });
    }
    let onkeydown = {
        let on_done = props.on_done.clone();
        Callback::from(move |event: KeyboardEvent| {
            let name = event.target_unchecked_into::<web_sys::HtmlInputElement>().value();
            match event.key().as_str() {
                // An input method takes its own Enter.
                "Enter" if !event.is_composing() => on_done.emit(Some(name)),
                "Escape" => on_done.emit(None),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    html! {
        <input class="name-field" type="text" spellcheck="false" autocomplete="off" aria-label={props.label.clone()}
            placeholder={props.label.clone()} value={props.value.clone()} ref={input} {onkeydown} />
    }
}

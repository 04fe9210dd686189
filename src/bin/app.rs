//! The page: mounts the Yew app.

#[path = "../lab/mod.rs"]
mod lab;

use yew::prelude::*;

#[component]
fn App() -> Html {
    html! { <main><h1>{ "Dockerfile Lab" }</h1></main> }
}

fn main() {
    console_error_panic_hook::set_once();
    yew::Renderer::<App>::new().render();
}

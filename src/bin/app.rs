//! The page: mounts the Yew app.

#[path = "../lab/mod.rs"]
mod lab;
#[path = "../page/mod.rs"]
mod page;

fn main() {
    console_error_panic_hook::set_once();
    let lang = page::asked_lang();
    if lang.is_there() {
        return mount();
    }
    wasm_bindgen_futures::spawn_local(async move {
        // What cannot be fetched is said in English.
        let _ = lab::assets::texts(lang).await;
        mount();
    });
}

fn mount() {
    yew::Renderer::<page::App>::new().render();
}

//! The page: mounts the Yew app.

#[path = "../lab/mod.rs"]
mod lab;
#[path = "../page/mod.rs"]
mod page;

fn main() {
    console_error_panic_hook::set_once();
    yew::Renderer::<page::App>::new().render();
}

//! Which project of this browser this tab has, and whether it is the one that writes it: see decision 15.

use js_sys::{Array, Promise, Reflect};
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

// Native checks have no script beside them.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen(module = "/www/src/tabs.js"))]
#[cfg_attr(not(target_arch = "wasm32"), wasm_bindgen)]
extern "C" {
    pub(super) fn owner() -> String;
    #[wasm_bindgen(js_name = begin)]
    async fn begin_js(known: &JsValue, hears: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = fresh)]
    fn fresh_js() -> String;
    #[wasm_bindgen(js_name = newest)]
    async fn newest_js(id: &str);
    #[wasm_bindgen(js_name = takeOver)]
    async fn take_over_js(id: &str) -> JsValue;
    #[wasm_bindgen(js_name = watch)]
    fn watch_js(id: &str);
    #[wasm_bindgen(js_name = isMine)]
    fn is_mine_js(id: &str) -> bool;
    fn choose(id: &str);
    fn forget(id: &str);
    async fn free(ids: &Array) -> JsValue;
    fn left(known: &Array) -> JsValue;
}

/// Does what another tab asks for; gives whether it did.
pub(crate) type Hears = Box<dyn FnMut(String) -> Promise>;

/// The project of those who have only one.
const FIRST: &str = "current";

thread_local! {
    static ID: RefCell<String> = RefCell::new(FIRST.to_owned());
    /// Another tab writes the project.
    static WATCHES: Cell<bool> = const { Cell::new(false) };
    /// Counts how often the one or the other changed.
    static TURN: Cell<u32> = const { Cell::new(0) };
}

fn turn_to(watches: bool) {
    WATCHES.set(watches);
    TURN.set(TURN.get() + 1);
}

/// Another number after each change of who writes what: for who has to wait, and then finds things as they were or not.
pub(crate) fn turn() -> u32 {
    TURN.get()
}

/// The name of the project in the store.
pub(crate) fn id() -> String {
    ID.with_borrow(String::clone)
}

/// Where a page that goes leaves its copy of the project.
pub(super) fn copy_key() -> String {
    ID.with_borrow(|id| match id.as_str() {
        FIRST => "dockerfile-lab.unsaved".to_owned(),
        id => ["dockerfile-lab.unsaved.", id].concat(),
    })
}

/// Whether another tab writes the project.
pub(crate) fn watches() -> bool {
    WATCHES.get()
}

/// Whether this tab writes it, as far as can be known at once.
pub(super) fn is_mine() -> bool {
    !watches() && ID.with_borrow(|id| is_mine_js(id))
}

/// Finds the project to begin with among those that are `known`.
pub(super) async fn begin(known: &JsValue, hears: Hears) {
    let hears = Closure::wrap(hears).into_js_value();
    let found = begin_js(known, &hears).await;
    let id = member(&found, "id").as_string();
    ID.set(id.unwrap_or_else(|| FIRST.to_owned()));
    turn_to(!member(&found, "held").is_truthy());
}

/// A member of an object of a script.
pub(super) fn member(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

/// Begins a project of this tab's own.
pub(super) fn fresh() {
    ID.set(fresh_js());
    turn_to(false);
}

/// Lets the tab that writes the project store what it has.
pub(super) async fn newest() {
    newest_js(&id()).await;
}

/// Gets the right to write the project from the tab that has it; that counts once it is read again ([`write`]). Gives whether
/// that tab let it go.
pub(crate) async fn take_over() -> bool {
    take_over_js(&id()).await.is_truthy()
}

/// From now on this tab writes the project.
pub(crate) fn write() {
    turn_to(false);
}

/// From now on another tab writes it. This one hears when nobody does.
pub(crate) fn watch() {
    turn_to(true);
    watch_js(&id());
}

/// Lets this tab begin with another project when it is loaded the next time.
pub(crate) fn begin_next_with(id: &str) {
    choose(id);
}

/// Forgets what is kept of a project beside the store.
pub(super) fn forget_beside(id: &str) {
    forget(id);
}

/// What is known of the projects that are none of these `known` ones, and of which a page that went left a copy alone.
pub(super) fn left_alone(known: &[String]) -> Array {
    let known: Array = known.iter().map(|id| JsValue::from_str(id)).collect();
    Array::from(&left(&known))
}

/// Which of these projects no other tab has open.
pub(super) async fn not_open(ids: &[String]) -> Vec<String> {
    let ids: Array = ids.iter().map(|id| JsValue::from_str(id)).collect();
    let free = free(&ids).await;
    Array::from(&free).iter().filter_map(|id| id.as_string()).collect()
}

/// A promise of what a future answers, for the script.
pub(crate) fn promised(answer: impl Future<Output = bool> + 'static) -> Promise {
    wasm_bindgen_futures::future_to_promise(async move { Ok(JsValue::from_bool(answer.await)) })
}

/// Waits.
pub(crate) async fn pause(milliseconds: u32) {
    let promise = Promise::new(&mut |resolve, _| {
        gloo::timers::callback::Timeout::new(milliseconds, move || drop(resolve.call0(&JsValue::NULL)))
            .forget();
    });
    let _ = JsFuture::from(promise).await;
}

//! CodeMirror as a component: the module `editor.js` behind typed calls.

use super::hub::{Hub, Words, use_hub, use_words};
use dockerfile_lab_app::mend;
use dockerfile_lab_app::model::Dialog;
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::wording;
use js_sys::{Array, Float64Array};
use lab_session::protocol::{BuildView, DiagnosticView, FixView, State, TextEditView};
use serde::Serialize;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

// Native checks work without the bundle, which only a build of the page makes.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen(module = "/www/generated/editor.js"))]
#[cfg_attr(not(target_arch = "wasm32"), wasm_bindgen)]
extern "C" {
    /// The editor as JavaScript gives it.
    pub(super) type EditorHandle;
    #[wasm_bindgen(js_name = createEditor)]
    fn create_editor(parent: &web_sys::Element, options: &JsValue) -> EditorHandle;
    #[wasm_bindgen(method, js_name = setText)]
    fn set_text(this: &EditorHandle, text: &str);
    #[wasm_bindgen(method, js_name = setReadonly)]
    fn set_readonly(this: &EditorHandle, readonly: bool);
    #[wasm_bindgen(method, js_name = setLabels)]
    fn set_labels(this: &EditorHandle, label: &str, phrases: &JsValue);
    #[wasm_bindgen(method, js_name = setImages)]
    fn set_images(this: &EditorHandle, images: &JsValue);
    #[wasm_bindgen(method, js_name = setPaths)]
    fn set_paths(this: &EditorHandle, paths: &JsValue);
    #[wasm_bindgen(method, js_name = applyFix)]
    pub(super) fn apply_fix(this: &EditorHandle) -> bool;
    #[wasm_bindgen(method)]
    fn show(this: &EditorHandle, marks: &JsValue, diagnostics: &JsValue, from: u32, to: u32);
    #[wasm_bindgen(method, js_name = selectLine)]
    pub(super) fn select_line(this: &EditorHandle, line: u32);
    #[wasm_bindgen(method, js_name = moveInstruction)]
    pub(super) fn move_instruction(this: &EditorHandle, direction: i32) -> bool;
    #[wasm_bindgen(method)]
    pub(super) fn focus(this: &EditorHandle);
    #[wasm_bindgen(method, js_name = hasFocus)]
    pub(super) fn has_focus(this: &EditorHandle) -> bool;
    #[wasm_bindgen(method)]
    fn destroy(this: &EditorHandle);
}

impl Clone for EditorHandle {
    fn clone(&self) -> Self {
        AsRef::<JsValue>::as_ref(self).clone().unchecked_into()
    }
}

/// Where a line is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct LineBox {
    /// Pixels from the top of the editor.
    pub(super) top: f64,
    /// Pixels.
    pub(super) height: f64,
}

#[derive(PartialEq, Serialize)]
struct MarkOption {
    line: u32,
    state: &'static str,
    label: String,
}

#[derive(Serialize)]
struct DiagnosticOption<'a> {
    from: u32,
    to: u32,
    severity: &'a str,
    message: String,
    code: &'a str,
    fixes: Vec<FixOption<'a>>,
}

#[derive(Serialize)]
struct FixOption<'a> {
    label: &'a str,
    edits: Vec<EditOption>,
}

#[derive(Serialize)]
struct EditOption {
    from: u32,
    to: u32,
    insert: String,
}

#[derive(Properties, PartialEq)]
pub(super) struct EditorProps {
    /// The path, which says the language too.
    pub(super) path: AttrValue,
    /// Whether it is the Dockerfile.
    #[prop_or_default]
    pub(super) is_dockerfile: bool,
    /// The text at the start, and whenever `epoch` changes.
    pub(super) text: Rc<str>,
    /// Counts the texts that came from elsewhere.
    pub(super) epoch: u32,
    /// Whether it is the one in use.
    pub(super) active: bool,
    /// Whether it cannot be edited.
    #[prop_or_default]
    pub(super) readonly: bool,
    /// The build whose marks and diagnostics are shown.
    #[prop_or_default]
    pub(super) build: Option<Shared<BuildView>>,
    /// The first and last line of the selected instruction, from 1; zeros for none.
    #[prop_or_default]
    pub(super) active_lines: (u32, u32),
    /// Names of images and paths, for completion.
    #[prop_or_default]
    pub(super) images: Option<Shared<Vec<String>>>,
    #[prop_or_default]
    pub(super) paths: Option<Shared<Vec<String>>>,
    pub(super) on_change: Callback<String>,
    #[prop_or_default]
    pub(super) on_cursor: Option<Callback<u32>>,
    #[prop_or_default]
    pub(super) on_geometry: Option<Callback<Vec<LineBox>>>,
}

/// What must live as long as the editor.
struct Mounted {
    handle: EditorHandle,
    _closures: Vec<JsValue>,
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.handle.destroy();
    }
}

/// An editor of one file.
#[component]
pub(super) fn Editor(props: &EditorProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let host = use_node_ref();
    let mounted = use_mut_ref(|| None::<Mounted>);
    // The callbacks of the last drawing, for closures that are made once.
    let callbacks =
        use_mut_ref(|| (props.on_change.clone(), props.on_cursor.clone(), props.on_geometry.clone()));
    *callbacks.borrow_mut() = (props.on_change.clone(), props.on_cursor.clone(), props.on_geometry.clone());

    {
        let (host, mounted, hub) = (host.clone(), mounted.clone(), hub.clone());
        let (path, text, readonly) = (props.path.clone(), props.text.clone(), props.readonly);
        let is_dockerfile = props.is_dockerfile;
        use_effect_with((), move |()| {
            if let Some(parent) = host.cast::<web_sys::Element>() {
                let options = js_sys::Object::new();
                let set = |name: &str, value: &JsValue| {
                    let _ = js_sys::Reflect::set(&options, &name.into(), value);
                };
                let mut closures = Vec::new();
                set("doc", &JsValue::from_str(&text));
                set("language", &language(&path, is_dockerfile).into());
                set("readonly", &readonly.into());
                set("label", &JsValue::from_str(&words.with("editor.label", &[("path", &path)])));
                set("phrases", &phrases(words));
                let on_change = callbacks.clone();
                let change = Closure::<dyn Fn(String)>::new(move |text: String| {
                    let callback = on_change.borrow().0.clone();
                    callback.emit(text);
                })
                .into_js_value();
                set("onChange", &change);
                let on_cursor = callbacks.clone();
                let cursor = Closure::<dyn Fn(u32)>::new(move |line: u32| {
                    let callback = on_cursor.borrow().1.clone();
                    if let Some(callback) = callback {
                        callback.emit(line);
                    }
                })
                .into_js_value();
                set("onCursor", &cursor);
                if callbacks.borrow().2.is_some() {
                    let on_geometry = callbacks.clone();
                    let geometry = Closure::<dyn Fn(Float64Array)>::new(move |places: Float64Array| {
                        let callback = on_geometry.borrow().2.clone();
                        if let Some(callback) = callback {
                            let line = |place: &[f64]| LineBox { top: place[0], height: place[1] };
                            callback.emit(places.to_vec().chunks_exact(2).map(line).collect());
                        }
                    })
                    .into_js_value();
                    set("onGeometry", &geometry);
                    closures.push(geometry);
                }
                let keys = js_sys::Array::new();
                let palette = hub.clone();
                for (key, run) in [
                    (
                        "Mod-k",
                        Closure::<dyn Fn()>::new(move || palette.open(Dialog::Palette)).into_js_value(),
                    ),
                    ("Mod-Enter", Closure::<dyn Fn()>::new(move || hub.build(false)).into_js_value()),
                ] {
                    let entry = js_sys::Object::new();
                    let _ = js_sys::Reflect::set(&entry, &"key".into(), &key.into());
                    let _ = js_sys::Reflect::set(&entry, &"run".into(), &run);
                    keys.push(&entry);
                }
                set("keys", &keys);
                closures.extend([change, cursor]);
                let handle = create_editor(&parent, &options);
                *mounted.borrow_mut() = Some(Mounted { handle, _closures: closures });
            }
            move || {
                mounted.borrow_mut().take();
            }
        });
    }
    use_properties(props, &mounted);
    {
        let mounted = mounted.clone();
        let path = props.path.clone();
        use_effect_with((words, path), move |(words, path)| {
            if let Some(mounted) = &*mounted.borrow() {
                mounted.handle.set_labels(&words.with("editor.label", &[("path", path)]), &phrases(*words));
            }
        });
    }
    {
        let (mounted, hub) = (mounted.clone(), hub.clone());
        let shown = use_mut_ref(|| None::<Shown>);
        // Anew with each build: an edit may have taken the marked lines away.
        use_effect_with((props.build.clone(), words, props.active_lines), move |(build, words, lines)| {
            let mut shown = shown.borrow_mut();
            if let (Some(mounted), Some(build)) = (&*mounted.borrow(), build)
                && (!build.empty || shown.is_some())
            {
                show(&mounted.handle, &hub, *words, build, *lines, &mut shown);
            }
        });
    }
    {
        let (mounted, hub) = (mounted.clone(), hub.clone());
        use_effect_with(props.active, move |active| {
            if *active {
                hub.set_editor(mounted.borrow().as_ref().map(|mounted| mounted.handle.clone()));
            }
        });
    }
    html! { <div class="ed" ref={host} hidden={!props.active}></div> }
}

/// The marks that were shown last, as they are here and in the editor: most builds have the same.
struct Shown {
    marks: Vec<MarkOption>,
    in_editor: JsValue,
}

/// Shows in the editor what a build says.
#[inline(never)]
fn show(
    editor: &EditorHandle,
    hub: &Hub,
    words: Words,
    build: &BuildView,
    (from, to): (u32, u32),
    shown: &mut Option<Shown>,
) {
    let marks = marks(build, words);
    if shown.as_ref().is_none_or(|shown| shown.marks != marks) {
        *shown = Some(Shown { in_editor: to_js(&marks), marks });
    }
    let Some(Shown { in_editor, .. }) = shown else { return };
    if build.diagnostics.is_empty() {
        return editor.show(in_editor, &Array::new(), from, to);
    }
    let text = hub.model().0.workspace.dockerfile_text.clone().unwrap_or_default();
    let mending = mend::fixes(words.0, &text, build);
    editor.show(in_editor, &to_js(&diagnostics(build, &mending)), from, to);
}

/// Keeps the editor in step with the properties.
#[hook]
fn use_properties(props: &EditorProps, mounted: &Rc<std::cell::RefCell<Option<Mounted>>>) {
    {
        let (mounted, text) = (mounted.clone(), props.text.clone());
        use_effect_with(props.epoch, move |_| {
            if let Some(mounted) = &*mounted.borrow() {
                mounted.handle.set_text(&text);
            }
        });
    }
    {
        let mounted = mounted.clone();
        use_effect_with(props.readonly, move |readonly| {
            if let Some(mounted) = &*mounted.borrow() {
                mounted.handle.set_readonly(*readonly);
            }
        });
    }
    {
        let mounted = mounted.clone();
        use_effect_with(props.images.clone(), move |images| {
            if let (Some(mounted), Some(images)) = (&*mounted.borrow(), images) {
                mounted.handle.set_images(&names(images));
            }
        });
    }
    {
        let mounted = mounted.clone();
        use_effect_with(props.paths.clone(), move |paths| {
            if let (Some(mounted), Some(paths)) = (&*mounted.borrow(), paths) {
                mounted.handle.set_paths(&names(paths));
            }
        });
    }
}

fn names(names: &[String]) -> JsValue {
    names.iter().map(|name| JsValue::from_str(name)).collect::<Array>().into()
}

fn to_js(value: &impl Serialize) -> JsValue {
    // Plain lists of plain values: nothing in them can fail to be converted.
    serde_wasm_bindgen::to_value(value).unwrap_or(JsValue::NULL)
}

fn marks(build: &BuildView, words: Words) -> Vec<MarkOption> {
    build
        .steps
        .iter()
        .filter_map(|step| {
            let state = match step.state {
                State::Hit => "hit",
                State::Miss => "miss",
                State::Follows => "follows",
                State::Meta => "meta",
                State::Failed => "failed",
                State::NotRun | State::Skipped => return None,
            };
            Some(MarkOption {
                line: step.line + 1,
                state,
                label: wording::state(words.0, step.state).to_owned(),
            })
        })
        .collect()
}

/// The findings; what stopped the build also has what would mend it.
fn diagnostics<'a>(build: &'a BuildView, mending: &'a [FixView]) -> Vec<DiagnosticOption<'a>> {
    let failure = build.error.as_ref().map(|error| error.code.as_str());
    let option = |found: &'a DiagnosticView| DiagnosticOption {
        from: found.from,
        to: found.to,
        severity: &found.severity,
        message: match &found.help {
            Some(help) => format!("{}\n{help}", found.message),
            None => found.message.clone(),
        },
        code: &found.code,
        fixes: {
            let mending = if failure == Some(&*found.code) { mending } else { &[] };
            found.fix.iter().chain(mending).map(fix_option).collect()
        },
    };
    build.diagnostics.iter().map(option).collect()
}

fn fix_option(fix: &FixView) -> FixOption<'_> {
    let edit = |edit: &TextEditView| EditOption { from: edit.from, to: edit.to, insert: edit.text.clone() };
    FixOption { label: &fix.title, edits: fix.edits.iter().map(edit).collect() }
}

/// CodeMirror's own words that a person can meet.
fn phrases(words: Words) -> JsValue {
    let phrases = js_sys::Object::new();
    for (english, key) in [("Completions", "editor.completions"), ("Control character", "editor.control")] {
        let _ = js_sys::Reflect::set(&phrases, &english.into(), &words.t(key).into());
    }
    phrases.into()
}

fn language(path: &str, is_dockerfile: bool) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let lower = name.to_ascii_lowercase();
    if is_dockerfile
        || lower == "dockerfile"
        || lower.starts_with("dockerfile.")
        || lower.ends_with(".dockerfile")
    {
        return "dockerfile";
    }
    match lower.rsplit('.').next().unwrap_or_default() {
        "js" | "mjs" | "cjs" | "ts" | "jsx" | "tsx" => "javascript",
        "json" => "json",
        "py" => "python",
        "go" => "go",
        "sh" | "bash" => "shell",
        "conf" | "ini" | "toml" | "yaml" | "yml" | "env" | "dockerignore" | "gitignore" => "config",
        _ => "plain",
    }
}

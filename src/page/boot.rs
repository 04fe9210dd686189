//! How the page begins: settings of this browser, and the project from the address, the store or an example.

use super::dom;
use super::hub::Hub;
use crate::lab::store::{Found, Journal, Left, Unreadable};
use crate::lab::{assets, parts, share, store};
use dockerfile_lab_app::errors;
use dockerfile_lab_app::locale::{Lang, t};
use dockerfile_lab_app::model::Model;
use dockerfile_lab_app::params::{self, Params};
use dockerfile_lab_app::rich::plain;
use lab_session::protocol::{ErrorView, FileInput, Project, ProjectBuild};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use yew::Callback;

/// What runs in a deferred part: awaited by itself it would be one with the code that awaits it.
type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// The language of the page: what the address asks for, else what this browser remembers, else what the system says.
pub(crate) fn asked_lang() -> Lang {
    lang(&asked_params())
}

/// What the address asks for.
pub(super) fn asked_params() -> Params {
    let place = dom::window().location();
    params::parse(&place.search().unwrap_or_default(), &place.hash().unwrap_or_default())
}

fn lang(params: &Params) -> Lang {
    let system = dom::window().navigator().language().and_then(|tag| Lang::from_tag(&tag));
    let remembered = || remembered(params, "lang").and_then(|tag| Lang::from_tag(&tag));
    params.lang.or_else(remembered).or(system).unwrap_or_default()
}

/// What this browser remembers; an embed is as the page around it wants it.
fn remembered(params: &Params, name: &str) -> Option<String> {
    if params.embed { None } else { dom::setting(name) }
}

/// The model at the start: what the address asks for, else what this browser remembers, else what the system says.
pub(super) fn settings(params: &Params) -> Model {
    let theme = params
        .theme
        .clone()
        .or_else(|| remembered(params, "theme").filter(|theme| theme == "light" || theme == "dark"));
    Model {
        lang: Some(lang(params)).filter(|lang| lang.is_there()).unwrap_or_default(),
        theme: theme.unwrap_or_default(),
        dense: remembered(params, "density").as_deref() == Some("dense"),
        ..Model::default()
    }
}

/// Opens the project to begin with.
pub(super) fn open(hub: &Hub, params: &Params) {
    let (hub, params) = (hub.clone(), params.clone());
    let fragment = dom::window().location().hash().unwrap_or_default();
    wasm_bindgen_futures::spawn_local(async move {
        // An embed neither shows nor replaces the work of the person.
        let left = if params.embed {
            None
        } else {
            let left = store::left(asks(&params, &fragment), super::tabs::hears(&hub)).await;
            if crate::lab::tabs::watches() {
                super::tabs::show(&hub);
            }
            Some(left).filter(|left| !left.is_nothing())
        };
        if left.is_some() || asks(&params, &fragment) {
            // What shows a project is not there before there is one.
            parts::fetched().await;
            open_known(hub, params, fragment, left).await;
        } else {
            hub.open_project(Hub::empty_project(), Callback::noop());
            hub.lab().nothing_new();
        }
    });
}

/// Opens what the address asks for, else what an earlier visit left.
#[inline(never)]
fn open_known(hub: Hub, params: Params, fragment: String, left: Option<Left>) -> Later<()> {
    Box::pin(async move {
        let former = match left {
            Some(left) => former(&hub, store::read(left).await),
            None => None,
        };
        match asked_for(&hub, &params, &fragment).await {
            Some(project) => open_over_stored(&hub, former, project, !params.embed),
            None => {
                go_on(&hub, former);
                super::shell::offer(&hub);
            }
        }
    })
}

/// Whether the address asks for a project.
fn asks(params: &Params, fragment: &str) -> bool {
    params.example.is_some() || params.dockerfile.is_some() || share::is_project(fragment)
}

/// Opens what a link asks for that was put into the address of the open page.
pub(super) fn follow(hub: &Hub) {
    let fragment = dom::window().location().hash().unwrap_or_default();
    if asks(&params::parse("", &fragment), &fragment) {
        wasm_bindgen_futures::spawn_local(open_asked(hub.clone(), fragment));
    }
}

#[inline(never)]
fn open_asked(hub: Hub, fragment: String) -> Later<()> {
    Box::pin(async move {
        if let Some(project) = asked_for(&hub, &params::parse("", &fragment), &fragment).await {
            forget_asked();
            hub.replace_project(project, t(hub.model().0.lang, "toast.former").to_owned());
        }
    })
}

/// The project that the address asks for.
async fn asked_for(hub: &Hub, params: &Params, fragment: &str) -> Option<Project> {
    if share::is_project(fragment)
        && let Some(project) = of_link(hub, fragment).await
    {
        return Some(project);
    }
    match (&params.example, &params.dockerfile) {
        (Some(id), dockerfile) => of_example(hub, id, dockerfile.as_deref()).await,
        (None, Some(text)) => Some(of_dockerfile(text)),
        (None, None) => None,
    }
}

async fn of_link(hub: &Hub, fragment: &str) -> Option<Project> {
    let lang = hub.model().0.lang;
    match share::decode(fragment).await {
        Ok(project) => return Some(project),
        Err(share::ShareError::TooNew) => hub.warn(t(lang, "error.linkTooNew")),
        Err(share::ShareError::Damaged { message }) => {
            web_sys::console::warn_1(&message.into());
            hub.warn(t(lang, "error.linkDamaged"));
        }
    }
    // What cannot be opened must not complain again.
    forget_asked();
    None
}

/// Takes what the address asked for out of it. It is in the store from now on: a reload must not throw away what is
/// done next.
fn forget_asked() {
    if let Ok(history) = dom::window().history() {
        let location = dom::window().location();
        let query = params::without_project(&location.search().unwrap_or_default());
        let url = format!("{}{query}", location.pathname().unwrap_or_default());
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&url));
    }
}

/// What an earlier visit left, and its text as it was stored.
#[derive(Clone)]
struct Former {
    journal: Journal,
    text: String,
}

/// Opens what the address asks for; what this browser had stored can be brought back. Until it is open the address goes
/// on asking for it, if it is to be `forgotten` at all.
fn open_over_stored(hub: &Hub, former: Option<Former>, project: Project, forgotten: bool) {
    let worth = former.as_ref().is_some_and(|former| is_work(&former.journal, &project));
    let opener = hub.clone();
    let then = Callback::from(move |fault: Option<ErrorView>| {
        if forgotten {
            forget_asked();
        }
        match (fault, &former) {
            (None, Some(former)) if worth => {
                opener
                    .offer_back(former.journal.clone(), t(opener.model().0.lang, "toast.former").to_owned());
            }
            (None, _) => {}
            (Some(_), former) => go_on(&opener, former.clone()),
        }
    });
    hub.open_project(project, then);
}

/// Goes on with what an earlier visit left; what cannot be opened is given to the person.
fn go_on(hub: &Hub, former: Option<Former>) {
    let Some(Former { journal, text }) = former else {
        hub.open_project(Hub::empty_project(), Callback::noop());
        if store::is_unread() {
            // There may be work that is worth more.
            hub.lab().nothing_new();
        }
        return;
    };
    let (opener, journal_then) = (hub.clone(), journal.clone());
    let then = Callback::from(move |fault: Option<ErrorView>| {
        if let Some(fault) = fault {
            let bytes = whole(&journal_then, &text).into_bytes();
            give_back(&opener, vec![Unreadable { bytes, why: fault.detail }]);
            opener.open_project(Hub::empty_project(), Callback::noop());
        }
    });
    hub.resume(journal, then);
}

/// The text of a project as it was stored, with its files and the layers of its images in it.
fn whole(journal: &Journal, text: &str) -> String {
    if journal.layers.is_empty() && journal.files_seal.is_empty() {
        return text.to_owned();
    }
    serde_json::to_string(&journal.in_one()).unwrap_or_else(|_| text.to_owned())
}

/// Shows the project as another tab has stored it, if that is newer than what is shown. Gives whether it could be read.
pub(super) async fn catch_up(hub: &Hub, found: Found) -> bool {
    if found.fault.is_some() {
        former(hub, found);
        return false;
    }
    let newer = |(journal, _): &(Journal, String)| journal.written > hub.lab().written();
    if found.journal.as_ref().is_some_and(newer) {
        let former = former(hub, found);
        go_on(hub, former);
    }
    true
}

/// Opens another project of this browser in this tab, once the one at hand is stored.
#[inline(never)]
pub(super) async fn change_to(hub: Hub, id: String) {
    if hub.lab().store_all().await {
        crate::lab::tabs::begin_next_with(&id);
        forget_asked();
        let _ = dom::window().location().reload();
    }
}

/// Gives what was stored and cannot be opened to the person, and puts it aside.
fn give_back(hub: &Hub, unreadable: Vec<Unreadable>) {
    for Unreadable { bytes, why } in &unreadable {
        let lang = hub.model().0.lang;
        hub.warn(plain(lang, "error.storeUnreadable", &[("detail", &errors::of_store(lang, why))]));
        let _ = dom::download("dockerfile-lab-project.json", bytes);
    }
    wasm_bindgen_futures::spawn_local(async move {
        // The person has it; a second place is for those who miss the first.
        let mut all = true;
        for Unreadable { bytes, .. } in &unreadable {
            all &= store::keep_aside(bytes).await.is_ok();
        }
        if all {
            store::all_aside();
        }
    });
}

/// Whether something would be lost with a stored project: it has files, and is not merely the same beginning.
fn is_work(former: &Journal, project: &Project) -> bool {
    let old = &former.project;
    let texts = |project: &Project| -> BTreeMap<String, Option<String>> {
        let files = project.files.iter().filter(|file| !file.directory);
        files.map(|file| (file.path.clone(), file.text.clone())).collect()
    };
    former.is_changed() || (!old.files.is_empty() && texts(old) != texts(project))
}

/// The work of the last visit; what is wrong with what was stored is said.
fn former(hub: &Hub, found: Found) -> Option<Former> {
    if !found.unreadable.is_empty() {
        give_back(hub, found.unreadable);
    }
    if let Some(message) = &found.fault {
        let lang = hub.model().0.lang;
        hub.warn(plain(lang, "error.store", &[("detail", &errors::of_store(lang, message))]));
    }
    found.journal.map(|(journal, text)| Former { journal, text })
}

/// Opens an example in the place of the project at hand.
pub(super) async fn open_example(hub: &Hub, id: &str) {
    let notice = hub.say_if_slow(t(hub.model().0.lang, "toast.opening"));
    parts::fetched().await;
    let project = of_example(hub, id, None).await;
    drop(notice);
    if let Some(project) = project {
        hub.replace_project(project, t(hub.model().0.lang, "toast.opened").to_owned());
    }
}

/// An example, with another Dockerfile if one is given.
pub(super) async fn of_example(hub: &Hub, id: &str, dockerfile: Option<&str>) -> Option<Project> {
    let lang = hub.model().0.lang;
    match load_example(id).await {
        Ok(mut project) => {
            if let Some(text) = dockerfile {
                project.files.retain(|file| file.path != "Dockerfile");
                project.files.push(FileInput {
                    path: "Dockerfile".to_owned(),
                    text: Some(text.to_owned()),
                    ..FileInput::default()
                });
            }
            Some(project)
        }
        Err(message) => {
            hub.warn(plain(lang, "error.example", &[("id", id), ("detail", &message)]));
            None
        }
    }
}

/// An example as a project.
pub(super) async fn load_example(id: &str) -> Result<Project, String> {
    let example = assets::example(id).await?;
    Ok(built(Project { name: example.id, files: example.files, ..Hub::empty_project() }))
}

/// A project that was built once, so that the first edit has something to be compared with.
fn built(project: Project) -> Project {
    let first = ProjectBuild { at: project.at, ..ProjectBuild::default() };
    Project { builds: vec![first], head: Some(1), ..project }
}

/// A project of a Dockerfile alone.
pub(super) fn of_dockerfile(text: &str) -> Project {
    let file =
        FileInput { path: "Dockerfile".to_owned(), text: Some(text.to_owned()), ..FileInput::default() };
    built(Project { files: vec![file], ..Hub::empty_project() })
}

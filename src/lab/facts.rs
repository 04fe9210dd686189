//! What stands in the catalogue about a figure: read from the same files that the worker reads.

use super::assets::{fetch, member, text, words};
use dockerfile_lab_app::facts::Fact;
use wasm_bindgen::{JsCast, JsValue};

/// A fact as a person can check it. The texts are those of the catalogue.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Found {
    /// `measured`, `fitted`, `published`, `exact`, `derived` or `estimated`.
    pub(crate) quality: String,
    /// The day of the record.
    pub(crate) date: String,
    /// For an image: how much of its size is published, in percent.
    pub(crate) published: Option<f64>,
    /// Seconds at least, for each megabyte, and for each of what is counted.
    pub(crate) seconds: Option<[f64; 3]>,
    /// What that is multiplied with.
    pub(crate) scale: f64,
    /// Where it comes from.
    pub(crate) origins: Vec<String>,
    /// Times that the figures were fitted to.
    pub(crate) evidence: Vec<(String, f64)>,
}

/// Reads a fact.
pub(crate) async fn find(fact: &Fact) -> Result<Found, String> {
    let file = fetch(&format!("catalog/{}.json", fact.part)).await?;
    let part = js_sys::JSON::parse(&file).map_err(|error| words(&error))?;
    let mut found = Found { date: text(&part, "made"), quality: text(&part, "quality"), ..Found::default() };
    match fact.part {
        "images" => image(&part, &fact.entry, &mut found),
        "durations" => duration(&part, &fact.entry, &mut found),
        _ => packages(&part, &mut found),
    }
    found.origins.retain(|origin| !origin.is_empty());
    Ok(found)
}

fn image(part: &JsValue, name: &str, found: &mut Found) {
    let tagged = if name.contains(':') { name.to_owned() } else { format!("{name}:latest") };
    let is_called = |image: &JsValue| {
        text(image, "name") == tagged
            || list(image, "tags").any(|tag| tag.as_string().as_ref() == Some(&tagged))
    };
    let Some(image) = list(part, "images").find(is_called) else { return };
    found.quality = text(&image, "quality");
    found.published = member(&image, "publishedPercent").as_f64();
    found.date = text(&image, "date");
    let sources = member(part, "sources");
    found.origins =
        list(&image, "sources").filter_map(|key| Some(text(&sources, &key.as_string()?))).collect();
}

/// The facts about the packages of a manager are as good as its worst ones, and come from all its sources.
fn packages(part: &JsValue, found: &mut Found) {
    if found.quality.is_empty() {
        "estimated".clone_into(&mut found.quality);
    }
    found.origins.extend(["source", "note"].map(|name| text(part, name)));
    let base = member(part, "base");
    if base.is_object() {
        found
            .origins
            .extend(js_sys::Object::values(base.unchecked_ref()).iter().map(|base| text(&base, "source")));
    }
}

fn duration(part: &JsValue, entry: &str, found: &mut Found) {
    let tool = &member(&member(part, "tools"), entry);
    found.quality = text(tool, "quality");
    let number = |name| member(tool, name).as_f64().unwrap_or_default();
    found.seconds = Some([number("base"), number("perMegabyte"), number("perCount")]);
    found.scale = member(tool, "scale").as_f64().unwrap_or(1.0);
    found.origins = vec![text(tool, "note")];
    let times = list(tool, "evidence").map(|time| js_sys::Array::from(&time));
    found.evidence =
        times.filter_map(|time| Some((time.get(0).as_string()?, time.get(1).as_f64()?))).collect();
    // Each of the times says of what kind it is; where that comes from stands once.
    let sources = member(part, "sources");
    for kind in ["published", "measured"] {
        if found.evidence.iter().any(|(what, _)| what.contains(kind)) {
            found.origins.push(text(&sources, kind));
        }
    }
}

fn list(object: &JsValue, name: &str) -> impl Iterator<Item = JsValue> + use<> {
    let value = member(object, name);
    let array = if value.is_object() { js_sys::Array::from(&value) } else { js_sys::Array::new() };
    array.to_vec().into_iter()
}

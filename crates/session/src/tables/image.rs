//! All about one image.

use super::exports::opaque_of;
use super::history;
use super::images::Found;
use crate::build::layer_figure;
use crate::protocol::{Figure, ImageLayer, ImageView};
use crate::text::reference::familiar;

/// The image, seen from a time in seconds since 1970.
pub(crate) fn image(found: &Found, now: i64) -> ImageView {
    let Found { image, layers, .. } = found;
    let config = found.config.clone().unwrap_or_else(|| image.config.to_json());
    let rows = history::rows(&image.config.history, layers, &image.config_digest.short(12), 0, now);
    let mut made_by = image.config.history.iter().filter(|entry| !entry.empty_layer);
    let drawn = layers.iter().map(|layer| {
        let (opaque_files, opaque_size) = opaque_of(layer.layer());
        ImageLayer {
            diff_id: layer.layer().diff_id.to_string(),
            created_by: made_by.next().map_or(String::new(), |entry| entry.created_by.clone()),
            size: layer_figure(layer),
            opaque_files,
            opaque_size: opaque_size as f64,
        }
    });
    let name = |full: &String| {
        let (repository, tag) = familiar(full);
        format!("{repository}:{tag}")
    };
    ImageView {
        id: image.config_digest.to_string(),
        names: found.names.iter().map(name).collect(),
        manifest_digest: image.manifest_digest.to_string(),
        platform: platform(&image.config),
        build: found.build,
        loaded: found.loaded,
        config: indented(&config),
        history_text: history::text(&rows),
        history: rows,
        layers: drawn.collect(),
        size: layers.iter().fold(Figure::default(), |sum, layer| sum + layer_figure(layer)),
    }
}

fn platform(config: &lab_engine::oci::ImageConfig) -> String {
    let variant = if config.variant.is_empty() { String::new() } else { format!("/{}", config.variant) };
    format!("{}/{}{variant}", config.os, config.architecture)
}

/// JSON with a line for each value. What is no JSON stays as it is.
fn indented(json: &str) -> String {
    let mut text = String::new();
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    let mut chars = json.chars().peekable();
    let line = |text: &mut String, depth: usize| {
        text.push('\n');
        text.push_str(&"  ".repeat(depth));
    };
    while let Some(c) = chars.next() {
        if in_text {
            text.push(c);
            in_text = escaped || c != '"';
            escaped = c == '\\' && !escaped;
            continue;
        }
        match c {
            '{' | '[' => {
                text.push(c);
                while chars.next_if(|next| next.is_whitespace()).is_some() {}
                if let Some(end) = chars.next_if(|next| matches!(next, '}' | ']')) {
                    text.push(end);
                } else {
                    depth += 1;
                    line(&mut text, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut text, depth);
                text.push(c);
            }
            ',' => {
                text.push(c);
                line(&mut text, depth);
            }
            ':' => text.push_str(": "),
            c if c.is_whitespace() => {}
            c => {
                in_text = c == '"';
                text.push(c);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_indented_and_says_the_same() {
        for json in [r#"{"a":[1,2,{"b":"x, {y}: \"z\" \\"}],"c":{},"d":[ ],"e":null}"#, "{}", "[]", "7"] {
            let text = indented(json);
            let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
            assert_eq!(value(&text), value(json));
            assert_eq!(indented(&text), text);
        }
        assert_eq!(indented(r#"{"a":[1],"b":{}}"#), "{\n  \"a\": [\n    1\n  ],\n  \"b\": {}\n}");
    }
}

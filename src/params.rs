//! The address of the page: what an embedding page asks for, and the snippet that embeds.

use crate::locale::Lang;

/// What the query of the address says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params {
    /// Whether the smaller view is wanted.
    pub embed: bool,
    /// The example to open.
    pub example: Option<String>,
    /// The language.
    pub lang: Option<Lang>,
    /// `light` or `dark`; none for the system's.
    pub theme: Option<String>,
    /// The text of the Dockerfile.
    pub dockerfile: Option<String>,
    /// What is shown at first: a path of a file.
    pub show: Option<String>,
    /// Whether nothing can be edited.
    pub readonly: bool,
}

/// Reads a query such as `?embed&example=node-naive&lang=ko`, and the fragment `#dockerfile=…`, which no server sees.
pub fn parse(query: &str, fragment: &str) -> Params {
    let mut params = Params::default();
    let fragment = fragment.trim_start_matches('#');
    let pairs = query
        .trim_start_matches('?')
        .split('&')
        .chain(Some(fragment).filter(|text| text.starts_with("dockerfile=")));
    for pair in pairs.filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = decode(value);
        match name {
            "embed" => params.embed = value != "0",
            "example" if !value.is_empty() => params.example = Some(value),
            "lang" => params.lang = Lang::from_tag(&value),
            "theme" if matches!(value.as_str(), "light" | "dark") => params.theme = Some(value),
            "dockerfile" if !value.is_empty() => params.dockerfile = Some(value),
            "show" if !value.is_empty() => params.show = Some(value),
            "readonly" => params.readonly = value != "0" && value != "false",
            _ => {}
        }
    }
    params
}

/// A query without what says which project to open.
pub fn without_project(query: &str) -> String {
    let names_project = |pair: &&str| matches!(pair.split('=').next(), Some("example" | "dockerfile" | ""));
    let rest: Vec<&str> =
        query.trim_start_matches('?').split('&').filter(|pair| !names_project(pair)).collect();
    if rest.is_empty() { String::new() } else { format!("?{}", rest.join("&")) }
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let hex = |digit: Option<u8>| digit.and_then(|digit| (digit as char).to_digit(16));
        match byte {
            b'%' => {
                let mut ahead = rest.clone();
                match (hex(ahead.next()), hex(ahead.next())) {
                    (Some(high), Some(low)) => {
                        bytes.push((high * 16 + low) as u8);
                        rest = ahead;
                    }
                    _ => bytes.push(byte),
                }
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What a person chooses for an embed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snippet {
    /// The folder of the lab, ending with `/`.
    pub base: String,
    /// The example's id; none for the Dockerfile of the snippet.
    pub example: Option<String>,
    /// The Dockerfile, which shows without JavaScript too.
    pub dockerfile: String,
    /// The language; none for the host page's.
    pub lang: Option<Lang>,
    /// `light` or `dark`; none for the reader's.
    pub theme: Option<String>,
    /// A file to show first.
    pub show: Option<String>,
    /// Whether readers cannot edit.
    pub readonly: bool,
}

/// The HTML that embeds the lab.
pub fn snippet(options: &Snippet) -> String {
    let mut attributes = String::new();
    let mut push = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            attributes.push_str(&format!(" {name}=\"{}\"", escape(value)));
        }
    };
    push("example", options.example.as_deref());
    push("lang", options.lang.map(Lang::tag));
    push("theme", options.theme.as_deref());
    push("show", options.show.as_deref());
    if options.readonly {
        attributes.push_str(" readonly");
    }
    format!(
        "<script async src=\"{}embed.js\"></script>\n<dockerfile-lab{attributes}>\n<pre><code>{}</code></pre>\n</dockerfile-lab>\n",
        escape(&options.base),
        // Quotes stay as they are: this is text, not an attribute.
        escape(options.dockerfile.trim_end()).replace("&quot;", "\""),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read() {
        let params = parse(
            "?embed&example=node-naive&lang=ko&theme=dark&readonly",
            "#dockerfile=FROM%20a%0ARUN%20b%26c",
        );
        assert!(params.embed && params.readonly);
        assert_eq!(params.example.as_deref(), Some("node-naive"));
        assert_eq!(params.lang, Some(Lang::Ko));
        assert_eq!(params.theme.as_deref(), Some("dark"));
        assert_eq!(params.dockerfile.as_deref(), Some("FROM a\nRUN b&c"));
    }

    #[test]
    fn the_address_forgets_the_project_and_nothing_else() {
        assert_eq!(without_project("?example=flask&lang=ko&dockerfile=x&theme=dark"), "?lang=ko&theme=dark");
        assert_eq!(without_project("?example=flask"), "");
        assert_eq!(without_project(""), "");
    }

    #[test]
    fn what_is_not_understood_is_left_out() {
        assert_eq!(parse("?theme=pink&lang=fr&x=1&dockerfile=", "#1.abc"), Params::default());
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%zz%20"), "%zz ");
    }

    #[test]
    fn a_snippet_is_escaped() {
        let options = Snippet {
            base: "https://example.org/lab/".to_owned(),
            dockerfile: "RUN a && b <c\n".to_owned(),
            theme: Some("dark".to_owned()),
            readonly: true,
            ..Snippet::default()
        };
        let html = snippet(&options);
        assert!(html.contains("<dockerfile-lab theme=\"dark\" readonly>"));
        assert!(html.contains("<code>RUN a &amp;&amp; b &lt;c</code>"));
    }
}

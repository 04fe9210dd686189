//! A project in a link: `1.` and the project as JSON, deflated, in base64 for addresses.
//!
//! The number in front is the version of this form; the project has a version of its own. Who makes or opens a link
//! deflates and inflates: a browser has that built in.

use crate::protocol::{Project, VERSION};
use crate::text::base64;

const FORM: &str = "1";

/// Why a link cannot be opened.
#[derive(Clone, Debug, PartialEq)]
pub enum LinkError {
    /// It is no link of the lab, or a part of it is missing.
    Damaged {
        /// What exactly.
        message: String,
    },
    /// It was made by a newer lab.
    TooNew,
}

impl LinkError {
    /// A damaged link, with what is wrong with it.
    pub fn damaged(message: impl Into<String>) -> Self {
        Self::Damaged { message: message.into() }
    }
}

/// The fragment of a link, without `#`, for a project that was deflated.
pub fn fragment(deflated: &[u8]) -> String {
    let text = base64::encode(deflated).replace('+', "-").replace('/', "_");
    format!("{FORM}.{}", text.trim_end_matches('='))
}

/// The deflated project in a fragment, with or without `#`.
pub fn deflated(fragment: &str) -> Result<Vec<u8>, LinkError> {
    let (form, data) = parts(fragment).ok_or_else(|| LinkError::damaged("it has no version"))?;
    if form != FORM {
        return Err(match form.parse::<u32>() {
            Ok(_) => LinkError::TooNew,
            Err(_) => LinkError::damaged("its version is no number"),
        });
    }
    let foreign = || LinkError::damaged("its characters are not those of a link");
    if data.contains(['+', '/', '=']) {
        return Err(foreign());
    }
    base64::decode(&data.replace('-', "+").replace('_', "/")).ok_or_else(foreign)
}

/// The project in the JSON of a link.
pub fn project(json: &[u8]) -> Result<Project, LinkError> {
    let value: serde_json::Value =
        serde_json::from_slice(json).map_err(|error| LinkError::damaged(error.to_string()))?;
    let version = value.get("version").and_then(serde_json::Value::as_u64);
    if version.is_some_and(|version| version > u64::from(VERSION)) {
        return Err(LinkError::TooNew);
    }
    serde_json::from_value(value).map_err(|error| LinkError::damaged(error.to_string()))
}

/// Whether a fragment looks like a project, and not like a name of a place on the page.
pub fn is_project(fragment: &str) -> bool {
    parts(fragment)
        .is_some_and(|(form, _)| !form.is_empty() && form.bytes().all(|byte| byte.is_ascii_digit()))
}

fn parts(fragment: &str) -> Option<(&str, &str)> {
    fragment.trim_start_matches('#').split_once('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_gives_its_bytes_back() {
        for bytes in [&b""[..], &[0], &[255, 254, 253], b"deflated"] {
            let fragment = fragment(bytes);
            assert!(is_project(&fragment));
            assert_eq!(deflated(&fragment).as_deref(), Ok(bytes), "{fragment}");
            assert_eq!(deflated(&format!("#{fragment}")).as_deref(), Ok(bytes));
        }
    }

    #[test]
    fn what_is_no_link_says_why() {
        let message = |error| match error {
            LinkError::Damaged { message } => message,
            LinkError::TooNew => "too new".to_owned(),
        };
        for (fragment, expected) in [
            ("files", "it has no version"),
            ("2.AAAA", "too new"),
            ("x.AAAA", "its version is no number"),
            ("1.AA+A", "its characters are not those of a link"),
            ("1.A", "its characters are not those of a link"),
        ] {
            assert_eq!(deflated(fragment).map_err(message), Err(expected.to_owned()));
        }
        assert_eq!(project(br#"{"version":99}"#), Err(LinkError::TooNew));
        assert!(project(b"{").is_err());
        assert!(project(br#"{"version":1,"files":7}"#).is_err());
        assert!(!is_project("files") && !is_project("a.b"));
    }
}

//! What is said when a request could not be done.
//!
//! Input: the error as the session gives it. Output: a sentence in the language of the page.

use crate::locale::Lang;
use crate::rich::plain;
use lab_session::protocol::ErrorView;

/// The key of a code's sentence; none for a code that this page does not know.
fn key(code: &str) -> Option<&'static str> {
    Some(match code {
        "path/exists" => "error.pathExists",
        "path/not-found" => "error.pathNotFound",
        "path/invalid" => "error.pathInvalid",
        "project/too-new" => "error.projectTooNew",
        "project/damaged" => "error.projectDamaged",
        "build/unknown" => "error.buildUnknown",
        "build/unknown-step" => "error.buildUnknownStep",
        "build/invalid-tag" => "error.buildInvalidTag",
        "build/too-many" => "error.buildTooMany",
        "file/too-large" => "error.fileTooLarge",
        "file/damaged" => "error.fileDamaged",
        "asset/damaged" => "error.assetDamaged",
        "asset/unreachable" => "error.assetUnreachable",
        "export/simulated" => "error.exportSimulated",
        "export/foreign-layer" => "error.exportForeignLayer",
        "export/failed-build" => "error.exportFailedBuild",
        "image/damaged" => "error.imageDamaged",
        "image/left-out" => "error.imageLeftOut",
        "image/unknown" => "error.imageUnknown",
        "record/damaged" => "error.recordDamaged",
        "build/recorded" => "error.buildRecorded",
        "shell/none" => "error.shellNone",
        "shell/nowhere" => "error.shellNowhere",
        "shell/closed" => "error.shellClosed",
        _ => return None,
    })
}

/// The sentence about an error.
pub fn sentence(lang: Lang, error: &ErrorView) -> String {
    let key = key(&error.code).unwrap_or("error.other");
    plain(lang, key, &[("subject", &error.subject), ("detail", &error.detail)])
}

/// What the store of this browser says: what the lab itself has to say in the language of the page, the browser's words as they
/// are.
pub fn of_store(lang: Lang, message: &str) -> String {
    let key = match message {
        "store/blocked" => "error.storeBlocked",
        "store/given-up" => "error.storeGivenUp",
        "store/no-files" => "error.storeNoFiles",
        _ => {
            let version = message.strip_prefix("store/version ");
            return version.map_or(message.to_owned(), |n| plain(lang, "error.storeVersion", &[("n", n)]));
        }
    };
    plain(lang, key, &[])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::t;

    #[test]
    fn every_code_of_the_protocol_has_its_sentence_in_both_languages() {
        for code in ErrorView::CODES {
            let key = key(code).unwrap_or_else(|| panic!("{code} has no sentence"));
            for lang in Lang::ALL {
                assert_ne!(t(lang, key), key, "{code} in {}", lang.tag());
            }
        }
    }

    #[test]
    fn what_the_lab_says_of_its_store_is_in_the_language_of_the_page() {
        for message in ["store/blocked", "store/given-up", "store/no-files", "store/version 9"] {
            for lang in Lang::ALL {
                let said = of_store(lang, message);
                assert!(!said.contains("store") && !said.contains('/'), "{said}");
            }
        }
        assert_eq!(of_store(Lang::Ko, "QuotaExceededError"), "QuotaExceededError");
    }

    #[test]
    fn a_sentence_names_what_it_is_about() {
        let error =
            |code: &str| ErrorView { code: code.into(), subject: "x.txt".into(), detail: "why".into() };
        assert_eq!(sentence(Lang::En, &error("path/not-found")), "There is no x.txt.");
        assert_eq!(sentence(Lang::Ko, &error("path/not-found")), "x.txt가 없습니다.");
        assert_eq!(sentence(Lang::En, &error("of/tomorrow")), "That could not be done. why");
    }
}

//! # MultipleInstructionsDisallowed
//!
//! ## Output
//!
//! ```text
//! Multiple CMD instructions should not be used in the same stage because only the last one will be used
//! ```
//!
//! ## Description
//!
//! An image has one `CMD`, one `ENTRYPOINT` and one `HEALTHCHECK`.
//! Of several in a stage the last one counts, and the others mislead who reads them.
//! The warning stands at the one that loses.
//!
//! ## Bad
//!
//! ```dockerfile
//! FROM alpine
//! CMD ["echo", "hello"]
//! CMD ["echo", "goodbye"]
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! FROM alpine
//! CMD ["echo", "goodbye"]
//! ```

use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;
use crate::dockerfile::Instruction;

/// The rule.
pub static RULE: Rule = Rule {
    name: "MultipleInstructionsDisallowed",
    description: "Multiple instructions of the same type should not be used in the same stage",
    url: "https://docs.docker.com/go/dockerfile/rule/multiple-instructions-disallowed/",
    experimental: false,
};

/// Looks at an instruction and the one of its kind before it in the stage, and remembers it for the next one.
pub(in crate::check) fn check(
    reporter: &mut Reporter<'_>,
    instruction: &Instruction,
    previous: &mut Option<Place>,
) {
    let place = Place::of(instruction);
    if let Some(loser) = previous.replace(place) {
        let message = format!(
            "Multiple {} instructions should not be used in the same stage because only the last one will be used",
            instruction.keyword
        );
        let finding = Finding::new(loser, message);
        reporter.report(&RULE, finding.label(place.range, "this one is used"));
    }
}

//! What is said about another order of the Dockerfile: what it gains, and how that is known.

use super::{list, short_code};
use crate::figure;
use crate::locale::Lang;
use crate::rich::{Piece, letters, rich};
use lab_session::protocol::{Figure, Remedy};

/// Some files in a row of words; none for no file.
pub fn listed(lang: Lang, files: &[String]) -> Option<String> {
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    (!files.is_empty()).then(|| letters(&list(lang, &files)))
}

/// The seconds that a remedy saves, with a tilde, as they are modelled; none for a remedy whose seconds nobody compared.
pub fn gain(lang: Lang, remedy: &Remedy) -> Option<String> {
    let Remedy::Reorder { before, after, .. } = remedy else { return None };
    Some(letters(&[figure::time_piece(lang, Figure::modelled(before.value - after.value))]))
}

/// How the gain of another order is known, and what stays the same; none for other remedies.
pub fn reordered(lang: Lang, remedy: &Remedy) -> Option<Vec<Piece>> {
    let Remedy::Reorder { run, before, after, hits, steps, known, .. } = remedy else { return None };
    let key = if *known { "fix.measured" } else { "fix.unmeasured" };
    let time = |figure: &Figure| vec![figure::time_piece(lang, *figure)];
    let number = |number: &u32| vec![Piece::number(*number)];
    let run = vec![Piece::Code(short_code(run))];
    Some(rich(
        lang,
        key,
        &[
            ("before", time(before)),
            ("after", time(after)),
            ("hits", number(hits)),
            ("steps", number(steps)),
            ("run", run),
        ],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_simulated_has_no_time() {
        let remedy = |known| Remedy::Reorder {
            text: String::new(),
            files: Vec::new(),
            run: "RUN npm install".to_owned(),
            before: Figure::modelled(6.2),
            after: Figure::modelled(0.1),
            hits: 4,
            steps: 5,
            known,
        };
        let said = |known| letters(&reordered(Lang::En, &remedy(known)).unwrap());
        assert!(said(true).contains("~6.2 s") && said(true).contains("~0.10 s"), "{}", said(true));
        assert!(!said(false).contains("6.2") && said(false).contains("4/5"), "{}", said(false));
        assert_eq!(gain(Lang::En, &remedy(true)).as_deref(), Some("~6.1 s"));
        assert_eq!(listed(Lang::En, &[]), None);
        assert_eq!(listed(Lang::En, &["a".to_owned(), "b".to_owned()]).as_deref(), Some("a and b"));
    }
}

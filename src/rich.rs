//! Texts with placeholders, as pieces that a view can set in different type.
//!
//! `{name}` stands for an argument, `{이/가}` for the particle that fits the piece before it.

use crate::locale::{Lang, t};
use crate::particle;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Plain words.
    Text(String),
    /// An instruction or command, in the fixed-width face.
    Code(String),
    /// A cause: bold and underlined.
    Cause(String),
    /// Something to find at a glance: bold.
    Strong(String),
    /// A figure, modelled or not, that is formatted already.
    Figure(String, bool),
}

impl Piece {
    /// The letters of the piece.
    pub fn letters(&self) -> &str {
        match self {
            Self::Text(text)
            | Self::Code(text)
            | Self::Cause(text)
            | Self::Strong(text)
            | Self::Figure(text, _) => text,
        }
    }

    /// A number as words.
    pub fn number(number: u32) -> Self {
        Self::Text(number.to_string())
    }
}

/// An argument: the placeholder's name and the pieces in its place.
pub type Argument = (&'static str, Vec<Piece>);

/// Fills a text of the locale files.
pub fn rich(lang: Lang, key: &'static str, arguments: &[Argument]) -> Vec<Piece> {
    fill(t(lang, key), arguments)
}

/// Fills a text of the locale files with words alone.
pub fn plain(lang: Lang, key: &'static str, arguments: &[(&'static str, &str)]) -> String {
    let arguments: Vec<Argument> =
        arguments.iter().map(|(name, text)| (*name, vec![Piece::Text((*text).to_owned())])).collect();
    letters(&rich(lang, key, &arguments))
}

/// The letters of pieces, for labels and announcements.
pub fn letters(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Figure(text, true) => format!("~{text}"),
            other => other.letters().to_owned(),
        })
        .collect()
}

fn fill(template: &str, arguments: &[Argument]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        push_text(&mut pieces, before);
        let Some((name, behind)) = after.split_once('}') else { break };
        if name.contains('/') {
            let word = pieces.last().map(Piece::letters).unwrap_or_default().to_owned();
            push_text(&mut pieces, particle::pick(&word, name));
        } else if let Some((_, argument)) = arguments.iter().find(|(known, _)| *known == name) {
            for piece in argument {
                match piece {
                    Piece::Text(text) => push_text(&mut pieces, text),
                    other => pieces.push(other.clone()),
                }
            }
        }
        rest = behind;
    }
    push_text(&mut pieces, rest);
    pieces
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(Piece::Text(last)) => last.push_str(text),
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(text: &str) -> Vec<Piece> {
        vec![Piece::Cause(text.to_owned())]
    }

    #[test]
    fn placeholders_are_filled_in_any_order() {
        let pieces = fill("{b}, then {a}.", &[("a", cause("x")), ("b", vec![Piece::number(2)])]);
        assert_eq!(
            pieces,
            [Piece::Text("2, then ".to_owned()), Piece::Cause("x".to_owned()), Piece::Text(".".to_owned())]
        );
    }

    #[test]
    fn particles_follow_the_piece_before() {
        let say = |name: &str| letters(&fill("{path}{이/가} 바뀌어", &[("path", cause(name))]));
        assert_eq!(say("server.js"), "server.js가 바뀌어");
        assert_eq!(say("index.html"), "index.html이 바뀌어");
    }

    #[test]
    fn a_modelled_figure_is_read_with_its_tilde() {
        let pieces = fill("saves {time}", &[("time", vec![Piece::Figure("6.5 s".to_owned(), true)])]);
        assert_eq!(letters(&pieces), "saves ~6.5 s");
    }
}

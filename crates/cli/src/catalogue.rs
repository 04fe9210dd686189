//! The parts of the catalogue, within the command.

/// The text of a part.
pub(crate) fn asset(name: &str) -> Option<&'static str> {
    let (_, text) = ASSETS.iter().find(|(known, _)| *known == name)?;
    Some(text)
}

const ASSETS: [(&str, &str); 8] = [
    ("images", include_str!("../../../catalog/images.json")),
    ("apk", include_str!("../../../catalog/apk.json")),
    ("apt-bookworm", include_str!("../../../catalog/apt-bookworm.json")),
    ("apt-trixie", include_str!("../../../catalog/apt-trixie.json")),
    ("downloads", include_str!("../../../catalog/downloads.json")),
    ("durations", include_str!("../../../catalog/durations.json")),
    ("npm", include_str!("../../../catalog/npm.json")),
    ("pypi", include_str!("../../../catalog/pypi.json")),
];

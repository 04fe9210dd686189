//! Names of images: as a person writes them, as logs show them, as tables split them.

/// A name in full, as BuildKit logs it: `docker.io/library/shop:latest`.
pub(crate) fn full(name: &str) -> String {
    let (repository, tag) = split(name);
    let has_registry = repository
        .split_once('/')
        .is_some_and(|(first, _)| first.contains(['.', ':']) || first == "localhost");
    let registry = if has_registry { "" } else { "docker.io/" };
    let library = if has_registry || repository.contains('/') { "" } else { "library/" };
    format!("{registry}{library}{repository}:{tag}")
}

/// A name in full as a person would write it: repository and tag.
pub(crate) fn familiar(full: &str) -> (String, String) {
    let (repository, tag) = split(full);
    let short = repository.strip_prefix("docker.io/").unwrap_or(&repository);
    (short.strip_prefix("library/").unwrap_or(short).to_owned(), tag)
}

fn split(name: &str) -> (String, String) {
    let name = without_digest(name);
    match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository.to_owned(), tag.to_owned()),
        _ => (name.to_owned(), "latest".to_owned()),
    }
}

/// A name without the digest that may stand behind it.
pub(crate) fn without_digest(name: &str) -> &str {
    name.split('@').next().unwrap_or(name)
}

/// Whether a name could be given to an image.
pub fn is_valid(name: &str) -> bool {
    let (repository, tag) = split(name);
    let path_ok = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
    };
    let tag_ok = !tag.is_empty()
        && tag.len() <= 128
        && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        && !tag.starts_with(['.', '-']);
    let parts: Vec<&str> = repository.split('/').collect();
    let (first, rest) = parts.split_first().unwrap_or((&"", &[]));
    let host_ok = |part: &str| {
        part.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:".contains(&b)) && !part.is_empty()
    };
    let first_ok = if rest.is_empty() { path_ok(first) } else { path_ok(first) || host_ok(first) };
    tag_ok && !name.contains('@') && first_ok && rest.iter().all(|part| path_ok(part))
}

/// The name that the session gives to the images of a project.
pub(crate) fn of_project(project: &str) -> String {
    let mut name: String = project
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    while name.contains("--") {
        name = name.replace("--", "-");
    }
    let name = name.trim_matches('-');
    if name.is_empty() { "lab".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_completed_and_shortened() {
        for (name, long, repository, tag) in [
            ("shop", "docker.io/library/shop:latest", "shop", "latest"),
            ("shop:2", "docker.io/library/shop:2", "shop", "2"),
            ("me/shop", "docker.io/me/shop:latest", "me/shop", "latest"),
            ("localhost:5000/shop:v1", "localhost:5000/shop:v1", "localhost:5000/shop", "v1"),
        ] {
            assert_eq!(full(name), long);
            assert_eq!(familiar(long), (repository.to_owned(), tag.to_owned()));
            assert!(is_valid(name), "{name}");
        }
        for name in ["", "Shop", "shop:", "a//b", "shop:-x", "shop@sha256:00", "a b"] {
            assert!(!is_valid(name), "{name:?}");
        }
    }

    #[test]
    fn a_project_gives_its_name() {
        assert_eq!(of_project("Node, naive!"), "node-naive");
        assert_eq!(of_project("한글"), "lab");
    }
}

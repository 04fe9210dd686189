//! Image references: their parts, their short form, and the names nearest to one that does not exist.

use lab_engine::order::sort;

const DEFAULT_REGISTRY: &str = "docker.io";
/// The tag of a reference that names none; people leave it out.
const LATEST: &str = "latest";

/// A reference taken apart, with the defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The repository in its short form: `node`, `diamol/node`, `gcr.io/distroless/base-debian12`.
    pub repository: String,
    /// The tag; `latest` where neither tag nor digest is given.
    pub tag: Option<String>,
    /// The digest, `sha256:…`.
    pub digest: Option<String>,
}

impl Reference {
    /// Takes any of the forms `node`, `library/node:22`, `docker.io/library/node:22@sha256:…`.
    pub fn parse(text: &str) -> Self {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest.to_owned())),
            None => (text, None),
        };
        let (repository, tag) = match rest.rsplit_once(':') {
            Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag.to_owned())),
            _ => (rest, None),
        };
        let tag = tag.or_else(|| digest.is_none().then(|| LATEST.to_owned()));
        Self { repository: short_repository(repository).to_owned(), tag, digest }
    }

    /// `repository:tag`, the form in which the catalogue lists its names; `None` with a digest alone.
    pub fn name(&self) -> Option<String> {
        Some(format!("{}:{}", self.repository, self.tag.as_ref()?))
    }
}

/// The short form that people write: without the default registry and its `library/`, with the tag.
pub fn familiar(text: &str) -> String {
    let reference = Reference::parse(text);
    let mut short = reference.repository;
    for (mark, part) in [(':', &reference.tag), ('@', &reference.digest)] {
        if let Some(part) = part {
            short.push(mark);
            short.push_str(part);
        }
    }
    short
}

fn short_repository(repository: &str) -> &str {
    let bare = [DEFAULT_REGISTRY, "index.docker.io", "registry-1.docker.io"]
        .iter()
        .find_map(|host| repository.strip_prefix(host)?.strip_prefix('/'))
        .unwrap_or(repository);
    bare.strip_prefix("library/").unwrap_or(bare)
}

/// The names nearest to `wanted`, as people write them, best first: of each repository that may have been meant the
/// nearest tag, then further tags of the likeliest one.
///
/// A repository that is right keeps its own tags in front, however different they are.
pub(crate) fn nearest<'a>(wanted: &Reference, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    const MOST: usize = 5;
    let tag = wanted.tag.as_deref().unwrap_or(LATEST);
    let mut scored: Vec<(usize, &str, usize, usize, &str)> = Vec::new();
    for name in names {
        let (repository, its_tag) = name.rsplit_once(':').unwrap_or((name, LATEST));
        // A typing mistake is in one part: compare with the whole and with the last part of the path.
        let last = |text: &str| text.rsplit('/').next().map(str::to_owned).unwrap_or_default();
        let far = distance(&wanted.repository, repository)
            .min(distance(&last(&wanted.repository), &last(repository)) + 1);
        // One slip, and one more for every four letters.
        let limit = wanted.repository.chars().count().max(4) / 4 + 1;
        if far <= limit {
            scored.push((far, repository, distance(tag, its_tag), its_tag.len(), its_tag));
        }
    }
    sort(&mut scored);
    let Some(&(least, best, ..)) = scored.first() else { return Vec::new() };
    // What is much farther away than the best is another word, not a mistyped one; and the right repository with a
    // wrong tag needs no other repositories.
    let farthest = if least == 0 { 0 } else { least + 1 };
    let (mut found, mut others): (Vec<String>, Vec<String>) = Default::default();
    let mut before = "";
    for (_, repository, .., tag) in scored.into_iter().filter(|(far, ..)| *far <= farthest) {
        let name = if tag == LATEST { repository.to_owned() } else { format!("{repository}:{tag}") };
        if repository != before {
            found.push(name);
        } else if repository == best {
            others.push(name);
        }
        before = repository;
    }
    found.extend(others);
    found.truncate(MOST);
    found
}

/// The number of letters to insert, delete, replace or swap with their neighbour.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let mut best = (above[j] + usize::from(a != b)).min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == to[j - 1] && from[i - 1] == *b {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_of_one_name() {
        for form in ["node", "node:latest", "library/node", "docker.io/library/node", "index.docker.io/node"]
        {
            assert_eq!(Reference::parse(form).name().as_deref(), Some("node:latest"), "{form}");
        }
        let other = Reference::parse("docker.io/diamol/node:1.0");
        assert_eq!(other.name().as_deref(), Some("diamol/node:1.0"));
        let port = Reference::parse("localhost:5000/app");
        assert_eq!(port.name().as_deref(), Some("localhost:5000/app:latest"));
        let pinned = Reference::parse("docker.io/library/node:22@sha256:ab");
        assert_eq!(
            (pinned.name().as_deref(), pinned.digest.as_deref()),
            (Some("node:22"), Some("sha256:ab"))
        );
        assert_eq!(Reference::parse("node@sha256:ab").name(), None);
        assert_eq!(familiar("docker.io/library/node@sha256:ab"), "node@sha256:ab");
        assert_eq!(familiar("docker.io/library/node"), "node:latest");
    }

    #[test]
    fn nearest_names() {
        let names =
            ["node:22", "node:latest", "python:3.8", "diamol/node:latest", "nginx:latest", "redis:7.4.1"];
        let near = |wanted| nearest(&Reference::parse(wanted), names.iter().copied());
        assert_eq!(near("nod:22")[0], "node:22");
        assert_eq!(near("ndoe")[0], "node");
        assert_eq!(near("node:21"), ["node:22", "node"]);
        assert_eq!(near("diamol/nod")[0], "diamol/node");
        assert!(near("something-entirely-else").is_empty());
    }

    #[test]
    fn a_mistyped_name_gets_the_plain_name_first_and_one_tag_of_each_repository() {
        let names =
            ["node:20", "node:22", "node:22-slim", "node:latest", "diamol/node:latest", "redis:latest"];
        let near = |wanted| nearest(&Reference::parse(wanted), names.iter().copied());
        assert_eq!(near("nodee"), ["node", "diamol/node", "node:20", "node:22", "node:22-slim"]);
        assert_eq!(near("nodee:22"), ["node:22", "diamol/node", "node:20", "node:22-slim", "node"]);
    }

    #[test]
    fn another_word_is_no_mistyped_name() {
        let names = ["node:latest", "caddy:latest", "ruby:latest"];
        assert!(nearest(&Reference::parse("nobody"), names.iter().copied()).is_empty());
    }

    #[test]
    fn distances() {
        for (from, to, expected) in
            [("", "abc", 3), ("abc", "abc", 0), ("ndoe", "node", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(from, to), expected, "{from} {to}");
            assert_eq!(distance(to, from), expected, "{to} {from}");
        }
    }
}

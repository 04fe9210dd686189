//! The command that a build with the options of the page would be: `docker build -t shop --no-cache .`

use lab_session::protocol::{Builder, Settings};

/// The words of the command. A shell reads them as they stand.
pub fn docker_build(settings: &Settings) -> String {
    let mut words = vec!["docker".to_owned(), "build".to_owned()];
    if settings.builder == Builder::Classic {
        words.insert(0, "DOCKER_BUILDKIT=0".to_owned());
    }
    let mut push = |flag: &str, value: &str| words.extend([flag.to_owned(), quoted(value)]);
    for tag in &settings.tags {
        push("-t", tag);
    }
    if !settings.dockerfile.is_empty() {
        push("-f", &settings.dockerfile);
    }
    if !settings.target.is_empty() {
        push("--target", &settings.target);
    }
    for argument in &settings.build_args {
        push("--build-arg", argument);
    }
    for label in &settings.labels {
        push("--label", label);
    }
    if !settings.no_cache_stages.is_empty() {
        push("--no-cache-filter", &settings.no_cache_stages.join(","));
    }
    if settings.no_cache {
        words.push("--no-cache".to_owned());
    }
    words.push(".".to_owned());
    words.join(" ")
}

/// How many options are set.
pub fn count(settings: &Settings) -> usize {
    let lists = [&settings.tags, &settings.build_args, &settings.labels, &settings.no_cache_stages];
    let single = [!settings.dockerfile.is_empty(), !settings.target.is_empty(), settings.no_cache];
    lists.iter().map(|list| list.len()).sum::<usize>() + single.iter().filter(|set| **set).count()
}

/// What is to be said of an option as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// A build argument or label without a name: `docker build` refuses it.
    NoName(String),
    /// A build argument without a value: `docker build` asks its own environment, and the lab has none.
    NoValue(String),
}

/// The remarks on build arguments or, where `is_label`, on labels: these may have no value.
pub fn remarks(lines: &[String], is_label: bool) -> Vec<Remark> {
    let remark = |line: &String| match line.split_once('=') {
        Some(("", _)) => Some(Remark::NoName(line.clone())),
        None if !is_label => Some(Remark::NoValue(line.clone())),
        _ => None,
    };
    lines.iter().filter_map(remark).collect()
}

/// A word as a shell reads it back: in quotes where it has to be.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/:=,@+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_name_or_no_value_is_remarked() {
        let lines = ["A=1", "B", "=2", "C=", "="].map(str::to_owned);
        let no_name = [Remark::NoName("=2".into()), Remark::NoName("=".into())];
        let [first, second] = no_name.clone();
        assert_eq!(remarks(&lines, false), [Remark::NoValue("B".into()), first, second]);
        assert_eq!(remarks(&lines, true), no_name);
    }

    #[test]
    fn the_command_has_the_options_that_are_set() {
        assert_eq!(docker_build(&Settings::default()), "docker build .");
        let settings = Settings {
            dockerfile: "build/Dockerfile".into(),
            target: "test".into(),
            build_args: vec!["VERSION=2".into(), "WHO=it's me".into()],
            labels: vec!["a=b".into()],
            no_cache: true,
            no_cache_stages: vec!["deps".into(), "test".into()],
            tags: vec!["shop:1".into()],
            ..Settings::default()
        };
        let expected = "docker build -t shop:1 -f build/Dockerfile --target test --build-arg VERSION=2 \
                        --build-arg 'WHO=it'\\''s me' --label a=b --no-cache-filter deps,test --no-cache .";
        assert_eq!(docker_build(&settings), expected);
        assert_eq!((count(&settings), count(&Settings::default())), (9, 0));
    }
}

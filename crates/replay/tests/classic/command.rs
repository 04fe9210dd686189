//! The command line of a build, as far as the recordings use it.

/// What a build is asked.
#[derive(Debug, Default)]
pub(crate) struct Command {
    pub(crate) tags: Vec<String>,
    pub(crate) file: Option<String>,
    pub(crate) target: Option<String>,
    pub(crate) build_args: Vec<(String, String)>,
    pub(crate) labels: Vec<(String, String)>,
    pub(crate) no_cache: bool,
    pub(crate) keep: bool,
    pub(crate) id_file: Option<String>,
    pub(crate) path: String,
}

impl Command {
    /// Reads a line; none for one with pipes and the like.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let line = line.split(" && ").next()?;
        if line.contains(['|', '<', '>', ';', '$']) {
            return None;
        }
        let words: Vec<String> =
            line.split_whitespace().map(|word| word.trim_matches(['"', '\'']).to_owned()).collect();
        let build = words.iter().position(|word| word == "build")?;
        let env: Vec<(&str, &str)> = words[..build].iter().filter_map(|word| word.split_once('=')).collect();
        let mut command = Self::default();
        let mut rest = words[build + 1..].iter();
        while let Some(word) = rest.next() {
            let (flag, inline) =
                word.split_once('=').filter(|_| word.starts_with("--")).unwrap_or((word, ""));
            let mut value = || {
                if inline.is_empty() { rest.next().cloned().unwrap_or_default() } else { inline.to_owned() }
            };
            match flag {
                "-t" | "--tag" => command.tags.push(value()),
                "-f" | "--file" => command.file = Some(value()),
                "--target" => command.target = Some(value()),
                "--label" => command.labels.push(pair(&value(), &[])?),
                "--build-arg" => command.build_args.extend(pair(&value(), &env)),
                "--no-cache" => command.no_cache = true,
                "--rm" => command.keep = inline == "false",
                "--iidfile" => command.id_file = Some(value()),
                "--network" | "--platform" | "--add-host" | "--memory" | "--shm-size" | "--progress" => {
                    value();
                }
                "--pull" | "--force-rm" | "-q" => {}
                path if !path.starts_with('-') || path == "-" => path.clone_into(&mut command.path),
                _ => return None,
            }
        }
        Some(command)
    }
}

/// `NAME=value`, or a name with the value that it has in the environment.
fn pair(text: &str, env: &[(&str, &str)]) -> Option<(String, String)> {
    match text.split_once('=') {
        Some((name, value)) => Some((name.to_owned(), value.to_owned())),
        None if env.is_empty() => Some((text.to_owned(), String::new())),
        None => {
            let (_, value) = env.iter().find(|(name, _)| *name == text)?;
            Some((text.to_owned(), (*value).to_owned()))
        }
    }
}

//! Which files an installation of dependencies reads, told from its command line.
//!
//! Takes the script of a `RUN`; gives the files of the project that it reads, or nothing where it may read more than can
//! be told: the source of the project, for instance.

use super::manifests;
use lab_engine::vfs::{Tree, path};

/// A `RUN` that installs dependencies.
pub(super) struct Install {
    /// Its row.
    pub(super) row: usize,
    /// Where it runs.
    pub(super) workdir: String,
    /// The files of the project that it reads, absolute.
    pub(super) files: Vec<String>,
}

/// What a command line reads.
enum Reads {
    /// Nothing of the project.
    Nothing,
    /// The manifests of a package manager, in the directory where it runs.
    Manifests(&'static [&'static str]),
    /// Lists of requirements that were named.
    Lists(Vec<String>),
}

const NPM: &[&str] = &["package.json", "package-lock.json", "npm-shrinkwrap.json", ".npmrc"];
const YARN: &[&str] = &["package.json", "yarn.lock", ".yarnrc", ".npmrc"];
const PNPM: &[&str] = &["package.json", "pnpm-lock.yaml", ".npmrc"];
const GO: &[&str] = &["go.mod", "go.sum"];
const BUNDLER: &[&str] = &["Gemfile", "Gemfile.lock", ".ruby-version"];
const COMPOSER: &[&str] = &["composer.json", "composer.lock"];
const CARGO: &[&str] = &["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", ".cargo/config.toml"];

/// The files that a script reads and that are there; `None` for a script that installs nothing, or may read others.
pub(super) fn read(script: String, workdir: &str, tree: &Tree) -> Option<Vec<String>> {
    let mut place = workdir.to_owned();
    let mut files: Vec<String> = Vec::new();
    let mut installs = false;
    for command in commands(&script)? {
        let words: Vec<&str> =
            command.iter().map(String::as_str).skip_while(|word| is_assignment(word)).collect();
        if let ["cd", to] = words[..] {
            place = path::absolute(&place, to);
            continue;
        }
        let found = match reads(&words)? {
            Reads::Nothing => continue,
            Reads::Manifests(names) => manifests::present(names, &place, tree)?,
            Reads::Lists(names) => manifests::lists(&names, &place, tree)?,
        };
        installs = true;
        files.extend(found);
    }
    (installs && !files.is_empty()).then_some(files)
}

/// The commands of a script that are joined by `&&`, `;` and line ends, as words. Anything more than plain words is not
/// understood here.
fn commands(script: &str) -> Option<Vec<Vec<String>>> {
    if script.contains(['|', '`', '(', ')', '{', '}', '<', '>', '#', '\\', '*', '?', '~'])
        || script.contains("$(")
    {
        return None;
    }
    let joined = script.replace("&&", "\n").replace(';', "\n");
    if joined.contains('&') {
        return None;
    }
    let words = |line: &str| line.split_whitespace().map(unquoted).collect::<Option<Vec<String>>>();
    joined.lines().map(str::trim).filter(|line| !line.is_empty()).map(words).collect()
}

/// A word without the quotes around it; `None` where they are not around the whole.
fn unquoted(word: &str) -> Option<String> {
    let inner = ['"', '\''].iter().find_map(|quote| word.strip_prefix(*quote)?.strip_suffix(*quote));
    let inner = inner.unwrap_or(word);
    (!inner.contains(['"', '\'', '$'])).then(|| inner.to_owned())
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| !name.is_empty() && !name.starts_with('-'))
}

fn reads(words: &[&str]) -> Option<Reads> {
    let (program, rest) = words.split_first()?;
    let operands: Vec<&str> = rest.iter().copied().filter(|word| !word.starts_with('-')).collect();
    match *program {
        "set" | "echo" | "true" | ":" | "export" | "apt-get" | "apt" | "apk" | "rm" | "mkdir"
        | "corepack" | "gem" => Some(Reads::Nothing),
        "npm" => node(&operands, rest, &["install", "i", "ci", "clean-install"], NPM),
        "pnpm" => node(&operands, rest, &["install", "i", "fetch"], PNPM),
        "yarn" if operands.is_empty() => Some(Reads::Manifests(YARN)).filter(|_| stays_here(rest)),
        "yarn" => node(&operands, rest, &["install"], YARN),
        "pip" | "pip3" => pip(rest),
        "python" | "python3" => match rest {
            ["-m", "pip", rest @ ..] => pip(rest),
            _ => None,
        },
        "go" => match operands[..] {
            ["mod", "download"] => Some(Reads::Manifests(GO)),
            ["env" | "version", ..] => Some(Reads::Nothing),
            _ => None,
        },
        "bundle" | "bundler" => match operands[..] {
            [] | ["install"] => Some(Reads::Manifests(BUNDLER)).filter(|_| stays_here(rest)),
            ["config", ..] => Some(Reads::Nothing),
            _ => None,
        },
        "composer" => match operands[..] {
            ["install"] if stays_here(rest) => Some(Reads::Manifests(COMPOSER)),
            _ => None,
        },
        "cargo" => match operands[..] {
            ["fetch"] if stays_here(rest) => Some(Reads::Manifests(CARGO)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether no flag leads the command to another place.
fn stays_here(words: &[&str]) -> bool {
    const AWAY: [&str; 9] =
        ["--prefix", "-C", "--cwd", "--dir", "--gemfile", "--working-dir", "-d", "--manifest-path", "-o"];
    !words.iter().any(|word| AWAY.contains(&word.split('=').next().unwrap_or(word)))
}

/// npm and its kin: what is installed by name from the registry is no file, what looks like a path may be anything.
fn node(
    operands: &[&str],
    rest: &[&str],
    install: &[&str],
    manifests: &'static [&'static str],
) -> Option<Reads> {
    let (verb, packages) = operands.split_first()?;
    if matches!(*verb, "cache" | "config" | "set") {
        return Some(Reads::Nothing);
    }
    let is_path = |package: &&str| package.starts_with(['.', '/']) || package.contains(':');
    if !install.contains(verb) || packages.iter().any(is_path) || !stays_here(rest) {
        return None;
    }
    let is_global = rest.iter().any(|word| matches!(*word, "-g" | "--global"));
    Some(if is_global { Reads::Nothing } else { Reads::Manifests(manifests) })
}

fn pip(words: &[&str]) -> Option<Reads> {
    const WITH_VALUE: [&str; 10] = [
        "-i",
        "--index-url",
        "--extra-index-url",
        "--trusted-host",
        "--timeout",
        "--retries",
        "-t",
        "--target",
        "--prefix",
        "--root",
    ];
    let Some(("install", rest)) = words.split_first().map(|(first, rest)| (*first, rest)) else {
        let is_quiet = matches!(words.first(), Some(&("cache" | "config" | "list" | "--version")));
        return is_quiet.then_some(Reads::Nothing);
    };
    let mut lists = Vec::new();
    let mut at = rest.iter();
    while let Some(word) = at.next() {
        let (name, value) = word.split_once('=').map_or((*word, None), |(name, value)| (name, Some(value)));
        match name {
            "-r" | "--requirement" | "-c" | "--constraint" => {
                lists.push(value.or_else(|| at.next().copied())?.to_owned());
            }
            _ if WITH_VALUE.contains(&name) && value.is_none() => {
                at.next()?;
            }
            _ if WITH_VALUE.contains(&name) => {}
            "-e" | "--editable" | "-f" | "--find-links" => return None,
            _ if name.starts_with("-r") => lists.push(name[2..].to_owned()),
            _ if name.starts_with('-') => {}
            _ if word.starts_with('.') || word.contains('/') || manifests::is_archive(word) => return None,
            _ => {}
        }
    }
    Some(if lists.is_empty() { Reads::Nothing } else { Reads::Lists(lists) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab_engine::vfs::{Content, Metadata};

    fn tree(files: &[(&str, &str)]) -> Tree {
        let mut tree = Tree::new();
        for (file, text) in files {
            let metadata = Metadata::new(0o644, 0);
            tree.make_directories(path::parent(file), Metadata::new(0o755, 0)).unwrap();
            tree.write(file, Content::from(*text), metadata).unwrap();
        }
        tree
    }

    fn files(script: &str, files: &[(&str, &str)]) -> Option<Vec<String>> {
        read(script.to_owned(), "/app", &tree(files))
    }

    const NODE: &[(&str, &str)] = &[("/app/package.json", "{}"), ("/app/yarn.lock", ""), ("/app/x.js", "")];

    #[test]
    fn manifests_of_each_manager() {
        let some = |list: &[&str]| Some(list.iter().map(|file| (*file).to_owned()).collect());
        assert_eq!(files("npm install", NODE), some(&["/app/package.json"]));
        assert_eq!(files("npm ci --omit=dev && npm cache clean --force", NODE), some(&["/app/package.json"]));
        assert_eq!(
            files("NODE_ENV=x yarn --frozen-lockfile", NODE),
            some(&["/app/package.json", "/app/yarn.lock"])
        );
        assert_eq!(files("set -ex; cd ../app; pnpm i", NODE), some(&["/app/package.json"]));
        let go = &[("/app/go.mod", "module x\n"), ("/app/go.sum", "")];
        assert_eq!(files("go mod download", go), some(&["/app/go.mod", "/app/go.sum"]));
        let ruby = &[("/app/Gemfile", "gem 'x'\n"), ("/app/Gemfile.lock", "")];
        assert_eq!(
            files("bundle config set x y && bundle install -j4", ruby),
            some(&["/app/Gemfile", "/app/Gemfile.lock"])
        );
        let php = &[("/app/composer.json", "{}")];
        assert_eq!(files("composer install --no-dev", php), some(&["/app/composer.json"]));
        let rust = &[("/app/Cargo.toml", "[[bin]]\nname = \"x\"\npath = \"src/x.rs\"\n")];
        assert_eq!(files("cargo fetch --locked", rust), some(&["/app/Cargo.toml"]));
    }

    #[test]
    fn lists_of_requirements_lead_to_others() {
        let pip = &[
            ("/app/requirements/dev.txt", "-r base.txt\npytest\n"),
            ("/app/requirements/base.txt", "flask # a comment\n"),
        ];
        let expected =
            Some(vec!["/app/requirements/dev.txt".to_owned(), "/app/requirements/base.txt".to_owned()]);
        assert_eq!(files("pip install --no-cache-dir -r requirements/dev.txt", pip), expected);
        assert_eq!(files("python -m pip install -rrequirements/dev.txt", pip), expected);
        assert_eq!(files("pip install -r gone.txt", pip), None);
    }

    #[test]
    fn what_may_read_the_project_is_left_alone() {
        for script in [
            "npm install && npm run build",
            "npm install ./local",
            "npm install --prefix web",
            "npm install -g typescript",
            "npm install $EXTRA",
            "cat list | xargs npm install",
            "(npm install)",
            "npm test",
            "make",
            "npm install & wait",
        ] {
            assert_eq!(files(script, NODE), None, "{script}");
        }
        let hooks = &[("/app/package.json", "{\"scripts\": {\"postinstall\": \"node x.js\"}}")];
        assert_eq!(files("npm install", hooks), None);
        let spaces = &[("/app/package.json", "{\"workspaces\": [\"a\"]}")];
        assert_eq!(files("npm install", spaces), None);
        let gyp = &[("/app/package.json", "{}"), ("/app/binding.gyp", "{}")];
        assert_eq!(files("npm install", gyp), None);
        let yarn = &[("/app/package.json", "{}"), ("/app/.yarnrc", "# x\nyarn-path \".yarn/yarn.cjs\"\n")];
        assert_eq!(files("yarn install", yarn), None);
        let here = &[("/app/r.txt", "-e .\n")];
        assert_eq!(files("pip install -r r.txt", here), None);
        assert_eq!(files("pip install .", here), None);
        let replaced = &[("/app/go.mod", "module x\nreplace y => ../y\n")];
        assert_eq!(files("go mod download", replaced), None);
        let no_target = &[("/app/Cargo.toml", "[package]\nname = \"x\"\n")];
        assert_eq!(files("cargo fetch", no_target), None);
    }

    #[test]
    fn packages_that_are_places_in_the_project() {
        let read = |json: &str| files("npm install", &[("/app/package.json", json)]).is_some();
        for key in ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] {
            for place in [
                "./a",
                "../a",
                "/a",
                "~/a",
                ".",
                "file:a",
                "link:a",
                "portal:a",
                "workspace:*",
                "a.tgz",
                "a/b/c",
            ] {
                assert!(!read(&format!("{{\"{key}\": {{\"a\": \"{place}\"}}}}")), "{key} {place}");
            }
            for version in ["~1.2.3", "^1", "*", "", "latest", "npm:b@1", "me/b", "https://x.org/a/b/c.tgz"] {
                assert!(read(&format!("{{\"{key}\": {{\"a\": \"{version}\"}}}}")), "{key} {version}");
            }
        }
        assert!(!read("{\"overrides\": {\"a\": {\"b\": \"./b\"}}}"));
        assert!(!read("no JSON"));
    }

    #[test]
    fn requirements_that_are_files_of_the_project() {
        let read = |line: &str| files("pip install -r r.txt", &[("/app/r.txt", line)]).is_some();
        for line in [
            "dist/x",
            "x-1.0-py3-none-any.whl",
            "x.tar.gz --hash=sha256:0",
            "x.zip",
            "dist/x[y]; a > b",
            "$X",
        ] {
            assert!(!read(line), "{line}");
        }
        for line in [
            "x==1.0 # a/b",
            "x[y]>=1; sys_platform == 'a/b'",
            "x @ https://x.org/x.zip",
            "git+https://x.org/y",
            "--index-url https://x.org/simple",
        ] {
            assert!(read(line), "{line}");
        }
    }
}

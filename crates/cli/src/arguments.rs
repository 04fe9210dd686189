//! The words of the command line.

use crate::output::{self, Output};
use lexopt::prelude::*;
use std::ffi::OsString;
use std::path::PathBuf;

/// Something that the command cannot do.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Why, in one sentence.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) help: Option<String>,
    /// The exit code: 2 for words that mean nothing, 1 for everything else.
    pub(crate) code: u8,
}

impl Failure {
    /// A failure with exit code 1.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, code: 1 }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        let help = "Run 'dockerfile-lab --help' for more information".to_owned();
        Self { message: message.into(), help: Some(help), code: 2 }
    }

    /// Adds advice.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self::usage(error.to_string())
    }
}

/// What is to be done.
pub(crate) enum Command {
    Help(&'static str),
    Version,
    Build(BuildOptions),
    Check(BuildOptions),
    History(TableOptions),
    Images(TableOptions),
    SystemDf(TableOptions),
    Prune(TableOptions),
    Load(LoadOptions),
    Inspect(TableOptions),
    Remove(TableOptions),
    Log(LogOptions),
    Replay(ReplayOptions),
    DockerReplay(ReplayOptions),
    Shell(ShellOptions),
}

/// Options of `build` and `check`.
#[derive(Default)]
pub(crate) struct BuildOptions {
    pub(crate) directory: PathBuf,
    /// `-f`, relative to the working directory as for Docker.
    pub(crate) file: Option<PathBuf>,
    pub(crate) tags: Vec<String>,
    pub(crate) build_args: Vec<String>,
    pub(crate) labels: Vec<String>,
    pub(crate) target: String,
    pub(crate) no_cache: bool,
    pub(crate) no_cache_stages: Vec<String>,
    pub(crate) quiet: bool,
    pub(crate) json: bool,
    /// `--progress=rawjson`.
    pub(crate) rawjson: bool,
    /// `--output`.
    pub(crate) outputs: Vec<Output>,
    pub(crate) state: Option<PathBuf>,
}

/// Options of the tables.
#[derive(Default)]
pub(crate) struct TableOptions {
    pub(crate) image: String,
    pub(crate) json: bool,
    pub(crate) state: Option<PathBuf>,
}

/// Options of `load`.
#[derive(Default)]
pub(crate) struct LoadOptions {
    /// `--input`; none for standard input.
    pub(crate) input: Option<PathBuf>,
    pub(crate) quiet: bool,
    pub(crate) state: Option<PathBuf>,
}

/// Options of `log`.
#[derive(Default)]
pub(crate) struct LogOptions {
    /// None for standard input.
    pub(crate) input: Option<PathBuf>,
    /// The Dockerfile that was built.
    pub(crate) file: Option<PathBuf>,
    pub(crate) json: bool,
}

/// Options of `replay`.
pub(crate) struct ReplayOptions {
    /// The recorded case.
    pub(crate) case: PathBuf,
    /// The base images of the recording.
    pub(crate) base: Option<PathBuf>,
}

/// Options of `sh`.
pub(crate) struct ShellOptions {
    pub(crate) image: String,
    pub(crate) shell: String,
    /// `--dir`.
    pub(crate) directory: Option<PathBuf>,
    pub(crate) user: Option<String>,
    /// `NAME=VALUE` each.
    pub(crate) environment: Vec<String>,
    pub(crate) steps: u64,
    /// `--quiet`: no word about what was not really executed.
    pub(crate) quiet: bool,
    /// The file of the script, if it is in one.
    pub(crate) script: Option<String>,
    /// What the shell is given: its options, `-c` and the script or its file, its arguments.
    pub(crate) words: Vec<String>,
}

const HELP: &str = include_str!("help/main.txt");
const BUILD_HELP: &str = include_str!("help/build.txt");
const CHECK_HELP: &str = include_str!("help/check.txt");
const LOG_HELP: &str = include_str!("help/log.txt");
const REPLAY_HELP: &str = include_str!("help/replay.txt");
const DOCKER_REPLAY_HELP: &str = include_str!("help/docker-replay.txt");
const SHELL_HELP: &str = include_str!("help/sh.txt");
const TABLES_HELP: &str = include_str!("help/tables.txt");

/// Reads the words behind the name of the command.
pub(crate) fn parse(mut words: lexopt::Parser) -> Result<Command, Failure> {
    let mut path: Vec<String> = Vec::new();
    loop {
        match words.next()? {
            None if path.is_empty() => return Ok(Command::Help(HELP)),
            None => return Err(Failure::usage(format!("unknown command: {}", path.join(" ")))),
            Some(Long("help") | Short('h')) => return Ok(Command::Help(HELP)),
            Some(Long("version") | Short('V')) => return Ok(Command::Version),
            Some(Value(word)) => path.push(text(word)?),
            Some(other) => return Err(other.unexpected().into()),
        }
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        match names.as_slice() {
            // Docker's own grouping words may stand in front.
            ["image" | "builder" | "buildx" | "system"] => {}
            ["build"] | ["image" | "builder" | "buildx", "build"] => return build(words, false),
            ["check"] => return build(words, true),
            ["history"] | ["image", "history"] => return table(words, true, Command::History),
            ["images"] | ["image", "ls"] => return table(words, false, Command::Images),
            ["load"] | ["image", "load"] => return load(words),
            ["inspect"] | ["image", "inspect"] => return table(words, true, Command::Inspect),
            ["log"] => return log(words),
            ["rmi"] | ["image", "rm"] => return table(words, true, Command::Remove),
            ["df"] | ["system", "df"] => return table(words, false, Command::SystemDf),
            ["replay"] => return replay(words, REPLAY_HELP, Command::Replay),
            ["docker-replay"] => return replay(words, DOCKER_REPLAY_HELP, Command::DockerReplay),
            ["sh"] => return shell(words),
            ["prune"] | ["builder", "prune"] => return table(words, false, Command::Prune),
            _ => return Err(Failure::usage(format!("unknown command: {}", path.join(" ")))),
        }
    }
}

fn build(mut words: lexopt::Parser, mut check: bool) -> Result<Command, Failure> {
    let mut options = BuildOptions::default();
    let mut directory = None;
    while let Some(word) = words.next()? {
        match word {
            Short('t') | Long("tag") => options.tags.push(text(words.value()?)?),
            Short('f') | Long("file") => options.file = Some(words.value()?.into()),
            Long("build-arg") => options.build_args.push(build_arg(text(words.value()?)?)),
            Long("label") => options.labels.push(text(words.value()?)?),
            Long("target") => options.target = text(words.value()?)?,
            Long("no-cache") => options.no_cache = true,
            Long("no-cache-filter") => {
                options.no_cache_stages.extend(text(words.value()?)?.split(',').map(str::to_owned));
            }
            Long("progress") => match text(words.value()?)?.as_str() {
                "plain" | "auto" => {}
                "quiet" => options.quiet = true,
                "rawjson" => options.rawjson = true,
                other => return Err(Failure::usage(format!("invalid progress mode {other}"))),
            },
            Short('o') | Long("output") => {
                options.outputs.push(output::parse(&text(words.value()?)?).map_err(Failure::usage)?);
            }
            // What is built is kept in the state, where all commands find it.
            Long("load") => {}
            Short('q') | Long("quiet") => options.quiet = true,
            Long("check") => check = true,
            Long("json") => options.json = true,
            Long("state") => options.state = Some(words.value()?.into()),
            Short('h') | Long("help") => {
                return Ok(Command::Help(if check { CHECK_HELP } else { BUILD_HELP }));
            }
            Value(value) if directory.is_none() => directory = Some(value),
            other => return Err(other.unexpected().into()),
        }
    }
    let name = if check { "check" } else { "build" };
    let missing = || {
        Failure::usage(format!("'dockerfile-lab {name}' requires 1 argument: the directory of the context"))
    };
    options.directory = directory.ok_or_else(missing)?.into();
    Ok(if check { Command::Check(options) } else { Command::Build(options) })
}

fn table(
    mut words: lexopt::Parser,
    needs_image: bool,
    command: impl FnOnce(TableOptions) -> Command,
) -> Result<Command, Failure> {
    let mut options = TableOptions::default();
    while let Some(word) = words.next()? {
        match word {
            Long("json") => options.json = true,
            Long("state") => options.state = Some(words.value()?.into()),
            Short('h') | Long("help") => return Ok(Command::Help(TABLES_HELP)),
            // Docker asks before it prunes; here nothing is lost that a build would not make again.
            Short('a' | 'f') | Long("all" | "force") => {}
            Value(value) if needs_image && options.image.is_empty() => options.image = text(value)?,
            other => return Err(other.unexpected().into()),
        }
    }
    if needs_image && options.image.is_empty() {
        return Err(Failure::usage("this command requires 1 argument: the name or ID of an image"));
    }
    Ok(command(options))
}

fn load(mut words: lexopt::Parser) -> Result<Command, Failure> {
    let mut options = LoadOptions::default();
    while let Some(word) = words.next()? {
        match word {
            Short('i') | Long("input") => options.input = Some(words.value()?.into()),
            Short('q') | Long("quiet") => options.quiet = true,
            Long("state") => options.state = Some(words.value()?.into()),
            Short('h') | Long("help") => return Ok(Command::Help(TABLES_HELP)),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Command::Load(options))
}

fn log(mut words: lexopt::Parser) -> Result<Command, Failure> {
    let mut options = LogOptions::default();
    while let Some(word) = words.next()? {
        match word {
            Short('f') | Long("file") => options.file = Some(words.value()?.into()),
            Long("json") => options.json = true,
            Short('h') | Long("help") => return Ok(Command::Help(LOG_HELP)),
            Value(value) if options.input.is_none() => {
                options.input = Some(value.into()).filter(|path: &PathBuf| path.as_os_str() != "-");
            }
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Command::Log(options))
}

fn replay(
    mut words: lexopt::Parser,
    help: &'static str,
    command: fn(ReplayOptions) -> Command,
) -> Result<Command, Failure> {
    let (mut case, mut base) = (None, None);
    while let Some(word) = words.next()? {
        match word {
            Long("base") => base = Some(words.value()?.into()),
            Short('h') | Long("help") => return Ok(Command::Help(help)),
            Value(value) if case.is_none() => case = Some(value.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    let missing = || Failure::usage("this command requires 1 argument: the file of a recording");
    Ok(command(ReplayOptions { case: case.ok_or_else(missing)?, base }))
}

fn shell(mut words: lexopt::Parser) -> Result<Command, Failure> {
    let mut options = ShellOptions {
        image: "busybox".to_owned(),
        shell: "/bin/sh".to_owned(),
        directory: None,
        user: None,
        environment: Vec::new(),
        steps: 1_000_000_000,
        quiet: false,
        script: None,
        words: Vec::new(),
    };
    let mut command = false;
    loop {
        // `+e` and `-` are no options to the reader of options.
        if let Some(mut raw) = words.try_raw_args()
            && raw.peek().is_some_and(|word| word.to_string_lossy().starts_with('+'))
        {
            options.words.extend(raw.next().map(text).transpose()?);
            continue;
        }
        match words.next()? {
            None => break,
            Some(Long("image")) => options.image = text(words.value()?)?,
            Some(Long("shell")) => options.shell = text(words.value()?)?,
            Some(Long("dir")) => options.directory = Some(words.value()?.into()),
            Some(Long("user")) => options.user = Some(text(words.value()?)?),
            Some(Long("env")) => options.environment.push(build_arg(text(words.value()?)?)),
            Some(Long("steps")) => {
                let word = text(words.value()?)?;
                let wrong = |_| Failure::usage(format!("invalid number of steps {word}"));
                options.steps = word.parse().map_err(wrong)?;
            }
            Some(Long("quiet")) => options.quiet = true,
            Some(Short('h') | Long("help")) => return Ok(Command::Help(SHELL_HELP)),
            Some(Short('c')) => {
                command = true;
                options.words.push("-c".to_owned());
            }
            Some(Short('o')) => {
                options.words.push("-o".to_owned());
                options.words.push(text(words.value()?)?);
            }
            Some(Short(letter)) => options.words.push(format!("-{letter}")),
            Some(Value(value)) => {
                let value = text(value)?;
                options.script = (!command).then(|| value.clone());
                options.words.push(value);
                for word in words.raw_args()? {
                    options.words.push(text(word)?);
                }
                break;
            }
            Some(other) => return Err(other.unexpected().into()),
        }
    }
    Ok(Command::Shell(options))
}

/// A build argument without a value takes that of the environment, as for Docker.
fn build_arg(word: String) -> String {
    if word.contains('=') {
        return word;
    }
    let value = std::env::var(&word).unwrap_or_default();
    format!("{word}={value}")
}

fn text(word: OsString) -> Result<String, Failure> {
    word.into_string().map_err(|word| Failure::usage(format!("{} is no UTF-8", word.to_string_lossy())))
}

//! The command line of `tar`.

use crate::compression::Format;
use crate::shell::utilities::options;
use crate::shell::utilities::support::{group_id, lines, open_file, user_id};
use crate::shell::{Interrupt, Process};

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Create,
    Append,
    Extract,
    List,
}

/// The command line.
#[derive(Debug)]
pub(super) struct Settings {
    pub mode: Mode,
    /// The archive; `-` for the standard streams.
    pub file: String,
    /// How the archive is packed, where that was said.
    pub format: Option<Format>,
    pub directory: Option<String>,
    /// From which member on another directory is the one that names are of, each within the one before.
    pub turns: Vec<(usize, String)>,
    pub members: Vec<String>,
    pub excluded: Vec<String>,
    /// 0, 1 or 2.
    pub verbose: usize,
    pub strip: usize,
    pub to_stdout: bool,
    pub keeps_old: bool,
    /// Whether what is there stays without a word.
    pub skips_old: bool,
    /// The directory that everything is to be below.
    pub top: Option<String>,
    pub removes: bool,
    pub ignores_unreadable: bool,
    /// Whether only what is newer than in the archive is added.
    pub updates: bool,
    /// The bytes that an archive is filled up to a multiple of.
    pub record: usize,
    pub now: bool,
    pub same_owner: bool,
    pub exact_modes: bool,
    pub numeric: bool,
    pub wildcards: bool,
    pub dereference: bool,
    pub absolute: bool,
    pub recursive: bool,
    /// Owner and group of new members: number and name.
    pub owner: Option<(u32, String)>,
    pub group: Option<(u32, String)>,
    pub mode_text: Option<String>,
    pub mtime: Option<i64>,
    /// `s` commands of `sed` for the names.
    pub transform: Vec<String>,
}

const SHORT: &str = "ctxruf:zjJC:vOkmopT:X:hPSaBlwWE:Q:R:H:L:M:N:U:V:Y:K:D:F:G:I:Zb:A1::2345::";
const LONG: &[(&str, char)] = &[
    ("create", 'c'),
    ("list", 't'),
    ("extract", 'x'),
    ("get", 'x'),
    ("append", 'r'),
    ("update", 'u'),
    ("file", 'f'),
    ("gzip", 'z'),
    ("gunzip", 'z'),
    ("ungzip", 'z'),
    ("bzip2", 'j'),
    ("xz", 'J'),
    ("zstd", 'Z'),
    ("auto-compress", 'a'),
    ("directory", 'C'),
    ("verbose", 'v'),
    ("to-stdout", 'O'),
    ("keep-old-files", 'k'),
    ("skip-old-files", '3'),
    ("one-top-level", '1'),
    ("remove-files", '2'),
    ("ignore-failed-read", '4'),
    ("totals", 'B'),
    ("hard-dereference", 'B'),
    ("acls", 'B'),
    ("selinux", 'B'),
    ("recursive-unlink", 'B'),
    ("show-transformed-names", 'B'),
    ("sparse", 'B'),
    ("blocking-factor", 'b'),
    ("checkpoint-action", 'D'),
    ("touch", 'm'),
    ("no-same-owner", 'o'),
    ("same-owner", 'S'),
    ("same-permissions", 'p'),
    ("preserve-permissions", 'p'),
    ("no-same-permissions", 'W'),
    ("files-from", 'T'),
    ("exclude-from", 'X'),
    ("exclude", 'E'),
    ("dereference", 'h'),
    ("absolute-names", 'P'),
    ("strip-components", 'R'),
    ("owner", 'U'),
    ("group", 'G'),
    ("mode", 'M'),
    ("mtime", 'N'),
    ("transform", 'Y'),
    ("xform", 'Y'),
    ("numeric-owner", 'l'),
    ("wildcards", 'w'),
    ("no-wildcards", 'B'),
    ("no-recursion", 'A'),
    ("recursion", 'B'),
    ("sort", 'Q'),
    ("format", 'H'),
    ("use-compress-program", 'I'),
    ("null", 'B'),
    ("overwrite", 'B'),
    ("unlink-first", 'B'),
    ("warning", 'D'),
    ("no-xattrs", 'B'),
    ("xattrs", 'B'),
    ("no-selinux", 'B'),
    ("no-acls", 'B'),
    ("exclude-vcs", 'V'),
    ("delay-directory-restore", 'B'),
    ("checkpoint", '5'),
];

/// The oldest style: `tar xzf FILE`, where the values follow the word of letters in its order.
fn with_dashes(args: &[String]) -> Vec<String> {
    let Some(first) = args.first().filter(|word| !word.starts_with('-') && !word.is_empty()) else {
        return args.to_vec();
    };
    let mut rest = args[1..].iter();
    let mut words = Vec::new();
    for letter in first.chars() {
        words.push(format!("-{letter}"));
        let after = SHORT.split_once(letter).map_or("", |(_, after)| after);
        if after.starts_with(':')
            && let Some(value) = rest.next()
        {
            words.push(value.clone());
        }
    }
    words.extend(rest.cloned());
    words
}

impl Settings {
    /// Reads the command line, or says what is wrong with it and gives the exit code.
    pub(super) fn of(process: &mut Process<'_, '_>) -> Result<Result<Self, i32>, Interrupt> {
        let words = with_dashes(process.args());
        process.arguments.splice(1.., words);
        let options = match options::parse(process, SHORT, LONG)? {
            Ok(options) => options,
            Err(code) => return Ok(Err(code)),
        };
        let mut modes: Vec<char> =
            options.all().map(|(letter, _)| letter).filter(|letter| "ctxru".contains(*letter)).collect();
        modes.dedup();
        if modes.len() > 1 {
            let text = "You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option";
            return refused(process, text).map(Err);
        }
        let mode_letter = options.last_of("ctxru");
        let mode = match mode_letter {
            Some('u') => Mode::Append,
            Some('c') => Mode::Create,
            Some('t') => Mode::List,
            Some('x') => Mode::Extract,
            Some('r') => Mode::Append,
            _ => {
                let text = "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options";
                return refused(process, text).map(Err);
            }
        };
        let file = options.value('f').unwrap_or("-").to_owned();
        let mut members = options.operands.clone();
        let mut excluded: Vec<String> = options.values('E').map(str::to_owned).collect();
        if options.has('V') && options.values('V').next().is_none() {
            excluded.extend([".git", ".svn", ".hg"].map(str::to_owned));
        }
        for (letter, list) in [('T', &mut members), ('X', &mut excluded)] {
            for path in options.values(letter).map(str::to_owned).collect::<Vec<_>>() {
                match list_of(process, &path)? {
                    Some(names) => list.extend(names),
                    None => return Ok(Err(if process.is_busybox() { 1 } else { 2 })),
                }
            }
        }
        let mut directory: Option<String> = None;
        let mut turns = Vec::new();
        for (place, next) in options.placed('C') {
            // For BusyBox the last one counts, for all.
            let above = directory.filter(|_| !process.is_busybox());
            let here = above.map_or_else(|| next.to_owned(), |above| crate::vfs::path::join(&above, next));
            directory = Some(here.clone());
            turns.push((if process.is_busybox() { 0 } else { place }, here));
        }
        let root = process.credentials.uid == 0;
        let mtime = options.value('N').and_then(|text| super::super::time::parse_date(text, process.now()));
        let owner =
            options.value('U').map(str::to_owned).map(|text| named(&text, |name| user_id(process, name)));
        let group =
            options.value('G').map(str::to_owned).map(|text| named(&text, |name| group_id(process, name)));
        Ok(Ok(Self {
            mode,
            format: format(&options, &file, mode),
            file,
            directory,
            turns,
            members,
            excluded,
            verbose: options.all().filter(|(letter, _)| *letter == 'v').count(),
            strip: options.value('R').and_then(|count| count.parse().ok()).unwrap_or(0),
            to_stdout: options.has('O'),
            keeps_old: options.has('k') || options.has('3'),
            skips_old: options.has('3'),
            top: options.all().find(|(letter, _)| *letter == '1').map(|(_, name)| match name {
                Some(name) => name.to_owned(),
                None => top_of(options.value('f').unwrap_or("")),
            }),
            removes: options.has('2'),
            ignores_unreadable: options.has('4'),
            updates: mode_letter == Some('u'),
            record: 512
                * options
                    .value('b')
                    .and_then(|count| count.parse().ok())
                    .filter(|count| (1..10_000).contains(count))
                    .unwrap_or(20),
            now: options.has('m'),
            same_owner: if options.has('o') { false } else { root || options.has('S') },
            exact_modes: if options.has('W') {
                false
            } else {
                root || options.has('p') && !process.is_busybox()
            },
            numeric: options.has('l'),
            wildcards: options.has('w'),
            dereference: options.has('h'),
            absolute: options.has('P'),
            recursive: !options.has('A'),
            owner,
            group,
            mode_text: options.value('M').map(str::to_owned),
            mtime,
            transform: options.values('Y').map(str::to_owned).collect(),
        }))
    }

    /// Whether the archive comes or goes through a standard stream.
    pub(super) fn is_stream(&self) -> bool {
        self.file == "-"
    }
}

/// The name of an archive without its endings.
fn top_of(file: &str) -> String {
    let name = crate::vfs::path::name(file);
    let name =
        [".gz", ".bz2", ".xz", ".zst"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
    let name = name.strip_suffix(".tgz").or_else(|| name.strip_suffix(".tar")).unwrap_or(name);
    name.to_owned()
}

/// Ends a command line that says too little or too much about what is to be done.
fn refused(process: &mut Process<'_, '_>, text: &str) -> Result<i32, Interrupt> {
    if process.is_busybox() {
        return crate::shell::utilities::usage::print(process);
    }
    process.complain(text)?;
    process.error_output("Try 'tar --help' or 'tar --usage' for more information.\n")?;
    Ok(2)
}

/// `NAME:NUMBER`, a number, or a name that the image knows.
fn named(text: &str, id: impl FnOnce(&str) -> Option<u32>) -> (u32, String) {
    match text.split_once(':') {
        Some((name, number)) => (number.parse().unwrap_or(0), name.to_owned()),
        None => match text.parse() {
            Ok(number) => (number, String::new()),
            Err(_) => (id(text).unwrap_or(0), text.to_owned()),
        },
    }
}

fn format(options: &options::Options, file: &str, mode: Mode) -> Option<Format> {
    let said = options.last_of("zjJZI").map(|letter| match letter {
        'z' => Format::Gzip,
        'j' => Format::Bzip2,
        'J' => Format::Xz,
        'Z' => Format::Zstd,
        _ => match options.value('I').unwrap_or_default().split(' ').next().unwrap_or_default() {
            "bzip2" | "pbzip2" => Format::Bzip2,
            "xz" | "pixz" => Format::Xz,
            "zstd" | "unzstd" => Format::Zstd,
            _ => Format::Gzip,
        },
    });
    if said.is_some() || !options.has('a') || mode != Mode::Create {
        return said;
    }
    let ends = |endings: &[&str]| endings.iter().any(|ending| file.ends_with(ending));
    if ends(&[".gz", ".tgz", ".taz"]) {
        Some(Format::Gzip)
    } else if ends(&[".bz2", ".tbz", ".tbz2"]) {
        Some(Format::Bzip2)
    } else if ends(&[".xz", ".txz"]) {
        Some(Format::Xz)
    } else if ends(&[".zst", ".tzst"]) {
        Some(Format::Zstd)
    } else {
        None
    }
}

/// The lines of a file of names.
fn list_of(process: &mut Process<'_, '_>, path: &str) -> Result<Option<Vec<String>>, Interrupt> {
    let bytes = if path == "-" {
        process.read_input()?
    } else {
        match open_file(process, path) {
            Ok(input) => process.read_all(&input)?,
            Err(error) => {
                let text = if process.is_busybox() {
                    format!("can't open '{path}': {}", error.kind.message())
                } else {
                    format!("{path}: Cannot open: {}", error.kind.message())
                };
                process.complain(&text)?;
                return Ok(None);
            }
        }
    };
    // `--null` ends names with NUL.
    let text: Vec<u8> = bytes.into_iter().map(|byte| if byte == 0 { b'\n' } else { byte }).collect();
    Ok(Some(lines(&text).into_iter().filter(|line| !line.is_empty()).collect()))
}

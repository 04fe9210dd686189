//! `gzip gunzip zcat`, `bzip2 bunzip2 bzcat`, `xz unxz xzcat`, `zstd unzstd zstdcat`: files that are packed in place.
//!
//! gzip packs to the bit as the real programs do; the others make files that the real programs read.

use super::options::{self, Options};
use super::support::open_file;
use crate::compression::deflate::{Level, Packer};
use crate::compression::{Flaw, Format, gzip};
use crate::shell::{Interrupt, Outcome, Process, bytes};
use crate::vfs::{Content, Follow, Metadata, VfsError, VfsErrorKind, path};

/// What one of the programs works with.
struct Tool {
    format: Format,
    /// The ending of its files.
    suffix: &'static str,
    /// Whether it unpacks.
    unpacks: bool,
    /// Whether it prints.
    prints: bool,
    keeps: bool,
    forces: bool,
    tests: bool,
    quiet: bool,
    verbose: bool,
    lists: bool,
}

impl Tool {
    fn of(name: &str, options: &Options) -> Self {
        let (format, suffix) = match name {
            "bzip2" | "bunzip2" | "bzcat" => (Format::Bzip2, ".bz2"),
            "xz" | "unxz" | "xzcat" => (Format::Xz, ".xz"),
            "zstd" | "unzstd" | "zstdcat" => (Format::Zstd, ".zst"),
            _ => (Format::Gzip, ".gz"),
        };
        let reads = name.contains("cat");
        let tests = options.has('t');
        Self {
            format,
            suffix,
            unpacks: reads
                || name.contains("un")
                || tests
                || options.has('l')
                || options.last_of("dz") == Some('d'),
            prints: reads || options.has('c'),
            keeps: options.has('k') || format == Format::Zstd && !options.has('R'),
            forces: options.has('f'),
            tests,
            quiet: options.has('q'),
            verbose: options.has('v'),
            lists: options.has('l'),
        }
    }

    /// The name that a file gets.
    fn target(&self, path: &str) -> Option<String> {
        if !self.unpacks {
            return Some(format!("{path}{}", self.suffix));
        }
        let endings: &[(&str, &str)] = match self.format {
            Format::Gzip => &[
                (".gz", ""),
                (".tgz", ".tar"),
                (".taz", ".tar"),
                ("-gz", ""),
                (".z", ""),
                ("-z", ""),
                (".Z", ""),
            ],
            Format::Bzip2 => &[(".bz2", ""), (".bz", ""), (".tbz2", ".tar"), (".tbz", ".tar")],
            Format::Xz => &[(".xz", ""), (".txz", ".tar"), (".lzma", "")],
            Format::Zstd => &[(".zst", ""), (".tzst", ".tar")],
        };
        endings.iter().find_map(|(ending, new)| {
            let stem = path.strip_suffix(ending).filter(|stem| !stem.is_empty() && !stem.ends_with('/'))?;
            Some(format!("{stem}{new}"))
        })
    }
}

const LONG: [(&str, char); 21] = [
    ("stdout", 'c'),
    ("to-stdout", 'c'),
    ("decompress", 'd'),
    ("uncompress", 'd'),
    ("compress", 'z'),
    ("force", 'f'),
    ("keep", 'k'),
    ("list", 'l'),
    ("no-name", 'n'),
    ("name", 'N'),
    ("quiet", 'q'),
    ("test", 't'),
    ("verbose", 'v'),
    ("fast", '1'),
    ("best", '9'),
    ("extreme", 'e'),
    ("recursive", 'r'),
    ("suffix", 'S'),
    ("threads", 'T'),
    ("rm", 'R'),
    ("rsyncable", 'y'),
];

/// Packs or unpacks each file, or standard input.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "cdzfklnNqtv0123456789erS:T:Ryas", &LONG)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let name = process.name().to_owned();
    let tool = Tool::of(&name, &options);
    // The applet has no packer.
    if process.is_busybox() && !tool.unpacks && tool.format == Format::Xz {
        return options::usage_error(process);
    }
    let mut code = 0;
    let standard = ["-".to_owned()];
    let paths = if options.operands.is_empty() { &standard[..] } else { &options.operands };
    for path in paths {
        let done = if path == "-" {
            standard_input(process, &tool, &options)?
        } else {
            file(process, &tool, &options, path)?
        };
        // A warning (2) gives way to an error (1).
        code = if code == 1 || done == 1 { 1 } else { code.max(done) };
    }
    Ok(if process.is_busybox() { code.min(1) } else { code })
}

fn level(options: &Options) -> u8 {
    options.last_of("123456789").and_then(|digit| digit.to_digit(10)).unwrap_or(6) as u8
}

fn pack(
    process: &Process<'_, '_>,
    format: Format,
    options: &Options,
    data: &[u8],
    name: Option<&str>,
    mtime: i64,
) -> Vec<u8> {
    if format != Format::Gzip {
        let best = if format == Format::Bzip2 { 9 } else { 6 };
        let level = options.last_of("123456789").map_or(best, |_| level(options));
        return format.pack(data, level);
    }
    let busybox = process.is_busybox();
    let packer = if busybox { Packer::Busybox } else { Packer::Gnu };
    let level = Level::new(level(options), packer);
    if busybox || options.last_of("nN") == Some('n') {
        return gzip::pack(data, level, packer, None, 0);
    }
    let name = name.map(bytes::to_bytes);
    gzip::pack(data, level, packer, name.as_deref(), u32::try_from(mtime).unwrap_or(0))
}

fn standard_input(process: &mut Process<'_, '_>, tool: &Tool, options: &Options) -> Outcome {
    // A file has a time also where it comes through a redirection.
    let mtime = process.input_node().map_or(0, |node| node.metadata().mtime);
    let data = process.read_input()?;
    if !tool.unpacks {
        process.step(data.len() as u64 / 64)?;
        let packed = pack(process, tool.format, options, &data, None, mtime);
        process.output_bytes(&packed)?;
        return Ok(0);
    }
    match unpack(process, tool, &data, "stdin")? {
        Ok((unpacked, code)) => {
            if !tool.tests {
                process.output_bytes(&unpacked)?;
            }
            Ok(code)
        }
        Err(code) => Ok(code),
    }
}

/// Unpacks, or says what is wrong and gives the exit code. What came out before the damage is printed, as a stream is.
fn unpack(
    process: &mut Process<'_, '_>,
    tool: &Tool,
    data: &[u8],
    path: &str,
) -> Result<Result<(Vec<u8>, i32), i32>, Interrupt> {
    let limit = usize::try_from(process.machine.room()).unwrap_or(usize::MAX);
    process.step(data.len() as u64 / 64)?;
    if data.is_empty() && tool.format == Format::Gzip {
        let text = if process.is_busybox() {
            "invalid magic".to_owned()
        } else {
            format!("{path}: unexpected end of file")
        };
        say_damage(process, path, &text)?;
        return Ok(Err(1));
    }
    // BusyBox's `zcat` takes all formats that it knows.
    let takes_all = process.is_busybox() && process.name() == "zcat";
    let format = if takes_all { Format::of(data).unwrap_or(tool.format) } else { tool.format };
    if Format::of(data) != Some(format) {
        if tool.forces && tool.prints {
            return Ok(Ok((data.to_vec(), 0)));
        }
        let text = match process.is_busybox() {
            true if takes_all => "no gzip/bzip2/xz magic".to_owned(),
            true => "invalid magic".to_owned(),
            false => not_this_format(tool, path),
        };
        say_damage(process, path, &text)?;
        return Ok(Err(if tool.format == Format::Bzip2 && !process.is_busybox() { 2 } else { 1 }));
    }
    let unpacked = format.unpack(data, limit);
    process.step(unpacked.bytes.len() as u64 / 256)?;
    let Some(damage) = unpacked.damage else { return Ok(Ok((unpacked.bytes, 0))) };
    let busybox = process.is_busybox();
    // After a whole member, anything else is ignored.
    if damage.flaw == Flaw::NotThisFormat && tool.format == Format::Gzip {
        if !busybox && !tool.quiet {
            say_damage(process, path, &format!("{path}: decompression OK, trailing garbage ignored"))?;
        }
        return Ok(Ok((unpacked.bytes, if busybox { 0 } else { 2 })));
    }
    if damage.flaw == Flaw::TooLarge {
        let limit = process.machine.room();
        return Err(Interrupt::Limit(crate::shell::LimitExceeded::TreeBytes(limit)));
    }
    // What did not fill a window has not been written by BusyBox.
    if (tool.prints || path == "stdin") && !busybox {
        process.output_bytes(&unpacked.bytes)?;
    }
    let text = damage_text(tool, path, damage.flaw, busybox);
    say_damage(process, path, &text)?;
    Ok(Err(if tool.format == Format::Bzip2 && !busybox { 2 } else { 1 }))
}

fn not_this_format(tool: &Tool, path: &str) -> String {
    match tool.format {
        Format::Gzip => format!("{path}: not in gzip format"),
        Format::Bzip2 => format!("{} is not a bzip2 file.", xz_name(path)),
        Format::Xz => format!("{}: File format not recognized", xz_name(path)),
        Format::Zstd => format!("{path}: unsupported format"),
    }
}

fn xz_name(path: &str) -> &str {
    if path == "stdin" { "(stdin)" } else { path }
}

fn damage_text(tool: &Tool, path: &str, flaw: Flaw, busybox: bool) -> String {
    if busybox {
        return match flaw {
            Flaw::UnexpectedEnd => "unexpected end of file".to_owned(),
            Flaw::Checksum => "crc error".to_owned(),
            _ => "corrupted data".to_owned(),
        };
    }
    match (tool.format, flaw) {
        (Format::Gzip, Flaw::UnexpectedEnd) => format!("{path}: unexpected end of file"),
        (Format::Gzip, Flaw::Checksum) => format!("{path}: invalid compressed data--crc error"),
        (Format::Gzip, _) => format!("{path}: invalid compressed data--format violated"),
        (Format::Bzip2, Flaw::UnexpectedEnd) => {
            "Compressed file ends unexpectedly;\n\tperhaps it is corrupted?  *Possible* reason follows."
                .to_owned()
        }
        (Format::Bzip2, _) => "Data integrity error when decompressing.".to_owned(),
        (Format::Xz, Flaw::UnexpectedEnd) => format!("{}: Unexpected end of input", xz_name(path)),
        (Format::Xz, _) => format!("{}: Compressed data is corrupt", xz_name(path)),
        (Format::Zstd, _) => format!("{path} : Decoding error (36) : Data corruption detected"),
    }
}

/// GNU's `gunzip` and `zcat` are scripts that end in `gzip`.
fn complain(process: &mut Process<'_, '_>, tool: &Tool, text: &str) -> Result<(), Interrupt> {
    if tool.format == Format::Gzip && !process.is_busybox() {
        return process.error_output(&format!("gzip: {text}\n"));
    }
    process.complain(text)
}

fn say_damage(process: &mut Process<'_, '_>, _path: &str, text: &str) -> Result<(), Interrupt> {
    let is_gzip = matches!(process.name(), "gzip" | "gunzip" | "zcat") && !process.is_busybox();
    if is_gzip {
        return process.error_output(&format!("\ngzip: {text}\n"));
    }
    process.complain(text)
}

/// One file, which gives way to the new one.
fn file(process: &mut Process<'_, '_>, tool: &Tool, options: &Options, path: &str) -> Outcome {
    let busybox = process.is_busybox();
    let (path, input) = match open(process, tool, path)? {
        Ok(opened) => opened,
        Err(code) => return Ok(code),
    };
    let metadata = *match process.stat(&path) {
        Ok(node) => node,
        Err(_) => return Ok(1),
    }
    .metadata();
    let data = process.read_all(&input)?;
    let target = if tool.prints || tool.tests || tool.lists { None } else { tool.target(&path) };
    if target.is_none() && !tool.prints && !tool.tests && !tool.lists {
        complain(
            process,
            tool,
            &format!("{path}: unknown suffix -{} ignored", if busybox { "" } else { "-" }),
        )?;
        return Ok(if busybox { 1 } else { 2 });
    }
    let already = !tool.unpacks && path.ends_with(tool.suffix) && target.is_some();
    if already && !tool.forces && !busybox {
        complain(process, tool, &format!("{path} already has {} suffix -- unchanged", tool.suffix))?;
        return Ok(0);
    }
    let (result, code) = if tool.unpacks {
        match unpack(process, tool, &data, &path)? {
            Ok(unpacked) => unpacked,
            Err(code) => return Ok(code),
        }
    } else {
        let name = path::name(&path).to_owned();
        process.step(data.len() as u64 / 64)?;
        (pack(process, tool.format, options, &data, Some(&name), metadata.mtime), 0)
    };
    if tool.lists {
        return list(process, &data, &result, &path);
    }
    if tool.tests {
        if tool.verbose && !busybox {
            process.error_output(&format!("{path}:\t OK\n"))?;
        }
        return Ok(code);
    }
    let Some(target) = target else {
        process.output_bytes(&result)?;
        return Ok(code);
    };
    if process.lstat(&target).is_ok() && !tool.forces {
        let text = if busybox {
            format!("can't open '{target}': File exists")
        } else {
            format!("{target} already exists;\tnot overwritten")
        };
        process.complain(&text)?;
        return Ok(if busybox { 1 } else { 2 });
    }
    let ratio = ratio(&data, &result, tool.unpacks, path::name(if tool.unpacks { &target } else { &path }));
    let written = process
        .write_with_mode(&target, Content::new(result), 0o600)
        .and_then(|()| process.set_mode(&target, metadata.mode))
        .and_then(|()| stamp(process, tool, &target, &metadata, &data));
    if let Err(error) = written {
        process.check_limits()?;
        process.complain(&format!("{target}: {}", error.kind.message()))?;
        return Ok(1);
    }
    if !tool.keeps {
        let _ = process.remove(&path);
    }
    if tool.verbose && !busybox {
        let verb = if tool.keeps { "created" } else { "replaced with" };
        process.error_output(&format!("{path}:\t{ratio} -- {verb} {target}\n"))?;
    }
    Ok(code)
}

/// Gives the new file owner and time: GNU's that of the old one, BusyBox the time that was packed with it.
fn stamp(
    process: &mut Process<'_, '_>,
    tool: &Tool,
    target: &str,
    metadata: &Metadata,
    packed: &[u8],
) -> Result<(), VfsError> {
    if process.is_busybox() {
        let time = packed.get(4..8).filter(|_| tool.unpacks && tool.format == Format::Gzip);
        let time = time.and_then(|bytes| bytes.first_chunk().map(|bytes| u32::from_le_bytes(*bytes)));
        return match time {
            Some(mtime @ 1..) => process.set_mtime(target, mtime.into(), Follow::Yes),
            _ => Ok(()),
        };
    }
    match process.set_owner(target, Some(metadata.uid), Some(metadata.gid), Follow::Yes) {
        Err(error) if error.kind != VfsErrorKind::NotPermitted => Err(error),
        _ => process.set_mtime(target, metadata.mtime, Follow::Yes),
    }
}

/// Opens a file, trying the ending too where it unpacks.
fn open(
    process: &mut Process<'_, '_>,
    tool: &Tool,
    path: &str,
) -> Result<Result<(String, crate::shell::Input), i32>, Interrupt> {
    let mut path = path.to_owned();
    if tool.unpacks && !process.exists(&path) && !process.is_busybox() {
        let with_suffix = format!("{path}{}", tool.suffix);
        if process.exists(&with_suffix) {
            path = with_suffix;
        }
    }
    match open_file(process, &path) {
        Ok(input) => Ok(Ok((path, input))),
        Err(error) => {
            let reason = error.kind.message();
            let is_directory = error.kind == VfsErrorKind::IsADirectory;
            let text = if process.is_busybox() {
                if is_directory {
                    "read error: Is a directory".to_owned()
                } else {
                    format!("{path}: {reason}")
                }
            } else if is_directory {
                format!("{path} is a directory -- ignored")
            } else {
                // The name that it tried last.
                let shown =
                    if tool.unpacks && error.kind == VfsErrorKind::NotFound && tool.format == Format::Gzip {
                        format!("{path}{}", if path.ends_with(tool.suffix) { "" } else { tool.suffix })
                    } else {
                        path.clone()
                    };
                format!("{shown}: {reason}")
            };
            if is_directory && !process.is_busybox() || process.is_busybox() {
                process.complain(&text)?;
            } else if tool.format == Format::Gzip {
                process.error_output(&format!("gzip: {text}\n"))?;
            } else if tool.format == Format::Bzip2 {
                process.complain(&format!("Can't open input file {path}: {reason}."))?;
            } else {
                process.complain(&text)?;
            }
            Ok(Err(if is_directory && !process.is_busybox() { 2 } else { 1 }))
        }
    }
}

/// How much was saved, without the header and the trailer.
fn ratio(data: &[u8], result: &[u8], unpacks: bool, name: &str) -> String {
    let (packed, plain) = if unpacks { (data.len(), result.len()) } else { (result.len(), data.len()) };
    let around = 18 + if name.is_empty() { 0 } else { name.len() + 1 };
    let value =
        if plain == 0 { 0.0 } else { 100.0 * (plain as f64 - packed as f64 + around as f64) / plain as f64 };
    format!("{value:5.1}%")
}

fn list(process: &mut Process<'_, '_>, data: &[u8], plain: &[u8], path: &str) -> Outcome {
    let name = path.strip_suffix(".gz").unwrap_or(path);
    let ratio = ratio(data, plain, true, "");
    process.output(&format!(
        "         compressed        uncompressed  ratio uncompressed_name\n{:>19} {:>19} {ratio} {name}\n",
        data.len(),
        plain.len()
    ))?;
    Ok(0)
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::shown;

    #[test]
    fn all_formats_pack() {
        for (tool, suffix) in [("bzip2", "bz2"), ("xz", "xz"), ("zstd --rm -q", "zst")] {
            let name = tool.split(' ').next().unwrap();
            let script = format!(
                "seq 1000 > /n; ln -s xz /usr/bin/zstd; {tool} /n; [ -e /n ] || ls /n.*; {name} -dc /n.{suffix} | sha256sum | cut -c1-8; tar -C / -c d | {name} | {name} -dc | tar t | head -n 1"
            );
            assert_eq!(shown("dash", &script), format!("/n.{suffix}\n67d4ff71\nd/\n"));
        }
        for option in ["j", "J", "-zstd", "a"] {
            let option =
                if option.starts_with('-') { format!("-c -{option} -f") } else { format!("c{option}f") };
            let script = format!(
                "cd /; tar {option} /t.tar.xz d; tar tf /t.tar.xz | head -n 1; stat -c '%s' /t.tar.xz"
            );
            let printed = shown("dash", &script);
            let (first, size) = printed.split_once('\n').unwrap();
            assert!(first == "d/" && size.trim().parse::<u32>().unwrap() < 2000, "{printed}");
        }
        assert!(crate::shell::testing::sh("xz /d/a.txt").contains("Usage: xz -d"));
    }
}

//! What BusyBox prints when an applet is called wrongly: its version, and how the applet wants to be called.

use crate::shell::{ExitCode, Interrupt, Process};

/// Prints the usage of the applet, where it is known here, and gives the exit code that goes with it.
pub(super) fn print(process: &mut Process<'_, '_>) -> Result<ExitCode, Interrupt> {
    let name = match process.name() {
        "egrep" | "fgrep" => "grep",
        name => name,
    };
    if let Some((_, text)) = USAGES.iter().find(|(applet, _)| *applet == name) {
        process.error_output(&format!("{VERSION} multi-call binary.\n\nUsage: {text}\n"))?;
    }
    Ok(1)
}

/// As Alpine 3.21 has it.
const VERSION: &str = "BusyBox v1.37.0 (2025-01-17 18:12:01 UTC)";

/// For those that are most often called wrongly.
const USAGES: &[(&str, &str)] = &[
    (
        "awk",
        "awk [OPTIONS] [AWK_PROGRAM] [FILE]...\n\
             \n\
             \t-v VAR=VAL\tSet variable\n\
             \t-F SEP\t\tUse SEP as field separator\n\
             \t-f FILE\t\tRead program from FILE\n\
             \t-e AWK_PROGRAM",
    ),
    (
        "grep",
        "grep [-HhnlLoqvsrRiwFEz] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]...\n\
             \n\
             Search for PATTERN in FILEs (or stdin)\n\
             \n\
             \t-H\tAdd 'filename:' prefix\n\
             \t-h\tDo not add 'filename:' prefix\n\
             \t-n\tAdd 'line_no:' prefix\n\
             \t-l\tShow only names of files that match\n\
             \t-L\tShow only names of files that don't match\n\
             \t-c\tShow only count of matching lines\n\
             \t-o\tShow only the matching part of line\n\
             \t-q\tQuiet. Return 0 if PATTERN is found, 1 otherwise\n\
             \t-v\tSelect non-matching lines\n\
             \t-s\tSuppress open and read errors\n\
             \t-r\tRecurse\n\
             \t-R\tRecurse and dereference symlinks\n\
             \t-i\tIgnore case\n\
             \t-w\tMatch whole words only\n\
             \t-x\tMatch whole lines only\n\
             \t-F\tPATTERN is a literal (not regexp)\n\
             \t-E\tPATTERN is an extended regexp\n\
             \t-z\tNUL terminated input\n\
             \t-m N\tMatch up to N times per file\n\
             \t-A N\tPrint N lines of trailing context\n\
             \t-B N\tPrint N lines of leading context\n\
             \t-C N\tSame as '-A N -B N'\n\
             \t-e PTRN\tPattern to match\n\
             \t-f FILE\tRead pattern from file",
    ),
    (
        "sed",
        "sed [-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]...\n\
             or: sed [-i[SFX]] [-nrE] CMD [FILE]...\n\
             \n\
             \t-e CMD\tAdd CMD to sed commands to be executed\n\
             \t-f FILE\tAdd FILE contents to sed commands to be executed\n\
             \t-i[SFX]\tEdit files in-place (otherwise write to stdout)\n\
             \t\tOptionally back files up, appending SFX\n\
             \t-n\tSuppress automatic printing of pattern space\n\
             \t-r,-E\tUse extended regex syntax\n\
             \n\
             If no -e or -f, the first non-option argument is the sed command string.\n\
             Remaining arguments are input files (stdin if none).",
    ),
    (
        "sort",
        "sort [-nrugMcszbdfiokt] [-o FILE] [-k START[.OFS][OPTS][,END[.OFS][OPTS]] [-t CHAR] [FILE]...\n\
             \n\
             Sort lines of text\n\
             \n\
             \t-o FILE\tOutput to FILE\n\
             \t-c\tCheck whether input is sorted\n\
             \t-b\tIgnore leading blanks\n\
             \t-f\tIgnore case\n\
             \t-i\tIgnore unprintable characters\n\
             \t-d\tDictionary order (blank or alphanumeric only)\n\
             \t-n\tSort numbers\n\
             \t-g\tGeneral numerical sort\n\
             \t-M\tSort month\n\
             \t-V\tSort version\n\
             \t-t CHAR\tField separator\n\
             \t-k N[,M] Sort by Nth field\n\
             \t-r\tReverse sort order\n\
             \t-s\tStable (don't sort ties alphabetically)\n\
             \t-u\tSuppress duplicate lines\n\
             \t-z\tNUL terminated input and output",
    ),
    (
        "truncate",
        "truncate [-c] -s SIZE FILE...\n\
             \n\
             Truncate FILEs to SIZE\n\
             \n\
             \t-c\tDo not create files\n\
             \t-s SIZE",
    ),
    (
        "xxd",
        "xxd [-pri] [-g N] [-c N] [-l LEN] [-s OFS] [-o OFS] [FILE]\n\
             \n\
             Hex dump FILE (or stdin)\n\
             \n\
             \t-g N\t\tBytes per group\n\
             \t-c N\t\tBytes per line\n\
             \t-p\t\tShow only hex bytes, assumes -c30\n\
             \t-i\t\tC include file style\n\
             \t-l LENGTH\tShow only first LENGTH bytes\n\
             \t-s OFFSET\tSkip OFFSET bytes\n\
             \t-o OFFSET\tAdd OFFSET to displayed offset\n\
             \t-r\t\tReverse (with -p, assumes no offsets in input)",
    ),
    (
        "cpio",
        "cpio [-dmvu] [-F FILE] [-R USER[:GRP]] [-H newc] [-tio] [EXTR_FILE]...\n\
             \n\
             Extract (-i) or list (-t) files from a cpio archive, or\n\
             take file list from stdin and create an archive (-o)\n\
             \n\
             Main operation mode:\n\
             \t-t\tList\n\
             \t-i\tExtract EXTR_FILEs (or all)\n\
             \t-o\tCreate (requires -H newc)\n\
             Options:\n\
             \t-H newc\tArchive format\n\
             \t-d\tMake leading directories\n\
             \t-m\tRestore mtime\n\
             \t-v\tVerbose\n\
             \t-u\tOverwrite\n\
             \t-F FILE\tInput (-t,-i,-p) or output (-o) file\n\
             \t-R USER[:GRP]\tSet owner of created files\n\
             \t-L\tDereference symlinks\n\
             \t-0\tNUL terminated input\n\
             \t--ignore-devno\n\
             \t--renumber-inodes",
    ),
    (
        "uniq",
        "uniq [-cduiz] [-f,s,w N] [FILE [OUTFILE]]\n\
             \n\
             Discard duplicate lines\n\
             \n\
             \t-c\tPrefix lines by the number of occurrences\n\
             \t-d\tOnly print duplicate lines\n\
             \t-u\tOnly print unique lines\n\
             \t-i\tIgnore case\n\
             \t-z\tNUL terminated output\n\
             \t-f N\tSkip first N fields\n\
             \t-s N\tSkip first N chars (after any skipped fields)\n\
             \t-w N\tCompare N characters in line",
    ),
    (
        "cut",
        "cut [OPTIONS] [FILE]...\n\
             \n\
             Print selected fields from FILEs to stdout\n\
             \n\
             \t-b LIST\tOutput only bytes from LIST\n\
             \t-c LIST\tOutput only characters from LIST\n\
             \t-d SEP\tField delimiter for input (default -f TAB, -F run of whitespace)\n\
             \t-O SEP\tField delimiter for output (default = -d for -f, one space for -F)\n\
             \t-D\tDon't sort/collate sections or match -fF lines without delimiter\n\
             \t-f LIST\tPrint only these fields (-d is single char)\n\
             \t-F LIST\tPrint only these fields (-d is regex)\n\
             \t-s\tOutput only lines containing delimiter\n\
             \t-n\tIgnored",
    ),
    (
        "tr",
        "tr [-cds] STRING1 [STRING2]\n\
             \n\
             Translate, squeeze, or delete characters from stdin, writing to stdout\n\
             \n\
             \t-c\tTake complement of STRING1\n\
             \t-d\tDelete input characters coded STRING1\n\
             \t-s\tSqueeze multiple output characters of STRING2 into one character",
    ),
    (
        "head",
        "head [OPTIONS] [FILE]...\n\
             \n\
             Print first 10 lines of FILEs (or stdin).\n\
             With more than one FILE, precede each with a filename header.\n\
             \n\
             \t-n N[bkm]\tPrint first N lines\n\
             \t-n -N[bkm]\tPrint all except N last lines\n\
             \t-c [-]N[bkm]\tPrint first N bytes\n\
             \t\t\t(b:*512 k:*1024 m:*1024^2)\n\
             \t-q\t\tNever print headers\n\
             \t-v\t\tAlways print headers",
    ),
    (
        "tail",
        "tail [OPTIONS] [FILE]...\n\
             \n\
             Print last 10 lines of FILEs (or stdin) to.\n\
             With more than one FILE, precede each with a filename header.\n\
             \n\
             \t-c [+]N[bkm]\tPrint last N bytes\n\
             \t-n N[bkm]\tPrint last N lines\n\
             \t-n +N[bkm]\tStart on Nth line and print the rest\n\
             \t\t\t(b:*512 k:*1024 m:*1024^2)\n\
             \t-q\t\tNever print headers\n\
             \t-v\t\tAlways print headers\n\
             \t-f\t\tPrint data as file grows\n\
             \t-F\t\tSame as -f, but keep retrying\n\
             \t-s SECONDS\tWait SECONDS between reads with -f",
    ),
    (
        "xargs",
        "xargs [OPTIONS] [PROG ARGS]\n\
             \n\
             Run PROG on every item given by stdin\n\
             \n\
             \t-0\tNUL terminated input\n\
             \t-a FILE\tRead from FILE instead of stdin\n\
             \t-r\tDon't run command if input is empty\n\
             \t-t\tPrint the command on stderr before execution\n\
             \t-p\tAsk user whether to run each command\n\
             \t-E STR,-e[STR]\tSTR stops input processing\n\
             \t-I STR\tReplace STR within PROG ARGS with input line\n\
             \t-n N\tPass no more than N args to PROG\n\
             \t-s N\tPass command line of no more than N bytes\n\
             \t-P N\tRun up to N PROGs in parallel\n\
             \t-x\tExit if size is exceeded",
    ),
    (
        "diff",
        "diff [-abBdiNqrTstw] [-L LABEL] [-S FILE] [-U LINES] FILE1 FILE2\n\
             \n\
             Compare files line by line and output the differences between them.\n\
             This implementation supports unified diffs only.\n\
             \n\
             \t-a\tTreat all files as text\n\
             \t-b\tIgnore changes in the amount of whitespace\n\
             \t-B\tIgnore changes whose lines are all blank\n\
             \t-d\tTry hard to find a smaller set of changes\n\
             \t-i\tIgnore case differences\n\
             \t-L\tUse LABEL instead of the filename in the unified header\n\
             \t-N\tTreat absent files as empty\n\
             \t-q\tOutput only whether files differ\n\
             \t-r\tRecurse\n\
             \t-S\tStart with FILE when comparing directories\n\
             \t-T\tMake tabs line up by prefixing a tab when necessary\n\
             \t-s\tReport when two files are the same\n\
             \t-t\tExpand tabs to spaces in output\n\
             \t-U\tOutput LINES lines of context\n\
             \t-w\tIgnore all whitespace",
    ),
];

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn the_words_of_the_c_library() {
        let answer = sh("awk -z; mkdir /lib; : > /lib/ld-musl-x86_64.so.1; grep -P x /d/a.txt");
        assert!(answer.starts_with("! awk: invalid option -- 'z'\n! BusyBox v1.37.0 ("), "{answer}");
        assert!(answer.contains("\n! grep: unrecognized option: P\n! BusyBox v1.37.0 ("), "{answer}");
        assert!(answer.contains("\n! Usage: grep [-HhnlLoqvsrRiwFEz] ["), "{answer}");
        assert!(answer.ends_with("= 2\n"), "{answer}");
        assert_eq!(
            shown("dash", "uniq -y"),
            "! uniq: invalid option -- 'y'\n! Try 'uniq --help' for more information.\n= 1\n"
        );
    }
}

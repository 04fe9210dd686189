//! Scripts from a seed: commands whose answers every shell should give in the same way.
//!
//! What is known to differ and is listed in `docs/shell.md` is not made: process IDs, times, the order in which
//! processes that run at once print.

/// Which language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Ash,
    Dash,
    Bash,
}

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len())]
    }
}

/// A script.
pub(crate) fn script(seed: u64, language: Language) -> String {
    let mut dice = Dice(seed);
    // A trace and pipelines together have no order.
    let traced = dice.roll(8) == 0;
    let mut writer = Writer { dice, language, traced, depth: 0, loops: 0, functions: 0 };
    let mut text = String::new();
    if traced {
        text.push_str("set -x\n");
    }
    if writer.dice.roll(4) == 0 {
        text.push_str(writer.dice.pick(&[
            "set -e\n",
            "set -u\n",
            "set -f\n",
            "set -eu\n",
            "set -C\n",
            "set -a\n",
        ]));
    }
    for _ in 0..=writer.dice.roll(7) {
        text.push_str(&writer.line());
        text.push('\n');
    }
    text
}

struct Writer {
    dice: Dice,
    language: Language,
    traced: bool,
    depth: u32,
    loops: u32,
    functions: u32,
}

const NAMES: [&str; 5] = ["a", "b", "c", "x1", "_y"];
const TEXTS: [&str; 12] =
    ["foo", "bar", "a b", "x", "1", "42", "-n", "a*", "f?", "two  blanks", "dir/file.txt", "w:x:y"];
const FILES: [&str; 4] = ["f1", "f2", "d/f3", "nodir/f"];
const PATTERNS: [&str; 12] =
    ["*", "?", "f*", "*o", "[a-f]*", "[!a]*", "*:*", "'*'", "\\*", "\"$a\"", "$b", "[[:digit:]]*"];

impl Writer {
    fn line(&mut self) -> String {
        self.depth += 1;
        let text = if self.depth > 3 { self.simple() } else { self.command() };
        self.depth -= 1;
        text
    }

    fn command(&mut self) -> String {
        match self.dice.roll(22) {
            0 => format!("if {}; then {}; else {}; fi", self.condition(), self.line(), self.line()),
            1 => format!(
                "if {}; then {}; elif {}; then {}; fi",
                self.condition(),
                self.line(),
                self.condition(),
                self.line()
            ),
            2 => self.counted_loop(),
            3 | 4 => {
                let (name, words) = (self.name(), self.words(3));
                self.loops += 1;
                let body = self.line();
                self.loops -= 1;
                format!("for {name} in {words}; do {body}; echo \"<${name}>\"; done")
            }
            5 => self.case(),
            6 => {
                // bash counts lines in another way where it takes two parentheses for arithmetic at first.
                let lines = self.lines();
                let gap = if lines.starts_with('(') && self.language == Language::Bash { " " } else { "" };
                format!("({gap}{lines})")
            }
            7 => format!("{{ {}; }}", self.lines()),
            8 => format!("{} && {}", self.simple(), self.simple()),
            9 => format!("{} || {}", self.simple(), self.simple()),
            10 => format!("! {}", self.simple()),
            11 => self.function(),
            12 if !self.traced => self.pipeline(),
            13 => self.here_document(),
            14 => {
                let file = format!("g{}", self.depth);
                format!("{{ {}; }} >{file} 2>&1; cat {file}", self.lines())
            }
            15 => format!("eval {}", quoted(&self.simple())),
            16 => format!(
                "while read {} {}; do echo \"$a|$b\"; done <<X\n{} {}\n{}\nX\n:",
                self.name(),
                self.name(),
                self.text(),
                self.text(),
                self.text()
            ),
            17 => format!("{}; echo $?", self.lines()),
            18 if self.language == Language::Bash => self.bash(),
            _ => self.simple(),
        }
    }

    fn lines(&mut self) -> String {
        let count = 1 + self.dice.roll(2);
        let all: Vec<String> = (0..count).map(|_| self.line()).collect();
        all.join("\n")
    }

    fn counted_loop(&mut self) -> String {
        let counter = format!("i{}", self.depth);
        self.loops += 1;
        let body = self.line();
        self.loops -= 1;
        let leave = self.dice.pick(&["", "", "break; ", "[ $N = 2 ] && break; ", "[ $N = 1 ] && continue; "]);
        let leave = leave.replace('N', &counter);
        format!("{counter}=0; while [ ${counter} -lt 3 ]; do {counter}=$(({counter}+1)); {leave}{body}; done")
    }

    fn case(&mut self) -> String {
        let mut word = self.word();
        if self.language == Language::Bash && matches!(&*word, "$@" | "\"$@\"" | "$*") {
            // bash compares empty parameters in a way that nothing matches.
            word = "$#".to_owned();
        }
        let (one, two) = (self.pattern(), self.pattern());
        format!(
            "case {word} in {one}|{two}) {} ;; {}) {} ;; *) echo other; esac",
            self.line(),
            self.pattern(),
            self.line()
        )
    }

    fn function(&mut self) -> String {
        self.functions += 1;
        let name = format!("fn{}", self.functions);
        let outer = std::mem::take(&mut self.loops);
        let body = self.lines();
        self.loops = outer;
        let local = if self.dice.roll(2) == 0 { "local a=in b; " } else { "" };
        let end = self.dice.pick(&["", "; return 3", "; return", "; shift; echo \"$#:$1\""]);
        format!("{name}() {{ {local}{body}{end}; }}\n{name} {}; echo $?", self.words(2))
    }

    fn pipeline(&mut self) -> String {
        let filter = self.dice.pick(&[
            "cat",
            "sort",
            "tr a-m A-M",
            "sed 's/o/0/g'",
            "wc -l",
            "head -n 1",
            "grep -c .",
            "{ read a; echo \"[$a]\"; }",
            "while read a b; do echo \"$b-$a\"; done",
            "tail -n 1",
            "cut -c 1-3",
            "(cat; echo end)",
        ]);
        format!("{} | {filter}", self.printing())
    }

    fn here_document(&mut self) -> String {
        let mark = self.dice.pick(&["X", "'X'", "\\X", "-X"]);
        format!(
            "cat <<{mark}\n{} {}\n\t$a ${{b:-none}} \\$c $((1+2)) `echo q`\nX\n:",
            self.text(),
            self.word()
        )
    }

    fn condition(&mut self) -> String {
        let (one, two) = (self.word(), self.word());
        match self.dice.roll(10) {
            0 => format!("[ {one} = {two} ]"),
            1 => format!("[ \"$a\" = {two} ]"),
            2 => format!("[ -n {one} ]"),
            3 => format!("test -z {one}"),
            4 => format!("[ -{} {} ]", self.dice.pick(&["f", "d", "e", "s", "r"]), self.file()),
            5 => format!("[ $#{} -gt {} ]", "", self.dice.roll(3)),
            6 => format!("! {}", self.simple()),
            7 => format!(
                "[ {} -{} {} ]",
                self.number(),
                self.dice.pick(&["lt", "ge", "eq", "ne"]),
                self.number()
            ),
            8 => "true".to_owned(),
            _ => self.simple(),
        }
    }

    fn printing(&mut self) -> String {
        match self.dice.roll(3) {
            0 => format!("echo {}", self.words(3)),
            1 => format!("printf '%s\\n' {}", self.words(3)),
            _ => format!("{{ echo {}; echo {}; }}", self.words(2), self.words(2)),
        }
    }

    fn simple(&mut self) -> String {
        let (name, word) = (self.name(), self.word());
        match self.dice.roll(40) {
            0..=9 => format!("echo {}", self.words(3)),
            10..=14 => format!("{name}={word}"),
            15 => format!("{name}={word} {}={}", self.name(), self.word()),
            16 => format!("set -- {}", self.words(3)),
            17 => format!("printf '[%s]\\n' {}", self.words(3)),
            18 => format!("echo {} >{}", self.words(2), self.file()),
            19 => format!("echo {} >>{}", self.word(), self.file()),
            20 => format!("cat {} 2>/dev/null", self.file()),
            21 => format!("unset {name}"),
            22 => format!("export {name}={}", self.safe_word()),
            23 => self.dice.pick(&["true", "false", ":", "(exit 3)", "nosuchcommand", "echo $?"]).to_owned(),
            24 => format!(
                "IFS={}; echo ${name} \"$*\"; unset IFS",
                self.dice.pick(&[":", "' :'", "o", "''", "' '"])
            ),
            25 => format!("shift{}", self.dice.pick(&["", " 1", " 2 2>/dev/null"])),
            26 => format!("read {name} {} <{}", self.name(), self.file()),
            27 => format!("{name}=$({})", self.line_inside()),
            28 => format!("echo \"$({})\"", self.line_inside()),
            29 => format!("{name}={} echo ${name}", self.word()),
            30 if !self.traced => format!("{name}={} env | grep '^{name}='", self.safe_word()),
            31 => format!("trap 'echo trapped $?' EXIT; {name}={word}"),
            32 if !self.traced => "mkdir -p d; (cd d; pwd | sed 's/.*\\///')".to_owned(),
            33 => {
                format!("command {}", self.dice.pick(&["echo a", "-v echo", "-v nosuch", "nosuch", "true"]))
            }
            34 => format!("getopts ab: {name} -a -b val; echo \"${name} $OPTARG $OPTIND\""),
            35 if self.loops > 0 => self.dice.pick(&["break", "continue", "break 2"]).to_owned(),
            36 => format!("exit {}", self.dice.pick(&["", "0", "1", "7"])),
            37 => format!("echo $(({}))", self.arithmetic()),
            38 => format!("echo {} >&2", self.word()),
            _ => format!("echo {}", self.parameter()),
        }
    }

    fn line_inside(&mut self) -> String {
        self.depth += 2;
        let line = self.line();
        self.depth -= 2;
        line
    }

    fn bash(&mut self) -> String {
        let (name, word) = (self.name(), self.safe_word());
        match self.dice.roll(12) {
            0 => format!("arr=({}); echo \"${{#arr[@]}} ${{arr[1]}} ${{arr[@]}}\"", self.words(3)),
            1 => format!("arr+=({}); echo \"${{!arr[@]}}\"", self.words(2)),
            2 => format!("[[ {} == {} ]] && echo match", self.word(), self.pattern()),
            3 => format!("[[ \"${name}\" =~ ^(.)(.*)$ ]] && echo \"${{BASH_REMATCH[2]}}\""),
            4 => format!("(( {} )); echo $?", self.arithmetic()),
            5 if !self.traced => format!("declare -A m=([k1]={word} [k2]=z); echo \"${{m[k1]}} ${{#m[@]}}\""),
            6 => format!("echo {{a,b}}{} {{1..3}}", self.dice.pick(&["x", "", "$a"])),
            7 => format!("{name}={word}; echo \"${{{name}^^}} ${{{name},}} ${{{name}@Q}}\""),
            8 => format!("cat <<< {}", self.word()),
            9 => format!("for ((i=0; i<{}; i++)); do echo $i; done", self.dice.roll(4)),
            10 => format!("printf -v {name} '%s-' {}; echo \"${name}\"", self.words(2)),
            _ => format!("{name}+={word}; echo \"${name}\" ${{{name}/o/0}}"),
        }
    }

    fn arithmetic(&mut self) -> String {
        let (one, two) = (self.number(), self.number());
        match self.dice.roll(9) {
            0 => format!("{one}+{two}*3"),
            1 => format!("({one}-{two})%5"),
            2 => format!("{one}<{two}"),
            3 => format!("{one}=={two}?10:20"),
            4 => "n+=1".to_owned(),
            5 => format!("{one}<<2|{two}&6^1"),
            6 => format!("!{one}||~{two}"),
            7 => format!("{one}/{two}"),
            _ => format!("n={one}-{two}"),
        }
    }

    fn number(&mut self) -> String {
        self.dice.pick(&["0", "1", "2", "7", "010", "0x1f", "-3", "n", "100"]).to_owned()
    }

    fn words(&mut self, most: usize) -> String {
        let count = 1 + self.dice.roll(most);
        let all: Vec<String> = (0..count).map(|_| self.word()).collect();
        all.join(" ")
    }

    fn word(&mut self) -> String {
        match self.dice.roll(16) {
            0..=2 => self.safe_word(),
            3 => quoted(self.text()),
            4 => format!("\"{} $a\"", self.text()),
            5 => format!("${}", self.name()),
            6 => format!("\"${}\"", self.name()),
            7 => self.dice.pick(&["$@", "\"$@\"", "$*", "\"$*\"", "$#", "\"$1\"", "$2"]).to_owned(),
            8 => format!("pre{}post", self.parameter()),
            9 => format!("$(echo {})", self.text()),
            10 => format!("\"`echo {}`\"", self.text()),
            11 => format!("$(({}+1))", self.number()),
            12 => self
                .dice
                .pick(&["*", "f*", "d/*", "[ab]*", "~/x", "\\$a", "'$a'", "\"\\$a\"", "''", "\"\""])
                .to_owned(),
            _ => self.parameter(),
        }
    }

    fn safe_word(&mut self) -> String {
        self.dice.pick(&["foo", "bar", "x", "1", "42", "a.b", "w:x:y", "foo.tar.gz", "z"]).to_owned()
    }

    fn parameter(&mut self) -> String {
        let (name, pattern) = (self.name(), self.pattern());
        let text = self.text();
        let expansion = match self.dice.roll(16) {
            0 => format!("${{{name}:-{text}}}"),
            1 => format!("${{{name}-{text}}}"),
            2 => format!("${{{name}:+{text}}}"),
            3 => format!("${{{name}+\"{text}\"}}"),
            4 => format!("${{{name}:=new}}"),
            5 => format!("${{#{name}}}"),
            6 => format!("${{{name}#{pattern}}}"),
            7 => format!("${{{name}##{pattern}}}"),
            8 => format!("${{{name}%{pattern}}}"),
            9 => format!("${{{name}%%{pattern}}}"),
            10 => format!("${{{name}?}}"),
            11 => format!("${{{name}:-${{{}:-deep}}}}", self.name()),
            12 if self.language != Language::Dash => {
                format!("${{{name}/{}/{text}}}", self.dice.pick(&["o", "a", "f*", "?"]))
            }
            13 if self.language != Language::Dash => {
                format!("${{{name}:{}:{}}}", self.dice.roll(3), self.dice.roll(4))
            }
            14 => format!("${{{}}}", self.dice.pick(&["#", "?", "@", "*", "1", "10"])),
            _ => format!("${{{name}}}"),
        };
        if self.dice.roll(2) == 0 { format!("\"{expansion}\"") } else { expansion }
    }

    fn name(&mut self) -> &'static str {
        self.dice.pick(&NAMES)
    }

    fn text(&mut self) -> &'static str {
        self.dice.pick(&TEXTS)
    }

    fn file(&mut self) -> &'static str {
        self.dice.pick(&FILES)
    }

    fn pattern(&mut self) -> &'static str {
        self.dice.pick(&PATTERNS)
    }
}

/// In single quotes.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

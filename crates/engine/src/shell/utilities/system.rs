//! `env`, `id`, `whoami`, `groups`, `uname`, `hostname`, `nproc`, `seq`, `expr`: the surroundings, and small sums.

use super::options;
use super::support::{group_name, in_memory, user_id, user_name};
use crate::shell::credentials::supplementary;
use crate::shell::regex::{Regex, Syntax};
use crate::shell::{Outcome, Process};

/// Prints the environment, or runs a command in a changed one.
pub(super) fn env(process: &mut Process<'_, '_>) -> Outcome {
    let long =
        [("ignore-environment", 'i'), ("unset", 'u'), ("null", '0'), ("chdir", 'C'), ("split-string", 'S')];
    let options = match options::parse(process, "+iu:0C:S:", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let mut operands = options.operands.clone();
    if let Some(text) = options.value('S') {
        operands.splice(0..0, text.split_whitespace().map(str::to_owned));
    }
    if operands.first().is_some_and(|word| word == "-") || options.has('i') {
        process.environment.clear();
        operands.retain(|word| word != "-");
    }
    for name in options.values('u') {
        process.unset_env(name);
    }
    while let Some((name, value)) = operands.first().and_then(|word| word.split_once('=')) {
        process.set_env(name, value);
        operands.remove(0);
    }
    if let Some(directory) = options.value('C') {
        process.cwd = process.resolve(directory);
    }
    if operands.is_empty() {
        let end = if options.has('0') { '\0' } else { '\n' };
        for (name, value) in process.environment.clone() {
            process.output(&format!("{name}={value}{end}"))?;
        }
        return Ok(0);
    }
    process.spawn_or_tell(&operands)
}

/// `printenv`
pub(super) fn printenv(process: &mut Process<'_, '_>) -> Outcome {
    let names = process.args().to_vec();
    if names.is_empty() {
        return env(process);
    }
    let mut code = 0;
    for name in names {
        match process.env(&name).map(str::to_owned) {
            Some(value) => process.output(&format!("{value}\n"))?,
            None => code = 1,
        }
    }
    Ok(code)
}

/// Who runs this, or who somebody is.
pub(super) fn id(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("user", 'u'), ("group", 'g'), ("groups", 'G'), ("name", 'n'), ("real", 'r')];
    let options = match options::parse(process, "ugGnr", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let (uid, gid, groups) = match options.operands.first() {
        None => {
            let credentials = process.credentials.clone();
            (credentials.uid, credentials.gid, credentials.groups)
        }
        Some(name) => {
            let passwd = process.read_text("/etc/passwd").unwrap_or_default();
            let uid = user_id(process, name);
            let entry = passwd
                .lines()
                .find(|line| line.split(':').nth(2) == uid.map(|uid| uid.to_string()).as_deref());
            let (Some(uid), Some(entry)) = (uid, entry) else {
                let text = if process.is_busybox() {
                    format!("unknown user {name}")
                } else {
                    format!("‘{name}’: no such user")
                };
                process.complain(&text)?;
                return Ok(1);
            };
            let gid = entry.split(':').nth(3).and_then(|gid| gid.parse().ok()).unwrap_or(0);
            let login = entry.split(':').next().unwrap_or("").to_owned();
            let text = process.read_text("/etc/group").unwrap_or_default();
            (uid, gid, supplementary(&text, &login, gid))
        }
    };
    // The kernel keeps the groups of a process sorted, with the primary one among them.
    let mut all = groups;
    if options.operands.is_empty() {
        crate::order::sort(&mut all);
    }
    let own = process.is_busybox() && options.operands.is_empty();
    let at = if own { all.partition_point(|group| *group < gid) } else { 0 };
    all.retain(|group| *group != gid);
    all.insert(at.min(all.len()), gid);
    let named = options.has('n');
    let user = user_name(process, uid);
    let text = if options.has('u') {
        user.filter(|_| named).unwrap_or_else(|| uid.to_string())
    } else if options.has('g') {
        group_name(process, gid).filter(|_| named).unwrap_or_else(|| gid.to_string())
    } else if options.has('G') {
        let names: Vec<String> = all
            .iter()
            .map(|gid| group_name(process, *gid).filter(|_| named).unwrap_or_else(|| gid.to_string()))
            .collect();
        names.join(" ")
    } else {
        let with_name = |id: u32, name: Option<String>| {
            name.map_or_else(|| id.to_string(), |name| format!("{id}({name})"))
        };
        let group = group_name(process, gid);
        let mut text = format!("uid={} gid={}", with_name(uid, user), with_name(gid, group));
        let names: Vec<String> = all.iter().map(|gid| with_name(*gid, group_name(process, *gid))).collect();
        text.push_str(&format!(" groups={}", names.join(",")));
        text
    };
    process.output(&format!("{text}\n"))?;
    Ok(0)
}

/// The name of the user.
pub(super) fn whoami(process: &mut Process<'_, '_>) -> Outcome {
    let uid = process.credentials.uid;
    match user_name(process, uid) {
        Some(name) => {
            process.output(&format!("{name}\n"))?;
            Ok(0)
        }
        None => {
            let text = if process.is_busybox() {
                format!("unknown uid {uid}")
            } else {
                format!("cannot find name for user ID {uid}")
            };
            process.complain(&text)?;
            Ok(1)
        }
    }
}

/// The system: Linux on x86-64.
pub(super) fn uname(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "amnrspvio", &[("all", 'a'), ("machine", 'm')])? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let hostname = process.machine.hostname.clone();
    let parts = [
        ('s', "Linux"),
        ('n', &hostname),
        ('r', "6.1.0"),
        ('v', "#1 SMP"),
        ('m', "x86_64"),
        ('o', "GNU/Linux"),
    ];
    let none = options.all().next().is_none();
    let shown =
        parts.iter().filter(|(letter, _)| options.has('a') || options.has(*letter) || none && *letter == 's');
    let text: Vec<&str> = shown.map(|(_, text)| *text).collect();
    process.output(&format!("{}\n", if text.is_empty() { "unknown".to_owned() } else { text.join(" ") }))?;
    Ok(0)
}

/// `hostname`
pub(super) fn hostname(process: &mut Process<'_, '_>) -> Outcome {
    let name = process.machine.hostname.clone();
    process.output(&format!("{name}\n"))?;
    Ok(0)
}

/// The number of processors: a fixed one.
pub(super) fn nproc(process: &mut Process<'_, '_>) -> Outcome {
    process.output("2\n")?;
    Ok(0)
}

/// `arch`
pub(super) fn arch(process: &mut Process<'_, '_>) -> Outcome {
    process.output("x86_64\n")?;
    Ok(0)
}

/// The terminal at standard input: there is none.
pub(super) fn tty(process: &mut Process<'_, '_>) -> Outcome {
    if !process.args().iter().any(|word| word == "-s") {
        process.output("not a tty\n")?;
    }
    Ok(1)
}

/// Values of the system that scripts ask for.
pub(super) fn getconf(process: &mut Process<'_, '_>) -> Outcome {
    let name = process.args().first().cloned().unwrap_or_default();
    let value = match name.as_str() {
        "LONG_BIT" | "WORD_BIT" => "64",
        "_NPROCESSORS_ONLN" | "_NPROCESSORS_CONF" | "NPROCESSORS_ONLN" => "2",
        "PAGE_SIZE" | "PAGESIZE" => "4096",
        "ARG_MAX" => "2097152",
        "PATH_MAX" => "4096",
        "NAME_MAX" => "255",
        "CLK_TCK" => "100",
        "OPEN_MAX" => "1024",
        "PATH" => "/bin:/usr/bin",
        "GNU_LIBC_VERSION" => "glibc 2.36",
        _ => {
            process.error_output(&format!("getconf: Unrecognized variable `{name}'\n"))?;
            return Ok(2);
        }
    };
    let value = if name == "WORD_BIT" { "32" } else { value };
    process.output(&format!("{value}\n"))?;
    Ok(0)
}

/// Whether something is mounted at a directory.
pub(super) fn mountpoint(process: &mut Process<'_, '_>) -> Outcome {
    let quiet = process.args().iter().any(|word| word == "-q");
    let Some(path) = process.args().iter().find(|word| !word.starts_with('-')).cloned() else {
        process.complain("missing operand")?;
        return Ok(1);
    };
    let place = match process.look(&path, crate::vfs::Follow::Yes) {
        Ok((place, _)) => place,
        Err(error) => {
            process.complain(&format!("{path}: {}", error.kind.message()))?;
            return Ok(1);
        }
    };
    let is_mounted = place == "/" || process.machine.is_mount_point(&place);
    if !quiet {
        process.output(&format!("{path} is {}a mountpoint\n", if is_mounted { "" } else { "not " }))?;
    }
    Ok(if is_mounted {
        0
    } else if process.is_busybox() {
        1
    } else {
        32
    })
}

/// Evaluates an expression of words.
pub(super) fn expr(process: &mut Process<'_, '_>) -> Outcome {
    let words = process.args().to_vec();
    if words.is_empty() {
        if process.is_busybox() {
            process.complain("too few arguments")?;
        } else {
            process.complain("missing operand")?;
            options::usage_error(process)?;
        }
        return Ok(2);
    }
    let mut expression = Expression { words: &words, at: 0, depth: 0 };
    let result = expression
        .or()
        .and_then(|value| if expression.at < words.len() { Err("syntax error") } else { Ok(value) });
    match result {
        Ok(value) => {
            process.output(&format!("{value}\n"))?;
            Ok(i32::from(value.is_empty() || value == "0"))
        }
        Err(message) => {
            let text = match (message, words.last()) {
                _ if process.is_busybox() => message.to_owned(),
                ("syntax error", Some(last)) if expression.at >= words.len() => {
                    format!("syntax error: missing argument after '{last}'")
                }
                ("syntax error", _) => {
                    format!(
                        "syntax error: unexpected argument '{}'",
                        words.get(expression.at).map_or("", |word| word)
                    )
                }
                ("non-numeric argument", _) => "non-integer argument".to_owned(),
                (other, _) => other.to_owned(),
            };
            process.complain(&text)?;
            Ok(2)
        }
    }
}

struct Expression<'a> {
    words: &'a [String],
    at: usize,
    depth: u32,
}

type Value = Result<String, &'static str>;

impl Expression<'_> {
    fn peek(&self) -> &str {
        self.words.get(self.at).map_or("", |word| word)
    }

    fn or(&mut self) -> Value {
        self.depth += 1;
        if self.depth > 100 {
            return Err("syntax error");
        }
        let mut left = self.and()?;
        while self.peek() == "|" {
            self.at += 1;
            let right = self.and()?;
            if is_null(&left) {
                left = right;
            }
        }
        self.depth -= 1;
        Ok(left)
    }

    fn and(&mut self) -> Value {
        let mut left = self.comparison()?;
        while self.peek() == "&" {
            self.at += 1;
            let right = self.comparison()?;
            if is_null(&left) || is_null(&right) {
                left = "0".into();
            }
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Value {
        let mut left = self.sum()?;
        while matches!(self.peek(), "<" | "<=" | "=" | "==" | "!=" | ">=" | ">") {
            let operator = self.peek().to_owned();
            self.at += 1;
            let right = self.sum()?;
            let order = match (left.parse::<i64>(), right.parse::<i64>()) {
                (Ok(left), Ok(right)) => left.cmp(&right),
                _ => left.cmp(&right),
            };
            let holds = match operator.as_str() {
                "<" => order.is_lt(),
                "<=" => order.is_le(),
                "=" | "==" => order.is_eq(),
                "!=" => order.is_ne(),
                ">=" => order.is_ge(),
                _ => order.is_gt(),
            };
            left = i32::from(holds).to_string();
        }
        Ok(left)
    }

    fn sum(&mut self) -> Value {
        let mut left = self.product()?;
        while matches!(self.peek(), "+" | "-") {
            let add = self.peek() == "+";
            self.at += 1;
            let right = integer(&self.product()?)?;
            let value = integer(&left)?;
            left = if add { value.wrapping_add(right) } else { value.wrapping_sub(right) }.to_string();
        }
        Ok(left)
    }

    fn product(&mut self) -> Value {
        let mut left = self.colon()?;
        while matches!(self.peek(), "*" | "/" | "%") {
            let operator = self.peek().to_owned();
            self.at += 1;
            let right = integer(&self.colon()?)?;
            let value = integer(&left)?;
            if right == 0 && operator != "*" {
                return Err("division by zero");
            }
            left = match operator.as_str() {
                "*" => value.wrapping_mul(right),
                "/" => value.wrapping_div(right),
                _ => value.wrapping_rem(right),
            }
            .to_string();
        }
        Ok(left)
    }

    fn colon(&mut self) -> Value {
        let mut left = self.primary()?;
        while self.peek() == ":" {
            self.at += 1;
            let pattern = self.primary()?;
            left = matched(&left, &pattern)?;
        }
        Ok(left)
    }

    fn primary(&mut self) -> Value {
        let word = self.words.get(self.at).ok_or("syntax error")?.clone();
        self.at += 1;
        Ok(match word.as_str() {
            "(" => {
                let value = self.or()?;
                if self.peek() != ")" {
                    return Err("syntax error");
                }
                self.at += 1;
                value
            }
            "length" => self.primary()?.chars().count().to_string(),
            "match" => {
                let text = self.primary()?;
                matched(&text, &self.primary()?)?
            }
            "substr" => {
                let text = self.primary()?;
                let from = integer(&self.primary()?)?;
                let count = integer(&self.primary()?)?;
                if from < 1 || count < 1 {
                    String::new()
                } else {
                    text.chars().skip(in_memory(from as u64 - 1)).take(in_memory(count as u64)).collect()
                }
            }
            "index" => {
                let text = self.primary()?;
                let set = self.primary()?;
                text.chars().position(|c| set.contains(c)).map_or(0, |at| at + 1).to_string()
            }
            _ => word,
        })
    }
}

fn matched(text: &str, pattern: &str) -> Value {
    let regex = Regex::new(&format!("^{}", pattern.trim_start_matches('^')), Syntax::Basic, false)?;
    let found = regex.find(text, 0);
    Ok(match (found, regex.groups() > 0) {
        (Some(found), true) => found.text(text, 1).unwrap_or("").to_owned(),
        (Some(found), false) => text[..found.end()].chars().count().to_string(),
        (None, true) => String::new(),
        (None, false) => "0".to_owned(),
    })
}

fn is_null(value: &str) -> bool {
    value.is_empty() || value == "0"
}

fn integer(text: &str) -> Result<i64, &'static str> {
    text.parse().map_err(|_| "non-numeric argument")
}

#[cfg(test)]
mod tests {
    use crate::shell::Credentials;
    use crate::shell::testing::{root, run_in, sh};

    #[test]
    fn surroundings() {
        assert_eq!(
            sh("env -i A=1 B=2 env; env nosuch"),
            "A=1\nB=2\n! env: can't execute 'nosuch': No such file or directory\n= 127\n"
        );
        assert_eq!(
            sh("id; id -un; id -u app; id -Gn app; whoami; uname -sm"),
            "uid=0(root) gid=0(root) groups=0(root)\nroot\n1000\napp staff\nroot\nLinux x86_64\n"
        );
        let somebody = Credentials { uid: 4242, gid: 4343, groups: vec![] };
        let (outcome, _) = run_in(root("busybox"), &["/bin/sh", "-c", "id"], somebody);
        assert_eq!(outcome.stdout, b"uid=4242 gid=4343 groups=4343\n");
    }

    #[test]
    fn sums() {
        assert_eq!(
            sh("seq 3; seq 2 2 6; seq -s, 3 -1 1; seq -w 8 10; seq 1 .5 2"),
            "1\n2\n3\n2\n4\n6\n3,2,1\n08\n09\n10\n1.0\n1.5\n2.0\n"
        );
        assert_eq!(
            sh("expr 3 + 4 \\* 2; expr abc : 'a\\(.\\)'; expr length hello; expr 2 \\> 10; expr 1 / 0"),
            "11\nb\n5\n0\n! expr: division by zero\n= 2\n"
        );
    }
}
